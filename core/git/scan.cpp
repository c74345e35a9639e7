// SPDX-License-Identifier: Apache-2.0
#include "core/git/scan.h"

#include "core/base/text.h"
#include "core/git/folder.h"
#include "core/git/ignorerules.h"

#include <QCryptographicHash>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace openfactory::git {

namespace {

constexpr int deepest = 120;              ///< one descriptor is open for each level
constexpr qint64 rulesFileMost = 1 << 20; ///< of a .gitignore; a larger one is no rules file
constexpr qint64 streamFrom = 16 << 20;   ///< files from this size on are not held in memory
constexpr qint64 stillMs = 20;            ///< younger changes than this may be followed by one with the same time stamp

/// Names that git refuses in a tree: ".git" and what some file systems take for it.
bool isNameOfGit(const QByteArray &name)
{
    const QByteArray lower = name.toLower();
    if (lower == "git~1")
        return true;
    if (!lower.startsWith(".git"))
        return false;
    for (qsizetype i = 4; i < lower.size(); ++i) {
        if (lower[i] == ':')
            return true;
        if (lower[i] != ' ' && lower[i] != '.')
            return false;
    }
    return true;
}

/// What `git_odb_write` makes of it, without writing.
git_oid hashOf(QByteArrayView bytes, const char *type)
{
    QCryptographicHash hash(QCryptographicHash::Sha1);
    hash.addData(QByteArray(QByteArray(type) + ' ' + QByteArray::number(bytes.size())));
    hash.addData(QByteArrayView("\0", 1));
    hash.addData(bytes);
    git_oid id;
    git_oid_fromraw(&id, reinterpret_cast<const unsigned char *>(hash.resultView().data()));
    return id;
}

Result<git_oid> store(git_odb *odb, QByteArrayView bytes, git_object_t type, const QString &doing)
{
    if (!odb)
        return hashOf(bytes, git_object_type2string(type));
    git_oid id;
    OF_GIT(git_odb_write(&id, odb, bytes.data(), size_t(bytes.size()), type), doing);
    return id;
}

/// Folders that tools make anew from what is in the repository, and fill with files without number.
bool isMadeByTools(const QByteArray &name)
{
    static const QByteArrayList names{"__pycache__", "node_modules", "venv",   "env",      "target", "build",
                                      "dist",        "htmlcov",      "_build", "coverage", "out"};
    return name.startsWith('.') || names.contains(name) || name.endsWith(".egg-info")
           || name.startsWith("cmake-build-");
}

constexpr size_t mostIgnored = 10'000; ///< files that are listed

class Scanner {
public:
    explicit Scanner(const ScanPlan &plan)
        : m_plan(plan),
          m_known(plan.known->entries()),
          m_seen(plan.seen ? plan.seen->entries() : m_none),
          m_tracked(*plan.tracked)
    {
        clock_gettime(CLOCK_REALTIME_COARSE, &m_started);
    }

    Result<Scan> run()
    {
        auto rules = std::make_shared<const IgnoreRules>(m_plan.excludes, RepoPath(), nullptr);
        OF_TRY(tree, folder(m_plan.folder, {}, std::move(rules), false, 0));
        OF_TRY(id, store(m_plan.odb, tree, GIT_OBJECT_TREE, QStringLiteral("write a tree")));
        m_scan.tree = id;
        return std::move(m_scan);
    }

private:
    struct Named {
        QByteArray name;
        QByteArray sortKey; ///< as git sorts: a folder as if its name ended in a slash
        bool folder = false;
    };

    const IndexEntry *tracked(const RepoPath &path) const
    {
        const auto at = std::ranges::lower_bound(m_tracked, path, {}, &IndexEntry::path);
        return at != m_tracked.end() && at->path == path ? &*at : nullptr;
    }
    bool hasTrackedBelow(const RepoPath &folder) const
    {
        const auto at = std::ranges::lower_bound(m_tracked, folder, {}, &IndexEntry::path);
        return at != m_tracked.end() && at->path.startsWith(folder);
    }
    /// Paths come in sorted order, so one pass over what is known is enough.
    static const IndexEntry *next(const std::vector<IndexEntry> &entries, size_t &at, const RepoPath &path)
    {
        while (at < entries.size() && entries[at].path < path)
            ++at;
        return at < entries.size() && entries[at].path == path ? &entries[at] : nullptr;
    }
    /// What was found by an earlier look, where its content need not be read to be written now.
    const IndexEntry *seen(const RepoPath &path, const struct stat &facts)
    {
        const IndexEntry *entry = next(m_seen, m_nextSeen, path);
        if (!entry || !m_plan.seen->vouchesFor(*entry, facts))
            return nullptr;
        return !m_plan.odb || facts.st_size > m_plan.writeMost || git_odb_exists(m_plan.odb, &entry->oid) ? entry
                                                                                                          : nullptr;
    }
    QString inWords(const RepoPath &path) const
    {
        return QStringLiteral("read %1 in the workspace").arg(displayPath(path));
    }

