// SPDX-License-Identifier: Apache-2.0
/// Byte strings that something broke into lines at a place of its own: base64 as the tools wrap it, in a JSON string,
/// in the block of a YAML file. A WrappedSet never changes: any thread. A WrapScanner is the state of one stream: one
/// thread at a time.
#pragma once

#include "core/security/literalset.h"

namespace openfactory {

/// Where which strings may be broken. A break is up to 64 bytes between two characters of base64, none of them such a
/// character itself, with a line end among them, real or escaped; behind it one more may be diff's sign. Each line but
/// the first and the last has 16 characters or more.
class WrappedSet {
public:
    /// Takes those of the literals that are breakable; they have to outlive the set.
    explicit WrappedSet(const std::vector<QByteArray> &literals);
    /// Whether it is ten characters of base64 or more, and nothing else; not so bytes in hex with dashes between them.
    static bool isBreakable(QByteArrayView literal);

private:
    friend class WrapScanner;
    /// The characters of a literal on both sides of a place where it may be broken.
    struct Seam {
        quint32 hash = 0;
        quint32 literal = 0;
        quint32 at = 0;
    };
    bool isStart(QByteArrayView text) const;
    bool isOrdinary(QByteArrayView text, qsizetype from, qsizetype end) const;

    std::vector<QByteArrayView> m_literals;
    std::vector<Seam> m_seams;            ///< sorted by hash
    std::vector<quint64> m_hashes;        ///< a bit for each hash of a seam
    std::vector<quint64> m_nextHashes;    ///< a bit for each hash of the characters behind a seam
    std::vector<QByteArrayView> m_starts; ///< sorted; the literals, with and without the characters that may be missing
    std::vector<quint64> m_startHashes;   ///< a bit for each hash of the first characters of those
    qsizetype m_longest = 0;
};

class WrapScanner {
public:
    /// The set must outlive the scanner.
    explicit WrapScanner(const WrappedSet &set) : m_set(set) {}

    /// Looks at the next bytes of the stream and adds what each line has of a broken literal to `found`, in any order.
    void scan(QByteArrayView bytes, std::vector<LiteralScanner::Range> &found);
    /// From where on the stream may hold a literal of which more than a line end is still to come; else its end. Never
    /// more than about 1.5 KB before the end.
    qint64 openFrom() const { return m_openFrom; }
    void restart();

private:
    using Ranges = std::vector<LiteralScanner::Range>;
    void scanOn(QByteArrayView bytes, Ranges &found);
    qsizetype startBefore(QByteArrayView text, qsizetype from, qsizetype end) const;
    qsizetype lookAt(QByteArrayView text, qsizetype from, qsizetype end, qsizetype next, qsizetype signs,
                     Ranges &found) const;

    const WrappedSet &m_set;
    QByteArray m_kept; ///< the last bytes of the stream, as far as they are needed
    qint64 m_seen = 0;
    qint64 m_openFrom = 0;
};

} // namespace openfactory
