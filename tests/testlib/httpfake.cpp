// SPDX-License-Identifier: Apache-2.0
#include "tests/testlib/httpfake.h"

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QTcpServer>
#include <QTcpSocket>

namespace openfactory {

namespace {

/// The first whole request of the bytes, which is taken from them.
std::optional<FakeRequest> nextRequest(QByteArray &bytes)
{
    const qsizetype head = bytes.indexOf("\r\n\r\n");
    if (head < 0)
        return std::nullopt;
    const QByteArrayList lines = bytes.first(head).split('\n');
    const QByteArrayList first = lines.front().trimmed().split(' ');
    FakeRequest request;
    request.method = first.value(0);
    request.target = first.value(1);
    for (const QByteArray &line : lines.sliced(1)) {
        const qsizetype colon = line.indexOf(':');
        request.headers[line.left(colon).trimmed().toLower()] = line.mid(colon + 1).trimmed();
    }
    const qsizetype length = request.headers.value("content-length").toLongLong();
    if (bytes.size() < head + 4 + length)
        return std::nullopt;
    request.body = bytes.sliced(head + 4, length);
    bytes.remove(0, head + 4 + length);
    return request;
}

void write(QTcpSocket &socket, const FakeReply &reply)
{
    using Manner = FakeReply::Manner;
    if (reply.manner == Manner::Silent)
        return;
    if (reply.manner == Manner::Close)
        return socket.abort();
    QByteArray head = "HTTP/1.1 " + QByteArray::number(reply.status) + " Some\r\n";
    for (const auto &[name, value] : reply.headers)
        head += name + ": " + value + "\r\n";
    const bool hasBody = reply.status != 204 && reply.status != 304;
    if (hasBody && reply.manner != Manner::Unmeasured)
        head += "Content-Length: " + QByteArray::number(reply.body.size()) + "\r\n";
    if (reply.manner == Manner::Unmeasured)
        head += "Connection: close\r\n";
    socket.write(head + "\r\n");
    const bool half = reply.manner == Manner::Truncate || reply.manner == Manner::Stall;
    if (hasBody)
        socket.write(half ? reply.body.first(reply.body.size() / 2) : reply.body);
    if (reply.manner == Manner::Truncate || reply.manner == Manner::Unmeasured)
        socket.disconnectFromHost();
}

} // namespace

/// Lives on the fake's thread.
class HttpFake::Server {
public:
    Server(HttpFake &fake, const std::optional<FakeCertificate> &tls) : m_fake(fake)
    {
        if (tls) {
            QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
            configuration.setLocalCertificate(QSslCertificate(tls->certificate));
            configuration.setPrivateKey(QSslKey(tls->key, QSsl::Rsa));
            auto secure = std::make_unique<QSslServer>();
            secure->setSslConfiguration(configuration);
            m_server = std::move(secure);
        } else {
            m_server = std::make_unique<QTcpServer>();
        }
        QObject::connect(m_server.get(), &QTcpServer::pendingConnectionAvailable, m_server.get(), [this] {
            while (QTcpSocket *socket = m_server->nextPendingConnection())
                serve(*socket);
        });
        m_server->listen(QHostAddress::LocalHost);
    }
    quint16 port() const { return m_server->serverPort(); }

private:
    void serve(QTcpSocket &socket)
    {
        {
            const std::lock_guard held(m_fake.m_lock);
            ++m_fake.m_connections;
        }
        QObject::connect(&socket, &QTcpSocket::disconnected, &socket, &QObject::deleteLater);
        auto bytes = std::make_shared<QByteArray>();
        const auto read = [this, bytes, &socket] {
            *bytes += socket.readAll();
            while (const auto request = nextRequest(*bytes)) {
                {
                    const std::lock_guard held(m_fake.m_lock);
                    m_fake.m_requests.push_back(*request);
                }
                write(socket, m_fake.m_answer(*request));
            }
        };
        QObject::connect(&socket, &QTcpSocket::readyRead, &socket, read);
        read();
    }

    HttpFake &m_fake;
    std::unique_ptr<QTcpServer> m_server;
};

HttpFake::HttpFake(Answer answer, const std::optional<FakeCertificate> &tls)
    : m_answer(std::move(answer)),
      m_isTls(tls.has_value())
{
    auto *home = new QObject; // on the thread; it goes with it
    home->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, home, [this, home] {
        m_server.reset();
        home->deleteLater();
    });
    m_thread.start();
    QMetaObject::invokeMethod(
        home,
        [this, &tls] {
            m_server = std::make_unique<Server>(*this, tls);
            m_port = m_server->port();
        },
        Qt::BlockingQueuedConnection);
}

HttpFake::~HttpFake()
{
    m_thread.quit();
    m_thread.wait();
}

QString HttpFake::address() const
{
    return QStringLiteral("%1://127.0.0.1:%2")
        .arg(m_isTls ? QStringLiteral("https") : QStringLiteral("http"))
        .arg(m_port);
}

std::vector<FakeRequest> HttpFake::requests() const
{
    const std::lock_guard held(m_lock);
    return m_requests;
}

void HttpFake::forgetRequests()
{
    const std::lock_guard held(m_lock);
    m_requests.clear();
}

int HttpFake::connections() const
{
    const std::lock_guard held(m_lock);
    return m_connections;
}

} // namespace openfactory
