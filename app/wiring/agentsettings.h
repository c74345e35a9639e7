// SPDX-License-Identifier: Apache-2.0
/// The part of openfactory.yaml that says which coding agents may be run (docs/agents.md).
#pragma once

#include "core/authors/agent/agentsettings.h"
#include "core/base/strictyaml.h"
#include "core/domain/authorcall.h"

namespace openfactory {

/// Reads `agents` and `agent` of the settings; errors name line and column. `budget` is what was read before.
Result<AgentsSettings> readAgentSettings(yaml::Map &settings, const JobBudget &budget);

} // namespace openfactory
