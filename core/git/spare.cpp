// SPDX-License-Identifier: Apache-2.0
#include "core/git/spare.h"

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/id.h"
#include "core/base/text.h"
#include "core/git/folder.h"
#include "core/git/materialise.h"
#include "core/git/placement.h"

#include <QDir>
#include <QFile>
#include <QSet>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace openfactory::git {

namespace {

constexpr size_t fewestFiles = 1000; ///< below, a rename saves less than a person can notice
const QString markName = QStringLiteral("/openfactory-spare");

QString placeOf(const Repository &repository)
{
    return repository.common() + QStringLiteral("/openfactory");
}
QString sparesOf(const Repository &repository)
{
    return placeOf(repository) + QStringLiteral("/spares");
}

/// Of the folder with the files.
QByteArray folderName(const QString &ulid)
{
    return ".spare-" + ulid.toLatin1();
}

struct SpareMark {
    git_oid tree{};
    QString ulid;
};

std::optional<SpareMark> readMark(const QString &record)
{
    const auto text = readSmallFile(record + markName, 4096);
    if (!text)
        return std::nullopt;
    const QByteArrayList words = text->trimmed().split(' ');
    SpareMark mark;
    if (words.size() != 2 || git_oid_fromstr(&mark.tree, words[0].constData()) != 0 || words[1].size() != 26
        || !std::ranges::all_of(words[1], [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); }))
        return std::nullopt;
    mark.ulid = QString::fromLatin1(words[1]);
    return mark;
}

QStringList recordsIn(const QString &folder)
{
    return QDir(folder).entryList(QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot);
}

/// Removes what killed processes left: records that were never finished, folders that no record names.
Result<void> sweep(const Repository &repository, int workspaces)
{
    QSet<QByteArray> named;
    const QStringList places{sparesOf(repository), repository.common() + QStringLiteral("/worktrees")};
    for (const QString &place : places) {
        for (const QString &name : recordsIn(place)) {
            if (const auto mark = readMark(place + u'/' + name))
                named.insert(folderName(mark->ulid));
        }
    }
    std::vector<DirectoryEntry> entries;
    if (!listFolder(workspaces, entries))
        return std::unexpected(errnoError(errno, QStringLiteral("look for spare workspaces")));
    for (const DirectoryEntry &entry : entries) {
        if (entry.name.startsWith(".spare-") && !named.contains(entry.name))
            removeAny(workspaces, entry.name.constData());
    }
    for (const QString &name : recordsIn(placeOf(repository))) {
        if (name.startsWith(QLatin1String("making-")))
            QDir(placeOf(repository) + u'/' + name).removeRecursively();
    }
    return {};
}

} // namespace

Result<void> makeSpare(const Repository &repository, const git_oid &tree, const std::stop_token &stop)
{
    const QString doing = QStringLiteral("make a spare workspace of %1").arg(displayable(repository.root()));
    OF_TRY(files, repository.files(tree));
    if (files.size() < fewestFiles)
        return {};
    OF_CHECK(prepareFolders(repository));
    OF_CHECK(makeFolder(sparesOf(repository)));
    const Descriptor lock(::open(QFile::encodeName(placeOf(repository) + QStringLiteral("/spare.lock")).constData(),
                                 O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock)
        return std::unexpected(errnoError(errno, doing));
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        return {}; // somebody else is at it
    const QString parent = repository.root() + QStringLiteral("/.factory-workspaces");
    const Descriptor workspaces(
        ::open(QFile::encodeName(parent).constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!workspaces)
        return std::unexpected(errnoError(errno, doing));
    for (const QString &name : recordsIn(sparesOf(repository))) {
        if (QFileInfo(parent + u'/' + QString::fromLatin1(folderName(name))).isDir())
            return {};
        QDir(sparesOf(repository) + u'/' + name).removeRecursively(); // somebody removed its files
    }
    OF_CHECK(sweep(repository, workspaces.get()));

    const QString ulid = newUlid();
    const QString record = placeOf(repository) + QStringLiteral("/making-") + ulid;
    // From the first moment on it may be taken for a worktree's record, which git's own tidying must leave alone.
    OF_CHECK(writeFileAtomically(record + QStringLiteral("/locked"), "OpenFactory works here; see `factory list`\n"));
    OF_CHECK(writeFileAtomically(record + markName, git::toText(tree).toLatin1() + ' ' + ulid.toLatin1() + '\n'));
    if (::mkdirat(workspaces.get(), folderName(ulid).constData(), 0777) != 0)
        return std::unexpected(errnoError(errno, doing));
    const Descriptor folder = openFolder(workspaces.get(), folderName(ulid).constData());
    if (!folder)
        return std::unexpected(errnoError(errno, doing));
    const auto filled = materialise(repository, folder.get(), Scan(), files, stop);
    const auto saved = filled ? Worktree::saveOwnIndex(record, *filled) : std::unexpected(filled.error());
    if (!saved) { // cancelled, or a full disk: give the space back at once
        removeAny(workspaces.get(), folderName(ulid).constData());
        QDir(record).removeRecursively();
        return saved;
    }
    if (::rename(QFile::encodeName(record).constData(),
                 QFile::encodeName(sparesOf(repository) + u'/' + ulid).constData())
        != 0)
        return std::unexpected(errnoError(errno, doing));
    return {};
}

void claimSpare(const Repository &repository, const WorkspaceRef &workspace)
{
    const QString record = Worktree::recordOf(repository, workspace);
    const QStringList spares = recordsIn(sparesOf(repository));
    if (spares.isEmpty() || QFileInfo::exists(record) || hasFolder(repository, workspace)
        || !makeFolder(QFileInfo(record).path()))
        return;
    for (const QString &name : spares) {
        if (::rename(QFile::encodeName(sparesOf(repository) + u'/' + name).constData(),
                     QFile::encodeName(record).constData())
            == 0)
            return;
    }
}

std::optional<git_oid> placeSpare(const QString &record, int workspaces, const QByteArray &name)
{
    const auto mark = readMark(record);
    if (!mark)
        return std::nullopt;
    const bool placed = ::renameat2(workspaces, folderName(mark->ulid).constData(), workspaces, name.constData(),
                                    RENAME_NOREPLACE)
                        == 0;
    // Only now: until here a killed process has to find it again.
    ::unlink(QFile::encodeName(record + markName).constData());
    return placed && Worktree::isOfThisBoot(record) ? std::optional(mark->tree) : std::nullopt;
}

} // namespace openfactory::git
