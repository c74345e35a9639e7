// SPDX-License-Identifier: Apache-2.0
/// A flat table that may hold a million rows: all rows are of one height, and one costs eight bytes, where QTreeView
/// keeps forty for each. Keys and looks are those of the other tables (table.h). GUI thread.
#pragma once

#include <QTableView>

namespace openfactory::ui {

class LongTable : public QTableView {
    Q_OBJECT
public:
    explicit LongTable(QWidget *parent = nullptr);
    QHeaderView *header() const { return horizontalHeader(); }

protected:
    /// Home and End are the first and the last row; left and right scroll, as the chosen thing is a row.
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    void changeEvent(QEvent *event) override;

private:
    void fitRows();
};

} // namespace openfactory::ui
