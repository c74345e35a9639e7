// SPDX-License-Identifier: Apache-2.0
#include "core/git/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace openfactory::git {

namespace {

constexpr int beneath = O_NOFOLLOW | O_CLOEXEC;

/// Adds bits for the owner to what `name` is, if it is of that type; through a descriptor, so that it cannot be
/// swapped.
bool allowOwner(int parent, const char *name, mode_t type, mode_t bits)
{
    const Descriptor path(::openat(parent, name, O_PATH | beneath));
    struct stat facts{};
    if (!path || ::fstat(path.get(), &facts) != 0 || (facts.st_mode & S_IFMT) != type || (facts.st_mode & bits) == bits)
        return false;
    const QByteArray link = "/proc/self/fd/" + QByteArray::number(path.get());
    return ::chmod(link.constData(), (facts.st_mode & 07777) | bits) == 0;
}

bool refused(int number)
{
    return number == EACCES || number == EPERM;
}

/// unlinkat, after making the parent writable where that was what stopped it.
int unlinkIn(int parent, const char *name, int flags)
{
    if (::unlinkat(parent, name, flags) == 0)
        return 0;
    struct stat facts{};
    if (refused(errno) && ::fstat(parent, &facts) == 0 && ::fchmod(parent, (facts.st_mode & 07777) | 0700) == 0)
        return ::unlinkat(parent, name, flags);
    return -1;
}

/// Runs `make` (which returns -1 with errno), clearing the way as its errors say.
template<class Make>
int makeIn(int parent, const char *name, IfThere ifThere, Make make)
{
    for (int tries = 0; tries < 8; ++tries) {
        const int result = make();
        if (result >= 0)
            return result;
        struct stat facts{};
        if (errno == EEXIST) {
            if (ifThere == IfThere::Refuse || !removeAny(parent, name))
                return -1;
        } else if (!refused(errno) || ::fstat(parent, &facts) != 0 || (facts.st_mode & 0700) == 0700
                   || ::fchmod(parent, (facts.st_mode & 07777) | 0700) != 0) {
            return -1;
        }
    }
    return -1;
}

} // namespace

Descriptor openFolder(int parent, const char *name)
{
    Descriptor folder(::openat(parent, name, O_RDONLY | O_DIRECTORY | beneath));
    if (!folder && refused(errno) && allowOwner(parent, name, S_IFDIR, 0700))
        folder = Descriptor(::openat(parent, name, O_RDONLY | O_DIRECTORY | beneath));
    return folder;
}

Descriptor openFile(int parent, const char *name, struct stat &facts)
{
    Descriptor file(::openat(parent, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | beneath));
    if (!file && refused(errno) && allowOwner(parent, name, S_IFREG, 0400))
        file = Descriptor(::openat(parent, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | beneath));
    if (!file || ::fstat(file.get(), &facts) != 0)
        return Descriptor();
    if (!S_ISREG(facts.st_mode)) {
        file.close();
        errno = EINVAL;
    }
    return file;
}

