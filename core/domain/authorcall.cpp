// SPDX-License-Identifier: Apache-2.0
#include "core/domain/authorcall.h"

#include <algorithm>

namespace openfactory {

namespace {

qint64 tokensOf(const AuthorCallRecord &call)
{
    return call.inputTokens && call.outputTokens ? *call.inputTokens + *call.outputTokens : call.reckonedTokens;
}

template<class Number>
QJsonValue known(const std::optional<Number> &number)
{
    return number ? QJsonValue(*number) : QJsonValue(QStringLiteral("unknown"));
}

} // namespace

QString costText(qint64 millionths, const QString &currency)
{
    return QString::number(double(millionths) / 1e6, 'f', 4) + (currency.isEmpty() ? QString() : u' ' + currency);
}

QJsonObject toJson(const AuthorCallRecord &call)
{
    return {{QStringLiteral("number"), call.number},
            {QStringLiteral("stage"), call.stage},
            {QStringLiteral("round"), call.round},
            {QStringLiteral("purpose"), call.purpose},
            {QStringLiteral("name"), call.name},
            {QStringLiteral("base_url"), call.baseUrl},
            {QStringLiteral("model"), call.model},
            {QStringLiteral("temperature"), call.temperature ? QJsonValue(*call.temperature) : QJsonValue()},
            {QStringLiteral("max_tokens"), call.maxTokens},
            {QStringLiteral("finished"), call.finished},
            {QStringLiteral("ending"), call.ending},
            {QStringLiteral("note"), call.note},
            {QStringLiteral("tries"), call.tries},
            {QStringLiteral("started_ms"), call.startedMs},
            {QStringLiteral("latency_ms"), call.latencyMs},
            {QStringLiteral("input_tokens"), known(call.inputTokens)},
            {QStringLiteral("output_tokens"), known(call.outputTokens)},
            {QStringLiteral("cost_millionths"), known(call.cost)},
            {QStringLiteral("currency"), call.currency},
            {QStringLiteral("prompt"), call.prompt},
            {QStringLiteral("answer"), call.answer}};
}

AuthorSpending spendingOf(const std::vector<AuthorCallRecord> &calls)
{
    AuthorSpending spent;
    for (const AuthorCallRecord &call : calls) {
        ++spent.calls;
        const bool counted = call.inputTokens && call.outputTokens;
        spent.reckoned += counted ? 0 : 1;
        spent.tokens += tokensOf(call);
        const auto cost = call.cost ? call.cost : call.reckonedCost;
        spent.cost += cost.value_or(0);
        spent.priced = spent.priced && cost;
        if (spent.currency.isEmpty())
            spent.currency = call.currency;
    }
    return spent;
}

std::optional<QString> whyOverBudget(const JobBudget &budget, const std::vector<AuthorCallRecord> &calls,
                                     const AuthorCallRecord &next)
{
    const AuthorSpending spent = spendingOf(calls);
    const QString unsure = spent.reckoned == 0 ? QString()
                                               : QStringLiteral(", %1 of them by an upper bound").arg(spent.reckoned);
    const QString fix = QStringLiteral("; raise job_budget in openfactory.yaml, then: factory retry");
    if (budget.tokens && spent.tokens + next.reckonedTokens > *budget.tokens)
        return QStringLiteral(
                   "a larger budget: the job's %1 calls took %2 tokens%3, the next one can take %4, and %5 are "
                   "allowed")
                   .arg(spent.calls)
                   .arg(spent.tokens)
                   .arg(unsure)
                   .arg(next.reckonedTokens)
                   .arg(*budget.tokens)
               + fix;
    if (!budget.cost)
        return std::nullopt;
    if (!spent.priced || !next.reckonedCost)
        return QStringLiteral("a price: job_budget limits the cost, and a model that the job uses has none") + fix;
    if (spent.cost + *next.reckonedCost > *budget.cost)
        return QStringLiteral(
                   "a larger budget: the job's %1 calls cost %2%3, the next one can cost %4, and %5 is allowed")
                   .arg(spent.calls)
                   .arg(costText(spent.cost, budget.currency), unsure, costText(*next.reckonedCost, budget.currency),
                        costText(*budget.cost, budget.currency))
               + fix;
    return std::nullopt;
}

} // namespace openfactory
