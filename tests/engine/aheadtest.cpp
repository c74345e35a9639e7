// SPDX-License-Identifier: Apache-2.0
/// Gates side by side: begun ahead in copies, told to the store in their turn, and only where they judged the same.
#include "tests/engine/engineworld.h"
#include "tests/testlib/expect.h"

#include <chrono>
#include <condition_variable>
#include <thread>

using namespace openfactory;

namespace {

const QByteArray kGates = "contract:\n  pipeline:\n    - name: implement\n    - name: unit-test\n    - name: coverage\n"
                          "    - name: lint\n    - name: boundary\n    - name: tcr\n    - name: deploy\n";
const QString kInOrder = QStringLiteral(
    "implement/1 implement, unit-test/1 unit-test, coverage/1 coverage, lint/1 lint, "
    "tcr/1 unit-test, tcr/1 coverage");

/// Lets the commands of a test wait for each other; gives up after a minute.
class Meeting {
public:
    void come(const QString &who)
    {
        const std::scoped_lock lock(m_mutex);
        m_there << who;
        m_changed.notify_all();
    }
    bool waitFor(const QString &who)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::minutes(1), [&] { return m_there.contains(who); });
    }
    int count(const QString &who)
    {
        const std::scoped_lock lock(m_mutex);
        return int(m_there.count(who));
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    QStringList m_there;
};

struct AheadWorld : EngineWorld {
    explicit AheadWorld(int places = 2)
    {
        ports.settings.judge = QStringLiteral("this build");
        ports.settings.answerFromRecord = false;
        runner.tools = "these tools";
        if (places > 1)
            ports.places = std::make_shared<Places>(places);
        runner.onRun = [this](const CommandRequest &request) { ran(request); };
    }
    void ran(const CommandRequest &request)
    {
        const QString kind = request.argv.value(1);
        const bool copy = request.scope.workspace.contains(QStringLiteral("/beside/"));
        meeting.come(kind + (copy ? QStringLiteral(" in a copy") : QString()));
        if (onCommand)
            onCommand(kind, copy, request);
    }
    /// "unit-test/1 unit-test" for each command, in the order of the record.
    QString commands(const Job &job) const
    {
        QStringList out;
        const auto commands = *store->commands(job.id());
        for (const CommandRecord &command : commands)
            out << QStringLiteral("%1/%2 %3").arg(command.stage).arg(command.attempt).arg(command.argv.value(1));
        return out.join(QStringLiteral(", "));
    }
    QString log(const Job &job, const QString &stage) const
    {
        QFile file(JobFolder(ports.settings.dataFolder, job.id()).path() + QLatin1Char('/')
                   + JobFolder::logPath(stage, 1, 1));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QStringLiteral("no log");
    }
    QStringList left(const Job &job) const
    {
        return QDir(JobFolder(ports.settings.dataFolder, job.id()).path() + QStringLiteral("/beside"))
            .entryList(QDir::AllEntries | QDir::NoDotAndDotDot);
    }
    Job change(const QList<QPair<QByteArray, QByteArray>> &files = {})
    {
        return playbookJob(QStringLiteral("one"),
                           {{"implement", QList<QPair<QByteArray, QByteArray>>{{"b.txt", "second"}} + files}}, kGates);
    }

    Meeting meeting;
    std::function<void(const QString &kind, bool copy, const CommandRequest &)> onCommand;
};

} // namespace

class AheadTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void gatesRunSideBySideAndAreToldInTheirOrder()
    {
        AheadWorld world;
        // Neither could go on if the other one waited for its end.
        bool met = true;
        world.onCommand = [&](const QString &kind, bool copy, const CommandRequest &request) {
            if (kind == u"unit-test" && request.scope.workspace.contains(QStringLiteral("factory-workspaces")))
                met = world.meeting.waitFor(QStringLiteral("coverage in a copy")) && met;
            if (kind == u"unit-test" && copy)
                met = world.meeting.waitFor(QStringLiteral("coverage in a copy")) && met;
        };
        const Job job = world.change();
        const auto end = world.run(job);
        OF_OK(end);
        QCOMPARE(*end, JobRun::End::Parked);
        QVERIFY(met);
        QCOMPARE(world.commands(job), kInOrder);
        QCOMPARE(world.ledger(job),
                 QStringLiteral("implement/1 passed, unit-test/1 passed, coverage/1 passed, lint/1 passed, "
                                "boundary/1 passed, tcr/1 passed, deploy/1 parked"));
        QCOMPARE(world.log(job, QStringLiteral("coverage")), QStringLiteral("90"));
        QVERIFY(world.left(job).isEmpty());
        const auto commands = *world.store->commands(job.id());
        for (const CommandRecord &command : commands)
            QVERIFY(command.finished && command.exitCode == 0);
    }

    void theRecordIsTheSameAsOneAfterAnother()
    {
        QStringList told[2];
        QString evidence[2];
        QString changes[2]; // what the gate is bound to holds the job's id too, in the commits
        for (const int places : {1, 2}) {
            AheadWorld world(places);
            const Job job = world.change({{"coverage", "70"}});
            OF_OK(world.run(job));
            const auto events = *world.store->eventsAfter(0, job.id(), 1000);
            for (const EventRecord &event : events)
                told[places - 1] << QStringLiteral("%1 %2/%3 %4")
                                        .arg(event.kind, event.stage)
                                        .arg(event.attempt)
                                        .arg(event.detail[QStringLiteral("seq")].toInt());
            const auto attempts = *world.store->attempts(job.id());
            for (const AttemptRecord &attempt : attempts)
                told[places - 1] << attempt.stage + toName(attempt.state) + attempt.note
                                        + (attempt.verdict ? attempt.verdict->summary : QString());
            evidence[places - 1] = world.now(job).progress.gate.evidence;
            changes[places - 1] = changeOf(world.ports, job.identity)->hash;
        }
        QCOMPARE(told[1], told[0]);
        QCOMPARE(evidence[1], evidence[0]);
        QCOMPARE(changes[1], changes[0]);
    }

    void aFailureSaidAheadIsNotTriedOnceMore()
    {
        AheadWorld world(4);
        world.onCommand = [&](const QString &kind, bool, const CommandRequest &) {
            if (kind == u"implement")
                world.meeting.waitFor(QStringLiteral("lint in a copy"));
        };
        const Job job = world.change({{"broken-lint", "a long line"}});
        OF_OK(world.run(job));
        const AttemptRecord lint = world.attempt(job, QStringLiteral("lint"), 1);
        QVERIFY(lint.verdict);
        QCOMPARE(openfactory::toName(lint.state), QStringLiteral("soft_failed"));
        QCOMPARE(lint.verdict->findings.size(), size_t(1));
        QCOMPARE(world.meeting.count(QStringLiteral("lint")), 0); // in the workspace itself
        // On the change, and on what was there before it.
        QCOMPARE(world.meeting.count(QStringLiteral("lint in a copy")), 2);
        QVERIFY(world.commands(job).contains(QStringLiteral(" lint/1 lint")));
    }

    void whatJudgedSomethingElseIsNoAnswer_data()
    {
        QTest::addColumn<QByteArray>("what");
        QTest::newRow("an ignored file") << QByteArray("ignored");
        QTest::newRow("a file of the home") << QByteArray("home");
    }
    void whatJudgedSomethingElseIsNoAnswer()
    {
        QFETCH(QByteArray, what);
        AheadWorld world;
        world.repository.write(".gitignore", "*.log\n");
        world.repository.commitAll();
        world.onCommand = [&](const QString &kind, bool, const CommandRequest &request) {
            if (kind != u"implement")
                return;
            world.meeting.waitFor(QStringLiteral("unit-test in a copy"));
            ScratchRepository::writeAt(what == "ignored" ? request.scope.workspace : request.scope.home, "left.log",
                                       "by a build");
        };
        const Job job = world.change();
        OF_OK(world.run(job));
        QCOMPARE(world.meeting.count(QStringLiteral("unit-test in a copy")), 1);
        QVERIFY(world.meeting.count(QStringLiteral("unit-test")) >= 1);
        QCOMPARE(world.commands(job), kInOrder);
    }

    void aPassThatLeavesSomethingIsRunInItsTurn()
    {
        AheadWorld world;
        world.repository.write(".gitignore", "*.log\n");
        world.repository.commitAll();
        int seen = 0;
        world.onCommand = [&](const QString &kind, bool copy, const CommandRequest &request) {
            if (kind == u"implement")
                world.meeting.waitFor(QStringLiteral("unit-test in a copy"));
            if (kind == u"unit-test")
                ScratchRepository::writeAt(request.scope.workspace, "left.log", "by the tests");
            if (kind == u"coverage" && !copy && QFile::exists(request.scope.workspace + QStringLiteral("/left.log")))
                ++seen;
        };
        const Job job = world.change();
        OF_OK(world.run(job));
        QCOMPARE(seen, 2); // as one after another: in its turn, and once more by tcr
        QVERIFY(world.ledger(job).contains(QStringLiteral("coverage/1 passed")));
    }

    void aStopEndsAllOfThem()
    {
        AheadWorld world(3);
        std::stop_source stop;
        std::jthread person; // stops it once several are held, or, where others took their places, all the same
        world.onCommand = [&](const QString &kind, bool, const CommandRequest &) {
            if (kind != u"unit-test" || world.runner.hold.exchange(true))
                return;
            person = std::jthread([&] {
                for (int i = 0; i < 100 && world.meeting.count(QStringLiteral("coverage in a copy")) == 0; ++i)
                    std::this_thread::sleep_for(std::chrono::milliseconds(10));
                stop.request_stop();
            });
        };
        const Job job = world.change();
        const auto end = world.run(job, [](JobRun &run) { return run.run(); }, stop.get_token());
        OF_OK(end);
        QCOMPARE(*end, JobRun::End::Queued);
        QVERIFY(world.left(job).isEmpty());
        const auto attempts = *world.store->attempts(job.id());
        for (const AttemptRecord &attempt : attempts)
            QVERIFY2(attempt.state != AttemptState::Running, qPrintable(attempt.stage));
        const auto commands = *world.store->commands(job.id());
        for (const CommandRecord &command : commands)
            QVERIFY2(command.finished, qPrintable(command.stage));
        // And it goes on as if nothing had been.
        world.runner.hold = false;
        world.onCommand = nullptr;
        QCOMPARE(world.run(job), JobRun::End::Parked);
    }

    void nothingIsBegunBehindTheRangeOfAPerson()
    {
        AheadWorld world(4);
        const Job job = world.personJob(QStringLiteral("one"), kGates);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        world.writeInWorkspace(job, "b.txt", "second");
        OF_OK(world.run(job, [](JobRun &run) { return run.run({0, 1}); }));
        QCOMPARE(world.meeting.count(QStringLiteral("coverage in a copy")), 0);
        QCOMPARE(world.meeting.count(QStringLiteral("lint in a copy")), 0);
    }

    void aCommandWithCachesRunsInItsTurn()
    {
        AheadWorld world;
        world.toolchains.caches = {QStringLiteral(".cache/build")};
        const Job job = world.change();
        OF_OK(world.run(job));
        for (const char *kind : {"unit-test in a copy", "coverage in a copy", "lint in a copy"})
            QCOMPARE(world.meeting.count(QLatin1StringView(kind)), 0);
        QCOMPARE(world.commands(job), kInOrder);
    }

    void whatAKilledRunLeftIsRemoved()
    {
        AheadWorld world(1);
        const Job job = world.change();
        const QString folder = JobFolder(world.ports.settings.dataFolder, job.id()).path();
        ScratchRepository::writeAt(folder, "beside/one/work/b.txt", "of a killed run");
        OF_OK(world.run(job));
        QVERIFY(!QDir(folder + QStringLiteral("/beside")).exists());
    }
};

QTEST_GUILESS_MAIN(AheadTest)
#include "aheadtest.moc"
