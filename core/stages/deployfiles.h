// SPDX-License-Identifier: Apache-2.0
/// What the deploy stage writes: only measured facts, and "unknown" where nothing was measured.
#pragma once

#include "core/domain/stage.h"

namespace openfactory {

struct DeployFacts {
    QString slug;
    QString title;
    QString target;
    QString head;
    Strategy strategy = Strategy::Direct;
    int files = 0;
    int added = 0;
    int removed = 0;
    std::optional<TestCounts> tests;
    std::optional<double> coverage;
    std::optional<double> changedCoverage;
    std::vector<Risk> openRisks;
    std::vector<std::pair<QString, QString>> stages; ///< name and summary, in order
};

Result<DeployFacts> gatherDeployFacts(StageContext &context);
QByteArray featureFlagsYaml(const DeployFacts &facts);
QByteArray deploymentPlanYaml(const DeployFacts &facts);
QByteArray monitoringYaml(const DeployFacts &facts);
QByteArray approvalPrompt(const DeployFacts &facts);
/// The change as a patch, from the merge base with the target.
Result<QByteArray> patchOf(StageContext &context);

} // namespace openfactory
