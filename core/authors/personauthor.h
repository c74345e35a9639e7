// SPDX-License-Identifier: Apache-2.0
/// A person who works in the worktree. Nothing is asked of them but that the workspace differs from what lay there when
/// they were last waited for. Stateless: any thread.
#pragma once

#include "core/domain/author.h"

namespace openfactory {

class PersonAuthor final : public Author {
public:
    /// Changed when the workspace's tree is not the one that the job was last tried or waited with; else Wait. A job
    /// that never waited has a workspace that nobody had yet: Wait. A soft failure goes on as a risk without waiting:
    /// Nothing.
    Result<ChangeAnswer> change(const ChangeRequest &request, const std::stop_token &stop) override;
    /// Wait: the engine puts a draft where they can write it.
    Result<DocumentAnswer> document(const DocumentRequest &request, const std::stop_token &stop) override;
};

} // namespace openfactory
