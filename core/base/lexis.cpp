// SPDX-License-Identifier: Apache-2.0
#include "core/base/lexis.h"

#include <algorithm>
#include <array>

namespace openfactory {

namespace {

const std::array<Lexis, 6> &families()
{
    static const std::array<Lexis, 6> all{{
        {.name = QStringLiteral("python"),
         .lineComment = "#",
         .indented = true,
         .tripleQuotes = true,
         .singleQuotes = true},
        {.name = QStringLiteral("c"), .lineComment = "//", .blockOpen = "/*", .blockClose = "*/", .rawByR = true},
        {.name = QStringLiteral("go"), .lineComment = "//", .blockOpen = "/*", .blockClose = "*/", .backQuotes = true},
        {.name = QStringLiteral("rust"),
         .lineComment = "//",
         .blockOpen = "/*",
         .blockClose = "*/",
         .blocksNest = true,
         .longStrings = true,
         .rawByHashes = true},
        {.name = QStringLiteral("javascript"),
         .lineComment = "//",
         .blockOpen = "/*",
         .blockClose = "*/",
         .singleQuotes = true,
         .backQuotes = true,
         .interpolates = true,
         .slashPatterns = true},
        {.name = QStringLiteral("gleam"), .lineComment = "//", .longStrings = true},
    }};
    return all;
}

void mark(QString &kinds, qsizetype from, qsizetype count, QChar kind)
{
    for (qsizetype at = from; at < std::min(from + count, kinds.size()); ++at)
        kinds[at] = kind;
}

bool isWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

bool startsAt(const QByteArray &line, qsizetype at, const QByteArray &what)
{
    return !what.isEmpty() && QByteArrayView(line).sliced(at).startsWith(what);
}

} // namespace

const Lexis *lexisNamed(QStringView name)
{
    const auto found = std::ranges::find(families(), name, &Lexis::name);
    return found == families().end() ? nullptr : &*found;
}

QStringList lexisNames()
{
    QStringList names;
    for (const Lexis &family : families())
        names += family.name;
    return names;
}

void Lexer::beginInString(const QByteArray &close)
{
    m_close = close;
    m_escapes = true;
    m_goesOn = true;
}

bool Lexer::joinsNext() const
{
    if (!m_close.isEmpty() || m_comments > 0 || m_continued)
        return true;
    return !m_open.isEmpty() && (m_lexis->indented || m_open.back() != '{');
}

QString Lexer::walk(const QByteArray &line)
{
    QString kinds(line.size(), u'c');
    m_continued = false;
    qsizetype at = 0;
    while (at < line.size()) {
        if (m_comments > 0)
            walkComment(line, at, kinds);
        else if (!m_close.isEmpty())
            walkString(line, at, kinds);
        else
            walkCode(line, at, kinds);
    }
    const bool backslash = line.endsWith('\\') && !(m_close.isEmpty() && !kinds.isEmpty() && kinds.back() == u'#');
    if (!m_close.isEmpty() && !m_goesOn && !backslash)
        m_close.clear(); // not closed: an error of the text, which ends with the line
    m_continued = backslash && m_comments == 0;
    return kinds;
}

void Lexer::walkComment(const QByteArray &line, qsizetype &at, QString &kinds)
{
    if (startsAt(line, at, m_lexis->blockClose)) {
        mark(kinds, at, m_lexis->blockClose.size(), u'#');
        at += m_lexis->blockClose.size();
        --m_comments;
    } else if (m_lexis->blocksNest && startsAt(line, at, m_lexis->blockOpen)) {
        mark(kinds, at, m_lexis->blockOpen.size(), u'#');
        at += m_lexis->blockOpen.size();
        ++m_comments;
    } else {
        kinds[at++] = u'#';
    }
}

void Lexer::walkString(const QByteArray &line, qsizetype &at, QString &kinds)
{
    if (m_escapes && line[at] == '\\') {
        mark(kinds, at, 2, u's');
        at += 2;
    } else if (startsAt(line, at, m_close)) {
        mark(kinds, at, m_close.size(), u'"');
        at += m_close.size();
        m_close.clear();
    } else if (m_lexis->interpolates && m_close == "`" && startsAt(line, at, "${")) {
        mark(kinds, at, 2, u'"');
        at += 2;
        m_open += '$';
        m_close.clear();
    } else {
        kinds[at++] = u's';
    }
}

void Lexer::walkCode(const QByteArray &line, qsizetype &at, QString &kinds)
{
    const char c = line[at];
    if (startsAt(line, at, m_lexis->lineComment)) {
        mark(kinds, at, line.size() - at, u'#');
        at = line.size();
        return;
    }
    if (startsAt(line, at, m_lexis->blockOpen)) {
        mark(kinds, at, m_lexis->blockOpen.size(), u'#');
        at += m_lexis->blockOpen.size();
        m_comments = 1;
        return;
    }
    if (startsString(line, at, kinds) || startsPattern(line, at, kinds))
        return;
    if (c == '(' || c == '[' || c == '{') {
        m_open += c;
    } else if ((c == ')' || c == ']' || c == '}') && !m_open.isEmpty()) {
        if (c == '}' && m_open.back() == '$') { // back into the string around it
            m_open.chop(1);
            kinds[at++] = u'"';
            m_close = "`";
            m_escapes = m_goesOn = true;
            return;
        }
        // A brace that closes takes along what was left open within it; other brackets close only their like.
        if (c == '}' && !m_lexis->indented) {
            const qsizetype brace = m_open.lastIndexOf('{');
            if (brace >= 0 && m_open.indexOf('$', brace) < 0)
                m_open.truncate(brace);
        } else if (m_lexis->indented || (m_open.back() != '{' && m_open.back() != '$')) {
            m_open.chop(1);
        }
    }
    ++at;
}

void Lexer::enter(const QByteArray &close, bool escapes, bool goesOn, qsizetype length, qsizetype &at, QString &kinds)
{
    mark(kinds, at, length, u'"');
    at += length;
    m_close = close;
    m_escapes = escapes;
    m_goesOn = goesOn;
}

bool Lexer::startsString(const QByteArray &line, qsizetype &at, QString &kinds)
{
    const char c = line[at];
    if (c == '`' && m_lexis->backQuotes) {
        enter("`", m_lexis->interpolates, true, 1, at, kinds);
        return true;
    }
    if (c == '\'' && !m_lexis->singleQuotes)
        return startsCharacter(line, at, kinds);
    if (c != '"' && c != '\'')
        return false;
    if (m_lexis->tripleQuotes) {
        const QByteArray triple(3, c);
        if (startsAt(line, at, triple)) {
            enter(triple, true, true, 3, at, kinds);
            return true;
        }
    }
    if (m_lexis->rawByR && at > 0 && line[at - 1] == 'R') {
        qsizetype start = at - 1;
        while (start > 0 && isWord(line[start - 1]))
            --start;
        const QByteArrayView prefix = QByteArrayView(line).sliced(start, at - 1 - start);
        const qsizetype bracket = line.indexOf('(', at);
        if ((prefix.isEmpty() || prefix == "u8" || prefix == "u" || prefix == "U" || prefix == "L") && bracket >= 0
            && bracket - at <= 17) {
            enter(')' + line.mid(at + 1, bracket - at - 1) + '"', false, true, bracket - at + 1, at, kinds);
            return true;
        }
    }
    if (m_lexis->rawByHashes && at > 0) {
        qsizetype hashes = 0;
        while (hashes < at && line[at - 1 - hashes] == '#')
            ++hashes;
        const qsizetype letter = at - 1 - hashes; // -1: the line begins with hashes
        const char before = letter > 0 ? line[letter - 1] : ' ';
        const bool alone = !isWord(before) || before == 'b' || before == 'c';
        if (letter >= 0 && line[letter] == 'r' && alone && hashes < 256) {
            enter('"' + QByteArray(hashes, '#'), false, true, 1, at, kinds);
            return true;
        }
    }
    enter(QByteArray(1, c), true, c == '"' && m_lexis->longStrings, 1, at, kinds);
    return true;
}

/// 'x' and '\n', but not the ' of a lifetime ('a) or between digits (1'000).
bool Lexer::startsCharacter(const QByteArray &line, qsizetype &at, QString &kinds)
{
    const bool between = at > 0 && isWord(line[at - 1]) && at + 1 < line.size() && isWord(line[at + 1]);
    const bool prefixed = between && QByteArrayView("uULb8").contains(line[at - 1])
                          && (at < 2 || !isWord(line[at - 2]) || line[at - 1] == '8');
    if (between && !prefixed)
        return false;
    // A character is short; what is not closed soon is none.
    qsizetype end = at + 1;
    for (; end < std::min(line.size(), at + 14); ++end) {
        if (line[end] == '\\')
            ++end;
        else if (line[end] == '\'')
            break;
    }
    if (end >= line.size() || line[end] != '\'' || end == at + 1)
        return false;
    const bool one = line[at + 1] == '\\' || end == at + 2 || (line[at + 1] & 0x80);
    if (!one && m_lexis->rawByHashes) // 'a, 'b: lifetimes
        return false;
    mark(kinds, at, 1, u'"');
    mark(kinds, at + 1, end - at - 1, u's');
    mark(kinds, end, 1, u'"');
    at = end + 1;
    return true;
}

bool Lexer::startsPattern(const QByteArray &line, qsizetype &at, QString &kinds)
{
    if (!m_lexis->slashPatterns || line[at] != '/')
        return false;
    qsizetype before = at - 1;
    while (before >= 0 && (line[before] == ' ' || line[before] == '\t'))
        --before;
    if (before >= 0 && !QByteArrayView("(,=:[!&|?{};+*%~^").contains(line[before])) {
        const bool arrow = line[before] == '>' && before > 0 && line[before - 1] == '=';
        qsizetype start = before;
        while (start >= 0 && isWord(line[start]))
            --start;
        const QByteArrayView word = QByteArrayView(line).sliced(start + 1, before - start);
        if (!arrow && word != "return" && word != "typeof" && word != "case" && word != "of" && word != "in")
            return false; // a division
    }
    bool inClass = false;
    for (qsizetype end = at + 1; end < line.size(); ++end) {
        const char c = line[end];
        if (c == '\\') {
            ++end;
        } else if (c == '[') {
            inClass = true;
        } else if (c == ']') {
            inClass = false;
        } else if (c == '/' && !inClass) {
            mark(kinds, at, 1, u'"');
            mark(kinds, at + 1, end - at - 1, u's');
            mark(kinds, end, 1, u'"');
            at = end + 1;
            return true;
        }
    }
    return false;
}

QString kindsOf(const QByteArray &source, const Lexis &lexis)
{
    Lexer lexer(lexis);
    QString kinds;
    kinds.reserve(source.size());
    qsizetype at = 0;
    while (at <= source.size()) {
        const qsizetype end = source.indexOf('\n', at);
        const qsizetype stop = end < 0 ? source.size() : end;
        const bool carriage = stop > at && source[stop - 1] == '\r';
        kinds += lexer.walk(QByteArray::fromRawData(source.constData() + at, stop - at - carriage));
        kinds += QString(carriage + (end >= 0), u'c');
        at = stop + 1;
    }
    return kinds;
}

QString codeOf(const QByteArray &source, const Lexis &lexis, bool keepStrings)
{
    const QString kinds = kindsOf(source, lexis);
    QString code = QString::fromLatin1(source);
    for (qsizetype at = 0; at < code.size(); ++at) {
        const bool shown = kinds[at] == u'c' || (kinds[at] == u'"') || (keepStrings && kinds[at] == u's');
        if (!shown && code[at] != u'\n')
            code[at] = u' ';
    }
    return code;
}

} // namespace openfactory
