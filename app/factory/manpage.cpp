// SPDX-License-Identifier: Apache-2.0
/// The manual page as scdoc source, made from the table of commands.
#include "app/factory/commandtable.h"

namespace openfactory::cli {

namespace {

/// Text in which nothing means anything to scdoc.
QString plain(QString words)
{
    return words.replace(u'\\', QStringLiteral("\\\\"))
        .replace(u'_', QStringLiteral("\\_"))
        .replace(u'*', QStringLiteral("\\*"))
        .replace(u'`', QStringLiteral("\\`"))
        .replace(u'\n', u' ');
}

QString item(const QString &term, const QString &means)
{
    return QLatin1Char('*') + plain(term) + QStringLiteral("*\n\t") + plain(means) + QStringLiteral("\n\n");
}

QString item(const Option &option)
{
    return item(optionForm(option), option.choices.isEmpty() ? option.help
                                                             : option.help + QStringLiteral(": ")
                                                                   + option.choices.join(QStringLiteral(", ")));
}

QString commandSection(const Command &command)
{
    QString text = QStringLiteral("## ") + command.name + QStringLiteral("\n\n") + plain(command.summary)
                   + QStringLiteral(".\n\n");
    if (!command.words.isEmpty())
        text += QStringLiteral("*factory ") + plain(command.name) + QStringLiteral("* ") + plain(command.words)
                + QStringLiteral(" [OPTION...]\n\n");
    if (!command.description.isEmpty())
        text += plain(command.description) + QStringLiteral("\n\n");
    for (const auto &made : command.options)
        text += item(made);
    if (!command.example.isEmpty())
        text += QStringLiteral("Example: ") + plain(command.example) + QStringLiteral("\n\n");
    return text;
}

} // namespace

QString manPage()
{
    const auto text = [](const char *words) { return QString::fromUtf8(words); };
    QString page = text("factory(1)\n\n# NAME\n\nfactory - a software factory on one desk\n\n"
                        "# SYNOPSIS\n\n*factory* _COMMAND_ [OPTION...]\n\n"
                        "# DESCRIPTION\n\nTakes a change on a git repository, a job, through the stages of a pipeline "
                        "in a sandbox: what fails is reverted, what passes is committed, and a person decides at the "
                        "gate. Everything is kept in one store and survives a kill at any instant.\n\n"
                        "# COMMANDS\n\n");
    for (const auto &command : commandTable())
        page += commandSection(command);
    page += text("# OPTIONS OF EVERY COMMAND\n\n");
    for (const auto &made : commonOptions())
        page += item(made);
    page += text(
        "With *--json* standard output holds JSON only, one object a line: events of a run as they happen, "
        "then the answer. An error is an object with the key _error_ there, and sentences on standard error.\n\n");
    page += text("# EXIT STATUS\n\n");
    for (const auto &[code, means] : exitCodes())
        page += item(QString::number(code), means);
    page += text("# ENVIRONMENT\n\n");
    page += item(text("OPENFACTORY_DATA"), text("the data directory, where --data says nothing"));
    page += item(text("OPENFACTORY_AUTHOR_NAME, OPENFACTORY_AUTHOR_EMAIL, OPENFACTORY_CO_AUTHOR"),
                 text("who the engine's commits are by; they win over openfactory.yaml"));
    page += item(text("OPENFACTORY_SECRET_NAME"), text("the secret NAME: masked everywhere, given to the commands of "
                                                       "jobs whose contract names it"));
    page += item(text("NO_COLOR"), text("when not empty, no colours on a terminal"));
    page += text("# FILES\n\n");
    page += item(text("openfactory.yaml"), text("settings, in the data directory"));
    page += item(text("contract.yaml"), text("what a job may change and must reach, in the repository"));
    page += item(
        text(".factory/, .factory-workspaces/"),
        text("the links to the worktrees with tasks.json and audit.log, and the worktrees, in the repository"));
    return page;
}

} // namespace openfactory::cli
