// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/backgroundqueue.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>

namespace openfactory {

BackgroundQueue::BackgroundQueue(bool yields)
    : m_thread([this, yields](const std::stop_token &stop) { run(stop, yields); })
{}

BackgroundQueue::~BackgroundQueue()
{
    m_thread.request_stop();
    const std::scoped_lock lock(m_mutex);
    m_waiting.clear();
    m_running.request_stop();
}

void BackgroundQueue::post(int kind, Task task, bool urgent)
{
    if (kind != 0)
        cancel(kind);
    {
        const std::scoped_lock lock(m_mutex);
        Entry entry{kind, std::move(task), {}};
        if (urgent)
            m_waiting.push_front(std::move(entry));
        else
            m_waiting.push_back(std::move(entry));
    }
    m_wake.notify_one();
}

void BackgroundQueue::cancel(int kind)
{
    const std::scoped_lock lock(m_mutex);
    std::erase_if(m_waiting, [kind](const Entry &entry) { return entry.kind == kind; });
    if (m_runningKind == kind)
        m_running.request_stop();
}

void BackgroundQueue::run(const std::stop_token &stop, bool yields)
{
    if (yields) {
        // Runs only where a core has nothing else to do; of this thread alone, and without effect where it is refused.
        const sched_param none{};
        ::sched_setscheduler(::gettid(), SCHED_IDLE, &none);
    }
    std::unique_lock lock(m_mutex);
    while (m_wake.wait(lock, stop, [this] { return !m_waiting.empty(); })) {
        if (stop.stop_requested())
            break;
        Entry entry = std::move(m_waiting.front());
        m_waiting.pop_front();
        m_runningKind = entry.kind;
        m_running = entry.stop;
        lock.unlock();
        entry.task(entry.stop.get_token());
        entry.task = {};
        lock.lock();
        m_runningKind = 0;
    }
}

} // namespace openfactory
