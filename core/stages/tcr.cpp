// SPDX-License-Identifier: Apache-2.0
#include "core/stages/handlers.h"
#include "core/stages/plannedrun.h"

namespace openfactory {

namespace {

constexpr double kMostByChance = 1; ///< per cent

/// Whether coverage has something to run beside, and does not build on what lies in the job's home.
bool mayBeBeside(StageContext &context)
{
    if (!context.pipeline().indexOf(StageKind::UnitTest) || !context.pipeline().indexOf(StageKind::Coverage))
        return false;
    const auto plan = planOf(context, StageKind::Coverage);
    return plan && !plan->commands.empty() && !plan->keepsCaches();
}

/// What is measured beside, or else here and now.
Result<Measured> measureHere(StageContext &context, StageKind kind, WorkBeside *beside, Measured &there)
{
    if (beside) {
        OF_TRY(done, beside->wait());
        if (done && !there.serviceDown) // what the load of both together broke is tried once more
            return std::move(there);
    }
    return measure(context, kind);
}

/// Everything once more, together: all tests, integration, coverage. Any failure reverts all.
class Tcr : public StageHandler {
public:
    Result<StageResult> run(StageContext &context) const override
    {
        Verdict verdict;
        QStringList said;
        // The longest of it goes on in a copy, while the rest is run here; what it says is heard in its turn.
        const auto covered = std::make_shared<Measured>();
        const auto beside = mayBeBeside(context) ? context.beside([covered](StageContext &copy) -> Result<void> {
            OF_TRY(measured, measure(copy, StageKind::Coverage));
            *covered = std::move(measured);
            return {};
        })
                                                 : nullptr;
        for (const StageKind kind : {StageKind::UnitTest, StageKind::Integration, StageKind::Coverage}) {
            if (!context.pipeline().indexOf(kind))
                continue; // the contract left it out
            OF_TRY(measured,
                   measureHere(context, kind, kind == StageKind::Coverage ? beside.get() : nullptr, *covered));
            verdict.findings.insert(verdict.findings.end(), measured.findings.begin(), measured.findings.end());
            if (kind != StageKind::Coverage) {
                const bool nothing = measured.ran == 0 && kind == StageKind::Integration;
                if (auto common = nothing ? std::nullopt : commonVerdict(context, measured))
                    return *common;
                if ((measured.problems && !measured.failedBefore) || (measured.ran == 0 && !nothing)) {
                    verdict.outcome = failureOf(context.stage());
                    verdict.tests = measured.tests;
                    OF_TRY(unreliable, kind == StageKind::UnitTest ? failedSinceUnitTests(context, measured)
                                                                   : Result<std::vector<Finding>>());
                    for (Finding &finding : verdict.findings) {
                        const auto same = std::ranges::find(unreliable, findingKey(finding), findingKey);
                        if (same != unreliable.end())
                            finding.suggestion = same->suggestion;
                    }
                    verdict.summary = QStringLiteral("%1: %2").arg(
                        toName(kind),
                        measured.tests ? countsText(*measured.tests) : measured.endings.join(QStringLiteral("; ")));
                    return verdict;
                }
                if (kind == StageKind::UnitTest)
                    verdict.tests = measured.tests;
                if (measured.tests)
                    said << QStringLiteral("%1: %2").arg(toName(kind), countsText(*measured.tests));
                else if (measured.ran > 0)
                    said << QStringLiteral("%1: passed").arg(toName(kind));
                continue;
            }
            const auto percent = measured.coverage ? measured.coverage->percent() : std::nullopt;
            OF_TRY(earlier, context.verdicts());
            for (const auto &[stage, before] : earlier) {
                const auto index = context.pipeline().indexOf(stage);
                if (!index || context.pipeline().stages[size_t(*index)].kind != StageKind::Coverage
                    || !before.coveragePercent)
                    continue;
                // Maintained, not required: a coverage below the contract's minimum is a risk for the person to accept.
                // The same files were measured, so what it fell by is the tests' own chance: tests with random input
                // miss a line now and then.
                if (!percent || *percent + kMostByChance < *before.coveragePercent) {
                    verdict.outcome = failureOf(context.stage());
                    verdict.summary = QStringLiteral("coverage fell from %1% to %2")
                                          .arg(*before.coveragePercent, 0, 'f', 1)
                                          .arg(percent ? QString::number(*percent, 'f', 1) + QLatin1Char('%')
                                                       : QStringLiteral("unknown"));
                    return verdict;
                }
            }
            verdict.coveragePercent = percent;
            if (percent)
                said << QStringLiteral("coverage %1%").arg(*percent, 0, 'f', 1);
        }
        verdict.summary = said.isEmpty() ? QStringLiteral("nothing to run again") : said.join(QStringLiteral(", "));
        return verdict;
    }
};

} // namespace

std::unique_ptr<StageHandler> makeTcr()
{
    return std::make_unique<Tcr>();
}

} // namespace openfactory
