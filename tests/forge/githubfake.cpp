// SPDX-License-Identifier: Apache-2.0
#include "tests/forge/githubfake.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QUrl>
#include <QUrlQuery>

#include <algorithm>

namespace openfactory {

namespace {

FakeReply json(const QJsonValue &value, int status = 200)
{
    FakeReply reply;
    reply.status = status;
    reply.headers = {{"Content-Type", "application/json; charset=utf-8"}};
    reply.body = value.isArray() ? QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact)
                                 : QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact);
    return reply;
}

FakeReply said(int status, const QString &message)
{
    return json(QJsonObject{{QStringLiteral("message"), message}}, status);
}

FakeReply notFound()
{
    return said(404, QStringLiteral("Not Found"));
}

QJsonArray toArray(const std::vector<QJsonObject> &objects)
{
    QJsonArray array;
    for (const QJsonObject &object : objects)
        array += object;
    return array;
}

} // namespace

GitHubFake::GitHubFake()
    : m_storage([this](const FakeRequest &request) {
          const std::lock_guard held(m_lock);
          const auto at = m_state.logs.find(request.path().split('/').last().toLongLong());
          return at == m_state.logs.end() ? FakeReply{.status = 404} : FakeReply{.body = at->second};
      }),
      m_api([this](const FakeRequest &request) { return answer(request); })
{}

void GitHubFake::fault(GitHubFault fault)
{
    with([&](GitHubState &state) { state.faults.push_back(std::move(fault)); });
}

int GitHubFake::count(const QByteArray &method, const QByteArray &part) const
{
    const auto all = requests();
    return int(std::ranges::count_if(
        all, [&](const FakeRequest &request) { return request.method == method && request.target.contains(part); }));
}

FakeReply GitHubFake::answer(const FakeRequest &request)
{
    const std::lock_guard held(m_lock);
    GitHubFault *broken = nullptr;
    for (GitHubFault &fault : m_state.faults) {
        if (!broken && fault.times > 0 && request.method == fault.method && request.target.contains(fault.part))
            broken = &fault;
    }
    if (broken)
        --broken->times;
    if (broken && !broken->afterEffect)
        return broken->reply;
    if (request.headers["authorization"] != "Bearer ghp_secretOfTheTest")
        return said(401, QStringLiteral("Bad credentials"));

    QStringList path;
    for (const QByteArray &segment : request.path().split('/').sliced(1))
        path += QUrl::fromPercentEncoding(segment);
    QMap<QString, QString> query;
    const QUrlQuery items(QString::fromLatin1(request.target.mid(request.path().size() + 1)));
    for (const auto &[name, value] : items.queryItems(QUrl::FullyDecoded))
        query[name] = value;
    // /api/v3/repos/octo/widgets/...
    if (path.value(2) == QStringLiteral("apps")) {
        const auto app = m_state.apps.find(path.value(3));
        return app == m_state.apps.end() ? notFound() : json(QJsonObject{{QStringLiteral("id"), app->second}});
    }
    const bool ours = path.mid(0, 5).join(QLatin1Char('/')) == QStringLiteral("api/v3/repos/octo/widgets");
    FakeReply reply = ours && m_state.visible ? route(request, path.mid(5), query) : notFound();
    if (!m_state.scopes.isEmpty())
        reply.headers.emplace_back("X-OAuth-Scopes", m_state.scopes);
    if (m_state.tags && reply.status == 200 && request.method == "GET") {
        const QByteArray tag = "W/\"" + QCryptographicHash::hash(reply.body, QCryptographicHash::Sha1).toHex() + '"';
        reply.headers.emplace_back("ETag", tag);
        if (request.headers["if-none-match"] == tag)
            reply = {.status = 304, .headers = {{"ETag", tag}}};
    }
    return broken ? broken->reply : reply;
}

