// SPDX-License-Identifier: Apache-2.0
// What the pane of changes paints.
#include "core/base/text.h"
#include "ui/widgets/diffpane.h"

#include <QApplication>
#include <QEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace openfactory {

namespace {

constexpr int gap = 6; ///< pixels between gutter and text

ViewRole groundOf(DiffRow::Kind kind, bool right)
{
    switch (kind) {
    case DiffRow::Kind::Added: return ViewRole::AddedGround;
    case DiffRow::Kind::Removed: return ViewRole::RemovedGround;
    case DiffRow::Kind::Changed: return right ? ViewRole::AddedGround : ViewRole::RemovedGround;
    default: return ViewRole::Ground;
    }
}

} // namespace

/// Unified: one column with both numbers. Split: two halves with one number each.
DiffPane::Column DiffPane::column(bool right) const
{
    const int width = viewport()->width();
    const int numbers = m_split ? digits() + 3 : 2 * digits() + 4; // and a sign, a note, a blank
    Column made;
    made.gutter = m_split && right ? width / 2 : 0;
    made.right = m_split && !right ? width / 2 - 1 : width;
    made.text = made.gutter + int(numbers * m_grid.cell) + gap;
    made.cells = std::max(8, int((made.right - made.text) / m_grid.cell));
    return made;
}

QRect DiffPane::viewedBox(int y) const
{
    const int width = int(m_grid.cell * qreal(tr("Viewed").size() + 5)); // the box before it and a margin
    return {viewport()->width() - width, y, width, m_grid.line};
}

/// Two beside one another, narrower than the gutter of a side.
QRect DiffPane::openingBox(int y, DiffDocument::Opening how) const
{
    const qreal cells = how == DiffDocument::Opening::Down ? 0.5 : 4.5;
    return {int(cells * m_grid.cell), y, int(3.5 * m_grid.cell), m_grid.line};
}

void DiffPane::paintBand(QPainter &painter, int y, const QString &text, ViewRole role, bool current, int edge)
{
    const QRect band(0, y, viewport()->width(), m_grid.line);
    painter.fillRect(band, m_colours[current ? ViewRole::CurrentGround : ViewRole::HeaderGround]);
    painter.setFont(m_grid.font);
    painter.setPen(m_colours[role]);
    // Below the text of the lines where there is room for it, else from the edge on.
    const QFontMetrics metrics(m_grid.font);
    const qreal width = viewport()->width() - 4;
    const qreal below = column(false).text;
    const qreal left = below + metrics.horizontalAdvance(text) <= width ? below : edge;
    const QString shown = metrics.elidedText(text, Qt::ElideRight, int(width - left));
    painter.drawText(QPointF(left, y + m_grid.ascent), shown);
}

void DiffPane::paintHeader(QPainter &painter, int file, int y)
{
    const DiffDocument::File &from = m_document->file(file);
    const FileChange &change = from.file.change;
    const QRect band(0, y, viewport()->width(), m_grid.line);
    const bool current = m_cursor == RowRef{file, -1} && hasFocus();
    painter.fillRect(band, m_colours[current ? ViewRole::CurrentGround : ViewRole::HeaderGround]);
    QFont font = m_grid.font;
    font.setBold(true);
    painter.setFont(font);
    qreal x = 4;
    const auto put = [&](const QString &text, ViewRole role) {
        painter.setPen(m_colours[role]);
        painter.drawText(QPointF(x, y + m_grid.ascent), text);
        x += (text.size() + 1) * m_grid.cell;
    };
    put(isFolded(file) ? QStringLiteral("▸") : QStringLiteral("▾"), ViewRole::Text);
    put(statusLetter(change.status), ViewRole::Text);
    // The path gives way in its middle where there is no room for all of it.
    QString path = displayPath(change.path);
    if (!change.oldPath.isEmpty() && change.oldPath != change.path)
        path = displayPath(change.oldPath) + QStringLiteral(" → ") + path;
    const int room = std::max(12, int((viewedBox(y).left() - x) / m_grid.cell) - 26);
    if (path.size() > room)
        path = path.left(room / 2 - 1) + QStringLiteral("…") + path.right(room - room / 2);
    put(path, ViewRole::Text);
    if (change.added > 0)
        put(QLatin1Char('+') + QString::number(change.added), ViewRole::AddedSign);
    if (change.removed > 0)
        put(QStringLiteral("−") + QString::number(change.removed), ViewRole::RemovedSign);
    if (from.file.outside)
        put(QStringLiteral("■ ") + tr("outside"), ViewRole::Error);
    const auto onFile = [&](const DiffFinding &finding) { return finding.path == change.path; };
    if (const auto found = std::ranges::count_if(m_notes.findings, onFile))
        put(QStringLiteral("▲ ") + QString::number(found), ViewRole::Warning);
    if (const QString lines = uncoveredIn(file); !lines.isEmpty())
        put(QStringLiteral("▨ ") + lines, ViewRole::Warning);
    const QRect box = viewedBox(y);
    painter.fillRect(box, m_colours[current ? ViewRole::CurrentGround : ViewRole::HeaderGround]);
    painter.setFont(m_grid.font);
    const bool viewed = isViewed(file);
    painter.setPen(m_colours[from.key.isEmpty() ? ViewRole::Faint : ViewRole::Text]);
    painter.drawText(QPointF(box.left(), y + m_grid.ascent),
                     (viewed ? QStringLiteral("☑ ") : QStringLiteral("☐ ")) + tr("Viewed"));
}

