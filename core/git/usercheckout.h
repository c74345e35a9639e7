// SPDX-License-Identifier: Apache-2.0
/// The user's own checkout of a branch, when a merge moves that branch: its files follow, and nothing of the user's is
/// overwritten. Its end-of-line settings are the user's, so this is the one place where libgit2's own conversions
/// apply; programs (filters) still never run.
#pragma once

#include "core/git/repository.h"

namespace openfactory::git {

/// Denied, with the files, where bringing the checkout from one tree to the other would touch uncommitted work.
Result<void> checkCanFollow(const Repository &repository, const git_oid &from, const git_oid &to);
/// Interrupted: an earlier call of the same step was, so there may be files half written, or removed and not yet made.
enum class Following { Fresh, Interrupted };
/// Brings index and files from one tree to the other. What a person changed meanwhile is left as it is.
Result<void> follow(const Repository &repository, const git_oid &from, const git_oid &to, Following following);

} // namespace openfactory::git
