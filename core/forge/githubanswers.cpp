// SPDX-License-Identifier: Apache-2.0
#include "core/forge/githubanswers.h"

#include "core/base/text.h"
#include "core/domain/names.h"
#include "core/forge/githubvalue.h"

#include <QDateTime>
#include <QUrl>

#include <algorithm>

namespace openfactory::github {

namespace {

constexpr qsizetype mostName = 1000;
constexpr qsizetype mostLine = 200;
constexpr qsizetype mostOutput = 256 * 1024;
constexpr qsizetype mostInList = 1000; ///< of one page; GitHub gives 100

constexpr Named<CheckConclusion> kConclusions[] = {
    {CheckConclusion::Success, u"success"},
    {CheckConclusion::Failure, u"failure"},
    {CheckConclusion::Neutral, u"neutral"},
    {CheckConclusion::Skipped, u"skipped"},
    {CheckConclusion::Cancelled, u"cancelled"},
    {CheckConclusion::TimedOut, u"timed_out"},
    {CheckConclusion::ActionRequired, u"action_required"},
    {CheckConclusion::Stale, u"stale"},
};

QString key(const char16_t *name)
{
    return QString::fromUtf16(name);
}

QString oneLine(const QString &text)
{
    return text.simplified().left(mostLine);
}

/// An address for people, or nothing.
QString link(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool isWeb = url.scheme() == QStringLiteral("https") || url.scheme() == QStringLiteral("http");
    return url.isValid() && isWeb && !url.host().isEmpty() && text.size() <= 2000 ? url.toString(QUrl::FullyEncoded)
                                                                                  : QString();
}

Result<qint64> timeFrom(const Value &value)
{
    OF_TRY(text, value.maybeText(100));
    const QDateTime time = QDateTime::fromString(text, Qt::ISODate);
    return time.isValid() ? time.toMSecsSinceEpoch() : 0;
}

Result<CommitId> commitFrom(const Value &value)
{
    OF_TRY(text, value.text(100));
    return isCommit(text) ? Result<CommitId>(text) : value.wrong(QStringLiteral("a commit id"));
}

/// The app that has to report a check, as Check::app has it; none and -1 are anybody.
Result<QString> requiredApp(const Value &value)
{
    if (value.isNone() || value.isMinusOne())
        return QString();
    OF_TRY(id, value.number());
    return QString::number(id);
}

Result<RequiredCheck> requiredCheck(const Value &entry, const QString &appKey)
{
    OF_TRY(name, entry[key(u"context")].text(mostName + 1));
    if (name.isEmpty() || name.size() > mostName)
        return entry[key(u"context")].wrong(QStringLiteral("a name of 1 to %1 characters").arg(mostName));
    OF_TRY(app, requiredApp(entry[appKey]));
    return RequiredCheck{name, app};
}

CheckStatus statusOf(const QString &text)
{
    if (text == QStringLiteral("completed"))
        return CheckStatus::Completed;
    // waiting, requested, pending, and what later versions may say
    return text == QStringLiteral("in_progress") ? CheckStatus::Running : CheckStatus::Queued;
}

Result<CheckRunFacts> runFrom(const Value &run)
{
    CheckRunFacts facts;
    Check &check = facts.check;
    OF_TRY(id, run[key(u"id")].number());
    OF_TRY(name, run[key(u"name")].text(mostName + 1));
    OF_TRY(commit, commitFrom(run[key(u"head_sha")]));
    OF_TRY(status, run[key(u"status")].text(100));
    OF_TRY(conclusion, run[key(u"conclusion")].maybeText(100));
    OF_TRY(started, timeFrom(run[key(u"started_at")]));
    OF_TRY(ended, timeFrom(run[key(u"completed_at")]));
    OF_TRY(url, run[key(u"html_url")].maybeText(2001));
    facts.id = id;
    check = {QStringLiteral("check-run/%1").arg(id),
             name,
             {},
             commit,
             statusOf(status),
             CheckConclusion::None,
             started,
             ended,
             {},
             link(url)};
    if (check.status == CheckStatus::Completed)
        check.conclusion = valueIn(kConclusions, conclusion).value_or(CheckConclusion::Error);
    if (const Value app = run[key(u"app")]; !app.isNone()) {
        OF_TRY(appId, app[key(u"id")].number());
        OF_TRY(slug, app[key(u"slug")].maybeText(mostName));
        check.app = QString::number(appId);
        facts.appSlug = slug;
    }
    if (const Value output = run[key(u"output")]; !output.isNone()) {
        OF_TRY(title, output[key(u"title")].maybeText(mostName));
        OF_TRY(summary, output[key(u"summary")].maybeText(mostOutput));
        OF_TRY(text, output[key(u"text")].maybeText(mostOutput));
        OF_TRY(annotations, output[key(u"annotations_count")].maybeNumber());
        facts.title = title;
        facts.text = summary + (summary.isEmpty() || text.isEmpty() ? QString() : QStringLiteral("\n\n")) + text;
        facts.annotations = annotations;
    }
    check.summary = oneLine(facts.title.isEmpty() ? facts.text.left(1000) : facts.title);
    return facts;
}

/// A path of an annotation as a path of the workspace; nothing where it leads anywhere else.
RepoPath pathFrom(const QString &text)
{
    const QStringList parts = text.split(QLatin1Char('/'));
    const bool leaves = std::ranges::any_of(parts, [](const QString &part) {
        return part.isEmpty() || part == QStringLiteral(".") || part == QStringLiteral("..")
               || part.compare(QStringLiteral(".git"), Qt::CaseInsensitive) == 0;
    });
    return leaves || text.size() > mostName || displayable(text) != text ? RepoPath() : text.toUtf8();
}

Result<PullRequest> pullFromValue(const Value &value, const GitHubAddress &address, bool &isOurs)
{
    OF_TRY(number, value[key(u"number")].number());
    OF_TRY(state, value[key(u"state")].text(20));
    OF_TRY(title, value[key(u"title")].text(mostName));
    OF_TRY(url, value[key(u"html_url")].maybeText(2001));
    OF_TRY(merged, value[key(u"merged_at")].maybeText(100));
    OF_TRY(head, value[key(u"head")].asObject());
    OF_TRY(branch, head[key(u"ref")].text(mostName));
    OF_TRY(base, value[key(u"base")][key(u"ref")].text(mostName));
    OF_TRY(commit, commitFrom(head[key(u"sha")]));
    if (number < 1 || number > std::numeric_limits<int>::max())
        return value[key(u"number")].wrong(QStringLiteral("the number of a pull request"));
    PullRequest pull{int(number), link(url), branch, base, commit, PullRequest::State::Open, false, title};
    if (state == QStringLiteral("closed"))
        pull.state = merged.isEmpty() ? PullRequest::State::Closed : PullRequest::State::Merged;
    else if (state != QStringLiteral("open"))
        return value[key(u"state")].wrong(QStringLiteral("open or closed"));
    if (!value[key(u"draft")].isNone()) {
        OF_TRY(draft, value[key(u"draft")].flag());
        pull.draft = draft;
    }
    // The repository of a fork may be gone, and a fork may have a branch of the same name.
    OF_TRY(repository, head[key(u"repo")][key(u"full_name")].maybeText(mostName));
    isOurs = repository.compare(address.owner + QLatin1Char('/') + address.name, Qt::CaseInsensitive) == 0;
    return pull;
}

} // namespace

bool isCommit(const QString &text)
{
    return text.size() == 40
           && std::ranges::all_of(text, [](QChar c) { return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f'); });
}

std::optional<CheckId> checkIdFrom(const QString &id)
{
    const qsizetype slash = id.indexOf(QLatin1Char('/'));
    const QString kind = id.left(slash);
    bool isNumber = false;
    const qint64 number = id.mid(slash + 1).toLongLong(&isNumber);
    const bool isRun = kind == QStringLiteral("check-run");
    if (slash < 0 || !isNumber || number < 1 || (!isRun && kind != QStringLiteral("status")))
        return std::nullopt;
    return CheckId{isRun, number};
}

Result<RepositoryFacts> repositoryFrom(const QJsonDocument &answer)
{
    OF_TRY(value, Value(answer).asObject());
    OF_TRY(branch, value[key(u"default_branch")].text(mostName));
    RepositoryFacts facts{branch, false, false};
    if (const Value permissions = value[key(u"permissions")]; !permissions.isNone()) {
        OF_TRY(push, permissions[key(u"push")].flag());
        facts.canPush = push;
    }
    if (const Value archived = value[key(u"archived")]; !archived.isNone()) {
        OF_TRY(flag, archived.flag());
        facts.archived = flag;
    }
    return facts;
}

Result<std::vector<RequiredCheck>> requiredFrom(const QJsonObject &answer)
{
    const Value value(answer, QStringLiteral("required_status_checks"));
    std::vector<RequiredCheck> required;
    if (const Value checks = value[key(u"checks")]; !checks.isNone()) {
        OF_TRY(entries, checks.list(mostInList));
        for (const Value &entry : entries) {
            OF_TRY(check, requiredCheck(entry, key(u"app_id")));
            required.push_back(check);
        }
    }
    if (const Value contexts = value[key(u"contexts")]; !contexts.isNone()) {
        OF_TRY(names, contexts.list(mostInList));
        for (const Value &entry : names) {
            OF_TRY(name, entry.text(mostName));
            if (std::ranges::none_of(required, [&](const RequiredCheck &known) { return known.name == name; }))
                required.push_back({name, {}});
        }
    }
    return required;
}

Result<BranchFacts> branchFrom(const QJsonDocument &answer)
{
    OF_TRY(value, Value(answer).asObject());
    OF_TRY(head, commitFrom(value[key(u"commit")][key(u"sha")]));
    OF_TRY(isProtected, value[key(u"protected")].flag());
    BranchFacts facts{head, isProtected, {}};
    if (const Value checks = value[key(u"protection")][key(u"required_status_checks")]; checks.isObject()) {
        OF_TRY(required, requiredFrom(checks.object()));
        facts.required = required;
    }
    return facts;
}

Result<QStringList> branchNamesFrom(const QJsonDocument &answer)
{
    QStringList names;
    OF_TRY(entries, Value(answer).list(mostInList));
    for (const Value &entry : entries) {
        OF_TRY(name, entry[key(u"name")].text(mostName));
        names += name;
    }
    return names;
}

Result<Rules> rulesFrom(const QJsonDocument &answer)
{
    static const QStringList guarding{
        QStringLiteral("pull_request"),           QStringLiteral("update"),      QStringLiteral("creation"),
        QStringLiteral("required_status_checks"), QStringLiteral("merge_queue"), QStringLiteral("workflows"),
        QStringLiteral("required_deployments")};
    Rules rules;
    OF_TRY(entries, Value(answer).list(mostInList));
    for (const Value &entry : entries) {
        OF_TRY(type, entry[key(u"type")].text(mostName));
        rules.guards = rules.guards || guarding.contains(type);
        if (type != QStringLiteral("required_status_checks"))
            continue;
        OF_TRY(checks, entry[key(u"parameters")][key(u"required_status_checks")].list(mostInList));
        for (const Value &check : checks) {
            OF_TRY(required, requiredCheck(check, key(u"integration_id")));
            rules.required.push_back(required);
        }
    }
    return rules;
}

Result<CommitId> refFrom(const QJsonDocument &answer, const QString &branch)
{
    OF_TRY(value, Value(answer).asObject());
    OF_TRY(ref, value[key(u"ref")].text(mostName));
    OF_TRY(type, value[key(u"object")][key(u"type")].text(100));
    if (ref != QStringLiteral("refs/heads/") + branch)
        return value[key(u"ref")].wrong(QStringLiteral("refs/heads/%1").arg(displayable(branch)));
    if (type != QStringLiteral("commit"))
        return value[key(u"object")][key(u"type")].wrong(QStringLiteral("a commit"));
    return commitFrom(value[key(u"object")][key(u"sha")]);
}

Result<PullRequest> pullFrom(const QJsonDocument &answer, const GitHubAddress &address)
{
    bool isOurs = false;
    OF_TRY(value, Value(answer).asObject());
    return pullFromValue(value, address, isOurs);
}

Result<std::vector<PullRequest>> pullsFrom(const QJsonDocument &answer, const GitHubAddress &address,
                                           const QString &branch)
{
    std::vector<PullRequest> pulls;
    OF_TRY(entries, Value(answer).list(mostInList));
    for (const Value &entry : entries) {
        bool isOurs = false;
        OF_TRY(pull, pullFromValue(entry, address, isOurs));
        if (isOurs && pull.branch == branch)
            pulls.push_back(pull);
    }
    std::ranges::sort(pulls, std::greater(), &PullRequest::number);
    return pulls;
}

Result<CheckPage> checkRunsFrom(const QJsonDocument &answer)
{
    CheckPage page;
    OF_TRY(value, Value(answer).asObject());
    OF_TRY(total, value[key(u"total_count")].number());
    OF_TRY(entries, value[key(u"check_runs")].list(mostInList));
    page.total = total;
    for (const Value &entry : entries) {
        OF_TRY(run, runFrom(entry));
        page.runs.push_back(run);
    }
    return page;
}

Result<CheckRunFacts> checkRunFrom(const QJsonDocument &answer)
{
    OF_TRY(value, Value(answer).asObject());
    return runFrom(value);
}

Result<std::vector<StatusFacts>> statusesFrom(const QJsonDocument &answer, const CommitId &commit)
{
    static constexpr Named<CheckConclusion> states[] = {{CheckConclusion::Success, u"success"},
                                                        {CheckConclusion::Failure, u"failure"}};
    std::vector<StatusFacts> statuses;
    OF_TRY(entries, Value(answer).list(mostInList));
    for (const Value &entry : entries) {
        OF_TRY(id, entry[key(u"id")].number());
        OF_TRY(name, entry[key(u"context")].text(mostName + 1));
        OF_TRY(state, entry[key(u"state")].text(100));
        OF_TRY(description, entry[key(u"description")].maybeText(mostName));
        OF_TRY(url, entry[key(u"target_url")].maybeText(2001));
        OF_TRY(created, timeFrom(entry[key(u"created_at")]));
        OF_TRY(updated, timeFrom(entry[key(u"updated_at")]));
        OF_TRY(who, entry[key(u"creator")][key(u"login")].maybeText(mostName));
        const bool pending = state == QStringLiteral("pending");
        const CheckConclusion ended = valueIn(states, state).value_or(CheckConclusion::Error);
        StatusFacts facts;
        facts.check = {QStringLiteral("status/%1").arg(id),
                       name,
                       who,
                       commit,
                       pending ? CheckStatus::Running : CheckStatus::Completed,
                       pending ? CheckConclusion::None : ended,
                       created,
                       pending ? 0 : updated,
                       oneLine(description),
                       link(url)};
        // Names of people hold no brackets.
        if (who.endsWith(QStringLiteral("[bot]")))
            facts.bot = who.chopped(5);
        statuses.push_back(std::move(facts));
    }
    return statuses;
}

Result<std::vector<Finding>> annotationsFrom(const QJsonDocument &answer, const QString &tool)
{
    std::vector<Finding> findings;
    OF_TRY(entries, Value(answer).list(mostInList));
    for (const Value &entry : entries) {
        OF_TRY(path, entry[key(u"path")].maybeText(mostName + 1));
        OF_TRY(line, entry[key(u"start_line")].maybeNumber());
        OF_TRY(level, entry[key(u"annotation_level")].maybeText(100));
        OF_TRY(title, entry[key(u"title")].maybeText(mostName));
        OF_TRY(message, entry[key(u"message")].maybeText(4000));
        Finding finding;
        finding.tool = tool.left(mostLine);
        finding.rule = oneLine(title);
        finding.severity = level == QStringLiteral("failure")  ? Severity::Error
                           : level == QStringLiteral("notice") ? Severity::Info
                                                               : Severity::Warning;
        finding.file = pathFrom(path);
        finding.line = finding.file.isEmpty() ? 0 : int(std::min<qint64>(line, std::numeric_limits<int>::max()));
        finding.message = finding.file.isEmpty() && !path.isEmpty()
                              ? QStringLiteral("%1: %2").arg(displayable(path.left(mostLine)), message)
                              : message;
        findings.push_back(std::move(finding));
    }
    return findings;
}

Result<JobFacts> jobFrom(const QJsonDocument &answer)
{
    OF_TRY(value, Value(answer).asObject());
    OF_TRY(id, value[key(u"id")].number());
    OF_TRY(run, value[key(u"run_id")].number());
    OF_TRY(url, value[key(u"check_run_url")].maybeText(2000));
    return JobFacts{id, run, url.section(QStringLiteral("/check-runs/"), 1).toLongLong()};
}

Result<qint64> appIdFrom(const QJsonDocument &answer)
{
    OF_TRY(value, Value(answer).asObject());
    return value[key(u"id")].number();
}

} // namespace openfactory::github
