// SPDX-License-Identifier: Apache-2.0
/// Tests that a change deletes, renames away, switches off or leaves with fewer assertions. Pure, and blind to what the
/// tests do: it counts names and assertions.
#pragma once

#include "core/domain/verdict.h"

namespace openfactory {

std::vector<Finding> weakenedTests(const ChangeSet &change);

} // namespace openfactory
