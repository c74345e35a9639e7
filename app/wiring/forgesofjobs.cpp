// SPDX-License-Identifier: Apache-2.0
#include "app/wiring/forgesofjobs.h"

#include "core/domain/commands.h"
#include "core/domain/contract.h"
#include "core/forge/githubforge.h"
#include "core/forge/localforge.h"

#include <QRegularExpression>

namespace openfactory {

namespace {

Result<QString> textOf(yaml::Map &map, const char *key, const QString &usual)
{
    const auto node = map.find(QLatin1StringView(key));
    return node ? node->text() : Result<QString>(usual);
}

} // namespace

Result<GitHubSettings> readGitHubSettings(yaml::Map &settings)
{
    static const QRegularExpression remoteName(QStringLiteral("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$"));
    GitHubSettings github;
    const auto node = settings.find(QStringLiteral("github"));
    if (!node)
        return github;
    OF_TRY(map, node->map());
    OF_TRY(tokenNode, map.need(QStringLiteral("token")));
    OF_TRY(token, tokenNode.text());
    if (!isSecretName(token))
        return std::unexpected(
            tokenNode.error(QStringLiteral("expected the name of a secret, never its value (docs/secrets.md)")));
    OF_TRY(api, textOf(map, "api", QString()));
    OF_TRY(remote, textOf(map, "remote", github.remote));
    if (!remoteName.match(remote).hasMatch())
        return std::unexpected(node->error(QStringLiteral("remote is to be the name of a git remote")));
    OF_TRY(caFile, textOf(map, "ca_file", QString()));
    OF_CHECK(map.finish());
    github.token = token;
    github.api = api;
    github.remote = remote;
    github.caFile = caFile;
    return github;
}

ForgesOfJobs::ForgesOfJobs(LocalCiPorts ports, LocalCi &ci, GitHubSettings github, const Masker &masker)
    : m_ports(std::move(ports)),
      m_ci(ci),
      m_github(std::move(github)),
      m_masker(masker),
      m_memory(std::make_shared<GitHubMemory>())
{}

Result<std::unique_ptr<Forge>> ForgesOfJobs::forgeOf(const JobIdentity &job) const
{
    OF_TRY(contract, contractOf(job));
    if (contract.forge == ForgeKind::Local)
        return std::make_unique<LocalForge>(m_ports, m_remotes, m_ci, job);
    const QString doing = QStringLiteral("reach the forge of %1").arg(job.repository);
    if (m_github.token.isEmpty())
        return fail(ErrorKind::Invalid, doing,
                    QStringLiteral("the contract says github, and openfactory.yaml does not say by which token"),
                    QStringLiteral("add github: {token: NAME OF A SECRET} to openfactory.yaml (docs/forges.md)"));
    OF_TRY(url, m_remotes.addressOf(job.repository, m_github.remote));
    OF_TRY(address, githubAddress(url, m_github.api));
    GitHubForge::Parts parts;
    parts.address = address;
    parts.token = [&masker = m_masker, name = m_github.token] { return masker.secret(name); };
    parts.remotes = &m_remotes;
    parts.clock = m_ports.clock;
    parts.caFile = m_github.caFile;
    parts.memory = m_memory;
    parts.memory = m_githubMemory;
    return std::make_unique<GitHubForge>(std::move(parts));
}

} // namespace openfactory
