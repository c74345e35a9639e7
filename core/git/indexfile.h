// SPDX-License-Identifier: Apache-2.0
/// The engine's own index of a workspace: which file, by its stat data, holds which blob. It is a git index of version
/// 2 and is also put in place of the worktree's index, so that a person's `git status` there is right; but only this
/// one, which nothing but this room writes, is believed: an object that git itself made of a file went through its
/// filters.
#pragma once

#include "core/base/error.h"
#include "core/domain/git.h"

#include <git2/oid.h>
#include <sys/stat.h>

namespace openfactory::git {

constexpr uint32_t modeFile = 0100644;
constexpr uint32_t modeExecutable = 0100755;
constexpr uint32_t modeLink = 0120000;
constexpr uint32_t modeSubmodule = 0160000;

/// What tells whether a file changed, as an index keeps it. All zero: never believed.
struct FileStat {
    uint32_t ctimeSeconds = 0, ctimeNanoseconds = 0;
    uint32_t mtimeSeconds = 0, mtimeNanoseconds = 0;
    uint32_t dev = 0, ino = 0;
    uint32_t uid = 0, gid = 0, size = 0;

    FileStat() = default;
    explicit FileStat(const struct stat &facts);
    bool operator==(const FileStat &) const = default;
};

struct IndexEntry {
    RepoPath path;
    uint32_t mode = 0;
    git_oid oid{};
    FileStat stat;
};

/// Sorted by path, as bytes.
class IndexFile {
public:
    /// An index that is missing or cut short is empty: what is in the files is then found by reading them.
    static IndexFile load(const QString &path);
    /// Writes it whole or not at all.
    static Result<void> save(const QString &path, const std::vector<IndexEntry> &entries);

    const std::vector<IndexEntry> &entries() const { return m_entries; }
    quint64 inode() const { return m_inode; }
    /// Whether a file with these facts surely still holds the entry's blob. A file that was changed at the very time
    /// the index was written (or later) may have been changed again without a trace.
    bool vouchesFor(const IndexEntry &entry, const struct stat &facts) const;

private:
    std::vector<IndexEntry> m_entries;
    timespec m_written{};
    quint64 m_inode = 0;
};

} // namespace openfactory::git
