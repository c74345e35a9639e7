// SPDX-License-Identifier: Apache-2.0
/// A document that a job waits with: what is typed outlives another gate and a crash, and goes when it is saved or
/// dropped.
#include "ui/widgets/documentreview.h"

#include "tests/testlib/patience.h"
#include "tests/ui/consoleworld.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>

using namespace openfactory;
using namespace openfactory::ui;

class DocumentReviewTest : public QObject {
    Q_OBJECT

    template<class W>
    static W *find(QWidget &in, const char *name)
    {
        W *found = in.findChild<W *>(QLatin1String(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    static Job waits(ConsoleWorld &world, const char *slug)
    {
        const Job job = world.personJob(QLatin1String(slug), "contract:\n  language: script\n"
                                                             "  pipeline: [spec, implement, deploy]\n");
        if (const auto end = world.run(job); !end)
            qFatal("%s", qPrintable(errorText(end)));
        return job;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("openfactory-test"));
        QCoreApplication::setApplicationName(QStringLiteral("documentreviewtest"));
        QSettings().clear();
    }

    void whatIsTypedIsKeptUntilItIsSaved()
    {
        ConsoleWorld world;
        const Job one = waits(world, "one");
        const Job other = waits(world, "other");
        const QString typed = QStringLiteral("scope: 5 # not yet\n");
        {
            GatePresenter presenter(world.reader, world.operators, *world.ports.clock);
            DocumentReview review(presenter);
            review.setVisible(true);
            presenter.setJob(one.id());
            QTRY_VERIFY(presenter.draft());
            find<QPushButton>(review, "documentChange")->click();
            QVERIFY(review.isEditing());
            find<QPlainTextEdit>(review, "documentEdit")->setPlainText(typed);
            presenter.setJob(other.id()); // at once, before a timer
            QTRY_VERIFY(presenter.draft());
            QVERIFY(!review.isEditing());
            find<QPushButton>(review, "documentChange")->click();
            QVERIFY(find<QPlainTextEdit>(review, "documentEdit")->toPlainText() != typed);
            presenter.setJob(one.id());
            QTRY_VERIFY(presenter.draft());
            QVERIFY(find<QPushButton>(review, "documentChange")->text().startsWith(QStringLiteral("Go on")));
        }
        GatePresenter presenter(world.reader, world.operators, *world.ports.clock);
        DocumentReview review(presenter);
        review.setVisible(true);
        presenter.setJob(one.id());
        QTRY_VERIFY(presenter.draft());
        find<QPushButton>(review, "documentChange")->click();
        auto *edit = find<QPlainTextEdit>(review, "documentEdit");
        QCOMPARE(edit->toPlainText(), typed);
        find<QPushButton>(review, "documentSave")->click();
        auto *fault = find<QLabel>(review, "documentFault");
        QTRY_VERIFY2(fault->text().contains(QStringLiteral("scope")), qPrintable(fault->text()));
        QVERIFY(review.isEditing() && edit->toPlainText() == typed); // what is wrong with it is said, nothing is lost
        edit->setPlainText(QStringLiteral("scope: [one]\nnon_goals: []\nassumptions: []\nacceptance_criteria: "
                                          "[{id: AC-1, text: it adds up}]\nconstraints: []\nrisks: []\n"));
        find<QPushButton>(review, "documentSave")->click();
        QTRY_VERIFY(!review.isEditing());
        QTRY_VERIFY(presenter.draft() && presenter.draft()->yaml.contains("it adds up"));
        QTest::qWait(700); // the timer of what was typed says nothing any more
        QVERIFY(!QSettings().contains(QStringLiteral("documents/") + one.id().text()));

        find<QPushButton>(review, "documentChange")->click();
        edit->setPlainText(typed);
        QTRY_VERIFY(QSettings().contains(QStringLiteral("documents/") + one.id().text()));
        find<QPushButton>(review, "documentDrop")->click();
        QVERIFY(!QSettings().contains(QStringLiteral("documents/") + one.id().text()));
    }
};

QTEST_MAIN(DocumentReviewTest)
#include "documentreviewtest.moc"
