// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/cellpainter.h"

#include <QFontMetricsF>

#include <algorithm>
#include <cmath>

namespace openfactory {

namespace {

constexpr qsizetype clusterMost = 8; ///< code units drawn in one cell

} // namespace

CellGrid::CellGrid(const QFont &fixed) : font(fixed)
{
    const QFontMetricsF metrics(font);
    cell = metrics.horizontalAdvance(QString(64, QLatin1Char('x'))) / 64;
    // A pixel more on either side: underscores and accents must not lie under the next row's ground.
    ascent = int(std::ceil(metrics.ascent())) + 1;
    line = ascent + int(std::ceil(metrics.descent())) + 1;
}

void CellPainter::setWindow(QPointF at, int first, int count)
{
    m_at = at;
    m_first = first;
    m_count = count;
}

std::pair<qsizetype, qsizetype> CellPainter::seen(const CellText &text) const
{
    qsizetype end = text.indexAt(m_first + m_count);
    if (end < text.size() && text.columnOf(end) < m_first + m_count)
        ++end; // the left half of a wide one
    return {text.indexAt(m_first), end};
}

QRectF CellPainter::rectOf(const CellText &text, qsizetype start, qsizetype length) const
{
    const int from = std::clamp(text.columnOf(start) - m_first, 0, m_count);
    const int to = std::clamp(text.columnOf(start + length) - m_first, 0, m_count);
    return {m_at.x() + from * m_grid.cell, m_at.y(), (to - from) * m_grid.cell, qreal(m_grid.line)};
}

void CellPainter::fill(const CellText &text, qsizetype start, qsizetype length, const QColor &colour)
{
    if (const QRectF rect = rectOf(text, start, length); rect.width() > 0)
        m_painter.fillRect(rect, colour);
}

void CellPainter::paint(const CellText &text, std::span<const PaintSpan> spans)
{
    const auto [begin, end] = seen(text);
    qsizetype at = begin;
    auto span = std::ranges::upper_bound(spans, begin, {}, [](const PaintSpan &s) { return s.start + s.length; });
    for (; span != spans.end() && span->start < end; ++span) {
        run(text, at, span->start, {});
        at = std::max(at, span->start);
        run(text, at, std::min(end, span->start + span->length), *span);
        at = std::max(at, span->start + span->length);
    }
    run(text, at, end, {});
}

void CellPainter::run(const CellText &text, qsizetype start, qsizetype end, const PaintSpan &style)
{
    if (start >= end)
        return;
    if (style.background.isValid())
        fill(text, start, end - start, style.background);
    QFont font = m_grid.font;
    font.setBold(style.bold);
    font.setItalic(style.italic);
    font.setUnderline(style.underline);
    font.setStrikeOut(style.strike);
    m_painter.setFont(font);
    m_painter.setPen(style.foreground.isValid() ? style.foreground : m_foreground);
    const QString &all = text.text();
    const auto place = [&](qsizetype index) {
        return QPointF(m_at.x() + (text.columnOf(index) - m_first) * m_grid.cell, m_at.y() + m_grid.ascent);
    };
    const auto plain = [&](qsizetype i) { return all[i].unicode() >= 0x20 && all[i].unicode() < 0x7f; };
    while (start < end) {
        qsizetype next = start;
        while (next < end && plain(next))
            ++next;
        if (next > start) {
            m_painter.drawText(place(start), all.sliced(start, next - start));
        } else {
            // One character with what combines with it, in its own cell; of a heap of accents the first few.
            while (next < end && text.columnOf(next) == text.columnOf(start))
                ++next;
            next = std::max(next, start + 1);
            if (all[start] != QLatin1Char('\t'))
                m_painter.drawText(place(start), all.sliced(start, std::min(next - start, clusterMost)));
        }
        start = next;
    }
}

} // namespace openfactory
