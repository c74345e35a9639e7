// SPDX-License-Identifier: Apache-2.0
#include "core/git/usercheckout.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/git/lock.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <map>
#include <set>
#include <span>

namespace openfactory::git {

namespace {

/// Each reads the folders on its way anew: of very many, some go together.
constexpr size_t mostCheckouts = 512;

/// The paths that differ between two trees.
struct ChangedPaths {
    std::vector<QByteArray> paths;
    std::vector<git_oid> before; ///< zero where the path was not there
    std::vector<git_oid> after;
};

Result<void> collect(ChangedPaths &changed, git_repository *objects, const git_tree *from, const git_tree *to)
{
    DiffHandle diff;
    OF_GIT(git_diff_tree_to_tree(out(diff), objects, const_cast<git_tree *>(from), const_cast<git_tree *>(to), nullptr),
           QStringLiteral("compare two trees"));
    for (size_t i = 0; i < git_diff_num_deltas(diff.get()); ++i) {
        const git_diff_delta *delta = git_diff_get_delta(diff.get(), i);
        changed.paths.emplace_back(delta->new_file.path);
        changed.before.push_back(delta->old_file.id);
        changed.after.push_back(delta->new_file.id);
    }
    return {};
}

QString indexLock(const Repository &repository)
{
    return QDir::cleanPath(QFile::decodeName(git_repository_path(repository.checkout())))
           + QStringLiteral("/index.lock");
}

int noteConflict(git_checkout_notify_t, const char *path, const git_diff_file *, const git_diff_file *,
                 const git_diff_file *, void *payload)
{
    static_cast<std::set<QByteArray> *>(payload)->insert(QByteArray(path));
    return 0;
}

/// One checkout with libgit2, restricted to some paths; collects those that are in the way.
int checkOut(git_repository *repository, const git_tree *from, const git_tree *to, std::span<const QByteArray> paths,
             unsigned strategy, std::set<QByteArray> &inTheWay)
{
    std::vector<char *> pointers;
    for (const QByteArray &path : paths)
        pointers.push_back(const_cast<char *>(path.constData())); // the options of a C library; it only reads
    git_checkout_options options = GIT_CHECKOUT_OPTIONS_INIT;
    options.checkout_strategy = GIT_CHECKOUT_SAFE | GIT_CHECKOUT_DISABLE_PATHSPEC_MATCH
                                | GIT_CHECKOUT_DONT_OVERWRITE_IGNORED | strategy;
    options.baseline = const_cast<git_tree *>(from);
    options.paths = {pointers.data(), pointers.size()};
    options.notify_flags = GIT_CHECKOUT_NOTIFY_CONFLICT;
    options.notify_cb = noteConflict;
    options.notify_payload = &inTheWay;
    return git_checkout_tree(repository, reinterpret_cast<const git_object *>(to), &options);
}

/// Whether a file holds something else than either content, by its bytes: git takes a file that kept size and time for
/// unchanged, and what a person saved with a tool that keeps both would be overwritten. Where a program converts the
/// file, or an encoding does, its bytes say nothing, and size and time have to do.
bool isOther(const Repository &repository, const QByteArray &path, const git_oid &before, const git_oid &after)
{
    for (const char *attribute : {"filter", "working-tree-encoding"}) {
        const char *value = nullptr;
        if (git_attr_get(&value, repository.checkout(), 0, path.constData(), attribute) == 0
            && git_attr_value(value) == GIT_ATTR_VALUE_STRING)
            return false;
    }
    const QString file = repository.root() + QLatin1Char('/') + QFile::decodeName(path);
    const QFileInfo facts(file);
    git_oid found{};
    if (facts.isSymLink()) {
        const QByteArray target = QFile::encodeName(facts.readSymLink());
        if (git_odb_hash(&found, target.constData(), size_t(target.size()), GIT_OBJECT_BLOB) < 0)
            return false;
    } else if (!facts.isFile()
               || git_repository_hashfile(&found, repository.checkout(), QFile::encodeName(file).constData(),
                                          GIT_OBJECT_BLOB, path.constData())
                      < 0) {
        return false; // gone, a folder, or a submodule: libgit2 sees that
    }
    return !git_oid_equal(&found, &before) && !git_oid_equal(&found, &after);
}

/// A path or a few at a time: libgit2 looks at all it is given before it writes the first, and what a person saves in
/// between would be overwritten. A folder where a file was, or a file where a folder was, are one matter. The index is
/// written once, at the end.
int checkOutEach(const Repository &opened, const git_tree *from, const git_tree *to, const ChangedPaths &changed,
                 unsigned strategy, std::set<QByteArray> &left)
{
    git_repository *const repository = opened.checkout();
    const std::set<QByteArray> all(changed.paths.begin(), changed.paths.end());
    std::map<QByteArray, std::vector<size_t>> matters; // by the uppermost path
    for (size_t i = 0; i < changed.paths.size(); ++i) {
        const QByteArray &path = changed.paths[i];
        QByteArray top = path;
        for (qsizetype slash = path.indexOf('/'); slash > 0 && top == path; slash = path.indexOf('/', slash + 1)) {
            if (all.contains(path.first(slash)))
                top = path.first(slash);
        }
        matters[top].push_back(i);
    }
    IndexHandle index;
    int code = git_repository_index(out(index), repository);
    code = code < 0 ? code : git_index_read(index.get(), 0);
    const size_t together = matters.size() / mostCheckouts + 1;
    for (auto matter = matters.begin(); code >= 0 && matter != matters.end();) {
        std::vector<QByteArray> paths;
        for (size_t n = 0; n < together && matter != matters.end(); ++n, ++matter) {
            const bool other = std::ranges::any_of(matter->second, [&](size_t i) {
                return !git_oid_is_zero(&changed.before[i])
                       && isOther(opened, changed.paths[i], changed.before[i], changed.after[i]);
            });
            for (const size_t i : matter->second) {
                if (other)
                    left.insert(changed.paths[i]);
                else
                    paths.push_back(changed.paths[i]);
            }
        }
        if (paths.empty())
            continue;
        code = checkOut(repository, from, to, paths, strategy | GIT_CHECKOUT_DONT_WRITE_INDEX | GIT_CHECKOUT_NO_REFRESH,
                        left);
    }
    return code < 0 ? code : git_index_write(index.get());
}

/// An interrupted checkout wrote files, and removed some, of which the index knows nothing yet: those that are as they
/// should be are taken up, a person's own stay as they are.
Result<void> takeUp(const Repository &repository, const ChangedPaths &changed)
{
    const QString doing = QStringLiteral("bring the index of %1 up to date").arg(displayable(repository.root()));
    IndexHandle index;
    OF_GIT(git_repository_index(out(index), repository.checkout()), doing);
    OF_GIT(git_index_read(index.get(), 0), doing);
    bool any = false;
    for (size_t i = 0; i < changed.paths.size(); ++i) {
        const char *path = changed.paths[i].constData();
        const git_index_entry *before = git_index_get_bypath(index.get(), path, 0);
        const std::optional<git_index_entry> kept = before ? std::optional(*before) : std::nullopt;
        if (git_oid_is_zero(&changed.after[i])) {
            const QFileInfo file(repository.root() + QLatin1Char('/') + QFile::decodeName(changed.paths[i]));
            if (kept && git_oid_equal(&kept->id, &changed.before[i]) && !file.exists() && !file.isSymLink()) {
                OF_GIT(git_index_remove(index.get(), path, 0), doing);
                any = true;
            }
            continue;
        }
        if ((kept && git_oid_equal(&kept->id, &changed.after[i])) || git_index_add_bypath(index.get(), path) < 0)
            continue; // there already, or no file, or one that no index takes
        const git_index_entry *now = git_index_get_bypath(index.get(), path, 0);
        if (now && git_oid_equal(&now->id, &changed.after[i])) {
            any = true;
        } else if (kept) {
            git_index_entry again = *kept;
            again.path = path;
            OF_GIT(git_index_add(index.get(), &again), doing);
        } else {
            OF_GIT(git_index_remove(index.get(), path, 0), doing);
        }
    }
    if (!any)
        return {};
    OF_GIT(withLock(repository.common(), indexLock(repository), [&] { return git_index_write(index.get()); }), doing);
    return {};
}

/// libgit2 writes a file under its own name, so an interrupted checkout leaves one with the first part of what it
/// should hold. Removed, for the checkout to make it anew; what is anything else is a person's. Before the interrupted
/// call nothing of a person's was at these paths: checkCanFollow() saw to that.
Result<void> clearHalfWritten(const Repository &repository, const ChangedPaths &changed)
{
    const QString doing = QStringLiteral("finish the files in %1").arg(displayable(repository.root()));
    for (size_t i = 0; i < changed.paths.size(); ++i) {
        BlobHandle blob;
        if (git_oid_is_zero(&changed.after[i])
            || git_blob_lookup(out(blob), repository.checkout(), &changed.after[i]) < 0)
            continue; // removed by the merge, or a submodule
        git_buf written = GIT_BUF_INIT;
        git_blob_filter_options options = GIT_BLOB_FILTER_OPTIONS_INIT;
        options.flags = 0; // as a checkout writes it: by itself this gives nothing at all for binary content
        OF_GIT(git_blob_filter(&written, blob.get(), changed.paths[i].constData(), &options), doing);
        const QByteArray whole(written.ptr, qsizetype(written.size));
        git_buf_dispose(&written);
        const Result<QByteArray> found = readBeneath(repository.root(), changed.paths[i], whole.size());
        if (!found || found->size() == whole.size() || !whole.startsWith(*found))
            continue;
        if (!QFile::remove(repository.root() + QLatin1Char('/') + QFile::decodeName(changed.paths[i])))
            return fail(ErrorKind::Io, doing,
                        QStringLiteral("%1 is half written and cannot be removed").arg(displayPath(changed.paths[i])),
                        QStringLiteral("make its folder writable, then resume the job"));
    }
    return {};
}

} // namespace

Result<void> checkCanFollow(const Repository &repository, const git_oid &from, const git_oid &to)
{
    const QString doing = QStringLiteral("see whether the files in %1 can follow").arg(displayable(repository.root()));
    git_repository *checkout = repository.checkout();
    if (git_repository_state(checkout) == GIT_REPOSITORY_STATE_MERGE) {
        IndexHandle index;
        OF_GIT(git_repository_index(out(index), checkout), doing);
        const bool open = git_index_has_conflicts(index.get()) == 1;
        const QString root = displayable(repository.root());
        return fail(ErrorKind::Denied, doing,
                    open ? QStringLiteral("a merge with conflicts is under way in %1").arg(root)
                         : QStringLiteral("a merge is under way in %1; its conflicts are resolved, but it is not "
                                          "committed")
                               .arg(root),
                    open ? QStringLiteral("resolve them and commit: git -C %1 commit; or give it up: git -C %1 merge "
                                          "--abort; then let the job go on: factory run -s SLUG")
                               .arg(root)
                         : QStringLiteral("commit it: git -C %1 commit; or give it up: git -C %1 merge --abort; then "
                                          "let the job go on: factory run -s SLUG")
                               .arg(root));
    }
    if (git_repository_state(checkout) != GIT_REPOSITORY_STATE_NONE)
        return fail(ErrorKind::Denied, doing, QStringLiteral("a merge, rebase or the like is under way there"),
                    QStringLiteral("finish it or abort it, then let the job go on: factory run -s SLUG"));
    TreeHandle before, after;
    OF_GIT(git_tree_lookup(out(before), checkout, &from), doing);
    OF_GIT(git_tree_lookup(out(after), checkout, &to), doing);
    ChangedPaths changed;
    OF_CHECK(collect(changed, checkout, before.get(), after.get()));
    if (changed.paths.empty())
        return {};
    std::set<QByteArray> inTheWay;
    IndexHandle index;
    OF_GIT(git_repository_index(out(index), checkout), doing);
    for (size_t i = 0; i < changed.paths.size(); ++i) {
        // Work that is staged but not committed shows in the index only.
        const git_index_entry *entry = git_index_get_bypath(index.get(), changed.paths[i].constData(), 0);
        const git_oid staged = entry ? entry->id : git_oid{};
        if (!git_oid_equal(&staged, &changed.before[i]) && !git_oid_equal(&staged, &changed.after[i]))
            inTheWay.insert(changed.paths[i]);
        else if (!git_oid_is_zero(&changed.before[i])
                 && isOther(repository, changed.paths[i], changed.before[i], changed.after[i]))
            inTheWay.insert(changed.paths[i]);
    }
    // libgit2 locks the index for a dry run too.
    const int code = withLock(repository.common(), indexLock(repository), [&] {
        return checkOut(checkout, before.get(), after.get(), changed.paths, GIT_CHECKOUT_DRY_RUN, inTheWay);
    });
    if (code < 0 && code != GIT_ECONFLICT)
        return std::unexpected(gitError(code, doing));
    if (inTheWay.empty())
        return {};
    QStringList names;
    for (const QByteArray &path : inTheWay) {
        names += names.size() < 10 ? displayPath(path) : QStringLiteral("...");
        if (names.size() > 10)
            break;
    }
    return fail(ErrorKind::Denied, doing,
                QStringLiteral("uncommitted work is in the way: %1").arg(names.join(QStringLiteral(", "))),
                QStringLiteral("commit, stash or remove these files in %1, then let the job go on: factory run -s SLUG")
                    .arg(displayable(repository.root())));
}

Result<void> follow(const Repository &repository, const git_oid &from, const git_oid &to, Following following)
{
    const QString doing = QStringLiteral("bring the files in %1 up to date").arg(displayable(repository.root()));
    git_repository *checkout = repository.checkout();
    TreeHandle before, after;
    OF_GIT(git_tree_lookup(out(before), checkout, &from), doing);
    OF_GIT(git_tree_lookup(out(after), checkout, &to), doing);
    ChangedPaths changed;
    OF_CHECK(collect(changed, checkout, before.get(), after.get()));
    if (changed.paths.empty())
        return {};
    unsigned strategy = GIT_CHECKOUT_ALLOW_CONFLICTS;
    if (following == Following::Interrupted) {
        OF_CHECK(clearHalfWritten(repository, changed));
        strategy |= GIT_CHECKOUT_RECREATE_MISSING; // removed to be replaced, and killed between the two
    }
    std::set<QByteArray> left;
    const int code = withLock(repository.common(), indexLock(repository), [&] {
        return checkOutEach(repository, before.get(), after.get(), changed, strategy, left);
    });
    OF_GIT(code, doing);
    return takeUp(repository, changed);
}

} // namespace openfactory::git
