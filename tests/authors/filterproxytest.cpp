// SPDX-License-Identifier: Apache-2.0
/// The filter of an agent's network: who is reached, who is not, and what tries to get around it.
#include "core/authors/agent/filterproxy.h"

#include "core/authors/agent/agentpresets.h"
#include "tests/testlib/expect.h"

#include <QFile>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>

using namespace openfactory;

namespace {

/// Answers each connection once and keeps what it was sent.
class Host {
public:
    Host()
        : m_thread(QThread::create([this] {
              QTcpServer server;
              if (!server.listen(QHostAddress::LocalHost))
                  qFatal("no port on loopback");
              m_port = server.serverPort();
              while (!m_stop) {
                  if (!server.hasPendingConnections() && !server.waitForNewConnection(20))
                      continue;
                  const std::unique_ptr<QTcpSocket> socket(server.nextPendingConnection());
                  ++connections;
                  QByteArray got;
                  while (!m_stop && !got.contains("\r\n\r\n") && socket->state() == QAbstractSocket::ConnectedState) {
                      socket->waitForReadyRead(20);
                      got += socket->readAll();
                  }
                  {
                      const std::scoped_lock lock(m_mutex);
                      m_got << got;
                  }
                  socket->write("HTTP/1.1 200 Fine\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
                  socket->waitForBytesWritten(5000);
                  socket->disconnectFromHost();
              }
          }))
    {
        m_thread->start();
        while (m_port == 0)
            QThread::msleep(1);
    }
    ~Host()
    {
        m_stop = true;
        m_thread->wait();
    }
    QByteArray name() const { return "127.0.0.1:" + QByteArray::number(m_port.load()); }
    quint16 port() const { return m_port; }
    QByteArrayList got() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_got;
    }
    std::atomic<int> connections = 0;

private:
    std::atomic<quint16> m_port = 0;
    std::atomic<bool> m_stop = false;
    mutable std::mutex m_mutex;
    QByteArrayList m_got;
    std::unique_ptr<QThread> m_thread;
};

/// What the proxy says to some bytes, until it ends the connection.
QByteArray said(const FilterProxy &proxy, const QByteArray &bytes, const QByteArray &after = {})
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray path = QFile::encodeName(proxy.socketPath());
    std::memcpy(address.sun_path, path.constData(), size_t(path.size()));
    const int client = ::socket(AF_UNIX, SOCK_STREAM, 0);
    QByteArray all;
    if (::connect(client, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0) {
        (void)::send(client, bytes.constData(), size_t(bytes.size()), MSG_NOSIGNAL);
        bool more = !after.isEmpty();
        char buffer[4096];
        for (ssize_t count = 1; count > 0;) {
            count = ::recv(client, buffer, sizeof buffer, 0);
            all.append(buffer, std::max<ssize_t>(count, 0));
            if (more && all.contains("\r\n\r\n")) {
                more = false;
                (void)::send(client, after.constData(), size_t(after.size()), MSG_NOSIGNAL);
            }
        }
    }
    ::close(client);
    return all;
}

} // namespace

class FilterProxyTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Host> m_allowed;
    std::unique_ptr<Host> m_other;
    std::unique_ptr<FilterProxy> m_proxy;

