// SPDX-License-Identifier: Apache-2.0
/// The port to git: a job's worktree, its snapshots and commits, its diff and its merge. Stateless; each call opens
/// its own handles, so that any thread may call. No hook, filter, external diff or configured program ever runs.
#pragma once

#include "core/base/error.h"
#include "core/domain/git.h"

#include <functional>
#include <stop_token>

namespace openfactory {

/// Where a job's worktree is and what it belongs to.
struct WorkspaceRef {
    QString repository; ///< main repository's working folder
    QString path;       ///< the worktree
    QString branch;     ///< factory/<slug>
    QString name;       ///< <slug>-<id>: the folder's name
    QString slug;
};

/// A commit of a branch.
struct BranchCommit {
    CommitId id;
    std::vector<CommitId> parents; ///< none: history begins with it
    QByteArray text;               ///< who made and committed it, and its message
};

/// Commits that keep what may go from a workspace; nothing: all that is not wanted may go.
using KeptIn = std::optional<std::vector<CommitId>>;

class Workspaces {
public:
    virtual ~Workspaces() = default;

    /// Facts about the repository that holds `path`; NotFound where there is none.
    virtual Result<RepositoryFacts> inspect(const QString &path) = 0;
    virtual Result<CommitId> resolve(const QString &repository, const QString &revision) = 0;

    /// Makes branch and worktree at `base`, the link .factory/<slug>, and the two local excludes. Adopts what an
    /// earlier, interrupted call of the same name left.
    virtual Result<void> create(const WorkspaceRef &workspace, const CommitId &base, const std::stop_token &stop) = 0;
    /// Writes out the files of a revision ahead of a create() that will want them, where that saves a noticeable time.
    /// Costs the repository's files once more on the disk, until they are taken.
    virtual Result<void> prepare(const QString &repository, const QString &revision, const std::stop_token &stop) = 0;
    /// Denied where the workspace has uncommitted work, or commits that are in neither the target nor a snapshot ref.
    virtual Result<void> remove(const WorkspaceRef &workspace, const QString &target) = 0;

    virtual Result<WorkspaceState> state(const WorkspaceRef &workspace) = 0;
    /// Files that commands see and no diff holds because they are ignored; sorted, bounded, without what lies in the
    /// folders that tools make (caches, environments, builds).
    virtual Result<std::vector<RepoPath>> ignoredFiles(const WorkspaceRef &workspace) = 0;
    /// Keeps the workspace's present content as a commit under `ref`, without touching branch, index or files.
    virtual Result<SnapshotRef> snapshot(const WorkspaceRef &workspace, const QString &ref, const QString &message) = 0;
    virtual Result<std::vector<SnapshotRef>> snapshots(const WorkspaceRef &workspace, const QString &refPrefix) = 0;
    /// Commits all that is there (tracked and untracked, not ignored) on the branch. Returns the head unchanged when
    /// there is nothing to commit.
    virtual Result<CommitId> commit(const WorkspaceRef &workspace, const CommitNote &note) = 0;
    /// The same for the content of a snapshot, whatever lies there by now; no file is touched.
    virtual Result<CommitId> commitSnapshot(const WorkspaceRef &workspace, const CommitId &snapshot,
                                            const CommitNote &note) = 0;
    /// The commit on the branch whose OpenFactory-Step trailer is `step`.
    virtual Result<std::optional<CommitId>> findStep(const WorkspaceRef &workspace, const QString &step) = 0;
    /// Branch, index and files as in `commit`, exactly: what is not in it and not ignored is removed, ignored files
    /// stay. With `kept`: somebody may write there meanwhile, and what is to go is kept in one of these commits; what
    /// lies there and is in none of them as it is by then goes beside the workspace (unseenAside()), never away.
    virtual Result<void> restore(const WorkspaceRef &workspace, const CommitId &commit, const KeptIn &kept) = 0;
    Result<void> restore(const WorkspaceRef &workspace, const CommitId &commit)
    {
        return restore(workspace, commit, std::nullopt);
    }
    /// The files of a commit written into an empty folder that is no worktree. Submodules are left out.
    virtual Result<void> writeOut(const QString &repository, const CommitId &commit, const QString &folder,
                                  const std::stop_token &stop) = 0;
    /// Branch and index as in `commit`, the files of a snapshot as uncommitted changes on it. What is ignored stays, by
    /// the rules that hold before: done as two steps, it would be removed where the first takes the rules back.
    virtual Result<void> apply(const WorkspaceRef &workspace, const CommitId &commit, const CommitId &snapshot,
                               const KeptIn &kept) = 0;
    Result<void> apply(const WorkspaceRef &workspace, const CommitId &commit, const CommitId &snapshot)
    {
        return apply(workspace, commit, snapshot, std::nullopt);
    }

