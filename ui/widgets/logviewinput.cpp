// SPDX-License-Identifier: Apache-2.0
// How a person works in the log view: keys, mouse, cursor, selection, and the same for screen readers.
#include "ui/widgets/keys.h"
#include "ui/widgets/logview.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>

namespace openfactory {

namespace {

constexpr int autoScrollMs = 40;
constexpr int wheelRows = 3;
constexpr qint64 copyMost = 32 * 1024 * 1024; ///< characters; more is for a file

bool isWordChar(QChar c)
{
    return c.isLetterOrNumber() || c == QLatin1Char('_') || c.isSurrogate();
}

} // namespace

void LogView::keyPressEvent(QKeyEvent *event)
{
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    const bool control = event->modifiers() & Qt::ControlModifier;
    const bool alt = event->modifiers() & Qt::AltModifier;
    const auto sideways = [&](int step) {
        const auto here = m_document->row(m_cursor.row, QDeadlineTimer(4));
        const qsizetype size = here ? here->cells.size() : 0;
        setCursor({m_cursor.row, std::clamp<qsizetype>(m_cursor.index + step, 0, size)}, shift);
    };
    if (ui::isKey(*event, "logNext") || ui::isKey(*event, "logPrevious"))
        return void(findNext(ui::isKey(*event, "logNext")));
    if (ui::isKey(*event, "logNextError") || ui::isKey(*event, "logPreviousError"))
        return void(goToError(ui::isKey(*event, "logNextError")));
    if (ui::isKey(*event, "logMark"))
        return toggleMark();
    switch (event->key()) {
    case Qt::Key_Up: alt ? void(goToMark(false)) : control ? scrollBy(-1) : moveCursor(-1, shift); return;
    case Qt::Key_Down: alt ? void(goToMark(true)) : control ? scrollBy(1) : moveCursor(1, shift); return;
    case Qt::Key_PageUp:
        setFollow(false);
        scrollBy(1 - pageRows());
        return moveCursor(1 - pageRows(), shift);
    case Qt::Key_PageDown: scrollBy(pageRows() - 1); return moveCursor(pageRows() - 1, shift);
    case Qt::Key_Left: return sideways(-1);
    case Qt::Key_Right: return sideways(1);
    case Qt::Key_Home:
        if (!control)
            return sideways(-int(std::min<qsizetype>(m_cursor.index, INT_MAX)));
        setFollow(false);
        moveCursor(-seenRows(), shift);
        return setTop(0, 0);
    case Qt::Key_End:
        moveCursor(seenRows(), shift);
        if (!shift)
            setFollow(true);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (m_rows != Rows::All)
            Q_EMIT lineActivated(currentLine());
        else
            activateLink();
        return;
    case Qt::Key_Space: return toggleFold(currentLine());
    case Qt::Key_Escape:
        if (hasSelection())
            return setCursor(m_cursor, false);
        break;
    default: break;
    }
    if (event->matches(QKeySequence::Copy))
        return copy();
    if (event->matches(QKeySequence::SelectAll))
        return selectAll();
    QAbstractScrollArea::keyPressEvent(event);
}

void LogView::wheelEvent(QWheelEvent *event)
{
    const QPoint pixels = event->pixelDelta();
    const QPoint angle = event->angleDelta();
    if (angle.x() != 0 && angle.y() == 0)
        return QAbstractScrollArea::wheelEvent(event);
    if (event->modifiers() & Qt::ShiftModifier) {
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() - angle.y() / 20);
    } else if (!pixels.isNull()) {
        m_wheelPixels += pixels.y();
        scrollBy(-(m_wheelPixels / m_grid.line));
        m_wheelPixels %= m_grid.line;
    } else {
        m_wheelAngle += angle.y() * wheelRows;
        scrollBy(-(m_wheelAngle / 120));
        m_wheelAngle %= 120;
    }
    event->accept();
}

std::optional<LogLink> LogView::linkAt(QPoint point) const
{
    if (point.x() < textLeft())
        return {};
    const Place place = placeAt(point);
    const auto here = m_document->row(place.row, QDeadlineTimer(0));
    if (!here || place.index >= here->cells.size())
        return {};
    for (LogLink &link : findLinks(here->cells.text())) {
        if (link.start <= place.index && place.index < link.start + link.length)
            return std::move(link);
    }
    return {};
}

