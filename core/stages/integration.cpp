// SPDX-License-Identifier: Apache-2.0
#include "core/stages/handlers.h"
#include "core/stages/plannedrun.h"

namespace openfactory {

namespace {

/// Integration tests. A service that is down is not the change's fault: it is tried again, then stays as a risk. Tests
/// that fail with everything up mean that the code is broken: hard.
class Integration : public StageHandler {
public:
    Result<std::optional<StagePlan>> inputs(StageContext &context) const override
    {
        return planOf(context, StageKind::Integration);
    }
    Result<StageResult> run(StageContext &context) const override
    {
        OF_TRY(measured, measure(context, StageKind::Integration));
        if (const auto common = commonVerdict(context, measured))
            return *common;
        if (measured.problems)
            return problemVerdict(measured, QStringLiteral("error"), Outcome::Failed);
        Verdict verdict;
        verdict.findings = measured.findings;
        verdict.tests = measured.tests;
        if (measured.ran == 0) {
            verdict.summary = QStringLiteral("nothing to run: ") + measured.nothing;
            verdict.facts[QStringLiteral("ran")] = false;
        } else {
            verdict.summary = measured.tests ? countsText(*measured.tests)
                                             : QStringLiteral("passed (the tool gave no counts)");
        }
        return verdict;
    }
};

} // namespace

std::unique_ptr<StageHandler> makeIntegration()
{
    return std::make_unique<Integration>();
}

} // namespace openfactory
