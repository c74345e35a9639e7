// SPDX-License-Identifier: Apache-2.0
/// Every request that the adapter can send, for a server that holds them against GitHub's description.
///   githubprism list        "METHOD /pattern", one a line
///   githubprism send URL    sends them to the server there; 0 where all were accepted, and one that is wrong was not
#include "core/base/text.h"
#include "core/forge/githubapi.h"

#include <QCoreApplication>
#include <QTextStream>

using namespace openfactory;

namespace {

std::vector<GitHubRequest> everyRequest(const GitHubAddress &address)
{
    const GitHubRequests requests(address);
    const CommitId commit(40, QLatin1Char('c'));
    const QString branch = QStringLiteral("factory/one");
    PullRequest pull;
    pull.branch = branch;
    pull.base = QStringLiteral("main");
    pull.title = QStringLiteral("Add a thing ✓");
    return {requests.repository(),
            requests.branch(branch),
            requests.protectedBranches(),
            requests.branchRules(branch),
            requests.requiredStatusChecks(branch),
            requests.ref(branch),
            requests.pullsFrom(branch),
            requests.createPull(pull, QStringLiteral("body"), true),
            requests.describePull(1, QStringLiteral("body")),
            requests.checkRuns(commit),
            requests.statuses(commit),
            requests.checkRun(7),
            requests.annotations(7),
            requests.job(7),
            requests.jobLog(7),
            requests.rerunJob(7),
            requests.rerequestCheckRun(7),
            requests.cancelRun(70),
            requests.app(QStringLiteral("github-actions"))};
}

int sendAll(const QString &server, QTextStream &out)
{
    const auto address = githubAddress(QStringLiteral("https://github.com/octo/widgets"), server);
    if (!address) {
        out << toText(address.error()) << Qt::endl;
        return 2;
    }
    HttpClient http;
    GitHubMemory memory;
    const SystemClock clock;
    GitHubApi api(*address, [] { return Result<QByteArray>("ghp_test"); }, http, memory, clock);
    std::set<int> every;
    for (int status = 300; status < 600; ++status)
        every.insert(status);
    int refused = 0;
    const auto send = [&](const GitHubRequest &request, bool isWrong) {
        const auto answer = api.send(request, {}, every);
        const int status = answer ? answer->status : 0;
        // 302 is what the description has for a log.
        const bool isFine = isWrong ? status == 422 : (status >= 200 && status <= 204) || status == 302;
        refused += isFine ? 0 : 1;
        out << (isFine ? "ok   " : "FAIL ") << status << ' ' << (isWrong ? "(wrong) " : "") << request.text()
            << Qt::endl;
        if (!answer)
            out << "     " << toText(answer.error()) << Qt::endl;
        else if (!isFine)
            out << "     " << displayable(QString::fromUtf8(answer->body.toJson().left(2000))) << Qt::endl;
    };
    for (const GitHubRequest &request : everyRequest(*address))
        send(request, false);
    // The server looks at all: at bodies and at queries.
    GitHubRequest wrong = GitHubRequests(*address).createPull({}, {}, true);
    wrong.body = QJsonObject{{QStringLiteral("title"), QStringLiteral("no head, no base")}};
    send(wrong, true);
    wrong = GitHubRequests(*address).pullsFrom(QStringLiteral("factory/one"));
    wrong.query.removeQueryItem(QStringLiteral("state"));
    wrong.query.addQueryItem(QStringLiteral("state"), QStringLiteral("every"));
    send(wrong, true);
    return refused == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    QTextStream out(stdout);
    if (arguments.value(1) == QStringLiteral("send"))
        return sendAll(arguments.value(2), out);
    for (const GitHubRequest &request : everyRequest(*githubAddress(QStringLiteral("git@github.com:octo/widgets"))))
        out << request.text() << Qt::endl;
    return 0;
}
