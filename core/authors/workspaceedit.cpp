// SPDX-License-Identifier: Apache-2.0
#include "core/authors/workspaceedit.h"

#include "core/base/descriptor.h"
#include "core/base/id.h"
#include "core/base/text.h"

#include <QFile>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace openfactory {

namespace {

constexpr qint64 mostBytes = 16 * 1024 * 1024;

Error ioError(const QByteArray &path, const QString &verb)
{
    const int number = errno;
    const QString doing = QStringLiteral("%1 %2").arg(verb, displayPath(path));
    if (number == ELOOP || number == EXDEV || number == ENOTDIR)
        return Error{
            ErrorKind::Denied,
            doing,
            QStringLiteral("a symbolic link or a file is in the way: nothing outside the workspace is touched"),
            {}};
    return errnoError(number, doing);
}

Descriptor openBeneath(int folder, const QByteArray &path, int flags)
{
    open_how how{};
    how.flags = quint64(flags | O_CLOEXEC);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    return Descriptor(int(::syscall(SYS_openat2, folder, path.constData(), &how, sizeof how)));
}

QByteArray parentOf(const QByteArray &path)
{
    const qsizetype slash = path.lastIndexOf('/');
    return slash < 0 ? QByteArray(".") : path.left(slash);
}

QByteArray nameOf(const QByteArray &path)
{
    return path.mid(path.lastIndexOf('/') + 1);
}

/// The folder of a path, made where it is missing.
Result<Descriptor> makeParent(int folder, const QByteArray &path)
{
    const QByteArray parent = parentOf(path);
    for (qsizetype at = parent.indexOf('/');; at = parent.indexOf('/', at + 1)) {
        const QByteArray part = at < 0 ? parent : parent.left(at);
        Descriptor there = openBeneath(folder, part, O_PATH | O_DIRECTORY);
        if (there.get() < 0 && errno == ENOENT) {
            const Descriptor above = openBeneath(folder, parentOf(part), O_PATH | O_DIRECTORY);
            if (above.get() < 0 || (::mkdirat(above.get(), nameOf(part).constData(), 0755) != 0 && errno != EEXIST))
                return std::unexpected(ioError(path, QStringLiteral("make the folder of")));
            there = openBeneath(folder, part, O_PATH | O_DIRECTORY);
        }
        if (there.get() < 0)
            return std::unexpected(ioError(path, QStringLiteral("open the folder of")));
        if (at < 0)
            return there;
    }
}

/// A temporary file beside its place, removed unless it was renamed there.
struct Prepared {
    QByteArray path;
    Descriptor folder;
    QByteArray temporary;

