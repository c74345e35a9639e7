// SPDX-License-Identifier: Apache-2.0
// The part of GitWorkspaces that merges.
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/git/gitworkspaces.h"
#include "core/git/merge.h"
#include "core/git/usercheckout.h"
#include "core/git/worktree.h"

#include <QCryptographicHash>
#include <QFile>
#include <QFileInfo>

namespace openfactory {

using namespace git;

namespace {

/// The tip of a branch that must be there.
Result<git_oid> branchTip(const Repository &repository, const QString &branch, const QString &doing)
{
    OF_TRY(tip, repository.tip(QStringLiteral("refs/heads/") + branch));
    if (!tip)
        return fail(ErrorKind::NotFound, doing, QStringLiteral("there is no branch %1").arg(displayable(branch)));
    return *tip;
}

/// There from before the branch moves until the user's files have followed: "<from> <to>", tree ids.
QString followMark(const Repository &repository, const QString &step)
{
    const QByteArray key = QCryptographicHash::hash(step.toUtf8(), QCryptographicHash::Sha1).toHex();
    return repository.common() + QStringLiteral("/openfactory/follow-") + QString::fromLatin1(key);
}

/// Finishes what an interrupted call of the same step left: the branch had moved, the files had not all followed.
Result<void> finishFollowing(const Repository &repository, const QString &target, const git_oid &merge,
                             const QString &step)
{
    const QString mark = followMark(repository, step);
    if (!QFileInfo::exists(mark))
        return {};
    OF_TRY(tip, branchTip(repository, target, QStringLiteral("finish a merge")));
    const bool isHere = QFileInfo(Worktree::holderOf(repository, target)).canonicalFilePath()
                        == QFileInfo(QFile::decodeName(git_repository_path(repository.checkout()))).canonicalFilePath();
    if (isHere && git_oid_equal(&tip, &merge)) {
        OF_TRY(text, readSmallFile(mark, 4096));
        const QList<QByteArray> trees = text.split(' ');
        if (trees.size() == 2) {
            OF_TRY(from, toOid(QString::fromLatin1(trees[0]), QStringLiteral("finish a merge")));
            OF_TRY(to, toOid(QString::fromLatin1(trees[1]), QStringLiteral("finish a merge")));
            OF_CHECK(follow(repository, from, to, Following::Interrupted));
        }
    }
    QFile::remove(mark);
    return {};
}

} // namespace

Result<MergePreview> GitWorkspaces::previewMerge(const QString &repository, const CommitId &ours,
                                                 const QString &targetBranch)
{
    const QString doing = QStringLiteral("preview the merge with %1").arg(displayable(targetBranch));
    OF_TRY(opened, Repository::open(repository));
    OF_TRY(our, toOid(ours, doing));
    OF_TRY(target, branchTip(opened, targetBranch, doing));
    if (opened.contains(target, our)) {
        OF_TRY(commit, opened.commit(target, doing));
        return MergePreview{git::toText(target), git::toText(*git_commit_tree_id(commit.get())), true, {}};
    }
    OF_TRY(preview, mergeInMemory(opened, our, target, ours.left(12), targetBranch));
    preview.target = git::toText(target);
    return preview;
}

Result<CommitId> GitWorkspaces::mergeBase(const QString &repository, const CommitId &a, const CommitId &b)
{
    const QString doing = QStringLiteral("find the common ancestor of two commits");
    OF_TRY(opened, Repository::open(repository));
    OF_TRY(left, toOid(a, doing));
    OF_TRY(right, toOid(b, doing));
    git_oid base;
    OF_GIT(git_merge_base(&base, opened.objects(), &left, &right), doing);
    return git::toText(base);
}

Result<CommitId> GitWorkspaces::integrate(const WorkspaceRef &workspace, const CommitId &head,
                                          const QString &targetBranch, const CommitId &expected, const CommitNote &note)
{
    const QString doing = QStringLiteral("merge %1 into %2")
                              .arg(displayable(workspace.branch), displayable(targetBranch));
    OF_TRY(repository, Repository::open(workspace.repository));
    OF_TRY(headId, toOid(head, doing));
    OF_TRY(expectedId, toOid(expected, doing));
    OF_TRY(tip, branchTip(repository, targetBranch, doing));
    OF_TRY(earlier, findIntegration(workspace.repository, targetBranch, note.step));
    if (earlier) {
        OF_TRY(merge, toOid(*earlier, doing));
        OF_CHECK(finishFollowing(repository, targetBranch, merge, note.step));
        return *earlier;
    }
    OF_TRY(headCommit, repository.commit(headId, doing));
    if (repository.contains(tip, headId))
        return git::toText(tip);
    if (!git_oid_equal(&tip, &expectedId))
        return fail(
            ErrorKind::Conflict, doing,
            QStringLiteral("%1 moved from %2 to %3")
                .arg(displayable(targetBranch), expected.left(12), git::toText(tip).left(12)),
            QStringLiteral("look at the change against the new %1, then decide again").arg(displayable(targetBranch)));
    OF_TRY(preview, mergeInMemory(repository, tip, headId, targetBranch, workspace.branch));
    if (!preview.conflicts.empty()) {
        QStringList names;
        for (const MergeConflict &conflict : preview.conflicts)
            names += displayPath(conflict.path);
        return fail(
            ErrorKind::Conflict, doing,
            QStringLiteral("both sides changed: %1").arg(names.mid(0, 10).join(QStringLiteral(", "))),
            QStringLiteral("merge %1 into the workspace and resolve them there").arg(displayable(targetBranch)));
    }
    OF_TRY(tree, toOid(preview.tree, doing));
    OF_TRY(tipCommit, repository.commit(tip, doing));
    const git_oid oldTree = *git_commit_tree_id(tipCommit.get());

    const QString holder = QFileInfo(Worktree::holderOf(repository, targetBranch)).canonicalFilePath();
    const bool follows = !holder.isEmpty();
    if (follows
        && holder != QFileInfo(QFile::decodeName(git_repository_path(repository.checkout()))).canonicalFilePath())
        return fail(
            ErrorKind::Denied, doing,
            QStringLiteral("%1 is checked out in another worktree (%2)")
                .arg(displayable(targetBranch), displayable(holder)),
            QStringLiteral("switch that worktree to another branch, then let the job go on: factory run -s SLUG"));
    if (follows)
        OF_CHECK(checkCanFollow(repository, oldTree, tree));

    OF_TRY(merge, repository.makeCommit(m_identity, messageOf(note, m_identity.coAuthor), tree, {tip, headId}));
    const QString mark = followMark(repository, note.step);
    if (follows)
        OF_CHECK(writeFileAtomically(mark, (git::toText(oldTree) + QLatin1Char(' ') + preview.tree).toLatin1()));
    if (auto moved = repository.moveRef(QStringLiteral("refs/heads/") + targetBranch, merge, tip,
                                        QStringLiteral("merge ") + workspace.branch);
        !moved) {
        QFile::remove(mark);
        return std::unexpected(moved.error());
    }
    if (follows) {
        OF_CHECK(follow(repository, oldTree, tree, Following::Fresh));
        QFile::remove(mark);
    }
    return git::toText(merge);
}

} // namespace openfactory
