// SPDX-License-Identifier: Apache-2.0
/// A merge is previewed in memory, made once, and never costs a person uncommitted work.
#include "core/git/gitworkspaces.h"
#include "tests/testlib/expect.h"
#include "tests/testlib/scratchrepository.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTest>

#include <thread>

using namespace openfactory;

namespace {

const GitIdentity identity{QStringLiteral("Factory"), QStringLiteral("factory@example.org"), {}};
const QString target = QStringLiteral("main");

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(missing)");
}

QByteArray status(const ScratchRepository &repository)
{
    return repository.git({QStringLiteral("status"), QStringLiteral("--porcelain")});
}

} // namespace

class GitMergeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void previewsACleanMergeWithoutMovingAnything();
    void tellsWhatConflicts();
    void mergesByContentWhateverDriversSay();
    void mergesOnceAndTheFilesFollow();
    void mergesAsAMergeEvenWhereTheBranchCouldJustMove();
    void refusesATargetThatMoved();
    void refusesAConflict();
    void hasNothingToDoWhereTheHeadIsContained();
    void refusesWhereUncommittedWorkIsInTheWay_data();
    void refusesWhereUncommittedWorkIsInTheWay();
    void leavesUncommittedWorkElsewhereAlone();
    void leavesWhatIsSavedWhileTheFilesFollow();
    void refusesATargetCheckedOutInAnotherWorktree();
    void refusesDuringAMergeOfTheUser();
    void movesABranchThatNobodyHasCheckedOut();
    void seesWorkThatKeptItsSizeAndTime();
    void finishesAnInterruptedCheckout();
    void keepsTheUsersLineEnds();
    void writesNothingOutsideOfTheCheckout();

private:
    CommitId work(const QByteArray &path, const QByteArray &bytes, const char *subject = "work");
    std::unique_ptr<ScratchRepository> m_repository;
    WorkspaceRef m_workspace;
    CommitId m_base;
    GitWorkspaces m_git{identity};
};

