// SPDX-License-Identifier: Apache-2.0
#include "core/git/materialise.h"

#include "core/base/text.h"
#include "core/git/folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <set>
#include <thread>

namespace openfactory::git {

namespace {

constexpr size_t filesPerTurn = 128; ///< what a thread takes at a time: about a folder or two
constexpr size_t threadedFrom = 512; ///< files; below, a second thread costs more than it brings
constexpr unsigned mostThreads = 4;
constexpr int triesMost = 100; ///< to write a file that somebody else makes again each time

QString inWords(const RepoPath &path)
{
    return QStringLiteral("write %1 in the workspace").arg(displayPath(path));
}

/// Takes away what lies where something else is to be, or nothing. What went unseen since the scan, or is kept nowhere,
/// is put aside instead, where that is wanted. Each is looked at right before it goes: what a person saves meanwhile is
/// in danger for the time between two system calls. Several threads may call.
class Clearing {
public:
    Clearing(const Scan &present, const std::optional<KeptFiles> &kept,
             std::function<Result<void>(const RepoPath &)> putAside)
        : m_present(present),
          m_kept(kept),
          m_putAside(std::move(putAside))
    {}

    /// `parent` and `name` are where `path` leads to. Nothing is there afterwards, but for what came in that moment.
    Result<void> clear(int parent, const QByteArray &name, const RepoPath &path)
    {
        const auto removed = [&]() -> Result<void> {
            if (removeAny(parent, name.constData()))
                return {};
            return std::unexpected(
                errnoError(errno, QStringLiteral("remove %1 from the workspace").arg(displayPath(path))));
        };
        struct stat facts{};
        if (!m_putAside)
            return removed();
        if (::fstatat(parent, name.constData(), &facts, AT_SYMLINK_NOFOLLOW) != 0)
            return {};
        if (S_ISDIR(facts.st_mode)) {
            if (::unlinkat(parent, name.constData(), AT_REMOVEDIR) == 0)
                return {};
        } else if ((!S_ISREG(facts.st_mode) && !S_ISLNK(facts.st_mode)) || mayGo(parent, name, path)) {
            return removed(); // a pipe or a device has no content to lose
        }
        const std::scoped_lock lock(m_mutex);
        const auto moved = m_putAside(path);
        if (!moved && moved.error().kind != ErrorKind::NotFound)
            return std::unexpected(moved.error());
        return {};
    }

private:
    /// Whether a file or a link is as the scan found it, and one of the commits holds that, where any are named.
    bool mayGo(int parent, const QByteArray &name, const RepoPath &path) const
    {
        const auto entry = std::ranges::lower_bound(m_present.entries, path, {}, &IndexEntry::path);
        if (entry == m_present.entries.end() || entry->path != path || entry->mode == modeSubmodule)
            return false;
        const auto holds = [&](const std::vector<TreeFile> &files) {
            const auto file = std::ranges::lower_bound(files, path, {}, &TreeFile::path);
            return file != files.end() && file->path == path && file->mode == entry->mode
                   && git_oid_equal(&file->oid, &entry->oid);
        };
        return (!m_kept || std::ranges::any_of(*m_kept, holds)) && isAsScanned(parent, name, *entry);
    }

    /// A file that was young at the scan is read again.
    static bool isAsScanned(int parent, const QByteArray &name, const IndexEntry &entry)
    {
        struct stat facts{};
        if (::fstatat(parent, name.constData(), &facts, AT_SYMLINK_NOFOLLOW) != 0)
            return true; // it is gone
        if (entry.stat != FileStat())
            return FileStat(facts) == entry.stat;
        git_oid now{};
        if (S_ISLNK(facts.st_mode)) {
            const QByteArray target = readLink(parent, name.constData());
            return entry.mode == modeLink
                   && git_odb_hash(&now, target.constData(), size_t(target.size()), GIT_OBJECT_BLOB) == 0
                   && git_oid_equal(&now, &entry.oid) != 0;
        }
        const Descriptor file = openFile(parent, name.constData(), facts);
        if (!file)
            return false;
        const auto blob = blobOfFile(file.get(), facts.st_size, nullptr, QStringLiteral("read what is to go"));
        struct stat after{};
        return blob && git_oid_equal(&*blob, &entry.oid) != 0
               && ::fstatat(parent, name.constData(), &after, AT_SYMLINK_NOFOLLOW) == 0
               && FileStat(after) == FileStat(facts); // not saved while it was read
    }

