// SPDX-License-Identifier: Apache-2.0
/// What the forges of one process know together about one server and token: answers that may be unchanged, and the time
/// before which nothing may be asked. A forge lives for one look at it; this outlives it. Thread-safe; in memory only.
#pragma once

#include "core/domain/forge.h"
#include "core/http/httpclient.h"

#include <QString>

#include <deque>
#include <map>
#include <mutex>
#include <optional>

namespace openfactory {

class GitHubMemory {
public:
    /// An answer with an ETag, by the address that was asked; nothing where none is known.
    std::optional<HttpAnswer> known(const QString &address) const;
    /// Replaces what is known; forgets it where the answer has no ETag. The oldest go when there is too much.
    void keep(const QString &address, const HttpAnswer &answer);

    void setLimit(qint64 untilBootMs);
    qint64 limitedUntilBootMs() const; ///< 0: never was
    void setRequests(const RequestLimit &limit);
    std::optional<RequestLimit> requests() const; ///< as said last

private:
    void forget(const QString &address);
    mutable std::mutex m_lock;
    std::map<QString, HttpAnswer> m_known;
    std::deque<QString> m_order; ///< the oldest first
    qint64 m_bytes = 0;
    qint64 m_limitedUntilMs = 0;
    std::optional<RequestLimit> m_requests;
};

} // namespace openfactory
