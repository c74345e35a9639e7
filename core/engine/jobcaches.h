// SPDX-License-Identifier: Apache-2.0
/// The caches that tools left in the homes of jobs. Any thread, with a store of its own.
#pragma once

#include "core/base/diskuse.h"
#include "core/domain/store.h"

namespace openfactory {

struct JobCaches {
    int jobs = 0; ///< that have one
    DiskUse use;
    QStringList left; ///< homes of which something could not be removed
};

/// What the homes of jobs that are over for good hold: done, cancelled, rolled back. A failed job may be retried, and
/// its home is not counted.
Result<JobCaches> idleCaches(JobStore &store, const QString &dataFolder, const std::stop_token &stop = {});
/// Removes them, and says what that was; `left` names what stayed. Nothing that is recorded lies there, and nobody runs
/// in them. Cancelled when stopped: those that were removed by then are gone. `progress` is told of each home.
Result<JobCaches> removeIdleCaches(JobStore &store, const QString &dataFolder, const std::stop_token &stop = {},
                                   const std::function<void()> &progress = {});

} // namespace openfactory
