// SPDX-License-Identifier: Apache-2.0
/// What comes from outside, seen from the console: names of files that steer, files that are gone.
#include "core/base/text.h"
#include "core/engine/jobfolder.h"
#include "tests/testlib/patience.h"
#include "tests/ui/consoleworld.h"
#include "ui/models/joblistmodel.h"
#include "ui/pages/gatepage.h"
#include "ui/pages/jobpage.h"
#include "ui/pages/jobspage.h"
#include "ui/pages/mainwindow.h"
#include "ui/widgets/bannerstack.h"
#include "ui/widgets/diffdocument.h"
#include "ui/widgets/diffpane.h"
#include "ui/widgets/diffview.h"

#include <QAbstractButton>
#include <QDockWidget>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSettings>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTextBrowser>
#include <QTreeView>

using namespace openfactory;
using namespace openfactory::ui;

namespace {

const QByteArrayList kNames{"<b>bold</b>.py", "two\nlines.py",    "txt.\xe2\x80\xaeyp.exe",
                            "esc\x1b[31m.py", "not-\xff-text.py", "<img src=x>/a&amp;b.py"};

/// Texts of an item model, all the way down.
void textsOf(const QAbstractItemModel &model, const QModelIndex &parent, QStringList &texts)
{
    for (int row = 0; row < model.rowCount(parent); ++row) {
        for (int column = 0; column < model.columnCount(parent); ++column) {
            const QModelIndex at = model.index(row, column, parent);
            for (const int role : {int(Qt::DisplayRole), int(Qt::AccessibleTextRole)})
                texts << at.data(role).toString();
            // A tooltip is read as markup where it looks like some.
            const QString tip = at.data(Qt::ToolTipRole).toString();
            texts << tip;
            if (tip.contains(u"<b>") || tip.contains(u"<img"))
                texts << QStringLiteral("\u202e markup in a tooltip: ") + tip;
        }
        textsOf(model, model.index(row, 0, parent), texts);
    }
}

/// Everything that a widget and what is in it say, on the screen and to a screen reader.
QStringList textsOf(QWidget &window)
{
    QStringList texts;
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        texts << widget->accessibleName() << widget->accessibleDescription() << widget->toolTip();
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            texts << label->text();
        if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
            texts << button->text();
        if (const auto *edit = qobject_cast<const QPlainTextEdit *>(widget))
            texts << edit->toPlainText();
        if (const auto *pane = qobject_cast<const DiffPane *>(widget))
            texts << pane->spokenRows();
        if (const auto *view = qobject_cast<const QAbstractItemView *>(widget); view && view->model())
            textsOf(*view->model(), {}, texts);
    }
    texts.removeDuplicates();
    return texts;
}

/// What is not seen, or steers; of line ends only those within a name.
QStringList hidden(const QStringList &texts)
{
    QStringList found;
    for (const QString &text : texts) {
        const QString shown = displayableLines(text);
        if (shown != text || text.contains(QStringLiteral("two\nlines")))
            found << shown;
    }
    return found;
}

} // namespace