FakeReply GitHubFake::route(const FakeRequest &request, const QStringList &path, const QMap<QString, QString> &query)
{
    const QByteArray method = request.method;
    const QString first = path.value(0);
    if (path.isEmpty())
        return json(
            QJsonObject{{QStringLiteral("default_branch"), m_state.defaultBranch},
                        {QStringLiteral("permissions"), QJsonObject{{QStringLiteral("push"), m_state.canPush}}}});
    if (method == "GET" && first == QStringLiteral("branches") && path.size() == 1) {
        QJsonArray all;
        for (const QString &name : m_state.protectedBranches)
            all += QJsonObject{{QStringLiteral("name"), name}};
        return page(all, request, query);
    }
    if (method == "GET" && first == QStringLiteral("branches") && path.size() == 2)
        return branchReply(path[1]);
    if (method == "GET" && first == QStringLiteral("branches"))
        return {.status = m_state.classicStatus, .body = m_state.classic};
    if (method == "GET" && first == QStringLiteral("rules"))
        return m_state.rulesStatus == 200 ? page(m_state.rules, request, query)
                                          : said(m_state.rulesStatus, QStringLiteral("Not Found"));
    if (method == "GET" && first == QStringLiteral("git")) {
        const QString branch = path.value(2).mid(6);
        const auto at = m_state.branches.find(branch);
        if (at == m_state.branches.end())
            return notFound();
        return json(
            QJsonObject{{QStringLiteral("ref"), QString(QStringLiteral("refs/heads/") + branch)},
                        {QStringLiteral("object"), QJsonObject{{QStringLiteral("type"), QStringLiteral("commit")},
                                                               {QStringLiteral("sha"), at->second}}}});
    }
    if (first == QStringLiteral("pulls") && method == "POST")
        return openPull(QJsonDocument::fromJson(request.body).object());
    if (first == QStringLiteral("pulls") && method == "GET") {
        QJsonArray all;
        for (auto pull = m_state.pulls.rbegin(); pull != m_state.pulls.rend(); ++pull) {
            if (m_state.listsPulls
                && (m_state.ignoresHead || query[QStringLiteral("head")].endsWith(QLatin1Char(':') + pull->branch)))
                all += toJson(*pull);
        }
        return page(all, request, query);
    }
    if (first == QStringLiteral("pulls") && method == "PATCH") {
        for (GitHubPull &pull : m_state.pulls) {
            if (pull.number == path.value(1).toInt()) {
                pull.body = QJsonDocument::fromJson(request.body)[u"body"].toString();
                return json(toJson(pull));
            }
        }
        return notFound();
    }
    return routeChecks(request, path, query);
}

FakeReply GitHubFake::routeChecks(const FakeRequest &request, const QStringList &path,
                                  const QMap<QString, QString> &query)
{
    const QString first = path.value(0);
    const QString last = path.last();
    const qint64 id = path.value(first == QStringLiteral("actions") ? 2 : 1).toLongLong();
    const auto run = std::ranges::find_if(
        m_state.runs, [&](const QJsonObject &one) { return one[QStringLiteral("id")].toInteger() == id; });
    if (first == QStringLiteral("commits") && last == QStringLiteral("check-runs"))
        return page(toArray(m_state.runs), request, query, QStringLiteral("check_runs"));
    if (first == QStringLiteral("commits") && last == QStringLiteral("statuses"))
        return page(toArray(m_state.statuses), request, query);
    if (first == QStringLiteral("check-runs") && last == QStringLiteral("annotations"))
        return page(m_state.annotations[id], request, query);
    if (first == QStringLiteral("check-runs") && last == QStringLiteral("rerequest"))
        return run == m_state.runs.end() ? notFound() : json(QJsonObject(), 201);
    if (first == QStringLiteral("check-runs"))
        return run == m_state.runs.end() ? notFound() : json(*run);
    if (first != QStringLiteral("actions"))
        return notFound();
    if (last == QStringLiteral("cancel"))
        return json(QJsonObject(), 202);
    if (!m_state.jobs.contains(id))
        return notFound();
    if (last == QStringLiteral("rerun"))
        return json(QJsonObject(), 201);
    if (last == QStringLiteral("logs"))
        return {.status = 302,
                .headers = {{"Location", m_state.logPlace.isEmpty() ? m_storage.address().toLatin1() + "/logs/"
                                                                          + QByteArray::number(id) + "?signature=hush"
                                                                    : m_state.logPlace}}};
    return json(m_state.jobs[id]);
}

FakeReply GitHubFake::branchReply(const QString &name) const
{
    const auto at = m_state.branches.find(name);
    if (at == m_state.branches.end())
        return said(404, QStringLiteral("Branch not found"));
    QJsonObject branch{{QStringLiteral("name"), name},
                       {QStringLiteral("commit"), QJsonObject{{QStringLiteral("sha"), at->second}}},
                       {QStringLiteral("protected"), m_state.protectedBranches.contains(name)}};
    if (m_state.protectedBranches.contains(name) && !m_state.summary.isEmpty())
        branch[QStringLiteral("protection")] = QJsonObject{{QStringLiteral("required_status_checks"), m_state.summary}};
    return json(branch);
}

FakeReply GitHubFake::openPull(const QJsonObject &wanted)
{
    const QString branch = wanted[QStringLiteral("head")].toString();
    const QString base = wanted[QStringLiteral("base")].toString();
    const auto invalid = [](const QString &message) {
        return json(
            QJsonObject{{QStringLiteral("message"), QStringLiteral("Validation Failed")},
                        {QStringLiteral("errors"), QJsonArray{QJsonObject{{QStringLiteral("message"), message}}}}},
            422);
    };
    if (wanted[QStringLiteral("draft")].toBool() && !m_state.drafts)
        return json(QJsonObject{{QStringLiteral("message"),
                                 QStringLiteral("Draft pull requests are not supported in this repository.")}},
                    422);
    for (const GitHubPull &pull : m_state.pulls) {
        if (pull.open && pull.branch == branch && pull.base == base)
            return invalid(QStringLiteral("A pull request already exists for octo:%1.").arg(branch));
    }
    if (!m_state.branches.contains(branch))
        return invalid(QStringLiteral("head is invalid"));
    GitHubPull pull{int(m_state.pulls.size()) + 1, branch, base, m_state.branches[branch]};
    pull.draft = wanted[QStringLiteral("draft")].toBool();
    pull.title = wanted[QStringLiteral("title")].toString();
    pull.body = wanted[QStringLiteral("body")].toString();
    m_state.pulls.push_back(pull);
    return json(toJson(pull), 201);
}

