// SPDX-License-Identifier: Apache-2.0
/// The side effects of a job on its repository, each as intent -> effect -> result (design.md, law 2). Every effect may
/// be begun again with the same intent and comes to the same end: the first run and a restart use the same functions.
#pragma once

#include "core/domain/retry.h"
#include "core/engine/jobsession.h"

namespace openfactory {

/// How an attempt ends, decided before its effect on the workspace is begun; lies in the intent, so that a restart
/// ends the attempt as it was judged.
struct Conclusion {
    AttemptRecord attempt; ///< with its verdict
    Judgement judgement;
    std::vector<ArtifactRecord> artifacts;
};

/// What a person has to accept because of this attempt: the stage failed softly, or could not be measured.
Risk riskOf(const AttemptRecord &attempt);

class JobEffects {
public:
    /// `stop`: the job is to be parked; what would be read for long then is left to its next owner, as after a kill.
    JobEffects(JobSession &session, std::stop_token stop) : m_session(session), m_stop(std::move(stop)) {}

    /// Branch and worktree, made or adopted; sets base, good, head and the first question to the author.
    Result<void> prepareWorkspace(const std::stop_token &stop);

    /// What was left open by a process that died: finishes what was judged, restores what was interrupted. Returns how
    /// many things it had to set right.
    Result<int> recover();

    /// What lies in the workspace when an attempt begins and no tree of git can hold: what its commands add to that is
    /// put aside at its end, as all else that a gate's tools leave behind is taken back.
    void beginWith(const WorkspaceState &state) { m_outside = Outside{state.repositories, state.unstorable}; }

    /// Keeps or takes back what the attempt left in the workspace, and ends the attempt, in that order.
    Result<void> conclude(Conclusion conclusion);

    enum class Asked { Changed, Waiting, Nothing };
    /// Asks the author for what `progress.answering` names. Waiting and Changed are committed; Nothing is for the
    /// caller.
    Result<Asked> askAuthor(const std::stop_token &stop);

    enum class Integrated { Done, TargetMoved, Refused };
    /// Merges the branch into its target for an approving decision, which is used up by it.
    Result<Integrated> integrate(const AttemptRecord &gate, const Decision &decision);

    /// Lets `fix` change files that were there when the attempt began, as StageContext::mend(); makes that what the
    /// attempt judges, durably.
    Result<bool> mend(AttemptRecord &attempt, const std::function<Result<void>()> &fix);

    /// What lies there otherwise than the attempt judges it, while it is judged. Where only tools write (no person's
    /// turn), without files that are new: those they leave behind.
    Result<std::vector<FileChange>> changedSince(const AttemptRecord &attempt);
    /// The workspace as the attempt judges it, for another look; what a person wrote since is kept.
    Result<void> putBack(const AttemptRecord &attempt);

    /// Puts the workspace's content back to what an unfinished attempt started from; what it left is kept as a
    /// snapshot.
    Result<void> restoreStart(const AttemptRecord &attempt);

    /// Where what lay in the workspace at the attempt's end is, as far as it is not in its kept state; empty for
    /// nothing.
    Result<QString> leftNote(const AttemptRecord &attempt);

    /// Puts the content of an attempt into the workspace; `laid`: where what lay there is kept, empty where that is the
    /// head. The pipeline begins anew. An intent, for half a content would be judged as a person's change. Returns
    /// unseenNote().
    Result<QString> rewind(const QString &stage, int attempt, const CommitId &content, const CommitId &laid);

    /// Where ignored files are that were in the way of something since that wall time; empty for none.
    QString unseenNote(qint64 sinceMs) const;

    /// refs/openfactory/<job>/<stage>/<attempt>
    static QString ledgerRef(const JobId &job, const QString &stage, int attempt);

private:
    /// What lies in the workspace when an attempt is over, once what its tools left as repositories or under names of
    /// git's own is put aside.
    Result<WorkspaceState> stateAtEnd(const AttemptRecord &attempt);
    Result<void> concludeWith(const Conclusion &conclusion, IntentRecord intent);
    Result<CommitId> keep(const Conclusion &conclusion, const QString &step);
    /// Keeps what lies there where a person may have written it.
    Result<KeptIn> keepTheirs(const AttemptRecord &attempt);
    /// The workspace as the attempt judges it; what a person may have written since is kept beside it.
    Result<void> backToJudged(const AttemptRecord &attempt);
    Result<SnapshotRef> takeBack(const Conclusion &conclusion, const CommitId &to);
    /// Puts the tests of a reverted state back, where the contract keeps them; returns how many files differ by it.
    Result<int> keepTests(const CommitId &reverted, const Ticket *ticket);
    /// A document that passed is from now on what every decision is bound to.
    Result<void> freeze(Progress &progress, StageKind kind, const std::vector<ArtifactRecord> &artifacts, Step &step);
    /// Makes the lines that a mark of the change let pass the secret scan a risk.
    Result<void> tellMarks(const AttemptRecord &attempt, Step &step);
    /// Its change is committed: the next ticket is asked for, or the pipeline goes on.
    void endTicket(Progress &progress, const AttemptRecord &attempt, Step &step);
    /// Keeps what lies in the workspace, before it is taken back. Commands and persons may have left a secret there
    /// since the attempt began, or what is too large to be searched for one; no commit may hold these (law 8): they are
    /// put beside the workspace, and the files become what they were then.
    Result<SnapshotRef> snapshot(const AttemptRecord &attempt, const QString &ref, const QString &message);
    /// The same, with a number behind the name where another state has it.
    Result<SnapshotRef> snapshotBeside(const AttemptRecord &attempt, const QString &ref, const QString &message);
    /// The same under a name of its own, beside what the attempt was judged on. A half restored state is kept as well.
    Result<CommitId> keepLeft(const AttemptRecord &attempt, const QString &message);
    /// Moves a file or folder of the workspace there; nothing where it is gone.
    Result<void> putAside(const AttemptRecord &attempt, const RepoPath &path) const;
    QString named(const QByteArrayList &files) const;
    QString asideOf(const AttemptRecord &attempt) const;
    /// `kept`: where what lies there is kept, if a person may write there.
    Result<void> contentAsAtStart(const AttemptRecord &attempt, const KeptIn &kept);
    /// What was ignored by rules that went with `put` lies there unignored after it, and would be taken for a part of
    /// the next change: it is kept, and put is done once more. `tree`: what lies there then; empty for the head's.
    Result<void> putAgain(const AttemptRecord &attempt, const QString &tree,
                          const std::function<Result<void>(const KeptIn &)> &put);
    Result<void> recordIntegration(const AttemptRecord &gate, const Decision &decision, IntentRecord intent,
                                   const CommitId &merge);
    Result<QString> rewindWith(IntentRecord intent);
    Result<void> recoverIntent(const IntentRecord &intent);
    /// Puts back what lay there when the author was asked, where its change is half made.
    Result<void> undoHalfMade(const CommitId &head, const std::vector<AttemptRecord> &attempts);
    CommitId restoreTarget(const Conclusion &conclusion) const;
    CommitNote note(const AttemptRecord &attempt, const QString &step) const;

    /// What lies in the workspace. Cancelled where a stop came some time ago and the job goes on another time.
    Result<WorkspaceState> look();

    JobSession &m_session;
    std::stop_token m_stop;

    struct Outside {
        std::vector<RepoPath> repositories;
        std::vector<RepoPath> unstorable;
    };
    std::optional<Outside> m_outside; ///< nothing: what lay there at the beginning is not known
};

} // namespace openfactory
