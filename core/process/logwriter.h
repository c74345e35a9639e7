// SPDX-License-Identifier: Apache-2.0
/// Writes the log of one command and the index beside it. Two streams become one file in which a line of one is never
/// split by the other, unless that line stalls for a quarter of a second or grows without end. Memory is bounded.
#pragma once

#include "core/base/descriptor.h"
#include "core/base/error.h"
#include "core/process/logformat.h"

#include <array>
#include <vector>

namespace openfactory {

/// One thread at a time.
class LogWriter {
public:
    /// Conflict when the log exists already; its folder must exist.
    static Result<LogWriter> open(const QString &path);

    /// Already masked bytes of a stream.
    Result<void> append(LogStream stream, QByteArrayView bytes);
    /// A line of our own, such as why the log ends.
    Result<void> note(const QString &text);
    /// Call now and then while nothing comes: gives out what was held back too long, and the index.
    Result<void> tick();
    /// Gives out everything and ends the index. The files are closed with the writer.
    Result<void> finish();

    /// Milliseconds until tick() has something to do; -1: nothing.
    int tickMs() const;
    qint64 bytes() const { return m_bytes; } ///< of the log
    qint64 indexBytes() const { return m_indexBytes; }

private:
    static constexpr int none = -1;
    qint64 elapsedUs() const;
    Result<void> take(LogStream stream, QByteArrayView bytes);
    Result<void> put(LogStream stream, QByteArrayView bytes);
    Result<void> releaseLines(LogStream stream);
    Result<void> breakIn();
    Result<void> flushIndex();
    void record(LogRecordKind kind, LogStream stream, qint64 offset, qint64 value);
    void mark(QByteArrayView bytes, qint64 time);

    QString m_path;
    Descriptor m_log;
    Descriptor m_index;
    qint64 m_startUs = 0;
    qint64 m_bytes = 0;
    qint64 m_indexBytes = 0;
    qint64 m_lines = 0;               ///< line feeds so far
    int m_openLine = none;            ///< the stream whose unfinished line is last in the log
    std::array<QByteArray, 2> m_held; ///< waits for the other stream's line to end
    qint64 m_heldSinceUs = 0;
    int m_lastStream = none;
    qint64 m_lastChunkUs = 0;
    qint64 m_lastFlushUs = 0;
    std::vector<LogRecord> m_records; ///< not yet written
};

} // namespace openfactory
