// SPDX-License-Identifier: Apache-2.0
/// How a job's worktree comes, is committed to, and goes.
#include "core/git/gitworkspaces.h"
#include "tests/testlib/expect.h"
#include "tests/testlib/scratchrepository.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTest>

#include <sys/stat.h>

using namespace openfactory;

namespace {

const GitIdentity identity{QStringLiteral("Factory"), QStringLiteral("factory@example.org"),
                           QStringLiteral("Ada <ada@example.org>")};

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(missing)");
}

} // namespace

class GitWorktreeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tellsWhatARepositoryIsLike();
    void findsTheRepositoryFromInsideAWorkspace();
    void resolvesRevisions();
    void createsBranchFolderLinkAndExcludes();
    void takesASpareWorkspace_data();
    void takesASpareWorkspace();
    void sweepsWhatWasLeftOfSpares();
    void refusesARepositoryWithoutCommits();
    void adoptsWhatAnInterruptedCallLeft();
    void leavesAFinishedWorkspaceAsItIs();
    void refusesABranchWithUnmergedCommitsOfAnEarlierJob();
    void reusesABranchWhoseWorkIsMerged();
    void refusesFoldersThatAreLinks();
    void refusesNamesThatDoNotBelongTogether_data();
    void refusesNamesThatDoNotBelongTogether();
    void worksInABareRepository();
    void commitsTrackedAndUntrackedButNotIgnored();
    void commitsASnapshotAndNothingThatCameAfterIt();
    void writesWhyAndByWhatIntoTheMessage();
    void returnsTheHeadWhenThereIsNothingToCommit();
    void findsTheCommitOfAStep();
    void keepsASnapshotWithoutTouchingAnything();
    void keepsASnapshotOnceAndNeverOverAnother();
    void listsSnapshotsInTheOrderOfTheirAttempts();
    void refusesToCommitOnAnotherBranch();
    void neverRemovesWorkThatIsNowhereElse();
    void removesAMergedWorkspaceAndItsBranch();
    void finishesAnInterruptedRemoval();

private:
    GitWorkspaces m_git{identity};
};

void GitWorktreeTest::tellsWhatARepositoryIsLike()
{
    ScratchRepository repository;
    auto facts = m_git.inspect(repository.path());
    OF_OK(facts);
    QVERIFY(facts->unborn);
    QCOMPARE(facts->headBranch, QStringLiteral("main"));
    repository.write("a", "1\n");
    const CommitId first = repository.commitAll();
    QDir(repository.path()).mkpath(QStringLiteral("deep/er"));
    facts = m_git.inspect(repository.path() + QStringLiteral("/deep/er"));
    OF_OK(facts);
    QCOMPARE(facts->root, QFileInfo(repository.path()).canonicalFilePath());
    QCOMPARE(facts->gitFolder, facts->root + QStringLiteral("/.git"));
    QCOMPARE(facts->headCommit, first);
    QCOMPARE(facts->headBranch, QStringLiteral("main"));
    QVERIFY(!facts->bare && !facts->shallow && !facts->unborn && !facts->detached);
    repository.git({QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("--detach")});
    facts = m_git.inspect(repository.path());
    OF_OK(facts);
    QVERIFY(facts->detached && facts->headBranch.isEmpty());

    repository.commitAll();
    const QString url = QStringLiteral("file://") + repository.path();
    repository.git({QStringLiteral("clone"), QStringLiteral("-q"), QStringLiteral("--depth=1"), url,
                    repository.outside() + QStringLiteral("/shallow")});
    facts = m_git.inspect(repository.outside() + QStringLiteral("/shallow"));
    OF_OK(facts);
    QVERIFY(facts->shallow);
    repository.git({QStringLiteral("clone"), QStringLiteral("-q"), QStringLiteral("--bare"), url,
                    repository.outside() + QStringLiteral("/bare")});
    facts = m_git.inspect(repository.outside() + QStringLiteral("/bare"));
    OF_OK(facts);
    QVERIFY(facts->bare);

    QCOMPARE(m_git.inspect(QStringLiteral("/proc/self")).error().kind, ErrorKind::NotFound);
    QCOMPARE(m_git.inspect(repository.path() + QStringLiteral("/nowhere")).error().kind, ErrorKind::NotFound);
}

void GitWorktreeTest::findsTheRepositoryFromInsideAWorkspace()
{
    ScratchRepository repository;
    repository.write("src/a", "1\n");
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    OF_OK(m_git.create(workspace, repository.commitAll(), {}));
    // Also when the job made the folder look like another repository.
    repository.git({QStringLiteral("init"), QStringLiteral("-q"),
                    QStringLiteral("--separate-git-dir=") + repository.outside() + QStringLiteral("/evil.git"),
                    workspace.path + QStringLiteral("/src")});
    const auto facts = m_git.inspect(workspace.path + QStringLiteral("/src"));
    OF_OK(facts);
    QCOMPARE(facts->root, QFileInfo(repository.path()).canonicalFilePath());
}

