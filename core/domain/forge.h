// SPDX-License-Identifier: Apache-2.0
/// The port to a forge: where the job's branch is pushed, its pull request stands, and checks run on its commits.
/// Everything a forge answers is hostile input: names and texts are shown through displayable() only, sizes are capped
/// by the adapter.
#pragma once

#include "core/domain/job.h"
#include "core/domain/verdict.h"

#include <memory>
#include <stop_token>

namespace openfactory {

enum class CheckStatus { Queued, Running, Completed };

/// How a completed check ended. Only Success lets a job go on.
enum class CheckConclusion {
    None, ///< not completed yet
    Success,
    Failure,
    Neutral,
    Skipped,
    Cancelled,
    TimedOut,
    ActionRequired,
    Stale,
    Error, ///< the forge or its machine failed, not the code; also an ending this version does not know
};

/// A verdict of the forge's CI on one commit.
struct Check {
    QString id;      ///< as the forge names this run of it
    QString name;    ///< "tests"
    QString app;     ///< who reports it; empty where the forge does not say
    CommitId commit; ///< what it is a verdict on
    CheckStatus status = CheckStatus::Queued;
    CheckConclusion conclusion = CheckConclusion::None;
    qint64 startedMs = 0; ///< wall time; 0: not yet
    qint64 endedMs = 0;
    QString summary; ///< one line of the forge; may be empty
    QString url;     ///< for people; may be empty
    bool operator==(const Check &) const = default;
};

/// A check that has to succeed before a change may come onto a branch.
struct RequiredCheck {
    QString name;
    QString app; ///< only this one's verdict counts; empty: anybody's
    bool operator==(const RequiredCheck &) const = default;
};

struct ForgeFacts {
    QString name;                        ///< for people: "local forge /x/y.git", "github.com/owner/name"
    QString defaultBranch;               ///< empty: unknown
    QStringList protectedBranches;       ///< never pushed to; the target is always among what a job does not push to
    std::vector<RequiredCheck> required; ///< of the target branch
    bool requiredKnown = false;          ///< the forge let us read its protection rules
    bool canPush = false;
    QStringList scopes;        ///< what the credentials let do, as far as the forge says
    QStringList scopesTooWide; ///< those that no job needs: a job is not started with them
};

struct PullRequest {
    enum class State { Open, Closed, Merged };
    int number = 0;
    QString url;
    QString branch;
    QString base;
    CommitId head; ///< the branch's commit as the forge sees it
    State state = State::Open;
    bool draft = true;
    QString title;
    bool operator==(const PullRequest &) const = default;
};

/// Why a check failed, as far as the forge tells.
struct CheckEvidence {
    QByteArray log; ///< not masked yet; the end of it where it was too long
    bool cut = false;
    std::vector<Finding> annotations; ///< with file and line
};

/// How many requests the forge still takes, as it said with its last answer.
struct RequestLimit {
    int limit = -1; ///< negative: it did not say
    int remaining = -1;
    qint64 resetMs = 0; ///< wall time of the forge at which they are all there again; 0: it did not say
    qint64 seenMs = 0;  ///< our wall time of that answer
    bool operator==(const RequestLimit &) const = default;
};

/// What a person wants of a check. It lies in the store until the job's next look at the forge carries it out.
struct CheckWish {
    enum class Kind { None, Rerun, Cancel } kind = Kind::None;
    QString check; ///< its id
    QString actor;
    bool operator==(const CheckWish &) const = default;
};

/// What is pushed: one commit onto one branch.
struct PushRequest {
    QString repository; ///< absolute path of the working folder that holds the commit
    CommitId commit;
    QString branch;                   ///< short name; Denied where it is protected
    std::optional<CommitId> expected; ///< what the branch must point to by now; nothing: it must not be there yet
};

/// One repository on one forge. Calls block, on any thread, one at a time; a stop ends them within a second.
/// Errors: Unavailable (down, or a limit on requests: later), Denied (credentials, protection), NotFound, Conflict
/// (the branch is not where it was expected), Invalid (an answer that makes no sense).
class Forge {
public:
    virtual ~Forge() = default;
    /// What the forge says of the target branch. Brings a forge of our own up to date with it.
    virtual Result<ForgeFacts> facts(const QString &target, const std::stop_token &stop) = 0;
    /// The commit of a branch there; nothing where there is none.
    virtual Result<std::optional<CommitId>> branchHead(const QString &branch, const std::stop_token &stop) = 0;
    /// Moves the branch, by compare-and-set; a branch that is there already at the commit is left alone.
    virtual Result<void> push(const PushRequest &request, const std::stop_token &stop) = 0;
    /// The newest pull request from the branch, in any state.
    virtual Result<std::optional<PullRequest>> findPull(const QString &branch, const std::stop_token &stop) = 0;
    /// Opens a draft from `pull`'s branch to its base with title and body; where an open one is there, that one.
    virtual Result<PullRequest> openPull(const PullRequest &pull, const QString &body, const std::stop_token &stop) = 0;
    /// Replaces the description of an open pull request.
    virtual Result<void> describePull(int number, const QString &body, const std::stop_token &stop) = 0;
    /// The newest run of each check on a commit, of each reporter.
    virtual Result<std::vector<Check>> checks(const CommitId &commit, const std::stop_token &stop) = 0;
    virtual Result<CheckEvidence> evidence(const Check &check, qint64 mostBytes, const std::stop_token &stop) = 0;
    /// Runs a completed check again, on the same commit.
    virtual Result<void> rerun(const Check &check, const std::stop_token &stop) = 0;
    /// Ends a check that is queued or runs.
    virtual Result<void> cancel(const Check &check, const std::stop_token &stop) = 0;
    /// How long to wait before the checks are asked for again, when nobody tells that they are done.
    virtual std::chrono::milliseconds pollAfter() const = 0;
    /// Nothing where the forge has no such limit, or has not spoken of it yet.
    virtual std::optional<RequestLimit> requestLimit() const { return {}; }
};

/// Chooses the forge of a job.
class Forges {
public:
    virtual ~Forges() = default;
    /// Unsupported or Invalid where the job's repository has none of the kind that its contract names.
    virtual Result<std::unique_ptr<Forge>> forgeOf(const JobIdentity &job) const = 0;
};

QString toName(CheckStatus);
QString toName(CheckConclusion);
QString toName(PullRequest::State);
std::optional<CheckStatus> checkStatusFrom(QStringView);
std::optional<CheckConclusion> checkConclusionFrom(QStringView);
std::optional<PullRequest::State> pullStateFrom(QStringView);
QString toName(CheckWish::Kind);
QJsonObject toJson(const Check &);
Result<Check> checkFromJson(const QJsonObject &);
QJsonObject toJson(const RequestLimit &);
std::optional<RequestLimit> requestLimitFrom(const QJsonObject &); ///< nothing of an empty object
QJsonObject toJson(const CheckWish &);
CheckWish checkWishFrom(const QJsonObject &);

/// Whether a person may have the check run again, or ended, while its job is in that state; the error says why not.
Result<void> checkWishable(CheckWish::Kind kind, const Check &check, JobState state);

/// What the checks of a commit say about a required one. Pure.
struct RequiredVerdict {
    enum class Kind {
        Missing, ///< nobody has reported it on this commit
        Pending,
        Success,
        Failed, ///< anything else that is completed
    } kind = Kind::Missing;
    std::optional<Check> check; ///< the run that decides
    QString said;               ///< one sentence
};
/// The verdict of `required` on `head`: of a run that reports on another commit, or by another reporter than the one
/// that is required, nothing counts; of several the one that began last does.
RequiredVerdict requiredVerdict(const RequiredCheck &required, const std::vector<Check> &checks, const CommitId &head);

/// The name of the check that no job with a pull request is done without (openfactory-v2-pipeline).
inline QString requiredCheckName()
{
    return QStringLiteral("tests");
}
/// The forge's own rule for a check of that name, or one that takes it from anybody.
RequiredCheck requiredCheckIn(const ForgeFacts &facts, const QString &name);

/// Whether a job may push to the branch: a branch of its own that no rule protects (law 9). The error says why not.
Result<void> checkPushable(const QString &branch, const QString &target, const QStringList &protectedBranches);

} // namespace openfactory
