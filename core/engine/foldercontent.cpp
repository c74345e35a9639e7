// SPDX-License-Identifier: Apache-2.0
#include "core/engine/foldercontent.h"

#include <QCryptographicHash>
#include <QFile>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <memory>

namespace openfactory {

namespace {

struct CloseFolder {
    void operator()(DIR *folder) const { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

class Digest {
public:
    Digest(const LeftOut &leftOut, ContentLimits left) : m_leftOut(leftOut), m_left(left) {}

    /// Takes the descriptor over.
    bool addFolder(int descriptor, const RepoPath &prefix, int depth)
    {
        const Folder folder(descriptor < 0 ? nullptr : ::fdopendir(descriptor));
        if (!folder) {
            if (descriptor >= 0)
                ::close(descriptor);
            return false;
        }
        std::vector<QByteArray> names;
        errno = 0;
        while (const dirent *entry = ::readdir(folder.get())) {
            const QByteArray name(entry->d_name);
            if (name != "." && name != ".." && !isLeftOut(*entry, ::dirfd(folder.get()), prefix + name))
                names.push_back(name);
            errno = 0;
            if (int(names.size()) > m_left.files)
                return false;
        }
        if (errno != 0)
            return false;
        std::ranges::sort(names);
        return std::ranges::all_of(
            names, [&](const QByteArray &name) { return addEntry(::dirfd(folder.get()), name, prefix + name, depth); });
    }
    QByteArray result() const { return m_hash.result(); }

private:
    bool isLeftOut(const dirent &entry, int folder, const RepoPath &path) const
    {
        bool isFolder = entry.d_type == DT_DIR;
        struct stat facts{};
        if (entry.d_type == DT_UNKNOWN && ::fstatat(folder, entry.d_name, &facts, AT_SYMLINK_NOFOLLOW) == 0)
            isFolder = S_ISDIR(facts.st_mode);
        return m_leftOut(path, isFolder);
    }

    void add(const QByteArray &text)
    {
        m_hash.addData(QByteArray::number(text.size()));
        m_hash.addData(":");
        m_hash.addData(text);
    }

    bool addEntry(int folder, const QByteArray &name, const RepoPath &path, int depth)
    {
        struct stat facts{};
        if (--m_left.files < 0 || ::fstatat(folder, name.constData(), &facts, AT_SYMLINK_NOFOLLOW) != 0)
            return false;
        add(path);
        constexpr int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
        if (S_ISDIR(facts.st_mode)) {
            add("folder");
            return depth > 0
                   && addFolder(::openat(folder, name.constData(), flags | O_DIRECTORY), path + '/', depth - 1);
        }
        if (S_ISLNK(facts.st_mode)) {
            char target[PATH_MAX];
            const ssize_t size = ::readlinkat(folder, name.constData(), target, sizeof target);
            if (size < 0 || size == ssize_t(sizeof target))
                return false;
            add("link");
            add(QByteArray(target, size));
            return true;
        }
        if (!S_ISREG(facts.st_mode)) {
            add("other"); // a pipe or socket has no content that stays
            return true;
        }
        const int file = ::openat(folder, name.constData(), flags);
        if (file < 0)
            return false;
        const bool whole = addFile(file);
        ::close(file);
        return whole;
    }

    bool addFile(int file)
    {
        struct stat facts{};
        if (::fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode))
            return false;
        add((facts.st_mode & 0111) != 0 ? "program" : "file");
        QCryptographicHash content(QCryptographicHash::Sha256);
        char buffer[65536];
        while (true) {
            const ssize_t n = ::read(file, buffer, sizeof buffer);
            if (n < 0 && errno == EINTR)
                continue;
            if (n <= 0) {
                m_hash.addData(content.result());
                return n == 0;
            }
            content.addData(QByteArrayView(buffer, n));
            m_left.bytes -= n;
            if (m_left.bytes < 0)
                return false;
        }
    }

    const LeftOut &m_leftOut;
    ContentLimits m_left;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
};

} // namespace

std::optional<QByteArray> contentDigest(const QString &folder, const LeftOut &leftOut, const ContentLimits &limits)
{
    Digest digest(leftOut, limits);
    const int top = ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY);
    if (!digest.addFolder(top, {}, limits.depth))
        return std::nullopt;
    return digest.result();
}

} // namespace openfactory
