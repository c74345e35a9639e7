// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/diffpane.h"

#include "core/base/text.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QFontDatabase>
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

constexpr int imageHeight = 360; ///< pixels
constexpr int wheelRows = 3;

bool isChange(DiffRow::Kind kind)
{
    return kind == DiffRow::Kind::Added || kind == DiffRow::Kind::Removed || kind == DiffRow::Kind::Changed;
}

} // namespace

DiffPane::DiffPane(DiffDocument *document, QWidget *parent)
    : QAbstractScrollArea(parent),
      m_document(document),
      m_colours(palette())
{
    setObjectName(QStringLiteral("diffPane"));
    setAccessibleName(tr("Changes"));
    setFocusPolicy(Qt::StrongFocus);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_grid = CellGrid(font());
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    horizontalScrollBar()->setSingleStep(4);
    connect(m_document, &DiffDocument::reset, this, [this] {
        m_sections.assign(size_t(m_document->count()), {});
        m_top = m_widest = 0;
        m_cursor = m_anchor = {};
        for (int i = 0; i < m_document->count(); ++i)
            m_sections[size_t(i)].folded = isViewed(i);
        layOut();
    });
    connect(m_document, &DiffDocument::loaded, this, [this](int file) {
        keepTop([&] { measure(file); });
        viewport()->update();
    });
    connect(m_document, &DiffDocument::keyKnown, this, [this](int file) {
        if (isViewed(file) && !isFolded(file))
            setFolded(file, true);
    });
}

const std::vector<DiffRow> *DiffPane::rowsOf(int file) const
{
    const auto &shown = m_document->file(file).shown;
    return shown ? (m_split ? &shown->split : &shown->unified) : nullptr;
}

QString DiffPane::stateText() const
{
    return m_document->count() == 0 ? tr("No file is changed.") : QString();
}

// ---- layout: everything is counted in rows of the screen

int DiffPane::pageRows() const
{
    return std::max(1, viewport()->height() / m_grid.line);
}

int DiffPane::imageRows(const DiffPresentation &shown) const
{
    const int height = std::max(shown.oldImage.height(), shown.newImage.height());
    return height == 0 ? 0 : (std::min(height, imageHeight) + 3 * m_grid.line) / m_grid.line;
}

/// Counts the rows of a file anew.
void DiffPane::measure(int file)
{
    Section &section = m_sections[size_t(file)];
    const DiffDocument::File &from = m_document->file(file);
    section.starts.clear();
    section.rows = 0;
    int body = 0;
    if (!section.folded) {
        const auto *rows = rowsOf(file);
        if (from.state == DiffDocument::State::Loaded && rows) {
            section.rows = int(rows->size());
            body = section.rows;
            if (m_wrap) {
                section.starts.reserve(size_t(body) + 1);
                int at = 0;
                const auto heightOf = [&](int text, bool right) {
                    const int cells = column(right).cells;
                    return text < 0
                               ? 1
                               : std::max(1, (from.shown->texts[size_t(text)].cells.columns() + cells - 1) / cells);
                };
                for (const DiffRow &row : *rows) {
                    section.starts.push_back(at);
                    const bool text = row.kind != DiffRow::Kind::Gap && row.kind != DiffRow::Kind::Note;
                    at += text ? std::max(heightOf(row.left, false), m_split ? heightOf(row.right, true) : 1) : 1;
                }
                section.starts.push_back(at);
                body = at;
            }
            body += imageRows(*from.shown);
        } else {
            // What it will take, roughly, so that the scroll bar does not jump far.
            const int changed = from.file.change.added + from.file.change.removed;
            section.rows = 1;
            body = from.state == DiffDocument::State::TooLarge || from.state == DiffDocument::State::Failed ? 1
                   : from.rows > 0                                                                          ? from.rows
                                   : std::clamp(changed + 8, 8, 400);
        }
    }
    section.height = 1 + body + 1;
}

void DiffPane::layOut()
{
    for (int i = 0; i < m_document->count(); ++i)
        measure(i);
    keepTop([] {});
    viewport()->update();
}

/// Makes a change of heights and stays at the same place in the text.
void DiffPane::keepTop(const std::function<void()> &change)
{
    int part = 0;
    const bool known = !m_tops.empty() && m_tops.size() == m_sections.size() + 1;
    const RowRef at = known ? spotAt(m_top, &part) : RowRef();
    change();
    m_tops.resize(m_sections.size() + 1);
    int top = 0;
    for (size_t i = 0; i < m_sections.size(); ++i) {
        m_tops[i] = top;
        top += m_sections[i].height;
    }
    m_tops.back() = top;
    setTop(known && !m_sections.empty() ? topOf(at) + part : 0);
}

int DiffPane::topOf(const RowRef &spot) const
{
    const Section &section = m_sections[size_t(spot.file)];
    const int base = m_tops[size_t(spot.file)];
    if (spot.row < 0 || section.folded)
        return base;
    const int row = std::min(spot.row, std::max(0, section.rows - 1));
    return base + 1 + (section.starts.empty() ? row : section.starts[size_t(row)]);
}

