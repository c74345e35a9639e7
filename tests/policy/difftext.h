// SPDX-License-Identifier: Apache-2.0
/// Changes written as text in tests: lines that start with "+", "-" or a space, as in a diff.
#pragma once

#include "core/domain/git.h"

#include <QList>

namespace openfactory {

inline DiffHunk hunkOf(const QByteArray &text, int firstLine = 10, const QByteArray &header = {})
{
    DiffHunk hunk;
    hunk.header = header;
    int oldLine = firstLine, newLine = firstLine;
    for (const QByteArray &line : text.split('\n')) {
        using Kind = DiffLine::Kind;
        const Kind kind = line.startsWith('+') ? Kind::Added : line.startsWith('-') ? Kind::Removed : Kind::Context;
        hunk.lines.push_back({kind, kind == Kind::Added ? 0 : oldLine++, kind == Kind::Removed ? 0 : newLine++,
                              line.sliced(line.isEmpty() ? 0 : 1)});
    }
    return hunk;
}

inline ChangeSet changeOf(std::vector<DiffHunk> hunks, const RepoPath &path = "src/app.py",
                          FileStatus status = FileStatus::Modified)
{
    FileChange file;
    file.path = file.oldPath = path;
    file.status = status;
    file.hunks = std::move(hunks);
    ChangeSet change;
    change.files.push_back(file);
    return change;
}

} // namespace openfactory
