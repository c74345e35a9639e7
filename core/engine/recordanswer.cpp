// SPDX-License-Identifier: Apache-2.0
#include "core/engine/recordanswer.h"

#include "core/base/logging.h"
#include "core/engine/foldercontent.h"

namespace openfactory {

namespace {

/// What lies in the workspace beside the files of the commit, and is read by commands all the same: ignored files.
std::optional<QByteArray> besideDigest(JobSession &session, const CommitId &content)
{
    const auto files = session.ports().git->files(session.job().identity.repository, content);
    if (!files)
        return std::nullopt;
    const SourceFiles tracked{*files, {}};
    return contentDigest(session.workspace().path, [&](const RepoPath &path, bool isFolder) {
        return path == ".git" || (!isFolder && tracked.has(path)); // a submodule's files are in no tree of ours
    });
}

std::vector<PlannedCommand> withoutReports(std::vector<PlannedCommand> commands, const QString &reports)
{
    for (PlannedCommand &command : commands) {
        for (QString &word : command.argv)
            word.replace(reports, QStringLiteral("{reports}"));
        for (auto &[name, value] : command.environment)
            value.replace(reports, QStringLiteral("{reports}"));
    }
    return commands;
}

/// The inputs as far as they can be told.
std::optional<GateInputs> inputsOf(JobSession &session, AttemptContext &context, const StageHandler &handler,
                                   const AttemptRecord &attempt)
{
    const EnginePorts &ports = session.ports();
    GateInputs inputs;
    inputs.judge = ports.settings.judge;
    inputs.layers = ports.runner->layers();
    if (inputs.judge.isEmpty() || inputs.layers.isEmpty())
        return std::nullopt;
    const auto plan = handler.inputs(context);
    if (!plan || !*plan)
        return std::nullopt;
    inputs.stage = context.stage();
    if (const QString why = whyAlwaysRun(**plan, inputs.stage, session.contract()); !why.isEmpty()) {
        qCDebug(lcEngine).noquote() << inputs.stage.name << "is run:" << why;
        return std::nullopt;
    }
    inputs.plan = **plan;
    inputs.plan.commands = withoutReports(inputs.plan.commands, context.reportsInside());
    inputs.plan.fixes = withoutReports(inputs.plan.fixes, context.reportsInside());
    QStringList programs;
    for (const auto *commands : {&inputs.plan.commands, &inputs.plan.fixes}) {
        for (const PlannedCommand &command : *commands) {
            programs << command.argv.value(0);
            if (!command.needed().isEmpty() && context.hasProgram(command.needed()))
                inputs.present << command.needed();
        }
    }
    const auto tools = ports.runner->toolState(programs);
    const auto base = session.changeBase(session.progress().head);
    const auto beside = besideDigest(session, attempt.start);
    const auto home = contentDigest(session.folder().home(), [](const RepoPath &path, bool) {
        return path == ".cache" || path.startsWith("reports-");
    });
    if (!tools || !base || !beside || !home)
        return std::nullopt;
    inputs.tools = *tools;
    inputs.base = *base;
    inputs.beside = *beside;
    inputs.home = *home;
    inputs.tree = attempt.tree;
    inputs.language = session.toolchain().language;
    inputs.pipeline = session.job().identity.pipelineYaml;
    inputs.contract = session.job().identity.contractYaml;
    return inputs;
}

} // namespace

Result<RecordAnswer> askRecord(JobSession &session, AttemptContext &context, const StageHandler &handler,
                               const AttemptRecord &attempt)
{
    const auto inputs = inputsOf(session, context, handler, attempt);
    if (!inputs)
        return RecordAnswer{};
    RecordAnswer answer;
    answer.inputs = inputsKey(*inputs);
    OF_TRY(earlier, session.store().attempts(session.job().id()));
    answer.anyJob = holdsForAnyJob(earlier, attempt.tree);
    if (!session.ports().settings.answerFromRecord)
        return answer;
    const std::chrono::milliseconds most = mostRecordAge;
    OF_TRY(pass,
           session.store().recordedPass(session.job(), answer.inputs,
                                        std::max(session.now() - most.count(), session.progress().freshMs),
                                        session.now()));
    if (pass && pass->verdict.outcome == Outcome::Passed && !pass->verdict.record)
        answer.verdict = answeredFrom(pass->source, std::move(pass->verdict));
    return answer;
}

} // namespace openfactory
