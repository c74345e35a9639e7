// SPDX-License-Identifier: Apache-2.0
/// Row 3: what a checkpoint costs in our store, in raw SQLite with the same bytes, and as one append with fdatasync.
#include "core/base/clock.h"
#include "core/store/sqlitejobstore.h"
#include "tests/bench/bench.h"

#include <QFile>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace openfactory::bench {

namespace {

const SystemClock theClock;
constexpr qsizetype kBodyBytes = 1024;

/// A finished attempt as the engine writes it: its verdict (the body), an event, the job's progress.
Step checkpoint(const Lease &lease, int number)
{
    Step step;
    step.job = lease.job;
    step.lease = lease;
    AttemptRecord attempt;
    attempt.stage = QStringLiteral("unit-test");
    attempt.number = number;
    attempt.state = AttemptState::Passed;
    attempt.verdict = Verdict{};
    attempt.verdict->summary = QString(kBodyBytes, u'x');
    step.attempts.push_back(std::move(attempt));
    EventRecord event;
    event.kind = QStringLiteral("attempt-ended");
    event.stage = QStringLiteral("unit-test");
    event.detail = {{QStringLiteral("state"), QStringLiteral("passed")}};
    step.events.push_back(std::move(event));
    step.progress = Progress{};
    step.progress->state = JobState::Running;
    step.progress->stageIndex = number;
    step.progress->head = QString(40, u'a');
    return step;
}

std::function<void()> storeCommits(const QString &folder)
{
    const std::shared_ptr<JobStore> store = need(openStore(folder, theClock));
    Job job;
    job.identity.id = JobId::create();
    job.identity.slug = need(Slug::parse(QStringLiteral("bench-") + job.identity.id.text().right(10).toLower()));
    job.identity.repository = QStringLiteral("/repository");
    AuditRecord audit;
    audit.action = QStringLiteral("job.created");
    need(store->create(job, audit));
    const Lease lease = need(store->claim(job.id(), newUlid(), std::chrono::minutes(10)));
    return [store, lease, number = 0]() mutable { (void)need(store->commit(checkpoint(lease, ++number))); };
}

std::function<void()> appends(const QString &folder)
{
    const int file = ::open(QFile::encodeName(folder + QStringLiteral("/append")).constData(),
                            O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return [file, block = QByteArray(4096, 'x')] {
        if (::write(file, block.constData(), size_t(block.size())) != block.size() || ::fdatasync(file) != 0)
            qFatal("append failed");
    };
}

} // namespace

struct RawStore::Parts {
    sqlite3 *handle = nullptr;
    std::vector<sqlite3_stmt *> statements;
    QByteArray body;
    int number = 0;
    void check(int code) const
    {
        if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
            qFatal("raw SQLite: %s", sqlite3_errmsg(handle));
    }
};

RawStore::RawStore(const QString &file, qsizetype bodyBytes) : m(new Parts)
{
    m->body = QByteArray(bodyBytes, 'x');
    m->check(sqlite3_open(QFile::encodeName(file).constData(), &m->handle));
    m->check(sqlite3_exec(
        m->handle,
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE IF NOT EXISTS job(id INTEGER PRIMARY KEY, state TEXT, revision INTEGER, stage INTEGER,"
        " facts TEXT);"
        "CREATE TABLE IF NOT EXISTS checkpoint(job INTEGER, number INTEGER, body TEXT,"
        " PRIMARY KEY(job, number));"
        "CREATE TABLE IF NOT EXISTS event(seq INTEGER PRIMARY KEY, job INTEGER, kind TEXT, detail TEXT);"
        "INSERT OR REPLACE INTO job VALUES(1, 'running', 0, 0, printf('%.600c', 'f'));"
        "DELETE FROM checkpoint; DELETE FROM event",
        nullptr, nullptr, nullptr));
    for (const char *sql :
         {"BEGIN IMMEDIATE", "INSERT INTO checkpoint VALUES(1, ?1, ?2)",
          "INSERT INTO event(job, kind, detail) VALUES(1, 'attempt-ended', '{\"state\":\"passed\"}')",
          "UPDATE job SET revision=revision+1, stage=?1 WHERE id=1 AND state='running' AND revision=?1-1", "COMMIT"})
        m->check(
            sqlite3_prepare_v3(m->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &m->statements.emplace_back(), nullptr));
}

RawStore::~RawStore()
{
    for (sqlite3_stmt *statement : m->statements)
        sqlite3_finalize(statement);
    sqlite3_close(m->handle);
}

void RawStore::commit()
{
    ++m->number;
    for (sqlite3_stmt *statement : m->statements) {
        const int parameters = sqlite3_bind_parameter_count(statement);
        if (parameters > 0)
            sqlite3_bind_int(statement, 1, m->number);
        if (parameters > 1)
            sqlite3_bind_text(statement, 2, m->body.constData(), int(m->body.size()), SQLITE_STATIC);
        m->check(sqlite3_step(statement));
        sqlite3_reset(statement);
    }
}

/// commits FOLDER store|raw|append COUNT
int commits(const QStringList &words)
{
    const QString kind = words[1];
    const auto raw = kind == u"raw" ? std::make_shared<RawStore>(words[0] + QStringLiteral("/raw.db"), kBodyBytes)
                                    : nullptr;
    const std::function<void()> commit = raw                ? std::function<void()>([raw] { raw->commit(); })
                                         : kind == u"store" ? storeCommits(words[0] + QStringLiteral("/data"))
                                                            : appends(words[0]);
    for (int i = 0; i < 20; ++i) // statements are prepared, the log file has its first pages
        commit();
    std::vector<double> times;
    const double all = milliseconds([&] {
        for (int i = 0; i < words[2].toInt(); ++i)
            times.push_back(milliseconds(commit) * 1000);
    });
    say("p50_us", at(times, 0.5));
    say("p99_us", at(times, 0.99));
    say("per_s", double(times.size()) / all * 1000);
    return 0;
}

} // namespace openfactory::bench
