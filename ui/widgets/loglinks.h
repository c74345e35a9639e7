// SPDX-License-Identifier: Apache-2.0
/// Places in source files that a line of a log names: `src/a.py:12:3`, `File "src/a.py", line 12`, `src/a.c(12)`.
#pragma once

#include <QString>

#include <vector>

namespace openfactory {

struct LogLink {
    qsizetype start = 0;
    qsizetype length = 0;
    QString path;
    int line = 0; ///< from 1
    bool operator==(const LogLink &) const = default;
};

/// From left to right. Web addresses and times of day are none. Looks at the first 4,096 characters. GUI thread.
std::vector<LogLink> findLinks(const QString &text);

} // namespace openfactory
