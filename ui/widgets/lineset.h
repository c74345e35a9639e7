// SPDX-License-Identifier: Apache-2.0
/// A set of line numbers that knows its n-th member and the place of each: what a search found, for counts, the filter
/// pane and the overview bar. At most one bit for each line up to the last, and much less where members are few.
#pragma once

#include <QtTypes>

#include <vector>

namespace openfactory {

/// A value; any thread.
class LineSet {
public:
    /// Lines come in ascending order; one that is there already is not added again.
    void add(qint64 line);
    void clear()
    {
        m_parts.clear();
        m_count = 0;
    }

    qint64 count() const { return m_count; }
    bool contains(qint64 line) const { return rank(line + 1) > rank(line); }
    /// How many members are less than `line`.
    qint64 rank(qint64 line) const;
    /// Member n, from 0; -1 where there is none.
    qint64 at(qint64 n) const;
    /// The first member from `line` on, or the last before it; -1 where there is none.
    qint64 next(qint64 line) const { return at(rank(line)); }
    qint64 previous(qint64 line) const { return at(rank(line) - 1); }

private:
    /// 65,536 lines: a sorted list of what is in, or a bit for each once that is smaller.
    struct Part {
        qint64 key = 0;
        qint64 before = 0; ///< members in earlier parts
        std::vector<quint16> list;
        std::vector<quint64> bits;
        qint64 count() const;
        qint64 rank(int low) const;
        int at(qint64 n) const;
    };
    std::vector<Part> m_parts;
    qint64 m_count = 0;
    qint64 m_last = -1;
};

} // namespace openfactory
