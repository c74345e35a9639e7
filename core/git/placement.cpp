// SPDX-License-Identifier: Apache-2.0
#include "core/git/placement.h"

#include "core/base/file.h"
#include "core/base/text.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace openfactory::git {

namespace {

constexpr const char *factory = ".factory";
constexpr const char *workspaces = ".factory-workspaces";

Result<Descriptor> openRoot(const Repository &repository)
{
    Descriptor root(::open(QFile::encodeName(repository.root()).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!root)
        return std::unexpected(errnoError(errno, QStringLiteral("open %1").arg(displayable(repository.root()))));
    return root;
}

/// A folder of the repository's root that is no link.
Result<Descriptor> openOwn(const Repository &repository, const char *name, bool make)
{
    const QString doing = QStringLiteral("open %1/%2").arg(displayable(repository.root()), QLatin1StringView(name));
    OF_TRY(root, openRoot(repository));
    if (make && ::mkdirat(root.get(), name, 0777) != 0 && errno != EEXIST)
        return std::unexpected(errnoError(errno, doing));
    Descriptor folder = openFolder(root.get(), name);
    if (!folder && (errno == ELOOP || errno == ENOTDIR))
        return fail(ErrorKind::Denied, doing, QStringLiteral("it is not a folder but a link or a file"),
                    QStringLiteral("OpenFactory needs this name; move what is there"));
    if (!folder)
        return std::unexpected(errnoError(errno, doing));
    return folder;
}

/// What commands of a job write lies there, with the modes that they chose: nobody else on the machine gets to it, as a
/// program that runs as its owner, say.
Result<void> closeToOthers(const Descriptor &folder)
{
    struct stat facts{};
    if (::fstat(folder.get(), &facts) != 0
        || ((facts.st_mode & 0077) != 0 && ::fchmod(folder.get(), facts.st_mode & 0700) != 0))
        return std::unexpected(
            errnoError(errno, QStringLiteral("close %1 to others").arg(QLatin1StringView(workspaces))));
    return {};
}

} // namespace

Result<void> prepareFolders(const Repository &repository)
{
    OF_CHECK(openOwn(repository, factory, true));
    OF_TRY(closed, openOwn(repository, workspaces, true));
    OF_CHECK(closeToOthers(closed));

    QString path = repository.common() + QStringLiteral("/info/exclude");
    if (const QString real = QFileInfo(path).canonicalFilePath(); !real.isEmpty())
        path = real;
    QByteArray bytes;
    if (QFileInfo::exists(path)) {
        OF_TRY(present, readSmallFile(path));
        bytes = present;
    }
    QByteArray wanted = bytes;
    for (const char *name : {factory, workspaces}) {
        const QByteArray line = QByteArray("/") + name + '/';
        if (wanted.split('\n').contains(line))
            continue;
        if (!wanted.isEmpty() && !wanted.endsWith('\n'))
            wanted += '\n';
        wanted += line + '\n';
    }
    return wanted == bytes ? Result<void>() : writeFileAtomically(path, wanted);
}

Result<void> placeBranch(const Repository &repository, const WorkspaceRef &workspace, const git_oid &base)
{
    const QString doing = QStringLiteral("make branch %1").arg(workspace.branch);
    const QString ref = QStringLiteral("refs/heads/") + workspace.branch;
    const QString holder = Worktree::holderOf(repository, workspace.branch);
    if (!holder.isEmpty() && holder != Worktree::recordOf(repository, workspace))
        return fail(ErrorKind::Conflict, doing,
                    QStringLiteral("it is checked out already (%1)").arg(displayable(holder)),
                    QStringLiteral("finish or remove the earlier job of this slug, or use another slug"));
    if (holder.isEmpty() && hasFolder(repository, workspace) && hasContent(-1, QFile::encodeName(workspace.path)))
        return fail(
            ErrorKind::Conflict, doing,
            QStringLiteral("%1 holds files that are no workspace of this repository").arg(displayable(workspace.path)),
            QStringLiteral("move them away"));
    OF_TRY(tip, repository.tip(ref));
    if (!tip)
        return repository.moveRef(ref, base, git_oid{}, QStringLiteral("job %1").arg(workspace.name));
    if (git_oid_equal(&*tip, &base) || !holder.isEmpty())
        return {};
    if (repository.contains(base, *tip))
        return repository.moveRef(ref, base, *tip, QStringLiteral("job %1").arg(workspace.name));
    return fail(ErrorKind::Conflict, doing, QStringLiteral("the branch is there, with commits that are not merged"),
                QStringLiteral("use another slug, merge the branch, or rename it: git branch -m %1 %1-old")
                    .arg(workspace.branch));
}

Result<void> placeLink(const Repository &repository, const WorkspaceRef &workspace)
{
    const QString doing = QStringLiteral("link .factory/%1").arg(workspace.slug);
    OF_TRY(folder, openOwn(repository, factory, true));
    const QByteArray name = workspace.slug.toLatin1();
    const QByteArray target = QByteArray("../") + workspaces + '/' + workspace.name.toLatin1();
    if (readLink(folder.get(), name.constData()) == target)
        return {};
    struct stat facts{};
    if (::fstatat(folder.get(), name.constData(), &facts, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISLNK(facts.st_mode))
        return fail(ErrorKind::Denied, doing, QStringLiteral("something that is no link has that name"),
                    QStringLiteral("move it away"));
    const QByteArray temporary = ".new-" + name;
    ::unlinkat(folder.get(), temporary.constData(), 0);
    if (::symlinkat(target.constData(), folder.get(), temporary.constData()) != 0
        || ::renameat(folder.get(), temporary.constData(), folder.get(), name.constData()) != 0)
        return std::unexpected(errnoError(errno, doing));
    return {};
}

bool hasFolder(const Repository &repository, const WorkspaceRef &workspace)
{
    const QFileInfo folder(repository.root() + QLatin1Char('/') + QLatin1StringView(workspaces) + QLatin1Char('/')
                           + workspace.name);
    return folder.exists() || folder.isSymLink();
}

bool hasContent(int workspace, const RepoPath &path)
{
    const Descriptor folder(::openat(workspace < 0 ? AT_FDCWD : workspace, path.constData(),
                                     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    std::vector<DirectoryEntry> entries;
    return folder && (!listFolder(folder.get(), entries) || !entries.empty());
}

Result<void> removeFolders(const Repository &repository, const WorkspaceRef &workspace)
{
    const QString doing = QStringLiteral("remove workspace %1").arg(workspace.name);
    const QByteArray name = workspace.name.toLatin1();
    const QByteArray aside = ".removed-" + name;
    if (auto folder = openOwn(repository, workspaces, true)) { // where it is lost, the record is still to go
        if (::renameat(folder->get(), name.constData(), folder->get(), aside.constData()) != 0 && errno != ENOENT) {
            // An earlier call left its own there: that one was checked as well.
            if (!removeAny(folder->get(), aside.constData())
                || ::renameat(folder->get(), name.constData(), folder->get(), aside.constData()) != 0)
                return std::unexpected(errnoError(errno, doing));
        }
        if (!QDir(Worktree::recordOf(repository, workspace)).removeRecursively())
            return fail(ErrorKind::Io, doing,
                        QStringLiteral("its record %1 could not be removed")
                            .arg(displayable(Worktree::recordOf(repository, workspace))));
        if (!removeAny(folder->get(), aside.constData()))
            return std::unexpected(errnoError(errno, doing));
        std::vector<DirectoryEntry> entries;
        (void)listFolder(folder->get(), entries);
        for (const DirectoryEntry &entry : entries) {
            if (entry.name.startsWith(Worktree::asidePrefix(workspace)))
                (void)removeAny(folder->get(), entry.name.constData());
        }
    }
    if (auto folder = openOwn(repository, factory, false)) {
        const QByteArray target = QByteArray("../") + workspaces + '/' + name;
        if (readLink(folder->get(), workspace.slug.toLatin1().constData()) == target)
            ::unlinkat(folder->get(), workspace.slug.toLatin1().constData(), 0);
    }
    return {};
}

Result<void> checkDepth(const Scan &scan)
{
    if (scan.tooDeep.empty())
        return {};
    return fail(ErrorKind::Invalid, QStringLiteral("read the workspace"),
                QStringLiteral("folders are nested too deep at %1").arg(displayPath(scan.tooDeep.front().right(200))));
}

} // namespace openfactory::git
