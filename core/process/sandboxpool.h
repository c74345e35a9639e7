// SPDX-License-Identifier: Apache-2.0
/// Keeps sandboxes for the next command of the same scope (the commands of a stage). New ones are started on a thread
/// of the pool's own, because the kernel ends a sandbox together with the thread that started it, and old ones are
/// ended on another, so that no start waits for the 3 ms that an end takes.
#pragma once

#include "core/process/sandboxsession.h"

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

namespace openfactory {

/// Thread-safe. Owns its threads and the idle sandboxes; a sandbox that was taken belongs to the taker, who must give
/// it up before the pool goes.
class SandboxPool {
public:
    /// An idle sandbox is ended after `idle`.
    SandboxPool(SandboxTools tools, std::chrono::milliseconds idle);
    ~SandboxPool();

    /// An idle sandbox of that key, or a new one.
    Result<std::unique_ptr<SandboxSession>> take(const QByteArray &key, const SandboxRequest &request);
    /// Back: for reuse where its last command ended in order, else to be ended soon. No process of a command is left in
    /// it.
    void give(const QByteArray &key, std::unique_ptr<SandboxSession> session, bool reuse);
    const SandboxTools &tools() const { return m_tools; }

private:
    using Started = Result<std::unique_ptr<SandboxSession>>;
    struct Task {
        const SandboxRequest *request;
        std::promise<Started> done;
    };
    struct Idle {
        QByteArray key;
        std::unique_ptr<SandboxSession> session;
        std::chrono::steady_clock::time_point until;
    };
    void startWanted(const std::stop_token &stop);
    void endIdle(const std::stop_token &stop);

    const SandboxTools m_tools;
    const std::chrono::milliseconds m_idleTime;
    std::mutex m_mutex;
    std::condition_variable_any m_wanted; ///< there is a task
    std::condition_variable_any m_given;  ///< something is idle
    std::deque<Task> m_tasks;
    std::deque<Idle> m_idle; ///< by the time they are to be ended
    std::jthread m_starter;  ///< last: the threads stop before the rest goes
    std::jthread m_ender;
};

} // namespace openfactory
