// SPDX-License-Identifier: Apache-2.0
/// Gates that are answered from the record: only a pass, only on exactly the same inputs, and it says so.
#include "core/domain/gaterecord.h"
#include "tests/engine/engineworld.h"
#include "tests/testlib/expect.h"

using namespace openfactory;

namespace {

const QByteArray kGates = "contract:\n  pipeline:\n    - name: implement\n    - name: unit-test\n    - name: lint\n"
                          "    - name: boundary\n    - name: tcr\n    - name: deploy\n";

/// A world in which the record can answer.
struct RecordWorld : EngineWorld {
    RecordWorld()
    {
        ports.settings.judge = QStringLiteral("this build");
        runner.tools = "these tools";
    }
    /// All stages up to the gate are judged again, on what lies there; returns how many commands that took.
    int again(const Job &job)
    {
        const int before = runner.commands;
        if (const auto retried = desk->retry(job.id(), QStringLiteral("implement")); !retried)
            qFatal("%s", qPrintable(openfactory::toText(retried.error())));
        if (const auto end = run(job); !end)
            qFatal("%s", qPrintable(openfactory::toText(end.error())));
        return runner.commands - before;
    }
    Job judged(const QString &slug, const QByteArray &contract = kGates)
    {
        const Job job = playbookJob(slug, {{"implement", {{"b.txt", "second"}}}}, contract);
        if (const auto end = run(job); !end || *end != JobRun::End::Parked)
            qFatal("the job does not come to its gate: %s", qPrintable(ledger(job)));
        return job;
    }
};

constexpr int kAll = 4; ///< implement, unit-test, lint, and once more by tcr
constexpr int kTcr = 1;

} // namespace

class RecordTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anUnchangedGateIsAnsweredAndSaysSo()
    {
        RecordWorld world;
        const Job job = world.judged(QStringLiteral("one"));
        QCOMPARE(int(world.runner.commands), kAll);
        const Binding shown = world.now(job).progress.gate;
        QCOMPARE(world.again(job), kTcr); // the full second run is one, whatever is on record
        QVERIFY(world.ledger(job).endsWith(QStringLiteral(
            "implement/2 passed, unit-test/2 passed, lint/2 passed, boundary/2 passed, tcr/2 passed, deploy/2 parked")));
        const AttemptRecord answered = world.attempt(job, QStringLiteral("unit-test"), 2);
        QVERIFY(answered.verdict && answered.verdict->record);
        QCOMPARE(*answered.verdict->record, (RecordSource{job.id().text(), {}, QStringLiteral("unit-test"), 1}));
        QCOMPARE(answered.verdict->summary, QStringLiteral("1 passed (answered from the record: unit-test/1)"));
        QCOMPARE(answered.verdict->tests, (TestCounts{1, 0, 0}));
        QVERIFY(answered.inputs.isEmpty()); // nobody is answered from an answer
        for (const char *stage : {"boundary", "tcr"})
            QVERIFY2(!world.attempt(job, QLatin1StringView(stage), 2).verdict->record, stage);
        QCOMPARE(world.now(job).progress.gate, shown);
        bool told = false;
        const auto events = *world.store->eventsAfter(0, job.id(), 1000);
        for (const EventRecord &event : events)
            told = told
                   || (event.kind == u"attempt-ended" && event.stage == u"unit-test" && event.attempt == 2
                       && event.detail[QStringLiteral("record")].toObject() == toJson(*answered.verdict->record));
        QVERIFY(told);
        QCOMPARE(world.again(job), kTcr); // and the first one answers again
        QCOMPARE(world.attempt(job, QStringLiteral("unit-test"), 3).verdict->record->attempt, 1);
    }

    void anyChangeOfAnInputRunsIt_data()
    {
        QTest::addColumn<QByteArray>("what");
        QTest::addColumn<bool>("runs");
        QTest::newRow("nothing") << QByteArray() << false;
        QTest::newRow("a file beside the tree") << QByteArray("ignored") << true;
        QTest::newRow("an empty folder beside the tree") << QByteArray("folder") << true;
        QTest::newRow("a file of the home") << QByteArray("home") << true;
        QTest::newRow("settings in the home, which are swept") << QByteArray("swept") << false;
        QTest::newRow("a cache") << QByteArray("cache") << false;
        QTest::newRow("the tools") << QByteArray("tools") << true;
        QTest::newRow("tools that cannot be told") << QByteArray("untold") << true;
        QTest::newRow("the build") << QByteArray("judge") << true;
        QTest::newRow("a week") << QByteArray("week") << true;
        QTest::newRow("a clock that was put back") << QByteArray("back") << true;
        QTest::newRow("fresh") << QByteArray("fresh") << true;
    }
    void anyChangeOfAnInputRunsIt()
    {
        QFETCH(QByteArray, what);
        QFETCH(bool, runs);
        RecordWorld world;
        world.repository.write(".gitignore", "*.log\n");
        world.repository.commitAll();
        const Job job = world.judged(QStringLiteral("one"));
        const QString home = JobFolder(world.ports.settings.dataFolder, job.id()).home();
        if (what == "ignored")
            world.writeInWorkspace(job, "left.log", "read by a test");
        else if (what == "folder")
            QVERIFY(QDir(workspaceOf(job.identity).path).mkpath(QStringLiteral("empty/one")));
        else if (what == "home")
            ScratchRepository::writeAt(home, "build/CMakeCache.txt", "settings");
        else if (what == "swept")
            ScratchRepository::writeAt(home, ".config/flake8", "settings");
        else if (what == "cache")
            ScratchRepository::writeAt(home, ".cache/tool/x", "settings");
        else if (what == "tools")
            world.runner.tools = "later tools";
        else if (what == "untold")
            world.runner.tools.reset();
        else if (what == "judge")
            world.ports.settings.judge = QStringLiteral("another build");
        else if (what == "week")
            world.manual.advance(mostRecordAge + std::chrono::hours(1));
        else if (what == "back")
            world.manual.setWall(world.manual.wallMs() - 3'600'000);
        else if (what == "fresh")
            world.ports.settings.answerFromRecord = false;
        QCOMPARE(world.again(job), runs ? kAll : kTcr);
    }

    void aFreshRetryForgetsWhatIsOnRecord()
    {
        RecordWorld world;
        const Job other = world.judged(QStringLiteral("two"));
        const Job job = world.judged(QStringLiteral("one")); // is answered by that
        world.manual.advance(std::chrono::minutes(1));
        OF_OK(world.desk->retry(job.id(), QStringLiteral("implement"), true));
        world.manual.advance(std::chrono::minutes(1));
        const int before = world.runner.commands;
        OF_OK(world.run(job));
        QCOMPARE(world.runner.commands - before, kAll);
        QCOMPARE(world.again(job), kTcr); // what passed since is on record
        // It is asked for this job, not for others.
        QCOMPARE(world.again(other), kTcr);
    }

    void aFailureIsNeverAnswered()
    {
        RecordWorld world;
        const Job job = world.personJob(QStringLiteral("one"), kGates);
        QCOMPARE(world.run(job), JobRun::End::Parked); // for the change
        world.writeInWorkspace(job, "broken-unit-test", "1 != 2");
        for (int attempt = 1; attempt <= 2; ++attempt) {
            const int before = world.runner.commands;
            QVERIFY(world.run(job, [](JobRun &run) { return run.run({0, 1}); }));
            QVERIFY(world.attempt(job, QStringLiteral("unit-test"), attempt).state != AttemptState::Passed);
            QVERIFY(!world.attempt(job, QStringLiteral("unit-test"), attempt).verdict->record);
            QVERIFY(world.runner.commands > before);
            QVERIFY(world.desk->rewind(job.id(), QStringLiteral("unit-test"), 1));
        }
    }

    void aLaterFailureContradictsThePass()
    {
        RecordWorld world;
        const Job job = world.judged(QStringLiteral("one"));
        // The same inputs, run all the same, fail: the test is flaky.
        world.ports.settings.answerFromRecord = false;
        world.runner.killed = QStringLiteral("unit-test");
        QVERIFY(world.desk->retry(job.id(), QStringLiteral("implement")));
        QVERIFY(world.run(job));
        QVERIFY(world.attempt(job, QStringLiteral("unit-test"), 2).state != AttemptState::Passed);
        world.runner.killed.clear();
        world.ports.settings.answerFromRecord = true;
        QCOMPARE(world.again(job), kAll);
    }

    void anotherJobOnTheSameTreeIsAnsweredToo()
    {
        RecordWorld world;
        const Job first = world.judged(QStringLiteral("one"));
        const int before = world.runner.commands;
        const Job second = world.judged(QStringLiteral("two"));
        QCOMPARE(world.runner.commands - before, kTcr);
        const auto record = world.attempt(second, QStringLiteral("lint"), 1).verdict->record;
        QCOMPARE(record, (RecordSource{first.id().text(), QStringLiteral("one"), QStringLiteral("lint"), 1}));
    }

    void anotherContractIsAnotherInput()
    {
        RecordWorld world;
        world.judged(QStringLiteral("one"));
        const int before = world.runner.commands;
        world.judged(QStringLiteral("two"), kGates + "  environment: {MODE: \"other\"}\n");
        QCOMPARE(world.runner.commands - before, kAll);
    }

    /// What an earlier change left in the caches of its job may be why the later one passes.
    void aJobThatRanAnotherTreeAnswersNobodyElse()
    {
        RecordWorld world;
        const Job first = world.playbookJob(
            QStringLiteral("one"),
            {{"implement", {{"b.txt", "evil"}, {"broken-unit-test", "no"}}}, {"unit-test", {{"b.txt", "second"}}}},
            kGates);
        QCOMPARE(world.run(first), JobRun::End::Parked);
        const int before = world.runner.commands;
        world.judged(QStringLiteral("two"));
        QCOMPARE(world.runner.commands - before, kAll);
        QCOMPARE(world.again(first), kTcr); // itself it answers
    }

    void aRunThatChangedTheTreeAnswersNobody()
    {
        RecordWorld world;
        world.runner.onRun = [&](const CommandRequest &request) {
            if (request.argv.value(1) == u"unit-test")
                ScratchRepository::writeAt(request.scope.workspace, "left.txt", "by a test");
        };
        const Job job = world.judged(QStringLiteral("one"));
        QVERIFY(world.attempt(job, QStringLiteral("unit-test"), 1).inputs.isEmpty());
        QVERIFY(!world.attempt(job, QStringLiteral("implement"), 1).inputs.isEmpty());
        world.again(job);
        QVERIFY(!world.attempt(job, QStringLiteral("unit-test"), 2).verdict->record);
        QVERIFY(world.attempt(job, QStringLiteral("implement"), 2).verdict->record);
    }

    void secretsAndTheNetworkAreRun()
    {
        RecordWorld world;
        const Job job = world.judged(QStringLiteral("one"), kGates + "  secrets: [TOKEN]\n");
        QCOMPARE(world.again(job), kAll);
    }

    void withoutASwitchedOnRecordNothingIsKept()
    {
        RecordWorld world;
        world.ports.settings.judge.clear();
        const Job job = world.judged(QStringLiteral("one"));
        QVERIFY(world.attempt(job, QStringLiteral("unit-test"), 1).inputs.isEmpty());
        QCOMPARE(world.again(job), kAll);
    }
};

QTEST_GUILESS_MAIN(RecordTest)
#include "recordtest.moc"