/// Of the characters [from, to), which are what is seen: syntax, words and escapes on one another.
std::vector<PaintSpan> DiffPane::spansOf(const DiffText &text, const QColor &ground, bool added, qsizetype from,
                                         qsizetype to) const
{
    const auto end = [](const auto &range) { return range.start + range.length; };
    auto syntax = std::ranges::upper_bound(text.syntax, from, {}, end);
    auto word = std::ranges::upper_bound(text.words, from, {}, end);
    auto escape = std::ranges::upper_bound(text.escapes, from, {}, end);
    const auto &styles = m_colours.isDark() ? m_document->syntax().dark : m_document->syntax().light;
    const QColor wordGround = m_colours[added ? ViewRole::AddedWordGround : ViewRole::RemovedWordGround];
    std::vector<PaintSpan> spans;
    for (qsizetype at = from; at < to;) {
        // Up to the next place where one of the three begins or ends.
        qsizetype next = to;
        const auto covers = [&](auto &it, const auto &list) {
            while (it != list.end() && end(*it) <= at)
                ++it;
            if (it == list.end())
                return false;
            const bool inside = it->start <= at;
            next = std::min(next, inside ? end(*it) : it->start);
            return inside;
        };
        const bool isSyntax = covers(syntax, text.syntax);
        const bool isWord = covers(word, text.words);
        const bool isEscape = covers(escape, text.escapes);
        PaintSpan span;
        span.start = at;
        span.length = next - at;
        if (isSyntax) {
            const SyntaxPalette::Style &style = styles[syntax->style % styles.size()];
            if (style.colour != 0)
                span.foreground = m_colours.onGround(QColor::fromRgb(style.colour), isWord ? wordGround : ground);
            span.bold = style.bold;
            span.italic = style.italic;
        }
        if (isWord) {
            span.background = wordGround;
            span.bold = true;
            span.underline = !QStringView(text.cells.text()).sliced(at, next - at).trimmed().isEmpty();
        }
        if (isEscape) {
            span.foreground = m_colours[ViewRole::EscapeText];
            span.background = m_colours[ViewRole::EscapeGround];
        }
        spans.push_back(span);
        at = next;
    }
    return spans;
}

/// Frames what is looked for, as far as it is among the characters that are seen.
void DiffPane::paintFound(QPainter &painter, const CellPainter &cells, const CellText &text, qsizetype from,
                          qsizetype to) const
{
    const qsizetype length = m_find.size();
    if (length == 0)
        return;
    const QStringView near = QStringView(text.text()).first(std::min(text.size(), to + length - 1));
    painter.setPen(m_colours[ViewRole::Text]);
    qsizetype at = std::max<qsizetype>(0, from - length + 1);
    while ((at = near.indexOf(m_find, at, Qt::CaseInsensitive)) >= 0) {
        const QRectF seen = cells.rectOf(text, at, length);
        if (seen.width() > 1)
            painter.drawRect(seen.adjusted(0, 0, -1, -1));
        at += length;
    }
}

