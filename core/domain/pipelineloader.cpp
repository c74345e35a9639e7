// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"
#include "core/domain/allowlist.h"
#include "core/domain/stagereader.h"

namespace openfactory {

namespace {

constexpr int kMostStages = 64;

StageDefinition plain(StageKind kind)
{
    StageDefinition stage;
    stage.kind = kind;
    return stage;
}

QString shown(const QString &text)
{
    return displayable(text.left(80));
}

Result<StageDefinition> begin(const yaml::Node &nameNode, const std::optional<yaml::Node> &kindNode,
                              StageDefinition (*defaults)(StageKind))
{
    OF_TRY(name, nameNode.text());
    if (!isStageName(name))
        return std::unexpected(nameNode.error(
            QStringLiteral("\"%1\" is no name for a stage: 1 to 40 characters of a-z, 0-9, _ and -").arg(shown(name))));
    std::optional<StageKind> kind = stageKindFrom(name);
    if (kindNode) {
        OF_TRY(kindName, kindNode->text());
        kind = stageKindFrom(kindName);
        if (!kind)
            return std::unexpected(
                kindNode->error(QStringLiteral("there is no stage kind \"%1\"").arg(shown(kindName))));
    }
    StageDefinition stage = defaults(kind.value_or(StageKind::Command));
    stage.name = name;
    return stage;
}

void readFailure(yaml::Map &map, StageDefinition &stage, yaml::Faults &faults)
{
    if (const auto failure = faults.value(map, QStringLiteral("failure"))) {
        const QString name = faults.take(failure->text()).value_or(toName(stage.failure));
        const auto known = failureClassFrom(name);
        if (!known)
            faults.add(
                failure->error(QStringLiteral("expected hard, soft or absolute, found \"%1\"").arg(shown(name))));
        stage.failure = known.value_or(stage.failure);
        stage.reverts = stage.reverts && stage.failure == FailureClass::Hard;
    }
    if (const auto reverts = faults.value(map, QStringLiteral("reverts"))) {
        const bool answer = faults.take(reverts->boolean()).value_or(false);
        if (answer && stage.failure != FailureClass::Hard)
            faults.add(reverts->error(QStringLiteral("only a hard failure reverts")));
        stage.reverts = answer;
    }
    if (const auto attempts = faults.value(map, QStringLiteral("attempts")))
        stage.attempts = int(faults.take(attempts->integer(1, 20)).value_or(1));
}

void readRun(yaml::Map &map, StageDefinition &stage, yaml::Faults &faults)
{
    if (const auto command = faults.value(map, QStringLiteral("command"))) {
        const auto words = faults.take(readCommand(*command));
        if (words && !takesCommand(stage.kind)) {
            faults.add(command->error(QStringLiteral("a stage of kind %1 takes no command").arg(toName(stage.kind))));
        } else if (words) {
            if (const auto sound = checkCommand(*words); !sound)
                faults.add(command->error(sound.error()));
        }
        stage.command = words.value_or(QStringList{QStringLiteral("true")}); // "needs a command" would be said besides
    }
    if (const auto network = faults.value(map, QStringLiteral("network")))
        stage.network = faults.take(network->boolean()).value_or(false);
    if (const auto timeout = faults.value(map, QStringLiteral("timeout_seconds"))) {
        if (const auto seconds = faults.take(timeout->integer(1, 7 * 86'400)))
            stage.timeout = std::chrono::seconds(*seconds);
    }
}

std::optional<StageDefinition> readStage(const yaml::Node &node, StageDefinition (*defaults)(StageKind),
                                         yaml::Faults &faults)
{
    std::optional<StageDefinition> stage;
    if (node.kind() == yaml::Node::Kind::Scalar) {
        stage = faults.take(begin(node, std::nullopt, defaults));
    } else {
        auto map = faults.take(node.map());
        const auto name = map ? faults.take(map->need(QStringLiteral("name"))) : std::nullopt;
        if (!name)
            return std::nullopt;
        const auto kind = faults.value(*map, QStringLiteral("kind"));
        stage = faults.take(begin(*name, kind, defaults));
        if (!stage)
            return std::nullopt;
        readFailure(*map, *stage, faults);
        readRun(*map, *stage, faults);
        for (const Error &unknown : map->unknown())
            faults.add(unknown);
    }
    if (stage && stage->kind == StageKind::Command && stage->command.isEmpty()) {
        Error error = node.error(QStringLiteral("the stage \"%1\" needs a command").arg(stage->name));
        error.hint = QStringLiteral("add command:, or kind: with what it does");
        faults.add(error);
    }
    return stage;
}

} // namespace

std::vector<StageDefinition> readStages(const yaml::Node &list, StageDefinition (*defaults)(StageKind),
                                        yaml::Faults &faults)
{
    const auto nodes = faults.take(list.items());
    if (!nodes)
        return {};
    if (nodes->empty() || int(nodes->size()) > kMostStages) {
        faults.add(
            list.error(QStringLiteral("a pipeline has 1 to %1 stages, found %2").arg(kMostStages).arg(nodes->size())));
        return {};
    }
    Pipeline read;
    for (const auto &node : *nodes) {
        const auto stage = readStage(node, defaults, faults);
        if (!stage)
            continue;
        if (read.indexOf(stage->name))
            faults.add(node.error(QStringLiteral("the stage \"%1\" was given before").arg(stage->name)));
        else
            read.stages.push_back(*stage);
    }
    return read.stages;
}

Result<std::vector<StageDefinition>> readStages(const yaml::Node &list, StageDefinition (*defaults)(StageKind))
{
    yaml::Faults faults;
    const auto stages = readStages(list, defaults, faults);
    OF_CHECK(faults.first());
    return stages;
}

Result<Pipeline> loadPipeline(const QByteArray &bytes, const QString &file)
{
    OF_TRY(document, yaml::parse(bytes, file));
    OF_TRY(map, document.map());
    Pipeline pipeline;
    OF_TRY(name, map.need(QStringLiteral("pipeline")));
    OF_TRY(nameText, name.text());
    if (!isStageName(nameText))
        return std::unexpected(name.error(QStringLiteral("\"%1\" is no name for a pipeline").arg(shown(nameText))));
    pipeline.name = nameText;
    OF_TRY(list, map.need(QStringLiteral("stages")));
    OF_TRY(stages, readStages(list, plain));
    pipeline.stages = stages;
    OF_CHECK(map.finish());
    return pipeline;
}

} // namespace openfactory
