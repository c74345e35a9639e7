// SPDX-License-Identifier: Apache-2.0
/// A page that is one table, or what it says while there is nothing in it. GUI thread.
#pragma once

#include "ui/models/rowsmodel.h"

#include <QWidget>

class QLabel;
class QStackedWidget;
class QTreeView;

namespace openfactory::ui {

class EmptyState;

class TablePage : public QWidget {
    Q_OBJECT
public:
    TablePage(const char *name, const QString &title, RowsModel &model, QWidget *parent = nullptr);
    EmptyState &emptyState() { return *m_empty; }
    QTreeView &view() { return *m_view; }
    /// Acts on the current row, below the table.
    void setActs(QWidget *acts);
    /// A line below the table; empty: none.
    void setNote(const QString &text);

Q_SIGNALS:
    void opened(const QString &key); ///< of the row that Enter or a double click was on

private:
    void update();
    RowsModel &m_model;
    QStackedWidget *m_stack;
    QLabel *m_skeleton;
    QTreeView *m_view;
    EmptyState *m_empty;
    QLabel *m_note;
    QWidget *m_acts = nullptr;
};

} // namespace openfactory::ui
