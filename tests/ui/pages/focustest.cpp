// SPDX-License-Identifier: Apache-2.0
/// Where keys go: to the main view of the page that is shown, from the start on, unless a person types elsewhere.
#include "tests/testlib/patience.h"
#include "tests/ui/consoleworld.h"
#include "ui/models/joblistmodel.h"
#include "ui/pages/gatepage.h"
#include "ui/pages/jobspage.h"
#include "ui/pages/mainwindow.h"

#include <QAction>
#include <QLineEdit>
#include <QListWidget>
#include <QScopeGuard>
#include <QSemaphore>
#include <QSettings>
#include <QStandardPaths>
#include <QTreeView>

using namespace openfactory;
using namespace openfactory::ui;

class FocusTest : public QObject {
    Q_OBJECT

private:
    static QString focused()
    {
        const QWidget *widget = QApplication::focusWidget();
        return widget ? widget->objectName() : QString();
    }
    /// Three jobs, and a window that begins as the program begins it, with a store that does not answer yet.
    struct Start {
        Start()
        {
            for (int i = 0; i < 3; ++i)
                world.personJob(QStringLiteral("job-%1").arg(i));
            world.reader.ask(
                &here,
                [this](ReadSide &) {
                    answers.acquire();
                    return Result<bool>(true);
                },
                [](const Result<bool> &) {});
            window = std::make_unique<MainWindow>(world.console);
            window->restoreLast();
            window->show();
        }
        ~Start() { answer(); }
        void answer() { answers.release(); }
        QAbstractItemView *list() const { return window->jobsPage().view(); }

        QSemaphore answers;
        QObject here;
        ConsoleWorld world;
        std::unique_ptr<MainWindow> window;
    };

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("openfactory-test"));
        QCoreApplication::setApplicationName(QStringLiteral("focustest"));
    }
    void init() { QSettings().clear(); }

    void theListHasTheKeysAfterAStart()
    {
        Start start;
        QVERIFY(QTest::qWaitForWindowActive(start.window.get()));
        QVERIFY(!start.list()->isVisible());
        start.answer();
        QTRY_COMPARE(start.window->jobsPage().model().rowCount(), 3);
        QTRY_COMPARE(focused(), QStringLiteral("jobList"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_End);
        QCOMPARE(start.list()->currentIndex().row(), 2);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Home);
        QCOMPARE(start.list()->currentIndex().row(), 0);
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_PageDown);
        QCOMPARE(start.list()->currentIndex().row(), 2);
        QCOMPARE(start.window->page(), QStringLiteral("jobs"));
    }

    void whoTypesIsNotInterrupted()
    {
        Start start;
        QVERIFY(QTest::qWaitForWindowActive(start.window.get()));
        start.window->findChild<QAction *>(QStringLiteral("actionFilter"))->trigger();
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("job"));
        start.answer();
        QTRY_COMPARE(start.window->jobsPage().model().rowCount(), 3);
        QTRY_VERIFY(start.list()->isVisible());
        QCOMPARE(focused(), QStringLiteral("jobFilter"));
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("-2"));
        QTRY_COMPARE(start.window->jobsPage().model().rowCount(), 1);
        QCOMPARE(focused(), QStringLiteral("jobFilter"));
    }

    void everyPageHasTheKeysOnceItIsShown()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        MainWindow window(world.console);
        window.restoreLast();
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        const std::pair<const char *, const char *> pages[]{{"needs", "pageTable"},     {"jobs", "jobList"},
                                                            {"ci", "emptyState"},       {"rollouts", "emptyState"},
                                                            {"artifacts", "pageTable"}, {"activity", "pageTable"},
                                                            {"doctor", "doctorTable"},  {"welcome", "welcomeDemo"}};
        for (const auto &[page, view] : pages) {
            window.showPage(QLatin1String(page));
            QTRY_COMPARE(focused(), QLatin1String(view));
        }
        window.openJob(job.id());
        QCOMPARE(focused(), QStringLiteral("attemptTree"));
        window.openGate(job.id());
        QTRY_COMPARE(window.gatePage().presenter().kind(), GatePresenter::Kind::Approval);
        QCOMPARE(focused(), QStringLiteral("gateEvidenceScroll"));
    }

    void theNavigationKeepsTheArrowsAndGivesAwayAChosenPage()
    {
        ConsoleWorld world;
        world.personJob(QStringLiteral("one"));
        MainWindow window(world.console);
        window.restoreLast();
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QTRY_COMPARE(focused(), QStringLiteral("jobList"));
        auto *nav = window.findChild<QListWidget *>(QStringLiteral("navList"));
        nav->setFocus();
        QTest::keyClick(nav, Qt::Key_Down);
        QCOMPARE(window.page(), QStringLiteral("ci"));
        QTest::keyClick(nav, Qt::Key_Up);
        QCOMPARE(window.page(), QStringLiteral("jobs"));
        QCOMPARE(focused(), QStringLiteral("navList"));
        QTest::keyClick(nav, Qt::Key_Return);
        QCOMPARE(focused(), QStringLiteral("jobList"));
        const auto click = [nav](int row) {
            QTest::mouseClick(nav->viewport(), Qt::LeftButton, {}, nav->visualItemRect(nav->item(row)).center());
        };
        click(5);
        QCOMPARE(window.page(), QStringLiteral("activity"));
        QTRY_COMPARE(focused(), QStringLiteral("pageTable"));
        nav->setFocus();
        click(5); // the one that is shown already
        QCOMPARE(focused(), QStringLiteral("pageTable"));
        window.findChild<QAction *>(QStringLiteral("actionFilter"))->trigger();
        QCOMPARE(focused(), QStringLiteral("jobFilter"));
    }
};

QTEST_MAIN(FocusTest)
#include "focustest.moc"
