// SPDX-License-Identifier: Apache-2.0
/// Somebody writes in the workspace while a gate runs: a verdict belongs to what is kept, and nothing of theirs is
/// lost.
#include "tests/engine/engineworld.h"
#include "tests/testlib/expect.h"

using namespace openfactory;

class DisturbedTest : public QObject {
    Q_OBJECT
private:
    static constexpr const char *kContract = "contract:\n  pipeline:\n    - name: implement\n    - name: unit-test\n"
                                             "    - name: deploy\n";
    /// A person's change, about to be judged; `work` is what happens while the unit tests run, by which run.
    static Job begin(EngineWorld &world, const QList<QPair<QByteArray, QByteArray>> &files,
                     const std::function<void(const Job &, int)> &work)
    {
        const Job job = world.personJob(QStringLiteral("one"), kContract);
        if (!world.run(job, [](JobRun &run) { return run.prepare(); }))
            qFatal("no workspace");
        for (const auto &[path, content] : files)
            world.writeInWorkspace(job, path, content);
        world.runner.onRun = [&world, job, work, runs = 0](const CommandRequest &request) mutable {
            if (request.argv.value(1) == u"unit-test" && request.scope.workspace == workspaceOf(job.identity).path)
                work(job, ++runs);
        };
        if (!world.desk->retry(job.id(), {}))
            qFatal("not queued");
        return job;
    }
    static QString path(const Job &job, const char *name)
    {
        return workspaceOf(job.identity).path + QLatin1Char('/') + QLatin1String(name);
    }
    /// What a ref of the job's has at the path.
    static QByteArray at(EngineWorld &world, const Job &job, const QString &ref, const char *path)
    {
        return world.repository.git(
            {QStringLiteral("show"),
             QStringLiteral("refs/openfactory/%1/%2:%3").arg(job.id().text(), ref, QLatin1String(path))});
    }

private Q_SLOTS:
    void aMendDuringTheGateDoesNotMakeTheBrokenChangePass()
    {
        EngineWorld world;
        const Job job = begin(world, {{"b.txt", "x"}, {"broken-unit-test", "it is broken"}},
                              [](const Job &one, int run) {
                                  if (run == 1)
                                      QVERIFY(QFile::remove(path(one, "broken-unit-test")));
                              });
        OF_OK(world.run(job));
        QCOMPARE(world.ledger(job), QStringLiteral("implement/1 passed, unit-test/1 reverted"));
        const std::vector<Finding> findings = world.attempt(job, QStringLiteral("unit-test"), 1).verdict->findings;
        QVERIFY(!findings.empty() && findings.front().message.contains(QStringLiteral("it is broken")));
        QCOMPARE(at(world, job, QStringLiteral("unit-test/1"), "broken-unit-test"), QByteArray("it is broken"));
        QCOMPARE(at(world, job, QStringLiteral("unit-test/1-left"), "b.txt"), QByteArray("x")); // with the mend
        QVERIFY(world.repository.tryGit(
                    {QStringLiteral("cat-file"), QStringLiteral("-e"),
                     QStringLiteral("refs/openfactory/%1/unit-test/1-left:broken-unit-test").arg(job.id().text())})
                != 0);
    }

    void aSlipDuringTheGateDoesNotCostTheGoodChange()
    {
        EngineWorld world;
        const Job job = begin(world, {{"b.txt", "x"}}, [&](const Job &one, int run) {
            if (run == 1)
                world.writeInWorkspace(one, "broken-unit-test", "half saved");
        });
        OF_OK(world.run(job));
        QCOMPARE(world.ledger(job), QStringLiteral("implement/1 passed, unit-test/1 passed, deploy/1 parked"));
        const AttemptRecord tests = world.attempt(job, QStringLiteral("unit-test"), 1);
        QVERIFY2(tests.note.contains(QStringLiteral("broken-unit-test")), qPrintable(tests.note));
        QVERIFY(tests.inputs.isEmpty());
        QCOMPARE(at(world, job, QStringLiteral("unit-test/1-left"), "broken-unit-test"), QByteArray("half saved"));
        QVERIFY(!QFile::exists(path(job, "broken-unit-test")));
        QVERIFY(world.store->risks(job.id())->empty());
    }

