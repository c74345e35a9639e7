// SPDX-License-Identifier: Apache-2.0
#include "core/stages/handlers.h"
#include "core/stages/plannedrun.h"

namespace openfactory {

namespace {

/// A gate whose verdict is that of the language's tools, with nothing to add (static analysis).
class ToolGate : public StageHandler {
public:
    Result<std::optional<StagePlan>> inputs(StageContext &context) const override
    {
        return planOf(context, context.stage().kind);
    }
    Result<StageResult> run(StageContext &context) const override
    {
        OF_TRY(measured, measure(context, context.stage().kind));
        if (const auto common = commonVerdict(context, measured))
            return *common;
        if (measured.problems)
            return problemVerdict(measured, QStringLiteral("finding"), failureOf(context.stage()));
        Verdict verdict;
        verdict.findings = measured.findings;
        verdict.summary = measured.ran > 0 ? QStringLiteral("no findings")
                                           : QStringLiteral("nothing to check: ") + measured.nothing;
        return verdict;
    }
};

} // namespace

std::unique_ptr<StageHandler> makeToolGate()
{
    return std::make_unique<ToolGate>();
}

} // namespace openfactory
