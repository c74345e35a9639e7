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
    NeedsYou(Worker<ReadSide> &reader, const Clock &clock, QObject *parent = nullptr);
    RowsModel &model() { return m_model; }
    /// The jobs behind the rows, in the same order.
    const std::vector<JobRow> &jobs() const { return m_jobs; }
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
    std::vector<JobRow> m_jobs;
    bool m_reading = false;
    bool m_again = false;
    bool m_filled = false;
};

} // namespace openfactory::ui
