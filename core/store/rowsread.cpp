// SPDX-License-Identifier: Apache-2.0
#include "core/domain/searchterms.h"
#include "core/store/rows.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <map>

namespace openfactory::rows {

namespace {

/// The number of a job, or 0: no row has it.
const QString kNumOf = QStringLiteral("(SELECT num FROM jobs WHERE id=?)");

std::unexpected<Error> damaged(const QString &what, const QString &value)
{
    return fail(ErrorKind::Corrupt, QStringLiteral("read the store"),
                QStringLiteral("%1 \"%2\" is not known").arg(what, value.left(80)));
}

QJsonObject objectFrom(const QByteArray &text)
{
    return text == "{}" ? QJsonObject() : QJsonDocument::fromJson(text).object();
}

QStringList listFrom(const QByteArray &text)
{
    QStringList list;
    if (text != "[]") {
        const QJsonArray array = QJsonDocument::fromJson(text).array();
        for (const QJsonValue &item : array)
            list << item.toString();
    }
    return list;
}

/// Reads the name of an enum's value, or returns a Corrupt error from the current function.
#define NAMED(var, reader, column)                                                                                     \
    const auto var = reader(rows.text(column));                                                                        \
    if (!var)                                                                                                          \
    return damaged(QStringLiteral(#var), rows.text(column))

template<class Record, class Read>
Result<std::vector<Record>> all(Database &database, const QString &sql, SqlValues values, const Read &read)
{
    std::vector<Record> records;
    OF_TRY(rows, database.select(sql, values));
    while (rows.next()) {
        Result<Record> record = read(rows);
        if (!record)
            return std::unexpected(record.error());
        records.push_back(std::move(*record));
    }
    OF_CHECK(rows.check());
    return records;
}

const QString kJobColumns = QStringLiteral(
    "SELECT j.id, j.slug, j.title, t.task, r.path, j.branch, j.target, t.pipeline, t.contract, j.author, j.author_source, "
    "j.trace_id, j.created_ms, j.state, j.wait_kind, j.wait_what, j.wait_since_ms, j.wake_at, j.wake_boot, j.stage_index, j.note, "
    "j.workspace, j.base_commit, j.good_commit, j.head_commit, j.author_rounds, j.tried_tree, j.integrated, j.priority, j.paused, "
    "j.pause_reason, j.cancel_asked, j.archived, j.revision, j.updated_ms, j.finished_ms, j.answering, j.attempt_mark, j.gate_diff, "
    "j.gate_evidence, j.gate_contract, "
    "(SELECT group_concat(id, ' ') FROM (SELECT n.id AS id FROM job_dependencies d JOIN jobs n ON n.num=d.depends_on "
    "WHERE d.job=j.num ORDER BY d.position)), t.contract_file, j.fresh_ms, j.gate_spec, j.documents, j.review_spec, j.taken ");

Result<Job> jobFrom(const Rows &rows)
{
    OF_TRY(id, JobId::parse(rows.text(0)));
    OF_TRY(slug, Slug::parse(rows.text(1)));
    NAMED(author, authorKindFrom, 9);
    NAMED(state, jobStateFrom, 13);
    NAMED(waitKind, waitKindFrom, 14);
    NAMED(priority, priorityFrom, 28);
    Job job;
    job.identity = {.id = id,
                    .slug = slug,
                    .title = rows.text(2),
                    .task = rows.text(3),
                    .repository = rows.text(4),
                    .branch = rows.text(5),
                    .target = rows.text(6),
                    .pipelineYaml = rows.text(7),
                    .contractYaml = rows.text(8),
                    .contractFile = rows.text(42),
                    .author = *author,
                    .authorSource = rows.text(10),
                    .traceId = rows.text(11),
                    .createdMs = rows.number(12),
                    .dependsOn = {},
                    .reviewSpec = rows.flag(46)};
    if (!rows.isNull(41)) {
        const QStringList needed = rows.text(41).split(u' ');
        for (const QString &text : needed) {
            OF_TRY(other, JobId::parse(text));
            job.identity.dependsOn.push_back(other);
        }
    }
    job.progress = {.state = *state,
                    .wait = {.kind = *waitKind,
                             .what = rows.text(15),
                             .sinceMs = rows.number(16),
                             .wakeAtBootMs = rows.isNull(17) ? std::nullopt : std::optional(rows.number(17)),
                             .bootId = rows.text(18)},
                    .stageIndex = rows.small(19),
                    .note = rows.text(20),
                    .workspace = rows.text(21),
                    .base = rows.text(22),
                    .good = rows.text(23),
                    .head = rows.text(24),
                    .authorRounds = rows.small(25),
                    .answering = rows.text(36),
                    .attemptMark = rows.small(37),
                    .freshMs = rows.number(43),
                    .gate = {rows.text(38), rows.text(39), rows.text(40), rows.text(44)},
                    .triedTree = rows.text(26),
                    .integrated = rows.text(27),
                    .documents = documentsFrom(objectFrom(rows.bytes(45)))};
    job.wishes = {.priority = *priority,
                  .paused = rows.flag(29),
                  .pauseReason = rows.text(30),
                  .cancelAsked = rows.flag(31),
                  .archived = rows.flag(32),
                  .taken = {}};
    const QByteArray taken = rows.bytes(47);
    for (const QByteArray &number : taken.split(' ')) {
        if (!number.isEmpty())
            job.wishes.taken.push_back(number.toInt());
    }
    job.revision = rows.number(33);
    job.updatedMs = rows.number(34);
    job.finishedMs = rows.number(35);
    return job;
}

/// What decides the coarse status of a job: its state, and whether it waits for approval.
struct Standing {
    JobState state;
    bool atGate;
};

/// The standings that the filter's state and status allow, the latter asked of the domain's own rule.
std::vector<Standing> standingsOf(const JobFilter &filter)
{
    std::vector<Standing> standings;
    for (int s = int(JobState::Created); s <= int(JobState::RolledBack); ++s) {
        for (const bool atGate : {false, true}) {
            Job job;
            job.progress.state = JobState(s);
            job.progress.wait.kind = atGate ? WaitKind::Approval : WaitKind::None;
            if ((!filter.state || *filter.state == JobState(s))
                && (!filter.status || coarseStatus(job) == *filter.status))
                standings.push_back({JobState(s), atGate});
        }
    }
    return standings;
}

/// One page, from the newest down, of jobs that all stand behind one another in an index: the conditions are its
/// columns.
QString partOf(const QString &index, const QString &conditions, bool before)
{
    return u"SELECT * FROM (SELECT num, id FROM jobs INDEXED BY " + index + u" WHERE archived=?" + conditions
           + (before ? u" AND id<?" : u"") + u" ORDER BY id DESC LIMIT ?)";
}

} // namespace

Result<std::vector<Job>> jobs(Database &database, const JobFilter &filter)
{
    std::vector<SqlValue> values;
    QStringList parts;
    const auto finish = [&] {
        if (filter.before)
            values.push_back(filter.before->text());
        values.push_back(filter.limit);
    };
    const bool inRepository = !filter.repository.isEmpty();
    if (!filter.state && !filter.status && !filter.priority && !inRepository) {
        values.push_back(filter.archived);
        parts << partOf(QStringLiteral("jobs_all"), {}, filter.before.has_value());
        finish();
    } else {
        std::vector<Priority> priorities{Priority::P0, Priority::P1, Priority::P2, Priority::P3};
        if (filter.priority)
            priorities.assign(1, *filter.priority);
        const QString part = partOf(
            inRepository ? QStringLiteral("jobs_by_repository") : QStringLiteral("jobs_by_state"),
            (inRepository ? QStringLiteral(" AND repository=(SELECT num FROM repositories WHERE path=?)") : QString())
                + u" AND state=? AND (wait_kind = 'approval')=? AND priority=?",
            filter.before.has_value());
        for (const Standing &standing : standingsOf(filter)) {
            for (const Priority priority : priorities) {
                values.push_back(filter.archived);
                if (inRepository)
                    values.push_back(filter.repository);
                values.push_back(toName(standing.state));
                values.push_back(standing.atGate);
                values.push_back(toName(priority));
                finish();
                parts << part;
            }
        }
    }
    if (parts.isEmpty())
        return std::vector<Job>();
    values.push_back(filter.limit);
    return all<Job>(
        database,
        kJobColumns + u"FROM (SELECT num AS n FROM (" + parts.join(u" UNION ALL ")
            + u") ORDER BY id DESC LIMIT ?) JOIN jobs j ON j.num=n JOIN repositories r ON r.num=j.repository "
              u"JOIN job_texts t ON t.job=j.num ORDER BY j.id DESC",
        values, jobFrom);
}

Result<std::vector<Job>> jobsWhere(Database &database, const QString &condition, SqlValues values)
{
    return all<Job>(
        database,
        kJobColumns + u"FROM jobs j JOIN repositories r ON r.num=j.repository JOIN job_texts t ON t.job=j.num WHERE "
            + condition,
        values, jobFrom);
}

Result<std::vector<Job>> search(Database &database, const QString &typed, int most)
{
    const QStringList terms = searchTerms(typed);
    if (terms.isEmpty())
        return std::vector<Job>();
    // Walked from the newest hit on, until there are enough.
    return jobsWhere(
        database,
        QStringLiteral("j.num IN (SELECT n FROM (SELECT DISTINCT rowid>>22 AS n FROM search WHERE search MATCH ? "
                       "ORDER BY rowid DESC LIMIT ?)) ORDER BY j.id DESC"),
        {terms.join(u' '), most});
}

Result<std::vector<AttemptRecord>> attempts(Database &database, const JobId &job)
{
    return all<AttemptRecord>(
        database,
        QStringLiteral(
            "SELECT stage, number, state, started_ms, ended_ms, before_commit, after_commit, tree, reverted_ref, "
            "reverted_commit, reverted_text, fingerprint, note, verdict, start_commit, inputs, any_job, ticket FROM attempts "
            "WHERE job=")
            + kNumOf + u" ORDER BY num",
        {job.text()}, [](const Rows &rows) -> Result<AttemptRecord> {
            NAMED(state, attemptStateFrom, 2);
            AttemptRecord record{.stage = rows.text(0),
                                 .number = rows.small(1),
                                 .state = *state,
                                 .startedMs = rows.number(3),
                                 .endedMs = rows.number(4),
                                 .before = rows.text(5),
                                 .start = rows.text(14),
                                 .after = rows.text(6),
                                 .tree = rows.text(7),
                                 .reverted = {},
                                 .fingerprint = rows.text(11),
                                 .note = rows.text(12),
                                 .verdict = {},
                                 .inputs = rows.text(15),
                                 .anyJob = rows.flag(16),
                                 .ticket = rows.small(17)};
            if (!rows.isNull(8))
                record.reverted = SnapshotRef{rows.text(8), rows.text(9), rows.text(10)};
            if (!rows.isNull(13)) {
                OF_TRY(verdict, verdictFromJson(objectFrom(rows.bytes(13))));
                record.verdict = std::move(verdict);
            }
            return record;
        });
}

Result<std::optional<RecordedPass>> recordedPass(Database &database, const Job &job, const QString &inputs,
                                                 qint64 fromMs, qint64 toMs)
{
    OF_TRY(rows,
           database.select(
               QStringLiteral(
                   "SELECT j.id, j.slug, a.stage, a.number, a.verdict FROM (SELECT * FROM attempts a "
                   "WHERE inputs=?1 AND inputs<>'' AND state IN ('passed', 'soft_failed', 'failed', 'reverted') AND "
                   "(job=(SELECT num FROM jobs WHERE id=?2) OR (any_job=1 AND (SELECT repository FROM jobs WHERE "
                   "num=a.job)=(SELECT repository FROM jobs WHERE id=?2))) ORDER BY num DESC LIMIT 1) a "
                   "JOIN jobs j ON j.num=a.job WHERE a.state='passed' AND a.ended_ms BETWEEN ?3 AND ?4 AND NOT EXISTS "
                   "(SELECT 1 FROM attempts f WHERE f.job=a.job AND f.num>a.num AND f.tree=a.tree AND "
                   "f.state IN ('failed', 'reverted'))"),
               {inputs, job.id().text(), fromMs, toMs}));
    if (!rows.next()) {
        OF_CHECK(rows.check());
        return std::optional<RecordedPass>();
    }
    OF_TRY(verdict, verdictFromJson(objectFrom(rows.bytes(4))));
    const QString slug = rows.text(0) == job.id().text() ? QString() : rows.text(1);
    return RecordedPass{{rows.text(0), slug, rows.text(2), rows.small(3)}, std::move(verdict)};
}

Result<std::vector<CommandRecord>> commands(Database &database, const JobId &job)
{
    // In the order in which their attempts began, which no clock decides.
    return all<CommandRecord>(
        database,
        QStringLiteral(
            "SELECT c.stage, c.attempt, c.seq, c.argv, c.folder, c.layers, c.finished, c.started_ms, c.duration_ms, "
            "c.exit_code, c.signal, c.ending, c.cpu_ms, c.peak_memory_kb, c.output_bytes, c.log_path FROM commands c "
            "LEFT JOIN attempts a ON a.job=c.job AND a.stage=c.stage AND a.number=c.attempt WHERE c.job=")
            + kNumOf + u" ORDER BY a.num, c.stage, c.attempt, c.seq",
        {job.text()}, [](const Rows &rows) -> Result<CommandRecord> {
            return CommandRecord{.stage = rows.text(0),
                                 .attempt = rows.small(1),
                                 .seq = rows.small(2),
                                 .argv = listFrom(rows.bytes(3)),
                                 .folder = rows.text(4),
                                 .layers = listFrom(rows.bytes(5)),
                                 .finished = rows.flag(6),
                                 .startedMs = rows.number(7),
                                 .durationMs = rows.number(8),
                                 .exitCode = rows.isNull(9) ? std::nullopt : std::optional(rows.small(9)),
                                 .signal = rows.small(10),
                                 .ending = rows.text(11),
                                 .cpuMs = rows.number(12),
                                 .peakMemoryKb = rows.number(13),
                                 .outputBytes = rows.number(14),
                                 .logPath = rows.text(15)};
        });
}

Result<std::vector<ArtifactRecord>> artifacts(Database &database, const JobId &job)
{
    return all<ArtifactRecord>(
        database,
        QStringLiteral("SELECT name, stage, attempt, path, size, sha256, created_ms FROM artifacts WHERE job=") + kNumOf
            + u" ORDER BY num",
        {job.text()}, [](const Rows &rows) -> Result<ArtifactRecord> {
            return ArtifactRecord{rows.text(0),   rows.text(1), rows.small(2), rows.text(3),
                                  rows.number(4), rows.text(5), rows.number(6)};
        });
}

Result<std::vector<AuthorCallRecord>> authorCalls(Database &database, const JobId &job)
{
    return all<AuthorCallRecord>(
        database,
        QStringLiteral(
            "SELECT number, stage, round, purpose, name, base_url, model, temperature, max_tokens, finished, "
            "ending, note, tries, started_ms, latency_ms, input_tokens, output_tokens, reckoned_tokens, "
            "cost, reckoned_cost, currency, prompt, answer FROM author_calls WHERE job=")
            + kNumOf + u" ORDER BY number",
        {job.text()}, [](const Rows &rows) -> Result<AuthorCallRecord> {
            const auto number = [&](int column) {
                return rows.isNull(column) ? std::nullopt : std::optional(rows.number(column));
            };
            return AuthorCallRecord{.number = rows.small(0),
                                    .stage = rows.text(1),
                                    .round = rows.small(2),
                                    .purpose = rows.text(3),
                                    .name = rows.text(4),
                                    .baseUrl = rows.text(5),
                                    .model = rows.text(6),
                                    .temperature = rows.isNull(7) ? std::nullopt
                                                                  : std::optional(rows.text(7).toDouble()),
                                    .maxTokens = rows.number(8),
                                    .finished = rows.flag(9),
                                    .ending = rows.text(10),
                                    .note = rows.text(11),
                                    .tries = rows.small(12),
                                    .startedMs = rows.number(13),
                                    .latencyMs = rows.number(14),
                                    .inputTokens = number(15),
                                    .outputTokens = number(16),
                                    .reckonedTokens = rows.number(17),
                                    .cost = number(18),
                                    .reckonedCost = number(19),
                                    .currency = rows.text(20),
                                    .prompt = rows.text(21),
                                    .answer = rows.text(22)};
        });
}

Result<std::vector<Risk>> risks(Database &database, const JobId &job)
{
    return all<Risk>(
        database,
        QStringLiteral("SELECT name, stage, attempt, text, accepted_by, comment, accepted_ms FROM risks WHERE job=")
            + kNumOf + u" ORDER BY num",
        {job.text()}, [](const Rows &rows) -> Result<Risk> {
            return Risk{rows.text(0), rows.text(1), rows.small(2), rows.text(3),
                        rows.text(4), rows.text(5), rows.number(6)};
        });
}

Result<std::vector<Decision>> decisions(Database &database, const JobId &job)
{
    return all<Decision>(
        database,
        QStringLiteral(
            "SELECT id, gate, kind, actor, comment, strategy, accepted_risks, binding_diff, binding_evidence, "
            "binding_contract, made_ms, void_reason, consumed_by, binding_spec FROM decisions WHERE job=")
            + kNumOf + u" ORDER BY num",
        {job.text()}, [](const Rows &rows) -> Result<Decision> {
            OF_TRY(id, DecisionId::parse(rows.text(0)));
            NAMED(kind, decisionKindFrom, 2);
            NAMED(strategy, strategyFrom, 5);
            return Decision{.id = id,
                            .gate = rows.text(1),
                            .kind = *kind,
                            .actor = rows.text(3),
                            .comment = rows.text(4),
                            .strategy = *strategy,
                            .acceptedRisks = listFrom(rows.bytes(6)),
                            .binding = {rows.text(7), rows.text(8), rows.text(9), rows.text(13)},
                            .madeMs = rows.number(10),
                            .voidReason = rows.text(11),
                            .consumedBy = rows.text(12)};
        });
}

Result<std::vector<IntentRecord>> openIntents(Database &database, const JobId &job)
{
    return all<IntentRecord>(
        database,
        QStringLiteral("SELECT key, kind, stage, attempt, payload, state, result, created_ms FROM intents "
                       "WHERE state='open' AND job=")
            + kNumOf + u" ORDER BY num",
        {job.text()}, [](const Rows &rows) -> Result<IntentRecord> {
            NAMED(state, intentStateFrom, 5);
            return IntentRecord{.key = rows.text(0),
                                .kind = rows.text(1),
                                .stage = rows.text(2),
                                .attempt = rows.small(3),
                                .payload = objectFrom(rows.bytes(4)),
                                .state = *state,
                                .result = objectFrom(rows.bytes(6)),
                                .createdMs = rows.number(7)};
        });
}

Result<std::vector<EventRecord>> eventsAfter(Database &database, qint64 seq, const JobId &job, int most)
{
    const QString select = QStringLiteral(
        "SELECT e.seq, j.id, e.kind, e.stage, e.attempt, e.detail, e.at_ms FROM events e "
        "LEFT JOIN jobs j ON j.num=e.job WHERE e.seq>? ");
    const auto read = [](const Rows &rows) -> Result<EventRecord> {
        EventRecord record{.seq = rows.number(0),
                           .job = {},
                           .kind = rows.text(2),
                           .stage = rows.text(3),
                           .attempt = rows.small(4),
                           .detail = objectFrom(rows.bytes(5)),
                           .atMs = rows.number(6)};
        if (!rows.isNull(1)) {
            OF_TRY(id, JobId::parse(rows.text(1)));
            record.job = id;
        }
        return record;
    };
    if (job.isNull())
        return all<EventRecord>(database, select + u"ORDER BY e.seq LIMIT ?", {seq, most}, read);
    return all<EventRecord>(database, select + u"AND e.job=" + kNumOf + u" ORDER BY e.seq LIMIT ?",
                            {seq, job.text(), most}, read);
}

#undef NAMED

} // namespace openfactory::rows
