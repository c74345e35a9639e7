// SPDX-License-Identifier: Apache-2.0
#include "ui/models/plantables.h"

#include "core/base/text.h"
#include "ui/models/words.h"

#include <QLocale>

#include <algorithm>

namespace openfactory::ui {

namespace {

QString pathOf(const JobDetails &all, const QString &name)
{
    const auto found = std::ranges::find_last(all.artifacts, name, &ArtifactRecord::name);
    return found.empty() ? QString() : found.front().path;
}

QString numbersText(const std::vector<int> &numbers)
{
    QStringList all;
    for (const int number : numbers)
        all << QString::number(number);
    return all.join(QStringLiteral(", "));
}

QString ticketStateText(const TicketView &ticket)
{
    switch (ticket.state) {
    case TicketView::State::Done: return PlanTables::tr("done");
    case TicketView::State::Current:
        return ticket.taken ? PlanTables::tr("with a person") : PlanTables::tr("being worked on");
    case TicketView::State::ToCome: break;
    }
    return ticket.taken ? PlanTables::tr("to be done by a person") : PlanTables::tr("to be done");
}

/// How far a criterion is by the tickets that cover it, and what the newest attempt at each of them showed.
TableRow criterionRow(const JobDetails &all, const CriterionView &criterion)
{
    size_t done = 0;
    bool begun = false;
    QStringList evidence;
    for (const int number : criterion.tickets) {
        const auto ticket = std::ranges::find(all.plan.tickets, number, &TicketView::number);
        if (ticket == all.plan.tickets.end())
            continue;
        done += ticket->state == TicketView::State::Done ? 1 : 0;
        begun = begun || ticket->state != TicketView::State::ToCome;
        const auto tried = std::ranges::find_last(all.attempts, number, &AttemptRecord::ticket);
        QString said = ticketStateText(*ticket);
        if (!tried.empty()) {
            const AttemptRecord &attempt = tried.front();
            said = QStringLiteral("%1/%2").arg(attempt.stage).arg(attempt.number);
            if (attempt.verdict)
                said += QStringLiteral(", ") + attempt.verdict->summary;
            if (!attempt.after.isEmpty() && attempt.after != attempt.before)
                said += QStringLiteral(", ") + PlanTables::tr("committed as %1").arg(attempt.after.left(8));
        }
        evidence << PlanTables::tr("Ticket %1: %2").arg(number).arg(displayable(said));
    }
    const bool met = done > 0 && done == criterion.tickets.size();
    const bool running = all.job.progress.state == JobState::Running;
    return {criterion.id,
            {displayable(criterion.id),
             met                         ? PlanTables::tr("its tickets are done")
             : criterion.tickets.empty() ? PlanTables::tr("no ticket yet")
             : criterion.tickets.size() > 1 && done > 0
                 ? PlanTables::tr("%1 of %2 tickets done").arg(done).arg(criterion.tickets.size())
             : begun ? PlanTables::tr("being worked on")
                     : PlanTables::tr("to be done"),
             displayable(criterion.text.left(400)), evidence.join(QStringLiteral("; "))},
            met     ? Mark::Passed
            : begun ? (running ? Mark::Running : Mark::Waiting)
                    : Mark::NotStarted,
            displayableLines((QStringList(criterion.text.left(2000)) + evidence).join(u'\n')),
            {}};
}

} // namespace

PlanTables::PlanTables(QObject *parent)
    : QObject(parent),
      m_documents({tr("Document"), tr("State"), tr("Covers"), tr("After"), tr("What")}),
      m_criteria({tr("Criterion"), tr("State"), tr("What has to hold"), tr("Evidence")}),
      m_calls({tr("Call"), tr("For"), tr("Model"), tr("Tokens"), tr("Cost"), tr("Took"), tr("Ended")})
{}

bool PlanTables::isPlanned(const JobDetails &all)
{
    return all.pipeline.indexOf(StageKind::Preflight) || all.pipeline.indexOf(StageKind::Spec) || !all.calls.empty();
}

void PlanTables::fill(const JobDetails &all)
{
    std::vector<TableRow> rows;
    const auto document = [&](const char *name, const QString &title, StageKind kind, const QString &hash) {
        const auto index = all.pipeline.indexOf(kind);
        if (!index)
            return;
        const StageDefinition &stage = all.pipeline.stages[size_t(*index)];
        const auto newest = std::ranges::find_last(all.attempts, stage.name, &AttemptRecord::stage);
        TableRow row;
        row.key = QLatin1String(name);
        const QString file = QLatin1String(name) + QStringLiteral(".md");
        const bool spoiled = all.plan.changed.contains(QLatin1String(name) + QStringLiteral(".json"));
        row.cells = {title,
                     newest.empty()   ? tr("not yet")
                     : spoiled        ? tr("not what was frozen")
                     : hash.isEmpty() ? markText(markOf(newest.front().state, stage.failure))
                                      : tr("frozen"),
                     {},
                     {},
                     newest.empty() || !newest.front().verdict ? QString()
                                                               : displayable(newest.front().verdict->summary)};
        row.mark = newest.empty() ? Mark::NotStarted
                   : spoiled      ? Mark::Failed
                                  : markOf(newest.front().state, stage.failure);
        row.tooltip = hash.isEmpty() ? QString() : tr("SHA-256 %1").arg(hash);
        row.data = pathOf(all, file);
        rows.push_back(std::move(row));
    };
    const Documents &frozen = all.job.progress.documents;
    document("PREFLIGHT_REPORT", tr("Preflight"), StageKind::Preflight, {});
    document("SPEC", tr("Spec"), StageKind::Spec, frozen.spec);
    document("ARCHITECTURE", tr("Architecture"), StageKind::Architecture, frozen.architecture);
    document("TICKETS", tr("Tickets"), StageKind::Tickets, frozen.tickets);
    for (const TicketView &ticket : all.plan.tickets) {
        const bool running = all.job.progress.state == JobState::Running;
        rows.push_back({ticket.document,
                        {tr("Ticket %1: %2").arg(ticket.number).arg(displayable(ticket.name)), ticketStateText(ticket),
                         displayable(ticket.criteria.join(QStringLiteral(", "))), numbersText(ticket.dependsOn),
                         displayable(ticket.goal.left(400))},
                        ticket.state == TicketView::State::Done      ? Mark::Passed
                        : ticket.state == TicketView::State::Current ? (running ? Mark::Running : Mark::Waiting)
                                                                     : Mark::NotStarted,
                        displayableLines(ticket.goal.left(2000)),
                        pathOf(all, ticket.document)});
    }
    m_documents.setRows(std::move(rows));

    rows.clear();
    for (const CriterionView &criterion : all.plan.criteria)
        rows.push_back(criterionRow(all, criterion));
    m_criteria.setRows(std::move(rows));

    rows.clear();
    const QLocale locale;
    for (const AuthorCallRecord &call : all.calls) {
        const auto cost = call.cost ? call.cost : call.reckonedCost;
        QString tokens = tr("not counted; at most %1").arg(locale.toString(call.reckonedTokens));
        if (call.inputTokens && call.outputTokens)
            tokens = tr("%1 + %2").arg(locale.toString(*call.inputTokens), locale.toString(*call.outputTokens));
        rows.push_back(
            {QString::number(call.number),
             {QString::number(call.number), displayable(call.purpose + u' ' + call.stage),
              displayable(call.model.isEmpty() ? call.name : call.model), tokens,
              cost ? costText(*cost, call.currency) : tr("no price"),
              call.finished ? spanText(call.latencyMs) : QString(),
              call.finished
                  ? displayable(call.note.isEmpty() ? call.ending : call.ending + QStringLiteral(": ") + call.note)
                  : tr("running")},
             !call.finished               ? Mark::Running
             : call.ending == u"answered" ? Mark::Passed
                                          : Mark::Failed,
             displayable(call.baseUrl),
             pathOf(all, call.answer.isEmpty() ? call.prompt : call.answer)});
    }
    m_calls.setRows(std::move(rows));
}

QString PlanTables::questionText(const JobDetails &all)
{
    const Documents &documents = all.job.progress.documents;
    QStringList lines;
    if (!documents.question.isEmpty())
        lines << tr("Asked: %1").arg(displayable(documents.question))
              << (documents.answer.isEmpty() ? tr("Not answered.")
                                             : tr("Answered: %1").arg(displayable(documents.answer)));
    if (!all.plan.changed.isEmpty())
        lines << tr("Not what was frozen any more, so it is not shown: %1")
                     .arg(all.plan.changed.join(QStringLiteral(", ")));
    return lines.join(u'\n');
}

QString PlanTables::spendingText(const JobDetails &all, const JobBudget &budget)
{
    if (all.calls.empty())
        return {};
    const QLocale locale;
    const AuthorSpending spent = spendingOf(all.calls);
    QStringList limits;
    if (budget.tokens)
        limits << tokensText(*budget.tokens);
    if (budget.cost)
        limits << costText(*budget.cost, budget.currency);
    QString text = tr("%n call(s)", nullptr, spent.calls) + QStringLiteral(", ") + tokensText(spent.tokens)
                   + QStringLiteral(", ")
                   + (spent.priced ? costText(spent.cost, spent.currency) : tr("cost not known"));
    if (spent.reckoned > 0)
        text += tr(" (%n of them by an upper bound)", nullptr, spent.reckoned);
    return text + QStringLiteral("; ")
           + (limits.isEmpty() ? tr("no budget is set") : tr("at most %1").arg(limits.join(QStringLiteral(", "))));
}

} // namespace openfactory::ui
