// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"
#include "core/stages/handlers.h"
#include "core/stages/plannedrun.h"

namespace openfactory {

namespace {

/// The change compiles. The author's change itself lies in the workspace already (engine, JobEffects::askAuthor).
class Implement : public StageHandler {
public:
    bool writes() const override { return false; }
    Result<std::optional<StagePlan>> inputs(StageContext &context) const override
    {
        return planOf(context, StageKind::Implement);
    }
    Result<StageResult> run(StageContext &context) const override
    {
        OF_TRY(measured, measure(context, StageKind::Implement));
        if (const auto common = commonVerdict(context, measured))
            return *common;
        Verdict verdict;
        verdict.findings = measured.findings;
        if (measured.problems) {
            verdict = problemVerdict(measured, QStringLiteral("error"), failureOf(context.stage()));
            if (verdict.outcome != Outcome::FailedBefore && !measured.findings.empty())
                verdict.summary = measured.findings.front().message.left(160);
            return verdict;
        }
        verdict.facts[QStringLiteral("language")] = context.toolchain().language;
        if (const QStringList &others = context.toolchain().others; !others.isEmpty())
            verdict.facts[QStringLiteral("other_languages")] = others.join(QStringLiteral(", "));
        OF_TRY(change, context.change());
        verdict.summary = change.files.empty() ? QStringLiteral("compiles; no change yet")
                                               : QStringLiteral("compiles; %1, +%2 -%3")
                                                     .arg(counted(qint64(change.files.size()), QStringLiteral("file")))
                                                     .arg(change.added())
                                                     .arg(change.removed());
        return verdict;
    }
};

} // namespace

std::unique_ptr<StageHandler> makeImplement()
{
    return std::make_unique<Implement>();
}

} // namespace openfactory
