// SPDX-License-Identifier: Apache-2.0
/// A whole engine for tests: real repository, real store, real git, the built-in stages and authors. Only the tools are
/// scripted: what a gate says depends on files in the workspace, as it does with real tools.
///   broken-<kind>  the gate fails (its content is the message)     down-<kind>  the tool says that a service is down
///   coverage       per cent that the coverage gate measures (90 without it); after it a path and a line of its first
///                  three that no test runs: "70 b.txt 2"
#pragma once

#include "core/authors/authorsbykind.h"
#include "core/engine/jobrun.h"
#include "core/engine/operatordesk.h"
#include "core/git/gitworkspaces.h"
#include "core/security/secretmasker.h"
#include "core/security/tokenscan.h"
#include "core/stages/handlers.h"
#include "core/store/ownerlock.h"
#include "core/store/sqlitejobstore.h"
#include "tests/testlib/manualclock.h"
#include "tests/testlib/scratchrepository.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <atomic>
#include <csignal>

namespace openfactory {

/// Plays the tools. Thread-safe; `hold` makes a command wait until it is stopped or let go.
class ScriptedRunner : public CommandRunner {
public:
    std::atomic<int> commands = 0;
    std::atomic<bool> hold = false;
    QString refused;                                   ///< kind whose command the allowlist refuses
    QString killed;                                    ///< kind whose command ends by SIGKILL from outside
    std::function<void(const CommandRequest &)> onRun; ///< called before each command
    std::optional<QByteArray> tools;                   ///< what toolState() says
    /// What a command prints instead; "named +a -b": the test a passes, b fails.
    std::function<std::optional<QByteArray>(const CommandRequest &)> says;

    Result<CommandOutcome> run(const CommandRequest &request, const std::stop_token &stop) override
    {
        ++commands;
        if (onRun)
            onRun(request);
        while (hold && !stop.stop_requested())
            QTest::qSleep(2);
        CommandOutcome outcome;
        outcome.layers = layers();
        if (stop.stop_requested()) {
            outcome.ending = CommandOutcome::Ending::Cancelled;
            return outcome;
        }
        const QString kind = request.argv.value(1);
        if (!refused.isEmpty() && kind == refused)
            return fail(ErrorKind::Denied, QStringLiteral("run `gate %1`").arg(kind),
                        QStringLiteral("no pattern allows it"));
        const auto text = [&](const QString &name) -> std::optional<QByteArray> {
            QFile file(request.scope.workspace + QLatin1Char('/') + name);
            return file.open(QIODevice::ReadOnly) ? std::optional(file.readAll()) : std::nullopt;
        };
        QByteArray output = kind == QStringLiteral("coverage") ? text(QStringLiteral("coverage")).value_or("90")
                                                               : QByteArray("fine");
        outcome.exitCode = 0;
        const auto said = says ? says(request) : std::nullopt;
        if (said) {
            output = *said;
            outcome.exitCode = said->contains(" -") ? 1 : 0;
        } else if (const auto broken = text(QStringLiteral("broken-") + kind)) {
            output = *broken;
            outcome.exitCode = 1;
        } else if (text(QStringLiteral("down-") + kind)) {
            output = "service down";
            outcome.exitCode = 1;
        }
        if (!killed.isEmpty() && kind == killed) {
            outcome.ending = CommandOutcome::Ending::Signal;
            outcome.signal = SIGKILL;
        }
        QFile log(request.logPath);
        if (!log.open(QIODevice::WriteOnly) || log.write(output) != output.size())
            return fail(ErrorKind::Io, QStringLiteral("write the log"), log.errorString());
        return outcome;
    }
    Result<int> endStrays(const QString &) override { return 0; }
    bool hasProgram(const QString &program) const override { return program != QStringLiteral("absent"); }
    QStringList layers() const override { return {QStringLiteral("scripted")}; }
    std::optional<QByteArray> toolState(const QStringList &) const override { return tools; }
};

class ScriptedToolchains : public Toolchains {
public:
    QString program = QStringLiteral("gate");
    QStringList caches;     ///< that every command keeps
    bool formatter = false; ///< lint may mend: by `gate format`

