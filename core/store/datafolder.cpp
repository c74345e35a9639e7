// SPDX-License-Identifier: Apache-2.0
#include "core/store/datafolder.h"

#include "core/base/file.h"
#include "core/base/text.h"

#include <QDir>
#include <QFile>
#include <QStringTokenizer>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <thread>

namespace openfactory {

namespace {

enum class Act { Look, Narrow };

/// Refuses what is not a real file or folder of ours. A path that is missing is no fault.
Result<void> checkOurs(const QString &path, mode_t type, mode_t mode, Act act)
{
    const QString doing = QStringLiteral("use %1").arg(path);
    const QByteArray name = QFile::encodeName(path);
    struct stat facts{};
    if (::lstat(name.constData(), &facts) != 0)
        return errno == ENOENT ? Result<void>{} : std::unexpected(errnoError(errno, doing));
    if (S_ISLNK(facts.st_mode))
        return fail(ErrorKind::Denied, doing, QStringLiteral("it is a symbolic link"),
                    QStringLiteral("name the folder that it leads to"));
    if ((facts.st_mode & S_IFMT) != type)
        return fail(ErrorKind::Denied, doing,
                    type == S_IFDIR ? QStringLiteral("it is not a folder")
                                    : QStringLiteral("it is not a regular file"));
    if (facts.st_uid != ::geteuid())
        return fail(ErrorKind::Denied, doing,
                    QStringLiteral("it belongs to user %1, not to user %2").arg(facts.st_uid).arg(::geteuid()));
    if (act == Act::Narrow && (facts.st_mode & 07777 & ~mode) != 0 && ::chmod(name.constData(), mode) != 0)
        return std::unexpected(errnoError(errno, doing));
    return {};
}

QStringList storeFiles(const DataFolder &folder)
{
    return {folder.databaseFile(),
            folder.databaseFile() + QStringLiteral("-wal"),
            folder.databaseFile() + QStringLiteral("-shm"),
            folder.lockFile(),
            folder.runningFile(),
            folder.anchorFile(),
            folder.verifiedFile()};
}

/// What may lie in a folder before it has a store: what a person or a file system puts there first, and the folders and
/// the reserve that outlive a store which was taken away.
bool mayComeFirst(const QString &name)
{
    const QStringList names{QStringLiteral("openfactory.yaml"),
                            QStringLiteral("secrets"),
                            QStringLiteral("jobs"),
                            QStringLiteral("demo"),
                            QStringLiteral("demo-whole"),
                            QStringLiteral("forge"),
                            QStringLiteral("owners"),
                            QStringLiteral("wake"),
                            QStringLiteral("reserve"),
                            QStringLiteral("lost+found")};
    return names.contains(name);
}

/// A mistyped --data names somebody's home, or /tmp: it is not to be filled, and not to be closed to all others.
Result<void> refuseForeign(const DataFolder &folder)
{
    struct stat facts{};
    if (::lstat(QFile::encodeName(folder.path()).constData(), &facts) != 0)
        return {}; // it is still to be made
    const auto hasStore = [&] {
        const auto isThere = [](const QString &file) { return QFile::exists(file); }; // links were refused before
        return std::ranges::any_of(storeFiles(folder), isThere) || !folder.newestBackup().isEmpty();
    };
    if (hasStore())
        return {};
    const QString doing = QStringLiteral("open the data directory %1").arg(displayable(folder.path()));
    const QString hint = QStringLiteral("name one of its own with --data or $OPENFACTORY_DATA, missing or empty");
    for (const QString &name :
         QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot)) {
        if (mayComeFirst(name))
            continue;
        if (hasStore()) // another process has just begun it
            return {};
        return fail(ErrorKind::Invalid, doing,
                    QStringLiteral("it holds \"%1\" and no store of OpenFactory, so it is a folder of something else, "
                                   "and was left as it is")
                        .arg(displayable(name.left(80))),
                    hint);
    }
    if ((facts.st_mode & (S_ISVTX | S_IWOTH)) != 0)
        return fail(ErrorKind::Invalid, doing,
                    QStringLiteral("every user may write to it (mode %1), and what lies there would be yours alone")
                        .arg(facts.st_mode & 07777, 4, 8, QLatin1Char('0')),
                    hint + QStringLiteral("; or close this one: chmod 700 ") + displayable(folder.path()));
    return {};
}

} // namespace

