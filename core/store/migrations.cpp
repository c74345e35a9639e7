// SPDX-License-Identifier: Apache-2.0
#include "core/store/migrations.h"

#include "core/base/id.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

static void initializeResources()
{
    Q_INIT_RESOURCE(store_migrations); // a static library's resources have to be asked for; not inside a namespace
}

namespace openfactory {

namespace {

/// "OFac", marks the file as ours.
constexpr qint64 kApplicationId = 0x4f466163;

QStringList migrationFiles(const QString &folder)
{
    return QDir(folder).entryList({QStringLiteral("*.sql")}, QDir::Files, QDir::Name);
}

int numberOf(const QString &file)
{
    return file.left(4).toInt();
}

Result<void> apply(Database &database, const QString &folder, const QString &file)
{
    QFile resource(folder + u'/' + file);
    if (!resource.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Internal, QStringLiteral("read migration %1").arg(file), resource.errorString());
    OF_CHECK(database.run(QStringLiteral("BEGIN IMMEDIATE")));
    const auto all = [&]() -> Result<void> {
        const QStringList statements = splitStatements(QString::fromUtf8(resource.readAll()));
        for (const QString &statement : statements)
            OF_CHECK(database.run(statement));
        OF_CHECK(database.run(QStringLiteral("PRAGMA application_id=%1").arg(kApplicationId)));
        OF_CHECK(database.run(QStringLiteral("PRAGMA user_version=%1").arg(numberOf(file))));
        OF_CHECK(database.run(QStringLiteral("COMMIT")));
        return {};
    }();
    if (!all) {
        (void)database.run(QStringLiteral("ROLLBACK"));
        Error error = all.error();
        error.doing = QStringLiteral("bring the store to migration %1: %2").arg(file, error.doing);
        return std::unexpected(error);
    }
    return {};
}

Result<void> syncPath(const QString &path)
{
    const int file = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    const bool synced = file >= 0 && ::fsync(file) == 0;
    const int number = errno;
    if (file >= 0)
        ::close(file);
    return synced ? Result<void>{} : std::unexpected(errnoError(number, QStringLiteral("sync %1").arg(path)));
}

} // namespace

QStringList splitStatements(const QString &sql)
{
    QStringList statements;
    QString current;
    for (const QStringView line : QStringView(sql).split(u'\n')) {
        const qsizetype comment = line.indexOf(u"--");
        const QStringView code = (comment < 0 ? line : line.left(comment)).trimmed();
        if (code.isEmpty())
            continue;
        current += code + u'\n';
        if (code.endsWith(u';'))
            statements << std::exchange(current, {});
    }
    if (!current.isEmpty())
        statements << current;
    return statements;
}

QString builtInMigrations()
{
    initializeResources();
    return QStringLiteral(":/openfactory/migrations");
}

int newestSchema()
{
    static const QStringList files = migrationFiles(builtInMigrations());
    return files.isEmpty() ? 0 : numberOf(files.last());
}

Result<int> schemaVersion(Database &database)
{
    const QString doing = QStringLiteral("open store %1").arg(database.file());
    OF_TRY(version, database.number(QStringLiteral("PRAGMA user_version")));
    OF_TRY(application, database.number(QStringLiteral("PRAGMA application_id")));
    OF_TRY(tables, database.number(QStringLiteral("SELECT count(*) FROM sqlite_schema")));
    const bool empty = version == 0 && application == 0 && tables == 0;
    if (!empty && application != kApplicationId)
        return fail(ErrorKind::Corrupt, doing, QStringLiteral("it is a database, but not a store of OpenFactory"),
                    QStringLiteral("move the file away, or name another data folder"));
    if (version > newestSchema())
        return fail(
            ErrorKind::Unsupported, doing,
            QStringLiteral("it was written by a newer version: its schema is %1, this program knows %2")
                .arg(*version)
                .arg(newestSchema()),
            QStringLiteral("it is whole, and nothing was changed in it: use the newer openfactory, or name another "
                           "data folder with --data"));
    return int(version.value_or(0));
}

Result<void> backupStore(Database &database, const QString &path)
{
    const QString temporary = path + QStringLiteral(".tmp-") + newUlid();
    const auto copied = [&]() -> Result<void> {
        // A read-only connection may write another file; only the guard against writing by mistake is in the way.
        OF_CHECK(database.run(QStringLiteral("PRAGMA query_only=OFF")));
        OF_CHECK(database.run(QStringLiteral("VACUUM INTO ?"), {temporary}));
        OF_CHECK(syncPath(temporary));
        if (!QFile::setPermissions(temporary, QFile::ReadOwner | QFile::WriteOwner)
            || ::rename(QFile::encodeName(temporary).constData(), QFile::encodeName(path).constData()) != 0)
            return std::unexpected(errnoError(errno, QStringLiteral("write %1").arg(path)));
        return syncPath(QFileInfo(path).absolutePath());
    }();
    if (!copied)
        QFile::remove(temporary);
    if (database.readOnly())
        OF_CHECK(database.run(QStringLiteral("PRAGMA query_only=ON")));
    return copied;
}

Result<void> migrate(Database &database, const QString &folder)
{
    OF_TRY(version, database.number(QStringLiteral("PRAGMA user_version")));
    const int from = int(version.value_or(0));
    const QStringList files = migrationFiles(folder);
    if (from > 0 && !files.isEmpty() && numberOf(files.last()) > from)
        OF_CHECK(backupStore(database, database.file() + QStringLiteral(".backup-v%1").arg(from)));
    for (const QString &file : files)
        if (numberOf(file) > from)
            OF_CHECK(apply(database, folder, file));
    return {};
}

} // namespace openfactory
