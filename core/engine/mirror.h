// SPDX-License-Identifier: Apache-2.0
/// Mirrors of the store in the repository: .factory/tasks.json and .factory/audit.log, replaced atomically. Derived,
/// read by people and scripts, never read back by the engine.
#pragma once

#include "core/domain/store.h"

namespace openfactory {

/// Writes both mirrors of a repository. Failing is not the job's failure: the caller logs it.
Result<void> writeMirrors(JobStore &store, const QString &repository);

/// Whether the process that ran the job died: it is running in the store, and nobody holds a live lease on it.
bool interrupted(JobStore &store, const Job &job);

/// What keeps a job that has not ended from being started at all, for people: jobs that it comes after, or a paused
/// engine; empty where nothing does.
QString heldBackBy(JobStore &store, const Job &job);

/// What the job waits for now, for people; empty where it waits for nothing. A queued job's own row cannot know it: it
/// may wait for another job, or for the engine to go on.
QString waitsFor(JobStore &store, const Job &job);

/// The job as `tasks.json` and `factory --json` show it.
QJsonObject taskJson(JobStore &store, const Job &job, const std::vector<AttemptRecord> &attempts);

} // namespace openfactory
