// SPDX-License-Identifier: Apache-2.0
/// A job's worktree, as the repository knows it: its record in <common>/worktrees/<name>, out of the job's reach, says
/// where it is and which branch it is on. The `.git` file in the workspace is written, never read.
#pragma once

#include "core/domain/workspaces.h"
#include "core/git/folder.h"
#include "core/git/materialise.h"
#include "core/git/repository.h"
#include "core/git/scan.h"

namespace openfactory::git {

/// Belongs to one call and its thread. The repository outlives it.
class Worktree {
public:
    /// Invalid where the parts of the ref do not belong together.
    static Result<void> check(const WorkspaceRef &workspace);
    /// The finished worktree, with its record and `.git` file put right. NotFound where there is none.
    static Result<Worktree> open(const Repository &repository, const WorkspaceRef &workspace);
    /// The same, made where it is missing; files are not written. Finished by saveIndex().
    static Result<Worktree> make(const Repository &repository, const WorkspaceRef &workspace);
    /// Whether saveIndex() was ever reached.
    static bool isFinished(const Repository &repository, const WorkspaceRef &workspace);
    /// <common>/worktrees/<name>
    static QString recordOf(const Repository &repository, const WorkspaceRef &workspace);
    /// The worktree's record, or main folder, that has the branch checked out; empty for none.
    static QString holderOf(const Repository &repository, const QString &branch);

    /// How the names of folders beside the workspace begin that belong to it.
    static QByteArray asidePrefix(const WorkspaceRef &workspace);

    QString branchRef() const { return QStringLiteral("refs/heads/") + m_workspace.branch; }
    /// The commit that is checked out; also where a person left the branch.
    Result<git_oid> head() const;
    /// Conflict where a person switched the worktree to something else than the job's branch.
    Result<void> checkOnBranch() const;
    /// Puts it back on the branch.
    Result<void> attach() const;

    /// What the folder holds now. Blobs of up to `writeMost` bytes, and trees, go to `odb`, or nowhere.
    Result<Scan> scan(git_odb *odb, const std::stop_token &stop = {}, bool listIgnored = false,
                      qint64 writeMost = std::numeric_limits<qint64>::max()) const;
    /// Moves it into unseenAside(): what is ignored and in the way of a file, or was written in that moment.
    Result<void> putUnseenAside(const RepoPath &path) const;
    /// Makes the folder hold the tree's files; returns what belongs into the index then. With `around`, what `present`
    /// left out and is in the way goes aside, as does what `kept` does not hold; else it is overwritten, as what an
    /// interrupted call wrote has to be.
    Result<std::vector<IndexEntry>> fill(const git_oid &tree, const Scan &present, const std::stop_token &stop = {},
                                         bool around = false, const std::optional<KeptFiles> &kept = {}) const;
    /// Writes the engine's index, and with it git's.
    Result<void> saveIndex(const std::vector<IndexEntry> &entries) const;
    /// Writes only the engine's, into a record.
    static Result<void> saveOwnIndex(const QString &record, const std::vector<IndexEntry> &entries);
    /// Makes git's index of the engine's, which finishes the worktree.
    Result<void> shareIndex() const;
    /// Whether a record's index was written since the machine was started.
    static bool isOfThisBoot(const QString &record);
    /// The tree of the spare workspace that make() put in place, where its files are surely that.
    const std::optional<git_oid> &spareTree() const { return m_spareTree; }
    int folder() const { return m_folder.get(); }

private:
    Worktree(const Repository &repository, const WorkspaceRef &workspace)
        : m_repository(repository),
          m_workspace(workspace)
    {}
    Result<void> putRight(bool fresh);
    Result<void> writeAnew() const;

    const Repository &m_repository;
    WorkspaceRef m_workspace;
    QString m_record;
    Descriptor m_folder;
    std::optional<git_oid> m_spareTree;
    bool m_wasLost = false; ///< there was no folder
};

} // namespace openfactory::git
