// SPDX-License-Identifier: Apache-2.0
#include "core/authors/authorsbykind.h"

#include "core/authors/agentauthor.h"
#include "core/authors/modelcalls.h"
#include "core/authors/personauthor.h"
#include "core/authors/playbookauthor.h"
#include "core/base/text.h"

namespace openfactory {

void AuthorsByKind::setModels(ModelsSettings settings, ModelTools tools)
{
    m_settings = std::move(settings);
    m_tools = std::move(tools);
}

void AuthorsByKind::setAgents(AgentsSettings settings)
{
    m_agents = std::move(settings);
}

Result<ModelClient> AuthorsByKind::client(const QString &name) const
{
    const ModelSettings *found = m_settings.find(name);
    if (!found || !m_tools.masker) {
        QStringList known;
        for (const auto &[one, model] : m_settings.models)
            known << one;
        const QString named = name.isEmpty() ? m_settings.model : name;
        return fail(
            ErrorKind::Invalid, QStringLiteral("ask a model"),
            named.isEmpty() ? QStringLiteral("none is named, and the settings have no default one")
                            : QStringLiteral("the settings have no model \"%1\"").arg(displayable(named.left(60))),
            known.isEmpty() ? QStringLiteral("describe one below models: in openfactory.yaml (docs/models.md)")
                            : QStringLiteral("models that are there: %1").arg(known.join(QStringLiteral(", "))));
    }
    const std::scoped_lock lock(m_mutex);
    auto &habits = m_habits[found->name];
    if (!habits)
        habits = std::make_shared<ModelHabits>();
    return ModelClient(*found, *m_tools.masker, *m_tools.clock, habits);
}

std::vector<AuthorOffer> AuthorsByKind::offers() const
{
    std::vector<AuthorOffer> offers = Authors::offers();
    for (const auto &[name, model] : m_settings.models) {
        AuthorOffer offer{AuthorKind::Model, name, {}, name == m_settings.model, {}, {}, {}};
        offer.said = QStringLiteral("%1 at %2").arg(model.model, model.address());
        offer.callTokens = model.contextTokens;
        offer.callCost = costOf(model.price, model.contextTokens - model.maxTokens, model.maxTokens);
        offer.currency = model.price ? model.price->currency : QString();
        offers.push_back(std::move(offer));
    }
    for (const auto &[name, agent] : m_agents.agents) {
        AuthorOffer offer{AuthorKind::Agent, name, {}, name == m_agents.agent, {}, {}, {}};
        offer.said = agent.argv.value(0) + (agent.model.isEmpty() ? QString() : QStringLiteral(" with ") + agent.model);
        if (agent.reckonedTokens > 0)
            offer.callTokens = agent.reckonedTokens;
        offers.push_back(std::move(offer));
    }
    return offers;
}

Result<std::unique_ptr<Author>> AuthorsByKind::authorOf(const JobIdentity &job) const
{
    switch (job.author) {
    case AuthorKind::Person: return std::make_unique<PersonAuthor>();
    case AuthorKind::Playbook: {
        OF_TRY(playbook, readPlaybook(job.authorSource));
        return std::make_unique<PlaybookAuthor>(std::move(playbook));
    }
    case AuthorKind::Model: return modelAuthor(job.authorSource);
    case AuthorKind::Agent: {
        OF_TRY(settings, agent(job.authorSource));
        std::unique_ptr<Author> documents;
        if (!m_settings.model.isEmpty()) {
            OF_TRY(model, modelAuthor({}));
            documents = std::move(model);
        }
        return std::make_unique<AgentAuthor>(std::move(settings), *m_tools.git, std::move(documents));
    }
    }
    return fail(ErrorKind::Internal, QStringLiteral("ask the author of the job"),
                QStringLiteral("its kind is not known"));
}

Result<std::unique_ptr<Author>> AuthorsByKind::modelAuthor(const QString &name) const
{
    OF_TRY(model, client(name));
    OF_TRY(stronger, client(m_settings.gateFailingModel.isEmpty() ? name : m_settings.gateFailingModel));
    return std::make_unique<ModelAuthor>(std::move(model), std::move(stronger), m_tools);
}

Result<AgentSettings> AuthorsByKind::agent(const QString &name) const
{
    const AgentSettings *found = m_agents.find(name);
    if (found && m_tools.git)
        return *found;
    QStringList known;
    for (const auto &[one, settings] : m_agents.agents)
        known << one;
    const QString named = name.isEmpty() ? m_agents.agent : name;
    return fail(ErrorKind::Invalid, QStringLiteral("run an agent"),
                named.isEmpty() ? QStringLiteral("none is named, and the settings have no default one")
                                : QStringLiteral("the settings have no agent \"%1\"").arg(displayable(named.left(60))),
                known.isEmpty() ? QStringLiteral("describe one below agents: in openfactory.yaml (docs/agents.md)")
                                : QStringLiteral("agents that are there: %1").arg(known.join(QStringLiteral(", "))));
}

Result<void> AuthorsByKind::ready(const JobIdentity &job, AuthorCalls *calls, const std::stop_token &stop) const
{
    if (job.author == AuthorKind::Agent) {
        OF_TRY(settings, agent(job.authorSource));
        for (const auto &[variable, secret] : settings.secrets) {
            if (!m_tools.masker->secret(secret))
                return fail(ErrorKind::NotFound, QStringLiteral("check the agent %1").arg(settings.name),
                            QStringLiteral("there is no secret %1 for %2").arg(secret, variable),
                            QStringLiteral("put it into <data>/secrets/%1 (docs/secrets.md)").arg(secret));
        }
        return {};
    }
    if (job.author != AuthorKind::Model)
        return Authors::ready(job, calls, stop);
    OF_TRY(model, client(job.authorSource));
    OF_CHECK(checkModel(model, calls, stop));
    if (m_settings.gateFailingModel.isEmpty() || m_settings.gateFailingModel == model.settings().name)
        return {};
    OF_TRY(stronger, client(m_settings.gateFailingModel));
    return checkModel(stronger, calls, stop).transform([](const auto &) {});
}

} // namespace openfactory
