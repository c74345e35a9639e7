// SPDX-License-Identifier: Apache-2.0
#include "core/git/indexfile.h"

#include "core/git/folder.h"

#include <QCryptographicHash>
#include <QFile>
#include <QtEndian>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace openfactory::git {

namespace {

// "DIRC", version, count; entries of ten 32-bit numbers, the object id, 16 bits of flags, the path, and 1 to 8 zero
// bytes up to a multiple of 8; extensions, of which we write none; the SHA-1 of all before it.
constexpr qsizetype headerSize = 12;
constexpr qsizetype fixedSize = 62;
constexpr qsizetype hashSize = 20;

void put32(QByteArray &bytes, uint32_t value)
{
    const uint32_t big = qToBigEndian(value);
    bytes.append(reinterpret_cast<const char *>(&big), 4);
}

uint32_t get32(const char *at)
{
    return qFromBigEndian<quint32>(at);
}

} // namespace

FileStat::FileStat(const struct stat &facts)
    : ctimeSeconds(uint32_t(facts.st_ctim.tv_sec)),
      ctimeNanoseconds(uint32_t(facts.st_ctim.tv_nsec)),
      mtimeSeconds(uint32_t(facts.st_mtim.tv_sec)),
      mtimeNanoseconds(uint32_t(facts.st_mtim.tv_nsec)),
      dev(uint32_t(facts.st_dev)),
      ino(uint32_t(facts.st_ino)),
      uid(facts.st_uid),
      gid(facts.st_gid),
      size(uint32_t(facts.st_size))
{}

IndexFile IndexFile::load(const QString &path)
{
    IndexFile index;
    const Descriptor file(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat facts{};
    if (!file || ::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size < headerSize + hashSize)
        return index;
    QByteArray bytes(facts.st_size, Qt::Uninitialized);
    for (qsizetype done = 0; done < bytes.size();) {
        const ssize_t n = ::read(file.get(), bytes.data() + done, size_t(bytes.size() - done));
        if (n <= 0)
            return index;
        done += n;
    }
    const qsizetype end = bytes.size() - hashSize;
    // Its SHA-1 is there for git and is not checked, as git does not: the file came by a rename, in this boot.
    if (!bytes.startsWith("DIRC") || get32(bytes.constData() + 4) != 2)
        return index;
    std::vector<IndexEntry> entries;
    entries.reserve(std::min<size_t>(get32(bytes.constData() + 8), size_t(end / fixedSize)));
    qsizetype at = headerSize;
    for (uint32_t left = get32(bytes.constData() + 8); left > 0; --left) {
        if (at + fixedSize >= end)
            return index;
        const char *p = bytes.constData() + at;
        IndexEntry entry;
        entry.stat.ctimeSeconds = get32(p);
        entry.stat.ctimeNanoseconds = get32(p + 4);
        entry.stat.mtimeSeconds = get32(p + 8);
        entry.stat.mtimeNanoseconds = get32(p + 12);
        entry.stat.dev = get32(p + 16);
        entry.stat.ino = get32(p + 20);
        entry.mode = get32(p + 24);
        entry.stat.uid = get32(p + 28);
        entry.stat.gid = get32(p + 32);
        entry.stat.size = get32(p + 36);
        git_oid_fromraw(&entry.oid, reinterpret_cast<const unsigned char *>(p + 40));
        const qsizetype length = qsizetype(qstrnlen(p + fixedSize, size_t(end - at - fixedSize)));
        entry.path = QByteArray(p + fixedSize, length);
        at += (fixedSize + length + 8) & ~qsizetype(7);
        if (at > end)
            return index;
        entries.push_back(std::move(entry));
    }
    index.m_entries = std::move(entries);
    index.m_written = facts.st_mtim;
    index.m_inode = facts.st_ino;
    return index;
}

Result<void> IndexFile::save(const QString &path, const std::vector<IndexEntry> &entries)
{
    QByteArray bytes("DIRC");
    bytes.reserve(qsizetype(entries.size()) * 112);
    put32(bytes, 2);
    put32(bytes, uint32_t(entries.size()));
    for (const IndexEntry &entry : entries) {
        const FileStat &s = entry.stat;
        for (const uint32_t number : {s.ctimeSeconds, s.ctimeNanoseconds, s.mtimeSeconds, s.mtimeNanoseconds, s.dev,
                                      s.ino, entry.mode, s.uid, s.gid, s.size})
            put32(bytes, number);
        bytes.append(reinterpret_cast<const char *>(entry.oid.id), hashSize);
        const uint16_t flags = qToBigEndian(uint16_t(std::min<qsizetype>(entry.path.size(), 0xfff)));
        bytes.append(reinterpret_cast<const char *>(&flags), 2);
        bytes.append(entry.path);
        bytes.append(8 - (fixedSize + entry.path.size()) % 8, '\0');
    }
    bytes.append(QCryptographicHash::hash(bytes, QCryptographicHash::Sha1));

    // Not fsynced: it is only a memory of the files, and after the machine went down it is not believed.
    const QString doing = QStringLiteral("write %1").arg(path);
    const QByteArray name = QFile::encodeName(path);
    const QByteArray temporary = name + ".new";
    ::unlink(temporary.constData());
    Descriptor file(::open(temporary.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (!file)
        return std::unexpected(errnoError(errno, doing));
    for (qsizetype done = 0; done < bytes.size();) {
        const ssize_t n = ::write(file.get(), bytes.constData() + done, size_t(bytes.size() - done));
        if (n < 0 && errno != EINTR)
            return std::unexpected(errnoError(errno, doing));
        done += std::max<ssize_t>(n, 0);
    }
    if (file.close() != 0 || ::rename(temporary.constData(), name.constData()) != 0)
        return std::unexpected(errnoError(errno, doing));
    return {};
}

bool IndexFile::vouchesFor(const IndexEntry &entry, const struct stat &facts) const
{
    const FileStat now(facts);
    if (entry.stat != now || now.mtimeSeconds == 0)
        return false;
    const bool link = S_ISLNK(facts.st_mode);
    if (entry.mode != (link ? modeLink : (facts.st_mode & S_IXUSR) ? modeExecutable : modeFile))
        return false;
    const auto before = [&](const timespec &time) {
        // Where times have no nanoseconds, the index's must not be used either.
        return time.tv_sec < m_written.tv_sec
               || (time.tv_sec == m_written.tv_sec && time.tv_nsec != 0 && time.tv_nsec < m_written.tv_nsec);
    };
    return before(facts.st_mtim) && before(facts.st_ctim);
}

} // namespace openfactory::git
