// SPDX-License-Identifier: Apache-2.0
/// A repository on GitHub or GitHub Enterprise, over its REST API; commits go there over https. Stateless but for the
/// memory, which spares requests.
#pragma once

#include "core/domain/remotes.h"
#include "core/forge/githubanswers.h"
#include "core/forge/githubapi.h"

namespace openfactory {

class GitHubForge : public Forge {
public:
    struct Parts {
        GitHubAddress address;
        GitHubToken token;
        Remotes *remotes = nullptr; ///< outlives the forge, as does the clock
        const Clock *clock = nullptr;
        QString caFile{};                       ///< PEM, trusted beside the system's; may be empty
        std::shared_ptr<GitHubMemory> memory{}; ///< of this server and token; null: one of its own
        HttpLimits limits{};                    ///< of each request; downloads of logs may take ten minutes
    };
    explicit GitHubForge(Parts parts);
    ~GitHubForge() override;

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
    std::chrono::milliseconds pollAfter() const override;
    std::optional<RequestLimit> requestLimit() const override { return m_api.requests(); }

private:
    struct Required {
        std::vector<RequiredCheck> checks;
        bool known = false;
    };
    Result<std::optional<github::BranchFacts>> branch(const QString &name, const std::stop_token &stop);
    Result<Required> required(const QString &target, const std::optional<github::BranchFacts> &branch,
                              const std::stop_token &stop);
    Result<std::optional<github::Rules>> rules(const QString &branch, const std::stop_token &stop);
    Result<QStringList> protectedBranches(const std::stop_token &stop);
    Result<std::vector<PullRequest>> pulls(const QString &branch, const std::stop_token &stop);
    Result<std::optional<PullRequest>> openPullOf(const PullRequest &pull, const std::stop_token &stop);
    Result<std::vector<github::CheckRunFacts>> checkRuns(const CommitId &commit, const std::stop_token &stop);
    Result<std::vector<Check>> statuses(const CommitId &commit, const std::stop_token &stop);
    Result<QString> appOf(const github::StatusFacts &status, const std::stop_token &stop);
    Result<github::CheckRunFacts> runOf(const Check &check, const std::stop_token &stop);
    Result<std::optional<github::JobFacts>> jobOf(const github::CheckRunFacts &run, const std::stop_token &stop);
    Result<std::vector<Finding>> annotations(const github::CheckRunFacts &run, const std::stop_token &stop);
    Result<bool> wasRunAgain(const github::CheckRunFacts &run, const std::stop_token &stop);

    Parts m_parts;
    std::shared_ptr<GitHubMemory> m_memory;
    HttpClient m_http;
    GitHubApi m_api;
    GitHubRequests m_requests;
};

} // namespace openfactory
