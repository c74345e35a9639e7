// SPDX-License-Identifier: Apache-2.0
/// How much of the machine the gates of this process may take at once: one place for each job that runs, and what is
/// left for gates beside them.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <stop_token>

namespace openfactory {

/// Thread-safe; outlives whoever has a place.
class Places {
public:
    explicit Places(int most) : m_most(most) {}

    /// Waits in line for a place; false where it was stopped first.
    bool take(const std::stop_token &stop);
    /// At once, however many there are: what is a job's turn never waits.
    void enter();
    void leave();

private:
    const int m_most;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::deque<unsigned long long> m_line; ///< who waits, in the order in which they came
    unsigned long long m_next = 0;
    int m_taken = 0;
};

} // namespace openfactory
