// SPDX-License-Identifier: Apache-2.0
#include "ui/models/jobpresenter.h"

#include "core/base/file.h"
#include "core/engine/jobfolder.h"
#include "tests/testlib/patience.h"
#include "tests/ui/consoleworld.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace openfactory;
using namespace openfactory::ui;

class JobPresenterTest : public QObject {
    Q_OBJECT
private:
    using Act = JobPresenter::Act;
    static QStringList column(const RowsModel &model, int column)
    {
        QStringList cells;
        for (int row = 0; row < model.rowCount(); ++row)
            cells << model.index(row, column).data().toString();
        return cells;
    }

private Q_SLOTS:
    void landsOnTheStageThatFailed()
    {
        ConsoleWorld world;
        const Job job = world.blocked();
        JobPresenter presenter(world.reader, world.operators, *world.ports.clock);
        const QAbstractItemModelTester tester(&presenter.tree(),
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        presenter.setJob(job.id());
        QTRY_VERIFY(presenter.details());
        QCOMPARE(presenter.selected().key(), QStringLiteral("boundary/1"));
        QVERIFY(presenter.nowText().startsWith(QStringLiteral("Blocked by the contract at boundary")));
        QVERIFY(column(presenter.problems(), 1).first().contains(QStringLiteral("a.txt")));
        QVERIFY(presenter.isLegal(Act::Retry));
        QVERIFY(presenter.isLegal(Act::Archive));
        QVERIFY(!presenter.isLegal(Act::Pause));
        QVERIFY(presenter.tree().indexOf({QStringLiteral("boundary"), 1, 0}).isValid());
    }

    void tellsWhatWasKeptAndWhatWasTakenBack()
    {
        ConsoleWorld world;
        const Job job = world.playbookJob(
            QStringLiteral("tcr"),
            {{"implement", {{"b.txt", "x"}, {"broken-unit-test", "boom"}}}, {"unit-test", {{"b.txt", "y"}}}});
        OF_OK(world.run(job));
        JobPresenter presenter(world.reader, world.operators, *world.ports.clock);
        presenter.setJob(job.id());
        QTRY_VERIFY(presenter.details());
        const QStringList attempts = column(presenter.ledger(), 0);
        const QStringList became = column(presenter.ledger(), 1);
        const auto reverted = attempts.indexOf(QStringLiteral("unit-test/1"));
        QVERIFY(reverted >= 0);
        QVERIFY2(became[reverted].startsWith(QStringLiteral("taken back")), qPrintable(became.join(u'\n')));
        QVERIFY(became.contains(QStringLiteral("Passed")) || became.filter(QStringLiteral("kept")).size() > 0);
        presenter.select({QStringLiteral("unit-test"), 1, 0});
        QVERIFY(!presenter.selectedRange().second.isEmpty());
        QVERIFY(presenter.selectedRange().second != presenter.details()->job.progress.head);
        const NodeRef first{QStringLiteral("unit-test"), 1, 0};
        const NodeRef second{QStringLiteral("unit-test"), 2, 0};
        const auto between = presenter.rangeBetween(second, first);
        QCOMPARE(between, presenter.rangeBetween(first, second)); // always from the older to the newer
        const auto differs = world.ports.git->changedFiles(job.identity.repository, between.first, between.second);
        OF_OK(differs);
        QStringList files;
        for (const ListedChange &one : *differs)
            files << QString::fromUtf8(one.change.path);
        QCOMPARE(files.join(u' '), QStringLiteral("b.txt broken-unit-test"));
        QVERIFY(presenter.comparable(first).contains(second.key()));
        QVERIFY(!presenter.comparable(first).contains(first.key()));
        QVERIFY(presenter.comparable({QStringLiteral("deploy"), 9, 0}).isEmpty());
        QVERIFY(presenter.rangeBetween(first, {QStringLiteral("deploy"), 9, 0}).first.isEmpty());
        QVERIFY(presenter.audit().rowCount() > 3);
        QSignalSpy acted(&presenter, &JobPresenter::acted);
        presenter.restore({QStringLiteral("unit-test"), 1, 0});
        QTRY_COMPARE(acted.size(), 1);
        QCOMPARE(readSmallFile(workspaceOf(job.identity).path + QStringLiteral("/b.txt")).value_or(QByteArray()),
                 QByteArray("x"));
        QCOMPARE(presenter.audit().index(0, 3).data().toString(), QStringLiteral("job.created"));
    }

    void theCriticalPathLeavesOutWhatRanBeside()
    {
        const auto attempt = [](const char *stage, qint64 from, qint64 to) {
            AttemptRecord made;
            made.stage = QLatin1String(stage);
            made.state = to > 0 ? AttemptState::Passed : AttemptState::Running;
            made.startedMs = from;
            made.endedMs = to;
            return made;
        };
        using Path = std::vector<size_t>;
        QVERIFY(criticalPath({}, 100).empty());
        QCOMPARE(criticalPath({attempt("a", 0, 10), attempt("b", 12, 20)}, 100), (Path{0, 1}));
        // Three began together; the last of them held up what came next.
        QCOMPARE(criticalPath({attempt("a", 0, 10), attempt("b", 10, 20), attempt("c", 10, 40), attempt("d", 10, 30),
                               attempt("e", 41, 50)},
                              100),
                 (Path{0, 2, 4}));
        QCOMPARE(criticalPath({attempt("a", 0, 10), attempt("b", 10, 0), attempt("c", 10, 40)}, 100), (Path{0, 1}));
        // A clock that was set back: two that each began when the other had ended.
        QVERIFY(criticalPath({attempt("a", 50, 10), attempt("b", 20, 40)}, 100).size() <= 2);
    }

    void criteriaSayWhatTheirTicketsShowed()
    {
        JobDetails all;
        all.job.progress.state = JobState::Running;
        TicketView first, second;
        first.number = 1;
        first.state = TicketView::State::Done;
        second.number = 2;
        second.state = TicketView::State::Current;
        all.plan.tickets = {first, second};
        all.plan.criteria = {{QStringLiteral("AC-1"), QStringLiteral("It adds"), {1}},
                             {QStringLiteral("AC-2"), QStringLiteral("It <b>subtracts</b>"), {1, 2}},
                             {QStringLiteral("AC-3"), QStringLiteral("Nobody's"), {}}};
        AttemptRecord done;
        done.stage = QStringLiteral("implement");
        done.number = 4;
        done.ticket = 1;
        done.before = QStringLiteral("1111111111");
        done.after = QStringLiteral("2222222222");
        done.verdict = Verdict{};
        done.verdict->summary = QStringLiteral("12 passed");
        all.attempts = {done};
        PlanTables tables;
        tables.fill(all);
        QCOMPARE(column(tables.criteria(), 0),
                 (QStringList{QStringLiteral("AC-1"), QStringLiteral("AC-2"), QStringLiteral("AC-3")}));
        QCOMPARE(column(tables.criteria(), 1),
                 (QStringList{QStringLiteral("its tickets are done"), QStringLiteral("1 of 2 tickets done"),
                              QStringLiteral("no ticket yet")}));
        QCOMPARE(column(tables.criteria(), 3),
                 (QStringList{QStringLiteral("Ticket 1: implement/4, 12 passed, committed as 22222222"),
                              QStringLiteral("Ticket 1: implement/4, 12 passed, committed as 22222222; Ticket 2: being "
                                             "worked on"),
                              QString()}));
        QCOMPARE(tables.criteria().rows()[0].mark, Mark::Passed);
        QCOMPARE(tables.criteria().rows()[1].mark, Mark::Running);
        QCOMPARE(tables.criteria().rows()[2].mark, Mark::NotStarted);
    }

    void whatTheAuthorRanStandsBelowItsStage()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        CommandRecord command;
        command.stage = QStringLiteral("implement");
        command.attempt = 0;
        command.seq = 1;
        command.argv = {QStringLiteral("agent"), QStringLiteral("run")};
        command.startedMs = 1; // before the stage
        command.finished = true;
        command.exitCode = 0;
        command.logPath = JobFolder::logPath(command.stage, 0, 1);
        Step step;
        step.job = job.id();
        step.commands.push_back(command);
        OF_OK(world.store->commit(step));
        JobPresenter presenter(world.reader, world.operators, *world.ports.clock);
        const QAbstractItemModelTester tester(&presenter.tree(),
                                              QAbstractItemModelTester::FailureReportingMode::QtTest);
        presenter.setJob(job.id());
        QTRY_VERIFY(presenter.details());
        const NodeRef ran{command.stage, 0, 1};
        QVERIFY(NodeRef::fromKey(ran.key()) == ran);
        const QModelIndex node = presenter.tree().indexOf(ran);
        QVERIFY(node.isValid());
        QCOMPARE(node.row(), 0); // it came first
        QCOMPARE(node.data().toString(), QStringLiteral("Author: agent run"));
        presenter.select(ran);
        QCOMPARE(presenter.selectedCommands().size(), size_t(1));
        QCOMPARE(presenter.selectedCommands().front().argv, command.argv);
        presenter.select({command.stage, 0, 0}); // the stage is still its newest attempt
        for (const CommandRecord &one : presenter.selectedCommands())
            QVERIFY(one.attempt > 0);
    }

