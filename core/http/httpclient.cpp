// SPDX-License-Identifier: Apache-2.0
#include "core/http/httpclient.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/http/httpexchange.h"

#include <QHostAddress>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QSslConfiguration>
#include <QThread>

namespace openfactory {

namespace {

/// What the user's desktop or environment says, but never a detour to this machine.
class SystemProxies : public QNetworkProxyFactory {
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        if (isLoopback(query.url()))
            return {QNetworkProxy(QNetworkProxy::NoProxy)};
        return systemProxyForQuery(query);
    }
};

std::unique_ptr<QNetworkAccessManager> newManager()
{
    auto manager = std::make_unique<QNetworkAccessManager>();
    manager->setProxyFactory(new SystemProxies); // the manager owns it
    manager->setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    manager->setAutoDeleteReplies(false);
    return manager;
}

Result<QSslConfiguration> trust(const QString &caFile)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    if (caFile.isEmpty())
        return configuration;
    OF_TRY(pem, readSmallFile(caFile));
    const QList<QSslCertificate> ours = QSslCertificate::fromData(pem, QSsl::Pem);
    if (ours.isEmpty())
        return fail(ErrorKind::Invalid, QStringLiteral("read the certificates %1").arg(displayable(caFile)),
                    QStringLiteral("it holds no certificate in PEM form"),
                    QStringLiteral("name a file with -----BEGIN CERTIFICATE----- in it"));
    configuration.setCaCertificates(QSslConfiguration::systemCaCertificates() + ours);
    return configuration;
}

bool isToken(const QByteArray &name)
{
    return !name.isEmpty() && std::ranges::all_of(name, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
    });
}

Result<void> checkRequest(const HttpRequest &request)
{
    OF_CHECK(checkHttpUrl(request.url));
    const QString doing = toText(request);
    if (!isToken(request.method))
        return fail(ErrorKind::Invalid, doing, QStringLiteral("the method is no word"));
    for (const auto &[name, value] : request.headers) {
        const bool plain = std::ranges::all_of(value, [](char c) { return (c >= ' ' && c != 0x7f) || c == '\t'; });
        if (!isToken(name) || !plain)
            return fail(ErrorKind::Invalid, doing,
                        QStringLiteral("the header %1 has characters that a header cannot hold")
                            .arg(displayable(QString::fromLatin1(name.left(40)))));
    }
    return {};
}

} // namespace

/// The thread on which everything of Qt Network lives.
class HttpClient::Worker {
public:
    explicit Worker(QString caFile) : m_caFile(std::move(caFile))
    {
        m_thread.setObjectName(QStringLiteral("http"));
        m_home.moveToThread(&m_thread);
        // The manager dies where it lived; at the latest when the thread ends.
        QObject::connect(&m_thread, &QThread::finished, &m_home, [this] { m_manager.reset(); }, Qt::DirectConnection);
        m_thread.start();
    }
    ~Worker()
    {
        m_thread.quit();
        m_thread.wait();
    }

    void begin(const std::shared_ptr<HttpExchange> &exchange)
    {
        QMetaObject::invokeMethod(&m_home, [this, exchange] {
            const auto configuration = trust(m_caFile);
            if (!configuration)
                return exchange->end(std::unexpected(configuration.error()));
            if (!m_manager)
                m_manager = newManager();
            exchange->begin(*m_manager, newManager, *configuration);
        });
    }
    void cancel(const std::shared_ptr<HttpExchange> &exchange)
    {
        QMetaObject::invokeMethod(&m_home, [exchange] { exchange->cancel(); });
    }

private:
    QString m_caFile;
    QObject m_home;
    std::unique_ptr<QNetworkAccessManager> m_manager;
    QThread m_thread;
};

HttpClient::HttpClient(QString caFile) : m_worker(std::make_unique<Worker>(std::move(caFile)))
{}

HttpClient::~HttpClient() = default;

Result<HttpAnswer> HttpClient::send(const HttpRequest &request, const std::stop_token &stop)
{
    OF_CHECK(checkRequest(request));
    const auto exchange = std::make_shared<HttpExchange>(request);
    std::future<Result<HttpAnswer>> answer = exchange->answer();
    if (stop.stop_requested())
        return std::unexpected(exchange->cancelled());
    m_worker->begin(exchange);
    const std::stop_callback ending(stop, [this, &exchange] { m_worker->cancel(exchange); });
    return answer.get();
}

QByteArray HttpAnswer::header(const QByteArray &name) const
{
    const auto at = headers.find(name);
    return at == headers.end() ? QByteArray() : at->second;
}

bool isLoopback(const QUrl &url)
{
    const QString host = url.host();
    return host == QStringLiteral("localhost") || QHostAddress(host).isLoopback();
}

Result<void> checkHttpUrl(const QUrl &url)
{
    const QString doing = QStringLiteral("use the address %1").arg(displayable(withoutSecrets(url)));
    if (!url.isValid() || url.host().isEmpty())
        return fail(ErrorKind::Invalid, doing, QStringLiteral("it is no address of a server"));
    if (!url.userInfo().isEmpty())
        return fail(ErrorKind::Invalid, doing, QStringLiteral("it holds a name or a password"),
                    QStringLiteral("leave them out; the token has a place of its own"));
    if (url.scheme() != QStringLiteral("https") && !(url.scheme() == QStringLiteral("http") && isLoopback(url)))
        return fail(ErrorKind::Invalid, doing, QStringLiteral("only https is used, except to this machine"),
                    QStringLiteral("write https://"));
    return {};
}

} // namespace openfactory