void GitWorktreeTest::resolvesRevisions()
{
    ScratchRepository repository;
    repository.write("a", "1\n");
    const CommitId first = repository.commitAll();
    const CommitId second = repository.commitAll();
    QCOMPARE(m_git.resolve(repository.path(), QStringLiteral("main")).value(), second);
    QCOMPARE(m_git.resolve(repository.path(), QStringLiteral("HEAD~1")).value(), first);
    QCOMPARE(m_git.resolve(repository.path(), first.left(10)).value(), first);
    QCOMPARE(m_git.resolve(repository.path(), QStringLiteral("nowhere")).error().kind, ErrorKind::NotFound);
    QCOMPARE(m_git.resolve(repository.path(), QStringLiteral("a..b")).error().kind, ErrorKind::Invalid);
}

namespace {

/// What lies in the folder of workspaces and belongs to no job.
QStringList sparesOf(const ScratchRepository &repository)
{
    return QDir(repository.path() + QStringLiteral("/.factory-workspaces"))
        .entryList({QStringLiteral(".spare-*")}, QDir::Dirs | QDir::Hidden);
}

void fillLarge(ScratchRepository &repository)
{
    for (int i = 0; i < 1000; ++i)
        repository.write("src/" + QByteArray::number(i % 20) + '/' + QByteArray::number(i), "text\n");
    repository.write("run", "#!/bin/sh\n", 0755);
    ScratchRepository::linkAt(repository.path(), "link", "src/1");
}

} // namespace

void GitWorktreeTest::takesASpareWorkspace_data()
{
    QTest::addColumn<QString>("meanwhile");
    QTest::newRow("as it was made") << QString();
    for (const char *what : {"the target moved", "its files are gone", "the machine was started again",
                             "killed after the claim", "killed after the move"})
        QTest::newRow(what) << QString::fromLatin1(what);
}

void GitWorktreeTest::takesASpareWorkspace()
{
    QFETCH(QString, meanwhile);
    ScratchRepository repository;
    fillLarge(repository);
    CommitId base = repository.commitAll();
    OF_OK(m_git.prepare(repository.path(), QStringLiteral("main"), {}));
    OF_OK(m_git.prepare(repository.path(), QStringLiteral("main"), {})); // one is enough
    QCOMPARE(sparesOf(repository).size(), 1);
    QCOMPARE(repository.git({QStringLiteral("status"), QStringLiteral("--porcelain")}), QByteArray());
    QCOMPARE(repository.git({QStringLiteral("worktree"), QStringLiteral("list")}).count('\n'), 1);
    const QString records = repository.path() + QStringLiteral("/.git/openfactory/spares/");
    const QString record = records + QDir(records).entryList(QDir::Dirs | QDir::NoDotAndDotDot).value(0);
    const QString files = repository.path() + QStringLiteral("/.factory-workspaces/") + sparesOf(repository).value(0);
    const auto inodeOf = [](const QString &path) {
        struct stat facts{};
        return ::stat(QFile::encodeName(path).constData(), &facts) == 0 ? facts.st_ino : 0;
    };
    const auto inode = inodeOf(files + QStringLiteral("/src/3/3"));
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("my-job"));
    const QString own = repository.path() + QStringLiteral("/.git/worktrees/") + workspace.name;
    if (meanwhile == QStringLiteral("the target moved")) {
        repository.write("src/1/1", "other\n");
        repository.write("new", "new\n");
        QVERIFY(QFile::remove(repository.path() + QStringLiteral("/src/2/2")));
        base = repository.commitAll();
    } else if (meanwhile == QStringLiteral("its files are gone")) {
        QVERIFY(QDir(files).removeRecursively());
    } else if (meanwhile == QStringLiteral("the machine was started again")) {
        // As a crash of the machine leaves it: a file whose content never reached the disk.
        ScratchRepository::writeAt(record, "openfactory-boot", "another");
        ScratchRepository::writeAt(files, "src/3/4", "");
    } else if (meanwhile.startsWith(QStringLiteral("killed"))) {
        QVERIFY(QDir().mkpath(QFileInfo(own).path()));
        QVERIFY(QFile::rename(record, own));
        if (meanwhile == QStringLiteral("killed after the move")) {
            ScratchRepository::writeAt(own, "HEAD", "ref: refs/heads/factory/my-job\n");
            QVERIFY(QFile::rename(files, workspace.path));
        }
    }
    OF_OK(m_git.create(workspace, base, {}));
    QCOMPARE(ScratchRepository::listing(workspace.path), [&] {
        QByteArrayList lines = ScratchRepository::listing(repository.path());
        lines.removeIf([](const QByteArray &line) { return line.startsWith(".factory"); });
        return lines;
    }());
    QCOMPARE(inodeOf(workspace.path + QStringLiteral("/src/3/3")) == inode,
             meanwhile != QStringLiteral("its files are gone"));
    QCOMPARE(sparesOf(repository), QStringList());
    QVERIFY(!QFile::exists(own + QStringLiteral("/openfactory-spare")));
    QVERIFY(m_git.state(workspace)->clean);
    QCOMPARE(repository.git({QStringLiteral("status"), QStringLiteral("--porcelain")}, workspace.path), QByteArray());
    QCOMPARE(repository.head(QStringLiteral("factory/my-job")), base);
    // It is a workspace like any other from here on.
    ScratchRepository::writeAt(workspace.path, "src/1/1", "changed\n");
    QVERIFY(!m_git.state(workspace)->clean);
    OF_OK(m_git.restore(workspace, base));
    OF_OK(m_git.remove(workspace, QStringLiteral("main")));
}

