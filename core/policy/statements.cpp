// SPDX-License-Identifier: Apache-2.0
#include "core/policy/statements.h"

#include <QRegularExpression>

namespace openfactory {

namespace {

/// Of one statement: what is not code for a hundred lines on is not going to be.
constexpr size_t mostStatementLines = 100;

struct Triple {
    QByteArrayView quote; ///< """ or '''
    qsizetype at = -1;
};

Triple firstTriple(QByteArrayView line)
{
    const Triple one{"\"\"\"", line.indexOf("\"\"\"")}, other{"'''", line.indexOf("'''")};
    return other.at < 0 || (one.at >= 0 && one.at < other.at) ? one : other;
}

/// The long string that a hunk most likely starts inside of; empty: none. The first triple quote tells: an opening one
/// stands after an operator, or under a line that ends with a colon or an open bracket.
QByteArrayView openedBefore(const std::vector<SourceLine> &lines)
{
    static const QRegularExpression opensAfter(QStringLiteral(
        "(?:[=(\\[{,+:%|&>]|\\b[rRbBuUfF]{1,2}|\\b(?:return|yield|in|not|and|or|assert|raise|else|if))$"));
    static const QRegularExpression opensUnder(QStringLiteral("[:=(\\[{,\\\\]\\s*(?:#.*)?$"));
    if (lines.empty() || lines.front().number <= 1)
        return {};
    QByteArray above;
    for (const SourceLine &line : lines) {
        const Triple triple = firstTriple(line.text);
        const QByteArray before = line.text.first(std::max<qsizetype>(triple.at, 0)).trimmed();
        if (triple.at < 0 || before.startsWith('#')) {
            if (!line.text.trimmed().isEmpty())
                above = line.text.last(std::min<qsizetype>(line.text.size(), 500));
            continue;
        }
        const QByteArray after = line.text.sliced(triple.at + 3).trimmed();
        if (after.contains(triple.quote))
            return {}; // opens and closes in this line
        if (!before.isEmpty())
            return opensAfter.match(QString::fromLatin1(before.last(std::min<qsizetype>(before.size(), 20)))).hasMatch()
                       ? QByteArrayView()
                       : triple.quote;
        if (above.isEmpty() || opensUnder.match(QString::fromLatin1(above)).hasMatch())
            return {};
        return after.isEmpty() || QByteArrayView("),.;]").contains(after.front()) ? triple.quote : QByteArrayView();
    }
    return {};
}

/// Whether a hunk most likely starts inside of a block comment: it is closed before one opens, or its first line goes
/// on as such comments are drawn.
bool beginsInComment(const std::vector<SourceLine> &lines, const Lexis &lexis)
{
    if (lexis.blockOpen.isEmpty() || lines.empty() || lines.front().number <= 1)
        return false;
    for (const SourceLine &line : lines) {
        const qsizetype close = line.text.indexOf(lexis.blockClose);
        const qsizetype open = line.text.indexOf(lexis.blockOpen);
        const qsizetype end = line.text.indexOf(lexis.lineComment);
        if (close >= 0 && (open < 0 || close < open))
            return end < 0 || end > close;
        if (open >= 0)
            return false;
    }
    const QByteArray first = lines.front().text.trimmed();
    return first == "*" || first.startsWith("* ");
}

std::vector<SourceLine> newSide(const DiffHunk &hunk)
{
    std::vector<SourceLine> lines;
    for (const DiffLine &line : hunk.lines) {
        if (line.kind == DiffLine::Kind::Removed)
            continue;
        QByteArray text = line.text;
        while (text.endsWith('\r') || text.endsWith('\n'))
            text.chop(1);
        lines.push_back(
            {line.newLine, line.kind == DiffLine::Kind::Added, text.size() > mostLineBytes ? QByteArray() : text});
    }
    return lines;
}

int indentOf(const QByteArray &line)
{
    int column = 0;
    for (const char c : line) {
        if (c == ' ')
            ++column;
        else if (c == '\t')
            column += 8 - column % 8;
        else
            break;
    }
    return column;
}

/// Fills in which statements enclose which, by braces. A brace alone on its line belongs to the statement before.
void nestByBraces(std::vector<Statement> &statements, bool header)
{
    std::vector<int> open;
    bool sawOutermost = false;
    int before = -1; // the statement with code above
    for (size_t i = 0; i < statements.size(); ++i) {
        Statement &statement = statements[i];
        if (!statement.hasCode())
            continue;
        qsizetype at = 0;
        const auto isCode = [&](qsizetype index) { return statement.kinds[index] == u'c'; };
        for (; at < statement.all.size() && (!isCode(at) || statement.all[at].isSpace() || statement.all[at] == u'}');
             ++at) {
            if (isCode(at) && statement.all[at] == u'}' && !open.empty())
                open.pop_back();
        }
        sawOutermost = sawOutermost || (statement.indent == 0 && !statement.all.startsWith(u'#'));
        if (header && !sawOutermost)
            statement.enclosing.push_back(-1);
        // Deeper than anybody writes, only the innermost count: the copies would grow with the square.
        statement.enclosing.insert(statement.enclosing.end(),
                                   open.end() - std::min<qsizetype>(qsizetype(open.size()), 64), open.end());
        const bool alone = statement.all.trimmed() == u"{";
        for (; at < statement.all.size(); ++at) {
            if (!isCode(at))
                continue;
            if (statement.all[at] == u'{')
                open.push_back(alone && before >= 0 ? before : int(i));
            else if (statement.all[at] == u'}' && !open.empty())
                open.pop_back();
        }
        before = int(i);
    }
}

/// Fills in which statements enclose which, by indentation.
void nestByIndent(std::vector<Statement> &statements, bool header)
{
    std::vector<int> open;
    bool sawOutermost = false;
    for (size_t i = 0; i < statements.size(); ++i) {
        Statement &statement = statements[i];
        if (!statement.hasCode())
            continue;
        while (!open.empty() && statements[size_t(open.back())].indent >= statement.indent)
            open.pop_back();
        sawOutermost = sawOutermost || statement.indent == 0;
        if (header && !sawOutermost)
            statement.enclosing.push_back(-1);
        statement.enclosing.insert(statement.enclosing.end(), open.begin(), open.end());
        for (qsizetype at = statement.all.size() - 1; at >= 0; --at) {
            if (statement.kinds[at] == u'#' || statement.all[at].isSpace())
                continue;
            if (statement.all[at] == u':' && statement.kinds[at] == u'c')
                open.push_back(int(i));
            break;
        }
    }
}

} // namespace

std::vector<Statement> statementsOf(const DiffHunk &hunk, const Lexis &lexis)
{
    const std::vector<SourceLine> lines = newSide(hunk);
    Lexer lexer(lexis);
    if (const QByteArrayView quote = lexis.tripleQuotes ? openedBefore(lines) : QByteArrayView(); !quote.isEmpty())
        lexer.beginInString(quote.toByteArray());
    else if (beginsInComment(lines, lexis))
        lexer.beginInComment();
    std::vector<Statement> statements;
    bool joins = false;
    for (const SourceLine &line : lines) {
        if (!joins && !lexer.joinsNext() && line.text.trimmed().isEmpty())
            continue;
        const QChar lineEnd = lexer.inComment() ? u'#' : u'c';
        const QString kinds = lexer.walk(line.text);
        if (!joins) {
            statements.emplace_back();
            statements.back().indent = indentOf(line.text);
        }
        Statement &statement = statements.back();
        qsizetype skip = 0;
        if (statement.lines.empty()) {
            while (skip < line.text.size() && (line.text[skip] == ' ' || line.text[skip] == '\t'))
                ++skip;
        } else {
            statement.all += u'\n';
            statement.kinds += lineEnd;
        }
        statement.offsets.push_back(statement.all.size());
        statement.all += QLatin1StringView(line.text).sliced(skip);
        statement.kinds += QStringView(kinds).sliced(skip);
        statement.lines.push_back(line);
        joins = lexer.joinsNext();
        if (joins && statement.lines.size() >= mostStatementLines) {
            lexer.breakStatement();
            joins = false;
        }
    }
    const bool header = !hunk.header.trimmed().isEmpty();
    lexis.indented ? nestByIndent(statements, header) : nestByBraces(statements, header);
    return statements;
}

} // namespace openfactory
