// SPDX-License-Identifier: Apache-2.0
#include "core/stages/handlers.h"
#include "core/stages/plannedrun.h"

namespace openfactory {

namespace {

/// A stage that a contract added: one command, whose exit code is the verdict.
class Command : public StageHandler {
public:
    Result<std::optional<StagePlan>> inputs(StageContext &context) const override
    {
        return planOf(context, StageKind::Command);
    }
    Result<StageResult> run(StageContext &context) const override
    {
        OF_TRY(measured, measure(context, StageKind::Command));
        if (const auto common = commonVerdict(context, measured))
            return *common;
        Verdict verdict;
        if (measured.problems) {
            verdict.outcome = failureOf(context.stage());
            verdict.summary = measured.endings.join(QStringLiteral("; "));
        } else {
            verdict.summary = QStringLiteral("exit 0");
        }
        return verdict;
    }
};

} // namespace

std::unique_ptr<StageHandler> makeCommand()
{
    return std::make_unique<Command>();
}

} // namespace openfactory
