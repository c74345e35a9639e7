// SPDX-License-Identifier: Apache-2.0
/// Shows that an engine instance lives: it holds a lock on <data>/owners/<owner>.lock as long as it runs. The kernel
/// drops it when the process dies, so the leases of a killed process are seen dead at once and not at their deadline.
/// One per engine instance, taken before the first claim and kept until all its leases are given back. The file stays
/// for a while: leases of one that could not give them back, because its disk failed, are seen dead by it.
#pragma once

#include "core/store/filelock.h"

namespace openfactory {

class OwnerLock {
public:
    enum class Sight {
        Alive,
        Dead,    ///< the file is there, nobody holds it
        Unknown, ///< no such file: an owner that has no lock; only deadlines speak
    };

    /// `owner` is a ULID. Removes files of owners that ended more than an hour ago.
    static Result<OwnerLock> acquire(const QString &dataFolder, const QString &owner);
    static Sight sight(const QString &dataFolder, const QString &owner);

    const QString &owner() const { return m_owner; }

private:
    OwnerLock(LockFile file, QString owner) : m_file(std::move(file)), m_owner(std::move(owner)) {}
    LockFile m_file;
    QString m_owner;
};

/// The right to change what lies outside the store for one job: held while an effect is made, by one process at a time.
/// The lease alone cannot give it: a process that stood still for longer than its lease would go on in the middle of an
/// effect, in the way of the new owner. The kernel drops it when the process dies.
class EffectLock {
public:
    /// Waits up to `most`; Timeout where somebody keeps it for longer, which is a process that was stopped.
    static Result<EffectLock> acquire(const QString &dataFolder, const QString &job, std::chrono::milliseconds most);

private:
    explicit EffectLock(LockFile file) : m_file(std::move(file)) {}
    LockFile m_file;
};

} // namespace openfactory
