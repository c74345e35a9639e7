// SPDX-License-Identifier: Apache-2.0
/// A set of edits of the files below a workspace that a hostile process may have prepared. Everything is prepared first
/// and done by apply(): what can fail has failed before the first file changes. No path leaves the folder: neither `..`
/// nor any symlink on the way is followed (openat2), and what is replaced is an entry of a folder, never a link's
/// target.
#pragma once

#include "core/base/error.h"

#include <map>
#include <memory>
#include <optional>

namespace openfactory {

/// One thread at a time. Leaves nothing behind when it is dropped without apply().
class WorkspaceEdit {
public:
    static Result<WorkspaceEdit> open(const QString &folder);

    /// The file as the edits so far leave it; Conflict where it is not a plain file.
    Result<QByteArray> read(const QByteArray &path) const;
    /// The whole file; makes missing folders when applied, keeps the mode of a file that is there.
    Result<void> write(const QByteArray &path, const QByteArray &bytes);
    /// Also a link; nothing where it is absent.
    Result<void> remove(const QByteArray &path);
    Result<void> makeExecutable(const QByteArray &path);

    Result<void> apply();

private:
    struct Folder;
    struct Entry {
        std::optional<QByteArray> bytes; ///< nothing: removed
        unsigned mode = 0644;
    };
    /// What lies at the path now, taken up for editing.
    Result<Entry> present(const QByteArray &path) const;

    std::shared_ptr<Folder> m_folder;
    std::map<QByteArray, Entry> m_entries;
};

} // namespace openfactory
