// SPDX-License-Identifier: Apache-2.0
/// All that the store knows of one job, read at once, and as the JSON that `factory show --json` prints and an export
/// holds.
#pragma once

#include "core/domain/store.h"

namespace openfactory {

struct JobRecord {
    Job job;
    std::vector<AttemptRecord> attempts;
    std::vector<CommandRecord> commands;
    std::vector<ArtifactRecord> artifacts;
    std::vector<Risk> risks;
    std::vector<Decision> decisions;
};

/// On the store's thread.
Result<JobRecord> readRecord(JobStore &store, const Job &job);

QJsonArray artifactsJson(const JobRecord &record);
/// With the members of taskJson().
QJsonObject toJson(JobStore &store, const JobRecord &record);

} // namespace openfactory
