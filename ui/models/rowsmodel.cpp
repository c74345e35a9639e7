// SPDX-License-Identifier: Apache-2.0
#include "ui/models/rowsmodel.h"

#include "core/base/text.h"

#include <QSet>

#include <algorithm>

namespace openfactory::ui {

RowsModel::RowsModel(QStringList headers, QObject *parent) : QAbstractTableModel(parent), m_headers(std::move(headers))
{}

int RowsModel::rowOf(const QString &key) const
{
    const auto found = std::ranges::find(m_rows, key, &TableRow::key);
    return found == m_rows.end() ? -1 : int(found - m_rows.begin());
}

void RowsModel::setRows(std::vector<TableRow> rows)
{
    m_filled = true;
    QSet<QString> wanted;
    std::erase_if(rows, [&wanted](const TableRow &row) { // a key that comes twice is shown once
        if (wanted.contains(row.key))
            return true;
        wanted.insert(row.key);
        return false;
    });
    // Whole runs at a time: each change lays out the views.
    for (int last = int(m_rows.size()) - 1; last >= 0; --last) {
        int first = last;
        while (first >= 0 && !wanted.contains(m_rows[size_t(first)].key))
            --first;
        if (first == last)
            continue;
        beginRemoveRows({}, first + 1, last);
        m_rows.erase(m_rows.begin() + first + 1, m_rows.begin() + last + 1);
        endRemoveRows();
        last = first;
    }
    QSet<QString> present;
    for (const TableRow &row : m_rows)
        present.insert(row.key);
    for (int i = 0; i < int(rows.size()); ++i) {
        int end = i;
        while (end < int(rows.size()) && !present.contains(rows[size_t(end)].key))
            ++end;
        if (end > i) {
            beginInsertRows({}, i, end - 1);
            m_rows.insert(m_rows.begin() + i, std::move_iterator(rows.begin() + i),
                          std::move_iterator(rows.begin() + end));
            endInsertRows();
            i = end - 1;
            continue;
        }
        TableRow &row = rows[size_t(i)];
        if (const int at = m_rows[size_t(i)].key == row.key ? i : rowOf(row.key); at > i) {
            beginMoveRows({}, at, at, {}, i);
            std::rotate(m_rows.begin() + i, m_rows.begin() + at, m_rows.begin() + at + 1);
            endMoveRows();
        }
        if (m_rows[size_t(i)] == row)
            continue;
        m_rows[size_t(i)] = std::move(row);
        Q_EMIT dataChanged(index(i, 0), index(i, columnCount() - 1));
    }
    Q_EMIT filled();
}

int RowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int RowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_headers.size());
}

QVariant RowsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const TableRow &row = m_rows[size_t(index.row())];
    const QString cell = displayable(row.cells.value(index.column()));
    switch (role) {
    case Qt::DisplayRole: return cell;
    case Qt::ToolTipRole: return (row.tooltip.isEmpty() ? cell : displayableLines(row.tooltip)).toHtmlEscaped();
    case Qt::AccessibleTextRole: return QString(m_headers.value(index.column()) + u": " + cell);
    case MarkRole: return row.mark && index.column() == 0 ? QVariant(int(*row.mark)) : QVariant();
    case KeyRole: return row.key;
    case DataRole: return row.data;
    default: return {};
    }
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    return orientation == Qt::Horizontal && role == Qt::DisplayRole ? QVariant(m_headers.value(section)) : QVariant();
}

} // namespace openfactory::ui
