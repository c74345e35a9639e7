// SPDX-License-Identifier: Apache-2.0
#include "core/git/worktree.h"

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/id.h"
#include "core/base/moveaside.h"
#include "core/base/slug.h"
#include "core/base/text.h"
#include "core/git/materialise.h"
#include "core/git/spare.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace openfactory::git {

namespace {

const QString ownIndex = QStringLiteral("/openfactory-index");
/// The boot of the machine under which that index was written. A machine that went down may have lost what was in files
/// whose stat data it kept, so after that each file is read again.
const QString bootMark = QStringLiteral("/openfactory-boot");

/// What a look at the workspace found, where it had to read that much: what a command leaves is looked at several times
/// before it is kept or put back. Its blobs may be in no object database.
const QString seenIndex = QStringLiteral("/openfactory-seen");
constexpr qint64 seenFrom = 16 << 20;

QString inWords(const WorkspaceRef &workspace)
{
    return QStringLiteral("open workspace %1").arg(displayable(workspace.name));
}

/// Writes the file unless it says that already.
Result<void> sayIn(const QString &path, const QByteArray &bytes)
{
    if (const auto present = readSmallFile(path); present && *present == bytes)
        return {};
    return writeFileAtomically(path, bytes);
}

} // namespace

Result<void> Worktree::check(const WorkspaceRef &workspace)
{
    const QString doing = inWords(workspace);
    static const QRegularExpression name(QStringLiteral("\\A[A-Za-z0-9_-]{1,100}\\z"));
    OF_CHECK(Slug::parse(workspace.slug));
    if (!name.match(workspace.name).hasMatch())
        return fail(ErrorKind::Invalid, doing,
                    QStringLiteral("\"%1\" cannot be a workspace's name").arg(displayable(workspace.name.left(120))));
    if (workspace.branch != QStringLiteral("factory/") + workspace.slug)
        return fail(ErrorKind::Invalid, doing,
                    QStringLiteral("branch \"%1\" is not that of slug \"%2\"")
                        .arg(displayable(workspace.branch), workspace.slug));
    const QString expected = QDir::cleanPath(workspace.repository) + QStringLiteral("/.factory-workspaces/")
                             + workspace.name;
    if (QDir::cleanPath(workspace.path) != expected)
        return fail(ErrorKind::Invalid, doing,
                    QStringLiteral("its folder is %1, not %2").arg(displayable(workspace.path), displayable(expected)));
    return {};
}

QString Worktree::recordOf(const Repository &repository, const WorkspaceRef &workspace)
{
    return repository.common() + QStringLiteral("/worktrees/") + workspace.name;
}

bool Worktree::isFinished(const Repository &repository, const WorkspaceRef &workspace)
{
    const QString record = recordOf(repository, workspace);
    return QFileInfo::exists(record + ownIndex) && QFileInfo::exists(record + QStringLiteral("/index"));
}

QString Worktree::holderOf(const Repository &repository, const QString &branch)
{
    const QByteArray wanted = "ref: refs/heads/" + branch.toUtf8();
    const auto holds = [&](const QString &folder) {
        const auto head = readSmallFile(folder + QStringLiteral("/HEAD"), 4096);
        // A rebase works on a detached head and moves the branch when it is done.
        for (const char *rebase : {"/rebase-merge/head-name", "/rebase-apply/head-name"}) {
            const auto name = readSmallFile(folder + QLatin1StringView(rebase), 4096);
            if (name && name->trimmed() == wanted.sliced(5))
                return true;
        }
        return head && head->trimmed() == wanted;
    };
    if (!repository.isBare() && holds(repository.common()))
        return repository.common();
    const QDir records(repository.common() + QStringLiteral("/worktrees"));
    for (const QString &name : records.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        if (holds(records.filePath(name)))
            return records.filePath(name);
    }
    return {};
}

Result<Worktree> Worktree::open(const Repository &repository, const WorkspaceRef &workspace)
{
    OF_CHECK(check(workspace));
    if (!isFinished(repository, workspace))
        return fail(ErrorKind::NotFound, inWords(workspace),
                    QStringLiteral("there is no such workspace in %1").arg(displayable(repository.root())));
    Worktree worktree(repository, workspace);
    OF_CHECK(worktree.putRight(false));
    if (worktree.m_wasLost)
        OF_CHECK(worktree.writeAnew());
    return worktree;
}

Result<Worktree> Worktree::make(const Repository &repository, const WorkspaceRef &workspace)
{
    OF_CHECK(check(workspace));
    Worktree worktree(repository, workspace);
    OF_CHECK(worktree.putRight(true));
    return worktree;
}

