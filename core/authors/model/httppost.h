// SPDX-License-Identifier: Apache-2.0
/// One POST over Qt Network, as a blocking call: the event loop that it needs runs on a thread of its own, so any
/// thread may call. No redirect is followed, nothing is kept between two calls.
#pragma once

#include "core/authors/model/modelsettings.h"
#include "core/base/error.h"

#include <functional>
#include <stop_token>
#include <vector>

namespace openfactory {

struct HttpPost {
    QUrl url;
    std::vector<std::pair<QByteArray, QByteArray>> headers;
    QByteArray body;
    QString caFile;
    QString proxy;
    ModelTimeouts timeouts;
    /// Called as soon as the status is known, on the thread of the loop, before any data.
    std::function<void(int status, const QByteArray &contentType)> onStart;
    /// Each part of the body, on the same thread; false: no more is wanted, the reply counts as complete.
    std::function<bool(QByteArrayView)> onData;
};

struct HttpOutcome {
    enum class End {
        Complete,
        Cancelled,
        ConnectTimeout,
        FirstByteTimeout,
        IdleTimeout,
        TotalTimeout,
        Broken, ///< no connection, or it ended too early; `said` tells
    } end = End::Complete;
    bool sent = false; ///< the request was; else nobody has seen it
    int status = 0;    ///< 0: there was no answer
    QByteArray retryAfter;
    QUrl redirect; ///< where it was sent on to; it was not gone after
    QString said;
};

/// Invalid where the request cannot be made as the settings want it (an authority file that cannot be read); whatever
/// happens on the way is an outcome. A stop ends it within a tenth of a second.
Result<HttpOutcome> post(const HttpPost &request, const std::stop_token &stop);

} // namespace openfactory
