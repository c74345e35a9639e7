// SPDX-License-Identifier: Apache-2.0
// How a person moves in the pane of changes: cursor, keys, mouse, menu.
#include "core/base/text.h"
#include "ui/widgets/diffpane.h"
#include "ui/widgets/keys.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>

namespace openfactory {

namespace {

constexpr int wheelRows = 3;

bool isChange(DiffRow::Kind kind)
{
    return kind == DiffRow::Kind::Added || kind == DiffRow::Kind::Removed || kind == DiffRow::Kind::Changed;
}

} // namespace

// ---- going somewhere

void DiffPane::setCurrent(const RowRef &spot, bool keepAnchor)
{
    m_cursor = spot;
    if (!keepAnchor)
        m_anchor = spot;
    viewport()->update();
    tellCursor(this);
    Q_EMIT currentChanged();
}

void DiffPane::goToFile(int file)
{
    if (file < 0 || file >= m_document->count())
        return;
    setCurrent({file, -1}, false);
    setTop(topOf(m_cursor));
    Q_EMIT currentFileChanged(file);
}

bool DiffPane::goToLine(int file, DiffSide side, int line)
{
    const auto *rows = file >= 0 && file < m_document->count() ? rowsOf(file) : nullptr;
    if (!rows)
        return false;
    const auto at = std::ranges::find_if(*rows, [&](const DiffRow &row) {
        return row.kind != DiffRow::Kind::Gap && row.kind != DiffRow::Kind::Note
               && (side == DiffSide::New ? row.newLine : row.oldLine) == line;
    });
    if (at == rows->end())
        return false;
    setFolded(file, false);
    setCurrent({file, int(at - rows->begin())}, false);
    showSpot(m_cursor, pageRows() / 3);
    return true;
}

bool DiffPane::goToChange(bool forward)
{
    // The begin of a run of changed rows; a file that is not loaded counts as one at its header, a folded one as none.
    const int count = m_document->count();
    const auto isStart = [&](const RowRef &spot) {
        const auto *rows = rowsOf(spot.file);
        return rows && spot.row >= 0 && isChange((*rows)[size_t(spot.row)].kind)
               && (spot.row == 0 || !isChange((*rows)[size_t(spot.row - 1)].kind));
    };
    RowRef at = m_cursor;
    while (true) {
        at.row += forward ? 1 : -1;
        if (forward && at.row >= m_sections[size_t(std::min(at.file, count - 1))].rows) {
            if (++at.file >= count)
                return false;
            at.row = -1;
        } else if (!forward && at.row < -1) {
            if (--at.file < 0)
                return false;
            at.row = m_sections[size_t(at.file)].rows - 1;
        }
        const bool loaded = m_document->file(at.file).state == DiffDocument::State::Loaded;
        if (!isFolded(at.file) && (loaded ? isStart(at) : at.row == -1)) {
            setCurrent(at, false);
            showSpot(at, at.row < 0 || topOf(at) < m_top + 1 || topOf(at) >= m_top + pageRows() ? 4 : -1);
            return true;
        }
    }
}

std::optional<std::pair<int, int>> DiffPane::findingFrom(bool forward) const
{
    std::vector<std::pair<int, int>> places; ///< file, line
    for (const DiffFinding &finding : m_notes.findings) {
        if (const int file = m_document->indexOf(finding.path); file >= 0)
            places.emplace_back(file, finding.line);
    }
    std::ranges::sort(places);
    const auto line = currentLine();
    const std::pair here{m_cursor.file, line && line->side == DiffSide::New ? line->line : 0};
    const auto at = forward ? std::ranges::upper_bound(places, here) : std::ranges::lower_bound(places, here);
    if (forward ? at == places.end() : at == places.begin())
        return std::nullopt;
    return forward ? *at : *std::prev(at);
}

bool DiffPane::goToFinding(bool forward)
{
    const auto to = findingFrom(forward);
    if (!to)
        return false;
    if (!goToLine(to->first, DiffSide::New, to->second))
        goToFile(to->first);
    return true;
}

void DiffPane::setFindText(const QString &text)
{
    m_find = text;
    viewport()->update();
}

void DiffPane::goToFound(const RowRef &spot)
{
    const auto *rows = spot.file >= 0 && spot.file < m_document->count() ? rowsOf(spot.file) : nullptr;
    if (!rows || spot.row < 0 || spot.row >= int(rows->size()))
        return;
    setFolded(spot.file, false);
    setCurrent(spot, false);
    const DiffRow &row = (*rows)[size_t(spot.row)];
    int at = topOf(spot);
    for (const bool right : {false, true}) {
        const int index = right ? row.right : row.left;
        if (index < 0 || m_find.isEmpty())
            continue;
        const CellText &cells = m_document->file(spot.file).shown->texts[size_t(index)].cells;
        const qsizetype found = cells.text().indexOf(m_find, 0, Qt::CaseInsensitive);
        if (found < 0)
            continue;
        const int from = cells.columnOf(found), to = cells.columnOf(found + m_find.size());
        const int seen = column(right).cells;
        if (m_wrap) {
            at += from / seen;
        } else {
            m_widest = std::max(m_widest, cells.columns());
            syncScrollBars();
            const int left = horizontalScrollBar()->value();
            if (from < left || to > left + seen)
                horizontalScrollBar()->setValue(std::max(0, to > seen ? from - seen / 3 : 0));
        }
        break;
    }
    if (at < m_top + 1 || at >= m_top + pageRows())
        setTop(at - std::max(1, pageRows() / 3));
}

std::optional<DiffPane::LineRef> DiffPane::currentLine() const
{
    if (m_document->count() == 0 || m_cursor.row < 0 || isFolded(m_cursor.file))
        return {};
    const auto *rows = rowsOf(m_cursor.file);
    if (!rows || m_cursor.row >= int(rows->size()))
        return {};
    const DiffRow &row = (*rows)[size_t(m_cursor.row)];
    if (row.kind == DiffRow::Kind::Gap || row.kind == DiffRow::Kind::Note)
        return {};
    LineRef line{m_cursor.file, row.newLine > 0 ? DiffSide::New : DiffSide::Old, 0, textOf(m_cursor)};
    line.line = line.side == DiffSide::New ? row.newLine : row.oldLine;
    return line;
}

void DiffPane::moveBy(int rows, bool keepAnchor)
{
    if (m_sections.empty())
        return;
    RowRef to = m_cursor;
    for (int left = std::abs(rows); left > 0; --left) {
        if (rows > 0) {
            if (to.row + 1 < m_sections[size_t(to.file)].rows)
                ++to.row;
            else if (to.file + 1 < m_document->count())
                to = {to.file + 1, -1};
        } else if (to.row >= 0) {
            --to.row;
        } else if (to.file > 0) {
            to.file -= 1;
            to.row = m_sections[size_t(to.file)].rows - 1;
        }
    }
    setCurrent(to, keepAnchor);
    showSpot(to, -1);
}

QString DiffPane::textOf(const RowRef &spot) const
{
    const DiffDocument::File &file = m_document->file(spot.file);
    if (spot.row < 0) {
        const FileChange &change = file.file.change;
        return QStringLiteral("%1 %2 +%3 -%4")
            .arg(statusLetter(change.status))
            .arg(displayPath(change.path))
            .arg(change.added)
            .arg(change.removed);
    }
    const auto *rows = rowsOf(spot.file);
    if (file.state != DiffDocument::State::Loaded || !rows || spot.row >= int(rows->size()))
        return {};
    const DiffRow &row = (*rows)[size_t(spot.row)];
    if (row.kind == DiffRow::Kind::Note)
        return file.shown->notes[size_t(row.left)];
    if (row.kind == DiffRow::Kind::Gap) {
        const DiffGap &gap = file.shown->gaps[size_t(row.gap)];
        return gap.lines < 0
                   ? tr("⋯ the rest of the file, not changed")
                   : tr("⋯ %Ln unchanged line(s)", nullptr, gap.lines)
                         + QStringLiteral(" (%1–%2)  ").arg(gap.newLine).arg(gap.newLine + gap.lines - 1) + gap.header;
    }
    const int text = row.right >= 0 ? row.right : row.left;
    return text < 0 ? QString() : file.shown->texts[size_t(text)].cells.text();
}

QString DiffPane::selectedText() const
{
    const auto [from, to] = std::minmax(m_anchor, m_cursor);
    QStringList lines;
    constexpr int most = 100'000;
    for (RowRef at = from; at <= to && lines.size() < most && at.file < m_document->count();) {
        lines << textOf(at);
        if (at.row + 1 < m_sections[size_t(at.file)].rows)
            ++at.row;
        else
            at = {at.file + 1, -1};
    }
    return lines.join(QLatin1Char('\n'));
}

/// Enter or a click on what can be opened.
void DiffPane::activate(const RowRef &spot)
{
    if (m_document->count() == 0)
        return;
    const DiffDocument::File &file = m_document->file(spot.file);
    if (spot.row < 0)
        return setFolded(spot.file, !isFolded(spot.file));
    if (file.state != DiffDocument::State::Loaded)
        return m_document->want(spot.file, true);
    const auto *rows = rowsOf(spot.file);
    if (!rows || spot.row >= int(rows->size()))
        return;
    const DiffRow &row = (*rows)[size_t(spot.row)];
    if (row.kind == DiffRow::Kind::Gap)
        m_document->openGap(spot.file, row.gap);
    else if (row.kind != DiffRow::Kind::Note)
        Q_EMIT lineActivated(spot.file, row.newLine);
}

// ---- gaps

bool DiffPane::opensByStep(const RowRef &spot) const
{
    const DiffDocument::File &file = m_document->file(spot.file);
    const auto *rows = rowsOf(spot.file);
    if (file.state != DiffDocument::State::Loaded || !rows || !file.shown->canOpenGaps || isFolded(spot.file)
        || spot.row < 0 || spot.row >= int(rows->size()))
        return false;
    const DiffRow &row = (*rows)[size_t(spot.row)];
    return row.kind == DiffRow::Kind::Gap && file.shown->gaps[size_t(row.gap)].lines > DiffDocument::kOpenedLines;
}

/// Of a gap that is smaller than a step all is shown.
void DiffPane::openGap(const RowRef &spot, DiffDocument::Opening how)
{
    if (!opensByStep(spot)) {
        const auto *rows = rowsOf(spot.file);
        const bool gap = rows && spot.row >= 0 && spot.row < int(rows->size())
                         && (*rows)[size_t(spot.row)].kind == DiffRow::Kind::Gap;
        return gap ? activate(spot) : void();
    }
    m_steppedGap = (*rowsOf(spot.file))[size_t(spot.row)].gap;
    m_steppedRow = spot.row;
    m_document->openGap(spot.file, m_steppedGap, how);
}

/// The cursor stays on the gap that it opens step by step, unless it was moved meanwhile.
void DiffPane::followGap(int file)
{
    const auto *rows = rowsOf(file);
    if (m_steppedGap < 0 || m_cursor != RowRef{file, m_steppedRow} || !rows)
        return;
    const auto at = std::ranges::find_if(
        *rows, [this](const DiffRow &row) { return row.kind == DiffRow::Kind::Gap && row.gap == m_steppedGap; });
    if (at == rows->end()) {
        m_steppedGap = -1;
        return;
    }
    m_steppedRow = int(at - rows->begin());
    if (m_steppedRow == m_cursor.row)
        return;
    setCurrent({file, m_steppedRow}, false);
    showSpot(m_cursor, -1);
}

QString DiffPane::openingText(DiffDocument::Opening how)
{
    return how == DiffDocument::Opening::Down ? tr("%n more line(s) downwards", nullptr, DiffDocument::kOpenedLines)
                                              : tr("%n more line(s) upwards", nullptr, DiffDocument::kOpenedLines);
}

// ---- keys and mouse

void DiffPane::keyPressEvent(QKeyEvent *event)
{
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    if (event->matches(QKeySequence::Copy))
        return QGuiApplication::clipboard()->setText(selectedText());
    if (m_sections.empty())
        return QAbstractScrollArea::keyPressEvent(event);
    if (ui::isKey(*event, "changeNext") || ui::isKey(*event, "changePrevious"))
        return void(goToChange(ui::isKey(*event, "changeNext")));
    if (ui::isKey(*event, "changeNextFile"))
        return goToFile(std::min(m_cursor.file + 1, m_document->count() - 1));
    if (ui::isKey(*event, "changePreviousFile"))
        return goToFile(m_cursor.row < 0 ? std::max(0, m_cursor.file - 1) : m_cursor.file);
    if (ui::isKey(*event, "changeNextFinding") || ui::isKey(*event, "changePreviousFinding"))
        return void(goToFinding(ui::isKey(*event, "changeNextFinding")));
    if (ui::isKey(*event, "changeViewed"))
        return toggleViewed(m_cursor.file);
    if (ui::isKey(*event, "changeRemark"))
        return Q_EMIT commentWanted();
    if (ui::isKey(*event, "changeGapDown"))
        return openGap(m_cursor, DiffDocument::Opening::Down);
    if (ui::isKey(*event, "changeGapUp"))
        return openGap(m_cursor, DiffDocument::Opening::Up);
    switch (event->key()) {
    case Qt::Key_Up: return moveBy(-1, shift);
    case Qt::Key_Down: return moveBy(1, shift);
    case Qt::Key_PageUp: return moveBy(1 - pageRows(), shift);
    case Qt::Key_PageDown: return moveBy(pageRows() - 1, shift);
    case Qt::Key_Left: return horizontalScrollBar()->setValue(horizontalScrollBar()->value() - 8);
    case Qt::Key_Right: return horizontalScrollBar()->setValue(horizontalScrollBar()->value() + 8);
    case Qt::Key_Home: setCurrent({0, -1}, shift); return setTop(0);
    case Qt::Key_End: {
        const int last = m_document->count() - 1;
        setCurrent({last, m_sections[size_t(last)].rows - 1}, shift);
        return setTop(m_tops.back());
    }
    case Qt::Key_Return:
    case Qt::Key_Enter: return activate(m_cursor);
    default: break;
    }
    QAbstractScrollArea::keyPressEvent(event);
}

DiffPane::RowRef DiffPane::under(const QPoint &point) const
{
    const int screenRow = point.y() / m_grid.line;
    RowRef spot = spotAt(m_top + screenRow);
    if (screenRow == 0 && spot.row >= 0)
        spot.row = -1; // the header that stays in sight
    return spot;
}

void DiffPane::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || m_sections.empty())
        return;
    const QPoint point = event->position().toPoint();
    const int y = point.y() / m_grid.line * m_grid.line;
    const RowRef spot = under(point);
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    setCurrent(spot, shift);
    if (spot.row < 0) {
        if (viewedBox(y).contains(point))
            return toggleViewed(spot.file);
        return activate(spot);
    }
    for (const auto how : {DiffDocument::Opening::Down, DiffDocument::Opening::Up}) {
        if (!shift && opensByStep(spot) && openingBox(y, how).contains(point))
            return openGap(spot, how);
    }
    const auto *rows = rowsOf(spot.file);
    const bool opens = m_document->file(spot.file).state != DiffDocument::State::Loaded
                       || (rows && spot.row < int(rows->size())
                           && (*rows)[size_t(spot.row)].kind == DiffRow::Kind::Gap);
    if (opens && !shift)
        activate(spot);
}