    const Scan &m_present;
    const std::optional<KeptFiles> &m_kept;
    std::function<Result<void>(const RepoPath &)> m_putAside;
    std::mutex m_mutex; ///< of putting aside
};

/// Takes the paths away, then the folders that this emptied, inner ones first.
Result<void> removePaths(int folder, const std::vector<RepoPath> &paths, Clearing &clearing)
{
    std::set<RepoPath, std::greater<>> parents;
    PathOpener opener(folder);
    for (const RepoPath &path : paths) {
        const auto [parent, name] = opener.parentOf(path, false);
        if (parent < 0)
            continue; // the folder itself is gone, or something else is there now
        OF_CHECK(clearing.clear(parent, name, path));
        for (qsizetype slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            if (!parents.insert(path.first(slash)).second)
                break;
        }
    }
    PathOpener emptied(folder); // anew: what the first one holds open may be gone by now
    for (const RepoPath &path : parents) {
        const auto [parent, name] = emptied.parentOf(path, false);
        if (parent >= 0)
            ::unlinkat(parent, name.constData(), AT_REMOVEDIR); // stays where something is in it
    }
    return {};
}

/// Writes files on as many threads as help; each has its own objects and descriptors.
class Writer {
public:
    Writer(const Repository &repository, int folder, const std::vector<TreeFile> &wanted,
           const std::vector<size_t> &todo, std::vector<IndexEntry> &entries, const std::stop_token &stop,
           Clearing &clearing)
        : m_repository(repository),
          m_folder(folder),
          m_wanted(wanted),
          m_todo(todo),
          m_entries(entries),
          m_stop(stop),
          m_clearing(clearing)
    {}

    Result<void> run()
    {
        const unsigned threads = m_todo.size() < threadedFrom
                                     ? 1
                                     : std::clamp(std::thread::hardware_concurrency(), 1U, mostThreads);
        {
            std::vector<std::jthread> others;
            for (unsigned i = 1; i < threads; ++i)
                others.emplace_back([this] { work(); });
            work();
        }
        if (m_error)
            return std::unexpected(*m_error);
        return {};
    }

private:
    void work()
    {
        const auto objects = m_repository.openObjects();
        if (!objects)
            return giveUp(objects.error());
        PathOpener opener(m_folder, [this](int parent, const QByteArray &name, const RepoPath &path) {
            const auto cleared = m_clearing.clear(parent, name, path);
            errno = EEXIST; // what was not cleared
            return cleared.has_value();
        });
        for (size_t from = m_next.fetch_add(filesPerTurn); from < m_todo.size();
             from = m_next.fetch_add(filesPerTurn)) {
            for (size_t i = from; i < std::min(from + filesPerTurn, m_todo.size()); ++i) {
                if (m_failed.test(std::memory_order_relaxed))
                    return;
                if (m_stop.stop_requested())
                    return giveUp({ErrorKind::Cancelled,
                                   QStringLiteral("write the workspace"),
                                   QStringLiteral("a stop was asked for"),
                                   {}});
                if (auto written = write(objects->get(), opener, m_todo[i]); !written)
                    return giveUp(written.error());
            }
        }
    }

