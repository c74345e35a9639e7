// SPDX-License-Identifier: Apache-2.0
#include "core/policy/pythonlines.h"

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

/// Walks over the lines of a hunk; the state is what a line leaves to the next.
class Walker {
public:
    explicit Walker(QByteArrayView quote) : m_quote(quote) {}

    bool joinsNext() const { return !m_quote.isEmpty() || m_depth > 0 || m_continued; }

    /// What each byte of the line is.
    QString walk(const QByteArray &line)
    {
        QString kinds(line.size(), u'c');
        m_continued = false;
        qsizetype at = 0;
        while (at < line.size()) {
            const char c = line[at];
            if (!m_quote.isEmpty()) {
                if (c == '\\') {
                    mark(kinds, at, 2, u's');
                    at += 2;
                } else if (QByteArrayView(line).sliced(at).startsWith(m_quote)) {
                    mark(kinds, at, m_quote.size(), u'"');
                    at += m_quote.size();
                    m_quote = {};
                } else {
                    kinds[at++] = u's';
                }
            } else if (c == '#') {
                mark(kinds, at, line.size() - at, u'#');
                return kinds;
            } else if (c == '"' || c == '\'') {
                const QByteArrayView rest = QByteArrayView(line).sliced(at);
                m_quote = rest.startsWith("\"\"\"") ? "\"\"\"" : rest.startsWith("'''") ? "'''" : c == '"' ? "\"" : "'";
                mark(kinds, at, m_quote.size(), u'"');
                at += m_quote.size();
            } else {
                if (c == '(' || c == '[' || c == '{')
                    ++m_depth;
                else if ((c == ')' || c == ']' || c == '}') && m_depth > 0)
                    --m_depth;
                ++at;
            }
        }
        const bool backslash = line.endsWith('\\');
        if (m_quote.size() == 1 && !backslash)
            m_quote = {}; // not closed: an error of the text, which ends with the line
        m_continued = backslash;
        return kinds;
    }

    /// Gives up a statement that does not end; a long string goes on.
    void breakStatement() { m_depth = 0; }

private:
    static void mark(QString &kinds, qsizetype from, qsizetype count, QChar kind)
    {
        for (qsizetype at = from; at < std::min(from + count, kinds.size()); ++at)
            kinds[at] = kind;
    }

    QByteArrayView m_quote; ///< of the string that is open
    int m_depth = 0;        ///< of brackets
    bool m_continued = false;
};

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

/// Fills in which statements enclose which, by indentation.
void nest(std::vector<Statement> &statements, bool header)
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

std::vector<Statement> statementsOf(const DiffHunk &hunk)
{
    const std::vector<SourceLine> lines = newSide(hunk);
    Walker walker(openedBefore(lines));
    std::vector<Statement> statements;
    bool joins = false;
    for (const SourceLine &line : lines) {
        if (!joins && !walker.joinsNext() && line.text.trimmed().isEmpty())
            continue;
        const QString kinds = walker.walk(line.text);
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
            statement.kinds += u'c';
        }
        statement.offsets.push_back(statement.all.size());
        statement.all += QLatin1StringView(line.text).sliced(skip);
        statement.kinds += QStringView(kinds).sliced(skip);
        statement.lines.push_back(line);
        joins = walker.joinsNext();
        if (joins && statement.lines.size() >= mostStatementLines) {
            walker.breakStatement();
            joins = false;
        }
    }
    nest(statements, !hunk.header.trimmed().isEmpty());
    return statements;
}

} // namespace openfactory
