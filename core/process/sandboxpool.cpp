// SPDX-License-Identifier: Apache-2.0
#include "core/process/sandboxpool.h"

#include <pthread.h>

namespace openfactory {

namespace {

constexpr size_t mostIdle = 8;

} // namespace

SandboxPool::SandboxPool(SandboxTools tools, std::chrono::milliseconds idle)
    : m_tools(std::move(tools)),
      m_idleTime(idle),
      m_starter([this](const std::stop_token &stop) { startWanted(stop); }),
      m_ender([this](const std::stop_token &stop) { endIdle(stop); })
{}

SandboxPool::~SandboxPool() = default;

void SandboxPool::startWanted(const std::stop_token &stop)
{
    pthread_setname_np(pthread_self(), "sandbox starts");
    std::unique_lock lock(m_mutex);
    while (m_wanted.wait(lock, stop, [this] { return !m_tasks.empty(); })) {
        Task task = std::move(m_tasks.front());
        m_tasks.pop_front();
        lock.unlock();
        task.done.set_value(SandboxSession::start(m_tools, *task.request));
        lock.lock();
    }
}

void SandboxPool::endIdle(const std::stop_token &stop)
{
    pthread_setname_np(pthread_self(), "sandbox ends");
    std::unique_lock lock(m_mutex);
    while (!stop.stop_requested()) {
        if (m_idle.empty()) {
            m_given.wait(lock, stop, [this] { return !m_idle.empty(); });
            continue;
        }
        if (const auto until = m_idle.front().until; until > std::chrono::steady_clock::now()) {
            m_given.wait_until(lock, stop, until, [&] { return m_idle.empty() || m_idle.front().until < until; });
            continue;
        }
        const Idle old = std::move(m_idle.front());
        m_idle.pop_front();
        lock.unlock();
        old.session->destroy();
        lock.lock();
    }
    m_idle.clear();
}

Result<std::unique_ptr<SandboxSession>> SandboxPool::take(const QByteArray &key, const SandboxRequest &request)
{
    std::unique_lock lock(m_mutex);
    for (auto idle = m_idle.rbegin(); idle != m_idle.rend(); ++idle) {
        if (idle->key != key)
            continue;
        std::unique_ptr<SandboxSession> session = std::move(idle->session);
        m_idle.erase(std::next(idle).base());
        if (session->isAlive())
            return session;
        break;
    }
    std::future<Started> started = m_tasks.emplace_back(&request, std::promise<Started>()).done.get_future();
    lock.unlock();
    m_wanted.notify_one();
    return started.get();
}

void SandboxPool::give(const QByteArray &key, std::unique_ptr<SandboxSession> session, bool reuse)
{
    const std::scoped_lock lock(m_mutex);
    const auto now = std::chrono::steady_clock::now();
    if (reuse && m_idleTime.count() > 0)
        m_idle.push_back({key, std::move(session), now + m_idleTime});
    else
        m_idle.push_front({{}, std::move(session), now});
    if (m_idle.size() > mostIdle)
        m_idle.front().until = now;
    m_given.notify_one();
}

} // namespace openfactory
