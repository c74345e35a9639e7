// SPDX-License-Identifier: Apache-2.0
/// Which jobs run, when, and how they are stopped. Real threads and the real clock; every wait is for a signal or a
/// state.
#include "core/engine/enginethread.h"
#include "tests/engine/engineworld.h"
#include "tests/testlib/patience.h"

#include <QDeadlineTimer>
#include <QSignalSpy>

using namespace openfactory;

namespace {
const QByteArray kShort = "contract:\n  pipeline:\n    - name: implement\n    - name: deploy\n";
} // namespace

class SchedulerTest : public QObject {
    Q_OBJECT

    static QList<EngineWorld::Change> oneChange() { return {{"implement", {{"b.txt", "x"}}}}; }

private Q_SLOTS:
    void runsTheMostUrgentFirstAndNoMoreThanItsWorkers()
    {
        const SystemClock clock;
        EngineWorld world(&clock);
        world.ports.settings.workers = 1;
        QStringList order;
        const Job late = world.playbookJob(QStringLiteral("late"), oneChange(), kShort);
        const Job urgent = world.playbookJob(QStringLiteral("urgent"), oneChange(), kShort);
        QVERIFY(world.desk->setPriority(urgent.id(), Priority::P0));
        EngineThread engine(world.ports);
        connect(&engine, &EngineThread::runStarted, this, [&](const QString &id) { order << id; });
        QVERIFY(engine.start());
        QTRY_COMPARE_WITH_TIMEOUT(world.now(late).progress.state, JobState::Waiting, 20'000);
        QTRY_COMPARE(order, (QStringList{urgent.id().text(), late.id().text()}));
        QTRY_COMPARE(engine.running(), 0);
    }

    void aJobWaitsForWhatItDependsOn()
    {
        const SystemClock clock;
        EngineWorld world(&clock);
        const Job first = world.playbookJob(QStringLiteral("first"), oneChange(), kShort);
        NewJob wanted = world.plain(QStringLiteral("second"), kShort);
        wanted.dependsOn << QStringLiteral("first");
        const Job second = world.made(wanted);
        EngineThread engine(world.ports);
        QVERIFY(engine.start());
        QTRY_COMPARE_WITH_TIMEOUT(world.now(first).progress.state, JobState::Waiting, 20'000);
        QCOMPARE(world.now(second).progress.state, JobState::Created);
        QVERIFY(world.desk->decide(first.id(), world.approval(first)));
        QTRY_COMPARE_WITH_TIMEOUT(world.now(first).progress.state, JobState::Done, 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(world.now(second).progress.wait.kind, WaitKind::Change, 20'000);
    }

    void aWakeIsQuickerThanThePoll()
    {
        const SystemClock clock;
        EngineWorld world(&clock);
        world.ports.settings.idlePoll = std::chrono::hours(1);
        world.ports.settings.busyPoll = std::chrono::hours(1);
        EngineThread engine(world.ports);
        QVERIFY(engine.start());
        const Job job = world.playbookJob(QStringLiteral("woken"), oneChange(), kShort);
        QTRY_COMPARE_WITH_TIMEOUT(world.now(job).progress.wait.kind, WaitKind::Approval, 20'000);
    }

    void writesOutTheFilesOfTheNextJob_data()
    {
        QTest::addColumn<bool>("wanted");
        QTest::newRow("on") << true;
        QTest::newRow("off") << false;
    }
    void writesOutTheFilesOfTheNextJob()
    {
        QFETCH(bool, wanted);
        const SystemClock clock;
        EngineWorld world(&clock);
        for (int i = 0; i < 1000; ++i)
            world.repository.write("many/" + QByteArray::number(i), "x");
        world.repository.commitAll();
        world.ports.settings.spareWorkspaces = wanted;
        const Job job = world.playbookJob(QStringLiteral("first"), oneChange(), kShort);
        EngineThread engine(world.ports);
        QVERIFY(engine.start());
        QTRY_COMPARE_WITH_TIMEOUT(world.now(job).progress.state, JobState::Waiting, 60'000);
        const QDir spares(world.repository.path() + QStringLiteral("/.git/openfactory/spares"));
        if (wanted)
            QTRY_COMPARE_WITH_TIMEOUT(spares.entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(), 1, 60'000);
        const Job next = world.playbookJob(QStringLiteral("next"), oneChange(), kShort);
        QTRY_COMPARE_WITH_TIMEOUT(world.now(next).progress.state, JobState::Waiting, 60'000);
        QSignalSpy stopped(&engine, &EngineThread::stopped);
        engine.stop(); // also while the next one is written
        QTRY_COMPARE_WITH_TIMEOUT(stopped.size(), 1, 60'000);
        QCOMPARE(spares.exists(), wanted);
        QCOMPARE(world.ledger(next), QStringLiteral("implement/1 passed, deploy/1 parked"));
    }

    void aDrainLetsTheStageEnd()
    {
        const SystemClock clock;
        EngineWorld world(&clock);
        world.ports.settings.workers = 1;
        world.runner.hold = true;
        const QByteArray contract = "contract:\n  pipeline:\n    - name: implement\n    - name: unit-test\n"
                                    "    - name: lint\n    - name: deploy\n";
        const Job job = world.playbookJob(QStringLiteral("first"), oneChange(), contract);
        const Job next = world.playbookJob(QStringLiteral("next"), oneChange(), contract);
        EngineThread engine(world.ports);
        QSignalSpy stopped(&engine, &EngineThread::stopped);
        QVERIFY(engine.start());
        QTRY_VERIFY_WITH_TIMEOUT(world.runner.commands > 0, 20'000);
        engine.drain();
        QTest::qWait(100);
        QCOMPARE(stopped.size(), 0); // its command still runs
        world.runner.hold = false;
        QTRY_COMPARE_WITH_TIMEOUT(stopped.size(), 1, 20'000);
        QCOMPARE(world.ledger(job), QStringLiteral("implement/1 passed"));
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Retry);
        QCOMPARE(world.now(next).progress.state, JobState::Created);
        EngineThread again(world.ports);
        QVERIFY(again.start());
        QTRY_COMPARE_WITH_TIMEOUT(world.now(next).progress.wait.kind, WaitKind::Approval, 30'000);
        QCOMPARE(world.ledger(job),
                 QStringLiteral("implement/1 passed, unit-test/1 passed, lint/1 passed, deploy/1 parked"));
        EngineThread idle(world.ports);
        QSignalSpy idleStopped(&idle, &EngineThread::stopped);
        QVERIFY(idle.start());
        idle.drain();
        QTRY_COMPARE_WITH_TIMEOUT(idleStopped.size(), 1, 20'000);
    }

    void cancelEndsARunningCommand()
    {
        const SystemClock clock;
        EngineWorld world(&clock);
        world.runner.hold = true;
        const Job job = world.playbookJob(QStringLiteral("cancel"), oneChange(), kShort);
        EngineThread engine(world.ports);
        QSignalSpy ended(&engine, &EngineThread::runEnded);
        QVERIFY(engine.start());
        QTRY_VERIFY_WITH_TIMEOUT(world.runner.commands > 0, 20'000);
        QVERIFY(world.desk->cancel(job.id()));
        QVERIFY(ended.count() > 0 || ended.wait(20'000));
        QCOMPARE(world.now(job).progress.state, JobState::Cancelled);
        QVERIFY(!world.desk->cancel(job.id()));
    }

    void aQueuedJobIsCancelledWithoutAnyEngine()
    {
        EngineWorld world;
        const Job job = world.playbookJob(QStringLiteral("queued"), oneChange(), kShort);
        QVERIFY(world.desk->cancel(job.id()));
        QCOMPARE(world.now(job).progress.state, JobState::Cancelled);
    }

    void stoppingParksWhatRuns()
    {
        const SystemClock clock;
        EngineWorld world(&clock);
        world.runner.hold = true;
        const Job job = world.playbookJob(QStringLiteral("park"), oneChange(), kShort);
        EngineThread engine(world.ports);
        QSignalSpy stopped(&engine, &EngineThread::stopped);
        QVERIFY(engine.start());
        QTRY_VERIFY_WITH_TIMEOUT(world.runner.commands > 0, 20'000);
        engine.stop();
        QVERIFY(stopped.count() > 0 || stopped.wait(20'000));
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Retry);
        QCOMPARE(world.store->ready(5)->size(), size_t(1)); // and goes on with the next engine
        QVERIFY(!*world.store->ownerOf(job.id()));
    }

    void runsOnAThreadOfItsOwn()
    {
        const SystemClock clock;
        EngineWorld world(&clock);
        std::atomic<QThread *> ran = nullptr;
        world.runner.onRun = [&](const CommandRequest &) { ran = QThread::currentThread(); };
        EngineThread engine(world.ports);
        QSignalSpy stopped(&engine, &EngineThread::stopped);
        engine.stop(); // before it started: there is nothing to wait for
        QVERIFY(stopped.wait(20'000));
        QVERIFY(engine.start());
        const Job job = world.playbookJob(QStringLiteral("apart"), oneChange(), kShort);
        // This thread does not turn its event loop: nothing of the engine needs it.
        const QDeadlineTimer end(20'000);
        while (world.now(job).progress.wait.kind != WaitKind::Approval && !end.hasExpired())
            QThread::msleep(5);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
        QVERIFY(ran != nullptr && ran != QThread::currentThread());
    }

    void saysWhyItDoesNotStart()
    {
        const SystemClock clock;
        EngineWorld world(&clock);
        EnginePorts ports = world.ports;
        ports.openStore = [] {
            return Result<std::unique_ptr<JobStore>>(
                fail(ErrorKind::Corrupt, QStringLiteral("open the store"), QStringLiteral("it was cut short")));
        };
        EngineThread engine(ports);
        const auto started = engine.start();
        QVERIFY(!started);
        QCOMPARE(started.error().kind, ErrorKind::Corrupt);
    }

    void theOneJobThatIsWantedMayStandBehindManyOthers()
    {
        const SystemClock clock;
        EngineWorld world(&clock);
        world.ports.settings.workers = 1;
        for (int i = 0; i < 12; ++i)
            world.playbookJob(QStringLiteral("before-%1").arg(i), oneChange(), kShort);
        const Job wanted = world.playbookJob(QStringLiteral("wanted"), oneChange(), kShort);
        EngineThread engine(world.ports);
        QStringList order;
        connect(&engine, &EngineThread::runStarted, this, [&](const QString &id) { order << id; });
        QVERIFY(engine.start(wanted.id()));
        QTRY_COMPARE_WITH_TIMEOUT(world.now(wanted).progress.wait.kind, WaitKind::Approval, 20'000);
        QTRY_COMPARE(order, QStringList{wanted.id().text()});
    }

    void aPausedEngineStartsNothing()
    {
        const SystemClock clock;
        EngineWorld world(&clock);
        QVERIFY(world.desk->pauseEngine(true));
        const Job job = world.playbookJob(QStringLiteral("paused"), oneChange(), kShort);
        EngineThread engine(world.ports);
        QSignalSpy started(&engine, &EngineThread::runStarted);
        QVERIFY(engine.start());
        QVERIFY(!started.wait(300));
        QVERIFY(world.desk->pauseEngine(false));
        QVERIFY(started.count() > 0 || started.wait(20'000));
        QTRY_COMPARE_WITH_TIMEOUT(world.now(job).progress.wait.kind, WaitKind::Approval, 20'000);
    }

    void watchesAPersonsWorkspace()
    {
        const SystemClock clock;
        EngineWorld world(&clock);
        world.ports.settings.watchPeople = true;
        world.ports.settings.watchPoll = std::chrono::milliseconds(100);
        const Job job = world.personJob(QStringLiteral("watched"), kShort);
        EngineThread engine(world.ports);
        QVERIFY(engine.start());
        QTRY_COMPARE_WITH_TIMEOUT(world.now(job).progress.wait.kind, WaitKind::Change, 20'000);
        world.writeInWorkspace(job, "b.txt", "by hand");
        QTRY_COMPARE_WITH_TIMEOUT(world.now(job).progress.wait.kind, WaitKind::Approval, 20'000);
    }

    void twoEnginesNeverRunTheSameJob()
    {
        const SystemClock clock;
        EngineWorld world(&clock);
        std::mutex mutex;
        QStringList running;
        bool doubled = false;
        world.runner.onRun = [&](const CommandRequest &request) {
            {
                const std::scoped_lock lock(mutex);
                doubled = doubled || running.contains(request.scope.workspace);
                running << request.scope.workspace;
            }
            QTest::qSleep(5); // long enough to meet
            const std::scoped_lock lock(mutex);
            running.removeOne(request.scope.workspace);
        };
        QList<Job> jobs;
        for (int i = 0; i < 12; ++i)
            jobs << world.playbookJob(QStringLiteral("job-%1").arg(i), oneChange(), kShort);
        EngineThread one(world.ports);
        EngineThread two(world.ports);
        QVERIFY(one.start());
        QVERIFY(two.start());
        for (const Job &job : jobs)
            QTRY_COMPARE_WITH_TIMEOUT(world.now(job).progress.wait.kind, WaitKind::Approval, 60'000);
        QVERIFY(!doubled);
        for (const Job &job : jobs)
            QCOMPARE(world.ledger(job), QStringLiteral("implement/1 passed, deploy/1 parked"));
    }
};

QTEST_GUILESS_MAIN(SchedulerTest)
#include "schedulertest.moc"
