// SPDX-License-Identifier: Apache-2.0
/// Several processes on one store (hardening.md tests 8 and 13). OPENFACTORY_LONG=1: ten minutes of the crowd.
#include "core/store/filelock.h"
#include "tests/store/storefixture.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>

#include <csignal>

using namespace openfactory;
using namespace std::chrono_literals;

class StoreProcessesTest : public QObject {
    Q_OBJECT

    static constexpr int kLimitMs = 60'000; ///< a net

    static std::unique_ptr<QProcess> start(const QStringList &words, const QProcessEnvironment &environment = {})
    {
        auto process = std::make_unique<QProcess>();
        process->setProcessEnvironment(environment.isEmpty() ? QProcessEnvironment::systemEnvironment() : environment);
        process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process->start(QStringLiteral(STORE_VICTIM), words);
        return process;
    }
    /// The next line that it says.
    static QByteArray line(QProcess &process)
    {
        while (!process.canReadLine() && process.waitForReadyRead(kLimitMs)) {}
        return process.readLine().trimmed();
    }
    static bool isStopped(const QProcess &process)
    {
        QFile file(QStringLiteral("/proc/%1/stat").arg(process.processId()));
        return file.open(QIODevice::ReadOnly) && file.readAll().contains(") T ");
    }

private Q_SLOTS:
    /// The owner is stopped past its lease, another takes the job, the owner goes on: it writes nothing any more.
    void aStoppedOwnerWritesNothingAfterwards()
    {
        const SystemClock clock;
        QTemporaryDir folder;
        const QString data = folder.filePath(QStringLiteral("data"));
        NEED(store, openStore(data, clock));
        const Job job = newJob(QStringLiteral("job"));
        NEED_OK(store->create(job, newAudit(QStringLiteral("job.created"))));
        const QString theirs = newUlid();
        const QString mine = newUlid();
        const auto owner = start({QStringLiteral("own"), data, job.id().text(), theirs, QStringLiteral("300")});
        QCOMPARE(line(*owner), QByteArray("claimed 1"));
        QTRY_VERIFY_WITH_TIMEOUT(store->job(job.id())->revision > 5, kLimitMs);
        NEED_ERROR(store->claim(job.id(), mine, 10s), ErrorKind::Conflict, "runs it");
        // It writes every 2 ms: stopped within a write, or while it waits for its turn, it keeps one of the two bytes
        // of the store's lock, and then nobody can take its job.
        Result<Lease> lease = fail(ErrorKind::Internal, {}, {});
        for (int i = 0; i < 200 && !lease; ++i) {
            ::kill(pid_t(owner->processId()), SIGSTOP);
            QTRY_VERIFY_WITH_TIMEOUT(isStopped(*owner), kLimitMs);
            StoreLock look(LockFile::open(data + QStringLiteral("/openfactory.lock")).value(),
                           std::make_shared<WriteGate>());
            if (look.file().heldElsewhere(0) || look.file().heldElsewhere(1)) {
                ::kill(pid_t(owner->processId()), SIGCONT);
                QThread::msleep(5); // or it is stopped again before it has gone on
                continue;
            }
            while (!(lease = store->claim(job.id(), mine, 1min)) && lease.error().kind == ErrorKind::Conflict)
                QThread::msleep(5); // until its lease is over
        }
        if (!lease)
            QFAIL(qPrintable(toText(lease.error())));
        QCOMPARE(lease->epoch, 2);
        NEED(before, store->job(job.id()));
        NEED(commands, store->commands(job.id()));
        ::kill(pid_t(owner->processId()), SIGCONT);
        QCOMPARE(line(*owner), QByteArray("error fenced"));
        QVERIFY(owner->waitForFinished(kLimitMs));
        NEED(after, store->job(job.id()));
        NEED(still, store->commands(job.id()));
        QCOMPARE(after.revision, before.revision);
        QCOMPARE(still.size(), commands.size());
        NEED_OK(store->commit(stepOf(*lease)));
        NEED(report, store->verifyAudit());
        QVERIFY2(report.sound, qPrintable(report.said));
    }

    void eachJobHasOneOwnerHoweverManyWantIt()
    {
        const SystemClock clock;
        QTemporaryDir folder;
        const QString data = folder.filePath(QStringLiteral("data"));
        NEED(store, openStore(data, clock));
        constexpr int jobs = 40;
        for (int i = 0; i < jobs; ++i)
            NEED_OK(store->create(newJob(QStringLiteral("job%1").arg(i)), newAudit(QStringLiteral("job.created"))));
        std::vector<std::unique_ptr<QProcess>> all;
        for (int i = 0; i < 4; ++i)
            all.push_back(start({QStringLiteral("race"), data, newUlid()}));
        QByteArrayList claimed;
        for (const auto &process : all) {
            QVERIFY(process->waitForFinished(kLimitMs));
            QCOMPARE(process->exitCode(), 0);
            claimed += process->readAll().trimmed().split('\n');
        }
        claimed.removeAll(QByteArray());
        QCOMPARE(claimed.size(), jobs);
        QCOMPARE(QSet<QByteArray>(claimed.begin(), claimed.end()).size(), jobs);
    }

    /// Two processes, each with a writer and eight readers; every checkpoint is seen, and is under the store's lock.
    void onlyWhoHoldsTheLockCheckpoints()
    {
#ifdef __SANITIZE_ADDRESS__
        QSKIP("the address sanitizer does not share a process with a preload");
#endif
        const SystemClock clock;
        QTemporaryDir folder;
        const QString data = folder.filePath(QStringLiteral("data"));
        const QString counter = folder.filePath(QStringLiteral("checkpoints"));
        NEED(made, openStore(data, clock));
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("LD_PRELOAD"), QStringLiteral(STORE_LOCKWATCH));
        environment.insert(QStringLiteral("OPENFACTORY_CHECKPOINTS"), counter);
        const int ms = qEnvironmentVariableIntValue("OPENFACTORY_LONG") == 1 ? 600'000 : 2500;
        std::vector<std::unique_ptr<QProcess>> all;
        for (const char *slug : {"one", "two"})
            all.push_back(
                start({QStringLiteral("crowd"), data, QLatin1String(slug), QString::number(ms)}, environment));
        for (const auto &process : all) {
            QVERIFY(process->waitForFinished(ms + kLimitMs));
            QCOMPARE(process->exitStatus(), QProcess::NormalExit);
            QCOMPARE(process->exitCode(), 0);
            qInfo("%s", process->readAll().trimmed().constData());
        }
        QFile file(counter);
        QVERIFY(file.open(QIODevice::ReadOnly));
        quint64 checkpoints = 0;
        QCOMPARE(file.read(reinterpret_cast<char *>(&checkpoints), sizeof checkpoints), qint64(sizeof checkpoints));
        qInfo("%llu checkpoints", checkpoints);
        QVERIFY(checkpoints > 4);
        made.reset();
        NEED_OK(checkStore(data));
        NEED(store, openStore(data, clock));
        NEED(report, store->verifyAudit());
        QVERIFY2(report.sound, qPrintable(report.said));
    }
};

QTEST_GUILESS_MAIN(StoreProcessesTest)
#include "storeprocessestest.moc"