    void keepsTheSelectionWhenTheJobGoesOn()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        JobPresenter presenter(world.reader, world.operators, *world.ports.clock);
        connect(&world.feed, &ChangeFeed::changed, &presenter, &JobPresenter::noteChanged);
        presenter.setJob(job.id());
        QTRY_VERIFY(presenter.details());
        const QPersistentModelIndex node = presenter.tree().indexOf({QStringLiteral("lint"), 1, 1});
        QVERIFY(node.isValid());
        presenter.select({QStringLiteral("lint"), 1, 1});
        QCOMPARE(presenter.selectedCommands().size(), size_t(1));
        presenter.pause(QStringLiteral("lunch"));
        QTRY_VERIFY(presenter.details()->job.wishes.paused);
        QCOMPARE(presenter.selected().key(), QStringLiteral("lint/1/1"));
        QVERIFY(node.isValid());
        QVERIFY(presenter.isLegal(Act::Resume));
        QVERIFY(!presenter.isLegal(Act::Pause));
    }

    void saysWhyAnActWasRefused()
    {
        ConsoleWorld world;
        const Job job = world.personJob(QStringLiteral("plain"));
        JobPresenter presenter(world.reader, world.operators, *world.ports.clock);
        presenter.setJob(job.id());
        QTRY_VERIFY(presenter.details());
        QSignalSpy refused(&presenter, &JobPresenter::refused);
        presenter.retry({}); // a queued job cannot be retried
        QTRY_COMPARE(refused.size(), 1);
        QVERIFY(refused.first().first().toString().contains(QStringLiteral("created")));
    }

    void saysThatAJobIsNotThere()
    {
        ConsoleWorld world;
        JobPresenter presenter(world.reader, world.operators, *world.ports.clock);
        QSignalSpy missing(&presenter, &JobPresenter::missing);
        presenter.setJob(JobId::create());
        QTRY_COMPARE(missing.size(), 1);
        QVERIFY(!presenter.details());
    }
};

QTEST_GUILESS_MAIN(JobPresenterTest)
#include "jobpresentertest.moc"