FakeReply GitHubFake::page(const QJsonArray &all, const FakeRequest &request, const QMap<QString, QString> &query,
                           const QString &key) const
{
    const int size = query.value(QStringLiteral("per_page"), QStringLiteral("30")).toInt();
    const int number = query.value(QStringLiteral("page"), QStringLiteral("1")).toInt();
    QJsonArray some;
    for (qsizetype i = qsizetype(number - 1) * size; i < std::min(all.size(), qsizetype(number) * size); ++i)
        some += all[i];
    FakeReply reply = key.isEmpty() ? json(some)
                                    : json(QJsonObject{{QStringLiteral("total_count"), all.size()}, {key, some}});
    // As GitHub does: the address of the next page names the repository by its number.
    if (qsizetype(number) * size < all.size())
        reply.headers.emplace_back("Link",
                                   "<" + m_api.address().toLatin1() + "/repositories/7/x?per_page="
                                       + QByteArray::number(size) + "&page=" + QByteArray::number(number + 1)
                                       + ">; rel=\"next\", <https://elsewhere.invalid/x?page=99>; rel=\"last\"");
    Q_UNUSED(request)
    return reply;
}

QJsonObject GitHubFake::toJson(const GitHubPull &pull) const
{
    const QJsonValue repository = pull.repository.isEmpty()
                                      ? QJsonValue(QJsonValue::Null)
                                      : QJsonValue(QJsonObject{{QStringLiteral("full_name"), pull.repository}});
    return {{QStringLiteral("number"), pull.number},
            {QStringLiteral("state"), pull.open ? QStringLiteral("open") : QStringLiteral("closed")},
            {QStringLiteral("title"), pull.title},
            {QStringLiteral("draft"), pull.draft},
            {QStringLiteral("html_url"), QStringLiteral("https://github.com/octo/widgets/pull/%1").arg(pull.number)},
            {QStringLiteral("merged_at"),
             pull.merged ? QJsonValue(QStringLiteral("2026-01-01T00:00:00Z")) : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("head"), QJsonObject{{QStringLiteral("ref"), pull.branch},
                                                 {QStringLiteral("sha"), pull.head},
                                                 {QStringLiteral("repo"), repository}}},
            {QStringLiteral("base"), QJsonObject{{QStringLiteral("ref"), pull.base}}}};
}

QJsonObject GitHubFake::run(qint64 id, const QString &name, const QString &commit, const QString &status,
                            const QString &conclusion, int app)
{
    return {
        {QStringLiteral("id"), id},
        {QStringLiteral("name"), name},
        {QStringLiteral("head_sha"), commit},
        {QStringLiteral("status"), status},
        {QStringLiteral("conclusion"), conclusion.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(conclusion)},
        {QStringLiteral("started_at"), QStringLiteral("2026-01-01T00:00:00Z")},
        {QStringLiteral("completed_at"), QJsonValue(QJsonValue::Null)},
        {QStringLiteral("html_url"), QStringLiteral("https://github.com/octo/widgets/runs/%1").arg(id)},
        {QStringLiteral("output"), QJsonObject{{QStringLiteral("title"), QStringLiteral("the title")},
                                               {QStringLiteral("summary"), QStringLiteral("the summary")},
                                               {QStringLiteral("text"), QJsonValue(QJsonValue::Null)},
                                               {QStringLiteral("annotations_count"), 0}}},
        {QStringLiteral("app"), QJsonObject{{QStringLiteral("id"), app},
                                            {QStringLiteral("slug"), app == 15368 ? QStringLiteral("github-actions")
                                                                                  : QStringLiteral("other-ci")}}}};
}

QJsonObject GitHubFake::status(qint64 id, const QString &context, const QString &state, const QString &login)
{
    return {{QStringLiteral("id"), id},
            {QStringLiteral("context"), context},
            {QStringLiteral("state"), state},
            {QStringLiteral("description"), QStringLiteral("what it says")},
            {QStringLiteral("target_url"), QStringLiteral("https://ci.example.invalid/%1").arg(id)},
            {QStringLiteral("created_at"), QStringLiteral("2026-01-01T00:00:00Z")},
            {QStringLiteral("updated_at"), QStringLiteral("2026-01-01T00:00:00Z")},
            {QStringLiteral("creator"), QJsonObject{{QStringLiteral("login"), login}}}};
}

QJsonObject GitHubFake::job(qint64 id, qint64 run)
{
    return {{QStringLiteral("id"), id},
            {QStringLiteral("run_id"), run},
            {QStringLiteral("check_run_url"),
             QStringLiteral("https://api.github.com/repos/octo/widgets/check-runs/%1").arg(id)}};
}

} // namespace openfactory
