// SPDX-License-Identifier: Apache-2.0
/// The runner of commands: allowlist, environment, sandbox, limits, capture (design.md, law 7).
#pragma once

#include "core/domain/commands.h"
#include "core/process/sandboxfacts.h"
#include "core/process/sandboxpool.h"

namespace openfactory {

/// Off must be asked for by name by the operator; commands then run as the user, with everything the user may do.
enum class SandboxMode { Bubblewrap, Off };

struct RunnerOptions {
    SandboxMode mode = SandboxMode::Bubblewrap;
    const Masker *masker = nullptr; ///< not owned, outlives the runner; null: nothing is masked, secrets are refused
    QString bwrap = QStringLiteral("/usr/bin/bwrap");
    QString systemdRun = QStringLiteral("/usr/bin/systemd-run"); ///< used where it works
    QString helpers; ///< folder of of-sandbox-init and of-sandbox-probe; empty: looked for beside the program
    std::chrono::milliseconds grace{500};   ///< between SIGTERM and SIGKILL
    std::chrono::milliseconds idle{10'000}; ///< how long a sandbox waits for the next command of its scope; 0: never
};

/// Thread-safe; runs as many commands at once as there are callers.
class SandboxedRunner : public CommandRunner {
public:
    explicit SandboxedRunner(RunnerOptions options);
    ~SandboxedRunner() override;

    Result<CommandOutcome> run(const CommandRequest &request, const std::stop_token &stop) override;
    Result<int> endStrays(const QString &workspace) override;
    bool hasProgram(const QString &program) const override;
    QStringList layers() const override;
    std::optional<QByteArray> toolState(const QStringList &programs) const override;

    /// Looks at a sandbox from inside, once; no command runs unless the facts are the expected ones. NotFound or
    /// Unavailable with the reason and the remedy. Unsupported where the sandbox is off.
    Result<SandboxFacts> probe() const;
    /// Whether commands can be run at all, which they can where the sandbox was switched off. Unavailable with the
    /// reason and the remedy, or DiskFull: it is the host's fault, not the command's.
    Result<void> setUp() const;

private:
    struct Prepared;
    Result<Prepared> prepare(const CommandRequest &request) const;
    Result<CommandOutcome> execute(const CommandRequest &request, const InsideCommand &command,
                                   const OpenedScope &scope, const std::stop_token &stop, bool probing) const;
    Result<SandboxFacts> lookInside() const;
    Result<SandboxTools> findTools() const;

    const RunnerOptions m_options;
    // Made by whoever needs it first, under the mutex; constant once it is there.
    mutable std::mutex m_mutex;
    mutable Descriptor m_landlock;
    mutable std::unique_ptr<SandboxPool> m_pool; ///< null where the tools are missing
    mutable Result<SandboxFacts> m_facts;
};

} // namespace openfactory
