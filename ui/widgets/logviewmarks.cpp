// SPDX-License-Identifier: Apache-2.0
// Places in a log that a person goes to: folds, marks, matches, errors.
#include "ui/widgets/logoverview.h"
#include "ui/widgets/logview.h"

#include <algorithm>

namespace openfactory {

namespace {
constexpr qsizetype longRow = 8192; ///< characters
} // namespace

// ---- folds and marks

void LogView::setFolds(std::vector<LogFold> folds)
{
    m_folds = std::move(folds);
    onChanged(false);
    Q_EMIT foldsChanged();
}

void LogView::setFoldsOpen(bool open)
{
    const qint64 row = rowAtSeen(m_top);
    for (LogFold &fold : m_folds)
        fold.open = open;
    buildMap();
    setTop(seenOfRow(row), 0);
    Q_EMIT foldsChanged();
}

const LogFold *LogView::foldStartingAt(qint64 line) const
{
    const auto at = std::ranges::lower_bound(m_folds, line, {}, &LogFold::firstLine);
    return at != m_folds.end() && at->firstLine == line ? &*at : nullptr;
}

void LogView::toggleFold(qint64 line)
{
    // The innermost fold that holds the line.
    LogFold *found = nullptr;
    for (LogFold &fold : m_folds) {
        if (fold.firstLine <= line && line <= fold.lastLine && (!found || fold.firstLine >= found->firstLine))
            found = &fold;
    }
    if (!found)
        return;
    found->open = !found->open;
    const qint64 top = rowAtSeen(m_top);
    buildMap();
    if (!found->open)
        setCursor({m_document->shape().rowOf(found->firstLine), 0}, false);
    setTop(seenOfRow(top), 0);
    Q_EMIT foldsChanged();
}

void LogView::openFoldsAt(qint64 line)
{
    bool opened = false;
    for (LogFold &fold : m_folds) {
        if (!fold.open && fold.firstLine < line && line <= fold.lastLine)
            opened = fold.open = true;
    }
    if (opened) {
        buildMap();
        Q_EMIT foldsChanged();
    }
}

void LogView::setMarks(std::set<qint64> marks)
{
    m_marks = std::move(marks);
    viewport()->update();
    if (m_overview)
        m_overview->update();
}

void LogView::toggleMark()
{
    const qint64 line = currentLine();
    if (m_marks.erase(line) == 0)
        m_marks.insert(line);
    setMarks(std::move(m_marks));
    Q_EMIT marksChanged();
}

bool LogView::goToMark(bool forward)
{
    if (m_marks.empty())
        return false;
    auto at = forward ? m_marks.upper_bound(currentLine()) : m_marks.lower_bound(currentLine());
    if (forward)
        at = at == m_marks.end() ? m_marks.begin() : at;
    else
        at = std::prev(at == m_marks.begin() ? m_marks.end() : at);
    goToLine(*at);
    return true;
}

// ---- matches and errors

std::vector<LogMatcher::Match> LogView::matchesOf(const LogRow &row) const
{
    const LogMatcher *matcher = m_document->matcher();
    return matcher ? matcher->matches(row.cells.text()) : std::vector<LogMatcher::Match>();
}

/// Of a very long row only those that are seen, but for the row that was gone to: there they are counted.
std::vector<LogMatcher::Match> LogView::matchesOf(const LogRow &row, qsizetype from, qsizetype to) const
{
    const LogMatcher *matcher = m_document->matcher();
    const LogShape &shape = m_document->shape();
    const bool gone = m_found && shape.placeOf(m_found->first) == row.place;
    if (!matcher || gone || row.cells.size() <= longRow)
        return matchesOf(row);
    from = std::max<qsizetype>(0, from - longRow / 16);
    to = std::min(row.cells.size(), to + longRow / 16);
    auto matches = matcher->matches(row.cells.text().sliced(from, to - from));
    for (LogMatcher::Match &match : matches)
        match.start += from;
    return matches;
}

qint64 LogView::foundLine() const
{
    return m_found ? m_document->shape().placeOf(m_found->first).line : -1;
}

bool LogView::findNext(bool forward)
{
    const auto hits = m_document->hits();
    if (hits->lines.count() == 0)
        return false;
    setFollow(false);
    const LogShape &shape = m_document->shape();
    const qint64 line = currentLine();
    // Another match in the same row first.
    if (const auto here = row(m_cursor.row, patienceMs); here && hits->lines.contains(line)) {
        const auto matches = matchesOf(*here);
        const qsizetype count = qsizetype(matches.size());
        const bool going = m_found && m_found->first == m_cursor.row;
        qsizetype next = going ? m_found->second + (forward ? 1 : -1) : -1;
        if (!going && forward) {
            next = std::ranges::lower_bound(matches, m_cursor.index, {}, &LogMatcher::Match::start) - matches.begin();
        }
        if (next >= 0 && next < count) {
            m_found = {m_cursor.row, int(next)};
            setCursor({m_cursor.row, matches[size_t(next)].start}, false);
            showRow(m_cursor.row, seenOfRow(m_cursor.row) < m_top ? pageRows() / 3 : -1);
            return true;
        }
    }
    qint64 to = forward ? hits->lines.next(line + 1) : hits->lines.previous(line);
    if (to < 0)
        to = hits->lines.at(forward ? 0 : hits->lines.count() - 1);
    openFoldsAt(to);
    // In a long line the match may be some pieces on.
    qint64 at = shape.rowOf(to);
    std::shared_ptr<const LogRow> found;
    std::vector<LogMatcher::Match> matches;
    for (qint64 piece = at; piece < shape.rowOf(to + 1) && piece < at + 16; ++piece) {
        found = row(piece, patienceMs);
        if (!found)
            break;
        matches = matchesOf(*found);
        if (!matches.empty()) {
            at = piece;
            break;
        }
    }
    const size_t which = matches.empty() || forward ? 0 : matches.size() - 1;
    m_found = {at, int(which)};
    setCursor({at, matches.empty() ? 0 : matches[which].start}, false);
    const qint64 seen = seenOfRow(at);
    showRow(at, seen < m_top || seen >= m_top + pageRows() ? pageRows() / 3 : -1);
    return true;
}

qint64 LogView::errorFrom(bool forward) const
{
    const LineSet &lines = m_document->errors()->lines;
    return forward ? lines.next(currentLine() + 1) : lines.previous(currentLine());
}

bool LogView::goToError(bool forward)
{
    const qint64 to = errorFrom(forward);
    if (to < 0)
        return false;
    goToLine(to);
    showRow(m_cursor.row, linesAboveError);
    return true;
}

} // namespace openfactory
