// SPDX-License-Identifier: Apache-2.0
/// A revert brings back exactly what was there, and writes nowhere else, whatever a job did to its workspace.
#include "core/git/gitworkspaces.h"
#include "tests/testlib/expect.h"
#include "tests/testlib/scratchrepository.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QScopeGuard>
#include <QTest>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

using namespace openfactory;

namespace {

const GitIdentity identity{QStringLiteral("Factory"), QStringLiteral("factory@example.org"), {}};

QByteArray at(const WorkspaceRef &workspace, const char *path)
{
    return QFile::encodeName(workspace.path) + '/' + path;
}

void remove(const WorkspaceRef &workspace, const QByteArray &path)
{
    ScratchRepository::removeAt(workspace.path, path);
}

} // namespace

class GitRevertTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void bringsBackEveryKindOfFileExactly();
    void keepsBytesWhateverAttributesAndConfigurationSay();
    void putsBackAPartOfASnapshot();
    void leavesIgnoredFilesAndEmptyFolders();
    void leavesOtherRepositories();
    void seesTrackedFilesBesideAPlantedRepository();
    void keepsSubmodules();
    void neverWritesThroughALink();
    void readsNoRulesThroughALink();
    void neverOpensSpecialFiles();
    void readsWhatItsOwnerMayNotRead();
    void removesFoldersHoweverDeep();
    void refusesToCommitWhatIsTooDeep();
    void seesAChangeThatHidesItsTime();
    void putsTheGitFileRight_data();
    void putsTheGitFileRight();
    void makesALostFolderAnew();
    void namesWhatGitCannotKeep();
    void staysInsideWhileFoldersAreExchanged();
    void stopsWhenAsked();
    void saysWhereACommitCouldNotBeWritten();

private:
    /// A repository with one of each, and a workspace on it.
    void make();
    std::unique_ptr<ScratchRepository> m_repository;
    WorkspaceRef m_workspace;
    CommitId m_base;  ///< what the test's workspace starts from
    CommitId m_first; ///< of the repository
    int m_jobs = 0;
    GitWorkspaces m_git{identity};
};

void GitRevertTest::init()
{
    // One repository for all tests but those that spoil it; each has a workspace of its own.
    if (m_repository) {
        m_workspace = m_repository->workspace(QStringLiteral("job%1").arg(++m_jobs));
        m_base = m_first;
        return;
    }
    m_repository = std::make_unique<ScratchRepository>();
    m_workspace = m_repository->workspace(QStringLiteral("job"));
    ScratchRepository &r = *m_repository;
    r.write("plain", "one\ntwo\n");
    r.write("crlf.txt", "one\r\ntwo\r\n");
    r.write("mixed.txt", "one\r\ntwo\nthree\r");
    r.write("no end", "no line end");
    r.write("empty", "");
    r.write("binary", QByteArray("\0\1\2\xff", 4));
    r.write("run.sh", "#!/bin/sh\n", 0755);
    r.write("with space/and \"quote\"", "q\n");
    r.write("new\nline", "n\n");
    r.write("tab\there\\back", "t\n");
    r.write("not \xff utf-8 \xc3\x28", "bytes\n");
    r.write("-rf", "dash\n");
    r.write("--help", "dash\n");
    r.write("Case", "upper\n");
    r.write("case", "lower\n");
    r.write("\xc3\xa4 composed", "nfc\n");
    r.write("a\xcc\x88 composed", "nfd\n");
    r.write("dir/sub/deep", "d\n");
    r.write("dir.txt", "sorts between dir and dir/\n");
    r.write("dir-x", "as well\n");
    ScratchRepository::linkAt(r.path(), "link", "plain");
    ScratchRepository::linkAt(r.path(), "dangling", "no/where\n");
    ScratchRepository::linkAt(r.path(), "to-folder", "dir");
    ScratchRepository::linkAt(r.path(), "absolute", "/etc");
    r.write(".gitignore", "/build/\n*.o\n");
    m_base = m_first = r.commitAll();
}

void GitRevertTest::make()
{
    OF_OK(m_git.create(m_workspace, m_base, {}));
}

