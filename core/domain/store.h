// SPDX-License-Identifier: Apache-2.0
/// The port to the durable store. Law 1: every step of a job is one transaction, given as one `Step`. An object lives
/// on the thread that opened it; processes and threads each open their own.
#pragma once

#include "core/domain/authorcall.h"
#include "core/domain/forgerows.h"
#include "core/domain/records.h"

#include <functional>
#include <memory>

namespace openfactory {

/// The right to run one job. Every write of its holder carries the epoch; a write with an old one is Fenced.
struct Lease {
    JobId job;
    QString owner; ///< ULID of the engine instance
    qint64 epoch = 0;
};

/// All that one step of a job changes; committed whole or not at all. What is not set stays as it is.
struct Step {
    JobId job;
    std::optional<Lease> lease;       ///< the engine's writes: fenced by the epoch
    std::optional<qint64> ifRevision; ///< operators' writes: Conflict when the job has moved on
    bool onlyIfUnowned = false;       ///< Conflict when a live lease exists
    std::optional<Progress> progress;
    std::optional<Wishes> wishes;
    std::vector<AttemptRecord> attempts; ///< inserted or replaced by key
    std::vector<CommandRecord> commands; ///< inserted or replaced by key
    std::vector<ArtifactRecord> artifacts;
    std::vector<AuthorCallRecord> authorCalls; ///< inserted or replaced by number
    std::vector<IntentRecord> intents;         ///< inserted or replaced by key
    std::vector<Risk> risks;                   ///< inserted or replaced by name
    QStringList clearedRisks;                  ///< names removed (a later attempt passed)
    std::optional<PullRecord> pull;            ///< inserted or replaced
    std::optional<Decision> decision;          ///< inserted
    std::optional<DecisionId> consumed; ///< marked used by `consumedBy`; Conflict if it was used or voided before
    QString consumedBy;
    std::optional<std::pair<DecisionId, QString>> voided; ///< decision and reason
    std::vector<EventRecord> events;                      ///< seq and job are set by the store
    std::vector<AuditRecord> audits;                      ///< seq, previous and hash are set by the store
    bool releaseLease = false;                            ///< gives the lease back in the same transaction
};

struct JobFilter {
    std::optional<Priority> priority;
    std::optional<CoarseStatus> status;
    std::optional<JobState> state;
    QString repository; ///< empty: all
    bool archived = false;
    int limit = 1000;
    std::optional<JobId> before; ///< keyset page: jobs with a smaller id
};

/// What the scheduler chooses from: ready jobs, most urgent first, then oldest.
struct ReadyJob {
    JobId id;
    Priority priority = Priority::P2;
};

/// A pass that another attempt may be answered from.
struct RecordedPass {
    RecordSource source;
    Verdict verdict;
};

struct AuditReport {
    qint64 entries = 0;
    bool sound = false;
    qint64 firstBad = 0; ///< sequence number of the first bad link; 0 where none is
    QString said;        ///< what is wrong with it
    QString head;        ///< hash of the last link
};

class JobStore {
public:
    virtual ~JobStore() = default;

    // --- writing -------------------------------------------------------------------------------------------------
    /// Stores a new job (Created) with its first audit entry. Conflict where a live job of the repository has the slug.
    virtual Result<void> create(const Job &job, const AuditRecord &audit) = 0;
    /// One step; returns the job's new revision.
    virtual Result<qint64> commit(const Step &step) = 0;
    /// An audit entry that belongs to no job.
    virtual Result<void> audit(const AuditRecord &entry) = 0;

    // --- leases --------------------------------------------------------------------------------------------------
    /// Takes the job when nobody holds a live lease on it; the epoch grows with each claim. Conflict otherwise.
    virtual Result<Lease> claim(const JobId &job, const QString &owner, std::chrono::milliseconds term) = 0;
    /// Prolongs all leases of an owner; Fenced names the first that was lost.
    virtual Result<void> heartbeat(const QString &owner, std::chrono::milliseconds term) = 0;
    virtual Result<void> release(const Lease &lease) = 0;
    /// Fenced where the lease is not in force any more, as a write under it would be.
    virtual Result<void> checkLease(const Lease &lease) = 0;
    /// Jobs in state Running without a live lease: their process died.
    virtual Result<std::vector<JobId>> orphans() = 0;
    /// Who holds a live lease on the job.
    virtual Result<std::optional<QString>> ownerOf(const JobId &job) = 0;

