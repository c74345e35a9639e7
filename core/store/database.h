// SPDX-License-Identifier: Apache-2.0
/// One connection to the store's SQLite file: durable (WAL, synchronous=FULL), with its statements prepared once.
/// Writes and checkpoints run under the StoreLock; a reader never checkpoints. Belongs to the thread that opened it;
/// calls from another thread are refused as Internal. After an I/O error nothing is written any more, by no connection
/// of the process: the pages that a failed sync dropped cannot be told from written ones, and another connection's sync
/// would seem to succeed, so another process has to look at the file anew (hardening.md, A).
/// It speaks to SQLite directly: Qt SQL costs four times the time of a step
/// (docs/decisions/0007-sqlite-without-qt-sql.md).
#pragma once

#include "core/store/filelock.h"

#include <QHash>
#include <QThread>

#include <optional>
#include <span>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace openfactory {

/// A value bound to a statement: a number, a text in UTF-8, or NULL, which only an empty optional gives.
struct SqlValue {
    SqlValue(const QString &text) : value(text.toUtf8()) {}
    SqlValue(const QByteArray &text) : value(text) {}
    SqlValue(qint64 number) : value(number) {}
    SqlValue(int number) : value(qint64(number)) {}
    SqlValue(bool flag) : value(qint64(flag)) {}
    template<class T>
    SqlValue(const std::optional<T> &maybe)
    {
        if (maybe)
            value = SqlValue(*maybe).value;
    }
    std::variant<std::monostate, qint64, QByteArray> value;
};

/// The values of one call; refers to the caller's.
class SqlValues {
public:
    SqlValues() = default;
    SqlValues(std::initializer_list<SqlValue> values) : m_values(values.begin(), values.size()) {}
    SqlValues(const std::vector<SqlValue> &values) : m_values(values) {}
    auto begin() const { return m_values.begin(); }
    auto end() const { return m_values.end(); }
    size_t size() const { return m_values.size(); }

private:
    std::span<const SqlValue> m_values;
};

class Database;

/// The rows of one running query. The statement is reset at its end, so a row set must not outlive its use: an open
/// one keeps a snapshot of the database. The same text cannot run twice at once on a connection.
class Rows {
public:
    Rows(Database &database, sqlite3_stmt *statement) : m_database(&database), m_statement(statement) {}
    Rows(Rows &&other) noexcept
        : m_database(other.m_database),
          m_statement(std::exchange(other.m_statement, nullptr)),
          m_code(other.m_code)
    {}
    Rows &operator=(Rows &&) = delete;
    ~Rows();
    /// False at the end, and where reading failed: then check() says why.
    bool next();
    Result<void> check() const;
    bool isNull(int column) const;
    qint64 number(int column) const;
    int small(int column) const { return int(number(column)); }
    bool flag(int column) const { return number(column) != 0; }
    QString text(int column) const { return QString::fromUtf8(view(column)); }
    QByteArray bytes(int column) const { return view(column).toByteArray(); }
    /// Valid until next().
    QByteArrayView view(int column) const;

private:
    Database *m_database;
    sqlite3_stmt *m_statement;
    int m_code = 0;
};

class Database {
public:
    /// `lock` outlives the connection and is null for a read-only one, which goes where nothing can be written, too;
    /// where the caller holds it, it stays held.
    static Result<std::unique_ptr<Database>> open(const QString &file, StoreLock *lock);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    /// Runs a statement without rows; the number of rows that it changed.
    Result<qint64> run(const QString &sql, SqlValues values = {});
    Result<Rows> select(const QString &sql, SqlValues values = {});
    /// The first column of the only row; nothing where there is no row.
    Result<std::optional<qint64>> number(const QString &sql, SqlValues values = {});

    bool readOnly() const { return !m_lock; }
    StoreLock &lock() { return *m_lock; }
    QString file() const { return m_file; }
    /// Set for good by the first I/O error, of this connection or of another that shares its gate.
    bool broken() const { return m_broken || (m_lock && m_lock->gate().isShut()); }
    /// Copies what the WAL holds into the file as far as readers allow; true when that was all. The caller holds the
    /// lock.
    Result<bool> checkpoint();
    /// Looks at the file's structure; Corrupt where it is damaged. Takes a second per half gigabyte.
    Result<void> quickCheck();

private:
    static Result<std::unique_ptr<Database>> openAs(const QString &file, const QByteArray &name, StoreLock *lock);
    friend class WriteTransaction;
    friend class Rows;
    Database(QString file, StoreLock *lock);
    Result<void> configure();
    Result<sqlite3_stmt *> prepare(const QString &sql, SqlValues values);
    /// The error of the last call on this connection.
    Error error(int code, const QString &doing);
    Result<void> checkUse() const;
    void breakOff();
    void afterCommit();

    QString m_file;
    StoreLock *m_lock;
    QThread *m_thread = QThread::currentThread();
    sqlite3 *m_handle = nullptr;
    QHash<QString, sqlite3_stmt *> m_statements;
    bool m_broken = false;
    int m_walPages = 0;     ///< pages in the WAL after the last commit
    int m_checkpointAt = 0; ///< pages in the WAL that make the next checkpoint worth it
};

/// BEGIN IMMEDIATE under the store's lock; rolled back unless committed.
class WriteTransaction {
public:
    static Result<WriteTransaction> begin(Database &database,
                                          std::chrono::milliseconds most = std::chrono::seconds(10));
    WriteTransaction(WriteTransaction &&other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}
    WriteTransaction &operator=(WriteTransaction &&) = delete;
    ~WriteTransaction();
    /// On disk when this returns. What is done before unlocking (the audit anchor) goes into `whileLocked`.
    template<class Act>
    Result<void> commit(Act &&whileLocked)
    {
        OF_CHECK(commitOnly());
        whileLocked();
        finish();
        return {};
    }
    Result<void> commit()
    {
        return commit([] {});
    }

private:
    explicit WriteTransaction(Database &database) : m_database(&database) {}
    Result<void> commitOnly();
    void finish();
    Database *m_database;
    bool m_committed = false;
};

} // namespace openfactory
