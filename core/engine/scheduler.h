// SPDX-License-Identifier: Apache-2.0
/// Chooses which jobs run, and runs each on a worker thread of its own. Lives on the engine's thread; everything it
/// knows that must not be lost is in the store. Signals are news, sent after the commit.
#pragma once

#include "core/engine/leasekeeper.h"
#include "core/engine/wake.h"

#include <QObject>
#include <QTimer>

#include <map>
#include <stop_token>

class QThread;

namespace openfactory {

class Scheduler : public QObject {
    Q_OBJECT
public:
    explicit Scheduler(const EnginePorts &ports, QObject *parent = nullptr);
    ~Scheduler() override; ///< stops and waits for every run

    /// Only this job is run (factory run); before start().
    void setOnly(const JobId &job) { m_only = job; }
    /// Opens the store on this thread, takes over what died, begins.
    Result<void> start();
    /// Asks every run to park; stopped() follows when none is left.
    void stop();
    /// Begins nothing more and parks each run once the stage that it is in has ended; stopped() follows.
    void drain();
    int running() const { return int(m_runs.size()); }

public Q_SLOTS:
    void wake();

Q_SIGNALS:
    void runStarted(const QString &job);
    void runEnded(const QString &job);                        ///< parked, ended or given back
    void runFailed(const QString &job, const QString &error); ///< a failure of the factory
    void stopped();                                           ///< asked to, or because the store halted

private:
    struct Run {
        QThread *thread = nullptr;
        std::stop_source stop;
        std::vector<int> taken{}; ///< the job's tickets that a person does, as of the last look
    };

    void look();
    Result<void> lookAtStore();
    void lost();
    void begin(const JobId &job);
    void noticeWishes();
    void watchPeople();
    void setTimer();
    void ended(const JobId &job, const QString &error);
    void prepareNext(const JobId &job);
    void sayStoppedWhenIdle();

    const EnginePorts &m_ports;
    std::unique_ptr<LeaseKeeper> m_keeper;
    std::unique_ptr<JobStore> m_store;
    std::map<JobId, Run> m_runs;
    Run m_spare;                    ///< writes out files for the next job of a repository
    std::map<JobId, TreeId> m_seen; ///< workspace content of waiting people's jobs at the last look
    std::optional<JobId> m_only;
    WakeListener *m_listener = nullptr;
    QTimer m_poll{this};
    std::stop_source m_drain; ///< asked: nothing is begun, and runs end between two stages
    bool m_stopping = false;
};

/// What is said when the store halted (JobStore::halted), which stops a scheduler.
Error storeHalted();

} // namespace openfactory
