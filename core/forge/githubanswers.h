// SPDX-License-Identifier: Apache-2.0
/// What GitHub's answers say, read strictly: each value by its type, with its place in the error. Pure. Texts stay as
/// they came, only their sizes are bounded; what is not understood never reads as a success.
#pragma once

#include "core/domain/forge.h"
#include "core/forge/githubaddress.h"

#include <QJsonDocument>

#include <functional>

namespace openfactory::github {

struct RepositoryFacts {
    QString defaultBranch;
    bool canPush = false;
    bool archived = false;
};

/// What a list of rules says of one branch.
struct Rules {
    std::vector<RequiredCheck> required;
    bool guards = false; ///< a rule lets changes come in by pull requests, checks or permission only
};

/// A branch as GitHub has it, with the summary of the older branch protection.
struct BranchFacts {
    CommitId head;
    bool isProtected = false;
    std::vector<RequiredCheck> required;
};

/// A check run with what leads to its evidence.
struct CheckRunFacts {
    qint64 id = 0;
    Check check;
    QString appSlug;
    QString title;
    QString text; ///< the summary and text of its output
    qint64 annotations = 0;
};

struct CheckPage {
    std::vector<CheckRunFacts> runs;
    qint64 total = 0; ///< of all pages
};

struct JobFacts {
    qint64 id = 0;
    qint64 run = 0;      ///< the workflow run
    qint64 checkRun = 0; ///< 0: it does not say
};

/// A commit status and who set it. `bot`: the name of the app behind it ("ci" of "ci[bot]"); empty for people.
struct StatusFacts {
    Check check;
    QString bot;
};

Result<RepositoryFacts> repositoryFrom(const QJsonDocument &answer);
Result<BranchFacts> branchFrom(const QJsonDocument &answer);
Result<QStringList> branchNamesFrom(const QJsonDocument &answer);
Result<Rules> rulesFrom(const QJsonDocument &answer);
/// Of GET .../protection/required_status_checks, and of the same object in a branch.
Result<std::vector<RequiredCheck>> requiredFrom(const QJsonObject &answer);
/// The commit of a ref that has to be the branch's.
Result<CommitId> refFrom(const QJsonDocument &answer, const QString &branch);
Result<PullRequest> pullFrom(const QJsonDocument &answer, const GitHubAddress &address);
/// The pull requests of this repository's own branch, whatever else the list holds; the newest first.
Result<std::vector<PullRequest>> pullsFrom(const QJsonDocument &answer, const GitHubAddress &address,
                                           const QString &branch);
Result<CheckPage> checkRunsFrom(const QJsonDocument &answer);
Result<CheckRunFacts> checkRunFrom(const QJsonDocument &answer);
Result<std::vector<StatusFacts>> statusesFrom(const QJsonDocument &answer, const CommitId &commit);
Result<std::vector<Finding>> annotationsFrom(const QJsonDocument &answer, const QString &tool);
Result<JobFacts> jobFrom(const QJsonDocument &answer);
Result<qint64> appIdFrom(const QJsonDocument &answer);

/// "check-run/12" and "status/12", the ids of Check; nothing where the text is neither.
struct CheckId {
    bool isRun = false;
    qint64 number = 0;
};
std::optional<CheckId> checkIdFrom(const QString &id);
/// Whether the text is a whole commit id: 40 lower-case hexadecimal digits.
bool isCommit(const QString &text);

} // namespace openfactory::github
