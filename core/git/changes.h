// SPDX-License-Identifier: Apache-2.0
/// What differs between two trees, taken from the objects alone: no attribute, driver, filter or configuration has a
/// say, so nothing can hide in a diff or come into one.
#pragma once

#include "core/git/repository.h"

namespace openfactory::git {

/// A file's change with what only a patch's header needs.
struct FileDelta {
    FileChange change;
    git_oid oldId{};
    git_oid newId{};
    int similarity = 0; ///< percent, of renames
};

/// Which files differ, without reading them, but for those that may have been renamed. Sorted by path.
Result<std::vector<FileDelta>> listChanges(git_repository *objects, const git_oid &from, const git_oid &to);
/// Reads both sides of a listed file: whether it is binary, its hunks and its counts.
Result<void> readChange(git_odb *odb, FileDelta &delta);
/// Both for every file. A file is binary when it holds a zero byte or is larger than 5 MiB.
Result<std::vector<FileDelta>> compareTrees(git_repository *objects, const git_oid &from, const git_oid &to);
/// With the hash as documented at ChangeSet. Without hunks where only the summary is asked for.
ChangeSet toChangeSet(std::vector<FileDelta> deltas, bool summaryOnly);
/// As `git diff` prints it; `git apply` takes it, but for binary files, of which it only says that they differ.
QByteArray toPatch(const std::vector<FileDelta> &deltas);

} // namespace openfactory::git
