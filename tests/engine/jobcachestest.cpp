// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobcaches.h"

#include "core/engine/jobfolder.h"
#include "tests/engine/engineworld.h"
#include "tests/testlib/expect.h"

using namespace openfactory;

class JobCachesTest : public QObject {
    Q_OBJECT
private:
    static constexpr qint64 kBytes = 100'000;
    static void put(const QString &path)
    {
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QFile file(path);
        const QByteArray bytes(kBytes, 'x');
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }

private Q_SLOTS:
    void onlyOfJobsThatAreOver()
    {
        EngineWorld world;
        const QString &data = world.ports.settings.dataFolder;
        const QByteArray contract = "contract:\n  pipeline:\n    - name: implement\n    - name: deploy\n";
        const auto make = [&](const QString &slug) { return world.personJob(slug, contract); };
        const Job cancelled = make(QStringLiteral("over"));
        const Job open = make(QStringLiteral("open"));
        const Job failed = world.playbookJob(QStringLiteral("failed"), {{{}, {{"a.txt", "other\\n"}}}},
                                             "contract:\n  language: script\n  forbidden_files: [a.txt]\n");
        QVERIFY(world.run(failed));
        QVERIFY(world.desk->cancel(cancelled.id()));
        QCOMPARE(world.now(cancelled).progress.state, JobState::Cancelled);
        QCOMPARE(world.now(failed).progress.state, JobState::Failed);
        for (const Job &job : {cancelled, open, failed}) {
            put(JobFolder(data, job.id()).home() + QStringLiteral("/.cache/tool/big"));
            put(JobFolder(data, job.id()).path() + QStringLiteral("/logs/implement-1-1.log"));
        }
        const JobId stranger = JobId::create(); // of no job that the store knows
        put(JobFolder(data, stranger).home() + QStringLiteral("/x"));

        const auto found = idleCaches(*world.store, data);
        QVERIFY(found);
        QCOMPARE(found->jobs, 1);
        QCOMPARE(found->use.files, 1);
        QVERIFY(found->use.bytes >= kBytes && found->use.bytes < 2 * kBytes);
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(removeIdleCaches(*world.store, data, stop.get_token()).error().kind, ErrorKind::Cancelled);
        QVERIFY(QFile::exists(JobFolder(data, cancelled.id()).home()));

        int told = 0;
        const auto removed = removeIdleCaches(*world.store, data, {}, [&] { ++told; });
        QVERIFY(removed);
        QCOMPARE(removed->jobs, 1);
        QCOMPARE(told, 1);
        QCOMPARE(removed->use.bytes, found->use.bytes);
        QVERIFY(removed->left.isEmpty());
        QVERIFY(!QFile::exists(JobFolder(data, cancelled.id()).home()));
        QVERIFY(QFile::exists(JobFolder(data, cancelled.id()).path() + QStringLiteral("/logs/implement-1-1.log")));
        for (const JobId &kept : {open.id(), failed.id(), stranger})
            QVERIFY(QFile::exists(JobFolder(data, kept).home()));
        QCOMPARE(idleCaches(*world.store, data)->jobs, 0);
        OF_OK(world.desk->retry(failed.id(), {}));
    }
};

QTEST_GUILESS_MAIN(JobCachesTest)
#include "jobcachestest.moc"
