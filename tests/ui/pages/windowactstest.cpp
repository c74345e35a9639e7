// SPDX-License-Identifier: Apache-2.0
/// What a person does with the window itself: the palette, the list's acts, quitting, and what it keeps and says.
#include "tests/testlib/patience.h"
#include "tests/ui/consoleworld.h"
#include "ui/pages/gatepage.h"
#include "ui/pages/jobpage.h"
#include "ui/pages/jobspage.h"
#include "ui/pages/mainwindow.h"
#include "ui/widgets/bannerstack.h"

#include <QAbstractItemView>
#include <QAccessible>
#include <QAccessibleAnnouncementEvent>
#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QDockWidget>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QSplitter>
#include <QStandardPaths>
#include <QToolButton>
#include <QTreeView>

using namespace openfactory;
using namespace openfactory::ui;

namespace {

QStringList announced; ///< what a screen reader was told to say

void hear(QAccessibleEvent *event)
{
    if (event->type() == QAccessible::Announcement)
        announced << static_cast<QAccessibleAnnouncementEvent *>(event)->message();
}

} // namespace

class WindowActsTest : public QObject {
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
    static QAction *entry(const QMenu &menu, const char *text)
    {
        for (QAction *action : menu.actions()) {
            if (action->text().remove(u'&') == QString::fromUtf8(text))
                return action;
        }
        return nullptr;
    }
    /// The menu of the rows that are chosen in the list.
    static QMenu *listMenu(MainWindow &window)
    {
        qDeleteAll(window.findChildren<QMenu *>(QStringLiteral("jobMenu")));
        Q_EMIT window.jobsPage().view()->customContextMenuRequested(QPoint(5, 5));
        return find<QMenu>(window, "jobMenu");
    }
    static void answer(QWidget &window, const char *button)
    {
        auto *box = find<QMessageBox>(window, "askDialog");
        find<QPushButton>(*box, button)->click();
        QTRY_VERIFY(window.findChildren<QMessageBox *>().isEmpty());
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("openfactory-test"));
        QCoreApplication::setApplicationName(QStringLiteral("windowactstest"));
    }
    void init() { QSettings().clear(); }

    void thePaletteHasTheActsOfThePage()
    {
        ConsoleWorld world;
        const Job job = world.atGate(QStringLiteral("basket"));
        MainWindow window(world.console);
        window.show();
        window.openJob(job.id());
        QTRY_VERIFY(find<QPushButton>(window, "jobPause")->isVisible());
        find<QAction>(window, "actionPalette")->trigger();
        auto *bar = find<QWidget>(window, "commandBar");
        auto *list = bar->findChild<QTreeView *>();
        QVERIFY(list);
        const auto row = [list](const QString &text) {
            for (int at = 0; at < list->model()->rowCount(); ++at) {
                const QModelIndex index = list->model()->index(at, 0);
                if (index.data().toString().contains(text))
                    return index;
            }
            return QModelIndex();
        };
        QVERIFY(row(QStringLiteral("Retry from")).isValid());
        QVERIFY(row(QStringLiteral("New job")).isValid());
        QVERIFY(!row(QStringLiteral("Unarchive")).isValid()); // not possible now
        bar->findChild<QLineEdit *>()->setText(QStringLiteral("Pause"));
        QTRY_VERIFY(row(QStringLiteral("This page: Pause")).isValid());
        list->setCurrentIndex(row(QStringLiteral("This page: Pause")));
        QTest::keyClick(bar->findChild<QLineEdit *>(), Qt::Key_Return);
        QTRY_VERIFY(world.now(job).wishes.paused);
    }

    void cancellingFromTheListIsAskedFirst()
    {
        ConsoleWorld world;
        const Job one = world.personJob(QStringLiteral("one"));
        const Job two = world.personJob(QStringLiteral("two"));
        const Job over = world.personJob(QStringLiteral("over"));
        OF_OK(world.desk->cancel(over.id()));
        MainWindow window(world.console);
        window.show();
        window.showPage(QStringLiteral("jobs"));
        QTRY_COMPARE(window.jobsPage().model().rowCount(), 3);
        QAbstractItemView *view = window.jobsPage().view();
        QTRY_VERIFY(window.jobsPage().model().rowAt(2));
        view->selectAll();
        entry(*listMenu(window), "Cancel…")->trigger();
        QTRY_VERIFY(window.findChild<QMessageBox *>(QStringLiteral("askDialog")));
        QVERIFY2(find<QMessageBox>(window, "askDialog")->windowTitle().contains(u'2'), "the one that is over counts");
        answer(window, "askNo");
        QTest::qWait(50);
        QCOMPARE(world.now(one).progress.state, JobState::Created);
        entry(*listMenu(window), "Cancel…")->trigger();
        QTRY_VERIFY(window.findChild<QMessageBox *>(QStringLiteral("askDialog")));
        answer(window, "askYes");
        QTRY_COMPARE(world.now(one).progress.state, JobState::Cancelled);
        QTRY_COMPARE(world.now(two).progress.state, JobState::Cancelled);
    }

    void theListLeadsToGateLinkAndDetails()
    {
        ConsoleWorld world;
        const Job job = world.atGate(QStringLiteral("basket"));
        MainWindow window(world.console);
        window.show();
        window.showPage(QStringLiteral("jobs"));
        QTRY_VERIFY(window.jobsPage().model().rowAt(0));
        QAbstractItemView *view = window.jobsPage().view();
        view->setCurrentIndex(view->model()->index(0, 0));
        QDockWidget *details = find<QDockWidget>(window, "dockDetails");
        QVERIFY(!details->isVisible());
        view->setFocus();
        QTest::keyClick(view, Qt::Key_Space);
        QVERIFY(details->isVisible());
        QTest::keyClick(view, Qt::Key_Space);
        QVERIFY(!details->isVisible());
        entry(*listMenu(window), "Copy link")->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("openfactory://job/") + job.id().text());
        entry(*listMenu(window), "Review…")->trigger();
        QTRY_COMPARE(window.page(), QStringLiteral("gate"));
    }

    void quitsNowOrAfterTheStage()
    {
        ConsoleWorld world;
        MainWindow window(world.console);
        window.show();
        QSignalSpy quit(&window, &MainWindow::quitWanted);
        QSignalSpy drain(&window, &MainWindow::drainWanted);
        window.setRunning(2);
        window.close();
        QVERIFY(window.isVisible());
        answer(window, "askNo");
        QVERIFY(quit.isEmpty() && drain.isEmpty());
        window.close();
        answer(window, "askDrain");
        QCOMPARE(drain.size(), 1);
        QVERIFY(window.isVisible() && quit.isEmpty());
        QVERIFY(window.banners().ids().contains(QStringLiteral("draining")));
        Q_EMIT window.banners().acted(QStringLiteral("draining")); // it takes too long
        QCOMPARE(quit.size(), 1);
        QVERIFY(!window.isVisible());
    }

    void theStatusBarTellsOfWorkersAndTheQueue()
    {
        ConsoleWorld world;
        world.console.workers = 3;
        world.personJob(QStringLiteral("one"));
        world.personJob(QStringLiteral("two"));
        MainWindow window(world.console);
        window.show();
        auto *engine = find<QToolButton>(window, "statusEngine");
        QTRY_VERIFY2(engine->text().contains(QStringLiteral("2 queued")), qPrintable(engine->text()));
        window.setRunning(1);
        QCOMPARE(engine->text(), QStringLiteral("1 of 3 workers busy, 2 queued"));
    }

    void aPartingIsKeptAtOnce()
    {
        ConsoleWorld world;
        const Job job = world.personJob(QStringLiteral("one"));
        QList<int> sizes;
        {
            MainWindow window(world.console);
            window.show();
            window.openJob(job.id());
            auto *splitter = find<QSplitter>(window, "jobSplitter");
            QTRY_VERIFY(splitter->isVisible());
            const int before = splitter->sizes().first();
            QWidget *handle = splitter->handle(1);
            const QPoint at = handle->rect().center();
            QTest::mousePress(handle, Qt::LeftButton, {}, at);
            QTest::mouseMove(handle, at + QPoint(70, 0));
            QTest::mouseRelease(handle, Qt::LeftButton, {}, at + QPoint(70, 0));
            sizes = splitter->sizes();
            QVERIFY2(sizes.first() > before + 40, qPrintable(QString::number(sizes.first())));
            QVERIFY(QSettings().contains(QStringLiteral("splits/jobSplitter"))); // not when it is closed
        }
        MainWindow window(world.console);
        window.show();
        window.openJob(job.id());
        auto *splitter = find<QSplitter>(window, "jobSplitter");
        QTRY_VERIFY(splitter->isVisible());
        QTRY_VERIFY(std::abs(splitter->sizes().first() - sizes.first()) < 12);
    }

    void theEndOfAJobIsSaid()
    {
        const SystemClock clock;
        ConsoleWorld world(&clock);
        const Job job = world.atGate(QStringLiteral("basket"));
        MainWindow window(world.console);
        window.show();
        QTRY_VERIFY(window.jobsPage().model().rowAt(0));
        announced.clear();
        QAccessible::setActive(true); // somebody listens
        QAccessible::installUpdateHandler(hear);
        OF_OK(world.desk->decide(job.id(), world.approval(job, {QStringLiteral("coverage")})));
        OF_OK(world.run(job));
        QTRY_VERIFY2(announced.join(u'|').contains(QStringLiteral("Done")), qPrintable(announced.join(u'|')));
        QAccessible::installUpdateHandler(nullptr);
    }

    void theDecisionStaysInSightWithManyRisks()
    {
        ConsoleWorld world;
        const Job job = world.atGate(QStringLiteral("basket"));
        Step step;
        step.job = job.id();
        step.ifRevision = world.now(job).revision;
        for (int i = 0; i < 40; ++i) {
            Risk risk;
            risk.name = QStringLiteral("risk-%1").arg(i);
            risk.stage = QStringLiteral("lint");
            risk.text = QStringLiteral(
                "something that may matter, told at some length so that it takes a few lines here");
            step.risks.push_back(risk);
        }
        OF_OK(world.store->commit(step));
        MainWindow window(world.console);
        window.resize(1280, 800);
        window.show();
        window.openGate(job.id());
        QTRY_COMPARE(window.gatePage().presenter().openRisks().size(), size_t(41));
        auto *scroll = find<QScrollArea>(window, "gateRiskScroll");
        QTRY_VERIFY(scroll->verticalScrollBar()->maximum() > 0);
        QCOMPARE(window.height(), 800);
        for (const char *name : {"gateSubmit", "gateWhyNot"}) {
            auto *widget = find<QWidget>(window, name);
            const QRect place(widget->mapTo(&window, QPoint(0, 0)), widget->size());
            QVERIFY2(window.rect().contains(place), name);
        }
        const auto boxes = scroll->findChildren<QCheckBox *>();
        QCOMPARE(boxes.size(), 41);
        boxes.last()->setFocus(Qt::TabFocusReason);
        QTRY_VERIFY(scroll->viewport()->rect().intersects(
            QRect(boxes.last()->mapTo(scroll->viewport(), QPoint(0, 0)), boxes.last()->size())));
    }

    void anErrorCanBeCopied()
    {
        BannerStack banners;
        banners.show({QStringLiteral("x"), KMessageWidget::Error, QStringLiteral("it broke <b>here</b>"), {}, true});
        auto *banner = find<KMessageWidget>(banners, "banner-x");
        QCOMPARE(banner->actions().size(), 1);
        banner->actions().first()->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("it broke <b>here</b>"));
    }

    void aRecoveryCanBeReported()
    {
        ConsoleWorld world;
        MainWindow window(world.console);
        window.show();
        const Job job = world.atGate(QStringLiteral("secret-plan"));
        EventRecord recovered;
        recovered.job = job.id();
        recovered.kind = QStringLiteral("recovered");
        recovered.stage = QStringLiteral("unit-test");
        recovered.detail = {{QStringLiteral("mended"), 2}};
        Step step;
        step.job = job.id();
        step.events.push_back(recovered);
        OF_OK(world.store->commit(step));
        world.feed.look();
        QTRY_VERIFY(window.banners().ids().contains(QStringLiteral("recovered")));
        auto *banner = find<KMessageWidget>(window, "banner-recovered");
        QVERIFY(banner->text().contains(QStringLiteral("secret-plan at unit-test")));
        QCOMPARE(banner->actions().size(), 2);
        banner->actions().last()->trigger();
        const QString report = QGuiApplication::clipboard()->text();
        QVERIFY2(report.contains(job.id().text() + QStringLiteral(" taken up again at unit-test, 2 effects made good")),
                 qPrintable(report));
        QVERIFY(report.contains(QLatin1String(qVersion())));
        QVERIFY(!report.contains(QStringLiteral("secret-plan"))); // it is for others
    }
};

QTEST_MAIN(WindowActsTest)
#include "windowactstest.moc"
