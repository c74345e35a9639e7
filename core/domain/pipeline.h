// SPDX-License-Identifier: Apache-2.0
/// Pipelines as data: ordered stage definitions, loaded strictly.
#pragma once

#include "core/base/error.h"
#include "core/base/strictyaml.h"

#include <QStringList>

#include <chrono>
#include <optional>
#include <vector>

namespace openfactory {

/// What a stage does; one handler each in core/stages. `Command` is a stage that a contract added.
enum class StageKind {
    Preflight,
    Spec,
    Architecture,
    Tickets,
    Implement,
    UnitTest,
    Coverage,
    Lint,
    Static,
    Integration,
    Security,
    Review,
    Boundary,
    Integrate,
    Tcr,
    PullRequest,
    Deploy,
    Rollout,
    Accept,
    Release,
    Command,
};

/// What a failure of the stage means.
enum class FailureClass {
    Hard,     ///< the job cannot go on with it
    Soft,     ///< it becomes a risk that a person may accept
    Absolute, ///< hard, and no decision overrides it
};

struct StageDefinition {
    QString name; ///< unique in its pipeline, [a-z0-9_-]{1,40}; ref and file names are made of it
    StageKind kind = StageKind::Command;
    FailureClass failure = FailureClass::Hard;
    bool reverts = false; ///< a hard failure restores the last good commit
    int attempts = 1;     ///< failed attempts after which the stage has failed
    QStringList command;  ///< argv; overrides the toolchain's, needed for kind Command, see takesCommand()
    bool network = false;
    std::optional<std::chrono::seconds> timeout; ///< of each command
    bool operator==(const StageDefinition &) const = default;
};

struct Pipeline {
    QString name;
    std::vector<StageDefinition> stages;
    /// Index of the stage, or nothing.
    std::optional<int> indexOf(QStringView stage) const;
    std::optional<int> indexOf(StageKind kind) const;
    bool operator==(const Pipeline &) const = default;
};

QString toName(StageKind);
QString toName(FailureClass);
std::optional<StageKind> stageKindFrom(QStringView);
std::optional<FailureClass> failureClassFrom(QStringView);

/// Whether this version can run stages of the kind. The others are declared in the pipelines, and refused at start-up.
bool isBuilt(StageKind kind);
/// Whether the stage has its author write a document (spec, architecture, tickets) and changes nothing.
bool isDocument(StageKind kind);
/// Whether a person decides at the stage (deploy, accept).
bool isGate(StageKind kind);
/// Whether a stage of the kind runs commands that a pipeline or a contract may replace.
bool takesCommand(StageKind kind);
/// [a-z0-9_-]{1,40}, not starting with "-".
bool isStageName(QStringView name);
/// Names of the stages that this version cannot run, in the pipeline's order.
QStringList notBuiltYet(const Pipeline &pipeline);

/// openfactory, factory, tcr.
QStringList builtInPipelineNames();
/// NotFound, naming the known ones, for any other name.
Result<Pipeline> builtInPipeline(const QString &name);
/// A stage of the kind as the built-in pipelines define it; for kind Command: hard, three attempts.
StageDefinition defaultStage(StageKind kind);

/// Reads a pipeline file: `pipeline: <name>`, `stages:` a list of {name, kind, failure, reverts, attempts, command,
/// network, timeout_seconds}. A stage that says nothing else is of the kind of its name (or a command), hard, reverts
/// nothing and is tried once. Errors name file, line and column.
Result<Pipeline> loadPipeline(const QByteArray &yaml, const QString &file);
/// The same pipeline as canonical YAML, which loadPipeline() reads back to an equal value.
QString toYaml(const Pipeline &pipeline);
/// Splits a command written as one string into words: spaces, single and double quotes, backslash. Shell syntax
/// (| & ; < > $ ` ( ) * ? ~ # at a word's start, newline) outside quotes is refused with the advice to use a script.
Result<QStringList> splitCommand(const QString &command);
/// The same for a pattern of the allowlist, where `*` and `...` are words of their own meaning.
Result<QStringList> splitPattern(const QString &pattern);
/// A command in YAML: a string (split as above) or a list of words.
Result<QStringList> readCommand(const yaml::Node &node);

} // namespace openfactory
