// SPDX-License-Identifier: Apache-2.0
/// Every request that the adapter can send to GitHub's REST API; nothing else asks for anything. Pure. Each is held
/// against GitHub's own description of its API (tests/forge/githubprism).
#pragma once

#include "core/domain/forge.h"
#include "core/forge/githubaddress.h"

#include <QJsonObject>
#include <QUrlQuery>

namespace openfactory {

struct GitHubRequest {
    QByteArray method;
    QString pattern;    ///< "/repos/{owner}/{repo}/pulls": as GitHub's description has it
    QStringList values; ///< of the pattern, in order
    QUrlQuery query{};
    std::optional<QJsonObject> body{};
    bool changes() const { return method != "GET"; }
    QString text() const; ///< "GET /repos/{owner}/{repo}/pulls", for errors
    /// Each value is one segment: what would end it is percent-encoded.
    QUrl url(const QUrl &api) const;
};

/// The requests on one repository.
class GitHubRequests {
public:
    explicit GitHubRequests(const GitHubAddress &address) : m_owner(address.owner), m_name(address.name) {}

    GitHubRequest repository() const;
    GitHubRequest branch(const QString &branch) const;
    GitHubRequest protectedBranches() const;                         ///< in pages
    GitHubRequest branchRules(const QString &branch) const;          ///< rulesets, also of a branch not there; in pages
    GitHubRequest requiredStatusChecks(const QString &branch) const; ///< of the older branch protection
    GitHubRequest ref(const QString &branch) const;
    GitHubRequest pullsFrom(const QString &branch) const;
    GitHubRequest createPull(const PullRequest &pull, const QString &body, bool draft) const;
    GitHubRequest describePull(int number, const QString &body) const;
    GitHubRequest checkRuns(const CommitId &commit) const; ///< in pages
    GitHubRequest statuses(const CommitId &commit) const;  ///< in pages, the newest first
    GitHubRequest checkRun(qint64 id) const;
    GitHubRequest annotations(qint64 checkRun) const; ///< in pages
    GitHubRequest job(qint64 id) const;
    GitHubRequest jobLog(qint64 id) const;
    GitHubRequest rerunJob(qint64 id) const;
    GitHubRequest rerequestCheckRun(qint64 id) const;
    GitHubRequest cancelRun(qint64 id) const;
    /// The app behind a bot's name; the only request outside of the repository.
    GitHubRequest app(const QString &slug) const;

private:
    GitHubRequest of(const QByteArray &method, const QString &rest, const QStringList &values = {}) const;
    GitHubRequest inPages(GitHubRequest request) const;
    QString m_owner;
    QString m_name;
};

} // namespace openfactory
