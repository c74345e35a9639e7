// SPDX-License-Identifier: Apache-2.0
#include "core/domain/contract.h"

#include "core/base/text.h"

#include <algorithm>
#include <set>

namespace openfactory {

namespace {

std::unexpected<Error> refuse(const QString &said, const QString &hint, ErrorKind kind = ErrorKind::Invalid)
{
    return fail(kind, QStringLiteral("make the job's pipeline"), said, hint);
}

Result<Pipeline> withoutSkipped(const QStringList &skip, const Pipeline &builtIn)
{
    Pipeline pipeline = builtIn;
    for (const auto &name : skip) {
        const auto index = pipeline.indexOf(name);
        if (!index)
            return refuse(builtIn.indexOf(name)
                              ? QStringLiteral("the stage \"%1\" is skipped twice").arg(displayable(name.left(80)))
                              : QStringLiteral("the pipeline %1 has no stage \"%2\" to skip")
                                    .arg(builtIn.name, displayable(name.left(80))),
                          QStringLiteral("look at skip in the contract"));
        pipeline.stages.erase(pipeline.stages.begin() + *index);
    }
    return pipeline;
}

Result<void> checkNames(const Pipeline &pipeline)
{
    std::set<QString> seen;
    for (const auto &stage : pipeline.stages) {
        if (!isStageName(stage.name))
            return refuse(QStringLiteral("\"%1\" is no name for a stage").arg(displayable(stage.name.left(80))),
                          QStringLiteral("use 1 to 40 characters of a-z, 0-9, _ and -"));
        if (!seen.insert(stage.name).second)
            return refuse(QStringLiteral("the stage \"%1\" is there twice").arg(stage.name),
                          QStringLiteral("give each an own name"));
        if (stage.kind == StageKind::Command && stage.command.isEmpty())
            return refuse(QStringLiteral("the stage \"%1\" has no command").arg(stage.name),
                          QStringLiteral("add command:"));
    }
    return {};
}

/// Documents are written before anything is changed, each once, the spec first.
Result<void> checkDocuments(const Pipeline &pipeline)
{
    const auto last = std::ranges::find_last_if(pipeline.stages,
                                                [](const StageDefinition &stage) { return isDocument(stage.kind); });
    if (last.empty())
        return {};
    StageKind before = StageKind::Preflight;
    for (auto stage = pipeline.stages.begin(); stage <= last.begin(); ++stage) {
        if (!isDocument(stage->kind) && stage->kind != StageKind::Preflight)
            return refuse(QStringLiteral("%1 comes after %2, and a document is written before anything else")
                              .arg(last.front().name, stage->name),
                          QStringLiteral("begin the pipeline with spec, architecture, tickets"));
        if (stage->kind <= before && isDocument(stage->kind))
            return refuse(QStringLiteral("%1 comes after %2").arg(stage->name, toName(before)),
                          QStringLiteral("their order is spec, architecture, tickets"));
        before = stage->kind;
    }
    if (pipeline.indexOf(StageKind::Tickets) && !pipeline.indexOf(StageKind::Implement))
        return refuse(QStringLiteral("there are tickets and no stage implement to work on them"),
                      QStringLiteral("name implement after tickets"));
    return {};
}

/// A change is decided on by a person here, or on the forge that its pull request lies on; after that only what
/// changes nothing any more may come.
Result<void> checkEnd(const Pipeline &pipeline)
{
    const auto &stages = pipeline.stages;
    const auto decides = std::ranges::find_if(stages, [](const StageDefinition &stage) { return isGate(stage.kind); });
    const auto last = decides != stages.end()
                          ? decides
                          : std::ranges::find(stages, StageKind::PullRequest, &StageDefinition::kind);
    if (last == stages.end())
        return refuse(QStringLiteral("no stage of the pipeline lets a person decide"),
                      QStringLiteral("end it with deploy or accept"));
    for (auto next = last + 1; next != stages.end(); ++next) {
        if (next->kind != StageKind::Rollout && next->kind != StageKind::Release)
            return refuse(QStringLiteral("\"%1\" comes after %2, where the change is decided on and integrated")
                              .arg(next->name, last->name),
                          QStringLiteral("end the pipeline with %1").arg(last->name));
    }
    return {};
}

} // namespace

Result<Pipeline> effectivePipeline(const Contract &contract, const Pipeline &builtIn)
{
    Pipeline pipeline{QStringLiteral("custom"), contract.stages.value_or(std::vector<StageDefinition>())};
    if (!contract.stages) {
        OF_TRY(shorter, withoutSkipped(contract.skip, builtIn));
        pipeline = shorter;
    } else if (!contract.skip.isEmpty()) {
        return refuse(QStringLiteral("a contract with its own list of stages skips none"),
                      QStringLiteral("leave them out of the list"));
    }
    OF_CHECK(checkNames(pipeline));
    // The built-in one is declared, and runs only where it is asked for (design.md, section 3).
    if (!contract.stages && contract.strategy != Strategy::Gradual)
        std::erase_if(pipeline.stages, [](const StageDefinition &stage) { return stage.kind == StageKind::Rollout; });
    if (const auto missing = notBuiltYet(pipeline); !missing.isEmpty())
        return refuse(QStringLiteral("not built yet: %1").arg(missing.join(QStringLiteral(", "))),
                      QStringLiteral("skip them in the contract, or use the pipeline factory"), ErrorKind::Unsupported);
    OF_CHECK(checkDocuments(pipeline));
    OF_CHECK(checkEnd(pipeline));
    return pipeline;
}

} // namespace openfactory
