// SPDX-License-Identifier: Apache-2.0
/// The part of openfactory.yaml that says which models there are and what a job may use up (docs/models.md).
#pragma once

#include "core/authors/model/modelsettings.h"
#include "core/base/strictyaml.h"
#include "core/domain/authorcall.h"

namespace openfactory {

/// Reads `models`, `model`, `gate_failing_model` and `job_budget` of the settings; errors name line and column.
Result<ModelsSettings> readModelSettings(yaml::Map &settings, JobBudget &budget);

} // namespace openfactory
