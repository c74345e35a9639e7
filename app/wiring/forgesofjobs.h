// SPDX-License-Identifier: Apache-2.0
/// Which forge a job's repository is on: the one on this machine, until its contract says github.
#pragma once

#include "core/base/strictyaml.h"
#include "core/forge/githubmemory.h"
#include "core/forge/localci.h"
#include "core/git/gitremotes.h"

namespace openfactory {

class GitHubMemory;

/// The part of openfactory.yaml that says how GitHub is reached (docs/forges.md).
struct GitHubSettings {
    QString token;                             ///< name of a secret; empty: GitHub cannot be used
    QString api;                               ///< base URL of the REST API; empty: as the remote's host has it
    QString remote = QStringLiteral("origin"); ///< the git remote of the repository that is pushed to
    QString caFile;                            ///< PEM, trusted beside the system's; may be empty
};
/// Reads `github` of the settings; errors name line and column.
Result<GitHubSettings> readGitHubSettings(yaml::Map &settings);

/// Any thread; all that is given outlives it.
class ForgesOfJobs : public Forges {
public:
    ForgesOfJobs(LocalCiPorts ports, LocalCi &ci, GitHubSettings github, const Masker &masker);
    Result<std::unique_ptr<Forge>> forgeOf(const JobIdentity &job) const override;

private:
    LocalCiPorts m_ports;
    LocalCi &m_ci;
    GitHubSettings m_github;
    const Masker &m_masker;
    std::shared_ptr<GitHubMemory> m_memory; ///< one server and token for all jobs of a process
    mutable GitRemotes m_remotes;           ///< stateless
    /// A forge lives for one look of one job; limits and unchanged answers concern the next ones too.
    std::shared_ptr<GitHubMemory> m_githubMemory = std::make_shared<GitHubMemory>();
};

} // namespace openfactory
