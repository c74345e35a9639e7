// SPDX-License-Identifier: Apache-2.0
#include "core/stages/handlers.h"
#include "core/stages/plannedrun.h"

namespace openfactory {

namespace {

/// Format and style. What the tools can mend themselves is mended and checked again.
class Lint : public StageHandler {
public:
    Result<std::optional<StagePlan>> inputs(StageContext &context) const override
    {
        return planOf(context, StageKind::Lint);
    }
    Result<StageResult> run(StageContext &context) const override
    {
        OF_TRY(plan, planOf(context, StageKind::Lint));
        Measured measured;
        measured.nothing = plan.nothingToDo;
        OF_CHECK(runCommands(context, plan, plan.commands, measured));
        bool mended = false;
        if (measured.problems && !plan.fixes.empty()) {
            Measured fixing;
            OF_TRY(changed, context.mend([&] { return runCommands(context, plan, plan.fixes, fixing); }));
            if (changed) {
                mended = true;
                measured = {};
                OF_TRY(anew, planOf(context, StageKind::Lint)); // other files may belong to the change by now
                OF_CHECK(runCommands(context, anew, anew.commands, measured));
            }
        }
        OF_CHECK(setApart(context, StageKind::Lint, measured));
        if (const auto common = commonVerdict(context, measured))
            return *common;
        Verdict verdict;
        verdict.findings = measured.findings;
        if (measured.problems) {
            verdict = problemVerdict(measured, QStringLiteral("violation"), failureOf(context.stage()));
            if (mended)
                verdict.summary += QStringLiteral(" (some were mended by the formatter)");
        } else if (measured.ran == 0) {
            verdict.summary = QStringLiteral("nothing to check: ") + measured.nothing;
        } else {
            verdict.summary = mended ? QStringLiteral("no violations, after the formatter mended some")
                                     : QStringLiteral("no violations");
        }
        verdict.facts[QStringLiteral("auto_fixed")] = mended;
        return verdict;
    }
};

} // namespace

std::unique_ptr<StageHandler> makeLint()
{
    return std::make_unique<Lint>();
}

} // namespace openfactory
