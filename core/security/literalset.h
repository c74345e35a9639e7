// SPDX-License-Identifier: Apache-2.0
/// Many byte strings, found in a stream in one pass (Vectorscan), also where they are broken into lines (wrappedset.h).
/// A LiteralSet never changes: any thread, shared by the
/// scanners that use it. A LiteralScanner is the state of one stream: one thread at a time.
#pragma once

#include "core/base/error.h"

#include <memory>
#include <vector>

namespace openfactory {

class WrappedSet;
class WrapScanner;

class LiteralSet {
public:
    /// The literals must be sorted, without repeats, each of four bytes or more and not starting with NUL; at least
    /// one. Unsupported where the processor is too old.
    static Result<std::shared_ptr<const LiteralSet>> compile(std::vector<QByteArray> literals);
    ~LiteralSet();
    LiteralSet(const LiteralSet &) = delete;
    LiteralSet &operator=(const LiteralSet &) = delete;

    const std::vector<QByteArray> &literals() const { return m_literals; }
    qsizetype longest() const { return m_longest; }
    /// How many bytes at the end of the text may be the start of a literal: 0 to longest() - 1.
    qsizetype openTail(QByteArrayView text) const;

private:
    friend class LiteralScanner;
    struct Engine;
    LiteralSet();
    bool startsLiteral(QByteArrayView tail) const;

    std::vector<QByteArray> m_literals;
    std::vector<quint64> m_starts; ///< a bit for each hash that the first bytes of a literal have
    qsizetype m_longest = 0;
    std::unique_ptr<Engine> m_engine;
    std::unique_ptr<const WrappedSet> m_wrapped;
};

class LiteralScanner {
public:
    /// Bytes of the stream, counted from its start.
    struct Range {
        qint64 from = 0;
        qint64 to = 0;
    };

    explicit LiteralScanner(std::shared_ptr<const LiteralSet> set);
    ~LiteralScanner();
    LiteralScanner(const LiteralScanner &) = delete;
    LiteralScanner &operator=(const LiteralScanner &) = delete;

    /// Scans the next bytes of the stream (up to 1 GiB at once) and adds the literals that end in them to `found`,
    /// which stays sorted; ranges that overlap or touch become one. Of a broken literal each line is a range.
    void scan(QByteArrayView bytes, std::vector<Range> &found);
    /// From where on the bytes scanned so far may hold a broken literal of which more is to come; else their end.
    qint64 openFrom() const;
    /// Whether a literal ends in the next bytes; stops at the first. The scanner is of no further use after a yes.
    bool findsAny(QByteArrayView bytes);
    void restart();

private:
    struct State;
    std::shared_ptr<const LiteralSet> m_set;
    std::unique_ptr<State> m_state;
    std::unique_ptr<WrapScanner> m_wraps;
};

} // namespace openfactory
