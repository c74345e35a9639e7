// SPDX-License-Identifier: Apache-2.0
/// What jobs and contracts come to, on the terminal and in JSON.
#pragma once

#include "app/factory/session.h"

namespace openfactory::cli {

/// Name, failure class and command of each stage, a line for each command.
std::vector<QStringList> stageRows(const std::vector<ContractStage> &stages);
QJsonArray stagesJson(const std::vector<ContractStage> &stages);
/// Tells what a job would come to, or why there can be none; the exit code.
int tellPlan(Session &session, const JobPlan &plan);

} // namespace openfactory::cli
