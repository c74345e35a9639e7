// SPDX-License-Identifier: Apache-2.0
/// What lies in a workspace, is seen by every command, and is in no diff and no commit. Pure.
#pragma once

#include "core/domain/git.h"
#include "core/domain/verdict.h"

#include <vector>

namespace openfactory {

/// One finding for each other repository and each name that git takes for its own, as errors of the boundary.
std::vector<Finding> outsideChange(const WorkspaceState &state);

} // namespace openfactory
