// SPDX-License-Identifier: Apache-2.0
/// GitHub when it is down, slow, broken, or tired of us.
#include "tests/forge/githubworld.h"

#include <thread>

using namespace openfactory;

class GitHubFaultsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<GitHubWorld> world;

    Result<std::optional<CommitId>> head() { return world->forge.branchHead(QStringLiteral("factory/one"), {}); }
    void fault(const FakeReply &reply, int times = 1) { world->fake.fault({"GET", "/git/ref/", reply, times}); }

private Q_SLOTS:
    void init() { world = std::make_unique<GitHubWorld>(); }
    void cleanup()
    {
        QCOMPARE(world->breach(), QString());
        world.reset();
    }

    void whatFailsForAMomentIsAskedAgain_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("manner");
        QTest::newRow("500") << 500 << int(FakeReply::Manner::Fine);
        QTest::newRow("502") << 502 << int(FakeReply::Manner::Fine);
        QTest::newRow("503") << 503 << int(FakeReply::Manner::Fine);
        QTest::newRow("closed") << 200 << int(FakeReply::Manner::Close);
        QTest::newRow("truncated") << 200 << int(FakeReply::Manner::Truncate);
    }

    void whatFailsForAMomentIsAskedAgain()
    {
        QFETCH(int, status);
        QFETCH(int, manner);
        const FakeReply reply{
            .status = status, .body = "{\"message\": \"sorry\"}", .manner = FakeReply::Manner(manner)};
        fault(reply, 2);
        const qint64 before = world->clock.bootMs();
        const auto commit = head();
        OF_OK(commit);
        QCOMPARE(**commit, commitOf('b'));
        if (manner != int(FakeReply::Manner::Close))         // which Qt itself tries once more, for a GET
            QVERIFY(world->clock.bootMs() >= before + 5000); // 1 s and 4 s

        world->fake.with([](GitHubState &state) { state.faults.clear(); });
        fault(reply, 1000);
        OF_REFUSED(head(), ErrorKind::Unavailable, QStringLiteral("GET /repos/{owner}/{repo}/git/ref/{ref}"));
    }

    void aSlowServerIsNotWaitedForTwice()
    {
        fault({.body = "{}xxxxxxxxxx", .manner = FakeReply::Manner::Stall}, 10);
        OF_REFUSED(head(), ErrorKind::Unavailable, QStringLiteral("nothing came for 2"));
        QCOMPARE(world->fake.count("GET", "/git/ref/"), 1);
    }

    void malformedAnswersAreInvalid_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("said");
        QTest::newRow("half") << QByteArray("{\"ref\": \"refs/heads/fac") << QStringLiteral("at byte");
        QTest::newRow("page") << QByteArray("<html>Unicorn!</html>") << QStringLiteral("no JSON");
        QTest::newRow("text") << QByteArray("\"yes\"") << QStringLiteral("GET /repos");
        QTest::newRow("not UTF-8") << QByteArray("{\"ref\": \"\xff\xfe\"}") << QStringLiteral("no JSON");
        QTest::newRow("deep") << QByteArray("[").repeated(5000) + QByteArray("]").repeated(5000)
                              << QStringLiteral("no JSON");
        QTest::newRow("list") << QByteArray("[]") << QStringLiteral("expected an object, got a list");
        QTest::newRow("null") << QByteArray("null\n") << QStringLiteral("expected an object");
        QTest::newRow("nothing") << QByteArray() << QStringLiteral("expected an object");
        QTest::newRow("other type") << QByteArray("{\"ref\": 5}")
                                    << QStringLiteral("ref: expected a text, got a number");
    }

    void malformedAnswersAreInvalid()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, said);
        fault({.body = body, .manner = FakeReply::Manner::Unmeasured});
        const qint64 before = world->clock.bootMs();
        OF_REFUSED(head(), ErrorKind::Invalid, said);
        // Not asked again after a pause. Qt itself may ask once more at once where the connection ends, for a GET.
        QCOMPARE(world->clock.bootMs(), before);
        QVERIFY(world->fake.count("GET", "/git/ref/") <= 2);
    }

    void aGiantAnswerIsNotRead()
    {
        fault({.body = QByteArray(9 * 1024 * 1024, ' ')});
        OF_REFUSED(head(), ErrorKind::Invalid, QStringLiteral("larger than"));
    }

    void limitsAreKept_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("headers"); // name: value, one a line
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("seconds");
        const QByteArray date = "Date: Fri, 27 Nov 2026 09:00:00 +0000\n";
        QTest::newRow("primary") << 403 << date + "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1795771800"
                                 << QByteArray("{}") << 1800;
        QTest::newRow("primary as 429") << 429 << date + "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1795770060"
                                        << QByteArray("{}") << 60;
        QTest::newRow("secondary") << 403 << QByteArray("Retry-After: 90") << QByteArray("{}") << 90;
        QTest::newRow("secondary as 429") << 429 << QByteArray("Retry-After: 7") << QByteArray("{}") << 7;
        QTest::newRow("secondary without a time")
            << 403 << QByteArray("X-RateLimit-Remaining: 4000")
            << QByteArray("{\"message\": \"You have exceeded a secondary rate limit.\"}") << 60;
        QTest::newRow("429 without anything") << 429 << QByteArray() << QByteArray() << 60;
        QTest::newRow("for ever") << 429 << QByteArray("Retry-After: 99999999999") << QByteArray() << 6 * 3600;
        QTest::newRow("in the past") << 403 << date + "X-RateLimit-Remaining: 0\nX-RateLimit-Reset: 5"
                                     << QByteArray("{}") << 0;
    }

    void limitsAreKept()
    {
        QFETCH(int, status);
        QFETCH(QByteArray, headers);
        QFETCH(QByteArray, body);
        QFETCH(int, seconds);
        FakeReply reply{.status = status, .body = body};
        for (const QByteArray &line : headers.split('\n')) {
            if (!line.isEmpty())
                reply.headers.emplace_back(line.split(':')[0], line.mid(line.indexOf(':') + 1).trimmed());
        }
        fault(reply);
        const qint64 due = world->clock.wallMs() + seconds * 1000;
        const auto limited = head();
        OF_REFUSED(limited, ErrorKind::Unavailable, utcText(due + 1000));
        QCOMPARE(world->fake.count("GET", "/git/ref/"), 1); // not asked again
        QVERIFY(world->forge.pollAfter() >= std::chrono::seconds(seconds));

        // Nothing else is asked for until then either.
        world->clock.advance(std::chrono::seconds(seconds));
        OF_REFUSED(world->forge.findPull(QStringLiteral("factory/one"), {}), ErrorKind::Unavailable,
                   QStringLiteral("takes no requests before"));
        PullRequest pull;
        pull.branch = QStringLiteral("factory/one");
        pull.base = QStringLiteral("main");
        OF_REFUSED(world->forge.openPull(pull, {}, {}), ErrorKind::Unavailable, QStringLiteral("before"));
        QCOMPARE(world->fake.requests().size(), 1u);
        world->clock.advance(std::chrono::milliseconds(1001));
        OF_OK(head());
    }

    void aLimitWhileOpeningIsNoReasonToOpenTwice()
    {
        world->fake.fault({"POST", "/pulls", {.status = 403, .headers = {{"Retry-After", "30"}}, .body = "{}"}, 1});
        PullRequest pull;
        pull.branch = QStringLiteral("factory/one");
        pull.base = QStringLiteral("main");
        OF_REFUSED(world->forge.openPull(pull, {}, {}), ErrorKind::Unavailable, QStringLiteral("before"));
        world->clock.advance(std::chrono::seconds(32));
        QCOMPARE(world->forge.openPull(pull, {}, {})->number, 1);
    }

    void pollsSparinglyWhereLittleIsLeft()
    {
        const auto usual = world->forge.pollAfter();
        fault({.status = 404, .headers = {{"X-RateLimit-Remaining", "12"}}, .body = "{}"});
        OF_OK(head());
        QVERIFY(world->forge.pollAfter() > usual);
    }

    void tellsHowManyRequestsAreLeft()
    {
        QVERIFY(!world->forge.requestLimit());
        fault({.status = 404,
               .headers = {{"X-RateLimit-Limit", "5000"},
                           {"X-RateLimit-Remaining", "4321"},
                           {"X-RateLimit-Reset", "1795771800"}},
               .body = "{}"});
        OF_OK(head());
        const RequestLimit told{5000, 4321, 1'795'771'800'000, world->clock.wallMs()};
        QCOMPARE(world->forge.requestLimit(), std::optional(told));
        fault(
            {.status = 404, .headers = {{"X-RateLimit-Remaining", "many"}, {"X-RateLimit-Reset", "1"}}, .body = "{}"});
        OF_OK(head());
        QCOMPARE(world->forge.requestLimit(), std::optional(told)); // what makes no sense changes nothing
        fault({.status = 404,
               .headers = {{"X-RateLimit-Remaining", "99999999999999"}, {"X-RateLimit-Reset", "9223372036854775807"}},
               .body = "{}"});
        OF_OK(head());
        QCOMPARE(world->forge.requestLimit()->remaining, 1'000'000);
        QVERIFY(world->forge.requestLimit()->resetMs > 0);
        QCOMPARE(world->forge.requestLimit()->limit, -1);
    }

    void aRefusalIsNoLimit()
    {
        fault({.status = 403,
               .headers = {{"X-RateLimit-Remaining", "4000"}},
               .body = "{\"message\": \"Resource not accessible \\u202eby ghp_secretOfTheTest\"}"});
        const auto answer = head();
        OF_REFUSED(answer, ErrorKind::Denied, QStringLiteral("not accessible"));
        const QString text = toText(answer.error());
        QVERIFY(!text.contains(QStringLiteral("ghp_")) && !text.contains(QChar(0x202e)));
        OF_OK(head());
    }

    void aTokenThatExpiresIsRefused()
    {
        OF_OK(head());
        world->token = "ghp_expired";
        OF_REFUSED(world->forge.checks(commitOf('b'), {}), ErrorKind::Denied, QStringLiteral("token"));
        world->token = "ghp_secretOfTheTest";
        OF_OK(world->forge.checks(commitOf('b'), {})); // asked for anew each time
        world->token = "ghp_a\r\nX-More: b";
        OF_REFUSED(world->forge.checks(commitOf('b'), {}), ErrorKind::Invalid, QStringLiteral("Authorization"));
    }

    void aMovedRepositoryIsNotFollowed()
    {
        fault({.status = 301, .headers = {{"Location", world->fake.storageAddress().toLatin1() + "/x"}}, .body = "{}"});
        OF_REFUSED(head(), ErrorKind::NotFound, QStringLiteral("renamed"));
        QVERIFY(world->fake.storageRequests().empty());
    }

    void aListWithoutEndIsLeft()
    {
        for (const QByteArray &next : {QByteArray("<https://x.invalid/?per_page=100>; rel=\"next\""),
                                       QByteArray("<https://x.invalid/?page=2>; rel=\"next\"")}) {
            world->fake.with([](GitHubState &state) { state.faults.clear(); });
            world->fake.fault({"GET", "/statuses", {.headers = {{"Link", next}}, .body = "[]"}, 1000});
            OF_REFUSED(world->forge.checks(commitOf('b'), {}), ErrorKind::Invalid, QStringLiteral("page"));
        }
    }

    void aStopEndsEveryWait()
    {
        std::stop_source source;
        fault({.manner = FakeReply::Manner::Silent}, 10);
        std::jthread stopper([&] {
            while (world->fake.count("GET", "/git/ref/") == 0)
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            source.request_stop();
        });
        OF_REFUSED(world->forge.branchHead(QStringLiteral("factory/one"), source.get_token()), ErrorKind::Cancelled,
                   QStringLiteral("stopped"));
        OF_REFUSED(world->forge.checks(commitOf('b'), source.get_token()), ErrorKind::Cancelled,
                   QStringLiteral("stopped"));
        QCOMPARE(world->fake.requests().size(), 1u);
    }
};

QTEST_GUILESS_MAIN(GitHubFaultsTest)
#include "githubfaults_test.moc"