    // --- the engine's reading ------------------------------------------------------------------------------------
    /// Created jobs whose dependencies are done, and waiting jobs that are due or were answered; none that are paused,
    /// archived or owned. `most` rows.
    virtual Result<std::vector<ReadyJob>> ready(int most) = 0;
    /// Milliseconds until the next wait ends by itself; nothing where none does.
    virtual Result<std::optional<std::chrono::milliseconds>> nextWakeUp() = 0;
    virtual Result<bool> enginePaused() = 0;
    virtual Result<void> pauseEngine(bool paused, const AuditRecord &audit) = 0;

    // --- reading -------------------------------------------------------------------------------------------------
    virtual Result<Job> job(const JobId &id) = 0;
    /// By id or slug; a slug means the newest job of that slug (of that repository, where one is given).
    virtual Result<Job> find(const QString &idOrSlug, const QString &repository) = 0;
    virtual Result<std::vector<Job>> jobs(const JobFilter &filter) = 0;
    /// Jobs that hold every typed word in their slug, title and task, or beside those two in one command or the
    /// findings of one attempt; the newest first, archived ones too. Any text may be typed.
    virtual Result<std::vector<Job>> search(const QString &typed, int most) = 0;
    virtual Result<std::vector<AttemptRecord>> attempts(const JobId &job) = 0;
    /// The newest verdict on these inputs (of the job itself, or of another one of its repository where that holds for
    /// any job), if it is a pass, ended in the time given, and nothing failed on the same tree in its job afterwards.
    virtual Result<std::optional<RecordedPass>> recordedPass(const Job &job, const QString &inputs, qint64 fromMs,
                                                             qint64 toMs) = 0;
    virtual Result<std::vector<CommandRecord>> commands(const JobId &job) = 0;
    virtual Result<std::vector<ArtifactRecord>> artifacts(const JobId &job) = 0;
    /// In the order of their numbers.
    virtual Result<std::vector<AuthorCallRecord>> authorCalls(const JobId &job) = 0;
    virtual Result<std::vector<Risk>> risks(const JobId &job) = 0;
    virtual Result<std::vector<Decision>> decisions(const JobId &job) = 0;
    /// The job's pull request, where it has one.
    virtual Result<std::optional<PullRecord>> pull(const JobId &job) = 0;
    /// What the local forge keeps; lives as long as the store.
    virtual ForgeRows &forge() = 0;
    /// Intents of the job that are still open, oldest first.
    virtual Result<std::vector<IntentRecord>> openIntents(const JobId &job) = 0;
    /// Events after a sequence number, of one job or (null id) of all, oldest first.
    virtual Result<std::vector<EventRecord>> eventsAfter(qint64 seq, const JobId &job, int most) = 0;
    virtual Result<std::vector<AuditRecord>> auditAfter(qint64 seq, int most) = 0;
    /// Its newest entry, sequence number and hash only; 0 where there is none.
    virtual Result<AuditRecord> auditHead() = 0;
    /// Walks the whole chain.
    virtual Result<AuditReport> verifyAudit() = 0;
    /// Walks what was appended since it was last found sound, and compares with the head that lies outside.
    virtual Result<AuditReport> verifyNewAudit() = 0;

    /// For good, once the disk has refused a read or a write: this process writes nothing any more, because it cannot
    /// tell what is on the disk. The engine halts, and another process looks at the store anew.
    virtual bool halted() const = 0;
};

/// Opens the caller's own connection; called on the thread that will use it.
using StoreOpener = std::function<Result<std::unique_ptr<JobStore>>()>;

} // namespace openfactory
