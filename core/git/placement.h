// SPDX-License-Identifier: Apache-2.0
/// Where things of a job lie in the user's repository: the two folders and their excludes, the branch, the link.
#pragma once

#include "core/git/worktree.h"

namespace openfactory::git {

/// .factory and .factory-workspaces, as real folders, and both in info/exclude.
Result<void> prepareFolders(const Repository &repository);
/// The job's branch at `base`. Conflict where it holds somebody else's commits or is checked out elsewhere.
Result<void> placeBranch(const Repository &repository, const WorkspaceRef &workspace, const git_oid &base);
/// .factory/<slug> -> the workspace, replaced atomically.
Result<void> placeLink(const Repository &repository, const WorkspaceRef &workspace);

/// Whether the workspace's folder is there.
bool hasFolder(const Repository &repository, const WorkspaceRef &workspace);
/// Whether there is anything in a folder of the workspace.
bool hasContent(int workspace, const RepoPath &path);
/// Link, folder and record; the folder is set aside first, so that an interrupted removal is never taken for lost work.
Result<void> removeFolders(const Repository &repository, const WorkspaceRef &workspace);

/// Invalid where folders are nested too deep to be committed.
Result<void> checkDepth(const Scan &scan);

} // namespace openfactory::git