void DiffPane::paintSide(QPainter &painter, int file, const DiffRow &row, bool right, int y, int part, int height)
{
    const Column at = column(right);
    const QRect all(at.gutter, y, at.right - at.gutter, height * m_grid.line);
    const int index = right ? row.right : row.left;
    const bool has = index >= 0;
    const auto &shown = *m_document->file(file).shown;
    ViewRole role = !has && m_split ? ViewRole::GutterGround : groundOf(row.kind, right);
    const QColor ground = m_colours[role];
    painter.fillRect(all, ground);
    const QRect gutter(at.gutter, y, at.text - gap - at.gutter, all.height());
    painter.fillRect(gutter, m_colours[ViewRole::GutterGround]);
    painter.setFont(m_grid.font);
    const auto put = [&](qreal cell, const QString &text, ViewRole colour) {
        painter.setPen(m_colours[colour]);
        painter.drawText(QPointF(at.gutter + cell * m_grid.cell, y + m_grid.ascent), text);
    };
    const bool newSide = !m_split || right;
    const RepoPath &path = m_document->file(file).file.change.path;
    if (part == 0 && (has || !m_split)) {
        const auto number = [&](qreal cell, int line) {
            if (line > 0 && !row.goesOn)
                put(cell + digits() - QString::number(line).size(), QString::number(line), ViewRole::Faint);
        };
        const qreal signs = m_split ? digits() : 2 * digits() + 1;
        if (m_split) {
            number(0, right ? row.newLine : row.oldLine);
        } else {
            number(0, row.kind == DiffRow::Kind::Added ? 0 : row.oldLine);
            number(digits() + 0.5, row.kind == DiffRow::Kind::Removed ? 0 : row.newLine);
        }
        if (row.goesOn)
            put(signs - 1, QStringLiteral("↳"), ViewRole::Faint);
        else if (row.spaceOnly)
            put(signs + 1.4, QStringLiteral("≈"), ViewRole::Faint);
        const bool plus = role == ViewRole::AddedGround, minus = role == ViewRole::RemovedGround;
        if (plus || minus)
            put(signs + 1.4, plus ? QStringLiteral("+") : QStringLiteral("−"),
                plus ? ViewRole::AddedSign : ViewRole::RemovedSign);
        if (newSide && !row.goesOn && !notesOn(file, row.newLine).isEmpty())
            put(signs + 0.3, QStringLiteral("▲"), ViewRole::Warning);
        const auto commented = m_commented.constFind(path);
        if (commented != m_commented.constEnd() && !row.goesOn) {
            for (const auto &[side, line] : *commented) {
                const bool here = side == DiffSide::New
                                      ? newSide && row.newLine == line && row.kind != DiffRow::Kind::Removed
                                      : (!m_split || !right) && row.oldLine == line && row.newLine == 0;
                if (here)
                    put(signs + 0.3, QStringLiteral("✎"), ViewRole::Link);
            }
        }
    }
    // No test runs it: hatched, with an edge that is seen at a glance.
    if (newSide && row.kind != DiffRow::Kind::Removed && isUncovered(file, row.newLine)) {
        const int from = at.text - gap - int(m_grid.cell * 0.6);
        const QRect bar(from, y, at.text - 1 - from, all.height());
        painter.fillRect(bar, m_colours[ViewRole::Ground]);
        painter.fillRect(bar, QBrush(m_colours[ViewRole::Warning], Qt::BDiagPattern));
        painter.fillRect(QRect(bar.right() - 2, y, 3, bar.height()), m_colours[ViewRole::Warning]);
    }
    if (!has)
        return;
    painter.save();
    painter.setClipRect(QRect(at.text, y, at.right - at.text, all.height()), Qt::IntersectClip);
    const DiffText &text = shown.texts[size_t(index)];
    const bool added = role == ViewRole::AddedGround;
    for (int i = 0; i < height; ++i) {
        CellPainter cells(painter, m_grid, m_colours[ViewRole::Text]);
        cells.setWindow(QPointF(at.text, y + i * m_grid.line),
                        m_wrap ? (part + i) * at.cells : horizontalScrollBar()->value(),
                        m_wrap ? at.cells : at.cells + 2);
        const auto [begin, end] = cells.seen(text.cells);
        cells.paint(text.cells, spansOf(text, ground, added, begin, end));
        paintFound(painter, cells, text.cells, begin, end);
    }
    m_widest = std::max(m_widest, text.cells.columns());
    painter.restore();
}

