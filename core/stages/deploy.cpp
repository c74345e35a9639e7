// SPDX-License-Identifier: Apache-2.0
#include "core/stages/deployfiles.h"
#include "core/stages/handlers.h"

namespace openfactory {

namespace {

/// Writes the deployment's files from what was measured, and asks a person.
class Deploy : public StageHandler {
public:
    Result<StageResult> run(StageContext &context) const override
    {
        OF_TRY(touched, protectedTouched(context));
        if (!touched.empty())
            return protectedVerdict(std::move(touched));
        OF_TRY(facts, gatherDeployFacts(context));
        OF_TRY(patch, patchOf(context));
        OF_CHECK(context.keepArtifact(QStringLiteral("PATCH.diff"), patch));
        OF_CHECK(context.keepArtifact(QStringLiteral("deploy/feature_flags.yaml"), featureFlagsYaml(facts)));
        OF_CHECK(context.keepArtifact(QStringLiteral("deploy/deployment_plan.yaml"), deploymentPlanYaml(facts)));
        OF_CHECK(context.keepArtifact(QStringLiteral("deploy/monitoring.yaml"), monitoringYaml(facts)));
        OF_CHECK(context.keepArtifact(QStringLiteral("deploy/approval_prompt.txt"), approvalPrompt(facts)));
        return Wait{WaitKind::Approval,
                    QStringLiteral("a decision: integrate %1 into %2?").arg(facts.slug, facts.target),
                    0,
                    {},
                    {}};
    }
};

} // namespace

std::unique_ptr<StageHandler> makeDeploy()
{
    return std::make_unique<Deploy>();
}

} // namespace openfactory
