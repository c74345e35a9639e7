// SPDX-License-Identifier: Apache-2.0
/// The store on SQLite. One object is one connection; it lives on the thread that opened it. The schema and how the
/// scheduler's questions stay fast are described in migrations/0001_store.sql.
#pragma once

#include "core/base/clock.h"
#include "core/domain/store.h"

namespace openfactory {

class WriteGate;
enum class OpenMode { ReadWrite, ReadOnly };

/// Opens <dataFolder>/openfactory.db, made and migrated where needed (ReadWrite). `clock` outlives the store. `gate`
/// is shared by the connections of a process, so that they write in the order in which they asked.
///   Denied: the folder or file is a link or somebody else's. Corrupt: damaged, cut short, not a store, or written by
///   a newer version; the hint names the newest backup. NotFound (ReadOnly): no store yet.
Result<std::unique_ptr<JobStore>> openStore(const QString &dataFolder, const Clock &clock,
                                            OpenMode mode = OpenMode::ReadWrite, std::shared_ptr<WriteGate> gate = {});
/// For each thread its own connection to one store.
StoreOpener storeOpener(const QString &dataFolder, const Clock &clock, OpenMode mode = OpenMode::ReadWrite);

/// A copy of the store as one file, whole or absent; while it is in use.
Result<void> backupStore(const QString &dataFolder, const QString &path);
/// Looks at the structure of the whole file (read-only); for the doctor.
Result<void> checkStore(const QString &dataFolder);

/// The SQLite that is linked. One before 3.51.3 can damage a file that two connections write and checkpoint at once
/// (the WAL-reset bug); the store lets nobody do either without its lock, whatever the version.
struct SqliteFacts {
    QString version;
    bool walResetFixed = false;
};
SqliteFacts sqliteFacts();

} // namespace openfactory
