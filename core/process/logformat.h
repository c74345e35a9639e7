// SPDX-License-Identifier: Apache-2.0
/// The index beside a log: `<log>.idx`. Little-endian, fixed-size records, append only, so that it can be read while it
/// grows and after a crash: a record that is cut short, or that points beyond the end of the log, is left out.
///
///   header (32 bytes)  "OFLOGIX1", wall time of the start in ms since the epoch, lines per mark (64), reserved
///   record (16 bytes)  offset in the log; word = kind | stream << 4 | microseconds since the start << 8
///     LineMark   line 64 * n begins at offset (n counts the marks from 0; the mark of line 0 is not written)
///     Chunk      from offset on the bytes came from stream, at that time (to about 10 ms)
///     Break      the line feed at offset was put in to separate two streams; it is no byte of the command
///     End        offset is the log's length; the microseconds are the number of lines instead
#pragma once

#include <QtEndian>

#include <cstring>

namespace openfactory {

enum class LogStream : quint8 { Output = 0, Errors = 1, Engine = 2 };
enum class LogRecordKind : quint8 { LineMark = 0, Chunk = 1, Break = 2, End = 3 };

inline constexpr qint64 linesPerMark = 64;
inline constexpr char logIndexMagic[9] = "OFLOGIX1";

struct LogIndexHeader {
    char magic[8];
    qint64_le startWallMs;
    quint32_le lines;
    quint32_le reserved;
    quint64_le reserved2;
};
static_assert(sizeof(LogIndexHeader) == 32);

struct LogRecord {
    quint64_le offset;
    quint64_le word;

    LogRecordKind kind() const { return LogRecordKind(quint8(quint64(word) & 0xf)); }
    LogStream stream() const { return LogStream(quint8((quint64(word) >> 4) & 0xf)); }
    qint64 value() const { return qint64(quint64(word) >> 8); }
    static LogRecord make(LogRecordKind kind, LogStream stream, qint64 offset, qint64 value)
    {
        LogRecord record;
        record.offset = quint64(offset);
        record.word = quint64(kind) | quint64(stream) << 4 | quint64(value) << 8;
        return record;
    }
};
static_assert(sizeof(LogRecord) == 16);

} // namespace openfactory
