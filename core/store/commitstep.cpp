// SPDX-License-Identifier: Apache-2.0
/// One step of a job as one transaction (design.md, law 1).
#include "core/store/rows.h"
#include "core/store/sqlitejobstoreimpl.h"

namespace openfactory {

/// What a step is checked against, as it stands inside the transaction.
struct SqliteJobStore::JobRow {
    qint64 num = 0;
    qint64 revision = 0; ///< before the step
    QString state;
    QString waitKind;
    std::optional<qint64> wakeAt;
    QString wakeBoot;
    qint64 finishedMs = 0;
    std::optional<LeaseRow> lease;
};

Result<SqliteJobStore::JobRow> SqliteJobStore::jobRow(const JobId &job)
{
    OF_TRY(
        rows,
        m_database->select(
            QStringLiteral(
                "SELECT j.num, j.revision, j.state, j.wait_kind, j.wake_at, j.wake_boot, j.finished_ms, l.owner, l.epoch, "
                "l.deadline, l.boot FROM jobs j LEFT JOIN leases l ON l.job=j.num WHERE j.id=?"),
            {job.text()}));
    if (!rows.next()) {
        OF_CHECK(rows.check());
        return fail(ErrorKind::NotFound, QStringLiteral("write job %1").arg(job.text()),
                    QStringLiteral("there is no such job"));
    }
    JobRow row{.num = rows.number(0),
               .revision = rows.number(1),
               .state = rows.text(2),
               .waitKind = rows.text(3),
               .wakeAt = rows.isNull(4) ? std::nullopt : std::optional(rows.number(4)),
               .wakeBoot = rows.text(5),
               .finishedMs = rows.number(6),
               .lease = {}};
    if (!rows.isNull(7))
        row.lease = LeaseRow{rows.text(7), rows.number(8), rows.number(9), rows.text(10)};
    return row;
}

/// Says what happened to the job since the revision that the caller saw.
Error SqliteJobStore::moved(const Step &step, const JobRow &row)
{
    QStringList news;
    if (auto rows = m_database->select(QStringLiteral("SELECT kind, stage FROM events WHERE job=? AND revision>? "
                                                      "ORDER BY seq DESC LIMIT 3"),
                                       {row.num, *step.ifRevision}))
        while (rows->next())
            news.prepend(QStringLiteral("%1 %2").arg(rows->text(0), rows->text(1)).trimmed());
    QString said = QStringLiteral("it has moved on from revision %1 to %2 and is %3 now")
                       .arg(*step.ifRevision)
                       .arg(row.revision)
                       .arg(row.state);
    if (!news.isEmpty())
        said += QStringLiteral("; since then: %1").arg(news.join(u", "));
    return {ErrorKind::Conflict, QStringLiteral("change job %1").arg(step.job.text()), said,
            QStringLiteral("look at it again")};
}

Result<void> SqliteJobStore::checkRights(const Step &step, const JobRow &row)
{
    const QString doing = QStringLiteral("write job %1").arg(step.job.text());
    if (step.lease) {
        const bool owns = step.lease->job == step.job && row.lease && row.lease->owner == step.lease->owner
                          && row.lease->epoch == step.lease->epoch;
        if (!owns)
            return fail(ErrorKind::Fenced, doing,
                        row.lease
                            ? QStringLiteral("%1 owns it since epoch %2").arg(row.lease->owner).arg(row.lease->epoch)
                            : QStringLiteral("the lease of epoch %1 was given back").arg(step.lease->epoch));
    }
    if (step.ifRevision && *step.ifRevision != row.revision)
        return std::unexpected(moved(step, row));
    // Progress is the owner's: without a lease it is written only while there is no owner.
    const bool unowned = step.onlyIfUnowned || (step.progress && !step.lease);
    if (unowned && row.lease && m_leases.isLive(*row.lease))
        return fail(ErrorKind::Conflict, doing, QStringLiteral("%1 runs it").arg(row.lease->owner));
    return {};
}

Result<void> SqliteJobStore::writeJob(const Step &step, const JobRow &row, qint64 now)
{
    const qint64 revision = row.revision + 1;
    if (!step.progress) {
        OF_CHECK(m_database->run(QStringLiteral("UPDATE jobs SET revision=?, updated_ms=? WHERE num=?"),
                                 {revision, now, row.num}));
    } else {
        const Progress &p = *step.progress;
        OF_CHECK(m_database->run(
            QStringLiteral(
                "UPDATE jobs SET revision=?, updated_ms=?, wait_what=?, wait_since_ms=?, stage_index=?, note=?, "
                "workspace=?, base_commit=?, good_commit=?, head_commit=?, author_rounds=?, answering=?, attempt_mark=?, "
                "gate_diff=?, gate_evidence=?, gate_contract=?, tried_tree=?, integrated=?, fresh_ms=?, gate_spec=?, documents=? "
                "WHERE num=?"),
            {revision,
             now,
             p.wait.what,
             p.wait.sinceMs,
             p.stageIndex,
             p.note,
             p.workspace,
             p.base,
             p.good,
             p.head,
             p.authorRounds,
             p.answering,
             p.attemptMark,
             p.gate.diff,
             p.gate.evidence,
             p.gate.contract,
             p.triedTree,
             p.integrated,
             p.freshMs,
             p.gate.spec,
             rows::documentsText(p),
             row.num}));
        // Writing an indexed column rewrites its indexes even where the value stays, so these only when they change.
        const QString state = toName(p.state);
        const QString waitKind = toName(p.wait.kind);
        if (state != row.state || waitKind != row.waitKind || p.wait.wakeAtBootMs != row.wakeAt
            || p.wait.bootId != row.wakeBoot) {
            const qint64 finished = !isEnded(p.state) ? 0 : row.finishedMs ? row.finishedMs : now;
            const auto written = m_database->run(
                QStringLiteral(
                    "UPDATE jobs SET state=?, wait_kind=?, wake_at=?, wake_boot=?, finished_ms=? WHERE num=?"),
                {state, waitKind, p.wait.wakeAtBootMs, p.wait.bootId, finished, row.num});
            if (!written && written.error().kind == ErrorKind::Conflict)
                return fail(ErrorKind::Conflict, QStringLiteral("write job %1").arg(step.job.text()),
                            QStringLiteral("another job of the repository has its slug and is not ended"),
                            QStringLiteral("end that job first"));
            OF_CHECK(written);
            if (p.state == JobState::Done && row.state != state)
                OF_CHECK(m_database->run(QStringLiteral("UPDATE jobs SET unmet=unmet-1 WHERE num IN "
                                                        "(SELECT job FROM job_dependencies WHERE depends_on=?)"),
                                         {row.num}));
        }
    }
    if (step.wishes)
        OF_CHECK(m_database->run(
            QStringLiteral(
                "UPDATE jobs SET priority=?, paused=?, pause_reason=?, cancel_asked=?, archived=?, taken=? WHERE num=?"),
            {toName(step.wishes->priority), step.wishes->paused, step.wishes->pauseReason, step.wishes->cancelAsked,
             step.wishes->archived, rows::takenText(*step.wishes), row.num}));
    return {};
}

Result<void> SqliteJobStore::writeDecisions(const Step &step, const JobRow &row)
{
    if (!step.voided && !step.consumed && !step.decision)
        return {};
    const auto close = [&](const QString &sql, const DecisionId &id, const QString &value) -> Result<void> {
        OF_TRY(changed, m_database->run(sql, {value, id.text(), row.num}));
        if (changed == 1)
            return {};
        OF_TRY(rows,
               m_database->select(QStringLiteral("SELECT consumed_by, void_reason FROM decisions WHERE id=? AND job=?"),
                                  {id.text(), row.num}));
        const QString doing = QStringLiteral("use decision %1").arg(id.text());
        if (!rows.next())
            return fail(ErrorKind::NotFound, doing, QStringLiteral("the job has no such decision"));
        if (!rows.text(0).isEmpty())
            return fail(ErrorKind::Conflict, doing, QStringLiteral("step %1 has used it").arg(rows.text(0)));
        return fail(ErrorKind::Conflict, doing, QStringLiteral("it is void: %1").arg(rows.text(1)));
    };
    if (step.voided && step.voided->second.isEmpty())
        return fail(ErrorKind::Internal, QStringLiteral("void a decision"), QStringLiteral("the reason is missing"));
    if (step.consumed && step.consumedBy.isEmpty())
        return fail(ErrorKind::Internal, QStringLiteral("use a decision"),
                    QStringLiteral("the step that uses it is missing"));
    if (step.voided)
        OF_CHECK(
            close(QStringLiteral(
                      "UPDATE decisions SET void_reason=? WHERE id=? AND job=? AND consumed_by='' AND void_reason=''"),
                  step.voided->first, step.voided->second));
    if (step.consumed)
        OF_CHECK(
            close(QStringLiteral(
                      "UPDATE decisions SET consumed_by=? WHERE id=? AND job=? AND consumed_by='' AND void_reason=''"),
                  *step.consumed, step.consumedBy));
    if (step.decision)
        OF_CHECK(rows::insert(*m_database, row.num, *step.decision));
    OF_CHECK(m_database->run(
        QStringLiteral("UPDATE jobs SET answered=EXISTS(SELECT 1 FROM decisions WHERE job=jobs.num AND consumed_by='' "
                       "AND void_reason='') WHERE num=?"),
        {row.num}));
    return {};
}

Result<void> SqliteJobStore::writeRecords(const Step &step, const JobRow &row, qint64 now)
{
    const auto upsertAll = [&](const auto &records) -> Result<void> {
        for (const auto &record : records)
            OF_CHECK(rows::upsert(*m_database, row.num, record));
        return {};
    };
    OF_CHECK(upsertAll(step.commands)); // before the attempt whose end takes them into the index
    OF_CHECK(upsertAll(step.attempts));
    OF_CHECK(upsertAll(step.artifacts));
    OF_CHECK(upsertAll(step.authorCalls));
    OF_CHECK(upsertAll(step.intents));
    if (step.pull)
        OF_CHECK(rows::writeJobPull(*m_database, row.num, *step.pull));
    for (const QString &name : step.clearedRisks)
        OF_CHECK(m_database->run(QStringLiteral("DELETE FROM risks WHERE job=? AND name=?"), {row.num, name}));
    OF_CHECK(upsertAll(step.risks));
    for (const EventRecord &event : step.events)
        OF_CHECK(rows::insert(*m_database, row.num, row.revision + 1, event, now));
    return {};
}

Result<qint64> SqliteJobStore::commit(const Step &step)
{
    // A person's act is refused on a full disk; they can make room and try again.
    return step.lease ? withReserve([&] { return write(step); }) : write(step);
}

Result<qint64> SqliteJobStore::write(const Step &step)
{
    OF_TRY(transaction, WriteTransaction::begin(*m_database));
    OF_TRY(row, jobRow(step.job));
    OF_CHECK(checkRights(step, row));
    const qint64 now = m_clock.wallMs();
    OF_CHECK(writeJob(step, row, now));
    OF_CHECK(writeDecisions(step, row));
    OF_CHECK(writeRecords(step, row, now));
    if (!step.audits.empty())
        OF_CHECK(m_chain.append(step.audits, now));
    if (step.releaseLease && step.lease)
        OF_CHECK(m_database->run(QStringLiteral("DELETE FROM leases WHERE job=?"), {row.num}));
    OF_CHECK(transaction.commit([&] {
        if (!step.audits.empty())
            m_chain.advanceAnchor();
    }));
    return row.revision + 1;
}

} // namespace openfactory
