// SPDX-License-Identifier: Apache-2.0
/// The commands of `factory` as one table: the parser, the help, the completions and the man page are made from it.
#pragma once

#include "core/base/error.h"

#include <QJsonObject>
#include <QMap>
#include <QStringList>

#include <functional>
#include <vector>

namespace openfactory::cli {

/// Exit codes; documented in `factory help exit-codes`.
enum Exit {
    Ok = 0,
    JobFailed = 1,    ///< the job or gate failed, or a check found something
    Usage = 2,        ///< the command line is wrong
    NotFound = 3,     ///< the job, stage or file named does not exist
    Refused = 4,      ///< not allowed, or somebody else acted first
    Environment = 5,  ///< something on this host is missing: sandbox, tool, disk
    StoreDamaged = 6, ///< the store or its audit chain is damaged
    Waits = 7,        ///< the job waits: for a person, another job or the paused engine
    Interrupted = 130,
};

struct Option {
    QString name;  ///< "slug"
    QChar letter;  ///< 's', or null
    QString value; ///< what it takes, for the help: "SLUG"; empty: a flag
    QString help;
    QStringList choices; ///< not empty: nothing else is taken
    bool repeats = false;
    QString completes; ///< "slug", "stage", "file", "folder"
};

class Arguments {
public:
    QString value(const QString &option) const { return m_values.value(option).value(0); }
    QStringList values(const QString &option) const { return m_values.value(option); }
    bool has(const QString &option) const { return m_values.contains(option); }
    const QStringList &words() const { return m_words; } ///< what is no option

    QMap<QString, QStringList> m_values;
    QStringList m_words;
};

class Session;

/// What a command does with the store. One that only reads goes on where nothing can be written.
enum class StoreUse { None, Reads, Writes };

struct Command {
    QString name;
    QString summary;
    QString description;
    std::vector<Option> options;
    QString words; ///< positional arguments, for the help: "verify"
    QStringList wordChoices;
    QString example;
    std::function<int(Session &, const Arguments &)> run;
    StoreUse store = StoreUse::Writes;
    int mostWords = 1; ///< positional arguments at the most, where `words` names some and does not end in "..."
};

/// `words` of a command about one job, which may be named by a word in place of -s.
inline const QString kJobWord = QStringLiteral("[JOB]");

/// Every command, in the order of the help.
const std::vector<Command> &commandTable();
/// Options that every command takes.
const std::vector<Option> &commonOptions();
/// The command's own options, then those of every command.
std::vector<Option> allOptions(const Command &command);
const Command *findCommand(const QString &name);

/// The words of a command line with the command in front: options of every command may stand before it too.
QStringList commandFirst(const QStringList &words);

/// Invalid, with what is wrong and the nearest known option.
Result<Arguments> parseArguments(const Command &command, const QStringList &words);

/// "-s, --slug SLUG"
QString optionForm(const Option &option);
QString helpText();
QString helpText(const Command &command);
QJsonObject helpJson();
QJsonObject helpJson(const Command &command);
struct ExitCode {
    int code;
    QString means;
};
/// Every exit code, as documented; they never change their meaning.
const std::vector<ExitCode> &exitCodes();
QString exitCodeText();
/// A completion script for bash, zsh or fish; Invalid for another shell.
Result<QString> completionScript(const QString &shell);
/// The man page as scdoc source.
QString manPage();

} // namespace openfactory::cli
