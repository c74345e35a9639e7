// SPDX-License-Identifier: Apache-2.0
/// The window as a person has it, on a real store: keys only, widgets found by name.
#include "tests/testlib/patience.h"
#include "tests/ui/consoleworld.h"
#include "ui/dialogs/exportdialog.h"
#include "ui/models/editor.h"
#include "ui/models/joblistmodel.h"
#include "ui/pages/gatepage.h"
#include "ui/pages/jobpage.h"
#include "ui/pages/jobspage.h"
#include "ui/pages/mainwindow.h"
#include "ui/widgets/bannerstack.h"
#include "ui/widgets/coachmarks.h"
#include "ui/widgets/diffdocument.h"
#include "ui/widgets/diffpane.h"
#include "ui/widgets/diffview.h"
#include "ui/widgets/markicon.h"
#include "ui/widgets/stagestrip.h"
#include "ui/widgets/viewcolours.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeView>

using namespace openfactory;
using namespace openfactory::ui;

class ConsoleWindowTest : public QObject {
    Q_OBJECT
private:
    template<class W>
    static W *find(QWidget &in, const char *name)
    {
        W *found = in.findChild<W *>(QLatin1String(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    /// Tab until the widget has the focus.
    static bool tabTo(QWidget &window, const char *name)
    {
        for (int i = 0; i < 200; ++i) {
            QCoreApplication::processEvents(); // a new widget is shown once its layout was told
            if (find<QWidget>(window, name)->hasFocus())
                return true;
            QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : &window, Qt::Key_Tab);
        }
        return false;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("openfactory-test"));
        QCoreApplication::setApplicationName(QStringLiteral("consolewindowtest"));
    }
    void init() { QSettings().clear(); }

    void approvesAGateByKeyboardAlone()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        MainWindow window(world.console);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QTRY_COMPARE(window.needsYou().model().rowCount(), 1);
        QTest::keyClick(&window, Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(window.page(), QStringLiteral("needs"));
        QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("pageTable"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
        QCOMPARE(window.page(), QStringLiteral("gate"));
        GatePresenter &presenter = window.gatePage().presenter();
        presenter.setGrace(std::chrono::milliseconds(0));
        QTRY_COMPARE(presenter.kind(), GatePresenter::Kind::Approval);
        QVERIFY(!find<QPushButton>(window, "gateSubmit")->isEnabled());

        QVERIFY(tabTo(window, "gateApprove"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
        QCOMPARE(presenter.decision(), DecisionKind::Approve);
        QVERIFY(tabTo(window, "risk-coverage"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
        QVERIFY(tabTo(window, "gateComment"));
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("short"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
        QTest::qWait(50);
        QVERIFY(world.store->decisions(job.id())->empty());           // too short a comment goes nowhere
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return); // a line, not a decision
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("but tested elsewhere"));
        QVERIFY(find<QPushButton>(window, "gateSubmit")->isEnabled());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(world.store->decisions(job.id())->size(), size_t(1));
        const Decision decision = world.store->decisions(job.id())->front();
        QCOMPARE(decision.kind, DecisionKind::Approve);
        QCOMPARE(decision.comment, QStringLiteral("short\nbut tested elsewhere"));
        QCOMPARE(decision.binding, job.progress.gate);
    }

    void reviewsTheChangeAtTheGateByKeyboardAlone()
    {
        ConsoleWorld world;
        const Job job = world.playbookJob(QStringLiteral("review"),
                                          {{{}, {{"b.txt", "one\\ntwo\\n"}, {"c.bin", "a\\0b"}, {"coverage", "70"}}}});
        OF_OK(world.run(job));
        MainWindow window(world.console);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        window.openGate(job.id());
        GatePresenter &presenter = window.gatePage().presenter();
        presenter.setGrace(std::chrono::milliseconds(0));
        QTRY_COMPARE(presenter.kind(), GatePresenter::Kind::Approval);
        QTRY_COMPARE(presenter.viewedText(), QStringLiteral("0 of 3 viewed"));
        // The evidence keeps its order, with the change folded below its card.
        QStringList order;
        const auto cards = window.gatePage().findChildren<QFrame *>();
        for (const QFrame *card : cards) {
            if (card->objectName().startsWith(u"card-"))
                order << card->objectName().mid(5);
        }
        QCOMPARE(order.join(u' '),
                 QStringLiteral("plan risk change tests coverage findings checks attempts decisions"));
        auto *pane = window.gatePage().findChild<DiffPane *>();
        QVERIFY(pane && !pane->isVisible());
        presenter.setDecision(DecisionKind::Approve);
        QTRY_VERIFY2(presenter.whyNot().contains(QStringLiteral("c.bin")), qPrintable(presenter.whyNot()));

        QVERIFY(tabTo(window, "cardReview"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
        QTRY_VERIFY(pane->isVisible());
        QTRY_COMPARE(QApplication::focusWidget(), pane);
        QTRY_VERIFY(!presenter.whyNot().contains(QStringLiteral("c.bin"))); // it was on the screen
        QTest::keyClick(pane, Qt::Key_V);
        QCOMPARE(presenter.viewedText(), QStringLiteral("1 of 3 viewed"));
        QCOMPARE(find<QLabel>(window, "cardViewed")->text(), QStringLiteral("1 of 3 viewed"));
        QTest::keyClick(pane, Qt::Key_Slash); // the view's own filter, not that of the jobs
        QCOMPARE(window.page(), QStringLiteral("gate"));
        QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("diffFilter"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);

        // A remark is added by the key that submits a decision, and submits none.
        presenter.setAccepted(QStringLiteral("coverage"), true);
        presenter.setComment(QStringLiteral("long enough a comment"));
        QCOMPARE(presenter.whyNot(), QString());
        QVERIFY(pane->goToLine(0, DiffSide::New, 2) || pane->isFolded(0));
        pane->setFolded(0, false);
        QTRY_VERIFY(pane->goToLine(0, DiffSide::New, 2));
        QTest::keyClick(pane, Qt::Key_C);
        QCOMPARE(QApplication::focusWidget()->objectName(), QStringLiteral("diffCommentText"));
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("why two"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(presenter.comment().contains(QStringLiteral("why two")));
        QVERIFY(find<QPlainTextEdit>(window, "gateComment")->toPlainText().contains(QStringLiteral("b.txt:2")));
        QTest::qWait(50);
        QVERIFY(world.store->decisions(job.id())->empty());
        // Tab leaves the change downwards and comes to the decision after the evidence, as one reads.
        QStringList stops;
        while (QApplication::focusWidget()->objectName() != u"gateApprove" && stops.size() < 100) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            stops << QApplication::focusWidget()->objectName();
        }
        QCOMPARE(stops.last(), QStringLiteral("gateApprove"));
        QVERIFY2(stops.count(QStringLiteral("cardShow")) == 6 && !stops.contains(QStringLiteral("gateContract")),
                 qPrintable(stops.join(u' ')));
        QVERIFY2(stops.first() == u"diffComments", qPrintable(stops.join(u' ')));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Down);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
        QVERIFY(presenter.decision() == DecisionKind::RequestChanges);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(world.store->decisions(job.id())->size(), size_t(1));
        QVERIFY(world.store->decisions(job.id())->front().comment.contains(QStringLiteral("why two")));
        QTRY_VERIFY(window.gatePage().findChild<DiffView *>()->comments().empty()); // they were sent
    }

    void remarksStayWithTheirJobAndOutliveTheWindow()
    {
        ConsoleWorld world;
        const Job one = world.atGate(QStringLiteral("one"));
        const Job two = world.atGate(QStringLiteral("two"));
        {
            MainWindow window(world.console);
            window.show();
            window.openJob(one.id());
            window.jobPage().showTab(QStringLiteral("changes"));
            auto *view = window.jobPage().findChild<DiffView *>();
            QTRY_VERIFY(view->isVisible());
            view->setComments({{"b.txt", DiffSide::New, 1, QStringLiteral("new"), QStringLiteral("not this")}});
            Q_EMIT view->commentsChanged();
            view->restoreDraft({"b.txt", DiffSide::New, 1, QStringLiteral("new"), QStringLiteral("half a re")});
            QTest::qWait(1200);
            window.openJob(two.id());
            QTRY_VERIFY(view->isVisible() && window.jobPage().presenter().details());
            QTRY_VERIFY(view->comments().empty());
            QVERIFY(!view->draft());
            window.openGate(two.id());
            QTRY_COMPARE(window.gatePage().presenter().kind(), GatePresenter::Kind::Approval);
            QTRY_VERIFY(!window.gatePage().presenter().viewedText().isEmpty());
            QVERIFY(window.gatePage().presenter().comment().isEmpty());
        }
        MainWindow again(world.console);
        again.show();
        again.openGate(one.id());
        QTRY_VERIFY2(again.gatePage().presenter().comment().contains(QStringLiteral("not this")),
                     qPrintable(again.gatePage().presenter().comment()));
        QCOMPARE(again.gatePage().findChild<DiffView *>()->draft()->text, QStringLiteral("half a re"));
    }

    void showsWhatNoTestRanBesideTheLines()
    {
        ConsoleWorld world;
        const Job job = world.playbookJob(QStringLiteral("covered"),
                                          {{{}, {{"b.txt", "one\\ntwo\\nthree\\n"}, {"coverage", "70 b.txt 2"}}}});
        OF_OK(world.run(job));
        MainWindow window(world.console);
        window.show();
        window.openJob(job.id());
        window.jobPage().showTab(QStringLiteral("changes"));
        auto *pane = window.jobPage().findChild<DiffPane *>();
        const auto uncovered = [pane] {
            const QStringList rows = pane->spokenRows();
            return rows.filter(QStringLiteral("— not covered"));
        };
        QTRY_COMPARE(uncovered().size(), 1);
        QVERIFY2(uncovered().first().startsWith(QStringLiteral("+two")), qPrintable(uncovered().first()));
        QVERIFY(pane->spokenRows().filter(QStringLiteral("no test runs")).isEmpty()); // said once, not as a finding too
    }

    void aHardStopHasNoApproveControl()
    {
        ConsoleWorld world;
        const Job job = world.blocked();
        MainWindow window(world.console);
        window.show();
        window.openGate(job.id());
        QTRY_COMPARE(window.gatePage().presenter().kind(), GatePresenter::Kind::HardStop);
        QVERIFY(!find<QWidget>(window, "gateApprove")->isVisible());
        QVERIFY(find<QWidget>(window, "gateReject")->isVisible());
        QVERIFY(find<QWidget>(window, "gateRequestChanges")->isVisible());
        QVERIFY(find<QLabel>(window, "gateInstructions")->text().contains(QStringLiteral("No approval can override")));
        QVERIFY(find<QPushButton>(window, "gateRetry")->isVisible());
        QVERIFY(find<QPushButton>(window, "gateContract")->isVisible());
    }

    void thePaletteFindsJobsByWhatTheyRan()
    {
        ConsoleWorld world;
        const Job job = world.atGate(QStringLiteral("basket"));
        MainWindow window(world.console);
        window.show();
        find<QAction>(window, "actionPalette")->trigger();
        auto *bar = find<QWidget>(window, "commandBar");
        auto *list = bar->findChild<QTreeView *>();
        auto *line = bar->findChild<QLineEdit *>();
        QVERIFY(list && line);
        const auto shown = [list] {
            QStringList rows;
            for (int row = 0; row < list->model()->rowCount(); ++row)
                rows << list->model()->index(row, 0).data().toString();
            return rows.join(u'\n');
        };
        QTest::keyClicks(line, QStringLiteral("coverage"));
        QTRY_VERIFY2(shown().contains(QStringLiteral("basket")), qPrintable(shown()));
        line->clear();
        QTest::keyClicks(line, QStringLiteral("\"*("));
        QTest::qWait(300);
        QVERIFY(!shown().contains(QStringLiteral("basket")));
        bar->close();
    }

    void twoAttemptsAreCompared()
    {
        ConsoleWorld world;
        const Job job = world.playbookJob(
            QStringLiteral("tcr"),
            {{"implement", {{"b.txt", "x"}, {"broken-unit-test", "boom"}}}, {"unit-test", {{"b.txt", "y"}}}});
        OF_OK(world.run(job));
        MainWindow window(world.console);
        window.show();
        window.openJob(job.id());
        JobPage &page = window.jobPage();
        QTRY_VERIFY(page.presenter().details());
        page.compare({QStringLiteral("unit-test"), 1, 0}, {QStringLiteral("unit-test"), 2, 0});
        QCOMPARE(page.tab(), QStringLiteral("changes"));
        auto *view = find<DiffView>(page, "diffView");
        QTRY_VERIFY(view->isVisible());
        QCOMPARE(view->document()->count(), 2); // b.txt, and the broken file that went
        QVERIFY(find<QLabel>(page, "changesCompared")->text().contains(QStringLiteral("unit-test/2")));
        page.compare({QStringLiteral("unit-test"), 2, 0}, {QStringLiteral("coverage"), 1, 0});
        QTRY_VERIFY(find<QLabel>(page, "changesState")->text().contains(QStringLiteral("same content")));
        find<QPushButton>(page, "changesBack")->click();
        QTRY_VERIFY(view->isVisible());
        QVERIFY(!find<QLabel>(page, "changesCompared")->isVisible());
    }

    void exportsTheOpenJob()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        MainWindow window(world.console);
        window.show();
        window.showPage(QStringLiteral("activity"));
        find<QAction>(window, "actionExport")->trigger();
        QVERIFY(!window.findChild<ExportDialog *>()); // there is no job to be seen there
        window.openJob(job.id());
        QTRY_VERIFY(window.jobPage().presenter().details());
        find<QAction>(window, "actionExport")->trigger();
        auto *dialog = find<ExportDialog>(window, "exportDialog");
        QVERIFY(!find<QWidget>(*dialog, "exportCancel")->isVisible());
        find<QRadioButton>(*dialog, "exportPage")->setChecked(true);
        find<QPushButton>(*dialog, "exportChoose")->click();
        auto *chooser = find<QFileDialog>(*dialog, "exportFile");
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("job"));
        chooser->findChild<QLineEdit *>()->setText(file);
        QTest::keyClick(chooser->findChild<QLineEdit *>(), Qt::Key_Return);
        QTRY_VERIFY(find<QWidget>(*dialog, "exportOpenFolder")->isVisible());
        QVERIFY(find<QLabel>(*dialog, "exportSaid")->text().contains(file + QStringLiteral(".html")));
        QFile written(file + QStringLiteral(".html"));
        QVERIFY(written.open(QIODevice::ReadOnly));
        QVERIFY(written.readAll().contains("at-gate"));
        // What cannot be written says so, and can be tried elsewhere.
        dialog->writeInto(folder.filePath(QStringLiteral("no/where.tar")));
        QTRY_VERIFY(find<QLabel>(*dialog, "exportSaid")->text().startsWith(QStringLiteral("Nothing was written")));
        QVERIFY(find<QLabel>(*dialog, "exportSaid")->text().contains(QStringLiteral("Next:")));
        QVERIFY(!find<QWidget>(*dialog, "exportOpenFolder")->isVisible());
        QVERIFY(find<QWidget>(*dialog, "exportChoose")->isVisible());
        dialog->close();
    }

    void anExportIsCancelledAndLeavesNothing()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        // Holds the export in its first part until it is told to stop, as a slow disk would.
        const auto real = world.console.exportJob;
        std::atomic<bool> begun = false;
        QThread *const here = QThread::currentThread();
        world.console.exportJob = [&, real](const ExportOrder &order) {
            ExportOrder held = order;
            held.progress = [&, order](int done, int all) {
                if (QThread::currentThread() == here)
                    qFatal("the export runs on the thread of the window");
                order.progress(done, all);
                begun = true;
                while (!order.stop.stop_requested())
                    QThread::msleep(2);
            };
            return real(held);
        };
        QTemporaryDir folder;
        ExportDialog dialog(world.console, {{job.id(), QStringLiteral("at-gate")}});
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        dialog.writeInto(folder.filePath(QStringLiteral("job.tar")));
        QTRY_VERIFY(begun);
        QTRY_VERIFY(find<QProgressBar>(dialog, "exportProgress")->maximum() > 1);
        bool answered = false; // the one reader is free meanwhile
        world.reader.ask(
            &dialog, [](ReadSide &) { return Result<bool>(true); }, [&](const Result<bool> &) { answered = true; });
        QTRY_VERIFY(answered);
        find<QPushButton>(dialog, "exportCancel")->click();
        QTRY_VERIFY(find<QLabel>(dialog, "exportSaid")->text().startsWith(QStringLiteral("Cancelled")));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList());
        begun = false;
        dialog.writeInto(folder.filePath(QStringLiteral("job.tar")));
        QTRY_VERIFY(begun);
        QTest::keyClick(&dialog, Qt::Key_Escape); // stops it, then closes
        QTRY_VERIFY(!dialog.isVisible());
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList());
    }

    void theDemosBannerGoesForGood()
    {
        ConsoleWorld world;
        const Job job = world.personJob(QStringLiteral("demo"));
        world.console.demoRepositories = {world.repository.path()};
        int removed = 0;
        world.console.removeDemo = [&](OperatorSide &side) -> Result<void> {
            ++removed;
            OF_CHECK(side.desk().cancel(job.id()));
            return side.desk().archive(job.id(), true);
        };
        const QString demo = QStringLiteral("demo");
        {
            MainWindow window(world.console);
            window.show();
            QTRY_VERIFY(window.banners().ids().contains(demo));
            auto *banner = find<KMessageWidget>(window, "banner-demo");
            banner->actions().first()->trigger();
            find<QPushButton>(window, "askNo")->click();
            QVERIFY(window.banners().ids().contains(demo)); // asked, and nothing done
            banner->animatedHide();                         // what its close button does
            QTRY_VERIFY(!window.banners().ids().contains(demo));
        }
        {
            MainWindow again(world.console);
            again.show();
            find<QDockWidget>(again, "dockEvents")->show();
            OF_OK(world.desk->setPriority(job.id(), Priority::P0)); // news, upon which it looks
            QTRY_VERIFY(find<QTreeView>(again, "eventsTable")->model()->rowCount() > 0);
            QTest::qWait(100);
            QVERIFY(!again.banners().ids().contains(demo));
        }
        QSettings().clear();
        MainWindow window(world.console);
        window.show();
        OF_OK(world.desk->setPriority(job.id(), Priority::P1));
        QTRY_VERIFY(window.banners().ids().contains(demo));
        find<KMessageWidget>(window, "banner-demo")->actions().first()->trigger();
        find<QPushButton>(window, "askYes")->click();
        QTRY_COMPARE(removed, 1);
        QTRY_VERIFY(!window.banners().ids().contains(demo));
        QVERIFY(world.now(job).wishes.archived);
    }

    void hintsComeOnceAndTakeNoFocus()
    {
        ConsoleWorld world;
        MainWindow window(world.console);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        find<QAction>(window, "actionHints")->trigger();
        QVERIFY(!window.findChild<CoachMarks *>()); // there is no job they could speak of
        window.runDemo();
        QTRY_VERIFY(window.findChild<CoachMarks *>());
        auto *hints = find<CoachMarks>(window, "coachMarks");
        QTRY_VERIFY(hints->isVisible());
        const QWidget *focus = QApplication::focusWidget();
        QVERIFY(focus && !hints->isAncestorOf(focus));
        // It stays beside what it speaks of when a banner pushes that down, and goes with it.
        const auto ringTop = [&] { return find<QWidget>(window, "coachRing")->geometry().top(); };
        const auto stripTop = [&] { return find<QWidget>(window, "stageStrip")->mapTo(&window, QPoint()).y() - 3; };
        window.banners().show({QStringLiteral("x"), KMessageWidget::Information, QStringLiteral("push"), {}, false});
        QTRY_COMPARE(ringTop(), stripTop());
        window.banners().remove(QStringLiteral("x"));
        QTRY_COMPARE(ringTop(), stripTop());
        QStringList said;
        while (hints->isVisible() && said.size() < 9) {
            said << hints->text();
            QVERIFY(window.rect().contains(hints->geometry()));
            find<QPushButton>(*hints, "coachNext")->click();
        }
        QCOMPARE(said.size(), 3);
        QCOMPARE(QApplication::focusWidget(), focus);
        window.runDemo(); // the hints were seen
        QTest::qWait(200);
        QVERIFY(!hints->isVisible());
        find<QAction>(window, "actionHints")->trigger();
        QTRY_VERIFY(hints->isVisible());
        window.showPage(QStringLiteral("jobs"));
        QTRY_VERIFY(!hints->isVisible());
        find<QAction>(window, "actionHints")->trigger();
        QTRY_VERIFY(hints->isVisible());
        QTest::keyClick(hints, Qt::Key_Escape);
        QVERIFY(!hints->isVisible());
        QVERIFY(!find<QWidget>(window, "coachRing")->isVisible());
    }

    void theBannerOfAGateIsOnEveryPage()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        MainWindow window(world.console);
        window.show();
        QTRY_COMPARE(window.banners().ids(), QStringList{job.id().text()});
        for (const char *page : {"needs", "jobs", "ci", "rollouts", "artifacts", "activity", "doctor", "welcome"}) {
            window.showPage(QLatin1String(page));
            QCOMPARE(window.page(), QLatin1String(page));
            QVERIFY(find<QWidget>(window, qPrintable(QStringLiteral("banner-") + job.id().text()))->isVisible());
        }
        for (int i = 0; i < 4; ++i)
            world.atGate(QStringLiteral("more-%1").arg(i));
        QTRY_COMPARE(window.banners().ids(), QStringList{QStringLiteral("gates")});
    }

