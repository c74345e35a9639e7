// SPDX-License-Identifier: Apache-2.0
/// What a workspace holds at one instant: every file and link with its blob, and the tree they make. Nothing is opened
/// that is not a regular file or a folder, no link is followed, and a file is read only if its stat data changed.
#pragma once

#include "core/git/handle.h"
#include "core/git/indexfile.h"
#include "core/git/largeblobs.h"

#include <limits>
#include <stop_token>

namespace openfactory::git {

struct Scan {
    git_oid tree{};
    std::vector<IndexEntry> entries;    ///< files, links and submodules, sorted by path
    std::vector<RepoPath> special;      ///< FIFOs, sockets, devices: in no tree
    std::vector<RepoPath> repositories; ///< other repositories: in no tree, left alone
    std::vector<RepoPath> unstorable;   ///< names that git takes for its own (git~1, .git within a folder): in no tree
    std::vector<RepoPath> ignored;      ///< files that are in no tree for .gitignore's sake, where the plan asks
    std::vector<RepoPath> tooDeep;      ///< folders nested too deep to be read: in no tree
    std::vector<git_oid> unwritten;     ///< in the tree, but not written for their size
    qint64 bytesRead = 0;               ///< of files whose blob was not known
};

/// How a scan is made. The pointed-to outlive it.
struct ScanPlan {
    int folder = -1;                                  ///< of the workspace
    const IndexFile *known = nullptr;                 ///< whose blobs are believed
    const std::vector<IndexEntry> *tracked = nullptr; ///< by path and mode: these are never ignored
    QByteArray excludes;                              ///< info/exclude
    git_odb *odb = nullptr;                           ///< blobs and trees are written there; none are where it is null
    const IndexFile *seen = nullptr; ///< believed too, but a blob of it need not be in any odb; may be null
    qint64 writeMost = std::numeric_limits<qint64>::max(); ///< bytes of a file that is written
    std::stop_token stop{};
    bool listIgnored = false; ///< but not in the folders of caches, environments and builds
};

Result<Scan> scanFolder(const ScanPlan &plan);

/// The blob of an open regular file of that size; written where there is an odb. Cancelled where it is told to stop.
Result<git_oid> blobOfFile(int file, qint64 size, git_odb *odb, const QString &doing, const std::stop_token &stop = {});

} // namespace openfactory::git