    std::shared_ptr<const IgnoreRules> rulesOf(int folder, const RepoPath &prefix,
                                               std::shared_ptr<const IgnoreRules> above) const
    {
        struct stat facts{};
        const Descriptor file = openFile(folder, ".gitignore", facts);
        if (!file || facts.st_size > rulesFileMost)
            return above;
        QByteArray bytes(rulesFileMost + 1, Qt::Uninitialized);
        const ssize_t n = ::read(file.get(), bytes.data(), size_t(bytes.size()));
        if (n <= 0 || n > rulesFileMost)
            return above;
        return std::make_shared<const IgnoreRules>(bytes.first(n), prefix, std::move(above));
    }

    /// Reads a folder whose path is `prefix` ("" or "a/b/"); returns its tree's bytes, empty where nothing is to be
    /// kept.
    Result<QByteArray> folder(int descriptor, const RepoPath &prefix, std::shared_ptr<const IgnoreRules> rules,
                              bool ignored, int depth)
    {
        if (m_plan.stop.stop_requested())
            return fail(ErrorKind::Cancelled, QStringLiteral("read the workspace"),
                        QStringLiteral("a stop was asked for"));
        std::vector<DirectoryEntry> listed;
        if (!listFolder(descriptor, listed))
            return std::unexpected(errnoError(errno, inWords(prefix)));
        std::vector<Named> names;
        names.reserve(listed.size());
        bool hasRules = false;
        for (DirectoryEntry &entry : listed) {
            if (isNameOfGit(entry.name)) {
                if (!prefix.isEmpty() || entry.name != ".git")
                    m_scan.unstorable.push_back(prefix + entry.name);
                continue;
            }
            hasRules = hasRules || entry.name == ".gitignore";
            bool asFolder = entry.folder;
            if (asFolder) {
                const IndexEntry *submodule = tracked(prefix + entry.name);
                asFolder = !submodule || submodule->mode != modeSubmodule;
            }
            QByteArray key = asFolder ? entry.name + '/' : entry.name;
            names.push_back({std::move(entry.name), std::move(key), entry.folder});
        }
        std::ranges::sort(names, {}, &Named::sortKey);
        if (hasRules && !ignored)
            rules = rulesOf(descriptor, prefix, std::move(rules));

        QByteArray tree;
        const auto keep = [&](const QByteArray &name, uint32_t mode, const git_oid &id) {
            tree += QByteArray::number(mode, 8) + ' ' + name;
            tree.append('\0');
            tree.append(reinterpret_cast<const char *>(id.id), GIT_OID_SHA1_SIZE);
        };
        for (const Named &named : names) {
            RepoPath path = prefix + named.name;
            if (named.folder) {
                if (named.sortKey.size() == named.name.size()) {
                    const git_oid id = tracked(path)->oid;
                    keep(named.name, modeSubmodule, id);
                    m_scan.entries.push_back({std::move(path), modeSubmodule, id, {}});
                    continue;
                }
                OF_TRY(inner, subfolder(descriptor, named.name, path + '/', rules, ignored, depth));
                if (inner.isEmpty())
                    continue;
                OF_TRY(id, store(m_plan.odb, inner, GIT_OBJECT_TREE, QStringLiteral("write a tree")));
                keep(named.name, 040000, id);
                continue;
            }
            OF_TRY(entry, file(descriptor, named.name, path, *rules, ignored));
            if (!entry)
                continue;
            keep(named.name, entry->mode, entry->oid);
            m_scan.entries.push_back(std::move(*entry));
        }
        return tree;
    }

