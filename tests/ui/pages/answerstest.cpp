// SPDX-License-Identifier: Apache-2.0
/// How long the window is without an answer. Time is measured as it is built for people: with sanitizers it says
/// nothing of theirs.
#include "tests/testlib/patience.h"
#include "tests/ui/consoleworld.h"
#include "ui/models/framewatch.h"
#include "ui/pages/jobpage.h"
#include "ui/pages/mainwindow.h"

#include <QStandardPaths>

using namespace openfactory;
using namespace openfactory::ui;

class AnswersTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("openfactory-test"));
        QCoreApplication::setApplicationName(QStringLiteral("answerstest"));
    }

    void theWindowAnswersWhileJobsRun()
    {
        ConsoleWorld world;
        MainWindow window(world.console);
        window.show();
        const Job job = world.playbookJob(QStringLiteral("runs"), {{{}, {{"b.txt", "new\\n"}}}});
        window.openJob(job.id());
        QTRY_VERIFY(window.jobPage().presenter().details());
        QTest::qWait(300);
        FrameWatch watch;
        const std::unique_ptr<QThread> engine(QThread::create([&] {
            auto store = *world.ports.openStore();
            const auto lease = store->claim(job.id(), newUlid(), std::chrono::seconds(60));
            auto run = JobRun::open(world.ports, *store, *lease, {});
            (void)(*run)->run();
        }));
        engine->start();
        QTRY_VERIFY(engine->isFinished());
        QTRY_COMPARE(window.jobPage().presenter().details()->job.progress.wait.kind, WaitKind::Approval);
        QVERIFY(watch.frameP95Ms() > 0 && watch.frameP95Ms() <= watch.worstMs() + 0.2);
        qInfo("worst time without an answer: %.1f ms, computed: %.1f ms", watch.worstMs(), watch.worstComputedMs());
        // The budget of 16 ms is a release build's on an idle machine; what waits for a processor on a busy one is not
        // ours.
        QVERIFY2(watch.worstComputedMs() < 30, qPrintable(QString::number(watch.worstComputedMs())));
        QVERIFY2(watch.worstMs() < 500, qPrintable(QString::number(watch.worstMs())));
    }
};

QTEST_MAIN(AnswersTest)
#include "answerstest.moc"