DiffPane::RowRef DiffPane::spotAt(int screenRow, int *part) const
{
    if (m_sections.empty())
        return {};
    const auto after = std::ranges::upper_bound(m_tops.begin(), m_tops.end() - 1, screenRow);
    const int file = std::max(0, int(after - m_tops.begin()) - 1);
    const Section &section = m_sections[size_t(file)];
    const int into = screenRow - m_tops[size_t(file)] - 1;
    int row = -1;
    if (into >= 0 && section.rows > 0) {
        row = section.starts.empty() ? into
                                     : int(std::ranges::upper_bound(section.starts, into) - section.starts.begin()) - 1;
        row = std::min(row, section.rows - 1);
    }
    if (part)
        *part = screenRow - topOf({file, row});
    return {file, row};
}

void DiffPane::syncScrollBars()
{
    m_syncing = true;
    verticalScrollBar()->setRange(0, std::max(0, (m_tops.empty() ? 0 : m_tops.back()) - pageRows()));
    verticalScrollBar()->setPageStep(pageRows());
    verticalScrollBar()->setValue(m_top);
    horizontalScrollBar()->setRange(0, m_wrap ? 0 : std::max(0, m_widest + 1 - column(false).cells));
    horizontalScrollBar()->setPageStep(std::max(1, column(false).cells));
    m_syncing = false;
}

void DiffPane::setTop(int top)
{
    const int before = m_sections.empty() ? -1 : spotAt(m_top).file;
    m_top = std::clamp(top, 0, std::max(0, (m_tops.empty() ? 0 : m_tops.back()) - pageRows()));
    syncScrollBars();
    viewport()->update();
    if (!m_sections.empty() && spotAt(m_top).file != before)
        Q_EMIT currentFileChanged(spotAt(m_top).file);
}

void DiffPane::scrollContentsBy(int, int)
{
    if (!m_syncing)
        setTop(verticalScrollBar()->value());
}

void DiffPane::showSpot(const RowRef &spot, int above)
{
    const int at = topOf(spot);
    // The sticky header covers the first row.
    if (above >= 0 || at < m_top + 1)
        setTop(at - std::max(1, above));
    else if (at >= m_top + pageRows())
        setTop(at - pageRows() + 1);
}

void DiffPane::setSplit(bool on)
{
    if (on == m_split)
        return;
    m_split = on;
    m_cursor.row = m_anchor.row = -1; // rows are others now
    layOut();
}

