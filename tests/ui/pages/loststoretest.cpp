// SPDX-License-Identifier: Apache-2.0
/// The program whose store is deleted under it: it says so, stops its engine, refuses acts, and makes no new store.
#include "app/openfactory/application.h"
#include "tests/testlib/expect.h"
#include "tests/testlib/patience.h"
#include "tests/testlib/scratchrepository.h"
#include "ui/pages/jobpage.h"
#include "ui/pages/jobspage.h"
#include "ui/widgets/bannerstack.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>

using namespace openfactory;
using namespace openfactory::ui;

class LostStoreTest : public QObject {
    Q_OBJECT

private:
    static QString textOf(MainWindow &window, const char *banner)
    {
        const auto *found = window.findChild<KMessageWidget *>(QStringLiteral("banner-") + QLatin1String(banner));
        return found ? found->text() : QString();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("openfactory-test"));
        QCoreApplication::setApplicationName(QStringLiteral("loststoretest"));
    }
    void init() { QSettings().clear(); }

    void refusesActsAndMakesNoOtherStore()
    {
        ScratchRepository repository;
        repository.write("a.txt", "first\n");
        repository.commitAll();
        const QString folder = repository.outside() + QStringLiteral("/data");
        auto made = Application::create(folder);
        OF_OK(made);
        Application &console = **made;
        MainWindow &window = console.window();
        window.show();
        QSignalSpy started(&console, &Application::started);
        console.start();
        QTRY_COMPARE(started.size(), 1);
        std::optional<Job> job;
        NewJob wanted;
        wanted.slug = QStringLiteral("one");
        wanted.repository = repository.path();
        wanted.contract = "contract:\n  language: python\n";
        console.console().desk->ask(
            &window, [wanted](OperatorSide &side) { return side.desk().create(wanted); },
            [&](const Result<Job> &done) {
                if (done)
                    job = *done;
                else
                    qWarning("%s", qPrintable(toText(done.error())));
            });
        QTRY_VERIFY(job);
        QTRY_COMPARE(window.jobsPage().model().rowCount(), 1);
        window.openJob(job->id());
        QTRY_VERIFY(window.jobPage().presenter().isLegal(JobPresenter::Act::Pause)
                    || window.jobPage().presenter().isLegal(JobPresenter::Act::Cancel));

        QSignalSpy stopped(&console.engine(), &EngineThread::stopped);
        for (const char *end : {"", "-wal", "-shm"})
            QFile::remove(folder + QStringLiteral("/openfactory.db") + QLatin1String(end));
        console.console().feed->look();
        QTRY_VERIFY(textOf(window, "store").contains(QStringLiteral("was deleted or replaced")));
        QTRY_COMPARE(stopped.size(), 1);
        QTRY_VERIFY(textOf(window, "engine").contains(QStringLiteral("The engine has stopped")));

        // An act says why it is refused, and does nothing.
        window.jobPage().presenter().pause({});
        QTRY_VERIFY2(textOf(window, "refused").contains(QStringLiteral("was deleted or replaced")),
                     qPrintable(textOf(window, "refused")));
        QVERIFY(textOf(window, "refused").contains(QStringLiteral("Next:")));
        bool answered = false;
        wanted.slug = QStringLiteral("two");
        console.console().desk->ask(
            &window, [wanted](OperatorSide &side) { return side.desk().create(wanted); },
            [&](const Result<Job> &done) { answered = !done && done.error().kind == ErrorKind::NotFound; });
        QTRY_VERIFY(answered);
        QVERIFY(!QFile::exists(folder + QStringLiteral("/openfactory.db")));
        QCOMPARE(window.jobsPage().model().rowCount(), 1); // what was read is shown on

        QSignalSpy ended(&console, &Application::ended); // and it can be left
        console.stop();
        QTRY_COMPARE(ended.size(), 1);
    }
};

QTEST_MAIN(LostStoreTest)
#include "loststoretest.moc"