void DiffPane::paintImages(QPainter &painter, const DiffPresentation &shown, int y, int rows)
{
    const int width = viewport()->width(), height = rows * m_grid.line;
    painter.fillRect(0, y, width, height, m_colours[ViewRole::Ground]);
    const auto one = [&](const QImage &image, int left, const QString &name) {
        painter.setFont(m_grid.font);
        painter.setPen(m_colours[ViewRole::Faint]);
        const QString said = image.isNull()
                                 ? tr("%1: none").arg(name)
                                 : QStringLiteral("%1: %2 × %3").arg(name).arg(image.width()).arg(image.height());
        painter.drawText(QPointF(left + gap, y + m_grid.ascent), said);
        if (image.isNull())
            return;
        const QSize room(width / 2 - 2 * gap, height - 2 * m_grid.line);
        QSize size = image.size();
        if (size.width() > room.width() || size.height() > room.height())
            size.scale(room, Qt::KeepAspectRatio);
        const QRect to(QPoint(left + gap, y + m_grid.line + 2), size);
        // What is see-through shows as such.
        painter.fillRect(to, Qt::white);
        painter.fillRect(to, QBrush(QColor(0, 0, 0, 60), Qt::Dense6Pattern));
        painter.drawImage(to, image);
        painter.drawRect(to.adjusted(-1, -1, 0, 0));
    };
    one(shown.oldImage, 0, tr("Before"));
    one(shown.newImage, width / 2, tr("After"));
}

/// Paints `height` screen rows of a row, from its part-th on.
void DiffPane::paintRow(QPainter &painter, const RowRef &spot, int y, int part, int height)
{
    const DiffDocument::File &file = m_document->file(spot.file);
    const bool current = hasFocus() && m_cursor == spot;
    const auto *rows = rowsOf(spot.file);
    if (file.state != DiffDocument::State::Loaded || !rows) {
        QString said = tr("Reading…");
        if (file.state == DiffDocument::State::TooLarge)
            said = tr("%Ln changed line(s). Press Enter or click to load.", nullptr,
                      file.file.change.added + file.file.change.removed);
        else if (file.state == DiffDocument::State::Failed)
            said = tr("Cannot be read: %1. Press Enter to try again.").arg(file.error.said);
        painter.fillRect(0, y, viewport()->width(), height * m_grid.line, m_colours[ViewRole::Ground]);
        if (part == 0)
            paintBand(painter, y, said, file.state == DiffDocument::State::Failed ? ViewRole::Error : ViewRole::Faint,
                      current);
        return;
    }
    const DiffRow &row = (*rows)[size_t(spot.row)];
    if (row.kind == DiffRow::Kind::Gap) {
        const bool steps = opensByStep(spot);
        paintBand(painter, y, textOf(spot) + (file.shown->canOpenGaps ? QStringLiteral("  ⌄") : QString()),
                  ViewRole::Faint, current, steps ? openingBox(y, DiffDocument::Opening::Up).right() + gap : 24);
        painter.setPen(m_colours[ViewRole::Text]);
        for (const auto how : {DiffDocument::Opening::Down, DiffDocument::Opening::Up}) {
            const QString sign = how == DiffDocument::Opening::Down ? QStringLiteral("↓") : QStringLiteral("↑");
            if (steps)
                painter.drawText(QPointF(openingBox(y, how).left(), y + m_grid.ascent),
                                 sign + QString::number(DiffDocument::kOpenedLines));
        }
    } else if (row.kind == DiffRow::Kind::Note) {
        painter.fillRect(0, y, viewport()->width(), m_grid.line,
                         m_colours[current ? ViewRole::CurrentGround : ViewRole::Ground]);
        painter.setFont(m_grid.font);
        painter.setPen(m_colours[ViewRole::Warning]);
        painter.drawText(QPointF(column(false).text, y + m_grid.ascent), QStringLiteral("● ") + textOf(spot));
    } else {
        paintSide(painter, spot.file, row, false, y, part, height);
        if (m_split) {
            paintSide(painter, spot.file, row, true, y, part, height);
            painter.fillRect(viewport()->width() / 2 - 1, y, 1, height * m_grid.line,
                             m_colours[ViewRole::HeaderGround]);
        }
    }
    const auto [from, to] = std::minmax(m_anchor, m_cursor);
    if ((current || (m_anchor != m_cursor && from <= spot && spot <= to)) && spot.row >= 0) {
        painter.setPen(palette().color(QPalette::Highlight));
        const QRect frame(0, y, viewport()->width() - 1, height * m_grid.line - 1);
        painter.drawRect(frame);
        painter.fillRect(QRect(0, y, 3, height * m_grid.line), palette().color(QPalette::Highlight));
    }
}

