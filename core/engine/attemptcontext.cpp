// SPDX-License-Identifier: Apache-2.0
#include "core/engine/attemptcontext.h"

#include "core/base/file.h"
#include "core/engine/evidence.h"

#include <QFile>

#include <sys/statvfs.h>

#include <filesystem>

namespace openfactory {

namespace {

/// With the sandbox turned off there is no inside: a command sees the folder where it is.
QString seenAs(const QString &inside, const QString &outside)
{
    return inside.isEmpty() ? outside : inside;
}

/// Does not follow links.
void removeTree(const QString &path)
{
    std::error_code ignored;
    std::filesystem::remove_all(std::filesystem::path(QFile::encodeName(path).toStdString()), ignored);
}

} // namespace

AttemptContext::AttemptContext(JobSession &session, const StageDefinition &stage, int attempt, std::stop_token stop)
    : m_session(session),
      m_stage(stage),
      m_attempt(attempt),
      m_stop(std::move(stop))
{}

AttemptContext::AttemptContext(AttemptContext &now, QString base)
    : AttemptContext(now.m_session, now.m_stage, now.m_attempt, now.m_stop)
{
    m_now = &now;
    m_base = std::move(base);
}

AttemptContext::~AttemptContext()
{
    if (!m_reports.isEmpty())
        removeTree(path(m_reports)); // what is left is swept with the job
    if (m_now) {
        removeTree(m_base);
        removeTree(home());
    }
}

Result<StageContext *> AttemptContext::before()
{
    if (m_now)
        return this;
    if (m_before)
        return m_before.get();
    const QString base = basePath();
    OF_CHECK(makeFolder(base));
    std::unique_ptr<AttemptContext> made(new AttemptContext(*this, base));
    OF_CHECK(made->open());
    OF_TRY(commit, m_session.changeBase(m_session.progress().head));
    OF_CHECK(git().writeOut(m_session.job().identity.repository, commit, base, m_stop));
    m_before = std::move(made);
    return m_before.get();
}

WorkspaceRef AttemptContext::workspace() const
{
    WorkspaceRef workspace = m_session.workspace();
    if (m_now)
        workspace.path = m_base;
    return workspace;
}

Result<ChangeSet> AttemptContext::change()
{
    OF_TRY(change, m_session.change());
    if (!m_now)
        return change;
    std::erase_if(change.files, [](const FileChange &file) { return file.status == FileStatus::Added; });
    for (FileChange &file : change.files) {
        file.path = file.oldPath;
        file.status = FileStatus::Modified;
        file.hunks.clear();
    }
    return change;
}

Result<void> AttemptContext::open()
{
    // A fresh, unguessable name: an earlier command of the job cannot have put a link in its place.
    const QString name = QStringLiteral("reports-") + newUlid();
    OF_CHECK(makeFolder(path(name)));
    OF_CHECK(makeFolder(m_session.folder().path() + QStringLiteral("/logs")));
    m_reports = name;
    if (!m_now)
        OF_CHECK(m_session.folder().forgetSettings());
    if (!m_now)
        for (const QString &ending : {QString(), QStringLiteral("-home")}) // a killed run's
            removeTree(basePath() + ending);
    return {};
}

Result<std::vector<std::pair<QString, Verdict>>> AttemptContext::verdicts()
{
    OF_TRY(attempts, m_session.store().attempts(m_session.job().id()));
    const int here = pipeline().indexOf(m_stage.name).value_or(int(pipeline().stages.size()));
    return newestVerdicts(pipeline(), attempts, here);
}

Result<std::vector<Risk>> AttemptContext::risks()
{
    return m_session.store().risks(m_session.job().id());
}

QString AttemptContext::reportsInside() const
{
    return seenAs(m_session.ports().settings.homeInside, home()) + QLatin1Char('/') + m_reports;
}

QString AttemptContext::workspaceInside() const
{
    return seenAs(m_session.ports().settings.workspaceInside, workspace().path);
}

Result<QByteArray> AttemptContext::report(const QString &name, qint64 mostBytes)
{
    return readBeneath(path(m_reports), QFile::encodeName(name), mostBytes);
}

Result<void> AttemptContext::keepArtifact(const QString &name, const QByteArray &bytes)
{
    if (m_now)
        return {}; // of the change, not of what was there before
    OF_TRY(record, m_session.folder().write(name, m_session.ports().masker->mask(bytes), m_stage.name, m_attempt,
                                            m_session.now()));
    m_artifacts.push_back(std::move(record));
    return {};
}

CommandRequest AttemptContext::request(const PlannedCommand &command, const QString &logPath) const
{
    const Contract &contract = m_session.contract();
    CommandRequest request;
    request.argv = command.argv;
    request.folder = command.folder;
    request.scope.workspace = workspace().path;
    if (!m_now)
        request.scope.gitFolder = m_session.gitFolder();
    request.scope.home = home();
    request.allowed = m_session.toolchain().allowed;
    for (const auto &words : contract.allowedCommands)
        request.allowed.push_back({words});
    for (const auto &stage : m_session.pipeline().stages) { // the contract names these itself; tcr runs others' again
        if (!stage.command.isEmpty() && (stage.name == m_stage.name || m_stage.kind == StageKind::Tcr))
            request.allowed.push_back({stage.command});
    }
    request.environment = contract.environment; // wins: GOPROXY is off until the contract names one
    request.environment.insert(command.environment.begin(), command.environment.end());
    request.secrets = contract.secrets;
    request.network = m_stage.network || command.network;
    request.limits.time = m_stage.timeout.value_or(contract.commandTimeout);
    request.limits.memoryMb = contract.memoryMb;
    request.limits.processes = contract.processes;
    request.logPath = logPath;
    return request;
}

Result<CommandRun> AttemptContext::run(const PlannedCommand &command)
{
    struct statvfs disk{};
    if (::statvfs(QFile::encodeName(m_session.folder().path()).constData(), &disk) == 0
        && qint64(disk.f_bavail) * qint64(disk.f_frsize) < m_session.ports().settings.diskFloorMb * 1024 * 1024)
        return fail(ErrorKind::DiskFull, QStringLiteral("start %1").arg(command.argv.value(0)),
                    QStringLiteral("less than %1 MiB are free").arg(m_session.ports().settings.diskFloorMb),
                    QStringLiteral("free some space, then resume the job"));

    CommandRecord record;
    record.stage = m_stage.name;
    record.attempt = m_attempt;
    record.seq = ++(m_now ? m_now : this)->m_commands;
    for (const auto &word : command.argv)
        record.argv += QString::fromUtf8(m_session.ports().masker->mask(word.toUtf8()));
    record.folder = m_now ? QStringLiteral("before the change") : command.folder;
    record.layers = m_session.ports().runner->layers();
    record.startedMs = m_session.now();
    record.logPath = JobFolder::logPath(m_stage.name, m_attempt, record.seq);
    Step started;
    started.commands.push_back(record);
    started.events.push_back(m_session.event(QStringLiteral("command-started"), m_stage.name, m_attempt,
                                             {{QStringLiteral("seq"), record.seq}}));
    OF_CHECK(m_session.write(std::move(started)));

    const QString logPath = m_session.folder().path() + QLatin1Char('/') + record.logPath;
    const auto outcome = m_session.ports().runner->run(request(command, logPath), m_stop);

    record.finished = true;
    if (outcome) {
        record.layers = outcome->layers;
        record.durationMs = outcome->duration.count();
        if (outcome->ending == CommandOutcome::Ending::Exit)
            record.exitCode = outcome->exitCode;
        record.signal = outcome->signal;
        record.ending = toName(outcome->ending);
        record.cpuMs = outcome->cpuMs;
        record.peakMemoryKb = outcome->peakMemoryKb;
        record.outputBytes = outcome->outputBytes;
    } else {
        // Where its log could not be written it was ended for that, or its sandbox is gone; anything else is refused
        // before it starts.
        const ErrorKind kind = outcome.error().kind;
        const bool begun = kind == ErrorKind::DiskFull || kind == ErrorKind::Io || kind == ErrorKind::Unavailable;
        record.ending = begun ? toName(kind) : QStringLiteral("not-started");
    }
    Step ended;
    ended.commands.push_back(record);
    ended.events.push_back(
        m_session.event(QStringLiteral("command-ended"), m_stage.name, m_attempt,
                        {{QStringLiteral("seq"), record.seq}, {QStringLiteral("ending"), record.ending}}));
    OF_CHECK(m_session.write(std::move(ended)));
    if (!outcome)
        return std::unexpected(outcome.error());
    if (outcome->ending == CommandOutcome::Ending::Cancelled)
        return fail(ErrorKind::Cancelled, QStringLiteral("run %1").arg(command.argv.value(0)),
                    QStringLiteral("it was stopped"));
    return CommandRun{*outcome, logPath, record.seq};
}

} // namespace openfactory
