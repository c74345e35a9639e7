// SPDX-License-Identifier: Apache-2.0
/// The rows of a job's attempts as they end: stage, attempt, time, verdict, key figure. On a terminal the running one
/// is shown and updated in the last line, and no line is wider than the window; in a pipe each ended attempt is one
/// plain line. Main thread; reads the store.
#pragma once

#include "app/factory/session.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace openfactory::cli {

class LiveTable : public QObject {
    Q_OBJECT
public:
    /// Shows what happens to the job from now on.
    LiveTable(Session &session, const JobId &job, QObject *parent = nullptr);
    ~LiveTable() override;
    /// Shows what is new; called by itself while the event loop runs.
    void refresh();

private:
    void row(const EventRecord &event);
    void line(const QString &stage, const QString &attempt, const QString &time, const QString &verdict,
              const QString &figure);
    void showRunning();
    void clearRunning();

    Session &m_session;
    JobId m_job;
    qint64 m_seq = 0;
    int m_stageColumns = 14; ///< as wide as the longest name of the pipeline needs
    bool m_headed = false;
    bool m_line = false; ///< the last line is the running one
    QString m_running;
    QElapsedTimer m_since;  ///< for the line that is updated
    qint64 m_startedMs = 0; ///< when the running attempt began, as the store has it
    QTimer m_timer;
};

} // namespace openfactory::cli