void GitRevertTest::bringsBackEveryKindOfFileExactly()
{
    m_repository->write("big", QByteArray(3 << 20, 'x') + QByteArray(14 << 20, 'y'));
    m_base = m_repository->commitAll();
    make();
    const QString path = m_workspace.path;
    const QByteArrayList before = ScratchRepository::listing(path);
    QVERIFY(before.size() > 25);

    ScratchRepository::writeAt(path, "plain", "changed\n");
    ScratchRepository::writeAt(path, "crlf.txt", "one\ntwo\n");
    ScratchRepository::writeAt(path, "no end", "no line end\n");
    ScratchRepository::writeAt(path, "binary", QByteArray("\0\1", 2));
    QVERIFY(::chmod(at(m_workspace, "run.sh").constData(), 0644) == 0);
    QVERIFY(::chmod(at(m_workspace, "empty").constData(), 0755) == 0);
    remove(m_workspace, "new\nline");
    remove(m_workspace, "not \xff utf-8 \xc3\x28");
    QVERIFY(::rename(at(m_workspace, "Case").constData(), at(m_workspace, "cASE").constData()) == 0);
    remove(m_workspace, "link");
    ScratchRepository::linkAt(path, "link", "run.sh");
    remove(m_workspace, "dangling");
    ScratchRepository::writeAt(path, "dangling", "a file now\n");
    remove(m_workspace, "-rf");
    ScratchRepository::linkAt(path, "-rf", "plain");
    remove(m_workspace, "dir/sub/deep");
    remove(m_workspace, "dir/sub");
    ScratchRepository::writeAt(path, "dir/sub", "a file where a folder was\n");
    remove(m_workspace, "tab\there\\back");
    ScratchRepository::writeAt(path, "tab\there\\back/inner", "a folder where a file was\n");
    ScratchRepository::writeAt(path, "dir.txt", "changed\n");
    ScratchRepository::writeAt(path, "added/very/deep \xfe", "new\n", 0755);
    ScratchRepository::writeAt(path, "added\nwith line end", "new\n");
    ScratchRepository::linkAt(path, "added-link", "/nowhere/at/all");
    ScratchRepository::writeAt(path, "big", QByteArray(17 << 20, 'z'));
    const QByteArrayList mess = ScratchRepository::listing(path);

    const auto kept = m_git.snapshot(m_workspace, QStringLiteral("refs/openfactory/%1/test/1").arg(m_workspace.slug),
                                     QStringLiteral("failed"));
    OF_OK(kept);
    OF_OK(m_git.restore(m_workspace, m_base));
    QCOMPARE(ScratchRepository::listing(path), before);
    QVERIFY(m_git.state(m_workspace)->clean);
    QCOMPARE(m_repository->git({QStringLiteral("status"), QStringLiteral("--porcelain")}, path), QByteArray());
    OF_OK(m_git.apply(m_workspace, m_git.state(m_workspace)->head, kept->commit));
    QCOMPARE(ScratchRepository::listing(path), mess);
    m_repository->git({QStringLiteral("fsck"), QStringLiteral("--strict")});

    // The same through commits, both ways.
    const auto done = m_git.commit(m_workspace, noteOf("the mess"));
    OF_OK(done);
    OF_OK(m_git.restore(m_workspace, m_base));
    QCOMPARE(ScratchRepository::listing(path), before);
    OF_OK(m_git.restore(m_workspace, *done));
    QCOMPARE(ScratchRepository::listing(path), mess);
}

