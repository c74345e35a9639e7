// SPDX-License-Identifier: Apache-2.0
#include "core/domain/allowlist.h"

#include "core/base/text.h"
#include "core/domain/programs.h"

#include <algorithm>

namespace openfactory {

namespace {

bool isWildcard(const QString &word)
{
    return word == u"*" || word == u"...";
}

bool isSlot(const QString &word)
{
    return isWildcard(word) || word == u"{path}" || word == u"{paths...}" || word == u"{int}" || word == u"{number}";
}

bool hasControl(const QString &word)
{
    return std::ranges::any_of(word, [](QChar c) {
        return c.unicode() < 0x20 || (c.unicode() >= 0x7f && c.unicode() < 0xa0) || c.unicode() == 0x2028
               || c.unicode() == 0x2029;
    });
}

bool isInteger(const QString &word)
{
    return !word.isEmpty() && word.size() <= 18
           && std::ranges::all_of(word, [](QChar c) { return c >= u'0' && c <= u'9'; });
}

bool isNumber(const QString &word)
{
    const qsizetype point = word.indexOf(u'.');
    return point < 0 ? isInteger(word) : isInteger(word.first(point)) && isInteger(word.sliced(point + 1));
}

/// A word that a wildcard may stand for.
bool isPlainOperand(const QString &program, const QString &word)
{
    return !word.startsWith(u'-') && !word.startsWith(u'+') && !word.startsWith(u'@')
           && !(takesSettings(program) && word.contains(u'='));
}

/// One word against one pattern word; not for the words that match several.
bool matchesWord(const QString &program, const QString &word, const QString &pattern, const QStringList &roots)
{
    if (isWildcard(pattern))
        return isPlainOperand(program, word);
    if (pattern == u"{path}" || pattern == u"{paths...}")
        return isPathInside(word, roots);
    if (pattern == u"{int}")
        return isInteger(word);
    if (pattern == u"{number}")
        return isNumber(word);
    // "--flag={path}": the slot ends the word.
    for (const auto &[slot, fits] :
         {std::pair{QStringLiteral("{path}"),
                    +[](const QString &rest, const QStringList &in) { return isPathInside(rest, in); }},
          std::pair{QStringLiteral("{int}"), +[](const QString &rest, const QStringList &) { return isInteger(rest); }},
          std::pair{QStringLiteral("{number}"),
                    +[](const QString &rest, const QStringList &) { return isNumber(rest); }}}) {
        if (pattern.endsWith(u'=' + slot)) {
            const QString flag = pattern.chopped(slot.size());
            return word.startsWith(flag) && fits(word.sliced(flag.size()), roots);
        }
    }
    return word == pattern;
}

struct Match {
    bool complete = false;
    qsizetype words = 0; ///< that fitted
    QString why;
};

Match match(const QStringList &argv, const CommandPattern &pattern, const QStringList &roots)
{
    const QString &program = argv.first();
    qsizetype at = 0;
    for (const QString &word : pattern.words) {
        if (word == u"..." || word == u"{paths...}") {
            while (at < argv.size() && matchesWord(program, argv[at], word, roots))
                ++at;
            break;
        }
        if (at == argv.size())
            return {false, at, QStringLiteral("\"%1\" is missing at the end").arg(displayable(word))};
        // The program is never a slot.
        if (at == 0 ? argv[0] != word : !matchesWord(program, argv[at], word, roots))
            break;
        ++at;
    }
    if (at < argv.size()) {
        const QString word = displayable(argv[at].left(80));
        const QString why = argv[at].startsWith(u'-') ? QStringLiteral("option \"%1\" is not named in it").arg(word)
                            : argv[at].startsWith(u'@')
                                ? QStringLiteral("\"%1\" is a response file").arg(word)
                                : QStringLiteral("word %1, \"%2\", does not fit").arg(at + 1).arg(word);
        return {false, at, why};
    }
    const qsizetype needed = std::ranges::count_if(pattern.words,
                                                   [](const QString &w) { return w != u"..." && w != u"{paths...}"; });
    if (at < needed)
        return {false, at, QStringLiteral("\"%1\" is missing at the end").arg(displayable(pattern.words.value(at)))};
    return {true, at, {}};
}

QString asLine(const QStringList &words)
{
    QStringList shown;
    for (const QString &word : words) {
        const bool plain = !word.isEmpty() && std::ranges::none_of(word, [](QChar c) {
            return c.isSpace() || QStringView(u"\"'\\$`;&|<>()*?[]#!").contains(c);
        });
        shown << (plain || isSlot(word) ? displayable(word) : u'\'' + displayable(word) + u'\'');
    }
    QString line = shown.join(u' ');
    if (line.size() > 300)
        line = line.left(300) + u'\u2026';
    return line;
}

} // namespace

Result<void> checkPattern(const CommandPattern &pattern)
{
    const QString doing = QStringLiteral("allow `%1`").arg(asLine(pattern.words));
    if (pattern.words.isEmpty())
        return fail(ErrorKind::Invalid, doing, QStringLiteral("the pattern is empty"));
    if (std::ranges::any_of(pattern.words, hasControl))
        return fail(ErrorKind::Invalid, doing, QStringLiteral("a word holds a control character"));
    const QString program = pattern.words.first();
    if (isSlot(program))
        return fail(ErrorKind::Invalid, doing, QStringLiteral("the program must be named"));
    OF_CHECK(checkProgramName(program, doing));
    for (qsizetype i = 1; i + 1 < pattern.words.size(); ++i) {
        if (pattern.words[i] == u"..." || pattern.words[i] == u"{paths...}")
            return fail(ErrorKind::Invalid, doing,
                        QStringLiteral("\"%1\" stands at the end only").arg(pattern.words[i]));
    }
    return pattern.builtIn ? Result<void>() : checkStartsNoOther(pattern.words, {}, doing);
}

Result<void> checkCommand(const QStringList &argv)
{
    const QString doing = QStringLiteral("run `%1`").arg(asLine(argv));
    if (argv.isEmpty())
        return fail(ErrorKind::Denied, doing, QStringLiteral("the command is empty"));
    if (std::ranges::any_of(argv, hasControl))
        return fail(ErrorKind::Denied, doing, QStringLiteral("a word holds a control character (NUL, CR, LF, ...)"));
    OF_CHECK(checkProgramName(argv.first(), doing));
    return checkStartsNoOther(argv, {}, doing);
}

Result<void> checkAllowed(const QStringList &argv, const std::vector<CommandPattern> &patterns,
                          const QStringList &roots)
{
    const QString doing = QStringLiteral("run `%1`").arg(asLine(argv));
    if (argv.isEmpty())
        return fail(ErrorKind::Denied, doing, QStringLiteral("the command is empty"));
    if (std::ranges::any_of(argv, hasControl))
        return fail(ErrorKind::Denied, doing, QStringLiteral("a word holds a control character (NUL, CR, LF, ...)"));
    OF_CHECK(checkProgramName(argv.first(), doing));

    const CommandPattern *nearest = nullptr;
    Match best;
    for (const CommandPattern &pattern : patterns) {
        if (pattern.words.isEmpty() || pattern.words.first() != argv.first())
            continue;
        Match found = match(argv, pattern, roots);
        if (const auto sound = checkPattern(pattern); !sound)
            found = {false, found.words, sound.error().said};
        // A wildcard may have let a word through that makes the program start another.
        if (found.complete && !pattern.builtIn)
            OF_CHECK(checkStartsNoOther(argv, roots, doing));
        if (found.complete)
            return {};
        if (!nearest || found.words > best.words) {
            nearest = &pattern;
            best = found;
        }
    }
    const QString said =
        nearest ? QStringLiteral("no pattern allows it; the nearest is `%1`: %2").arg(asLine(nearest->words), best.why)
                : QStringLiteral("no pattern names the program %1").arg(displayable(argv.first().left(80)));
    // What can never be allowed is not advised.
    OF_CHECK(checkStartsNoOther(argv, roots, doing));
    const QString hint = QStringLiteral("to allow it, add to contract.yaml under allowed_commands: - %1")
                             .arg(asLine(argv));
    return fail(ErrorKind::Denied, doing, said, hint);
}

} // namespace openfactory
