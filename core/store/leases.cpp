// SPDX-License-Identifier: Apache-2.0
#include "core/store/leases.h"

#include "core/store/ownerlock.h"

namespace openfactory {

namespace {

LeaseRow leaseAt(const Rows &rows, int column)
{
    return {rows.text(column), rows.number(column + 1), rows.number(column + 2), rows.text(column + 3)};
}

} // namespace

bool Leases::isLive(const LeaseRow &lease) const
{
    return lease.boot == m_clock.bootId() && lease.deadline > m_clock.bootMs()
           && OwnerLock::sight(m_dataFolder, lease.owner) != OwnerLock::Sight::Dead;
}

Result<Lease> Leases::claim(const JobId &job, const QString &owner, std::chrono::milliseconds term)
{
    QString doing = QStringLiteral("take up job %1").arg(job.text());
    // The look and the write are one transaction under the write lock: nobody comes between them.
    OF_TRY(transaction, WriteTransaction::begin(m_database));
    qint64 num = 0;
    qint64 epoch = 0;
    std::optional<LeaseRow> old;
    {
        OF_TRY(rows,
               m_database.select(
                   QStringLiteral("SELECT j.num, j.epoch, l.owner, l.epoch, l.deadline, l.boot, j.slug FROM jobs j "
                                  "LEFT JOIN leases l ON l.job=j.num WHERE j.id=?"),
                   {job.text()}));
        if (!rows.next()) {
            OF_CHECK(rows.check());
            return fail(ErrorKind::NotFound, doing, QStringLiteral("there is no such job"));
        }
        num = rows.number(0);
        epoch = rows.number(1) + 1;
        doing = QStringLiteral("take up job %1").arg(rows.text(6));
        if (!rows.isNull(2))
            old = leaseAt(rows, 2);
    }
    if (old && isLive(*old))
        return fail(ErrorKind::Conflict, doing, QStringLiteral("%1 runs it").arg(old->owner));
    if (old && old->owner != owner && old->boot == m_clock.bootId()
        && OwnerLock::sight(m_dataFolder, old->owner) != OwnerLock::Sight::Dead)
        OF_CHECK(m_database.run(QStringLiteral("INSERT OR IGNORE INTO lost_leases(owner, job) VALUES(?,?)"),
                                {old->owner, num}));
    OF_CHECK(m_database.run(QStringLiteral("DELETE FROM lost_leases WHERE owner=? AND job=?"), {owner, num}));
    OF_CHECK(m_database.run(
        QStringLiteral("INSERT OR REPLACE INTO leases(job, owner, epoch, deadline, boot) VALUES(?,?,?,?,?)"),
        {num, owner, epoch, m_clock.bootMs() + qint64(term.count()), m_clock.bootId()}));
    OF_CHECK(m_database.run(QStringLiteral("UPDATE jobs SET epoch=? WHERE num=?"), {epoch, num}));
    OF_CHECK(transaction.commit());
    return Lease{job, owner, epoch};
}

Result<void> Leases::heartbeat(const QString &owner, std::chrono::milliseconds term)
{
    OF_TRY(transaction, WriteTransaction::begin(m_database));
    QString lost;
    {
        OF_TRY(rows, m_database.select(QStringLiteral("SELECT j.id FROM lost_leases l JOIN jobs j ON j.num=l.job "
                                                      "WHERE l.owner=? ORDER BY j.id LIMIT 1"),
                                       {owner}));
        if (rows.next())
            lost = rows.text(0);
        OF_CHECK(rows.check());
    }
    OF_CHECK(m_database.run(QStringLiteral("UPDATE leases SET deadline=?, boot=? WHERE owner=?"),
                            {m_clock.bootMs() + qint64(term.count()), m_clock.bootId(), owner}));
    if (!lost.isEmpty()) // told once
        OF_CHECK(m_database.run(
            QStringLiteral("DELETE FROM lost_leases WHERE owner=? AND job=(SELECT num FROM jobs WHERE id=?)"),
            {owner, lost}));
    OF_CHECK(transaction.commit());
    if (!lost.isEmpty())
        return fail(ErrorKind::Fenced, QStringLiteral("prolong the leases of %1").arg(owner),
                    QStringLiteral("job %1 was taken over after its deadline").arg(lost));
    return {};
}

Result<void> Leases::check(const Lease &lease)
{
    OF_TRY(held, m_database.number(
                     QStringLiteral(
                         "SELECT 1 FROM leases WHERE job=(SELECT num FROM jobs WHERE id=?) AND owner=? AND epoch=?"),
                     {lease.job.text(), lease.owner, lease.epoch}));
    if (held)
        return {};
    return fail(ErrorKind::Fenced, QStringLiteral("go on with job %1").arg(lease.job.text()),
                QStringLiteral("%1 does not hold it with epoch %2 any more").arg(lease.owner).arg(lease.epoch));
}

Result<void> Leases::release(const Lease &lease)
{
    OF_TRY(transaction, WriteTransaction::begin(m_database));
    OF_TRY(gone,
           m_database.run(
               QStringLiteral("DELETE FROM leases WHERE job=(SELECT num FROM jobs WHERE id=?) AND owner=? AND epoch=?"),
               {lease.job.text(), lease.owner, lease.epoch}));
    if (gone == 0)
        return fail(ErrorKind::Fenced, QStringLiteral("release job %1").arg(lease.job.text()),
                    QStringLiteral("%1 does not hold it with epoch %2").arg(lease.owner).arg(lease.epoch));
    return transaction.commit();
}

Result<std::vector<JobId>> Leases::orphans()
{
    std::vector<JobId> found;
    OF_TRY(rows, m_database.select(
                     QStringLiteral("SELECT j.id, l.owner, l.epoch, l.deadline, l.boot FROM jobs j LEFT JOIN leases l "
                                    "ON l.job=j.num WHERE j.state='running' ORDER BY j.id")));
    while (rows.next()) {
        if (!rows.isNull(1) && isLive(leaseAt(rows, 1)))
            continue;
        OF_TRY(id, JobId::parse(rows.text(0)));
        found.push_back(id);
    }
    OF_CHECK(rows.check());
    return found;
}

Result<std::optional<QString>> Leases::ownerOf(const JobId &job)
{
    OF_TRY(rows, m_database.select(QStringLiteral("SELECT owner, epoch, deadline, boot FROM leases "
                                                  "WHERE job=(SELECT num FROM jobs WHERE id=?)"),
                                   {job.text()}));
    if (rows.next()) {
        const LeaseRow lease = leaseAt(rows, 0);
        return isLive(lease) ? std::optional(lease.owner) : std::nullopt;
    }
    OF_CHECK(rows.check());
    return std::nullopt;
}

Result<std::unordered_set<qint64>> Leases::liveJobs()
{
    std::unordered_set<qint64> live;
    OF_TRY(rows, m_database.select(QStringLiteral("SELECT job, owner, epoch, deadline, boot FROM leases")));
    while (rows.next())
        if (isLive(leaseAt(rows, 1)))
            live.insert(rows.number(0));
    OF_CHECK(rows.check());
    return live;
}

} // namespace openfactory
