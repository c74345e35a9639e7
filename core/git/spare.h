// SPDX-License-Identifier: Apache-2.0
/// Spare workspaces: the files of a repository written out ahead of the job that will want them, so that a large
/// workspace is ready by a rename. A repository has one at the most, and a small one none: its files are written as
/// fast.
///
/// A spare is a folder .factory-workspaces/.spare-<ulid>, which no job's sandbox shows, and a record
/// <common>/openfactory/spares/<ulid> that becomes the worktree's: its index, the boot it was written under, and a mark
/// that names folder and tree. Whoever renames the record has the spare. Killed anywhere, the worst that is left is a
/// folder that the next makeSpare() sweeps.
#pragma once

#include "core/git/worktree.h"

namespace openfactory::git {

/// Makes the spare where there is none and nobody else is at it; that of an older commit is as good, what differs is
/// written when it is taken.
Result<void> makeSpare(const Repository &repository, const git_oid &tree, const std::stop_token &stop);
/// Makes a spare's record that of the workspace, if there is one and the workspace has none yet.
void claimSpare(const Repository &repository, const WorkspaceRef &workspace);
/// Moves the files of a claimed spare into the workspace's place, below the open folder of all workspaces. The tree
/// that they are, where that is sure; nothing where no spare was claimed or its files have to be looked at.
std::optional<git_oid> placeSpare(const QString &record, int workspaces, const QByteArray &name);

} // namespace openfactory::git
