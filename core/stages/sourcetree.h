// SPDX-License-Identifier: Apache-2.0
/// The sources of a job's repository as they are with the change and as they were without it. Files that the change
/// leaves alone are read from the workspace, all others from where they are.
#pragma once

#include "core/domain/stage.h"

#include <map>
#include <memory>

namespace openfactory {

class SourceTree {
public:
    /// `change` outlives it, and so does the context.
    static Result<std::unique_ptr<SourceTree>> open(StageContext &context, const ChangeSet &change);

    const SourceFiles &now() const { return m_now; }
    const SourceFiles &before() const { return m_before; }
    /// What the file was called before the change.
    RepoPath oldPath(const RepoPath &path) const;

private:
    SourceTree() = default;

    SourceFiles m_now;
    SourceFiles m_before;
    std::map<RepoPath, RepoPath> m_renamed; ///< now -> before
};

} // namespace openfactory
