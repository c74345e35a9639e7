// SPDX-License-Identifier: Apache-2.0
#include "app/factory/foreground.h"

#include "app/factory/livetable.h"
#include "core/base/text.h"
#include "core/engine/auditwitness.h"
#include "core/engine/enginethread.h"
#include "core/engine/mirror.h"
#include "core/engine/planview.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QThread>

#include <algorithm>
#include <limits>
#include <utility>

namespace openfactory::cli {

namespace {

EnginePorts portsFor(Session &session, const RunHow &how)
{
    EnginePorts ports = session.ports();
    ports.settings.answerFromRecord = ports.settings.answerFromRecord && !how.fresh;
    return ports;
}

} // namespace

Result<JobRun::End> runHere(Session &session, const JobId &job,
                            const std::function<Result<JobRun::End>(JobRun &)> &work, const RunHow &how)
{
    const EnginePorts ports = portsFor(session, how);
    OF_CHECK(checkAuditLog(ports, session.store()));
    std::stop_source stop;
    OF_TRY(keeper, LeaseKeeper::start(ports, [&session, stop](const Error &error) mutable {
               session.note(toText(error));
               stop.request_stop();
           }));
    OF_TRY(lease, session.store().claim(job, keeper->owner(), ports.settings.leaseTerm));
    const Interrupts interrupts([&] {
        session.note(QStringLiteral("\nparking the job; press Ctrl-C again to end at once"));
        stop.request_stop();
    });
    std::unique_ptr<LiveTable> table;
    if (!how.quiet)
        table = std::make_unique<LiveTable>(session, job);

    Result<JobRun::End> result = fail(ErrorKind::Internal, QStringLiteral("run the job"),
                                      QStringLiteral("it did not start"));
    QEventLoop loop;
    const std::unique_ptr<QThread> thread(QThread::create([&] {
        result = [&]() -> Result<JobRun::End> {
            OF_TRY(store, ports.openStore());
            OF_TRY(run, JobRun::open(ports, *store, lease, stop.get_token()));
            return work(*run);
        }();
    }));
    thread->setObjectName(QStringLiteral("job ") + job.text().right(8));
    QObject::connect(thread.get(), &QThread::finished, &loop, &QEventLoop::quit);
    // No scheduler is here to notice that somebody cancelled the job meanwhile, or took over what is worked on.
    QTimer wishes;
    std::vector<int> taken = session.store()
                                 .job(job)
                                 .transform([](const Job &now) { return now.wishes.taken; })
                                 .value_or(std::vector<int>());
    QObject::connect(&wishes, &QTimer::timeout, &loop, [&] {
        const auto now = session.store().job(job);
        if (now
            && (now->wishes.cancelAsked
                || changesHands(JobFolder(ports.settings.dataFolder, job), *now,
                                std::exchange(taken, now->wishes.taken))))
            stop.request_stop();
    });
    wishes.start(300);
    thread->start();
    loop.exec();
    thread->wait();
    return result;
}

Result<void> checkHost(Session &session, const Job &job)
{
    auto able = session.factory().checkHost();
    if (able)
        return {};
    Error error = able.error();
    error.said += QStringLiteral("; no command of %1 was run").arg(job.slug().text());
    error.hint += QStringLiteral("; then: factory run -s ") + job.slug().text();
    return std::unexpected(std::move(error));
}

Result<bool> runToRest(Session &session, const JobId &job, const RunHow &how)
{
    EnginePorts ports = portsFor(session, how);
    OF_CHECK(checkAuditLog(ports, session.store())); // before anything else is said of the job
    ports.settings.workers = 1;
    ports.settings.watchPeople = how.watch;
    EngineThread engine(ports);
    QEventLoop loop;
    const auto atRest = [&] {
        const auto now = session.store().job(job);
        if (!now)
            return true;
        const Progress &progress = now->progress;
        if (isEnded(progress.state) || now->wishes.paused)
            return true;
        if (progress.state != JobState::Waiting)
            return false;
        return progress.wait.kind != WaitKind::Retry && progress.wait.kind != WaitKind::Checks
               && !(how.watch && progress.wait.kind == WaitKind::Change);
    };
    QObject::connect(&engine, &EngineThread::runEnded, &loop, [&] {
        if (atRest())
            engine.stop();
    });
    QString failure;
    QObject::connect(&engine, &EngineThread::runFailed, &loop, [&](const QString &, const QString &error) {
        failure = error;
        session.note(displayable(error));
    });
    QObject::connect(&engine, &EngineThread::stopped, &loop, &QEventLoop::quit);
    const Interrupts interrupts([&] {
        session.note(QStringLiteral("\nparking the job; press Ctrl-C again to end at once"));
        engine.stop();
    });
    const LiveTable table(session, job);
    const auto owner = session.store().ownerOf(job);
    if (owner && *owner)
        return fail(ErrorKind::Conflict, QStringLiteral("run the job"), QStringLiteral("another process runs it"),
                    QStringLiteral("factory show says how far it is"));
    OF_TRY(wanted, session.store().job(job));
    for (const JobId &id : wanted.identity.dependsOn) {
        OF_TRY(other, session.store().job(id));
        if (isFinal(other.progress.state) && other.progress.state != JobState::Done)
            return fail(
                ErrorKind::Conflict, QStringLiteral("run the job"),
                QStringLiteral("it comes after %1, which is %2 and will never be done")
                    .arg(other.slug().text(), toName(other.progress.state)),
                QStringLiteral("factory cancel -s %1, and make it anew without --after").arg(wanted.slug().text()));
    }
    if (!heldBackBy(session.store(), wanted).isEmpty())
        return false; // its state says so
    const auto ready = session.store().ready(std::numeric_limits<int>::max());
    if (wanted.progress.state == JobState::Running)
        session.note(
            QStringLiteral("the process that ran %1 ended; it goes on where it stood").arg(wanted.slug().text()));
    else if (ready && std::ranges::find(*ready, job, &ReadyJob::id) == ready->end())
        session.note(QStringLiteral("%1 waits for %2")
                         .arg(wanted.slug().text(), displayable(waitsFor(session.store(), wanted))));
    if (ready && std::ranges::contains(*ready, job, &ReadyJob::id))
        OF_CHECK(checkHost(session, wanted));
    // While it does not run here, it may be cancelled or held back, or be run to its rest by another process.
    QTimer elsewhere;
    QObject::connect(&elsewhere, &QTimer::timeout, &loop, [&] {
        if (const auto now = session.store().job(job);
            engine.running() == 0 && now && !heldBackBy(session.store(), *now).isEmpty()) {
            engine.stop();
            return;
        }
        const auto queue = session.store().ready(std::numeric_limits<int>::max());
        const auto runs = session.store().ownerOf(job);
        if (engine.running() == 0 && queue && std::ranges::find(*queue, job, &ReadyJob::id) == queue->end() && runs
            && !*runs && atRest())
            engine.stop();
    });
    elsewhere.start(500);
    OF_CHECK(engine.start(job));
    loop.exec();
    if (session.store().halted())
        return std::unexpected(storeHalted());
    if (!failure.isEmpty() && !interrupts.happened() && !atRest())
        return fail(ErrorKind::Unavailable, QStringLiteral("run the job"), failure);
    return interrupts.happened();
}

QString whyProtected(const Job &job)
{
    const auto contract = contractOf(job.identity);
    return contract && contract->protectedBranches.contains(job.identity.target)
               ? QStringLiteral("%1 is protected by the contract: the job can be judged, but not be approved; for that "
                                "make it with another --target")
                     .arg(displayable(job.identity.target))
               : QString();
}

int tellState(Session &session, const JobId &id)
{
    const auto job = session.store().job(id);
    if (!job)
        return session.refuse(job.error());
    const auto attempts = session.store().attempts(id);
    const Progress &progress = job->progress;
    if (session.json())
        session.say(taskJson(session.store(), *job, attempts.value_or(std::vector<AttemptRecord>{})));
    QString line = QStringLiteral("%1: %2").arg(job->slug().text(), toName(progress.state));
    if (progress.state == JobState::Waiting)
        line += QStringLiteral(" for ") + displayable(waitsFor(session.store(), *job));
    else if (!progress.note.isEmpty())
        line += QStringLiteral(" (") + displayable(progress.note) + QLatin1Char(')');
    session.say(line);
    if (progress.state == JobState::Waiting && progress.wait.kind == WaitKind::Approval)
        session.say(
            QStringLiteral(
                "see it: factory show -s %1 --detailed; factory diff -s %1\ndecide: factory approve | reject | request-changes -s %1")
                .arg(job->slug().text()));
    if (progress.state == JobState::Waiting && progress.wait.kind == WaitKind::Approval)
        if (const QString why = whyProtected(*job); !why.isEmpty())
            session.say(why);
    if (job->wishes.paused)
        session.say(job->wishes.pauseReason.isEmpty()
                        ? QStringLiteral("it is paused")
                        : QStringLiteral("it is paused: ") + displayable(job->wishes.pauseReason));
    switch (progress.state) {
    case JobState::Done: return Ok;
    case JobState::Waiting: return progress.wait.kind == WaitKind::Change && progress.answering.isEmpty() ? Ok : Waits;
    case JobState::Failed:
    case JobState::CiFailed:
    case JobState::RolledBack:
    case JobState::Cancelled: return JobFailed;
    default: return job->wishes.paused ? Waits : Ok;
    }
}

} // namespace openfactory::cli
