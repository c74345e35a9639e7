// SPDX-License-Identifier: Apache-2.0
/// The client against a server that misbehaves: each limit holds, a stop ends a call, nothing is sent that may not be,
/// and what starts something is sent once.
#include "core/base/file.h"
#include "core/http/httpclient.h"
#include "tests/testlib/expect.h"
#include "tests/testlib/httpfake.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTemporaryDir>

#include <thread>

using namespace openfactory;

namespace {

HttpRequest to(const QString &address, const QByteArray &method = "GET", const QByteArray &body = {})
{
    return {.method = method, .url = QUrl(address), .headers = {}, .body = body};
}

FakeReply plain(const QByteArray &body)
{
    return {.body = body};
}

} // namespace

class HttpClientTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anyStatusIsAnAnswer()
    {
        HttpFake fake([](const FakeRequest &request) {
            const int status = request.path().mid(1).toInt();
            return FakeReply{.status = status, .headers = {{"X-Some", "a"}, {"x-some", "b"}}, .body = "{}"};
        });
        HttpClient client;
        for (const int status : {200, 201, 301, 302, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503}) {
            const auto answer = client.send(to(fake.address() + QStringLiteral("/%1").arg(status)), {});
            OF_OK(answer);
            QCOMPARE(answer->status, status);
            QCOMPARE(answer->body, QByteArray("{}"));
            QCOMPARE(answer->header("x-some"), QByteArray("a, b"));
        }
        QCOMPARE(fake.requests().size(), 14u); // none was followed, none sent again
    }

    void sendsMethodHeadersAndBody()
    {
        HttpFake fake([](const FakeRequest &) { return plain("x"); });
        HttpClient client;
        HttpRequest request = to(fake.address() + QStringLiteral("/a%2Fb?c=%26"), "PATCH", "{\"a\":1}");
        request.headers = {{"Authorization", "Bearer t"}, {"Content-Type", "application/json"}};
        OF_OK(client.send(request, {}));
        const FakeRequest got = fake.requests().at(0);
        QCOMPARE(got.method, QByteArray("PATCH"));
        QCOMPARE(got.target, QByteArray("/a%2Fb?c=%26"));
        QCOMPARE(got.body, QByteArray("{\"a\":1}"));
        QCOMPARE(got.headers["authorization"], QByteArray("Bearer t"));
        QCOMPARE(got.headers["accept-encoding"], QByteArray("identity"));
        QVERIFY(!got.headers.contains("cookie"));
    }

    void keepsConnectionsButNoCookies()
    {
        HttpFake fake([](const FakeRequest &) { return FakeReply{.headers = {{"Set-Cookie", "a=b"}}, .body = "x"}; });
        HttpClient client;
        for (int i = 0; i < 3; ++i)
            OF_OK(client.send(to(fake.address()), {}));
        QCOMPARE(fake.connections(), 1);
        for (const FakeRequest &request : fake.requests())
            QVERIFY(!request.headers.contains("cookie"));
    }

    void whatStartsSomethingIsSentOnce_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("with a body") << QByteArray("{}");
        QTest::newRow("without") << QByteArray();
    }

    void whatStartsSomethingIsSentOnce()
    {
        QFETCH(QByteArray, body);
        // Also over a connection that served before, where a client may be tempted to try again.
        HttpFake fake([](const FakeRequest &request) {
            return request.method == "POST" ? FakeReply{.manner = FakeReply::Manner::Close} : plain("x");
        });
        HttpClient client;
        OF_OK(client.send(to(fake.address()), {}));
        for (int i = 0; i < 3; ++i)
            OF_REFUSED(client.send(to(fake.address(), "POST", body), {}), ErrorKind::Unavailable,
                       QStringLiteral("POST"));
        int posts = 0;
        for (const FakeRequest &request : fake.requests())
            posts += request.method == "POST" ? 1 : 0;
        QCOMPARE(posts, 3);
    }

    void refusesWhatMayNotBeSent_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("said");
        QTest::newRow("plain http") << QStringLiteral("http://example.invalid/") << QStringLiteral("only https");
        QTest::newRow("looks local") << QStringLiteral("http://127.0.0.1.example.invalid/")
                                     << QStringLiteral("only https");
        QTest::newRow("file") << QStringLiteral("file:///etc/passwd") << QStringLiteral("no address");
        QTest::newRow("ftp") << QStringLiteral("ftp://127.0.0.1/") << QStringLiteral("only https");
        QTest::newRow("credentials") << QStringLiteral("https://me:hush@example.invalid/")
                                     << QStringLiteral("password");
        QTest::newRow("nothing") << QString() << QStringLiteral("no address");
    }

    void refusesWhatMayNotBeSent()
    {
        QFETCH(QString, address);
        QFETCH(QString, said);
        HttpClient client;
        const auto answer = client.send(to(address), {});
        OF_REFUSED(answer, ErrorKind::Invalid, said);
        QVERIFY(!toText(answer.error()).contains(QStringLiteral("hush")));
    }

    void refusesHeadersWithLineEnds()
    {
        HttpFake fake([](const FakeRequest &) { return plain("x"); });
        HttpClient client;
        for (const QByteArray &value : {QByteArray("a\r\nX-More: b"), QByteArray("a\nb"), QByteArray("a\0b", 3)}) {
            HttpRequest request = to(fake.address());
            request.headers = {{"Authorization", value}};
            const auto answer = client.send(request, {});
            OF_REFUSED(answer, ErrorKind::Invalid, QStringLiteral("Authorization"));
            QVERIFY(!toText(answer.error()).contains(QStringLiteral("X-More")));
        }
        QVERIFY(fake.requests().empty());
    }

    void aBrokenAnswerIsTold_data()
    {
        QTest::addColumn<int>("manner");
        QTest::addColumn<int>("kind");
        using Manner = FakeReply::Manner;
        QTest::newRow("closed") << int(Manner::Close) << int(ErrorKind::Unavailable);
        QTest::newRow("truncated") << int(Manner::Truncate) << int(ErrorKind::Unavailable);
        QTest::newRow("silent") << int(Manner::Silent) << int(ErrorKind::Timeout);
        QTest::newRow("stalled") << int(Manner::Stall) << int(ErrorKind::Timeout);
    }

    void aBrokenAnswerIsTold()
    {
        QFETCH(int, manner);
        QFETCH(int, kind);
        HttpFake fake([manner](const FakeRequest &) {
            return FakeReply{.body = QByteArray(1000, 'x'), .manner = FakeReply::Manner(manner)};
        });
        HttpClient client;
        HttpRequest request = to(fake.address() + QStringLiteral("/path?secret=hush"));
        if (ErrorKind(kind) == ErrorKind::Timeout)
            request.limits.idle = Milliseconds(200);
        const auto answer = client.send(request, {});
        OF_REFUSED(answer, ErrorKind(kind), QStringLiteral("/path"));
        QVERIFY(!toText(answer.error()).contains(QStringLiteral("hush")));
    }

    void takesLongAsAWhole()
    {
        HttpFake fake([](const FakeRequest &) { return FakeReply{.manner = FakeReply::Manner::Silent}; });
        HttpClient client;
        HttpRequest request = to(fake.address());
        request.limits.total = Milliseconds(200);
        OF_REFUSED(client.send(request, {}), ErrorKind::Timeout, QStringLiteral("more than"));
    }

    void aBodyWithoutLengthEndsWithTheConnection()
    {
        HttpFake fake(
            [](const FakeRequest &) { return FakeReply{.body = "whole", .manner = FakeReply::Manner::Unmeasured}; });
        HttpClient client;
        const auto answer = client.send(to(fake.address()), {});
        OF_OK(answer);
        QCOMPARE(answer->body, QByteArray("whole"));
    }

    void anAnswerIsBounded()
    {
        HttpFake fake([](const FakeRequest &) { return plain(QByteArray(100'000, 'x')); });
        HttpClient client;
        HttpRequest request = to(fake.address());
        request.limits.mostBytes = 99'999;
        OF_REFUSED(client.send(request, {}), ErrorKind::Invalid, QStringLiteral("larger than 99999"));
        request.limits.mostBytes = 100'000;
        OF_OK(client.send(request, {}));
    }

    void aSinkTakesTheBodyInPieces()
    {
        HttpFake fake([](const FakeRequest &request) {
            return FakeReply{.status = request.path() == "/no" ? 404 : 200, .body = QByteArray(5'000'000, 'x')};
        });
        HttpClient client;
        qint64 taken = 0;
        HttpRequest request = to(fake.address());
        request.limits.mostBytes = 10; // not of a sink
        request.sink = [&](const QByteArray &piece) { return (taken += piece.size()) > 0; };
        const auto answer = client.send(request, {});
        OF_OK(answer);
        QCOMPARE(taken, 5'000'000);
        QVERIFY(answer->body.isEmpty());

        taken = 0;
        request.sink = [&](const QByteArray &piece) { return (taken += piece.size()) < 100'000; };
        OF_OK(client.send(request, {}));
        QVERIFY(taken >= 100'000 && taken < 5'000'000);

        taken = 0;
        request.url = QUrl(fake.address() + QStringLiteral("/no"));
        OF_REFUSED(client.send(request, {}), ErrorKind::Invalid, QStringLiteral("larger than 10"));
        QCOMPARE(taken, 0); // an error's text is none of the body
    }

    void aStopEndsACall()
    {
        HttpFake fake([](const FakeRequest &) { return FakeReply{.manner = FakeReply::Manner::Silent}; });
        HttpClient client;
        std::stop_source source;
        std::jthread stopper([&] {
            while (fake.requests().empty())
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            source.request_stop();
        });
        OF_REFUSED(client.send(to(fake.address()), source.get_token()), ErrorKind::Cancelled,
                   QStringLiteral("stopped"));
        OF_REFUSED(client.send(to(fake.address()), source.get_token()), ErrorKind::Cancelled,
                   QStringLiteral("stopped"));
        QCOMPARE(fake.requests().size(), 1u);
    }

    void severalThreadsMayCall()
    {
        HttpFake fake([](const FakeRequest &request) { return plain(request.path()); });
        HttpClient client;
        std::atomic<int> right = 0;
        {
            std::vector<std::jthread> threads;
            for (int i = 0; i < 8; ++i)
                threads.emplace_back([&, i] {
                    const QString path = QStringLiteral("/%1").arg(i);
                    const auto answer = client.send(to(fake.address() + path), {});
                    right += answer && answer->body == path.toLatin1() ? 1 : 0;
                });
        }
        QCOMPARE(right.load(), 8);
    }

    void nobodyIsThere()
    {
        quint16 port = 0;
        {
            const HttpFake fake([](const FakeRequest &) { return plain("x"); });
            port = fake.port();
        }
        HttpClient client;
        OF_REFUSED(client.send(to(QStringLiteral("http://127.0.0.1:%1/").arg(port)), {}), ErrorKind::Unavailable,
                   QStringLiteral("127.0.0.1"));
    }

    void trustsAnAuthorityOnlyWhereItIsNamed()
    {
        QTemporaryDir folder;
        const QString key = folder.filePath(QStringLiteral("key.pem"));
        const QString certificate = folder.filePath(QStringLiteral("certificate.pem"));
        QProcess openssl;
        openssl.start(QStringLiteral("openssl"),
                      {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"),
                       QStringLiteral("rsa:2048"), QStringLiteral("-nodes"), QStringLiteral("-subj"),
                       QStringLiteral("/CN=127.0.0.1"), QStringLiteral("-addext"),
                       QStringLiteral("subjectAltName=IP:127.0.0.1"), QStringLiteral("-keyout"), key,
                       QStringLiteral("-out"), certificate});
        QVERIFY2(openssl.waitForFinished(120'000) && openssl.exitCode() == 0, openssl.readAllStandardError());
        const auto pem = readSmallFile(certificate);
        const auto secret = readSmallFile(key);
        QVERIFY(pem && secret);
        HttpFake fake([](const FakeRequest &) { return plain("safe"); }, FakeCertificate{*pem, *secret});

        HttpClient stranger;
        HttpRequest request = to(fake.address());
        request.headers = {{"Authorization", "Bearer t"}};
        OF_REFUSED(stranger.send(request, {}), ErrorKind::Unavailable, QStringLiteral("PEM"));
        QVERIFY(fake.requests().empty());

        HttpClient friendly(certificate);
        const auto answer = friendly.send(request, {});
        OF_OK(answer);
        QCOMPARE(answer->body, QByteArray("safe"));

        // The name has to be the certificate's.
        HttpRequest other = to(QStringLiteral("https://localhost:%1/").arg(fake.port()));
        OF_REFUSED(friendly.send(other, {}), ErrorKind::Unavailable, QStringLiteral("localhost"));
        HttpClient wrong(key);
        OF_REFUSED(wrong.send(request, {}), ErrorKind::Invalid, QStringLiteral("no certificate"));
    }

    void goesThroughTheSystemsProxy()
    {
        HttpFake proxy([](const FakeRequest &) { return FakeReply{.status = 502}; });
        HttpFake fake([](const FakeRequest &) { return plain("x"); });
        qputenv("https_proxy", proxy.address().toLatin1());
        qputenv("http_proxy", proxy.address().toLatin1());
        const auto reset = qScopeGuard([] {
            qunsetenv("https_proxy");
            qunsetenv("http_proxy");
        });
        HttpClient client;
        HttpRequest request = to(QStringLiteral("https://forge.invalid/x"));
        request.headers = {{"Authorization", "Bearer t"}};
        OF_REFUSED(client.send(request, {}), ErrorKind::Unavailable, QStringLiteral("forge.invalid"));
        QCOMPARE(proxy.requests().size(), 1u);
        QCOMPARE(proxy.requests().at(0).method, QByteArray("CONNECT"));
        QCOMPARE(proxy.requests().at(0).target, QByteArray("forge.invalid:443"));
        QVERIFY(!proxy.requests().at(0).headers.contains("authorization"));

        OF_OK(client.send(to(fake.address()), {})); // this machine is reached without
        QCOMPARE(proxy.requests().size(), 1u);
    }
};

QTEST_GUILESS_MAIN(HttpClientTest)
#include "httpclient_test.moc"
