// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/logview.h"

#include "ui/widgets/logoverview.h"

#include <QFontDatabase>
#include <QScrollBar>
#include <QToolButton>

#include <algorithm>

namespace openfactory {

namespace {

constexpr qint64 scrollSteps = 1 << 30;

} // namespace

LogView::LogView(LogDocument *document, Rows rows, QWidget *parent)
    : QAbstractScrollArea(parent),
      m_document(document),
      m_rows(rows),
      m_colours(palette())
{
    setObjectName(rows == Rows::All ? QStringLiteral("logView") : QStringLiteral("logFilterView"));
    setAccessibleName(rows == Rows::All ? tr("Log") : tr("Lines that match"));
    setFocusPolicy(Qt::StrongFocus);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_grid = CellGrid(font());
    viewport()->setMouseTracking(true);
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setAutoFillBackground(false);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    horizontalScrollBar()->setSingleStep(4);

    if (m_rows == Rows::All) {
        m_overview = new LogOverview(this);
        setViewportMargins(0, 0, LogOverview::barWidth, 0);
        m_pill = new QToolButton(this);
        m_pill->setObjectName(QStringLiteral("newLinesButton"));
        m_pill->setFocusPolicy(Qt::NoFocus); // End does the same
        m_pill->hide();
        connect(m_pill, &QToolButton::clicked, this, [this] { setFollow(true); });
    }
    const auto repaint = [this] {
        viewport()->update();
        if (m_overview)
            m_overview->update();
    };
    connect(m_document, &LogDocument::changed, this, &LogView::onChanged);
    connect(m_document, &LogDocument::rowsReady, this, [this] {
        if (m_follow && m_wrap)
            toEnd(); // how high the last rows are is known only now
        viewport()->update();
    });
    connect(m_document, &LogDocument::hitsChanged, this, [this, repaint] {
        if (m_rows == Rows::MatchesOnly)
            onChanged(false);
        if (!m_document->matcher())
            m_found.reset();
        repaint();
    });
    connect(m_document, &LogDocument::errorsChanged, this, [this, repaint] {
        if (m_rows == Rows::ErrorsOnly)
            onChanged(false);
        tryLanding();
        repaint();
    });
    onChanged(true);
}

LogView::~LogView() = default;

// ---- what is seen

void LogView::setRows(Rows rows)
{
    m_rows = rows;
    onChanged(true);
}

const LineSet *LogView::listed() const
{
    switch (m_rows) {
    case Rows::All: return nullptr;
    case Rows::MatchesOnly: return &m_document->hits()->lines;
    case Rows::ErrorsOnly: return &m_document->errors()->lines;
    }
    return nullptr;
}

qint64 LogView::seenRows() const
{
    if (const LineSet *lines = listed())
        return lines->count();
    return m_document->shape().rows() - m_map.hiddenRows();
}

qint64 LogView::rowAtSeen(qint64 seen) const
{
    if (const LineSet *lines = listed())
        return m_document->shape().rowOf(lines->at(seen));
    return m_map.rowAt(seen);
}

qint64 LogView::seenOfRow(qint64 row) const
{
    if (const LineSet *lines = listed())
        return lines->rank(m_document->shape().placeOf(row).line);
    return m_map.seenBefore(row);
}

int LogView::pageRows() const
{
    return std::max(1, viewport()->height() / m_grid.line);
}

std::shared_ptr<const LogRow> LogView::row(qint64 row, int patience) const
{
    return m_document->row(row, QDeadlineTimer(patience));
}

/// One where it cannot be read until the deadline: what waits for several rows waits once for all of them.
int LogView::heightOf(qint64 seen, QDeadlineTimer deadline) const
{
    if (!m_wrap)
        return 1;
    const auto found = m_document->row(rowAtSeen(seen), deadline);
    const int columns = textColumns();
    return found ? std::max(1, (found->cells.columns() + columns - 1) / columns) : 1;
}

std::pair<qint64, int> LogView::visibleRange() const
{
    const qint64 seen = seenRows();
    return {m_top, int(std::clamp<qint64>(seen - m_top, 0, viewport()->height() / m_grid.line + 1))};
}

QStringList LogView::visibleText() const
{
    QStringList lines;
    const auto [first, count] = visibleRange();
    const QDeadlineTimer deadline(patienceMs);
    for (int i = 0; i < count; ++i) {
        const auto found = m_document->row(rowAtSeen(first + i), deadline);
        lines << (found ? found->cells.text().left(4096) : QString());
    }
    return lines;
}

QString LogView::stateText() const
{
    if (m_document->path().isEmpty())
        return m_emptyText.isEmpty() ? tr("No log is chosen.") : m_emptyText;
    if (m_document->isLoading())
        return tr("Reading the log…");
    if (const auto &error = m_document->error(); error && error->kind == ErrorKind::NotFound)
        return tr("The log is missing; what the audit says of it remains.");
    else if (error)
        return tr("The log cannot be read: %1.").arg(error->said);
    if (seenRows() > 0)
        return {};
    if (m_rows == Rows::MatchesOnly)
        return m_document->matcher() ? tr("No line matches.") : tr("Nothing is searched for.");
    if (m_rows == Rows::ErrorsOnly)
        return m_document->errors()->done ? tr("No line tells of an error.") : tr("Looking for errors…");
    return m_emptyText.isEmpty() ? tr("No output yet.") : m_emptyText;
}

// ---- changes of the log

void LogView::onChanged(bool anew)
{
    if (anew) {
        m_top = m_part = m_widest = 0;
        m_cursor = m_anchor = {};
        m_found.reset();
        m_startMs = 0;
        m_linesAtPause = m_document->shape().lines;
    }
    buildMap();
    m_cursor.row = std::clamp<qint64>(m_cursor.row, 0, std::max<qint64>(0, m_document->shape().rows() - 1));
    m_anchor.row = std::min(m_anchor.row, std::max<qint64>(0, m_document->shape().rows() - 1));
    if (m_follow && m_rows == Rows::All)
        toEnd();
    else
        setTop(m_top, m_part);
    tryLanding();
    tellNewLines();
    viewport()->update();
    if (m_overview)
        m_overview->update();
}

void LogView::buildMap()
{
    std::vector<RowMap::Hidden> hidden;
    const LogShape &shape = m_document->shape();
    for (const LogFold &fold : m_folds) {
        const qint64 last = std::min(fold.lastLine, shape.lines - 1);
        if (!fold.open && last > fold.firstLine)
            hidden.push_back({shape.rowOf(fold.firstLine + 1), shape.rowOf(last + 1) - 1});
    }
    m_map = RowMap(hidden);
}

void LogView::setFollow(bool on)
{
    if (on)
        toEnd();
    if (m_follow == on)
        return;
    m_follow = on;
    m_linesAtPause = m_document->shape().lines;
    tellNewLines();
    Q_EMIT followChanged(on);
}

void LogView::tellNewLines()
{
    if (!m_pill)
        return;
    const qint64 fresh = m_document->shape().lines - m_linesAtPause;
    const bool told = !m_follow && fresh > 0 && !m_document->isLoading();
    if (told) {
        m_pill->setText(tr("%Ln new line(s) ↓", nullptr, int(std::min<qint64>(fresh, INT_MAX))));
        m_pill->setAccessibleName(m_pill->text());
        m_pill->adjustSize();
        placeWidgets();
    }
    m_pill->setVisible(told);
}

void LogView::land(Landing landing)
{
    m_landing = landing;
    tryLanding();
}

void LogView::tryLanding()
{
    if (!m_landing || m_document->isLoading() || m_document->shape().lines == 0)
        return;
    if (*m_landing == Landing::FirstError) {
        const auto errors = m_document->errors();
        const qint64 first = errors->lines.at(0);
        if (first < 0 && !errors->done)
            return; // still looked for
        m_landing = first < 0 ? Landing::Tail : Landing::FirstError;
        if (first >= 0) {
            openFoldsAt(first);
            const qint64 at = m_document->shape().rowOf(first);
            setCursor({at, 0}, false);
            showRow(at, linesAboveError);
        }
    }
    if (*m_landing == Landing::Tail)
        toEnd();
    else if (*m_landing == Landing::Top)
        setTop(0, 0);
    m_landing.reset();
}

// ---- scrolling

void LogView::setTop(qint64 top, int part)
{
    const qint64 seen = seenRows();
    qint64 lastTop = std::max<qint64>(0, seen - pageRows());
    int lastPart = 0;
    if (m_wrap && top >= lastTop) {
        const QDeadlineTimer deadline(patienceMs);
        int missing = pageRows();
        lastTop = seen;
        while (lastTop > 0 && missing > 0) {
            const int height = heightOf(--lastTop, deadline);
            lastPart = std::max(0, height - missing);
            missing -= height;
        }
    }
    m_top = std::clamp<qint64>(top, 0, lastTop);
    m_part = !m_wrap || top < 0 ? 0 : m_top == lastTop && (top > lastTop || part > lastPart) ? lastPart : part;
    syncScrollBars();
    viewport()->update();
    if (m_overview)
        m_overview->update();
}

void LogView::toEnd()
{
    setTop(seenRows(), 0);
}

void LogView::syncScrollBars()
{
    m_syncing = true;
    const qint64 last = std::max<qint64>(m_top, seenRows() - pageRows());
    m_scale = last / scrollSteps + 1;
    verticalScrollBar()->setRange(0, int(last / m_scale));
    verticalScrollBar()->setPageStep(pageRows());
    verticalScrollBar()->setValue(int(m_top / m_scale));
    horizontalScrollBar()->setRange(0, m_wrap ? 0 : std::max(0, m_widest + 1 - textColumns()));
    horizontalScrollBar()->setPageStep(std::max(1, textColumns()));
    m_syncing = false;
}

void LogView::scrollContentsBy(int dx, int)
{
    if (m_syncing)
        return;
    if (dx == 0) {
        const qint64 top = qint64(verticalScrollBar()->value()) * m_scale;
        if (top < m_top)
            setFollow(false);
        setTop(top, 0);
    }
    viewport()->update();
}

/// By rows of the screen, of which a wrapped line has several.
void LogView::scrollBy(qint64 screenRows)
{
    if (screenRows < 0)
        setFollow(false);
    if (!m_wrap)
        return setTop(m_top + screenRows, 0);
    const QDeadlineTimer deadline(patienceMs);
    qint64 top = m_top;
    qint64 part = m_part + screenRows;
    const qint64 seen = seenRows();
    while (part < 0 && top > 0)
        part += heightOf(--top, deadline);
    for (int height = 0; top < seen && part >= (height = heightOf(top, deadline)); ++top)
        part -= height;
    setTop(top, int(std::max<qint64>(0, part)));
}

/// Brings a row to the screen, with so many rows above it where it was not on it.
void LogView::showRow(qint64 row, int above)
{
    const qint64 seen = seenOfRow(row);
    if (above >= 0 || seen < m_top)
        setTop(seen - std::max(0, above), 0);
    else if (seen >= m_top + pageRows())
        setTop(seen - pageRows() + 1, 0);
    // In long rows ahead of it there may be more than a screen.
    const QDeadlineTimer deadline(patienceMs);
    for (int tries = pageRows(); m_wrap && tries > 0; --tries) {
        qint64 used = -m_part;
        for (qint64 i = m_top; i < seen && used < pageRows(); ++i)
            used += heightOf(i, deadline);
        if (used < pageRows())
            break;
        setTop(m_top + 1, 0);
    }
}

void LogView::goToLine(qint64 line)
{
    const LogShape &shape = m_document->shape();
    if (shape.lines == 0)
        return;
    line = std::clamp<qint64>(line, 0, shape.lines - 1);
    setFollow(false);
    openFoldsAt(line);
    setCursor({shape.rowOf(line), 0}, false);
    showRow(m_cursor.row, pageRows() / 3);
}

qint64 LogView::currentLine() const
{
    return m_document->shape().placeOf(m_cursor.row).line;
}

void LogView::setWrap(bool on)
{
    m_wrap = on;
    horizontalScrollBar()->setValue(0);
    setHorizontalScrollBarPolicy(on ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    m_follow ? toEnd() : setTop(m_top, 0);
}

void LogView::setTimes(Times times)
{
    m_times = times;
    setTop(m_top, m_part);
}

void LogView::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

} // namespace openfactory
