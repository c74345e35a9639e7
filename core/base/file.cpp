// SPDX-License-Identifier: Apache-2.0
#include "core/base/file.h"

#include "core/base/id.h"
#include "core/base/text.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <memory>

namespace openfactory {

namespace {

/// To the system a name ends at its first NUL: it would be another file than the one that was asked for.
Result<void> refuseNul(QByteArrayView path, const QString &doing)
{
    if (!path.contains('\0'))
        return {};
    return fail(ErrorKind::Invalid, displayable(doing), QStringLiteral("the name holds a NUL character"));
}

class Descriptor {
public:
    explicit Descriptor(int number) : m_number(number) {}
    ~Descriptor() { close(); }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    int number() const { return m_number; }
    int close()
    {
        const int old = std::exchange(m_number, -1);
        return old >= 0 ? ::close(old) : 0;
    }

private:
    int m_number;
};

} // namespace

Result<void> makeFolder(const QString &path)
{
    OF_CHECK(refuseNul(QFile::encodeName(path), QStringLiteral("make folder %1").arg(path)));
    if (QFileInfo(path).isDir())
        return {};
    const QString parent = QFileInfo(path).absolutePath();
    if (parent != path)
        OF_CHECK(makeFolder(parent));
    if (::mkdir(QFile::encodeName(path).constData(), 0700) == 0)
        return {};
    const int number = errno;
    if (number == EEXIST && QFileInfo(path).isDir()) // somebody else was faster
        return {};
    return std::unexpected(errnoError(number, QStringLiteral("make folder %1").arg(path)));
}

Result<void> writeFileAtomically(const QString &path, const QByteArray &bytes)
{
    const QString folder = QFileInfo(path).absolutePath();
    const QString doing = QStringLiteral("write %1").arg(path);
    OF_CHECK(refuseNul(QFile::encodeName(path), doing));
    OF_CHECK(makeFolder(folder));
    const QByteArray temporary = QFile::encodeName(folder + QStringLiteral("/.tmp-") + newUlid());
    Descriptor file(::open(temporary.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.number() < 0)
        return std::unexpected(errnoError(errno, doing));
    const auto giveUp = [&](int number) -> Result<void> {
        file.close();
        ::unlink(temporary.constData());
        return std::unexpected(errnoError(number, doing));
    };
    for (qsizetype done = 0; done < bytes.size();) {
        const ssize_t n = ::write(file.number(), bytes.constData() + done, size_t(bytes.size() - done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return giveUp(errno);
        done += n;
    }
    // A failed fsync may have dropped the pages: give up the new file, the old one stays as it was.
    if (::fsync(file.number()) != 0 || file.close() != 0)
        return giveUp(errno);
    if (::rename(temporary.constData(), QFile::encodeName(path).constData()) != 0)
        return giveUp(errno);
    Descriptor directory(::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.number() < 0 || ::fsync(directory.number()) != 0)
        return std::unexpected(errnoError(errno, doing));
    return {};
}

namespace {

Result<QByteArray> readWhole(const Descriptor &file, const QString &doing, qint64 mostBytes)
{
    struct stat facts{};
    if (::fstat(file.number(), &facts) != 0)
        return std::unexpected(errnoError(errno, doing));
    if (!S_ISREG(facts.st_mode))
        return fail(ErrorKind::Invalid, doing, QStringLiteral("it is not a regular file"));
    QByteArray bytes;
    char buffer[65536];
    while (true) {
        const ssize_t n = ::read(file.number(), buffer, sizeof buffer);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return std::unexpected(errnoError(errno, doing));
        if (n == 0)
            return bytes;
        bytes.append(buffer, n);
        if (bytes.size() > mostBytes)
            return fail(ErrorKind::Invalid, doing, QStringLiteral("it is larger than %1 bytes").arg(mostBytes));
    }
}

} // namespace

QString realPath(const QString &path)
{
    const Descriptor file(::open(QFile::encodeName(path).constData(), O_PATH | O_CLOEXEC));
    if (file.number() < 0)
        return {};
    const QByteArray link = "/proc/self/fd/" + QByteArray::number(file.number());
    char real[PATH_MAX];
    const ssize_t n = ::readlink(link.constData(), real, sizeof real);
    // Without /proc, or for a path that is longer than one call gives, the slow way.
    return n > 0 && n < ssize_t(sizeof real) ? QFile::decodeName(QByteArray(real, n))
                                             : QFileInfo(path).canonicalFilePath();
}

Result<QByteArray> readSmallFile(const QString &path, qint64 mostBytes)
{
    const QString doing = QStringLiteral("read %1").arg(path);
    OF_CHECK(refuseNul(QFile::encodeName(path), doing));
    // O_NONBLOCK: opening a planted FIFO must not hang.
    const Descriptor file(::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.number() < 0)
        return std::unexpected(errnoError(errno, doing));
    return readWhole(file, doing, mostBytes);
}

Result<QByteArray> readBeneath(const QString &folder, const QByteArray &relative, qint64 mostBytes)
{
    const QString doing = QStringLiteral("read %1 in %2").arg(displayPath(relative), folder);
    OF_CHECK(refuseNul(relative, doing));
    const Descriptor root(::open(QFile::encodeName(folder).constData(), O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (root.number() < 0)
        return std::unexpected(errnoError(errno, doing));
    open_how how{};
    how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    const Descriptor file(int(::syscall(SYS_openat2, root.number(), relative.constData(), &how, sizeof how)));
    if (file.number() < 0)
        return std::unexpected(errnoError(errno, doing));
    return readWhole(file, doing, mostBytes);
}

Result<void> writeBeneath(const QString &folder, const QByteArray &relative, const QByteArray &bytes, unsigned mode)
{
    const QString doing = QStringLiteral("write %1 in %2").arg(displayPath(relative), folder);
    OF_CHECK(refuseNul(relative, doing));
    const auto failed = [&] { return std::unexpected(errnoError(errno, doing)); };
    int at = ::open(QFile::encodeName(folder).constData(), O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (at < 0)
        return failed();
    std::unique_ptr<Descriptor> parent = std::make_unique<Descriptor>(at);
    QByteArrayList parts = relative.split('/');
    const QByteArray name = parts.takeLast();
    for (const QByteArray &part : parts) { // one at a time, so that none can lead elsewhere
        if (part.isEmpty() || part == "." || part == "..")
            return fail(ErrorKind::Invalid, doing, QStringLiteral("the path walks around"));
        if (::mkdirat(parent->number(), part.constData(), 0755) != 0 && errno != EEXIST)
            return failed();
        at = ::openat(parent->number(), part.constData(), O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (at < 0)
            return failed();
        parent = std::make_unique<Descriptor>(at);
    }
    if (name.isEmpty() || name == "." || name == "..")
        return fail(ErrorKind::Invalid, doing, QStringLiteral("the path names no file"));
    if (::unlinkat(parent->number(), name.constData(), 0) != 0 && errno != ENOENT)
        return failed();
    Descriptor file(::openat(parent->number(), name.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (file.number() < 0)
        return failed();
    for (qsizetype done = 0; done < bytes.size();) {
        const ssize_t n = ::write(file.number(), bytes.constData() + done, size_t(bytes.size() - done));
        if (n < 0 && errno != EINTR)
            return failed();
        done += std::max<ssize_t>(n, 0);
    }
    return file.close() == 0 ? Result<void>() : failed();
}

} // namespace openfactory
