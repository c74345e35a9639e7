// SPDX-License-Identifier: Apache-2.0
/// The data directory as the page of the settings sees it: how much it holds, and functions that the application gives.
#pragma once

#include "core/base/diskuse.h"

#include <QStringList>

#include <vector>

namespace openfactory::ui {

/// A part of the data directory.
enum class DataKind { Store, Backups, Logs, Homes, Results, Forge, Demo, Others };
struct DataPart {
    DataKind kind = DataKind::Others;
    DiskUse use;
};

/// The caches in the homes of jobs that are over for good.
struct IdleCaches {
    int jobs = 0;
    qint64 bytes = 0;
    QStringList left; ///< folders of which something could not be removed
};

struct DataFiles {
    /// Looks at every file; takes long where there are many. Cancelled when stopped. Any thread.
    std::function<Result<std::vector<DataPart>>(const std::stop_token &)> measure;
    /// Writes a copy of the store as it is at one moment into a file, whole or not at all. Slow; any thread.
    std::function<Result<void>(const QString &file)> backUp;
    /// What such caches hold, and their removal: what was removed. Slow; any thread. Cancelled when stopped.
    std::function<Result<IdleCaches>(const std::stop_token &)> idleCaches;
    std::function<Result<IdleCaches>(const std::stop_token &)> removeCaches;
};

} // namespace openfactory::ui
