// SPDX-License-Identifier: Apache-2.0
/// What a command leaves in large files costs one reading, and no memory of that size.
#include "core/base/givingup.h"
#include "core/git/gitworkspaces.h"
#include "tests/testlib/expect.h"
#include "tests/testlib/scratchrepository.h"

#include <QFile>
#include <QRandomGenerator>
#include <QTest>

#include <unistd.h>

using namespace openfactory;

namespace {

constexpr qint64 MB = 1 << 20;

/// A figure of this process, in bytes as the kernel counts them: rchar of io, VmHWM of status.
qint64 figure(const char *file, const QByteArray &name)
{
    QFile facts(QStringLiteral("/proc/self/") + QLatin1StringView(file));
    if (!facts.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray &line : facts.readAll().split('\n')) {
        if (!line.startsWith(QByteArray(name + ':')))
            continue;
        const QByteArrayList words = line.mid(name.size() + 1).simplified().split(' ');
        return words.first().toLongLong() * (words.last() == "kB" ? 1024 : 1);
    }
    return -1;
}

qint64 bytesRead()
{
    return figure("io", "rchar");
}

QByteArray noise(qint64 size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    QRandomGenerator(7).fillRange(reinterpret_cast<quint32 *>(bytes.data()), bytes.size() / 4);
    return bytes;
}

} // namespace

class GitLargeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void readsALargeFileOnce();
    void seesThatALargeFileChanged();
    void keepsALargeFileThatItHasSeen();
    void comparesALargeFileBesideASmallOneThatIsGone();
    void comparesALargeFileWithoutHoldingIt();
    void givesUpInTheMiddleOfAFile();

private:
    std::unique_ptr<ScratchRepository> m_repository;
    WorkspaceRef m_workspace;
    CommitId m_base;
    GitWorkspaces m_git{{QStringLiteral("Factory"), QStringLiteral("factory@example.org"), {}}};
};

void GitLargeTest::init()
{
    m_repository = std::make_unique<ScratchRepository>();
    m_repository->write("plain", "one\n");
    m_repository->write("large", noise(8 * MB) + "was there\n");
    m_base = m_repository->commitAll();
    m_workspace = m_repository->workspace(QStringLiteral("job"));
    OF_OK(m_git.create(m_workspace, m_base, {}));
}

void GitLargeTest::readsALargeFileOnce()
{
    ScratchRepository::writeAt(m_workspace.path, "big", noise(64 * MB));
    QTest::qWait(50); // a file that changed just now is not believed
    const qint64 before = bytesRead();
    const auto first = m_git.state(m_workspace);
    OF_OK(first);
    const qint64 once = bytesRead() - before;
    QVERIFY2(once >= 64 * MB, qPrintable(QString::number(once)));
    const auto again = m_git.state(m_workspace);
    OF_OK(again);
    QCOMPARE(again->tree, first->tree);
    OF_OK(m_git.diffToWorkspace(m_workspace, m_base));
    OF_OK(m_git.restore(m_workspace, m_base));
    const qint64 more = bytesRead() - before - once;
    QVERIFY2(more < 4 * MB, qPrintable(QString::number(more)));
    QVERIFY(!QFile::exists(m_workspace.path + QStringLiteral("/big")));
    QVERIFY(m_git.state(m_workspace)->clean);
}

void GitLargeTest::seesThatALargeFileChanged()
{
    QByteArray bytes = noise(20 * MB);
    ScratchRepository::writeAt(m_workspace.path, "big", bytes);
    QTest::qWait(50);
    const auto first = m_git.state(m_workspace);
    OF_OK(first);
    bytes[10 * MB] = char(bytes[10 * MB] + 1);
    ScratchRepository::writeAt(m_workspace.path, "big", bytes);
    const auto second = m_git.state(m_workspace);
    OF_OK(second);
    QVERIFY(second->tree != first->tree);
}