    Result<std::vector<ToolchainInfo>> detect(const QString &) const override
    {
        return std::vector{ToolchainInfo{QStringLiteral("script"), {}, {}}};
    }
    Result<ToolchainInfo> byName(const QString &) const override
    {
        return ToolchainInfo{QStringLiteral("script"), {}, {}};
    }
    Result<SourceLayout> layout(const ToolchainInfo &, const QString &) const override { return SourceLayout{}; }
    bool isTest(const ToolchainInfo &, const RepoPath &path) const override { return path.startsWith("tests/"); }
    std::vector<SourceFunction> functions(const RepoPath &, const QByteArray &) const override { return {}; }
    QByteArray sources; ///< ending of the files that a program is made of; empty: none
    std::optional<RepoPath> importUnit(const RepoPath &path) const override
    {
        return !sources.isEmpty() && path.endsWith(sources) ? std::optional(path) : std::nullopt;
    }
    std::vector<SourceImport> imports(const RepoPath &, const QByteArray &, const SourceFiles &) const override
    {
        return {};
    }
    Result<StagePlan> plan(const ToolchainInfo &, StageKind stage, const QString &, const QString &,
                           const std::vector<RepoPath> &) const override
    {
        PlannedCommand command;
        command.argv = {QStringLiteral("gate"), toName(stage)};
        command.program = program;
        command.howToInstall = QStringLiteral("apt install gate");
        command.caches = caches;
        command.reports.push_back({toName(stage), {}});
        StagePlan made;
        made.commands.push_back(command);
        if (formatter && stage == StageKind::Lint) {
            command.argv = {QStringLiteral("gate"), QStringLiteral("format")};
            command.reports.clear();
            made.fixes.push_back(command);
        }
        made.transientPatterns << QStringLiteral("service down");
        return made;
    }
    Result<Report> read(const QString &kind, const QByteArray &bytes, const QString &) const override
    {
        Report report;
        if (kind == QStringLiteral("coverage")) {
            const QByteArrayList words = bytes.split(' ');
            report.coverage = Coverage{100, words.first().toInt(), {}};
            if (words.size() == 3)
                report.coverage->files.push_back({words[1], 3, 2, {words[2].toInt()}, {1, 2, 3}});
        }
        if (kind == QStringLiteral("unit-test"))
            report.tests = bytes == "fine" ? TestCounts{1, 0, 0} : TestCounts{0, 1, 0};
        if (bytes.startsWith("named")) {
            report.tests = TestCounts{int(bytes.count(" +")), int(bytes.count(" -")), 0};
            for (const QByteArray &word : bytes.split(' ')) {
                const QString name = QString::fromUtf8(word.mid(1));
                if (word.startsWith('+'))
                    report.passed << name;
                if (word.startsWith('-')) {
                    Finding finding;
                    finding.tool = QStringLiteral("gate");
                    finding.message = name + QStringLiteral(" fails");
                    finding.test = name;
                    report.findings.push_back(finding);
                }
            }
            return report;
        }
        // "many N": as many findings, each another one.
        const int many = bytes.startsWith("many ") ? bytes.sliced(5).toInt() : 0;
        for (int i = 0; i < many; ++i) {
            Finding finding;
            finding.tool = QStringLiteral("gate");
            finding.test = QStringLiteral("test_%1").arg(i);
            finding.message = QStringLiteral("it failed");
            report.findings.push_back(finding);
        }
        if (bytes != "fine" && many == 0 && kind != QStringLiteral("coverage")) {
            Finding finding;
            finding.tool = QStringLiteral("gate");
            finding.message = QString::fromUtf8(bytes);
            report.findings.push_back(finding);
        }
        return report;
    }
};

class NoRules : public ReviewRules {
public:
    Result<std::vector<Finding>> review(const ChangeSet &) const override { return std::vector<Finding>{}; }
};

class EngineWorld {
public:
    explicit EngineWorld(const Clock *clock = nullptr)
        : m_scan(m_masker),
          m_git(GitIdentity{QStringLiteral("Factory"), QStringLiteral("factory@localhost"), {}})
    {
        repository.write("a.txt", "first\n");
        repository.commitAll();
        ports.settings.dataFolder = repository.outside() + QStringLiteral("/data");
        ports.settings.diskFloorMb = 0;
        ports.clock = clock ? clock : &manual;
        ports.openStore = storeOpener(ports.settings.dataFolder, *ports.clock);
        ports.holdEffects = [folder = ports.settings.dataFolder](const JobId &job) -> Result<std::shared_ptr<void>> {
            OF_TRY(lock, EffectLock::acquire(folder, job.text(), std::chrono::seconds(1)));
            return std::make_shared<EffectLock>(std::move(lock));
        };
        ports.showAlive = [folder = ports.settings.dataFolder](const QString &owner) -> Result<std::shared_ptr<void>> {
            OF_TRY(lock, OwnerLock::acquire(folder, owner));
            return std::make_shared<OwnerLock>(std::move(lock));
        };
        ports.git = &m_git;
        ports.runner = &runner;
        ports.toolchains = &toolchains;
        ports.reviewRules = &m_rules;
        ports.secretScan = &m_scan;
        ports.masker = &m_masker;
        ports.authors = &m_authors;
        ports.handlers = &m_handlers;
        store = *ports.openStore();
        desk = std::make_unique<OperatorDesk>(ports, *store, QStringLiteral("tester"));
    }

