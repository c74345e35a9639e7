// SPDX-License-Identifier: Apache-2.0
#include "core/stages/sourcetree.h"

#include "core/base/file.h"

#include <set>

namespace openfactory {

namespace {

/// No source that people write is longer.
constexpr qint64 kMostBytes = 4 * 1024 * 1024;
constexpr int kNoFile = 0120000; // links and submodules: their content is no source

bool isFile(int mode)
{
    return mode != 0 && (mode & kNoFile) != kNoFile;
}

} // namespace

Result<std::unique_ptr<SourceTree>> SourceTree::open(StageContext &context, const ChangeSet &change)
{
    const JobIdentity &job = context.job().identity;
    Workspaces &git = context.git();
    OF_TRY(target, git.resolve(job.repository, QStringLiteral("refs/heads/") + job.target));
    OF_TRY(base, git.mergeBase(job.repository, context.job().progress.head, target));
    OF_TRY(files, git.files(job.repository, base));
    std::unique_ptr<SourceTree> tree(new SourceTree);
    std::set<RepoPath> now(files.begin(), files.end()), changed;
    for (const FileChange &file : change.files) {
        changed.insert(file.path);
        changed.insert(file.oldPath);
        if (file.status == FileStatus::Renamed || file.status == FileStatus::Deleted)
            now.erase(file.oldPath);
        if (file.status == FileStatus::Renamed)
            tree->m_renamed[file.path] = file.oldPath;
        if (file.status != FileStatus::Deleted && isFile(file.newMode))
            now.insert(file.path);
    }
    const auto inWorkspace = [folder = context.workspace().path](const RepoPath &path) {
        return readBeneath(folder, path, kMostBytes);
    };
    tree->m_before = {std::move(files),
                      [&git, repository = job.repository, base, changed, inWorkspace](const RepoPath &path) {
                          return changed.contains(path) ? git.blob(repository, base, path) : inWorkspace(path);
                      }};
    tree->m_now = {{now.begin(), now.end()}, inWorkspace};
    return tree;
}

RepoPath SourceTree::oldPath(const RepoPath &path) const
{
    const auto renamed = m_renamed.find(path);
    return renamed == m_renamed.end() ? path : renamed->second;
}

} // namespace openfactory