void DiffPane::mouseMoveEvent(QMouseEvent *event)
{
    if (m_sections.empty() || !(event->buttons() & Qt::LeftButton))
        return;
    setCurrent(spotAt(m_top + std::max(0, event->position().toPoint().y()) / m_grid.line), true);
    showSpot(m_cursor, -1);
}

void DiffPane::wheelEvent(QWheelEvent *event)
{
    const QPoint angle = event->angleDelta();
    if (angle.y() == 0)
        return QAbstractScrollArea::wheelEvent(event);
    if (event->modifiers() & Qt::ShiftModifier) {
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() - angle.y() / 20);
    } else {
        m_wheel += angle.y() * wheelRows;
        setTop(m_top - m_wheel / 120);
        m_wheel %= 120;
    }
    event->accept();
}

void DiffPane::contextMenuEvent(QContextMenuEvent *event)
{
    if (m_sections.empty())
        return;
    if (event->reason() == QContextMenuEvent::Mouse) { // of what is below it, unless that is chosen already
        const RowRef spot = under(event->pos());
        const auto [from, to] = std::minmax(m_anchor, m_cursor);
        if (spot < from || to < spot)
            setCurrent(spot, false);
    }
    const int file = m_cursor.file;
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("diffMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), this, [this] { QGuiApplication::clipboard()->setText(selectedText()); });
    menu->addAction(tr("Copy &path"), this, [this, file] {
        QGuiApplication::clipboard()->setText(QString::fromUtf8(m_document->file(file).file.change.path));
    });
    const auto line = currentLine();
    const int newLine = line && line->side == DiffSide::New ? line->line : 0;
    menu->addAction(tr("Open in &editor"), this, [this, file, newLine] { Q_EMIT lineActivated(file, newLine); });
    menu->addSeparator();
    for (const auto how : {DiffDocument::Opening::Down, DiffDocument::Opening::Up}) {
        if (opensByStep(m_cursor))
            menu->addAction(openingText(how), this, [this, how] { openGap(m_cursor, how); });
    }
    menu->addAction(tr("Co&mment…"), this, &DiffPane::commentWanted)->setEnabled(line.has_value());
    menu->addAction(isViewed(file) ? tr("Not &viewed") : tr("&Viewed"), this, [this, file] { toggleViewed(file); });
    menu->addAction(tr("Show the &whole file"), this, [this, file] { m_document->openGap(file, -1); });
    menu->popup(event->globalPos());
}

bool DiffPane::viewportEvent(QEvent *event)
{
    if (event->type() != QEvent::ToolTip || m_sections.empty())
        return QAbstractScrollArea::viewportEvent(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const RowRef spot = spotAt(m_top + help->pos().y() / m_grid.line);
    const auto *rows = rowsOf(spot.file);
    QStringList said;
    for (const auto &[how, key] : {std::pair(DiffDocument::Opening::Down, "changeGapDown"),
                                   std::pair(DiffDocument::Opening::Up, "changeGapUp")}) {
        const int y = help->pos().y() / m_grid.line * m_grid.line;
        if (opensByStep(spot) && openingBox(y, how).contains(help->pos()))
            said << ui::withKey(openingText(how), key);
    }
    if (spot.row >= 0 && rows && spot.row < int(rows->size())) {
        const DiffRow &row = (*rows)[size_t(spot.row)];
        said << notesOn(spot.file, row.newLine);
        if (isUncovered(spot.file, row.newLine))
            said << tr("No test runs this line");
        if (row.spaceOnly)
            said << tr("Differs in white space alone");
    }
    // Plain text, whatever is in it.
    const QString text =
        said.join(QLatin1Char('\n')).left(2000).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>"));
    QToolTip::showText(help->globalPos(), text.isEmpty() ? QString() : QStringLiteral("<span>%1</span>").arg(text),
                       viewport());
    return true;
}

} // namespace openfactory
