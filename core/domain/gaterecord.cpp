// SPDX-License-Identifier: Apache-2.0
#include "core/domain/gaterecord.h"

#include "core/base/text.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace openfactory {

namespace {

/// Bytes that need not be text, in JSON.
QString hex(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toHex());
}

QJsonArray toJson(const std::vector<int> &numbers)
{
    QJsonArray out;
    for (const int number : numbers)
        out.append(number);
    return out;
}

QJsonObject toJson(const PlannedCommand &command)
{
    QJsonObject environment;
    for (const auto &[name, value] : command.environment)
        environment[name] = value;
    QJsonArray reports;
    for (const ReportSource &report : command.reports)
        reports.append(QJsonArray{report.kind, report.path});
    return {{QStringLiteral("argv"), QJsonArray::fromStringList(command.argv)},
            {QStringLiteral("folder"), command.folder},
            {QStringLiteral("environment"), environment},
            {QStringLiteral("caches"), QJsonArray::fromStringList(command.caches)},
            {QStringLiteral("reports"), reports},
            {QStringLiteral("pass"), toJson(command.passCodes)},
            {QStringLiteral("problems"), toJson(command.problemCodes)},
            {QStringLiteral("nothing"), toJson(command.nothingCodes)},
            {QStringLiteral("needed"), command.needed()},
            {QStringLiteral("optional"), command.optional},
            {QStringLiteral("findingsFail"), command.findingsFail},
            {QStringLiteral("onlyChanged"), command.onlyChanged}};
}

QJsonArray toJson(const std::vector<PlannedCommand> &commands)
{
    QJsonArray out;
    for (const PlannedCommand &command : commands)
        out.append(toJson(command));
    return out;
}

bool usesNetwork(const std::vector<PlannedCommand> &commands)
{
    return std::ranges::any_of(commands, &PlannedCommand::network);
}

} // namespace

QString whyAlwaysRun(const StagePlan &plan, const StageDefinition &stage, const Contract &contract)
{
    if (stage.network || usesNetwork(plan.commands) || usesNetwork(plan.fixes))
        return QStringLiteral("its commands use the network, and what lies there is not known");
    if (!contract.secrets.isEmpty())
        return QStringLiteral(
            "its commands get secrets, whose values are kept nowhere: whether they are the same cannot be told");
    return {};
}

QString inputsKey(const GateInputs &inputs)
{
    const StageDefinition &stage = inputs.stage;
    const QJsonObject all{
        {QStringLiteral("stage"), stage.name},
        {QStringLiteral("kind"), openfactory::toName(stage.kind)},
        {QStringLiteral("failure"), openfactory::toName(stage.failure)},
        {QStringLiteral("timeout"), qint64(stage.timeout.value_or(std::chrono::seconds(0)).count())},
        {QStringLiteral("commands"), toJson(inputs.plan.commands)},
        {QStringLiteral("fixes"), toJson(inputs.plan.fixes)},
        {QStringLiteral("stopAtFirst"), inputs.plan.stopAtFirst},
        {QStringLiteral("transient"), QJsonArray::fromStringList(inputs.plan.transientPatterns)},
        {QStringLiteral("nothing"), inputs.plan.nothingToDo},
        {QStringLiteral("tree"), inputs.tree},
        {QStringLiteral("base"), inputs.base},
        {QStringLiteral("beside"), hex(inputs.beside)},
        {QStringLiteral("home"), hex(inputs.home)},
        {QStringLiteral("seed"), inputs.seed},
        {QStringLiteral("language"), inputs.language},
        {QStringLiteral("pipeline"), inputs.pipeline},
        {QStringLiteral("contract"), inputs.contract},
        {QStringLiteral("layers"), QJsonArray::fromStringList(inputs.layers)},
        {QStringLiteral("present"), QJsonArray::fromStringList(inputs.present)},
        {QStringLiteral("tools"), hex(inputs.tools)},
        {QStringLiteral("judge"), inputs.judge},
    };
    // Compact text of a QJsonObject is canonical: its keys are sorted.
    return QString::fromLatin1(
        sha256Hex("openfactory gate inputs 1\n" + QJsonDocument(all).toJson(QJsonDocument::Compact)));
}

bool holdsForAnyJob(const std::vector<AttemptRecord> &earlier, const TreeId &tree)
{
    return std::ranges::all_of(earlier, [&](const AttemptRecord &attempt) { return attempt.tree == tree; });
}

Verdict answeredFrom(const RecordSource &source, Verdict verdict)
{
    verdict.record = source;
    verdict.summary += QStringLiteral(" (answered from the record: %1)").arg(toText(source));
    return verdict;
}

QString toText(const RecordSource &source)
{
    const QString attempt = QStringLiteral("%1/%2").arg(source.stage).arg(source.attempt);
    return source.slug.isEmpty() ? attempt : QStringLiteral("%1 of job %2, %3").arg(attempt, source.slug, source.job);
}

} // namespace openfactory
