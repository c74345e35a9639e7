// SPDX-License-Identifier: Apache-2.0
/// Checks: which run counts, its evidence, and having it run again. Each row of the gate is one way that only looks
/// like a success.
#include "tests/forge/githubworld.h"

using namespace openfactory;

namespace {

const CommitId kHead = commitOf('c');
const QString kTests = QStringLiteral("tests");
const QString kCompleted = QStringLiteral("completed");
const QString kSuccess = QStringLiteral("success");
const QString kFailure = QStringLiteral("failure");

QJsonObject run(qint64 id, const QString &conclusion, int app = 15368)
{
    return GitHubFake::run(id, kTests, kHead, kCompleted, conclusion, app);
}

} // namespace

class GitHubChecksTest : public QObject {
    Q_OBJECT

    std::unique_ptr<GitHubWorld> world;

    QString verdict(const QString &app = QStringLiteral("15368"))
    {
        const auto checks = world->forge.checks(kHead, {});
        if (!checks)
            return toText(checks.error());
        switch (requiredVerdict({kTests, app}, *checks, kHead).kind) {
        case RequiredVerdict::Kind::Missing: return QStringLiteral("missing");
        case RequiredVerdict::Kind::Pending: return QStringLiteral("pending");
        case RequiredVerdict::Kind::Success: return QStringLiteral("success");
        case RequiredVerdict::Kind::Failed: return QStringLiteral("failed");
        }
        return {};
    }
    void list(const std::vector<QJsonObject> &runs, const std::vector<QJsonObject> &statuses = {})
    {
        world->fake.with([&](GitHubState &state) {
            state.runs = runs;
            state.statuses = statuses;
        });
    }
    Check first() { return world->forge.checks(kHead, {}).value_or(std::vector<Check>(1)).at(0); }

private Q_SLOTS:
    void init() { world = std::make_unique<GitHubWorld>(); }
    void cleanup()
    {
        QCOMPARE(world->breach(), QString());
        world.reset();
    }

    void onlyTrueSuccessPasses_data()
    {
        using Runs = std::vector<QJsonObject>;
        QTest::addColumn<Runs>("runs");
        QTest::addColumn<Runs>("statuses");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const char *said, const Runs &runs, const Runs &statuses = {}) {
            QTest::newRow(name) << runs << statuses << QString::fromLatin1(said);
        };
        const auto status = [](qint64 id, const char *state, const char *login) {
            return GitHubFake::status(id, kTests, QString::fromLatin1(state), QString::fromLatin1(login));
        };
        QJsonObject old = run(1, kSuccess);
        old[QStringLiteral("head_sha")] = commitOf('e');
        QJsonObject renamed = run(1, kSuccess);
        renamed[QStringLiteral("name")] = QStringLiteral("tests ");
        QJsonObject anonymous = run(1, kSuccess);
        anonymous[QStringLiteral("app")] = QJsonValue::Null;
        QJsonObject queued = GitHubFake::run(2, kTests, kHead, QStringLiteral("queued"));
        queued[QStringLiteral("started_at")] = QJsonValue::Null;

