// SPDX-License-Identifier: Apache-2.0
/// Opening: who may, what was left by the last one, is the file whole, is the schema ours.
#include "core/base/logging.h"
#include "core/store/migrations.h"
#include "core/store/sqlitejobstoreimpl.h"

#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace openfactory {

namespace {

/// After a kill the file is as the kernel has it and SQLite's recovery is enough; a small one is looked at all the
/// same.
constexpr qint64 kAlwaysCheckedBytes = 32 * 1024 * 1024;

/// Adds to an error about a damaged store what a person can do.
Error withAdvice(Error error, const QString &path, const QString &backup)
{
    if (!error.hint.isEmpty())
        return error;
    if (error.kind == ErrorKind::NotFound || error.kind == ErrorKind::Denied)
        error.hint = QStringLiteral("make %1 a folder that you can write to, or name another with --data or "
                                    "$OPENFACTORY_DATA")
                         .arg(path);
    if (error.kind != ErrorKind::Corrupt)
        return error;
    const QString file = path + QStringLiteral("/openfactory.db");
    error.hint =
        backup.isEmpty()
            ? QStringLiteral(
                  "there is no backup beside it; move %1 away with its -wal file, keep both, and put back a copy")
                  .arg(file)
            : QStringLiteral("move %1 away with its -wal file, keep both, and put back the backup %2")
                  .arg(file, backup);
    return error;
}

/// A store that had entries cannot be gone or empty: SQLite would silently begin a new one.
Result<void> refuseVanished(const DataFolder &folder)
{
    constexpr qint64 header = 100; // SQLite takes what is shorter for a new file
    const QFileInfo file(folder.databaseFile());
    if (file.exists() && file.size() >= header)
        return {};
    const auto anchor = AuditChain::readAnchor(folder.anchorFile());
    if (anchor && (!*anchor || (*anchor)->seq == 0))
        return {};
    return fail(ErrorKind::Corrupt, QStringLiteral("open store %1").arg(folder.databaseFile()),
                file.exists()
                    ? QStringLiteral("the file was cut short to %1 bytes").arg(file.size())
                    : QStringLiteral("the file is gone, but its audit log's head %1 is here").arg(folder.anchorFile()));
}

/// SQLite makes its files with the modes of the umask; the side files take theirs from this one. A file that is there
/// is never opened here: closing it would drop the POSIX locks that SQLite's connections of this process hold on it,
/// and another process would take itself for the last one and delete the write-ahead log under them.
Result<void> makeOwnerOnly(const QString &file)
{
    if (QFileInfo::exists(file))
        return {};
    const int made = ::open(QFile::encodeName(file).constData(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                            0600);
    if (made < 0)
        return std::unexpected(errnoError(errno, QStringLiteral("make %1").arg(file)));
    ::close(made);
    return {};
}

/// Cut short: the file is smaller than its pages. Only to be told while the WAL holds nothing that is not in the file.
Result<void> checkLength(Database &database)
{
    OF_TRY(whole, database.checkpoint());
    if (!whole)
        return {};
    OF_TRY(pages, database.number(QStringLiteral("PRAGMA page_count")));
    OF_TRY(size, database.number(QStringLiteral("PRAGMA page_size")));
    const qint64 expected = pages.value_or(0) * size.value_or(0);
    const qint64 actual = QFileInfo(database.file()).size();
    if (actual < expected)
        return fail(ErrorKind::Corrupt, QStringLiteral("open store %1").arg(database.file()),
                    QStringLiteral("it was cut short: %1 of %2 bytes are there").arg(actual).arg(expected));
    return {};
}

Result<void> lookAt(Database &database, Presence::Found found)
{
    if (found == Presence::Found::Others)
        return {};
    OF_CHECK(checkLength(database));
    const bool small = QFileInfo(database.file()).size() <= kAlwaysCheckedBytes;
    if (found == Presence::Found::Crashed || (found == Presence::Found::Killed && small)) {
        qCInfo(lcStore) << "the store was not closed; checking it";
        OF_CHECK(database.quickCheck());
    }
    return {};
}

} // namespace

Result<std::unique_ptr<JobStore>> SqliteJobStore::open(DataFolder folder, const Clock &clock,
                                                       std::shared_ptr<WriteGate> gate)
{
    if (gate && gate->isShut())
        return fail(ErrorKind::Io, QStringLiteral("open store %1").arg(folder.databaseFile()),
                    QStringLiteral("an earlier read or write of it failed in this process"),
                    QStringLiteral("look at the disk, then start again"));
    OF_TRY(lockFile, LockFile::open(folder.lockFile()));
    auto lock = std::make_unique<StoreLock>(std::move(lockFile),
                                            gate ? std::move(gate) : std::make_shared<WriteGate>());
    OF_CHECK(lock->lock(std::chrono::seconds(30))); // a migration of a large store may be under way elsewhere
    OF_CHECK(refuseVanished(folder));
    OF_CHECK(makeOwnerOnly(folder.databaseFile()));
    OF_TRY(found, Presence::enter(folder, clock, lock->file()));
    OF_TRY(database, Database::open(folder.databaseFile(), lock.get()));
    OF_CHECK(schemaVersion(*database)); // first of all: nothing of a newer version's file is touched
    OF_CHECK(lookAt(*database, found));
    OF_CHECK(migrate(*database));
    OF_CHECK(Presence::confirm(folder, clock));
    std::unique_ptr<SqliteJobStore> store(new SqliteJobStore(folder, clock, std::move(lock), std::move(database)));
    OF_CHECK(store->m_chain.plantAnchor());
    (void)DiskReserve(folder.path()).ensure();
    store->m_lock->unlock();
    return store;
}

Result<std::unique_ptr<JobStore>> SqliteJobStore::openReadOnly(DataFolder folder, const Clock &clock)
{
    OF_CHECK(refuseVanished(folder));
    OF_TRY(database, Database::open(folder.databaseFile(), nullptr));
    OF_TRY(version, schemaVersion(*database));
    if (version < newestSchema())
        return fail(
            ErrorKind::Unavailable, QStringLiteral("read store %1").arg(folder.databaseFile()),
            QStringLiteral("its schema is %1 and has to be brought to %2 first").arg(version).arg(newestSchema()),
            QStringLiteral("start the engine, or any factory command that writes, once"));
    return std::unique_ptr<JobStore>(new SqliteJobStore(folder, clock, nullptr, std::move(database)));
}

Result<std::unique_ptr<JobStore>> openStore(const QString &dataFolder, const Clock &clock, OpenMode mode,
                                            std::shared_ptr<WriteGate> gate)
{
    const bool reads = mode == OpenMode::ReadOnly;
    const auto folder = reads ? DataFolder::inspect(dataFolder) : DataFolder::prepare(dataFolder);
    if (!folder)
        return std::unexpected(withAdvice(folder.error(), dataFolder, QString()));
    auto store = reads ? SqliteJobStore::openReadOnly(*folder, clock)
                       : SqliteJobStore::open(*folder, clock, std::move(gate));
    if (!store)
        return std::unexpected(withAdvice(store.error(), folder->path(), folder->newestBackup()));
    return store;
}

StoreOpener storeOpener(const QString &dataFolder, const Clock &clock, OpenMode mode)
{
    return [dataFolder, &clock, mode, gate = std::make_shared<WriteGate>()] {
        return openStore(dataFolder, clock, mode, gate);
    };
}

Result<void> backupStore(const QString &dataFolder, const QString &path)
{
    OF_TRY(folder, DataFolder::inspect(dataFolder));
    OF_TRY(database, Database::open(folder.databaseFile(), nullptr));
    return backupStore(*database, path);
}

Result<void> checkStore(const QString &dataFolder)
{
    OF_TRY(folder, DataFolder::inspect(dataFolder));
    OF_TRY(database, Database::open(folder.databaseFile(), nullptr));
    const auto checked = database->quickCheck();
    if (!checked)
        return std::unexpected(withAdvice(checked.error(), folder.path(), folder.newestBackup()));
    return checked;
}

} // namespace openfactory