void GitWorktreeTest::sweepsWhatWasLeftOfSpares()
{
    ScratchRepository repository;
    fillLarge(repository);
    repository.commitAll();
    const QString folder = repository.path() + QStringLiteral("/.factory-workspaces");
    OF_OK(m_git.prepare(repository.path(), QStringLiteral("main"), {}));
    const QString good = sparesOf(repository).value(0);
    // Half made by a killed process, and one whose record went with a job.
    for (const QByteArray &name :
         {QByteArray(".spare-00000000000000000000000001"), QByteArray(".spare-00000000000000000000000002")})
        ScratchRepository::writeAt(folder, name + "/src/1", "half");
    ScratchRepository::writeAt(repository.path(),
                               ".git/openfactory/making-00000000000000000000000001/openfactory-spare", "x");
    OF_OK(m_git.create(repository.workspace(QStringLiteral("one")),
                       m_git.resolve(repository.path(), QStringLiteral("main")).value(), {}));
    QVERIFY(!sparesOf(repository).contains(good)); // taken
    OF_OK(m_git.prepare(repository.path(), QStringLiteral("main"), {}));
    QCOMPARE(sparesOf(repository).size(), 1);
    QVERIFY(!QFile::exists(repository.path() + QStringLiteral("/.git/openfactory/making-00000000000000000000000001")));
    // Cancelled: nothing stays.
    OF_OK(m_git.create(repository.workspace(QStringLiteral("two")),
                       m_git.resolve(repository.path(), QStringLiteral("main")).value(), {}));
    std::stop_source stop;
    stop.request_stop();
    QCOMPARE(m_git.prepare(repository.path(), QStringLiteral("main"), stop.get_token()).error().kind,
             ErrorKind::Cancelled);
    QCOMPARE(sparesOf(repository), QStringList());
    // A small repository is written as fast.
    ScratchRepository small;
    small.write("a", "1\n");
    small.commitAll();
    OF_OK(m_git.prepare(small.path(), QStringLiteral("main"), {}));
    QVERIFY(sparesOf(small).isEmpty());
}

void GitWorktreeTest::createsBranchFolderLinkAndExcludes()
{
    ScratchRepository repository;
    repository.write("src/a b.txt", "one\n");
    repository.write("run", "#!/bin/sh\n", 0755);
    ScratchRepository::linkAt(repository.path(), "link", "src/a b.txt");
    const CommitId base = repository.commitAll();
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("my-job"));
    OF_OK(m_git.create(workspace, base, {}));
    QCOMPARE(ScratchRepository::listing(workspace.path), [&] {
        QByteArrayList lines = ScratchRepository::listing(repository.path());
        lines.removeIf([](const QByteArray &line) { return line.startsWith(".factory"); });
        return lines;
    }());
    QCOMPARE(repository.head(QStringLiteral("factory/my-job")), base);
    QCOMPARE(QFile::symLinkTarget(repository.path() + QStringLiteral("/.factory/my-job")), workspace.path);
    // git sees an ordinary worktree, on the branch, with nothing changed, and the repository itself stays clean.
    QCOMPARE(repository.git({QStringLiteral("status"), QStringLiteral("--porcelain")}, workspace.path), QByteArray());
    QCOMPARE(repository.git({QStringLiteral("status"), QStringLiteral("--porcelain")}), QByteArray());
    QCOMPARE(repository.git({QStringLiteral("branch"), QStringLiteral("--show-current")}, workspace.path),
             QByteArray("factory/my-job\n"));
    QVERIFY(repository.git({QStringLiteral("worktree"), QStringLiteral("list")}).contains("factory/my-job"));
    QCOMPARE(repository.tryGit({QStringLiteral("worktree"), QStringLiteral("prune"), QStringLiteral("--expire=now")}),
             0);
    QVERIFY(m_git.state(workspace)->clean);

    OF_OK(m_git.create(repository.workspace(QStringLiteral("other")), base, {}));
    const QByteArray excludes = read(repository.path() + QStringLiteral("/.git/info/exclude"));
    QCOMPARE(excludes.count("/.factory/\n"), 1);
    QCOMPARE(excludes.count("/.factory-workspaces/\n"), 1);
}

