// SPDX-License-Identifier: Apache-2.0
/// Makes a workspace's folder hold exactly the files of a tree; what is right already is not touched.
#pragma once

#include "core/git/repository.h"
#include "core/git/scan.h"

#include <functional>
#include <optional>

namespace openfactory::git {

/// The files of each of some commits, sorted by path.
using KeptFiles = std::vector<std::vector<TreeFile>>;

/// `present` is what scanFolder() found in `folder`. Removes what is not in `wanted` (but what the scan left out:
/// ignored files and other repositories), then writes what is missing or differs. What is in the way of that and is not
/// as the scan found it is given to `putAside`, to be moved; without one it goes. With `kept`, so is what none of these
/// holds. Empty folders stay, folders that became empty go. Returns the entries of the new state. A call that was
/// interrupted is finished by the next one.
Result<std::vector<IndexEntry>> materialise(const Repository &repository, int folder, const Scan &present,
                                            const std::vector<TreeFile> &wanted, const std::stop_token &stop,
                                            const std::function<Result<void>(const RepoPath &)> &putAside = {},
                                            const std::optional<KeptFiles> &kept = {});

} // namespace openfactory::git
