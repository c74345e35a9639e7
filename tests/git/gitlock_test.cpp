// SPDX-License-Identifier: Apache-2.0
/// A lock that a killed process of ours left is removed; anybody else's stays.
#include "core/git/lock.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <git2/errors.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

using namespace openfactory::git;

class GitLockTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void removesWhatAKilledProcessLeft();
    void leavesALockThatIsNotOurs();
    void leavesALockThatAnotherTookAfterwards();
    void leavesALockOfALivingProcess();
    void leavesWhatIsNoLockOfTheRepository();
    void waitsForALockThatGoesAway();

private:
    QString common() const { return m_folder.path(); }
    QString lock() const { return m_folder.filePath(QStringLiteral("index.lock")); }
    static void make(const QString &path)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    /// A child takes the lock and is killed while it holds it, or, without `taken`, before it takes it.
    void killWithin(bool taken, const QString &path)
    {
        const pid_t child = ::fork();
        if (child == 0) {
            withLock(common(), path, [&] {
                if (taken)
                    QFile(path).open(QIODevice::WriteOnly);
                return ::kill(::getpid(), SIGKILL);
            });
            ::_exit(1);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    }
    QTemporaryDir m_folder;
};

void GitLockTest::removesWhatAKilledProcessLeft()
{
    killWithin(true, lock());
    QVERIFY(QFile::exists(lock()));
    removeStaleLocks(common());
    QVERIFY(!QFile::exists(lock()));
    QVERIFY(QDir(m_folder.filePath(QStringLiteral("openfactory"))).isEmpty());

    // Also on the way, where the next one wants the same lock.
    killWithin(true, lock());
    int calls = 0;
    QCOMPARE(withLock(common(), lock(), [&] { return ++calls, QFile::exists(lock()) ? GIT_ELOCKED : 0; }), 0);
    QCOMPARE(calls, 2);
}

void GitLockTest::leavesALockThatIsNotOurs()
{
    make(lock());
    removeStaleLocks(common());
    QVERIFY(QFile::exists(lock()));
    // Taken by another before our killed one could; file systems count time in ticks of some milliseconds.
    QTest::qSleep(20);
    killWithin(false, lock());
    removeStaleLocks(common());
    QVERIFY(QFile::exists(lock()));
    QVERIFY(QFile::remove(lock()));
}

void GitLockTest::leavesALockThatAnotherTookAfterwards()
{
    killWithin(false, lock());
    QTest::qSleep(2100); // longer than there can be between a word and its lock
    make(lock());
    removeStaleLocks(common());
    QVERIFY(QFile::exists(lock()));
    QVERIFY(QFile::remove(lock()));
}

void GitLockTest::leavesALockOfALivingProcess()
{
    killWithin(false, lock());
    QCOMPARE(withLock(common(), lock(),
                      [&] {
                          make(lock());
                          removeStaleLocks(common());
                          return QFile::exists(lock()) ? 0 : -1;
                      }),
             0);
    QVERIFY(QFile::remove(lock()));
}

void GitLockTest::leavesWhatIsNoLockOfTheRepository()
{
    QTemporaryDir elsewhere;
    for (const QString &path :
         {elsewhere.filePath(QStringLiteral("index.lock")), m_folder.filePath(QStringLiteral("HEAD"))}) {
        killWithin(true, path);
        removeStaleLocks(common());
        QVERIFY2(QFile::exists(path), qPrintable(path));
    }
}

void GitLockTest::waitsForALockThatGoesAway()
{
    int calls = 0;
    QCOMPARE(withLock(common(), lock(), [&] { return ++calls < 4 ? GIT_ELOCKED : 7; }), 7);
    QCOMPARE(calls, 4);
}

QTEST_GUILESS_MAIN(GitLockTest)
#include "gitlock_test.moc"
