// SPDX-License-Identifier: Apache-2.0
#include "core/engine/places.h"

#include <algorithm>

namespace openfactory {

bool Places::take(const std::stop_token &stop)
{
    std::unique_lock lock(m_mutex);
    const auto mine = m_next++;
    m_line.push_back(mine);
    const bool taken = m_changed.wait(lock, stop, [&] { return m_taken < m_most && m_line.front() == mine; });
    std::erase(m_line, mine);
    if (taken)
        ++m_taken;
    lock.unlock();
    m_changed.notify_all(); // the next in line
    return taken;
}

void Places::enter()
{
    const std::scoped_lock lock(m_mutex);
    ++m_taken;
}

void Places::leave()
{
    {
        const std::scoped_lock lock(m_mutex);
        --m_taken;
    }
    m_changed.notify_all();
}

} // namespace openfactory