    Result<QByteArray> subfolder(int parent, const QByteArray &name, const RepoPath &path,
                                 const std::shared_ptr<const IgnoreRules> &rules, bool ignored, int depth)
    {
        if (!ignored)
            ignored = rules->ignores(path.chopped(1), true);
        // Tracked files are looked at wherever they are; nothing can be hidden by planting a .git beside them.
        const bool hasTracked = hasTrackedBelow(path);
        if (ignored && !hasTracked) {
            if (m_plan.listIgnored && !isMadeByTools(name))
                listIgnored(parent, name, path, depth);
            return QByteArray();
        }
        const Descriptor inner = openFolder(parent, name.constData());
        if (!inner && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
            return QByteArray(); // it went away meanwhile
        if (!inner)
            return std::unexpected(errnoError(errno, inWords(path)));
        struct stat facts{};
        if (!hasTracked && ::fstatat(inner.get(), ".git", &facts, AT_SYMLINK_NOFOLLOW) == 0) {
            m_scan.repositories.push_back(path.chopped(1));
            return QByteArray();
        }
        if (depth >= deepest) {
            m_scan.tooDeep.push_back(path.chopped(1));
            return QByteArray();
        }
        return folder(inner.get(), path, rules, ignored, depth + 1);
    }

    void listIgnored(int parent, const QByteArray &name, const RepoPath &path, int depth)
    {
        const Descriptor inner = openFolder(parent, name.constData());
        std::vector<DirectoryEntry> listed;
        if (!inner || depth >= deepest || !listFolder(inner.get(), listed))
            return;
        for (const DirectoryEntry &entry : listed) {
            if (m_scan.ignored.size() >= mostIgnored || m_plan.stop.stop_requested())
                return;
            if (!entry.folder)
                m_scan.ignored.push_back(path + entry.name);
            else if (!isMadeByTools(entry.name))
                listIgnored(inner.get(), entry.name, path + entry.name + '/', depth + 1);
        }
    }

    Result<std::optional<IndexEntry>> file(int parent, const QByteArray &name, const RepoPath &path,
                                           const IgnoreRules &rules, bool ignored)
    {
        struct stat facts{};
        if (::fstatat(parent, name.constData(), &facts, AT_SYMLINK_NOFOLLOW) != 0) {
            if (errno == ENOENT)
                return std::nullopt;
            return std::unexpected(errnoError(errno, inWords(path)));
        }
        const IndexEntry *before = next(m_known, m_nextKnown, path);
        if (!isTracked(path) && (ignored || rules.ignores(path, false))) {
            if (m_plan.listIgnored && m_scan.ignored.size() < mostIgnored)
                m_scan.ignored.push_back(path);
            return std::nullopt;
        }
        if (before && m_plan.known->vouchesFor(*before, facts))
            return *before;
        if (const IndexEntry *found = seen(path, facts)) {
            if (facts.st_size > m_plan.writeMost)
                m_scan.unwritten.push_back(found->oid);
            return *found;
        }
        if (S_ISLNK(facts.st_mode))
            return link(parent, name, path, facts);
        if (!S_ISREG(facts.st_mode)) {
            m_scan.special.push_back(path);
            return std::nullopt;
        }
        bool gone = false;
        for (int tries = 0; tries < 5; ++tries) {
            const Descriptor open = openFile(parent, name.constData(), facts);
            gone = !open && errno == ENOENT;
            if (gone) // an editor may be about to put another in its place
                continue;
            if (!open && errno == EINVAL)
                break;
            if (!open && errno == ELOOP) { // a link by now
                gone = ::fstatat(parent, name.constData(), &facts, AT_SYMLINK_NOFOLLOW) != 0;
                if (!gone && S_ISLNK(facts.st_mode))
                    return link(parent, name, path, facts);
                continue;
            }
            if (!open)
                return std::unexpected(errnoError(errno, inWords(path)));
            const bool large = facts.st_size > m_plan.writeMost;
            auto id = blobOfFile(open.get(), facts.st_size, large ? nullptr : m_plan.odb, inWords(path), m_plan.stop);
            m_scan.bytesRead += facts.st_size;
            struct stat after{};
            if (id && large)
                m_scan.unwritten.push_back(*id);
            if (id && ::fstat(open.get(), &after) == 0 && FileStat(after) == FileStat(facts))
                return IndexEntry{path, (facts.st_mode & S_IXUSR) ? modeExecutable : modeFile, *id, statOf(facts)};
            if (!id && id.error().kind != ErrorKind::Unavailable)
                return std::unexpected(id.error());
        }
        if (gone)
            return std::nullopt;
        return fail(ErrorKind::Unavailable, inWords(path), QStringLiteral("it changes while it is read"));
    }

    Result<std::optional<IndexEntry>> link(int parent, const QByteArray &name, const RepoPath &path,
                                           const struct stat &facts) const
    {
        const QByteArray target = readLink(parent, name.constData());
        if (target.isEmpty()) // a file by now, or nothing: the next look will tell
            return fail(ErrorKind::Unavailable, inWords(path), QStringLiteral("it changes while it is read"));
        OF_TRY(id, store(m_plan.odb, target, GIT_OBJECT_BLOB, inWords(path)));
        return IndexEntry{path, modeLink, id, statOf(facts)};
    }

    bool isTracked(const RepoPath &path) { return next(m_tracked, m_nextTracked, path) != nullptr; }

    /// Never believed later when the file changed just now: it may change once more within the same tick of the clock.
    FileStat statOf(const struct stat &facts) const
    {
        const auto age = [&](const timespec &time) {
            return (m_started.tv_sec - time.tv_sec) * 1000 + (m_started.tv_nsec - time.tv_nsec) / 1'000'000;
        };
        if (age(facts.st_ctim) < stillMs || age(facts.st_mtim) < stillMs)
            return {};
        return FileStat(facts);
    }

    const ScanPlan &m_plan;
    const std::vector<IndexEntry> m_none;
    const std::vector<IndexEntry> &m_known;
    const std::vector<IndexEntry> &m_seen;
    const std::vector<IndexEntry> &m_tracked;
    size_t m_nextKnown = 0;
    size_t m_nextSeen = 0;
    size_t m_nextTracked = 0;
    timespec m_started{};
    Scan m_scan;
};

} // namespace

Result<git_oid> blobOfFile(int file, qint64 size, git_odb *odb, const QString &doing, const std::stop_token &stop)
{
    const auto changed = [&] {
        return fail(ErrorKind::Unavailable, doing, QStringLiteral("it changes while it is read"));
    };
    QByteArray buffer(std::min(size, streamFrom) + 1, Qt::Uninitialized);
    const auto readSome = [&](qsizetype at) -> ssize_t {
        ssize_t n = 0;
        do {
            n = ::read(file, buffer.data() + at, size_t(buffer.size() - at));
        } while (n < 0 && errno == EINTR);
        return n;
    };
    if (size < streamFrom) {
        qsizetype done = 0;
        for (ssize_t n = 1; n != 0 && done <= size; done += n) {
            n = readSome(done);
            if (n < 0)
                return std::unexpected(errnoError(errno, doing));
        }
        if (done != size)
            return changed();
        return store(odb, QByteArrayView(buffer).first(size), GIT_OBJECT_BLOB, doing);
    }
    QCryptographicHash hash(QCryptographicHash::Sha1);
    hash.addData(QByteArray("blob " + QByteArray::number(size)));
    hash.addData(QByteArrayView("\0", 1));
    Handle<git_odb_stream, git_odb_stream_free> stream;
    if (odb)
        OF_GIT(git_odb_open_wstream(out(stream), odb, git_object_size_t(size), GIT_OBJECT_BLOB), doing);
    qint64 done = 0;
    while (true) {
        if (stop.stop_requested())
            return fail(ErrorKind::Cancelled, doing, QStringLiteral("a stop was asked for"));
        const ssize_t n = readSome(0);
        if (n < 0)
            return std::unexpected(errnoError(errno, doing));
        if (n == 0)
            break;
        done += n;
        if (done > size)
            return changed();
        if (stream)
            OF_GIT(git_odb_stream_write(stream.get(), buffer.constData(), size_t(n)), doing);
        else
            hash.addData(QByteArrayView(buffer).first(n));
    }
    if (done != size)
        return changed();
    git_oid id;
    if (stream)
        OF_GIT(git_odb_stream_finalize_write(&id, stream.get()), doing);
    else
        git_oid_fromraw(&id, reinterpret_cast<const unsigned char *>(hash.resultView().data()));
    return id;
}

Result<Scan> scanFolder(const ScanPlan &plan)
{
    return Scanner(plan).run();
}

} // namespace openfactory::git
