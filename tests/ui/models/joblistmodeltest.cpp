// SPDX-License-Identifier: Apache-2.0
#include "ui/models/joblistmodel.h"

#include "tests/testlib/cputime.h"
#include "tests/testlib/patience.h"
#include "tests/ui/consoleworld.h"
#include "ui/models/needsyou.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

using namespace openfactory;
using namespace openfactory::ui;

class JobListTest : public QObject {
    Q_OBJECT
private:
    /// "slug state, ..." of the rows that are read.
    static QString shown(const JobListModel &model)
    {
        QStringList parts;
        for (int row = 0; row < model.rowCount(); ++row) {
            const JobRow *job = model.rowAt(row);
            parts << (job ? job->slug + u' ' + toName(job->state) : QStringLiteral("?"));
        }
        return parts.join(QStringLiteral(", "));
    }

private Q_SLOTS:
    void showsNothingBeforeTheFirstData()
    {
        ConsoleWorld world;
        JobListModel model(world.reader, *world.ports.clock);
        QVERIFY(!model.isFilled());
        QSignalSpy filled(&model, &JobListModel::filled);
        model.reload();
        QTRY_COMPARE(filled.size(), 1);
        QVERIFY(model.isFilled());
        QCOMPARE(model.rowCount(), 0);
    }

