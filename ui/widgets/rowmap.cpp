// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/rowmap.h"

#include <algorithm>

namespace openfactory {

RowMap::RowMap(const std::vector<Hidden> &hidden)
{
    for (const Hidden &next : hidden) {
        if (next.last < next.first)
            continue;
        if (!m_parts.empty() && next.first <= m_parts.back().last + 1) {
            m_parts.back().last = std::max(m_parts.back().last, next.last);
            continue;
        }
        m_parts.push_back({next.first, next.last, hiddenRows()});
    }
}

const RowMap::Part *RowMap::partBefore(qint64 row) const
{
    const auto after = std::ranges::upper_bound(m_parts, row, {}, &Part::first);
    return after == m_parts.begin() ? nullptr : &*std::prev(after);
}

bool RowMap::isHidden(qint64 row) const
{
    const Part *part = partBefore(row);
    return part && row <= part->last;
}

qint64 RowMap::seenBefore(qint64 row) const
{
    const Part *part = partBefore(row);
    if (!part)
        return row;
    return row - part->before - std::min(part->size(), row - part->first);
}

qint64 RowMap::rowAt(qint64 seen) const
{
    const auto after = std::ranges::upper_bound(m_parts, seen, {},
                                                [](const Part &part) { return part.first - part.before; });
    if (after == m_parts.begin())
        return seen;
    const Part &part = *std::prev(after);
    return seen + part.before + part.size();
}

} // namespace openfactory