void GitRevertTest::keepsBytesWhateverAttributesAndConfigurationSay()
{
    const auto spoilt = qScopeGuard([&] { m_repository.reset(); });
    m_repository->write("id.txt", "$Id$\r\n");
    m_repository->write("utf16", "a\0\r\0\n\0");
    m_base = m_repository->commitAll();
    m_repository->git({QStringLiteral("config"), QStringLiteral("core.autocrlf"), QStringLiteral("true")});
    m_repository->git({QStringLiteral("config"), QStringLiteral("core.safecrlf"), QStringLiteral("warn")});
    m_repository->write(".gitattributes",
                        "* text=auto eol=crlf ident\n*.txt filter=x\nutf16 text working-tree-encoding=UTF-16LE\n");
    m_repository->git({QStringLiteral("add"), QStringLiteral(".gitattributes")});
    m_repository->git({QStringLiteral("commit"), QStringLiteral("-qm"), QStringLiteral("attributes")});
    m_base = m_repository->head();
    make();
    for (const char *name : {"plain", "crlf.txt", "mixed.txt", "id.txt"}) {
        QFile file(m_workspace.path + QLatin1Char('/') + QLatin1StringView(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), m_git.blob(m_workspace.repository, m_base, name).value());
    }
    const QByteArray bytes = "$Id: mine $\r\nx\n";
    ScratchRepository::writeAt(m_workspace.path, "id.txt", bytes);
    const QByteArrayList mess = ScratchRepository::listing(m_workspace.path);
    const auto done = m_git.commit(m_workspace, noteOf("x"));
    OF_OK(done);
    QCOMPARE(m_git.blob(m_workspace.repository, *done, "id.txt").value(), bytes);
    OF_OK(m_git.restore(m_workspace, m_base));
    OF_OK(m_git.restore(m_workspace, *done));
    QCOMPARE(ScratchRepository::listing(m_workspace.path), mess);
    // What git itself made of a file went through its filters, so its index is not believed.
    ScratchRepository::writeAt(m_workspace.path, "crlf.txt", "three\r\nfour\r\n");
    m_repository->tryGit({QStringLiteral("-c"), QStringLiteral("core.safecrlf=false"), QStringLiteral("add"),
                          QStringLiteral("crlf.txt")},
                         m_workspace.path);
    const auto again = m_git.commit(m_workspace, noteOf("y"));
    OF_OK(again);
    QCOMPARE(m_git.blob(m_workspace.repository, *again, "crlf.txt").value(), QByteArray("three\r\nfour\r\n"));
}

