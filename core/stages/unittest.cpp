// SPDX-License-Identifier: Apache-2.0
#include "core/stages/handlers.h"
#include "core/stages/plannedrun.h"

namespace openfactory {

namespace {

class UnitTest : public StageHandler {
public:
    Result<std::optional<StagePlan>> inputs(StageContext &context) const override
    {
        return planOf(context, StageKind::UnitTest);
    }
    Result<StageResult> run(StageContext &context) const override
    {
        OF_TRY(measured, measure(context, StageKind::UnitTest));
        if (const auto common = commonVerdict(context, measured))
            return *common;
        if (measured.problems)
            return problemVerdict(measured, QStringLiteral("error"), failureOf(context.stage()));
        Verdict verdict;
        verdict.findings = measured.findings;
        verdict.tests = measured.tests;
        const bool none = measured.tests && measured.tests->total() == 0;
        if (measured.ran == 0 || (none && !measured.problems)) {
            verdict.outcome = Outcome::NotMeasured;
            verdict.summary = QStringLiteral("no tests: ")
                              + (measured.ran == 0 ? measured.nothing : QStringLiteral("the tools ran none"));
        } else {
            verdict.summary = measured.tests ? countsText(*measured.tests)
                                             : QStringLiteral("passed (the tool gave no counts)");
        }
        return verdict;
    }
};

} // namespace

std::unique_ptr<StageHandler> makeUnitTest()
{
    return std::make_unique<UnitTest>();
}

} // namespace openfactory
