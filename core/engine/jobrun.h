// SPDX-License-Identifier: Apache-2.0
/// Takes one job along until it parks, ends, or is told to stop: straight-line code on the calling (worker) thread,
/// under a lease that somebody else keeps alive. Opens nothing itself; the store belongs to the calling thread.
#pragma once

#include "core/domain/transition.h"
#include "core/engine/gatesahead.h"
#include "core/engine/jobeffects.h"

#include <functional>

namespace openfactory {

/// Part of a pipeline that a person runs by hand (`factory stage`); indices, both ends included.
struct StageRange {
    int from = 0;
    int to = 0;
};

class JobRun {
public:
    enum class End {
        Parked,  ///< it waits, in the store; the lease is given back
        Ended,   ///< done, failed or cancelled
        Queued,  ///< it was stopped or paused and goes on later
        Through, ///< the range is through
    };

    /// `stop`: the run is to park now; `between`: once the stage that it is in has ended.
    static Result<std::unique_ptr<JobRun>> open(const EnginePorts &ports, JobStore &store, const Lease &lease,
                                                std::stop_token stop, std::stop_token between = {});

    /// Runs from where the job stands. An Error is a failure of the factory, after which the job says what happened,
    /// except Fenced: then somebody else owns it and nothing was written.
    Result<End> run();
    /// Runs the given stages only; the author is not asked. Refuses a range that leaves out a stage that has not
    /// passed.
    Result<End> run(const StageRange &range);
    /// Makes the worktree and gives the job back.
    Result<End> prepare();
    /// Puts the content of a reverted (or any recorded) attempt into the workspace, as a change to be judged.
    Result<End> rewind(const QString &stage, int attempt);

private:
    enum class Went { On, Parked, Ended };

    JobRun(JobSession session, std::stop_token stop, std::stop_token between);
    Result<End> guarded(const std::function<Result<End>()> &work);
    Result<void> begin();
    Result<End> loop(const std::optional<StageRange> &range);
    /// Whether a change is due before the next stage.
    bool isChangeDue() const { return !m_session.progress().answering.isEmpty() && !m_session.isPlanning(); }
    /// Ends the job where all is there; otherwise back to what is missing.
    Result<std::optional<End>> finish();
    Result<void> adoptForeignCommits();
    /// Goes back to the first stage with the step, for content that no stage has seen.
    Result<void> judgeAnew(Step step, const CommitId &head);
    Result<Went> answerAuthor();
    Result<Went> runStage();
    /// What the stage says of the very files that the attempt judges: where any was written while it ran, it is run
    /// once more, apart where that is possible.
    Result<StageResult> undisturbed(const StageDefinition &stage, const StageHandler &handler, AttemptContext &context,
                                    AttemptRecord &attempt, StageResult said);
    Result<Went> refuseSecret(const StageDefinition &stage, AttemptRecord attempt, const std::vector<Finding> &secrets,
                              bool committed);
    Result<Went> runAttempt(const StageDefinition &stage, const StageHandler &handler, AttemptRecord attempt);
    Result<Went> concludeVerdict(const StageDefinition &stage, AttemptRecord attempt, const Verdict &said,
                                 std::vector<ArtifactRecord> artifacts);
    Result<Went> park(AttemptRecord attempt, const Wait &wait, std::vector<ArtifactRecord> artifacts);
    Result<std::optional<Went>> considerDecision(const StageDefinition &stage);
    Result<Went> sendBack(const Decision &decision, AttemptRecord gate);
    Result<Went> factoryFailure(const StageDefinition &stage, AttemptRecord attempt, const Error &error);
    bool isCancelled() const;
    Result<End> stopped();
    Result<End> queue(const QString &note);
    Result<End> waitForOther(const Error &error);
    Result<End> handBack(const QString &note);
    Result<End> end(JobEvent event, const QString &note);

    JobSession m_session;
    JobEffects m_effects;
    std::stop_token m_stop;
    std::stop_token m_between;
    GatesAhead m_ahead;
    int m_last = 0;        ///< index of the last stage that is to be run
    bool m_byHand = false; ///< a person waits for the answer: what they may not do is told to them, the job stands
};

} // namespace openfactory
