// SPDX-License-Identifier: Apache-2.0
/// The data folder of the engine: who may own it, where its files lie, how it tells that the last user stopped
/// uncleanly, and the reserve that is given up when the disk is full. Any thread.
#pragma once

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/store/filelock.h"

namespace openfactory {

class DataFolder {
public:
    /// Whether a store may be made or used there; nothing is made or changed. Invalid for a folder that holds other
    /// things and no store of ours, or that is shared; Denied when it, or a file of the store in it, is a symlink or
    /// belongs to somebody else.
    static Result<DataFolder> look(const QString &path);
    /// The same, then makes the folder (0700) where it is missing; modes of ours that are too wide are narrowed.
    static Result<DataFolder> prepare(const QString &path);
    /// The same checks, nothing made or changed; NotFound where there is no store.
    static Result<DataFolder> inspect(const QString &path);

    const QString &path() const { return m_path; }
    QString databaseFile() const { return m_path + QStringLiteral("/openfactory.db"); }
    QString lockFile() const { return m_path + QStringLiteral("/openfactory.lock"); }
    QString runningFile() const { return m_path + QStringLiteral("/openfactory.running"); }
    QString verifiedFile() const { return m_path + QStringLiteral("/audit.verified"); }
    QString anchorFile() const { return m_path + QStringLiteral("/audit.head"); }
    /// The newest backup of the store, or nothing.
    QString newestBackup() const;

private:
    explicit DataFolder(QString path) : m_path(std::move(path)) {}
    QString m_path;
};

/// Who uses the store now, and how the last user left it. Every writing connection is counted by a shared lock; the
/// file openfactory.running lies there from the first that opens to the last that closes, and names the boot.
class Presence {
public:
    enum class Found {
        Others, ///< somebody else has the store open
        Clean,  ///< nobody has, and the last one closed it
        Killed, ///< a process died with it in this boot of the machine: what it wrote is in the kernel's hands
        Crashed ///< the machine stopped, or the disk failed: the file itself has to be looked at
    };
    /// Counts the caller in; it holds the store's write lock until it has confirmed, so that one looks at a time.
    static Result<Found> enter(const DataFolder &folder, const Clock &clock, LockFile &lock);
    /// The store was looked at and found good: from now on it counts as in use. Durable.
    static Result<void> confirm(const DataFolder &folder, const Clock &clock);
    /// Counts the caller out; `suspect` makes the next first user find Crashed.
    static void leave(const DataFolder &folder, LockFile &lock, bool suspect);
};

/// A file that holds space for the last records of running commands.
class DiskReserve {
public:
    explicit DiskReserve(const QString &dataFolder) : m_path(dataFolder + QStringLiteral("/reserve")) {}
    /// Makes it where it is missing and there is room for it several times over; false where there is not.
    bool ensure() const;
    /// Gives the space back to the file system.
    void release() const;
    bool exists() const;
    static constexpr qint64 kBytes = 8 * 1024 * 1024;

private:
    QString m_path;
};

} // namespace openfactory
