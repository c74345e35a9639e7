// SPDX-License-Identifier: Apache-2.0
/// Reads lists of stages; shared by the loaders of pipelines and contracts.
#pragma once

#include "core/domain/pipeline.h"

namespace openfactory {

/// Entries are {name, kind, failure, reverts, attempts, command, network, timeout_seconds}, or a name alone. What an
/// entry leaves out it has from `defaults`, asked with its kind. Names are unique.
Result<std::vector<StageDefinition>> readStages(const yaml::Node &list, StageDefinition (*defaults)(StageKind));
/// The same, but every entry's fault is kept: the stages that are sound.
std::vector<StageDefinition> readStages(const yaml::Node &list, StageDefinition (*defaults)(StageKind),
                                        yaml::Faults &faults);

} // namespace openfactory