    void followsEachCommitAndKeepsTheChosenRow()
    {
        ConsoleWorld world;
        JobListModel model(world.reader, *world.ports.clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        connect(&world.feed, &ChangeFeed::changed, &model, &JobListModel::noteChanged);
        QSignalSpy ready(&world.feed, &ChangeFeed::ready);
        QTRY_COMPARE(ready.size(), 1);
        const Job first = world.personJob(QStringLiteral("first"));
        QTRY_COMPARE(shown(model), QStringLiteral("first created"));
        const QPersistentModelIndex chosen = model.index(0, 0);
        const Job second = world.personJob(QStringLiteral("second"));
        QTRY_COMPARE(shown(model), QStringLiteral("second created, first created"));
        QCOMPARE(chosen.row(), 1);
        OF_OK(world.desk->cancel(first.id()));
        QTRY_COMPARE(shown(model), QStringLiteral("second created, first cancelled"));
        QCOMPARE(chosen.data(KeyRole).toString(), first.id().text());
        OF_OK(world.desk->archive(first.id(), true));
        QTRY_COMPARE(shown(model), QStringLiteral("second created"));
    }

    void aNewListComesWithItsFirstRows()
    {
        ConsoleWorld world;
        world.personJob(QStringLiteral("one"));
        world.personJob(QStringLiteral("two"));
        JobListModel model(world.reader, *world.ports.clock);
        QSignalSpy filled(&model, &JobListModel::filled);
        model.reload();
        QTRY_COMPARE(filled.size(), 1);
        QCOMPARE(shown(model), QStringLiteral("two created, one created"));
    }

    void tellsTheRequiredCheckAndWhatModelsCost()
    {
        ConsoleWorld world;
        const auto check = [](const char *name, CheckConclusion conclusion) {
            Check made;
            made.id = made.name = QString::fromLatin1(name);
            made.status = CheckStatus::Completed;
            made.conclusion = conclusion;
            return made;
        };
        const auto note = [&](const char *slug, std::vector<Check> checks, std::optional<qint64> cost) {
            const Job job = world.personJob(QString::fromLatin1(slug));
            Step step;
            step.job = job.id();
            step.ifRevision = world.now(job).revision;
            step.pull = PullRecord();
            step.pull->checks = std::move(checks);
            AuthorCallRecord call;
            call.number = 1;
            call.finished = true;
            call.inputTokens = 12'000;
            call.outputTokens = 345;
            call.cost = cost;
            call.currency = QStringLiteral("EUR");
            step.authorCalls.push_back(call);
            OF_OK(world.store->commit(step));
        };
        world.personJob(QStringLiteral("plain"));
        note("green", {check("tests", CheckConclusion::Failure), check("tests", CheckConclusion::Success)}, 12'300);
        note("red", {check("lint", CheckConclusion::Success), check("tests", CheckConclusion::Failure)}, 45'600);
        note("silent", {check("lint", CheckConclusion::Failure)}, {});
        JobListModel model(world.reader, *world.ports.clock);
        const auto cells = [&] {
            QStringList lines;
            for (int row = 0; row < model.rowCount(); ++row) {
                const auto cell = [&](int column) { return model.index(row, column).data().toString(); };
                lines << QStringLiteral("%1|%2|%3")
                             .arg(cell(JobListModel::Title), cell(JobListModel::Ci), cell(JobListModel::Cost));
            }
            return lines.join(u' ');
        };
        model.sort(JobListModel::Ci, Qt::DescendingOrder);
        QTRY_COMPARE(cells().section(u'|', 0, 0), QStringLiteral("red"));
        QCOMPARE(cells(), QStringLiteral("red|failure|0.0456 EUR green|success|0.0123 EUR silent|not reported|12,345 "
                                         "tokens plain||"));
        QCOMPARE(model.index(0, JobListModel::Ci).data(MarkRole).toInt(), int(Mark::Failed));
        QCOMPARE(model.index(2, JobListModel::Ci).data(MarkRole).toInt(), int(Mark::NotStarted));
        QVERIFY(!model.index(3, JobListModel::Ci).data(MarkRole).isValid());
        model.sort(JobListModel::Cost, Qt::DescendingOrder);
        QTRY_VERIFY(cells().startsWith(QStringLiteral("red|")));
        model.sort(JobListModel::Cost, Qt::AscendingOrder);
        QTRY_VERIFY(cells().startsWith(QStringLiteral("silent|")));
        QVERIFY(cells().endsWith(QStringLiteral("plain||"))); // what has none comes last
    }

    void findsTheFewWithoutWalkingOverAll_data()
    {
        QTest::addColumn<QString>("filter");
        for (const char *filter : {"needs:me", "state:queued", "state:running", "state:ci_failed", "is:open",
                                   "is:paused", "state:failed finished:today"})
            QTest::newRow(filter) << QString::fromLatin1(filter);
    }
    void findsTheFewWithoutWalkingOverAll()
    {
        QFETCH(QString, filter);
        ConsoleWorld world;
        world.personJob(QStringLiteral("one"));
        const JobQuery query = parseJobQuery(filter, world.ports.clock->wallMs());
        const QString name = QStringLiteral("plan");
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
            database.setDatabaseName(world.ports.settings.dataFolder + QStringLiteral("/openfactory.db"));
            QVERIFY(database.open());
            for (const QString &sql : {QString(u"SELECT count(*) FROM jobs j WHERE " + query.where),
                                       QString(u"SELECT j.num FROM jobs j WHERE " + query.where + u" ORDER BY "
                                               + query.orderBy() + u" LIMIT 500")}) {
                QSqlQuery plan(database);
                QVERIFY(plan.prepare(u"EXPLAIN QUERY PLAN " + sql));
                for (const QVariant &value : query.values)
                    plan.addBindValue(value);
                QVERIFY2(plan.exec(), qPrintable(plan.lastError().text()));
                QVERIFY(plan.next());
                const QString first = plan.value(3).toString();
                const QString index = filter == u"is:paused" ? QStringLiteral("jobs_paused")
                                                             : QStringLiteral("state=?");
                QVERIFY2(first.contains(index), qPrintable(sql + u": " + first));
            }
        }
        QSqlDatabase::removeDatabase(name);
    }

    void hearsOfAnotherProcessWithinHalfASecond()
    {
        ConsoleWorld world;
        QSignalSpy ready(&world.feed, &ChangeFeed::ready);
        QTRY_COMPARE(ready.size(), 1);
        QSignalSpy changed(&world.feed, &ChangeFeed::changed);
        QElapsedTimer timer;
        timer.start();
        world.personJob(QStringLiteral("other"));
        QTRY_VERIFY(!changed.isEmpty());
        OF_VERIFY_BELOW(timer.elapsed(), 500);
    }

    void filtersAndKeepsTheRowThatHasTheFocus()
    {
        ConsoleWorld world;
        JobListModel model(world.reader, *world.ports.clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        connect(&world.feed, &ChangeFeed::changed, &model, &JobListModel::noteChanged);
        const Job one = world.personJob(QStringLiteral("one"));
        world.personJob(QStringLiteral("two"));
        model.setFilter(QStringLiteral("state:created one"));
        QTRY_COMPARE(shown(model), QStringLiteral("one created"));
        model.setFilter(QStringLiteral("state:created"));
        QTRY_COMPARE(shown(model), QStringLiteral("two created, one created"));
        model.hold(model.numAt(1));
        OF_OK(world.desk->cancel(one.id()));
        QTRY_COMPARE(shown(model), QStringLiteral("two created, one cancelled"));
        QTest::qWait(300); // the list was ordered anew meanwhile
        QCOMPARE(shown(model), QStringLiteral("two created, one cancelled"));
        model.hold(0);
        model.reload();
        QTRY_COMPARE(shown(model), QStringLiteral("two created"));
        model.setFilter(QStringLiteral("nothing"));
        QTRY_COMPARE(model.rowCount(), 0);
        QVERIFY(model.query().filtered);
    }

    void sortsByWhatWasAskedFor()
    {
        ConsoleWorld world;
        JobListModel model(world.reader, *world.ports.clock);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (const char *slug : {"b", "c", "a"})
            world.personJob(QLatin1String(slug));
        model.reload();
        QTRY_COMPARE(shown(model), QStringLiteral("a created, c created, b created"));
        const QPersistentModelIndex chosen = model.index(1, 0);
        model.sort(JobListModel::Title, Qt::AscendingOrder);
        QTRY_COMPARE(shown(model), QStringLiteral("a created, b created, c created"));
        QCOMPARE(chosen.row(), 2);
        model.sort(JobListModel::Title, Qt::DescendingOrder);
        QTRY_COMPARE(shown(model), QStringLiteral("c created, b created, a created"));
        QCOMPARE(chosen.row(), 0);
    }

    void sortsByWhatWasMeasuredLast()
    {
        ConsoleWorld world;
        const auto measured = [&](const char *slug, const std::vector<std::pair<int, double>> &attempts) {
            const Job job = world.personJob(QString::fromLatin1(slug));
            Step step;
            step.job = job.id();
            step.ifRevision = world.now(job).revision;
            for (const auto &[lines, coverage] : attempts) {
                AttemptRecord attempt;
                attempt.stage = QStringLiteral("coverage");
                attempt.number = int(step.attempts.size()) + 1;
                attempt.state = AttemptState::Passed;
                attempt.verdict = Verdict();
                attempt.verdict->coveragePercent = coverage;
                attempt.verdict->facts = {{QStringLiteral("lines_added"), lines}, {QStringLiteral("lines_removed"), 1}};
                step.attempts.push_back(attempt);
            }
            OF_OK(world.store->commit(step));
        };
        measured("small", {{900, 10}, {3, 99.5}});
        measured("large", {{200, 40}});
        world.personJob(QStringLiteral("none"));
        measured("middle", {{50, 70}});
        JobListModel model(world.reader, *world.ports.clock);
        const auto titles = [&] {
            QStringList all;
            for (int row = 0; row < model.rowCount(); ++row)
                all << model.index(row, JobListModel::Title).data().toString();
            return all.join(u' ');
        };
        model.sort(JobListModel::Changes, Qt::DescendingOrder);
        QTRY_COMPARE(titles(), QStringLiteral("large middle small none"));
        model.sort(JobListModel::Changes, Qt::AscendingOrder);
        QTRY_COMPARE(titles(), QStringLiteral("small middle large none"));
        model.sort(JobListModel::Coverage, Qt::DescendingOrder);
        QTRY_COMPARE(titles(), QStringLiteral("small middle large none"));
        QCOMPARE(model.index(0, JobListModel::Coverage).data().toString(), QStringLiteral("99.5 %"));
        model.sort(JobListModel::Coverage, Qt::AscendingOrder);
        QTRY_COMPARE(titles(), QStringLiteral("large middle small none"));
    }

    void readsOnlyTheRowsThatAreLookedAt()
    {
        ConsoleWorld world;
        Job job = world.personJob(QStringLiteral("job-0"));
        for (int i = 1; i < 700; ++i) { // without the mirrors that the desk writes
            job.identity.id = JobId::create();
            job.identity.slug = *Slug::parse(QStringLiteral("job-%1").arg(i));
            OF_OK(world.store->create(job, AuditRecord{}));
        }
        JobListModel model(world.reader, *world.ports.clock);
        model.reload();
        QTRY_COMPARE(model.rowCount(), 700); // more than the first part
        QVERIFY(!model.rowAt(699));
        QTRY_VERIFY(model.rowAt(699));
        QCOMPARE(model.rowAt(699)->slug, QStringLiteral("job-0"));
        QVERIFY(!model.rowAt(300));
    }

    void countsTilesByTheListsOwnQuery()
    {
        ConsoleWorld world;
        world.atGate();
        world.personJob(QStringLiteral("queued"));
        JobListModel model(world.reader, *world.ports.clock);
        const QStringList filters{QString(), QStringLiteral("needs:me"), QStringLiteral("state:queued"),
                                  QStringLiteral("state:failed finished:today")};
        std::optional<Figures> figures;
        world.reader.ask(
            this, [&](ReadSide &side) { return side.figures(filters, world.manual.wallMs()); },
            [&](Result<Figures> answer) { figures = *answer; });
        QTRY_VERIFY(figures);
        QList<qint64> counts;
        for (const Tile &tile : figures->tiles)
            counts << tile.count;
        QCOMPARE(counts, (QList<qint64>{2, 1, 1, 0}));
        for (int i = 0; i < filters.size(); ++i) {
            QSignalSpy filled(&model, &JobListModel::filled);
            model.setFilter(filters[i]);
            QTRY_VERIFY(!filled.isEmpty());
            QCOMPARE(qint64(model.rowCount()), counts[i]);
        }
    }

    void namesWhatWaitsForAPersonOldestFirst()
    {
        ConsoleWorld world;
        NeedsYou needs(world.reader, *world.ports.clock);
        connect(&world.feed, &ChangeFeed::changed, &needs, &NeedsYou::refresh);
        const Job later = world.personJob(QStringLiteral("later"));
        const Job gate = world.atGate();
        world.manual.advance(std::chrono::minutes(5));
        OF_OK(world.run(later)); // waits for a change, younger than the gate
        QTRY_COMPARE(needs.model().rowCount(), 2);
        QCOMPARE(needs.model().index(0, 1).data().toString(), gate.identity.title);
        QCOMPARE(needs.model().index(0, 0).data().toString(), QStringLiteral("Approve at deploy"));
        QCOMPARE(needs.model().index(0, 4).data().toString(), QStringLiteral("5 min ago"));
        QVERIFY(needs.model().index(1, 0).data().toString().startsWith(QStringLiteral("Make a change")));
        QCOMPARE(needs.count(), 2);
        // Where more wait than are listed, all are counted.
        NeedsYou one(world.reader, *world.ports.clock, nullptr, 1);
        one.refresh();
        QTRY_COMPARE(one.model().rowCount(), 1);
        QCOMPARE(one.count(), 2);
    }
};

QTEST_GUILESS_MAIN(JobListTest)
#include "joblistmodeltest.moc"
