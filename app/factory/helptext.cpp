// SPDX-License-Identifier: Apache-2.0
#include "app/factory/commandtable.h"

#include <QJsonArray>

namespace openfactory::cli {

namespace {

QString optionLine(const Option &made)
{
    QString help = made.help;
    if (!made.choices.isEmpty())
        help += QStringLiteral(" (") + made.choices.join(QStringLiteral(", ")) + QLatin1Char(')');
    return QStringLiteral("  ") + optionForm(made).leftJustified(24) + QLatin1Char(' ') + help + QLatin1Char('\n');
}

QJsonObject optionJson(const Option &made)
{
    return {{QStringLiteral("name"), made.name},
            {QStringLiteral("letter"), made.letter.isNull() ? QString() : QString(made.letter)},
            {QStringLiteral("value"), made.value},
            {QStringLiteral("help"), made.help},
            {QStringLiteral("choices"), QJsonArray::fromStringList(made.choices)},
            {QStringLiteral("repeats"), made.repeats}};
}

} // namespace

QString optionForm(const Option &made)
{
    return (made.letter.isNull() ? QString() : QStringLiteral("-%1, ").arg(made.letter)) + QStringLiteral("--")
           + made.name + (made.value.isEmpty() ? QString() : QLatin1Char(' ') + made.value);
}

QString helpText()
{
    QString text = QStringLiteral("factory: a software factory on one desk\n\nusage: factory COMMAND [OPTION...]\n\n");
    for (const auto &command : commandTable())
        text += QStringLiteral("  ") + command.name.leftJustified(17) + command.summary + QLatin1Char('\n');
    text += QStringLiteral("\nOn every command:\n");
    for (const auto &made : commonOptions())
        text += optionLine(made);
    text += QStringLiteral(
        "\nfactory help COMMAND says more; factory help exit-codes lists them. Begin with: factory smoke\n");
    return text;
}

QString helpText(const Command &command)
{
    QString text = QStringLiteral("factory %1: %2\n\nusage: factory %1").arg(command.name, command.summary);
    if (!command.words.isEmpty())
        text += QLatin1Char(' ') + command.words;
    text += QStringLiteral(" [OPTION...]\n");
    if (!command.description.isEmpty())
        text += QLatin1Char('\n') + command.description + QLatin1Char('\n');
    text += QLatin1Char('\n');
    for (const auto &made : allOptions(command))
        text += optionLine(made);
    if (!command.example.isEmpty())
        text += QStringLiteral("\nexample:\n  %1\n").arg(command.example);
    return text;
}

QJsonObject helpJson(const Command &command)
{
    QJsonArray options;
    for (const auto &made : allOptions(command))
        options.append(optionJson(made));
    return {{QStringLiteral("command"), command.name},
            {QStringLiteral("summary"), command.summary},
            {QStringLiteral("description"), command.description},
            {QStringLiteral("words"), command.words},
            {QStringLiteral("options"), options},
            {QStringLiteral("example"), command.example}};
}

QJsonObject helpJson()
{
    QJsonArray commands;
    for (const auto &command : commandTable())
        commands.append(helpJson(command));
    QJsonObject codes;
    for (const auto &[code, means] : exitCodes())
        codes[QString::number(code)] = means;
    return {{QStringLiteral("commands"), commands}, {QStringLiteral("exit_codes"), codes}};
}

const std::vector<ExitCode> &exitCodes()
{
    const auto text = [](const char *words) { return QString::fromUtf8(words); };
    static const std::vector<ExitCode> codes{
        {Ok, text("done as asked")},
        {JobFailed, text("the job or a gate failed, or a check found something")},
        {Usage, text("the command line or a file given to it is wrong")},
        {NotFound, text("the job, stage, branch or file named does not exist")},
        {Refused, text("refused: not allowed, or somebody else acted first")},
        {Environment, text("something on this host is missing or full (sandbox, tool, disk), or is not built yet")},
        {StoreDamaged, text("the store or its audit chain is damaged")},
        {Waits, text("the job waits: for a person, another job or the paused engine")},
        {Interrupted, text("interrupted; the job is parked and goes on where it stood")},
    };
    return codes;
}

QString exitCodeText()
{
    QString text;
    for (const auto &[code, means] : exitCodes())
        text += QStringLiteral("  ") + QString::number(code).leftJustified(5) + means + QLatin1Char('\n');
    return text;
}

} // namespace openfactory::cli
