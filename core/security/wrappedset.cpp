// SPDX-License-Identifier: Apache-2.0
#include "core/security/wrappedset.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace openfactory {

namespace {

/// So many characters must stand on each side of the first break: what has fewer there is looked for without them.
constexpr qsizetype seamSide = 3;
/// So many characters may be missing at the start of a literal, because the first break comes right after them.
constexpr qsizetype mostMissing = seamSide - 1;
constexpr qsizetype mostGapBytes = 64;
constexpr qsizetype leastLineBytes = 16;

constexpr std::array<bool, 256> wordTable = [] {
    std::array<bool, 256> table{};
    for (const char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")
        table[quint8(c)] = c != 0;
    return table;
}();

/// A character of base64, in either alphabet.
bool isWord(char c)
{
    return wordTable[quint8(c)];
}

/// Brackets are none: nothing shall be joined over a marker.
bool isGap(char c)
{
    return !isWord(c) && c != '[' && c != ']';
}

/// What stands between two lines, from its first byte on.
struct Gap {
    qsizetype to = 0;
    bool endsLine = false;
};

Gap gapFrom(QByteArrayView text, qsizetype from)
{
    Gap gap{from};
    for (; gap.to < text.size(); ++gap.to) {
        const char c = text[gap.to];
        const bool escaped = (c == 'n' || c == 'r') && gap.to > from && text[gap.to - 1] == '\\';
        if (!escaped && !isGap(c))
            break;
        gap.endsLine = gap.endsLine || escaped || c == '\n';
    }
    return gap;
}

qsizetype indexFrom(QByteArrayView text, char c, qsizetype from)
{
    if (from >= text.size())
        return text.size();
    const void *const at = std::memchr(text.data() + from, c, size_t(text.size() - from));
    return at ? static_cast<const char *>(at) - text.data() : text.size();
}

/// The places of line ends in a text, real and escaped ones, and of a backslash at its end, which may become one.
class LineEnds {
public:
    explicit LineEnds(QByteArrayView text) : m_text(text) {}
    qsizetype next(qsizetype from)
    {
        if (m_real < from)
            m_real = indexFrom(m_text, '\n', from);
        while (m_escaped < from || (m_escaped < m_real && !isEscape(m_escaped)))
            m_escaped = indexFrom(m_text, '\\', std::max(from, m_escaped + 1));
        return std::min(m_real, m_escaped);
    }

private:
    bool isEscape(qsizetype at) const
    {
        return at + 1 == m_text.size() || m_text[at + 1] == 'n' || m_text[at + 1] == 'r';
    }

    QByteArrayView m_text;
    qsizetype m_real = -1;
    qsizetype m_escaped = -1;
};

constexpr int hashBits = 20; // 128 KiB: stays in the second-level cache
constexpr int sideBits = 18;

/// The characters of one side. Put together in a register: copied to a number on the stack, they would be waited for.
quint32 sideOf(const char *bytes)
{
    static_assert(seamSide == 3);
    return quint32(quint8(bytes[0])) | quint32(quint8(bytes[1])) << 8 | quint32(quint8(bytes[2])) << 16;
}

quint32 hashOf(const char *before, const char *after)
{
    const quint64 bytes = quint64(sideOf(before)) << 32 | sideOf(after);
    return quint32(bytes * 0x9e3779b97f4a7c15u >> 32);
}

/// Of the characters of one side: 18 bits, for tables of 32 KiB.
quint32 sideHashOf(const char *bytes)
{
    return sideOf(bytes) * 2654435761u >> (32 - sideBits);
}

void mark(std::vector<quint64> &bits, quint32 bit)
{
    bits[bit / 64] |= quint64(1) << (bit % 64);
}

bool isMarked(const std::vector<quint64> &bits, quint32 bit)
{
    return (bits[bit / 64] >> (bit % 64) & 1) != 0;
}

} // namespace

bool WrappedSet::isBreakable(QByteArrayView literal)
{
    constexpr qsizetype leastBytes = 10; // shorter ones would be found in ordinary words
    return literal.size() >= leastBytes && std::ranges::all_of(literal, isWord)
           && literal.count('-') * 6 < literal.size();
}

WrappedSet::WrappedSet(const std::vector<QByteArray> &literals)
    : m_hashes((1 << hashBits) / 64),
      m_nextHashes((1 << sideBits) / 64),
      m_startHashes((1 << sideBits) / 64)
{
    for (const QByteArray &literal : literals) {
        if (!isBreakable(literal))
            continue;
        m_longest = std::max(m_longest, literal.size());
        for (qsizetype at = seamSide; at + seamSide <= literal.size(); ++at) {
            const quint32 hash = hashOf(literal.constData() + at - seamSide, literal.constData() + at);
            m_seams.push_back({hash, quint32(m_literals.size()), quint32(at)});
            mark(m_hashes, hash >> (32 - hashBits));
            mark(m_nextHashes, sideHashOf(literal.constData() + at));
        }
        for (const QByteArrayView start : {QByteArrayView(literal), QByteArrayView(literal).sliced(mostMissing)}) {
            m_starts.push_back(start);
            mark(m_startHashes, sideHashOf(start.data()));
        }
        m_literals.emplace_back(literal);
    }
    std::ranges::sort(m_seams, {}, &Seam::hash);
    std::ranges::sort(m_starts, [](QByteArrayView a, QByteArrayView b) { return a < b; });
}

/// Whether no literal is broken at a line's end, for the line that begins at `from`. Nearly all of a log's are
/// dismissed here, by what stands on both sides of the end; what it does not dismiss is looked at.
bool WrappedSet::isOrdinary(QByteArrayView text, qsizetype from, qsizetype end) const
{
    const char *const next = text.data() + end + 1;
    if (text.size() - end <= seamSide || isGap(*next) || *next == '+' || *next == '-')
        return false;
    if (!isMarked(m_nextHashes, sideHashOf(next)))
        return true;
    // Digits begin many lines, and many literals: the characters before tell them apart.
    return end > from && !isGap(text[end - 1])
           && (end - from < seamSide
               || !isMarked(m_hashes, hashOf(text.data() + end - seamSide, next) >> (32 - hashBits)));
}

/// Whether the text is the start of a literal, and not a whole one.
bool WrappedSet::isStart(QByteArrayView text) const
{
    if (text.size() >= seamSide && !isMarked(m_startHashes, sideHashOf(text.data())))
        return false;
    const auto least = std::ranges::upper_bound(m_starts, text,
                                                [](QByteArrayView a, QByteArrayView b) { return a < b; });
    return least != m_starts.end() && least->startsWith(text);
}

/// Where the longest start of a literal begins that ends at `end`; negative: none does.
qsizetype WrapScanner::startBefore(QByteArrayView text, qsizetype from, qsizetype end) const
{
    qsizetype first = end;
    while (first > std::max(from, end - m_set.m_longest) && isWord(text[first - 1]))
        --first;
    const qsizetype least = end == text.size() ? 1 : seamSide; // behind it more of the line may come
    for (qsizetype at = first; at + least <= end; ++at) {
        if (m_set.isStart(text.sliced(at, end - at)))
            return at;
    }
    return -1;
}

/// Adds the literals whose first line ends at `end` and whose second one starts at `next`, as each later one does
/// behind `signs` signs. Returns where the first one starts that goes on behind the text; negative: none does.
qsizetype WrapScanner::lookAt(QByteArrayView text, qsizetype from, qsizetype end, qsizetype next, qsizetype signs,
                              Ranges &found) const
{
    const quint32 hash = hashOf(text.data() + end - seamSide, text.data() + next);
    if (!isMarked(m_set.m_hashes, hash >> (32 - hashBits)))
        return -1;
    qsizetype open = -1;
    Ranges lines;
    for (const WrappedSet::Seam &seam : std::ranges::equal_range(m_set.m_seams, hash, {}, &WrappedSet::Seam::hash)) {
        const QByteArrayView literal = m_set.m_literals[seam.literal];
        const qsizetype at = seam.at;
        // The first characters may be on a line of their own, behind a break that was not looked at.
        qsizetype start = at;
        while (start > 0 && end - at + start > from && text[end - at + start - 1] == literal[start - 1])
            --start;
        if (start > mostMissing)
            continue;
        start = start == 0 ? 0 : mostMissing; // one of the two, as a start that is kept open is
        if (at - start < seamSide)
            continue;
        const qsizetype first = end - at + start;
        lines.clear();
        lines.push_back({first, end});
        qsizetype line = next;
        qsizetype to = next;
        bool goesOn = true;
        for (qsizetype i = at; goesOn && i < literal.size();) {
            if (to == text.size()) {
                open = open < 0 ? first : std::min(open, first);
                goesOn = false;
            } else if (text[to] == literal[i]) {
                ++to;
                ++i;
            } else {
                const Gap gap = gapFrom(text, to);
                goesOn = to - line >= leastLineBytes && gap.to > to && gap.to - to <= mostGapBytes
                         && (gap.endsLine || gap.to == text.size());
                lines.push_back({line, to});
                line = to = std::min(gap.to + signs, text.size());
            }
        }
        if (!goesOn)
            continue;
        lines.push_back({line, to});
        for (const LiteralScanner::Range &one : lines)
            found.push_back({m_seen - text.size() + one.from, m_seen - text.size() + one.to});
    }
    return open;
}

void WrapScanner::scan(QByteArrayView bytes, Ranges &found)
{
    if (!m_kept.isEmpty()) { // nearly always nothing is kept behind a line, and the rest need not be copied
        if (const qsizetype line = indexFrom(bytes, '\n', 0) + 1; line < bytes.size()) {
            scanOn(bytes.first(line), found);
            bytes = bytes.sliced(line);
        }
    }
    scanOn(bytes, found);
}

void WrapScanner::scanOn(QByteArrayView bytes, Ranges &found)
{
    m_seen += bytes.size();
    m_openFrom = m_seen;
    if (m_set.m_literals.empty())
        return;
    QByteArray joined;
    QByteArrayView text = bytes;
    if (!m_kept.isEmpty()) {
        joined.reserve(m_kept.size() + bytes.size());
        joined.append(m_kept).append(bytes);
        text = joined;
    }
    qsizetype open = text.size();
    const auto keepOpen = [&open](qsizetype start) { open = start < 0 ? open : std::min(open, start); };
    LineEnds ends(text);
    qsizetype from = 0; // end of the last gap
    for (qsizetype at = ends.next(0); at < text.size(); at = ends.next(from)) {
        if (text[at] == '\n' && m_set.isOrdinary(text, from, at)) {
            from = at + 1;
            continue;
        }
        const Gap gap = gapFrom(text, at);
        const qsizetype after = text.size() - gap.to;
        const bool isSigned = after > 0 && (text[gap.to] == '+' || text[gap.to] == '-'); // by diff
        if (after < seamSide || isSigned || isMarked(m_set.m_nextHashes, sideHashOf(text.data() + gap.to))) {
            qsizetype end = at;
            while (end > from && isGap(text[end - 1]))
                --end;
            if (gap.to - end <= mostGapBytes && end - from >= seamSide) {
                if (after < seamSide + (isSigned ? 1 : 0))
                    keepOpen(startBefore(text, from, end));
                if (after >= seamSide)
                    keepOpen(lookAt(text, from, end, gap.to, 0, found));
                if (isSigned && after > seamSide)
                    keepOpen(lookAt(text, from, end, gap.to + 1, 1, found));
            }
        }
        from = gap.to;
    }
    qsizetype end = text.size(); // the last line may be the first one of a literal
    while (end > from && isGap(text[end - 1]))
        --end;
    if (text.size() - end <= mostGapBytes)
        keepOpen(startBefore(text, from, end));
    qsizetype run = text.size();
    while (run > std::max(from, text.size() - m_set.m_longest) && isWord(text[run - 1]))
        --run;
    if (text.endsWith('\\')) // with an "n" or an "r" that comes next, it is a line end, and they are none of a literal
        --run;
    m_openFrom = m_seen - text.size() + open;
    m_kept = text.sliced(std::min(open, run)).toByteArray();
}

void WrapScanner::restart()
{
    m_kept.clear();
    m_seen = 0;
    m_openFrom = 0;
}

} // namespace openfactory
