// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/table.h"

#include "ui/widgets/markicon.h"
#include "ui/widgets/named.h"

#include <QAccessible>
#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>

#include <algorithm>

namespace openfactory::ui {

QString chosenText(const QAbstractItemView &view)
{
    QStringList lines;
    const QModelIndexList rows = view.selectionModel()->selectedRows();
    for (const QModelIndex &row : rows) {
        QStringList cells;
        for (int column = 0; column < view.model()->columnCount(row.parent()); ++column)
            cells << row.siblingAtColumn(column).data().toString();
        lines << cells.join(u'\t');
    }
    return lines.join(u'\n');
}

namespace {

/// What both kinds of table have in common.
void prepare(QAbstractItemView *view, QAbstractItemModel &model)
{
    view->setModel(&model);
    view->setAlternatingRowColors(true);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setItemDelegate(new MarkDelegate(view));
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->setTabKeyNavigation(false);
    auto *copy = new QAction(QObject::tr("Copy"), view);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    QObject::connect(copy, &QAction::triggered, view,
                     [view] { QGuiApplication::clipboard()->setText(chosenText(*view)); });
    view->addAction(copy);
}

} // namespace

QTreeView *makeTable(const char *objectName, const QString &accessibleName, QAbstractItemModel &model, QWidget *parent)
{
    auto *view = named(new QTreeView(parent), objectName, accessibleName);
    prepare(view, model);
    layOutForReaders(*view);
    view->setRootIsDecorated(false);
    view->setUniformRowHeights(true);
    view->setAllColumnsShowFocus(true);
    view->header()->setStretchLastSection(true);
    return view;
}

LongTable *makeLongTable(const char *objectName, const QString &accessibleName, QAbstractItemModel &model,
                         QWidget *parent)
{
    auto *view = named(new LongTable(parent), objectName, accessibleName);
    prepare(view, model);
    return view;
}

void layOutForReaders(QTreeView &view)
{
    const auto layOut = [&view] {
        if (QAccessible::isActive())
            view.doItemsLayout();
    };
    const QAbstractItemModel *model = view.model();
    QObject::connect(model, &QAbstractItemModel::rowsInserted, &view, layOut);
    QObject::connect(model, &QAbstractItemModel::rowsRemoved, &view, layOut);
    QObject::connect(model, &QAbstractItemModel::rowsMoved, &view, layOut);
    QObject::connect(model, &QAbstractItemModel::layoutChanged, &view, layOut);
    QObject::connect(model, &QAbstractItemModel::modelReset, &view, layOut);
}

void fitRows(QTreeView &view, int most, int wide)
{
    view.header()->setStretchLastSection(false);
    view.header()->setSectionResizeMode(wide, QHeaderView::Stretch);
    view.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    const auto fit = [&view, most] {
        const int rows = std::clamp(view.model()->rowCount(), 1, most);
        const int row = std::max(view.sizeHintForRow(0), view.fontMetrics().height() + 2);
        view.setFixedHeight(view.header()->sizeHint().height() + rows * row + 2 * view.frameWidth() + 2);
    };
    QObject::connect(view.model(), &QAbstractItemModel::rowsInserted, &view, fit, Qt::QueuedConnection);
    QObject::connect(view.model(), &QAbstractItemModel::rowsRemoved, &view, fit, Qt::QueuedConnection);
    fit();
}

} // namespace openfactory::ui
