// SPDX-License-Identifier: Apache-2.0
#include "core/forge/githubrequests.h"

namespace openfactory {

namespace {

constexpr int mostTitle = 256; ///< characters, GitHub's own limit
constexpr int mostBody = 65'000;

/// The beginning of a text, never half a character.
QString beginning(const QString &text, qsizetype most)
{
    QString begun = text.left(most);
    if (!begun.isEmpty() && begun.back().isHighSurrogate())
        begun.chop(1);
    return begun;
}

/// Cut to what GitHub takes, and told.
QString fitted(const QString &body)
{
    if (body.size() <= mostBody)
        return body;
    const QString begun = beginning(body, mostBody);
    return begun + QStringLiteral("\n\n(%1 more characters did not fit)").arg(body.size() - begun.size());
}

QUrlQuery queryOf(std::initializer_list<std::pair<QString, QString>> items)
{
    QUrlQuery query;
    for (const auto &[name, value] : items)
        query.addQueryItem(name, QString::fromLatin1(QUrl::toPercentEncoding(value)));
    return query;
}

QString number(qint64 id)
{
    return QString::number(id);
}

} // namespace

QString GitHubRequest::text() const
{
    return QString::fromLatin1(method) + QLatin1Char(' ') + pattern;
}

QUrl GitHubRequest::url(const QUrl &api) const
{
    QByteArray path;
    qsizetype next = 0;
    for (const QString &segment : pattern.split(QLatin1Char('/'), Qt::SkipEmptyParts)) {
        const bool isValue = segment.startsWith(QLatin1Char('{')) && next < values.size();
        path += '/' + (isValue ? QUrl::toPercentEncoding(values[next++]) : segment.toLatin1());
    }
    QByteArray all = api.toEncoded() + path;
    if (!query.isEmpty())
        all += '?' + query.toString(QUrl::FullyEncoded).toLatin1();
    return QUrl::fromEncoded(all, QUrl::StrictMode);
}

GitHubRequest GitHubRequests::of(const QByteArray &method, const QString &rest, const QStringList &values) const
{
    return {method, QStringLiteral("/repos/{owner}/{repo}") + rest, QStringList{m_owner, m_name} + values};
}

GitHubRequest GitHubRequests::inPages(GitHubRequest request) const
{
    request.query.addQueryItem(QStringLiteral("per_page"), QStringLiteral("100"));
    return request;
}

GitHubRequest GitHubRequests::repository() const
{
    return of("GET", {});
}

GitHubRequest GitHubRequests::branch(const QString &branch) const
{
    return of("GET", QStringLiteral("/branches/{branch}"), {branch});
}

GitHubRequest GitHubRequests::protectedBranches() const
{
    GitHubRequest request = of("GET", QStringLiteral("/branches"));
    request.query = queryOf({{QStringLiteral("protected"), QStringLiteral("true")}});
    return inPages(std::move(request));
}

GitHubRequest GitHubRequests::branchRules(const QString &branch) const
{
    return inPages(of("GET", QStringLiteral("/rules/branches/{branch}"), {branch}));
}

GitHubRequest GitHubRequests::requiredStatusChecks(const QString &branch) const
{
    return of("GET", QStringLiteral("/branches/{branch}/protection/required_status_checks"), {branch});
}

GitHubRequest GitHubRequests::ref(const QString &branch) const
{
    return of("GET", QStringLiteral("/git/ref/{ref}"), {QStringLiteral("heads/") + branch});
}

GitHubRequest GitHubRequests::pullsFrom(const QString &branch) const
{
    GitHubRequest request = of("GET", QStringLiteral("/pulls"));
    request.query = queryOf({{QStringLiteral("head"), m_owner + QLatin1Char(':') + branch},
                             {QStringLiteral("state"), QStringLiteral("all")},
                             {QStringLiteral("sort"), QStringLiteral("created")},
                             {QStringLiteral("direction"), QStringLiteral("desc")}});
    return inPages(std::move(request));
}

GitHubRequest GitHubRequests::createPull(const PullRequest &pull, const QString &body, bool draft) const
{
    GitHubRequest request = of("POST", QStringLiteral("/pulls"));
    request.body = QJsonObject{{QStringLiteral("title"), beginning(pull.title, mostTitle)},
                               {QStringLiteral("head"), pull.branch},
                               {QStringLiteral("base"), pull.base},
                               {QStringLiteral("body"), fitted(body)},
                               {QStringLiteral("draft"), draft}};
    return request;
}

GitHubRequest GitHubRequests::describePull(int number, const QString &body) const
{
    GitHubRequest request = of("PATCH", QStringLiteral("/pulls/{pull_number}"), {QString::number(number)});
    request.body = QJsonObject{{QStringLiteral("body"), fitted(body)}};
    return request;
}

GitHubRequest GitHubRequests::checkRuns(const CommitId &commit) const
{
    return inPages(of("GET", QStringLiteral("/commits/{ref}/check-runs"), {commit}));
}

GitHubRequest GitHubRequests::statuses(const CommitId &commit) const
{
    return inPages(of("GET", QStringLiteral("/commits/{ref}/statuses"), {commit}));
}

GitHubRequest GitHubRequests::checkRun(qint64 id) const
{
    return of("GET", QStringLiteral("/check-runs/{check_run_id}"), {number(id)});
}

GitHubRequest GitHubRequests::annotations(qint64 checkRun) const
{
    return inPages(of("GET", QStringLiteral("/check-runs/{check_run_id}/annotations"), {number(checkRun)}));
}

GitHubRequest GitHubRequests::job(qint64 id) const
{
    return of("GET", QStringLiteral("/actions/jobs/{job_id}"), {number(id)});
}

GitHubRequest GitHubRequests::jobLog(qint64 id) const
{
    return of("GET", QStringLiteral("/actions/jobs/{job_id}/logs"), {number(id)});
}

GitHubRequest GitHubRequests::rerunJob(qint64 id) const
{
    return of("POST", QStringLiteral("/actions/jobs/{job_id}/rerun"), {number(id)});
}

GitHubRequest GitHubRequests::rerequestCheckRun(qint64 id) const
{
    return of("POST", QStringLiteral("/check-runs/{check_run_id}/rerequest"), {number(id)});
}

GitHubRequest GitHubRequests::cancelRun(qint64 id) const
{
    return of("POST", QStringLiteral("/actions/runs/{run_id}/cancel"), {number(id)});
}

GitHubRequest GitHubRequests::app(const QString &slug) const
{
    return {"GET", QStringLiteral("/apps/{app_slug}"), {slug}};
}

} // namespace openfactory
