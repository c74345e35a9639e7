// SPDX-License-Identifier: Apache-2.0
/// A job and the states it can be in. Plain values.
#pragma once

#include "core/base/id.h"
#include "core/base/slug.h"
#include "core/domain/binding.h"
#include "core/domain/git.h"

#include <QJsonObject>

#include <optional>

namespace openfactory {

enum class JobState { Created, Running, Waiting, Done, Failed, CiFailed, Cancelled, RolledBack };

/// What a waiting job waits for. `Retry` is a backoff that ends by itself at `Wait::wakeAtWallMs`.
enum class WaitKind { None, Clarification, Change, Approval, Conflict, Checks, Bake, Retry };

/// P0 is the most urgent.
enum class Priority { P0, P1, P2, P3 };

/// The coarse status of the task tracker that jobs replace (factory-tcr-readme); derived, never stored.
enum class CoarseStatus { Created, InProgress, PassedPipeline, FailedPipeline, Integrated, Cancelled };

enum class AuthorKind { Person, Playbook, Model, Agent };

/// Why a waiting job waits, since when, and what would end it. A wait lies in the store; nothing runs meanwhile.
struct Wait {
    WaitKind kind = WaitKind::None;
    QString what;                       ///< one sentence: what would end the wait
    qint64 sinceMs = 0;                 ///< wall time, for display
    std::optional<qint64> wakeAtBootMs; ///< boot time (of `bootId`) of a wait that ends by itself
    QString bootId;                     ///< a wake-up of another boot is due at once
    bool operator==(const Wait &) const = default;
};

/// How far a job is with its documents: the spec, the architecture, the tickets. All empty where its pipeline has none.
struct Documents {
    QString spec;         ///< SHA-256 of SPEC.json, once it is frozen
    QString architecture; ///< of ARCHITECTURE.json
    QString tickets;      ///< of TICKETS.json
    QString question;     ///< the one that was asked of a person; empty: none was
    QString answer;       ///< empty: there is none (yet)
    QString accepted;     ///< SHA-256 of the draft of the spec that a person accepted
    int done = 0;         ///< tickets that are done, in the order in which they are worked on
    bool operator==(const Documents &) const = default;
};

/// What the engine writes as it takes the job along. Only the owner of the lease changes it (or the operator's desk
/// while nobody owns the job).
struct Progress {
    JobState state = JobState::Created;
    Wait wait;
    int stageIndex = 0;   ///< the stage to run next, in the job's pipeline; == number of stages when all are through
    QString note;         ///< one sentence on the state: why it failed, what it does now
    QString workspace;    ///< absolute path, empty before there is one
    CommitId base;        ///< where the branch started
    CommitId good;        ///< the last commit that passed the tests; what a hard failure restores
    CommitId head;        ///< the branch's commit after the last step
    int authorRounds = 0; ///< changes asked of the author so far
    /// What the author is to answer next: "task" for the first change, "<stage>/<attempt>" for a failure, empty:
    /// nothing.
    QString answering;
    int attemptMark = 0; ///< attempts (of all stages) before the last retry by a person; only later ones count
    qint64 freshMs = 0;  ///< wall time; no pass that ended before it answers a gate of this job
    Binding gate;        ///< what the gate showed when the job parked for a decision
    TreeId triedTree; ///< the workspace's tree when the author was last waited for; a person's change differs from it
    CommitId integrated; ///< the merge commit on the target, when done
    Documents documents = {};
    bool operator==(const Progress &) const = default;
};

/// What a job is, from its creation on; never changes.
struct JobIdentity {
    JobId id;
    std::optional<Slug> slug; ///< always set on a stored job
    QString title;
    QString task;         ///< what the operator asked for, as written
    QString repository;   ///< absolute path of the main repository's working folder
    QString branch;       ///< factory/<slug>
    QString target;       ///< the branch to integrate into
    QString pipelineYaml; ///< the pipeline as frozen at creation, in canonical YAML
    QString contractYaml; ///< the contract as given (or the default one), frozen at creation
    QString contractFile; ///< where that was read from, relative to the repository's root; empty: not inside of it
    AuthorKind author = AuthorKind::Person;
    QString authorSource; ///< path of the playbook; empty for a person
    QString traceId;      ///< 32 hex digits (W3C trace context)
    qint64 createdMs = 0; ///< wall time
    std::vector<JobId> dependsOn;
    bool reviewSpec = false; ///< a person looks at the spec before it is frozen
};

/// What operators set; the engine reads it before each step.
struct Wishes {
    Priority priority = Priority::P2;
    bool paused = false;
    QString pauseReason;
    bool cancelAsked = false;
    bool archived = false;
    /// Numbers of the tickets that a person does in place of the job's author, ascending; 0: the change as a whole.
    std::vector<int> taken = {};
    bool operator==(const Wishes &) const = default;
};

struct Job {
    JobIdentity identity;
    Progress progress;
    Wishes wishes;
    qint64 revision = 0;  ///< grows by one with each transaction that touches the job
    qint64 updatedMs = 0; ///< wall time of the last of them
    qint64 finishedMs = 0;

    const JobId &id() const { return identity.id; }
    const Slug &slug() const { return *identity.slug; }
};

bool isFinal(
    JobState state); ///< done, cancelled, rolled_back: left by nothing; failed and ci_failed are left by a retry only
bool isEnded(JobState state); ///< final, failed or ci_failed: nothing happens by itself any more

QJsonObject toJson(const Documents &);
Documents documentsFrom(const QJsonObject &);

QString toName(JobState);
QString toName(WaitKind);
QString toName(Priority);
QString toName(CoarseStatus);
QString toName(AuthorKind);
std::optional<JobState> jobStateFrom(QStringView);
std::optional<WaitKind> waitKindFrom(QStringView);
std::optional<Priority> priorityFrom(QStringView);
std::optional<CoarseStatus> coarseStatusFrom(QStringView);
std::optional<AuthorKind> authorKindFrom(QStringView);
CoarseStatus coarseStatus(const Job &job);

} // namespace openfactory
