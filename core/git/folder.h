// SPDX-License-Identifier: Apache-2.0
/// Reading, writing and removing below a folder that a hostile process may have filled: every name is opened relative
/// to the descriptor of its parent and never through a symlink. What the owner may not read or change is made so first;
/// git keeps no such bits. Any thread; an object of this file stays on one.
#pragma once

#include "core/base/descriptor.h"
#include "core/base/error.h"
#include "core/domain/git.h"

#include <sys/stat.h>

#include <functional>
#include <utility>
#include <vector>

namespace openfactory::git {

struct DirectoryEntry {
    QByteArray name;
    bool folder = false;
};

/// The folder `name` in `parent`; invalid with errno (ELOOP or ENOTDIR where it is none).
Descriptor openFolder(int parent, const char *name);
/// The regular file `name` for reading; invalid with errno, EINVAL where it is something else.
Descriptor openFile(int parent, const char *name, struct stat &facts);
/// All entries but "." and "..", unsorted; false with errno.
bool listFolder(int folder, std::vector<DirectoryEntry> &entries);
/// Removes whatever has that name, a folder with all below it, however deep; true when it is gone.
bool removeAny(int parent, const char *name);
/// The target of a symlink; empty with errno.
QByteArray readLink(int parent, const char *name);
/// What has the name already goes, or stays: then the call fails with EEXIST.
enum class IfThere { Replace, Refuse };
/// Makes a new regular file or symlink; false with errno.
bool writeFile(int parent, const char *name, bool executable, const char *bytes, size_t size, struct stat &facts,
               IfThere ifThere);
bool writeLink(int parent, const char *name, const QByteArray &target, struct stat &facts, IfThere ifThere);

/// Keeps the folders on the way to the last path open, as paths come in sorted order.
class PathOpener {
public:
    /// Takes away what is in the way of a folder: the folder it is in, its name, its path; false with errno.
    using Clear = std::function<bool(int, const QByteArray &, const RepoPath &)>;

    explicit PathOpener(int root, Clear clear = {}) : m_root(root), m_clear(std::move(clear)) {}
    /// The descriptor of the folder that holds `path`'s last component, and that component. With `make`, folders that
    /// are missing are made, and what is in the way of one is taken away; without, -1 with errno.
    std::pair<int, QByteArray> parentOf(const RepoPath &path, bool make);

private:
    struct Level {
        QByteArray name;
        Descriptor folder;
    };
    int m_root;
    Clear m_clear;
    std::vector<Level> m_levels;
};

} // namespace openfactory::git
