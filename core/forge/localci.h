// SPDX-License-Identifier: Apache-2.0
/// The CI of the local forge: takes queued checks out of the store, writes the commit's files out afresh and runs in
/// the sandbox what the repository says, `.ci/run` or else its language's tests. A check belongs to the process that
/// holds its lock; one whose process died is begun again.
#pragma once

#include "core/domain/store.h"
#include "core/domain/toolchains.h"
#include "core/domain/workspaces.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace openfactory {

class Clock;

/// What the CI needs; all of it outlives it.
struct LocalCiPorts {
    QString folder; ///< <data>/forge
    StoreOpener openStore;
    const Clock *clock = nullptr;
    Workspaces *git = nullptr;
    CommandRunner *runner = nullptr;
    const Toolchains *toolchains = nullptr;
    QString homeInside; ///< empty: there is no sandbox
    QString workspaceInside;
    std::function<void(const QString &job)> done; ///< called on the CI's thread when a check of the job is completed
};

/// Where the local forge keeps the repository of a working folder, and what it keeps of one check.
QString bareOf(const QString &forgeFolder, const QString &repository);
QString checkFolder(const QString &forgeFolder, const QString &check);

class LocalCi {
public:
    explicit LocalCi(LocalCiPorts ports);
    /// Stops the check that runs: the next process begins it again.
    ~LocalCi();
    /// There may be something to do. Any thread.
    void kick();

private:
    /// What one check came to.
    struct Came {
        CheckConclusion conclusion = CheckConclusion::Error;
        QString summary;
        std::vector<Finding> findings;
        int checked = 0; ///< commands that had something to check
        bool failed = false;
        TestCounts counts;
    };
    void loop(const std::stop_token &stop);
    Result<bool> workOnOne(JobStore &store, const std::stop_token &stop);
    /// Nothing where this process is to end: then nothing has come of it.
    std::optional<Came> runUnlessCancelled(const ForgeCheck &check, const std::stop_token &stop);
    Result<Came> run(const ForgeCheck &check, const std::stop_token &stop);
    Result<StagePlan> planOf(const QString &checkout, const QString &reports, std::vector<CommandPattern> &allowed);
    Result<void> runCommand(const PlannedCommand &command, const CommandRequest &base, const QString &folder,
                            Came &came, const std::stop_token &stop);

    const LocalCiPorts m_ports;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_kicked = false;
    std::jthread m_thread; ///< last: its end comes before the rest goes; started by the first kick
};

} // namespace openfactory