void GitLargeTest::keepsALargeFileThatItHasSeen()
{
    const QByteArray bytes = noise(20 * MB);
    ScratchRepository::writeAt(m_workspace.path, "big", bytes);
    ScratchRepository::writeAt(m_workspace.path, "small", "s\n");
    QTest::qWait(50);
    OF_OK(m_git.state(m_workspace)); // which writes no object
    const auto kept = m_git.snapshot(m_workspace, QStringLiteral("refs/openfactory/x/1"), QStringLiteral("kept"));
    OF_OK(kept);
    OF_OK(m_git.restore(m_workspace, m_base));
    OF_OK(m_git.apply(m_workspace, m_git.state(m_workspace)->head, kept->commit));
    QFile back(m_workspace.path + QStringLiteral("/big"));
    QVERIFY(back.open(QIODevice::ReadOnly));
    QVERIFY(back.readAll() == bytes);
    QVERIFY(QFile::exists(m_workspace.path + QStringLiteral("/small")));
    m_repository->git({QStringLiteral("fsck"), QStringLiteral("--strict")});
}

void GitLargeTest::comparesALargeFileBesideASmallOneThatIsGone()
{
    ScratchRepository::writeAt(m_workspace.path, "tiny", "1\n");
    CommitNote note;
    note.subject = QStringLiteral("tiny");
    const auto with = m_git.commit(m_workspace, note);
    OF_OK(with);
    QVERIFY(QFile::rename(m_workspace.path + QStringLiteral("/tiny"), m_workspace.path + QStringLiteral("/renamed")));
    ScratchRepository::writeAt(m_workspace.path, "big", noise(20 * MB));
    const auto moved = m_git.diffToWorkspace(m_workspace, *with);
    OF_OK(moved);
    QCOMPARE(moved->files.size(), size_t(2));
    QVERIFY(QFile::remove(m_workspace.path + QStringLiteral("/renamed")));
    const auto gone = m_git.diffToWorkspace(m_workspace, *with);
    OF_OK(gone);
    QCOMPARE(gone->files.size(), size_t(2));
    QVERIFY(gone->files[0].status == FileStatus::Added && gone->files[1].status == FileStatus::Deleted);
}

void GitLargeTest::comparesALargeFileWithoutHoldingIt()
{
    QVERIFY(QFile::remove(m_workspace.path + QStringLiteral("/large"))); // maybe it was renamed
    ScratchRepository::writeAt(m_workspace.path, "about as large", noise(8 * MB));
    ScratchRepository::writeAt(m_workspace.path, "huge", {});
    QVERIFY(::truncate(QFile::encodeName(m_workspace.path + QStringLiteral("/huge")).constData(), 512 * MB) == 0);
    const qint64 before = figure("status", "VmHWM");
    const auto changes = m_git.diffToWorkspace(m_workspace, m_base);
    OF_OK(changes);
    const qint64 grown = figure("status", "VmHWM") - before;
    QVERIFY2(before > 0 && grown < 128 * MB, qPrintable(QString::number(grown)));
    QCOMPARE(changes->files.size(), size_t(3));
    QCOMPARE(changes->files[0].path, RepoPath("about as large"));
    QVERIFY(changes->files[0].binary);
    QCOMPARE(changes->files[1].path, RepoPath("huge"));
    QVERIFY(changes->files[1].binary);
    QCOMPARE(changes->files[2].path, RepoPath("large"));
    QCOMPARE(changes->files[2].status, FileStatus::Deleted);
}

void GitLargeTest::givesUpInTheMiddleOfAFile()
{
    ScratchRepository::writeAt(m_workspace.path, "huge", {});
    QVERIFY(::truncate(QFile::encodeName(m_workspace.path + QStringLiteral("/huge")).constData(), 8192 * MB) == 0);
    std::stop_source stop;
    const GivingUp giving(stop.get_token());
    std::jthread later([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        stop.request_stop();
    });
    const qint64 before = bytesRead();
    const auto looked = m_git.state(m_workspace);
    QVERIFY(!looked);
    QCOMPARE(looked.error().kind, ErrorKind::Cancelled);
    QVERIFY(bytesRead() - before < 8192 * MB);
}

QTEST_GUILESS_MAIN(GitLargeTest)
#include "gitlarge_test.moc"
