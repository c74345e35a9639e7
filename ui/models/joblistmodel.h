// SPDX-License-Identifier: Apache-2.0
/// The job list, of any length: the numbers of all jobs in order, and the rows of those that are looked at. Rows are
/// read in small pages by the reader's thread; a job with news is read again by its number, so that selection and
/// scroll stay. GUI thread.
#pragma once

#include "ui/models/readside.h"
#include "ui/models/rowsmodel.h"
#include "ui/models/worker.h"

#include <QSet>
#include <QTimer>

namespace openfactory::ui {

class JobListModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { State, Title, Project, Stage, Strip, Changes, Coverage, Ci, Age, Duration, Cost, Columns };

    explicit JobListModel(Worker<ReadSide> &reader, const Clock &clock, QObject *parent = nullptr);

    /// Shows what matches; the list is read anew.
    void setFilter(const QString &text);
    const QString &filter() const { return m_filter; }
    const JobQuery &query() const { return m_query; }
    void sort(int column, Qt::SortOrder order) override;

    /// Reads nothing before reload() is called for the first time: for an owner who is told when the store can be read.
    void waitForReload() { m_waits = true; }
    /// What the feed says. A job without a row here may be new.
    void noteChanged(const std::vector<qint64> &jobs);
    void reload();
    /// The job that has the focus stays in the list though it stops matching.
    void hold(qint64 num) { m_held = num; }
    /// Says again what depends on the time of day: ages and durations.
    void noteTime();

    bool isFilled() const { return m_filled; } ///< read at least once: empty is really empty
    const JobRow *rowAt(int row) const;        ///< null while it is not read
    qint64 numAt(int row) const { return m_order[size_t(row)]; }
    int rowOf(qint64 num) const; ///< -1: not in the list

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void filled(); ///< an order was read and is shown
    void failed(const QString &why);

private:
    void readOrder();
    void readPart(int most, int generation);
    void readRest();
    void takeOrder(std::vector<qint64> order);
    bool isByAge() const { return !m_query.filtered && m_query.sort == JobSort::Age; }
    bool isListed(qint64 num) const;
    void want(qint64 num) const;
    void readWanted();
    void takeRows(std::vector<JobRow> rows);
    QVariant text(const JobRow &job, int column) const;
    QVariant tooltip(const JobRow &job, int column) const;

    Worker<ReadSide> &m_reader;
    const Clock &m_clock;
    QString m_filter;
    JobQuery m_query;
    std::vector<qint64> m_order;
    QHash<qint64, JobRow> m_rows; ///< what was looked at, bounded
    mutable QSet<qint64> m_wanted;
    mutable bool m_asking = false;
    QTimer m_reorder;
    QTimer m_rest;        ///< runs while the first jobs stand and the others are not read yet
    int m_generation = 0; ///< of the query; an answer to an older one is dropped
    int m_shown = -1;     ///< the query whose order is shown
    int m_whole = -1;     ///< the query whose whole order was read once
    qint64 m_held = 0;
    bool m_filled = false;
    bool m_waits = false;
    bool m_reading = false;
    bool m_readAgain = false;
};

} // namespace openfactory::ui
