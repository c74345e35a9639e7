// SPDX-License-Identifier: Apache-2.0
#include "core/git/repository.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/git/gitworkspaces.h"
#include "core/git/lock.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include <git2/sys/repository.h>
#include <sys/stat.h>

namespace openfactory::git {

namespace {

const QString stepTrailer = QStringLiteral("OpenFactory-Step");

/// A message's last paragraph, line by line.
QByteArrayList trailersOf(const char *message)
{
    const QByteArray text = QByteArray(message).trimmed();
    const qsizetype paragraph = text.lastIndexOf("\n\n");
    return paragraph < 0 ? QByteArrayList() : text.sliced(paragraph + 2).split('\n');
}

bool hasTrailer(const char *message, const QString &step)
{
    return trailersOf(message).contains(QByteArray(stepTrailer.toLatin1() + ": " + step.toUtf8()));
}

Result<void> addFiles(git_repository *repository, const git_tree *tree, const RepoPath &folder, int depth,
                      std::vector<TreeFile> &files)
{
    const QString doing = QStringLiteral("read a tree");
    if (depth > 512)
        return fail(ErrorKind::Invalid, doing, QStringLiteral("its folders lie too deep"));
    for (size_t i = 0; i < git_tree_entrycount(tree); ++i) {
        const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
        const auto mode = uint32_t(git_tree_entry_filemode_raw(entry));
        RepoPath path = folder + git_tree_entry_name(entry);
        if ((mode & S_IFMT) == S_IFDIR) {
            TreeHandle inner;
            OF_GIT(git_tree_lookup(out(inner), repository, git_tree_entry_id(entry)), doing);
            OF_CHECK(addFiles(repository, inner.get(), path + '/', depth + 1, files));
        } else {
            files.push_back({std::move(path), uint32_t(git_tree_entry_filemode(entry)), *git_tree_entry_id(entry)});
        }
    }
    return {};
}

} // namespace

Result<Repository> Repository::open(const QString &folder)
{
    setUpLibrary();
    const QString doing = QStringLiteral("open repository %1").arg(displayable(folder));
    Repository repository;
    if (const int code = git_repository_open_ext(out(repository.m_checkout), QFile::encodeName(folder).constData(),
                                                 GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr);
        code < 0) {
        Error error = gitError(code, doing);
        if (!QFileInfo::exists(folder)) {
            error.kind = ErrorKind::NotFound;
            error.said = QStringLiteral("there is no such folder");
            error.hint = QStringLiteral("if it was moved, move it back; if its disk is not mounted, mount it");
        } else if (error.kind == ErrorKind::NotFound) {
            error.hint = QStringLiteral("name the top folder of a git repository, or make one with git init");
        }
        return std::unexpected(error);
    }
    git_repository *handle = repository.m_checkout.get();
    repository.m_bare = git_repository_is_bare(handle);
    repository.m_common = QDir::cleanPath(QFile::decodeName(git_repository_commondir(handle)));
    repository.m_root = QFileInfo(folder).canonicalFilePath();
    if (!repository.m_bare) {
        const QString folderOfGit = QFileInfo(QFile::decodeName(git_repository_workdir(handle))).canonicalFilePath();
        if (folderOfGit != repository.m_root && QFileInfo(repository.m_root).fileName() == QLatin1String(".git"))
            repository.m_root = folderOfGit;
        if (folderOfGit != repository.m_root)
            return fail(ErrorKind::Denied, doing,
                        QStringLiteral("core.worktree in its configuration names another folder: %1")
                            .arg(displayable(folderOfGit)),
                        QStringLiteral("remove core.worktree, or use a clone"));
    }
    // Not git_repository_open_bare(): that one does not read where a shallow clone's history ends.
    OF_GIT(git_repository_open_ext(out(repository.m_objects), QFile::encodeName(repository.m_common).constData(),
                                   GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_BARE, nullptr),
           doing);
    IndexHandle none;
    OF_GIT(git_index_new(out(none)), doing);
    OF_GIT(git_repository_set_index(repository.m_objects.get(), none.get()), doing);
    OF_GIT(git_repository_set_ident(repository.m_objects.get(), "OpenFactory", "openfactory@localhost"), doing);
    removeStaleLocks(repository.m_common);
    return repository;
}

Result<Repository> Repository::discover(const QString &path)
{
    setUpLibrary();
    const QString doing = QStringLiteral("find the repository of %1").arg(displayable(path));
    QString start = QFileInfo(path).canonicalFilePath();
    if (start.isEmpty())
        return fail(ErrorKind::NotFound, doing, QStringLiteral("there is no such folder"));
    // What lies in a workspace, its .git file too, is the job's: the search starts above it.
    if (const qsizetype at = start.indexOf(QStringLiteral("/.factory-workspaces/")); at >= 0)
        start.truncate(at);
    for (QString folder = start;; folder = QFileInfo(folder).path()) {
        auto repository = open(folder);
        if (repository || repository.error().kind != ErrorKind::NotFound)
            return repository;
        if (folder == QLatin1String("/"))
            break;
    }
    return fail(ErrorKind::NotFound, doing, QStringLiteral("neither it nor a folder above it is a git repository"),
                QStringLiteral("go to a repository, or make one with git init"));
}

Result<OdbHandle> Repository::openObjects() const
{
    OdbHandle odb;
    OF_GIT(git_odb_open(out(odb), QFile::encodeName(m_common + QStringLiteral("/objects")).constData()),
           QStringLiteral("open the objects of %1").arg(displayable(m_root)));
    return odb;
}

Result<CommitHandle> Repository::commit(const git_oid &id, const QString &doing) const
{
    CommitHandle commit;
    OF_GIT(git_commit_lookup(out(commit), objects(), &id), doing);
    return commit;
}

Result<CommitHandle> Repository::commit(const CommitId &id, const QString &doing) const
{
    OF_TRY(oid, toOid(id, doing));
    return commit(oid, doing);
}

Result<std::optional<git_oid>> Repository::tip(const QString &ref) const
{
    const QString doing = QStringLiteral("read %1").arg(displayable(ref));
    ReferenceHandle reference;
    const int code = git_reference_lookup(out(reference), objects(), ref.toUtf8().constData());
    if (code == GIT_ENOTFOUND)
        return std::nullopt;
    OF_GIT(code, doing);
    if (git_reference_type(reference.get()) != GIT_REFERENCE_DIRECT)
        return fail(ErrorKind::Denied, doing, QStringLiteral("it is a symbolic ref"),
                    QStringLiteral("name the branch that it stands for"));
    return *git_reference_target(reference.get());
}

Result<void> Repository::moveRef(const QString &ref, const git_oid &to, const std::optional<git_oid> &expected,
                                 const QString &why) const
{
    const QByteArray name = ref.toUtf8();
    const QByteArray reason = why.toUtf8();
    const bool create = expected && git_oid_is_zero(&*expected);
    ReferenceHandle reference;
    const int code = withLock(m_common, m_common + QLatin1Char('/') + ref + QStringLiteral(".lock"), [&] {
        return git_reference_create_matching(out(reference), objects(), name.constData(), &to, create ? 0 : 1,
                                             expected && !create ? &*expected : nullptr, reason.constData());
    });
    OF_GIT(code, QStringLiteral("set %1").arg(displayable(ref)));
    return {};
}

Result<void> Repository::deleteRef(const QString &ref) const
{
    const QByteArray name = ref.toUtf8();
    const int code = withLock(m_common, m_common + QLatin1Char('/') + ref + QStringLiteral(".lock"), [&] {
        return withLock(m_common, m_common + QStringLiteral("/packed-refs.lock"),
                        [&] { return git_reference_remove(objects(), name.constData()); });
    });
    if (code == GIT_ENOTFOUND)
        return {};
    OF_GIT(code, QStringLiteral("delete %1").arg(displayable(ref)));
    return {};
}

Result<git_oid> Repository::makeCommit(const GitIdentity &identity, const QString &message, const git_oid &tree,
                                       const std::vector<git_oid> &parents) const
{
    const QString doing = QStringLiteral("make a commit");
    SignatureHandle who;
    OF_GIT(git_signature_now(out(who), identity.name.toUtf8().constData(), identity.email.toUtf8().constData()), doing);
    TreeHandle treeHandle;
    OF_GIT(git_tree_lookup(out(treeHandle), objects(), &tree), doing);
    std::vector<CommitHandle> handles;
    std::vector<const git_commit *> pointers;
    for (const git_oid &parent : parents) {
        OF_TRY(handle, commit(parent, doing));
        pointers.push_back(handle.get());
        handles.push_back(std::move(handle));
    }
    // Not git_commit_create: libgit2 1.9 says that it made the commit where its object could not be written.
    git_buf text = GIT_BUF_INIT;
    const std::unique_ptr<git_buf, decltype(&git_buf_dispose)> disposed(&text, &git_buf_dispose);
    OF_GIT(git_commit_create_buffer(&text, objects(), who.get(), who.get(), nullptr, message.toUtf8().constData(),
                                    treeHandle.get(), pointers.size(), pointers.data()),
           doing);
    OdbHandle odb;
    OF_GIT(git_repository_odb(out(odb), objects()), doing);
    git_oid id;
    OF_GIT(git_odb_write(&id, odb.get(), text.ptr, text.size, GIT_OBJECT_COMMIT), doing);
    return id;
}

bool Repository::contains(const git_oid &commit, const git_oid &ancestor) const
{
    return git_oid_equal(&commit, &ancestor) || git_graph_descendant_of(objects(), &commit, &ancestor) == 1;
}

Result<std::optional<git_oid>> Repository::findTrailer(const git_oid &from, const QString &step, int most) const
{
    if (step.isEmpty())
        return std::nullopt;
    const QString doing = QStringLiteral("look for step %1").arg(displayable(step));
    WalkHandle walk;
    OF_GIT(git_revwalk_new(out(walk), objects()), doing);
    git_revwalk_sorting(walk.get(), GIT_SORT_TIME);
    OF_GIT(git_revwalk_push(walk.get(), &from), doing);
    git_oid id;
    int code = 0;
    while (most-- > 0 && (code = git_revwalk_next(&id, walk.get())) == 0) {
        OF_TRY(found, commit(id, doing));
        if (hasTrailer(git_commit_message(found.get()), step))
            return id;
    }
    if (code != 0 && code != GIT_ITEROVER)
        OF_GIT(code, doing);
    return std::nullopt;
}

Result<QString> Repository::trailer(const CommitId &id, const QString &name) const
{
    OF_TRY(found, commit(id, QStringLiteral("read the commit %1").arg(displayable(id.left(12)))));
    const QByteArray begin = name.toUtf8() + ": ";
    for (const QByteArray &line : trailersOf(git_commit_message(found.get()))) {
        if (line.startsWith(begin))
            return QString::fromUtf8(line.sliced(begin.size()));
    }
    return QString();
}

Result<std::vector<TreeFile>> Repository::files(const git_oid &tree) const
{
    TreeHandle handle;
    OF_GIT(git_tree_lookup(out(handle), objects(), &tree), QStringLiteral("read a tree"));
    std::vector<TreeFile> files;
    OF_CHECK(addFiles(objects(), handle.get(), {}, 0, files));
    return files;
}

QString messageOf(const CommitNote &note, const QString &coAuthor)
{
    const auto oneLine = [](const QString &text) { return displayable(text.simplified()); };
    QString message = oneLine(note.subject) + QStringLiteral("\n\n");
    if (!note.body.isEmpty())
        message += displayableLines(note.body.trimmed()) + QStringLiteral("\n\n");
    const auto trailer = [&](const char *key, const QString &value) {
        if (!value.isEmpty())
            message += QLatin1StringView(key) + QStringLiteral(": ") + oneLine(value) + QLatin1Char('\n');
    };
    trailer("OpenFactory-Job", note.job);
    trailer("OpenFactory-Stage", note.stage);
    trailer("OpenFactory-Attempt", note.attempt > 0 ? QString::number(note.attempt) : QString());
    trailer("OpenFactory-Trace", note.trace);
    trailer("OpenFactory-Step", note.step);
    trailer("OpenFactory-Audit", note.audit);
    trailer("Co-authored-by", coAuthor);
    return message;
}

} // namespace openfactory::git