void GitRevertTest::putsBackAPartOfASnapshot()
{
    const ScratchRepository repository;
    repository.write("src/a", "1\n");
    repository.write("tests/kept", "1\n");
    repository.write("tests/gone", "1\n");
    repository.write("plain", "1\n");
    const CommitId base = repository.commitAll();
    GitWorkspaces git(identity);
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("part"));
    OF_OK(git.create(workspace, base, {}));
    const auto put = [&](const char *path, const char *bytes, int mode = 0644) {
        ScratchRepository::writeAt(workspace.path, path, bytes, mode);
    };
    put("src/a", "2\n");
    put("src/new", "2\n");
    put("tests/kept", "2\n", 0755);
    put("tests/new/deep", "2\n");
    remove(workspace, "tests/gone");
    remove(workspace, "plain");
    put("plain/tests/within", "2\n"); // a folder where a file stays
    const auto snapshot = git.snapshot(workspace, QStringLiteral("refs/openfactory/j/s/1"), QStringLiteral("all"));
    OF_OK(snapshot);
    OF_OK(git.restore(workspace, base));
    put("src/mine", "3\n"); // what lies there besides stays
    const auto wanted = [](const RepoPath &path) { return path.startsWith("tests/") || path.contains("/tests/"); };
    const auto changed = git.applyOnly(workspace, snapshot->commit, wanted);
    OF_OK(changed);
    QCOMPARE(*changed, 3);
    const auto content = [&](const char *path) {
        QFile file(QFile::decodeName(at(workspace, path)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("absent");
    };
    QCOMPARE(content("src/a"), QByteArray("1\n"));
    QCOMPARE(content("src/new"), QByteArray("absent"));
    QCOMPARE(content("src/mine"), QByteArray("3\n"));
    QCOMPARE(content("plain"), QByteArray("1\n"));
    QCOMPARE(content("tests/kept"), QByteArray("2\n"));
    QVERIFY(QFileInfo(QFile::decodeName(at(workspace, "tests/kept"))).isExecutable());
    QCOMPARE(content("tests/new/deep"), QByteArray("2\n"));
    QCOMPARE(content("tests/gone"), QByteArray("absent"));
    QCOMPARE(git.state(workspace)->head, base);
    QCOMPARE(*git.applyOnly(workspace, snapshot->commit, wanted), 0); // the same again changes nothing
    QCOMPARE(*git.applyOnly(workspace, base, [](const RepoPath &) { return false; }), 0);
}

void GitRevertTest::leavesIgnoredFilesAndEmptyFolders()
{
    make();
    QDir folder(m_workspace.path);
    folder.mkpath(QStringLiteral("hollow/inside"));
    ScratchRepository::writeAt(m_workspace.path, "build/deep/out", "ignored\n");
    ScratchRepository::writeAt(m_workspace.path, "dir/x.o", "ignored\n");
    const QByteArrayList before = ScratchRepository::listing(m_workspace.path);
    ScratchRepository::writeAt(m_workspace.path, "made/by/job", "x\n");
    remove(m_workspace, "dir/sub/deep");
    OF_OK(m_git.restore(m_workspace, m_base));
    QCOMPARE(ScratchRepository::listing(m_workspace.path), before);
    // An ignored file in the way of a tracked one gives way.
    remove(m_workspace, "plain");
    ScratchRepository::writeAt(m_workspace.path, "plain/x.o", "ignored\n");
    OF_OK(m_git.restore(m_workspace, m_base));
    QCOMPARE(ScratchRepository::listing(m_workspace.path), before);
}

void GitRevertTest::leavesOtherRepositories()
{
    make();
    const QString inner = m_workspace.path + QStringLiteral("/vendor/inner");
    m_repository->git(
        {QStringLiteral("init"), QStringLiteral("-q"), QStringLiteral("-b"), QStringLiteral("main"), inner});
    ScratchRepository::writeAt(inner, "theirs", "not ours\n");
    m_repository->git({QStringLiteral("add"), QStringLiteral("-A")}, inner);
    m_repository->git({QStringLiteral("commit"), QStringLiteral("-qm"), QStringLiteral("theirs")}, inner);
    const QByteArrayList before = ScratchRepository::listing(inner);
    QVERIFY(m_git.state(m_workspace)->clean);
    QCOMPARE(m_git.commit(m_workspace, noteOf("x")).value(), m_base);
    OF_OK(m_git.restore(m_workspace, m_base));
    QCOMPARE(ScratchRepository::listing(inner), before);
    QCOMPARE(m_repository->git({QStringLiteral("log"), QStringLiteral("--format=%s")}, inner), QByteArray("theirs\n"));
}

void GitRevertTest::seesTrackedFilesBesideAPlantedRepository()
{
    make();
    m_repository->git({QStringLiteral("init"), QStringLiteral("-q"), m_workspace.path + QStringLiteral("/dir")});
    ScratchRepository::writeAt(m_workspace.path, "dir/sub/deep", "changed under cover\n");
    ScratchRepository::writeAt(m_workspace.path, "dir/new", "added under cover\n");
    QVERIFY(!m_git.state(m_workspace)->clean);
    const auto changes = m_git.diffToWorkspace(m_workspace, m_base);
    OF_OK(changes);
    QCOMPARE(changes->files.size(), size_t(2));
    QCOMPARE(changes->files[0].path, RepoPath("dir/new"));
    OF_OK(m_git.restore(m_workspace, m_base));
    QVERIFY(m_git.state(m_workspace)->clean);
    QVERIFY(!QFileInfo::exists(m_workspace.path + QStringLiteral("/dir/new")));
    QVERIFY(QFileInfo::exists(m_workspace.path + QStringLiteral("/dir/.git/HEAD")));
}

void GitRevertTest::keepsSubmodules()
{
    ScratchRepository other(QStringLiteral("other"));
    other.write("lib", "1\n");
    const CommitId first = other.commitAll();
    m_repository->git({QStringLiteral("-c"), QStringLiteral("protocol.file.allow=always"), QStringLiteral("submodule"),
                       QStringLiteral("--quiet"), QStringLiteral("add"), other.path(), QStringLiteral("libs/other")});
    m_base = m_repository->commitAll();
    make();
    QVERIFY(QFileInfo(m_workspace.path + QStringLiteral("/libs/other")).isDir());
    QVERIFY(m_git.state(m_workspace)->clean);
    QCOMPARE(m_repository->git({QStringLiteral("status"), QStringLiteral("--porcelain")}, m_workspace.path),
             QByteArray());
    m_repository->git({QStringLiteral("-c"), QStringLiteral("protocol.file.allow=always"), QStringLiteral("submodule"),
                       QStringLiteral("--quiet"), QStringLiteral("update"), QStringLiteral("--init")},
                      m_workspace.path);
    const QString checkout = m_workspace.path + QStringLiteral("/libs/other");
    ScratchRepository::writeAt(checkout, "lib", "changed inside\n");
    const QByteArrayList inside = ScratchRepository::listing(checkout);
    QVERIFY(m_git.state(m_workspace)->clean);
    OF_OK(m_git.restore(m_workspace, m_base));
    QCOMPARE(ScratchRepository::listing(checkout), inside);
    ScratchRepository::writeAt(m_workspace.path, "plain", "changed\n");
    const auto done = m_git.commit(m_workspace, noteOf("x"));
    OF_OK(done);
    QCOMPARE(m_repository->git({QStringLiteral("ls-tree"), *done, QStringLiteral("libs/other")}),
             QByteArray("160000 commit " + first.toLatin1() + "\tlibs/other\n"));
    // A bump that a person staged is taken; one that only happened in the checkout is not.
    other.write("lib", "2\n");
    const CommitId second = other.commitAll();
    m_repository->git({QStringLiteral("update-index"), QStringLiteral("--cacheinfo"),
                       QStringLiteral("160000,%1,libs/other").arg(second)},
                      m_workspace.path);
    const auto bumped = m_git.commit(m_workspace, noteOf("bump"));
    OF_OK(bumped);
    QCOMPARE(m_repository->git({QStringLiteral("ls-tree"), *bumped, QStringLiteral("libs/other")}),
             QByteArray("160000 commit " + second.toLatin1() + "\tlibs/other\n"));
    // Without its folder it is gone, as a file would be; a revert brings the folder back.
    QVERIFY(QDir(checkout).removeRecursively());
    QVERIFY(!m_git.state(m_workspace)->clean);
    OF_OK(m_git.restore(m_workspace, *bumped));
    QVERIFY(m_git.state(m_workspace)->clean);
    QVERIFY(QFileInfo(checkout).isDir());
}

void GitRevertTest::neverWritesThroughALink()
{
    make();
    const QString outside = m_repository->outside() + QStringLiteral("/victim");
    ScratchRepository::writeAt(outside, "sub/deep", "outside\n");
    ScratchRepository::writeAt(outside, "plain", "outside\n");
    const QByteArrayList untouched = ScratchRepository::listing(outside);
    const QByteArrayList before = ScratchRepository::listing(m_workspace.path);
    const QByteArray target = QFile::encodeName(outside);
    const QString path = m_workspace.path;

    // A folder, an inner folder and a file, each replaced by a link that leads out.
    QDir(path + QStringLiteral("/dir")).removeRecursively();
    ScratchRepository::linkAt(path, "dir", target);
    ScratchRepository::linkAt(path, "plain", target + "/plain");
    QDir(path + QStringLiteral("/with space")).removeRecursively();
    ScratchRepository::linkAt(path, "with space", "../../../victim/sub");
    const auto kept = m_git.snapshot(m_workspace, QStringLiteral("refs/openfactory/%1/test/1").arg(m_workspace.slug),
                                     QStringLiteral("failed"));
    OF_OK(kept);
    QVERIFY(
        m_repository->git({QStringLiteral("ls-tree"), kept->commit, QStringLiteral("dir")}).startsWith("120000 blob"));
    OF_OK(m_git.restore(m_workspace, m_base));
    QCOMPARE(ScratchRepository::listing(path), before);
    QCOMPARE(ScratchRepository::listing(outside), untouched);
    // And a commit whose tree has the links, taken back and forth.
    OF_OK(m_git.apply(m_workspace, m_git.state(m_workspace)->head, kept->commit));
    QCOMPARE(ScratchRepository::listing(outside), untouched);
    OF_OK(m_git.commit(m_workspace, noteOf("links")));
    OF_OK(m_git.restore(m_workspace, m_base));
    QCOMPARE(ScratchRepository::listing(path), before);
    QCOMPARE(ScratchRepository::listing(outside), untouched);
    // A hard link to a file outside is replaced, not written.
    remove(m_workspace, "plain");
    QVERIFY(::link(QByteArray(target + "/plain").constData(), at(m_workspace, "plain").constData()) == 0);
    OF_OK(m_git.restore(m_workspace, m_base));
    QCOMPARE(ScratchRepository::listing(outside), untouched);
    // What fills a folder that is removed is not followed either.
    ScratchRepository::linkAt(path, "made/link", target);
    ScratchRepository::writeAt(path, "made/file", "x\n");
    OF_OK(m_git.restore(m_workspace, m_base));
    QCOMPARE(ScratchRepository::listing(outside), untouched);
    QCOMPARE(ScratchRepository::listing(path), before);
}

void GitRevertTest::readsNoRulesThroughALink()
{
    make();
    ScratchRepository::writeAt(m_repository->outside(), "rules", "*\n");
    remove(m_workspace, ".gitignore");
    ScratchRepository::linkAt(m_workspace.path, ".gitignore", QFile::encodeName(m_repository->outside()) + "/rules");
    ScratchRepository::writeAt(m_workspace.path, "hidden?", "x\n");
    const auto changes = m_git.diffToWorkspace(m_workspace, m_base);
    OF_OK(changes);
    QCOMPARE(changes->files.size(), size_t(2));
    QCOMPARE(changes->files[1].path, RepoPath("hidden?"));
}

void GitRevertTest::neverOpensSpecialFiles()
{
    make();
    const QByteArrayList before = ScratchRepository::listing(m_workspace.path);
    QVERIFY(::mkfifo(at(m_workspace, "fifo").constData(), 0666) == 0);
    remove(m_workspace, "plain");
    QVERIFY(::mkfifo(at(m_workspace, "plain").constData(), 0666) == 0);
    remove(m_workspace, ".gitignore");
    QVERIFY(::mkfifo(at(m_workspace, ".gitignore").constData(), 0666) == 0);
    remove(m_workspace, ".git");
    QVERIFY(::mkfifo(at(m_workspace, ".git").constData(), 0666) == 0);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const auto closed = qScopeGuard([&] { ::close(socket); });
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray name = "/proc/self/cwd/sock";
    QVERIFY(QDir::setCurrent(m_workspace.path));
    qstrncpy(address.sun_path, name.constData(), sizeof address.sun_path);
    QVERIFY(::bind(socket, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0);
    QDir::setCurrent(QStringLiteral("/"));

    const auto state = m_git.state(m_workspace); // would hang if one were opened for reading
    OF_OK(state);
    QVERIFY(!state->clean);
    const auto kept = m_git.snapshot(m_workspace, QStringLiteral("refs/openfactory/%1/test/1").arg(m_workspace.slug),
                                     QStringLiteral("failed"));
    OF_OK(kept);
    QCOMPARE(m_repository->git({QStringLiteral("ls-tree"), kept->commit, QStringLiteral("fifo"), QStringLiteral("sock"),
                                QStringLiteral("plain")}),
             QByteArray());
    OF_OK(m_git.restore(m_workspace, m_base));
    QCOMPARE(ScratchRepository::listing(m_workspace.path), before);
}

void GitRevertTest::readsWhatItsOwnerMayNotRead()
{
    const auto spoilt = qScopeGuard([&] { m_repository.reset(); });
    make();
    // As root nothing is unreadable; the rest of this test is somebody else then.
    const bool isRoot = ::geteuid() == 0;
    if (isRoot) {
        QProcess chown;
        chown.start(QStringLiteral("chown"),
                    {QStringLiteral("-R"), QStringLiteral("65534:65534"), m_repository->outside()});
        QVERIFY(chown.waitForFinished() && chown.exitCode() == 0);
        QVERIFY(::setegid(65534) == 0 && ::seteuid(65534) == 0);
    }
    const auto back = qScopeGuard([&] {
        if (isRoot)
            std::ignore = ::seteuid(0) + ::setegid(0);
    });
    const QByteArrayList before = ScratchRepository::listing(m_workspace.path);
    ScratchRepository::writeAt(m_workspace.path, "secret", "unreadable\n", 0000);
    ScratchRepository::writeAt(m_workspace.path, "locked/in/file", "x\n");
    ScratchRepository::writeAt(m_workspace.path, "dir/sub/more", "x\n");
    QVERIFY(::chmod(at(m_workspace, "locked/in").constData(), 0000) == 0);
    QVERIFY(::chmod(at(m_workspace, "dir/sub").constData(), 0500) == 0);
    QVERIFY(::open(at(m_workspace, "secret").constData(), O_RDONLY) < 0);
    const auto kept = m_git.snapshot(m_workspace, QStringLiteral("refs/openfactory/%1/test/1").arg(m_workspace.slug),
                                     QStringLiteral("failed"));
    OF_OK(kept);
    QCOMPARE(m_git.blob(m_workspace.repository, kept->commit, "secret").value(), QByteArray("unreadable\n"));
    QCOMPARE(m_git.blob(m_workspace.repository, kept->commit, "locked/in/file").value(), QByteArray("x\n"));
    QVERIFY(::chmod(at(m_workspace, "locked/in").constData(), 0000) == 0);
    QVERIFY(::chmod(at(m_workspace, "dir/sub").constData(), 0500) == 0);
    OF_OK(m_git.restore(m_workspace, m_base));
    QCOMPARE(ScratchRepository::listing(m_workspace.path), before);
}

void GitRevertTest::removesFoldersHoweverDeep()
{
    make();
    const QByteArrayList before = ScratchRepository::listing(m_workspace.path);
    int folder = ::open(at(m_workspace, "").constData(), O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < 3000; ++i) {
        QVERIFY(::mkdirat(folder, "deeper", 0755) == 0);
        const int inner = ::openat(folder, "deeper", O_RDONLY | O_DIRECTORY);
        ::close(folder);
        folder = inner;
        QVERIFY(folder >= 0);
    }
    ::close(::openat(folder, "bottom", O_WRONLY | O_CREAT, 0644));
    ::close(folder);
    OF_OK(m_git.restore(m_workspace, m_base));
    QCOMPARE(ScratchRepository::listing(m_workspace.path), before);
}

void GitRevertTest::refusesToCommitWhatIsTooDeep()
{
    make();
    ScratchRepository::writeAt(m_workspace.path, QByteArray("d/").repeated(130) + "file", "x\n");
    const auto made = m_git.commit(m_workspace, noteOf("deep"));
    QCOMPARE(made.error().kind, ErrorKind::Invalid);
    QVERIFY(made.error().said.contains(QStringLiteral("too deep")));
    OF_OK(m_git.restore(m_workspace, m_base));
    QVERIFY(m_git.state(m_workspace)->clean);
}

void GitRevertTest::seesAChangeThatHidesItsTime()
{
    make();
    const QByteArray path = at(m_workspace, "plain");
    for (int round = 0; round < 20; ++round) {
        struct stat facts{};
        QVERIFY(::stat(path.constData(), &facts) == 0);
        // The same size, in place, with the old times put back: only its content tells.
        const int file = ::open(path.constData(), O_WRONLY | O_CLOEXEC);
        QVERIFY(::write(file, "ONE", 3) == 3);
        const timespec times[] = {facts.st_atim, facts.st_mtim};
        QVERIFY(::futimens(file, times) == 0);
        ::close(file);
        QVERIFY(!m_git.state(m_workspace)->clean);
        OF_OK(m_git.restore(m_workspace, m_base));
        QVERIFY(m_git.state(m_workspace)->clean);
    }
}

void GitRevertTest::putsTheGitFileRight_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("missing") << 0;
    QTest::newRow("rewritten") << 1;
    QTest::newRow("link") << 2;
    QTest::newRow("repository") << 3;
}

void GitRevertTest::putsTheGitFileRight()
{
    QFETCH(int, kind);
    make();
    const QString path = m_workspace.path + QStringLiteral("/.git");
    QFile good(path);
    QVERIFY(good.open(QIODevice::ReadOnly));
    const QByteArray bytes = good.readAll();
    ScratchRepository evil(QStringLiteral("evil"));
    evil.write("evil", "x\n");
    evil.commitAll();
    remove(m_workspace, ".git");
    if (kind == 1)
        ScratchRepository::writeAt(m_workspace.path, ".git", "gitdir: " + QFile::encodeName(evil.path()) + "/.git\n");
    else if (kind == 2)
        ScratchRepository::linkAt(m_workspace.path, ".git", QFile::encodeName(evil.path()) + "/.git");
    else if (kind == 3)
        m_repository->git({QStringLiteral("init"), QStringLiteral("-q"), m_workspace.path});
    const auto state = m_git.state(m_workspace);
    OF_OK(state);
    QVERIFY(state->clean);
    QCOMPARE(state->head, m_base);
    QVERIFY(!QFileInfo(path).isSymLink());
    QFile now(path);
    QVERIFY(now.open(QIODevice::ReadOnly));
    QCOMPARE(now.readAll(), bytes);
    QCOMPARE(evil.git({QStringLiteral("status"), QStringLiteral("--porcelain")}), QByteArray());
    const QStringList aside = QDir(m_workspace.repository + QStringLiteral("/.factory-workspaces"))
                                  .entryList({QStringLiteral(".git-found-*")}, QDir::AllEntries | QDir::Hidden);
    QCOMPARE(aside.size(), kind == 3 ? 1 : 0);
}

void GitRevertTest::makesALostFolderAnew()
{
    make();
    const QByteArrayList before = ScratchRepository::listing(m_workspace.path);
    QVERIFY(QFile::rename(m_workspace.path, m_repository->outside() + QStringLiteral("/lost")));
    // Nobody removes a whole workspace to have that judged: it holds the branch's files again.
    QVERIFY(m_git.state(m_workspace)->clean);
    QCOMPARE(ScratchRepository::listing(m_workspace.path), before);
    OF_OK(m_git.restore(m_workspace, m_base));
    QCOMPARE(ScratchRepository::listing(m_workspace.path), before);
}

void GitRevertTest::namesWhatGitCannotKeep()
{
    make();
    QVERIFY(m_git.state(m_workspace)->unstorable.empty());
    for (const QByteArray &name : {QByteArray("dir/git~1/config"), QByteArray(".git /x"), QByteArray("dir/.GIT")})
        ScratchRepository::writeAt(m_workspace.path, name, "precious\n");
    const auto state = m_git.state(m_workspace);
    OF_OK(state);
    std::vector<RepoPath> named = state->unstorable;
    std::ranges::sort(named);
    QCOMPARE(named, (std::vector<RepoPath>{".git ", "dir/.GIT", "dir/git~1"}));
    OF_OK(m_git.restore(m_workspace, m_base)); // left alone, as another repository is
    QCOMPARE(m_git.state(m_workspace)->unstorable.size(), size_t(3));
    const auto removed = m_git.remove(m_workspace, QStringLiteral("main"));
    QVERIFY(!removed && removed.error().kind == ErrorKind::Denied);
    QVERIFY(QFile::exists(m_workspace.path + QStringLiteral("/dir/git~1/config")));
}

void GitRevertTest::staysInsideWhileFoldersAreExchanged()
{
    make();
    const QString outside = m_repository->outside() + QStringLiteral("/victim");
    ScratchRepository::writeAt(outside, "sub/deep", "outside\n");
    const QByteArrayList untouched = ScratchRepository::listing(outside);
    // A folder and a link that leads out change places all the time while the folder is restored.
    const QByteArray target = QFile::encodeName(outside);
    ScratchRepository::linkAt(m_workspace.path, "build/swap", target);
    const QByteArray folder = at(m_workspace, "dir"), link = at(m_workspace, "build/swap");
    std::atomic_bool stop = false;
    std::jthread hostile([&] {
        struct stat facts{};
        while (!stop) {
            ::renameat2(AT_FDCWD, folder.constData(), AT_FDCWD, link.constData(), RENAME_EXCHANGE);
            // Something to do for the restore; and the link anew where it was removed.
            const int opened = ::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            ::unlinkat(opened, "sub/deep", 0);
            ::close(opened);
            if (::lstat(link.constData(), &facts) == 0 && ::lstat(folder.constData(), &facts) == 0
                && S_ISDIR(facts.st_mode)) {
                ::rename(link.constData(), QByteArray(link + QByteArray::number(facts.st_ino)).constData());
                std::ignore = ::symlink(target.constData(), link.constData());
            }
        }
    });
    QElapsedTimer timer;
    timer.start();
    int rounds = 0;
    for (; timer.elapsed() < 2500; ++rounds) {
        std::ignore = m_git.restore(m_workspace, m_base); // may fail; must not reach outside
        QCOMPARE(ScratchRepository::listing(outside), untouched);
    }
    stop = true;
    hostile.join();
    QVERIFY(rounds > 3);
    OF_OK(m_git.restore(m_workspace, m_base));
    QVERIFY(m_git.state(m_workspace)->clean);
}

void GitRevertTest::stopsWhenAsked()
{
    std::stop_source source;
    source.request_stop();
    QCOMPARE(m_git.create(m_workspace, m_base, source.get_token()).error().kind, ErrorKind::Cancelled);
    make();
    QVERIFY(m_git.state(m_workspace)->clean);
}

void GitRevertTest::saysWhereACommitCouldNotBeWritten()
{
    make();
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit none{0, before.rlim_max}; // no file takes a byte; folders and empty files are still made
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &none), 0);
    // Nothing changed, so that the only object to be written is the commit.
    const auto kept = m_git.snapshot(m_workspace, QStringLiteral("refs/openfactory/%1/test/1").arg(m_workspace.slug),
                                     QStringLiteral("why"));
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, oldHandler);
    QVERIFY(!kept);
    QVERIFY2(!toText(kept.error()).contains(QStringLiteral("target OID")), qPrintable(toText(kept.error())));
    QVERIFY2(toText(kept.error()).contains(QStringLiteral("make a commit")), qPrintable(toText(kept.error())));
}

QTEST_GUILESS_MAIN(GitRevertTest)
#include "gitrevert_test.moc"
