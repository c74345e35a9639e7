// SPDX-License-Identifier: Apache-2.0
#include "core/toolchain/template.h"

#include <set>

namespace openfactory {

namespace {

constexpr int pathsOfOneCommand = 400;  ///< keeps an argv well below the kernel's limit
constexpr size_t factsOfOneCommand = 8; ///< 2^n patterns are made of n facts

const QRegularExpression &placeholder()
{
    static const QRegularExpression regex(QStringLiteral("\\{([A-Za-z]+)(:[a-z-]+)?(\\.\\.\\.)?\\}"));
    return regex;
}

/// The name of the list that the word stands for; empty where it is no list.
QString listOf(const QString &word)
{
    return word.startsWith(u'{') && word.endsWith(QStringLiteral("...}")) ? word.sliced(1, word.size() - 5) : QString();
}

QString fillWord(QString word, const Filling &filling)
{
    word.replace(QStringLiteral("{reports}"), filling.reports);
    word.replace(QStringLiteral("{cache}"), filling.cache);
    word.replace(QStringLiteral("{part}"), filling.part);
    word.replace(QStringLiteral("{sourceRoot}"), filling.sourceRoot);
    for (const auto &[name, value] : filling.values)
        word.replace(QStringLiteral("{value:%1}").arg(name), QString::number(value));
    for (const auto &[name, text] : filling.texts)
        word.replace(QStringLiteral("{text:%1}").arg(name), text);
    return word;
}

QString patternWord(const QString &word)
{
    if (!listOf(word).isEmpty())
        return QStringLiteral("{paths...}");
    const auto match = placeholder().match(word);
    if (!match.hasMatch())
        return word;
    // Whatever follows {reports} or {cache} belongs to the path.
    return word.left(match.capturedStart())
           + (match.captured(1) == QStringLiteral("value") ? QStringLiteral("{int}") : QStringLiteral("{path}"));
}

/// A path that no tool takes for an option, a response file (@) or a home (~).
QString operand(const QString &path)
{
    return QStringLiteral("-@~").contains(path.front()) ? QStringLiteral("./") + path : path;
}

QStringList wordsUnder(const CommandTemplate &command, const std::map<QString, bool> &facts)
{
    QStringList words;
    for (const auto &group : command.words) {
        if (holds(group.when, facts))
            words += group.words;
    }
    return words;
}

std::vector<QString> factsOf(const CommandTemplate &command)
{
    std::set<QString> names;
    const auto take = [&](const QStringList &when) {
        for (const QString &name : when)
            names.insert(name.startsWith(u'!') ? name.mid(1) : name);
    };
    take(command.when);
    for (const auto &group : command.words)
        take(group.when);
    return {names.begin(), names.end()};
}

/// Calls `use(words)` for every set of words that the command can have.
template<class Use>
void eachVariant(const CommandTemplate &command, Use use)
{
    const auto names = factsOf(command);
    for (unsigned bits = 0; bits < (1u << names.size()); ++bits) {
        std::map<QString, bool> facts;
        for (size_t i = 0; i < names.size(); ++i)
            facts[names[i]] = (bits >> i) & 1;
        if (holds(command.when, facts))
            use(wordsUnder(command, facts));
    }
}

} // namespace

bool isPathList(const QString &name)
{
    static const QStringList names{QStringLiteral("sources"), QStringLiteral("changed"),
                                   QStringLiteral("changedSources"), QStringLiteral("compiled"),
                                   QStringLiteral("integration")};
    return names.contains(name);
}

QString wrongWord(const LanguageFile &language, const QString &word)
{
    if (word.isEmpty() || word == QStringLiteral("*") || word == QStringLiteral("..."))
        return QStringLiteral("means something else in the allowlist");
    if (const QString list = listOf(word); !list.isEmpty())
        return isPathList(list) ? QString() : QStringLiteral("names no list of paths");
    int found = 0;
    for (auto matches = placeholder().globalMatch(word); matches.hasNext();) {
        const auto match = matches.next();
        const QString name = match.captured(1);
        if (name == QStringLiteral("value")) {
            if (!language.values.contains(match.captured(2).mid(1)) || match.capturedEnd() != word.size())
                return QStringLiteral("needs a value that is defined above, at its end");
        } else if (name == QStringLiteral("sourceRoot")) {
            if (match.capturedEnd() != word.size())
                return QStringLiteral("has more after {sourceRoot}");
        } else if (name == QStringLiteral("part")) {
            const QString before = word.left(match.capturedStart());
            if (!before.contains(QStringLiteral("{reports}")) && !before.contains(QStringLiteral("{cache}")))
                return QStringLiteral("has {part} without {reports} or {cache} before it");
            --found;
        } else if (name != QStringLiteral("reports") && name != QStringLiteral("cache")) {
            return QStringLiteral("has an unknown placeholder");
        }
        ++found;
    }
    return found > 1 ? QStringLiteral("has more than one placeholder") : QString();
}

QString wrongKind(const LanguageFile &language, const QString &kind)
{
    const auto match = placeholder().match(kind);
    const bool good = !match.hasMatch()
                      || (match.captured(1) == QStringLiteral("text")
                          && language.texts.contains(match.captured(2).mid(1)) && match.capturedEnd() == kind.size());
    return good ? QString() : QStringLiteral("needs a text that is defined above, at its end");
}

QString wrongCommand(const CommandTemplate &command)
{
    if (factsOf(command).size() > factsOfOneCommand)
        return QStringLiteral("a command may depend on %1 facts at most").arg(factsOfOneCommand);
    QString wrong;
    eachVariant(command, [&](const QStringList &words) {
        if (words.isEmpty() || words.first().contains(u'{') || words.first().contains(u'/'))
            wrong = QStringLiteral("a command begins with the name of a program");
        for (int i = 0; i + 1 < words.size(); ++i) {
            if (!listOf(words[i]).isEmpty())
                wrong = QStringLiteral("%1 must be the last word").arg(words[i]);
        }
    });
    return wrong;
}

bool holds(const QStringList &when, const std::map<QString, bool> &facts)
{
    return std::ranges::all_of(when, [&](const QString &name) {
        const bool negated = name.startsWith(u'!');
        const auto fact = facts.find(negated ? name.mid(1) : name);
        return (fact != facts.end() && fact->second) != negated;
    });
}

std::vector<PlannedCommand> fill(const CommandTemplate &command, Filling filling)
{
    QStringList words = wordsUnder(command, filling.facts);
    QStringList paths;
    bool takesPaths = false;
    if (const QString list = listOf(words.last()); !list.isEmpty()) {
        takesPaths = true;
        paths = filling.lists[list];
        words.removeLast();
    }
    const QString part = filling.part;
    std::vector<PlannedCommand> commands;
    for (qsizetype from = 0; from == 0 || from < paths.size(); from += pathsOfOneCommand) {
        if (takesPaths && paths.isEmpty())
            break;
        filling.part = from == 0 ? part : QStringLiteral("%1-%2").arg(part).arg(from / pathsOfOneCommand + 1);
        PlannedCommand planned = command.rest;
        for (const QString &word : words)
            planned.argv += fillWord(word, filling);
        for (const QString &path : paths.sliced(from, std::min<qsizetype>(pathsOfOneCommand, paths.size() - from)))
            planned.argv += operand(path);
        for (const auto &[name, value] : command.environment)
            planned.environment[name] = fillWord(value, filling);
        for (auto &report : planned.reports) {
            report.path = fillWord(report.path, filling);
            report.kind = fillWord(report.kind, filling);
        }
        commands.push_back(planned);
    }
    return commands;
}

std::vector<CommandPattern> patternsOf(const CommandTemplate &command)
{
    std::set<QStringList> seen;
    std::vector<CommandPattern> patterns;
    eachVariant(command, [&](const QStringList &words) {
        QStringList pattern;
        for (const QString &word : words)
            pattern += patternWord(word);
        if (seen.insert(pattern).second)
            patterns.push_back({pattern, true});
    });
    return patterns;
}

} // namespace openfactory
