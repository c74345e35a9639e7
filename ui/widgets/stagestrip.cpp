// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/stagestrip.h"

#include "ui/models/words.h"
#include "ui/widgets/markicon.h"

#include <QApplication>
#include <QPainter>
#include <QResizeEvent>
#include <QScrollBar>

namespace openfactory::ui {

namespace {

constexpr int kCell = 14;
constexpr int kGap = 3;

bool recedes(Mark mark)
{
    return mark == Mark::Passed || mark == Mark::NotStarted || mark == Mark::Skipped;
}

/// Of a cell with these two lines.
int widthOf(const QStringList &lines, const QFontMetrics &metrics)
{
    return std::max(metrics.horizontalAdvance(lines[0]), metrics.horizontalAdvance(lines[1])) + 22 + 18;
}

/// The cells with so many fewer, as far as there are runs of what needs no look. Folded first is what is farthest from
/// now: what passed long ago, and in a run of what is to come its end.
std::vector<StripPart> foldedParts(const std::vector<StageCell> &cells, int fewer)
{
    std::vector<StripPart> parts;
    const int count = int(cells.size());
    for (int from = 0; from < count;) {
        const Mark mark = cells[size_t(from)].mark;
        int to = from + 1;
        while (recedes(mark) && to < count && cells[size_t(to)].mark == mark)
            ++to;
        const int folded = std::min(to - from, fewer + 1);
        fewer -= folded - 1;
        const bool comes = mark == Mark::NotStarted;
        if (!comes)
            parts.push_back({from, folded});
        for (int i = from + (comes ? 0 : folded); i < to - (comes ? folded : 0); ++i)
            parts.push_back({i, 1});
        if (comes)
            parts.push_back({to - folded, folded});
        from = to;
    }
    return parts;
}

/// A cell of the strip above the page: the mark, the name, and below it what there is to say.
class CellDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QFontMetrics metrics(option.font);
        return {widthOf({index.data().toString(), index.siblingAtColumn(1).data().toString()}, metrics),
                metrics.height() * 2 + 14};
    }
    void paint(QPainter *painter, const QStyleOptionViewItem &given, const QModelIndex &index) const override
    {
        QStyleOptionViewItem option = given;
        initStyleOption(&option, index);
        option.text.clear();
        const QWidget *widget = option.widget;
        widget->style()->drawControl(QStyle::CE_ItemViewItem, &option, painter, widget);
        const bool selected = option.state & QStyle::State_Selected;
        painter->save();
        painter->setPen(textColor(option));
        QRect rect = option.rect.adjusted(8, 6, -6, -6);
        const QRectF mark(rect.left(), rect.top() + 1, 16, 16);
        if (selected) { // the mark keeps the colours that are tested on the view's background
            painter->save();
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(option.palette.color(QPalette::Base));
            painter->drawRoundedRect(mark.adjusted(-2, -2, 2, 2), 3, 3);
            painter->restore();
        }
        paintMark(*painter, mark, Mark(index.data(MarkRole).toInt()), option.palette);
        rect.setLeft(rect.left() + 22);
        painter->setFont(option.font);
        painter->drawText(rect, Qt::AlignLeft | Qt::AlignTop, index.data().toString());
        rect.setTop(rect.top() + option.fontMetrics.height() + 2);
        painter->drawText(rect, Qt::AlignLeft | Qt::AlignTop, index.siblingAtColumn(1).data().toString());
        painter->restore();
    }
};

} // namespace

std::vector<StripPart> stripParts(const std::vector<StageCell> &cells, int most)
{
    std::vector<StripPart> parts;
    for (int i = 0; i < int(cells.size()); ++i)
        parts.push_back({i, 1});
    // The longest run of what needs no look is collapsed first.
    while (int(parts.size()) > std::max(1, most)) {
        int best = -1;
        int bestLength = 1;
        for (int i = 0; i < int(parts.size()); ++i) {
            int length = 0;
            while (i + length < int(parts.size()) && parts[size_t(i + length)].count == 1
                   && recedes(cells[size_t(parts[size_t(i + length)].from)].mark)
                   && cells[size_t(parts[size_t(i + length)].from)].mark == cells[size_t(parts[size_t(i)].from)].mark)
                ++length;
            if (length > bestLength) {
                best = i;
                bestLength = length;
            }
        }
        if (best < 0)
            break;
        parts[size_t(best)].count = bestLength;
        parts.erase(parts.begin() + best + 1, parts.begin() + best + bestLength);
    }
    return parts;
}

void StripDelegate::paint(QPainter *painter, const QStyleOptionViewItem &given, const QModelIndex &index) const
{
    QStyleOptionViewItem option = given;
    initStyleOption(&option, index);
    option.text.clear();
    const QWidget *widget = option.widget;
    QStyle *style = widget ? widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &option, painter, widget);
    const auto cells = index.data(CellsRole).value<std::vector<StageCell>>();
    const auto parts = stripParts(cells, (option.rect.width() - 8) / (kCell + kGap));
    const bool selected = option.state & QStyle::State_Selected;
    painter->save();
    int x = option.rect.left() + 4;
    const int y = option.rect.top() + (option.rect.height() - kCell) / 2;
    if (selected && !parts.empty()) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(option.palette.color(QPalette::Base));
        painter->drawRoundedRect(QRectF(x - 2, y - 2, int(parts.size()) * (kCell + kGap) + 2, kCell + 4), 3, 3);
    }
    QFont small = option.font;
    small.setPointSizeF(small.pointSizeF() * 0.8);
    painter->setFont(small);
    for (const StripPart &part : parts) {
        const QRectF rect(x, y, kCell, kCell);
        if (part.count == 1) {
            paintMark(*painter, rect, cells[size_t(part.from)].mark, option.palette);
        } else {
            painter->setPen(option.palette.color(QPalette::Text)); // on the view's own background
            painter->drawText(rect.adjusted(-2, 0, 3, 0), Qt::AlignCenter, u'+' + QString::number(part.count));
        }
        x += kCell + kGap;
    }
    painter->restore();
}

