// SPDX-License-Identifier: Apache-2.0
/// A unified diff of one file, read and applied strictly: what it takes away and keeps must be there word for word, at
/// the lines that it names or at one other place and no second. Pure; hostile input.
#pragma once

#include "core/base/error.h"

#include <vector>

namespace openfactory {

struct UnifiedDiff {
    struct Hunk {
        qsizetype at = 0;      ///< first line of the old side, from 0
        QByteArrayList before; ///< lines with their line ends; the last one of a file may have none
        QByteArrayList after;
    };
    std::vector<Hunk> hunks;  ///< in the order of the file
    bool fromNothing = false; ///< the file is new
};

/// Invalid where it is none, or where it is one of several files. Names in it are not looked at, `path` is used in
/// messages.
Result<UnifiedDiff> readUnifiedDiff(const QByteArray &text, const QString &path);
/// Conflict, naming the hunk, where it does not fit. The line ends of a file that has no others than \r\n stay.
Result<QByteArray> applyUnifiedDiff(const UnifiedDiff &diff, const QByteArray &text, const QString &path);

} // namespace openfactory
