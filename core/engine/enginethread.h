// SPDX-License-Identifier: Apache-2.0
/// The engine as console and command line hold it: a Scheduler on a thread of its own, named "engine". Lives on its
/// owner's thread; its signals are news that arrive there.
#pragma once

#include "core/engine/scheduler.h"

#include <QThread>

#include <atomic>

namespace openfactory {

class EngineThread : public QObject {
    Q_OBJECT
public:
    explicit EngineThread(EnginePorts ports, QObject *parent = nullptr);
    ~EngineThread() override; ///< parks every run and waits for it

    /// Opens the store on the engine's thread, takes over what died, begins; only `only` is run, where it is given.
    /// Once; waits until it stands or says why it does not.
    Result<void> start(const std::optional<JobId> &only = std::nullopt);
    /// Asks every run to park; stopped() follows when none is left. Also before start() and after stopped().
    void stop();
    /// Begins nothing more and lets each run end the stage that it is in; stopped() follows.
    void drain();
    /// Jobs that run now.
    int running() const { return m_running; }

Q_SIGNALS:
    void runStarted(const QString &job);
    void runEnded(const QString &job);                        ///< parked, ended or given back
    void runFailed(const QString &job, const QString &error); ///< a failure of the factory
    void stopped();

private:
    void ask(void (Scheduler::*what)());

    const EnginePorts m_ports;
    QThread m_thread;
    Scheduler *m_scheduler = nullptr; ///< lives on m_thread, which deletes it
    std::atomic<int> m_running = 0;
};

} // namespace openfactory