void LogView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const QPoint point = event->position().toPoint();
    const Place place = placeAt(point);
    if (point.x() < textLeft() - int(m_grid.cell)) {
        const qint64 line = m_document->shape().placeOf(place.row).line;
        if (foldStartingAt(line) && point.x() < int(2 * m_grid.cell))
            return toggleFold(line);
    }
    m_pressedLink = linkAt(point);
    setCursor(place, event->modifiers() & Qt::ShiftModifier);
    m_selecting = true;
}

void LogView::mouseMoveEvent(QMouseEvent *event)
{
    m_mouse = event->position().toPoint();
    if (!m_selecting) {
        viewport()->setCursor(m_mouse.x() < textLeft() ? Qt::ArrowCursor
                              : linkAt(m_mouse)        ? Qt::PointingHandCursor
                                                       : Qt::IBeamCursor);
        return;
    }
    setCursor(placeAt(m_mouse), true);
    if (hasSelection())
        m_pressedLink.reset();
    const bool outside = m_mouse.y() < 0 || m_mouse.y() >= viewport()->height();
    if (outside && !m_autoScroll.isActive())
        m_autoScroll.start(autoScrollMs, this);
    else if (!outside)
        m_autoScroll.stop();
}

void LogView::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_autoScroll.timerId())
        return QAbstractScrollArea::timerEvent(event);
    const int beyond = m_mouse.y() < 0 ? m_mouse.y() : m_mouse.y() - viewport()->height();
    scrollBy(beyond / m_grid.line + (beyond < 0 ? -1 : 1));
    setCursor(placeAt(m_mouse), true);
}

void LogView::mouseReleaseEvent(QMouseEvent *event)
{
    m_selecting = false;
    m_autoScroll.stop();
    if (m_pressedLink && event->button() == Qt::LeftButton)
        Q_EMIT linkActivated(m_pressedLink->path, m_pressedLink->line);
    m_pressedLink.reset();
}

void LogView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const Place place = placeAt(event->position().toPoint());
    if (m_rows != Rows::All)
        Q_EMIT lineActivated(m_document->shape().placeOf(place.row).line);
    const auto here = m_document->row(place.row, QDeadlineTimer(4));
    if (!here || event->position().x() < textLeft())
        return;
    const QString &text = here->cells.text();
    qsizetype from = std::min(place.index, text.size()), to = from;
    while (from > 0 && isWordChar(text[from - 1]))
        --from;
    while (to < text.size() && isWordChar(text[to]))
        ++to;
    m_anchor = {place.row, from};
    setCursor({place.row, to}, true);
    m_pressedLink.reset();
}

void LogView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), this, &LogView::copy);
    menu->addAction(tr("Select &all"), this, &LogView::selectAll);
    menu->addSeparator();
    menu->addAction(m_marks.contains(currentLine()) ? tr("Remove &mark") : tr("&Mark this line"), this,
                    &LogView::toggleMark);
    menu->addAction(tr("Copy &link to this line"), this, [this] { Q_EMIT linkToLineWanted(currentLine()); })
        ->setEnabled(m_linkable && seenRows() > 0);
    menu->addAction(tr("&Go to the source"), this, &LogView::activateLink);
    menu->addAction(tr("Next &error"), this, [this] { goToError(true); });
    menu->popup(event->globalPos());
}

bool LogView::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    QString text;
    if (help->pos().x() < textLeft()) {
        if (const auto here = m_document->row(placeAt(help->pos()).row, QDeadlineTimer(0))) {
            text = here->stream == LogStream::Errors   ? tr("Written to the error output")
                   : here->stream == LogStream::Engine ? tr("Written by OpenFactory")
                                                       : QString();
            if (here->overwritten)
                text = tr("A part of this line was overwritten, as on a terminal. "
                          "“Control characters” shows all of it.");
        }
    }
    QToolTip::showText(help->globalPos(), text, viewport());
    return true;
}

