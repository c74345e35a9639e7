// SPDX-License-Identifier: Apache-2.0
#include "core/process/logwriter.h"

#include "core/base/text.h"

#include <QFile>

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <ctime>

namespace openfactory {

namespace {

constexpr qint64 heldBytes = 1024 * 1024; ///< of one stream, while the other's line is unfinished
constexpr qint64 heldUs = 250'000;
constexpr qint64 chunkUs = 10'000; ///< resolution of the times
constexpr qint64 flushUs = 100'000;
constexpr size_t flushRecords = 4096;

qint64 nowUs()
{
    timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return qint64(time.tv_sec) * 1'000'000 + time.tv_nsec / 1000;
}

Result<void> writeAll(int file, const char *bytes, qint64 size, const QString &path)
{
    while (size > 0) {
        const ssize_t n = ::write(file, bytes, size_t(size));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return std::unexpected(errnoError(errno, QStringLiteral("write %1").arg(path)));
        bytes += n;
        size -= n;
    }
    return {};
}

Result<Descriptor> create(const QString &path)
{
    Descriptor file(::open(QFile::encodeName(path).constData(),
                           O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file && errno == EEXIST)
        return fail(ErrorKind::Conflict, QStringLiteral("create the log %1").arg(path),
                    QStringLiteral("it exists already"));
    if (!file)
        return std::unexpected(errnoError(errno, QStringLiteral("create the log %1").arg(path)));
    return file;
}

} // namespace

Result<LogWriter> LogWriter::open(const QString &path)
{
    LogWriter writer;
    writer.m_path = path;
    OF_TRY(log, create(path));
    writer.m_log = std::move(log);
    OF_TRY(index, create(path + QStringLiteral(".idx")));
    writer.m_index = std::move(index);
    writer.m_startUs = nowUs();
    timespec wall{};
    ::clock_gettime(CLOCK_REALTIME, &wall);
    LogIndexHeader header{};
    memcpy(header.magic, logIndexMagic, sizeof header.magic);
    header.startWallMs = qint64(wall.tv_sec) * 1000 + wall.tv_nsec / 1'000'000;
    header.lines = quint32(linesPerMark);
    OF_CHECK(writeAll(writer.m_index.get(), reinterpret_cast<const char *>(&header), sizeof header, path));
    writer.m_indexBytes = sizeof header;
    return writer;
}

qint64 LogWriter::elapsedUs() const
{
    return nowUs() - m_startUs;
}

void LogWriter::record(LogRecordKind kind, LogStream stream, qint64 offset, qint64 value)
{
    m_records.push_back(LogRecord::make(kind, stream, offset, value));
}

/// Counts line feeds and notes where each 64th line begins.
void LogWriter::mark(QByteArrayView bytes, qint64 time)
{
    const char *at = bytes.begin();
    while (const char *found = static_cast<const char *>(memchr(at, '\n', size_t(bytes.end() - at)))) {
        at = found + 1;
        if (++m_lines % linesPerMark == 0)
            record(LogRecordKind::LineMark, LogStream(m_lastStream), m_bytes + (at - bytes.begin()), time);
    }
}

Result<void> LogWriter::put(LogStream stream, QByteArrayView bytes)
{
    if (bytes.isEmpty())
        return {};
    const qint64 time = elapsedUs();
    if (int(stream) != m_lastStream || time - m_lastChunkUs >= chunkUs) {
        record(LogRecordKind::Chunk, stream, m_bytes, time);
        m_lastStream = int(stream);
        m_lastChunkUs = time;
    }
    mark(bytes, time);
    OF_CHECK(writeAll(m_log.get(), bytes.data(), bytes.size(), m_path));
    m_bytes += bytes.size();
    m_openLine = bytes.back() == '\n' ? none : int(stream);
    if (m_records.size() >= flushRecords || time - m_lastFlushUs >= flushUs)
        return flushIndex();
    return {};
}

Result<void> LogWriter::append(LogStream stream, QByteArrayView bytes)
{
    if (bytes.isEmpty())
        return {};
    const bool mine = m_openLine == none || m_openLine == int(stream);
    if (!mine) {
        QByteArray &held = m_held[size_t(stream)];
        if (held.isEmpty())
            m_heldSinceUs = elapsedUs();
        held += bytes;
        return held.size() > heldBytes ? breakIn() : Result<void>();
    }
    const LogStream other = stream == LogStream::Output ? LogStream::Errors : LogStream::Output;
    const qsizetype lineEnd = m_held[size_t(other)].isEmpty() ? -1 : bytes.lastIndexOf('\n');
    if (lineEnd < 0)
        return put(stream, bytes);
    // At the end of a line the other stream's waiting lines go first.
    OF_CHECK(put(stream, bytes.first(lineEnd + 1)));
    OF_CHECK(releaseLines(other));
    const QByteArrayView rest = bytes.sliced(lineEnd + 1);
    if (rest.isEmpty() && !m_held[size_t(other)].isEmpty()) {
        const QByteArray tail = std::exchange(m_held[size_t(other)], {});
        return put(other, tail);
    }
    return put(stream, rest);
}

/// The whole lines that a stream has waiting; an unfinished one goes on waiting.
Result<void> LogWriter::releaseLines(LogStream stream)
{
    QByteArray &held = m_held[size_t(stream)];
    const qsizetype end = held.lastIndexOf('\n') + 1;
    OF_CHECK(put(stream, QByteArrayView(held).first(end)));
    held.remove(0, end);
    m_heldSinceUs = elapsedUs();
    return {};
}

/// Ends the unfinished line of one stream with a line feed of ours and gives out what the other one has waiting.
Result<void> LogWriter::breakIn()
{
    if (m_openLine != none) {
        record(LogRecordKind::Break, LogStream::Engine, m_bytes, elapsedUs());
        OF_CHECK(put(LogStream::Engine, "\n"));
    }
    for (size_t i = 0; i < m_held.size(); ++i) {
        const QByteArray held = std::exchange(m_held[i], {});
        OF_CHECK(put(LogStream(i), held));
    }
    return {};
}

Result<void> LogWriter::note(const QString &text)
{
    OF_CHECK(breakIn());
    if (m_openLine != none) {
        record(LogRecordKind::Break, LogStream::Engine, m_bytes, elapsedUs());
        OF_CHECK(put(LogStream::Engine, "\n"));
    }
    const QByteArray line = "[openfactory] " + text.toUtf8() + '\n';
    return put(LogStream::Engine, line);
}

Result<void> LogWriter::flushIndex()
{
    m_lastFlushUs = elapsedUs();
    const qint64 size = qint64(m_records.size() * sizeof(LogRecord));
    OF_CHECK(writeAll(m_index.get(), reinterpret_cast<const char *>(m_records.data()), size, m_path));
    m_indexBytes += size;
    m_records.clear();
    return {};
}

int LogWriter::tickMs() const
{
    const bool held = !m_held[0].isEmpty() || !m_held[1].isEmpty();
    if (!held && m_records.empty())
        return -1;
    const qint64 at = held ? m_heldSinceUs + heldUs : m_lastFlushUs + flushUs;
    return int(std::max<qint64>(0, (at - elapsedUs() + 999) / 1000));
}

Result<void> LogWriter::tick()
{
    const bool held = !m_held[0].isEmpty() || !m_held[1].isEmpty();
    if (held && elapsedUs() - m_heldSinceUs >= heldUs)
        OF_CHECK(breakIn());
    if (!m_records.empty() && elapsedUs() - m_lastFlushUs >= flushUs)
        return flushIndex();
    return {};
}

Result<void> LogWriter::finish()
{
    if (!m_held[0].isEmpty() || !m_held[1].isEmpty())
        OF_CHECK(breakIn());
    record(LogRecordKind::End, LogStream::Engine, m_bytes, m_lines + (m_openLine != none ? 1 : 0));
    return flushIndex();
}

} // namespace openfactory