void GitWorktreeTest::refusesARepositoryWithoutCommits()
{
    ScratchRepository repository;
    const auto made = m_git.create(repository.workspace(QStringLiteral("job")), {}, {});
    QCOMPARE(made.error().kind, ErrorKind::Invalid);
    QVERIFY(made.error().hint.contains(QStringLiteral("git commit")));
    QCOMPARE(m_git
                 .create(repository.workspace(QStringLiteral("job")),
                         QStringLiteral("0123456789012345678901234567890123456789"), {})
                 .error()
                 .kind,
             ErrorKind::NotFound);
}

void GitWorktreeTest::adoptsWhatAnInterruptedCallLeft()
{
    ScratchRepository repository;
    for (int i = 0; i < 40; ++i)
        repository.write("d" + QByteArray::number(i % 4) + "/f" + QByteArray::number(i),
                         "text " + QByteArray::number(i));
    const CommitId base = repository.commitAll();
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    OF_OK(m_git.create(workspace, base, {}));
    const QByteArrayList whole = ScratchRepository::listing(workspace.path);
    const QString record = repository.path() + QStringLiteral("/.git/worktrees/") + workspace.name;
    // As if it had been killed between the files, with one of them half written.
    QVERIFY(QFile::remove(record + QStringLiteral("/openfactory-index")));
    QVERIFY(QFile::remove(record + QStringLiteral("/index")));
    QVERIFY(QFile::remove(repository.path() + QStringLiteral("/.factory/job")));
    ScratchRepository::removeAt(workspace.path, "d1/f5");
    ScratchRepository::writeAt(workspace.path, "d2/f6", "te");
    QCOMPARE(m_git.state(workspace).error().kind, ErrorKind::NotFound);
    OF_OK(m_git.create(workspace, base, {}));
    QCOMPARE(ScratchRepository::listing(workspace.path), whole);
    QVERIFY(m_git.state(workspace)->clean);
    QCOMPARE(repository.git({QStringLiteral("status"), QStringLiteral("--porcelain")}, workspace.path), QByteArray());
}

void GitWorktreeTest::leavesAFinishedWorkspaceAsItIs()
{
    ScratchRepository repository;
    repository.write("a", "1\n");
    const CommitId base = repository.commitAll();
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    OF_OK(m_git.create(workspace, base, {}));
    ScratchRepository::writeAt(workspace.path, "b", "2\n");
    const CommitId work = m_git.commit(workspace, noteOf("work")).value();
    ScratchRepository::writeAt(workspace.path, "c", "not committed\n");
    OF_OK(m_git.create(workspace, base, {}));
    QCOMPARE(repository.head(QStringLiteral("factory/job")), work);
    QCOMPARE(read(workspace.path + QStringLiteral("/c")), QByteArray("not committed\n"));
}

void GitWorktreeTest::refusesABranchWithUnmergedCommitsOfAnEarlierJob()
{
    ScratchRepository repository;
    repository.write("a", "1\n");
    const CommitId base = repository.commitAll();
    repository.git({QStringLiteral("branch"), QStringLiteral("factory/job")});
    repository.git({QStringLiteral("switch"), QStringLiteral("-q"), QStringLiteral("factory/job")});
    const CommitId work = repository.commitAll();
    const auto held = m_git.create(repository.workspace(QStringLiteral("job")), base, {});
    QCOMPARE(held.error().kind, ErrorKind::Conflict); // the main folder has it checked out
    repository.git({QStringLiteral("switch"), QStringLiteral("-q"), QStringLiteral("main")});
    const auto made = m_git.create(repository.workspace(QStringLiteral("job")), base, {});
    QCOMPARE(made.error().kind, ErrorKind::Conflict);
    QVERIFY(made.error().hint.contains(QStringLiteral("git branch -m factory/job")));
    QCOMPARE(repository.head(QStringLiteral("factory/job")), work);
}

void GitWorktreeTest::reusesABranchWhoseWorkIsMerged()
{
    ScratchRepository repository;
    repository.write("a", "1\n");
    repository.commitAll();
    repository.git({QStringLiteral("branch"), QStringLiteral("factory/job")});
    const CommitId base = repository.commitAll();
    OF_OK(m_git.create(repository.workspace(QStringLiteral("job")), base, {}));
    QCOMPARE(repository.head(QStringLiteral("factory/job")), base);
}

void GitWorktreeTest::refusesFoldersThatAreLinks()
{
    for (const QByteArray &name : {QByteArray(".factory"), QByteArray(".factory-workspaces")}) {
        ScratchRepository repository;
        repository.write("a", "1\n");
        const CommitId base = repository.commitAll();
        QDir(repository.outside()).mkdir(QStringLiteral("elsewhere"));
        ScratchRepository::linkAt(repository.path(), name, "../elsewhere");
        QCOMPARE(m_git.create(repository.workspace(QStringLiteral("job")), base, {}).error().kind, ErrorKind::Denied);
        QVERIFY(QDir(repository.outside() + QStringLiteral("/elsewhere")).isEmpty());
    }
}