void DiffPane::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    const int height = viewport()->height(), width = viewport()->width();
    painter.fillRect(viewport()->rect(), m_colours[ViewRole::Ground]);
    if (const QString said = stateText(); !said.isEmpty()) {
        painter.setFont(QApplication::font());
        painter.setPen(m_colours[ViewRole::Faint]);
        painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, said);
        return;
    }
    const int widest = m_widest;
    int screenRow = m_top;
    for (int y = 0; y < height && screenRow < m_tops.back();) {
        int part = 0;
        const RowRef spot = spotAt(screenRow, &part);
        Section &section = m_sections[size_t(spot.file)];
        const int sectionEnd = m_tops[size_t(spot.file)] + section.height - 1; // the blank row
        if (screenRow == sectionEnd) {
            y += m_grid.line;
            ++screenRow;
            continue;
        }
        if (!section.folded)
            m_document->want(spot.file);
        if (spot.row < 0) {
            paintHeader(painter, spot.file, y);
            y += m_grid.line;
            ++screenRow;
            continue;
        }
        const auto &shown = m_document->file(spot.file).shown;
        const bool loaded = m_document->file(spot.file).state == DiffDocument::State::Loaded && shown;
        if (loaded && spot.row == 0 && !std::exchange(section.seen, true))
            QMetaObject::invokeMethod(this, [this, file = spot.file] { Q_EMIT fileSeen(file); }, Qt::QueuedConnection);
        int rows = 1;
        if (loaded && m_wrap && spot.row < section.rows)
            rows = section.starts[size_t(spot.row) + 1] - section.starts[size_t(spot.row)] - part;
        const int imagesAt = sectionEnd - (loaded ? imageRows(*shown) : 0);
        if (loaded && screenRow >= imagesAt) {
            rows = sectionEnd - imagesAt;
            paintImages(painter, *shown, y - (screenRow - imagesAt) * m_grid.line, rows);
            rows -= screenRow - imagesAt;
        } else {
            rows = std::clamp(rows, 1, (height - y) / m_grid.line + 1);
            paintRow(painter, spot, y, part, rows);
        }
        y += rows * m_grid.line;
        screenRow += rows;
    }
    // The header of the first file stays in sight, and the next file is read ahead.
    const RowRef first = spotAt(m_top);
    if (first.row >= 0)
        paintHeader(painter, first.file, 0);
    const int next = spotAt(std::min(screenRow, m_tops.back() - 1)).file;
    if (!m_sections[size_t(next)].folded)
        m_document->want(next);
    if (hasFocus()) {
        painter.setPen(palette().color(QPalette::Highlight));
        painter.drawRect(0, 0, width - 1, height - 1);
    }
    if (m_widest > widest)
        QMetaObject::invokeMethod(this, &DiffPane::syncScrollBars, Qt::QueuedConnection);
}

void DiffPane::resizeEvent(QResizeEvent *)
{
    if (m_wrap)
        layOut();
    else
        setTop(m_top);
}

void DiffPane::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        m_colours = ViewColours(palette());
    if (event->type() == QEvent::FontChange) {
        m_grid = CellGrid(font());
        layOut();
    }
    viewport()->update();
}

void DiffPane::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    viewport()->update();
}

void DiffPane::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

} // namespace openfactory
