// SPDX-License-Identifier: Apache-2.0
/// A small table of values by key: what is shown of findings, artifacts, audit entries, checks. Setting new rows
/// changes only what differs, so that selection and scroll stay. For up to some hundred rows. GUI thread.
#pragma once

#include "ui/models/mark.h"

#include <QAbstractTableModel>
#include <QVariant>

#include <optional>

namespace openfactory::ui {

/// What models of this room give besides Qt's own roles.
enum Role {
    MarkRole = Qt::UserRole + 1, ///< int of Mark, where the cell shows a state
    KeyRole,                     ///< what the row stands for
    DataRole,                    ///< the row's own value
    CellsRole,                   ///< std::vector<StageCell>, of a strip
    SortRole,
};

struct TableRow {
    QString key;
    QStringList cells;
    std::optional<Mark> mark; ///< beside the first cell
    QString tooltip;
    QVariant data;
    bool operator==(const TableRow &) const = default;
};

class RowsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit RowsModel(QStringList headers, QObject *parent = nullptr);
    void setRows(std::vector<TableRow> rows);
    const std::vector<TableRow> &rows() const { return m_rows; }
    int rowOf(const QString &key) const;       ///< -1: not there
    bool isFilled() const { return m_filled; } ///< rows were set at least once: an empty table is really empty

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void filled(); ///< rows were set, maybe none

private:
    const QStringList m_headers;
    std::vector<TableRow> m_rows;
    bool m_filled = false;
};

} // namespace openfactory::ui
