// SPDX-License-Identifier: Apache-2.0
#include "core/forge/githubmemory.h"

#include <algorithm>

namespace openfactory {

namespace {

constexpr qint64 mostBytes = 16 * 1024 * 1024;
constexpr size_t mostAnswers = 200;
constexpr qsizetype mostTag = 300;

} // namespace

std::optional<HttpAnswer> GitHubMemory::known(const QString &address) const
{
    const std::lock_guard held(m_lock);
    const auto at = m_known.find(address);
    return at == m_known.end() ? std::nullopt : std::optional(at->second);
}

void GitHubMemory::keep(const QString &address, const HttpAnswer &answer)
{
    const std::lock_guard held(m_lock);
    forget(address);
    const QByteArray tag = answer.header("etag");
    if (tag.isEmpty() || tag.size() > mostTag || answer.body.size() > mostBytes / 4)
        return;
    m_known[address] = answer;
    m_order.push_back(address);
    m_bytes += answer.body.size();
    while (m_known.size() > mostAnswers || m_bytes > mostBytes)
        forget(QString(m_order.front()));
}

void GitHubMemory::forget(const QString &address)
{
    const auto at = m_known.find(address);
    if (at == m_known.end())
        return;
    m_bytes -= at->second.body.size();
    m_known.erase(at);
    std::erase(m_order, address);
}

void GitHubMemory::setLimit(qint64 untilBootMs)
{
    const std::lock_guard held(m_lock);
    m_limitedUntilMs = std::max(m_limitedUntilMs, untilBootMs);
}

qint64 GitHubMemory::limitedUntilBootMs() const
{
    const std::lock_guard held(m_lock);
    return m_limitedUntilMs;
}

void GitHubMemory::setRequests(const RequestLimit &limit)
{
    const std::lock_guard held(m_lock);
    m_requests = limit;
}

std::optional<RequestLimit> GitHubMemory::requests() const
{
    const std::lock_guard held(m_lock);
    return m_requests;
}

} // namespace openfactory
