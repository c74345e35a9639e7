// SPDX-License-Identifier: Apache-2.0
/// What the settings say of the coding agents that may be run (openfactory.yaml, `agents`), and the presets of known
/// ones (resources/agents). Plain values.
#pragma once

#include "core/authors/agent/filterproxy.h"
#include "core/authors/model/modelsettings.h"

#include <QStringList>

namespace openfactory {

/// One command that works in a folder until a task is done.
struct AgentSettings {
    enum class Prompt { Argument, File, Input };
    QString name;
    QStringList argv;    ///< "{prompt}" or "{prompt_file}" in a word is replaced, "{model}" too
    QString program;     ///< absolute path of what argv[0] names; empty: it lies in the system's folders
    QStringList folders; ///< that it may read beside the system's; the program lies in one
    Prompt prompt = Prompt::Input;
    QString model;                          ///< for "{model}"; empty where no word asks for it
    std::map<QString, QString> environment; ///< plain values
    std::map<QString, QString> secrets;     ///< name of a variable -> name of a secret
    std::vector<ReachableHost> hosts;       ///< that it may reach; none: it has no network at all
    std::chrono::seconds timeout{1800};
    qint64 memoryMb = 8192;
    int processes = 512;
    qint64 reckonedTokens = 0; ///< what a budget counts for one run; 0: unknown, and no budget of tokens can be kept
};

struct AgentsSettings {
    std::map<QString, AgentSettings> agents;
    QString agent; ///< the one of jobs that name none

    const AgentSettings *find(const QString &name) const
    {
        const auto found = agents.find(name.isEmpty() ? agent : name);
        return found == agents.end() ? nullptr : &found->second;
    }
};

} // namespace openfactory