class HostileTest : public QObject {
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
    /// At its gate with files of those names, each with a line that hides something, and findings that name them.
    static Job withHostileFiles(ConsoleWorld &world)
    {
        const Job job = world.personJob(QStringLiteral("hostile"));
        (void)world.run(job);
        for (const QByteArray &name : kNames)
            world.writeInWorkspace(job, name, "if a \xe2\x80\xae} <i>b</i> \x1b[2J\n");
        world.writeInWorkspace(job, "coverage", "70");
        world.writeInWorkspace(job, "broken-lint", "\xe2\x80\xae<b>bad</b> \x1b[31m");
        if (const auto again = world.desk->retry(job.id(), {}); !again)
            qFatal("%s", qPrintable(toText(again.error())));
        const auto end = world.run(job);
        if (!end || world.now(job).progress.wait.kind != WaitKind::Approval)
            qFatal("the job is not at its gate: %s, %s", qPrintable(errorText(end)), qPrintable(world.ledger(job)));
        return world.now(job);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("openfactory-test"));
        QCoreApplication::setApplicationName(QStringLiteral("hostiletest"));
    }
    void init() { QSettings().clear(); }

    void namesOfFilesAreShownAndSteerNothing()
    {
        ConsoleWorld world;
        const Job job = withHostileFiles(world);
        MainWindow window(world.console);
        window.show();
        for (QDockWidget *dock : window.findChildren<QDockWidget *>())
            dock->show();
        window.openJob(job.id());
        JobPage &page = window.jobPage();
        QTRY_VERIFY(page.presenter().details());
        for (const char *tab : {"timeline", "log", "tests", "artifacts", "audit", "changes"}) {
            page.showTab(QLatin1String(tab));
            QTest::qWait(50);
        }
        auto *view = page.findChild<DiffView *>();
        QTRY_VERIFY(view->isVisible());
        QTRY_COMPARE(view->document()->count(), int(kNames.size()) + 2);
        auto *pane = page.findChild<DiffPane *>();
        for (const QByteArray &name : kNames) {
            view->goToFile(name);
            QTRY_VERIFY2(pane->spokenRows().join(u'\n').contains(displayPath(name)), qPrintable(displayPath(name)));
        }
        // The content of the last one comes when it was read.
        const QString content = QStringLiteral("if a \\u202e} <i>b</i> \\x1b[2J");
        QTRY_VERIFY(pane->spokenRows().join(u'\n').contains(content));
        const QString all = textsOf(window).join(u'\n');
        for (const char *shown : {"<b>bold</b>.py", "two\\nlines.py", "txt.\\u202eyp.exe", "esc\\x1b[31m.py",
                                  "not-\\xff-text.py", "a&amp;b.py"})
            QVERIFY2(all.contains(QLatin1String(shown)), shown);

        // A remark on such a line becomes the text of a decision.
        view->goToFile("two\nlines.py");
        pane->setFolded(view->document()->indexOf("two\nlines.py"), false);
        QTRY_VERIFY(pane->goToLine(view->document()->indexOf("two\nlines.py"), DiffSide::New, 1));
        QTest::keyClick(pane, Qt::Key_C);
        find<QPlainTextEdit>(*view, "diffCommentText")->setPlainText(QStringLiteral("what is this?"));
        QTest::keyClick(find<QPlainTextEdit>(*view, "diffCommentText"), Qt::Key_Return, Qt::ControlModifier);
        QTest::qWait(1200);
        window.openGate(job.id());
        GatePresenter &gate = window.gatePage().presenter();
        QTRY_COMPARE(gate.kind(), GatePresenter::Kind::Approval);
        QTRY_VERIFY2(gate.comment().contains(QStringLiteral("two\\nlines.py:1")), qPrintable(gate.comment()));
        QVERIFY2(gate.comment().contains(QStringLiteral("if a \\u202e}")), qPrintable(gate.comment()));
        gate.setDecision(DecisionKind::Approve);
        QTest::qWait(100);
        for (const char *name : {"needs", "jobs", "artifacts", "activity"}) {
            window.showPage(QLatin1String(name));
            QTest::qWait(50);
        }
        const QStringList bad = hidden(textsOf(window));
        QVERIFY2(bad.isEmpty(), qPrintable(bad.join(QStringLiteral("\n--\n"))));
    }

    void anArtifactThatIsGoneSaysSo()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        MainWindow window(world.console);
        window.show();
        window.openJob(job.id());
        JobPage &page = window.jobPage();
        page.showTab(QStringLiteral("artifacts"));
        auto *table = find<QTreeView>(page, "artifactTable");
        QTRY_VERIFY(table->model()->rowCount() > 1);
        auto *text = find<QPlainTextEdit>(page, "artifactText");
        const auto fileOf = [&](int row) {
            return JobFolder(world.console.dataFolder, job.id()).path() + u'/'
                   + table->model()->index(row, 0).data(DataRole).toString();
        };
        QVERIFY(QFile::remove(fileOf(0)));
        table->setCurrentIndex(table->model()->index(0, 0));
        QTRY_VERIFY2(text->toPlainText().startsWith(QStringLiteral("It cannot be read.")),
                     qPrintable(text->toPlainText()));
        // A folder, or a link out, in its place is not followed.
        QVERIFY(QFile::link(QStringLiteral("/etc/passwd"), fileOf(0)));
        table->setCurrentIndex(table->model()->index(1, 0));
        auto *content = find<QStackedWidget>(page, "artifactContent");
        QTRY_VERIFY(content->currentWidget() != text || !text->toPlainText().startsWith(QStringLiteral("It cannot")));
        table->setCurrentIndex(table->model()->index(0, 0));
        QTRY_VERIFY(content->currentWidget() == text
                    && text->toPlainText().startsWith(QStringLiteral("It cannot be read.")));
        QVERIFY(!text->toPlainText().contains(QStringLiteral("root:")));
    }

    void actsOnALostStoreAreRefused()
    {
        ConsoleWorld world;
        const Job job = world.personJob(QStringLiteral("one"));
        MainWindow window(world.console);
        window.show();
        window.openJob(job.id());
        QTRY_VERIFY(window.jobPage().presenter().details());
        bool opened = false; // the desk, as in the program
        world.operators.ask(
            &window, [](OperatorSide &) { return Result<bool>(true); },
            [&](const Result<bool> &is) { opened = is.has_value(); });
        QTRY_VERIFY(opened);
        const QString file = world.ports.settings.dataFolder + QStringLiteral("/openfactory.db");
        for (const char *end : {"", "-wal", "-shm"})
            QFile::remove(file + QLatin1String(end));
        window.jobPage().presenter().cancel();
        const auto refused = [&] {
            const auto *banner = window.findChild<KMessageWidget *>(QStringLiteral("banner-refused"));
            return banner ? banner->text() : QString();
        };
        QTRY_VERIFY2(refused().contains(QStringLiteral("was deleted or replaced")), qPrintable(refused()));
        QVERIFY(!QFile::exists(file));
        // Nor into another one that was put in its place.
        QFile other(file);
        QVERIFY(other.open(QIODevice::WriteOnly));
        other.close();
        bool answered = false;
        world.operators.ask(
            &window, [job](OperatorSide &side) { return side.desk().cancel(job.id()); },
            [&](const Result<void> &done) { answered = !done; });
        QTRY_VERIFY(answered);
        QCOMPARE(QFileInfo(file).size(), 0);
    }
};

QTEST_MAIN(HostileTest)
#include "hostiletest.moc"