void GitWorktreeTest::refusesNamesThatDoNotBelongTogether_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("branch");
    QTest::addColumn<QString>("slug");
    const QString good = QStringLiteral("/.factory-workspaces/");
    const auto row = [&](const char *tag, const char *name, const QString &path, const char *branch, const char *slug) {
        QTest::newRow(tag) << QString::fromLatin1(name) << path << QString::fromLatin1(branch)
                           << QString::fromLatin1(slug);
    };
    row("slug", "x-1", good + QStringLiteral("x-1"), "factory/../x", "../x");
    row("long slug", "x-1", good + QStringLiteral("x-1"), "factory/x",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    row("name", "../x", good + QStringLiteral("../x"), "factory/job", "job");
    row("name with a line end", "x\n", good + QStringLiteral("x\n"), "factory/job", "job");
    row("empty name", "", good, "factory/job", "job");
    row("path", "job-1", QStringLiteral("/elsewhere/job-1"), "factory/job", "job");
    row("path that climbs", "job-1", good + QStringLiteral("../../job-1"), "factory/job", "job");
    row("branch", "job-1", good + QStringLiteral("job-1"), "main", "job");
}

void GitWorktreeTest::refusesNamesThatDoNotBelongTogether()
{
    QFETCH(QString, name);
    QFETCH(QString, path);
    QFETCH(QString, branch);
    QFETCH(QString, slug);
    static ScratchRepository repository;
    repository.write("a", "1\n");
    const CommitId base = repository.commitAll();
    const WorkspaceRef workspace{repository.path(), repository.path() + path, branch, name, slug};
    QCOMPARE(m_git.create(workspace, base, {}).error().kind, ErrorKind::Invalid);
    QCOMPARE(m_git.restore(workspace, base).error().kind, ErrorKind::Invalid);
    QCOMPARE(m_git.remove(workspace, QStringLiteral("main")).error().kind, ErrorKind::Invalid);
}

void GitWorktreeTest::worksInABareRepository()
{
    ScratchRepository repository;
    repository.write("a", "1\n");
    const CommitId base = repository.commitAll();
    const QString bare = repository.outside() + QStringLiteral("/bare.git");
    repository.git({QStringLiteral("clone"), QStringLiteral("-q"), QStringLiteral("--bare"), repository.path(), bare});
    const WorkspaceRef workspace{bare, bare + QStringLiteral("/.factory-workspaces/job-1"),
                                 QStringLiteral("factory/job"), QStringLiteral("job-1"), QStringLiteral("job")};
    OF_OK(m_git.create(workspace, base, {}));
    ScratchRepository::writeAt(workspace.path, "b", "2\n");
    const auto head = m_git.commit(workspace, noteOf("work"));
    OF_OK(head);
    const auto merge = m_git.integrate(workspace, *head, QStringLiteral("main"), base,
                                       noteOf("merge", QStringLiteral("S1")));
    OF_OK(merge);
    QCOMPARE(repository.git({QStringLiteral("show"), QStringLiteral("main:b")}, bare), QByteArray("2\n"));
}

void GitWorktreeTest::commitsTrackedAndUntrackedButNotIgnored()
{
    ScratchRepository repository;
    repository.write(".gitignore", "build/\n*.log\n");
    repository.write("kept.log", "tracked although ignored\n");
    repository.git({QStringLiteral("add"), QStringLiteral("-f"), QStringLiteral("kept.log")});
    repository.write("a", "1\n");
    repository.write("gone", "1\n");
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    OF_OK(m_git.create(workspace, repository.commitAll(), {}));
    ScratchRepository::writeAt(workspace.path, "a", "2\n");
    ScratchRepository::writeAt(workspace.path, "kept.log", "changed\n");
    ScratchRepository::writeAt(workspace.path, "new/file", "new\n", 0755);
    ScratchRepository::writeAt(workspace.path, "build/out", "ignored\n");
    ScratchRepository::writeAt(workspace.path, "other.log", "ignored\n");
    ScratchRepository::writeAt(workspace.path, "forced.log", "added by hand\n");
    repository.git({QStringLiteral("add"), QStringLiteral("-f"), QStringLiteral("forced.log")}, workspace.path);
    ScratchRepository::removeAt(workspace.path, "gone");
    QVERIFY(!m_git.state(workspace)->clean);
    const auto made = m_git.commit(workspace, noteOf("work"));
    OF_OK(made);
    QCOMPARE(repository.git({QStringLiteral("diff-tree"), QStringLiteral("-r"), QStringLiteral("--name-status"),
                             *made + QLatin1Char('~'), *made}),
             QByteArray("M\ta\nA\tforced.log\nD\tgone\nM\tkept.log\nA\tnew/file\n"));
    QCOMPARE(repository.git({QStringLiteral("status"), QStringLiteral("--porcelain")}, workspace.path), QByteArray());
    QVERIFY(m_git.state(workspace)->clean);
    QCOMPARE(m_git.state(workspace)->tree, repository.head(*made + QStringLiteral("^{tree}")));
    repository.git({QStringLiteral("fsck"), QStringLiteral("--strict")});
}

