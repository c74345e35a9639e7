// SPDX-License-Identifier: Apache-2.0
/// Between the domain's records and the columns of the schema (migrations/0001_store.sql). Writing functions run inside
/// the caller's transaction; `job` is the job's number in the store. On the thread of the connection.
#pragma once

#include "core/domain/store.h"
#include "core/store/database.h"

namespace openfactory::rows {

/// The job's documents, as their column holds them.
QByteArray documentsText(const Progress &progress);
QString takenText(const Wishes &wishes);
Result<void> insertJob(Database &database, const Job &job, qint64 nowMs);
Result<void> upsert(Database &database, qint64 job, const AttemptRecord &attempt);
Result<void> upsert(Database &database, qint64 job, const CommandRecord &command);
Result<void> upsert(Database &database, qint64 job, const ArtifactRecord &artifact);
Result<void> upsert(Database &database, qint64 job, const AuthorCallRecord &call);
Result<void> upsert(Database &database, qint64 job, const IntentRecord &intent);
Result<void> upsert(Database &database, qint64 job, const Risk &risk);
Result<void> insert(Database &database, qint64 job, const Decision &decision);
/// `job` is nothing for news of the engine.
Result<void> insert(Database &database, std::optional<qint64> job, qint64 revision, const EventRecord &event,
                    qint64 nowMs);

/// Jobs by a condition on `jobs j` and `repositories r` that follows WHERE; may end with ORDER BY and LIMIT.
Result<std::vector<Job>> jobsWhere(Database &database, const QString &condition, SqlValues values);
Result<std::vector<Job>> jobs(Database &database, const JobFilter &filter);
Result<std::vector<Job>> search(Database &database, const QString &typed, int most);
Result<std::vector<AttemptRecord>> attempts(Database &database, const JobId &job);
Result<std::optional<RecordedPass>> recordedPass(Database &database, const Job &job, const QString &inputs,
                                                 qint64 fromMs, qint64 toMs);
Result<std::vector<CommandRecord>> commands(Database &database, const JobId &job);
Result<std::vector<ArtifactRecord>> artifacts(Database &database, const JobId &job);
Result<std::vector<AuthorCallRecord>> authorCalls(Database &database, const JobId &job);
Result<std::vector<Risk>> risks(Database &database, const JobId &job);
Result<std::vector<Decision>> decisions(Database &database, const JobId &job);
Result<std::vector<IntentRecord>> openIntents(Database &database, const JobId &job);
Result<std::vector<EventRecord>> eventsAfter(Database &database, qint64 seq, const JobId &job, int most);

} // namespace openfactory::rows
