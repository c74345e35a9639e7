// SPDX-License-Identifier: Apache-2.0
/// What of the port is neither a step (commitstep.cpp) nor opening (openstore.cpp).
#include "core/base/text.h"
#include "core/store/rows.h"
#include "core/store/sqlitejobstoreimpl.h"

#include <algorithm>

namespace openfactory {

SqliteJobStore::SqliteJobStore(DataFolder folder, const Clock &clock, std::unique_ptr<StoreLock> lock,
                               std::unique_ptr<Database> database)
    : m_folder(std::move(folder)),
      m_clock(clock),
      m_lock(std::move(lock)),
      m_database(std::move(database)),
      m_chain(*m_database, m_folder.anchorFile()),
      m_leases(*m_database, clock, m_folder.path()),
      m_forge(*m_database)
{}

SqliteJobStore::~SqliteJobStore()
{
    if (!m_lock)
        return;
    // Closing may checkpoint, and counting out may be the last one's: one at a time. A lock that somebody keeps for
    // longer must not keep a program from ending.
    const bool locked = m_lock->isHeld() || m_lock->lock(std::chrono::seconds(2)).has_value();
    const bool suspect = m_database->broken();
    m_database.reset();
    Presence::leave(m_folder, m_lock->file(), suspect);
    if (locked)
        m_lock->unlock();
}

Result<void> SqliteJobStore::create(const Job &job, const AuditRecord &audit)
{
    const JobIdentity &identity = job.identity;
    if (identity.id.isNull() || !identity.slug || identity.repository.isEmpty()
        || job.progress.state != JobState::Created)
        return fail(ErrorKind::Invalid, QStringLiteral("create a job"),
                    QStringLiteral("a new job has an id, a slug and a repository, and is in the state created"));
    OF_TRY(transaction, WriteTransaction::begin(*m_database));
    {
        OF_TRY(rows, m_database->select(QStringLiteral("SELECT id, state FROM jobs WHERE slug=? AND live=1 AND "
                                                       "repository=(SELECT num FROM repositories WHERE path=?)"),
                                        {identity.slug->text(), identity.repository}));
        if (rows.next())
            return fail(
                ErrorKind::Conflict, QStringLiteral("create job %1").arg(identity.slug->text()),
                QStringLiteral("job %1 of this repository has the slug and is %2").arg(rows.text(0), rows.text(1)),
                QStringLiteral("choose another slug, or end that job first"));
        OF_CHECK(rows.check());
    }
    OF_CHECK(rows::insertJob(*m_database, job, m_clock.wallMs()));
    OF_CHECK(m_chain.append({audit}, m_clock.wallMs()));
    return transaction.commit([&] { m_chain.advanceAnchor(); });
}

Result<void> SqliteJobStore::audit(const AuditRecord &entry)
{
    OF_TRY(transaction, WriteTransaction::begin(*m_database));
    OF_CHECK(m_chain.append({entry}, m_clock.wallMs()));
    return transaction.commit([&] { m_chain.advanceAnchor(); });
}

Result<Lease> SqliteJobStore::claim(const JobId &job, const QString &owner, std::chrono::milliseconds term)
{
    return m_leases.claim(job, owner, term);
}

Result<void> SqliteJobStore::heartbeat(const QString &owner, std::chrono::milliseconds term)
{
    (void)DiskReserve(m_folder.path()).ensure(); // it was given up when the disk was full; back when there is room
    return withReserve([&] { return m_leases.heartbeat(owner, term); });
}

Result<void> SqliteJobStore::release(const Lease &lease)
{
    return withReserve([&] { return m_leases.release(lease); });
}

Result<void> SqliteJobStore::checkLease(const Lease &lease)
{
    return m_leases.check(lease);
}

Result<std::vector<JobId>> SqliteJobStore::orphans()
{
    return m_leases.orphans();
}

Result<std::optional<QString>> SqliteJobStore::ownerOf(const JobId &job)
{
    return m_leases.ownerOf(job);
}

Result<std::vector<ReadyJob>> SqliteJobStore::ready(int most)
{
    struct Found {
        qint64 num = 0;
        ReadyJob job;
    };
    std::vector<Found> found;
    OF_TRY(live, m_leases.liveJobs());
    const auto collect = [&](const QString &sql, SqlValues values, size_t limit) -> Result<void> {
        OF_TRY(rows, m_database->select(sql, values));
        while (found.size() < limit && rows.next()) {
            if (live.contains(rows.number(0)))
                continue;
            OF_TRY(id, JobId::parse(rows.text(1)));
            found.push_back({rows.number(0), {id, priorityFrom(rows.text(2)).value_or(Priority::P3)}});
        }
        return rows.check();
    };
    // Along the index in the order wanted, so the first `most` are the most urgent; the due ones are few.
    OF_CHECK(collect(QStringLiteral("SELECT num, id, priority FROM jobs WHERE ready=1 ORDER BY priority, id"), {},
                     size_t(most)));
    OF_CHECK(collect(QStringLiteral("SELECT num, id, priority FROM jobs WHERE timed=1 AND wake_boot=? AND wake_at<=? "
                                    "UNION ALL SELECT num, id, priority FROM jobs WHERE timed=1 AND wake_boot<? "
                                    "UNION ALL SELECT num, id, priority FROM jobs WHERE timed=1 AND wake_boot>?"),
                     {m_clock.bootId(), m_clock.bootMs(), m_clock.bootId(), m_clock.bootId()}, SIZE_MAX));
    const auto rank = [](const Found &f) { return std::pair(f.job.priority, f.job.id); };
    std::ranges::sort(found, {}, rank);
    const auto [first, last] = std::ranges::unique(found, {}, &Found::num);
    found.erase(first, last);
    std::vector<ReadyJob> jobs;
    for (const Found &one : found)
        if (int(jobs.size()) < most)
            jobs.push_back(one.job);
    return jobs;
}

Result<std::optional<std::chrono::milliseconds>> SqliteJobStore::nextWakeUp()
{
    OF_TRY(live, m_leases.liveJobs());
    {
        OF_TRY(rows, m_database->select(QStringLiteral("SELECT num FROM jobs WHERE timed=1 AND wake_boot<? UNION ALL "
                                                       "SELECT num FROM jobs WHERE timed=1 AND wake_boot>?"),
                                        {m_clock.bootId(), m_clock.bootId()}));
        while (rows.next())
            if (!live.contains(rows.number(0)))
                return std::chrono::milliseconds(0);
        OF_CHECK(rows.check());
    }
    OF_TRY(rows, m_database->select(
                     QStringLiteral("SELECT num, wake_at FROM jobs WHERE timed=1 AND wake_boot=? ORDER BY wake_at"),
                     {m_clock.bootId()}));
    while (rows.next())
        if (!live.contains(rows.number(0)))
            return std::chrono::milliseconds(std::max<qint64>(0, rows.number(1) - m_clock.bootMs()));
    OF_CHECK(rows.check());
    return std::nullopt;
}

Result<bool> SqliteJobStore::enginePaused()
{
    OF_TRY(paused, m_database->number(QStringLiteral("SELECT value='1' FROM engine WHERE name='paused'")));
    return paused.value_or(0) != 0;
}

Result<void> SqliteJobStore::pauseEngine(bool paused, const AuditRecord &audit)
{
    OF_TRY(transaction, WriteTransaction::begin(*m_database));
    OF_CHECK(m_database->run(QStringLiteral("INSERT OR REPLACE INTO engine(name, value) VALUES('paused', ?)"),
                             {paused ? QStringLiteral("1") : QStringLiteral("0")}));
    EventRecord news;
    news.kind = QStringLiteral("engine");
    news.detail = {{QStringLiteral("paused"), paused}};
    OF_CHECK(rows::insert(*m_database, std::nullopt, 0, news, m_clock.wallMs()));
    OF_CHECK(m_chain.append({audit}, m_clock.wallMs()));
    return transaction.commit([&] { m_chain.advanceAnchor(); });
}

Result<Job> SqliteJobStore::job(const JobId &id)
{
    OF_TRY(found, rows::jobsWhere(*m_database, QStringLiteral("j.id=?"), {id.text()}));
    if (found.empty())
        return fail(ErrorKind::NotFound, QStringLiteral("read job %1").arg(id.text()),
                    QStringLiteral("there is no such job"));
    return found.front();
}

Result<Job> SqliteJobStore::find(const QString &idOrSlug, const QString &repository)
{
    if (const auto id = JobId::parse(idOrSlug))
        return job(*id);
    OF_TRY(found, repository.isEmpty()
                      ? rows::jobsWhere(*m_database, QStringLiteral("j.slug=? ORDER BY j.id DESC LIMIT 1"), {idOrSlug})
                      : rows::jobsWhere(*m_database, QStringLiteral("j.slug=? AND r.path=? ORDER BY j.id DESC LIMIT 1"),
                                        {idOrSlug, repository}));
    if (found.empty())
        return fail(ErrorKind::NotFound, QStringLiteral("find job \"%1\"").arg(displayable(idOrSlug.left(60))),
                    repository.isEmpty()
                        ? QStringLiteral("no job has this id or slug")
                        : QStringLiteral("no job of %1 has this id or slug").arg(displayable(repository)),
                    QStringLiteral("factory list shows the jobs"));
    return found.front();
}

Result<std::vector<Job>> SqliteJobStore::jobs(const JobFilter &filter)
{
    return rows::jobs(*m_database, filter);
}

Result<std::vector<Job>> SqliteJobStore::search(const QString &typed, int most)
{
    return rows::search(*m_database, typed, most);
}

Result<std::vector<AttemptRecord>> SqliteJobStore::attempts(const JobId &job)
{
    return rows::attempts(*m_database, job);
}

Result<std::optional<RecordedPass>> SqliteJobStore::recordedPass(const Job &job, const QString &inputs, qint64 fromMs,
                                                                 qint64 toMs)
{
    return rows::recordedPass(*m_database, job, inputs, fromMs, toMs);
}

Result<std::vector<CommandRecord>> SqliteJobStore::commands(const JobId &job)
{
    return rows::commands(*m_database, job);
}

Result<std::vector<ArtifactRecord>> SqliteJobStore::artifacts(const JobId &job)
{
    return rows::artifacts(*m_database, job);
}

Result<std::vector<AuthorCallRecord>> SqliteJobStore::authorCalls(const JobId &job)
{
    return rows::authorCalls(*m_database, job);
}

Result<std::vector<Risk>> SqliteJobStore::risks(const JobId &job)
{
    return rows::risks(*m_database, job);
}

Result<std::vector<Decision>> SqliteJobStore::decisions(const JobId &job)
{
    return rows::decisions(*m_database, job);
}

Result<std::optional<PullRecord>> SqliteJobStore::pull(const JobId &job)
{
    return rows::readJobPull(*m_database, job.text());
}

Result<std::vector<IntentRecord>> SqliteJobStore::openIntents(const JobId &job)
{
    return rows::openIntents(*m_database, job);
}

Result<std::vector<EventRecord>> SqliteJobStore::eventsAfter(qint64 seq, const JobId &job, int most)
{
    return rows::eventsAfter(*m_database, seq, job, most);
}

Result<std::vector<AuditRecord>> SqliteJobStore::auditAfter(qint64 seq, int most)
{
    return m_chain.after(seq, most);
}

Result<AuditRecord> SqliteJobStore::auditHead()
{
    OF_TRY(head, m_chain.head());
    AuditRecord record;
    record.seq = head.seq;
    record.hash = QString::fromLatin1(head.hash);
    return record;
}

Result<AuditReport> SqliteJobStore::verifyAudit()
{
    return m_chain.verify();
}

Result<AuditReport> SqliteJobStore::verifyNewAudit()
{
    return m_chain.verifyNew(m_folder.verifiedFile());
}

} // namespace openfactory
