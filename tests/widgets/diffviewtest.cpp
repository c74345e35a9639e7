// SPDX-License-Identifier: Apache-2.0
/// The view of changes by keyboard and mouse, over real repositories: files on demand, gaps, viewed marks, comments.
#include "ui/widgets/diffview.h"

#include "tests/testlib/cputime.h"
#include "tests/testlib/patience.h"
#include "tests/widgets/diffsamples.h"
#include "ui/widgets/difffilesmodel.h"
#include "ui/widgets/diffpane.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QBuffer>
#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QElapsedTimer>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QTreeView>

#include <atomic>

using namespace openfactory;
using State = DiffDocument::State;

namespace {

QByteArray numbered(int from, int to)
{
    QByteArray text;
    for (int i = from; i <= to; ++i)
        text += "line " + QByteArray::number(i) + '\n';
    return text;
}

QByteArray png(int width, int height, Qt::GlobalColor colour)
{
    QImage image(width, height, QImage::Format_RGB32);
    image.fill(colour);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

/// A source that needs no repository: `count` files of which each patch is made when it is asked for.
DiffSource manyFiles(int count, const std::shared_ptr<std::atomic<int>> &asked)
{
    DiffSource source;
    for (int i = 0; i < count; ++i) {
        FileChange change;
        change.path = change.oldPath = QByteArray("src/part_") + QByteArray::number(i / 100).rightJustified(3, '0')
                                       + "/file_" + QByteArray::number(i).rightJustified(5, '0') + ".txt";
        change.oldMode = change.newMode = 0100644;
        change.added = change.removed = 1;
        source.files.push_back({change, QStringLiteral("key %1").arg(i), false});
    }
    source.patch = [asked](const DiffFile &file) -> Result<FileChange> {
        ++*asked;
        FileChange change = file.change;
        change.hunks.push_back(
            {"", {{DiffLine::Kind::Removed, 1, 0, "before"}, {DiffLine::Kind::Added, 0, 1, "after " + change.path}}});
        return change;
    };
    return source;
}

} // namespace

class DiffViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("openfactory-test"));
        QCoreApplication::setApplicationName(QStringLiteral("diffviewtest"));
    }
    void init();
    void cleanup() { m_view.reset(); }
    void listsFilesAndLoadsWhatIsSeen();
    void readsOnlyWhatIsLookedAt();
    void filtersAndWalksTheTree();
    void opensGapsByKeyboardAndMouse();
    void opensGapsStepByStep();
    void keepsViewedMarksByContent();
    void collectsCommentsAsText();
    void changesAComment();
    void findsTextInTheChange();
    void saysWhatWasNotSearched();
    void remembersHowChangesAreShown();
    void opensTheEditorFromTheMenu();
    void loadsLargeFilesOnlyWhenAsked();
    void showsImagesBesideOneAnother();
    void refusesImagesThatAreTooLargeOrNone();
    void saysWhatCannotBeRead();
    void switchesToSideBySideAndBack();
    void wrapsLongLines();
    void walksFindingsAndSaysThem();
    void knowsWhatWasNotSeenYet();
    void isNamedAndReadAloud();
    void staysQuickWithHostileText();

private:
    void open(DiffSource source)
    {
        m_view->setSource(std::move(source));
        if (m_view->document()->count() == 0)
            return;
        const auto isShown = [&] {
            const State state = m_view->document()->file(0).state;
            return state == State::Loaded || state == State::TooLarge || pane()->isFolded(0);
        };
        QTRY_VERIFY(isShown());
        QTest::qWait(1);
    }
    void showPair(const QByteArray &before, const QByteArray &after, const QByteArray &path = "a.txt")
    {
        m_repository->write(path, before);
        const CommitId from = m_repository->commitAll();
        m_repository->write(path, after);
        open(sourceOf(m_repository->path(), from, m_repository->commitAll()));
    }
    DiffPane *pane() const { return m_view->pane(); }
    QStringList rows() const { return pane()->spokenRows(); }
    std::unique_ptr<ScratchRepository> m_repository;
    std::unique_ptr<DiffView> m_view;
};

void DiffViewTest::init()
{
    QSettings().clear(); // how an earlier test showed its changes
    m_repository = std::make_unique<ScratchRepository>();
    m_view = std::make_unique<DiffView>();
    m_view->resize(1200, 600);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    pane()->setFocus();
}

