// SPDX-License-Identifier: Apache-2.0
/// What a folder takes on its disk.
#pragma once

#include "core/base/error.h"

#include <functional>
#include <stop_token>

namespace openfactory {

struct DiskUse {
    qint64 bytes = 0; ///< blocks, of folders too
    qint64 files = 0; ///< whatever is no folder
    DiskUse &operator+=(const DiskUse &other);
};

/// Looks at everything below a folder on its own file system, following no link, and hands each over with its path
/// below the folder. What is gone by then is passed over. Takes long where there is much; Cancelled when stopped.
Result<void> forEachBelow(const QString &folder, const std::stop_token &stop,
                          const std::function<void(const QByteArray &path, const DiskUse &use)> &take);

} // namespace openfactory