void DiffPane::setWrap(bool on)
{
    m_wrap = on;
    horizontalScrollBar()->setValue(0);
    setHorizontalScrollBarPolicy(on ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    layOut();
}

// ---- notes, marks, folds

void DiffPane::setNotes(const DiffNotes &notes)
{
    m_notes = notes;
    viewport()->update();
}

void DiffPane::setComments(const std::vector<DiffComment> &comments)
{
    m_commented.clear();
    for (const DiffComment &comment : comments)
        m_commented[comment.path].emplace_back(comment.side, comment.line);
    viewport()->update();
}

QStringList DiffPane::notesOn(int file, int newLine) const
{
    QStringList said;
    const RepoPath &path = m_document->file(file).file.change.path;
    for (const DiffFinding &finding : m_notes.findings) {
        if (newLine > 0 && finding.line == newLine && finding.path == path)
            said << finding.text;
    }
    return said;
}

bool DiffPane::isUncovered(int file, int newLine) const
{
    const auto lines = m_notes.uncovered.constFind(m_document->file(file).file.change.path);
    return newLine > 0 && lines != m_notes.uncovered.constEnd() && std::ranges::binary_search(*lines, newLine);
}

void DiffPane::setViewed(const QSet<QString> &keys)
{
    m_viewed = keys;
    keepTop([&] {
        for (int i = 0; i < m_document->count(); ++i) {
            m_sections[size_t(i)].folded = isViewed(i);
            measure(i);
        }
    });
}

bool DiffPane::isViewed(int file) const
{
    const QString &key = m_document->file(file).key;
    return !key.isEmpty() && m_viewed.contains(key);
}

void DiffPane::toggleViewed(int file)
{
    const QString &key = m_document->file(file).key;
    if (key.isEmpty())
        return; // not known yet what would be marked
    const bool viewed = !isViewed(file);
    if (viewed)
        m_viewed.insert(key);
    else
        m_viewed.remove(key);
    setFolded(file, viewed);
    Q_EMIT viewedToggled(file, viewed);
}

void DiffPane::setFolded(int file, bool folded)
{
    keepTop([&] {
        m_sections[size_t(file)].folded = folded;
        measure(file);
    });
    if (folded && m_cursor.file == file)
        setCurrent({file, -1}, false);
}

// ---- going somewhere

void DiffPane::setCurrent(const RowRef &spot, bool keepAnchor)
{
    m_cursor = spot;
    if (!keepAnchor)
        m_anchor = spot;
    viewport()->update();
    tellCursor(this);
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

bool DiffPane::goToFinding(bool forward)
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
        return false;
    const auto &to = forward ? *at : *std::prev(at);
    if (!goToLine(to.first, DiffSide::New, to.second))
        goToFile(to.first);
    return true;
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

// ---- keys and mouse

void DiffPane::keyPressEvent(QKeyEvent *event)
{
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    const bool control = event->modifiers() & Qt::ControlModifier;
    if (event->matches(QKeySequence::Copy))
        return QGuiApplication::clipboard()->setText(selectedText());
    if (m_sections.empty())
        return QAbstractScrollArea::keyPressEvent(event);
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
    case Qt::Key_N: return void(goToChange(true));
    case Qt::Key_P: return void(goToChange(false));
    case Qt::Key_BracketRight: return goToFile(std::min(m_cursor.file + 1, m_document->count() - 1));
    case Qt::Key_BracketLeft: return goToFile(m_cursor.row < 0 ? std::max(0, m_cursor.file - 1) : m_cursor.file);
    case Qt::Key_F8: return void(goToFinding(!shift));
    case Qt::Key_V: return toggleViewed(m_cursor.file);
    case Qt::Key_C:
        if (!control) {
            Q_EMIT commentWanted();
            return;
        }
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter: return activate(m_cursor);
    default: break;
    }
    QAbstractScrollArea::keyPressEvent(event);
}

void DiffPane::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || m_sections.empty())
        return;
    const QPoint point = event->position().toPoint();
    const int screenRow = point.y() / m_grid.line;
    RowRef spot = spotAt(m_top + screenRow);
    if (screenRow == 0 && spot.row >= 0)
        spot.row = -1; // the header that stays in sight
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    setCurrent(spot, shift);
    if (spot.row < 0) {
        if (viewedBox(screenRow * m_grid.line).contains(point))
            return toggleViewed(spot.file);
        return activate(spot);
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
    const int file = m_cursor.file;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), this, [this] { QGuiApplication::clipboard()->setText(selectedText()); });
    menu->addAction(tr("Copy &path"), this, [this, file] {
        QGuiApplication::clipboard()->setText(QString::fromUtf8(m_document->file(file).file.change.path));
    });
    menu->addSeparator();
    menu->addAction(tr("Co&mment…"), this, &DiffPane::commentWanted)->setEnabled(currentLine().has_value());
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
    if (spot.row >= 0 && rows && spot.row < int(rows->size())) {
        const DiffRow &row = (*rows)[size_t(spot.row)];
        said = notesOn(spot.file, row.newLine);
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

// ---- for screen readers

QStringList DiffPane::spokenRows() const
{
    QStringList said;
    const int end = m_tops.empty() ? 0 : std::min(m_tops.back(), m_top + pageRows());
    for (int screenRow = m_top; screenRow < end; ++screenRow) {
        int part = 0;
        const RowRef spot = spotAt(screenRow, &part);
        QString text;
        if (part == 0) {
            text = textOf(spot);
            const auto *rows = rowsOf(spot.file);
            if (spot.row >= 0 && rows && spot.row < int(rows->size())) {
                const DiffRow &row = (*rows)[size_t(spot.row)];
                const char *sign = row.kind == DiffRow::Kind::Added     ? "+"
                                   : row.kind == DiffRow::Kind::Removed ? "-"
                                   : row.kind == DiffRow::Kind::Changed ? "±"
                                                                        : "";
                text = QString::fromUtf8(sign) + text.left(4096);
                for (const QString &note : notesOn(spot.file, row.newLine))
                    text += QStringLiteral(" — ") + note;
                if (isUncovered(spot.file, row.newLine))
                    text += QStringLiteral(" — ") + tr("not covered");
            }
        }
        said << text;
    }
    return said;
}

SpokenRows::Spot DiffPane::spokenCursor() const
{
    return {m_sections.empty() ? 0 : std::max(0, topOf(m_cursor) - m_top), 0};
}

std::pair<SpokenRows::Spot, SpokenRows::Spot> DiffPane::spokenSelection() const
{
    if (m_sections.empty() || m_anchor == m_cursor)
        return {spokenCursor(), spokenCursor()};
    const auto [from, to] = std::minmax(m_anchor, m_cursor);
    return {{topOf(from) - m_top, 0}, {topOf(to) - m_top, INT_MAX}};
}

void DiffPane::moveSpokenCursor(Spot spot, bool keepAnchor)
{
    if (!m_sections.empty())
        setCurrent(spotAt(m_top + spot.first), keepAnchor);
}

QRect DiffPane::rectOfSpoken(Spot spot) const
{
    return {column(false).text + int(qreal(spot.second) * m_grid.cell), spot.first * m_grid.line, int(m_grid.cell),
            m_grid.line};
}

SpokenRows::Spot DiffPane::spokenAt(QPoint point) const
{
    return {point.y() / m_grid.line, std::max(0, int((point.x() - column(false).text) / m_grid.cell))};
}

} // namespace openfactory
