// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/longtable.h"

#include <QEvent>
#include <QHeaderView>
#include <QScrollBar>

namespace openfactory::ui {

LongTable::LongTable(QWidget *parent) : QTableView(parent)
{
    setShowGrid(false);
    setWordWrap(false);
    setCornerButtonEnabled(false);
    setVerticalScrollMode(ScrollPerItem);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setMinimumSectionSize(1);
    header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header()->setHighlightSections(false);
    header()->setSectionsMovable(true);
    fitRows();
}

void LongTable::fitRows()
{
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6); // as MarkDelegate has it
}

void LongTable::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitRows();
}

QModelIndex LongTable::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    const QModelIndex now = currentIndex();
    const int rows = model() ? model()->rowCount() : 0;
    const int column = std::max(now.column(), 0);
    switch (action) {
    case MoveHome: return rows > 0 ? model()->index(0, column) : now;
    case MoveEnd: return rows > 0 ? model()->index(rows - 1, column) : now;
    case MoveLeft:
    case MoveRight: {
        QScrollBar *bar = horizontalScrollBar();
        const bool on = (action == MoveRight) == (layoutDirection() == Qt::LeftToRight);
        bar->setValue(bar->value() + (on ? bar->singleStep() : -bar->singleStep()));
        return now;
    }
    default: return QTableView::moveCursor(action, modifiers);
    }
}

} // namespace openfactory::ui
