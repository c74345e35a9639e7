// SPDX-License-Identifier: Apache-2.0
#include "core/engine/sidework.h"

#include "core/base/id.h"
#include "core/base/removetree.h"
#include "core/engine/stagecommand.h"

#include <QDir>

#include <pthread.h>

namespace openfactory {

namespace {

/// A copy is written out within a second; of a larger repository it would be in the way of what it is to save.
constexpr size_t kMostFiles = 2'500;

QString sideFolder(const JobFolder &folder)
{
    return folder.path() + QStringLiteral("/beside");
}

} // namespace

std::optional<SideJob> sideJobOf(JobSession &session, const AttemptRecord &judged, const StageDefinition &stage,
                                 int attempt)
{
    const EnginePorts &ports = session.ports();
    const JobIdentity &identity = session.job().identity;
    if (!ports.places || ports.runner->layers().isEmpty())
        return std::nullopt;
    const auto files = ports.git->files(identity.repository, judged.start);
    const auto base = session.changeBase(session.progress().head);
    if (!files || files->size() > kMostFiles || !base)
        return std::nullopt;
    const auto beside = besideDigest(*ports.git, identity.repository, judged.start, session.workspace().path);
    const auto home = homeDigest(session.folder().home());
    if (!beside || !home)
        return std::nullopt;
    SideJob job;
    job.ports = &ports;
    job.job = session.job();
    job.contract = session.contract();
    job.pipeline = session.pipeline();
    job.toolchain = session.toolchain();
    job.stage = stage;
    job.attempt = attempt;
    job.workspace = session.workspace();
    job.gitFolder = session.gitFolder();
    job.content = judged.start;
    job.tree = judged.tree;
    job.base = *base;
    job.beside = *beside;
    job.home = *home;
    return job;
}

Result<void> sweepSideWork(const EnginePorts &ports, const JobFolder &folder)
{
    const QDir all(sideFolder(folder));
    if (!all.exists())
        return {};
    for (const QString &one : all.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        for (const char *files : {"/work", "/base"}) // the process that had it may only stand still
            OF_CHECK(ports.runner->endStrays(all.filePath(one) + QLatin1String(files)));
    }
    removeTree(all.path());
    return {};
}

SideWork::SideWork(SideJob job, const std::stop_token &stop, Work work)
    : m_job(std::move(job)),
      m_place(sideFolder(JobFolder(m_job.ports->settings.dataFolder, m_job.job.id())) + QLatin1Char('/') + newUlid()),
      m_work(std::move(work)),
      m_stopWithJob(stop, [this] { m_stop.request_stop(); }),
      m_came(fail(ErrorKind::Cancelled, QStringLiteral("work beside the job"), QStringLiteral("it did not begin"))),
      m_thread([this] { run(); })
{}

SideWork::~SideWork()
{
    m_stop.request_stop();
    if (m_thread.joinable())
        m_thread.join();
    removeTree(m_place);
}

bool SideWork::isBegun()
{
    const std::scoped_lock lock(m_mutex);
    if (m_phase == Phase::Queued) {
        m_phase = Phase::Dropped;
        m_stop.request_stop();
    }
    return m_phase == Phase::Begun;
}

Result<void> SideWork::wait()
{
    if (m_thread.joinable())
        m_thread.join();
    return m_came;
}

void SideWork::run()
{
    pthread_setname_np(pthread_self(), "gate beside");
    Places &places = *m_job.ports->places;
    if (places.take(m_stop.get_token())) {
        const bool wanted = [this] {
            const std::scoped_lock lock(m_mutex);
            if (m_phase == Phase::Queued)
                m_phase = Phase::Begun;
            m_startedMs = m_job.ports->clock->wallMs();
            return m_phase == Phase::Begun;
        }();
        if (wanted) {
            CopyContext context(m_job, m_ledger, m_place, m_stop.get_token());
            m_came = m_work(context);
            m_endedMs = m_job.ports->clock->wallMs();
        }
        places.leave();
    }
    m_ledger.close();
}

} // namespace openfactory
