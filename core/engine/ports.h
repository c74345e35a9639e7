// SPDX-License-Identifier: Apache-2.0
/// All that the engine needs from outside, put together once by app/wiring. The ports outlive the engine and are safe
/// to call from any thread; stores are opened per thread.
#pragma once

#include "core/base/clock.h"
#include "core/domain/author.h"
#include "core/domain/forge.h"
#include "core/domain/stage.h"
#include "core/domain/store.h"
#include "core/engine/places.h"

namespace openfactory {

struct EngineSettings {
    QString dataFolder;
    int workers = 2;                             ///< jobs that run at the same time
    std::chrono::milliseconds leaseTerm{15'000}; ///< renewed every third of it
    std::chrono::milliseconds busyPoll{1'000};   ///< fallback polling while jobs run or wait for a time
    std::chrono::milliseconds idlePoll{60'000};  ///< and while nothing is to be done
    std::chrono::milliseconds watchPoll{2'000};  ///< how often a person's workspace is looked at, where asked for
    bool watchPeople = false;                    ///< take up a person's change once it stands still for one watchPoll
    bool spareWorkspaces = true;                 ///< write out a large repository's files ahead of its next job
    qint64 diskFloorMb = 64;                     ///< below it no command is started
    bool answerFromRecord = true;                ///< a gate whose inputs are unchanged since a pass is not run again
    int gatesAtOnce = 0; ///< of all jobs of the process; 1: one after another, 0: as many as there are cores
    QString judge; ///< names the build of what plans, reads and judges; empty: nothing is answered from the record
    JobBudget jobBudget;           ///< of what a job's author asks of models
    bool brokenAuditWarns = false; ///< go on with a broken audit log, by name only
    QString homeInside;            ///< where a job's home appears inside the sandbox; empty: there is no sandbox
    QString workspaceInside;       ///< and its workspace
};

struct EnginePorts {
    EngineSettings settings;
    StoreOpener openStore;
    /// Shows other processes that this owner of leases lives, for as long as the returned thing does.
    std::function<Result<std::shared_ptr<void>>(const QString &owner)> showAlive;
    /// Takes the right to change what lies outside the store for a job: one process at a time, whoever owns the job by
    /// then. Waits for it; Timeout where the one who has it stands still in the middle.
    std::function<Result<std::shared_ptr<void>>(const JobId &job)> holdEffects;
    const Clock *clock = nullptr;
    Workspaces *git = nullptr;
    CommandRunner *runner = nullptr;
    const Toolchains *toolchains = nullptr;
    const ReviewRules *reviewRules = nullptr;
    const SecretScan *secretScan = nullptr;
    const Masker *masker = nullptr;
    const Authors *authors = nullptr;
    const Forges *forges = nullptr;
    const StageHandlers *handlers = nullptr;
    std::shared_ptr<Places> places; ///< for gates beside each other; null: one after another
};

inline QString waitForWorkerText()
{
    return QStringLiteral("a free worker (factory run or factory worker takes it up)");
}

/// The wait of a job that is due at once: it goes on as soon as a worker is free.
inline Wait waitForWorker(const Clock &clock)
{
    return {WaitKind::Retry, waitForWorkerText(), clock.wallMs(), clock.bootMs(), clock.bootId()};
}

} // namespace openfactory
