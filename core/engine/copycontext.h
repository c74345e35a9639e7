// SPDX-License-Identifier: Apache-2.0
/// A stage as it sees itself in a copy of the workspace, beside what goes on there. Its commands see a folder and a
/// home of their own, so that nothing which runs at the same time can change what they judge. Knows no store: what it
/// ran lies in a ledger until somebody tells the store of it.
#pragma once

#include "core/engine/jobfolder.h"
#include "core/engine/ports.h"

#include <condition_variable>
#include <mutex>

namespace openfactory {

/// What was run in a copy, for the thread that tells the store of it. Thread-safe.
class SideLedger {
public:
    struct Command {
        CommandRecord record; ///< without number and log of the attempt
        QString logPath;      ///< where its output lies now, absolute
    };
    struct Kept {
        QString name;
        QByteArray bytes;
    };

    /// Returns its place in the ledger.
    size_t begin(Command command);
    void end(size_t place, const CommandRecord &record);
    void keep(Kept file);
    /// What the stage judges there (inputsKey()), before anything is run.
    void judge(const QString &inputs);
    /// Nothing more comes.
    void close();

    /// Waits until the command of that place has begun, or ended; nothing where the ledger was closed before.
    std::optional<Command> begun(size_t place);
    std::optional<Command> ended(size_t place);
    std::vector<Kept> kept();
    /// Waits for it; empty where it was never told.
    QString judged();

private:
    std::optional<Command> wait(size_t place, bool finished);

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Command> m_commands;
    std::vector<Kept> m_kept;
    QString m_inputs;
    bool m_closed = false;
};

/// All that a stage in a copy needs of its job, as values: it lives on a thread of its own.
struct SideJob {
    const EnginePorts *ports = nullptr;
    Job job;
    Contract contract;
    Pipeline pipeline;
    ToolchainInfo toolchain;
    StageDefinition stage;
    int attempt = 0;
    WorkspaceRef workspace; ///< the one that is copied
    QString gitFolder;
    CommitId content;  ///< what lies there
    TreeId tree;       ///< and its tree
    CommitId base;     ///< where the change began
    QByteArray beside; ///< digest of what lies in the workspace beside the files of `content`
    QByteArray home;   ///< and of the job's home
};

/// One thread; lives for one attempt of a stage.
class CopyContext : public StageContext {
public:
    /// `place` is a folder that only this context writes to.
    CopyContext(const SideJob &side, SideLedger &ledger, QString place, std::stop_token stop);
    ~CopyContext() override;

    /// Writes the copy out, before anything is run. Unsupported where it would not be like the workspace.
    Result<void> open();
    /// Whether there is nothing beside the commit's files, or in the home, that was not there at first.
    bool isAsMade() const;
    const SideJob &side() const { return m_side; }
    SideLedger &ledger() { return m_ledger; }
    QString home() const { return m_place + (m_now ? QStringLiteral("/base-home") : QStringLiteral("/home")); }

    const Job &job() const override { return m_side.job; }
    const Contract &contract() const override { return m_side.contract; }
    const Pipeline &pipeline() const override { return m_side.pipeline; }
    const StageDefinition &stage() const override { return m_side.stage; }
    int attempt() const override { return m_side.attempt; }
    const std::stop_token &stop() const override { return m_stop; }
    WorkspaceRef workspace() const override;
    Workspaces &git() const override { return *m_side.ports->git; }
    const Toolchains &toolchains() const override { return *m_side.ports->toolchains; }
    const ToolchainInfo &toolchain() const override { return m_side.toolchain; }
    const ReviewRules &reviewRules() const override { return *m_side.ports->reviewRules; }
    const SecretScan &secretScan() const override { return *m_side.ports->secretScan; }
    Result<ChangeSet> change() override;
    Result<StageContext *> before() override;
    Result<std::vector<std::pair<QString, Verdict>>> verdicts() override;
    Result<std::vector<Risk>> risks() override;
    QString workspaceInside() const override;
    QString reportsInside() const override;
    Result<QByteArray> report(const QString &name, qint64 mostBytes) override;
    bool hasProgram(const QString &program) const override { return m_side.ports->runner->hasProgram(program); }
    Result<CommandRun> run(const PlannedCommand &command) override;
    Result<void> keepArtifact(const QString &name, const QByteArray &bytes) override;

private:
    CopyContext(CopyContext &now);
    QString files() const { return m_place + (m_now ? QStringLiteral("/base") : QStringLiteral("/work")); }
    Result<void> makeReports();

    const SideJob &m_side;
    SideLedger &m_ledger;
    QString m_place;
    std::stop_token m_stop;
    QString m_reports;
    bool m_open = false;
    CopyContext *m_now = nullptr; ///< this one is before() of that
    std::unique_ptr<CopyContext> m_before;
    std::optional<ChangeSet> m_change;
    int m_commands = 0;
};

/// What lies in a folder of a job's files beside those of the commit and is read by commands all the same: ignored
/// files, folders without a file. Nothing where it cannot be told.
std::optional<QByteArray> besideDigest(Workspaces &git, const QString &repository, const CommitId &content,
                                       const QString &folder);
/// What lies in a home, but for its caches and the attempts' reports.
std::optional<QByteArray> homeDigest(const QString &home);

} // namespace openfactory
