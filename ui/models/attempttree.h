// SPDX-License-Identifier: Apache-2.0
/// Stage, attempt, command of one job as a tree, which drives every tab of the job page, and its timeline. New details
/// change what differs, so that the selection stays. GUI thread.
#pragma once

#include "ui/models/readside.h"
#include "ui/models/rowsmodel.h"

#include <QStandardItemModel>

namespace openfactory::ui {

/// What a node of the tree stands for; command 0: the attempt, attempt 0: the stage, or with a command one that its
/// author ran.
struct NodeRef {
    QString stage;
    int attempt = 0;
    int command = 0;
    QString key() const;
    static NodeRef fromKey(const QString &key);
    bool operator==(const NodeRef &) const = default;
};

class AttemptTree : public QStandardItemModel {
    Q_OBJECT
public:
    enum Column { Name, State, Time, Said, Columns };
    enum TimeRole {
        StartRole = SortRole + 1, ///< wall times in ms; 0: not yet
        EndRole,
        WaitedRole,  ///< of an attempt: when all that came before it had ended, and it could have begun
        CriticalRole ///< whether the job took as long as it did because of this attempt, where others ran beside it
    };

    explicit AttemptTree(QObject *parent = nullptr);
    void setDetails(const JobDetails &details, qint64 nowMs);
    QModelIndex indexOf(const NodeRef &node) const;
    NodeRef nodeAt(const QModelIndex &index) const;
    /// From the first start to the last end, or now.
    std::pair<qint64, qint64> time() const { return m_span; }

private:
    QList<QStandardItem *> line(QStandardItem *parent, const QString &key);
    void addCommand(QStandardItem *parent, const CommandRecord &command, const QString &name, qint64 nowMs);
    std::pair<qint64, qint64> m_span{0, 0};
};

/// The attempts that a job's length is made of, as their places in the list: the one that ended last, before it the one
/// that ended last before it began, and so on. Those that ran beside them are left out. `nowMs` ends what runs.
std::vector<size_t> criticalPath(const std::vector<AttemptRecord> &attempts, qint64 nowMs);

} // namespace openfactory::ui
