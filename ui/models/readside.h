// SPDX-License-Identifier: Apache-2.0
/// What the console reads: lists through a read-only Qt SQL connection, in small pages that are read to their end, and
/// single jobs through the store's own read side. Lives on one thread, that of a Worker; writes nothing.
#pragma once

#include "core/base/clock.h"
#include "core/domain/store.h"
#include "core/engine/planview.h"
#include "ui/models/jobquery.h"
#include "ui/models/jobrow.h"
#include "ui/models/storefile.h"

class QSqlQuery;

namespace openfactory::ui {

/// Everything about one job that its page shows.
struct JobDetails {
    Job job;
    Pipeline pipeline;
    std::vector<AttemptRecord> attempts;
    std::vector<CommandRecord> commands;
    std::vector<ArtifactRecord> artifacts;
    std::vector<Risk> risks;
    std::vector<Decision> decisions;
    std::optional<PullRecord> pull;
    PlanView plan;
    std::vector<AuthorCallRecord> calls;
    QString waitsFor; ///< what the store knows of a queued job's wait, too
    JobRow row;       ///< the same job as the list shows it
};

/// What happened since a sequence number.
struct Changes {
    qint64 seq = 0;           ///< of the newest event
    qint64 newest = 0;        ///< number of the newest job
    std::vector<qint64> jobs; ///< numbers of the jobs that have news, each once
    bool enginePaused = false;
    bool many = false; ///< there was more than a page of news: read everything again
};

/// The dashboard; each count comes from the list's own query.
struct Tile {
    QString filter; ///< what the list is filtered by; empty: a figure without a list
    qint64 count = 0;
};
struct Figures {
    std::vector<Tile> tiles;
    std::optional<qint64> leadTimeMs;    ///< median from creation to done of the last done jobs
    std::optional<double> revertPercent; ///< attempts of the last jobs that were taken back
};

struct Happening {
    qint64 seq = 0;
    qint64 atMs = 0;
    QString job;  ///< id
    QString slug; ///< empty: the engine
    QString kind;
    QString stage;
    int attempt = 0;
    QString detail;
};

/// How a job ended.
struct JobEnd {
    JobId job;
    QString title;
    JobState state = JobState::Done;
    qint64 atMs = 0;
};

/// The pull request of a job, with the check that it waits for.
struct PullRow {
    QString job; ///< id
    QString slug;
    QString jobState; ///< as stored
    PullRecord record;
};

/// The check that the job is not done without, as last read; nothing where nobody has reported it.
std::optional<Check> requiredOf(const PullRecord &record);

class ReadSide {
public:
    /// `store` reads the same data folder's store, and lives on this thread.
    static Result<std::unique_ptr<ReadSide>> open(const QString &dataFolder, std::unique_ptr<JobStore> store);
    ~ReadSide();

    JobStore &store() { return *m_store; }

    /// Numbers of the jobs of a query in its order; the first `most` (0: all).
    Result<std::vector<qint64>> order(const JobQuery &query, int most);
    Result<qint64> count(const JobQuery &query);
    /// The rows with these numbers; what is gone is left out.
    Result<std::vector<JobRow>> rows(const std::vector<qint64> &nums);
    Result<JobDetails> details(const JobId &job);
    /// What happened after that event; -1: nothing, only where the news stand. NotFound where the store's file is gone.
    Result<Changes> changesAfter(qint64 seq);
    Result<Figures> figures(const QStringList &filters, qint64 nowMs);
    /// The newest events of all jobs, the newest first.
    Result<std::vector<Happening>> happenings(int most);
    /// The newest artifacts of all jobs: with the job's slug and id in `slug` and `job`, name in `kind`.
    Result<std::vector<Happening>> newestArtifacts(int most);
    /// The pull requests of the jobs that are not archived, the newest job's first.
    Result<std::vector<PullRow>> pulls(int most);
    /// The newest ended call of each model and agent, of all jobs, by its name in the settings.
    Result<std::map<QString, AuthorCallRecord>> lastCalls();
    /// The repositories of the newest jobs, the newest job's first.
    Result<QStringList> repositories(int most);
    /// The audit entries of one job, oldest first.
    Result<std::vector<AuditRecord>> audit(const Job &job);
    /// Those of some jobs that ended since a time, as their rows say it; cancelled ones are not among them.
    Result<std::vector<JobEnd>> endedSince(qint64 wallMs, const std::vector<qint64> &nums);
    /// What the reconciler set right since a time: the jobs' "recovered" events.
    Result<std::vector<Happening>> recoveredSince(qint64 wallMs);

private:
    ReadSide(std::unique_ptr<JobStore> store, QString connection);
    Result<void> each(const QString &sql, const QVariantList &values,
                      const std::function<void(const QSqlQuery &)> &row);
    const Pipeline &pipeline(const QByteArray &yaml);

    std::unique_ptr<JobStore> m_store;
    QString m_connection;
    QString m_folder;
    StoreFile m_file;
    QHash<QByteArray, Pipeline> m_pipelines; ///< few texts, many jobs
};

} // namespace openfactory::ui
