// SPDX-License-Identifier: Apache-2.0
/// The port to git over libgit2. What it holds to, whatever the repository or the job planted:
///   - no program named in any configuration runs: libgit2 starts none, and its filters, attributes and drivers are
///   kept
///     out of every object made here. Files are taken and written byte by byte: no end-of-line change, no ident, no
///     filter;
///   - the worktree is found through the repository's own folder, never through the `.git` file in the workspace, which
///   is
///     put right when it is missing or changed;
///   - nothing is written through a symlink, and what is no file, link or folder (FIFO, socket, device) is never
///   opened.
/// What is not committed: ignored files (.gitignore, info/exclude), special files, and other repositories inside the
/// workspace that are no registered submodules; the last are left alone by restore() too. A submodule keeps the commit
/// that the index names; its checkout is left alone.
#pragma once

#include "core/domain/workspaces.h"

namespace openfactory {

/// Who the engine's commits are by.
struct GitIdentity {
    QString name;
    QString email;
    QString coAuthor; ///< "Name <email>"; empty for none
};

/// Stateless: each call opens its own handles; any thread.
class GitWorkspaces : public Workspaces {
public:
    explicit GitWorkspaces(GitIdentity identity);

    Result<RepositoryFacts> inspect(const QString &path) override;
    Result<CommitId> resolve(const QString &repository, const QString &revision) override;

    Result<void> create(const WorkspaceRef &workspace, const CommitId &base, const std::stop_token &stop) override;
    Result<void> prepare(const QString &repository, const QString &revision, const std::stop_token &stop) override;
    Result<void> remove(const WorkspaceRef &workspace, const QString &target) override;

    Result<std::vector<RepoPath>> ignoredFiles(const WorkspaceRef &workspace) override;
    Result<WorkspaceState> state(const WorkspaceRef &workspace) override;
    Result<SnapshotRef> snapshot(const WorkspaceRef &workspace, const QString &ref, const QString &message) override;
    Result<std::vector<SnapshotRef>> snapshots(const WorkspaceRef &workspace, const QString &refPrefix) override;
    Result<CommitId> commit(const WorkspaceRef &workspace, const CommitNote &note) override;
    Result<CommitId> commitSnapshot(const WorkspaceRef &workspace, const CommitId &snapshot,
                                    const CommitNote &note) override;
    Result<std::optional<CommitId>> findStep(const WorkspaceRef &workspace, const QString &step) override;
    using Workspaces::apply;
    using Workspaces::applyOnly;
    using Workspaces::restore;
    Result<void> restore(const WorkspaceRef &workspace, const CommitId &commit, const KeptIn &kept) override;
    Result<void> writeOut(const QString &repository, const CommitId &commit, const QString &folder,
                          const std::stop_token &stop) override;
    Result<void> apply(const WorkspaceRef &workspace, const CommitId &commit, const CommitId &snapshot,
                       const KeptIn &kept) override;
    Result<int> applyOnly(const WorkspaceRef &workspace, const CommitId &snapshot,
                          const std::function<bool(const RepoPath &)> &wanted, const KeptIn &kept) override;

    Result<ChangeSet> diff(const QString &repository, const CommitId &from, const CommitId &to,
                           bool summaryOnly) override;
    Result<std::vector<ListedChange>> changedFiles(const QString &repository, const CommitId &from,
                                                   const CommitId &to) override;
    Result<FileChange> fileChange(const QString &repository, const CommitId &from, const CommitId &to,
                                  const FileChange &listed) override;
    Result<ChangeSet> diffToWorkspace(const WorkspaceRef &workspace, const CommitId &from) override;
    Result<QByteArray> patch(const QString &repository, const CommitId &from, const CommitId &to) override;
    Result<std::vector<BranchCommit>> commits(const QString &repository, const CommitId &from, const CommitId &to,
                                              int most) override;
    Result<std::vector<RepoPath>> files(const QString &repository, const CommitId &commit) override;
    Result<QByteArray> blob(const QString &repository, const CommitId &commit, const RepoPath &path) override;

    Result<MergePreview> previewMerge(const QString &repository, const CommitId &ours,
                                      const QString &targetBranch) override;
    Result<CommitId> mergeBase(const QString &repository, const CommitId &a, const CommitId &b) override;
    Result<CommitId> integrate(const WorkspaceRef &workspace, const CommitId &head, const QString &targetBranch,
                               const CommitId &expected, const CommitNote &note) override;
    Result<std::optional<CommitId>> findIntegration(const QString &repository, const QString &targetBranch,
                                                    const QString &step) override;
    Result<QString> trailer(const QString &repository, const CommitId &commit, const QString &name) override;

private:
    GitIdentity m_identity;
};

} // namespace openfactory
