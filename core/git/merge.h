// SPDX-License-Identifier: Apache-2.0
/// A three-way merge in memory, by content: merge drivers and the attributes of the files have no say.
#pragma once

#include "core/git/repository.h"

namespace openfactory::git {

/// Of `theirs` into `ours`; the tree is written where there is no conflict. The names are what the markers say.
Result<MergePreview> mergeInMemory(const Repository &repository, const git_oid &ours, const git_oid &theirs,
                                   const QString &oursName, const QString &theirsName);

} // namespace openfactory::git
