// SPDX-License-Identifier: Apache-2.0
/// What a diff view shows, given by its owner: a list of files, and two functions that give more of one file when it is
/// looked at. Plain values; the view knows no repository.
#pragma once

#include "core/base/error.h"
#include "core/domain/git.h"

#include <QHash>

#include <functional>

namespace openfactory {

enum class DiffSide { Old, New };

struct DiffFile {
    FileChange change;    ///< without hunks; counts may be 0 and binary false where nobody read it yet
    QString contentKey;   ///< names this very change, so that a viewed mark ends with it; empty: made from the patch
    bool outside = false; ///< of what the contract allows: gets a badge
    bool operator==(const DiffFile &) const = default;
};

struct DiffSource {
    std::vector<DiffFile> files; ///< sorted by path
    /// The file's change with its hunks. Called on a thread of the view's, one call at a time.
    std::function<Result<FileChange>(const DiffFile &)> patch;
    /// The file's bytes on one side. The same thread. Without it gaps stay shut and images are not shown.
    std::function<Result<QByteArray>(const DiffFile &, DiffSide)> content;
};

/// What is known of single lines of the new side.
struct DiffFinding {
    RepoPath path;
    int line = 0; ///< from 1
    QString text; ///< not trusted; shown as plain text
};
struct DiffNotes {
    QHash<RepoPath, std::vector<int>> uncovered; ///< changed lines that no test ran, ascending
    bool uncoveredCut = false;                   ///< there were more than are named here
    std::vector<DiffFinding> findings;
};

/// A person's remark on a line.
struct DiffComment {
    RepoPath path;
    DiffSide side = DiffSide::New;
    int line = 0;
    QString code; ///< the line as it was shown, shortened
    QString text;
    QString before{}; ///< of one that is being changed: the text that it takes the place of
    bool operator==(const DiffComment &) const = default;
};

} // namespace openfactory