    Result<void> write(git_odb *odb, PathOpener &opener, size_t number)
    {
        const TreeFile &file = m_wanted[number];
        const auto [parent, name] = opener.parentOf(file.path, true);
        if (parent < 0)
            return std::unexpected(errnoError(errno, inWords(file.path)));
        struct stat facts{};
        if (file.mode == modeSubmodule) {
            // Its checkout is not ours; where there is none, git wants an empty folder.
            struct stat present{};
            if (::fstatat(parent, name.constData(), &present, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR(present.st_mode))
                OF_CHECK(m_clearing.clear(parent, name, file.path));
            if (::mkdirat(parent, name.constData(), 0777) != 0 && errno != EEXIST)
                return std::unexpected(errnoError(errno, inWords(file.path)));
            return {};
        }
        OdbObject object;
        OF_GIT(git_odb_read(out(object), odb, &file.oid), inWords(file.path));
        const auto *bytes = static_cast<const char *>(git_odb_object_data(object.get()));
        const size_t size = git_odb_object_size(object.get());
        for (int tries = 0; tries < triesMost; ++tries) {
            const bool written = file.mode == modeLink
                                     ? writeLink(parent, name.constData(), QByteArray(bytes, qsizetype(size)), facts,
                                                 IfThere::Refuse)
                                     : writeFile(parent, name.constData(), file.mode == modeExecutable, bytes, size,
                                                 facts, IfThere::Refuse);
            if (written) {
                m_entries[number].stat = FileStat(facts);
                return {};
            }
            if (errno != EEXIST)
                break;
            OF_CHECK(m_clearing.clear(parent, name, file.path));
        }
        return std::unexpected(errnoError(errno, inWords(file.path)));
    }

    void giveUp(const Error &error)
    {
        const std::scoped_lock lock(m_mutex);
        if (!m_error)
            m_error = error;
        m_failed.test_and_set();
    }

    const Repository &m_repository;
    int m_folder;
    const std::vector<TreeFile> &m_wanted;
    const std::vector<size_t> &m_todo;
    std::vector<IndexEntry> &m_entries; ///< each thread writes its own elements
    const std::stop_token &m_stop;
    Clearing &m_clearing;
    std::atomic<size_t> m_next = 0;
    std::atomic_flag m_failed;
    std::mutex m_mutex;
    std::optional<Error> m_error;
};

/// Whether a path of a tree is one that may be written: no empty, ".", ".." or ".git" component, no byte 0.
bool isWritable(const RepoPath &path)
{
    for (const QByteArray &part : path.split('/')) {
        if (part.isEmpty() || part == "." || part == ".." || part.toLower() == ".git")
            return false;
    }
    return !path.contains('\0');
}

} // namespace

Result<std::vector<IndexEntry>> materialise(const Repository &repository, int folder, const Scan &present,
                                            const std::vector<TreeFile> &wanted, const std::stop_token &stop,
                                            const std::function<Result<void>(const RepoPath &)> &putAside,
                                            const std::optional<KeptFiles> &kept)
{
    std::vector<IndexEntry> entries;
    entries.reserve(wanted.size());
    std::vector<RepoPath> surplus = present.special;
    std::vector<size_t> todo;
    auto is = present.entries.begin();
    for (size_t i = 0; i < wanted.size(); ++i) {
        const TreeFile &file = wanted[i];
        for (; is != present.entries.end() && is->path < file.path; ++is)
            surplus.push_back(is->path);
        const bool there = is != present.entries.end() && is->path == file.path;
        const bool right = there && is->mode == file.mode
                           && (file.mode == modeSubmodule || git_oid_equal(&is->oid, &file.oid));
        entries.push_back({file.path, file.mode, file.oid, right ? is->stat : FileStat()});
        if (!right) {
            if (!isWritable(file.path))
                return fail(ErrorKind::Denied, inWords(file.path),
                            QStringLiteral("the name is not one that may be written"));
            todo.push_back(i);
        }
        if (there)
            ++is;
    }
    for (; is != present.entries.end(); ++is)
        surplus.push_back(is->path);
    std::ranges::sort(surplus);
    // A submodule that is no longer wanted keeps its checkout, as one that is does.
    std::erase_if(surplus, [&](const RepoPath &path) {
        const auto entry = std::ranges::lower_bound(present.entries, path, {}, &IndexEntry::path);
        return entry != present.entries.end() && entry->path == path && entry->mode == modeSubmodule;
    });

    Clearing away(present, kept, {}); // the path of what is nested too deep is no path for a move
    OF_CHECK(removePaths(folder, present.tooDeep, away));
    Clearing clearing(present, kept, putAside);
    OF_CHECK(removePaths(folder, surplus, clearing));
    OF_CHECK(Writer(repository, folder, wanted, todo, entries, stop, clearing).run());
    return entries;
}

} // namespace openfactory::git
