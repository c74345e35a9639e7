// SPDX-License-Identifier: Apache-2.0
/// The lock files that libgit2 takes in a repository, and what becomes of those whose process was killed. git leaves
/// them for a person to remove; ours are known, because who takes one leaves word of it first in <common>/openfactory.
#pragma once

#include <QString>

#include <functional>

namespace openfactory::git {

/// Runs `act`, which takes libgit2's lock file `lock`; again for up to a second where another holds it.
int withLock(const QString &common, const QString &lock, const std::function<int()> &act);

/// Removes the locks that killed processes of ours left. Costs one look into a folder that is empty as a rule.
void removeStaleLocks(const QString &common);

} // namespace openfactory::git
