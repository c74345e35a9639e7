// SPDX-License-Identifier: Apache-2.0
/// Tables and trees as every page shows them. GUI thread.
#pragma once

#include "ui/widgets/longtable.h"

#include <QTreeView>

namespace openfactory::ui {

/// A flat table: one line a row, marks drawn, rows chosen whole, Ctrl+C copies them as text.
QTreeView *makeTable(const char *objectName, const QString &accessibleName, QAbstractItemModel &model,
                     QWidget *parent = nullptr);
/// The same for a list without an end.
LongTable *makeLongTable(const char *objectName, const QString &accessibleName, QAbstractItemModel &model,
                         QWidget *parent = nullptr);
/// Makes the table as high as its rows need, up to `most` of them; `wide` is the column that takes the room.
void fitRows(QTreeView &view, int most, int wide);
/// Called once a tree has its model. A screen reader may ask for a row that came before the tree was laid out; Qt 6.8
/// then lays it out in the middle of the answer, and frees what was asked. With a reader at work rows are laid out as
/// they come, also in a tree that is hidden.
void layOutForReaders(QTreeView &view);
/// The chosen rows as lines of tab-separated text.
QString chosenText(const QAbstractItemView &view);

} // namespace openfactory::ui