void DiffViewTest::listsFilesAndLoadsWhatIsSeen()
{
    m_repository->write("src/a.py", "one\n");
    m_repository->write("src/deep/er/b.py", "two\n");
    m_repository->write("gone.txt", "x\n");
    const CommitId from = m_repository->commitAll();
    m_repository->write("src/a.py", "one\nmore\n");
    m_repository->write("src/deep/er/b.py", "2\n");
    m_repository->write("src/new.py", "new\n");
    ScratchRepository::removeAt(m_repository->path(), "gone.txt");
    open(sourceOf(m_repository->path(), from, m_repository->commitAll()));
    QAbstractItemModelTester tester(m_view->tree()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    QStringList tree;
    const std::function<void(const QModelIndex &, int)> print = [&](const QModelIndex &parent, int depth) {
        for (int row = 0; row < m_view->tree()->model()->rowCount(parent); ++row) {
            const QModelIndex at = m_view->tree()->model()->index(row, 0, parent);
            tree << QString(depth, QLatin1Char(' ')) + at.data().toString() + QLatin1Char(' ')
                        + at.siblingAtColumn(1).data().toString();
            print(at, depth + 1);
        }
    };
    for (int i = 0; i < 4; ++i)
        QTRY_COMPARE(m_view->document()->file(i).state, State::Loaded);
    print({}, 0);
    QCOMPARE(tree, (QStringList{QStringLiteral("D gone.txt +0 −1"), QStringLiteral("src "),
                                QStringLiteral(" M a.py +1 −0"), QStringLiteral(" deep/er "),
                                QStringLiteral("  M b.py +1 −1"), QStringLiteral(" A new.py +1 −0")}));
    const QString all = rows().join(QLatin1Char('\n'));
    for (const char *line : {"D gone.txt", "-x", "M src/a.py", "+more", "-two", "+2", "A src/new.py", "+new"})
        QVERIFY2(all.contains(QString::fromLatin1(line)), qPrintable(all));
    QCOMPARE(m_view->findChild<QLabel *>(QStringLiteral("diffCount"))->text(), QStringLiteral("0 of 4 viewed"));
    open({});
    QCOMPARE(pane()->stateText(), QStringLiteral("No file is changed."));
}

void DiffViewTest::readsOnlyWhatIsLookedAt()
{
    const auto asked = std::make_shared<std::atomic<int>>(0);
    DiffSource source = manyFiles(6000, asked);
    QElapsedTimer timer;
    timer.start();
    m_view->setSource(std::move(source));
    const qint64 listed = timer.elapsed();
    m_view->repaint();
    QTRY_COMPARE(m_view->document()->file(0).state, State::Loaded);
    qInfo("6,000 files listed in %lld ms, first shown after %lld ms", listed, timer.elapsed());
    OF_VERIFY_BELOW(listed, 200);
    OF_VERIFY_BELOW(timer.elapsed(), 300);
    QTest::qWait(50);
    QVERIFY2(*asked < 40, QByteArray::number(*asked));
    QTest::keyClick(pane(), Qt::Key_End);
    QTRY_COMPARE(m_view->document()->file(5999).state, State::Loaded);
    QTRY_VERIFY(rows().join(QLatin1Char('\n')).contains(QStringLiteral("after src/part_059/file_05999.txt")));
    QVERIFY2(*asked < 80, QByteArray::number(*asked));
    qint64 worst = 0;
    for (int i = 0; i < 200; ++i) {
        CpuTimer work;
        pane()->goToFile(i * 29);
        pane()->viewport()->repaint();
        worst = std::max(worst, work.us());
        QCoreApplication::processEvents();
    }
    qInfo("jump to a file and paint: worst %lld us", worst);
    OF_VERIFY_BELOW(worst, 16'000);
}

void DiffViewTest::filtersAndWalksTheTree()
{
    const auto asked = std::make_shared<std::atomic<int>>(0);
    open(manyFiles(300, asked));
    auto *filter = m_view->findChild<QLineEdit *>(QStringLiteral("diffFilter"));
    QTest::keyClick(pane(), Qt::Key_Slash);
    QTRY_VERIFY(filter->hasFocus());
    QTest::keyClicks(filter, QStringLiteral("file_00123"));
    auto *tree = m_view->tree();
    QCOMPARE(tree->model()->rowCount(), 1);
    const QModelIndex folder = tree->model()->index(0, 0);
    QModelIndex file = tree->model()->index(0, 0, folder);
    while (tree->model()->rowCount(file) > 0)
        file = tree->model()->index(0, 0, file);
    QCOMPARE(file.data(DiffFilesModel::FileRole).toInt(), 123);
    tree->setFocus();
    tree->setCurrentIndex(file);
    QTRY_VERIFY(rows().value(0).contains(QStringLiteral("file_00123.txt")));
    QTest::keyClick(pane(), Qt::Key_BracketRight);
    QVERIFY(rows().value(0).contains(QStringLiteral("file_00124.txt")));
    QTest::keyClick(pane(), Qt::Key_BracketLeft);
    QVERIFY(rows().value(0).contains(QStringLiteral("file_00123.txt")));
    QTRY_COMPARE(m_view->document()->file(123).state, State::Loaded);
    QTest::keyClick(pane(), Qt::Key_N);
    QCOMPARE(pane()->current().file, 123);
    QCOMPARE(pane()->currentLine()->side, DiffSide::Old);
    QTest::keyClick(pane(), Qt::Key_N);
    QCOMPARE(pane()->current().file, 124);
    QTest::keyClick(pane(), Qt::Key_P);
    QCOMPARE(pane()->current().file, 123);
}

void DiffViewTest::opensGapsByKeyboardAndMouse()
{
    QByteArray after = numbered(1, 100);
    after.replace("line 50\n", "changed\n");
    showPair(numbered(1, 100), after);
    QTRY_VERIFY(m_view->document()->file(0).shown->canOpenGaps);
    QTRY_VERIFY(rows().value(1).startsWith(QStringLiteral("⋯ 46")));
    QVERIFY(rows().value(9).startsWith(QStringLiteral("⋯ 47")) || rows().value(10).startsWith(QStringLiteral("⋯ 47")));
    QTest::keyClick(pane(), Qt::Key_Home);
    QTest::keyClick(pane(), Qt::Key_Down);
    QTest::keyClick(pane(), Qt::Key_Return);
    QTRY_COMPARE(rows().value(1), QStringLiteral("line 1"));
    QTRY_COMPARE(m_view->document()->file(0).shown->unified.size(), size_t(46 + 3 + 2 + 3 + 1));
    QTest::keyClick(pane(), Qt::Key_End);
    const QRect last = pane()->rectOfSpoken({int(rows().size()) - 2, 0});
    QTest::mouseClick(pane()->viewport(), Qt::LeftButton, {}, last.center());
    QTRY_COMPARE(m_view->document()->file(0).shown->unified.size(), size_t(101));
}

void DiffViewTest::opensGapsStepByStep()
{
    QByteArray after = numbered(1, 200);
    after.replace("line 100\n", "changed\n");
    showPair(numbered(1, 200), after);
    QTRY_VERIFY(m_view->document()->file(0).shown->canOpenGaps);
    const auto left = [this](size_t gap) { return m_view->document()->file(0).shown->gaps[gap].lines; };
    const auto rowOf = [this](const char *begin) {
        const QStringList said = rows();
        for (qsizetype i = 0; i < said.size(); ++i) {
            if (said[i].startsWith(QString::fromUtf8(begin)))
                return int(i);
        }
        return -1;
    };
    QCOMPARE(left(0), 96);
    QTRY_COMPARE(rowOf("⋯ 96"), 1);
    QVERIFY2(rows().value(1).contains(QStringLiteral("20 more line(s) downwards (E)")), qPrintable(rows().value(1)));
    QVERIFY2(rows().value(1).contains(QStringLiteral("upwards (Shift+E)")), qPrintable(rows().value(1)));
    QTest::keyClick(pane(), Qt::Key_Home);
    QTest::keyClick(pane(), Qt::Key_E); // on no gap
    QTest::keyClick(pane(), Qt::Key_Down);
    QTest::keyClick(pane(), Qt::Key_E);
    QTRY_COMPARE(left(0), 76);
    QTRY_COMPARE(pane()->current().row, 20); // it stays on the gap
    QVERIFY(rowOf("⋯ 76") > 0);
    QTest::keyClick(pane(), Qt::Key_E, Qt::ShiftModifier);
    QTRY_COMPARE(left(0), 56);
    QCOMPARE(pane()->current().row, 20);
    QCOMPARE(left(1), 97);
    // By mouse on the signs beside the last gap, then on all of it.
    QTest::keyClick(pane(), Qt::Key_End);
    const auto click = [&](const char *begin, int cell) {
        const QRect at = pane()->rectOfSpoken({rowOf(begin), 0});
        QTest::mouseClick(pane()->viewport(), Qt::LeftButton, {}, QPoint(at.width() * cell, at.center().y()));
    };
    click("⋯ 97", 6);
    QTRY_COMPARE(left(1), 77);
    QTRY_VERIFY(rowOf("⋯ 77") > 0);
    click("⋯ 77", 2);
    QTRY_COMPARE(left(1), 57);
    QTRY_VERIFY(rowOf("⋯ 57") > 0);
    QCOMPARE(m_view->document()->file(0).shown->unified.size(), size_t(201 - 56 - 57 + 2));
    click("⋯ 57", 40);
    QTRY_COMPARE(m_view->document()->file(0).shown->unified.size(), size_t(201 - 56 + 1));
}

void DiffViewTest::keepsViewedMarksByContent()
{
    m_repository->write("a.txt", "1\n");
    m_repository->write("b.txt", "1\n");
    const CommitId from = m_repository->commitAll();
    m_repository->write("a.txt", "2\n");
    m_repository->write("b.txt", "2\n");
    const CommitId first = m_repository->commitAll();
    m_repository->write("b.txt", "3\n");
    const CommitId second = m_repository->commitAll();
    open(sourceOf(m_repository->path(), from, first));
    QTRY_VERIFY(!m_view->document()->file(1).key.isEmpty());
    QSignalSpy changed(m_view.get(), &DiffView::viewedChanged);
    QTest::keyClick(pane(), Qt::Key_Home);
    QTest::keyClick(pane(), Qt::Key_V);
    QVERIFY(pane()->isViewed(0) && pane()->isFolded(0));
    // In the tree by mouse and by keyboard.
    auto *tree = m_view->tree();
    const QModelIndex other = tree->model()->index(1, 0);
    const QRect at = tree->visualRect(other);
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, QPoint(at.left() + 6, at.center().y()));
    QCOMPARE(m_view->viewedCount(), 2);
    QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, QPoint(at.left() + 60, at.center().y()));
    QCOMPARE(m_view->viewedCount(), 2);
    tree->setFocus();
    tree->setCurrentIndex(other);
    QTest::keyClick(tree, Qt::Key_Space);
    QCOMPARE(m_view->viewedCount(), 1);
    QTest::keyClick(tree, Qt::Key_Space);
    QCOMPARE(m_view->viewedCount(), 2);
    QCOMPARE(other.data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
    QCOMPARE(changed.count(), 4);
    const QSet<QString> kept = m_view->viewed();
    // The change of b.txt is another one now, so that its mark is gone; the marks come from where they were kept.
    m_view = std::make_unique<DiffView>();
    m_view->resize(1200, 600);
    m_view->show();
    m_view->setViewed(kept);
    open(sourceOf(m_repository->path(), from, second));
    QTRY_VERIFY(!m_view->document()->file(1).key.isEmpty() && !m_view->document()->file(0).key.isEmpty());
    QCOMPARE(m_view->viewedCount(), 1);
    QVERIFY(pane()->isViewed(0) && pane()->isFolded(0) && !pane()->isViewed(1) && !pane()->isFolded(1));
    QCOMPARE(tr("1 of 2 viewed"), m_view->findChild<QLabel *>(QStringLiteral("diffCount"))->text());
    m_view->findChild<QAction *>(QStringLiteral("diffViewAll"))->trigger();
    QCOMPARE(m_view->viewedCount(), 2);
    m_view->findChild<QAction *>(QStringLiteral("diffViewAll"))->trigger();
    QCOMPARE(m_view->viewedCount(), 0);
}

void DiffViewTest::collectsCommentsAsText()
{
    showPair("one\ntwo\nthree\n", "one\n2\nthree\n", "src/x y.py");
    QSignalSpy changed(m_view.get(), &DiffView::commentsChanged);
    QVERIFY(pane()->goToLine(0, DiffSide::New, 2));
    QTest::keyClick(pane(), Qt::Key_C);
    auto *text = m_view->findChild<QPlainTextEdit *>(QStringLiteral("diffCommentText"));
    QTRY_VERIFY(text->hasFocus());
    QTest::keyClicks(text, QStringLiteral("Say it in words"));
    QTest::keyClick(text, Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(changed.count(), 1);
    QVERIFY(pane()->hasFocus());
    QVERIFY(pane()->goToLine(0, DiffSide::Old, 2));
    QTest::keyClick(pane(), Qt::Key_C);
    QTest::keyClicks(text, QStringLiteral("keep this"));
    QTest::keyClick(text, Qt::Key_Return, Qt::ControlModifier);
    QTest::keyClick(pane(), Qt::Key_C);
    QTest::keyClicks(text, QStringLiteral("dropped"));
    const auto draft = m_view->draft();
    QVERIFY(draft && draft->text == QStringLiteral("dropped") && draft->side == DiffSide::Old && draft->line == 2);
    QTest::keyClick(text, Qt::Key_Escape);
    QVERIFY(!m_view->draft());
    // As after a crash: it is there again, at its line.
    m_view->restoreDraft(*draft);
    QVERIFY(text->isVisible());
    QCOMPARE(m_view->draft(), draft);
    text->setFocus();
    QTest::keyClick(text, Qt::Key_Escape);
    QCOMPARE(m_view->commentsAsText(), QStringLiteral("src/x y.py:2\n> 2\nSay it in words\n\n"
                                                      "src/x y.py:2 (before the change)\n> two\nkeep this"));
    auto *list = m_view->findChild<QListWidget *>(QStringLiteral("diffComments"));
    QCOMPARE(list->count(), 2);
    list->setFocus();
    list->setCurrentRow(0);
    QTest::keyClick(list, Qt::Key_Delete);
    QCOMPARE(m_view->comments().size(), 1);
    QCOMPARE(m_view->commentsAsText(), QStringLiteral("src/x y.py:2 (before the change)\n> two\nkeep this"));
    const auto kept = m_view->comments();
    m_view->setComments({});
    QCOMPARE(m_view->commentsAsText(), QString());
    m_view->setComments(kept);
    QCOMPARE(list->count(), 1);
}

void DiffViewTest::changesAComment()
{
    showPair("a\n", "b\n");
    m_view->setComments({{"a.txt", DiffSide::New, 1, QStringLiteral("b"), QStringLiteral("why")}});
    QSignalSpy changed(m_view.get(), &DiffView::commentsChanged);
    auto *list = m_view->findChild<QListWidget *>(QStringLiteral("diffComments"));
    auto *text = m_view->findChild<QPlainTextEdit *>(QStringLiteral("diffCommentText"));
    auto *add = m_view->findChild<QPushButton *>(QStringLiteral("diffCommentAdd"));
    const auto edit = [&] {
        list->setFocus();
        list->setCurrentRow(0);
        QTest::keyClick(list, Qt::Key_F2);
    };
    edit();
    QTRY_VERIFY(text->hasFocus());
    QCOMPARE(text->toPlainText(), QStringLiteral("why"));
    QCOMPARE(add->accessibleName(), QStringLiteral("Save comment"));
    QTest::keyClicks(text, QStringLiteral(" not"));
    QTest::keyClick(text, Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(m_view->commentsAsText(), QStringLiteral("a.txt:1\n> b\nwhy not"));
    edit();
    QTest::keyClicks(text, QStringLiteral(" at all"));
    const auto draft = m_view->draft();
    QTest::keyClick(text, Qt::Key_Escape); // leaves it as it was
    QCOMPARE(m_view->commentsAsText(), QStringLiteral("a.txt:1\n> b\nwhy not"));
    // As after a crash: what was being changed is changed, not written beside it.
    QVERIFY(draft);
    m_view->restoreDraft(*draft);
    text->setFocus();
    QTest::keyClick(text, Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(m_view->commentsAsText(), QStringLiteral("a.txt:1\n> b\nwhy not at all"));
    QVERIFY(pane()->goToLine(0, DiffSide::New, 1));
    QTest::keyClick(pane(), Qt::Key_C);
    QCOMPARE(add->accessibleName(), QStringLiteral("Add comment"));
    QTest::keyClicks(text, QStringLiteral("another"));
    edit(); // what is being written is not thrown away for it
    QCOMPARE(text->toPlainText(), QStringLiteral("another"));
    QTest::keyClick(text, Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(m_view->comments().size(), 2);
}

void DiffViewTest::findsTextInTheChange()
{
    m_repository->write("a.txt", "x\n");
    m_repository->write("b.txt", "x\n");
    const CommitId from = m_repository->commitAll();
    m_repository->write("a.txt", "Needle 1\nhay\n" + QByteArray(3000, ' ') + "needle 2\n");
    m_repository->write("b.txt", "needle 3\n");
    open(sourceOf(m_repository->path(), from, m_repository->commitAll()));
    QTRY_COMPARE(m_view->document()->file(1).state, State::Loaded);
    auto *bar = m_view->findChild<QWidget *>(QStringLiteral("diffFindBar"));
    auto *text = m_view->findChild<QLineEdit *>(QStringLiteral("diffFindText"));
    auto *status = m_view->findChild<QLabel *>(QStringLiteral("diffFindStatus"));
    QVERIFY(!bar->isVisible());
    QTest::keyClick(pane(), Qt::Key_F, Qt::ControlModifier);
    QTRY_VERIFY(text->hasFocus());
    QTest::keyClicks(text, QStringLiteral("nneedle"));
    QTRY_COMPARE(status->text(), QStringLiteral("No match"));
    text->setText(QStringLiteral("needle"));
    QTRY_COMPARE(status->text(), QStringLiteral("3 line(s)"));
    const auto here = [this] { return pane()->currentLine() ? pane()->currentLine()->code.trimmed() : QString(); };
    QTest::keyClick(text, Qt::Key_Return);
    QCOMPARE(here(), QStringLiteral("Needle 1"));
    QCOMPARE(status->text(), QStringLiteral("line 1 of 3"));
    QTest::keyClick(text, Qt::Key_F3);
    QCOMPARE(here(), QStringLiteral("needle 2"));
    QVERIFY(pane()->horizontalScrollBar()->value() > 2000); // it is in sight
    QTest::keyClick(pane(), Qt::Key_F3);
    QCOMPARE(here(), QStringLiteral("needle 3"));
    QCOMPARE(status->text(), QStringLiteral("line 3 of 3"));
    QTest::keyClick(pane(), Qt::Key_F3); // and from the begin again
    QCOMPARE(here(), QStringLiteral("Needle 1"));
    QTest::keyClick(pane(), Qt::Key_F3, Qt::ShiftModifier);
    QCOMPARE(here(), QStringLiteral("needle 3"));
    m_view->findChild<QAction *>(QStringLiteral("diffSplit"))->trigger();
    QTRY_COMPARE(status->text(), QStringLiteral("3 line(s)"));
    pane()->setFolded(1, true); // a fold hides nothing from it
    pane()->goToFile(1);
    QTest::keyClick(pane(), Qt::Key_F3);
    QCOMPARE(here(), QStringLiteral("needle 3"));
    QVERIFY(!pane()->isFolded(1));
    QTest::keyClick(pane(), Qt::Key_Escape);
    QVERIFY(!bar->isVisible() && text->text().isEmpty() && pane()->hasFocus());
}

void DiffViewTest::saysWhatWasNotSearched()
{
    const auto asked = std::make_shared<std::atomic<int>>(0);
    open(manyFiles(400, asked));
    QTest::keyClick(pane(), Qt::Key_F, Qt::ControlModifier);
    auto *text = m_view->findChild<QLineEdit *>(QStringLiteral("diffFindText"));
    auto *status = m_view->findChild<QLabel *>(QStringLiteral("diffFindStatus"));
    text->setText(QStringLiteral("after"));
    // The first of them are read for the search, and no others.
    QTRY_COMPARE(status->text(), QStringLiteral("300 line(s) · 100 file(s) not loaded, not searched"));

    // What is loaded later is searched then.
    showPair("x\n", numbered(1, 50'000));
    QCOMPARE(m_view->document()->file(0).state, State::TooLarge);
    text->setText(QStringLiteral("LINE 4999"));
    QTRY_COMPARE(status->text(), QStringLiteral("No match · 1 file(s) not loaded, not searched"));
    m_view->document()->want(0, true);
    QTRY_COMPARE(status->text(), QStringLiteral("11 line(s)"));
}

void DiffViewTest::remembersHowChangesAreShown()
{
    m_view->findChild<QAction *>(QStringLiteral("diffSplit"))->trigger();
    m_view->findChild<QAction *>(QStringLiteral("diffWrap"))->trigger();
    m_view->findChild<QComboBox *>(QStringLiteral("diffContext"))->setCurrentIndex(1);
    m_view = std::make_unique<DiffView>();
    m_view->resize(1200, 600);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    QTRY_VERIFY(pane()->isSplit());
    QVERIFY(m_view->findChild<QAction *>(QStringLiteral("diffWrap"))->isChecked());
    QCOMPARE(m_view->document()->options().context, 20);
    showPair("x\n", QByteArray(5000, 'y') + '\n');
    QCOMPARE(pane()->horizontalScrollBar()->maximum(), 0);
    m_view->resize(900, 600); // there is no room for it, which is no choice
    QTRY_VERIFY(!pane()->isSplit());
    QVERIFY(QSettings().value(QStringLiteral("changes/diffSplit")).toBool());
}

void DiffViewTest::opensTheEditorFromTheMenu()
{
    showPair("one\ntwo\n", "one\n2\n");
    QSignalSpy activated(m_view.get(), &DiffView::lineActivated);
    const auto choose = [this](QContextMenuEvent::Reason reason, const QPoint &at) {
        QContextMenuEvent event(reason, at, pane()->viewport()->mapToGlobal(at));
        QApplication::sendEvent(pane()->viewport(), &event);
        auto *menu = pane()->findChild<QMenu *>(QStringLiteral("diffMenu"));
        QVERIFY(menu);
        for (QAction *action : menu->actions()) {
            if (action->text() == QStringLiteral("Open in &editor"))
                action->trigger();
        }
        delete menu;
    };
    QVERIFY(pane()->goToLine(0, DiffSide::New, 2));
    choose(QContextMenuEvent::Keyboard, {10, 10});
    QCOMPARE(activated.count(), 1);
    QCOMPARE(activated.last().at(0).toByteArray(), QByteArray("a.txt"));
    QCOMPARE(activated.last().at(1).toInt(), 2);
    choose(QContextMenuEvent::Mouse, {10, 2}); // the header that is below the pointer
    QCOMPARE(activated.count(), 2);
    QCOMPARE(activated.last().at(1).toInt(), 0);
    QCOMPARE(pane()->current().row, -1);
}

void DiffViewTest::loadsLargeFilesOnlyWhenAsked()
{
    showPair("x\n", numbered(1, 50'000));
    QCOMPARE(m_view->document()->file(0).state, State::TooLarge);
    QVERIFY2(rows().size() >= 2, qPrintable(rows().join(QLatin1Char('|'))));
    QTest::keyClick(pane(), Qt::Key_Home);
    QTest::keyClick(pane(), Qt::Key_Down);
    QElapsedTimer timer;
    timer.start();
    QTest::keyClick(pane(), Qt::Key_Return);
    QTRY_COMPARE(m_view->document()->file(0).state, State::Loaded);
    qInfo("50,000 lines after %lld ms", timer.elapsed());
    QTRY_VERIFY(rows().join(QLatin1Char('\n')).contains(QStringLiteral("+line 2")));
    QTest::keyClick(pane(), Qt::Key_End);
    QTRY_VERIFY(rows().join(QLatin1Char('\n')).contains(QStringLiteral("+line 50000")));
    qint64 worst = 0;
    for (int i = 1; i < 100; ++i) {
        CpuTimer work;
        pane()->verticalScrollBar()->setValue(i * 499);
        pane()->viewport()->repaint();
        worst = std::max(worst, work.us());
    }
    qInfo("jump and paint: worst %lld us", worst);
    OF_VERIFY_BELOW(worst, 16'000);
}

void DiffViewTest::showsImagesBesideOneAnother()
{
    showPair(png(64, 48, Qt::red), png(3000, 2000, Qt::blue), "picture.png");
    QTRY_VERIFY(!m_view->document()->file(0).shown->newImage.isNull());
    const auto &shown = *m_view->document()->file(0).shown;
    QCOMPARE(shown.oldImage.size(), QSize(64, 48));
    QVERIFY(shown.newImage.width() <= 1024 && shown.newImage.height() <= 1024);
    const QImage picture = pane()->viewport()->grab().toImage();
    QSet<QRgb> colours;
    for (int x = 0; x < picture.width(); x += 5) {
        for (int y = 0; y < picture.height(); y += 5)
            colours.insert(picture.pixel(x, y));
    }
    QVERIFY(colours.contains(0xffff0000) && colours.contains(0xff0000ff));
}

void DiffViewTest::refusesImagesThatAreTooLargeOrNone()
{
    // A header that promises 60,000 by 60,000 pixels, and bytes that are no image.
    QByteArray bomb = png(16, 16, Qt::red);
    bomb.replace(16, 8, QByteArray("\x00\x00\xea\x60\x00\x00\xea\x60", 8));
    m_repository->write("bomb.png", bomb);
    m_repository->write("none.png", QByteArray("\x89PNG\r\n\x1a\n\0broken", 15));
    m_repository->write("svg.png", QByteArray("<svg xmlns='http://www.w3.org/2000/svg'>\0</svg>", 47));
    const CommitId from = m_repository->head(m_repository->commitAll());
    for (const char *name : {"bomb.png", "none.png", "svg.png"})
        m_repository->write(name, QByteArray("\0", 1) + name);
    QElapsedTimer timer;
    timer.start();
    open(sourceOf(m_repository->path(), from, m_repository->commitAll()));
    for (int i = 0; i < 3; ++i)
        QTRY_COMPARE(m_view->document()->file(i).state, State::Loaded);
    QTest::qWait(50);
    for (int i = 0; i < 3; ++i)
        QVERIFY(m_view->document()->file(i).shown->oldImage.isNull());
    QVERIFY(rows().join(QLatin1Char('\n')).contains(QStringLiteral("binary")));
}

void DiffViewTest::saysWhatCannotBeRead()
{
    const auto asked = std::make_shared<std::atomic<int>>(0);
    DiffSource source = manyFiles(2, asked);
    const auto good = source.patch;
    const auto works = std::make_shared<std::atomic<bool>>(false);
    source.patch = [good, works](const DiffFile &file) -> Result<FileChange> {
        return *works ? good(file)
                      : fail(ErrorKind::Io, QStringLiteral("read"), QStringLiteral("the object is damaged"));
    };
    m_view->setSource(std::move(source));
    QTRY_COMPARE(m_view->document()->file(0).state, State::Failed);
    *works = true;
    QTest::keyClick(pane(), Qt::Key_Home);
    QTest::keyClick(pane(), Qt::Key_Down);
    QTest::keyClick(pane(), Qt::Key_Return);
    QTRY_COMPARE(m_view->document()->file(0).state, State::Loaded);
}

void DiffViewTest::switchesToSideBySideAndBack()
{
    showPair("a\nb\nc\n", "a\nB\nc\n");
    auto *split = m_view->findChild<QAction *>(QStringLiteral("diffSplit"));
    split->trigger();
    QVERIFY(pane()->isSplit());
    QTRY_VERIFY(rows().contains(QStringLiteral("±B")));
    m_view->resize(900, 600);
    QTRY_VERIFY(!pane()->isSplit() && !split->isEnabled());
    m_view->resize(1200, 600);
    QTRY_VERIFY(pane()->isSplit());
    split->trigger();
    QVERIFY(!pane()->isSplit());
    QTRY_VERIFY(rows().contains(QStringLiteral("-b")) && rows().contains(QStringLiteral("+B")));
}

void DiffViewTest::wrapsLongLines()
{
    showPair("x\n", "begin " + QByteArray(5000, 'y') + " end\nlast\n");
    QTRY_VERIFY(pane()->horizontalScrollBar()->maximum() > 4000);
    const int before = pane()->verticalScrollBar()->maximum();
    m_view->findChild<QAction *>(QStringLiteral("diffWrap"))->trigger();
    QCOMPARE(pane()->horizontalScrollBar()->maximum(), 0);
    QVERIFY(pane()->verticalScrollBar()->maximum() > before);
    QTest::keyClick(pane(), Qt::Key_End);
    QVERIFY(rows().contains(QStringLiteral("+last")));
}

void DiffViewTest::walksFindingsAndSaysThem()
{
    showPair(numbered(1, 40), numbered(1, 20) + "new\n" + numbered(21, 40));
    DiffNotes notes;
    notes.findings = {{"a.txt", 21, QStringLiteral("unused <b>variable</b>")}, {"elsewhere", 1, QStringLiteral("x")}};
    notes.uncovered[QByteArray("a.txt")] = {21};
    m_view->setNotes(notes);
    QTest::keyClick(pane(), Qt::Key_Home);
    QTest::keyClick(pane(), Qt::Key_F8);
    QCOMPARE(pane()->currentLine()->line, 21);
    QVERIFY(rows().contains(QStringLiteral("+new — unused <b>variable</b> — not covered")));
    QTest::keyClick(pane(), Qt::Key_Home);
    QVERIFY2(rows().first().endsWith(QStringLiteral("— 1 not covered")), qPrintable(rows().first()));
    // The mark beside the line is as wide as a character at least, and in the colour of warnings.
    QVERIFY(pane()->goToLine(0, DiffSide::New, 21));
    const QImage image = pane()->viewport()->grab().toImage();
    const QRgb warning = pane()->colours()[ViewRole::Warning].rgb();
    int marked = 0;
    for (int y = 0; y < image.height(); ++y) {
        int inRow = 0;
        for (int x = 0; x < image.width() / 3; ++x)
            inRow += image.pixel(x, y) == warning ? 1 : 0;
        marked += inRow >= 3 ? 1 : 0;
    }
    QVERIFY2(marked >= QFontMetrics(pane()->font()).ascent(), qPrintable(QString::number(marked)));
    const QModelIndex at = m_view->tree()->model()->index(0, 0);
    QCOMPARE(at.data().toString(), QStringLiteral("M a.txt  ▲1"));
    QVERIFY(at.data(Qt::AccessibleTextRole)
                .toString()
                .contains(QStringLiteral("Modified a.txt, 1 added, 0 removed, not viewed")));
}

void DiffViewTest::knowsWhatWasNotSeenYet()
{
    // So many files that the last is out of sight even before the first ones are loaded.
    const auto name = [](int i) { return QStringLiteral("a%1.txt").arg(i, 3, 10, QLatin1Char('0')).toUtf8(); };
    for (int i = 0; i < 100; ++i)
        m_repository->write(name(i), "before\n");
    m_repository->write("z.sh", "x\n");
    const CommitId from = m_repository->commitAll();
    for (int i = 0; i < 100; ++i)
        m_repository->write(name(i), "after\n");
    m_repository->write("z.sh", "x\n", 0755);
    open(sourceOf(m_repository->path(), from, m_repository->commitAll()));
    QTRY_COMPARE(m_view->document()->file(0).state, State::Loaded);
    QCOMPARE(m_view->unseenNonText(), std::vector<RepoPath>{"z.sh"});
    QTest::keyClick(pane(), Qt::Key_End);
    QTRY_VERIFY(m_view->unseenNonText().empty());
}

void DiffViewTest::isNamedAndReadAloud()
{
    showPair("a\n", "b\n");
    m_view->setComments({{"a.txt", DiffSide::New, 1, QStringLiteral("b"), QStringLiteral("why")}});
    QTest::keyClick(pane(), Qt::Key_F, Qt::ControlModifier);
    QTest::keyClick(pane(), Qt::Key_Down);
    QTest::keyClick(pane(), Qt::Key_Down);
    QTest::keyClick(pane(), Qt::Key_C);
    for (const QWidget *widget : m_view->findChildren<QWidget *>()) {
        if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus
            || widget->objectName().startsWith(QStringLiteral("qt_")) || widget->inherits("QHeaderView")
            || widget->inherits("QComboBoxPrivateContainer"))
            continue;
        const QByteArray who = widget->metaObject()->className() + QByteArray(" ") + widget->objectName().toUtf8();
        QVERIFY2(!widget->objectName().isEmpty() && !widget->accessibleName().isEmpty(), who);
    }
    QAccessibleInterface *face = QAccessible::queryAccessibleInterface(pane());
    QVERIFY(face && face->textInterface());
    const QString text = face->textInterface()->text(0, -1);
    QVERIFY2(text.contains(QStringLiteral("-a\n+b")), qPrintable(text));
    face->textInterface()->setCursorPosition(int(text.indexOf(QStringLiteral("+b"))));
    QCOMPARE(pane()->currentLine()->line, 1);
    QCOMPARE(pane()->currentLine()->side, DiffSide::New);
    QCOMPARE(face->textInterface()->cursorPosition(), int(text.indexOf(QStringLiteral("+b"))));
    QTest::keySequence(pane(), QKeySequence::Copy);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("b"));
}

void DiffViewTest::staysQuickWithHostileText()
{
    QByteArray hostile = QByteArray(1'000'000, 'x') + '\n' + QByteArray("\xe2\x80\xae").repeated(20'000) + '\n'
                         + QByteArray("a\rb").repeated(50'000) + '\n' + QByteArray("\xff").repeated(50'000) + '\n'
                         + QByteArray("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81").repeated(5000) + '\n'
                         + QByteArray("\xcc\x81").repeated(20'000) + '\n' + QByteArray("(").repeated(30'000) + '\n';
    showPair("x\n", hostile, "hostile\nname<b>\xe2\x80\xae.cpp");
    qint64 worst = 0;
    for (const bool wrap : {false, true}) {
        m_view->findChild<QAction *>(QStringLiteral("diffWrap"))->setChecked(wrap);
        QTest::keyClick(pane(), Qt::Key_Home);
        for (int i = 0; i < 60; ++i) {
            CpuTimer timer;
            pane()->verticalScrollBar()->setValue(pane()->verticalScrollBar()->maximum() * i / 60);
            pane()->horizontalScrollBar()->setValue(i * 100);
            pane()->viewport()->repaint();
            worst = std::max(worst, timer.us());
            QCoreApplication::processEvents();
        }
    }
    qInfo("worst %lld us", worst);
    OF_VERIFY_BELOW(worst, 16'000);
    QTest::keyClick(pane(), Qt::Key_Home);
    QVERIFY2(rows().value(0).contains(QStringLiteral("hostile\\nname<b>\\u202e.cpp")), qPrintable(rows().value(0)));
}

QTEST_MAIN(DiffViewTest)
#include "diffviewtest.moc"
