// SPDX-License-Identifier: Apache-2.0
/// Which files of a repository matter for a task: what they define and what they name is read, and rank flows from what
/// the task names along the references. Pure but for `read`; hostile input: bounded, never an error.
#pragma once

#include "core/domain/toolchains.h"

#include <set>

namespace openfactory {

struct MappedFile {
    RepoPath path;
    double rank = 0;
    std::vector<std::pair<QString, int>> definitions; ///< name and line, in the order of the file
    qsizetype bytes = 0;
};

struct MapWish {
    QString words;            ///< task, ticket, what failed: the names in it are looked for
    std::set<RepoPath> named; ///< files that matter in any case
};

/// The text files, the most important first.
std::vector<MappedFile> rankedFiles(const SourceFiles &files, const Toolchains &toolchains, const MapWish &wish);

/// "path" with its definitions below it, one file after another, as far as `mostBytes` go; the last line says how many
/// files are left out.
QByteArray mapText(const std::vector<MappedFile> &files, qsizetype mostBytes);

} // namespace openfactory
