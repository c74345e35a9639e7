// SPDX-License-Identifier: Apache-2.0
/// Chooses the author that a job names. Any thread.
#pragma once

#include "core/authors/agent/agentsettings.h"
#include "core/authors/modelauthor.h"

#include <mutex>

namespace openfactory {

class AuthorsByKind final : public Authors {
public:
    /// Persons and playbooks only, until models are given.
    AuthorsByKind() = default;
    /// What jobs with a model as author work with. Before the first job.
    void setModels(ModelsSettings settings, ModelTools tools);

    /// What jobs with an agent as author run. Before the first job, after setModels().
    void setAgents(AgentsSettings settings);

    std::vector<AuthorOffer> offers() const override;
    /// Invalid for a model or an agent that the settings do not name.
    Result<std::unique_ptr<Author>> authorOf(const JobIdentity &job) const override;
    Result<void> ready(const JobIdentity &job, AuthorCalls *calls, const std::stop_token &stop) const override;
    /// The client of a model by its name in the settings; empty: the default one.
    Result<ModelClient> client(const QString &name) const;

private:
    Result<std::unique_ptr<Author>> modelAuthor(const QString &name) const;
    Result<AgentSettings> agent(const QString &name) const;

    ModelsSettings m_settings;
    AgentsSettings m_agents;
    ModelTools m_tools;
    mutable std::mutex m_mutex;
    mutable std::map<QString, std::shared_ptr<ModelHabits>> m_habits;
};

} // namespace openfactory
