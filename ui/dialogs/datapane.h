// SPDX-License-Identifier: Apache-2.0
/// Where everything is kept, how much that is, a copy of the store, and caches that nobody needs any more. GUI thread;
/// what takes long is done aside.
#pragma once

#include "ui/models/datafiles.h"
#include "ui/models/rowsmodel.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QTreeView;

namespace openfactory::ui {

class DataPane : public QWidget {
    Q_OBJECT
public:
    DataPane(const QString &folder, const DataFiles &files, QWidget *parent = nullptr);
    ~DataPane() override;
    /// What the file dialog does with what was chosen.
    void backUpInto(const QString &file);

Q_SIGNALS:
    void said(const QString &text);

protected:
    void showEvent(QShowEvent *event) override; ///< measures when it is first seen

private:
    void measure();
    void askToRemoveCaches();
    void removeCaches();
    void tell(const QString &text);

    const QString m_folder;
    const DataFiles m_files;
    std::stop_source m_stop;
    RowsModel m_rows;
    QTreeView *m_table;
    QLabel *m_sum;
    QPushButton *m_again;
    QPushButton *m_backUp;
    QPushButton *m_caches;
    QLabel *m_note;
    bool m_measured = false;
};

} // namespace openfactory::ui