Result<void> Worktree::putRight(bool fresh)
{
    const QString doing = inWords(m_workspace);
    m_record = recordOf(m_repository, m_workspace);
    // Locked first: so git's own tidying does not take a half-made record for a forgotten one.
    OF_CHECK(sayIn(m_record + QStringLiteral("/locked"), "OpenFactory works here; see `factory list`\n"));
    OF_CHECK(sayIn(m_record + QStringLiteral("/commondir"), "../..\n"));
    OF_CHECK(sayIn(m_record + QStringLiteral("/gitdir"),
                   QFile::encodeName(m_repository.root() + QStringLiteral("/.factory-workspaces/") + m_workspace.name)
                       + "/.git\n"));
    if (!QFileInfo::exists(m_record + QStringLiteral("/HEAD")))
        OF_CHECK(attach());

    const QString parent = m_repository.root() + QStringLiteral("/.factory-workspaces");
    const QByteArray name = m_workspace.name.toLatin1();
    if (::mkdir(QFile::encodeName(parent).constData(), 0700) != 0 && errno != EEXIST) // lost with all that was in it
        return std::unexpected(errnoError(errno, doing));
    const Descriptor workspaces(
        ::open(QFile::encodeName(parent).constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!workspaces)
        return std::unexpected(errnoError(errno, doing));
    if (fresh)
        m_spareTree = placeSpare(m_record, workspaces.get(), name);
    m_wasLost = ::mkdirat(workspaces.get(), name.constData(), 0777) == 0;
    if (!m_wasLost && errno != EEXIST)
        return std::unexpected(errnoError(errno, doing));
    m_folder = openFolder(workspaces.get(), name.constData());
    if (!m_folder)
        return std::unexpected(errnoError(errno, doing));

    const QByteArray link = "gitdir: " + QFile::encodeName(m_record) + '\n';
    struct stat facts{};
    if (const Descriptor file = openFile(m_folder.get(), ".git", facts); file && facts.st_size == link.size()) {
        QByteArray bytes(link.size(), '\0');
        if (::read(file.get(), bytes.data(), size_t(bytes.size())) == bytes.size() && bytes == link)
            return {};
    }
    if (::fstatat(m_folder.get(), ".git", &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(facts.st_mode)) {
        // A repository that somebody made over the workspace: it is put beside it, not thrown away.
        const QByteArray aside = ".git-found-in-" + name + '-' + newUlid().toLatin1();
        if (::renameat(m_folder.get(), ".git", workspaces.get(), aside.constData()) != 0)
            return std::unexpected(errnoError(errno, doing));
    }
    if (!writeFile(m_folder.get(), ".git", false, link.constData(), size_t(link.size()), facts, IfThere::Replace))
        return std::unexpected(errnoError(errno, doing));
    return {};
}

QByteArray Worktree::asidePrefix(const WorkspaceRef &workspace)
{
    return openfactory::asidePrefix(workspace.name).toLatin1();
}

Result<git_oid> Worktree::head() const
{
    const QString doing = inWords(m_workspace);
    OF_TRY(text, readSmallFile(m_record + QStringLiteral("/HEAD"), 4096));
    const QString value = QString::fromUtf8(text.trimmed());
    if (!value.startsWith(QLatin1String("ref: ")))
        return toOid(value, doing);
    OF_TRY(tip, m_repository.tip(value.sliced(5)));
    if (!tip)
        return fail(ErrorKind::NotFound, doing,
                    QStringLiteral("its branch %1 is gone").arg(displayable(value.sliced(5))),
                    QStringLiteral("make it again: git update-ref %1 COMMIT; factory show names the last commit; then "
                                   "retry the job")
                        .arg(displayable(value.sliced(5))));
    return *tip;
}

Result<void> Worktree::checkOnBranch() const
{
    OF_TRY(text, readSmallFile(m_record + QStringLiteral("/HEAD"), 4096));
    const QString value = QString::fromUtf8(text.trimmed());
    if (value == QStringLiteral("ref: ") + branchRef())
        return {};
    return fail(ErrorKind::Conflict, inWords(m_workspace),
                QStringLiteral("it is on %1, not on %2").arg(displayable(value), m_workspace.branch),
                QStringLiteral("go to the workspace and run: git switch %1").arg(m_workspace.branch));
}

Result<void> Worktree::attach() const
{
    return sayIn(m_record + QStringLiteral("/HEAD"), "ref: " + branchRef().toUtf8() + '\n');
}

/// A folder that somebody removed holds the branch's files again: nobody deletes a whole workspace to have that judged.
Result<void> Worktree::writeAnew() const
{
    OF_TRY(id, head());
    OF_TRY(commit, m_repository.commit(id, inWords(m_workspace)));
    OF_TRY(entries, fill(*git_commit_tree_id(commit.get()), Scan()));
    return saveIndex(entries);
}

Result<Scan> Worktree::scan(git_odb *odb, const std::stop_token &stop, bool listIgnored, qint64 writeMost) const
{
    const bool believed = isOfThisBoot(m_record);
    const IndexFile known = believed ? IndexFile::load(m_record + ownIndex) : IndexFile();
    const IndexFile seen = believed ? IndexFile::load(m_record + seenIndex) : IndexFile();
    // What is tracked is what git's own index names: a person may have added an ignored file to it. It is the same file
    // as ours unless git was used in the workspace.
    const std::vector<IndexEntry> *tracked = &known.entries();
    std::vector<IndexEntry> fromGit;
    const QByteArray gitsIndex = QFile::encodeName(m_record + QStringLiteral("/index"));
    struct stat facts{};
    if (known.inode() == 0 || ::stat(gitsIndex.constData(), &facts) != 0 || facts.st_ino != known.inode()) {
        IndexHandle index;
        if (git_index_open(out(index), gitsIndex.constData()) == 0) {
            for (size_t i = 0; i < git_index_entrycount(index.get()); ++i) {
                const git_index_entry *entry = git_index_get_byindex(index.get(), i);
                fromGit.push_back({RepoPath(entry->path), entry->mode, entry->id, {}});
            }
        }
        if (fromGit.empty()) {
            OF_TRY(id, head());
            OF_TRY(commit, m_repository.commit(id, inWords(m_workspace)));
            OF_TRY(files, m_repository.files(*git_commit_tree_id(commit.get())));
            for (TreeFile &file : files)
                fromGit.push_back({std::move(file.path), file.mode, file.oid, {}});
        }
        // Unmerged paths are there up to three times.
        std::ranges::stable_sort(fromGit, {}, &IndexEntry::path);
        tracked = &fromGit;
    }
    ScanPlan plan{m_folder.get(), &known, tracked, {}, odb, &seen, writeMost, stop, listIgnored};
    const QString excludes = QFileInfo(m_repository.common() + QStringLiteral("/info/exclude")).canonicalFilePath();
    if (!excludes.isEmpty()) {
        OF_TRY(bytes, readSmallFile(excludes));
        plan.excludes = bytes;
    }
    auto found = scanFolder(plan);
    if (found && found->bytesRead >= seenFrom && believed)
        (void)IndexFile::save(m_record + seenIndex, found->entries); // only a memory: without it all is read again
    return found;
}

Result<std::vector<IndexEntry>> Worktree::fill(const git_oid &tree, const Scan &present, const std::stop_token &stop,
                                               bool around, const std::optional<KeptFiles> &kept) const
{
    OF_TRY(wanted, m_repository.files(tree));
    if (!around)
        return materialise(m_repository, m_folder.get(), present, wanted, stop);
    return materialise(
        m_repository, m_folder.get(), present, wanted, stop,
        [this](const RepoPath &path) { return putUnseenAside(path); }, kept);
}

Result<void> Worktree::putUnseenAside(const RepoPath &path) const
{
    return moveAside(m_workspace.path, path, unseenAside(m_workspace.path, m_workspace.name));
}

bool Worktree::isOfThisBoot(const QString &record)
{
    const auto boot = readSmallFile(record + bootMark, 4096);
    return boot && *boot == SystemClock().bootId().toLatin1();
}

Result<void> Worktree::saveOwnIndex(const QString &record, const std::vector<IndexEntry> &entries)
{
    OF_CHECK(IndexFile::save(record + ownIndex, entries));
    return sayIn(record + bootMark, SystemClock().bootId().toLatin1());
}

Result<void> Worktree::saveIndex(const std::vector<IndexEntry> &entries) const
{
    OF_CHECK(saveOwnIndex(m_record, entries));
    return shareIndex();
}

Result<void> Worktree::shareIndex() const
{
    // Both names mean one file until git writes its own anew, which it does by a rename.
    const QByteArray own = QFile::encodeName(m_record + ownIndex);
    const QByteArray linked = own + ".link";
    ::unlink(linked.constData());
    if (::link(own.constData(), linked.constData()) != 0
        || ::rename(linked.constData(), QFile::encodeName(m_record + QStringLiteral("/index")).constData()) != 0)
        return std::unexpected(
            errnoError(errno, QStringLiteral("write the index of workspace %1").arg(m_workspace.name)));
    return {};
}

} // namespace openfactory::git