    /// The same for those paths only that `wanted` takes: they become as in the snapshot (also absent), all others stay
    /// as they are. Returns how many changed. What stays wins where a file of the one is a folder of the other.
    virtual Result<int> applyOnly(const WorkspaceRef &workspace, const CommitId &snapshot,
                                  const std::function<bool(const RepoPath &)> &wanted, const KeptIn &kept) = 0;
    Result<int> applyOnly(const WorkspaceRef &workspace, const CommitId &snapshot,
                          const std::function<bool(const RepoPath &)> &wanted)
    {
        return applyOnly(workspace, snapshot, wanted, std::nullopt);
    }

    /// From commit to commit of the repository, with hunks unless `summaryOnly`.
    virtual Result<ChangeSet> diff(const QString &repository, const CommitId &from, const CommitId &to,
                                   bool summaryOnly) = 0;
    /// Which files differ, without reading them; sorted by path. For lists that read more of a file when it is seen.
    virtual Result<std::vector<ListedChange>> changedFiles(const QString &repository, const CommitId &from,
                                                           const CommitId &to) = 0;
    /// One of them with its hunks, as diff() gives it.
    virtual Result<FileChange> fileChange(const QString &repository, const CommitId &from, const CommitId &to,
                                          const FileChange &listed) = 0;
    /// From a commit to the workspace's present content.
    virtual Result<ChangeSet> diffToWorkspace(const WorkspaceRef &workspace, const CommitId &from) = 0;
    /// The same as text of a patch.
    virtual Result<QByteArray> patch(const QString &repository, const CommitId &from, const CommitId &to) = 0;
    /// The commits that `to` has and `from` has not, newest first, merges and beginnings among them; `most` at the
    /// most.
    virtual Result<std::vector<BranchCommit>> commits(const QString &repository, const CommitId &from,
                                                      const CommitId &to, int most) = 0;
    /// Every file of a commit, sorted by path; links and submodules are among them.
    virtual Result<std::vector<RepoPath>> files(const QString &repository, const CommitId &commit) = 0;
    /// A file of a commit; NotFound where it is not there.
    virtual Result<QByteArray> blob(const QString &repository, const CommitId &commit, const RepoPath &path) = 0;

    virtual Result<MergePreview> previewMerge(const QString &repository, const CommitId &ours,
                                              const QString &targetBranch) = 0;
    /// The common ancestor of two commits.
    virtual Result<CommitId> mergeBase(const QString &repository, const CommitId &a, const CommitId &b) = 0;
    /// Merges `head` into the target branch as a merge commit and moves the branch from `expected` to it by
    /// compare-and-set. Where the branch is checked out in the main folder, its files follow; Denied when they hold
    /// uncommitted work that is in the way. Conflict when the target moved. Finds an earlier merge by `note.step`.
    virtual Result<CommitId> integrate(const WorkspaceRef &workspace, const CommitId &head, const QString &targetBranch,
                                       const CommitId &expected, const CommitNote &note) = 0;
    /// The merge commit of that step on the target branch, where there is one.
    virtual Result<std::optional<CommitId>> findIntegration(const QString &repository, const QString &targetBranch,
                                                            const QString &step) = 0;
    /// The value of a trailer of a commit's message; empty where it has none of that name.
    virtual Result<QString> trailer(const QString &repository, const CommitId &commit, const QString &name) = 0;
};

} // namespace openfactory