bool LogView::event(QEvent *event)
{
    // Tab leaves the view: no keyboard trap.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->matches(QKeySequence::Copy) || key->matches(QKeySequence::SelectAll)) {
            event->accept();
            return true;
        }
    }
    return QAbstractScrollArea::event(event);
}

// ---- cursor and selection

void LogView::setCursor(const Place &place, bool keepAnchor)
{
    const qint64 before = currentLine();
    m_cursor = place;
    if (!keepAnchor)
        m_anchor = place;
    else if (hasSelection())
        setFollow(false);
    if (m_found && m_found->first != place.row)
        m_found.reset();
    // The cursor's column is kept on the screen.
    if (const auto here = row(place.row, 0); here && !m_wrap) {
        const int column = here->cells.columnOf(place.index);
        const int left = horizontalScrollBar()->value(), columns = textColumns();
        m_widest = std::max(m_widest, here->cells.columns());
        syncScrollBars();
        if (column < left || column >= left + columns)
            horizontalScrollBar()->setValue(std::max(0, column - columns / 3));
    }
    viewport()->update();
    tellCursor(this);
    if (currentLine() != before)
        Q_EMIT currentLineChanged(currentLine());
}

LogDocument::Range LogView::selection() const
{
    const auto [from, to] = std::minmax(m_anchor, m_cursor);
    return {from.row, from.index, to.row, to.index};
}

std::optional<std::pair<qint64, qint64>> LogView::selectedLines() const
{
    if (!hasSelection())
        return std::nullopt;
    const LogDocument::Range range = selection();
    const LogShape &shape = m_document->shape();
    const qint64 first = shape.placeOf(range.firstRow).line, last = shape.placeOf(range.lastRow).line;
    return std::pair{first, range.lastIndex == 0 && last > first ? last - 1 : last};
}

void LogView::copy()
{
    LogDocument::Range range = selection();
    if (!hasSelection()) {
        // Without a selection: the current line.
        range = {m_cursor.row, 0, m_cursor.row, pieceBytes};
    }
    m_document->read(range, copyMost, [this](const Result<QString> &text) {
        if (text)
            QApplication::clipboard()->setText(*text);
        const bool cut = text && text->size() >= copyMost;
        Q_EMIT copied(!text ? text.error().said
                      : cut ? tr("Only the beginning was copied; export the rest.")
                            : QString());
    });
}

void LogView::selectAll()
{
    const qint64 last = m_document->shape().rows() - 1;
    if (last < 0)
        return;
    m_anchor = {0, 0};
    const auto end = row(last, patienceMs);
    setCursor({last, end ? end->cells.size() : pieceBytes}, true);
}

void LogView::moveCursor(qint64 rows, bool keepAnchor)
{
    const qint64 seen = seenRows();
    if (seen == 0)
        return;
    if (rows < 0)
        setFollow(false);
    const qint64 to = std::clamp<qint64>(seenOfRow(m_cursor.row) + rows, 0, seen - 1);
    const qint64 at = rowAtSeen(to);
    const auto here = row(at, patienceMs);
    setCursor({at, here ? std::min(m_cursor.index, here->cells.size()) : 0}, keepAnchor);
    showRow(at, -1);
}

void LogView::activateLink()
{
    const auto here = row(m_cursor.row, patienceMs);
    if (!here)
        return;
    if (const auto links = findLinks(here->cells.text()); !links.empty())
        Q_EMIT linkActivated(links.front().path, links.front().line);
}

// ---- for screen readers

SpokenRows::Spot LogView::spotOf(const Place &place) const
{
    return {int(std::clamp<qint64>(seenOfRow(place.row) - m_top, -1, INT_MAX)), place.index};
}

std::pair<SpokenRows::Spot, SpokenRows::Spot> LogView::spokenSelection() const
{
    const auto [from, to] = std::minmax(m_anchor, m_cursor);
    return {spotOf(from), spotOf(to)};
}

void LogView::moveSpokenCursor(Spot spot, bool keepAnchor)
{
    setCursor({rowAtSeen(m_top + spot.first), spot.second}, keepAnchor);
}

} // namespace openfactory
