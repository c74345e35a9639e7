// SPDX-License-Identifier: Apache-2.0
/// How many lines a log has and on which rows of the screen they stand. A line is one row, and a line longer than
/// pieceBytes one row for each piece of that size; so no line is too long to be shown or gone through.
#pragma once

#include <QtTypes>

#include <memory>
#include <vector>

namespace openfactory {

inline constexpr qint64 pieceBytes = 64 * 1024;

struct LongLine {
    qint64 line = 0;
    qint64 offset = 0;
    qint64 bytes = 0;
    qint64 extraBefore = 0; ///< rows that long lines before this one take beyond their first
    qint64 extra() const { return (bytes - 1) / pieceBytes; }
};

/// Where a row's text is: a piece of a line, both from 0.
struct RowPlace {
    qint64 line = 0;
    qint64 piece = 0;
    bool operator==(const RowPlace &) const = default;
};

/// The log at one instant. A value; any thread.
struct LogShape {
    qint64 bytes = 0;
    qint64 lines = 0;
    bool complete = false; ///< its writer has ended it
    std::shared_ptr<const std::vector<LongLine>> longLines;

    qint64 rows() const;
    qint64 rowOf(qint64 line) const; ///< of its first piece
    RowPlace placeOf(qint64 row) const;
    /// Rows that are read together: the 64 lines of a block, or one row where the block holds a long line.
    struct Group {
        qint64 first = 0;
        qint64 count = 0;
    };
    Group groupOf(qint64 row) const;
};

} // namespace openfactory