    /// A job with a playbook of whole-file changes: {for, {path, content}...} each.
    struct Change {
        QByteArray answers;
        QList<QPair<QByteArray, QByteArray>> files;
    };
    Job playbookJob(const QString &slug, const QList<Change> &changes, const QByteArray &contract = {})
    {
        QByteArray yaml = "playbook: test\nchanges:\n";
        for (const Change &change : changes) {
            yaml += change.answers.isEmpty()
                        ? QByteArray("  - summary: \"a change\"\n    write:\n")
                        : QByteArray("  - for: " + change.answers + "\n    summary: \"a change\"\n    write:\n");
            for (const auto &[path, content] : change.files)
                yaml += "      \"" + path + "\": \"" + content + "\"\n";
        }
        const QString path = repository.outside() + QLatin1Char('/') + slug + QStringLiteral(".yaml");
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(yaml) != yaml.size())
            qFatal("the playbook could not be written");
        file.close();
        NewJob wanted = plain(slug, contract);
        wanted.author = AuthorKind::Playbook;
        wanted.authorSource = path;
        return made(wanted);
    }
    Job personJob(const QString &slug, const QByteArray &contract = {}) { return made(plain(slug, contract)); }
    NewJob plain(const QString &slug, const QByteArray &contract = {}) const
    {
        NewJob wanted;
        wanted.slug = slug;
        wanted.repository = repository.path();
        wanted.contract = contract;
        return wanted;
    }
    Job made(const NewJob &wanted)
    {
        const auto job = desk->create(wanted);
        if (!job)
            qFatal("%s", qPrintable(toText(job.error())));
        return *job;
    }

    /// Claims the job as another engine would, and does the work on this thread.
    Result<JobRun::End> run(
        const Job &job, const std::function<Result<JobRun::End>(JobRun &)> &work = [](JobRun &r) { return r.run(); },
        std::stop_token stop = {})
    {
        OF_TRY(lease, store->claim(job.id(), newUlid(), std::chrono::seconds(60)));
        OF_TRY(run, JobRun::open(ports, *store, lease, stop));
        return work(*run);
    }

    Job now(const Job &job) const { return *store->job(job.id()); }
    /// "implement/1 passed, unit-test/1 reverted, ..."
    QString ledger(const Job &job) const
    {
        QStringList parts;
        const auto attempts = *store->attempts(job.id());
        for (const auto &attempt : attempts)
            parts << QStringLiteral("%1/%2 %3").arg(attempt.stage).arg(attempt.number).arg(toName(attempt.state));
        return parts.join(QStringLiteral(", "));
    }
    AttemptRecord attempt(const Job &job, const QString &stage, int number) const
    {
        const auto attempts = *store->attempts(job.id());
        for (const auto &attempt : attempts) {
            if (attempt.stage == stage && attempt.number == number)
                return attempt;
        }
        return {};
    }
    GateAnswer approval(const Job &job, const QStringList &risks = {}) const
    {
        GateAnswer answer;
        answer.binding = now(job).progress.gate;
        answer.acceptedRisks = risks;
        answer.comment = QStringLiteral("seen");
        return answer;
    }
    void writeInWorkspace(const Job &job, const QByteArray &path, const QByteArray &content) const
    {
        ScratchRepository::writeAt(workspaceOf(job.identity).path, path, content);
    }

    ScratchRepository repository;
    ManualClock manual;
    ScriptedRunner runner;
    ScriptedToolchains toolchains;
    EnginePorts ports;
    std::unique_ptr<JobStore> store;
    std::unique_ptr<OperatorDesk> desk;

private:
    SecretMasker m_masker;
    TokenScan m_scan;
    GitWorkspaces m_git;
    NoRules m_rules;
    AuthorsByKind m_authors;
    BuiltInStages m_handlers;
};

} // namespace openfactory
