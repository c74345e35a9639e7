// SPDX-License-Identifier: Apache-2.0
/// The data directory as the page of the settings sees it: how much it holds, and functions that the application gives.
#pragma once

#include "core/base/error.h"

#include <QString>

#include <functional>
#include <stop_token>
#include <vector>

namespace openfactory::ui {

/// A part of the data directory.
enum class DataKind { Store, Backups, Logs, Homes, Results, Forge, Demo, Others };
struct DataPart {
    DataKind kind = DataKind::Others;
    qint64 bytes = 0; ///< on the disk
    qint64 files = 0;
};

struct DataFiles {
    /// Looks at every file; takes long where there are many. Cancelled when stopped. Any thread.
    std::function<Result<std::vector<DataPart>>(const std::stop_token &)> measure;
    /// Writes a copy of the store as it is at one moment into a file, whole or not at all. Slow; any thread.
    std::function<Result<void>(const QString &file)> backUp;
};

} // namespace openfactory::ui