void GitWorktreeTest::commitsASnapshotAndNothingThatCameAfterIt()
{
    ScratchRepository repository;
    repository.write("a", "1\n");
    repository.write("b/gone", "1\n");
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    OF_OK(m_git.create(workspace, repository.commitAll(), {}));
    ScratchRepository::writeAt(workspace.path, "a", "judged\n");
    ScratchRepository::writeAt(workspace.path, "b.new", "judged\n");
    ScratchRepository::removeAt(workspace.path, "b/gone");
    const auto judged = m_git.snapshot(workspace, QStringLiteral("refs/openfactory/J/start"), QStringLiteral("judged"));
    OF_OK(judged);
    ScratchRepository::writeAt(workspace.path, "a", "later\n");
    ScratchRepository::writeAt(workspace.path, "late", "later\n");
    const auto made = m_git.commitSnapshot(workspace, judged->commit, noteOf("work"));
    OF_OK(made);
    QCOMPARE(repository.head(*made + QStringLiteral("^{tree}")),
             repository.head(judged->commit + QStringLiteral("^{tree}")));
    QCOMPARE(repository.git({QStringLiteral("status"), QStringLiteral("--porcelain")}, workspace.path),
             QByteArray(" M a\n?? late\n"));
    QVERIFY(!m_git.state(workspace)->clean);
    QCOMPARE(m_git.commitSnapshot(workspace, judged->commit, noteOf("again")).value(), *made);
    OF_REFUSED(m_git.commitSnapshot(workspace, QString(40, u'0'), noteOf("work")), ErrorKind::NotFound,
               QStringLiteral("commit workspace"));
}

void GitWorktreeTest::writesWhyAndByWhatIntoTheMessage()
{
    ScratchRepository repository;
    repository.write("a", "1\n");
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    OF_OK(m_git.create(workspace, repository.commitAll(), {}));
    ScratchRepository::writeAt(workspace.path, "a", "2\n");
    // Nothing in the words can end the subject or add a trailer of its own.
    CommitNote note = noteOf("Pass unit-test\nOpenFactory-Step: FORGED", QStringLiteral("STEP1"));
    note.body = QStringLiteral("12 passed\n\nOpenFactory-Step: FORGED2\u202e");
    note.job = QStringLiteral("JOB1");
    note.trace = QStringLiteral("TRACE1");
    note.stage = QStringLiteral("unit-test");
    note.attempt = 2;
    const auto made = m_git.commit(workspace, note);
    OF_OK(made);
    const QByteArray text = repository.git(
        {QStringLiteral("log"), QStringLiteral("-1"), QStringLiteral("--format=%an|%ae|%cn|%ce|%n%B"), *made});
    QCOMPARE(
        text,
        QByteArray("Factory|factory@example.org|Factory|factory@example.org|\n"
                   "Pass unit-test OpenFactory-Step: FORGED\n\n"
                   "12 passed\n\nOpenFactory-Step: FORGED2\\u202e\n\n"
                   "OpenFactory-Job: JOB1\nOpenFactory-Stage: unit-test\nOpenFactory-Attempt: 2\n"
                   "OpenFactory-Trace: TRACE1\nOpenFactory-Step: STEP1\nCo-authored-by: Ada <ada@example.org>\n\n"));
    QCOMPARE(m_git.findStep(workspace, QStringLiteral("STEP1")).value(), std::optional(*made));
    QCOMPARE(m_git.findStep(workspace, QStringLiteral("FORGED")).value(), std::nullopt);
    QCOMPARE(m_git.findStep(workspace, QStringLiteral("FORGED2")).value(), std::nullopt);
}

void GitWorktreeTest::returnsTheHeadWhenThereIsNothingToCommit()
{
    ScratchRepository repository;
    repository.write("a", "1\n");
    const CommitId base = repository.commitAll();
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    OF_OK(m_git.create(workspace, base, {}));
    QCOMPARE(m_git.commit(workspace, noteOf("nothing")).value(), base);
    // The same bytes written anew are no change either.
    ScratchRepository::writeAt(workspace.path, "a", "1\n");
    QCOMPARE(m_git.commit(workspace, noteOf("nothing")).value(), base);
}