private Q_SLOTS:
    void init()
    {
        m_allowed = std::make_unique<Host>();
        m_other = std::make_unique<Host>();
        auto started = FilterProxy::start({{QStringLiteral("127.0.0.1"), m_allowed->port()}});
        OF_OK(started);
        m_proxy = *std::move(started);
    }

    void carriesToTheNamedHost()
    {
        const QByteArray plain = said(*m_proxy, "GET http://" + m_allowed->name()
                                                    + "/a?b=c HTTP/1.1\r\nHost: elsewhere\r\nX: 1\r\n"
                                                      "Proxy-Connection: keep-alive\r\nConnection: keep-alive\r\n\r\n");
        QVERIFY2(plain.endsWith("hello"), plain.constData());
        const QByteArray got = m_allowed->got().value(0);
        QVERIFY(got.startsWith("GET /a?b=c HTTP/1.1\r\n"));
        QVERIFY(got.contains("X: 1\r\n") && got.contains("Connection: close\r\n") && !got.contains("keep-alive"));
        const QByteArray tunnel = said(*m_proxy, "CONNECT " + m_allowed->name() + " HTTP/1.1\r\nHost: x\r\n\r\n",
                                       "GET / HTTP/1.1\r\n\r\n");
        QVERIFY2(tunnel.startsWith("HTTP/1.1 200 ") && tunnel.endsWith("hello"), tunnel.constData());
        QVERIFY(m_proxy->refused().isEmpty());
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("request"); // ALLOWED and OTHER stand for host:port
        QTest::addColumn<QByteArray>("status");
        const auto row = [](const char *name, const char *request, const char *status) {
            QTest::newRow(name) << QByteArray(request) << QByteArray(status);
        };
        row("another port", "CONNECT OTHER HTTP/1.1\r\n\r\n", "403");
        row("another port, plain", "GET http://OTHER/ HTTP/1.1\r\n\r\n", "403");
        row("the Host header does not count", "GET http://OTHER/ HTTP/1.1\r\nHost: ALLOWED\r\n\r\n", "403");
        row("another name for it", "CONNECT localhost:PORT HTTP/1.1\r\n\r\n", "403");
        row("a name before @", "CONNECT ALLOWED@OTHER HTTP/1.1\r\n\r\n", "400");
        row("a name before @, plain", "GET http://ALLOWED@OTHER/ HTTP/1.1\r\n\r\n", "400");
        row("a path in CONNECT", "CONNECT OTHER/ALLOWED HTTP/1.1\r\n\r\n", "400");
        row("no port", "CONNECT 127.0.0.1 HTTP/1.1\r\n\r\n", "400");
        row("no URL", "GET / HTTP/1.1\r\nHost: ALLOWED\r\n\r\n", "400");
        row("another scheme", "GET ftp://ALLOWED/ HTTP/1.1\r\n\r\n", "400");
        row("https without a tunnel", "GET https://ALLOWED/ HTTP/1.1\r\n\r\n", "400");
        row("a longer name", "CONNECT 127.0.0.1.example:PORT HTTP/1.1\r\n\r\n", "403");
        row("two words too many", "CONNECT ALLOWED OTHER HTTP/1.1\r\n\r\n", "400");
        row("nothing", "\r\n\r\n", "400");
        row("NUL", "CONNECT 127.0.0.1\\0.example:PORT HTTP/1.1\r\n\r\n", "40");
    }
    void refuses()
    {
        QFETCH(QByteArray, request);
        QFETCH(QByteArray, status);
        request.replace("ALLOWED", m_allowed->name()).replace("OTHER", m_other->name());
        request.replace("PORT", QByteArray::number(m_allowed->port())).replace("\\0", QByteArray(1, '\0'));
        const QByteArray answer = said(*m_proxy, request);
        QVERIFY2(answer.startsWith(QByteArray("HTTP/1.1 " + status)), answer.constData());
        QCOMPARE(m_other->connections.load(), 0);
        QCOMPARE(m_allowed->connections.load(), 0);
    }

    void remembersWhoWasRefused()
    {
        QCOMPARE(said(*m_proxy, QByteArray(100'000, 'x')), QByteArray()); // a head without end
        said(*m_proxy, "CONNECT " + m_other->name() + " HTTP/1.1\r\n\r\n");
        said(*m_proxy, "CONNECT " + m_other->name() + " HTTP/1.1\r\n\r\n");
        QCOMPARE(m_proxy->refused(), QStringList{QString::fromLatin1(m_other->name())});
    }

    void aSecondRequestGoesNowhereElse()
    {
        const QByteArray first = "GET http://" + m_allowed->name() + "/1 HTTP/1.1\r\n\r\n";
        said(*m_proxy, first + "GET http://" + m_other->name() + "/2 HTTP/1.1\r\n\r\n");
        QCOMPARE(m_other->connections.load(), 0);
    }

    void isItsUsersAlone()
    {
        const QByteArray folder = QFile::encodeName(m_proxy->socketPath().section(u'/', 0, -2));
        struct stat facts{};
        QVERIFY(::stat(folder.constData(), &facts) == 0);
        QCOMPARE(int(facts.st_mode & 0777), 0700);
        m_proxy.reset();
        QVERIFY(::stat(folder.constData(), &facts) != 0);
    }

    void readsHosts_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::newRow("name") << QStringLiteral("API.example.com") << QStringLiteral("api.example.com") << 443;
        QTest::newRow("port") << QStringLiteral("127.0.0.1:8080") << QStringLiteral("127.0.0.1") << 8080;
        QTest::newRow("six") << QStringLiteral("[::1]:80") << QStringLiteral("::1") << 80;
        for (const char *bad : {"", "*", "*.example.com", "http://x", "x:0", "x:99999", "x y", "-x", "x/", "a@b", "x:"})
            QTest::newRow(bad) << QString::fromLatin1(bad) << QString() << 0;
    }
    void readsHosts()
    {
        QFETCH(QString, text);
        QFETCH(QString, host);
        QFETCH(int, port);
        const auto read = reachableHost(text);
        QCOMPARE(read.has_value(), port > 0);
        if (read)
            QCOMPARE(*read, (ReachableHost{host, quint16(port)}));
    }

    void knowsItsPresets()
    {
        QCOMPARE(agentPresetNames(),
                 (QStringList{QStringLiteral("aider"), QStringLiteral("claude"), QStringLiteral("codex"),
                              QStringLiteral("goose"), QStringLiteral("opencode")}));
        for (const QString &name : agentPresetNames()) {
            const auto preset = agentPreset(name);
            OF_OK(preset);
            QVERIFY(!preset->settings.argv.isEmpty() && !preset->keyVariable.isEmpty()
                    && !preset->settings.hosts.empty());
            const bool file = preset->settings.prompt == AgentSettings::Prompt::File;
            QCOMPARE(preset->settings.argv.contains(QStringLiteral("{prompt_file}")), file);
        }
        OF_REFUSED(agentPreset(QStringLiteral("../claude")), ErrorKind::NotFound, QStringLiteral("there are: aider"));
    }
};

QTEST_GUILESS_MAIN(FilterProxyTest)
#include "filterproxytest.moc"
