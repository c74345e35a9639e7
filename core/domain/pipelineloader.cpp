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

Result<void> readFailure(yaml::Map &map, StageDefinition &stage)
{
    OF_TRY(failure, map.value(QStringLiteral("failure")));
    if (failure) {
        OF_TRY(name, failure->text());
        const auto known = failureClassFrom(name);
        if (!known)
            return std::unexpected(
                failure->error(QStringLiteral("expected hard, soft or absolute, found \"%1\"").arg(shown(name))));
        stage.failure = *known;
        stage.reverts = stage.reverts && *known == FailureClass::Hard;
    }
    OF_TRY(reverts, map.value(QStringLiteral("reverts")));
    if (reverts) {
        OF_TRY(answer, reverts->boolean());
        if (answer && stage.failure != FailureClass::Hard)
            return std::unexpected(reverts->error(QStringLiteral("only a hard failure reverts")));
        stage.reverts = answer;
    }
    OF_TRY(attempts, map.value(QStringLiteral("attempts")));
    if (attempts) {
        OF_TRY(number, attempts->integer(1, 20));
        stage.attempts = int(number);
    }
    return {};
}

Result<void> readRun(yaml::Map &map, StageDefinition &stage)
{
    OF_TRY(command, map.value(QStringLiteral("command")));
    if (command) {
        OF_TRY(words, readCommand(*command));
        if (!takesCommand(stage.kind))
            return std::unexpected(
                command->error(QStringLiteral("a stage of kind %1 takes no command").arg(toName(stage.kind))));
        if (const auto sound = checkCommand(words); !sound)
            return std::unexpected(command->error(sound.error()));
        stage.command = words;
    }
    OF_TRY(network, map.value(QStringLiteral("network")));
    if (network) {
        OF_TRY(answer, network->boolean());
        stage.network = answer;
    }
    OF_TRY(timeout, map.value(QStringLiteral("timeout_seconds")));
    if (timeout) {
        OF_TRY(seconds, timeout->integer(1, 7 * 86'400));
        stage.timeout = std::chrono::seconds(seconds);
    }
    return {};
}

Result<StageDefinition> readStage(const yaml::Node &node, StageDefinition (*defaults)(StageKind))
{
    StageDefinition stage;
    if (node.kind() == yaml::Node::Kind::Scalar) {
        OF_TRY(begun, begin(node, std::nullopt, defaults));
        stage = begun;
    } else {
        OF_TRY(map, node.map());
        OF_TRY(name, map.need(QStringLiteral("name")));
        OF_TRY(kind, map.value(QStringLiteral("kind")));
        OF_TRY(begun, begin(name, kind, defaults));
        stage = begun;
        OF_CHECK(readFailure(map, stage));
        OF_CHECK(readRun(map, stage));
        OF_CHECK(map.finish());
    }
    if (stage.kind == StageKind::Command && stage.command.isEmpty()) {
        Error error = node.error(QStringLiteral("the stage \"%1\" needs a command").arg(stage.name));
        error.hint = QStringLiteral("add command:, or kind: with what it does");
        return std::unexpected(error);
    }
    return stage;
}

} // namespace

Result<std::vector<StageDefinition>> readStages(const yaml::Node &list, StageDefinition (*defaults)(StageKind))
{
    OF_TRY(nodes, list.items());
    if (nodes.empty() || int(nodes.size()) > kMostStages)
        return std::unexpected(
            list.error(QStringLiteral("a pipeline has 1 to %1 stages, found %2").arg(kMostStages).arg(nodes.size())));
    Pipeline read;
    for (const auto &node : nodes) {
        OF_TRY(stage, readStage(node, defaults));
        if (read.indexOf(stage.name))
            return std::unexpected(node.error(QStringLiteral("the stage \"%1\" was given before").arg(stage.name)));
        read.stages.push_back(stage);
    }
    return read.stages;
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
