// SPDX-License-Identifier: Apache-2.0
#include "core/store/rows.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace openfactory::rows {

namespace {

QByteArray jsonText(const QJsonObject &object)
{
    return object.isEmpty() ? QByteArrayLiteral("{}") : QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray jsonText(const QStringList &list)
{
    return list.isEmpty() ? QByteArrayLiteral("[]")
                          : QJsonDocument(QJsonArray::fromStringList(list)).toJson(QJsonDocument::Compact);
}

Result<void> insertDependencies(Database &database, qint64 num, const Job &job)
{
    const QString doing = QStringLiteral("create job %1").arg(job.identity.slug->text());
    int position = 0;
    int unmet = 0;
    // A job depends on stored jobs only, and no stored job can name one that comes later: no cycle can arise.
    for (const JobId &needed : job.identity.dependsOn) {
        qint64 neededNum = 0;
        {
            OF_TRY(found,
                   database.select(QStringLiteral("SELECT num, state='done' FROM jobs WHERE id=?"), {needed.text()}));
            if (needed == job.id() || !found.next())
                return fail(ErrorKind::Invalid, doing,
                            needed == job.id()
                                ? QStringLiteral("it cannot depend on itself")
                                : QStringLiteral("it depends on job %1, which does not exist").arg(needed.text()));
            neededNum = found.number(0);
            unmet += found.flag(1) ? 0 : 1;
        }
        auto added = database.run(
            QStringLiteral("INSERT INTO job_dependencies(job, position, depends_on) VALUES(?,?,?)"),
            {num, position++, neededNum});
        if (!added && added.error().kind == ErrorKind::Conflict)
            return fail(ErrorKind::Invalid, doing, QStringLiteral("it names job %1 twice").arg(needed.text()));
        OF_CHECK(added);
    }
    if (unmet > 0)
        OF_CHECK(database.run(QStringLiteral("UPDATE jobs SET unmet=? WHERE num=?"), {unmet, num}));
    return {};
}

} // namespace

QByteArray documentsText(const Progress &progress)
{
    return jsonText(toJson(progress.documents));
}

QString takenText(const Wishes &wishes)
{
    QStringList numbers;
    for (const int number : wishes.taken)
        numbers << QString::number(number);
    return numbers.join(u' ');
}

Result<void> insertJob(Database &database, const Job &job, qint64 nowMs)
{
    const JobIdentity &identity = job.identity;
    OF_CHECK(database.run(QStringLiteral("INSERT OR IGNORE INTO repositories(path) VALUES(?)"), {identity.repository}));
    OF_CHECK(database.run(
        QStringLiteral(
            "INSERT INTO jobs(id, repository, slug, title, branch, target, author, author_source, trace_id, created_ms, "
            "state, wait_kind, wait_what, wait_since_ms, wake_at, wake_boot, stage_index, note, workspace, base_commit, "
            "good_commit, head_commit, author_rounds, answering, attempt_mark, gate_diff, gate_evidence, gate_contract, "
            "tried_tree, integrated, fresh_ms, gate_spec, documents, review_spec, priority, paused, pause_reason, "
            "cancel_asked, archived, taken, revision, updated_ms) VALUES(?,(SELECT num FROM repositories WHERE path=?),"
            "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,?)"),
        {identity.id.text(),
         identity.repository,
         identity.slug->text(),
         identity.title,
         identity.branch,
         identity.target,
         toName(identity.author),
         identity.authorSource,
         identity.traceId,
         identity.createdMs,
         toName(job.progress.state),
         toName(job.progress.wait.kind),
         job.progress.wait.what,
         job.progress.wait.sinceMs,
         job.progress.wait.wakeAtBootMs,
         job.progress.wait.bootId,
         job.progress.stageIndex,
         job.progress.note,
         job.progress.workspace,
         job.progress.base,
         job.progress.good,
         job.progress.head,
         job.progress.authorRounds,
         job.progress.answering,
         job.progress.attemptMark,
         job.progress.gate.diff,
         job.progress.gate.evidence,
         job.progress.gate.contract,
         job.progress.triedTree,
         job.progress.integrated,
         job.progress.freshMs,
         job.progress.gate.spec,
         documentsText(job.progress),
         identity.reviewSpec,
         toName(job.wishes.priority),
         job.wishes.paused,
         job.wishes.pauseReason,
         job.wishes.cancelAsked,
         job.wishes.archived,
         takenText(job.wishes),
         nowMs}));
    OF_TRY(num, database.number(QStringLiteral("SELECT num FROM jobs WHERE id=?"), {identity.id.text()}));
    OF_CHECK(database.run(
        QStringLiteral("INSERT INTO job_texts(job, task, pipeline, contract, contract_file) VALUES(?,?,?,?,?)"),
        {*num, identity.task, identity.pipelineYaml, identity.contractYaml, identity.contractFile}));
    OF_CHECK(insertDependencies(database, *num, job));
    EventRecord created;
    created.kind = QStringLiteral("state");
    created.detail = {{QStringLiteral("state"), toName(job.progress.state)}};
    return insert(database, num, 1, created, nowMs);
}

Result<void> upsert(Database &database, qint64 job, const AttemptRecord &attempt)
{
    std::optional<QString> ref, commit, message;
    std::optional<QByteArray> verdict;
    if (attempt.reverted) {
        ref = attempt.reverted->ref;
        commit = attempt.reverted->commit;
        message = attempt.reverted->message;
    }
    if (attempt.verdict)
        verdict = jsonText(toJson(*attempt.verdict));
    OF_CHECK(database.run(
        QStringLiteral(
            "INSERT INTO attempts(job, stage, number, state, started_ms, ended_ms, before_commit, start_commit, after_commit, tree, "
            "reverted_ref, reverted_commit, reverted_text, fingerprint, note, verdict, inputs, any_job, ticket) "
            "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(job, stage, number) DO UPDATE SET state=excluded.state, "
            "started_ms=excluded.started_ms, ended_ms=excluded.ended_ms, before_commit=excluded.before_commit, "
            "start_commit=excluded.start_commit, after_commit=excluded.after_commit, tree=excluded.tree, reverted_ref=excluded.reverted_ref, "
            "reverted_commit=excluded.reverted_commit, reverted_text=excluded.reverted_text, "
            "fingerprint=excluded.fingerprint, note=excluded.note, verdict=excluded.verdict, inputs=excluded.inputs, "
            "any_job=excluded.any_job, ticket=excluded.ticket"),
        {job, attempt.stage, attempt.number, toName(attempt.state), attempt.startedMs, attempt.endedMs, attempt.before,
         attempt.start, attempt.after, attempt.tree, ref, commit, message, attempt.fingerprint, attempt.note, verdict,
         attempt.inputs, attempt.anyJob, attempt.ticket}));
    return {};
}

Result<void> upsert(Database &database, qint64 job, const CommandRecord &command)
{
    OF_CHECK(database.run(
        QStringLiteral(
            "INSERT INTO commands(job, stage, attempt, seq, argv, folder, layers, finished, started_ms, duration_ms, "
            "exit_code, signal, ending, cpu_ms, peak_memory_kb, output_bytes, log_path) "
            "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(job, stage, attempt, seq) DO UPDATE SET "
            "argv=excluded.argv, folder=excluded.folder, layers=excluded.layers, finished=excluded.finished, "
            "started_ms=excluded.started_ms, duration_ms=excluded.duration_ms, exit_code=excluded.exit_code, "
            "signal=excluded.signal, ending=excluded.ending, cpu_ms=excluded.cpu_ms, "
            "peak_memory_kb=excluded.peak_memory_kb, output_bytes=excluded.output_bytes, log_path=excluded.log_path"),
        {job, command.stage, command.attempt, command.seq, jsonText(command.argv), command.folder,
         jsonText(command.layers), command.finished, command.startedMs, command.durationMs, command.exitCode,
         command.signal, command.ending, command.cpuMs, command.peakMemoryKb, command.outputBytes, command.logPath}));
    return {};
}

Result<void> upsert(Database &database, qint64 job, const ArtifactRecord &artifact)
{
    OF_CHECK(database.run(
        QStringLiteral(
            "INSERT INTO artifacts(job, stage, attempt, name, path, size, sha256, created_ms) VALUES(?,?,?,?,?,?,?,?) "
            "ON CONFLICT(job, stage, attempt, name) DO UPDATE SET path=excluded.path, size=excluded.size, "
            "sha256=excluded.sha256, created_ms=excluded.created_ms"),
        {job, artifact.stage, artifact.attempt, artifact.name, artifact.path, artifact.size, artifact.sha256,
         artifact.createdMs}));
    return {};
}

Result<void> upsert(Database &database, qint64 job, const AuthorCallRecord &call)
{
    const auto temperature = call.temperature.transform([](double value) { return QString::number(value, 'g', 6); });
    OF_CHECK(database.run(
        QStringLiteral(
            "INSERT INTO author_calls(job, number, stage, round, purpose, name, base_url, model, temperature, max_tokens, "
            "finished, ending, note, tries, started_ms, latency_ms, input_tokens, output_tokens, reckoned_tokens, cost, "
            "reckoned_cost, currency, prompt, answer) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) "
            "ON CONFLICT(job, number) DO UPDATE SET finished=excluded.finished, ending=excluded.ending, "
            "note=excluded.note, tries=excluded.tries, latency_ms=excluded.latency_ms, "
            "model=excluded.model, temperature=excluded.temperature, input_tokens=excluded.input_tokens, "
            "output_tokens=excluded.output_tokens, reckoned_tokens=excluded.reckoned_tokens, cost=excluded.cost, "
            "reckoned_cost=excluded.reckoned_cost, "
            "answer=CASE WHEN excluded.answer='' THEN author_calls.answer ELSE excluded.answer END"),
        {job,
         call.number,
         call.stage,
         call.round,
         call.purpose,
         call.name,
         call.baseUrl,
         call.model,
         temperature,
         call.maxTokens,
         call.finished,
         call.ending,
         call.note,
         call.tries,
         call.startedMs,
         call.latencyMs,
         call.inputTokens,
         call.outputTokens,
         call.reckonedTokens,
         call.cost,
         call.reckonedCost,
         call.currency,
         call.prompt,
         call.answer}));
    return {};
}

Result<void> upsert(Database &database, qint64 job, const IntentRecord &intent)
{
    OF_TRY(
        written,
        database.run(
            QStringLiteral(
                "INSERT INTO intents(key, job, kind, stage, attempt, payload, state, result, created_ms) "
                "VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(key) DO UPDATE SET payload=excluded.payload, state=excluded.state, "
                "result=excluded.result WHERE job=excluded.job"),
            {intent.key, job, intent.kind, intent.stage, intent.attempt, jsonText(intent.payload), toName(intent.state),
             jsonText(intent.result), intent.createdMs}));
    if (written == 0)
        return fail(ErrorKind::Internal, QStringLiteral("write intent %1").arg(intent.key),
                    QStringLiteral("the key belongs to another job"));
    return {};
}

Result<void> upsert(Database &database, qint64 job, const Risk &risk)
{
    OF_CHECK(database.run(
        QStringLiteral(
            "INSERT INTO risks(job, name, stage, attempt, text, accepted_by, comment, accepted_ms) VALUES(?,?,?,?,?,?,?,?) "
            "ON CONFLICT(job, name) DO UPDATE SET stage=excluded.stage, attempt=excluded.attempt, text=excluded.text, "
            "accepted_by=excluded.accepted_by, comment=excluded.comment, accepted_ms=excluded.accepted_ms"),
        {job, risk.name, risk.stage, risk.attempt, risk.text, risk.acceptedBy, risk.comment, risk.acceptedMs}));
    return {};
}

Result<void> insert(Database &database, qint64 job, const Decision &decision)
{
    auto added = database.run(
        QStringLiteral(
            "INSERT INTO decisions(id, job, gate, kind, actor, comment, strategy, accepted_risks, binding_diff, "
            "binding_evidence, binding_contract, binding_spec, made_ms, void_reason, consumed_by) "
            "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
        {decision.id.text(), job, decision.gate, toName(decision.kind), decision.actor, decision.comment,
         toName(decision.strategy), jsonText(decision.acceptedRisks), decision.binding.diff, decision.binding.evidence,
         decision.binding.contract, decision.binding.spec, decision.madeMs, decision.voidReason, decision.consumedBy});
    if (!added && added.error().kind == ErrorKind::Conflict)
        return fail(ErrorKind::Conflict, QStringLiteral("decide at %1").arg(decision.gate),
                    QStringLiteral("there is a decision at this gate already, and it has not been used yet"));
    OF_CHECK(added);
    return {};
}

Result<void> insert(Database &database, std::optional<qint64> job, qint64 revision, const EventRecord &event,
                    qint64 nowMs)
{
    OF_CHECK(database.run(
        QStringLiteral("INSERT INTO events(job, revision, kind, stage, attempt, detail, at_ms) VALUES(?,?,?,?,?,?,?)"),
        {job, revision, event.kind, event.stage, event.attempt, jsonText(event.detail),
         event.atMs ? event.atMs : nowMs}));
    return {};
}

} // namespace openfactory::rows
