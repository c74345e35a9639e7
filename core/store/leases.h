// SPDX-License-Identifier: Apache-2.0
/// Who may run a job (design.md, law 3): rows of `leases`, judged by boot time, boot id and the owner's lock file.
/// On the thread of the connection.
#pragma once

#include "core/base/clock.h"
#include "core/domain/store.h"
#include "core/store/database.h"

#include <unordered_set>

namespace openfactory {

/// A lease as stored. Nothing where the job has none.
struct LeaseRow {
    QString owner;
    qint64 epoch = 0;
    qint64 deadline = 0;
    QString boot;
};

class Leases {
public:
    Leases(Database &database, const Clock &clock, QString dataFolder)
        : m_database(database),
          m_clock(clock),
          m_dataFolder(std::move(dataFolder))
    {}

    Result<Lease> claim(const JobId &job, const QString &owner, std::chrono::milliseconds term);
    Result<void> heartbeat(const QString &owner, std::chrono::milliseconds term);
    Result<void> release(const Lease &lease);
    Result<void> check(const Lease &lease);
    Result<std::vector<JobId>> orphans();
    Result<std::optional<QString>> ownerOf(const JobId &job);

    bool isLive(const LeaseRow &lease) const;
    /// The numbers of all jobs that somebody runs; as many as there are workers.
    Result<std::unordered_set<qint64>> liveJobs();

private:
    Database &m_database;
    const Clock &m_clock;
    QString m_dataFolder;
};

} // namespace openfactory
