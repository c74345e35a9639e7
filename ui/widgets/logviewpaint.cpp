// SPDX-License-Identifier: Apache-2.0
// What the log view paints, and where things are on the screen.
#include "ui/widgets/logoverview.h"
#include "ui/widgets/logview.h"

#include <QApplication>
#include <QDateTime>
#include <QEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolButton>

#include <algorithm>

namespace openfactory {

namespace {

constexpr int signCells = 3; ///< fold, mark, and a space
constexpr int framePatienceMs = 6;
constexpr int textGap = 6; ///< pixels between gutter and text

QString elapsedText(qint64 ms)
{
    const qint64 s = ms / 1000;
    const auto two = [](qint64 n) { return QStringLiteral("%1").arg(n, 2, 10, QLatin1Char('0')); };
    const QString tail = two(s % 60) + QLatin1Char('.') + QStringLiteral("%1").arg(ms % 1000, 3, 10, QLatin1Char('0'));
    const QString minutes = two(s / 60 % 60) + QLatin1Char(':') + tail;
    return s < 3600 ? minutes : QString::number(s / 3600) + QLatin1Char(':') + minutes;
}

} // namespace

int LogView::gutterCells() const
{
    int digits = 4;
    for (qint64 lines = m_document->shape().lines; lines >= 10'000; lines /= 10)
        ++digits;
    return signCells + (m_times == Times::Off ? 0 : 13) + digits + 2;
}

int LogView::textLeft() const
{
    return int(gutterCells() * m_grid.cell) + textGap;
}

int LogView::textColumns() const
{
    return std::max(8, int((viewport()->width() - textLeft()) / m_grid.cell));
}

LogView::Place LogView::placeAt(QPoint point) const
{
    const qint64 seen = seenRows();
    if (seen == 0)
        return {};
    const int screenRow = point.y() < 0 ? -1 : point.y() / m_grid.line;
    int column = std::max(0, int((point.x() - textLeft()) / m_grid.cell + 0.5)) + horizontalScrollBar()->value();
    qint64 at = m_top + screenRow;
    if (m_wrap) {
        const QDeadlineTimer deadline(framePatienceMs);
        int left = screenRow + m_part;
        at = m_top;
        for (int height = 0; at + 1 < seen && left >= (height = heightOf(at, deadline)); ++at)
            left -= height;
        column += std::max(0, left) * textColumns();
    }
    at = std::clamp<qint64>(at, 0, seen - 1);
    const qint64 row = rowAtSeen(at);
    const auto here = m_document->row(row, QDeadlineTimer(4));
    return {row, here ? here->cells.indexAt(column) : 0};
}

QRect LogView::rectOf(const Place &place) const
{
    const auto here = m_document->row(place.row, QDeadlineTimer(0));
    int column = here ? here->cells.columnOf(place.index) - horizontalScrollBar()->value() : 0;
    qint64 screenRow = seenOfRow(place.row) - m_top;
    if (m_wrap) {
        const qint64 to = m_top + screenRow;
        screenRow = column / textColumns() - m_part;
        column %= textColumns();
        const QDeadlineTimer deadline(framePatienceMs);
        for (qint64 i = m_top; i < to && i < m_top + pageRows(); ++i)
            screenRow += heightOf(i, deadline);
    }
    return {textLeft() + int(column * m_grid.cell), int(screenRow) * m_grid.line, int(m_grid.cell), m_grid.line};
}

QString LogView::timeText(const LogRow &row) const
{
    if (row.wallMs == 0 || row.place.piece > 0)
        return {};
    const auto timeOf = [this](qint64 line) {
        const auto other = m_document->row(m_document->shape().rowOf(line), QDeadlineTimer(1));
        return other ? other->wallMs : 0;
    };
    switch (m_times) {
    case Times::Off: break;
    case Times::Wall: return QDateTime::fromMSecsSinceEpoch(row.wallMs).toString(QStringLiteral("HH:mm:ss.zzz"));
    case Times::Elapsed: {
        const qint64 start = m_startMs > 0 ? m_startMs : timeOf(0);
        return start > 0 ? elapsedText(std::max<qint64>(0, row.wallMs - start)) : QString();
    }
    case Times::Delta: {
        const qint64 before = row.place.line > 0 ? timeOf(row.place.line - 1) : row.wallMs;
        return before > 0 ? QLatin1Char('+') + elapsedText(std::max<qint64>(0, row.wallMs - before)) : QString();
    }
    }
    return {};
}

void LogView::paintGutter(QPainter &painter, const LogRow &row, int y, qint64 number) const
{
    const auto put = [&](qreal cell, const QString &text, ViewRole role) {
        painter.setPen(m_colours[role]);
        painter.drawText(QPointF(3 + cell * m_grid.cell, y + m_grid.ascent), text);
    };
    painter.setFont(m_grid.font);
    const qint64 line = row.place.line;
    const int cells = gutterCells();
    if (const LogFold *fold = row.place.piece == 0 ? foldStartingAt(line) : nullptr)
        put(0, fold->open ? QStringLiteral("▾") : QStringLiteral("▸"), ViewRole::Text);
    if (row.place.piece == 0 && m_marks.contains(line))
        put(1, QStringLiteral("◆"), ViewRole::Mark);
    else if (row.place.piece == 0 && m_document->errors()->lines.contains(line))
        put(1, QStringLiteral("✖"), ViewRole::Error);
    else if (row.overwritten)
        put(1, QStringLiteral("↺"), ViewRole::Faint);
    if (m_times != Times::Off)
        put(signCells, timeText(row), ViewRole::Faint);
    const QString label = row.place.piece > 0 ? QStringLiteral("↳") : QString::number(number + 1);
    put(cells - 2 - label.size(), label, ViewRole::Faint);
    if (row.stream != LogStream::Output)
        put(cells - 1.2, row.stream == LogStream::Errors ? QStringLiteral("e") : QStringLiteral("*"),
            ViewRole::Warning);
}

/// Of the characters [from, to), which are what is seen.
std::vector<PaintSpan> LogView::spansOf(const LogRow &row, const QColor &ground, qsizetype from, qsizetype to) const
{
    std::vector<PaintSpan> spans;
    const auto behind = [](const AnsiSpan &span) { return span.start + span.length; };
    for (auto at = std::ranges::upper_bound(row.spans, from, {}, behind); at != row.spans.end() && at->start < to;
         ++at) {
        const AnsiSpan &span = *at;
        PaintSpan paint;
        paint.start = span.start;
        paint.length = span.length;
        const AnsiStyle &style = span.style;
        const StyleColours colours = coloursOf(style, m_colours, ground);
        paint.foreground = colours.text;
        paint.background = colours.under;
        paint.bold = style.flags & AnsiStyle::Bold;
        paint.italic = style.flags & AnsiStyle::Italic;
        paint.underline = style.flags & AnsiStyle::Underline;
        paint.strike = style.flags & AnsiStyle::Strike;
        spans.push_back(paint);
    }
    return spans;
}

/// Paints the screen rows of a row from its `part`-th on.
void LogView::paintRow(QPainter &painter, const LogRow &row, int y, int screenRows, int part)
{
    const QRect all(0, y, viewport()->width(), screenRows * m_grid.line);
    const int left = textLeft();
    const bool current = hasFocus() && row.place == m_document->shape().placeOf(m_cursor.row);
    const QColor ground = m_colours[current ? ViewRole::CurrentGround : ViewRole::Ground];
    painter.fillRect(all, ground);
    painter.fillRect(QRect(0, y, left - textGap, all.height()), m_colours[ViewRole::GutterGround]);
    if (part == 0)
        paintGutter(painter, row, y, row.place.line);

    painter.save();
    painter.setClipRect(all.adjusted(left - 1, 0, 0, 0), Qt::IntersectClip);
    const qint64 rowNumber = m_document->shape().rowOf(row.place.line) + row.place.piece;
    const auto [from, to] = std::minmax(m_anchor, m_cursor);
    const bool selected = hasSelection() && from.row <= rowNumber && rowNumber <= to.row;
    const int columns = m_wrap ? textColumns() : textColumns() + 2;
    for (int i = 0; i < screenRows; ++i) {
        const int first = m_wrap ? (part + i) * columns : horizontalScrollBar()->value();
        CellPainter cells(painter, m_grid, m_colours[ViewRole::Text]);
        const QPointF at(left, y + i * m_grid.line);
        cells.setWindow(at, first, columns);
        const auto seen = cells.seen(row.cells);
        cells.paint(row.cells, spansOf(row, ground, seen.first, seen.second));
        // What stands out is painted over, with a colour that can be read on its ground.
        const auto over = [&](qsizetype start, qsizetype length, const QColor &behind, const QColor &text) {
            const QRectF rect = cells.rectOf(row.cells, start, length);
            if (rect.width() <= 0)
                return;
            painter.save();
            painter.setClipRect(rect, Qt::IntersectClip);
            painter.fillRect(rect, behind);
            CellPainter again(painter, m_grid, text);
            again.setWindow(at, first, columns);
            again.paint(row.cells, {});
            painter.restore();
        };
        const auto matches = matchesOf(row, seen.first, seen.second);
        for (size_t m = 0; m < matches.size(); ++m) {
            const bool found = m_found && m_found->first == rowNumber && size_t(m_found->second) == m;
            over(matches[m].start, matches[m].length, m_colours[found ? ViewRole::FoundGround : ViewRole::MatchGround],
                 m_colours[ViewRole::Text]);
        }
        if (selected) {
            const qsizetype start = rowNumber == from.row ? from.index : 0;
            const qsizetype end = rowNumber == to.row ? to.index : row.cells.size();
            over(start, end - start, palette().color(QPalette::Highlight), palette().color(QPalette::HighlightedText));
        }
    }
    const LogFold *fold = row.place.piece == 0 ? foldStartingAt(row.place.line) : nullptr;
    if (fold && !fold->open && m_rows == Rows::All) {
        const qint64 first = row.place.line, last = std::min(fold->lastLine, m_document->shape().lines - 1);
        const auto in = [&](const LineSet &set) { return set.rank(last + 1) - set.rank(first + 1); };
        QString said = fold->title.isEmpty() ? QString() : fold->title + QStringLiteral(" · ");
        said += tr("%Ln line(s)", nullptr, int(std::min<qint64>(last - first, INT_MAX)));
        if (const qint64 errors = in(m_document->errors()->lines))
            said += QStringLiteral(" · ") + tr("%Ln error(s)", nullptr, int(std::min<qint64>(errors, INT_MAX)));
        if (const qint64 hits = in(m_document->hits()->lines))
            said += QStringLiteral(" · ") + tr("%Ln matching line(s)", nullptr, int(std::min<qint64>(hits, INT_MAX)));
        const int x = left
                      + int((std::min(row.cells.columns(), columns - 30) + 2 - horizontalScrollBar()->value())
                            * m_grid.cell);
        const QRect chip(x, y + 1, int((said.size() + 2) * m_grid.cell), m_grid.line - 2);
        painter.fillRect(chip, m_colours[ViewRole::HeaderGround]);
        painter.setFont(m_grid.font);
        painter.setPen(m_colours[ViewRole::Text]);
        painter.drawText(QPointF(chip.left() + m_grid.cell, y + m_grid.ascent), said);
    }
    if (current) {
        painter.setPen(m_colours[ViewRole::Text]);
        const QRect caret = rectOf(m_cursor);
        painter.drawLine(caret.topLeft(), caret.bottomLeft());
    }
    painter.restore();
}

void LogView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    painter.setFont(m_grid.font);
    const int height = viewport()->height(), width = viewport()->width();
    int y = 0;
    const qint64 seen = seenRows();
    const QDeadlineTimer deadline(framePatienceMs);
    const int left = textLeft();
    int widest = m_widest;
    int part = m_part;
    for (qint64 i = m_top; i < seen && y < height; ++i) {
        const auto here = m_document->row(rowAtSeen(i), deadline);
        if (!here) {
            // Not read yet: its number stands there, and rowsReady() brings the rest.
            painter.fillRect(0, y, width, m_grid.line, m_colours[ViewRole::Ground]);
            painter.fillRect(0, y, left - textGap, m_grid.line, m_colours[ViewRole::GutterGround]);
            painter.setPen(m_colours[ViewRole::Faint]);
            painter.drawText(QPointF(left, y + m_grid.ascent), QStringLiteral("…"));
            y += m_grid.line;
            part = 0;
            continue;
        }
        int rows = 1;
        if (m_wrap) {
            rows = std::max(1, (here->cells.columns() + textColumns() - 1) / textColumns()) - part;
            rows = std::clamp(rows, 1, (height - y) / m_grid.line + 1);
        }
        paintRow(painter, *here, y, rows, part);
        widest = std::max(widest, here->cells.columns());
        y += rows * m_grid.line;
        part = 0;
    }
    painter.fillRect(0, y, width, height - y, m_colours[ViewRole::Ground]);
    painter.fillRect(0, y, left - textGap, height - y, m_colours[ViewRole::GutterGround]);
    if (const QString said = stateText(); !said.isEmpty()) {
        painter.setFont(QApplication::font());
        painter.fillRect(viewport()->rect(), m_colours[ViewRole::Ground]);
        const bool bad = m_document->error().has_value();
        painter.setPen(m_colours[bad ? ViewRole::Error : ViewRole::Faint]);
        painter.drawText(viewport()->rect().adjusted(24, 24, -24, -24), Qt::AlignCenter | Qt::TextWordWrap,
                         (bad ? QStringLiteral("✖ ") : QString()) + said);
    }
    if (hasFocus()) {
        painter.setPen(palette().color(QPalette::Highlight));
        painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
    }
    if (widest > m_widest) {
        m_widest = widest;
        QMetaObject::invokeMethod(this, &LogView::syncScrollBars, Qt::QueuedConnection);
    }
}

void LogView::placeWidgets()
{
    if (m_rows != Rows::All)
        return;
    const QRect area = viewport()->geometry();
    m_overview->setGeometry(area.right() + 1, area.top(), LogOverview::barWidth, area.height());
    m_pill->move(area.center().x() - m_pill->width() / 2, area.bottom() - m_pill->height() - 8);
    m_pill->raise();
}

void LogView::resizeEvent(QResizeEvent *)
{
    placeWidgets();
    m_follow ? toEnd() : setTop(m_top, m_part);
}

void LogView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        m_colours = ViewColours(palette());
    if (event->type() == QEvent::FontChange)
        m_grid = CellGrid(font());
    viewport()->update();
}

void LogView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void LogView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace openfactory
