// SPDX-License-Identifier: Apache-2.0
/// How known coding agents are run without a terminal (resources/agents/*.yaml). Read as strictly as the settings.
#pragma once

#include "core/authors/agent/agentsettings.h"

namespace openfactory {

struct AgentPreset {
    AgentSettings settings;
    QString modelOption; ///< before the model's name, where one is set; empty: the agent takes none
    QString keyVariable; ///< that it reads its key from
};

/// NotFound names those that there are.
Result<AgentPreset> agentPreset(const QString &name);
QStringList agentPresetNames();

} // namespace openfactory
