// SPDX-License-Identifier: Apache-2.0
#include "core/process/sandboxscope.h"

#include "core/base/file.h"
#include "core/base/text.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <cerrno>

namespace openfactory {

namespace {

const QString doing = QStringLiteral("set up the sandbox");

bool isBeneath(const QString &path, const QString &folder)
{
    return path == folder || path.startsWith(folder.endsWith(u'/') ? folder : folder + u'/');
}

/// A further path keeps its name inside, so it must not cover a part of the sandbox itself.
Result<void> checkFurther(const QString &path)
{
    static constexpr QStringView system[] = {u"/usr",    u"/etc",     u"/proc",      u"/dev",     u"/sys",   u"/run",
                                             u"/boot",   u"/bin",     u"/sbin",      u"/lib",     u"/lib32", u"/lib64",
                                             u"/libx32", u"/var/run", u"/workspace", u"/home/job"};
    bool bad = !path.startsWith(u'/') || QDir::cleanPath(path) != path || path == u"/tmp" || path.contains(u'\0');
    for (const QStringView part : system)
        bad = bad || isBeneath(path, part.toString()) || isBeneath(part.toString(), path);
    if (bad)
        return fail(ErrorKind::Denied, doing, QStringLiteral("%1 cannot be shown to a command").arg(displayable(path)));
    return {};
}

QByteArray identity(int descriptor)
{
    struct stat facts{};
    if (::fstat(descriptor, &facts) != 0)
        return QByteArrayLiteral("?");
    return QByteArray::number(qulonglong(facts.st_dev)) + ':' + QByteArray::number(qulonglong(facts.st_ino));
}

bool isOnHost(const QByteArray &path, mode_t kind)
{
    struct stat facts{};
    return ::lstat(path.constData(), &facts) == 0 && (facts.st_mode & S_IFMT) == kind;
}

} // namespace

QString workspaceInside()
{
    return QStringLiteral("/workspace");
}

QString homeInside()
{
    return QStringLiteral("/home/job");
}

Result<Descriptor> memoryFile(const QByteArray &bytes)
{
    Descriptor file(::memfd_create("openfactory", MFD_CLOEXEC));
    if (!file || ::pwrite(file.get(), bytes.constData(), size_t(bytes.size()), 0) != bytes.size())
        return std::unexpected(errnoError(errno, QStringLiteral("make a memory file")));
    return file;
}

Result<void> OpenedScope::add(const QString &path, const QByteArray &inside, bool writable)
{
    if (!path.startsWith(u'/'))
        return fail(ErrorKind::Invalid, doing, QStringLiteral("%1 is not an absolute path").arg(displayable(path)));
    Mount mount{Descriptor(::open(QFile::encodeName(path).constData(), O_PATH | O_CLOEXEC | O_NOFOLLOW)), inside,
                writable};
    if (!mount.source)
        return std::unexpected(errnoError(errno, QStringLiteral("open %1 for the sandbox").arg(displayable(path))));
    struct stat facts{};
    ::fstat(mount.source.get(), &facts);
    // A descriptor of a link shows the link itself, so nothing was followed.
    const bool fits = S_ISDIR(facts.st_mode) || (S_ISREG(facts.st_mode) && m_mounts.size() > 0);
    if (!fits)
        return fail(ErrorKind::Denied, doing,
                    QStringLiteral("%1 is not a folder (links are not followed)").arg(displayable(path)));
    m_key += identity(mount.source.get()) + (writable ? " rw " : " ro ") + inside + '\0';
    m_mounts.push_back(std::move(mount));
    return {};
}

/// The workspace's own .git says where the repository is: nothing inside may replace it (hardening.md, B15).
Result<void> OpenedScope::addGitFile()
{
    Mount mount{Descriptor(::openat(m_mounts.front().source.get(), ".git", O_PATH | O_CLOEXEC | O_NOFOLLOW)),
                "/workspace/.git", false};
    if (!mount.source)
        return {};
    struct stat facts{};
    ::fstat(mount.source.get(), &facts);
    if (S_ISDIR(facts.st_mode)) {
        m_hidden << mount.inside;
        m_key += "hidden " + mount.inside + '\0';
        return {};
    }
    if (!S_ISREG(facts.st_mode))
        return fail(ErrorKind::Denied, doing, QStringLiteral("the workspace's .git is neither a file nor a folder"));
    m_key += identity(mount.source.get()) + " ro " + mount.inside + '\0';
    m_mounts.push_back(std::move(mount));
    return {};
}

Result<void> OpenedScope::addGit(const SandboxScope &scope)
{
    const QString git = realPath(scope.gitFolder);
    if (git.isEmpty())
        return fail(ErrorKind::NotFound, doing,
                    QStringLiteral("there is no git folder %1").arg(displayable(scope.gitFolder)));
    const QString workspace = realPath(scope.workspace);
    QStringList writable = scope.writable;
    writable << scope.home;
    for (const QString &path : writable) {
        const QString real = realPath(path);
        if (!real.isEmpty() && (isBeneath(git, real) || isBeneath(real, git)))
            return fail(ErrorKind::Denied, doing,
                        QStringLiteral("%1 would make the repository's git folder writable").arg(displayable(path)));
    }
    if (isBeneath(workspace, git) || (isBeneath(git, workspace) && git != workspace + QStringLiteral("/.git")))
        return fail(ErrorKind::Denied, doing,
                    QStringLiteral("the workspace would make the repository's git folder writable"));
    if (!scope.showGit)
        return {};
    const QByteArray inside = isBeneath(git, workspace) ? QByteArrayLiteral("/workspace/.git") : QFile::encodeName(git);
    if (inside != "/workspace/.git")
        OF_CHECK(checkFurther(git));
    m_hidden.removeAll(inside);
    OF_CHECK(add(git, inside, false));
    m_gitFolders << inside;
    m_key += "git " + inside + '\0';
    return {};
}

Result<OpenedScope> OpenedScope::open(const SandboxScope &scope)
{
    OpenedScope opened;
    OF_CHECK(opened.add(scope.workspace, QFile::encodeName(workspaceInside()), true));
    OF_CHECK(opened.addGitFile());
    if (!scope.home.isEmpty())
        OF_CHECK(opened.add(scope.home, QFile::encodeName(homeInside()), true));
    for (const auto &[paths, writable] : {std::pair{scope.readOnly, false}, std::pair{scope.writable, true}}) {
        for (const QString &path : paths) {
            OF_CHECK(checkFurther(path));
            OF_CHECK(opened.add(path, QFile::encodeName(path), writable));
        }
    }
    if (!scope.gitFolder.isEmpty())
        OF_CHECK(opened.addGit(scope));
    return opened;
}

Result<QByteArrayList> OpenedScope::mounts(std::vector<Descriptor> &data) const
{
    QByteArrayList words;
    for (const Mount &mount : m_mounts)
        words << (mount.writable ? "--bind-fd" : "--ro-bind-fd") << QByteArray::number(mount.source.get())
              << mount.inside;
    for (const QByteArray &folder : m_hidden)
        words << "--tmpfs" << folder << "--remount-ro" << folder;
    // Later mounts lie over earlier ones: what git would run, or be told to run, is covered.
    for (const QByteArray &inside : m_gitFolders) {
        for (const Mount &mount : m_mounts) {
            if (mount.inside != inside)
                continue;
            const QByteArray host = "/proc/self/fd/" + QByteArray::number(mount.source.get()) + '/';
            for (const char *name : {"hooks", "modules"}) {
                if (isOnHost(host + name, S_IFDIR))
                    words << "--tmpfs" << inside + '/' + name << "--remount-ro" << inside + '/' + name;
            }
            QByteArrayList files{"config", "config.worktree", "info/attributes"};
            const QStringList trees = QDir(QFile::decodeName(host + "worktrees"))
                                          .entryList(QDir::Dirs | QDir::NoDotAndDotDot);
            for (const QString &tree : trees)
                files << "worktrees/" + QFile::encodeName(tree) + "/config.worktree";
            for (const QByteArray &name : files) {
                if (!isOnHost(host + name, S_IFREG))
                    continue;
                OF_TRY(file, memoryFile(name == "config" ? QByteArrayLiteral("[core]\n\trepositoryformatversion = 0\n")
                                                         : QByteArray()));
                words << "--ro-bind-data" << QByteArray::number(file.get()) << inside + '/' + name;
                data.push_back(std::move(file));
            }
        }
    }
    return words;
}

std::vector<int> OpenedScope::descriptors() const
{
    std::vector<int> all;
    for (const Mount &mount : m_mounts)
        all.push_back(mount.source.get());
    return all;
}

Result<void> OpenedScope::checkFolder(const QString &relative) const
{
    const QString what = QStringLiteral("run in the folder \"%1\"").arg(displayable(relative));
    if (relative.isEmpty())
        return {};
    if (relative.startsWith(u'/') || relative.contains(u'\0'))
        return fail(ErrorKind::Invalid, what, QStringLiteral("a folder is named relative to the workspace"));
    open_how how{};
    how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    const Descriptor folder(int(::syscall(SYS_openat2, m_mounts.front().source.get(),
                                          QFile::encodeName(relative).constData(), &how, sizeof how)));
    if (folder)
        return {};
    if (errno == EXDEV || errno == ELOOP)
        return fail(ErrorKind::Denied, what, QStringLiteral("it leads out of the workspace"));
    return std::unexpected(errnoError(errno, what));
}

} // namespace openfactory
