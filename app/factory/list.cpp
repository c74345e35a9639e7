// SPDX-License-Identifier: Apache-2.0
#include "app/factory/commands.h"
#include "app/factory/session.h"
#include "app/factory/terminal.h"
#include "core/base/text.h"
#include "core/domain/searchterms.h"
#include "core/engine/mirror.h"

#include <QFileInfo>
#include <QJsonArray>

namespace openfactory::cli {

namespace {

int sayJobs(Session &session, const std::vector<Job> &jobs, const QString &ifNone)
{
    if (session.json()) {
        QJsonArray list;
        for (const auto &job : jobs)
            list.append(taskJson(session.store(), job, {}));
        session.say(QJsonObject{{QStringLiteral("jobs"), list}});
        return Ok;
    }
    if (jobs.empty()) {
        session.say(ifNone);
        return Ok;
    }
    std::vector<QStringList> rows{{QStringLiteral("slug"), QStringLiteral("prio"), QStringLiteral("status"),
                                   QStringLiteral("state"), QStringLiteral("updated"), QStringLiteral("what")}};
    const qint64 now = session.ports().clock->wallMs();
    for (const auto &job : jobs) {
        const QString what = waitsFor(session.store(), job);
        rows.push_back({job.slug().text(), toName(job.wishes.priority), toName(coarseStatus(job)),
                        (interrupted(session.store(), job) ? QStringLiteral("interrupted") : toName(job.progress.state))
                            + (job.wishes.paused ? QStringLiteral(", paused") : QString()),
                        agoText(job.updatedMs, now),
                        (!what.isEmpty()               ? what
                         : job.progress.note.isEmpty() ? job.identity.title
                                                       : job.progress.note)
                            .left(100)});
    }
    session.table(rows, true);
    return Ok;
}

} // namespace

int listJobs(Session &session, const Arguments &arguments)
{
    JobFilter filter;
    if (arguments.has(QStringLiteral("priority")))
        filter.priority = priorityFrom(arguments.value(QStringLiteral("priority")));
    if (arguments.has(QStringLiteral("status")))
        filter.status = coarseStatusFrom(arguments.value(QStringLiteral("status")));
    filter.archived = arguments.has(QStringLiteral("archived"));
    filter.limit = 100;
    if (arguments.has(QStringLiteral("limit"))) {
        bool ok = false;
        filter.limit = arguments.value(QStringLiteral("limit")).toInt(&ok);
        if (!ok || filter.limit < 1)
            return session.refuse(Error{
                ErrorKind::Invalid, QStringLiteral("list jobs"), QStringLiteral("--limit takes a number from 1"), {}});
    }
    if (!arguments.has(QStringLiteral("all"))) {
        const auto root = session.repository(arguments);
        if (root)
            filter.repository = *root; // outside of any repository: all of them
        else if (arguments.has(QStringLiteral("repo")))
            return session.refuse(root.error());
    }
    const auto jobs = session.store().jobs(filter);
    if (!jobs)
        return session.refuse(jobs.error());
    QString ifNone = filter.priority || filter.status
                         ? QStringLiteral("No job matches.")
                         : QStringLiteral(
                               "No jobs yet. Make one: factory new -s my-feature, or see it work: factory smoke");
    if (jobs->empty() && !filter.repository.isEmpty()) {
        JobFilter anywhere = filter;
        anywhere.repository.clear();
        anywhere.limit = 1;
        const auto others = session.store().jobs(anywhere);
        if (others && !others->empty())
            ifNone = QStringLiteral(
                         "No job of %1. There are jobs of other repositories, such as %2: factory list --all")
                         .arg(displayable(filter.repository), displayable(others->front().identity.repository));
    }
    return sayJobs(session, *jobs, ifNone);
}

int searchJobs(Session &session, const Arguments &arguments)
{
    const QString typed = arguments.words().join(u' ');
    const auto refuse = [&](const QString &said, const QString &hint) {
        return session.refuse(Error{ErrorKind::Invalid, QStringLiteral("search"), said, hint});
    };
    if (searchTerms(typed).isEmpty())
        return refuse(QStringLiteral("no word to look for was given"), QStringLiteral("factory search WORDS"));
    int most = 50;
    if (arguments.has(QStringLiteral("limit"))) {
        bool ok = false;
        most = arguments.value(QStringLiteral("limit")).toInt(&ok);
        if (!ok || most < 1)
            return refuse(QStringLiteral("--limit takes a number from 1"), {});
    }
    const auto jobs = session.store().search(typed, most);
    if (!jobs)
        return session.refuse(jobs.error());
    return sayJobs(session, *jobs, QStringLiteral("No job matches."));
}

int watchdog(Session &session, const Arguments &)
{
    int troubles = 0;
    QJsonArray list;
    const auto trouble = [&](const QString &slug, const QString &what, const QString &cure) {
        ++troubles;
        list.append(
            QJsonObject{{QStringLiteral("job"), slug}, {QStringLiteral("what"), what}, {QStringLiteral("cure"), cure}});
        session.say(QStringLiteral("%1: %2\n  %3").arg(slug, displayable(what), cure));
    };
    const auto orphans = session.store().orphans();
    if (!orphans)
        return session.refuse(orphans.error());
    for (const auto &id : *orphans) {
        if (const auto job = session.store().job(id))
            trouble(job->slug().text(), QStringLiteral("its process died"),
                    QStringLiteral("factory run -s %1, or any worker, goes on with it").arg(job->slug().text()));
    }
    const qint64 now = session.ports().clock->wallMs();
    constexpr qint64 kLongMs = 24LL * 3600 * 1000;
    for (const JobState state : {JobState::Waiting, JobState::Created}) {
        JobFilter filter;
        filter.state = state;
        const auto jobs = session.store().jobs(filter);
        if (!jobs)
            return session.refuse(jobs.error());
        for (const auto &job : *jobs) {
            for (const JobId &id : job.identity.dependsOn) {
                if (const auto other = session.store().job(id);
                    other && isEnded(other->progress.state) && other->progress.state != JobState::Done)
                    trouble(job.slug().text(),
                            QStringLiteral("comes after %1, which is %2")
                                .arg(other->slug().text(), toName(other->progress.state)),
                            QStringLiteral("factory cancel -s %1, or make it again without --after")
                                .arg(job.slug().text()));
            }
            // The engine writes why it paused a job in both places; a person's reason is the wish's alone.
            const QString &reason = job.wishes.pauseReason;
            if (job.wishes.paused && !reason.isEmpty() && reason == job.progress.note)
                trouble(job.slug().text(), QStringLiteral("paused by the engine: %1").arg(reason),
                        QStringLiteral("put that right, then factory resume -s %1").arg(job.slug().text()));
            const qint64 since = state == JobState::Waiting ? job.progress.wait.sinceMs : job.updatedMs;
            if (job.wishes.paused || now - since < kLongMs)
                continue;
            trouble(
                job.slug().text(),
                state == JobState::Waiting
                    ? QStringLiteral("waits since %1 for %2").arg(agoText(since, now), waitsFor(session.store(), job))
                    : QStringLiteral("is queued since %1").arg(agoText(since, now)),
                QStringLiteral("factory show -s %1").arg(job.slug().text()));
        }
    }
    const auto audit = session.store().verifyAudit();
    if (audit && !audit->sound)
        trouble(QStringLiteral("audit log"),
                QStringLiteral("broken at entry %1: %2").arg(audit->firstBad).arg(audit->said),
                QStringLiteral("factory audit verify"));
    if (session.json())
        session.say(QJsonObject{{QStringLiteral("troubles"), list}});
    if (troubles == 0)
        session.say(QStringLiteral("nothing needs a look"));
    return troubles > 0 ? JobFailed : Ok;
}

} // namespace openfactory::cli
