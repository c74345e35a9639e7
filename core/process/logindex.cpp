// SPDX-License-Identifier: Apache-2.0
#include "core/process/logindex.h"

#include <QFile>

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace openfactory {

namespace {

constexpr qint64 blockBytes = 256 * 1024;

Result<qint64> readAt(int file, char *to, qint64 size, qint64 offset, const QString &path)
{
    while (true) {
        const ssize_t n = ::pread(file, to, size_t(size), offset);
        if (n >= 0)
            return n;
        if (errno != EINTR)
            return std::unexpected(errnoError(errno, QStringLiteral("read %1").arg(path)));
    }
}

Descriptor openFile(const QString &path)
{
    return Descriptor(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
}

} // namespace

Result<LogIndex> LogIndex::open(const QString &logPath)
{
    LogIndex index;
    index.m_path = logPath;
    index.m_log = openFile(logPath);
    struct stat facts{};
    if (!index.m_log || ::fstat(index.m_log.get(), &facts) != 0)
        return std::unexpected(errnoError(errno, QStringLiteral("open the log %1").arg(logPath)));
    if (!S_ISREG(facts.st_mode))
        return fail(ErrorKind::Invalid, QStringLiteral("open the log %1").arg(logPath),
                    QStringLiteral("it is not a regular file"));
    index.m_index = openFile(logPath + QStringLiteral(".idx"));
    OF_CHECK(index.refresh());
    return index;
}

Result<void> LogIndex::refresh()
{
    struct stat facts{};
    if (::fstat(m_log.get(), &facts) != 0)
        return std::unexpected(errnoError(errno, QStringLiteral("read %1").arg(m_path)));
    m_bytes = facts.st_size;
    if (m_index)
        OF_CHECK(readIndex());
    return m_complete ? Result<void>() : scanRest();
}

Result<void> LogIndex::readIndex()
{
    if (m_indexRead == 0) {
        LogIndexHeader header{};
        OF_TRY(n, readAt(m_index.get(), reinterpret_cast<char *>(&header), sizeof header, 0, m_path));
        if (n != qint64(sizeof header) || memcmp(header.magic, logIndexMagic, sizeof header.magic) != 0
            || header.lines != quint32(linesPerMark)) {
            m_index.reset(); // not ours, or of another version: the log is scanned
            return {};
        }
        m_startWallMs = header.startWallMs;
        m_indexRead = sizeof header;
    }
    std::vector<LogRecord> block(blockBytes / sizeof(LogRecord));
    while (true) {
        OF_TRY(n, readAt(m_index.get(), reinterpret_cast<char *>(block.data()), blockBytes, m_indexRead, m_path));
        const size_t whole = size_t(n) / sizeof(LogRecord);
        for (size_t i = 0; i < whole; ++i) {
            const LogRecord &record = block[i];
            const qint64 offset = qint64(quint64(record.offset));
            if (offset < 0 || offset > m_bytes)
                return {}; // the log was cut: what follows points nowhere
            switch (record.kind()) {
            case LogRecordKind::LineMark:
                // Marks that a scan of the growing log has found already are the same ones.
                if (offset > m_marks.back())
                    m_marks.push_back(offset);
                break;
            case LogRecordKind::Chunk:
                m_chunks.push_back({offset, record.value() << 4 | qint64(record.stream())});
                break;
            case LogRecordKind::Break: m_breaks.push_back(offset); break;
            case LogRecordKind::End:
                // Each line has a byte at least: an end that says otherwise is damaged, and the lines are counted.
                m_complete = offset == m_bytes && record.value() <= m_bytes;
                m_lines = record.value();
                break;
            }
            m_indexRead += sizeof(LogRecord);
        }
        if (n < blockBytes)
            return {};
    }
}

/// Counts the lines after the last mark.
Result<void> LogIndex::scanRest()
{
    const qint64 marked = qint64(m_marks.size() - 1) * linesPerMark;
    if (m_marks.back() > m_scanned) {
        m_scanned = m_marks.back();
        m_feeds = marked;
    }
    QByteArray block(blockBytes, Qt::Uninitialized);
    bool unfinished = m_scanned > 0 && m_scanned > m_marks.back();
    while (m_scanned < m_bytes) {
        OF_TRY(n, readAt(m_log.get(), block.data(), std::min(blockBytes, m_bytes - m_scanned), m_scanned, m_path));
        if (n == 0)
            break;
        const char *at = block.constData();
        const char *end = at + n;
        while (const char *found = static_cast<const char *>(memchr(at, '\n', size_t(end - at)))) {
            at = found + 1;
            if (++m_feeds % linesPerMark == 0)
                m_marks.push_back(m_scanned + (at - block.constData()));
        }
        unfinished = end[-1] != '\n';
        m_scanned += n;
    }
    if (m_scanned == m_bytes && m_bytes > 0) {
        char last = 0;
        OF_TRY(n, readAt(m_log.get(), &last, 1, m_bytes - 1, m_path));
        unfinished = n == 1 && last != '\n';
    }
    m_lines = m_feeds + (unfinished ? 1 : 0);
    return {};
}

qint64 LogIndex::offsetOf(qint64 line) const
{
    if (line <= 0)
        return 0;
    if (line >= m_lines)
        return m_bytes;
    const size_t mark = std::min(size_t(line / linesPerMark), m_marks.size() - 1);
    qint64 offset = m_marks[mark];
    qint64 missing = line - qint64(mark) * linesPerMark;
    if (missing == 0)
        return offset;
    QByteArray block(64 * 1024, Qt::Uninitialized);
    while (missing > 0) {
        const auto n = readAt(m_log.get(), block.data(), block.size(), offset, m_path);
        if (!n || *n == 0)
            return m_bytes;
        const char *at = block.constData();
        const char *end = at + *n;
        while (missing > 0) {
            const char *found = static_cast<const char *>(memchr(at, '\n', size_t(end - at)));
            if (!found) {
                at = end;
                break;
            }
            at = found + 1;
            --missing;
        }
        offset += at - block.constData();
    }
    return offset;
}

std::pair<qint64, qint64> LogIndex::markBefore(qint64 offset) const
{
    const auto after = std::ranges::upper_bound(m_marks, std::max<qint64>(offset, 0));
    const auto mark = std::prev(after);
    return {(mark - m_marks.begin()) * linesPerMark, *mark};
}

Result<qint64> LogIndex::read(qint64 offset, char *to, qint64 size) const
{
    qint64 got = 0;
    while (got < size) {
        OF_TRY(n, readAt(m_log.get(), to + got, size - got, offset + got, m_path));
        if (n == 0)
            break;
        got += n;
    }
    return got;
}

Result<QByteArrayList> LogIndex::text(qint64 line, qint64 count, qint64 most) const
{
    QByteArrayList lines;
    qint64 offset = offsetOf(line);
    const qint64 last = std::min(m_lines, line + count);
    QByteArray block(64 * 1024, Qt::Uninitialized);
    QByteArray current;
    while (line + lines.size() < last) {
        OF_TRY(n, readAt(m_log.get(), block.data(), block.size(), offset, m_path));
        if (n == 0)
            break;
        offset += n;
        for (const char *at = block.constData(), *end = at + n; at < end && line + lines.size() < last;) {
            const char *found = static_cast<const char *>(memchr(at, '\n', size_t(end - at)));
            const char *stop = found ? found : end;
            current.append(at, std::min<qsizetype>(stop - at, most - current.size()));
            at = found ? found + 1 : end;
            if (found)
                lines << std::exchange(current, {});
        }
    }
    if (line + lines.size() < last)
        lines << current;
    return lines;
}

const LogIndex::Chunk *LogIndex::chunkAt(qint64 offset) const
{
    const auto after = std::ranges::upper_bound(m_chunks, offset, {}, &Chunk::offset);
    return after == m_chunks.begin() ? nullptr : &*std::prev(after);
}

qint64 LogIndex::wallMsAt(qint64 offset) const
{
    const Chunk *chunk = chunkAt(offset);
    return m_startWallMs + (chunk ? (chunk->word >> 4) / 1000 : 0);
}

LogStream LogIndex::streamAt(qint64 offset) const
{
    const Chunk *chunk = chunkAt(offset);
    return chunk ? LogStream(quint8(chunk->word & 0xf)) : LogStream::Output;
}

} // namespace openfactory
