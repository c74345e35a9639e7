// SPDX-License-Identifier: Apache-2.0
/// A real job of many commands: wiring, engine, store, git, runner and masker as `factory` has them. Only what the
/// language would plan is ours: one stage that runs the same command again and again.
#include "app/wiring/factory.h"
#include "core/engine/jobrun.h"
#include "core/engine/operatordesk.h"
#include "core/process/sandboxedrunner.h"
#include "tests/bench/bench.h"

#include <QFile>
#include <QThread>

#include <unistd.h>

#include <cerrno>

namespace openfactory::bench {

namespace {

class Repeated : public Toolchains {
public:
    QStringList argv;
    int count = 0;
    QString file; ///< made visible in the workspace as "big", where it is named

    Result<std::vector<ToolchainInfo>> detect(const QString &) const override { return std::vector{info()}; }
    Result<ToolchainInfo> byName(const QString &) const override { return info(); }
    Result<StagePlan> plan(const ToolchainInfo &, StageKind, const QString &folder, const QString &,
                           const std::vector<RepoPath> &) const override
    {
        if (!file.isEmpty()
            && ::link(QFile::encodeName(file).constData(),
                      QFile::encodeName(folder + QStringLiteral("/big")).constData())
                   != 0
            && errno != EEXIST)
            return std::unexpected(errnoError(errno, QStringLiteral("link %1").arg(file)));
        PlannedCommand command;
        command.argv = argv;
        command.program = argv.first();
        StagePlan made;
        made.commands.assign(size_t(count), command);
        return made;
    }
    Result<SourceLayout> layout(const ToolchainInfo &, const QString &) const override { return SourceLayout{}; }
    bool isTest(const ToolchainInfo &, const RepoPath &) const override { return false; }
    std::vector<SourceFunction> functions(const RepoPath &, const QByteArray &) const override { return {}; }
    std::optional<RepoPath> importUnit(const RepoPath &) const override { return std::nullopt; }
    std::vector<SourceImport> imports(const RepoPath &, const QByteArray &, const SourceFiles &) const override
    {
        return {};
    }
    Result<Report> read(const QString &, const QByteArray &, const QString &) const override { return Report{}; }

private:
    ToolchainInfo info() const { return {QStringLiteral("bench"), {}, {{argv}}}; }
};

} // namespace

/// job FOLDER off|warm|cold COUNT FILE|- WORD...   FOLDER/repo is a repository; the store is FOLDER/data. Prints the
/// time from a command's start to the next one's, and the last command's own time and bytes.
int job(const QStringList &words)
{
    const QString data = words[0] + QStringLiteral("/data");
    const auto factory = need(Factory::create(data));
    EnginePorts ports = factory->ports();
    Repeated toolchains;
    toolchains.count = words[2].toInt();
    toolchains.file = words[3] == u"-" ? QString() : words[3];
    toolchains.argv = words.mid(4);
    ports.toolchains = &toolchains;
    ports.settings.answerFromRecord = false; // each of these jobs is the last one's twin
    RunnerOptions options;
    options.masker = ports.masker;
    if (words[1] == u"off")
        options.mode = SandboxMode::Off;
    if (words[1] == u"cold")
        options.idle = std::chrono::milliseconds(0);
    SandboxedRunner runner(options);
    ports.runner = &runner;

    const auto store = need(ports.openStore());
    OperatorDesk desk(ports, *store, QStringLiteral("bench"));
    NewJob wanted;
    wanted.slug = QStringLiteral("bench-%1").arg(newUlid().right(10).toLower());
    wanted.repository = words[0] + QStringLiteral("/repo");
    wanted.contract = "contract:\n  language: bench\n  pipeline:\n    - name: static\n    - name: accept\n";
    const Job made = need(desk.create(wanted));
    const Lease lease = need(store->claim(made.id(), newUlid(), std::chrono::minutes(10)));
    const auto run = need(JobRun::open(ports, *store, lease, {}));
    (void)need(run->run(StageRange{0, 0}));

    const auto commands = need(store->commands(made.id()));
    if (int(commands.size()) != toolchains.count || commands.back().exitCode != 0)
        qFatal("the job ran %zu commands, the last one ended as %s", commands.size(),
               commands.empty() ? "-" : qPrintable(commands.back().ending));
    std::vector<qint64> starts;
    const auto events = need(store->eventsAfter(0, made.id(), 1'000'000));
    for (const EventRecord &event : events)
        if (event.kind == u"command-started")
            starts.push_back(event.atMs);
    if (starts.size() > 1)
        say("ms_per_command", double(starts.back() - starts.front()) / double(starts.size() - 1));
    say("last_ms", double(commands.back().durationMs));
    say("last_bytes", double(commands.back().outputBytes));
    return 0;
}

} // namespace openfactory::bench
