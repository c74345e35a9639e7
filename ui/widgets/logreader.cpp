// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/logreader.h"

#include <algorithm>
#include <cstring>

namespace openfactory {

namespace {

constexpr qint64 styleBytes = 16 * 1024; ///< a colour that was set further back is not seen to go on
constexpr qint64 scanBytes = 256 * 1024;

} // namespace

Result<LogReader> LogReader::open(const QString &path)
{
    OF_TRY(index, LogIndex::open(path));
    LogReader reader(std::move(index));
    reader.m_path = path;
    OF_CHECK(reader.scan());
    return reader;
}

Result<bool> LogReader::refresh()
{
    const qint64 before = m_index.bytes();
    OF_CHECK(m_index.refresh());
    if (m_index.bytes() < before) {
        OF_TRY(fresh, open(m_path));
        *this = std::move(fresh);
        return true;
    }
    OF_CHECK(scan());
    return false;
}

/// Looks into the blocks that are large enough to hold a long line, and goes on with the last one where it ended.
Result<void> LogReader::scan()
{
    const qint64 bytes = m_index.bytes(), lines = m_index.lines();
    for (; m_block * linesPerMark < lines; ++m_block) {
        const qint64 start = m_index.offsetOf(m_block * linesPerMark);
        const bool finished = (m_block + 1) * linesPerMark < lines;
        const qint64 end = finished ? m_index.offsetOf((m_block + 1) * linesPerMark) : bytes;
        if (end - start > pieceBytes) {
            if (m_starts.empty()) {
                m_starts.push_back(start);
                m_scanned = start;
            }
            OF_CHECK(scanTo(end));
        }
        if (!finished)
            break;
        if (!m_starts.empty()) {
            if (m_starts.back() >= end)
                m_starts.pop_back();
            const size_t before = m_long.size();
            addLongLines(m_long, m_block, m_starts, end);
            if (m_long.size() > before)
                m_big.push_back({m_block, m_starts});
            m_starts.clear();
        }
    }
    auto all = std::make_shared<std::vector<LongLine>>(m_long);
    std::vector<qint64> starts = m_starts;
    if (!starts.empty() && starts.back() >= bytes)
        starts.pop_back();
    addLongLines(*all, m_block, starts, bytes);
    m_shape = {bytes, lines, m_index.isComplete(), all->empty() ? nullptr : std::move(all)};
    return {};
}

Result<void> LogReader::scanTo(qint64 end)
{
    QByteArray block(scanBytes, Qt::Uninitialized);
    while (m_scanned < end) {
        OF_TRY(n, m_index.read(m_scanned, block.data(), std::min(scanBytes, end - m_scanned)));
        if (n == 0)
            break;
        for (const char *at = block.constData(), *stop = at + n;
             (at = static_cast<const char *>(std::memchr(at, '\n', size_t(stop - at)))); ++at)
            m_starts.push_back(m_scanned + (at - block.constData()) + 1);
        m_scanned += n;
    }
    return {};
}

void LogReader::addLongLines(std::vector<LongLine> &to, qint64 block, const std::vector<qint64> &starts,
                             qint64 end) const
{
    for (size_t i = 0; i < starts.size(); ++i) {
        const qint64 next = i + 1 < starts.size() ? starts[i + 1] : end;
        if (next - starts[i] <= pieceBytes)
            continue;
        const qint64 before = to.empty() ? 0 : to.back().extraBefore + to.back().extra();
        to.push_back({block * linesPerMark + qint64(i), starts[i], next - starts[i], before});
    }
}

Result<QByteArray> LogReader::bytes(qint64 from, qint64 to) const
{
    QByteArray all(std::max<qint64>(0, to - from), Qt::Uninitialized);
    OF_TRY(n, m_index.read(from, all.data(), all.size()));
    all.truncate(n);
    return all;
}

Result<AnsiStyle> LogReader::styleBefore(qint64 offset) const
{
    OF_TRY(before, bytes(std::max<qint64>(0, offset - styleBytes), offset));
    return styleAfter(before);
}

Result<qint64> LogReader::aligned(qint64 offset, qint64 least) const
{
    const qint64 from = std::max(least, offset - 3);
    OF_TRY(around, bytes(from, offset + 1));
    for (qint64 at = std::min(offset - from, qint64(around.size()) - 1); at >= 0; --at) {
        if ((quint8(around[at]) & 0xc0) != 0x80)
            return from + at;
    }
    return offset; // no UTF-8 anyway
}

LogRow LogReader::row(RowPlace place, qint64 offset, QByteArrayView text, AnsiStyle &style, AnsiControls controls) const
{
    AnsiLine line = parseAnsi(text, style, controls);
    return {place,
            CellText(std::move(line.text)),
            std::move(line.spans),
            m_index.wallMsAt(offset),
            m_index.streamAt(offset),
            line.overwritten};
}

Result<std::vector<LogRow>> LogReader::rows(LogShape::Group group, AnsiControls controls) const
{
    std::vector<LogRow> rows;
    const RowPlace first = m_shape.placeOf(group.first);
    const qint64 block = first.line / linesPerMark;
    const auto big = std::ranges::lower_bound(m_big, block, {}, &BigBlock::block);
    const bool isBig = big != m_big.end() && big->block == block;
    if (isBig || (block == m_block && !m_starts.empty())) {
        const std::vector<qint64> &starts = isBig ? big->starts : m_starts;
        const auto i = size_t(first.line % linesPerMark);
        if (i >= starts.size())
            return rows;
        const qint64 lineEnd = i + 1 < starts.size() ? starts[i + 1]
                               : isBig               ? m_index.offsetOf((block + 1) * linesPerMark)
                                                     : m_shape.bytes;
        OF_TRY(from, aligned(starts[i] + first.piece * pieceBytes, starts[i]));
        const qint64 next = starts[i] + (first.piece + 1) * pieceBytes;
        qint64 to = lineEnd;
        if (next < lineEnd) {
            OF_TRY(cut, aligned(next, starts[i]));
            to = cut;
        }
        OF_TRY(text, bytes(from, to));
        if (text.endsWith('\n'))
            text.chop(1);
        OF_TRY(style, styleBefore(from));
        rows.push_back(row(first, from, text, style, controls));
        return rows;
    }
    qint64 offset = m_index.offsetOf(block * linesPerMark);
    OF_TRY(text, bytes(offset, m_index.offsetOf((block + 1) * linesPerMark)));
    OF_TRY(style, styleBefore(offset));
    qint64 at = 0;
    for (qint64 line = block * linesPerMark; at < text.size() && qint64(rows.size()) < linesPerMark; ++line) {
        const qint64 feed = text.indexOf('\n', at);
        const qint64 end = feed < 0 ? text.size() : feed;
        rows.push_back(row({line, 0}, offset + at, QByteArrayView(text).sliced(at, end - at), style, controls));
        at = end + 1;
    }
    return rows;
}

} // namespace openfactory
