// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/lineset.h"

#include <algorithm>
#include <bit>

namespace openfactory {

namespace {

constexpr size_t listMost = 4096; ///< members; as many bytes as the bits take
constexpr size_t words = 65536 / 64;

} // namespace

void LineSet::add(qint64 line)
{
    if (m_count > 0 && line <= m_last)
        return;
    const qint64 key = line >> 16;
    const auto low = quint16(line & 0xffff);
    if (m_parts.empty() || m_parts.back().key != key)
        m_parts.push_back({key, m_count, {}, {}});
    Part &part = m_parts.back();
    if (part.bits.empty() && part.list.size() == listMost) {
        part.bits.resize(words);
        for (const quint16 member : part.list)
            part.bits[member / 64] |= quint64(1) << member % 64;
        part.list = {};
    }
    if (part.bits.empty())
        part.list.push_back(low);
    else
        part.bits[low / 64] |= quint64(1) << low % 64;
    m_last = line;
    ++m_count;
}

qint64 LineSet::Part::count() const
{
    return rank(65536);
}

qint64 LineSet::Part::rank(int low) const
{
    if (bits.empty())
        return std::ranges::lower_bound(list, low) - list.begin();
    qint64 sum = 0;
    for (int word = 0; word < low / 64; ++word)
        sum += std::popcount(bits[size_t(word)]);
    if (low % 64)
        sum += std::popcount(bits[size_t(low / 64)] & ((quint64(1) << low % 64) - 1));
    return sum;
}

int LineSet::Part::at(qint64 n) const
{
    if (bits.empty())
        return list[size_t(n)];
    for (size_t word = 0;; ++word) {
        const int here = std::popcount(bits[word]);
        if (n < here) {
            quint64 rest = bits[word];
            for (; n > 0; --n)
                rest &= rest - 1;
            return int(word * 64) + std::countr_zero(rest);
        }
        n -= here;
    }
}

qint64 LineSet::rank(qint64 line) const
{
    const auto part = std::ranges::lower_bound(m_parts, line >> 16, {}, &Part::key);
    if (part == m_parts.end())
        return m_count;
    return part->before + (part->key == line >> 16 ? part->rank(int(line & 0xffff)) : 0);
}

qint64 LineSet::at(qint64 n) const
{
    if (n < 0 || n >= m_count)
        return -1;
    const auto part = std::prev(std::ranges::upper_bound(m_parts, n, {}, &Part::before));
    return part->key << 16 | part->at(n - part->before);
}

} // namespace openfactory
