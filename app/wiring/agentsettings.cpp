// SPDX-License-Identifier: Apache-2.0
#include "app/wiring/agentsettings.h"

#include "core/authors/agent/agentpresets.h"
#include "core/base/text.h"
#include "core/domain/allowlist.h"
#include "core/domain/environmentnames.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

namespace openfactory {

namespace {

/// "name: value" each, with names that a command may have.
Result<void> takeVariables(yaml::Map &map, const char *key, bool secrets, std::map<QString, QString> &into)
{
    const auto node = map.find(QLatin1String(key));
    if (!node)
        return {};
    OF_TRY(variables, node->map());
    for (const QString &name : variables.keys()) {
        OF_TRY(valueNode, variables.need(name));
        OF_TRY(value, valueNode.text());
        if (const auto good = checkEnvironmentName(name); !good)
            return std::unexpected(valueNode.error(good.error()));
        if (secrets && !isSecretName(value))
            return std::unexpected(
                valueNode.error(QStringLiteral("expected the name of a secret, never its value (docs/secrets.md)")));
        into[name] = value;
    }
    return {};
}

Result<void> takeNumber(yaml::Map &map, const char *key, qint64 least, qint64 most, auto set)
{
    if (const auto node = map.find(QLatin1String(key))) {
        OF_TRY(number, node->integer(least, most));
        set(number);
    }
    return {};
}

/// `program` and `folders`: an agent that lies elsewhere than in the system's folders.
Result<void> takePlace(yaml::Map &map, AgentSettings &agent)
{
    const auto folders = map.find(QStringLiteral("folders"));
    OF_TRY(items, folders ? folders->items() : Result<std::vector<yaml::Node>>(std::vector<yaml::Node>()));
    for (const yaml::Node &item : items) {
        OF_TRY(path, item.text());
        const QFileInfo facts(path);
        if (!path.startsWith(u'/') || !facts.isDir())
            return std::unexpected(item.error(QStringLiteral("expected the absolute path of a folder that is there")));
        const QString real = facts.canonicalFilePath();
        // The whole home, or what holds it, is more than an agent is to see.
        if (QDir::home().canonicalPath().startsWith(real == u"/" ? real : real + u'/')
            || QDir::home().canonicalPath() == real)
            return std::unexpected(item.error(QStringLiteral("it holds your home; name the agent's own folder")));
        agent.folders << real;
    }
    const auto program = map.find(QStringLiteral("program"));
    if (!program)
        return {};
    OF_TRY(path, program->text());
    const QString real = QFileInfo(path).canonicalFilePath();
    if (!path.startsWith(u'/') || !QFileInfo(path).isExecutable() || real.isEmpty())
        return std::unexpected(program->error(QStringLiteral("expected the absolute path of a program that is there")));
    if (std::ranges::none_of(agent.folders, [&](const QString &folder) { return real.startsWith(folder + u'/'); }))
        return std::unexpected(
            program->error(QStringLiteral("it lies in none of folders, so it would not be seen in the sandbox")));
    agent.program = real;
    return {};
}

/// What a preset says first, or the command itself.
Result<AgentPreset> beginning(yaml::Map &map)
{
    if (const auto node = map.find(QStringLiteral("preset"))) {
        OF_TRY(name, node->text());
        auto preset = agentPreset(name);
        return preset ? preset : std::unexpected(node->error(preset.error()));
    }
    AgentPreset free;
    OF_TRY(argvNode, map.need(QStringLiteral("argv")));
    OF_TRY(argv, argvNode.texts());
    if (argv.isEmpty())
        return std::unexpected(argvNode.error(QStringLiteral("expected a program and its arguments")));
    if (const auto good = checkCommand(argv); !good)
        return std::unexpected(argvNode.error(good.error()));
    free.settings.argv = argv;
    const auto promptNode = map.find(QStringLiteral("prompt"));
    OF_TRY(prompt, promptNode ? promptNode->text() : Result<QString>(QStringLiteral("input")));
    if (prompt != u"input" && prompt != u"file")
        return std::unexpected(promptNode->error(QStringLiteral("expected input or file")));
    const bool named = std::ranges::any_of(argv, [](const QString &word) { return word.contains(u"{prompt_file}"); });
    if (named != (prompt == u"file"))
        return std::unexpected(
            argvNode.error(named ? QStringLiteral("it names {prompt_file}, so say prompt: file")
                                 : QStringLiteral("with prompt: file, a word of argv holds {prompt_file}")));
    free.settings.prompt = named ? AgentSettings::Prompt::File : AgentSettings::Prompt::Input;
    return free;
}

Result<AgentSettings> readAgent(const QString &name, const yaml::Node &node)
{
    OF_TRY(map, node.map());
    OF_TRY(preset, beginning(map));
    AgentSettings agent = preset.settings;
    agent.name = name;
    if (const auto model = map.find(QStringLiteral("model"))) {
        OF_TRY(text, model->text());
        if (preset.modelOption.isEmpty())
            return std::unexpected(
                model->error(QStringLiteral("this agent takes no model here; write it into argv, or into "
                                            "its environment")));
        agent.model = text;
        agent.argv << preset.modelOption << text;
    }
    if (const auto key = map.find(QStringLiteral("key"))) {
        OF_TRY(secret, key->text());
        if (preset.keyVariable.isEmpty())
            return std::unexpected(
                key->error(QStringLiteral("only a preset knows the variable; write secrets: {VARIABLE: %1}")
                               .arg(displayable(secret.left(60)))));
        if (!isSecretName(secret))
            return std::unexpected(
                key->error(QStringLiteral("expected the name of a secret, never the key itself (docs/secrets.md)")));
        agent.secrets[preset.keyVariable] = secret;
    }
    OF_CHECK(takePlace(map, agent));
    OF_CHECK(takeVariables(map, "environment", false, agent.environment));
    OF_CHECK(takeVariables(map, "secrets", true, agent.secrets));
    OF_TRY(hostsNode, map.value(QStringLiteral("hosts")));
    if (hostsNode) {
        OF_TRY(items, hostsNode->items());
        agent.hosts.clear();
        for (const yaml::Node &item : items) {
            OF_TRY(text, item.text());
            const auto host = reachableHost(text);
            if (!host)
                return std::unexpected(item.error(host.error()));
            agent.hosts.push_back(*host);
        }
    }
    OF_CHECK(takeNumber(map, "timeout_seconds", 1, 86'400, [&](qint64 n) { agent.timeout = std::chrono::seconds(n); }));
    OF_CHECK(takeNumber(map, "memory_mb", 64, 1'000'000, [&](qint64 n) { agent.memoryMb = n; }));
    OF_CHECK(takeNumber(map, "processes", 1, 100'000, [&](qint64 n) { agent.processes = int(n); }));
    OF_CHECK(takeNumber(map, "tokens_per_run", 1, 1'000'000'000, [&](qint64 n) { agent.reckonedTokens = n; }));
    OF_CHECK(map.finish());
    return agent;
}

} // namespace

Result<AgentsSettings> readAgentSettings(yaml::Map &settings, const JobBudget &budget)
{
    static const QRegularExpression nameForm(QStringLiteral("^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$"));
    AgentsSettings agents;
    OF_TRY(node, settings.value(QStringLiteral("agents")));
    if (node) {
        OF_TRY(map, node->map());
        for (const QString &name : map.keys()) {
            OF_TRY(one, map.need(name));
            if (!nameForm.match(name).hasMatch())
                return std::unexpected(
                    one.error(QStringLiteral("the name \"%1\" is not 1 to 40 letters, digits, -, _ and .")
                                  .arg(displayable(name.left(60)))));
            OF_TRY(agent, readAgent(name, one));
            if (budget.cost)
                return std::unexpected(
                    one.error(QStringLiteral("what an agent costs is not known, so job_budget.cost cannot "
                                             "be kept beside it; limit tokens instead")));
            if (budget.tokens && agent.reckonedTokens == 0)
                return std::unexpected(
                    one.error(QStringLiteral("what a run takes is not known, so job_budget.tokens cannot be "
                                             "kept; say tokens_per_run, the most that one may take")));
            agents.agents.emplace(name, std::move(agent));
        }
    }
    OF_TRY(chosen, settings.value(QStringLiteral("agent")));
    if (chosen) {
        OF_TRY(name, chosen->text());
        if (!agents.agents.contains(name))
            return std::unexpected(
                chosen->error(QStringLiteral("there is no agent \"%1\" below agents").arg(displayable(name.left(60)))));
        agents.agent = name;
    }
    return agents;
}

} // namespace openfactory
