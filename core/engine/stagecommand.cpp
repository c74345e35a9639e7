// SPDX-License-Identifier: Apache-2.0
#include "core/engine/stagecommand.h"

#include "core/domain/planning.h"

#include <QFile>

#include <sys/statvfs.h>

namespace openfactory {

CommandRequest requestOf(const Contract &contract, const Pipeline &pipeline, const StageDefinition &stage,
                         const ToolchainInfo &toolchain, const PlannedCommand &command, const Ticket *ticket)
{
    CommandRequest request;
    request.argv = command.argv;
    request.folder = command.folder;
    request.allowed = toolchain.allowed;
    for (const auto &words : contract.allowedCommands)
        request.allowed.push_back({words});
    if (ticket) {
        for (const auto &words : ticketCommands(*ticket))
            request.allowed.push_back({words});
    }
    for (const auto &other :
         pipeline.stages) { // the contract names these itself; tcr runs others' again, a ticket tests
        if (!other.command.isEmpty()
            && (other.name == stage.name || stage.kind == StageKind::Tcr
                || (ticket && other.kind == StageKind::UnitTest)))
            request.allowed.push_back({other.command});
    }
    request.environment = contract.environment; // wins: GOPROXY is off until the contract names one
    request.environment.insert(command.environment.begin(), command.environment.end());
    request.secrets = contract.secrets;
    request.network = stage.network || command.network;
    request.limits.time = stage.timeout.value_or(contract.commandTimeout);
    request.limits.memoryMb = contract.memoryMb;
    request.limits.processes = contract.processes;
    return request;
}

Result<void> checkRoom(const EngineSettings &settings, const QString &folder, const PlannedCommand &command)
{
    struct statvfs disk{};
    if (::statvfs(QFile::encodeName(folder).constData(), &disk) == 0
        && qint64(disk.f_bavail) * qint64(disk.f_frsize) < settings.diskFloorMb * 1024 * 1024)
        return fail(ErrorKind::DiskFull, QStringLiteral("start %1").arg(command.argv.value(0)),
                    QStringLiteral("less than %1 MiB are free").arg(settings.diskFloorMb),
                    QStringLiteral("free some space, then resume the job"));
    return {};
}

CommandRecord recordOf(const EnginePorts &ports, const PlannedCommand &command)
{
    CommandRecord record;
    for (const auto &word : command.argv)
        record.argv += ports.masker->masked(word);
    record.folder = command.folder;
    record.layers = ports.runner->layers();
    record.startedMs = ports.clock->wallMs();
    return record;
}

void finish(CommandRecord &record, const Result<CommandOutcome> &outcome)
{
    record.finished = true;
    if (!outcome) {
        // Where its log could not be written it was ended for that, or its sandbox is gone; anything else is refused
        // before it starts.
        const ErrorKind kind = outcome.error().kind;
        const bool begun = kind == ErrorKind::DiskFull || kind == ErrorKind::Io || kind == ErrorKind::Unavailable;
        record.ending = begun ? toName(kind) : QStringLiteral("not-started");
        return;
    }
    record.layers = outcome->layers;
    record.durationMs = outcome->duration.count();
    if (outcome->ending == CommandOutcome::Ending::Exit)
        record.exitCode = outcome->exitCode;
    record.signal = outcome->signal;
    record.ending = toName(outcome->ending);
    record.cpuMs = outcome->cpuMs;
    record.peakMemoryKb = outcome->peakMemoryKb;
    record.outputBytes = outcome->outputBytes;
}

Result<CommandRun> runOf(const PlannedCommand &command, const Result<CommandOutcome> &outcome, const QString &logPath,
                         int seq)
{
    if (!outcome)
        return std::unexpected(outcome.error());
    if (outcome->ending == CommandOutcome::Ending::Cancelled)
        return fail(ErrorKind::Cancelled, QStringLiteral("run %1").arg(command.argv.value(0)),
                    QStringLiteral("it was stopped"));
    return CommandRun{*outcome, logPath, seq};
}

ChangeSet asBefore(ChangeSet change)
{
    std::erase_if(change.files, [](const FileChange &file) { return file.status == FileStatus::Added; });
    for (FileChange &file : change.files) {
        file.path = file.oldPath;
        file.status = FileStatus::Modified;
        file.hunks.clear();
    }
    return change;
}

QString seenAs(const QString &inside, const QString &outside)
{
    return inside.isEmpty() ? outside : inside;
}

} // namespace openfactory
