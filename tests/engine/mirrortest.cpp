// SPDX-License-Identifier: Apache-2.0
/// The mirrors in the repository: what they say, and that they hold this store's facts only, each once.
#include "core/engine/mirror.h"

#include "core/base/file.h"
#include "tests/engine/engineworld.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QThread>

using namespace openfactory;

namespace {

const QByteArray kShort = "contract:\n  pipeline:\n    - name: implement\n    - name: deploy\n";

QString folderOf(const EngineWorld &world)
{
    return world.repository.path() + QStringLiteral("/.factory");
}

QJsonArray tasks(const EngineWorld &world)
{
    const auto bytes = readSmallFile(folderOf(world) + QStringLiteral("/tasks.json"));
    return bytes ? QJsonDocument::fromJson(*bytes).object()[QStringLiteral("tasks")].toArray() : QJsonArray();
}

QList<qint64> mirroredEntries(const EngineWorld &world)
{
    QList<qint64> numbers;
    const auto bytes = readSmallFile(folderOf(world) + QStringLiteral("/audit.log"));
    for (const QByteArray &line : bytes.value_or(QByteArray()).split('\n')) {
        if (!line.isEmpty())
            numbers << QJsonDocument::fromJson(line).object()[QStringLiteral("seq")].toInteger(-1);
    }
    return numbers;
}

QList<qint64> storedEntries(EngineWorld &world)
{
    QList<qint64> numbers;
    const auto entries = world.store->auditAfter(0, 1000).value_or(std::vector<AuditRecord>());
    for (const auto &entry : entries)
        numbers << entry.seq;
    return numbers;
}

} // namespace

class MirrorTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aMirrorOfSomethingElseIsMadeAnew_data()
    {
        QTest::addColumn<QByteArray>("there");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("cut off") << QByteArray("{\"seq\":1,\"ha");
        QTest::newRow("another store's") << QByteArray("{\"seq\":2,\"hash\":\"0123\"}\n");
        QTest::newRow("the future") << QByteArray("{\"seq\":99999,\"hash\":\"0123\"}\n");
    }
    void aMirrorOfSomethingElseIsMadeAnew()
    {
        QFETCH(QByteArray, there);
        const SystemClock clock;
        EngineWorld world(&clock);
        const Job job = world.personJob(QStringLiteral("one"), kShort);
        QVERIFY(QDir().mkpath(folderOf(world)));
        QVERIFY(writeFileAtomically(folderOf(world) + QStringLiteral("/audit.log"), there));
        QVERIFY(writeMirrors(*world.store, world.repository.path()));
        QVERIFY(!storedEntries(world).isEmpty());
        QCOMPARE(mirroredEntries(world), storedEntries(world));
    }

    void aFileOfSomebodyIsLeftAsItIs_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("there");
        QTest::newRow("tasks") << QStringLiteral("/tasks.json") << QByteArray("my precious\n");
        QTest::newRow("tasks of another program") << QStringLiteral("/tasks.json") << QByteArray("{\"tasks\": {}}");
        QTest::newRow("log") << QStringLiteral("/audit.log") << QByteArray("2026-01-01 somebody did something\n");
    }
    void aFileOfSomebodyIsLeftAsItIs()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, there);
        const SystemClock clock;
        EngineWorld world(&clock);
        QVERIFY(QDir().mkpath(folderOf(world)));
        QVERIFY(writeFileAtomically(folderOf(world) + name, there));
        const Job job = world.personJob(QStringLiteral("one"), kShort); // made all the same
        QVERIFY(world.desk->setPriority(job.id(), Priority::P0));
        const auto mirrored = writeMirrors(*world.store, world.repository.path());
        QVERIFY(!mirrored && mirrored.error().kind == ErrorKind::Denied);
        QCOMPARE(readSmallFile(folderOf(world) + name).value(), there);
    }

    void everyActIsThereOnceWhoeverWroteIt()
    {
        const SystemClock clock;
        EngineWorld world(&clock);
        const Job job = world.personJob(QStringLiteral("one"), kShort);
        QVERIFY(QDir().mkpath(folderOf(world)));
        const auto acts = [&] {
            const auto store = world.ports.openStore();
            OperatorDesk desk(world.ports, **store, QStringLiteral("somebody"));
            for (int i = 0; i < 25; ++i) {
                if (!desk.pause(job.id(), QString()) || !desk.resume(job.id()))
                    qFatal("an act was refused");
            }
        };
        const std::unique_ptr<QThread> other(QThread::create(acts));
        other->start();
        acts();
        other->wait();
        QCOMPARE(mirroredEntries(world), storedEntries(world));
        QCOMPARE(tasks(world).size(), 1);
        QCOMPARE(tasks(world)[0][QStringLiteral("revision")].toInteger(), world.now(job).revision);
    }

    void aQueuedJobSaysWhatItReallyWaitsFor()
    {
        const SystemClock clock;
        EngineWorld world(&clock);
        const Job first = world.personJob(QStringLiteral("first"), kShort);
        NewJob wanted = world.plain(QStringLiteral("second"), kShort);
        wanted.dependsOn << QStringLiteral("first");
        const Job second = world.made(wanted);
        QCOMPARE(waitsFor(*world.store, world.now(second)), QStringLiteral("first, which is created"));
        QVERIFY(world.desk->cancel(first.id()));
        QCOMPARE(waitsFor(*world.store, world.now(second)), QStringLiteral("first, which is cancelled"));
        const Job third = world.personJob(QStringLiteral("third"), kShort);
        QCOMPARE(waitsFor(*world.store, world.now(third)), QStringLiteral("a free worker"));
        const Job fourth = world.playbookJob(QStringLiteral("fourth"), {{"implement", {{"b.txt", "x"}}}}, kShort);
        QStringList said;
        world.runner.onRun = [&](const CommandRequest &) { said << waitsFor(*world.store, world.now(third)); };
        QVERIFY(world.run(fourth));
        QCOMPARE(said.value(0), QStringLiteral("a free worker; running now: fourth"));
        QCOMPARE(waitsFor(*world.store, world.now(third)), QStringLiteral("a free worker"));
        QVERIFY(world.desk->pauseEngine(true));
        QVERIFY(waitsFor(*world.store, world.now(third)).contains(QStringLiteral("paused")));
    }
};

QTEST_GUILESS_MAIN(MirrorTest)
#include "mirrortest.moc"
