// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"
#include "core/stages/handlers.h"

namespace openfactory {

namespace {

/// A three-way merge with the target branch, in memory.
class Integrate : public StageHandler {
public:
    Result<StageResult> run(StageContext &context) const override
    {
        const Job &job = context.job();
        OF_TRY(state, context.git().state(context.workspace()));
        OF_TRY(merge, context.git().previewMerge(job.identity.repository, state.head, job.identity.target));
        Verdict verdict;
        // The target's commit is not part of the evidence: a clean rebase keeps a decision.
        verdict.facts = {{QStringLiteral("conflicts"), qint64(merge.conflicts.size())},
                         {QStringLiteral("target"), job.identity.target}};
        if (merge.conflicts.empty()) {
            verdict.summary = QStringLiteral("merges cleanly into %1").arg(job.identity.target);
            return verdict;
        }
        for (const auto &conflict : merge.conflicts) {
            Finding finding;
            finding.tool = QStringLiteral("merge");
            finding.rule = conflict.kind;
            finding.file = conflict.path;
            finding.message = conflict.hunks > 0
                                  ? QStringLiteral("conflict (%1)").arg(counted(conflict.hunks, QStringLiteral("hunk")))
                                  : QStringLiteral("conflict (%1)").arg(conflict.kind);
            finding.suggestion = QStringLiteral("merge %1 into the workspace and resolve it there")
                                     .arg(job.identity.target);
            verdict.findings.push_back(finding);
        }
        verdict.outcome = Outcome::Failed;
        verdict.summary = QStringLiteral("conflicts with %1 in %2")
                              .arg(job.identity.target,
                                   counted(qint64(merge.conflicts.size()), QStringLiteral("file")));
        if (!state.clean) // a resolution that is not committed is in no merge
            verdict.summary += QStringLiteral("; what lies in the workspace is not committed: once the conflicts are "
                                              "resolved, git add and git commit there");
        return verdict;
    }
};

} // namespace

std::unique_ptr<StageHandler> makeIntegrate()
{
    return std::make_unique<Integrate>();
}

} // namespace openfactory
