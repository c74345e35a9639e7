// SPDX-License-Identifier: Apache-2.0
/// One request and its answer, as HttpClient's thread sees it. Not for others.
#pragma once

#include "core/http/httpclient.h"

#include <QObject>

#include <future>

class QIODevice;
class QNetworkAccessManager;
class QNetworkReply;
class QSslConfiguration;
class QTimer;

namespace openfactory {

/// Made by the caller's thread, then touched by the client's thread alone, except for the future.
class HttpExchange {
public:
    explicit HttpExchange(const HttpRequest &request);
    ~HttpExchange();
    std::future<Result<HttpAnswer>> answer() { return m_promise.get_future(); }
    /// `manager` keeps connections; `make` makes another one, for what may not be sent twice.
    void begin(QNetworkAccessManager &manager, std::unique_ptr<QNetworkAccessManager> (*make)(),
               const QSslConfiguration &trust);
    void cancel();
    /// The first call decides; later ones do nothing.
    void end(Result<HttpAnswer> result);
    Error cancelled() const;

private:
    void watch();
    void read();
    void finish();
    Result<HttpAnswer> outcome();
    void limit(QTimer &timer, Milliseconds time, const QString &said);

    const HttpRequest &m_request; ///< the caller waits for as long as it is read
    std::promise<Result<HttpAnswer>> m_promise;
    bool m_ended = false;
    std::unique_ptr<QNetworkAccessManager> m_own;
    std::unique_ptr<QIODevice> m_upload;
    std::unique_ptr<QNetworkReply> m_reply;
    std::unique_ptr<QTimer> m_connect;
    std::unique_ptr<QTimer> m_idle;
    std::unique_ptr<QTimer> m_total;
    HttpAnswer m_answer;
    qint64 m_received = 0;
};

/// "GET https://host/path", without the query; for errors.
QString toText(const HttpRequest &request);
/// The address without name, password, query and fragment.
QString withoutSecrets(const QUrl &url);

} // namespace openfactory
