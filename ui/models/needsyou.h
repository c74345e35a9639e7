// SPDX-License-Identifier: Apache-2.0
/// Everything that waits for a person, over all jobs, the oldest first: what, why, since when. GUI thread.
#pragma once

#include "ui/models/readside.h"
#include "ui/models/rowsmodel.h"
#include "ui/models/worker.h"

namespace openfactory::ui {

class NeedsYou : public QObject {
    Q_OBJECT
public:
    /// Lists up to `most`.
    NeedsYou(Worker<ReadSide> &reader, const Clock &clock, QObject *parent = nullptr, int most = 500);
    RowsModel &model() { return m_model; }
    /// The jobs behind the rows, in the same order: the oldest ones, where very many wait.
    const std::vector<JobRow> &jobs() const { return m_jobs; }
    /// How many wait, with those that are not listed.
    qint64 count() const { return m_count; }
    void refresh();
    /// Says the ages again.
    void noteTime() { show(); }

Q_SIGNALS:
    void changed();

private:
    void show();

    Worker<ReadSide> &m_reader;
    const Clock &m_clock;
    RowsModel m_model;
    const int m_most;
    std::vector<JobRow> m_jobs;
    qint64 m_count = 0;
    bool m_reading = false;
    bool m_again = false;
    bool m_filled = false;
};

} // namespace openfactory::ui
