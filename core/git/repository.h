// SPDX-License-Identifier: Apache-2.0
/// One repository as this room opens it: its objects and refs through a handle that has no working folder, no index and
/// so no .gitattributes; and, apart from that, the folder itself where a branch may be checked out.
#pragma once

#include "core/git/handle.h"

namespace openfactory {
struct GitIdentity;
}

namespace openfactory::git {

struct TreeFile {
    RepoPath path;
    uint32_t mode = 0;
    git_oid oid{};
};

/// Belongs to one call and its thread.
class Repository {
public:
    /// The repository whose working folder (or bare git folder) is exactly `folder`.
    static Result<Repository> open(const QString &folder);
    /// The one that holds `path`, looking upwards; from inside a workspace, the one the workspace belongs to.
    static Result<Repository> discover(const QString &path);

    /// Without a working folder, attributes or index.
    git_repository *objects() const { return m_objects.get(); }
    /// With the working folder and the user's index; only for what concerns the user's own checkout.
    git_repository *checkout() const { return m_checkout.get(); }
    const QString &root() const { return m_root; }
    const QString &common() const { return m_common; }
    bool isBare() const { return m_bare; }

    /// Another handle on the same objects, for another thread.
    Result<OdbHandle> openObjects() const;

    Result<CommitHandle> commit(const git_oid &id, const QString &doing) const;
    Result<CommitHandle> commit(const CommitId &id, const QString &doing) const;
    /// The commit a direct ref points to; nothing where there is no such ref.
    Result<std::optional<git_oid>> tip(const QString &ref) const;
    /// Creates or moves a ref; with `expected`, only from there, and only while it is absent where `expected` is zero.
    Result<void> moveRef(const QString &ref, const git_oid &to, const std::optional<git_oid> &expected,
                         const QString &why) const;
    Result<void> deleteRef(const QString &ref) const;
    Result<git_oid> makeCommit(const GitIdentity &identity, const QString &message, const git_oid &tree,
                               const std::vector<git_oid> &parents) const;
    /// Whether `ancestor` is `commit` or one that leads to it.
    bool contains(const git_oid &commit, const git_oid &ancestor) const;
    /// The newest commit that has the trailer, among `most` commits from `from` back.
    /// The value of a trailer of a commit's message; empty where it has none of that name.
    Result<QString> trailer(const CommitId &id, const QString &name) const;
    Result<std::optional<git_oid>> findTrailer(const git_oid &from, const QString &step, int most) const;

    /// All files of a tree, sorted by path.
    Result<std::vector<TreeFile>> files(const git_oid &tree) const;

private:
    RepositoryHandle m_objects;
    RepositoryHandle m_checkout;
    QString m_root;
    QString m_common;
    bool m_bare = false;
};

/// The message of a commit, with its trailers.
QString messageOf(const struct openfactory::CommitNote &note, const QString &coAuthor);

} // namespace openfactory::git
