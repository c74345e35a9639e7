// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"
#include "core/stages/handlers.h"
#include "core/stages/plannedrun.h"

namespace openfactory {

namespace {

/// Rule packs on the lines that the change added.
class Review : public StageHandler {
public:
    Result<std::optional<StagePlan>> inputs(StageContext &) const override { return StagePlan{}; } // the change alone
    Result<StageResult> run(StageContext &context) const override
    {
        OF_TRY(change, context.change());
        OF_TRY(findings, context.reviewRules().review(change));
        Verdict verdict;
        verdict.findings = findings;
        const auto issues = std::ranges::count_if(findings,
                                                  [](const Finding &f) { return f.severity == Severity::Error; });
        const auto warnings = std::ranges::count_if(findings,
                                                    [](const Finding &f) { return f.severity == Severity::Warning; });
        verdict.facts = {{QStringLiteral("issues"), qint64(issues)}, {QStringLiteral("warnings"), qint64(warnings)}};
        verdict.summary = counted(issues, QStringLiteral("issue")) + QStringLiteral(", ")
                          + counted(warnings, QStringLiteral("warning"));
        if (issues > 0) // warnings are acceptable (factory-pipeline-stages, stage 6)
            verdict.outcome = failureOf(context.stage());
        return verdict;
    }
};

} // namespace

std::unique_ptr<StageHandler> makeReview()
{
    return std::make_unique<Review>();
}

} // namespace openfactory
