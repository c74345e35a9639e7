// SPDX-License-Identifier: Apache-2.0
#include "core/security/literalset.h"

#include "core/security/wrappedset.h"

#include <hs.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace openfactory {

namespace {

constexpr int startBytes = 4;

/// 18 bits: the table of them, 32 KiB, stays in the first-level cache.
quint32 startHash(const char *bytes)
{
    quint32 four;
    std::memcpy(&four, bytes, startBytes);
    return four * 2654435761u >> 14;
}

/// Joins ranges that overlap or touch; keeps a flood of hits in one range.
void addRange(std::vector<LiteralScanner::Range> &ranges, LiteralScanner::Range range)
{
    while (!ranges.empty() && range.from <= ranges.back().to && ranges.back().from <= range.to) {
        range.from = std::min(range.from, ranges.back().from);
        range.to = std::max(range.to, ranges.back().to);
        ranges.pop_back();
    }
    ranges.push_back(range);
}

} // namespace

struct LiteralSet::Engine {
    hs_database_t *database = nullptr;
    hs_scratch_t *scratch = nullptr; ///< cloned for each scanner, never used itself
    ~Engine()
    {
        hs_free_scratch(scratch);
        hs_free_database(database);
    }
};

LiteralSet::LiteralSet() : m_starts((1 << 18) / 64), m_engine(std::make_unique<Engine>())
{}
LiteralSet::~LiteralSet() = default;

Result<std::shared_ptr<const LiteralSet>> LiteralSet::compile(std::vector<QByteArray> literals)
{
    const QString doing = QStringLiteral("compile %1 strings to look for").arg(literals.size());
    if (hs_valid_platform() != HS_SUCCESS)
        return fail(ErrorKind::Unsupported, doing, QStringLiteral("the processor is too old for the pattern library"),
                    QStringLiteral("SSE 4.2 is needed"));
    std::shared_ptr<LiteralSet> set(new LiteralSet);
    std::vector<const char *> bytes;
    std::vector<size_t> sizes;
    std::vector<unsigned> ids;
    for (const QByteArray &literal : literals) {
        if (literal.size() < startBytes || literal.front() == 0)
            return fail(ErrorKind::Internal, doing, QStringLiteral("one is too short or starts with NUL"));
        bytes.push_back(literal.constData());
        sizes.push_back(size_t(literal.size()));
        ids.push_back(unsigned(ids.size()));
        set->m_longest = std::max(set->m_longest, literal.size());
        const quint32 hash = startHash(literal.constData());
        set->m_starts[hash / 64] |= quint64(1) << (hash % 64);
    }
    const std::vector<unsigned> flags(literals.size(), 0);
    hs_compile_error_t *error = nullptr;
    if (hs_compile_lit_multi(bytes.data(), flags.data(), ids.data(), sizes.data(), unsigned(bytes.size()),
                             HS_MODE_STREAM, nullptr, &set->m_engine->database, &error)
        != HS_SUCCESS) {
        // The library's text may quote the expression: never pass it on.
        const int which = error ? error->expression : -1;
        hs_free_compile_error(error);
        return fail(ErrorKind::Internal, doing, QStringLiteral("the pattern library refused string %1").arg(which));
    }
    if (hs_alloc_scratch(set->m_engine->database, &set->m_engine->scratch) != HS_SUCCESS)
        return fail(ErrorKind::Io, doing, QStringLiteral("no memory left"));
    set->m_literals = std::move(literals);
    set->m_wrapped = std::make_unique<const WrappedSet>(set->m_literals);
    return set;
}

/// Whether the tail is the start of a literal, and not a whole one.
bool LiteralSet::startsLiteral(QByteArrayView tail) const
{
    const auto least = std::ranges::upper_bound(m_literals, tail,
                                                [](QByteArrayView a, QByteArrayView b) { return a < b; });
    return least != m_literals.end() && QByteArrayView(*least).startsWith(tail);
}

qsizetype LiteralSet::openTail(QByteArrayView text) const
{
    const char *const end = text.end();
    const char *const begin = end - std::min(text.size(), m_longest - 1);
    for (const char *at = begin; at < end; ++at) {
        if (end - at >= startBytes) {
            const quint32 hash = startHash(at);
            if (!(m_starts[hash / 64] >> (hash % 64) & 1))
                continue;
        }
        if (startsLiteral(QByteArrayView(at, end - at)))
            return end - at;
    }
    return 0;
}

struct LiteralScanner::State {
    hs_stream_t *stream = nullptr;
    hs_scratch_t *scratch = nullptr;
};

LiteralScanner::LiteralScanner(std::shared_ptr<const LiteralSet> set)
    : m_set(std::move(set)),
      m_state(std::make_unique<State>()),
      m_wraps(std::make_unique<WrapScanner>(*m_set->m_wrapped))
{
    if (hs_clone_scratch(m_set->m_engine->scratch, &m_state->scratch) != HS_SUCCESS
        || hs_open_stream(m_set->m_engine->database, 0, &m_state->stream) != HS_SUCCESS)
        qFatal("no memory left for masking secrets"); // going on would let them through
}

LiteralScanner::~LiteralScanner()
{
    hs_close_stream(m_state->stream, m_state->scratch, nullptr, nullptr);
    hs_free_scratch(m_state->scratch);
}

void LiteralScanner::scan(QByteArrayView bytes, std::vector<Range> &found)
{
    struct Taking {
        const std::vector<QByteArray> &literals;
        std::vector<Range> &found;
    } taking{m_set->m_literals, found};
    const auto take = [](unsigned id, unsigned long long, unsigned long long to, unsigned, void *context) {
        const auto &into = *static_cast<Taking *>(context);
        addRange(into.found, {qint64(to) - into.literals[id].size(), qint64(to)});
        return 0;
    };
    if (hs_scan_stream(m_state->stream, bytes.data(), unsigned(bytes.size()), 0, m_state->scratch, take, &taking)
        != HS_SUCCESS)
        qFatal("scanning for secrets failed"); // a mistake of ours: going on would let them through
    m_wraps->scan(bytes, found);
    // Hits come in the order of their ends; a long one may reach behind several short ones that lie apart.
    const auto outOfOrder = [](const Range &a, const Range &b) { return a.to >= b.from; };
    if (std::ranges::adjacent_find(found, outOfOrder) != found.end()) {
        std::vector<Range> unsorted = std::exchange(found, {});
        std::ranges::sort(unsorted, {}, &Range::from);
        for (const Range &range : unsorted)
            addRange(found, range);
    }
}

qint64 LiteralScanner::openFrom() const
{
    return m_wraps->openFrom();
}

bool LiteralScanner::findsAny(QByteArrayView bytes)
{
    std::vector<Range> wrapped;
    m_wraps->scan(bytes, wrapped);
    if (!wrapped.empty())
        return true;
    const auto stop = [](unsigned, unsigned long long, unsigned long long, unsigned, void *) { return 1; };
    return hs_scan_stream(m_state->stream, bytes.data(), unsigned(bytes.size()), 0, m_state->scratch, stop, nullptr)
           == HS_SCAN_TERMINATED;
}

void LiteralScanner::restart()
{
    hs_reset_stream(m_state->stream, 0, m_state->scratch, nullptr, nullptr);
    m_wraps->restart();
}

} // namespace openfactory
