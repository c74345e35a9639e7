// SPDX-License-Identifier: Apache-2.0
/// The author that runs a coding agent in the job's sandbox: the workspace, its key and its provider's host are all
/// that it has. What it leaves in the workspace is judged like anyone's change.
#pragma once

#include "core/authors/agent/agentsettings.h"
#include "core/domain/author.h"
#include "core/domain/workspaces.h"

namespace openfactory {

class AgentAuthor final : public Author {
public:
    /// `documents` writes those of the job; null: there are none to be had. `git` outlives the author.
    AgentAuthor(AgentSettings settings, Workspaces &git, std::unique_ptr<Author> documents);

    /// Runs the agent once. Changed where the workspace differs then, Nothing where it does not; Wait where the budget
    /// has no room for a run. An agent that ends with another exit code than 0, or in no time, is an Error, and the
    /// engine takes back what it left.
    Result<ChangeAnswer> change(const ChangeRequest &request, const std::stop_token &stop) override;
    Result<DocumentAnswer> document(const DocumentRequest &request, const std::stop_token &stop) override;

private:
    AgentSettings m_settings;
    Workspaces &m_git;
    std::unique_ptr<Author> m_documents;
};

} // namespace openfactory
