// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/logshape.h"

#include "core/process/logformat.h"

#include <algorithm>

namespace openfactory {

qint64 LogShape::rows() const
{
    return rowOf(lines);
}

qint64 LogShape::rowOf(qint64 line) const
{
    if (!longLines || longLines->empty())
        return line;
    const auto after = std::ranges::lower_bound(*longLines, line, {}, &LongLine::line);
    if (after == longLines->begin())
        return line;
    const LongLine &last = *std::prev(after);
    return line + last.extraBefore + last.extra();
}

RowPlace LogShape::placeOf(qint64 row) const
{
    if (!longLines || longLines->empty())
        return {row, 0};
    const auto firstRow = [](const LongLine &l) { return l.line + l.extraBefore; };
    const auto after = std::ranges::upper_bound(*longLines, row, {}, firstRow);
    if (after == longLines->begin())
        return {row, 0};
    const LongLine &last = *std::prev(after);
    const qint64 into = row - firstRow(last);
    return into <= last.extra() ? RowPlace{last.line, into} : RowPlace{last.line + into - last.extra(), 0};
}

LogShape::Group LogShape::groupOf(qint64 row) const
{
    const qint64 block = placeOf(row).line / linesPerMark;
    if (longLines) {
        const auto at = std::ranges::lower_bound(*longLines, block * linesPerMark, {}, &LongLine::line);
        if (at != longLines->end() && at->line / linesPerMark == block)
            return {row, 1};
    }
    const qint64 first = rowOf(block * linesPerMark);
    return {first, std::min(linesPerMark, lines - block * linesPerMark)};
}

} // namespace openfactory
