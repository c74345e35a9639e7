// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobsession.h"

#include "core/base/file.h"
#include "core/base/logging.h"
#include "core/base/text.h"
#include "core/engine/evidence.h"
#include "core/engine/mirror.h"

#include <algorithm>

namespace openfactory {

namespace {

/// Of a branch, in one digest.
constexpr int kMostCommits = 1000;

Result<CommitId> baseOf(const EnginePorts &ports, const JobIdentity &job, const CommitId &head)
{
    OF_TRY(target, ports.git->resolve(job.repository, QStringLiteral("refs/heads/") + job.target));
    return ports.git->mergeBase(job.repository, head, target);
}

constexpr StageKind kDocuments[] = {StageKind::Spec, StageKind::Architecture, StageKind::Tickets};

const QString &frozenHash(const Documents &documents, StageKind kind)
{
    return kind == StageKind::Spec           ? documents.spec
           : kind == StageKind::Architecture ? documents.architecture
                                             : documents.tickets;
}

} // namespace

QString planDigest(const JobFolder &folder, const Documents &documents)
{
    QByteArray all;
    for (const StageKind kind : kDocuments) {
        if (frozenHash(documents, kind).isEmpty())
            continue;
        const QString name = JobSession::documentName(kind);
        const auto bytes = readSmallFile(folder.path() + QLatin1Char('/') + name, mostDocumentBytes * 2);
        all += name.toUtf8() + ' ' + (bytes ? sha256Hex(*bytes) : QByteArray("missing")) + '\n';
    }
    return all.isEmpty() ? QString() : QString::fromLatin1(sha256Hex("openfactory plan 1\n" + all));
}

WorkspaceRef workspaceOf(const JobIdentity &job)
{
    WorkspaceRef ref;
    ref.repository = job.repository;
    ref.slug = job.slug->text();
    ref.name = ref.slug + QLatin1Char('-') + job.id.text().right(8).toLower();
    ref.path = job.repository + QStringLiteral("/.factory-workspaces/") + ref.name;
    ref.branch = job.branch;
    return ref;
}

Result<JobSession> JobSession::open(const EnginePorts &ports, JobStore &store, const Lease &lease)
{
    OF_TRY(job, store.job(lease.job));
    OF_TRY(pipeline, loadPipeline(job.identity.pipelineYaml.toUtf8(), QStringLiteral("the job's pipeline")));
    OF_TRY(contract, contractOf(job.identity));
    return JobSession(ports, store, lease, std::move(job), std::move(pipeline), std::move(contract));
}

JobSession::JobSession(const EnginePorts &ports, JobStore &store, Lease lease, Job job, Pipeline pipeline,
                       Contract contract)
    : m_ports(&ports),
      m_store(&store),
      m_lease(std::move(lease)),
      m_job(std::move(job)),
      m_pipeline(std::move(pipeline)),
      m_contract(std::move(contract)),
      m_folder(ports.settings.dataFolder, m_job.id())
{}

WorkspaceRef JobSession::workspace() const
{
    return workspaceOf(m_job.identity);
}

Result<void> JobSession::write(Step step)
{
    step.job = m_job.id();
    step.lease = m_lease;
    if (step.releaseLease && m_beforeRelease)
        m_beforeRelease();
    const bool notable = !step.audits.empty();
    OF_TRY(revision, m_store->commit(step));
    m_job.revision = revision;
    if (notable) {
        if (const auto mirrored = writeMirrors(*m_store, m_job.identity.repository); !mirrored)
            qCWarning(lcEngine).noquote() << toText(mirrored.error());
    }
    if (step.progress)
        m_job.progress = *step.progress;
    if (step.wishes)
        m_job.wishes = *step.wishes;
    return {};
}

Result<std::shared_ptr<void>> JobSession::holdEffects()
{
    std::shared_ptr<void> held = m_effects.lock();
    if (!held) {
        OF_TRY(taken, m_ports->holdEffects(m_job.id()));
        held = std::move(taken);
        m_effects = held;
    }
    OF_CHECK(m_store->checkLease(m_lease));
    return held;
}

Result<void> JobSession::refresh()
{
    auto job = m_store->job(m_job.id());
    if (!job)
        return std::unexpected(job.error());
    m_job = *std::move(job);
    return {};
}

EventRecord JobSession::event(const QString &kind, const QString &stage, int attempt, const QJsonObject &detail) const
{
    EventRecord record;
    record.kind = kind;
    record.stage = stage;
    record.attempt = attempt;
    record.detail = detail;
    record.atMs = now();
    return record;
}

AuditRecord JobSession::audit(const QString &action, const QJsonObject &detail, const QString &actor) const
{
    AuditRecord record;
    record.atMs = now();
    record.actor = actor;
    record.action = action;
    record.job = m_job.id().text();
    record.detail = detail;
    return record;
}

const ToolchainInfo &JobSession::toolchain()
{
    if (!m_toolchain) {
        // A pipeline of own commands needs no known language: what needs one says so when it plans its commands.
        auto found = m_contract.language.isEmpty()
                         ? m_ports->toolchains->detect(workspace().path).transform([](const auto &all) {
                               return all.front();
                           })
                         : m_ports->toolchains->byName(m_contract.language);
        m_toolchain = found.value_or(ToolchainInfo{});
    }
    return *m_toolchain;
}

QString JobSession::gitFolder()
{
    if (!m_gitFolder)
        m_gitFolder = m_ports->git->inspect(m_job.identity.repository)
                          .transform([](const RepositoryFacts &facts) { return facts.gitFolder; })
                          .value_or(QString());
    return *m_gitFolder;
}

QString JobSession::documentName(StageKind kind)
{
    switch (kind) {
    case StageKind::Spec: return QStringLiteral("SPEC.json");
    case StageKind::Architecture: return QStringLiteral("ARCHITECTURE.json");
    default: return QStringLiteral("TICKETS.json");
    }
}

Result<QByteArray> JobSession::frozen(StageKind kind) const
{
    const QString name = documentName(kind);
    const auto bytes = readSmallFile(m_folder.path() + QLatin1Char('/') + name, mostDocumentBytes * 2);
    if (bytes && QString::fromLatin1(sha256Hex(*bytes)) == frozenHash(progress().documents, kind))
        return *bytes;
    return fail(ErrorKind::Conflict, QStringLiteral("read %1").arg(name),
                bytes ? QStringLiteral("it is not what was frozen") : toText(bytes.error()),
                QStringLiteral("put back what it was, or have it written anew: factory retry -s %1 --from STAGE")
                    .arg(m_job.slug().text()));
}

Result<void> JobSession::readPlan()
{
    for (const StageKind kind : kDocuments) {
        if (frozenHash(progress().documents, kind).isEmpty())
            continue;
        OF_TRY(bytes, frozen(kind));
        if (kind != StageKind::Tickets || m_readTickets == progress().documents.tickets)
            continue;
        auto read = readTickets(bytes);
        if (!read.isSound())
            return fail(ErrorKind::Internal, QStringLiteral("read the tickets"), read.faults.front().message);
        m_tickets = inOrder(std::move(read.value));
        m_readTickets = progress().documents.tickets;
    }
    if (progress().documents.tickets.isEmpty())
        m_tickets.clear();
    return {};
}

const Ticket *JobSession::ticket() const
{
    const auto done = size_t(std::max(0, progress().documents.done));
    return done < m_tickets.size() ? &m_tickets[done] : nullptr;
}

const Ticket *JobSession::ticketOf(int number) const
{
    const auto found = std::ranges::find(m_tickets, number, &Ticket::number);
    return found == m_tickets.end() ? nullptr : &*found;
}

bool JobSession::isPersonsTurn() const
{
    const Ticket *now = ticket();
    return m_job.identity.author == AuthorKind::Person
           || std::ranges::contains(m_job.wishes.taken, now ? now->number : 0);
}

bool JobSession::isPlanning() const
{
    const auto at = size_t(progress().stageIndex);
    if (at >= m_pipeline.stages.size())
        return false;
    const StageKind kind = m_pipeline.stages[at].kind;
    return isDocument(kind) || kind == StageKind::Preflight;
}

Result<CommitId> JobSession::changeBase(const CommitId &head)
{
    return baseOf(*m_ports, m_job.identity, head);
}

namespace {

/// Where the change of a job begins, and what it is now.
struct Stand {
    WorkspaceState state;
    CommitId base;
    ChangeSet change;
};

Result<Stand> standOf(const EnginePorts &ports, const JobIdentity &job)
{
    const WorkspaceRef workspace = workspaceOf(job);
    OF_TRY(state, ports.git->state(workspace));
    OF_TRY(base, baseOf(ports, job, state.head));
    OF_TRY(change, state.clean ? ports.git->diff(job.repository, base, state.head, false)
                               : ports.git->diffToWorkspace(workspace, base));
    return Stand{std::move(state), std::move(base), std::move(change)};
}

/// The change together with the commits that it is made of, for the target gets those too: what one brings and the next
/// takes back, and every message. A clean rebase keeps it: ids, committers and positions are not in it.
Result<QString> digestOf(const EnginePorts &ports, const JobIdentity &job, const Stand &stand)
{
    OF_TRY(commits, ports.git->commits(job.repository, stand.base, stand.state.head, kMostCommits));
    QByteArray all = "openfactory change 1\n" + stand.change.hash.toUtf8() + '\n';
    for (const BranchCommit &commit : commits) {
        const qsizetype author = commit.text.indexOf('\n') + 1; // the second line says who committed it
        const QByteArray text = commit.text.first(author) + commit.text.sliced(commit.text.indexOf('\n', author) + 1);
        QString own;
        if (!commit.parents.empty()) {
            OF_TRY(change, ports.git->diff(job.repository, commit.parents.front(), commit.id, false));
            own = change.hash;
        }
        all += sha256Hex(text) + ' ' + own.toUtf8() + '\n';
    }
    if (commits.size() == size_t(kMostCommits)) // then any other commit makes it another
        all += stand.state.head.toUtf8();
    return QString::fromLatin1(sha256Hex(all));
}

} // namespace

Result<ChangeSet> changeOf(const EnginePorts &ports, const JobIdentity &job)
{
    OF_TRY(stand, standOf(ports, job));
    return std::move(stand.change);
}

Result<Binding> bindingOf(const EnginePorts &ports, JobStore &store, const Job &job, const Pipeline &pipeline,
                          int gateIndex)
{
    OF_TRY(stand, standOf(ports, job.identity));
    OF_TRY(digest, digestOf(ports, job.identity, stand));
    OF_TRY(attempts, store.attempts(job.id()));
    Binding binding;
    binding.diff = digest;
    binding.evidence = evidenceHash(newestVerdicts(pipeline, attempts, gateIndex));
    binding.contract = QString::fromLatin1(sha256Hex(job.identity.contractYaml.toUtf8()));
    binding.spec = planDigest(JobFolder(ports.settings.dataFolder, job.id()), job.progress.documents);
    return binding;
}

} // namespace openfactory