Result<DataFolder> DataFolder::look(const QString &path)
{
    if (!QDir::isAbsolutePath(path))
        return fail(ErrorKind::Invalid,
                    QStringLiteral("open the data directory \"%1\"").arg(displayable(path.left(200))),
                    QStringLiteral("it is not an absolute path, so it would be another one in each folder"),
                    QStringLiteral("give OPENFACTORY_DATA a path that begins with /"));
    const DataFolder folder(QDir::cleanPath(path));
    for (const QStringView part : QStringTokenizer(folder.path(), u'/')) {
        if (part == u".git" || part == u".factory-workspaces")
            return fail(ErrorKind::Invalid, QStringLiteral("open the data directory %1").arg(folder.path()),
                        QStringLiteral("it lies in a folder %1, where jobs and git make and remove files").arg(part),
                        QStringLiteral("give OPENFACTORY_DATA a folder outside of every repository"));
    }
    OF_CHECK(checkOurs(folder.path(), S_IFDIR, 0700, Act::Look));
    const QStringList files = storeFiles(folder);
    for (const QString &file : files)
        OF_CHECK(checkOurs(file, S_IFREG, 0600, Act::Look));
    OF_CHECK(refuseForeign(folder));
    return folder;
}

Result<DataFolder> DataFolder::prepare(const QString &path)
{
    OF_TRY(folder, look(path));
    OF_CHECK(makeFolder(folder.path()));
    OF_CHECK(checkOurs(folder.path(), S_IFDIR, 0700, Act::Narrow));
    const QStringList files = storeFiles(folder);
    for (const QString &file : files)
        OF_CHECK(checkOurs(file, S_IFREG, 0600, Act::Narrow));
    return folder;
}

Result<DataFolder> DataFolder::inspect(const QString &path)
{
    const DataFolder folder(QDir::cleanPath(QDir(path).absolutePath()));
    OF_CHECK(checkOurs(folder.path(), S_IFDIR, 0700, Act::Look));
    const QStringList files = storeFiles(folder);
    for (const QString &file : files)
        OF_CHECK(checkOurs(file, S_IFREG, 0600, Act::Look));
    if (!QFile::exists(folder.databaseFile()))
        return fail(ErrorKind::NotFound, QStringLiteral("open store %1").arg(folder.databaseFile()),
                    QStringLiteral("there is no store"));
    return folder;
}

QString DataFolder::newestBackup() const
{
    const auto found = QDir(m_path).entryList({QStringLiteral("openfactory.db.backup-*")}, QDir::Files, QDir::Time);
    return found.isEmpty() ? QString() : m_path + u'/' + found.first();
}

Result<Presence::Found> Presence::enter(const DataFolder &folder, const Clock &clock, LockFile &lock)
{
    constexpr int byte = StoreLock::kPresenceByte;
    // Somebody who leaves holds the byte alone for as long as it takes to remove a file.
    for (int i = 0; !lock.tryLock(byte, LockFile::Mode::Exclusive); ++i) {
        if (lock.tryLock(byte, LockFile::Mode::Shared))
            return Found::Others;
        if (i == 2000)
            return fail(ErrorKind::Timeout, QStringLiteral("open store %1").arg(folder.databaseFile()),
                        QStringLiteral("another process is closing it and does not end"));
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    Found found = Found::Clean;
    if (QFile::exists(folder.runningFile())) {
        const auto boot = readSmallFile(folder.runningFile(), 4096);
        found = boot && boot->trimmed() == clock.bootId().toUtf8() ? Found::Killed : Found::Crashed;
    }
    if (!lock.tryLock(byte, LockFile::Mode::Shared))
        return fail(ErrorKind::Internal, QStringLiteral("open the store"),
                    QStringLiteral("a lock could not be shared"));
    return found;
}

Result<void> Presence::confirm(const DataFolder &folder, const Clock &clock)
{
    const QByteArray boot = clock.bootId().toUtf8() + '\n';
    if (readSmallFile(folder.runningFile(), 4096).value_or(QByteArray()) == boot)
        return {};
    return writeFileAtomically(folder.runningFile(), boot);
}

void Presence::leave(const DataFolder &folder, LockFile &lock, bool suspect)
{
    if (suspect)
        (void)writeFileAtomically(folder.runningFile(), "suspect\n");
    else if (lock.tryLock(StoreLock::kPresenceByte, LockFile::Mode::Exclusive)
             && readSmallFile(folder.runningFile(), 4096).value_or(QByteArray()).trimmed() != "suspect")
        QFile::remove(folder.runningFile());
    lock.unlock(StoreLock::kPresenceByte);
}

bool DiskReserve::exists() const
{
    return QFile::exists(m_path);
}

bool DiskReserve::ensure() const
{
    if (exists())
        return true;
    struct statvfs facts{};
    const QByteArray folder = QFile::encodeName(QFileInfo(m_path).absolutePath());
    if (::statvfs(folder.constData(), &facts) != 0 || qint64(facts.f_bavail * facts.f_frsize) < 4 * kBytes)
        return false;
    const QByteArray name = QFile::encodeName(m_path);
    const int file = ::open(name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return exists(); // another process was first
    const bool made = ::posix_fallocate(file, 0, kBytes) == 0;
    ::close(file);
    if (!made)
        ::unlink(name.constData());
    return made;
}

void DiskReserve::release() const
{
    QFile::remove(m_path);
}

} // namespace openfactory
