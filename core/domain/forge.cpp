// SPDX-License-Identifier: Apache-2.0
#include "core/domain/forge.h"

#include "core/base/text.h"
#include "core/domain/names.h"

#include <algorithm>
#include <limits>
#include <map>

namespace openfactory {

namespace {

constexpr Named<CheckStatus> kStatuses[] = {
    {CheckStatus::Queued, u"queued"},
    {CheckStatus::Running, u"in_progress"},
    {CheckStatus::Completed, u"completed"},
};

constexpr Named<CheckConclusion> kConclusions[] = {
    {CheckConclusion::None, u"none"},          {CheckConclusion::Success, u"success"},
    {CheckConclusion::Failure, u"failure"},    {CheckConclusion::Neutral, u"neutral"},
    {CheckConclusion::Skipped, u"skipped"},    {CheckConclusion::Cancelled, u"cancelled"},
    {CheckConclusion::TimedOut, u"timed_out"}, {CheckConclusion::ActionRequired, u"action_required"},
    {CheckConclusion::Stale, u"stale"},        {CheckConclusion::Error, u"error"},
};

constexpr Named<PullRequest::State> kStates[] = {
    {PullRequest::State::Open, u"open"},
    {PullRequest::State::Closed, u"closed"},
    {PullRequest::State::Merged, u"merged"},
};

constexpr Named<CheckWish::Kind> kWishes[] = {
    {CheckWish::Kind::None, u"none"},
    {CheckWish::Kind::Rerun, u"rerun"},
    {CheckWish::Kind::Cancel, u"cancel"},
};

} // namespace

QString toName(CheckStatus status)
{
    return nameIn(kStatuses, status);
}

QString toName(CheckConclusion conclusion)
{
    return nameIn(kConclusions, conclusion);
}

QString toName(PullRequest::State state)
{
    return nameIn(kStates, state);
}

QString toName(CheckWish::Kind kind)
{
    return nameIn(kWishes, kind);
}

std::optional<CheckStatus> checkStatusFrom(QStringView text)
{
    return valueIn(kStatuses, text);
}

std::optional<CheckConclusion> checkConclusionFrom(QStringView text)
{
    return valueIn(kConclusions, text);
}

std::optional<PullRequest::State> pullStateFrom(QStringView text)
{
    return valueIn(kStates, text);
}

QJsonObject toJson(const Check &check)
{
    return {{QStringLiteral("id"), check.id},
            {QStringLiteral("name"), check.name},
            {QStringLiteral("app"), check.app},
            {QStringLiteral("commit"), check.commit},
            {QStringLiteral("status"), toName(check.status)},
            {QStringLiteral("conclusion"), toName(check.conclusion)},
            {QStringLiteral("started_ms"), check.startedMs},
            {QStringLiteral("ended_ms"), check.endedMs},
            {QStringLiteral("summary"), check.summary},
            {QStringLiteral("url"), check.url}};
}

Result<Check> checkFromJson(const QJsonObject &json)
{
    const auto status = checkStatusFrom(json[QStringLiteral("status")].toString());
    const auto conclusion = checkConclusionFrom(json[QStringLiteral("conclusion")].toString());
    if (!status || !conclusion)
        return fail(ErrorKind::Corrupt, QStringLiteral("read a check"),
                    QStringLiteral("its status or conclusion is unknown"));
    return Check{json[QStringLiteral("id")].toString(),
                 json[QStringLiteral("name")].toString(),
                 json[QStringLiteral("app")].toString(),
                 json[QStringLiteral("commit")].toString(),
                 *status,
                 *conclusion,
                 json[QStringLiteral("started_ms")].toInteger(),
                 json[QStringLiteral("ended_ms")].toInteger(),
                 json[QStringLiteral("summary")].toString(),
                 json[QStringLiteral("url")].toString()};
}

QJsonObject toJson(const RequestLimit &limit)
{
    return {{QStringLiteral("limit"), limit.limit},
            {QStringLiteral("remaining"), limit.remaining},
            {QStringLiteral("reset_ms"), limit.resetMs},
            {QStringLiteral("seen_ms"), limit.seenMs}};
}

std::optional<RequestLimit> requestLimitFrom(const QJsonObject &json)
{
    if (json.isEmpty())
        return {};
    return RequestLimit{json[QStringLiteral("limit")].toInt(-1), json[QStringLiteral("remaining")].toInt(-1),
                        json[QStringLiteral("reset_ms")].toInteger(), json[QStringLiteral("seen_ms")].toInteger()};
}

QJsonObject toJson(const CheckWish &wish)
{
    return {{QStringLiteral("kind"), toName(wish.kind)},
            {QStringLiteral("check"), wish.check},
            {QStringLiteral("actor"), wish.actor}};
}

CheckWish checkWishFrom(const QJsonObject &json)
{
    return {valueIn(kWishes, json[QStringLiteral("kind")].toString()).value_or(CheckWish::Kind::None),
            json[QStringLiteral("check")].toString(), json[QStringLiteral("actor")].toString()};
}

Result<void> checkWishable(CheckWish::Kind kind, const Check &check, JobState state)
{
    const bool again = kind == CheckWish::Kind::Rerun;
    const QString doing = QStringLiteral("%1 the check %2")
                              .arg(again ? QStringLiteral("run again") : QStringLiteral("cancel"),
                                   displayable(check.name.left(100)));
    const bool completed = check.status == CheckStatus::Completed;
    if (again && !completed)
        return fail(ErrorKind::Conflict, doing, QStringLiteral("it has not ended yet"),
                    QStringLiteral("wait for it, or cancel it first"));
    if (!again && completed)
        return fail(ErrorKind::Conflict, doing, QStringLiteral("it has ended as %1").arg(toName(check.conclusion)));
    const bool waits = state == JobState::Waiting;
    const bool failed = state == JobState::Failed || state == JobState::CiFailed;
    if (!waits && !(again && failed))
        return fail(ErrorKind::Conflict, doing, QStringLiteral("the job is %1").arg(toName(state)));
    return {};
}

namespace {

/// When a run began, in the order of runs: one that is queued begins after all that have.
qint64 beganMs(const Check &check)
{
    if (check.startedMs > 0)
        return check.startedMs;
    return check.status == CheckStatus::Completed ? check.endedMs : std::numeric_limits<qint64>::max();
}

/// The run that decides for one reporter: the one that began last.
std::map<QString, const Check *> newestByReporter(const RequiredCheck &required, const std::vector<Check> &checks,
                                                  const CommitId &head)
{
    std::map<QString, const Check *> newest;
    for (const Check &check : checks) {
        if (check.name != required.name || check.commit != head || head.isEmpty())
            continue;
        if (!required.app.isEmpty() && check.app != required.app)
            continue;
        const Check *&known = newest[check.app];
        if (!known || beganMs(check) >= beganMs(*known))
            known = &check;
    }
    return newest;
}

RequiredVerdict verdictOf(const Check &check)
{
    const QString name = displayable(check.name.left(100));
    if (check.status != CheckStatus::Completed)
        return {RequiredVerdict::Kind::Pending, check,
                check.status == CheckStatus::Queued ? QStringLiteral("the check %1 is queued").arg(name)
                                                    : QStringLiteral("the check %1 is running").arg(name)};
    const bool success = check.conclusion == CheckConclusion::Success;
    return {success ? RequiredVerdict::Kind::Success : RequiredVerdict::Kind::Failed, check,
            QStringLiteral("the check %1 is %2 on %3").arg(name, toName(check.conclusion), check.commit.left(12))};
}

} // namespace

RequiredVerdict requiredVerdict(const RequiredCheck &required, const std::vector<Check> &checks, const CommitId &head)
{
    RequiredVerdict worst{RequiredVerdict::Kind::Missing,
                          {},
                          QStringLiteral("nobody has reported the check %1 on %2")
                              .arg(displayable(required.name.left(100)), head.left(12))};
    // Where several report it and all are welcome, all of them have to be content.
    const auto rank = [](RequiredVerdict::Kind kind) {
        switch (kind) {
        case RequiredVerdict::Kind::Missing: return 0;
        case RequiredVerdict::Kind::Success: return 1;
        case RequiredVerdict::Kind::Pending: return 2;
        case RequiredVerdict::Kind::Failed: return 3;
        }
        return 0;
    };
    for (const auto &[app, check] : newestByReporter(required, checks, head)) {
        const RequiredVerdict verdict = verdictOf(*check);
        if (rank(verdict.kind) > rank(worst.kind))
            worst = verdict;
    }
    return worst;
}

RequiredCheck requiredCheckIn(const ForgeFacts &facts, const QString &name)
{
    const auto found = std::ranges::find(facts.required, name, &RequiredCheck::name);
    return found == facts.required.end() ? RequiredCheck{name, {}} : *found;
}

Result<void> checkPushable(const QString &branch, const QString &target, const QStringList &protectedBranches)
{
    const QString doing = QStringLiteral("push %1").arg(displayable(branch));
    if (!branch.startsWith(QStringLiteral("factory/")))
        return fail(ErrorKind::Denied, doing, QStringLiteral("a job pushes only branches of its own, factory/..."));
    if (branch == target || protectedBranches.contains(branch))
        return fail(ErrorKind::Denied, doing, QStringLiteral("the branch is protected"),
                    QStringLiteral("no job pushes to a protected branch; give the job another slug"));
    return {};
}

} // namespace openfactory
