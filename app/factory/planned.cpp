// SPDX-License-Identifier: Apache-2.0
#include "app/factory/planned.h"

#include "core/base/text.h"

#include <QJsonArray>

namespace openfactory::cli {

namespace {

/// "32768 tokens", "0.0400 EUR": what is known of the two.
QStringList amounts(const std::optional<qint64> &tokens, const std::optional<qint64> &cost, const QString &currency)
{
    QStringList parts;
    if (tokens)
        parts += QStringLiteral("%1 tokens").arg(*tokens);
    if (cost)
        parts += costText(*cost, currency);
    return parts;
}

/// "at most 32768 tokens and 0.0400 EUR a call"; empty where nothing is asked.
QString mostOfACall(const AuthorOffer &author)
{
    const QStringList parts = amounts(author.callTokens, author.callCost, author.currency);
    if (!parts.isEmpty())
        return QStringLiteral("at most %1 a call").arg(parts.join(QStringLiteral(" and ")));
    return author.kind == AuthorKind::Model || author.kind == AuthorKind::Agent
               ? QStringLiteral("what a call costs is not known")
               : QString();
}

QString budgetText(const JobBudget &budget)
{
    const QStringList parts = amounts(budget.tokens, budget.cost, budget.currency);
    return parts.isEmpty()
               ? QStringLiteral("none is set (job_budget)")
               : QStringLiteral("%1, then the job waits for a person").arg(parts.join(QStringLiteral(" or ")));
}

QString authorText(const AuthorOffer &author)
{
    QString text = toName(author.kind);
    if (!author.source.isEmpty())
        text += QStringLiteral(" ") + displayable(author.source);
    if (!author.said.isEmpty())
        text += QStringLiteral(": ") + displayable(author.said);
    const QString most = mostOfACall(author);
    return most.isEmpty() ? text : text + QStringLiteral("; ") + most;
}

QJsonObject planJson(const JobPlan &plan)
{
    const auto number = [](const std::optional<qint64> &value) { return value ? QJsonValue(*value) : QJsonValue(); };
    const AuthorOffer &author = plan.author;
    return {{QStringLiteral("slug"), plan.job.slug().text()},
            {QStringLiteral("repository"), plan.job.identity.repository},
            {QStringLiteral("branch"), plan.job.identity.branch},
            {QStringLiteral("target"), plan.job.identity.target},
            {QStringLiteral("language"), plan.contract.language},
            {QStringLiteral("author"), QJsonObject{{QStringLiteral("kind"), toName(author.kind)},
                                                   {QStringLiteral("name"), author.source},
                                                   {QStringLiteral("said"), author.said},
                                                   {QStringLiteral("call_tokens"), number(author.callTokens)},
                                                   {QStringLiteral("call_cost_millionths"), number(author.callCost)},
                                                   {QStringLiteral("currency"), author.currency}}},
            {QStringLiteral("budget"), QJsonObject{{QStringLiteral("tokens"), number(plan.budget.tokens)},
                                                   {QStringLiteral("cost_millionths"), number(plan.budget.cost)},
                                                   {QStringLiteral("currency"), plan.budget.currency}}},
            {QStringLiteral("stages"), stagesJson(plan.contract.stages)}};
}

} // namespace

QJsonArray stagesJson(const std::vector<ContractStage> &stages)
{
    QJsonArray all;
    for (const ContractStage &stage : stages)
        all.append(QJsonObject{{QStringLiteral("name"), stage.definition.name},
                               {QStringLiteral("kind"), toName(stage.definition.kind)},
                               {QStringLiteral("failure"), toName(stage.definition.failure)},
                               {QStringLiteral("commands"), QJsonArray::fromStringList(stage.commands)},
                               {QStringLiteral("nothing"), stage.nothing},
                               {QStringLiteral("missing"), QJsonArray::fromStringList(stage.missing)}});
    return all;
}

std::vector<QStringList> stageRows(const std::vector<ContractStage> &stages)
{
    std::vector<QStringList> rows;
    for (const ContractStage &stage : stages) {
        QStringList commands = stage.commands;
        if (commands.isEmpty())
            commands += stage.nothing.isEmpty() ? QString() : QStringLiteral("nothing to run: ") + stage.nothing;
        for (qsizetype i = 0; i < commands.size(); ++i)
            rows.push_back({i ? QString() : stage.definition.name, i ? QString() : toName(stage.definition.failure),
                            displayable(commands[i])});
    }
    return rows;
}

int tellPlan(Session &session, const JobPlan &plan)
{
    if (plan.refused)
        return session.refuse(*plan.refused);
    if (session.json()) {
        session.say(planJson(plan));
        return Ok;
    }
    const JobIdentity &job = plan.job.identity;
    session.say(QStringLiteral("dry run: nothing is made, nothing is run"));
    session.table({{QStringLiteral("job"), plan.job.slug().text(), displayable(job.title)},
                   {QStringLiteral("branch"), job.branch, QStringLiteral("to be integrated into ") + job.target}},
                  true);
    session.say(QStringLiteral("author:  %1").arg(authorText(plan.author)));
    session.say(QStringLiteral("budget:  %1").arg(budgetText(plan.budget)));
    session.say(QString());
    session.table(stageRows(plan.contract.stages), true);
    for (const ContractRemark &remark : plan.contract.remarks)
        session.say(QStringLiteral("%1: %2").arg(toName(remark.severity), displayable(remark.said)));
    return Ok;
}

} // namespace openfactory::cli
