// SPDX-License-Identifier: Apache-2.0
#include "core/engine/scheduler.h"

#include "core/base/logging.h"
#include "core/engine/auditwitness.h"
#include "core/engine/jobrun.h"
#include "core/engine/planview.h"

#include <QStorageInfo>
#include <QThread>

#include <limits>
#include <utility>

namespace openfactory {

namespace {

/// A worker thread's whole work: its own store, one job, until that parks or ends.
QString runJob(const EnginePorts &ports, const Lease &lease, const std::stop_token &stop,
               const std::stop_token &between)
{
    const auto result = [&]() -> Result<JobRun::End> {
        OF_TRY(store, ports.openStore());
        OF_TRY(run, JobRun::open(ports, *store, lease, stop, between));
        return run->run();
    }();
    return result ? QString() : toText(result.error());
}

} // namespace

Scheduler::Scheduler(const EnginePorts &ports, QObject *parent) : QObject(parent), m_ports(ports)
{
    m_poll.setSingleShot(true);
    connect(&m_poll, &QTimer::timeout, this, &Scheduler::look);
}

Scheduler::~Scheduler()
{
    for (auto &[id, run] : m_runs)
        run.stop.request_stop();
    for (auto &[id, run] : m_runs) {
        run.thread->wait();
        delete run.thread;
    }
    if (m_spare.thread) {
        m_spare.stop.request_stop();
        m_spare.thread->wait();
        delete m_spare.thread;
    }
}

Result<void> Scheduler::start()
{
    OF_TRY(store, m_ports.openStore());
    m_store = std::move(store);
    OF_CHECK(checkAuditLog(m_ports, *m_store));
    OF_TRY(keeper, LeaseKeeper::start(m_ports, [this](const Error &error) {
               qCWarning(lcEngine).noquote() << toText(error);
               QMetaObject::invokeMethod(this, &Scheduler::lost, Qt::QueuedConnection);
           }));
    m_keeper = std::move(keeper);
    m_listener = new WakeListener(m_ports.settings.dataFolder, this);
    connect(m_listener, &WakeListener::woken, this, &Scheduler::wake);
    QMetaObject::invokeMethod(this, &Scheduler::look, Qt::QueuedConnection);
    return {};
}

void Scheduler::stop()
{
    m_stopping = true;
    m_poll.stop();
    for (auto &[id, run] : m_runs)
        run.stop.request_stop();
    m_spare.stop.request_stop();
    sayStoppedWhenIdle();
}

void Scheduler::drain()
{
    m_drain.request_stop();
    if (m_runs.empty())
        stop();
}

void Scheduler::sayStoppedWhenIdle()
{
    if (m_runs.empty() && !m_spare.thread)
        Q_EMIT stopped();
}

void Scheduler::wake()
{
    Q_ASSERT(thread() == QThread::currentThread());
    if (!m_stopping)
        look();
}

void Scheduler::look()
{
    if (const auto looked = lookAtStore(); !looked)
        qCWarning(lcEngine).noquote() << toText(looked.error());
    // What is on the disk is not known any more, and trying again here could take a lost write for a kept one.
    if (m_store->halted() && !m_stopping)
        stop();
    setTimer();
}

/// Somebody else has taken jobs of ours, because we were silent for too long: what we still run of them would only be
/// in their way.
void Scheduler::lost()
{
    for (auto &[id, run] : m_runs) {
        const auto owner = m_store->ownerOf(id);
        if (owner && *owner != m_keeper->owner())
            run.stop.request_stop();
    }
}

Result<void> Scheduler::lookAtStore()
{
    noticeWishes();
    OF_TRY(orphans, m_store->orphans());
    for (const JobId &job : orphans) {
        if (int(m_runs.size()) < m_ports.settings.workers)
            begin(job);
    }
    OF_TRY(paused, m_store->enginePaused());
    if (paused)
        return {};
    if (m_ports.settings.watchPeople)
        watchPeople();
    if (int(m_runs.size()) >= m_ports.settings.workers)
        return {};
    // A little more than there is room for: another process may take some first. The one job that is wanted may stand
    // behind any number of others.
    OF_TRY(ready, m_store->ready(m_only ? std::numeric_limits<int>::max() : m_ports.settings.workers + 8));
    for (const ReadyJob &job : ready) {
        if (int(m_runs.size()) >= m_ports.settings.workers)
            break;
        begin(job.id);
    }
    return {};
}

void Scheduler::begin(const JobId &job)
{
    if (m_stopping || m_drain.stop_requested() || m_runs.contains(job) || (m_only && *m_only != job))
        return;
    const auto lease = m_store->claim(job, m_keeper->owner(), m_ports.settings.leaseTerm);
    if (!lease) {
        if (lease.error().kind == ErrorKind::Conflict) // somebody else was first: nothing to tell
            return;
        qCWarning(lcEngine).noquote() << toText(lease.error());
        if (m_only) { // whoever waits for this job is told, instead of waiting for a disk to get room
            Q_EMIT runFailed(job.text(), toText(lease.error()));
            stop();
        }
        return;
    }
    Run run;
    if (const auto now = m_store->job(job))
        run.taken = now->wishes.taken;
    run.thread = QThread::create(
        [this, job, lease = *lease, stop = run.stop.get_token(), between = m_drain.get_token()] {
            const QString error = runJob(m_ports, lease, stop, between);
            QMetaObject::invokeMethod(this, [this, job, error] { ended(job, error); }, Qt::QueuedConnection);
        });
    run.thread->setObjectName(QStringLiteral("job ") + job.text().right(8));
    QThread *thread = run.thread;
    m_runs.emplace(job, std::move(run));
    thread->start();
    Q_EMIT runStarted(job.text());
}

void Scheduler::ended(const JobId &job, const QString &error)
{
    const auto run = m_runs.find(job);
    if (run == m_runs.end())
        return;
    run->second.thread->wait();
    delete run->second.thread;
    m_runs.erase(run);
    m_seen.erase(job);
    if (!error.isEmpty())
        Q_EMIT runFailed(job.text(), error);
    Q_EMIT runEnded(job.text());
    if (m_drain.stop_requested() && m_runs.empty() && !m_stopping)
        return stop();
    if (m_stopping)
        return sayStoppedWhenIdle();
    if (!m_drain.stop_requested())
        prepareNext(job);
    look();
}

/// What the next job of that repository would wait for is done while nobody waits. One at a time, at the lowest
/// priority, and only where there is room: a full disk must not be our doing.
void Scheduler::prepareNext(const JobId &id)
{
    if (!m_ports.settings.spareWorkspaces || m_only || m_spare.thread)
        return;
    const auto job = m_store->job(id);
    if (!job)
        return;
    constexpr qint64 ample = 10LL * 1024 * 1024 * 1024;
    const QStorageInfo disk(job->identity.repository);
    const bool roomy = m_ports.settings.diskFloorMb == 0 // nothing is to be held back for want of room
                       || (disk.isValid() && disk.bytesAvailable() >= std::min(disk.bytesTotal() / 5, ample));
    if (!roomy)
        return;
    m_spare.stop = {};
    m_spare.thread = QThread::create(
        [this, repository = job->identity.repository, target = job->identity.target, stop = m_spare.stop.get_token()] {
            const auto made = m_ports.git->prepare(repository, QStringLiteral("refs/heads/") + target, stop);
            if (!made && !stop.stop_requested())
                qCInfo(lcEngine).noquote() << toText(made.error());
            QMetaObject::invokeMethod(
                this,
                [this] {
                    m_spare.thread->wait();
                    delete std::exchange(m_spare.thread, nullptr);
                    if (m_stopping)
                        sayStoppedWhenIdle();
                },
                Qt::QueuedConnection);
        });
    m_spare.thread->setObjectName(QStringLiteral("spare workspace"));
    m_spare.thread->start(QThread::IdlePriority);
}

void Scheduler::noticeWishes()
{
    for (auto &[id, run] : m_runs) {
        const auto job = m_store->job(id);
        // A run whose change is made by somebody else from now on begins anew: what the former author does is undone.
        if (job
            && (job->wishes.cancelAsked
                || changesHands(JobFolder(m_ports.settings.dataFolder, id), *job,
                                std::exchange(run.taken, job->wishes.taken))))
            run.stop.request_stop();
    }
}

void Scheduler::watchPeople()
{
    JobFilter waiting;
    waiting.state = JobState::Waiting;
    const auto jobs = m_store->jobs(waiting);
    if (!jobs)
        return;
    for (const Job &job : *jobs) {
        const bool person = job.identity.author == AuthorKind::Person || !job.wishes.taken.empty();
        if (!person || job.progress.wait.kind != WaitKind::Change || job.wishes.paused
            || job.progress.workspace.isEmpty() || (m_only && *m_only != job.id()))
            continue;
        const auto state = m_ports.git->state(workspaceOf(job.identity));
        if (!state)
            continue;
        const bool changed = state->tree != job.progress.triedTree;
        const auto seen = m_seen.find(job.id());
        const bool still = seen != m_seen.end() && seen->second == state->tree; // nobody is in the middle of saving
        m_seen[job.id()] = state->tree;
        if (changed && still && int(m_runs.size()) < m_ports.settings.workers)
            begin(job.id());
    }
}

void Scheduler::setTimer()
{
    if (m_stopping)
        return;
    auto pause = m_runs.empty() ? m_ports.settings.idlePoll : m_ports.settings.busyPoll;
    if (m_ports.settings.watchPeople)
        pause = std::min(pause, m_ports.settings.watchPoll);
    // What is due already could not be started just now (no free worker, not ours): the end of a run looks again.
    if (const auto next = m_store->nextWakeUp(); next && *next && **next > std::chrono::milliseconds(0))
        pause = std::min(pause, **next);
    m_poll.start(pause);
}

Error storeHalted()
{
    return {ErrorKind::Io, QStringLiteral("go on"),
            QStringLiteral("the disk refused a read or a write of the store, so the engine has stopped"),
            QStringLiteral("look at the disk (dmesg), then start again: every job goes on where it stood")};
}

} // namespace openfactory
