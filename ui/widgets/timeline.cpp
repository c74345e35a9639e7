// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/timeline.h"

#include "ui/models/words.h"
#include "ui/widgets/keys.h"
#include "ui/widgets/markicon.h"
#include "ui/widgets/table.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>

namespace openfactory::ui {

namespace {

constexpr int kNames = 240;

class BarDelegate : public QStyledItemDelegate {
public:
    BarDelegate(const AttemptTree &tree, QObject *parent) : QStyledItemDelegate(parent), m_tree(tree) {}
    void paint(QPainter *painter, const QStyleOptionViewItem &given, const QModelIndex &index) const override
    {
        QStyleOptionViewItem option = given;
        initStyleOption(&option, index);
        option.text.clear();
        option.widget->style()->drawControl(QStyle::CE_ItemViewItem, &option, painter, option.widget);
        const qint64 from = m_tree.time().first;
        const qint64 to = m_tree.time().second;
        const QModelIndex first = index.siblingAtColumn(0);
        const qint64 start = first.data(AttemptTree::StartRole).toLongLong();
        if (start == 0 || to <= from)
            return;
        const qint64 stored = first.data(AttemptTree::EndRole).toLongLong();
        const qint64 end = std::max(stored > 0 ? stored : to, start);
        const QRectF area = QRectF(option.rect).adjusted(6, 0, -6, 0);
        const auto at = [&](qint64 ms) {
            return area.left() + area.width() * std::clamp(double(ms - from) / double(to - from), 0.0, 1.0);
        };
        const Mark mark = Mark(first.data(MarkRole).toInt());
        const QColor color = markColor(mark, option.palette);
        QRectF bar(at(start), area.center().y() - 5, std::max(3.0, at(end) - at(start)), 10);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        // What it waited for its turn is drawn hollow.
        if (const qint64 waited = first.data(AttemptTree::WaitedRole).toLongLong();
            waited > 0 && at(start) - at(waited) >= 2) {
            painter->setPen(QPen(markColor(Mark::Queued, option.palette), 1));
            painter->setBrush(Qt::NoBrush);
            painter->drawRoundedRect(QRectF(at(waited), area.center().y() - 3, at(start) - at(waited), 6), 2, 2);
        }
        painter->setPen(QPen(color, 1.2));
        // A wait for a person is hatched: nothing ran then.
        painter->setBrush(mark == Mark::Waiting ? QBrush(color, Qt::BDiagPattern)
                          : stored == 0         ? QBrush(color, Qt::Dense4Pattern)
                                                : QBrush(color));
        painter->drawRoundedRect(bar, 2, 2);
        if (first.data(AttemptTree::CriticalRole).toBool()) {
            painter->setPen(QPen(textColor(option), 1.6));
            painter->setBrush(Qt::NoBrush);
            painter->drawRoundedRect(bar.adjusted(-2.5, -2.5, 2.5, 2.5), 4, 4);
        }
        const QString text = spanText(end - start);
        const double width = QFontMetricsF(option.font).horizontalAdvance(text);
        painter->setPen(textColor(option));
        const bool right = bar.right() + 8 + width < area.right();
        painter->drawText(QRectF(right ? bar.right() + 6 : std::max(area.left(), bar.left() - 6 - width), area.top(),
                                 width + 2, area.height()),
                          Qt::AlignVCenter, text);
        painter->restore();
    }

private:
    const AttemptTree &m_tree;
};

} // namespace

Timeline::Timeline(AttemptTree &tree, QWidget *parent) : QTreeView(parent)
{
    setObjectName(QStringLiteral("timeline"));
    setAccessibleName(tr("Timeline of stages, attempts and commands"));
    setModel(&tree);
    layOutForReaders(*this);
    setUniformRowHeights(true);
    setEditTriggers(NoEditTriggers);
    setItemDelegateForColumn(AttemptTree::Name, new MarkDelegate(this));
    setItemDelegateForColumn(AttemptTree::Said, new BarDelegate(tree, this));
    setColumnHidden(AttemptTree::State, true);
    setColumnHidden(AttemptTree::Time, true);
    setHorizontalScrollMode(ScrollPerPixel);
    setHeaderHidden(true);
    header()->setStretchLastSection(false);
    fitColumns();
}

void Timeline::setZoom(double zoom)
{
    m_zoom = std::clamp(zoom, 1.0, 200.0);
    fitColumns();
}

void Timeline::fitColumns()
{
    setColumnWidth(AttemptTree::Name, std::min(kNames, std::max(120, viewport()->width() / 3)));
    setColumnWidth(AttemptTree::Said,
                   std::max(80, int((viewport()->width() - columnWidth(AttemptTree::Name)) * m_zoom)));
}

void Timeline::wheelEvent(QWheelEvent *event)
{
    if (!(event->modifiers() & Qt::ControlModifier)) {
        QTreeView::wheelEvent(event);
        return;
    }
    setZoom(m_zoom * (event->angleDelta().y() > 0 ? 1.25 : 0.8));
    event->accept();
}

bool Timeline::event(QEvent *event)
{
    return keepsKey(*event, KeyPlace::Timeline) || QTreeView::event(event);
}

void Timeline::keyPressEvent(QKeyEvent *event)
{
    if (isKey(*event, "timelineFit"))
        setZoom(1);
    else if (event->matches(QKeySequence::ZoomIn))
        setZoom(m_zoom * 1.25);
    else if (event->matches(QKeySequence::ZoomOut))
        setZoom(m_zoom * 0.8);
    else
        QTreeView::keyPressEvent(event);
}

void Timeline::resizeEvent(QResizeEvent *event)
{
    QTreeView::resizeEvent(event);
    fitColumns();
}

} // namespace openfactory::ui
