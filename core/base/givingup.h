// SPDX-License-Identifier: Apache-2.0
/// What may read for long, such as the files of a workspace, asks here whether anybody still waits for it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace openfactory {

/// While it lives, long reads of this thread end as Cancelled once the token says so. The innermost holds.
class GivingUp {
public:
    explicit GivingUp(std::stop_token stop) : m_stop(std::move(stop)), m_outer(current) { current = this; }
    ~GivingUp() { current = m_outer; }
    GivingUp(const GivingUp &) = delete;
    GivingUp &operator=(const GivingUp &) = delete;
    static std::stop_token token() { return current ? current->m_stop : std::stop_token(); }

private:
    inline static thread_local GivingUp *current = nullptr;
    std::stop_token m_stop;
    GivingUp *m_outer;
};

/// Asks to stop some time after another stop was asked for: what is soon done is done all the same.
class LateStop {
public:
    LateStop(const std::stop_token &asked, std::chrono::milliseconds grace)
        : m_thread([this, asked, grace](const std::stop_token &over) {
              const std::stop_callback wake(asked, [this] { notify(); });
              std::unique_lock lock(m_mutex);
              if (m_changed.wait(lock, over, [&] { return asked.stop_requested(); })
                  && !m_changed.wait_for(lock, over, grace, [] { return false; }) && !over.stop_requested())
                  m_late.request_stop();
          })
    {}
    std::stop_token token() const { return m_late.get_token(); }

private:
    void notify()
    {
        const std::scoped_lock lock(m_mutex);
        m_changed.notify_all();
    }
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::stop_source m_late;
    std::jthread m_thread; ///< ends first
};

} // namespace openfactory
