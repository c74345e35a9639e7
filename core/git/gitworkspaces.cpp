// SPDX-License-Identifier: Apache-2.0
#include "core/git/gitworkspaces.h"

#include "core/base/givingup.h"
#include "core/base/text.h"
#include "core/git/changes.h"
#include "core/git/folder.h"
#include "core/git/materialise.h"
#include "core/git/placement.h"
#include "core/git/spare.h"
#include "core/git/worktree.h"

#include <QFile>

#include <fcntl.h>
#include <git2/sys/mempack.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>

namespace openfactory {

using namespace git;

namespace {

constexpr int stepsBack = 1000; ///< how many commits a restart looks through for its own

QString snapshotMessage(const git_commit *commit)
{
    return QString::fromUtf8(git_commit_message_raw(commit)).trimmed();
}

/// The tree of a commit.
Result<git_oid> treeOf(const Repository &repository, const CommitId &id, const QString &doing)
{
    OF_TRY(commit, repository.commit(id, doing));
    return *git_commit_tree_id(commit.get());
}

/// Puts the tree on the worktree's branch; gives the head where it is that already. The index is for the caller.
Result<git_oid> commitTree(const Repository &repository, const Worktree &worktree, const git_oid &tree,
                           const CommitNote &note, const GitIdentity &identity)
{
    OF_TRY(head, worktree.head());
    OF_TRY(before, repository.commit(head, QStringLiteral("commit ") + note.subject.simplified()));
    if (git_oid_equal(&tree, git_commit_tree_id(before.get())) != 0)
        return head;
    OF_TRY(id, repository.makeCommit(identity, messageOf(note, identity.coAuthor), tree, {head}));
    OF_CHECK(
        repository.moveRef(worktree.branchRef(), id, head, QStringLiteral("commit: ") + note.subject.simplified()));
    return id;
}

/// What belongs into the index for the tree. Where a file lies there as it is in the tree, the index says so; the
/// others show as changed. `present`: what lies there, by path.
Result<std::vector<IndexEntry>> indexOf(const Repository &repository, const git_oid &tree,
                                        const std::vector<IndexEntry> &present)
{
    OF_TRY(files, repository.files(tree));
    std::vector<IndexEntry> entries;
    entries.reserve(files.size());
    auto seen = present.cbegin();
    for (TreeFile &file : files) {
        while (seen != present.cend() && seen->path < file.path)
            ++seen;
        const bool same = seen != present.cend() && seen->path == file.path && seen->mode == file.mode
                          && git_oid_equal(&seen->oid, &file.oid) != 0;
        entries.push_back(same ? *seen : IndexEntry{std::move(file.path), file.mode, file.oid, {}});
    }
    return entries;
}

/// refs/openfactory/a/10 after refs/openfactory/a/9
bool naturallyBefore(const SnapshotRef &left, const SnapshotRef &right)
{
    const QStringList a = left.ref.split(QLatin1Char('/'));
    const QStringList b = right.ref.split(QLatin1Char('/'));
    for (qsizetype i = 0; i < std::min(a.size(), b.size()); ++i) {
        bool isNumber = false, isNumberToo = false;
        const int x = a[i].toInt(&isNumber);
        const int y = b[i].toInt(&isNumberToo);
        if (isNumber && isNumberToo && x != y)
            return x < y;
        if (a[i] != b[i])
            return a[i] < b[i];
    }
    return a.size() < b.size();
}

} // namespace

GitWorkspaces::GitWorkspaces(GitIdentity identity) : m_identity(std::move(identity))
{}

Result<RepositoryFacts> GitWorkspaces::inspect(const QString &path)
{
    OF_TRY(repository, Repository::discover(path));
    const QString doing = QStringLiteral("look at repository %1").arg(displayable(repository.root()));
    git_repository *handle = repository.checkout();
    RepositoryFacts facts;
    facts.root = repository.root();
    facts.gitFolder = repository.common();
    facts.bare = repository.isBare();
    facts.shallow = git_repository_is_shallow(handle) == 1;
    facts.detached = git_repository_head_detached(handle) == 1;
    ReferenceHandle head;
    const int code = git_repository_head(out(head), handle);
    facts.unborn = code == GIT_EUNBORNBRANCH || code == GIT_ENOTFOUND;
    if (code < 0 && !facts.unborn)
        return std::unexpected(gitError(code, doing));
    if (facts.unborn) {
        ReferenceHandle symbolic;
        OF_GIT(git_reference_lookup(out(symbolic), handle, "HEAD"), doing);
        if (git_reference_type(symbolic.get()) == GIT_REFERENCE_SYMBOLIC)
            facts.headBranch = QString::fromUtf8(git_reference_symbolic_target(symbolic.get()))
                                   .remove(QStringLiteral("refs/heads/"));
        return facts;
    }
    facts.headCommit = git::toText(*git_reference_target(head.get()));
    if (!facts.detached)
        facts.headBranch = QString::fromUtf8(git_reference_shorthand(head.get()));
    return facts;
}

Result<CommitId> GitWorkspaces::resolve(const QString &repository, const QString &revision)
{
    const QString doing = QStringLiteral("find revision \"%1\"").arg(displayable(revision));
    OF_TRY(opened, Repository::open(repository));
    ObjectHandle object;
    const int code = git_revparse_single(out(object), opened.checkout(), revision.toUtf8().constData());
    git_oid missing;
    if (code == GIT_ENOTFOUND
        && git_reference_name_to_id(&missing, opened.checkout(), revision.toUtf8().constData()) == 0)
        return fail(ErrorKind::Io, doing,
                    QStringLiteral("it is commit %1, which is not in the repository").arg(git::toText(missing)),
                    git::kMendRepository.toString());
    if (const QString heads = QStringLiteral("refs/heads/"); code == GIT_ENOTFOUND && revision.startsWith(heads))
        return fail(ErrorKind::NotFound, doing,
                    QStringLiteral("there is no branch %1").arg(displayable(revision.sliced(heads.size()))),
                    QStringLiteral("make it again: git branch %1 COMMIT; the log and factory show name the commits; "
                                   "then let the job go on: factory run -s SLUG")
                        .arg(displayable(revision.sliced(heads.size()))));
    OF_GIT(code, doing);
    ObjectHandle commit;
    OF_GIT(git_object_peel(out(commit), object.get(), GIT_OBJECT_COMMIT), doing);
    return git::toText(*git_object_id(commit.get()));
}

Result<void> GitWorkspaces::create(const WorkspaceRef &workspace, const CommitId &base, const std::stop_token &stop)
{
    const QString doing = QStringLiteral("make workspace %1").arg(displayable(workspace.name));
    OF_CHECK(Worktree::check(workspace));
    OF_TRY(repository, Repository::open(workspace.repository));
    if (base.isEmpty())
        return fail(ErrorKind::Invalid, doing, QStringLiteral("there is no commit to start from"),
                    QStringLiteral("make a first commit in %1: git add . && git commit")
                        .arg(displayable(workspace.repository)));
    OF_TRY(baseId, toOid(base, doing));
    OF_TRY(baseCommit, repository.commit(baseId, doing));
    OF_CHECK(prepareFolders(repository));
    if (!Worktree::isFinished(repository, workspace)) {
        OF_CHECK(placeBranch(repository, workspace, baseId));
        claimSpare(repository, workspace);
        OF_TRY(worktree, Worktree::make(repository, workspace));
        OF_TRY(head, worktree.head());
        OF_TRY(commit, repository.commit(head, doing));
        const git_oid &tree = *git_commit_tree_id(commit.get());
        if (const auto &ready = worktree.spareTree(); ready && git_oid_equal(&*ready, &tree)) {
            OF_CHECK(worktree.shareIndex());
        } else {
            OF_TRY(present, worktree.scan(nullptr, stop));
            OF_TRY(entries, worktree.fill(tree, present, stop));
            OF_CHECK(worktree.saveIndex(entries));
        }
    } else {
        OF_CHECK(Worktree::open(repository, workspace));
    }
    return placeLink(repository, workspace);
}

Result<void> GitWorkspaces::prepare(const QString &path, const QString &revision, const std::stop_token &stop)
{
    OF_TRY(id, resolve(path, revision));
    OF_TRY(repository, Repository::open(path));
    OF_TRY(tree, treeOf(repository, id, QStringLiteral("make a spare workspace")));
    return makeSpare(repository, tree, stop);
}

Result<void> GitWorkspaces::remove(const WorkspaceRef &workspace, const QString &target)
{
    const QString doing = QStringLiteral("remove workspace %1").arg(displayable(workspace.name));
    OF_CHECK(Worktree::check(workspace));
    OF_TRY(repository, Repository::open(workspace.repository));
    const QString branch = QStringLiteral("refs/heads/") + workspace.branch;
    OF_TRY(tip, repository.tip(branch));
    OF_TRY(targetTip, repository.tip(QStringLiteral("refs/heads/") + target));
    std::vector<git_oid> heads;
    if (tip)
        heads.push_back(*tip);
    if (hasFolder(repository, workspace)) {
        OF_TRY(worktree, Worktree::open(repository, workspace));
        OF_TRY(head, worktree.head());
        heads.push_back(head);
        OF_TRY(commit, repository.commit(head, doing));
        OF_TRY(scan, worktree.scan(nullptr));
        QStringList work;
        if (!git_oid_equal(&scan.tree, git_commit_tree_id(commit.get())) || !scan.tooDeep.empty())
            work += QStringLiteral("changes that are not committed");
        for (const RepoPath &path : scan.unstorable)
            work += QStringLiteral("%1, a name that git cannot keep").arg(displayPath(path));
        for (const RepoPath &path : scan.repositories)
            work += QStringLiteral("the repository %1").arg(displayPath(path));
        for (const IndexEntry &entry : scan.entries) {
            if (entry.mode == modeSubmodule && hasContent(worktree.folder(), entry.path))
                work += QStringLiteral("the submodule checkout %1").arg(displayPath(entry.path));
        }
        if (!work.isEmpty())
            return fail(ErrorKind::Denied, doing, QStringLiteral("it holds ") + work.join(QStringLiteral(", ")),
                        QStringLiteral("save or delete that in %1 first").arg(displayable(workspace.path)));
    }
    bool merged = true;
    for (const git_oid &head : heads) {
        if (targetTip && repository.contains(*targetTip, head))
            continue;
        merged = false;
        OF_TRY(kept, snapshots(workspace, QStringLiteral("refs/openfactory/")));
        const bool isKept = std::ranges::any_of(kept, [&](const SnapshotRef &snapshot) {
            const auto id = toOid(snapshot.commit, doing);
            return id && repository.contains(*id, head);
        });
        if (!isKept)
            return fail(
                ErrorKind::Denied, doing,
                QStringLiteral("branch %1 has commits that are in neither %2 nor a snapshot")
                    .arg(workspace.branch, displayable(target)),
                QStringLiteral("merge them, or delete the branch yourself: git branch -D %1").arg(workspace.branch));
    }
    OF_CHECK(removeFolders(repository, workspace));
    if (merged && tip && Worktree::holderOf(repository, workspace.branch).isEmpty())
        return repository.deleteRef(branch);
    return {};
}

Result<QString> GitWorkspaces::trailer(const QString &path, const CommitId &commit, const QString &name)
{
    OF_TRY(repository, Repository::open(path));
    return repository.trailer(commit, name);
}

Result<WorkspaceState> GitWorkspaces::state(const WorkspaceRef &workspace)
{
    OF_TRY(repository, Repository::open(workspace.repository));
    OF_TRY(worktree, Worktree::open(repository, workspace));
    OF_TRY(head, worktree.head());
    OF_TRY(commit, repository.commit(head, QStringLiteral("look at workspace %1").arg(workspace.name)));
    OF_TRY(scan, worktree.scan(nullptr, GivingUp::token()));
    OF_CHECK(checkDepth(scan));
    return WorkspaceState{git::toText(head), git::toText(scan.tree),
                          git_oid_equal(&scan.tree, git_commit_tree_id(commit.get())) != 0, scan.repositories,
                          scan.unstorable};
}

Result<std::vector<RepoPath>> GitWorkspaces::ignoredFiles(const WorkspaceRef &workspace)
{
    OF_TRY(repository, Repository::open(workspace.repository));
    OF_TRY(worktree, Worktree::open(repository, workspace));
    OF_TRY(scan, worktree.scan(nullptr, {}, true));
    std::ranges::sort(scan.ignored);
    return scan.ignored;
}

Result<SnapshotRef> GitWorkspaces::snapshot(const WorkspaceRef &workspace, const QString &ref, const QString &message)
{
    const QString doing = QStringLiteral("keep workspace %1 as %2").arg(displayable(workspace.name), displayable(ref));
    int valid = 0;
    setUpLibrary();
    if (!ref.startsWith(QLatin1String("refs/openfactory/"))
        || git_reference_name_is_valid(&valid, ref.toUtf8().constData()) != 0 || valid != 1)
        return fail(ErrorKind::Invalid, doing, QStringLiteral("that is no name below refs/openfactory/"));
    OF_TRY(repository, Repository::open(workspace.repository));
    OF_TRY(worktree, Worktree::open(repository, workspace));
    OF_TRY(head, worktree.head());
    OF_TRY(odb, repository.openObjects());
    OF_TRY(scan, worktree.scan(odb.get()));
    OF_CHECK(checkDepth(scan));
    const QString text = message.trimmed();
    OF_TRY(earlier, repository.tip(ref));
    if (earlier) {
        OF_TRY(commit, repository.commit(*earlier, doing));
        if (git_oid_equal(git_commit_tree_id(commit.get()), &scan.tree) && snapshotMessage(commit.get()) == text)
            return SnapshotRef{ref, git::toText(*earlier), text};
        return fail(ErrorKind::Conflict, doing, QStringLiteral("another state is kept there already"));
    }
    OF_TRY(id, repository.makeCommit(m_identity, text + QLatin1Char('\n'), scan.tree, {head}));
    OF_CHECK(repository.moveRef(ref, id, git_oid{}, QStringLiteral("snapshot")));
    return SnapshotRef{ref, git::toText(id), text};
}

Result<std::vector<SnapshotRef>> GitWorkspaces::snapshots(const WorkspaceRef &workspace, const QString &refPrefix)
{
    const QString doing = QStringLiteral("list snapshots");
    OF_TRY(repository, Repository::open(workspace.repository));
    Handle<git_reference_iterator, git_reference_iterator_free> iterator;
    OF_GIT(git_reference_iterator_glob_new(out(iterator), repository.objects(), "refs/openfactory/*"), doing);
    std::vector<SnapshotRef> found;
    ReferenceHandle reference;
    int code = 0;
    while ((code = git_reference_next(out(reference), iterator.get())) == 0) {
        const QString name = QString::fromUtf8(git_reference_name(reference.get()));
        if (!name.startsWith(refPrefix) || git_reference_type(reference.get()) != GIT_REFERENCE_DIRECT)
            continue;
        OF_TRY(commit, repository.commit(*git_reference_target(reference.get()), doing));
        found.push_back({name, git::toText(*git_commit_id(commit.get())), snapshotMessage(commit.get())});
    }
    if (code != GIT_ITEROVER)
        OF_GIT(code, doing);
    std::ranges::sort(found, naturallyBefore);
    return found;
}

Result<CommitId> GitWorkspaces::commit(const WorkspaceRef &workspace, const CommitNote &note)
{
    const QString doing = QStringLiteral("commit workspace %1").arg(displayable(workspace.name));
    OF_TRY(repository, Repository::open(workspace.repository));
    OF_TRY(worktree, Worktree::open(repository, workspace));
    OF_CHECK(worktree.checkOnBranch());
    OF_TRY(odb, repository.openObjects());
    OF_TRY(scan, worktree.scan(odb.get()));
    OF_CHECK(checkDepth(scan));
    OF_TRY(made, commitTree(repository, worktree, scan.tree, note, m_identity));
    OF_CHECK(worktree.saveIndex(scan.entries));
    return git::toText(made);
}

Result<CommitId> GitWorkspaces::commitSnapshot(const WorkspaceRef &workspace, const CommitId &snapshot,
                                               const CommitNote &note)
{
    const QString doing = QStringLiteral("commit workspace %1").arg(displayable(workspace.name));
    OF_TRY(repository, Repository::open(workspace.repository));
    OF_TRY(worktree, Worktree::open(repository, workspace));
    OF_CHECK(worktree.checkOnBranch());
    OF_TRY(tree, treeOf(repository, snapshot, doing));
    OF_TRY(present, worktree.scan(nullptr));
    OF_TRY(made, commitTree(repository, worktree, tree, note, m_identity));
    OF_TRY(entries, indexOf(repository, tree, present.entries));
    OF_CHECK(worktree.saveIndex(entries));
    return git::toText(made);
}

Result<std::optional<CommitId>> GitWorkspaces::findStep(const WorkspaceRef &workspace, const QString &step)
{
    return findIntegration(workspace.repository, workspace.branch, step);
}

Result<void> GitWorkspaces::restore(const WorkspaceRef &workspace, const CommitId &commit, const KeptIn &kept)
{
    return apply(workspace, commit, commit, kept);
}

namespace {

/// What lies in the commits, where any are named.
Result<std::optional<KeptFiles>> keptFiles(const Repository &repository, const KeptIn &kept, const QString &doing)
{
    if (!kept)
        return std::nullopt;
    KeptFiles all;
    for (const CommitId &commit : *kept) {
        OF_TRY(tree, treeOf(repository, commit, doing));
        OF_TRY(files, repository.files(tree));
        all.push_back(std::move(files));
    }
    return std::optional(std::move(all));
}

} // namespace

Result<void> GitWorkspaces::apply(const WorkspaceRef &workspace, const CommitId &commit, const CommitId &snapshot,
                                  const KeptIn &kept)
{
    const QString doing = QStringLiteral("restore workspace %1").arg(displayable(workspace.name));
    OF_TRY(repository, Repository::open(workspace.repository));
    OF_TRY(worktree, Worktree::open(repository, workspace));
    OF_TRY(to, repository.commit(commit, doing));
    OF_TRY(content, treeOf(repository, snapshot, doing));
    OF_TRY(keeps, keptFiles(repository, kept, doing));
    OF_TRY(present, worktree.scan(nullptr));
    OF_TRY(entries, worktree.fill(content, present, {}, true, keeps));
    OF_CHECK(worktree.attach());
    OF_TRY(tip, repository.tip(worktree.branchRef()));
    if (!tip || !git_oid_equal(&*tip, git_commit_id(to.get())))
        OF_CHECK(repository.moveRef(worktree.branchRef(), *git_commit_id(to.get()), tip.value_or(git_oid{}),
                                    QStringLiteral("restore")));
    if (git_oid_equal(&content, git_commit_tree_id(to.get())) != 0)
        return worktree.saveIndex(entries);
    OF_TRY(index, indexOf(repository, *git_commit_tree_id(to.get()), entries));
    return worktree.saveIndex(index);
}

Result<void> GitWorkspaces::writeOut(const QString &repository, const CommitId &commit, const QString &folder,
                                     const std::stop_token &stop)
{
    const QString doing = QStringLiteral("write out %1").arg(commit.left(12));
    OF_TRY(opened, Repository::open(repository));
    OF_TRY(tree, treeOf(opened, commit, doing));
    OF_TRY(files, opened.files(tree));
    const Descriptor there = openFolder(AT_FDCWD, QFile::encodeName(folder).constData());
    if (!there)
        return std::unexpected(errnoError(errno, doing));
    OF_CHECK(materialise(opened, there.get(), Scan(), files, stop));
    return {};
}

Result<int> GitWorkspaces::applyOnly(const WorkspaceRef &workspace, const CommitId &snapshot,
                                     const std::function<bool(const RepoPath &)> &wanted, const KeptIn &kept)
{
    const QString doing = QStringLiteral("put a part of a snapshot into workspace %1").arg(displayable(workspace.name));
    OF_TRY(repository, Repository::open(workspace.repository));
    OF_TRY(worktree, Worktree::open(repository, workspace));
    OF_TRY(tree, treeOf(repository, snapshot, doing));
    OF_TRY(keeps, keptFiles(repository, kept, doing));
    OF_TRY(present, worktree.scan(nullptr));
    OF_TRY(files, repository.files(tree));
    std::vector<TreeFile> mixed;
    std::set<RepoPath> taken; // by what stays: its paths, and the folders above them
    std::map<RepoPath, TreeFile> gone;
    const auto above = [](const RepoPath &path, const auto &see) {
        for (qsizetype at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
            see(path.first(at));
    };
    for (const IndexEntry &entry : present.entries) {
        if (wanted(entry.path)) {
            gone[entry.path] = {entry.path, entry.mode, entry.oid};
            continue;
        }
        mixed.push_back({entry.path, entry.mode, entry.oid});
        taken.insert(entry.path);
        above(entry.path, [&](const RepoPath &folder) { taken.insert(folder); });
    }
    int changed = 0;
    for (TreeFile &file : files) {
        if (!wanted(file.path))
            continue;
        bool inTheWay = taken.contains(file.path);
        above(file.path, [&](const RepoPath &folder) {
            inTheWay = inTheWay || std::ranges::binary_search(present.entries, folder, {}, &IndexEntry::path);
        });
        if (inTheWay)
            continue;
        const auto now = gone.find(file.path);
        if (now == gone.end() || now->second.mode != file.mode || !git_oid_equal(&now->second.oid, &file.oid))
            ++changed;
        if (now != gone.end())
            gone.erase(now);
        mixed.push_back(std::move(file));
    }
    changed += int(gone.size());
    if (changed == 0)
        return 0;
    std::ranges::sort(mixed, {}, &TreeFile::path);
    OF_CHECK(materialise(
        repository, worktree.folder(), present, mixed, {},
        [&](const RepoPath &path) { return worktree.putUnseenAside(path); }, keeps));
    return changed;
}

Result<ChangeSet> GitWorkspaces::diff(const QString &repository, const CommitId &from, const CommitId &to,
                                      bool summaryOnly)
{
    const QString doing = QStringLiteral("compare two commits");
    OF_TRY(opened, Repository::open(repository));
    OF_TRY(before, treeOf(opened, from, doing));
    OF_TRY(after, treeOf(opened, to, doing));
    OF_TRY(deltas, compareTrees(opened.objects(), before, after));
    return toChangeSet(std::move(deltas), summaryOnly);
}

Result<std::vector<ListedChange>> GitWorkspaces::changedFiles(const QString &repository, const CommitId &from,
                                                              const CommitId &to)
{
    const QString doing = QStringLiteral("list what differs between two commits");
    OF_TRY(opened, Repository::open(repository));
    OF_TRY(before, treeOf(opened, from, doing));
    OF_TRY(after, treeOf(opened, to, doing));
    OF_TRY(deltas, listChanges(opened.objects(), before, after));
    std::vector<ListedChange> listed;
    listed.reserve(deltas.size());
    for (FileDelta &delta : deltas) {
        const FileChange &change = delta.change;
        QByteArray key;
        for (const QByteArray &part :
             {change.path, change.oldPath, QByteArray::number(change.oldMode, 8), QByteArray::number(change.newMode, 8),
              toText(delta.oldId).toLatin1(), toText(delta.newId).toLatin1()})
            key += QByteArray::number(part.size()) + ':' + part;
        listed.push_back({std::move(delta.change), QString::fromLatin1(sha256Hex(key))});
    }
    return listed;
}

Result<FileChange> GitWorkspaces::fileChange(const QString &repository, const CommitId &from, const CommitId &to,
                                             const FileChange &listed)
{
    const QString doing = QStringLiteral("compare %1 in two commits").arg(displayPath(listed.path));
    OF_TRY(opened, Repository::open(repository));
    FileDelta delta;
    delta.change = listed;
    delta.change.hunks.clear();
    delta.change.added = delta.change.removed = 0;
    const auto find = [&](const CommitId &commit, const RepoPath &path, git_oid &id, int &mode) -> Result<void> {
        if (path.contains('\0'))
            return fail(ErrorKind::Invalid, doing, QStringLiteral("the path holds a zero byte"));
        OF_TRY(treeId, treeOf(opened, commit, doing));
        TreeHandle tree;
        OF_GIT(git_tree_lookup(out(tree), opened.objects(), &treeId), doing);
        Handle<git_tree_entry, git_tree_entry_free> entry;
        OF_GIT(git_tree_entry_bypath(out(entry), tree.get(), path.constData()), doing);
        id = *git_tree_entry_id(entry.get());
        mode = git_tree_entry_filemode(entry.get());
        return {};
    };
    if (listed.status != FileStatus::Added)
        OF_CHECK(
            find(from, listed.oldPath.isEmpty() ? listed.path : listed.oldPath, delta.oldId, delta.change.oldMode));
    if (listed.status != FileStatus::Deleted)
        OF_CHECK(find(to, listed.path, delta.newId, delta.change.newMode));
    OdbHandle odb;
    OF_GIT(git_repository_odb(out(odb), opened.objects()), doing);
    OF_CHECK(readChange(odb.get(), delta));
    return std::move(delta.change);
}

Result<ChangeSet> GitWorkspaces::diffToWorkspace(const WorkspaceRef &workspace, const CommitId &from)
{
    const QString doing = QStringLiteral("compare workspace %1").arg(displayable(workspace.name));
    OF_TRY(repository, Repository::open(workspace.repository));
    OF_TRY(worktree, Worktree::open(repository, workspace));
    OF_TRY(before, treeOf(repository, from, doing));
    // What is new goes to objects in memory, which are gone with this call.
    OdbHandle odb;
    OF_GIT(git_repository_odb(out(odb), repository.objects()), doing);
    git_odb_backend *memory = nullptr;
    OF_GIT(git_mempack_new(&memory), doing);
    OF_GIT(git_odb_add_backend(odb.get(), memory, 1000), doing);
    OF_TRY(scan, worktree.scan(odb.get(), {}, false, textMost));
    OF_CHECK(checkDepth(scan));
    OF_CHECK(addLargeBlobs(odb.get(), scan.unwritten, doing));
    OF_TRY(deltas, compareTrees(repository.objects(), before, scan.tree));
    return toChangeSet(std::move(deltas), false);
}

Result<QByteArray> GitWorkspaces::patch(const QString &repository, const CommitId &from, const CommitId &to)
{
    const QString doing = QStringLiteral("make a patch");
    OF_TRY(opened, Repository::open(repository));
    OF_TRY(before, treeOf(opened, from, doing));
    OF_TRY(after, treeOf(opened, to, doing));
    OF_TRY(deltas, compareTrees(opened.objects(), before, after));
    return toPatch(deltas);
}

Result<std::vector<RepoPath>> GitWorkspaces::files(const QString &repository, const CommitId &commit)
{
    OF_TRY(opened, Repository::open(repository));
    OF_TRY(tree,
           treeOf(opened, commit, QStringLiteral("list the files of commit %1").arg(displayable(commit.left(12)))));
    OF_TRY(files, opened.files(tree));
    std::vector<RepoPath> paths;
    paths.reserve(files.size());
    for (TreeFile &file : files)
        paths.push_back(std::move(file.path));
    return paths;
}

Result<QByteArray> GitWorkspaces::blob(const QString &repository, const CommitId &commit, const RepoPath &path)
{
    const QString doing = QStringLiteral("read %1 of commit %2").arg(displayPath(path), displayable(commit.left(12)));
    if (path.contains('\0'))
        return fail(ErrorKind::Invalid, doing, QStringLiteral("the path holds a zero byte"));
    OF_TRY(opened, Repository::open(repository));
    OF_TRY(treeId, treeOf(opened, commit, doing));
    TreeHandle tree;
    OF_GIT(git_tree_lookup(out(tree), opened.objects(), &treeId), doing);
    Handle<git_tree_entry, git_tree_entry_free> entry;
    OF_GIT(git_tree_entry_bypath(out(entry), tree.get(), path.constData()), doing);
    if (git_tree_entry_type(entry.get()) != GIT_OBJECT_BLOB)
        return fail(ErrorKind::NotFound, doing, QStringLiteral("it is not a file there"));
    Handle<git_blob, git_blob_free> blob;
    OF_GIT(git_blob_lookup(out(blob), opened.objects(), git_tree_entry_id(entry.get())), doing);
    return QByteArray(static_cast<const char *>(git_blob_rawcontent(blob.get())),
                      qsizetype(git_blob_rawsize(blob.get())));
}

Result<std::optional<CommitId>> GitWorkspaces::findIntegration(const QString &repository, const QString &targetBranch,
                                                               const QString &step)
{
    OF_TRY(opened, Repository::open(repository));
    OF_TRY(tip, opened.tip(QStringLiteral("refs/heads/") + targetBranch));
    if (!tip)
        return std::nullopt;
    OF_TRY(found, opened.findTrailer(*tip, step, stepsBack));
    return found ? std::optional(git::toText(*found)) : std::nullopt;
}

Result<std::vector<BranchCommit>> GitWorkspaces::commits(const QString &repository, const CommitId &from,
                                                         const CommitId &to, int most)
{
    const QString doing = QStringLiteral("list the commits of a branch");
    OF_TRY(opened, Repository::open(repository));
    OF_TRY(begin, toOid(from, doing));
    OF_TRY(end, toOid(to, doing));
    WalkHandle walk;
    OF_GIT(git_revwalk_new(out(walk), opened.objects()), doing);
    OF_GIT(git_revwalk_push(walk.get(), &end), doing);
    OF_GIT(git_revwalk_hide(walk.get(), &begin), doing);
    std::vector<BranchCommit> found;
    for (git_oid id; int(found.size()) < most && git_revwalk_next(&id, walk.get()) == 0;) {
        OF_TRY(commit, opened.commit(id, doing));
        BranchCommit one{git::toText(id), {}, {}};
        for (unsigned i = 0; i < git_commit_parentcount(commit.get()); ++i)
            one.parents.push_back(git::toText(*git_commit_parent_id(commit.get(), i)));
        for (const git_signature *who : {git_commit_author(commit.get()), git_commit_committer(commit.get())})
            one.text += QByteArray(who->name) + " <" + QByteArray(who->email) + ">\n";
        one.text += git_commit_message(commit.get());
        found.push_back(std::move(one));
    }
    return found;
}

} // namespace openfactory
