// SPDX-License-Identifier: Apache-2.0
/// What is known of a job while it is run, and the one way to write about it. Lives on the job's worker thread, for
/// as long as the lease is held.
#pragma once

#include "core/domain/planning.h"
#include "core/engine/jobfolder.h"
#include "core/engine/ports.h"

namespace openfactory {

/// Where the worktree of a job lies: from its identity only, so that a restart finds it.
WorkspaceRef workspaceOf(const JobIdentity &job);
/// The change of a job as it stands: from the merge base of target and head to the workspace's content.
Result<ChangeSet> changeOf(const EnginePorts &ports, const JobIdentity &job);
/// One digest over the frozen documents as they lie in the job's folder; empty where none is frozen.
QString planDigest(const JobFolder &folder, const Documents &documents);
/// The hashes of what a gate of the job would show now.
Result<Binding> bindingOf(const EnginePorts &ports, JobStore &store, const Job &job, const Pipeline &pipeline,
                          int gateIndex);

class JobSession {
public:
    /// Reads the job, its pipeline and contract. The store belongs to the calling thread.
    static Result<JobSession> open(const EnginePorts &ports, JobStore &store, const Lease &lease);

    const EnginePorts &ports() const { return *m_ports; }
    JobStore &store() const { return *m_store; }
    const Job &job() const { return m_job; }
    const Progress &progress() const { return m_job.progress; }
    const Contract &contract() const { return m_contract; }
    const Pipeline &pipeline() const { return m_pipeline; }
    const JobFolder &folder() const { return m_folder; }
    WorkspaceRef workspace() const;
    qint64 now() const { return m_ports->clock->wallMs(); }

    /// Commits a step under the lease; what it sets of the job is then what job() says.
    Result<void> write(Step step);
    /// Called before a step that gives the lease back: nothing of the job may run any more then.
    void beforeRelease(std::function<void()> end) { m_beforeRelease = std::move(end); }
    /// For as long as the returned thing lives, no other process changes the workspace, the branch or the target for
    /// this job; it may be held more than once. Fenced where the job was taken from us while we stood still: then
    /// nothing is touched. Every effect outside the store is made under it.
    Result<std::shared_ptr<void>> holdEffects();
    /// Reads again what operators may have changed meanwhile.
    Result<void> refresh();

    /// An event and an audit entry of this job, ready to be put into a step.
    EventRecord event(const QString &kind, const QString &stage = {}, int attempt = 0,
                      const QJsonObject &detail = {}) const;
    AuditRecord audit(const QString &action, const QJsonObject &detail,
                      const QString &actor = QStringLiteral("engine")) const;

    /// The name of the file that a document of the kind is frozen as.
    static QString documentName(StageKind kind);
    /// A frozen document; Conflict where the file is not what was frozen.
    Result<QByteArray> frozen(StageKind kind) const;
    /// Sees that all that is frozen lies there as it was, and reads the tickets.
    Result<void> readPlan();
    /// In the order in which they are worked on; empty before readPlan() has found some.
    const std::vector<Ticket> &tickets() const { return m_tickets; }
    /// The one to be worked on; null where there is none (left).
    const Ticket *ticket() const;
    const Ticket *ticketOf(int number) const;
    /// Whether a person makes the next change: as the job's author, or because they took over what is worked on.
    bool isPersonsTurn() const;
    /// Whether the stage to run next asks the author itself, before any change is.
    bool isPlanning() const;

    /// The language's toolchain, found once.
    const ToolchainInfo &toolchain();
    /// The main repository's common git folder, found once; empty where it cannot be read.
    QString gitFolder();
    /// Where the change that ends at `head` began: the merge base with the target.
    Result<CommitId> changeBase(const CommitId &head);
    /// The change as it stands.
    Result<ChangeSet> change() { return changeOf(*m_ports, m_job.identity); }
    /// The hashes of what a gate shows now.
    Result<Binding> binding(int gateIndex) { return bindingOf(*m_ports, *m_store, m_job, m_pipeline, gateIndex); }

private:
    JobSession(const EnginePorts &ports, JobStore &store, Lease lease, Job job, Pipeline pipeline, Contract contract);

    const EnginePorts *m_ports;
    JobStore *m_store;
    Lease m_lease;
    Job m_job;
    Pipeline m_pipeline;
    Contract m_contract;
    JobFolder m_folder;
    std::weak_ptr<void> m_effects;
    std::function<void()> m_beforeRelease;
    std::vector<Ticket> m_tickets;
    QString m_readTickets; ///< hash of the file that they were read from
    std::optional<ToolchainInfo> m_toolchain;
    std::optional<QString> m_gitFolder;
};

} // namespace openfactory
