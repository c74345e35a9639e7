// SPDX-License-Identifier: Apache-2.0
/// Brings a store to the newest schema: numbered SQL files of the resources, forward only, each in a transaction, with
/// a backup of the file first. The caller holds the store's write lock.
#pragma once

#include "core/store/database.h"

namespace openfactory {

/// The resource folder of the migrations of this build.
QString builtInMigrations();
/// Refuses a file that is not a store of ours and one that a newer version has written, both as Corrupt.
Result<int> schemaVersion(Database &database);
/// The number of the newest migration that this build knows.
int newestSchema();
/// `folder` holds the files NNNN_name.sql.
Result<void> migrate(Database &database, const QString &folder = builtInMigrations());
/// A copy of the store as one file, whole or absent.
Result<void> backupStore(Database &database, const QString &path);
/// The statements of a migration file: each ends with a semicolon at the end of a line.
QStringList splitStatements(const QString &sql);

} // namespace openfactory
