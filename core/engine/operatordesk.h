// SPDX-License-Identifier: Apache-2.0
/// Every act of a person, for console, command line and HTTP alike (design.md, law 4): one transaction each, compared
/// with the revision that the person saw, then a wake. Lives on the thread of the store it was given.
#pragma once

#include "core/domain/decision.h"
#include "core/engine/draft.h"
#include "core/engine/jobplan.h"
#include "core/engine/ports.h"

namespace openfactory {

/// What is shown at a gate, and what a decision on it is bound to.
struct GateView {
    Job job;
    QString gate;
    Binding binding;
    std::vector<std::pair<QString, Verdict>> verdicts;
    std::vector<Risk> risks;
    bool hardStop = false; ///< an absolute stage failed: there is no approving
};

struct GateAnswer {
    DecisionKind kind = DecisionKind::Approve;
    QString comment;
    Strategy strategy = Strategy::Direct;
    QStringList acceptedRisks;
    Binding binding; ///< of the GateView that was shown
};

/// A document that a job waits with.
struct DraftView {
    StageKind kind = StageKind::Spec; ///< Spec, Architecture or Tickets
    QString path;
    QByteArray yaml;
    bool review = false; ///< the author wrote it and a person is to accept it; else a person writes it
};

class OperatorDesk {
public:
    OperatorDesk(const EnginePorts &ports, JobStore &store, QString actor);

    Result<Job> create(const NewJob &wanted);
    /// What such a job would come to; makes none.
    Result<JobPlan> plan(const NewJob &wanted) { return planJob(m_ports, m_store, wanted); }
    /// Who could be its author.
    std::vector<AuthorOffer> authors() const { return m_ports.authors->offers(); }
    /// Ends a job that nobody runs at once, a failed one for good; asks the owner of a running one to end it.
    Result<void> cancel(const JobId &job);
    Result<void> pause(const JobId &job, const QString &reason);
    Result<void> resume(const JobId &job);
    Result<void> pauseEngine(bool paused);
    Result<void> setPriority(const JobId &job, Priority priority);
    Result<void> archive(const JobId &job, bool archived);
    /// Puts a failed or waiting job back into the queue; with a stage, from there on. `fresh`: what is on record by now
    /// answers none of its gates.
    Result<void> retry(const JobId &job, const QString &fromStage, bool fresh = false);
    /// Has a check of the job's pushed commit run again, or ended: by the engine, at once. A job that its failed check
    /// ended, or that waits at a later gate, goes back to waiting for it.
    Result<void> wishCheck(const JobId &job, CheckWish::Kind kind, const QString &check);
    /// A person does a ticket in place of the job's author from now on, or hands it back; 0: the change as a whole.
    /// Where it is worked on, the author is stopped and what it began is undone. Conflict where a change of the
    /// person's lies in the workspace that was not judged yet.
    Result<void> takeTicket(const JobId &job, int number, bool take);
    /// Answers the question that the job waits with, once; it goes on with the answer. Conflict where it waits for
    /// none.
    Result<void> answer(const JobId &job, const QString &text);
    /// The document that the job waits for a person to write, or to look at before it is frozen; Conflict where it
    /// waits for neither.
    Result<DraftView> draft(const JobId &job);
    /// Puts another text in its place, if that is such a document; Invalid, naming what is not.
    Result<void> editDraft(const JobId &job, const QByteArray &yaml);
    /// Accepts the spec that a person looks at as it lies there: the job freezes it and goes on. Conflict where it is
    /// not what was `seen`, if that is given.
    Result<void> acceptSpec(const JobId &job, const std::optional<QByteArray> &seen = {});
    /// Puts the content of a recorded attempt back into the workspace, as a change to be judged; a job that has ended
    /// is queued again for it. Conflict while somebody runs the job.
    Result<void> rewind(const JobId &job, const QString &stage, int attempt);

    /// What there is to decide: an approval that is waited for, or the hard stop that ended the job.
    Result<GateView> gate(const JobId &job);
    /// Conflict (saying what changed) when the gate no longer shows what the answer is bound to.
    Result<Decision> decide(const JobId &job, const GateAnswer &answer);

private:
    /// Sends a job that a hard stop ended back to its author, or rejects it: at once, no engine runs it.
    Step settleHardStop(const Job &job, const std::vector<AttemptRecord> &attempts, Decision &decision) const;
    struct Drafted {
        Job job;
        Draft file;
        DraftView view;
    };
    Result<Drafted> drafted(const JobId &job, const QString &doing);
    AuditRecord audit(const Job &job, const QString &action, const QJsonObject &detail) const;
    /// Gives up the workspace of an earlier job of that slug that is over, where nothing is lost by it; Conflict,
    /// before anything of the new job is made, where its branch could not be placed.
    Result<void> makeRoom(const Slug &slug, const RepositoryFacts &facts, const QString &target);
    /// Conflict where the workspace, the branch or the target is not what the gate showed: such a decision is void.
    Result<void> refuseStale(const GateView &view, const QString &doing);
    Result<void> wish(const JobId &job, const QString &action, const std::function<void(Wishes &)> &change);
    Result<void> commit(Step step, const Job &job);

    const EnginePorts &m_ports;
    JobStore &m_store;
    QString m_actor;
};

} // namespace openfactory
