// SPDX-License-Identifier: Apache-2.0
/// Reads a log by line, whatever its size: line numbers, times and streams from the index, the text from the log. Works
/// while the log grows, and without an index (then the log is scanned once).
#pragma once

#include "core/base/descriptor.h"
#include "core/base/error.h"
#include "core/process/logformat.h"

#include <utility>
#include <vector>

namespace openfactory {

/// One thread at a time. Memory: 8 bytes for each 64 lines, 16 for each chunk.
class LogIndex {
public:
    static Result<LogIndex> open(const QString &logPath);
    /// Takes in what was written since.
    Result<void> refresh();

    qint64 bytes() const { return m_bytes; }
    qint64 lines() const { return m_lines; }       ///< an unfinished last line counts
    bool isComplete() const { return m_complete; } ///< the writer finished it

    /// Where a line begins; line 0 is the first. The end of the log for a line beyond the last.
    qint64 offsetOf(qint64 line) const;
    /// A line that begins at or before an offset, at most linesPerMark before the one that holds it, and where.
    std::pair<qint64, qint64> markBefore(qint64 offset) const;
    /// Bytes of the log as they are; fewer than asked for at its end.
    Result<qint64> read(qint64 offset, char *to, qint64 size) const;
    /// Up to `count` lines from `line`, without their line feeds, each cut at `most` bytes.
    Result<QByteArrayList> text(qint64 line, qint64 count, qint64 most) const;
    /// Milliseconds since the epoch (UTC) of the bytes at an offset.
    qint64 wallMsAt(qint64 offset) const;
    LogStream streamAt(qint64 offset) const;
    /// Offsets of line feeds that the writer put in.
    const std::vector<qint64> &breaks() const { return m_breaks; }

private:
    struct Chunk {
        qint64 offset;
        qint64 word; ///< microseconds << 4 | stream
    };
    const Chunk *chunkAt(qint64 offset) const;
    Result<void> readIndex();
    Result<void> scanRest();

    QString m_path;
    Descriptor m_log;
    Descriptor m_index;
    qint64 m_bytes = 0;
    qint64 m_lines = 0;
    qint64 m_startWallMs = 0;
    qint64 m_indexRead = 0;         ///< bytes of the index taken in
    std::vector<qint64> m_marks{0}; ///< begin of each 64th line
    std::vector<Chunk> m_chunks;
    std::vector<qint64> m_breaks;
    qint64 m_scanned = 0; ///< line feeds before here are counted in m_feeds
    qint64 m_feeds = 0;
    bool m_complete = false;
};

} // namespace openfactory
