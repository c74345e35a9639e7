// SPDX-License-Identifier: Apache-2.0
#include "core/stages/ticketwork.h"

#include "core/base/text.h"
#include "core/domain/planning.h"
#include "core/stages/plannedrun.h"

#include <algorithm>

namespace openfactory {

namespace {

Finding asked(const char *rule, const QString &message, const QString &suggestion)
{
    Finding finding;
    finding.tool = QStringLiteral("ticket");
    finding.rule = QString::fromLatin1(rule);
    finding.message = displayable(message);
    finding.suggestion = suggestion;
    return finding;
}

Verdict failed(const Ticket &ticket, std::vector<Finding> findings)
{
    Verdict verdict;
    verdict.outcome = Outcome::Failed;
    verdict.findings = std::move(findings);
    verdict.summary =
        QStringLiteral("ticket %1: %2").arg(ticket.number).arg(verdict.findings.front().message.left(160));
    return verdict;
}

bool passes(const Measured &measured, const RequiredTest &test)
{
    const auto isIt = [&](const QString &name) { return isRequiredTest(name, test.name); };
    return std::ranges::any_of(measured.passedTests, isIt)
           && std::ranges::none_of(measured.findings,
                                   [&](const Finding &one) { return !one.test.isEmpty() && isIt(one.test); });
}

Result<Measured> runTests(StageContext &context)
{
    OF_TRY(plan, planOf(context, StageKind::UnitTest));
    Measured measured;
    measured.nothing = plan.nothingToDo;
    OF_CHECK(runCommands(context, plan, plan.commands, measured));
    return measured;
}

/// Those that pass where the ticket's change is not there yet, though they are to fail there.
Result<std::vector<Finding>> passBefore(StageContext &context, const Ticket &ticket)
{
    std::vector<Finding> findings;
    if (std::ranges::none_of(ticket.tests, &RequiredTest::failsBefore))
        return findings;
    const auto before = context.beforeWithTests();
    if (!before && before.error().kind != ErrorKind::Io && before.error().kind != ErrorKind::Invalid)
        return std::unexpected(before.error());
    if (!before) // a link in the way of a test's file, say
        return std::vector{asked(
            "fails-before",
            QStringLiteral("the tests cannot be put where the ticket began: %1").arg(toText(before.error())), {})};
    OF_TRY(then, runTests(**before));
    for (const RequiredTest &test : ticket.tests) {
        if (test.failsBefore && passes(then, test))
            findings.push_back(asked("fails-before",
                                     QStringLiteral("%1 passes without the ticket's change").arg(test.name),
                                     QStringLiteral("let the test ask for what the ticket brings")));
    }
    return findings;
}

} // namespace

Result<std::optional<Verdict>> judgeTicketFiles(StageContext &context, const Ticket &ticket)
{
    OF_TRY(change, context.change());
    if (change.files.empty())
        return failed(ticket, {asked("no-change", QStringLiteral("nothing is changed yet"),
                                     QStringLiteral("make the change that the ticket asks for"))});
    auto breaches = ticketBreaches(ticket, change);
    for (Finding &breach : boundaryBreaches(context.contract(), change)) {
        breach.tool = QStringLiteral("ticket"); // judged here, it can be mended; the boundary's own stage ends the job
        breaches.push_back(std::move(breach));
    }
    return breaches.empty() ? std::optional<Verdict>() : failed(ticket, std::move(breaches));
}

Result<Verdict> judgeTicketTests(StageContext &context, const Ticket &ticket)
{
    Verdict verdict;
    if (ticket.tests.empty())
        return verdict;
    OF_TRY(measured, runTests(context));
    verdict.tests = measured.tests;
    if (!measured.missing.isEmpty() || measured.serviceDown)
        return commonVerdict(context, measured).value_or(verdict);
    std::vector<Finding> findings;
    for (const RequiredTest &test : ticket.tests) {
        if (passes(measured, test))
            continue;
        const auto why = std::ranges::find_if(measured.findings, [&](const Finding &one) {
            return !one.test.isEmpty() && isRequiredTest(one.test, test.name);
        });
        if (why != measured.findings.end()) {
            findings.push_back(*why);
            continue;
        }
        const bool nameless = measured.passedTests.isEmpty() && measured.findings.empty();
        findings.push_back(asked("tests", QStringLiteral("%1 did not run").arg(test.name),
                                 nameless ? QStringLiteral("the report of the unit tests names no test")
                                          : QStringLiteral("write it, under the name that the ticket gives it")));
    }
    if (!findings.empty()) { // what kept them from running helps whoever mends it
        for (const Finding &other : measured.findings) {
            if (!std::ranges::contains(findings, other))
                findings.push_back(other);
        }
        Verdict no = failed(ticket, std::move(findings));
        no.tests = measured.tests;
        return no;
    }
    OF_TRY(before, passBefore(context, ticket));
    if (!before.empty())
        return failed(ticket, std::move(before));
    verdict.summary = counted(qint64(ticket.tests.size()), QStringLiteral("required test"))
                      + (ticket.tests.size() == 1 ? QStringLiteral(" passes") : QStringLiteral(" pass"));
    return verdict;
}

} // namespace openfactory
