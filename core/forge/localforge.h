// SPDX-License-Identifier: Apache-2.0
/// A forge on this machine: a bare repository in the data directory whose update hook protects branches, pull requests
/// and checks in the store, and a CI that judges what is pushed. It is a forge in earnest: a job reaches it through
/// git's own receive-pack only.
#pragma once

#include "core/domain/remotes.h"
#include "core/forge/localci.h"

namespace openfactory {

class LocalForge : public Forge {
public:
    /// For one job on its repository. Everything given outlives it.
    LocalForge(const LocalCiPorts &ports, Remotes &remotes, LocalCi &ci, const JobIdentity &job);
    ~LocalForge() override;

    Result<ForgeFacts> facts(const QString &target, const std::stop_token &stop) override;
    Result<std::optional<CommitId>> branchHead(const QString &branch, const std::stop_token &stop) override;
    Result<void> push(const PushRequest &request, const std::stop_token &stop) override;
    Result<std::optional<PullRequest>> findPull(const QString &branch, const std::stop_token &stop) override;
    Result<PullRequest> openPull(const PullRequest &pull, const QString &body, const std::stop_token &stop) override;
    Result<void> describePull(int number, const QString &body, const std::stop_token &stop) override;
    Result<std::vector<Check>> checks(const CommitId &commit, const std::stop_token &stop) override;
    Result<CheckEvidence> evidence(const Check &check, qint64 mostBytes, const std::stop_token &stop) override;
    Result<void> rerun(const Check &check, const std::stop_token &stop) override;
    Result<void> cancel(const Check &check, const std::stop_token &stop) override;
    /// The CI tells the job itself when a check is done; this is behind it.
    std::chrono::milliseconds pollAfter() const override { return std::chrono::seconds(5); }

private:
    Result<QStringList> protectedBranches() const;
    Result<void> protect(const QString &branch) const;
    Result<void> queue(const CommitId &commit);
    /// The store is opened once per object: a call of another thread gets its own.
    Result<JobStore *> store();

    const LocalCiPorts &m_ports;
    Remotes &m_remotes;
    LocalCi &m_ci;
    const QString m_repository;
    const QString m_job;
    const QString m_bare;
    std::unique_ptr<JobStore> m_store;
};

} // namespace openfactory