void GitWorktreeTest::findsTheCommitOfAStep()
{
    ScratchRepository repository;
    repository.write("a", "0\n");
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    OF_OK(m_git.create(workspace, repository.commitAll(), {}));
    QList<CommitId> made;
    for (const char *step : {"S1", "S2", "S3"}) {
        ScratchRepository::writeAt(workspace.path, "a", step);
        made += m_git.commit(workspace, noteOf("work", QString::fromLatin1(step))).value();
    }
    QCOMPARE(m_git.findStep(workspace, QStringLiteral("S1")).value(), std::optional(made[0]));
    QCOMPARE(m_git.findStep(workspace, QStringLiteral("S3")).value(), std::optional(made[2]));
    QCOMPARE(m_git.findStep(workspace, QStringLiteral("S4")).value(), std::nullopt);
    QCOMPARE(m_git.findStep(workspace, {}).value(), std::nullopt);
}

void GitWorktreeTest::keepsASnapshotWithoutTouchingAnything()
{
    ScratchRepository repository;
    repository.write(".gitignore", "*.o\n");
    repository.write("a", "1\n");
    const CommitId base = repository.commitAll();
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    OF_OK(m_git.create(workspace, base, {}));
    ScratchRepository::writeAt(workspace.path, "a", "2\n");
    ScratchRepository::writeAt(workspace.path, "b", "new\n");
    ScratchRepository::writeAt(workspace.path, "c.o", "ignored\n");
    const QByteArrayList before = ScratchRepository::listing(workspace.path);
    const QByteArray status = repository.git({QStringLiteral("status"), QStringLiteral("--porcelain")}, workspace.path);
    const auto kept = m_git.snapshot(workspace, QStringLiteral("refs/openfactory/J/unit-test/1"),
                                     QStringLiteral("2 tests failed"));
    OF_OK(kept);
    QCOMPARE(ScratchRepository::listing(workspace.path), before);
    QCOMPARE(repository.git({QStringLiteral("status"), QStringLiteral("--porcelain")}, workspace.path), status);
    QCOMPARE(repository.head(QStringLiteral("factory/job")), base);
    QCOMPARE(repository.head(QStringLiteral("refs/openfactory/J/unit-test/1")), kept->commit);
    QCOMPARE(repository.head(kept->commit + QLatin1Char('^')), base);
    QCOMPARE(
        repository.git({QStringLiteral("ls-tree"), QStringLiteral("-r"), QStringLiteral("--name-only"), kept->commit}),
        QByteArray(".gitignore\na\nb\n"));

    OF_OK(m_git.restore(workspace, base));
    QVERIFY(m_git.state(workspace)->clean);
    OF_OK(m_git.apply(workspace, m_git.state(workspace)->head, kept->commit));
    QCOMPARE(ScratchRepository::listing(workspace.path), before);
    QCOMPARE(repository.git({QStringLiteral("status"), QStringLiteral("--porcelain")}, workspace.path), status);
    QCOMPARE(m_git.state(workspace)->head, base);
}

void GitWorktreeTest::keepsASnapshotOnceAndNeverOverAnother()
{
    ScratchRepository repository;
    repository.write("a", "1\n");
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    OF_OK(m_git.create(workspace, repository.commitAll(), {}));
    ScratchRepository::writeAt(workspace.path, "a", "2\n");
    const QString ref = QStringLiteral("refs/openfactory/J/lint/1");
    const auto kept = m_git.snapshot(workspace, ref, QStringLiteral("failed"));
    OF_OK(kept);
    QCOMPARE(m_git.snapshot(workspace, ref, QStringLiteral("failed")).value().commit, kept->commit);
    ScratchRepository::writeAt(workspace.path, "a", "3\n");
    QCOMPARE(m_git.snapshot(workspace, ref, QStringLiteral("failed")).error().kind, ErrorKind::Conflict);
    QCOMPARE(repository.head(ref), kept->commit);
    for (const char *bad :
         {"refs/heads/main", "refs/openfactory/../heads/main", "refs/openfactory/", "refs/openfactory/a b", "HEAD"})
        QCOMPARE(m_git.snapshot(workspace, QString::fromLatin1(bad), QStringLiteral("failed")).error().kind,
                 ErrorKind::Invalid);
}

void GitWorktreeTest::listsSnapshotsInTheOrderOfTheirAttempts()
{
    ScratchRepository repository;
    repository.write("a", "1\n");
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    OF_OK(m_git.create(workspace, repository.commitAll(), {}));
    for (const char *attempt : {"J/test/10", "J/test/2", "J/lint/1", "K/test/1"})
        OF_OK(m_git.snapshot(workspace, QStringLiteral("refs/openfactory/") + QLatin1StringView(attempt),
                             QStringLiteral("why ") + QLatin1StringView(attempt)));
    const auto found = m_git.snapshots(workspace, QStringLiteral("refs/openfactory/J/"));
    OF_OK(found);
    QStringList refs;
    for (const SnapshotRef &snapshot : *found) {
        refs += snapshot.ref.mid(17);
        QCOMPARE(snapshot.message, QStringLiteral("why ") + snapshot.ref.mid(17));
    }
    QCOMPARE(refs, (QStringList{QStringLiteral("J/lint/1"), QStringLiteral("J/test/2"), QStringLiteral("J/test/10")}));
}

