// SPDX-License-Identifier: Apache-2.0
#include "core/store/database.h"

#include "core/base/logging.h"
#include "core/store/sqlitejobstore.h"

#include <QFile>
#include <QFileInfo>

#include <sqlite3.h>

#include <cerrno>

namespace openfactory {

namespace {

/// Debian 12's; older ones are not tested. (RETURNING, STRICT and generated columns are older still.)
constexpr int kOldestSqlite = 3'040'000;

/// See sqliteFacts().
constexpr int kWalResetFixed = 3'051'003;

/// SQLite itself copies the WAL back after as many pages; here it is only ever a writer, under the lock.
constexpr int kCheckpointPages = 1000;

QString shortened(const QString &sql)
{
    return QStringLiteral("run \"%1\"").arg(sql.simplified().left(80));
}

} // namespace

SqliteFacts sqliteFacts()
{
    return {QString::fromLatin1(sqlite3_libversion()), sqlite3_libversion_number() >= kWalResetFixed};
}

Rows::~Rows()
{
    if (m_statement)
        sqlite3_reset(m_statement);
}

bool Rows::next()
{
    m_code = sqlite3_step(m_statement);
    return m_code == SQLITE_ROW;
}

Result<void> Rows::check() const
{
    if (m_code == SQLITE_OK || m_code == SQLITE_ROW || m_code == SQLITE_DONE)
        return {};
    return std::unexpected(m_database->error(m_code, QStringLiteral("read the store")));
}

bool Rows::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

qint64 Rows::number(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

QByteArrayView Rows::view(int column) const
{
    const void *data = sqlite3_column_blob(m_statement, column); // texts are UTF-8 already: no conversion
    return QByteArrayView(static_cast<const char *>(data), sqlite3_column_bytes(m_statement, column));
}

Database::Database(QString file, StoreLock *lock)
    : m_file(std::move(file)),
      m_lock(lock),
      m_checkpointAt(kCheckpointPages)
{}

Result<std::unique_ptr<Database>> Database::open(const QString &file, StoreLock *lock)
{
    const QByteArray name = QFile::encodeName(file);
    auto opened = openAs(file, name, lock);
    if (opened || lock || QFileInfo(file + QStringLiteral("-wal")).size() > 0)
        return opened;
    // Where nothing can be written, the index of the write-ahead log cannot be made either. A store that was closed has
    // no such log: the file is all there is.
    auto alone = openAs(file, "file:" + name.toPercentEncoding("/") + "?immutable=1", lock);
    return alone ? std::move(alone) : std::move(opened);
}

Result<std::unique_ptr<Database>> Database::openAs(const QString &file, const QByteArray &name, StoreLock *lock)
{
    std::unique_ptr<Database> database(new Database(file, lock));
    const QString doing = QStringLiteral("open store %1").arg(file);
    if (sqlite3_libversion_number() < kOldestSqlite)
        return fail(ErrorKind::Unsupported, doing,
                    QStringLiteral("SQLite %1 is too old").arg(QString::fromLatin1(sqlite3_libversion())),
                    QStringLiteral("install SQLite 3.40 or newer"));
    const int flags = (lock ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY | SQLITE_OPEN_URI) | SQLITE_OPEN_NOMUTEX
                      | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(name.constData(), &database->m_handle, flags, nullptr);
    if (code != SQLITE_OK)
        return std::unexpected(database->error(code, doing));
    if (const auto configured = database->configure(); !configured) {
        Error error = configured.error();
        error.doing = doing;
        return std::unexpected(error);
    }
    return database;
}

Result<void> Database::configure()
{
    sqlite3_busy_timeout(m_handle, 5000);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(m_handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_wal_hook(
        m_handle,
        [](void *self, sqlite3 *, const char *, int pages) {
            static_cast<Database *>(self)->m_walPages = pages;
            return SQLITE_OK;
        },
        this); // takes the place of SQLite's own automatic checkpoint
    QStringList pragmas{QStringLiteral("PRAGMA foreign_keys=ON"), QStringLiteral("PRAGMA mmap_size=0"),
                        QStringLiteral("PRAGMA cell_size_check=ON"), QStringLiteral("PRAGMA temp_store=MEMORY"),
                        QStringLiteral("PRAGMA journal_size_limit=67108864")};
    pragmas << (readOnly() ? QStringLiteral("PRAGMA query_only=ON") : QStringLiteral("PRAGMA synchronous=FULL"));
    for (const QString &pragma : std::as_const(pragmas))
        OF_CHECK(run(pragma));
    if (readOnly())
        return number(QStringLiteral("PRAGMA schema_version")).transform([](const auto &) {}); // reads the first page
    OF_TRY(rows, select(QStringLiteral("PRAGMA journal_mode=WAL")));
    if (rows.next() && rows.view(0) != "wal")
        return fail(ErrorKind::Unsupported, {}, QStringLiteral("the file system cannot hold a write-ahead log"),
                    QStringLiteral("put the data folder on a local disk"));
    (void)rows.next(); // to its end: the change is made there, and a disk that refuses it would go unheard at a reset
    return rows.check();
}

Database::~Database()
{
    Q_ASSERT(m_thread == QThread::currentThread());
    // The last connection that closes copies the WAL back and removes it: a checkpoint, so under the lock.
    const bool locked = m_lock && !m_lock->isHeld() && m_lock->lock(std::chrono::seconds(2)).has_value();
    for (sqlite3_stmt *statement : std::as_const(m_statements))
        sqlite3_finalize(statement);
    if (broken()) // what a failed sync left in the WAL is for the next one that opens to judge
        sqlite3_db_config(m_handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_close(m_handle);
    if (locked)
        m_lock->unlock();
}

Result<void> Database::checkUse() const
{
    if (m_thread == QThread::currentThread())
        return {};
    return fail(ErrorKind::Internal, QStringLiteral("use the store"),
                QStringLiteral("the connection belongs to another thread"));
}

void Database::breakOff()
{
    m_broken = true;
    if (m_lock)
        m_lock->gate().shut();
}

Error Database::error(int code, const QString &doing)
{
    const QString said = m_handle ? QString::fromUtf8(sqlite3_errmsg(m_handle))
                                  : QString::fromLatin1(sqlite3_errstr(code));
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorKind::Timeout, doing, said, QStringLiteral("another program has the store open; close it")};
    case SQLITE_NOMEM: return {ErrorKind::Unavailable, doing, said, {}};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return {ErrorKind::Denied, doing, said, {}};
    case SQLITE_FULL:
        return {ErrorKind::DiskFull, doing, said, QStringLiteral("make room on the disk of %1").arg(m_file)};
    case SQLITE_IOERR: {
        breakOff();
        const int number = sqlite3_system_errno(m_handle);
        return {number == ENOSPC || number == EDQUOT ? ErrorKind::DiskFull : ErrorKind::Io, doing,
                number ? QStringLiteral("%1: %2").arg(said, qt_error_string(number)) : said,
                QStringLiteral("nothing is written until the store has been opened anew; look at the disk first")};
    }
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: breakOff(); return {ErrorKind::Corrupt, doing, said, {}};
    case SQLITE_CANTOPEN: // what the system said of it is not kept
        return {ErrorKind::Io, doing, said,
                QStringLiteral("look at the rights and the free space of the folder of %1").arg(m_file)};
    case SQLITE_CONSTRAINT: {
        const bool taken = code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY;
        return {taken ? ErrorKind::Conflict : ErrorKind::Internal, doing, said, {}};
    }
    default: return {ErrorKind::Internal, doing, said, {}};
    }
}

Result<sqlite3_stmt *> Database::prepare(const QString &sql, SqlValues values)
{
    OF_CHECK(checkUse());
    sqlite3_stmt *statement = m_statements.value(sql);
    if (!statement) {
        const QByteArray text = sql.toUtf8();
        const int code = sqlite3_prepare_v3(m_handle, text.constData(), int(text.size()), SQLITE_PREPARE_PERSISTENT,
                                            &statement, nullptr);
        if (code != SQLITE_OK)
            return std::unexpected(error(code, shortened(sql)));
        m_statements.insert(sql, statement);
    }
    Q_ASSERT(!sqlite3_stmt_busy(statement));
    Q_ASSERT(sqlite3_bind_parameter_count(statement) == int(values.size()));
    int position = 0;
    for (const SqlValue &value : values) {
        ++position;
        if (const auto *number = std::get_if<qint64>(&value.value))
            sqlite3_bind_int64(statement, position, *number);
        else if (const auto *text = std::get_if<QByteArray>(&value.value))
            sqlite3_bind_text64(statement, position, text->constData(), sqlite3_uint64(text->size()), SQLITE_TRANSIENT,
                                SQLITE_UTF8);
        else
            sqlite3_bind_null(statement, position);
    }
    return statement;
}

Result<qint64> Database::run(const QString &sql, SqlValues values)
{
    OF_TRY(statement, prepare(sql, values));
    int code = sqlite3_step(statement);
    while (code == SQLITE_ROW)
        code = sqlite3_step(statement);
    if (code != SQLITE_DONE) {
        const Error failed = error(code, shortened(sql));
        sqlite3_reset(statement);
        return std::unexpected(failed);
    }
    sqlite3_reset(statement);
    return sqlite3_changes64(m_handle);
}

Result<Rows> Database::select(const QString &sql, SqlValues values)
{
    OF_TRY(statement, prepare(sql, values));
    return Rows(*this, statement);
}

Result<std::optional<qint64>> Database::number(const QString &sql, SqlValues values)
{
    OF_TRY(rows, select(sql, values));
    if (rows.next() && !rows.isNull(0))
        return rows.number(0);
    OF_CHECK(rows.check());
    return std::nullopt;
}

Result<bool> Database::checkpoint()
{
    OF_CHECK(checkUse());
    // SQLite before 3.51.3 can damage a file that two connections write and checkpoint at once: never without the lock.
    if (!m_lock || !m_lock->isHeld())
        return fail(ErrorKind::Internal, QStringLiteral("checkpoint the store"),
                    QStringLiteral("only who holds the right to write may do it"));
    int pages = 0;
    int copied = 0;
    const int code = sqlite3_wal_checkpoint_v2(m_handle, "main", SQLITE_CHECKPOINT_PASSIVE, &pages, &copied);
    if (code != SQLITE_OK)
        return std::unexpected(error(code, QStringLiteral("checkpoint the store")));
    return pages == copied;
}

Result<void> Database::quickCheck()
{
    OF_TRY(rows, select(QStringLiteral("PRAGMA quick_check(1)")));
    const QString said = rows.next() ? rows.text(0) : QString();
    OF_CHECK(rows.check());
    if (said != u"ok")
        return fail(ErrorKind::Corrupt, QStringLiteral("check store %1").arg(m_file), said);
    return {};
}

void Database::afterCommit()
{
    if (m_walPages < kCheckpointPages)
        m_checkpointAt = kCheckpointPages; // it was begun anew
    if (m_walPages < m_checkpointAt || broken())
        return;
    m_checkpointAt = m_walPages + kCheckpointPages; // where a reader holds it up, not at once again
    if (const auto done = checkpoint(); !done)
        qCWarning(lcStore).noquote() << toText(done.error()); // the commit holds; the next write is told
}

Result<WriteTransaction> WriteTransaction::begin(Database &database, std::chrono::milliseconds most)
{
    OF_CHECK(database.checkUse());
    const QString doing = QStringLiteral("write to the store");
    if (database.readOnly())
        return fail(ErrorKind::Denied, doing, QStringLiteral("it was opened for reading only"));
    if (database.broken())
        return fail(ErrorKind::Io, doing, QStringLiteral("an earlier read or write of it failed"),
                    QStringLiteral("look at the disk, then start again: the store has to be opened anew"));
    OF_CHECK(database.lock().lock(most));
    if (auto begun = database.run(QStringLiteral("BEGIN IMMEDIATE")); !begun) {
        database.lock().unlock();
        return std::unexpected(begun.error());
    }
    return WriteTransaction(database);
}

Result<void> WriteTransaction::commitOnly()
{
    OF_CHECK(m_database->run(QStringLiteral("COMMIT")));
    m_committed = true;
    return {};
}

void WriteTransaction::finish()
{
    Database *database = std::exchange(m_database, nullptr);
    database->afterCommit();
    database->lock().unlock();
}

WriteTransaction::~WriteTransaction()
{
    if (!m_database)
        return;
    if (!m_committed)
        (void)m_database->run(QStringLiteral("ROLLBACK")); // fails where SQLite has rolled back by itself
    m_database->lock().unlock();
}

} // namespace openfactory
