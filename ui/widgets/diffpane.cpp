// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/diffpane.h"

#include "core/base/text.h"
#include "ui/widgets/keys.h"

#include <QFontDatabase>
#include <QScrollBar>

#include <algorithm>

namespace openfactory {

namespace {

constexpr int imageHeight = 360; ///< pixels

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
        m_steppedGap = -1;
        for (int i = 0; i < m_document->count(); ++i)
            m_sections[size_t(i)].folded = isViewed(i);
        layOut();
    });
    connect(m_document, &DiffDocument::loaded, this, [this](int file) {
        keepTop([&] { measure(file); });
        followGap(file);
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

QString DiffPane::uncoveredIn(int file) const
{
    const int lines = int(m_notes.uncovered.value(m_document->file(file).file.change.path).size());
    return lines == 0             ? QString()
           : m_notes.uncoveredCut ? tr("%n or more not covered", nullptr, lines)
                                  : tr("%n not covered", nullptr, lines);
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
            if (const QString lines = spot.row < 0 ? uncoveredIn(spot.file) : QString(); !lines.isEmpty())
                text += QStringLiteral(" — ") + lines;
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
                if (opensByStep(spot)) {
                    for (const auto &[how, key] : {std::pair(DiffDocument::Opening::Down, "changeGapDown"),
                                                   std::pair(DiffDocument::Opening::Up, "changeGapUp")})
                        text += QStringLiteral(" — ") + ui::withKey(openingText(how), key);
                }
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