bool listFolder(int folder, std::vector<DirectoryEntry> &entries)
{
    // The stream takes over its descriptor and moves its offset, hence a new one.
    const int own = ::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (own < 0)
        return false;
    DIR *stream = ::fdopendir(own);
    if (!stream) {
        ::close(own);
        return false;
    }
    entries.clear();
    errno = 0;
    while (const dirent *entry = ::readdir(stream)) {
        const char *name = entry->d_name;
        if (name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0')))
            continue;
        bool isFolder = entry->d_type == DT_DIR;
        if (entry->d_type == DT_UNKNOWN) {
            struct stat facts{};
            isFolder = ::fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(facts.st_mode);
            errno = 0;
        }
        entries.push_back({QByteArray(name), isFolder});
    }
    const int number = errno;
    ::closedir(stream);
    errno = number;
    return number == 0;
}

bool removeAny(int parent, const char *name)
{
    if (unlinkIn(parent, name, 0) == 0 || errno == ENOENT)
        return true;
    if (errno != EISDIR && errno != EPERM)
        return false;
    if (unlinkIn(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
        return true;
    if (errno != ENOTEMPTY && errno != EEXIST)
        return false;
    const Descriptor top = openFolder(parent, name);
    if (!top)
        return errno == ENOENT;
    // Folders below are pulled up into the top one, so that neither depth nor the length of a path is a limit.
    int pulled = 0;
    std::vector<DirectoryEntry> entries;
    std::vector<DirectoryEntry> inner;
    while (listFolder(top.get(), entries) && !entries.empty()) {
        for (const DirectoryEntry &entry : entries) {
            if (!entry.folder) {
                if (unlinkIn(top.get(), entry.name.constData(), 0) != 0 && errno != ENOENT)
                    return false;
                continue;
            }
            const Descriptor folder = openFolder(top.get(), entry.name.constData());
            if (!folder || !listFolder(folder.get(), inner))
                return false;
            for (const DirectoryEntry &child : inner) {
                if (!child.folder) {
                    if (unlinkIn(folder.get(), child.name.constData(), 0) != 0 && errno != ENOENT)
                        return false;
                    continue;
                }
                if (unlinkIn(folder.get(), child.name.constData(), AT_REMOVEDIR) == 0)
                    continue;
                // A folder that moves must be writable itself, and so must the two it moves between.
                allowOwner(folder.get(), child.name.constData(), S_IFDIR, 0700);
                int renamed = -1;
                do {
                    const QByteArray fresh = ".removed-" + QByteArray::number(++pulled);
                    renamed = ::renameat2(folder.get(), child.name.constData(), top.get(), fresh.constData(),
                                          RENAME_NOREPLACE);
                } while (renamed != 0 && errno == EEXIST);
                if (renamed != 0)
                    return false;
            }
            if (unlinkIn(top.get(), entry.name.constData(), AT_REMOVEDIR) != 0 && errno != ENOENT)
                return false;
        }
    }
    return unlinkIn(parent, name, AT_REMOVEDIR) == 0 || errno == ENOENT;
}

QByteArray readLink(int parent, const char *name)
{
    QByteArray target(256, Qt::Uninitialized);
    while (true) {
        const ssize_t n = ::readlinkat(parent, name, target.data(), size_t(target.size()));
        if (n < 0)
            return {};
        if (n < target.size())
            return target.first(n);
        target.resize(target.size() * 2);
    }
}

bool writeFile(int parent, const char *name, bool executable, const char *bytes, size_t size, struct stat &facts,
               IfThere ifThere)
{
    Descriptor file(makeIn(parent, name, ifThere, [&] {
        return ::openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | beneath, executable ? 0777 : 0666);
    }));
    if (!file)
        return false;
    while (size > 0) {
        const ssize_t n = ::write(file.get(), bytes, size);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            bytes += n;
            size -= size_t(n);
        }
    }
    return ::fstat(file.get(), &facts) == 0 && file.close() == 0;
}

bool writeLink(int parent, const char *name, const QByteArray &target, struct stat &facts, IfThere ifThere)
{
    return makeIn(parent, name, ifThere, [&] { return ::symlinkat(target.constData(), parent, name); }) == 0
           && ::fstatat(parent, name, &facts, AT_SYMLINK_NOFOLLOW) == 0;
}

std::pair<int, QByteArray> PathOpener::parentOf(const RepoPath &path, bool make)
{
    int parent = m_root;
    size_t depth = 0;
    qsizetype start = 0;
    for (qsizetype slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', start), ++depth) {
        const QByteArrayView name(path.constData() + start, slash - start);
        if (depth >= m_levels.size() || m_levels[depth].name != name) {
            m_levels.resize(std::min(depth, m_levels.size()));
            const QByteArray own = name.toByteArray();
            Descriptor folder = openFolder(parent, own.constData());
            if (!folder && make && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)) {
                // A file or link in the way goes; a folder made meanwhile by another thread is as good as ours.
                struct stat facts{};
                if (::fstatat(parent, own.constData(), &facts, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR(facts.st_mode)) {
                    if (m_clear && !m_clear(parent, own, path.first(slash)))
                        return {-1, {}};
                    if (!m_clear)
                        unlinkIn(parent, own.constData(), 0);
                }
                int made = ::mkdirat(parent, own.constData(), 0777);
                if (made != 0 && refused(errno) && ::fstat(parent, &facts) == 0
                    && ::fchmod(parent, (facts.st_mode & 07777) | 0700) == 0)
                    made = ::mkdirat(parent, own.constData(), 0777);
                if (made != 0 && errno != EEXIST)
                    return {-1, {}};
                folder = openFolder(parent, own.constData());
            }
            if (!folder)
                return {-1, {}};
            m_levels.push_back({own, std::move(folder)});
        }
        parent = m_levels[depth].folder.get();
        start = slash + 1;
    }
    m_levels.resize(std::min(depth, m_levels.size()));
    return {parent, path.sliced(start)};
}

} // namespace openfactory::git
