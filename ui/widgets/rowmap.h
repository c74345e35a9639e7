// SPDX-License-Identifier: Apache-2.0
/// Which rows of a log are seen: all but those inside closed folds. Pure arithmetic; a value.
#pragma once

#include <QString>
#include <QtTypes>

#include <vector>

namespace openfactory {

/// A stretch of lines that can be shut to its first line. Folds may lie inside one another but not across.
struct LogFold {
    qint64 firstLine = 0;
    qint64 lastLine = 0; ///< the last that belongs to it
    QString title;       ///< what is said of it while it is shut, such as "ruff check, 3.1 s"; may be empty
    bool open = true;
};

/// Rows hidden, as [first, last] without overlap, in ascending order.
class RowMap {
public:
    struct Hidden {
        qint64 first;
        qint64 last;
    };
    RowMap() = default;
    explicit RowMap(const std::vector<Hidden> &hidden);

    qint64 hiddenRows() const { return m_parts.empty() ? 0 : m_parts.back().before + m_parts.back().size(); }
    /// How many seen rows there are before a row; the place of the row itself where it is seen.
    qint64 seenBefore(qint64 row) const;
    bool isHidden(qint64 row) const;
    /// The row at a place among the seen ones.
    qint64 rowAt(qint64 seen) const;

private:
    struct Part {
        qint64 first;
        qint64 last;
        qint64 before; ///< hidden rows in earlier parts
        qint64 size() const { return last - first + 1; }
    };
    const Part *partBefore(qint64 row) const;
    std::vector<Part> m_parts;
};

} // namespace openfactory