        row("none", "missing", {});
        row("success", "success", {run(1, kSuccess)});
        for (const char *ending :
             {"failure", "neutral", "skipped", "cancelled", "timed_out", "action_required", "stale", "startup_failure"})
            row(ending, "failed", {run(1, QString::fromLatin1(ending))});
        row("of another app", "missing", {run(1, kSuccess, 99)});
        row("of no app", "missing", {anonymous});
        row("failed, and another app content", "failed", {run(2, kSuccess, 99), run(1, kFailure)});
        row("on an old commit", "missing", {old});
        row("of another name", "missing", {renamed});
        row("red again", "failed", {run(2, kFailure), run(1, kSuccess)});
        row("green again", "success", {run(2, kSuccess), run(1, kFailure)});
        row("older listed first", "failed", {run(1, kSuccess), run(2, kFailure)});
        row("runs again, no time yet", "pending", {queued, run(1, kSuccess)});
        row("a status of a person", "missing", {}, {status(1, "success", "ann")});
        row("a status of the app", "success", {}, {status(1, "success", "actions-bot[bot]")});
        row("a status of an unknown app", "missing", {}, {status(1, "success", "mallory[bot]")});
        row("a later status", "failed", {},
            {status(2, "failure", "actions-bot[bot]"), status(1, "success", "actions-bot[bot]")});
        row("a status in error", "failed", {}, {status(1, "error", "actions-bot[bot]")});
        row("a pending status", "pending", {}, {status(1, "pending", "actions-bot[bot]")});
        row("a status unheard of", "failed", {}, {status(1, "splendid", "actions-bot[bot]")});
    }

    void onlyTrueSuccessPasses()
    {
        QFETCH(std::vector<QJsonObject>, runs);
        QFETCH(std::vector<QJsonObject>, statuses);
        QFETCH(QString, said);
        world->fake.with([](GitHubState &state) { state.apps[QStringLiteral("actions-bot")] = 15368; });
        list(runs, statuses);
        QCOMPARE(verdict(), said);
        QCOMPARE(verdict(), said); // from what was known before, too
    }

    void manyChecksAreReadToTheEnd()
    {
        std::vector<QJsonObject> runs;
        std::vector<QJsonObject> statuses;
        for (int i = 1; i <= 250; ++i) {
            runs.push_back(GitHubFake::run(i, QStringLiteral("check ✓ %1").arg(i), kHead, kCompleted, kSuccess));
            statuses.push_back(GitHubFake::status(1000 - i, QStringLiteral("status %1").arg(i), kSuccess));
        }
        runs.back() = run(250, kFailure);
        list(runs, statuses);
        const auto checks = world->forge.checks(kHead, {});
        OF_OK(checks);
        QCOMPARE(checks->size(), 500u);
        QCOMPARE(verdict(), QStringLiteral("failed"));
        QCOMPARE(world->fake.count("GET", "check-runs?per_page=100&page=3"), 2);
    }

    void whatWasMissedIsNoVerdict()
    {
        // The deciding run may be the one that is not in the list.
        list({run(1, kSuccess)});
        world->fake.fault(
            {"GET",
             "/check-runs?",
             {.body = QJsonDocument(QJsonObject{{QStringLiteral("total_count"), 2},
                                                {QStringLiteral("check_runs"), QJsonArray{run(1, kSuccess)}}})
                          .toJson()},
             1});
        OF_REFUSED(world->forge.checks(kHead, {}), ErrorKind::Unavailable, QStringLiteral("1 of 2"));
        QCOMPARE(verdict(), QStringLiteral("success"));
    }

    void unchangedChecksCostNothing()
    {
        list({run(1, kSuccess)});
        const auto before = world->forge.checks(kHead, {});
        OF_OK(before);
        QVERIFY(*world->forge.checks(kHead, {}) == *before);
        const auto requests = world->fake.requests();
        QCOMPARE(requests.size(), 4u);
        QVERIFY(!requests[0].headers.contains("if-none-match"));
        QVERIFY(requests[2].headers.value("if-none-match").startsWith("W/\""));
        list({run(2, kFailure)});
        QCOMPARE(verdict(), QStringLiteral("failed")); // what changed is seen
    }

    void whatOneForgeLearnedTheNextOneKnows()
    {
        list({run(1, kSuccess)});
        GitHubForge::Parts parts = GitHubWorld::partsOf(*world);
        parts.memory = std::make_shared<GitHubMemory>();
        OF_OK(GitHubForge(parts).checks(kHead, {}));
        world->fake.forgetRequests();
        OF_OK(GitHubForge(parts).checks(kHead, {}));
        for (const FakeRequest &request : world->fake.requests())
            QVERIFY(request.headers.contains("if-none-match"));
        world->fake.fault({"GET", "/statuses", {.status = 429, .headers = {{"Retry-After", "60"}}}, 1});
        OF_REFUSED(GitHubForge(parts).checks(kHead, {}), ErrorKind::Unavailable, QStringLiteral("before"));
        world->fake.forgetRequests();
        GitHubForge next(parts);
        OF_REFUSED(next.checks(kHead, {}), ErrorKind::Unavailable, QStringLiteral("before"));
        QVERIFY(next.pollAfter() >= std::chrono::seconds(60));
        QVERIFY(world->fake.requests().empty());
    }

    void evidenceOfAJobIsItsLogAndAnnotations()
    {
        QJsonObject failed = run(7, kFailure);
        failed[QStringLiteral("output")] = QJsonObject{{QStringLiteral("title"), QStringLiteral("1 failed")},
                                                       {QStringLiteral("annotations_count"), 150}};
        list({failed});
        world->fake.with([](GitHubState &state) {
            state.jobs[7] = GitHubFake::job(7, 70);
            state.logs[7] = "first\n" + QByteArray(200'000, 'x') + "\nFAILED test_a\n";
            for (int i = 0; i < 150; ++i)
                state.annotations[7] += QJsonObject{{QStringLiteral("path"), QStringLiteral("src/a.py")},
                                                    {QStringLiteral("start_line"), i + 1},
                                                    {QStringLiteral("annotation_level"), kFailure},
                                                    {QStringLiteral("message"), QStringLiteral("wrong")}};
        });
        const auto evidence = world->forge.evidence(first(), 1000, {});
        OF_OK(evidence);
        QCOMPARE(evidence->log, QByteArray("FAILED test_a\n"));
        QVERIFY(evidence->cut);
        QCOMPARE(evidence->annotations.size(), 150u);
        QCOMPARE(evidence->annotations[149].line, 150);
        QCOMPARE(evidence->annotations[0].tool, kTests);
        QCOMPARE(world->fake.storageRequests().size(), 1u); // and the token was not there: cleanup() looks
        QCOMPARE(world->fake.storageRequests()[0].target, QByteArray("/logs/7?signature=hush"));
    }

    void logsAreFollowedOnlyToPlacesOfTheWeb_data()
    {
        QTest::addColumn<QByteArray>("place");
        for (const char *place : {"http://logs.example.invalid/x", "file:///etc/passwd",
                                  "https://me:pass@logs.example.invalid/x", "", "//"})
            QTest::newRow(place) << QByteArray(place);
    }

    void logsAreFollowedOnlyToPlacesOfTheWeb()
    {
        QFETCH(QByteArray, place);
        list({run(7, kFailure)});
        world->fake.with([&](GitHubState &state) {
            state.jobs[7] = GitHubFake::job(7, 70);
            state.logPlace = place.isEmpty() ? QByteArray("#") : place; // "#": to itself, for ever
        });
        const auto evidence = world->forge.evidence(first(), 1000, {});
        QVERIFY2(!evidence || evidence->log == "the title\nthe summary", "a log from nowhere");
        QVERIFY(world->fake.count("GET", "/logs") <= 4);
    }

    void evidenceOfOthersIsWhatTheyReport()
    {
        list({run(7, kFailure, 99)}, {GitHubFake::status(5, QStringLiteral("old-ci"), kFailure)});
        const auto checks = world->forge.checks(kHead, {});
        OF_OK(checks);
        for (const Check &check : *checks) {
            const auto evidence = world->forge.evidence(check, 1000, {});
            OF_OK(evidence);
            QCOMPARE(evidence->log,
                     check.name == kTests ? QByteArray("the title\nthe summary") : QByteArray("what it says"));
        }
        QCOMPARE(world->fake.count("GET", "/actions/"), 0);
    }

    void anExpiredLogLeavesWhatThereIs()
    {
        list({run(7, kFailure)});
        world->fake.with([](GitHubState &state) { state.jobs[7] = GitHubFake::job(7, 70); }); // and no log
        const auto evidence = world->forge.evidence(first(), 1000, {});
        OF_OK(evidence);
        QCOMPARE(evidence->log, QByteArray("the title\nthe summary"));
    }

    void evidenceIsOfTheCheckThatWasMeant()
    {
        list({run(7, kFailure)});
        Check check = first();
        check.commit = commitOf('e');
        OF_REFUSED(world->forge.evidence(check, 1000, {}), ErrorKind::Conflict, QStringLiteral("another commit"));
        check.id = QStringLiteral("check-run/../../pulls/1");
        OF_REFUSED(world->forge.evidence(check, 1000, {}), ErrorKind::Invalid, QStringLiteral("no check of GitHub"));
    }

    void runsAgainOnce()
    {
        list({run(7, kFailure)});
        world->fake.with([](GitHubState &state) { state.jobs[7] = GitHubFake::job(7, 70); });
        const Check check = first();
        OF_OK(world->forge.rerun(check, {}));
        QCOMPARE(world->fake.count("POST", "/actions/jobs/7/rerun"), 1);
        // The same wish again, as after a kill: the newer run shows that it was heard.
        list({GitHubFake::run(8, kTests, kHead, QStringLiteral("queued")), run(7, kFailure)});
        OF_OK(world->forge.rerun(check, {}));
        QCOMPARE(world->fake.count("POST", ""), 1);
    }

    void anotherAppIsAskedToRunAgain()
    {
        list({run(7, kFailure, 99)}, {GitHubFake::status(5, QStringLiteral("old-ci"), kFailure)});
        const auto checks = world->forge.checks(kHead, {});
        OF_OK(checks);
        for (const Check &check : *checks) {
            if (check.name == kTests)
                OF_OK(world->forge.rerun(check, {}));
            else
                OF_REFUSED(world->forge.rerun(check, {}), ErrorKind::Unsupported, QStringLiteral("status"));
        }
        QCOMPARE(world->fake.count("POST", "/check-runs/7/rerequest"), 1);
    }

    void aLostAnswerRunsNothingTwice()
    {
        list({run(7, kFailure)});
        world->fake.with([](GitHubState &state) { state.jobs[7] = GitHubFake::job(7, 70); });
        world->fake.fault({"POST", "/rerun", {.manner = FakeReply::Manner::Close}, 1, true});
        OF_REFUSED(world->forge.rerun(first(), {}), ErrorKind::Unavailable, QStringLiteral("POST"));
        QCOMPARE(world->fake.count("POST", "/rerun"), 1);
    }

    void cancelsWhatRuns()
    {
        list({GitHubFake::run(7, kTests, kHead, QStringLiteral("in_progress"))});
        world->fake.with([](GitHubState &state) { state.jobs[7] = GitHubFake::job(7, 70); });
        OF_OK(world->forge.cancel(first(), {}));
        QCOMPARE(world->fake.count("POST", "/actions/runs/70/cancel"), 1);
        world->fake.fault({"POST", "/cancel", {.status = 409, .body = "{}"}, 1});
        OF_OK(world->forge.cancel(first(), {})); // it ended meanwhile
        list({run(7, kFailure)});
        OF_OK(world->forge.cancel(first(), {})); // it has ended
        QCOMPARE(world->fake.count("POST", "/cancel"), 2);
        list({GitHubFake::run(9, kTests, kHead, QStringLiteral("queued"), {}, 99)});
        OF_REFUSED(world->forge.cancel(first(), {}), ErrorKind::Unsupported, QStringLiteral("GitHub Actions"));
    }
};

QTEST_GUILESS_MAIN(GitHubChecksTest)
#include "githubchecks_test.moc"
