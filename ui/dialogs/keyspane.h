// SPDX-License-Identifier: Apache-2.0
/// Every key of the console that can be set: where it holds, what it is, what it is by itself. A key that is pressed
/// into the field holds at once. GUI thread.
#pragma once

#include "ui/models/rowsmodel.h"

#include <QWidget>

class QKeySequenceEdit;
class QLabel;
class QLineEdit;
class QPushButton;
class QSortFilterProxyModel;
class QTreeView;

namespace openfactory::ui {

class KeysPane : public QWidget {
    Q_OBJECT
public:
    explicit KeysPane(QWidget *parent = nullptr);

Q_SIGNALS:
    void said(const QString &text);

private:
    QString chosen() const; ///< id; empty: none
    void showRows();
    void showChosen();
    void take(const QKeySequence &key);

    RowsModel m_rows;
    QSortFilterProxyModel *m_found;
    QLineEdit *m_search;
    QTreeView *m_table;
    QLabel *m_title;
    QKeySequenceEdit *m_key;
    QPushButton *m_none;
    QPushButton *m_standard;
    QPushButton *m_all;
    QLabel *m_note;
};

} // namespace openfactory::ui
