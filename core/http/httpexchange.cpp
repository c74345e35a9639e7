// SPDX-License-Identifier: Apache-2.0
#include "core/http/httpexchange.h"

#include "core/base/text.h"
#include "core/http/oncereadbody.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSslConfiguration>
#include <QSslError>
#include <QTimer>

namespace openfactory {

namespace {

constexpr qint64 windowBytes = 256 * 1024; ///< what Qt may hold that was not taken yet

QNetworkRequest toQt(const HttpRequest &request, const QSslConfiguration &trust)
{
    QNetworkRequest made(request.url);
    made.setSslConfiguration(trust);
    made.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    made.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    made.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    made.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    // One request a connection: simpler to end, and what a stalled one holds up is itself.
    made.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    // Asked for as it is: what is counted against the limits is what comes, and nothing unfolds by itself.
    made.setRawHeader("Accept-Encoding", "identity");
    made.setDecompressedSafetyCheckThreshold(-1);
    for (const auto &[name, value] : request.headers)
        made.setRawHeader(name, value);
    return made;
}

/// Whether it is of the way to the server, not of the status that it answered with.
bool isOfTheWay(QNetworkReply::NetworkError error)
{
    return error != QNetworkReply::NoError
           && (error < QNetworkReply::ContentAccessDenied || error == QNetworkReply::ContentReSendError
               || error == QNetworkReply::ProtocolUnknownError || error == QNetworkReply::ProtocolFailure);
}

/// Qt's own words, without the address in them: its query may hold a secret.
QString saidBy(const QNetworkReply &reply)
{
    if (reply.error() == QNetworkReply::ContentReSendError)
        return QStringLiteral("the connection ended before an answer came");
    QString said = reply.errorString();
    for (const auto form : {QUrl::PrettyDecoded, QUrl::FullyEncoded})
        said.replace(reply.url().toString(form), withoutSecrets(reply.url()));
    return displayable(said.left(500));
}

} // namespace

HttpExchange::HttpExchange(const HttpRequest &request) : m_request(request)
{}

HttpExchange::~HttpExchange() = default;

void HttpExchange::begin(QNetworkAccessManager &manager, std::unique_ptr<QNetworkAccessManager> (*make)(),
                         const QSslConfiguration &trust)
{
    if (m_ended)
        return;
    QNetworkRequest request = toQt(m_request, trust);
    if (m_request.method == "GET" && m_request.body.isEmpty()) {
        m_reply.reset(manager.get(request));
    } else {
        request.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
        request.setHeader(QNetworkRequest::ContentLengthHeader, m_request.body.size());
        m_upload = std::make_unique<OnceReadBody>(m_request.body);
        m_own = make();
        m_reply.reset(m_own->sendCustomRequest(request, m_request.method, m_upload.get()));
    }
    m_reply->setReadBufferSize(windowBytes);
    watch();
}

void HttpExchange::limit(QTimer &timer, Milliseconds time, const QString &said)
{
    timer.setSingleShot(true);
    timer.setInterval(time);
    QObject::connect(&timer, &QTimer::timeout, &timer,
                     [this, said] { end(fail(ErrorKind::Timeout, toText(m_request), said)); });
    timer.start();
}

void HttpExchange::watch()
{
    const HttpLimits &limits = m_request.limits;
    const auto seconds = [](Milliseconds time) { return durationText(time.count()); };
    m_connect = std::make_unique<QTimer>();
    m_idle = std::make_unique<QTimer>();
    m_total = std::make_unique<QTimer>();
    limit(*m_connect, limits.connect, QStringLiteral("no connection within %1").arg(seconds(limits.connect)));
    limit(*m_idle, limits.connect + limits.idle, QStringLiteral("nothing came for %1").arg(seconds(limits.idle)));
    limit(*m_total, limits.total, QStringLiteral("it took more than %1").arg(seconds(limits.total)));

    const auto alive = [this] {
        if (m_ended)
            return;
        m_connect->stop();
        m_idle->start(m_request.limits.idle);
    };
    QNetworkReply *reply = m_reply.get();
    QObject::connect(reply, &QNetworkReply::requestSent, m_idle.get(), alive);
    QObject::connect(reply, &QNetworkReply::uploadProgress, m_idle.get(), alive);
    QObject::connect(reply, &QNetworkReply::metaDataChanged, m_idle.get(), alive);
    QObject::connect(reply, &QNetworkReply::readyRead, m_idle.get(), [this, alive] {
        alive();
        read();
    });
    QObject::connect(reply, &QNetworkReply::finished, m_idle.get(), [this] { finish(); });
}

void HttpExchange::read()
{
    if (m_ended || !m_reply)
        return;
    const QByteArray piece = m_reply->readAll();
    m_received += piece.size();
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (m_request.sink && status >= 200 && status < 300) {
        if (!piece.isEmpty() && !m_request.sink(piece)) {
            m_answer.status = status;
            end(std::move(m_answer));
        }
        return;
    }
    if (m_answer.body.size() + piece.size() > m_request.limits.mostBytes) {
        end(fail(ErrorKind::Invalid, toText(m_request),
                 QStringLiteral("the answer is larger than %1 bytes").arg(m_request.limits.mostBytes)));
        return;
    }
    m_answer.body += piece;
}

void HttpExchange::finish()
{
    read();
    if (!m_ended)
        end(outcome());
}

Result<HttpAnswer> HttpExchange::outcome()
{
    const QString doing = toText(m_request);
    m_answer.status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    for (const auto &[name, value] : m_reply->rawHeaderPairs()) {
        QByteArray &known = m_answer.headers[name.toLower()];
        known += (known.isEmpty() ? QByteArray() : QByteArray(", ")) + value;
    }
    if (m_reply->error() == QNetworkReply::SslHandshakeFailedError)
        return fail(ErrorKind::Unavailable, doing, saidBy(*m_reply),
                    QStringLiteral("where the server has a certificate of your own authority, name its PEM file"));
    if (isOfTheWay(m_reply->error()))
        return fail(ErrorKind::Unavailable, doing, saidBy(*m_reply));
    if (m_answer.status < 200 || m_answer.status > 599)
        return fail(ErrorKind::Unavailable, doing, QStringLiteral("the answer has no status of HTTP"));
    const QByteArray length = m_answer.header("content-length");
    bool isNumber = false;
    const qint64 promised = length.toLongLong(&isNumber);
    if (isNumber && m_received < promised && m_request.method != "HEAD" && m_answer.status != 304)
        return fail(ErrorKind::Unavailable, doing,
                    QStringLiteral("the answer broke off after %1 of %2 bytes").arg(m_received).arg(promised));
    return std::move(m_answer);
}

void HttpExchange::cancel()
{
    if (!m_ended) // else the caller has gone, and the request with it
        end(std::unexpected(cancelled()));
}

Error HttpExchange::cancelled() const
{
    return {ErrorKind::Cancelled, toText(m_request), QStringLiteral("stopped"), {}};
}

void HttpExchange::end(Result<HttpAnswer> result)
{
    if (m_ended)
        return;
    m_ended = true;
    for (auto *timer : {&m_connect, &m_idle, &m_total}) {
        if (*timer)
            (*timer)->stop();
    }
    // Often called from a signal of the reply or of a timer, so they go later.
    if (m_reply) {
        QNetworkReply *reply = m_reply.release();
        reply->disconnect();
        reply->abort();
        reply->deleteLater();
    }
    if (m_own)
        m_own.release()->deleteLater();
    if (m_upload)
        m_upload.release()->deleteLater();
    for (auto *timer : {&m_connect, &m_idle, &m_total}) {
        if (*timer)
            timer->release()->deleteLater();
    }
    m_promise.set_value(std::move(result));
}

QString withoutSecrets(const QUrl &url)
{
    return url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::FullyEncoded);
}

QString toText(const HttpRequest &request)
{
    return QString::fromLatin1(request.method) + QLatin1Char(' ') + displayable(withoutSecrets(request.url).left(300));
}

} // namespace openfactory
