// SPDX-License-Identifier: Apache-2.0
/// The folders of a SandboxScope, opened once and checked, and the bubblewrap arguments that show exactly them.
#pragma once

#include "core/base/descriptor.h"
#include "core/domain/commands.h"

#include <QByteArrayList>

#include <vector>

namespace openfactory {

/// Where the job's folders are inside, whatever they are called outside: evidence and caches do not depend on it.
QString workspaceInside();
QString homeInside();

/// Owns the descriptors; a path that is swapped for a link after the check is not followed.
class OpenedScope {
public:
    /// Denied for a folder that is a link, that lies in a part of the system, or that would make the git folder
    /// writable; NotFound for one that is missing.
    static Result<OpenedScope> open(const SandboxScope &scope);

    /// Mounts in bubblewrap's words; the descriptors named in them are those of descriptors(), and of `data`, which
    /// receives memory files.
    Result<QByteArrayList> mounts(std::vector<Descriptor> &data) const;
    std::vector<int> descriptors() const;
    /// Equal for scopes that show the same folders in the same way.
    const QByteArray &key() const { return m_key; }
    /// Invalid unless `relative` is a folder inside the workspace; links in it must stay inside.
    Result<void> checkFolder(const QString &relative) const;

private:
    struct Mount {
        Descriptor source;
        QByteArray inside;
        bool writable = false;
    };
    Result<void> add(const QString &path, const QByteArray &inside, bool writable);
    Result<void> addGit(const SandboxScope &scope);
    Result<void> addGitFile();

    std::vector<Mount> m_mounts; ///< in order; the first is the workspace
    QByteArrayList m_gitFolders; ///< inside paths, shown without hooks and config
    QByteArrayList m_hidden;     ///< inside paths, empty folders instead
    QByteArray m_key;
};

/// A memory file with the bytes, at its start.
Result<Descriptor> memoryFile(const QByteArray &bytes);

} // namespace openfactory
