// SPDX-License-Identifier: Apache-2.0
/// The form of a new job: what was typed outlives a kill, and goes when the job is made or the form is dropped.
#include "core/base/file.h"
#include "tests/testlib/patience.h"
#include "tests/ui/consoleworld.h"
#include "ui/dialogs/newjobdialog.h"
#include "ui/pages/mainwindow.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTreeView>

using namespace openfactory;
using namespace openfactory::ui;

class NewJobTest : public QObject {
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
    static NewJobDialog *form(MainWindow &window)
    {
        const auto forms = window.findChildren<NewJobDialog *>();
        const auto open = std::ranges::find_if(forms, [](const NewJobDialog *one) { return one->isVisible(); });
        return open == forms.end() ? nullptr : *open;
    }
    /// A window as after a start, with the form open.
    static NewJobDialog &opened(MainWindow &window)
    {
        window.restoreLast();
        window.show();
        find<QAction>(window, "actionNewJob")->trigger();
        find<QAction>(window, "actionNewJob")->trigger(); // the one that is open
        if (window.findChildren<NewJobDialog *>().size() != 1)
            qFatal("not one form");
        return *form(window);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("openfactory-test"));
        QCoreApplication::setApplicationName(QStringLiteral("newjobtest"));
    }
    void init() { QSettings().clear(); }

    void anUnfinishedFormComesBack()
    {
        ConsoleWorld world;
        const QString task = QStringLiteral("First line\n<b>second</b> \u202eline");
        {
            MainWindow window(world.console);
            NewJobDialog &dialog = opened(window);
            find<QLineEdit>(dialog, "newJobRepository")->setText(world.repository.path());
            find<QLineEdit>(dialog, "newJobSlug")->setText(QStringLiteral("half-done"));
            find<QPlainTextEdit>(dialog, "newJobTask")->setPlainText(task);
            find<QLineEdit>(dialog, "newJobTarget")->setText(QStringLiteral("main"));
            find<QComboBox>(dialog, "newJobPriority")->setCurrentIndex(1);
            QTRY_VERIFY(NewJobDialog::hasUnfinished());
            // Nothing is closed: as after a kill, only what was written is there.
        }
        {
            MainWindow again(world.console);
            again.restoreLast();
            again.show();
            QTRY_VERIFY(form(again));
            NewJobDialog &dialog = *form(again);
            QCOMPARE(find<QLineEdit>(dialog, "newJobRepository")->text(), world.repository.path());
            QCOMPARE(find<QLineEdit>(dialog, "newJobSlug")->text(), QStringLiteral("half-done"));
            QCOMPARE(find<QPlainTextEdit>(dialog, "newJobTask")->toPlainText(), task);
            QCOMPARE(find<QLineEdit>(dialog, "newJobTarget")->text(), QStringLiteral("main"));
            QCOMPARE(find<QComboBox>(dialog, "newJobPriority")->currentIndex(), 1);
            auto *make = find<QPushButton>(dialog, "newJobMake");
            QTRY_VERIFY2(make->isEnabled(), qPrintable(find<QLabel>(dialog, "newJobWhyNot")->text()));
            make->click();
            QTRY_COMPARE(again.page(), QStringLiteral("job"));
            QCOMPARE(world.store->jobs({})->size(), size_t(1));
            QCOMPARE(world.store->jobs({})->front().identity.task, task);
            QVERIFY(!NewJobDialog::hasUnfinished());
        }
        MainWindow third(world.console);
        third.restoreLast();
        third.show();
        QTest::qWait(50);
        QVERIFY(!form(third));
    }

    /// What the form shows beside itself is what the job then is.
    void theJobIsTheOneThatWasPlanned()
    {
        ConsoleWorld world;
        (void)world.made(world.plain(QStringLiteral("earlier")));
        const QByteArray contract = "contract:\n  language: script\n  forbidden_files: [a.txt]\n";
        OF_OK(writeFileAtomically(world.repository.path() + QStringLiteral("/contract.yaml"), contract));
        MainWindow window(world.console);
        NewJobDialog &dialog = opened(window);
        auto *repositories = find<QComboBox>(dialog, "newJobRepositories");
        QTRY_COMPARE(repositories->count(), 1);
        QCOMPARE(repositories->currentText(), QString()); // offered, not chosen
        auto *make = find<QPushButton>(dialog, "newJobMake");
        auto *whyNot = find<QLabel>(dialog, "newJobWhyNot");
        repositories->setCurrentIndex(0);
        find<QPlainTextEdit>(dialog, "newJobTask")->setPlainText(QStringLiteral("Add a flag\nthat does much"));
        QCOMPARE(find<QLineEdit>(dialog, "newJobSlug")->placeholderText(), QStringLiteral("add-a-flag-that-does-much"));
        auto *stages = find<QTreeView>(dialog, "planStages");
        const auto cell = [&](int row, int column) { return stages->model()->index(row, column).data().toString(); };
        QTRY_COMPARE(cell(0, 0), QStringLiteral("implement"));
        auto *pipeline = find<QComboBox>(dialog, "newJobPipeline");
        pipeline->setCurrentIndex(pipeline->findText(QStringLiteral("openfactory")));
        QTRY_COMPARE(cell(0, 0), QStringLiteral("preflight"));

        auto *target = find<QLineEdit>(dialog, "newJobTarget");
        target->setText(QStringLiteral("nowhere"));
        QTRY_VERIFY2(whyNot->text().contains(QStringLiteral("nowhere")), qPrintable(whyNot->text()));
        QVERIFY(!make->isEnabled());
        target->clear();
        QTRY_VERIFY2(make->isEnabled(), qPrintable(whyNot->text()));

        // A contract that is spoiled meanwhile is told with its line, and the job is not made.
        OF_OK(writeFileAtomically(world.repository.path() + QStringLiteral("/contract.yaml"),
                                  "contract:\n  languag: x\n"));
        make->click();
        QTRY_VERIFY2(whyNot->text().contains(QStringLiteral("languag")), qPrintable(whyNot->text()));
        QCOMPARE(world.store->jobs({})->size(), size_t(1));
        OF_OK(writeFileAtomically(world.repository.path() + QStringLiteral("/contract.yaml"), contract));
        find<QCheckBox>(dialog, "newJobReviewSpec")->setChecked(true);
        QTRY_VERIFY2(make->isEnabled(), qPrintable(whyNot->text()));
        make->click();
        QTRY_COMPARE(world.store->jobs({})->size(), size_t(2));
        const auto job = world.store->find(QStringLiteral("add-a-flag-that-does-much"), world.repository.path());
        OF_OK(job);
        QCOMPARE(job->identity.contractYaml.toUtf8(), contract);
        QCOMPARE(job->identity.contractFile, QStringLiteral("contract.yaml")); // which the job must not touch
        QVERIFY(job->identity.pipelineYaml.contains(QStringLiteral("preflight")));
        QVERIFY(job->identity.reviewSpec);
        QCOMPARE(job->identity.title, QStringLiteral("Add a flag"));
    }

    void aFormIsNotDroppedUnasked()
    {
        ConsoleWorld world;
        MainWindow window(world.console);
        NewJobDialog &dialog = opened(window);
        find<QPlainTextEdit>(dialog, "newJobTask")->setPlainText(QStringLiteral("much that was typed"));
        QTRY_VERIFY(NewJobDialog::hasUnfinished());
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QVERIFY(dialog.isVisible());
        find<QPushButton>(dialog, "askNo")->click();
        QVERIFY(dialog.isVisible() && NewJobDialog::hasUnfinished());
        QTRY_VERIFY(!dialog.findChild<QPushButton *>(QStringLiteral("askYes")));
        QTest::keyClick(&dialog, Qt::Key_Escape);
        find<QPushButton>(dialog, "askYes")->click();
        QTRY_VERIFY(!form(window));
        QVERIFY(!NewJobDialog::hasUnfinished());
    }

    void anEmptyFormClosesAndIsForgotten()
    {
        ConsoleWorld world;
        MainWindow window(world.console);
        NewJobDialog &dialog = opened(window);
        auto *slug = find<QLineEdit>(dialog, "newJobSlug");
        slug->setText(QStringLiteral("x"));
        QTRY_VERIFY(NewJobDialog::hasUnfinished());
        slug->clear();
        QTRY_VERIFY(!NewJobDialog::hasUnfinished());
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QTRY_VERIFY(!form(window));
    }
};

QTEST_MAIN(NewJobTest)
#include "newjobtest.moc"
