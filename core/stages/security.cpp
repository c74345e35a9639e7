// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"
#include "core/stages/handlers.h"
#include "core/stages/plannedrun.h"

namespace openfactory {

namespace {

/// The language's audit tool, and a scan of the change for secrets. A secret is hard, whatever the stage is.
class Security : public StageHandler {
public:
    /// The scan knows secrets that may be new: it is made in any case.
    Result<std::optional<StagePlan>> inputs(StageContext &context) const override
    {
        OF_TRY(change, context.change());
        if (!context.secretScan().scan(change).empty())
            return std::optional<StagePlan>();
        return planOf(context, StageKind::Security);
    }
    Result<StageResult> run(StageContext &context) const override
    {
        OF_TRY(change, context.change());
        Verdict verdict;
        verdict.findings = context.secretScan().scan(change);
        if (!verdict.findings.empty()) {
            verdict.outcome = Outcome::Failed;
            verdict.summary = QStringLiteral("the change adds a secret (%1)")
                                  .arg(counted(qint64(verdict.findings.size()), QStringLiteral("place")));
            return verdict;
        }
        OF_TRY(measured, measure(context, StageKind::Security));
        if (const auto common = commonVerdict(context, measured))
            return *common;
        if (measured.problems)
            return problemVerdict(measured, QStringLiteral("finding"), Outcome::SoftFailed);
        verdict.findings = measured.findings;
        verdict.summary = measured.ran > 0
                              ? QStringLiteral("no findings, no secret in the change")
                              : QStringLiteral("no secret in the change; nothing else to check: ") + measured.nothing;
        return verdict;
    }
};

} // namespace

std::unique_ptr<StageHandler> makeSecurity()
{
    return std::make_unique<Security>();
}

} // namespace openfactory
