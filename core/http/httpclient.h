// SPDX-License-Identifier: Apache-2.0
/// Requests over HTTP for straight-line code on a worker thread: call, wait, look at the answer. Adapters that speak
/// HTTP are built on it, so that limits, proxies, certificates and a stop mean the same for all of them.
#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"

#include <QByteArrayList>
#include <QUrl>

#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace openfactory {

struct HttpLimits {
    Milliseconds connect{15'000};       ///< until the request is on its way: name, connection, TLS
    Milliseconds idle{30'000};          ///< without a byte in either direction
    Milliseconds total{120'000};        ///< from the call to the last byte
    qint64 mostBytes = 8 * 1024 * 1024; ///< of the body that is kept in the answer; more is Invalid
};

struct HttpRequest {
    QByteArray method = "GET";
    QUrl url; ///< https; http to this machine only
    std::vector<std::pair<QByteArray, QByteArray>> headers;
    QByteArray body{};
    HttpLimits limits{};
    /// Takes the body of a 2xx answer piece by piece, instead of the answer; false ends the transfer, which then counts
    /// as complete. Called on the client's own thread while send() waits.
    std::function<bool(const QByteArray &)> sink{};
};

struct HttpAnswer {
    int status = 0;
    std::map<QByteArray, QByteArray> headers; ///< names in lower case; several of a name joined by ", "
    QByteArray body;                          ///< not decoded; empty where a sink took it
    /// Empty where there is none. `name` in lower case.
    QByteArray header(const QByteArray &name) const;
};

/// Keeps connections open between calls, and nothing else: no cookies, no cache, no credentials. Follows no redirect.
/// The system's proxy is used, except to this machine. send() may be called from any thread, and from several at once.
class HttpClient {
public:
    /// `caFile`: PEM certificates that are trusted beside the system's; may be empty.
    explicit HttpClient(QString caFile = {});
    ~HttpClient();
    HttpClient(const HttpClient &) = delete;
    HttpClient &operator=(const HttpClient &) = delete;

    /// Sends the request once; any status is an answer. Errors: Invalid (a request that may not be sent, an answer that
    /// is too large, a bad caFile), Unavailable (not reached, TLS refused, broken off), Timeout, Cancelled. They name
    /// neither headers nor the query, which may hold secrets.
    Result<HttpAnswer> send(const HttpRequest &request, const std::stop_token &stop);

private:
    class Worker;
    std::unique_ptr<Worker> m_worker;
};

/// Whether the host of the URL is this machine by its literal name: localhost, 127.0.0.0/8, ::1.
bool isLoopback(const QUrl &url);
/// Whether a request may go there at all: https, or http to this machine; a host; no credentials in the address.
Result<void> checkHttpUrl(const QUrl &url);

} // namespace openfactory