    void whatNeverStandsStillIsNotJudged()
    {
        EngineWorld world;
        const Job job = begin(world, {{"b.txt", "x"}}, [&](const Job &one, int run) {
            world.writeInWorkspace(one, "save-" + QByteArray::number(run), "more");
        });
        OF_OK(world.run(job));
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Retry);
        const AttemptRecord tests = world.attempt(job, QStringLiteral("unit-test"), 1);
        QVERIFY2(tests.verdict->summary.contains(QStringLiteral("does not stand still")),
                 qPrintable(tests.verdict->summary));
        for (int run = 1; run <= 3; ++run)
            QVERIFY(world.repository
                        .git({QStringLiteral("log"), QStringLiteral("--all"), QStringLiteral("--format=%h"),
                              QStringLiteral("--"), QStringLiteral("save-%1").arg(run)})
                        .size()
                    > 1);
    }

    void aToolThatWritesToTheChangeIsARisk_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("risks");
        QTest::newRow("to a file of the change") << QByteArray("b.txt") << QStringLiteral("unit-test-disturbed");
        QTest::newRow("beside it") << QByteArray("report.tmp") << QString();
    }
    void aToolThatWritesToTheChangeIsARisk()
    {
        QFETCH(QByteArray, file);
        QFETCH(QString, risks);
        EngineWorld world;
        int all = 0;
        const Job job = begin(world, {{"b.txt", "x"}}, [&](const Job &one, int run) {
            all = run;
            world.writeInWorkspace(one, file, "by the tool, " + QByteArray::number(run));
        });
        OF_OK(world.run(job));
        QCOMPARE(all, 2);
        QCOMPARE(world.ledger(job), QStringLiteral("implement/1 passed, unit-test/1 passed, deploy/1 parked"));
        QStringList names;
        const std::vector<Risk> open = *world.store->risks(job.id());
        for (const Risk &risk : open)
            names << risk.name;
        QCOMPARE(names.join(u' '), risks);
        QCOMPARE(world.repository.git({QStringLiteral("show"), QStringLiteral("factory/one:b.txt")}), QByteArray("x"));
    }

    void aFormatterThatMendsTwiceKeepsBoth()
    {
        EngineWorld world;
        world.toolchains.formatter = true;
        const Job job = world.personJob(QStringLiteral("one"), "contract:\n  pipeline:\n    - name: implement\n"
                                                               "    - name: lint\n    - name: deploy\n");
        QVERIFY(world.run(job, [](JobRun &run) { return run.prepare(); }));
        world.writeInWorkspace(job, "b.txt", "ugly");
        world.runner.says = [](const CommandRequest &request) -> std::optional<QByteArray> {
            const bool mine = QFile::exists(request.scope.workspace + QStringLiteral("/b.txt")); // not as it was before
            return request.argv.value(1) == u"lint" && mine ? std::optional<QByteArray>("many 1 -") : std::nullopt;
        };
        int formats = 0;
        int lints = 0;
        world.runner.onRun = [&](const CommandRequest &request) {
            if (request.scope.workspace != workspaceOf(job.identity).path)
                return;
            if (request.argv.value(1) == u"format")
                world.writeInWorkspace(job, "b.txt", "nicer " + QByteArray::number(++formats));
            if (request.argv.value(1) == u"lint" && ++lints == 2)
                world.writeInWorkspace(job, "mine.txt", "saved meanwhile");
        };
        QVERIFY(world.desk->retry(job.id(), {}));
        OF_OK(world.run(job));
        QCOMPARE(formats, 2);
        QCOMPARE(world.ledger(job), QStringLiteral("implement/1 passed, lint/1 soft_failed, deploy/1 parked"));
        QCOMPARE(world.repository.git({QStringLiteral("show"), QStringLiteral("factory/one:b.txt")}),
                 QByteArray("nicer 2"));
        QCOMPARE(at(world, job, QStringLiteral("lint/1-mended"), "b.txt"), QByteArray("nicer 1"));
        QCOMPARE(at(world, job, QStringLiteral("lint/1-mended-2"), "b.txt"), QByteArray("nicer 2"));
        QCOMPARE(at(world, job, QStringLiteral("lint/1-left"), "mine.txt"), QByteArray("saved meanwhile"));
    }

    void whatAnAuthorsToolsLeaveIsNotRunFor()
    {
        EngineWorld world;
        const Job job = world.playbookJob(QStringLiteral("one"), {{"implement", {{"b.txt", "x"}}}}, kContract);
        int runs = 0;
        world.runner.onRun = [&](const CommandRequest &request) {
            if (request.argv.value(1) != u"unit-test")
                return;
            ++runs;
            world.writeInWorkspace(job, "report.tmp", "left behind");
        };
        OF_OK(world.run(job));
        QCOMPARE(runs, 1);
        QCOMPARE(world.ledger(job), QStringLiteral("implement/1 passed, unit-test/1 passed, deploy/1 parked"));
    }
};

QTEST_GUILESS_MAIN(DisturbedTest)
#include "disturbedtest.moc"