    void followsLinks()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        MainWindow window(world.console);
        QVERIFY(window.openLink(QStringLiteral("openfactory://job/%1/lint/1#L3").arg(job.id().text())));
        QCOMPARE(window.page(), QStringLiteral("job"));
        QTRY_VERIFY(window.jobPage().presenter().details());
        QCOMPARE(window.jobPage().presenter().selected().key(), QStringLiteral("lint/1"));
        QCOMPARE(window.jobPage().tab(), QStringLiteral("log"));
        QCOMPARE(window.jobPage().link(), QStringLiteral("openfactory://job/%1/lint/1").arg(job.id().text()));
        // A line of one command's log: what is copied there leads there.
        window.jobPage().copyLink({QStringLiteral("lint"), 1, 1}, 7);
        const QString line = QGuiApplication::clipboard()->text();
        QCOMPARE(line, QStringLiteral("openfactory://job/%1/lint/1/1#L7").arg(job.id().text()));
        QVERIFY(window.openLink(line));
        QCOMPARE(window.jobPage().presenter().selected().key(), QStringLiteral("lint/1/1"));
        QCOMPARE(window.jobPage().link(), line.chopped(3));
        QVERIFY(window.openLink(QStringLiteral("openfactory://job/%1/lint/1#changes").arg(job.id().text())));
        QCOMPARE(window.jobPage().tab(), QStringLiteral("changes"));
        QVERIFY(window.openLink(QStringLiteral("openfactory://job/%1/lint/1#nothing").arg(job.id().text())));
        QCOMPARE(window.jobPage().tab(), QStringLiteral("changes"));
        QVERIFY(window.openLink(QStringLiteral("openfactory://gate/%1").arg(job.id().text())));
        QCOMPARE(window.page(), QStringLiteral("gate"));
        for (const char *bad : {"", "http://job/x", "openfactory://job/", "openfactory://job/../../etc",
                                "file:///etc/passwd", "openfactory://run/rm"})
            QVERIFY2(!window.openLink(QLatin1String(bad)), bad);
    }

    void everyWidgetHasItsNamesAndPlainText()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        MainWindow window(world.console);
        window.show();
        for (const char *page : {"needs", "ci", "rollouts", "artifacts", "activity", "doctor", "welcome"})
            window.showPage(QLatin1String(page)); // it is made when it is shown
        for (QDockWidget *dock : window.findChildren<QDockWidget *>())
            dock->show();
        window.openGate(job.id());
        window.openJob(job.id());
        QTRY_VERIFY(window.jobPage().presenter().details());
        QTRY_COMPARE(window.gatePage().presenter().kind(), GatePresenter::Kind::Approval);
        QStringList wrong;
        for (const QWidget *widget : window.findChildren<QWidget *>()) {
            const QString name = widget->objectName();
            const QByteArray type = widget->metaObject()->className();
            if (widget->isHidden() || type == "QComboBoxListView" || type == "QComboBoxPrivateContainer"
                || type == "QTipLabel" || qobject_cast<const QLabel *>(widget->parent()))
                continue;
            const bool control = qobject_cast<const QAbstractButton *>(widget)
                                 || qobject_cast<const QLineEdit *>(widget)
                                 || qobject_cast<const QPlainTextEdit *>(widget)
                                 || (qobject_cast<const QAbstractItemView *>(widget)
                                     && !qobject_cast<const QHeaderView *>(widget))
                                 || qobject_cast<const QComboBox *>(widget);
            if (name.startsWith(u"qt_") || QByteArray(widget->metaObject()->className()).startsWith("KMessage"))
                continue;
            const QObject *parent = widget->parent();
            const bool inner = QByteArray(parent->metaObject()->className()).startsWith("KMessage")
                               || qobject_cast<const QTabBar *>(parent) || qobject_cast<const QLineEdit *>(parent)
                               || name == u"ScrollLeftButton" || name == u"ScrollRightButton"
                               || QByteArray(widget->metaObject()->className()) == "QToolBarExtension"
                               || QByteArray(widget->metaObject()->className()).contains("DockWidget")
                               || qobject_cast<const QDockWidget *>(parent);
            if (control && !inner && name.isEmpty())
                wrong << QStringLiteral("%1 has no name").arg(QLatin1String(widget->metaObject()->className()));
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            if (control && !inner && widget->accessibleName().isEmpty() && (!button || button->text().isEmpty()))
                wrong << QStringLiteral("%1 %2 in %3 has no accessible name")
                             .arg(QLatin1String(type), name, parent->objectName());
            if (const auto *label = qobject_cast<const QLabel *>(widget);
                label && !label->text().isEmpty() && label->textFormat() != Qt::PlainText && !inner && !label->buddy())
                wrong << QStringLiteral("%1 %2 in %3 may read markup")
                             .arg(QLatin1String(type), name, parent->objectName());
        }
        wrong.removeDuplicates();
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    }

    void hostileTextIsShownAsText()
    {
        ConsoleWorld world;
        NewJob wanted = world.plain(QStringLiteral("hostile"));
        wanted.title = QStringLiteral("<b>bold</b> \u202eabc \x1b[31m");
        const Job job = world.made(wanted);
        MainWindow window(world.console);
        window.show();
        window.openJob(job.id());
        QTRY_COMPARE(find<QLabel>(window, "jobTitle")->text(), QStringLiteral("<b>bold</b> \\u202eabc \\x1b[31m"));
        QCOMPARE(find<QLabel>(window, "jobTitle")->textFormat(), Qt::PlainText);
    }

    void saysThatTheStoreWasDeletedUnderIt()
    {
        ConsoleWorld world;
        world.personJob(QStringLiteral("one"));
        MainWindow window(world.console);
        window.show();
        QTRY_COMPARE(window.jobsPage().model().rowCount(), 1);
        QVERIFY(!window.banners().ids().contains(QStringLiteral("store")));
        for (const char *end : {"", "-wal", "-shm"})
            QFile::remove(world.ports.settings.dataFolder + QStringLiteral("/openfactory.db") + QLatin1String(end));
        QTRY_VERIFY(window.banners().ids().contains(QStringLiteral("store")));
        const QString said = find<KMessageWidget>(window, "banner-store")->text();
        QVERIFY2(said.contains(QStringLiteral("was deleted or replaced")), qPrintable(said));
        QCOMPARE(window.jobsPage().model().rowCount(), 1); // what was read is shown on
    }

    void aLowWindowTellsOfAllGatesInOneLine()
    {
        ConsoleWorld world;
        const Job one = world.atGate(QStringLiteral("one"));
        const Job two = world.atGate(QStringLiteral("two"));
        MainWindow window(world.console);
        window.resize(1280, 800);
        window.show();
        const auto shows = [&](const QString &id) { return window.banners().ids().contains(id); };
        QTRY_VERIFY(shows(one.id().text()) && shows(two.id().text()));
        window.banners().show(
            {QStringLiteral("other"), KMessageWidget::Information, QStringLiteral("other"), {}, false});
        window.resize(960, 600);
        QTRY_VERIFY(shows(QStringLiteral("gates")) && !shows(one.id().text()) && !shows(two.id().text()));
        QTRY_VERIFY(find<QWidget>(window, "banner-gates")->y() < find<QWidget>(window, "banner-other")->y());
        window.resize(1280, 800);
        QTRY_VERIFY(!shows(QStringLiteral("gates")) && shows(one.id().text()) && shows(two.id().text()));
    }

    void docksFollowTheJob()
    {
        ConsoleWorld world;
        const Job stopped = world.blocked();
        const Job waiting = world.atGate();
        QTemporaryDir folder;
        const QString editor = folder.filePath(QStringLiteral("editor"));
        QFile script(editor);
        QVERIFY(script.open(QIODevice::WriteOnly));
        script.write("#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$0.part\"\nmv \"$0.part\" \"$0.told\"\n");
        script.close();
        QVERIFY(script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        setEditorSetting(editor + QStringLiteral(" {file}:{line}"));
        MainWindow window(world.console);
        window.restoreLast();
        window.show();
        find<QDockWidget>(window, "dockIssues")->show();
        window.openJob(stopped.id());
        auto *issues = find<QTreeView>(window, "issuesTable");
        const auto rowOf = [&](const QByteArray &file) {
            for (int row = 0; row < issues->model()->rowCount(); ++row) {
                if (issues->model()->index(row, 0).data(DataRole).toByteArray() == file)
                    return row;
            }
            return -1;
        };
        QTRY_VERIFY(rowOf("a.txt") >= 0);
        issues->setCurrentIndex(issues->model()->index(rowOf("a.txt"), 0));
        QTest::keyClick(issues, Qt::Key_Return);
        QFile told(editor + QStringLiteral(".told"));
        QTRY_VERIFY(told.exists());
        QVERIFY(told.open(QIODevice::ReadOnly));
        const QString file = QFileInfo(workspaceOf(stopped.identity).path + QStringLiteral("/a.txt"))
                                 .canonicalFilePath();
        QCOMPARE(QString::fromUtf8(told.readAll()).section(u':', 0, 0), file);
        window.jobPage().showTab(QStringLiteral("overview"));
        window.activateWindow();
        issues->setFocus();
        QTRY_VERIFY(issues->hasFocus());
        QTest::keyClick(issues, Qt::Key_Return, Qt::ShiftModifier);
        QTRY_COMPARE(window.jobPage().tab(), QStringLiteral("log"));

        // From anywhere, one finding after the other.
        window.showPage(QStringLiteral("jobs"));
        find<QDockWidget>(window, "dockIssues")->hide();
        issues->setCurrentIndex({});
        auto *next = find<QAction>(window, "actionNextProblem");
        const int findings = issues->model()->rowCount();
        for (int row = 0; row < findings; ++row) {
            next->trigger();
            QCOMPARE(issues->currentIndex().row(), row);
        }
        QCOMPARE(window.page(), QStringLiteral("job"));
        QCOMPARE(window.jobPage().tab(), QStringLiteral("log"));
        QVERIFY(issues->isVisible());
        QVERIFY(window.statusBar()->currentMessage().startsWith(QStringLiteral("Finding %1 of %1: ").arg(findings)));
        next->trigger(); // none is left
        QCOMPARE(issues->currentIndex().row(), findings - 1);
        QCOMPARE(window.statusBar()->currentMessage(), QStringLiteral("That was the last finding"));

        find<QDockWidget>(window, "dockLog")->show();
        find<QDockWidget>(window, "dockLog")->raise();
        window.openJob(waiting.id());
        window.jobPage().showTab(QStringLiteral("changes"));
        QTRY_VERIFY(window.jobPage().presenter().details()
                    && !window.jobPage().presenter().details()->commands.empty());
        // A line of the change leads there, too.
        told.close();
        QVERIFY(told.remove());
        auto *diff = window.jobPage().findChild<DiffView *>();
        QTRY_VERIFY(diff->document()->count() > 0);
        Q_EMIT diff->lineActivated("b.txt", 1);
        QTRY_VERIFY(told.exists());
        QVERIFY(told.open(QIODevice::ReadOnly));
        QVERIFY(told.readAll().trimmed().endsWith("/b.txt:1"));
        const CommandRecord ran = window.jobPage().presenter().details()->commands.front();
        window.jobPage().select({ran.stage, ran.attempt, 0});
        auto *choice = find<QWidget>(window, "dockedLog")->findChild<QComboBox *>();
        QTRY_VERIFY(choice->count() > 0);
        QVERIFY2(choice->currentText().startsWith(ran.stage), qPrintable(choice->currentText()));
        QVERIFY(choice->isVisible());
        window.openJob(stopped.id()); // no log of another job stays
        QTRY_VERIFY(window.jobPage().presenter().details()
                    && window.jobPage().presenter().details()->job.id() == stopped.id());
        QTRY_VERIFY(!choice->isVisible()); // it was stopped before a command ran
    }

    void keepsSelectionAndScrollWhileJobsCome()
    {
        ConsoleWorld world;
        Job job = world.personJob(QStringLiteral("job-0"));
        std::vector<JobId> ids{job.id()};
        const auto add = [&](int number) {
            job.identity.id = JobId::create();
            ids.push_back(job.identity.id);
            job.identity.slug = *Slug::parse(QStringLiteral("job-%1").arg(number));
            AuditRecord record;
            OF_OK(world.store->create(job, record));
            wakeEngines(world.ports.settings.dataFolder);
        };
        for (int i = 1; i < 200; ++i)
            add(i);
        MainWindow window(world.console);
        window.show();
        JobsPage &page = window.jobsPage();
        window.showPage(QStringLiteral("jobs"));
        QTRY_COMPARE(page.model().rowCount(), 200);
        page.view()->setCurrentIndex(page.model().index(120, 0));
        page.view()->scrollTo(page.model().index(120, 0), QAbstractItemView::PositionAtCenter);
        QTRY_VERIFY(page.model().rowAt(120));
        const QString chosen = page.view()->currentIndex().data(KeyRole).toString();
        const qint64 top = page.model().numAt(page.view()->indexAt(QPoint(1, 1)).row());
        for (int i = 200; i < 230; ++i)
            add(i);
        QTRY_COMPARE(page.model().rowCount(), 230);
        QTRY_COMPARE(page.view()->currentIndex().data(KeyRole).toString(), chosen);
        QCOMPARE(page.model().numAt(page.view()->indexAt(QPoint(1, 1)).row()), top);
        // Jobs that are looked at, and such whose rows were never read, change where they stand.
        QSignalSpy ordered(&page.model(), &JobListModel::filled);
        const int shownAt = page.view()->visualRect(page.view()->currentIndex()).top();
        for (int i = 0; i < 50; ++i)
            OF_OK(world.desk->setPriority(ids[size_t(i * 37 % 230)], i < 25 ? Priority::P0 : Priority::P3));
        const JobId archived = ids[3];
        OF_OK(world.desk->archive(archived, true)); // its row was not read: it leaves the list nonetheless
        QTRY_COMPARE(page.model().rowCount(), 229);
        QCOMPARE(ordered.size(), 1); // and nothing else made it read the whole list
        QCOMPARE(page.view()->currentIndex().data(KeyRole).toString(), chosen);
        QCOMPARE(page.view()->selectionModel()->selectedRows().size(), 1);
        QCOMPARE(page.model().numAt(page.view()->indexAt(QPoint(1, 1)).row()), top);
        QCOMPARE(page.view()->visualRect(page.view()->currentIndex()).top(), shownAt);
    }

    void remembersWhereItWas()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        {
            MainWindow window(world.console);
            window.show();
            window.restoreLast();
            window.jobsPage().setFilter(QStringLiteral("state:waiting"));
            window.openJob(job.id());
            window.jobPage().showTab(QStringLiteral("tests"));
            QTest::qWait(700); // it is written without being closed: a kill takes nothing
        }
        MainWindow again(world.console);
        again.restoreLast();
        QCOMPARE(again.page(), QStringLiteral("job"));
        QCOMPARE(again.jobPage().presenter().job(), job.id());
        QCOMPARE(again.jobPage().tab(), QStringLiteral("tests"));
        QCOMPARE(again.jobsPage().filter(), QStringLiteral("state:waiting"));
    }

    void makesPagesWhenTheyAreShown()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        {
            MainWindow window(world.console);
            window.restoreLast();
            window.openJob(job.id());
            window.jobPage().showTab(QStringLiteral("audit"));
            window.showPage(QStringLiteral("jobs"));
            QTest::qWait(700);
        }
        for (int start = 0; start < 2; ++start) { // what is not shown is remembered as well
            MainWindow again(world.console);
            again.show();
            again.restoreLast();
            QTRY_VERIFY(again.jobsPage().model().isFilled());
            QCOMPARE(again.page(), QStringLiteral("jobs"));
            for (const char *name : {"needsPage", "artifactsPage", "activityPage", "jobPage", "gatePage", "doctorPage",
                                     "welcomePage", "issuesTable", "eventsTable"})
                QVERIFY2(!again.findChild<QWidget *>(QLatin1String(name)), name);
            again.showPage(QStringLiteral("no-such-page"));
            QCOMPARE(again.page(), QStringLiteral("jobs"));
            QTest::qWait(700);
        }
        MainWindow again(world.console);
        again.show();
        again.restoreLast();
        again.showPage(QStringLiteral("job"));
        QCOMPARE(again.jobPage().presenter().job(), job.id());
        QCOMPARE(again.jobPage().tab(), QStringLiteral("audit"));
        again.showPage(QStringLiteral("activity"));
        QTRY_VERIFY(find<QWidget>(again, "activityPage")->findChild<QTreeView *>()->model()->rowCount() > 0);
        find<QDockWidget>(again, "dockEvents")->toggleViewAction()->trigger();
        QTRY_VERIFY(find<QTreeView>(again, "eventsTable")->isVisible());
    }

    void anUnfinishedCommentComesBack()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        {
            MainWindow window(world.console);
            window.openGate(job.id());
            QTRY_COMPARE(window.gatePage().presenter().kind(), GatePresenter::Kind::Approval);
            find<QPlainTextEdit>(window, "gateComment")->setPlainText(QStringLiteral("half a thou"));
            QTest::qWait(1300);
        }
        MainWindow again(world.console);
        again.openGate(job.id());
        QTRY_COMPARE(find<QPlainTextEdit>(again, "gateComment")->toPlainText(), QStringLiteral("half a thou"));
    }

    void saysWhatIsMissingOnTheHost()
    {
        ConsoleWorld world;
        MainWindow window(world.console);
        window.showPage(QStringLiteral("doctor"));
        QTRY_VERIFY(find<QLabel>(window, "doctorVerdict")->text().contains(QStringLiteral("missing")));
        const auto *table = find<QTreeView>(window, "doctorTable");
        QCOMPARE(table->model()->index(0, 3).data().toString(), QStringLiteral("apt install bubblewrap"));
    }

    void marksDifferInShapeAndCanBeSeen()
    {
        QList<QPalette> palettes;
        QPalette light;
        light.setColor(QPalette::Base, Qt::white);
        QPalette dark;
        dark.setColor(QPalette::Base, QColor(27, 30, 34));
        QPalette black;
        black.setColor(QPalette::Base, Qt::black);
        palettes << light << dark << black;
        for (const QPalette &palette : std::as_const(palettes)) {
            QList<QImage> shapes;
            for (int i = 0; i < kMarks; ++i) {
                QVERIFY(contrast(markColor(Mark(i), palette), palette.color(QPalette::Base)) >= 3.0);
                QImage image(22, 22, QImage::Format_ARGB32);
                image.fill(Qt::transparent);
                QPainter painter(&image);
                paintMark(painter, QRectF(0, 0, 22, 22), Mark(i), palette);
                painter.end();
                const QImage shape = image.createAlphaMask(); // without its colour
                QVERIFY(!shapes.contains(shape) || Mark(i) == Mark::Skipped);
                shapes << shape;
            }
        }
    }

    void stripsCollapseWhatNeedsNoLook()
    {
        std::vector<StageCell> cells(12);
        for (StageCell &cell : cells)
            cell.mark = Mark::Passed;
        cells[7].mark = Mark::Failed;
        const auto parts = stripParts(cells, 5);
        QVERIFY(parts.size() <= 5);
        int covered = 0;
        bool failedShown = false;
        for (const StripPart &part : parts) {
            covered += part.count;
            failedShown = failedShown || (part.from == 7 && part.count == 1);
        }
        QCOMPARE(covered, 12);
        QVERIFY(failedShown);
    }

    void aNarrowPageCollapsesItsStripUntilAPersonWantsAll()
    {
        std::vector<StageCell> cells(12);
        for (size_t i = 0; i < cells.size(); ++i) {
            cells[i].stage = QStringLiteral("stage-%1").arg(i);
            cells[i].mark = i < 7 ? Mark::Passed : i == 7 ? Mark::Failed : Mark::NotStarted;
        }
        StageStrip strip;
        const auto names = [&strip] {
            QStringList all;
            for (int row = 0; row < strip.model()->rowCount(); ++row)
                all << strip.model()->index(row, 0).data().toString();
            return all;
        };
        strip.resize(500, 60);
        strip.show();
        strip.setCells(cells, 0);
        const QStringList few = names();
        QVERIFY2(few.size() < 12 && few.first() == u"+7" && few.contains(QStringLiteral("stage-7"))
                     && few.contains(QStringLiteral("stage-8")), // no more than has to be
                 qPrintable(few.join(u' ')));
        QCOMPARE(strip.horizontalScrollBar()->maximum(), 0);
        strip.setCurrentStage(QStringLiteral("stage-3"));
        QCOMPARE(strip.currentIndex().data().toString(), QStringLiteral("+7"));
        QVERIFY(strip.currentIndex().data(Qt::ToolTipRole).toString().contains(QStringLiteral("stage-3")));
        QSignalSpy chosen(&strip, &StageStrip::stageChosen);
        strip.setFocus();
        QTest::keyClick(&strip, Qt::Key_Return);
        QCOMPARE(names().size(), 12);
        QCOMPARE(chosen.size(), 0);
        QCOMPARE(strip.currentIndex().data().toString(), QStringLiteral("stage-3"));
        QTest::keyClick(&strip, Qt::Key_Return);
        QCOMPARE(chosen.size(), 1);
        strip.setCells(cells, 1000); // news change nothing of it
        QCOMPARE(names().size(), 12);
        strip.setCollapsed(true);
        QCOMPARE(names(), few);
        strip.resize(2000, 60);
        QTRY_COMPARE(names().size(), 12);
    }
};

QTEST_MAIN(ConsoleWindowTest)
#include "consolewindowtest.moc"
