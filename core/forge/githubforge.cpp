// SPDX-License-Identifier: Apache-2.0
// Branches, protection and pull requests; the checks are in githubchecks.cpp.
#include "core/forge/githubforge.h"

#include "core/base/text.h"

#include <QJsonArray>

namespace openfactory {

using namespace github;

namespace {

constexpr int mostBranchPages = 20;
constexpr int mostRulePages = 10;
constexpr int mostCreations = 3;

QString messageOf(const GitHubAnswer &answer)
{
    return answer.body.object()[QStringLiteral("message")].toString().left(300);
}

/// All that the errors of a status 422 say, for looking for words in it.
QString reasonsOf(const GitHubAnswer &answer)
{
    QStringList reasons{messageOf(answer)};
    const QJsonArray errors = answer.body.object()[QStringLiteral("errors")].toArray();
    for (const QJsonValue &error : errors)
        reasons += (error.isString() ? error : error[u"message"]).toString().left(300);
    reasons.removeAll(QString());
    return reasons.join(QStringLiteral("; ")).left(1000);
}

/// What a classic token lets its holder do beyond what a job needs (docs/forges.md).
QStringList excessive(const QStringList &scopes)
{
    static const QStringList needed{QStringLiteral("repo"), QStringLiteral("public_repo"),
                                    QStringLiteral("repo:status"), QStringLiteral("read:org"),
                                    QStringLiteral("read:user")};
    QStringList left = scopes;
    left.removeIf([&](const QString &scope) { return needed.contains(scope); });
    return left;
}

void addOnce(std::vector<RequiredCheck> &all, const std::vector<RequiredCheck> &more)
{
    for (const RequiredCheck &check : more) {
        if (!std::ranges::contains(all, check))
            all.push_back(check);
    }
}

} // namespace

GitHubForge::GitHubForge(Parts parts)
    : m_parts(std::move(parts)),
      m_memory(m_parts.memory ? m_parts.memory : std::make_shared<GitHubMemory>()),
      m_http(m_parts.caFile),
      m_api(m_parts.address, m_parts.token, m_http, *m_memory, *m_parts.clock, m_parts.limits),
      m_requests(m_parts.address)
{}

GitHubForge::~GitHubForge() = default;

Result<ForgeFacts> GitHubForge::facts(const QString &target, const std::stop_token &stop)
{
    OF_TRY(answer, m_api.send(m_requests.repository(), stop));
    OF_TRY(repository, repositoryFrom(answer.body));
    OF_TRY(there, branch(target, stop));
    OF_TRY(needed, required(target, there, stop));
    OF_TRY(guarded, protectedBranches(stop));
    ForgeFacts facts;
    facts.name = m_parts.address.text();
    facts.defaultBranch = repository.defaultBranch;
    facts.protectedBranches = guarded;
    for (const QString &name : {target, repository.defaultBranch}) {
        if (!name.isEmpty() && !facts.protectedBranches.contains(name))
            facts.protectedBranches += name;
    }
    facts.required = needed.checks;
    facts.requiredKnown = needed.known;
    facts.canPush = repository.canPush && !repository.archived;
    facts.scopes = answer.scopes;
    facts.scopesTooWide = excessive(answer.scopes);
    return facts;
}

Result<std::optional<BranchFacts>> GitHubForge::branch(const QString &name, const std::stop_token &stop)
{
    OF_TRY(answer, m_api.send(m_requests.branch(name), stop, {404}));
    if (answer.status == 404)
        return std::nullopt;
    OF_TRY(facts, branchFrom(answer.body));
    return facts;
}

/// From rulesets, from the summary in the branch, and where that leaves it open from the older protection itself. What
/// we are not let see is unknown, which is not the same as none.
Result<GitHubForge::Required> GitHubForge::required(const QString &target, const std::optional<BranchFacts> &branch,
                                                    const std::stop_token &stop)
{
    Required required;
    OF_TRY(ruled, rules(target, stop));
    if (ruled)
        addOnce(required.checks, ruled->required);
    if (!branch)
        return required;
    addOnce(required.checks, branch->required);
    bool classicKnown = !branch->isProtected || !branch->required.empty();
    if (!classicKnown) {
        OF_TRY(answer, m_api.send(m_requests.requiredStatusChecks(target), stop, {403, 404}));
        const QString message = messageOf(answer);
        if (answer.status == 200) {
            OF_TRY(checks, requiredFrom(answer.body.object()));
            addOnce(required.checks, checks);
        }
        // GitHub hides what we may not see behind a plain "Not Found".
        classicKnown = answer.status == 200
                       || (answer.status == 404
                           && (message == QStringLiteral("Branch not protected")
                               || message == QStringLiteral("Required status checks not enabled")));
    }
    required.known = classicKnown && ruled.has_value();
    return required;
}

Result<std::optional<Rules>> GitHubForge::rules(const QString &branch, const std::stop_token &stop)
{
    Rules all;
    const auto read = m_api.pages(m_requests.branchRules(branch), mostRulePages, stop,
                                  [&](const QJsonDocument &page) -> Result<bool> {
                                      OF_TRY(some, rulesFrom(page));
                                      addOnce(all.required, some.required);
                                      all.guards = all.guards || some.guards;
                                      return true;
                                  });
    if (read)
        return all;
    // An older server has no rulesets to ask for, or we may not see them.
    if (read.error().kind == ErrorKind::NotFound || read.error().kind == ErrorKind::Denied)
        return std::nullopt;
    return std::unexpected(read.error());
}

Result<QStringList> GitHubForge::protectedBranches(const std::stop_token &stop)
{
    QStringList names;
    OF_CHECK(m_api.pages(m_requests.protectedBranches(), mostBranchPages, stop,
                         [&](const QJsonDocument &page) -> Result<bool> {
                             OF_TRY(some, branchNamesFrom(page));
                             names += some;
                             return true;
                         }));
    return names;
}

Result<std::optional<CommitId>> GitHubForge::branchHead(const QString &branch, const std::stop_token &stop)
{
    OF_TRY(answer, m_api.send(m_requests.ref(branch), stop, {404}));
    if (answer.status == 404) {
        // Also what a token gets that may not see the repository: then it says nothing of the branch.
        OF_CHECK(m_api.send(m_requests.repository(), stop));
        return std::nullopt;
    }
    OF_TRY(commit, refFrom(answer.body, branch));
    return commit;
}

Result<void> GitHubForge::push(const PushRequest &request, const std::stop_token &stop)
{
    const QString doing = QStringLiteral("push %1 to %2")
                              .arg(displayable(request.branch.left(200)), m_parts.address.text());
    if (!isCommit(request.commit))
        return fail(ErrorKind::Invalid, doing, QStringLiteral("no commit is named"));
    OF_CHECK(checkPushable(request.branch, {}, {}));
    OF_TRY(answer, m_api.send(m_requests.repository(), stop));
    OF_TRY(repository, repositoryFrom(answer.body));
    OF_TRY(there, branch(request.branch, stop));
    const bool isProtected = there && there->isProtected;
    OF_CHECK(checkPushable(request.branch, repository.defaultBranch,
                           isProtected ? QStringList{request.branch} : QStringList()));
    if (there && there->head == request.commit)
        return {};
    OF_TRY(ruled, rules(request.branch, stop));
    if (ruled && ruled->guards)
        return fail(ErrorKind::Denied, doing, QStringLiteral("a ruleset guards the branch"),
                    QStringLiteral("leave factory/* out of the ruleset: jobs push only there"));
    OF_TRY(token, m_parts.token());
    const RemoteAddress remote{m_parts.address.git.toString(QUrl::FullyEncoded), QStringLiteral("x-access-token"),
                               token, m_parts.caFile};
    return m_parts.remotes->push(remote, request, stop);
}

Result<std::vector<PullRequest>> GitHubForge::pulls(const QString &branch, const std::stop_token &stop)
{
    OF_TRY(answer, m_api.send(m_requests.pullsFrom(branch), stop));
    return pullsFrom(answer.body, m_parts.address, branch);
}

Result<std::optional<PullRequest>> GitHubForge::findPull(const QString &branch, const std::stop_token &stop)
{
    OF_TRY(known, pulls(branch, stop));
    return known.empty() ? std::nullopt : std::optional(known.front());
}

Result<std::optional<PullRequest>> GitHubForge::openPullOf(const PullRequest &pull, const std::stop_token &stop)
{
    OF_TRY(known, pulls(pull.branch, stop));
    for (const PullRequest &one : known) {
        if (one.state != PullRequest::State::Open)
            continue;
        if (one.base != pull.base)
            return fail(ErrorKind::Conflict, QStringLiteral("open a pull request"),
                        QStringLiteral("pull request %1 of the branch goes to %2, not to %3")
                            .arg(one.number)
                            .arg(displayable(one.base), displayable(pull.base)),
                        QStringLiteral("close it, or set its base to %1").arg(displayable(pull.base)));
        return one;
    }
    return std::nullopt;
}

Result<PullRequest> GitHubForge::openPull(const PullRequest &pull, const QString &body, const std::stop_token &stop)
{
    bool draft = true;
    for (int attempt = 0;; ++attempt) {
        // Before each try: an answer that was lost on the way may have opened it all the same.
        OF_TRY(known, openPullOf(pull, stop));
        if (known)
            return *known;
        const GitHubRequest request = m_requests.createPull(pull, body, draft);
        const auto answer = m_api.send(request, stop, {422});
        if (answer && answer->status != 422)
            return pullFrom(answer->body, m_parts.address);
        if (answer) {
            const QString reasons = reasonsOf(*answer);
            if (draft && reasons.contains(QStringLiteral("draft"), Qt::CaseInsensitive))
                draft = false;
            else if (!reasons.contains(QStringLiteral("already exists"), Qt::CaseInsensitive))
                return fail(ErrorKind::Invalid, request.text(),
                            QStringLiteral("status 422: %1").arg(displayable(reasons)));
        } else if (answer.error().kind != ErrorKind::Unavailable || m_api.limitedFor().count() > 0) {
            return std::unexpected(answer.error());
        }
        if (attempt + 1 == mostCreations)
            return answer ? fail(ErrorKind::Unavailable, request.text(),
                                 QStringLiteral("GitHub says that there is one already, but does not list it"))
                          : Result<PullRequest>(std::unexpected(answer.error()));
        if (!m_api.backOff(attempt, stop))
            return fail(ErrorKind::Cancelled, request.text(), QStringLiteral("stopped"));
    }
}

Result<void> GitHubForge::describePull(int number, const QString &body, const std::stop_token &stop)
{
    OF_CHECK(m_api.send(m_requests.describePull(number, body), stop));
    return {};
}

} // namespace openfactory
