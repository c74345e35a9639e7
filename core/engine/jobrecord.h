// SPDX-License-Identifier: Apache-2.0
/// Reads all that the store knows of one job, and makes of it the JSON that `factory show --json` prints and an export
/// holds.
#pragma once

#include "core/domain/store.h"

namespace openfactory {

/// On the store's thread.
Result<JobRecord> readRecord(JobStore &store, const Job &job);

QJsonArray artifactsJson(const JobRecord &record);
/// With the members of taskJson().
QJsonObject toJson(JobStore &store, const JobRecord &record);

} // namespace openfactory