void GitWorktreeTest::refusesToCommitOnAnotherBranch()
{
    ScratchRepository repository;
    repository.write("a", "1\n");
    const CommitId base = repository.commitAll();
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    OF_OK(m_git.create(workspace, base, {}));
    repository.git({QStringLiteral("switch"), QStringLiteral("-q"), QStringLiteral("-c"), QStringLiteral("mine")},
                   workspace.path);
    ScratchRepository::writeAt(workspace.path, "a", "2\n");
    const auto made = m_git.commit(workspace, noteOf("work"));
    QCOMPARE(made.error().kind, ErrorKind::Conflict);
    QVERIFY(made.error().hint.contains(QStringLiteral("git switch factory/job")));
    OF_OK(m_git.restore(workspace, base));
    QCOMPARE(repository.git({QStringLiteral("branch"), QStringLiteral("--show-current")}, workspace.path),
             QByteArray("factory/job\n"));
}

void GitWorktreeTest::neverRemovesWorkThatIsNowhereElse()
{
    ScratchRepository repository;
    repository.write(".gitignore", "*.o\n");
    repository.write("a", "1\n");
    const CommitId base = repository.commitAll();
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    const QString target = QStringLiteral("main");
    OF_OK(m_git.create(workspace, base, {}));
    ScratchRepository::writeAt(workspace.path, "b", "new\n");
    QCOMPARE(m_git.remove(workspace, target).error().kind, ErrorKind::Denied);
    ScratchRepository::removeAt(workspace.path, "b");
    repository.git({QStringLiteral("init"), QStringLiteral("-q"), workspace.path + QStringLiteral("/inner")});
    QCOMPARE(m_git.remove(workspace, target).error().kind, ErrorKind::Denied);
    QVERIFY(m_git.remove(workspace, target).error().said.contains(QStringLiteral("inner")));
    QDir(workspace.path + QStringLiteral("/inner")).removeRecursively();
    ScratchRepository::writeAt(workspace.path, "a", "2\n");
    const CommitId work = m_git.commit(workspace, noteOf("work")).value();
    QCOMPARE(m_git.remove(workspace, target).error().kind, ErrorKind::Denied);
    QCOMPARE(m_git.remove(workspace, QStringLiteral("nowhere")).error().kind, ErrorKind::Denied);
    QCOMPARE(read(workspace.path + QStringLiteral("/a")), QByteArray("2\n"));
    // A snapshot keeps the commits; then the folder may go, and the branch stays.
    OF_OK(m_git.snapshot(workspace, QStringLiteral("refs/openfactory/J/end/1"), QStringLiteral("cancelled")));
    OF_OK(m_git.remove(workspace, target));
    QVERIFY(!QFileInfo::exists(workspace.path));
    QCOMPARE(repository.head(QStringLiteral("factory/job")), work);
}

void GitWorktreeTest::removesAMergedWorkspaceAndItsBranch()
{
    ScratchRepository repository;
    repository.write(".gitignore", "*.o\n");
    repository.write("a", "1\n");
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    OF_OK(m_git.create(workspace, repository.commitAll(), {}));
    ScratchRepository::writeAt(workspace.path, "out/deep/c.o", "ignored\n", 0400);
    OF_OK(m_git.remove(workspace, QStringLiteral("main")));
    QVERIFY(!QFileInfo::exists(workspace.path));
    QVERIFY(!QFileInfo(repository.path() + QStringLiteral("/.factory/job")).isSymLink());
    QCOMPARE(repository.git({QStringLiteral("branch"), QStringLiteral("--list"), QStringLiteral("factory/*")}),
             QByteArray());
    QCOMPARE(repository.git({QStringLiteral("worktree"), QStringLiteral("list"), QStringLiteral("--porcelain")})
                 .count("worktree "),
             1);
    OF_OK(m_git.remove(workspace, QStringLiteral("main")));
    // The slug is free again.
    OF_OK(m_git.create(repository.workspace(QStringLiteral("job"), QStringLiteral("02")), repository.head(), {}));
}

void GitWorktreeTest::finishesAnInterruptedRemoval()
{
    ScratchRepository repository;
    repository.write("a", "1\n");
    repository.write("d/b", "1\n");
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    OF_OK(m_git.create(workspace, repository.commitAll(), {}));
    const QString parent = repository.path() + QStringLiteral("/.factory-workspaces/");
    QVERIFY(QFile::rename(workspace.path, parent + QStringLiteral(".removed-") + workspace.name));
    ScratchRepository::removeAt(parent + QStringLiteral(".removed-") + workspace.name, "a");
    OF_OK(m_git.remove(workspace, QStringLiteral("main")));
    QCOMPARE(QDir(parent).entryList(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden), QStringList());
    QVERIFY(!QFileInfo::exists(repository.path() + QStringLiteral("/.git/worktrees/") + workspace.name));
}

QTEST_GUILESS_MAIN(GitWorktreeTest)
#include "gitworktree_test.moc"
