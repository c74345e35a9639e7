// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"
#include "core/stages/handlers.h"
#include "core/stages/releasefiles.h"

namespace openfactory {

namespace {

/// Writes the job's last documents from what the store holds of it.
class Release : public StageHandler {
public:
    Result<StageResult> run(StageContext &context) const override
    {
        OF_TRY(facts, gatherReleaseFacts(context));
        OF_CHECK(context.keepArtifact(QStringLiteral("FINAL_SUMMARY.md"), finalSummary(facts)));
        OF_CHECK(context.keepArtifact(QStringLiteral("RUNBOOK.md"), runbook(facts)));
        OF_CHECK(context.keepArtifact(QStringLiteral("TEST_REPORT.md"), testReport(facts)));
        OF_CHECK(context.keepArtifact(QStringLiteral("SECURITY_NOTES.md"), securityNotes(facts)));
        const auto kept = context.kept();
        OF_CHECK(context.keepArtifact(QStringLiteral("MANIFEST.json"), manifest(facts, kept)));
        Verdict verdict;
        verdict.summary = QStringLiteral("%1 written").arg(counted(5, QStringLiteral("document")));
        return verdict;
    }
};

} // namespace

std::unique_ptr<StageHandler> makeRelease()
{
    return std::make_unique<Release>();
}

} // namespace openfactory
