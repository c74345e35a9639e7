// SPDX-License-Identifier: Apache-2.0
/// One change of one file, as playbooks and models ask for it. Applied through a WorkspaceEdit: all of them or none.
#pragma once

#include "core/authors/workspaceedit.h"

#include <QString>

#include <vector>

namespace openfactory {

struct FileEdit {
    enum class Kind {
        Write,   ///< the whole file is `text`
        Replace, ///< `old`, which must be there exactly once, becomes `text`
        Patch,   ///< `text` is a unified diff of the file
        Delete,
        Executable,
    } kind = Kind::Write;
    QString path;
    QByteArray text;
    QByteArray old;
    QString place; ///< where it was asked for: "file:line:column", "edits[2]"
};

/// Why no edit may have this path, as the end of a sentence ("must not leave the workspace"); nothing where it may.
/// Says nothing of the contract.
std::optional<QString> whyNoPath(const QString &path);

/// Puts the edit into the workspace's prepared ones. Conflict where it does not fit what lies there. `again`: a
/// replacement that was made already is none of these, so that the same edits may be made twice.
Result<void> prepareEdit(WorkspaceEdit &workspace, const FileEdit &edit, bool again);

} // namespace openfactory
