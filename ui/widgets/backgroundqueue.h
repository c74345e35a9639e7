// SPDX-License-Identifier: Apache-2.0
/// A thread that runs what it is given, one task after the other, so that the GUI thread never waits for a disk. Owned
/// by the GUI thread; a task tells its result by a queued call to an object there.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace openfactory {

class BackgroundQueue {
public:
    using Task = std::function<void(const std::stop_token &)>;

    /// With `yields`, others on a busy machine go first: for what nobody waits for.
    explicit BackgroundQueue(bool yields = false);
    /// Stops the running task, drops the others and waits for the thread.
    ~BackgroundQueue();
    BackgroundQueue(const BackgroundQueue &) = delete;
    BackgroundQueue &operator=(const BackgroundQueue &) = delete;

    /// A task of a kind replaces one of the same kind that runs or waits; kind 0 replaces none.
    void post(int kind, Task task, bool urgent = false);
    /// Stops or drops what is of a kind.
    void cancel(int kind);

private:
    struct Entry {
        int kind;
        Task task;
        std::stop_source stop;
    };
    void run(const std::stop_token &stop, bool yields);

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Entry> m_waiting;
    int m_runningKind = 0;
    std::stop_source m_running{std::nostopstate};
    std::jthread m_thread; ///< the last member: it goes first
};

} // namespace openfactory
