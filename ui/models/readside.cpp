// SPDX-License-Identifier: Apache-2.0
#include "ui/models/readside.h"

#include "core/engine/mirror.h"
#include "ui/models/words.h"

#include <QAtomicInt>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

#include <algorithm>

namespace openfactory::ui {

namespace {

constexpr int kNewsPage = 2000;
constexpr int kFiguresJobs = 500; ///< how many of the newest jobs the ratios look at

Error sqlError(const QString &doing, const QSqlError &error)
{
    return {ErrorKind::Io, doing, error.text().trimmed(), QStringLiteral("look at the disk and the data directory")};
}

QString marksOf(size_t count)
{
    QStringList marks;
    for (size_t i = 0; i < count; ++i)
        marks << QStringLiteral("?");
    return marks.join(u',');
}

QVariantList variants(const std::vector<qint64> &nums)
{
    QVariantList values;
    for (const qint64 num : nums)
        values << num;
    return values;
}

std::optional<Check> requiredIn(const std::vector<Check> &checks)
{
    const auto required = std::ranges::find_last(checks, requiredCheckName(), &Check::name);
    return required.empty() ? std::nullopt : std::optional(required.front());
}

/// What it cost, or else how many tokens it took: a cost without a price is not known.
QString spentText(const AuthorSpending &spent)
{
    return spent.priced ? costText(spent.cost, spent.currency) : tokensText(spent.tokens);
}

Happening happening(const QSqlQuery &query)
{
    return {query.value(0).toLongLong(), query.value(1).toLongLong(), query.value(2).toString(),
            query.value(3).toString(),   query.value(4).toString(),   query.value(5).toString(),
            query.value(6).toInt(),      query.value(7).toString()};
}

} // namespace

ReadSide::ReadSide(std::unique_ptr<JobStore> store, QString connection)
    : m_store(std::move(store)),
      m_connection(std::move(connection))
{}

ReadSide::~ReadSide()
{
    QSqlDatabase::database(m_connection, false).close();
    QSqlDatabase::removeDatabase(m_connection);
}

Result<std::unique_ptr<ReadSide>> ReadSide::open(const QString &dataFolder, std::unique_ptr<JobStore> store)
{
    static QAtomicInt counter;
    const QString name = QStringLiteral("console-%1").arg(counter.fetchAndAddRelaxed(1));
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
    database.setDatabaseName(dataFolder + QStringLiteral("/openfactory.db"));
    database.setConnectOptions(QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=2000"));
    std::unique_ptr<ReadSide> side(new ReadSide(std::move(store), name));
    const QString doing = QStringLiteral("read the store in %1").arg(dataFolder);
    if (!database.open())
        return std::unexpected(sqlError(doing, database.lastError()));
    for (const char *pragma : {"PRAGMA query_only=ON", "PRAGMA cache_size=-8000", "PRAGMA mmap_size=0"}) {
        QSqlQuery query(database);
        if (!query.exec(QLatin1String(pragma)))
            return std::unexpected(sqlError(doing, query.lastError()));
    }
    side->m_file = StoreFile(dataFolder);
    side->m_folder = dataFolder;
    return side;
}

Result<void> ReadSide::each(const QString &sql, const QVariantList &values,
                            const std::function<void(const QSqlQuery &)> &row)
{
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    query.setForwardOnly(true);
    const QString doing = QStringLiteral("read the store");
    if (!query.prepare(sql))
        return std::unexpected(sqlError(doing, query.lastError()));
    for (const QVariant &value : values)
        query.addBindValue(value);
    if (!query.exec())
        return std::unexpected(sqlError(doing, query.lastError()));
    while (query.next())
        row(query);
    if (query.lastError().isValid())
        return std::unexpected(sqlError(doing, query.lastError()));
    return {};
}

const Pipeline &ReadSide::pipeline(const QByteArray &yaml)
{
    const auto known = m_pipelines.constFind(yaml);
    if (known != m_pipelines.cend())
        return *known;
    if (m_pipelines.size() > 200)
        m_pipelines.clear();
    return *m_pipelines.insert(yaml, loadPipeline(yaml, QStringLiteral("the job's pipeline")).value_or(Pipeline{}));
}

Result<std::vector<qint64>> ReadSide::order(const JobQuery &query, int most)
{
    std::vector<qint64> nums;
    QString sql = u"SELECT j.num FROM jobs j WHERE " + query.where + u" ORDER BY " + query.orderBy();
    QVariantList values = query.values;
    if (most > 0) {
        sql += QStringLiteral(" LIMIT ?");
        values << most;
    }
    OF_CHECK(each(sql, values, [&](const QSqlQuery &row) { nums.push_back(row.value(0).toLongLong()); }));
    return nums;
}

Result<qint64> ReadSide::count(const JobQuery &query)
{
    qint64 count = 0;
    OF_CHECK(each(u"SELECT count(*) FROM jobs j WHERE " + query.where, query.values,
                  [&](const QSqlQuery &row) { count = row.value(0).toLongLong(); }));
    return count;
}

Result<std::vector<JobRow>> ReadSide::rows(const std::vector<qint64> &nums)
{
    std::vector<JobRow> rows;
    if (nums.empty())
        return rows;
    QHash<qint64, std::vector<AttemptGlance>> glances;
    QHash<qint64, double> coverage;
    QHash<qint64, std::pair<int, int>> changed;
    QHash<qint64, std::pair<int, int>> risks;
    const QString in = u'(' + marksOf(nums.size()) + u')';
    const QVariantList values = variants(nums);
    OF_CHECK(each(u"SELECT job, stage, number, state, started_ms, ended_ms, json_extract(verdict,'$.summary'), "
                  u"json_extract(verdict,'$.coveragePercent'), json_extract(verdict,'$.facts.lines_added'), "
                  u"json_extract(verdict,'$.facts.lines_removed'), note FROM attempts WHERE job IN "
                      + in + u" ORDER BY num",
                  values, [&](const QSqlQuery &row) {
                      const qint64 job = row.value(0).toLongLong();
                      AttemptGlance glance{
                          row.value(1).toString(),
                          row.value(2).toInt(),
                          attemptStateFrom(row.value(3).toString()).value_or(AttemptState::Interrupted),
                          row.value(4).toLongLong(),
                          row.value(5).toLongLong(),
                          row.value(6).isNull() ? row.value(10).toString() : row.value(6).toString()};
                      glances[job].push_back(std::move(glance));
                      if (!row.value(7).isNull())
                          coverage[job] = row.value(7).toDouble();
                      if (!row.value(8).isNull())
                          changed[job] = {row.value(8).toInt(), row.value(9).toInt()};
                  }));
    OF_CHECK(
        each(u"SELECT job, sum(accepted_by=''), sum(accepted_by<>'') FROM risks WHERE job IN " + in + u" GROUP BY job",
             values, [&](const QSqlQuery &row) {
                 risks[row.value(0).toLongLong()] = {row.value(1).toInt(), row.value(2).toInt()};
             }));
    QHash<qint64, std::vector<Check>> pulls;
    OF_CHECK(each(u"SELECT job, checks FROM job_pulls WHERE job IN " + in, values, [&](const QSqlQuery &row) {
        std::vector<Check> &checks = pulls[row.value(0).toLongLong()];
        for (const QJsonValue &one : QJsonDocument::fromJson(row.value(1).toByteArray()).array()) {
            if (auto check = checkFromJson(one.toObject()))
                checks.push_back(*std::move(check));
        }
    }));
    QHash<qint64, std::vector<AuthorCallRecord>> calls;
    OF_CHECK(each(u"SELECT job, input_tokens, output_tokens, reckoned_tokens, cost, reckoned_cost, currency "
                  u"FROM author_calls WHERE job IN "
                      + in,
                  values, [&](const QSqlQuery &row) {
                      const auto number = [&](int column) {
                          return row.isNull(column) ? std::nullopt : std::optional(row.value(column).toLongLong());
                      };
                      AuthorCallRecord call;
                      call.inputTokens = number(1);
                      call.outputTokens = number(2);
                      call.reckonedTokens = row.value(3).toLongLong();
                      call.cost = number(4);
                      call.reckonedCost = number(5);
                      call.currency = row.value(6).toString();
                      calls[row.value(0).toLongLong()].push_back(std::move(call));
                  }));
    rows.reserve(nums.size());
    OF_CHECK(each(u"SELECT j.num, j.id, j.slug, j.title, r.path, j.state, j.wait_kind, j.wait_what, j.wait_since_ms, "
                  u"j.stage_index, j.note, j.priority, j.paused, j.cancel_asked, j.archived, j.revision, j.created_ms, "
                  u"j.updated_ms, j.finished_ms, t.pipeline FROM jobs j JOIN repositories r ON r.num=j.repository "
                  u"JOIN job_texts t ON t.job=j.num WHERE j.num IN "
                      + in,
                  values, [&](const QSqlQuery &row) {
                      JobRow job;
                      job.num = row.value(0).toLongLong();
                      job.id = JobId::parse(row.value(1).toString()).value_or(JobId());
                      job.slug = row.value(2).toString();
                      job.title = row.value(3).toString();
                      job.repository = row.value(4).toString();
                      job.state = jobStateFrom(row.value(5).toString()).value_or(JobState::Failed);
                      job.wait = waitKindFrom(row.value(6).toString()).value_or(WaitKind::None);
                      job.waitWhat = row.value(7).toString();
                      job.waitSinceMs = row.value(8).toLongLong();
                      job.stageIndex = row.value(9).toInt();
                      job.note = row.value(10).toString();
                      job.priority = row.value(11).toString();
                      job.paused = row.value(12).toBool();
                      job.cancelAsked = row.value(13).toBool();
                      job.archived = row.value(14).toBool();
                      job.revision = row.value(15).toLongLong();
                      job.createdMs = row.value(16).toLongLong();
                      job.updatedMs = row.value(17).toLongLong();
                      job.finishedMs = row.value(18).toLongLong();
                      const auto &attempts = glances[job.num];
                      const Pipeline &stages = pipeline(row.value(19).toByteArray());
                      job.cells = stageCells(stages, attempts, job.stageIndex, job.state, job.wait);
                      job.document = job.stageIndex >= 0 && size_t(job.stageIndex) < stages.stages.size()
                                     && isDocument(stages.stages[size_t(job.stageIndex)].kind);
                      if (job.stageIndex >= 0 && size_t(job.stageIndex) < job.cells.size())
                          job.attempt = job.cells[size_t(job.stageIndex)].attempts;
                      if (coverage.contains(job.num))
                          job.coverage = coverage[job.num];
                      if (changed.contains(job.num))
                          job.changed = changed[job.num];
                      std::tie(job.openRisks, job.acceptedRisks) = risks.value(job.num);
                      if (const auto pull = pulls.constFind(job.num); pull != pulls.cend()) {
                          job.pulled = true;
                          job.check = requiredIn(*pull);
                      }
                      if (const auto made = calls.constFind(job.num); made != calls.cend())
                          job.spent = spentText(spendingOf(*made));
                      rows.push_back(std::move(job));
                  }));
    return rows;
}

Result<JobDetails> ReadSide::details(const JobId &id)
{
    JobDetails all;
    OF_TRY(job, m_store->job(id));
    OF_TRY(attempts, m_store->attempts(id));
    OF_TRY(commands, m_store->commands(id));
    OF_TRY(artifacts, m_store->artifacts(id));
    OF_TRY(risks, m_store->risks(id));
    OF_TRY(decisions, m_store->decisions(id));
    OF_TRY(pull, m_store->pull(id));
    all.pull = std::move(pull);
    OF_TRY(calls, m_store->authorCalls(id));
    all.calls = std::move(calls);
    all.plan = readPlan(JobFolder(m_folder, id), job);
    all.pipeline = pipeline(job.identity.pipelineYaml.toUtf8());
    all.waitsFor = waitsFor(*m_store, job);
    std::vector<qint64> nums;
    OF_CHECK(each(QStringLiteral("SELECT num FROM jobs WHERE id=?"), {id.text()},
                  [&](const QSqlQuery &row) { nums.push_back(row.value(0).toLongLong()); }));
    OF_TRY(listed, rows(nums));
    if (!listed.empty())
        all.row = listed.front();
    all.job = std::move(job);
    all.attempts = std::move(attempts);
    all.commands = std::move(commands);
    all.artifacts = std::move(artifacts);
    all.risks = std::move(risks);
    all.decisions = std::move(decisions);
    return all;
}

Result<Changes> ReadSide::changesAfter(qint64 seq)
{
    OF_CHECK(m_file.isThere());
    Changes changes;
    changes.seq = seq;
    QSet<qint64> seen;
    int count = 0;
    if (seq >= 0)
        OF_CHECK(each(QStringLiteral("SELECT seq, job FROM events WHERE seq>? ORDER BY seq LIMIT ?"), {seq, kNewsPage},
                      [&](const QSqlQuery &row) {
                          ++count;
                          changes.seq = row.value(0).toLongLong();
                          const qint64 job = row.value(1).toLongLong();
                          if (job > 0 && !seen.contains(job)) {
                              seen.insert(job);
                              changes.jobs.push_back(job);
                          }
                      }));
    changes.many = count == kNewsPage;
    if (seq < 0 || changes.many) {
        OF_CHECK(each(QStringLiteral("SELECT max(seq) FROM events"), {},
                      [&](const QSqlQuery &row) { changes.seq = row.value(0).toLongLong(); }));
    }
    OF_CHECK(each(QStringLiteral("SELECT max(num) FROM jobs"), {},
                  [&](const QSqlQuery &row) { changes.newest = row.value(0).toLongLong(); }));
    OF_TRY(paused, m_store->enginePaused());
    changes.enginePaused = paused;
    return changes;
}

Result<Figures> ReadSide::figures(const QStringList &filters, qint64 nowMs)
{
    Figures figures;
    for (const QString &filter : filters) {
        OF_TRY(count, this->count(parseJobQuery(filter, nowMs)));
        figures.tiles.push_back({filter, count});
    }
    std::vector<qint64> leads;
    OF_CHECK(each(QStringLiteral("SELECT finished_ms-created_ms FROM jobs WHERE archived=0 AND state='done' "
                                 "ORDER BY id DESC LIMIT ?"),
                  {kFiguresJobs}, [&](const QSqlQuery &row) { leads.push_back(row.value(0).toLongLong()); }));
    if (!leads.empty()) {
        std::ranges::nth_element(leads, leads.begin() + qsizetype(leads.size() / 2));
        figures.leadTimeMs = leads[leads.size() / 2];
    }
    OF_CHECK(each(QStringLiteral("SELECT count(*), sum(state='reverted') FROM attempts WHERE job IN "
                                 "(SELECT num FROM jobs WHERE archived=0 ORDER BY id DESC LIMIT ?)"),
                  {kFiguresJobs}, [&](const QSqlQuery &row) {
                      if (row.value(0).toLongLong() > 0)
                          figures.revertPercent = 100.0 * row.value(1).toDouble() / row.value(0).toDouble();
                  }));
    return figures;
}

Result<std::vector<Happening>> ReadSide::happenings(int most)
{
    std::vector<Happening> news;
    OF_CHECK(
        each(QStringLiteral("SELECT e.seq, e.at_ms, j.id, j.slug, e.kind, e.stage, e.attempt, e.detail FROM events e "
                            "LEFT JOIN jobs j ON j.num=e.job ORDER BY e.seq DESC LIMIT ?"),
             {most}, [&](const QSqlQuery &row) { news.push_back(happening(row)); }));
    return news;
}

Result<std::vector<Happening>> ReadSide::newestArtifacts(int most)
{
    std::vector<Happening> found;
    OF_CHECK(
        each(QStringLiteral("SELECT a.num, a.created_ms, j.id, j.slug, a.name, a.stage, a.attempt, a.size || ' ' || "
                            "a.path FROM artifacts a JOIN jobs j ON j.num=a.job ORDER BY a.num DESC LIMIT ?"),
             {most}, [&](const QSqlQuery &row) { found.push_back(happening(row)); }));
    return found;
}

std::optional<Check> requiredOf(const PullRecord &record)
{
    return requiredIn(record.checks);
}

Result<std::vector<PullRow>> ReadSide::pulls(int most)
{
    std::vector<PullRow> found;
    OF_CHECK(each(QStringLiteral("SELECT j.id, j.slug, j.state FROM job_pulls p JOIN jobs j ON j.num=p.job "
                                 "WHERE j.archived=0 ORDER BY p.job DESC LIMIT ?"),
                  {most}, [&](const QSqlQuery &row) {
                      found.push_back(
                          {row.value(0).toString(), row.value(1).toString(), row.value(2).toString(), PullRecord()});
                  }));
    for (PullRow &row : found) {
        OF_TRY(id, JobId::parse(row.job));
        OF_TRY(pull, m_store->pull(id));
        row.record = pull.value_or(PullRecord());
    }
    return found;
}

Result<std::map<QString, AuthorCallRecord>> ReadSide::lastCalls()
{
    std::map<QString, AuthorCallRecord> calls;
    OF_CHECK(each(QStringLiteral("SELECT name, purpose, ending, note, latency_ms, max(started_ms) FROM author_calls "
                                 "WHERE finished=1 GROUP BY name"),
                  {}, [&](const QSqlQuery &row) {
                      AuthorCallRecord call;
                      call.name = row.value(0).toString();
                      call.purpose = row.value(1).toString();
                      call.ending = row.value(2).toString();
                      call.note = row.value(3).toString();
                      call.latencyMs = row.value(4).toLongLong();
                      call.startedMs = row.value(5).toLongLong();
                      call.finished = true;
                      calls.emplace(call.name, call);
                  }));
    return calls;
}

Result<QStringList> ReadSide::repositories(int most)
{
    // Of the last thousand jobs only: what is older is nobody's habit any more, and the cost has a bound.
    QStringList found;
    OF_CHECK(
        each(QStringLiteral("SELECT r.path FROM (SELECT repository, max(num) AS newest FROM (SELECT num, repository "
                            "FROM jobs ORDER BY num DESC LIMIT 1000) GROUP BY repository) j "
                            "JOIN repositories r ON r.num=j.repository ORDER BY j.newest DESC LIMIT ?"),
             {most}, [&](const QSqlQuery &row) { found += row.value(0).toString(); }));
    return found;
}

Result<std::vector<AuditRecord>> ReadSide::audit(const Job &job)
{
    // The chain knows no jobs; the job's stretch of it is found by time, with room for a clock that was set.
    constexpr qint64 kSlack = 3'600'000;
    const QString at = QStringLiteral("json_extract(entry,'$.at')");
    qint64 low = 0;
    qint64 high = 0;
    OF_CHECK(each(QStringLiteral("SELECT max(seq) FROM audit"), {},
                  [&](const QSqlQuery &row) { high = row.value(0).toLongLong(); }));
    const qint64 wanted = job.identity.createdMs - kSlack;
    while (low < high) {
        const qint64 middle = low + (high - low) / 2;
        qint64 time = 0;
        OF_CHECK(each(QStringLiteral("SELECT coalesce(%1, 0) FROM audit WHERE seq=?").arg(at), {middle},
                      [&](const QSqlQuery &row) { time = row.value(0).toLongLong(); }));
        if (time < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    std::vector<AuditRecord> entries;
    qint64 seq = std::max<qint64>(0, low - 1);
    while (true) {
        OF_TRY(page, m_store->auditAfter(seq, 1000));
        for (const AuditRecord &entry : page) {
            seq = entry.seq;
            if (entry.job == job.id().text())
                entries.push_back(entry);
        }
        if (page.size() < 1000 || page.back().atMs > job.updatedMs + kSlack)
            return entries;
    }
}

Result<std::vector<Happening>> ReadSide::recoveredSince(qint64 wallMs)
{
    std::vector<Happening> found;
    OF_CHECK(
        each(QStringLiteral(
                 "SELECT seq, at_ms, id, slug, kind, stage, attempt, detail FROM (SELECT e.seq, e.at_ms, j.id, j.slug, "
                 "e.kind, e.stage, e.attempt, e.detail FROM events e JOIN jobs j ON j.num=e.job ORDER BY e.seq DESC "
                 "LIMIT 2000) WHERE kind='recovered' AND at_ms>=?"),
             {wallMs}, [&](const QSqlQuery &row) { found.push_back(happening(row)); }));
    return found;
}

Result<std::vector<JobEnd>> ReadSide::endedSince(qint64 wallMs, const std::vector<qint64> &nums)
{
    std::vector<JobEnd> ended;
    OF_TRY(all, rows(nums));
    for (const JobRow &row : all) {
        if (row.finishedMs >= wallMs && row.state != JobState::Cancelled)
            ended.push_back({row.id, row.title, row.state, row.finishedMs});
    }
    return ended;
}

} // namespace openfactory::ui