    Prepared(QByteArray to, Descriptor in)
        : path(std::move(to)),
          folder(std::move(in)),
          temporary(".of-" + newUlid().toLatin1())
    {}
    Prepared(Prepared &&other) noexcept
        : path(other.path),
          folder(std::move(other.folder)),
          temporary(std::exchange(other.temporary, {}))
    {}
    ~Prepared()
    {
        if (!temporary.isEmpty())
            ::unlinkat(folder.get(), temporary.constData(), 0);
    }
    Result<void> fill(const QByteArray &bytes, mode_t mode)
    {
        Descriptor file(
            ::openat(folder.get(), temporary.constData(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        if (file.get() < 0)
            return std::unexpected(ioError(path, QStringLiteral("write")));
        for (qsizetype done = 0; done < bytes.size();) {
            const ssize_t n = ::write(file.get(), bytes.constData() + done, size_t(bytes.size() - done));
            if (n < 0 && errno != EINTR)
                return std::unexpected(ioError(path, QStringLiteral("write")));
            done += std::max<ssize_t>(n, 0);
        }
        if (::fchmod(file.get(), mode) != 0 || ::fsync(file.get()) != 0 || file.close() != 0)
            return std::unexpected(ioError(path, QStringLiteral("write")));
        return {};
    }
    Result<void> place()
    {
        if (::renameat(folder.get(), temporary.constData(), folder.get(), nameOf(path).constData()) != 0)
            return std::unexpected(ioError(path, QStringLiteral("write")));
        temporary.clear();
        return {};
    }
};

} // namespace

struct WorkspaceEdit::Folder {
    Descriptor descriptor;
};

Result<WorkspaceEdit> WorkspaceEdit::open(const QString &folder)
{
    Descriptor opened(::open(QFile::encodeName(folder).constData(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (opened.get() < 0)
        return std::unexpected(errnoError(errno, QStringLiteral("open the workspace %1").arg(folder)));
    WorkspaceEdit edit;
    edit.m_folder = std::make_shared<Folder>(std::move(opened));
    return edit;
}

Result<WorkspaceEdit::Entry> WorkspaceEdit::present(const QByteArray &path) const
{
    if (const auto known = m_entries.find(path); known != m_entries.end())
        return known->second;
    // Not blocking, so that a pipe laid there does not hold us.
    const Descriptor file = openBeneath(m_folder->descriptor.get(), path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    if (file.get() < 0 && errno == ENOENT)
        return Entry{};
    if (file.get() < 0)
        return std::unexpected(ioError(path, QStringLiteral("read")));
    const auto refuse = [&](const QString &why) {
        return fail(ErrorKind::Conflict, QStringLiteral("read %1").arg(displayPath(path)), why);
    };
    struct stat facts{};
    if (::fstat(file.get(), &facts) != 0)
        return std::unexpected(ioError(path, QStringLiteral("read")));
    if (!S_ISREG(facts.st_mode))
        return refuse(QStringLiteral("it is not a plain file"));
    Entry entry{QByteArray(), unsigned(facts.st_mode & 0777)};
    char buffer[65536];
    for (ssize_t n = 1; n != 0;) {
        n = ::read(file.get(), buffer, sizeof buffer);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return std::unexpected(ioError(path, QStringLiteral("read")));
        entry.bytes->append(buffer, n);
        if (entry.bytes->size() > mostBytes)
            return refuse(QStringLiteral("it is larger than %1 bytes").arg(mostBytes));
    }
    return entry;
}

Result<QByteArray> WorkspaceEdit::read(const QByteArray &path) const
{
    OF_TRY(entry, present(path));
    if (!entry.bytes)
        return fail(ErrorKind::Conflict, QStringLiteral("read %1").arg(displayPath(path)),
                    QStringLiteral("there is no such file"));
    return *entry.bytes;
}

Result<void> WorkspaceEdit::write(const QByteArray &path, const QByteArray &bytes)
{
    OF_TRY(entry, present(path));
    entry.bytes = bytes;
    m_entries[path] = entry;
    return {};
}

Result<void> WorkspaceEdit::remove(const QByteArray &path)
{
    m_entries[path] = Entry{};
    return {};
}

Result<void> WorkspaceEdit::makeExecutable(const QByteArray &path)
{
    OF_TRY(entry, present(path));
    if (!entry.bytes)
        return fail(ErrorKind::Conflict, QStringLiteral("make %1 executable").arg(displayPath(path)),
                    QStringLiteral("there is no such file"));
    entry.mode |= 0111;
    m_entries[path] = entry;
    return {};
}

Result<void> WorkspaceEdit::apply()
{
    const int folder = m_folder->descriptor.get();
    for (const auto &[path, entry] : m_entries) {
        const QByteArray asFolder = path + '/';
        const auto below = m_entries.upper_bound(asFolder);
        if (entry.bytes && below != m_entries.end() && below->first.startsWith(asFolder))
            return fail(ErrorKind::Conflict, QStringLiteral("write %1").arg(displayPath(path)),
                        QStringLiteral("it is a file and a folder at once"));
    }
    std::vector<Prepared> prepared;
    std::vector<std::pair<Descriptor, QByteArray>> gone;
    for (const auto &[path, entry] : m_entries) {
        if (entry.bytes) {
            OF_TRY(parent, makeParent(folder, path));
            prepared.emplace_back(path, std::move(parent));
            OF_CHECK(prepared.back().fill(*entry.bytes, entry.mode));
        } else {
            Descriptor parent = openBeneath(folder, parentOf(path), O_PATH | O_DIRECTORY);
            if (parent.get() < 0 && errno != ENOENT)
                return std::unexpected(ioError(path, QStringLiteral("delete")));
            struct stat facts{};
            if (parent.get() >= 0
                && ::fstatat(parent.get(), nameOf(path).constData(), &facts, AT_SYMLINK_NOFOLLOW) == 0) {
                if (S_ISDIR(facts.st_mode))
                    return fail(ErrorKind::Conflict, QStringLiteral("delete %1").arg(displayPath(path)),
                                QStringLiteral("it is a folder"));
                gone.emplace_back(std::move(parent), path);
            }
        }
    }
    for (Prepared &file : prepared)
        OF_CHECK(file.place());
    for (const auto &[parent, path] : gone) {
        if (::unlinkat(parent.get(), nameOf(path).constData(), 0) != 0 && errno != ENOENT)
            return std::unexpected(ioError(path, QStringLiteral("delete")));
    }
    return {};
}

} // namespace openfactory
