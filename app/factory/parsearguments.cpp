// SPDX-License-Identifier: Apache-2.0
#include "app/factory/commandtable.h"
#include "core/base/text.h"

namespace openfactory::cli {

QStringList commandFirst(const QStringList &words)
{
    qsizetype at = 0;
    while (at < words.size()) {
        const QString name = words[at].section(u'=', 0, 0);
        const auto known = std::ranges::find_if(
            commonOptions(), [&](const Option &made) { return name == QStringLiteral("--") + made.name; });
        if (known == commonOptions().end() || known->name == u"help")
            break;
        at += known->value.isEmpty() || words[at].contains(u'=') ? 1 : 2;
    }
    if (at == 0 || at >= words.size())
        return words;
    return words.mid(at, 1) + words.mid(0, at) + words.mid(at + 1);
}

Result<Arguments> parseArguments(const Command &command, const QStringList &words)
{
    const QString doing = QStringLiteral("read the options of factory %1").arg(command.name);
    const QString hint = QStringLiteral("factory help %1").arg(command.name);
    const auto options = allOptions(command);
    Arguments arguments;
    bool onlyWords = false;
    for (qsizetype i = 0; i < words.size(); ++i) {
        QString word = words[i];
        if (onlyWords || !word.startsWith(u'-') || word == QStringLiteral("-")) {
            arguments.m_words << word;
            continue;
        }
        if (word == QStringLiteral("--")) {
            onlyWords = true;
            continue;
        }
        std::optional<QString> attached;
        const bool isLong = word.startsWith(QStringLiteral("--"));
        if (const auto equals = word.indexOf(u'='); isLong && equals > 0) {
            attached = word.mid(equals + 1);
            word.truncate(equals);
        } else if (!isLong && word.size() > 2) {
            attached = word.mid(2);
            word.truncate(2);
        }
        const auto known = std::ranges::find_if(options, [&](const Option &o) {
            return isLong ? word.mid(2) == o.name : !o.letter.isNull() && word[1] == o.letter;
        });
        if (known == options.end())
            return fail(ErrorKind::Invalid, doing,
                        QStringLiteral("unknown option \"%1\"").arg(displayable(word.left(60))), hint);
        QString value;
        if (known->value.isEmpty()) {
            if (attached)
                return fail(ErrorKind::Invalid, doing, QStringLiteral("--%1 takes no value").arg(known->name), hint);
        } else if (attached) {
            value = *attached;
        } else if (i + 1 < words.size()) {
            value = words[++i];
        } else {
            return fail(ErrorKind::Invalid, doing,
                        QStringLiteral("--%1 needs a value (%2)").arg(known->name, known->value), hint);
        }
        // Most often a variable that a script did not set: taking it for "not given" would do another thing.
        if (!known->value.isEmpty() && value.isEmpty())
            return fail(ErrorKind::Invalid, doing,
                        QStringLiteral("--%1 is empty; it needs a value (%2)").arg(known->name, known->value), hint);
        if (!known->choices.isEmpty() && !known->choices.contains(value))
            return fail(ErrorKind::Invalid, doing,
                        QStringLiteral("--%1 takes %2, not \"%3\"")
                            .arg(known->name, known->choices.join(QStringLiteral(", ")), displayable(value.left(60))),
                        hint);
        bool isNumber = true;
        if (known->value == u"N" && (value.toInt(&isNumber) < 0 || !isNumber))
            return fail(ErrorKind::Invalid, doing,
                        QStringLiteral("--%1 takes a whole number from 0 on, not \"%2\"")
                            .arg(known->name, displayable(value.left(60))),
                        hint);
        if (arguments.has(known->name) && !known->repeats)
            return fail(ErrorKind::Invalid, doing, QStringLiteral("--%1 was given twice").arg(known->name), hint);
        arguments.m_values[known->name] << value;
    }
    if (const QString extra = arguments.words().value(command.words.isEmpty() ? 0 : command.mostWords);
        !extra.isNull() && !command.words.endsWith(u"..."))
        return fail(ErrorKind::Invalid, doing, QStringLiteral("unexpected \"%1\"").arg(displayable(extra.left(60))),
                    hint);
    if (command.words == kJobWord && !arguments.words().isEmpty()) {
        const QString job = arguments.words().first();
        if (arguments.has(QStringLiteral("slug")) && arguments.value(QStringLiteral("slug")) != job)
            return fail(
                ErrorKind::Invalid, doing,
                QStringLiteral("both \"%1\" and \"%2\" are named as the job")
                    .arg(displayable(job.left(60)), displayable(arguments.value(QStringLiteral("slug")).left(60))),
                hint);
        arguments.m_values[QStringLiteral("slug")] = {job};
    }
    if (!command.wordChoices.isEmpty() && !arguments.words().isEmpty()
        && !command.wordChoices.contains(arguments.words().first()))
        return fail(
            ErrorKind::Invalid, doing,
            QStringLiteral("\"%1\" is not one of %2")
                .arg(displayable(arguments.words().first().left(60)), command.wordChoices.join(QStringLiteral(", "))),
            hint);
    return arguments;
}

} // namespace openfactory::cli
