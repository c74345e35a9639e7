// SPDX-License-Identifier: Apache-2.0
// The part of GitHubForge that reads checks and has them run again.
#include "core/base/text.h"
#include "core/forge/githubforge.h"
#include "core/forge/githublog.h"

#include <map>

namespace openfactory {

using namespace github;

namespace {

constexpr int mostCheckPages = 50;     ///< of 100
constexpr int mostAnnotationPages = 5; ///< of 100
const QString actions = QStringLiteral("github-actions");

constexpr Milliseconds usualPoll{10'000};
constexpr Milliseconds sparingPoll{60'000};
constexpr int fewRequests = 500; ///< of the 5000 that an hour has

Result<CheckId> idOf(const Check &check, const QString &doing)
{
    const auto id = checkIdFrom(check.id);
    if (!id)
        return fail(ErrorKind::Invalid, doing,
                    QStringLiteral("\"%1\" is no check of GitHub").arg(displayable(check.id.left(100))));
    return *id;
}

/// Reads the end of a text that is there already.
CheckEvidence endOf(const QString &text, qint64 mostBytes)
{
    LogEnd log(mostBytes);
    log.add(text.toUtf8());
    CheckEvidence evidence;
    evidence.log = log.take();
    evidence.cut = log.cut();
    return evidence;
}

} // namespace

Result<std::vector<CheckRunFacts>> GitHubForge::checkRuns(const CommitId &commit, const std::stop_token &stop)
{
    std::map<qint64, CheckRunFacts> runs; // by id; what is read later is newer
    qint64 total = 0;
    OF_CHECK(m_api.pages(m_requests.checkRuns(commit), mostCheckPages, stop,
                         [&](const QJsonDocument &answer) -> Result<bool> {
                             OF_TRY(page, checkRunsFrom(answer));
                             total = page.total;
                             for (CheckRunFacts &run : page.runs)
                                 runs.insert_or_assign(run.id, std::move(run));
                             return true;
                         }));
    // The one that decides may be among those that we did not get.
    if (qint64(runs.size()) < total)
        return fail(ErrorKind::Unavailable, m_requests.checkRuns(commit).text(),
                    QStringLiteral("the list has %1 of %2 check runs; it changed while it was read")
                        .arg(runs.size())
                        .arg(total));
    std::vector<CheckRunFacts> listed;
    for (auto &[id, run] : runs) {
        if (run.check.commit == commit && run.check.name.size() <= 1000)
            listed.push_back(std::move(run));
    }
    return listed;
}

Result<std::vector<Check>> GitHubForge::statuses(const CommitId &commit, const std::stop_token &stop)
{
    std::map<std::pair<QString, QString>, StatusFacts> newest;
    OF_CHECK(m_api.pages(m_requests.statuses(commit), mostCheckPages, stop,
                         [&](const QJsonDocument &answer) -> Result<bool> {
                             OF_TRY(page, statusesFrom(answer, commit));
                             for (StatusFacts &status : page) {
                                 StatusFacts &known = newest[{status.check.name, status.check.app}];
                                 const auto numberOf = [](const StatusFacts &one) {
                                     return checkIdFrom(one.check.id).value_or(CheckId{}).number;
                                 };
                                 if (numberOf(status) > numberOf(known))
                                     known = std::move(status);
                             }
                             return true;
                         }));
    std::vector<Check> checks;
    for (auto &[key, status] : newest) {
        if (status.check.name.size() > 1000)
            continue;
        OF_TRY(app, appOf(status, stop));
        status.check.app = app;
        checks.push_back(std::move(status.check));
    }
    return checks;
}

/// A rule names the app that has to report by its number, a status only by the name of its bot.
Result<QString> GitHubForge::appOf(const StatusFacts &status, const std::stop_token &stop)
{
    if (status.bot.isEmpty())
        return status.check.app;
    OF_TRY(answer, m_api.send(m_requests.app(status.bot), stop, {403, 404}));
    if (answer.status != 200)
        return status.check.app;
    OF_TRY(id, appIdFrom(answer.body));
    return QString::number(id);
}

Result<std::vector<Check>> GitHubForge::checks(const CommitId &commit, const std::stop_token &stop)
{
    if (!isCommit(commit))
        return fail(ErrorKind::Invalid, QStringLiteral("read the checks"), QStringLiteral("no commit is named"));
    OF_TRY(runs, checkRuns(commit, stop));
    // Numbers only grow, times may be missing or out of order: the newest run is the one with the highest number.
    std::map<std::pair<QString, QString>, Check> newest;
    for (CheckRunFacts &run : runs)
        newest[{run.check.name, run.check.app}] = std::move(run.check);
    OF_TRY(checks, statuses(commit, stop));
    for (auto &[key, check] : newest)
        checks.push_back(std::move(check));
    return checks;
}

Result<CheckRunFacts> GitHubForge::runOf(const Check &check, const std::stop_token &stop)
{
    OF_TRY(id, idOf(check, QStringLiteral("read a check")));
    OF_TRY(answer, m_api.send(m_requests.checkRun(id.number), stop));
    OF_TRY(run, checkRunFrom(answer.body));
    if (run.id != id.number || run.check.commit != check.commit)
        return fail(ErrorKind::Conflict, QStringLiteral("read a check"),
                    QStringLiteral("%1 is of another commit").arg(displayable(check.id)));
    return run;
}

/// The job of GitHub Actions behind a check run; nothing where another app reported it.
Result<std::optional<JobFacts>> GitHubForge::jobOf(const CheckRunFacts &run, const std::stop_token &stop)
{
    if (run.appSlug != actions)
        return std::nullopt;
    OF_TRY(answer, m_api.send(m_requests.job(run.id), stop, {404}));
    if (answer.status == 404)
        return std::nullopt;
    OF_TRY(job, jobFrom(answer.body));
    return job.checkRun == run.id ? std::optional(job) : std::nullopt;
}

Result<std::vector<Finding>> GitHubForge::annotations(const CheckRunFacts &run, const std::stop_token &stop)
{
    std::vector<Finding> findings;
    if (run.annotations == 0)
        return findings;
    int pages = 0;
    OF_CHECK(m_api.pages(m_requests.annotations(run.id), mostAnnotationPages + 1, stop,
                         [&](const QJsonDocument &answer) -> Result<bool> {
                             OF_TRY(page, annotationsFrom(answer, run.check.name));
                             std::ranges::move(page, std::back_inserter(findings));
                             return ++pages < mostAnnotationPages;
                         }));
    return findings;
}

Result<CheckEvidence> GitHubForge::evidence(const Check &check, qint64 mostBytes, const std::stop_token &stop)
{
    OF_TRY(id, idOf(check, QStringLiteral("read the evidence of a check")));
    if (!id.isRun)
        return endOf(check.summary, mostBytes); // a status has nothing else
    OF_TRY(run, runOf(check, stop));
    OF_TRY(job, jobOf(run, stop));
    OF_TRY(findings, annotations(run, stop));
    CheckEvidence evidence = endOf(run.title + QLatin1Char('\n') + run.text, mostBytes);
    evidence.annotations = std::move(findings);
    if (!job)
        return evidence;
    GitHubLog log(mostBytes);
    const auto loaded = m_api.download(
        m_requests.jobLog(job->id), [&log](const QByteArray &piece) { return log.add(piece); }, stop);
    if (!loaded && loaded.error().kind == ErrorKind::NotFound)
        return evidence; // logs are kept for a while only
    OF_CHECK(loaded);
    OF_CHECK(log.finish());
    evidence.log = log.take();
    evidence.cut = log.cut();
    return evidence;
}

/// Whether a newer run of the same check is there.
Result<bool> GitHubForge::wasRunAgain(const CheckRunFacts &run, const std::stop_token &stop)
{
    OF_TRY(runs, checkRuns(run.check.commit, stop));
    return std::ranges::any_of(runs, [&](const CheckRunFacts &other) {
        return other.id > run.id && other.check.name == run.check.name && other.check.app == run.check.app;
    });
}

Result<void> GitHubForge::rerun(const Check &check, const std::stop_token &stop)
{
    const QString doing = QStringLiteral("run the check %1 again").arg(displayable(check.name.left(100)));
    OF_TRY(id, idOf(check, doing));
    if (!id.isRun)
        return fail(ErrorKind::Unsupported, doing, QStringLiteral("a commit status cannot be asked for again"),
                    QStringLiteral("start it where it is made, or push a commit"));
    OF_TRY(run, runOf(check, stop));
    OF_TRY(again, wasRunAgain(run, stop));
    if (again || run.check.status != CheckStatus::Completed)
        return {}; // an earlier call was heard
    OF_TRY(job, jobOf(run, stop));
    OF_CHECK(m_api.send(job ? m_requests.rerunJob(job->id) : m_requests.rerequestCheckRun(run.id), stop));
    return {};
}

Result<void> GitHubForge::cancel(const Check &check, const std::stop_token &stop)
{
    const QString doing = QStringLiteral("cancel the check %1").arg(displayable(check.name.left(100)));
    OF_TRY(id, idOf(check, doing));
    if (!id.isRun)
        return fail(ErrorKind::Unsupported, doing, QStringLiteral("a commit status cannot be cancelled"));
    OF_TRY(run, runOf(check, stop));
    if (run.check.status == CheckStatus::Completed)
        return {};
    OF_TRY(job, jobOf(run, stop));
    if (!job)
        return fail(ErrorKind::Unsupported, doing, QStringLiteral("only runs of GitHub Actions can be cancelled"),
                    QStringLiteral("cancel it where it runs"));
    OF_CHECK(m_api.send(m_requests.cancelRun(job->run), stop, {409})); // 409: it has ended meanwhile
    return {};
}

std::chrono::milliseconds GitHubForge::pollAfter() const
{
    const auto requests = m_api.requests();
    const bool isScarce = requests && requests->remaining < fewRequests;
    return std::max(m_api.limitedFor(), isScarce ? sparingPoll : usualPoll);
}

} // namespace openfactory
