// SPDX-License-Identifier: Apache-2.0
/// One piece of a stage's work in a copy of the workspace, on a thread of its own, while its job goes on. It writes
/// nothing to the store: what came of it is taken, or is gone (docs/decisions/0017).
#pragma once

#include "core/engine/copycontext.h"
#include "core/engine/jobsession.h"

#include <thread>

namespace openfactory {

/// Values for a thread beside the session's. Nothing where a copy of the workspace is no base to judge on: without a
/// sandbox, in a large repository, or where the process has but one place.
std::optional<SideJob> sideJobOf(JobSession &session, const AttemptRecord &judged, const StageDefinition &stage,
                                 int attempt);
/// Removes what killed runs left, and ends what still runs there. Nothing of this process may run there.
Result<void> sweepSideWork(const EnginePorts &ports, const JobFolder &folder);

class SideWork {
public:
    using Work = std::function<Result<void>(CopyContext &)>;

    /// Begins as soon as there is a place. A stop of the job stops it too.
    SideWork(SideJob job, const std::stop_token &stop, Work work);
    /// Ends it, and removes all that it made.
    ~SideWork();

    /// Whether it has begun by now. Where it has not, it never will.
    bool isBegun();
    /// Waits for its end: what the work came to, or why it was given up.
    Result<void> wait();
    SideLedger &ledger() { return m_ledger; }
    qint64 startedMs() const { return m_startedMs; } ///< once isBegun()
    qint64 endedMs() const { return m_endedMs; }     ///< after wait()

private:
    enum class Phase { Queued, Begun, Dropped };
    void run();

    const SideJob m_job;
    const QString m_place;
    const Work m_work;
    SideLedger m_ledger;
    std::stop_source m_stop;
    std::stop_callback<std::function<void()>> m_stopWithJob;
    std::mutex m_mutex;
    Phase m_phase = Phase::Queued;
    qint64 m_startedMs = 0;
    qint64 m_endedMs = 0;
    Result<void> m_came; ///< written before the thread ends, read after
    std::thread m_thread;
};

/// The place of a job that is run.
class WithPlace {
public:
    explicit WithPlace(Places *places) : m_places(places)
    {
        if (m_places)
            m_places->enter();
    }
    ~WithPlace()
    {
        if (m_places)
            m_places->leave();
    }
    WithPlace(const WithPlace &) = delete;
    WithPlace &operator=(const WithPlace &) = delete;

private:
    Places *m_places;
};

/// It is free while it waits for work that has one of its own.
class WithoutPlace {
public:
    explicit WithoutPlace(Places *places) : m_places(places)
    {
        if (m_places)
            m_places->leave();
    }
    ~WithoutPlace()
    {
        if (m_places)
            m_places->enter();
    }
    WithoutPlace(const WithoutPlace &) = delete;
    WithoutPlace &operator=(const WithoutPlace &) = delete;

private:
    Places *m_places;
};

} // namespace openfactory
