// SPDX-License-Identifier: Apache-2.0
/// The class behind openStore(); private to this room.
#pragma once

#include "core/store/auditchain.h"
#include "core/store/datafolder.h"
#include "core/store/leases.h"
#include "core/store/sqliteforgerows.h"
#include "core/store/sqlitejobstore.h"

namespace openfactory {

class SqliteJobStore final : public JobStore {
public:
    static Result<std::unique_ptr<JobStore>> open(DataFolder folder, const Clock &clock,
                                                  std::shared_ptr<WriteGate> gate);
    static Result<std::unique_ptr<JobStore>> openReadOnly(DataFolder folder, const Clock &clock);
    ~SqliteJobStore() override;

    Result<void> create(const Job &job, const AuditRecord &audit) override;
    Result<qint64> commit(const Step &step) override;
    Result<void> audit(const AuditRecord &entry) override;
    Result<Lease> claim(const JobId &job, const QString &owner, std::chrono::milliseconds term) override;
    Result<void> heartbeat(const QString &owner, std::chrono::milliseconds term) override;
    Result<void> release(const Lease &lease) override;
    Result<void> checkLease(const Lease &lease) override;
    Result<std::vector<JobId>> orphans() override;
    Result<std::optional<QString>> ownerOf(const JobId &job) override;
    Result<std::vector<ReadyJob>> ready(int most) override;
    Result<std::optional<std::chrono::milliseconds>> nextWakeUp() override;
    Result<bool> enginePaused() override;
    Result<void> pauseEngine(bool paused, const AuditRecord &audit) override;
    Result<Job> job(const JobId &id) override;
    Result<Job> find(const QString &idOrSlug, const QString &repository) override;
    Result<std::vector<Job>> jobs(const JobFilter &filter) override;
    Result<std::vector<Job>> search(const QString &typed, int most) override;
    Result<std::vector<AttemptRecord>> attempts(const JobId &job) override;
    Result<std::optional<RecordedPass>> recordedPass(const Job &job, const QString &inputs, qint64 fromMs,
                                                     qint64 toMs) override;
    Result<std::vector<CommandRecord>> commands(const JobId &job) override;
    Result<std::vector<ArtifactRecord>> artifacts(const JobId &job) override;
    Result<std::vector<AuthorCallRecord>> authorCalls(const JobId &job) override;
    Result<std::vector<Risk>> risks(const JobId &job) override;
    Result<std::vector<Decision>> decisions(const JobId &job) override;
    Result<std::optional<PullRecord>> pull(const JobId &job) override;
    ForgeRows &forge() override { return m_forge; }
    Result<std::vector<IntentRecord>> openIntents(const JobId &job) override;
    Result<std::vector<EventRecord>> eventsAfter(qint64 seq, const JobId &job, int most) override;
    Result<std::vector<AuditRecord>> auditAfter(qint64 seq, int most) override;
    Result<AuditRecord> auditHead() override;
    Result<AuditReport> verifyAudit() override;
    Result<AuditReport> verifyNewAudit() override;
    bool halted() const override { return m_database->broken(); }

private:
    struct JobRow;
    SqliteJobStore(DataFolder folder, const Clock &clock, std::unique_ptr<StoreLock> lock,
                   std::unique_ptr<Database> database);
    /// What the owner of a job records is not lost to a full disk: the reserve is given up for it, and the transaction,
    /// of which nothing was written, is made once more.
    template<class Act>
    auto withReserve(Act act) -> decltype(act())
    {
        auto done = act();
        if (done || done.error().kind != ErrorKind::DiskFull || m_database->broken())
            return done;
        const DiskReserve reserve(m_folder.path());
        if (!reserve.exists())
            return done;
        reserve.release();
        return act();
    }
    Result<qint64> write(const Step &step);
    Result<JobRow> jobRow(const JobId &job);
    Result<void> checkRights(const Step &step, const JobRow &row);
    Error moved(const Step &step, const JobRow &row);
    Result<void> writeJob(const Step &step, const JobRow &row, qint64 now);
    Result<void> writeDecisions(const Step &step, const JobRow &row);
    Result<void> writeRecords(const Step &step, const JobRow &row, qint64 now);

    DataFolder m_folder;
    const Clock &m_clock;
    std::unique_ptr<StoreLock> m_lock; ///< null for a read-only store
    std::unique_ptr<Database> m_database;
    AuditChain m_chain;
    Leases m_leases;
    SqliteForgeRows m_forge;
};

} // namespace openfactory
