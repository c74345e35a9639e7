// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"
#include "core/domain/planning.h"
#include "core/stages/handlers.h"
#include "core/stages/importcycles.h"
#include "core/stages/outsidechange.h"
#include "core/stages/plannedrun.h"
#include "core/stages/sourcetree.h"
#include "core/stages/ticketwork.h"

namespace openfactory {

namespace {

/// The change compiles; one for a ticket keeps to its files and brings its tests. The author's change itself lies in
/// the workspace already (engine, JobEffects::askAuthor).
class Implement : public StageHandler {
public:
    Result<std::optional<StagePlan>> inputs(StageContext &context) const override
    {
        if (context.ticket()) // what it asks for is no part of what a record is found by
            return std::optional<StagePlan>();
        return planOf(context, StageKind::Implement);
    }
    Result<StageResult> run(StageContext &context) const override
    {
        const Ticket *ticket = context.ticket();
        if (ticket) { // before anything of it is run
            OF_TRY(breach, judgeTicketFiles(context, *ticket));
            if (breach)
                return *breach;
        }
        OF_TRY(change, context.change()); // what its commands leave is no part of it
        OF_TRY(state, context.git().state(context.workspace()));
        OF_TRY(measured, measure(context, StageKind::Implement));
        if (const auto common = commonVerdict(context, measured))
            return *common;
        Verdict verdict;
        verdict.findings = measured.findings;
        if (measured.problems) {
            OF_CHECK(nameCycles(context, measured));
            verdict = problemVerdict(measured, QStringLiteral("error"), failureOf(context.stage()));
            if (verdict.outcome != Outcome::FailedBefore && !measured.findings.empty())
                verdict.summary = measured.findings.front().message.left(160);
            if (!ticket || verdict.outcome != Outcome::FailedBefore)
                return verdict;
        }
        verdict.facts[QStringLiteral("language")] = context.toolchain().language;
        if (const QStringList &others = context.toolchain().others; !others.isEmpty())
            verdict.facts[QStringLiteral("other_languages")] = others.join(QStringLiteral(", "));
        verdict.summary = change.files.empty() ? QStringLiteral("compiles; no change yet")
                                               : QStringLiteral("compiles; %1, +%2 -%3")
                                                     .arg(counted(qint64(change.files.size()), QStringLiteral("file")))
                                                     .arg(change.added())
                                                     .arg(change.removed());
        nameOutside(state, verdict);
        return ticket ? endOfTicket(context, *ticket, std::move(verdict)) : verdict;
    }

private:
    /// The boundary will refuse it; whoever made the change wants to know it now.
    static void nameOutside(const WorkspaceState &state, Verdict &verdict)
    {
        for (Finding &finding : outsideChange(state)) {
            finding.severity = Severity::Warning;
            verdict.findings.push_back(std::move(finding));
        }
        if (const auto outside = state.repositories.size() + state.unstorable.size(); outside > 0)
            verdict.summary += QStringLiteral("; %1 that the change does not hold")
                                   .arg(counted(qint64(outside), QStringLiteral("name")));
    }

    /// A compiler that cannot place what it says may mean a circle of imports: of that, the place is known.
    static Result<void> nameCycles(StageContext &context, Measured &measured)
    {
        if (!measured.findings.empty() && !measured.findings.front().file.isEmpty())
            return {};
        OF_TRY(change, context.change());
        OF_TRY(tree, SourceTree::open(context, change));
        const auto found = newImportCycles(
            context.toolchains(), change,
            {tree->now(), tree->before(), [&](const RepoPath &path) { return tree->oldPath(path); }});
        std::vector<Finding> first;
        std::ranges::copy_if(found.findings, std::back_inserter(first),
                             [](const Finding &finding) { return finding.severity == Severity::Error; });
        measured.findings.insert(measured.findings.begin(), first.begin(), first.end());
        return {};
    }

    static Result<StageResult> endOfTicket(StageContext &context, const Ticket &ticket, Verdict verdict)
    {
        OF_TRY(tests, judgeTicketTests(context, ticket));
        if (tests.outcome != Outcome::Passed)
            return tests;
        OF_TRY(patch, context.patch());
        OF_CHECK(context.keepArtifact(ticketPath(ticket) + QStringLiteral(".patch"), patch));
        verdict.tests = tests.tests;
        verdict.facts[QStringLiteral("ticket")] = ticket.number;
        verdict.summary = QStringLiteral("ticket %1: ").arg(ticket.number) + verdict.summary
                          + (tests.summary.isEmpty() ? QString() : QStringLiteral("; ") + tests.summary);
        return verdict;
    }
};

} // namespace

std::unique_ptr<StageHandler> makeImplement()
{
    return std::make_unique<Implement>();
}

} // namespace openfactory
