// SPDX-License-Identifier: Apache-2.0
#include "core/engine/planview.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/domain/planning.h"

#include <algorithm>

namespace openfactory {

namespace {

/// The frozen file; empty where none is frozen, or where it is another one by now.
QByteArray frozenFile(const JobFolder &folder, const QString &name, const QString &hash, QStringList &changed)
{
    if (hash.isEmpty())
        return {};
    const auto bytes = readSmallFile(folder.path() + QLatin1Char('/') + name, mostDocumentBytes * 2);
    if (bytes && QString::fromLatin1(sha256Hex(*bytes)) == hash)
        return *bytes;
    changed << name;
    return {};
}

} // namespace

QString toName(TicketView::State state)
{
    switch (state) {
    case TicketView::State::Done: return QStringLiteral("done");
    case TicketView::State::Current: return QStringLiteral("being worked on");
    case TicketView::State::ToCome: break;
    }
    return QStringLiteral("to be done");
}

int currentTicket(const PlanView &plan)
{
    const auto next = std::ranges::find_if(
        plan.tickets, [](const TicketView &ticket) { return ticket.state != TicketView::State::Done; });
    return next == plan.tickets.end() ? 0 : next->number;
}

PlanView readPlan(const JobFolder &folder, const Job &job)
{
    const Documents &documents = job.progress.documents;
    PlanView view;
    if (documents == Documents{})
        return view;
    const QByteArray spec = frozenFile(folder, QStringLiteral("SPEC.json"), documents.spec, view.changed);
    frozenFile(folder, QStringLiteral("ARCHITECTURE.json"), documents.architecture, view.changed);
    const QByteArray plan = frozenFile(folder, QStringLiteral("TICKETS.json"), documents.tickets, view.changed);
    const auto tickets = plan.isEmpty() ? std::vector<Ticket>() : inOrder(readTickets(plan).value);
    if (!spec.isEmpty()) {
        for (const Criterion &criterion : readSpec(spec).value.criteria) {
            CriterionView shown{criterion.id, criterion.text, {}};
            for (const Ticket &ticket : tickets) {
                if (ticket.criteria.contains(criterion.id))
                    shown.tickets.push_back(ticket.number);
            }
            std::ranges::sort(shown.tickets);
            view.criteria.push_back(std::move(shown));
        }
    }
    for (size_t i = 0; i < tickets.size(); ++i) {
        const bool done = int(i) < documents.done;
        const bool next = int(i) == documents.done && !isEnded(job.progress.state);
        view.tickets.push_back({tickets[i].number, tickets[i].name,
                                done   ? TicketView::State::Done
                                : next ? TicketView::State::Current
                                       : TicketView::State::ToCome,
                                std::ranges::contains(job.wishes.taken, tickets[i].number), tickets[i].goal,
                                tickets[i].criteria, tickets[i].dependsOn,
                                ticketPath(tickets[i]) + QStringLiteral(".md")});
    }
    return view;
}

bool changesHands(const JobFolder &folder, const Job &job, const std::vector<int> &before)
{
    if (before == job.wishes.taken || job.identity.author == AuthorKind::Person)
        return false;
    const int current = currentTicket(readPlan(folder, job));
    return std::ranges::contains(before, current) != std::ranges::contains(job.wishes.taken, current);
}

void addPlan(QJsonObject &job, const Documents &documents, const PlanView &plan)
{
    if (!documents.question.isEmpty()) {
        job[QStringLiteral("question")] = documents.question;
        job[QStringLiteral("answer")] = documents.answer;
    }
    if (documents == Documents{})
        return;
    job[QStringLiteral("frozen")] = QJsonObject{{QStringLiteral("spec"), documents.spec},
                                                {QStringLiteral("architecture"), documents.architecture},
                                                {QStringLiteral("tickets"), documents.tickets},
                                                {QStringLiteral("changed"), QJsonArray::fromStringList(plan.changed)}};
    QJsonArray criteria;
    for (const CriterionView &criterion : plan.criteria) {
        QJsonArray numbers;
        for (const int number : criterion.tickets)
            numbers.append(number);
        criteria.append(QJsonObject{{QStringLiteral("id"), criterion.id},
                                    {QStringLiteral("text"), criterion.text},
                                    {QStringLiteral("tickets"), numbers}});
    }
    job[QStringLiteral("criteria")] = criteria;
    QJsonArray tickets;
    for (const TicketView &ticket : plan.tickets)
        tickets.append(QJsonObject{{QStringLiteral("number"), ticket.number},
                                   {QStringLiteral("name"), ticket.name},
                                   {QStringLiteral("state"), toName(ticket.state)},
                                   {QStringLiteral("taken"), ticket.taken}});
    job[QStringLiteral("tickets")] = tickets;
}

} // namespace openfactory
