// SPDX-License-Identifier: Apache-2.0
/// Row 14, the store's part: pages of a list of many jobs, each beside the same page by raw SQL on the same file.
#include "core/base/clock.h"
#include "core/store/sqlitejobstore.h"
#include "tests/bench/bench.h"

#include <QFile>
#include <QRandomGenerator>

#include <sqlite3.h>

namespace openfactory::bench {

namespace {

const SystemClock theClock;
constexpr int kPage = 60; ///< rows that a screen shows

struct Raw {
    sqlite3 *handle = nullptr;
    sqlite3_stmt *page = nullptr;

    explicit Raw(const QString &file)
    {
        if (sqlite3_open_v2(QFile::encodeName(file).constData(), &handle, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK
            || sqlite3_prepare_v2(
                   handle,
                   "SELECT id, slug, title, state, priority, updated_ms FROM jobs WHERE archived=0 AND id<? "
                   "ORDER BY id DESC LIMIT 60",
                   -1, &page, nullptr)
                   != SQLITE_OK)
            qFatal("raw SQLite: %s", sqlite3_errmsg(handle));
    }
    int read(const QByteArray &before) const
    {
        int rows = 0;
        sqlite3_bind_text(page, 1, before.constData(), int(before.size()), SQLITE_STATIC);
        while (sqlite3_step(page) == SQLITE_ROW)
            rows += sqlite3_column_text(page, 2) != nullptr;
        sqlite3_reset(page);
        return rows;
    }
    qint64 number(const char *sql) const
    {
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v2(handle, sql, -1, &statement, nullptr) != SQLITE_OK
            || sqlite3_step(statement) != SQLITE_ROW)
            qFatal("raw SQLite: %s", sqlite3_errmsg(handle));
        const qint64 found = sqlite3_column_int64(statement, 0);
        sqlite3_finalize(statement);
        return found;
    }
};

qint64 residentKb()
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n'))
        if (line.startsWith("RssAnon:"))
            return line.mid(8).trimmed().split(' ').first().toLongLong();
    return 0;
}

} // namespace

/// lists FOLDER first: opens and reads the first page. lists FOLDER all: jumps, filters, and whether every count is the
/// same whichever way it is taken.
int lists(const QStringList &words)
{
    std::unique_ptr<JobStore> store;
    JobFilter filter;
    filter.limit = kPage;
    const double first = milliseconds([&] {
        store = need(openStore(words[0], theClock, OpenMode::ReadOnly));
        if (int(need(store->jobs(filter)).size()) != kPage)
            qFatal("the first page is not whole");
    });
    say("open_and_first_ms", first);
    if (words[1] == u"first")
        return 0;

    const Raw raw(words[0] + QStringLiteral("/openfactory.db"));
    std::vector<QString> ids; // of every page's last row, by walking the list once as a person would scroll
    qint64 walked = 0;
    const double walk = milliseconds([&] {
        JobFilter page = filter;
        page.limit = 1000;
        while (true) {
            const auto jobs = need(store->jobs(page));
            walked += qint64(jobs.size());
            if (jobs.empty())
                break;
            page.before = jobs.back().id();
            ids.push_back(page.before->text());
        }
    });
    say("walk_rows_per_s", double(walked) / walk * 1000);
    QRandomGenerator random(14);
    std::vector<double> jumps;
    std::vector<double> rawJumps;
    for (int i = 0; i < 300; ++i) {
        const QString id = ids[size_t(random.bounded(int(ids.size()) - 1))];
        JobFilter page = filter;
        page.before = need(JobId::parse(id));
        rawJumps.push_back(milliseconds([&] { (void)raw.read(id.toLatin1()); }));
        jumps.push_back(milliseconds([&] { (void)need(store->jobs(page)); }));
    }
    say("jump_p50_ms", at(jumps, 0.5));
    say("jump_p99_ms", at(jumps, 0.99));
    say("raw_jump_p50_ms", at(rawJumps, 0.5));
    say("raw_jump_p99_ms", at(rawJumps, 0.99));

    std::vector<double> filtered;
    for (int round = 0; round < 7; ++round) {
        const auto take = [&](const std::function<void(JobFilter &)> &set) {
            JobFilter one = filter;
            set(one);
            filtered.push_back(milliseconds([&] { (void)need(store->jobs(one)); }));
        };
        for (const Priority priority : {Priority::P0, Priority::P1, Priority::P2, Priority::P3})
            take([&](JobFilter &f) { f.priority = priority; });
        for (int state = int(JobState::Created); state <= int(JobState::RolledBack); ++state)
            take([&](JobFilter &f) { f.state = JobState(state); });
        for (int status = int(CoarseStatus::Created); status <= int(CoarseStatus::Integrated); ++status)
            take([&](JobFilter &f) { f.status = CoarseStatus(status); });
        take([&](JobFilter &f) { f.repository = QStringLiteral("/repository/7"); });
        take([&](JobFilter &f) { f.repository = QStringLiteral("/repository/7"), f.priority = Priority::P0; });
        take([&](JobFilter &f) { f.repository = QStringLiteral("/no/such"), f.state = JobState::Failed; });
        take([&](JobFilter &f) { f.state = JobState::Waiting, f.priority = Priority::P0; });
    }
    say("filter_worst_ms", filtered.empty() ? 0 : *std::ranges::max_element(filtered));
    say("filter_p50_ms", at(filtered, 0.5));

    std::vector<double> searched;
    for (int i = 0; i < 100; ++i) {
        const QString text = QStringLiteral("mend %1").arg(random.bounded(1'000'000));
        searched.push_back(milliseconds([&] { (void)need(store->search(text, kPage)); }));
    }
    say("search_p99_ms", at(searched, 0.99));

    qint64 byState = 0;
    for (int state = int(JobState::Created); state <= int(JobState::RolledBack); ++state) {
        JobFilter page = filter;
        page.limit = 1000;
        page.state = JobState(state);
        for (auto jobs = need(store->jobs(page)); !jobs.empty(); jobs = need(store->jobs(page))) {
            byState += qint64(jobs.size());
            page.before = jobs.back().id();
        }
    }
    const qint64 counted = raw.number("SELECT count(*) FROM jobs WHERE archived=0");
    say("jobs", double(counted));
    say("counts_agree", counted == walked && counted == byState);
    say("anonymous_mb", double(residentKb()) / 1024);
    return 0;
}

} // namespace openfactory::bench
