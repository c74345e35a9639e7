// SPDX-License-Identifier: Apache-2.0
/// Functions that a change makes too long. One that was too long before and did not grow does not count.
#pragma once

#include "core/domain/toolchains.h"

namespace openfactory {

/// Of one file: its functions with the change against those without it (none for a new file). Pure.
std::vector<Finding> longFunctions(const RepoPath &file, const std::vector<SourceFunction> &now,
                                   const std::vector<SourceFunction> &before, int mostLines);

} // namespace openfactory
