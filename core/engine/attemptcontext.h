// SPDX-License-Identifier: Apache-2.0
/// One attempt as its stage sees it: runs commands with a row before and after each, keeps artifacts. And the same
/// where the change began (before()). Worker thread; lives for one attempt.
#pragma once

#include "core/engine/jobsession.h"

namespace openfactory {

class JobEffects;
class RecordedForge;
class SideWork;

class AttemptContext : public StageContext {
public:
    AttemptContext(JobSession &session, const StageDefinition &stage, const AttemptRecord &attempt,
                   std::stop_token stop, JobEffects *effects = nullptr);
    ~AttemptContext() override;

    /// Makes the attempt's fresh report folder.
    Result<void> open();
    /// As just opened, for another run of the stage: nothing of the first is taken for the second's.
    Result<void> reopen();
    /// The attempt with what it judges: mend() changes that.
    const AttemptRecord &judged() const { return m_judged; }
    /// Rows of the artifacts kept so far, for the step that ends the attempt.
    std::vector<ArtifactRecord> takeArtifacts() { return std::move(m_artifacts); }
    /// Before the change it is another one: what the change left in a cache is not met there.
    QString home() const { return m_now ? m_base + QStringLiteral("-home") : m_session.folder().home(); }
    /// Waits for what runs beside and tells the store of it, as of what had been run here and now. False where it came
    /// to nothing.
    Result<bool> take(SideWork &work);

    const Job &job() const override { return m_session.job(); }
    const Contract &contract() const override { return m_session.contract(); }
    const Pipeline &pipeline() const override { return m_session.pipeline(); }
    const StageDefinition &stage() const override { return m_stage; }
    int attempt() const override { return m_attempt; }
    const std::stop_token &stop() const override { return m_stop; }
    WorkspaceRef workspace() const override;
    Workspaces &git() const override { return *m_session.ports().git; }
    const Toolchains &toolchains() const override { return *m_session.ports().toolchains; }
    const ToolchainInfo &toolchain() const override { return m_session.toolchain(); }
    const ReviewRules &reviewRules() const override { return *m_session.ports().reviewRules; }
    const SecretScan &secretScan() const override { return *m_session.ports().secretScan; }
    QString workspaceInside() const override;
    Result<ChangeSet> change() override;
    Result<StageContext *> before() override;
    const Ticket *ticket() const override;
    Result<StageContext *> beforeWithTests() override;
    Result<QByteArray> patch() override;
    Result<DocumentAnswer> document() override;
    Result<QByteArray> frozen(const QString &name) override;
    Result<std::optional<Wait>> review(const QByteArray &json, const QString &yaml) override;
    Result<std::vector<std::pair<QString, Verdict>>> verdicts() override;
    Result<std::vector<Risk>> risks() override;
    QString reportsInside() const override;
    Result<QByteArray> report(const QString &name, qint64 mostBytes) override;
    bool hasProgram(const QString &program) const override { return m_session.ports().runner->hasProgram(program); }
    Result<CommandRun> run(const PlannedCommand &command) override;
    Result<bool> mend(const std::function<Result<void>()> &fix) override;
    std::unique_ptr<WorkBeside> beside(std::function<Result<void>(StageContext &)> work) override;
    Result<void> keepArtifact(const QString &name, const QByteArray &bytes) override;
    Result<Forge *> forge() override;
    Result<std::optional<PullRecord>> pull() override;
    Result<void> keepPull(const PullRecord &pull) override;
    Result<JobRecord> record() override;
    std::vector<ArtifactRecord> kept() const override { return m_artifacts; }
    QStringList sandboxLayers() const override { return m_session.ports().runner->layers(); }
    Result<void> secretReadable(const QString &name) const override;
    qint64 freeBytes() const override;
    Result<void> authorReady() override;

private:
    AttemptContext(AttemptContext &now, QString base);
    /// Where the change began: the ticket's beginning, or the merge base.
    Result<CommitId> changeStart();
    Result<DocumentRequest> documentRequest();
    QString basePath() const { return m_session.folder().path() + QStringLiteral("/base"); }
    QString path(const QString &name) const { return home() + QLatin1Char('/') + name; }
    CommandRequest request(const PlannedCommand &command, const QString &logPath) const;
    /// Gives the row its place in the attempt; returns where its log lies.
    QString numbered(CommandRecord &record);
    /// A row before a command, and one after it.
    Result<void> tell(const CommandRecord &record);

    JobSession &m_session;
    StageDefinition m_stage;
    int m_attempt;
    AttemptRecord m_judged;
    std::stop_token m_stop;
    JobEffects *m_effects;           ///< null: nothing is mended here
    QString m_reports;               ///< name of the report folder below the job's home
    AttemptContext *m_now = nullptr; ///< this one is before() of that
    QString m_base;                  ///< where its files lie
    std::unique_ptr<AttemptContext> m_before;
    bool m_testsThere = false; ///< in m_before
    int m_commands = 0;
    std::vector<ArtifactRecord> m_artifacts;
    std::unique_ptr<RecordedForge> m_forge;
};

} // namespace openfactory