QSize StripDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    return {11 * (kCell + kGap) + 8, QStyledItemDelegate::sizeHint(option, index).height()};
}

StageStrip::StageStrip(QWidget *parent) : QListView(parent), m_model({tr("Stage"), tr("State")})
{
    setObjectName(QStringLiteral("stageStrip"));
    setAccessibleName(tr("Stages"));
    setFlow(QListView::LeftToRight);
    setWrapping(false);
    setUniformItemSizes(false);
    setEditTriggers(NoEditTriggers);
    setSelectionMode(SingleSelection);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setItemDelegate(new CellDelegate(this));
    setModel(&m_model);
    connect(horizontalScrollBar(), &QScrollBar::rangeChanged, this, &StageStrip::updateGeometry);
    connect(this, &QListView::clicked, this, &StageStrip::choose);
    connect(this, &QListView::activated, this, &StageStrip::choose);
}

void StageStrip::choose(const QModelIndex &index)
{
    const auto row = size_t(index.row());
    if (row < m_parts.size() && m_parts[row].count > 1)
        setCollapsed(false);
    else
        Q_EMIT stageChosen(index.data(KeyRole).toString());
}

void StageStrip::setCollapsed(bool collapsed)
{
    m_collapsed = collapsed;
    showParts();
}

void StageStrip::resizeEvent(QResizeEvent *event)
{
    QListView::resizeEvent(event);
    if (event->oldSize().width() != event->size().width())
        showParts();
}

TableRow StageStrip::rowOf(const StageCell &cell) const
{
    QString below = markText(cell.mark);
    if (cell.mark == Mark::Running)
        below = tr("%1 %2").arg(below, spanText(m_nowMs - cell.startedMs));
    else if (cell.endedMs > cell.startedMs && (cell.mark == Mark::Passed || cell.mark == Mark::Risk))
        below = spanText(cell.endedMs - cell.startedMs);
    if (cell.attempts > 1)
        below = tr("%1, %n attempt(s)", nullptr, cell.attempts).arg(below);
    QString tooltip = tr("%1: %2").arg(cell.stage, markText(cell.mark));
    if (!cell.summary.isEmpty())
        tooltip += QStringLiteral("\n") + cell.summary.left(400);
    return {cell.stage, {cell.stage, below}, cell.mark, tooltip, {}};
}

void StageStrip::setCells(const std::vector<StageCell> &cells, qint64 nowMs)
{
    m_cells = cells;
    m_nowMs = nowMs;
    showParts();
}

void StageStrip::showParts()
{
    std::vector<TableRow> all;
    for (const StageCell &cell : m_cells)
        all.push_back(rowOf(cell));
    const auto shown = [&](const StripPart &part) {
        const TableRow &first = all[size_t(part.from)];
        if (part.count == 1)
            return first;
        QStringList names;
        for (int i = part.from; i < part.from + part.count; ++i)
            names << m_cells[size_t(i)].stage;
        const QString state = markText(m_cells[size_t(part.from)].mark);
        return TableRow{first.key,
                        {tr("+%1").arg(part.count), state},
                        first.mark,
                        tr("%1: %2\nChoose it to see each of them").arg(names.join(QStringLiteral(", ")), state),
                        {}};
    };
    // One more is folded until the rest fits.
    std::vector<TableRow> rows;
    for (int folded = 0; folded <= int(m_cells.size()); ++folded) {
        m_parts = foldedParts(m_cells, folded);
        rows.clear();
        int width = 0;
        for (const StripPart &part : m_parts) {
            rows.push_back(shown(part));
            width += widthOf(rows.back().cells, fontMetrics());
        }
        if (!m_collapsed || width <= viewport()->width())
            break;
    }
    const auto before = m_model.rows().size();
    m_model.setRows(std::move(rows));
    if (before != m_model.rows().size())
        updateGeometry();
    doItemsLayout(); // texts may have another width now
    setCurrentStage(m_current);
}

void StageStrip::setCurrentStage(const QString &stage)
{
    m_current = stage;
    for (size_t row = 0; row < m_parts.size(); ++row) {
        for (int i = m_parts[row].from; i < m_parts[row].from + m_parts[row].count; ++i) {
            if (m_cells[size_t(i)].stage == stage && currentIndex().row() != int(row))
                setCurrentIndex(m_model.index(int(row), 0));
        }
    }
}

QSize StageStrip::sizeHint() const
{
    const int bar = horizontalScrollBar()->maximum() > 0 ? horizontalScrollBar()->sizeHint().height() : 0;
    return {600, fontMetrics().height() * 2 + 16 + frameWidth() * 2 + bar};
}

} // namespace openfactory::ui
