// SPDX-License-Identifier: Apache-2.0
/// The run of a job: stages, reverts, author rounds, parking, recovery.
#include "tests/engine/engineworld.h"
#include "tests/testlib/expect.h"

#include <QJsonDocument>

using namespace openfactory;

namespace {
const QByteArray kShort = "contract:\n  pipeline:\n    - name: implement\n    - name: unit-test\n    - name: deploy\n";
} // namespace

class JobRunTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tcrTakesAPointOfCoverageForChanceAndNoMore_data()
    {
        QTest::addColumn<QByteArray>("again");
        QTest::addColumn<QString>("ends");
        QTest::newRow("the same") << QByteArray("90") << QStringLiteral("tcr/1 passed, deploy/1 parked");
        QTest::newRow("by chance") << QByteArray("89") << QStringLiteral("tcr/1 passed, deploy/1 parked");
        QTest::newRow("a fall") << QByteArray("88") << QStringLiteral("tcr/1 reverted");
    }
    void tcrTakesAPointOfCoverageForChanceAndNoMore()
    {
        QFETCH(QByteArray, again);
        QFETCH(QString, ends);
        EngineWorld world;
        int measured = 0;
        world.runner.says = [&](const CommandRequest &request) -> std::optional<QByteArray> {
            if (request.argv.value(1) != u"coverage")
                return std::nullopt;
            return ++measured == 1 ? QByteArray("90") : again;
        };
        const Job job = world.playbookJob(QStringLiteral("chance"), {{{}, {{"b.txt", "b"}}}},
                                          "contract:\n  pipeline:\n    - name: implement\n    - name: unit-test\n"
                                          "    - name: coverage\n    - name: tcr\n    - name: deploy\n");
        QVERIFY(world.run(job));
        QCOMPARE(measured, 2);
        QVERIFY2(world.ledger(job).endsWith(ends), qPrintable(world.ledger(job)));
    }

    void takesAJobThroughAllTenStagesToTheGate()
    {
        EngineWorld world;
        const Job job = world.playbookJob(QStringLiteral("ten"), {{"implement", {{"b.txt", "second"}}}});
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(
            world.ledger(job),
            QStringLiteral(
                "implement/1 passed, unit-test/1 passed, coverage/1 passed, lint/1 passed, integration/1 passed, review/1 passed, "
                "boundary/1 passed, integrate/1 passed, tcr/1 passed, deploy/1 parked"));
        const Job after = world.now(job);
        QCOMPARE(after.progress.state, JobState::Waiting);
        QCOMPARE(after.progress.wait.kind, WaitKind::Approval);
        QVERIFY(!*world.store->ownerOf(job.id()));
        QCOMPARE(world.repository.git({QStringLiteral("show"), QStringLiteral("factory/ten:b.txt")}),
                 QByteArray("second"));
        const QByteArray message = world.repository.git({QStringLiteral("log"), QStringLiteral("-1"),
                                                         QStringLiteral("--format=%B"), QStringLiteral("factory/ten")});
        QVERIFY(message.contains(QByteArray("OpenFactory-Job: " + job.id().text().toLatin1())));
        QVERIFY(message.contains("OpenFactory-Stage: implement"));
    }

    void revertsAHardFailureAndKeepsItInTheLedger()
    {
        EngineWorld world;
        const Job job = world.playbookJob(
            QStringLiteral("two"),
            {{"implement", {{"b.txt", "wrong"}, {"broken-unit-test", "1 != 2"}}}, {"unit-test", {{"b.txt", "right"}}}},
            kShort);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(
            world.ledger(job),
            QStringLiteral(
                "implement/1 passed, unit-test/1 reverted, implement/2 passed, unit-test/2 passed, deploy/1 parked"));
        QCOMPARE(world.repository.git({QStringLiteral("show"), QStringLiteral("factory/two:b.txt")}),
                 QByteArray("right"));
        QVERIFY(world.repository.tryGit({QStringLiteral("show"), QStringLiteral("factory/two:broken-unit-test")}) != 0);
        const AttemptRecord reverted = world.attempt(job, QStringLiteral("unit-test"), 1);
        QVERIFY(reverted.reverted);
        QCOMPARE(reverted.reverted->ref, JobEffects::ledgerRef(job.id(), QStringLiteral("unit-test"), 1));
        QCOMPARE(world.repository.git({QStringLiteral("show"), reverted.reverted->ref + QStringLiteral(":b.txt")}),
                 QByteArray("wrong"));
        QCOMPARE(reverted.verdict->findings.front().message, QStringLiteral("1 != 2"));
    }

    void whatARevertTakesBackIsTheContractsChoice_data()
    {
        QTest::addColumn<QByteArray>("variant");
        QTest::addColumn<QByteArray>("fails"); // the stage that the first change breaks
        QTest::addColumn<QString>("ledger");
        QTest::addColumn<bool>("source"); // whether the first change's source is in the end there
        QTest::addColumn<bool>("test");
        const QString tested = QStringLiteral(
            "implement/1 passed, unit-test/1 reverted, implement/2 passed, unit-test/2 passed, deploy/1 parked");
        const auto built = [](const char *first) {
            return QStringLiteral("implement/1 %1, implement/2 passed, unit-test/1 passed, deploy/1 parked")
                .arg(QLatin1StringView(first));
        };
        QTest::newRow("strict, a test") << QByteArray("strict") << QByteArray("unit-test") << tested << false << false;
        QTest::newRow("strict, the build")
            << QByteArray("strict") << QByteArray("implement") << built("reverted") << false << false;
        QTest::newRow("relaxed, a test") << QByteArray("relaxed") << QByteArray("unit-test") << tested << false << true;
        QTest::newRow("relaxed, the build")
            << QByteArray("relaxed") << QByteArray("implement") << built("reverted") << false << true;
        QTest::newRow("build-first, a test")
            << QByteArray("build-first") << QByteArray("unit-test") << tested << false << false;
        QTest::newRow("build-first, the build")
            << QByteArray("build-first") << QByteArray("implement") << built("failed") << true << true;
    }
    void whatARevertTakesBackIsTheContractsChoice()
    {
        QFETCH(QByteArray, variant);
        QFETCH(QByteArray, fails);
        QFETCH(QString, ledger);
        QFETCH(bool, source);
        QFETCH(bool, test);
        EngineWorld world;
        const QByteArray broken = "broken-" + fails;
        const Job job = world.playbookJob(
            QStringLiteral("tcr"),
            {{"implement", {{"b.txt", "wrong"}, {"c.txt", "wrong"}, {"tests/t.txt", "first"}, {broken, "1 != 2"}}},
             {fails, {{"b.txt", "right"}, {broken, ""}}}},
            kShort + "  tcr: " + variant + '\n');
        // The second change says that it is mended by taking the file away.
        world.runner.onRun = [&](const CommandRequest &request) {
            QFile file(request.scope.workspace + QLatin1Char('/') + QString::fromLatin1(broken));
            if (file.exists() && file.size() == 0)
                file.remove();
        };
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job), ledger);
        const auto has = [&](const char *path) {
            return world.repository.tryGit(
                       {QStringLiteral("show"), QStringLiteral("factory/tcr:") + QLatin1StringView(path)})
                   == 0;
        };
        QVERIFY(has("b.txt"));
        QCOMPARE(has("c.txt"), source);
        QCOMPARE(has("tests/t.txt"), test);
        const AttemptRecord first = world.attempt(job, QString::fromLatin1(fails), 1);
        QCOMPARE(first.reverted.has_value(), !source);
        if (!first.reverted)
            return;
        // All of it stays in the ledger, and the attempt says what was kept.
        for (const char *path : {":c.txt", ":tests/t.txt"})
            world.repository.git({QStringLiteral("show"), first.reverted->ref + QLatin1StringView(path)});
        QCOMPARE(first.note.contains(QStringLiteral("but for its tests (1 file)")), test);
        // ... and comes back whole.
        QVERIFY(world.run(job, [&](JobRun &run) { return run.rewind(QString::fromLatin1(fails), 1); }));
        QVERIFY(QFile::exists(workspaceOf(job.identity).path + QStringLiteral("/c.txt")));
        QVERIFY(QFile::exists(workspaceOf(job.identity).path + QStringLiteral("/tests/t.txt")));
    }

    void aHalfMadeChangeLeavesWhatStayedBeforeIt()
    {
        // build-first leaves what does not compile for the next change. The process dies while that one is written.
        EngineWorld world;
        const Job job = world.playbookJob(QStringLiteral("half"),
                                          {{"implement", {{"b.txt", "first"}, {"broken-implement", "no"}}}},
                                          kShort + "  tcr: build-first\n");
        (void)world.run(job);
        QCOMPARE(world.ledger(job), QStringLiteral("implement/1 failed"));
        QVERIFY(world.desk->retry(job.id(), {}));
        const auto lease = world.store->claim(job.id(), newUlid(), std::chrono::seconds(1));
        QVERIFY(lease);
        IntentRecord intent;
        intent.key = newUlid();
        intent.kind = QStringLiteral("author-change");
        intent.stage = QStringLiteral("implement");
        intent.payload = {{QStringLiteral("round"), 2}, {QStringLiteral("head"), world.now(job).progress.head}};
        Step died;
        died.job = job.id();
        died.lease = *lease;
        died.progress = world.now(job).progress;
        died.progress->state = JobState::Running;
        died.progress->wait = {};
        died.progress->answering = QStringLiteral("implement/1");
        died.intents.push_back(intent);
        QVERIFY(world.store->commit(died));
        world.writeInWorkspace(job, "b.txt", "half");
        world.writeInWorkspace(job, "half.txt", "half");
        world.manual.advance(std::chrono::seconds(2));
        (void)world.run(job);
        QVERIFY(world.store->openIntents(job.id())->empty());
        const QString workspace = workspaceOf(job.identity).path;
        QVERIFY(!QFile::exists(workspace + QStringLiteral("/half.txt")));
        QFile first(workspace + QStringLiteral("/b.txt"));
        QVERIFY(first.open(QIODevice::ReadOnly));
        QCOMPARE(first.readAll(), QByteArray("first"));
    }

    void endsTheLoopWhenNothingChanged()
    {
        EngineWorld world;
        const EngineWorld::Change same{{}, {{"b.txt", "wrong"}, {"broken-unit-test", "1 != 2"}}};
        const Job job = world.playbookJob(QStringLiteral("same"), {same, same, same, same}, kShort);
        QCOMPARE(world.run(job), JobRun::End::Ended);
        QCOMPARE(world.ledger(job),
                 QStringLiteral("implement/1 passed, unit-test/1 reverted, implement/2 passed, unit-test/2 reverted"));
        QVERIFY(world.now(job).progress.note.contains(QStringLiteral("nothing changed")));
        QCOMPARE(world.now(job).progress.state, JobState::Failed);
    }

    void aRefusedCommandIsNoRiskButEndsTheJob()
    {
        EngineWorld world;
        world.runner.refused = QStringLiteral("lint"); // a soft stage
        const Job job = world.playbookJob(QStringLiteral("refused"), {{"implement", {{"b.txt", "second"}}}});
        const auto end = world.run(job);
        QVERIFY(!end);
        QCOMPARE(end.error().kind, ErrorKind::Denied);
        const Job after = world.now(job);
        QCOMPARE(after.progress.state, JobState::Failed);
        QVERIFY(after.progress.note.contains(QStringLiteral("no pattern allows it")));
        QVERIFY(world.ledger(job).endsWith(QStringLiteral("lint/1 failed")));
        QVERIFY(world.store->risks(job.id())->empty());
    }

    void aFrozenContractThatIsRefusedEndsTheJob()
    {
        EngineWorld world;
        Job job = world.playbookJob(QStringLiteral("now"), {{"implement", {{"b.txt", "second"}}}});
        job.identity.id = JobId::create();
        job.identity.slug = *Slug::parse(QStringLiteral("before"));
        job.identity.branch = QStringLiteral("factory/before");
        job.identity.contractYaml = QStringLiteral("contract:\n  environment: {LD_PRELOAD: x}\n");
        AuditRecord audit;
        audit.action = QStringLiteral("job.created");
        QVERIFY(world.store->create(job, audit));
        const auto end = world.run(job);
        QVERIFY(!end);
        QVERIFY(end.error().said.contains(QStringLiteral("\"LD_PRELOAD\" steers")));
        QCOMPARE(world.now(job).progress.state, JobState::Failed);
        QVERIFY(world.now(job).progress.note.contains(QStringLiteral("the job's contract:2:29")));
        QVERIFY(!*world.store->ownerOf(job.id()));
        QCOMPARE(world.runner.commands, 0);
    }

    void failsWhenTheAuthorHasNothingMore()
    {
        EngineWorld world;
        const Job job = world.playbookJob(QStringLiteral("once"), {{"implement", {{"broken-unit-test", "no"}}}},
                                          kShort);
        QCOMPARE(world.run(job), JobRun::End::Ended);
        QVERIFY(world.now(job).progress.note.contains(QStringLiteral("no further change")));
        QCOMPARE(world.repository.git({QStringLiteral("rev-parse"), QStringLiteral("factory/once")}),
                 world.repository.git({QStringLiteral("rev-parse"), QStringLiteral("main")}));
    }

    void waitsForAPersonAndJudgesTheirChange()
    {
        EngineWorld world;
        const Job job = world.personJob(QStringLiteral("person"), kShort);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Change);
        QVERIFY(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked); // nothing was changed: still waiting, nothing was judged
        QCOMPARE(world.ledger(job), QString());
        world.writeInWorkspace(job, "b.txt", "by hand");
        world.writeInWorkspace(job, "broken-unit-test", "no");
        QVERIFY(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job), QStringLiteral("implement/1 passed, unit-test/1 reverted"));
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Change);
        QVERIFY(!QFile::exists(workspaceOf(job.identity).path + QStringLiteral("/b.txt")));

        const auto rewound = world.run(job, [](JobRun &run) { return run.rewind(QStringLiteral("unit-test"), 1); });
        QVERIFY2(rewound, rewound ? "" : qPrintable(toText(rewound.error())));
        QVERIFY(QFile::exists(workspaceOf(job.identity).path + QStringLiteral("/b.txt")));
        QFile::remove(workspaceOf(job.identity).path + QStringLiteral("/broken-unit-test"));
        QVERIFY(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
    }

    void finishesARewindThatWasInterrupted()
    {
        EngineWorld world;
        const Job job = world.personJob(QStringLiteral("rewound"), kShort);
        QVERIFY(world.run(job, [](JobRun &run) { return run.prepare(); }));
        world.writeInWorkspace(job, "b.txt", "by hand");
        world.writeInWorkspace(job, "c.txt", "by hand, too");
        world.writeInWorkspace(job, "broken-unit-test", "no");
        QVERIFY(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        const auto attempts = world.store->attempts(job.id());
        QVERIFY(attempts && attempts->back().reverted);
        // As it lies there when the process is killed in the middle: one file is back, one in part, one not yet.
        IntentRecord intent;
        intent.key = newUlid();
        intent.kind = QStringLiteral("rewind");
        intent.stage = attempts->back().stage;
        intent.attempt = attempts->back().number;
        intent.payload = {{QStringLiteral("content"), attempts->back().reverted->commit}};
        Step step;
        step.job = job.id();
        step.intents.push_back(intent);
        OF_OK(world.store->commit(step));
        world.writeInWorkspace(job, "b.txt", "by hand");
        world.writeInWorkspace(job, "c.txt", "by h");
        QVERIFY(world.desk->retry(job.id(), {}));
        OF_OK(world.run(job));
        // What was judged is the whole, as the attempt had left it.
        const auto again = world.store->attempts(job.id());
        QVERIFY(again && again->back().reverted && again->back().number == 2);
        QCOMPARE(world.ports.git->state(workspaceOf(job.identity)).value().clean, true);
        QVERIFY(world.ports.git
                    ->changedFiles(job.identity.repository, attempts->back().reverted->commit,
                                   again->back().reverted->commit)
                    ->empty());
        QVERIFY(world.store->openIntents(job.id())->empty());
    }

    void runsARangeByHandAndRefusesAGap()
    {
        EngineWorld world;
        const Job job = world.personJob(QStringLiteral("range"));
        QVERIFY(world.run(job, [](JobRun &run) { return run.prepare(); }));
        world.writeInWorkspace(job, "b.txt", "by hand");
        const auto gap = world.run(job, [](JobRun &run) { return run.run(StageRange{2, 3}); });
        QVERIFY(!gap);
        QCOMPARE(gap.error().kind, ErrorKind::Denied);
        QCOMPARE(world.ledger(job), QString());
        QCOMPARE(world.run(job, [](JobRun &run) { return run.run(StageRange{0, 3}); }), JobRun::End::Through);
        QCOMPARE(world.ledger(job),
                 QStringLiteral("implement/1 passed, unit-test/1 passed, coverage/1 passed, lint/1 passed"));
        QCOMPARE(world.now(job).progress.stageIndex, 4);
    }

    void aSoftFailureBecomesARisk()
    {
        EngineWorld world;
        const Job job = world.playbookJob(QStringLiteral("soft"), {{"implement", {{"coverage", "75"}}}});
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
        const auto risks = *world.store->risks(job.id());
        QCOMPARE(risks.size(), size_t(1));
        QCOMPARE(risks[0].name, QStringLiteral("coverage"));
        QCOMPARE(risks[0].text, QStringLiteral("Coverage 75.0% < required 80%"));
    }

    void theSlugOfAJobThatIsOverIsTakenAgain_data()
    {
        QTest::addColumn<QString>("how");
        for (const char *how : {"done", "cancelled", "cancelled, folder gone", "cancelled, all gone"})
            QTest::newRow(how) << QString::fromLatin1(how);
    }
    void theSlugOfAJobThatIsOverIsTakenAgain()
    {
        QFETCH(QString, how);
        EngineWorld world;
        const QString slug = QStringLiteral("again");
        const Job first = world.playbookJob(slug, {{"implement", {{"b.txt", "second"}}}}, kShort);
        const QString path = workspaceOf(first.identity).path;
        if (how == u"done") {
            QCOMPARE(world.run(first), JobRun::End::Parked);
            QVERIFY(world.desk->decide(first.id(), world.approval(first)));
            QCOMPARE(world.run(first), JobRun::End::Ended);
        } else {
            QCOMPARE(world.run(first, [](JobRun &run) { return run.prepare(); }), JobRun::End::Queued);
            QVERIFY(world.desk->cancel(first.id()));
        }
        QVERIFY(QFile::exists(path));
        if (how.endsWith(QStringLiteral("folder gone")))
            QVERIFY(QDir(path).removeRecursively());
        if (how.endsWith(QStringLiteral("all gone"))) {
            world.repository.git({QStringLiteral("worktree"), QStringLiteral("remove"), QStringLiteral("-ff"), path});
            world.repository.git({QStringLiteral("branch"), QStringLiteral("-D"), first.identity.branch});
        }
        const Job second = world.playbookJob(slug, {{"implement", {{"c.txt", "third"}}}}, kShort);
        QVERIFY(second.id() != first.id());
        QVERIFY(!QFile::exists(path));
        QCOMPARE(world.run(second), JobRun::End::Parked);
        QCOMPARE(world.now(second).progress.wait.kind, WaitKind::Approval);
    }

    void theSlugOfAJobThatKeepsWorkIsRefusedUpFront()
    {
        for (const bool committed : {false, true}) {
            EngineWorld world;
            const QString slug = QStringLiteral("again");
            const Job first = world.playbookJob(slug, {{"implement", {{"b.txt", "second"}}}}, kShort);
            if (committed)
                QCOMPARE(world.run(first), JobRun::End::Parked);
            else
                QCOMPARE(world.run(first, [](JobRun &run) { return run.prepare(); }), JobRun::End::Queued);
            const QString path = workspaceOf(first.identity).path;
            if (!committed)
                ScratchRepository::writeAt(path, "mine.txt", "precious");
            QVERIFY(world.desk->cancel(first.id()));
            const auto refused = world.desk->create(world.plain(slug));
            QVERIFY(!refused);
            QCOMPARE(refused.error().kind, ErrorKind::Conflict);
            QVERIFY2(refused.error().said.contains(committed ? QStringLiteral("has commits that are in neither")
                                                             : QStringLiteral("changes that are not committed")),
                     qPrintable(toText(refused.error())));
            QCOMPARE(world.store->jobs({})->size(), size_t(1));
            QVERIFY(QFile::exists(path + (committed ? QStringLiteral("/b.txt") : QStringLiteral("/mine.txt"))));
            // What the advice says, done: the name is free, and the commits have another.
            world.repository.git({QStringLiteral("worktree"), QStringLiteral("remove"), QStringLiteral("-f"),
                                  QStringLiteral("-f"), path});
            world.repository.git({QStringLiteral("branch"), QStringLiteral("-m"), first.identity.branch,
                                  first.identity.branch + QStringLiteral("-old")});
            QVERIFY(world.desk->create(world.plain(slug)));
        }
    }

    void aBranchInTheWayIsRefusedUpFront()
    {
        EngineWorld world;
        world.repository.git({QStringLiteral("switch"), QStringLiteral("-qc"), QStringLiteral("factory/mine")});
        QVERIFY(toText(world.desk
                           ->create([&] {
                               NewJob wanted = world.plain(QStringLiteral("mine"));
                               wanted.target = QStringLiteral("main");
                               return wanted;
                           }())
                           .error())
                    .contains(QStringLiteral("checked out in the repository")));
        world.repository.write("own.txt", "mine");
        world.repository.commitAll();
        world.repository.git({QStringLiteral("switch"), QStringLiteral("-q"), QStringLiteral("main")});
        const auto refused = world.desk->create(world.plain(QStringLiteral("mine")));
        QVERIFY(!refused);
        QVERIFY(refused.error().said.contains(QStringLiteral("not merged")));
        QVERIFY(world.store->jobs({})->empty());
    }

    void aMissingToolIsNotMeasuredOnASoftStageAndFailsAHardOne()
    {
        EngineWorld world;
        world.toolchains.program = QStringLiteral("absent");
        const Job job = world.playbookJob(
            QStringLiteral("absent"), {{"implement", {{"b.txt", "x"}}}},
            "contract:\n  pipeline:\n    - name: lint\n    - name: unit-test\n    - name: deploy\n");
        QCOMPARE(world.run(job), JobRun::End::Ended);
        QCOMPARE(world.ledger(job), QStringLiteral("lint/1 soft_failed, unit-test/1 failed"));
        QCOMPARE(world.store->risks(job.id())->front().name, QStringLiteral("lint-not-measured"));
        QVERIFY(world.now(job).progress.note.contains(QStringLiteral("apt install gate")));
    }

    void aCommandKilledFromOutsideIsTriedAgainLater()
    {
        EngineWorld world;
        world.runner.killed = QStringLiteral("unit-test");
        const Job job = world.playbookJob(QStringLiteral("killed"), {{"implement", {{"b.txt", "x"}}}}, kShort);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Retry);
        QCOMPARE(world.attempt(job, QStringLiteral("unit-test"), 1).verdict->outcome, Outcome::Transient);
        world.runner.killed.clear();
        world.manual.advance(std::chrono::minutes(10));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
    }

    void aServiceThatIsDownIsTriedAgainLater()
    {
        EngineWorld world;
        const Job job = world.playbookJob(QStringLiteral("down"), {{"implement", {{"down-unit-test", "x"}}}}, kShort);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        Progress progress = world.now(job).progress;
        QCOMPARE(progress.wait.kind, WaitKind::Retry);
        QCOMPARE(*progress.wait.wakeAtBootMs, world.manual.bootMs() + 2000);
        QVERIFY(world.store->ready(10)->empty());
        world.manual.advance(std::chrono::milliseconds(2000));
        QCOMPARE(world.store->ready(10)->size(), size_t(1));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(*world.now(job).progress.wait.wakeAtBootMs, world.manual.bootMs() + 4000);
        world.manual.advance(std::chrono::milliseconds(4000));
        QCOMPARE(world.run(job), JobRun::End::Ended); // three attempts
        QCOMPARE(world.ledger(job),
                 QStringLiteral("implement/1 passed, unit-test/1 failed, unit-test/2 failed, unit-test/3 reverted"));
    }

    void takesBackWhatAGatesToolsLeaveBehind()
    {
        EngineWorld world;
        world.runner.onRun = [](const CommandRequest &request) {
            if (request.argv.value(1) == QStringLiteral("unit-test"))
                ScratchRepository::writeAt(request.scope.workspace, "junk.txt", "left");
        };
        const Job job = world.playbookJob(QStringLiteral("junk"), {{"implement", {{"b.txt", "x"}}}}, kShort);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QVERIFY(world.repository.tryGit({QStringLiteral("show"), QStringLiteral("factory/junk:junk.txt")}) != 0);
        QVERIFY(!QFile::exists(workspaceOf(job.identity).path + QStringLiteral("/junk.txt")));
    }

    void aFormatterMendsWhatWasThereAndNothingElse_data()
    {
        QTest::addColumn<bool>("sound"); // after it
        QTest::newRow("and it is well") << true;
        QTest::newRow("and some is left") << false;
    }
    void aFormatterMendsWhatWasThereAndNothingElse()
    {
        QFETCH(bool, sound);
        EngineWorld world;
        world.toolchains.formatter = true;
        world.repository.write("c.txt", "third\n");
        world.repository.commitAll();
        const QByteArray token = "ghp_" + QByteArray("16C7e42F292c6912E7710c838347Ae178B4a");
        const Job job = world.personJob(QStringLiteral("mends"),
                                        "contract:\n  pipeline:\n    - name: implement\n    - name: unit-test\n"
                                        "    - name: lint\n    - name: deploy\n");
        QVERIFY(world.run(job, [](JobRun &run) { return run.prepare(); }));
        world.writeInWorkspace(job, "b.txt", "ugly");
        world.runner.says = [&](const CommandRequest &request) -> std::optional<QByteArray> {
            QFile file(request.scope.workspace + QStringLiteral("/b.txt"));
            if (request.argv.value(1) != u"lint"
                || !file.open(QIODevice::ReadOnly)) // it is not there before the change
                return std::nullopt;
            return file.readAll() == "ugly" || !sound ? std::optional<QByteArray>("ugly -") : std::nullopt;
        };
        int lints = 0;
        world.runner.onRun = [&](const CommandRequest &request) {
            const QString kind = request.argv.value(1);
            if (request.scope.workspace != workspaceOf(job.identity).path)
                return; // a copy: nobody writes there
            if (kind == u"lint" && ++lints == 1)
                world.writeInWorkspace(job, "early.txt", "before the formatter");
            if (kind == u"lint" && lints == 2) {
                world.writeInWorkspace(job, "late.txt", "after it");
                world.writeInWorkspace(job, "b.txt", "after it as well");
            }
            if (kind != u"format")
                return;
            QVERIFY(!QFile::exists(workspaceOf(job.identity).path + QStringLiteral("/early.txt")));
            world.writeInWorkspace(job, "b.txt", "nice");
            world.writeInWorkspace(job, "planted.txt", "by a command");
            world.writeInWorkspace(job, "a.txt", "first\n" + token + "\n");
            QVERIFY(QFile::remove(workspaceOf(job.identity).path + QStringLiteral("/c.txt")));
        };
        QVERIFY(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(lints, 3); // once more, as somebody wrote meanwhile
        QCOMPARE(world.ledger(job), sound
                                        ? QStringLiteral("implement/1 passed, unit-test/1 passed, lint/1 passed, "
                                                         "deploy/1 parked")
                                        : QStringLiteral("implement/1 passed, unit-test/1 passed, lint/1 soft_failed, "
                                                         "deploy/1 parked"));
        const auto on = [&](const char *path) {
            return world.repository.tryGit(
                       {QStringLiteral("show"), QStringLiteral("factory/mends:") + QLatin1String(path)})
                           == 0
                       ? world.repository.git(
                             {QStringLiteral("show"), QStringLiteral("factory/mends:") + QLatin1String(path)})
                       : QByteArray("none");
        };
        QCOMPARE(on("b.txt"), QByteArray("nice"));
        QCOMPARE(on("a.txt"), QByteArray("first\n"));
        QCOMPARE(on("c.txt"), QByteArray("third\n"));
        for (const char *path : {"early.txt", "late.txt", "planted.txt"})
            QCOMPARE(on(path), QByteArray("none"));
        // All that somebody may have written lies beside it; the secret in no commit.
        QByteArray all;
        const QByteArray objects = world.repository.git(
            {QStringLiteral("cat-file"), QStringLiteral("--batch-check"), QStringLiteral("--batch-all-objects")});
        for (const QByteArray &line : objects.split('\n')) {
            if (line.contains(" blob "))
                all += world.repository.git(
                    {QStringLiteral("cat-file"), QStringLiteral("blob"), QString::fromLatin1(line.left(40))});
        }
        QVERIFY(!all.contains(token));
        for (const char *text : {"before the formatter", "by a command", "after it as well"})
            QVERIFY2(all.contains(text), text);
        const AttemptRecord attempt = world.attempt(job, QStringLiteral("lint"), 1);
        QVERIFY2(attempt.note.contains(u"lint/1-left") && attempt.note.contains(u"a.txt"), qPrintable(attempt.note));
        QCOMPARE(world.now(job).progress.head,
                 QString::fromLatin1(
                     world.repository.git({QStringLiteral("rev-parse"), QStringLiteral("factory/mends")}).trimmed()));
    }

    void neverCommitsASecret()
    {
        EngineWorld world;
        const Job job = world.personJob(QStringLiteral("secret"), kShort);
        QVERIFY(world.run(job, [](JobRun &run) { return run.prepare(); }));
        const QByteArray token = "ghp_" + QByteArray("16C7e42F292c6912E7710c838347Ae178B4a");
        world.writeInWorkspace(job, "config.py", "TOKEN = \"" + token + "\"\n");
        QVERIFY(world.run(job, [](JobRun &run) { return run.run(StageRange{0, 0}); }));
        QCOMPARE(world.ledger(job), QStringLiteral("implement/1 failed"));
        QVERIFY(QFile::exists(workspaceOf(job.identity).path
                              + QStringLiteral("/config.py"))); // nothing of the person's is lost
        const QByteArray objects = world.repository.git(
            {QStringLiteral("cat-file"), QStringLiteral("--batch-check"), QStringLiteral("--batch-all-objects")});
        for (const QByteArray &line : objects.split('\n')) {
            if (line.contains(" blob "))
                QVERIFY(
                    !world.repository
                         .git({QStringLiteral("cat-file"), QStringLiteral("blob"), QString::fromLatin1(line.left(40))})
                         .contains(token));
        }
        QVERIFY(!QJsonDocument(toJson(world.attempt(job, QStringLiteral("implement"), 1))).toJson().contains(token));
    }

    void keepsNoSecretThatACommandLeaves_data()
    {
        QTest::addColumn<bool>("passes");
        QTest::addColumn<QString>("ledger");
        QTest::newRow("in a reverted state") << false << QStringLiteral("implement/1 passed, unit-test/1 reverted");
        QTest::newRow("beside a passed one")
            << true << QStringLiteral("implement/1 passed, unit-test/1 passed, deploy/1 parked");
    }
    void keepsNoSecretThatACommandLeaves()
    {
        QFETCH(bool, passes);
        QFETCH(QString, ledger);
        EngineWorld world;
        const QByteArray token = "ghp_" + QByteArray("16C7e42F292c6912E7710c838347Ae178B4a");
        const Job job = world.personJob(QStringLiteral("leaves"), kShort);
        QVERIFY(world.run(job, [](JobRun &run) { return run.prepare(); }));
        world.writeInWorkspace(job, "b.txt", "x");
        if (!passes)
            world.writeInWorkspace(job, "broken-unit-test", "no");
        world.runner.onRun = [&](const CommandRequest &) {
            world.writeInWorkspace(job, "leak.txt", token);
            world.writeInWorkspace(job, "a.txt", "first\n" + token + "\n");
            world.writeInWorkspace(job, "report.txt", "harmless");
        };
        QVERIFY(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job), ledger);
        const AttemptRecord attempt = world.attempt(job, QStringLiteral("unit-test"), 1);
        QVERIFY2((attempt.note.contains(u"a.txt") && attempt.note.contains(u"leak.txt")) || passes,
                 qPrintable(attempt.note));
        const QByteArray objects = world.repository.git(
            {QStringLiteral("cat-file"), QStringLiteral("--batch-check"), QStringLiteral("--batch-all-objects")});
        QByteArray all;
        for (const QByteArray &line : objects.split('\n')) {
            if (line.contains(" blob "))
                all += world.repository.git(
                    {QStringLiteral("cat-file"), QStringLiteral("blob"), QString::fromLatin1(line.left(40))});
        }
        QVERIFY(!all.contains(token));
        QVERIFY(all.contains("harmless")); // the rest of what it left is kept
    }

    void refusesASecretThatAPersonCommitted()
    {
        EngineWorld world;
        const Job job = world.personJob(QStringLiteral("committed"), kShort);
        QVERIFY(world.run(job, [](JobRun &run) { return run.prepare(); }));
        const QString workspace = workspaceOf(job.identity).path;
        const auto commit = [&](const QByteArray &content) {
            world.writeInWorkspace(job, "config.py", content);
            world.repository.git({QStringLiteral("add"), QStringLiteral("-A")}, workspace);
            world.repository.git({QStringLiteral("-c"), QStringLiteral("user.name=P"), QStringLiteral("-c"),
                                  QStringLiteral("user.email=p@localhost"), QStringLiteral("commit"),
                                  QStringLiteral("-qm"), QStringLiteral("mine")},
                                 workspace);
        };
        commit("TOKEN = \"ghp_" + QByteArray("16C7e42F292c6912E7710c838347Ae178B4a") + "\"\n");
        QVERIFY(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job), QStringLiteral("implement/1 failed"));
        world.repository.git({QStringLiteral("reset"), QStringLiteral("-q"), QStringLiteral("HEAD~")}, workspace);
        commit("TOKEN = None\n");
        QVERIFY(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job),
                 QStringLiteral("implement/1 failed, implement/2 passed, unit-test/1 passed, deploy/1 parked"));
    }

    void adoptsACommitThatAPersonMade()
    {
        EngineWorld world;
        const Job job = world.personJob(QStringLiteral("adopt"), kShort);
        QVERIFY(world.run(job, [](JobRun &run) { return run.prepare(); }));
        world.writeInWorkspace(job, "b.txt", "by hand");
        world.repository.git({QStringLiteral("add"), QStringLiteral("-A")}, workspaceOf(job.identity).path);
        world.repository.git({QStringLiteral("-c"), QStringLiteral("user.name=P"), QStringLiteral("-c"),
                              QStringLiteral("user.email=p@localhost"), QStringLiteral("commit"), QStringLiteral("-qm"),
                              QStringLiteral("mine")},
                             workspaceOf(job.identity).path);
        QVERIFY(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job), QStringLiteral("implement/1 passed, unit-test/1 passed, deploy/1 parked"));
    }

    void aFencedRunWritesNothing()
    {
        EngineWorld world;
        const Job job = world.playbookJob(QStringLiteral("fenced"), {{"implement", {{"b.txt", "x"}}}}, kShort);
        std::optional<qint64> revision;
        world.runner.onRun = [&](const CommandRequest &) {
            if (revision)
                return;
            world.manual.advance(std::chrono::seconds(120)); // the lease is over, somebody else takes the job
            QVERIFY(world.store->claim(job.id(), newUlid(), std::chrono::seconds(600)));
            revision = world.now(job).revision;
        };
        const auto end = world.run(job);
        QVERIFY(!end);
        QCOMPARE(end.error().kind, ErrorKind::Fenced);
        QCOMPARE(world.now(job).revision, *revision);
    }

    void goesOnAfterItsProcessDiedInAStage()
    {
        EngineWorld world;
        const Job job = world.playbookJob(QStringLiteral("died"), {{"implement", {{"b.txt", "x"}}}}, kShort);
        std::stop_source never;
        // As a kill leaves it: the attempt and its command are running, the lease lapses.
        world.runner.onRun = [&](const CommandRequest &request) {
            if (request.argv.value(1) != QStringLiteral("unit-test") || world.now(job).revision < 0)
                return;
            world.runner.onRun = nullptr;
            ScratchRepository::writeAt(request.scope.workspace, "half.txt", "half written");
            world.manual.advance(std::chrono::seconds(120));
            QVERIFY(world.store->claim(job.id(), newUlid(), std::chrono::seconds(1)));
            world.manual.advance(std::chrono::seconds(2));
        };
        QVERIFY(!world.run(job)); // fenced: this "process" is dead from here on
        QCOMPARE(world.store->orphans()->size(), size_t(1));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job),
                 QStringLiteral("implement/1 passed, unit-test/1 interrupted, unit-test/2 passed, deploy/1 parked"));
        const auto rows = *world.store->commands(job.id());
        for (const auto &command : rows)
            QVERIFY(command.finished);
        QVERIFY(world.store->openIntents(job.id())->empty());
        QVERIFY(!QFile::exists(workspaceOf(job.identity).path + QStringLiteral("/half.txt")));
        QCOMPARE(world.repository
                     .git({QStringLiteral("rev-list"), QStringLiteral("--count"), QStringLiteral("main..factory/died")})
                     .trimmed(),
                 QByteArray("1"));
    }

    void aReportThatWasCutExcusesNothing_data()
    {
        QTest::addColumn<QByteArray>("findings");
        QTest::addColumn<QString>("ledger");
        QTest::newRow("whole") << QByteArray("many 999")
                               << QStringLiteral("implement/1 passed, unit-test/1 soft_failed, deploy/1 parked");
        QTest::newRow("cut") << QByteArray("many 1000") << QStringLiteral("implement/1 passed, unit-test/1 reverted");
    }
    void aReportThatWasCutExcusesNothing()
    {
        QFETCH(QByteArray, findings);
        QFETCH(QString, ledger);
        EngineWorld world;
        world.repository.write("broken-unit-test", findings); // before the change as well
        world.repository.commitAll();
        const Job job = world.playbookJob(QStringLiteral("cut"), {{"implement", {{"b.txt", "x"}}}}, kShort);
        QVERIFY(world.run(job));
        QCOMPARE(world.ledger(job), ledger);
    }

    void namesIgnoredSourcesAsARisk()
    {
        EngineWorld world;
        world.toolchains.sources = QByteArrayLiteral(".py");
        world.repository.write(".gitignore", "local_*.py\ncache/\ngen/\n__pycache__/\n");
        world.repository.commitAll();
        const QByteArray contract = "contract:\n  pipeline:\n    - name: implement\n    - name: unit-test\n"
                                    "    - name: boundary\n    - name: deploy\n";
        const Job job = world.personJob(QStringLiteral("ignored"), contract);
        QVERIFY(world.run(job));
        world.writeInWorkspace(job, "b.txt", "x");
        world.writeInWorkspace(job, "local_cfg.py", "X = 1");
        world.writeInWorkspace(job, "gen/deep/made.py", "X = 1");
        world.writeInWorkspace(job, "__pycache__/b.py", "X = 1");
        world.writeInWorkspace(job, "cache/data.bin", "X");
        QCOMPARE(world.run(job), JobRun::End::Parked);
        const Verdict said = *world.attempt(job, QStringLiteral("boundary"), 1).verdict;
        QCOMPARE(said.outcome, Outcome::Passed);
        QCOMPARE(said.findings.size(), size_t(2));
        QCOMPARE(said.findings[0].file, RepoPath("gen/deep/made.py"));
        QCOMPARE(said.findings[1].file, RepoPath("local_cfg.py"));
        const auto risks = *world.store->risks(job.id());
        QCOMPARE(risks.size(), size_t(1));
        QCOMPARE(risks[0].name, QStringLiteral("ignored-sources"));
        QVERIFY(!world.desk->decide(job.id(), world.approval(job)));
        QVERIFY(world.desk->decide(job.id(), world.approval(job, {QStringLiteral("ignored-sources")})));
    }

    void saysThatItGoesOnAfterADeathBetweenTwoAttempts()
    {
        EngineWorld world;
        const Job job = world.playbookJob(QStringLiteral("between"), {{"implement", {{"b.txt", "x"}}}}, kShort);
        const auto recovered = [&] {
            QStringList stages;
            const auto events = *world.store->eventsAfter(0, job.id(), 1000);
            for (const EventRecord &event : events) {
                if (event.kind == u"recovered")
                    stages << event.stage;
            }
            return stages;
        };
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(recovered(), QStringList());
        // As a kill leaves it that struck when one attempt was over and the next had not begun.
        const auto lease = world.store->claim(job.id(), newUlid(), std::chrono::seconds(1));
        QVERIFY(lease);
        Step died;
        died.job = job.id();
        died.lease = *lease;
        died.progress = world.now(job).progress;
        died.progress->state = JobState::Running;
        died.progress->wait = {};
        QVERIFY(world.store->commit(died));
        world.manual.advance(std::chrono::seconds(2));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(recovered(), QStringList{QStringLiteral("deploy")}); // it says where the job goes on
    }

    void aRepositoryThatWasMovedPausesTheJob()
    {
        EngineWorld world;
        const Job job = world.playbookJob(QStringLiteral("moved"), {{"implement", {{"b.txt", "x"}}}}, kShort);
        const QString elsewhere = job.identity.repository + QStringLiteral("-moved");
        QVERIFY(QDir().rename(job.identity.repository, elsewhere));
        const auto without = world.run(job);
        QVERIFY(!without);
        QCOMPARE(without.error().kind, ErrorKind::NotFound);
        const Job paused = world.now(job);
        QVERIFY(paused.wishes.paused && !isFinal(paused.progress.state));
        QVERIFY2(paused.wishes.pauseReason.startsWith(u"the repository is gone"),
                 qPrintable(paused.wishes.pauseReason));
        QVERIFY(QDir().rename(elsewhere, job.identity.repository));
        QVERIFY(world.desk->resume(job.id()));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
    }

    void aStopPutsTheJobBackIntoTheQueue()
    {
        EngineWorld world;
        const Job job = world.playbookJob(QStringLiteral("stop"), {{"implement", {{"b.txt", "x"}}}}, kShort);
        std::stop_source stop;
        world.runner.onRun = [&](const CommandRequest &) { stop.request_stop(); };
        QCOMPARE(world.run(job, [](JobRun &run) { return run.run(); }, stop.get_token()), JobRun::End::Queued);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Retry);
        QCOMPARE(world.store->ready(5)->size(), size_t(1));
        world.runner.onRun = nullptr;
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job),
                 QStringLiteral("implement/1 cancelled, implement/2 passed, unit-test/1 passed, deploy/1 parked"));
    }

    void theAuditChainVerifiesAfterAllOfIt()
    {
        EngineWorld world;
        const Job job = world.playbookJob(
            QStringLiteral("audit"), {{"implement", {{"broken-unit-test", "no"}}}, {"unit-test", {{"b.txt", "x"}}}});
        QVERIFY(world.run(job));
        const auto report = world.store->verifyAudit();
        QVERIFY(report && report->sound);
        QVERIFY(report->entries > 10);
    }
};

QTEST_GUILESS_MAIN(JobRunTest)
#include "jobruntest.moc"
