// SPDX-License-Identifier: Apache-2.0
/// Paints the visible part of a CellText in runs of one style, and nothing outside of it: a line of a million cells
/// costs what is seen of it.
#pragma once

#include "ui/widgets/celltext.h"

#include <QColor>
#include <QFont>
#include <QPainter>

#include <span>
#include <utility>

namespace openfactory {

/// Part of a line with a look of its own; spans are sorted and do not overlap.
struct PaintSpan {
    qsizetype start = 0;
    qsizetype length = 0;
    QColor foreground; ///< invalid: as the rest of the line
    QColor background; ///< invalid: none
    bool bold = false;
    bool italic = false;
    bool underline = false;
    bool strike = false;
};

/// The measures of a fixed-width font; GUI thread.
struct CellGrid {
    CellGrid() = default;
    explicit CellGrid(const QFont &font);
    QFont font;
    qreal cell = 8; ///< width
    int line = 16;  ///< height
    int ascent = 12;
};

class CellPainter {
public:
    CellPainter(QPainter &painter, const CellGrid &grid, const QColor &foreground)
        : m_painter(painter),
          m_grid(grid),
          m_foreground(foreground)
    {}
    /// What is painted: cells [first, first + count) of a line, from `at` (its upper left corner) on.
    void setWindow(QPointF at, int first, int count);

    /// The characters that are seen, as [first, second).
    std::pair<qsizetype, qsizetype> seen(const CellText &text) const;
    /// The visible part of a range of characters; empty where none of it is seen.
    QRectF rectOf(const CellText &text, qsizetype start, qsizetype length) const;
    void fill(const CellText &text, qsizetype start, qsizetype length, const QColor &colour);
    void paint(const CellText &text, std::span<const PaintSpan> spans);

private:
    void run(const CellText &text, qsizetype start, qsizetype end, const PaintSpan &style);

    QPainter &m_painter;
    const CellGrid &m_grid;
    QColor m_foreground;
    QPointF m_at;
    int m_first = 0;
    int m_count = 0;
};

} // namespace openfactory
