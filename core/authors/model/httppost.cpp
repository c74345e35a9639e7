// SPDX-License-Identifier: Apache-2.0
#include "core/authors/model/httppost.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/http/httpclient.h"
#include "core/http/oncereadbody.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QHostAddress>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QThread>
#include <QTimer>

namespace openfactory {

namespace {

constexpr std::chrono::milliseconds tick{50};

Result<QNetworkProxy> proxyOf(const HttpPost &request)
{
    if (isLoopback(request.url) || request.proxy == u"none")
        return QNetworkProxy(QNetworkProxy::NoProxy);
    if (request.proxy.isEmpty() || request.proxy == u"system") {
        const auto found = QNetworkProxyFactory::systemProxyForQuery(QNetworkProxyQuery(request.url));
        return found.isEmpty() ? QNetworkProxy(QNetworkProxy::NoProxy) : found.first();
    }
    const QUrl proxy(request.proxy);
    const bool socks = proxy.scheme().startsWith(u"socks5");
    return QNetworkProxy(socks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy, proxy.host(),
                         quint16(proxy.port(socks ? 1080 : 8080)), proxy.userName(), proxy.password());
}

Result<QNetworkRequest> requestOf(const HttpPost &post)
{
    QNetworkRequest request(post.url);
    request.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true); // it is read once
    request.setHeader(QNetworkRequest::ContentLengthHeader, post.body.size());
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    for (const auto &[name, value] : post.headers)
        request.setRawHeader(name, value);
    if (!post.caFile.isEmpty()) {
        OF_TRY(pem, readSmallFile(post.caFile, 4 * 1024 * 1024));
        const auto authorities = QSslCertificate::fromData(pem, QSsl::Pem);
        if (authorities.isEmpty())
            return fail(ErrorKind::Invalid, QStringLiteral("read the authorities of %1").arg(displayable(post.caFile)),
                        QStringLiteral("it holds no certificate in PEM form"),
                        QStringLiteral("name a PEM file with ca_file"));
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.addCaCertificates(authorities);
        request.setSslConfiguration(tls);
    }
    return request;
}

/// Lives on the loop's thread, for one reply.
class Exchange {
public:
    Exchange(const HttpPost &post, const std::stop_token &stop) : m_post(post), m_stop(stop) {}

    HttpOutcome run(const QNetworkRequest &request, const QNetworkProxy &proxy)
    {
        QNetworkAccessManager manager;
        manager.setProxy(proxy);
        QEventLoop loop;
        m_total.start();
        m_phase.start();
        OnceReadBody body(m_post.body); // a call that is sent again is paid again
        m_reply = manager.post(request, &body);
        QObject::connect(m_reply, &QNetworkReply::requestSent, &loop, [this] {
            m_outcome.sent = true;
            enter(Phase::Sent);
        });
        QObject::connect(m_reply, &QNetworkReply::metaDataChanged, &loop, [this] { begin(); });
        QObject::connect(m_reply, &QIODevice::readyRead, &loop, [this] { read(); });
        QObject::connect(m_reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
        QTimer timer;
        QObject::connect(&timer, &QTimer::timeout, &loop, [this] { watch(); });
        timer.start(tick);
        if (!m_reply->isFinished())
            loop.exec();
        if (!m_ended) {
            begin();
            read();
        }
        if (!m_ended)
            conclude();
        delete m_reply;
        return m_outcome;
    }

private:
    enum class Phase { Connecting, Sent, Answering };

    void enter(Phase phase)
    {
        if (phase > m_at)
            m_at = phase;
        m_phase.restart();
    }
    void begin()
    {
        const QVariant status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute);
        if (!status.isValid() || m_outcome.status != 0)
            return;
        m_outcome.status = status.toInt();
        m_outcome.retryAfter = m_reply->rawHeader("Retry-After");
        if (const QByteArray place = m_reply->rawHeader("Location"); !place.isEmpty())
            m_outcome.redirect = m_post.url.resolved(QUrl::fromEncoded(place));
        enter(Phase::Answering);
        if (m_post.onStart)
            m_post.onStart(m_outcome.status, m_reply->rawHeader("Content-Type"));
    }
    void read()
    {
        begin();
        const QByteArray bytes = m_reply->readAll();
        if (bytes.isEmpty() || m_ended)
            return;
        enter(Phase::Answering);
        if (!m_post.onData(bytes))
            end(HttpOutcome::End::Complete, {});
    }
    void watch()
    {
        using End = HttpOutcome::End;
        const auto over = [](const QElapsedTimer &timer, std::chrono::milliseconds limit) {
            return timer.elapsed() > limit.count();
        };
        if (m_stop.stop_requested())
            end(End::Cancelled, QStringLiteral("it was stopped"));
        else if (over(m_total, m_post.timeouts.total))
            end(End::TotalTimeout, QStringLiteral("the answer was not over in time"));
        else if (m_at == Phase::Connecting && over(m_phase, m_post.timeouts.connect))
            end(End::ConnectTimeout, QStringLiteral("no connection came about in time"));
        else if (m_at == Phase::Sent && over(m_phase, m_post.timeouts.firstByte))
            end(End::FirstByteTimeout, QStringLiteral("no answer began in time"));
        else if (m_at == Phase::Answering && over(m_phase, m_post.timeouts.idle))
            end(End::IdleTimeout, QStringLiteral("the answer stood still for too long"));
    }
    void end(HttpOutcome::End how, const QString &said)
    {
        if (std::exchange(m_ended, true))
            return;
        m_outcome.end = how;
        m_outcome.said = said;
        m_reply->abort(); // ends the loop
    }
    void conclude()
    {
        // An error status is an answer too; without one, or where a body broke off, it is the network's.
        const auto error = m_reply->error();
        const bool answered = m_outcome.status >= 400 && error >= QNetworkReply::ContentAccessDenied;
        if (error != QNetworkReply::NoError && !answered) {
            m_outcome.end = HttpOutcome::End::Broken;
            m_outcome.said = error == QNetworkReply::ContentReSendError
                                 ? QStringLiteral("the connection ended before an answer came")
                                 : m_reply->errorString();
        }
    }

    const HttpPost &m_post;
    const std::stop_token &m_stop;
    QNetworkReply *m_reply = nullptr;
    QElapsedTimer m_total;
    QElapsedTimer m_phase;
    Phase m_at = Phase::Connecting;
    bool m_ended = false;
    HttpOutcome m_outcome;
};

} // namespace

Result<HttpOutcome> post(const HttpPost &wanted, const std::stop_token &stop)
{
    OF_TRY(request, requestOf(wanted));
    OF_TRY(proxy, proxyOf(wanted));
    HttpOutcome outcome;
    const std::unique_ptr<QThread> thread(
        QThread::create([&] { outcome = Exchange(wanted, stop).run(request, proxy); }));
    thread->setObjectName(QStringLiteral("http"));
    thread->start();
    thread->wait();
    return outcome;
}

} // namespace openfactory
