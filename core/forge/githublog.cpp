// SPDX-License-Identifier: Apache-2.0
#include "core/forge/githublog.h"

#include "core/base/text.h"

#include <QtEndian>

#include <zlib.h>

#include <algorithm>
#include <array>
#include <vector>

namespace openfactory {

namespace {

constexpr int mostEntries = 2000;

/// A file of the archive, as its directory has it.
struct Entry {
    QByteArray name;
    quint16 method = 0; ///< 0 as it is, 8 deflate
    qint64 packed = 0;
    qint64 at = 0; ///< of its own header
};

std::unexpected<Error> damaged(const QString &said)
{
    return fail(ErrorKind::Invalid, QStringLiteral("unpack a job's log"), said);
}

template<class Number>
Number numberAt(const QByteArray &bytes, qint64 at)
{
    return qFromLittleEndian<Number>(bytes.constData() + at);
}

Result<std::vector<Entry>> entriesOf(const QByteArray &archive)
{
    constexpr qint64 endSize = 22;
    constexpr qint64 headerSize = 46;
    const qsizetype end = archive.lastIndexOf(QByteArrayView("PK\x05\x06", 4));
    if (end < 0 || end + endSize > archive.size())
        return damaged(QStringLiteral("the archive has no directory at its end"));
    const int count = numberAt<quint16>(archive, end + 10);
    qint64 at = numberAt<quint32>(archive, end + 16);
    std::vector<Entry> entries;
    for (int i = 0; i < std::min(count, mostEntries); ++i) {
        if (at + headerSize > end || archive.sliced(at, 4) != QByteArrayView("PK\x01\x02", 4))
            return damaged(QStringLiteral("entry %1 of %2 is not where the directory has it").arg(i + 1).arg(count));
        const qint64 name = numberAt<quint16>(archive, at + 28);
        const qint64 more = numberAt<quint16>(archive, at + 30) + qint64(numberAt<quint16>(archive, at + 32));
        if (at + headerSize + name + more > end)
            return damaged(QStringLiteral("entry %1 of %2 is longer than the directory").arg(i + 1).arg(count));
        entries.push_back({archive.sliced(at + headerSize, name), numberAt<quint16>(archive, at + 10),
                           numberAt<quint32>(archive, at + 20), numberAt<quint32>(archive, at + 42)});
        at += headerSize + name + more;
    }
    return entries;
}

Result<QByteArrayView> packedBytes(const QByteArray &archive, const Entry &entry)
{
    constexpr qint64 headerSize = 30;
    const QString name = displayPath(entry.name.left(200));
    if (entry.at + headerSize > archive.size() || archive.sliced(entry.at, 4) != QByteArrayView("PK\x03\x04", 4))
        return damaged(QStringLiteral("%1 is not where the directory has it").arg(name));
    const qint64 begin = entry.at + headerSize + numberAt<quint16>(archive, entry.at + 26)
                         + numberAt<quint16>(archive, entry.at + 28);
    if (begin + entry.packed > archive.size())
        return damaged(QStringLiteral("%1 goes on past the end").arg(name));
    return QByteArrayView(archive).sliced(begin, entry.packed);
}

/// Inflates into the end of the log; `left` is what may still be unpacked.
Result<void> inflateInto(QByteArrayView packed, const QString &name, LogEnd &log, qint64 &left)
{
    z_stream stream{};
    if (::inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return damaged(QStringLiteral("zlib refuses to begin"));
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(packed.data()));
    stream.avail_in = uInt(packed.size());
    QByteArray piece(64 * 1024, Qt::Uninitialized);
    int code = Z_OK;
    while (code == Z_OK && left > 0) {
        stream.next_out = reinterpret_cast<Bytef *>(piece.data());
        stream.avail_out = uInt(piece.size());
        code = ::inflate(&stream, Z_NO_FLUSH);
        const qsizetype got = piece.size() - qsizetype(stream.avail_out);
        log.add(piece.first(got));
        left -= got;
    }
    ::inflateEnd(&stream);
    if (code != Z_STREAM_END && left > 0)
        return damaged(QStringLiteral("%1 is damaged (zlib: %2)").arg(name).arg(code));
    return {};
}

} // namespace

void LogEnd::add(const QByteArray &piece)
{
    m_kept += piece;
    if (m_kept.size() > 2 * m_most + 64 * 1024) {
        m_kept.remove(0, m_kept.size() - m_most);
        m_cut = true;
    }
}

QByteArray LogEnd::take()
{
    if (m_kept.size() > m_most) {
        m_kept.remove(0, m_kept.size() - m_most);
        m_cut = true;
    }
    if (m_cut) {
        const qsizetype line = m_kept.indexOf('\n');
        qsizetype begin = line >= 0 && line + 1 < m_kept.size() ? line + 1 : 0;
        while (begin < m_kept.size() && (m_kept[begin] & 0xc0) == 0x80) // the rest of a character
            ++begin;
        m_kept.remove(0, begin);
    }
    return std::exchange(m_kept, {});
}

bool GitHubLog::add(const QByteArray &piece)
{
    if (m_kind == Kind::Unknown) {
        m_first += piece;
        if (m_first.size() < 4)
            return true;
        m_kind = m_first.startsWith("PK\x03\x04") || m_first.startsWith("PK\x05\x06") ? Kind::Archive : Kind::Text;
        return add(std::exchange(m_first, {}));
    }
    if (m_kind == Kind::Text) {
        m_end.add(piece);
        return true;
    }
    m_archive += piece;
    return m_archive.size() <= mostArchive;
}

Result<void> GitHubLog::finish()
{
    if (m_kind == Kind::Unknown)
        m_end.add(std::exchange(m_first, {}));
    if (m_kind != Kind::Archive)
        return {};
    if (m_archive.size() > mostArchive)
        return damaged(QStringLiteral("the archive is larger than %1 bytes").arg(mostArchive));
    OF_TRY(entries, entriesOf(m_archive));
    // A log of all steps lies beside those of single steps, which are in folders.
    const bool hasWhole = std::ranges::any_of(entries, [](const Entry &entry) { return !entry.name.contains('/'); });
    qint64 left = mostUnpacked;
    for (const Entry &entry : entries) {
        if (entry.packed == 0 || (hasWhole && entry.name.contains('/')))
            continue;
        OF_TRY(packed, packedBytes(m_archive, entry));
        const QString name = displayPath(entry.name.left(200));
        if (entry.method == 8)
            OF_CHECK(inflateInto(packed, name, m_end, left));
        else if (entry.method == 0)
            m_end.add(packed.toByteArray());
        else
            return damaged(QStringLiteral("%1 is packed by method %2, which is not read").arg(name).arg(entry.method));
    }
    m_archive.clear();
    return {};
}

} // namespace openfactory
