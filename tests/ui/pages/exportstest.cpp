// SPDX-License-Identifier: Apache-2.0
/// Several jobs at once: all that are chosen, also those that were never on the screen, each into a file of its own.
#include "core/base/file.h"
#include "tests/testlib/patience.h"
#include "tests/ui/consoleworld.h"
#include "ui/dialogs/exportdialog.h"
#include "ui/models/joblistmodel.h"
#include "ui/pages/jobspage.h"
#include "ui/pages/mainwindow.h"

#include <QAction>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTreeView>

using namespace openfactory;
using namespace openfactory::ui;

class ExportsTest : public QObject {
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
    static QStringList filesIn(const QString &folder)
    {
        return QDir(folder).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }
    static std::vector<ExportDialog::Exported> three(ConsoleWorld &world)
    {
        std::vector<ExportDialog::Exported> jobs;
        for (const char *slug : {"one", "two", "three"})
            jobs.push_back({world.personJob(QLatin1String(slug)).id(), QLatin1String(slug)});
        return jobs;
    }
    static std::unique_ptr<ExportDialog> dialogFor(ConsoleWorld &world, std::vector<ExportDialog::Exported> jobs)
    {
        auto dialog = std::make_unique<ExportDialog>(world.console, std::move(jobs));
        dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        dialog->show();
        return dialog;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("openfactory-test"));
        QCoreApplication::setApplicationName(QStringLiteral("exportstest"));
    }
    void init() { QSettings().clear(); }

    void writesAFileForEachChosenJob()
    {
        ConsoleWorld world;
        (void)three(world);
        MainWindow window(world.console);
        window.restoreLast();
        window.show();
        QTRY_COMPARE(window.jobsPage().model().rowCount(), 3);
        window.jobsPage().view()->selectAll();
        find<QAction>(window, "actionExport")->trigger();
        QTRY_VERIFY(window.findChild<ExportDialog *>());
        auto *dialog = find<ExportDialog>(window, "exportDialog");
        QVERIFY(dialog->windowTitle().contains(u'3'));
        find<QPushButton>(*dialog, "exportChoose")->click();
        auto *chooser = find<QFileDialog>(*dialog, "exportFile");
        QCOMPARE(chooser->fileMode(), QFileDialog::Directory);
        QTemporaryDir folder;
        chooser->findChild<QLineEdit *>()->setText(folder.path());
        QTest::keyClick(chooser->findChild<QLineEdit *>(), Qt::Key_Return);
        const auto *said = find<QLabel>(*dialog, "exportSaid");
        QTRY_VERIFY2(said->text().startsWith(QStringLiteral("Exported 3")), qPrintable(said->text()));
        const QStringList first{QStringLiteral("one.tar"), QStringLiteral("three.tar"), QStringLiteral("two.tar")};
        QCOMPARE(filesIn(folder.path()), first);
        // What is there already is not overwritten.
        const QByteArray before = readSmallFile(folder.filePath(first.front())).value_or(QByteArray());
        QVERIFY(before.contains("one"));
        dialog->writeInto(folder.path());
        QTRY_COMPARE(filesIn(folder.path()).size(), 6);
        QTRY_VERIFY(said->text().startsWith(QStringLiteral("Exported 3")));
        QVERIFY(filesIn(folder.path()).contains(QStringLiteral("one-2.tar")));
        QVERIFY(readSmallFile(folder.filePath(first.front())).value_or(QByteArray()) == before);
        dialog->close();
    }

    void oneThatFailsDoesNotHoldUpTheOthers()
    {
        ConsoleWorld world;
        const auto jobs = three(world);
        const auto real = world.console.exportJob;
        world.console.exportJob = [real, bad = jobs[1].job](const ExportOrder &order) -> Result<void> {
            if (order.job == bad)
                return fail(ErrorKind::Io, QStringLiteral("export"), QStringLiteral("the log <b>cannot</b> be read"));
            return real(order);
        };
        QTemporaryDir folder;
        const auto dialog = dialogFor(world, jobs);
        find<QRadioButton>(*dialog, "exportPage")->setChecked(true);
        dialog->writeInto(folder.path());
        const auto *said = find<QLabel>(*dialog, "exportSaid");
        QTRY_VERIFY2(said->text().startsWith(QStringLiteral("2 of 3 jobs were written")), qPrintable(said->text()));
        QVERIFY2(said->text().contains(QStringLiteral("two: The log <b>cannot</b> be read")), qPrintable(said->text()));
        QCOMPARE(filesIn(folder.path()), (QStringList{QStringLiteral("one.html"), QStringLiteral("three.html")}));
    }

    void writesFindingsForEditors_data()
    {
        QTest::addColumn<QString>("choice");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("holds");
        QTest::newRow("SARIF") << QStringLiteral("exportSarif") << QStringLiteral("one.sarif")
                               << QByteArray("\"version\": \"2.1.0\"");
        QTest::newRow("tasks") << QStringLiteral("exportTasks") << QStringLiteral("one.tasks") << QByteArray();
    }
    void writesFindingsForEditors()
    {
        QFETCH(QString, choice);
        QFETCH(QString, name);
        QFETCH(QByteArray, holds);
        ConsoleWorld world;
        const auto jobs = three(world);
        QTemporaryDir folder;
        const auto dialog = dialogFor(world, jobs);
        find<QRadioButton>(*dialog, choice.toLatin1().constData())->setChecked(true);
        dialog->writeInto(folder.path());
        const auto *said = find<QLabel>(*dialog, "exportSaid");
        QTRY_VERIFY2(said->text().startsWith(QStringLiteral("Exported 3")), qPrintable(said->text()));
        QVERIFY2(filesIn(folder.path()).contains(name), qPrintable(filesIn(folder.path()).join(u' ')));
        const QByteArray text = readSmallFile(folder.filePath(name)).value_or(QByteArray("unread"));
        QVERIFY2(holds.isEmpty() ? text.isEmpty() : text.contains(holds), text.constData());
    }

    void cancellingKeepsWhatIsWhole()
    {
        ConsoleWorld world;
        const auto jobs = three(world);
        // Holds the second one in its first part until it is told to stop, as a slow disk would.
        std::atomic<bool> begun = false;
        const auto real = world.console.exportJob;
        world.console.exportJob = [&, real](const ExportOrder &order) {
            ExportOrder held = order;
            if (order.job == jobs[1].job)
                held.progress = [&, order](int done, int all) {
                    order.progress(done, all);
                    begun = true;
                    while (!order.stop.stop_requested())
                        QThread::msleep(2);
                };
            return real(held);
        };
        QTemporaryDir folder;
        const auto dialog = dialogFor(world, jobs);
        dialog->writeInto(folder.path());
        const auto *bar = find<QProgressBar>(*dialog, "exportProgress");
        QTRY_VERIFY(begun);
        QTRY_VERIFY(bar->value() > bar->maximum() / 3 && bar->value() < bar->maximum() * 2 / 3);
        find<QPushButton>(*dialog, "exportCancel")->click();
        const auto *said = find<QLabel>(*dialog, "exportSaid");
        QTRY_VERIFY2(said->text().startsWith(QStringLiteral("Cancelled; 1 of 3")), qPrintable(said->text()));
        QCOMPARE(filesIn(folder.path()), QStringList{QStringLiteral("one.tar")});
        begun = false;
        dialog->writeInto(folder.path());
        QTRY_VERIFY(begun);
        QTest::keyClick(dialog.get(), Qt::Key_Escape); // stops it, then closes
        QTRY_VERIFY(!dialog->isVisible());
        QCOMPARE(filesIn(folder.path()), (QStringList{QStringLiteral("one-2.tar"), QStringLiteral("one.tar")}));
    }

    void whatIsChosenNeedNotBeOnTheScreen()
    {
        ConsoleWorld world;
        constexpr int kMany = 230;
        Job job = world.personJob(QStringLiteral("job-0"));
        for (int i = 1; i < kMany; ++i) {
            job.identity.id = JobId::create();
            job.identity.slug = *Slug::parse(QStringLiteral("job-%1").arg(i));
            AuditRecord record;
            OF_OK(world.store->create(job, record));
        }
        MainWindow window(world.console);
        window.restoreLast();
        window.show();
        JobsPage &page = window.jobsPage();
        QTRY_COMPARE(page.model().rowCount(), kMany);
        QTRY_VERIFY(page.model().rowAt(0));
        page.view()->selectAll();
        std::vector<JobRow> chosen;
        page.readChosen([&](const std::vector<JobRow> &jobs) { chosen = jobs; });
        QTRY_COMPARE(chosen.size(), size_t(kMany));
        for (int i = 0; i < kMany; ++i)
            QCOMPARE(chosen[size_t(i)].num, page.model().numAt(i));
        // An act is done on all of them.
        Q_EMIT page.view()->customContextMenuRequested(page.view()->visualRect(page.model().index(0, 0)).center());
        auto *menu = find<QMenu>(page, "jobMenu");
        const auto actions = menu->actions();
        const auto pause = std::ranges::find_if(
            actions, [](const QAction *action) { return action->text().remove(u'&') == u"Pause"; });
        QVERIFY(pause != actions.end());
        (*pause)->trigger();
        menu->close();
        const auto paused = [&] {
            JobFilter all;
            all.limit = kMany;
            const auto jobs = *world.store->jobs(all);
            return int(std::ranges::count_if(jobs, [](const Job &one) { return one.wishes.paused; }));
        };
        QTRY_COMPARE(paused(), kMany);
    }
};

QTEST_MAIN(ExportsTest)
#include "exportstest.moc"
