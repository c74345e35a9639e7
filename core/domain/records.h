// SPDX-License-Identifier: Apache-2.0
/// What the store keeps beside the job: attempts, commands, artifacts, intents, events, audit entries. Plain values.
#pragma once

#include "core/domain/authorcall.h"
#include "core/domain/decision.h"
#include "core/domain/forge.h"
#include "core/domain/job.h"
#include "core/domain/verdict.h"

namespace openfactory {

enum class AttemptState { Running, Passed, SoftFailed, Failed, Reverted, Interrupted, Cancelled, Parked };

/// One run of a stage. Key: job, stage, number (from 1, counted over the job's whole life).
struct AttemptRecord {
    QString stage;
    int number = 1;
    AttemptState state = AttemptState::Running;
    qint64 startedMs = 0;
    qint64 endedMs = 0;
    CommitId before; ///< branch commit at the start; what an interrupted attempt is restored to
    CommitId start;  ///< the content that is judged: `before`, or a snapshot where it was not committed yet
    CommitId after;  ///< branch commit at the end
    TreeId tree;     ///< of the workspace that was judged
    std::optional<SnapshotRef> reverted; ///< where a reverted state lies
    QString fingerprint;                 ///< of the failure
    QString note;                        ///< "reverted to 1a2b3c", "nothing changed"
    std::optional<Verdict> verdict;
    QString inputs;      ///< inputsKey() of what the verdict rests on; empty: no other attempt is answered from it
    bool anyJob = false; ///< other jobs of the repository may be answered from it too
    int ticket = 0;      ///< number of the ticket that was worked on; 0: the change as a whole
};

/// One process started by an attempt. Key: job, stage, attempt, seq. Written before the start and after the end.
struct CommandRecord {
    QString stage;
    int attempt = 1;
    int seq = 1;        ///< from 1 within the attempt
    QStringList argv;   ///< masked
    QString folder;     ///< relative to the workspace
    QStringList layers; ///< sandbox layers in force, as probed: "bwrap", "seccomp", "rlimits", "cgroup", ...
    bool finished = false;
    qint64 startedMs = 0;
    qint64 durationMs = 0;
    std::optional<int> exitCode; ///< nothing when a signal ended it, or it never started
    int signal = 0;
    QString ending;    ///< "exit", "signal", "timeout", "cancelled", "output-limit", "memory-limit", "process-limit",
                       ///< "not-started", "interrupted"
    qint64 cpuMs = -1; ///< negative: unknown
    qint64 peakMemoryKb = -1; ///< negative: unknown
    qint64 outputBytes = 0;
    QString logPath; ///< relative to the job's folder
};

struct ArtifactRecord {
    QString name; ///< unique in the job with its stage and attempt: "coverage.json", "PATCH.diff"
    QString stage;
    int attempt = 0;
    QString path; ///< relative to the job's folder
    qint64 size = 0;
    QString sha256;
    qint64 createdMs = 0;
};

enum class IntentState { Open, Done, Abandoned };

/// A side effect: written Open before it is begun, Done (with its result) after; a restart asks the outside about an
/// Open one before anything is done again (hardening.md, A2).
struct IntentRecord {
    QString key;  ///< ULID; for a commit its OpenFactory-Step trailer
    QString kind; ///< "create-workspace", "author-change", "commit", "restore", "integrate", ...
    QString stage;
    int attempt = 0;
    QJsonObject payload; ///< all that a restart needs to find the effect outside
    IntentState state = IntentState::Open;
    QJsonObject result;
    qint64 createdMs = 0;
};

/// News of a job for observers; ordered by the store's sequence number.
struct EventRecord {
    qint64 seq = 0;
    JobId job;
    QString kind; ///< "state", "attempt-started", "attempt-ended", "command-started", "command-ended", "decision", ...
    QString stage;
    int attempt = 0;
    QJsonObject detail;
    qint64 atMs = 0;
};

/// One link of the audit chain.
struct AuditRecord {
    qint64 seq = 0;
    qint64 atMs = 0;
    QString actor;  ///< "operator:<user>" or "engine"
    QString action; ///< "job.created", "attempt.passed", "attempt.reverted", "decision.made", "integrated", ...
    QString job;    ///< id; empty for acts on the engine
    QJsonObject detail;
    QString previous; ///< hash of the link before, 64 hex digits (zeros for the first)
    QString hash;
};

/// What a job knows of its pull request.
struct PullRecord {
    QString forge; ///< ForgeFacts::name
    PullRequest pull;
    CommitId pushed;           ///< what the job pushed last
    std::vector<Check> checks; ///< of that commit, as last read
    QString judged;            ///< "ID ATTEMPT": the check that the attempt came, or was about to come, to a verdict on
    qint64 readMs = 0;         ///< wall time of that reading; 0: never
    CheckWish wish{};          ///< to be carried out by the next look at the forge
    CheckWish cancelled{};     ///< the last check that a person had cancelled: its ending says nothing of the code
    QString refused;           ///< why the last wish was not carried out; empty: it was
    std::optional<RequestLimit> requests{};
};

/// All that the store knows of one job, read at once.
struct JobRecord {
    Job job;
    std::vector<AttemptRecord> attempts;
    std::vector<CommandRecord> commands;
    std::vector<ArtifactRecord> artifacts;
    std::vector<Risk> risks;
    std::vector<Decision> decisions;
    std::optional<PullRecord> pull;
    std::vector<AuthorCallRecord> authorCalls;
};

QString toName(AttemptState);
std::optional<AttemptState> attemptStateFrom(QStringView);
QString toName(IntentState);
std::optional<IntentState> intentStateFrom(QStringView);
QJsonObject toJson(const CommandRecord &);
QJsonObject toJson(const AttemptRecord &);

} // namespace openfactory