void GitMergeTest::init()
{
    m_repository = std::make_unique<ScratchRepository>();
    m_repository->write(".gitignore", "*.local\n");
    m_repository->write("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    m_repository->write("b", "b\n");
    m_repository->write("dir/gone", "g\n");
    m_base = m_repository->commitAll();
    m_workspace = m_repository->workspace(QStringLiteral("job"));
    OF_OK(m_git.create(m_workspace, m_base, {}));
}

CommitId GitMergeTest::work(const QByteArray &path, const QByteArray &bytes, const char *subject)
{
    ScratchRepository::writeAt(m_workspace.path, path, bytes);
    return m_git.commit(m_workspace, noteOf(subject)).value();
}

void GitMergeTest::previewsACleanMergeWithoutMovingAnything()
{
    const CommitId head = work("a", "one\n2\n3\n4\n5\n6\n7\n8\n9\n");
    m_repository->write("a", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n");
    const CommitId moved = m_repository->commitAll();
    const auto preview = m_git.previewMerge(m_repository->path(), head, target);
    OF_OK(preview);
    QVERIFY(preview->conflicts.empty() && !preview->upToDate);
    QCOMPARE(preview->target, moved);
    QCOMPARE(m_repository->git({QStringLiteral("show"), preview->tree + QStringLiteral(":a")}),
             QByteArray("one\n2\n3\n4\n5\n6\n7\n8\nnine\n"));
    QCOMPARE(m_repository->head(target), moved);
    QCOMPARE(m_repository->head(QStringLiteral("factory/job")), head);
    QCOMPARE(status(*m_repository), QByteArray());
    QCOMPARE(m_git.mergeBase(m_repository->path(), head, moved).value(), m_base);
    QVERIFY(m_git.previewMerge(m_repository->path(), m_base, target)->upToDate);
    QCOMPARE(m_git.previewMerge(m_repository->path(), head, QStringLiteral("nowhere")).error().kind,
             ErrorKind::NotFound);
}

void GitMergeTest::tellsWhatConflicts()
{
    const QString path = m_workspace.path;
    ScratchRepository::writeAt(path, "a", "ours\n2\n3\n4\n5\n6\n7\n8\nours\n");
    ScratchRepository::removeAt(path, "b");
    ScratchRepository::writeAt(path, "dir/gone", "changed\n");
    ScratchRepository::writeAt(path, "both", "ours\n");
    ScratchRepository::writeAt(path, "bin", QByteArray("\0ours", 5));
    ScratchRepository::linkAt(path, "link", "ours");
    const CommitId head = m_git.commit(m_workspace, noteOf("ours")).value();
    m_repository->write("a", "theirs\n2\n3\n4\n5\n6\n7\n8\ntheirs\n");
    m_repository->write("b", "changed\n");
    ScratchRepository::removeAt(m_repository->path(), "dir/gone");
    m_repository->write("both", "theirs\n");
    m_repository->write("bin", QByteArray("\0theirs", 7));
    ScratchRepository::linkAt(m_repository->path(), "link", "theirs");
    m_repository->commitAll();
    const auto preview = m_git.previewMerge(m_repository->path(), head, target);
    OF_OK(preview);
    QVERIFY(preview->tree.isEmpty());
    QByteArrayList seen;
    for (const MergeConflict &conflict : preview->conflicts)
        seen += conflict.path + ' ' + conflict.kind.toLatin1() + ' ' + QByteArray::number(conflict.hunks);
    QCOMPARE(seen, (QByteArrayList{"a content 2", "b deleted here 0", "bin binary 0", "both both added 1",
                                   "dir/gone deleted there 0", "link both added 0"}));
    const QByteArray text = preview->conflicts[0].text;
    QCOMPARE(text, QByteArray("<<<<<<< " + head.left(12).toLatin1()
                              + "\nours\n=======\ntheirs\n>>>>>>> main\n2\n3\n4\n5\n6\n7\n8\n<<<<<<< "
                              + head.left(12).toLatin1() + "\nours\n=======\ntheirs\n>>>>>>> main\n"));
}

void GitMergeTest::mergesByContentWhateverDriversSay()
{
    // "union" would take both sides without a word, "ours" only one.
    for (const char *driver : {"* merge=union\n", "* merge=evil\n", "* -merge\n", "* merge=binary\n"}) {
        m_repository->write(".git/info/attributes", "");
        m_repository->git({QStringLiteral("config"), QStringLiteral("merge.evil.driver"), QStringLiteral("true")});
        const CommitId head = work("a", QByteArray("ours ") + driver);
        ScratchRepository::writeAt(m_workspace.path, ".gitattributes", driver);
        const CommitId withAttributes = m_git.commit(m_workspace, noteOf("attributes")).value();
        m_repository->write("a", QByteArray("theirs ") + driver);
        m_repository->commitAll();
        m_repository->write(".gitattributes", driver);
        for (const CommitId &commit : {head, withAttributes}) {
            const auto preview = m_git.previewMerge(m_repository->path(), commit, target);
            OF_OK(preview);
            QVERIFY2(!preview->conflicts.empty(), driver);
            QCOMPARE(preview->conflicts[0].path, RepoPath("a"));
            QCOMPARE(preview->conflicts[0].hunks, 1);
        }
        ScratchRepository::removeAt(m_repository->path(), ".gitattributes");
        OF_OK(m_git.restore(m_workspace, m_base));
        m_repository->git({QStringLiteral("reset"), QStringLiteral("-q"), QStringLiteral("--hard"), m_base});
    }
}

void GitMergeTest::mergesOnceAndTheFilesFollow()
{
    work("a", "one\n2\n3\n4\n5\n6\n7\n8\n9\n");
    work("new/file", "new\n");
    ScratchRepository::removeAt(m_workspace.path, "dir/gone");
    ScratchRepository::linkAt(m_workspace.path, "link", "a");
    const CommitId head = work("b", "changed\n");
    m_repository->write("theirs", "t\n");
    const CommitId expected = m_repository->commitAll();
    CommitNote note = noteOf("Merge job", QStringLiteral("STEP"));
    note.job = QStringLiteral("JOB");
    const auto merge = m_git.integrate(m_workspace, head, target, expected, note);
    OF_OK(merge);
    QCOMPARE(m_repository->head(target), *merge);
    QCOMPARE(m_repository->git({QStringLiteral("log"), QStringLiteral("-1"), QStringLiteral("--format=%P")}).trimmed(),
             QByteArray(expected.toLatin1() + ' ' + head.toLatin1()));
    QCOMPARE(status(*m_repository), QByteArray());
    QCOMPARE(read(m_repository->path() + QStringLiteral("/new/file")), QByteArray("new\n"));
    QVERIFY(!QFileInfo::exists(m_repository->path() + QStringLiteral("/dir/gone")));
    QVERIFY(QFileInfo(m_repository->path() + QStringLiteral("/link")).isSymLink());
    // Again, as a restart does: the same commit, and nothing new; also when the target has gone on.
    QCOMPARE(m_git.integrate(m_workspace, head, target, expected, note).value(), *merge);
    QCOMPARE(m_git.findIntegration(m_repository->path(), target, QStringLiteral("STEP")).value(),
             std::optional(*merge));
    m_repository->write("later", "x\n");
    const CommitId later = m_repository->commitAll();
    QCOMPARE(m_git.integrate(m_workspace, head, target, expected, note).value(), *merge);
    QCOMPARE(m_repository->head(target), later);
    QCOMPARE(m_git.findIntegration(m_repository->path(), target, QStringLiteral("OTHER")).value(), std::nullopt);
    QCOMPARE(m_git.findIntegration(m_repository->path(), QStringLiteral("nowhere"), QStringLiteral("STEP")).value(),
             std::nullopt);
    OF_OK(m_git.remove(m_workspace, target));
    m_repository->git({QStringLiteral("fsck"), QStringLiteral("--strict")});
}

void GitMergeTest::mergesAsAMergeEvenWhereTheBranchCouldJustMove()
{
    const CommitId head = work("b", "changed\n");
    const auto merge = m_git.integrate(m_workspace, head, target, m_base, noteOf("Merge", QStringLiteral("S")));
    OF_OK(merge);
    QVERIFY(*merge != head);
    QCOMPARE(m_repository->head(*merge + QStringLiteral("^2")), head);
    QCOMPARE(m_repository->head(*merge + QStringLiteral("^{tree}")),
             m_repository->head(head + QStringLiteral("^{tree}")));
    QCOMPARE(status(*m_repository), QByteArray());
}

void GitMergeTest::refusesATargetThatMoved()
{
    const CommitId head = work("b", "changed\n");
    m_repository->write("theirs", "t\n");
    const CommitId moved = m_repository->commitAll();
    const auto merge = m_git.integrate(m_workspace, head, target, m_base, noteOf("Merge", QStringLiteral("S")));
    QCOMPARE(merge.error().kind, ErrorKind::Conflict);
    QVERIFY(merge.error().said.contains(QStringLiteral("moved")));
    QCOMPARE(m_repository->head(target), moved);
    QCOMPARE(status(*m_repository), QByteArray());
}

void GitMergeTest::refusesAConflict()
{
    const CommitId head = work("b", "ours\n");
    m_repository->write("b", "theirs\n");
    const CommitId moved = m_repository->commitAll();
    const auto merge = m_git.integrate(m_workspace, head, target, moved, noteOf("Merge", QStringLiteral("S")));
    QCOMPARE(merge.error().kind, ErrorKind::Conflict);
    QVERIFY(merge.error().said.contains(QStringLiteral(": b")));
    QCOMPARE(m_repository->head(target), moved);
    QCOMPARE(status(*m_repository), QByteArray());
}

void GitMergeTest::hasNothingToDoWhereTheHeadIsContained()
{
    m_repository->write("theirs", "t\n");
    const CommitId moved = m_repository->commitAll();
    QCOMPARE(m_git.integrate(m_workspace, m_base, target, m_base, noteOf("Merge", QStringLiteral("S"))).value(), moved);
}

void GitMergeTest::refusesWhereUncommittedWorkIsInTheWay_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("modified") << 0;
    QTest::newRow("staged") << 1;
    QTest::newRow("staged and put back") << 2;
    QTest::newRow("deleted") << 3;
    QTest::newRow("untracked in the way of a new file") << 4;
    QTest::newRow("ignored in the way of a new file") << 5;
    QTest::newRow("a folder in the way of a new file") << 6;
    QTest::newRow("modified where the job deletes") << 7;
    QTest::newRow("a link in the place of a folder") << 8;
}

void GitMergeTest::refusesWhereUncommittedWorkIsInTheWay()
{
    QFETCH(int, kind);
    m_repository->write("dir2/x", "x\n");
    const CommitId expected = m_repository->commitAll();
    OF_OK(m_git.restore(m_workspace, expected));
    ScratchRepository::writeAt(m_workspace.path, "a", "job\n");
    ScratchRepository::writeAt(m_workspace.path, "new", "job\n");
    ScratchRepository::writeAt(m_workspace.path, "dir2/x", "job\n");
    ScratchRepository::writeAt(m_workspace.path, "set.local", "job\n");
    m_repository->git({QStringLiteral("add"), QStringLiteral("-f"), QStringLiteral("set.local")}, m_workspace.path);
    ScratchRepository::removeAt(m_workspace.path, "dir/gone");
    const CommitId head = m_git.commit(m_workspace, noteOf("work")).value();
    const QString path = m_repository->path();
    QString named = QStringLiteral("a");
    switch (kind) {
    case 0: m_repository->write("a", "mine\n"); break;
    case 1:
        m_repository->write("a", "mine\n");
        m_repository->git({QStringLiteral("add"), QStringLiteral("a")});
        break;
    case 2:
        m_repository->write("a", "mine\n");
        m_repository->git({QStringLiteral("add"), QStringLiteral("a")});
        m_repository->write("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
        break;
    case 3: ScratchRepository::removeAt(path, "a"); break;
    case 4:
        m_repository->write("new", "mine\n");
        named = QStringLiteral("new");
        break;
    case 5:
        m_repository->write("set.local", "mine\n");
        named = QStringLiteral("set.local");
        break;
    case 6:
        m_repository->write("new/inner", "mine\n");
        named = QStringLiteral("new");
        break;
    case 7:
        m_repository->write("dir/gone", "mine\n");
        named = QStringLiteral("dir/gone");
        break;
    case 8:
        QVERIFY(QFile::rename(path + QStringLiteral("/dir2"), m_repository->outside() + QStringLiteral("/moved")));
        ScratchRepository::linkAt(path, "dir2", "../moved");
        named = QStringLiteral("dir2");
        break;
    }
    const QByteArrayList before = ScratchRepository::listing(path);
    const QByteArray statusBefore = status(*m_repository);
    const auto merge = m_git.integrate(m_workspace, head, target, expected, noteOf("Merge", QStringLiteral("S")));
    QVERIFY(!merge);
    QCOMPARE(merge.error().kind, ErrorKind::Denied);
    QVERIFY2(merge.error().said.contains(named), qPrintable(toText(merge.error())));
    QVERIFY(!merge.error().hint.isEmpty());
    QCOMPARE(m_repository->head(target), expected);
    QCOMPARE(ScratchRepository::listing(path), before);
    QCOMPARE(status(*m_repository), statusBefore);
    if (kind == 8)
        QCOMPARE(read(m_repository->outside() + QStringLiteral("/moved/x")), QByteArray("x\n"));
}

void GitMergeTest::leavesUncommittedWorkElsewhereAlone()
{
    const CommitId head = work("a", "job\n");
    m_repository->write("b", "mine\n");
    m_repository->write("staged", "mine\n");
    m_repository->git({QStringLiteral("add"), QStringLiteral("staged")});
    m_repository->write("untracked", "mine\n");
    const QByteArray before = status(*m_repository);
    OF_OK(m_git.integrate(m_workspace, head, target, m_base, noteOf("Merge", QStringLiteral("S"))));
    QCOMPARE(status(*m_repository), before);
    QCOMPARE(read(m_repository->path() + QStringLiteral("/a")), QByteArray("job\n"));
    QCOMPARE(read(m_repository->path() + QStringLiteral("/b")), QByteArray("mine\n"));
}

void GitMergeTest::leavesWhatIsSavedWhileTheFilesFollow()
{
    constexpr int files = 600;
    const auto name = [](int i) { return "f" + QByteArray::number(1000 + i); };
    for (int i = 0; i < files; ++i)
        ScratchRepository::writeAt(m_workspace.path, name(i), "new\n");
    ScratchRepository::writeAt(m_workspace.path, "b", "new\n");
    ScratchRepository::writeAt(m_workspace.path, "zz", "new\n");
    const CommitId head = m_git.commit(m_workspace, noteOf("work")).value();
    // Once the first file is there, a person saves one that is to be another, and one where there was none.
    std::jthread person([&](const std::stop_token &over) {
        while (!over.stop_requested() && !QFileInfo::exists(m_repository->path() + QStringLiteral("/f1000")))
            std::this_thread::yield();
        m_repository->write("zz", "mine\n");
        m_repository->write("f1599", "mine too\n");
    });
    OF_OK(m_git.integrate(m_workspace, head, target, m_base, noteOf("Merge", QStringLiteral("S"))));
    person = {};
    QCOMPARE(read(m_repository->path() + QStringLiteral("/zz")), QByteArray("mine\n"));
    QCOMPARE(read(m_repository->path() + QStringLiteral("/f1599")), QByteArray("mine too\n"));
    QCOMPARE(read(m_repository->path() + QStringLiteral("/b")), QByteArray("new\n"));
    QCOMPARE(read(m_repository->path() + QStringLiteral("/f1598")), QByteArray("new\n"));
    // What they wrote is what git sees as theirs, and nothing else.
    QStringList changed = QString::fromUtf8(m_repository->git({QStringLiteral("diff"), QStringLiteral("HEAD"),
                                                               QStringLiteral("--name-only")}))
                              .split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(changed, QStringList({QStringLiteral("f1599"), QStringLiteral("zz")}));
}

void GitMergeTest::refusesATargetCheckedOutInAnotherWorktree()
{
    const CommitId head = work("a", "job\n");
    m_repository->git({QStringLiteral("branch"), QStringLiteral("other")});
    m_repository->git({QStringLiteral("worktree"), QStringLiteral("add"), QStringLiteral("-q"),
                       m_repository->outside() + QStringLiteral("/wt"), QStringLiteral("other")});
    const auto merge = m_git.integrate(m_workspace, head, QStringLiteral("other"), m_base,
                                       noteOf("Merge", QStringLiteral("S")));
    QCOMPARE(merge.error().kind, ErrorKind::Denied);
    QVERIFY(merge.error().hint.contains(QStringLiteral("switch")));
    QCOMPARE(m_repository->head(QStringLiteral("other")), m_base);
}

void GitMergeTest::refusesDuringAMergeOfTheUser()
{
    const CommitId head = work("a", "job\n");
    m_repository->git({QStringLiteral("switch"), QStringLiteral("-qc"), QStringLiteral("topic")});
    m_repository->write("b", "topic\n");
    m_repository->commitAll();
    m_repository->git({QStringLiteral("switch"), QStringLiteral("-q"), target});
    m_repository->write("b", "main\n");
    const CommitId expected = m_repository->commitAll();
    QVERIFY(m_repository->tryGit({QStringLiteral("merge"), QStringLiteral("-q"), QStringLiteral("topic")}) != 0);
    const QByteArray before = status(*m_repository);
    const auto merge = m_git.integrate(m_workspace, head, target, expected, noteOf("Merge", QStringLiteral("S")));
    QCOMPARE(merge.error().kind, ErrorKind::Denied);
    QCOMPARE(status(*m_repository), before);
    m_repository->git({QStringLiteral("merge"), QStringLiteral("--abort")});
    // A rebase works on a detached head and would move the branch back when it ends.
    QVERIFY(m_repository->tryGit({QStringLiteral("rebase"), QStringLiteral("-q"), QStringLiteral("topic")}) != 0);
    QCOMPARE(m_git.integrate(m_workspace, head, target, expected, noteOf("Merge", QStringLiteral("S"))).error().kind,
             ErrorKind::Denied);
    QCOMPARE(m_repository->head(target), expected);
}

void GitMergeTest::movesABranchThatNobodyHasCheckedOut()
{
    const CommitId head = work("a", "job\n");
    m_repository->git({QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("--detach")});
    m_repository->write("a", "mine, and in nobody's way\n");
    const auto merge = m_git.integrate(m_workspace, head, target, m_base, noteOf("Merge", QStringLiteral("S")));
    OF_OK(merge);
    QCOMPARE(m_repository->head(target), *merge);
    QCOMPARE(m_repository->head(), m_base);
    QCOMPARE(read(m_repository->path() + QStringLiteral("/a")), QByteArray("mine, and in nobody's way\n"));
}

void GitMergeTest::seesWorkThatKeptItsSizeAndTime()
{
    const QString file = m_repository->path() + QStringLiteral("/b");
    QCOMPARE(read(file), QByteArray("b\n"));
    const CommitId head = work("b", "job\n");
    // As the index knows it: a file that is older than that is taken for unchanged by size and time alone.
    const QDateTime old = QDateTime::currentDateTime().addSecs(-3600);
    const auto setTime = [&] {
        QFile opened(file);
        QVERIFY(opened.open(QIODevice::ReadWrite | QIODevice::ExistingOnly));
        QVERIFY(opened.setFileTime(old, QFileDevice::FileModificationTime));
    };
    setTime();
    m_repository->git({QStringLiteral("update-index"), QStringLiteral("--refresh")});
    m_repository->write("b", "B\n");
    setTime();
    const auto merge = m_git.integrate(m_workspace, head, target, m_base, noteOf("Merge", QStringLiteral("S")));
    OF_REFUSED(merge, ErrorKind::Denied, QStringLiteral("uncommitted work is in the way: b"));
    QCOMPARE(read(file), QByteArray("B\n"));
    QCOMPARE(m_repository->head(target), m_base);
    m_repository->write("b", "b\n");
    setTime();
    OF_OK(m_git.integrate(m_workspace, head, target, m_base, noteOf("Merge", QStringLiteral("S"))));
    QCOMPARE(read(file), QByteArray("job\n"));
    QCOMPARE(status(*m_repository), QByteArray());
}

void GitMergeTest::finishesAnInterruptedCheckout()
{
    work("new", "job\n");
    work("new folder/new", "job\n");
    work("binary", QByteArray(5000, '\0'));
    work("b", "job\n");
    ScratchRepository::removeAt(m_workspace.path, "dir/gone");
    const CommitId head = work("a", "job\n");
    const CommitNote note = noteOf("Merge", QStringLiteral("S"));
    const auto merge = m_git.integrate(m_workspace, head, target, m_base, note);
    OF_OK(merge);
    // As if it had been killed when the branch had moved, one file had followed, one was made but not written, one was
    // half written, and one removed to be written anew.
    m_repository->git({QStringLiteral("read-tree"), m_base});
    m_repository->write("new", "");
    m_repository->write("new folder/new", "jo");
    m_repository->write("binary", QByteArray(1000, '\0'));
    ScratchRepository::removeAt(m_repository->path(), "b");
    m_repository->write("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    QVERIFY(!status(*m_repository).isEmpty());
    // Without the word of an interrupted call that is a person's doing, and stays.
    const QByteArray before = status(*m_repository);
    QCOMPARE(m_git.integrate(m_workspace, head, target, m_base, note).value(), *merge);
    QCOMPARE(status(*m_repository), before);
    const QDir words(m_repository->path() + QStringLiteral("/.git/openfactory"));
    QCOMPARE(words.entryList(QDir::Files), QStringList());
    const QString mark = words.filePath(QStringLiteral("follow-")
                                        + QStringLiteral("02aa629c8b16cd17a44f3a0efec2feed43937642")); // of "S"
    QFile file(mark);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QString(m_repository->head(m_base + QStringLiteral("^{tree}")) + QLatin1Char(' ')
                       + m_repository->head(*merge + QStringLiteral("^{tree}")))
                   .toLatin1());
    file.close();
    QCOMPARE(m_git.integrate(m_workspace, head, target, m_base, note).value(), *merge);
    QCOMPARE(status(*m_repository), QByteArray());
    QVERIFY(!QFileInfo::exists(mark));
}

void GitMergeTest::keepsTheUsersLineEnds()
{
    m_repository->git({QStringLiteral("config"), QStringLiteral("core.autocrlf"), QStringLiteral("true")});
    m_repository->git({QStringLiteral("rm"), QStringLiteral("-rq"), QStringLiteral("--cached"), QStringLiteral(".")});
    m_repository->git({QStringLiteral("reset"), QStringLiteral("-q"), QStringLiteral("--hard")});
    QCOMPARE(read(m_repository->path() + QStringLiteral("/b")), QByteArray("b\r\n"));
    const CommitId head = work("b", "job\n");
    OF_OK(m_git.integrate(m_workspace, head, target, m_base, noteOf("Merge", QStringLiteral("S"))));
    QCOMPARE(read(m_repository->path() + QStringLiteral("/b")), QByteArray("job\r\n"));
    QCOMPARE(status(*m_repository), QByteArray());
}

void GitMergeTest::writesNothingOutsideOfTheCheckout()
{
    // The job turns a folder into a link that leads out, and next puts a file where the link leads.
    ScratchRepository::writeAt(m_repository->outside(), "victim/gone", "untouched\n");
    QDir(m_workspace.path + QStringLiteral("/dir")).removeRecursively();
    ScratchRepository::linkAt(m_workspace.path, "dir", "../victim");
    const CommitId first = m_git.commit(m_workspace, noteOf("link")).value();
    const auto merge = m_git.integrate(m_workspace, first, target, m_base, noteOf("Merge", QStringLiteral("S1")));
    OF_OK(merge);
    ScratchRepository::removeAt(m_workspace.path, "dir");
    const CommitId second = work("dir/gone", "overwritten\n");
    OF_OK(m_git.integrate(m_workspace, second, target, *merge, noteOf("Merge", QStringLiteral("S2"))));
    QCOMPARE(read(m_repository->outside() + QStringLiteral("/victim/gone")), QByteArray("untouched\n"));
    QCOMPARE(read(m_repository->path() + QStringLiteral("/dir/gone")), QByteArray("overwritten\n"));
    QCOMPARE(status(*m_repository), QByteArray());
}

QTEST_GUILESS_MAIN(GitMergeTest)
#include "gitmerge_test.moc"
