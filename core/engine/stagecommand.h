// SPDX-License-Identifier: Apache-2.0
/// A command of a stage, whichever thread and folder it runs in: what it may do, and what is recorded of it.
#pragma once

#include "core/engine/ports.h"

namespace openfactory {

/// What the commands of a stage are given, but for the folders that they see. A ticket's commands are allowed while it
/// is worked on.
CommandRequest requestOf(const Contract &contract, const Pipeline &pipeline, const StageDefinition &stage,
                         const ToolchainInfo &toolchain, const PlannedCommand &command, const Ticket *ticket = nullptr);
/// DiskFull where less is free at the folder than what is always kept.
Result<void> checkRoom(const EngineSettings &settings, const QString &folder, const PlannedCommand &command);
/// The row of a command that is about to start. Stage, attempt, number and log are the caller's.
CommandRecord recordOf(const EnginePorts &ports, const PlannedCommand &command);
/// How it ended.
void finish(CommandRecord &record, const Result<CommandOutcome> &outcome);
/// The outcome, or why the stage cannot go on with it.
Result<CommandRun> runOf(const PlannedCommand &command, const Result<CommandOutcome> &outcome, const QString &logPath,
                         int seq);

/// The changed files as they were where the change began.
ChangeSet asBefore(ChangeSet change);

/// With the sandbox turned off there is no inside: a command sees the folder where it is.
QString seenAs(const QString &inside, const QString &outside);

} // namespace openfactory
