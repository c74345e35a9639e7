// SPDX-License-Identifier: Apache-2.0
#include "core/engine/recordanswer.h"

#include "core/base/logging.h"
#include "core/engine/copycontext.h"

namespace openfactory {

namespace {

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

} // namespace

std::optional<GateInputs> inputsOf(const EnginePorts &ports, StageContext &context, const StageHandler &handler,
                                   const GatePlace &place)
{
    GateInputs inputs;
    inputs.judge = ports.settings.judge;
    inputs.layers = ports.runner->layers();
    if (inputs.judge.isEmpty() || inputs.layers.isEmpty())
        return std::nullopt;
    const auto plan = handler.inputs(context);
    if (!plan || !*plan)
        return std::nullopt;
    inputs.stage = context.stage();
    if (const QString why = whyAlwaysRun(**plan, inputs.stage, context.contract()); !why.isEmpty()) {
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
    const auto beside = besideDigest(*ports.git, context.job().identity.repository, place.content, place.workspace);
    const auto home = homeDigest(place.home);
    if (!tools || place.base.isEmpty() || !beside || !home)
        return std::nullopt;
    inputs.tools = *tools;
    inputs.base = place.base;
    inputs.beside = *beside;
    inputs.home = *home;
    inputs.tree = place.tree;
    inputs.language = context.toolchain().language;
    inputs.pipeline = context.job().identity.pipelineYaml;
    inputs.contract = context.job().identity.contractYaml;
    return inputs;
}

Result<RecordAnswer> askRecord(JobSession &session, AttemptContext &context, const StageHandler &handler,
                               const AttemptRecord &attempt)
{
    const auto base = session.changeBase(session.progress().head);
    const auto inputs = inputsOf(
        session.ports(), context, handler,
        {session.workspace().path, session.folder().home(), attempt.start, attempt.tree, base.value_or(CommitId())});
    if (!inputs)
        return RecordAnswer{};
    RecordAnswer answer;
    answer.inputs = inputsKey(*inputs);
    OF_TRY(earlier, session.store().attempts(session.job().id()));
    answer.anyJob = holdsForAnyJob(earlier, attempt.tree);
    if (!session.ports().settings.answerFromRecord)
        return answer;
    const qint64 oldest = session.now() - std::chrono::milliseconds(mostRecordAge).count();
    OF_TRY(pass, session.store().recordedPass(session.job(), answer.inputs,
                                              std::max(oldest, session.progress().freshMs), session.now()));
    if (pass && pass->verdict.outcome == Outcome::Passed && !pass->verdict.record)
        answer.verdict = answeredFrom(pass->source, std::move(pass->verdict));
    return answer;
}

} // namespace openfactory
