// SPDX-License-Identifier: Apache-2.0
// contract.yaml, read strictly: loadContract() of contract.h. The keys and their defaults are listed there.
#include "core/base/text.h"
#include "core/domain/allowlist.h"
#include "core/domain/contract.h"
#include "core/domain/decision.h"
#include "core/domain/environmentnames.h"
#include "core/domain/job.h"
#include "core/domain/stagereader.h"

#include <QRegularExpression>

namespace openfactory {

namespace {

using yaml::Map;
using yaml::Node;

QString shown(const QString &text)
{
    return displayable(text.left(80));
}

bool matches(const QString &pattern, const QString &text)
{
    return QRegularExpression(QRegularExpression::anchoredPattern(pattern)).match(text).hasMatch();
}

/// The items of a list of texts, each with its place.
Result<std::vector<std::pair<QString, Node>>> namedTexts(const Node &list)
{
    OF_TRY(nodes, list.items());
    std::vector<std::pair<QString, Node>> out;
    for (const auto &node : nodes) {
        OF_TRY(text, node.text());
        for (const auto &[before, place] : out) {
            if (before == text)
                return std::unexpected(node.error(
                    QStringLiteral("\"%1\" was given before, in line %2").arg(shown(text)).arg(place.line())));
        }
        out.emplace_back(text, node);
    }
    return out;
}

/// A list of texts that `rule` says nothing against.
Result<void> readTexts(Map &map, const QString &key, QStringList &out, QString (*rule)(const QString &))
{
    OF_TRY(node, map.value(key));
    if (!node)
        return {};
    OF_TRY(texts, namedTexts(*node));
    out.clear();
    for (const auto &[text, place] : texts) {
        if (const QString wrong = rule(text); !wrong.isEmpty())
            return std::unexpected(place.error(wrong));
        out += text;
    }
    return {};
}

QString globFault(const QString &glob)
{
    if (glob.isEmpty() || glob.contains(QChar(0)))
        return QStringLiteral("an empty pattern matches nothing");
    // Patterns that can match no path of git would leave a hole unseen.
    const QStringList parts = glob.split(u'/');
    if (glob.startsWith(u'/') || parts.contains(QStringLiteral(".")) || parts.contains(QStringLiteral(".."))
        || glob.contains(QStringLiteral("//")))
        return QStringLiteral(
                   "\"%1\" matches no path: write it from the repository's root, without ., .. and a leading /")
            .arg(shown(glob));
    return {};
}

QString dependencyFault(const QString &name)
{
    return name.trimmed().isEmpty() || name != name.trimmed()
               ? QStringLiteral("\"%1\" is no name of a dependency").arg(shown(name))
               : QString();
}

/// The rules of git check-ref-format that a short branch name can break.
QString branchFault(const QString &name)
{
    const bool good = matches(QStringLiteral("[^\\x00-\\x20\\x7f~^:?*\\[\\\\]{1,200}"), name) && !name.startsWith(u'-')
                      && !name.endsWith(u'.') && !name.contains(QStringLiteral(".."))
                      && !name.contains(QStringLiteral("@{")) && name != QStringLiteral("@")
                      && !name.contains(QStringLiteral("//"))
                      && !matches(QStringLiteral("(?:.*/)?\\..*|/.*|.*/|.*\\.lock(?:/.*)?"), name);
    return good ? QString() : QStringLiteral("\"%1\" is no name of a branch").arg(shown(name));
}

Result<void> checkVariable(const QString &name, const Node &place)
{
    const auto sound = checkEnvironmentName(name);
    return sound ? Result<void>() : std::unexpected(place.error(sound.error()));
}

Result<void> readPipeline(Map &map, Contract &contract)
{
    OF_TRY(pipeline, map.value(QStringLiteral("pipeline")));
    OF_TRY(skip, map.value(QStringLiteral("skip")));
    if (pipeline && pipeline->kind() == Node::Kind::Sequence) {
        OF_TRY(stages, readStages(*pipeline, defaultStage));
        contract.stages = stages;
        if (skip)
            return std::unexpected(skip->error(
                QStringLiteral("a contract with its own list of stages skips none: leave them out of the list")));
        return {};
    }
    if (pipeline) {
        OF_TRY(name, pipeline->text());
        if (!builtInPipelineNames().contains(name))
            return std::unexpected(
                pipeline->error(QStringLiteral("there is no pipeline \"%1\"; known are %2")
                                    .arg(shown(name), builtInPipelineNames().join(QStringLiteral(", ")))));
        contract.pipeline = name;
    }
    if (!skip)
        return {};
    OF_TRY(builtIn, builtInPipeline(contract.pipeline));
    OF_TRY(names, namedTexts(*skip));
    for (const auto &[name, place] : names) {
        if (!builtIn.indexOf(name))
            return std::unexpected(
                place.error(QStringLiteral("the pipeline %1 has no stage \"%2\"").arg(builtIn.name, shown(name))));
        contract.skip += name;
    }
    return {};
}

Result<void> readBoundary(Map &map, Contract &contract)
{
    OF_CHECK(readTexts(map, QStringLiteral("allowed_files"), contract.allowedFiles, globFault));
    OF_CHECK(readTexts(map, QStringLiteral("forbidden_files"), contract.forbiddenFiles, globFault));
    OF_CHECK(readTexts(map, QStringLiteral("approved_dependencies"), contract.approvedDependencies, dependencyFault));
    OF_TRY(coverage, map.value(QStringLiteral("required_test_coverage")));
    if (coverage) {
        OF_TRY(percent, coverage->number(0, 100));
        contract.requiredTestCoverage = percent;
    }
    OF_TRY(lines, map.value(QStringLiteral("max_lines_changed")));
    if (lines) {
        OF_TRY(number, lines->integer(0, 10'000'000));
        contract.maxLinesChanged = int(number);
    }
    OF_TRY(dependencies, map.value(QStringLiteral("new_dependencies_allowed")));
    if (dependencies) {
        OF_TRY(allowed, dependencies->boolean());
        contract.newDependenciesAllowed = allowed;
    }
    return {};
}

Result<void> readDelivery(Map &map, Contract &contract)
{
    OF_TRY(strategy, map.value(QStringLiteral("strategy")));
    if (strategy) {
        OF_TRY(name, strategy->text());
        const auto known = strategyFrom(name);
        if (!known)
            return std::unexpected(
                strategy->error(QStringLiteral("expected direct or gradual, found \"%1\"").arg(shown(name))));
        if (*known == Strategy::Gradual) {
            Error error = strategy->error(QStringLiteral("the strategy gradual is not built yet"));
            error.kind = ErrorKind::Unsupported;
            error.hint = QStringLiteral("use direct");
            return std::unexpected(error);
        }
        contract.strategy = *known;
    }
    OF_TRY(target, map.value(QStringLiteral("target")));
    if (target) {
        OF_TRY(name, target->text());
        if (const QString wrong = branchFault(name); !wrong.isEmpty())
            return std::unexpected(target->error(wrong));
        contract.target = name;
    }
    return readTexts(map, QStringLiteral("protected_branches"), contract.protectedBranches, branchFault);
}

Result<QStringList> readPattern(const Node &node)
{
    QStringList words;
    if (node.kind() == Node::Kind::Scalar) {
        OF_TRY(text, node.text());
        const auto split = splitPattern(text);
        if (!split)
            return std::unexpected(node.error(split.error()));
        words = *split;
    } else {
        OF_TRY(listed, node.texts());
        words = listed;
    }
    if (const auto sound = checkPattern({words}); !sound)
        return std::unexpected(node.error(sound.error()));
    return words;
}

Result<void> readCommands(Map &map, Contract &contract)
{
    OF_TRY(allowed, map.value(QStringLiteral("allowed_commands")));
    if (allowed) {
        OF_TRY(nodes, allowed->items());
        for (const auto &node : nodes) {
            OF_TRY(words, readPattern(node));
            contract.allowedCommands.push_back(words);
        }
    }
    OF_TRY(environment, map.value(QStringLiteral("environment")));
    if (environment) {
        OF_TRY(variables, environment->map());
        for (const auto &name : variables.keys()) {
            OF_TRY(value, variables.need(name));
            OF_CHECK(checkVariable(name, value));
            OF_TRY(text, value.text());
            contract.environment[name] = text;
        }
    }
    OF_TRY(secrets, map.value(QStringLiteral("secrets")));
    if (secrets) {
        OF_TRY(names, namedTexts(*secrets));
        for (const auto &[name, place] : names) {
            OF_CHECK(checkVariable(name, place));
            contract.secrets += name;
        }
    }
    OF_TRY(limits, map.value(QStringLiteral("limits")));
    if (!limits)
        return {};
    OF_TRY(inner, limits->map());
    OF_TRY(timeout, inner.value(QStringLiteral("command_timeout_seconds")));
    if (timeout) {
        OF_TRY(seconds, timeout->integer(1, 7 * 86'400));
        contract.commandTimeout = std::chrono::seconds(seconds);
    }
    OF_TRY(memory, inner.value(QStringLiteral("memory_mb")));
    if (memory) {
        OF_TRY(megabytes, memory->integer(16, 16'777'216));
        contract.memoryMb = megabytes;
    }
    OF_TRY(processes, inner.value(QStringLiteral("processes")));
    if (processes) {
        OF_TRY(number, processes->integer(1, 1'000'000));
        contract.processes = int(number);
    }
    return inner.finish();
}

Result<Contract> readContract(const Node &node)
{
    Contract contract;
    OF_TRY(map, node.map());
    OF_TRY(language, map.value(QStringLiteral("language")));
    if (language) {
        OF_TRY(name, language->text());
        if (!matches(QStringLiteral("[A-Za-z][A-Za-z0-9+#.-]{0,29}"), name))
            return std::unexpected(language->error(QStringLiteral("\"%1\" is no name of a language").arg(shown(name))));
        contract.language = name.toLower();
    }
    OF_CHECK(readPipeline(map, contract));
    OF_CHECK(readBoundary(map, contract));
    OF_CHECK(readDelivery(map, contract));
    OF_CHECK(readCommands(map, contract));
    OF_CHECK(map.finish());
    return contract;
}

} // namespace

Result<Contract> loadContract(const QByteArray &bytes, const QString &file)
{
    OF_TRY(document, yaml::parse(bytes, file));
    OF_TRY(top, document.map());
    const auto inner = top.find(QStringLiteral("contract"));
    if (!top.keys().contains(QStringLiteral("contract")))
        return readContract(document);
    OF_CHECK(top.finish());
    return inner ? readContract(*inner) : Contract();
}

Result<Contract> contractOf(const JobIdentity &job)
{
    OF_TRY(contract, loadContract(job.contractYaml.toUtf8(), QStringLiteral("the job's contract")));
    contract.ownFile = job.contractFile;
    return contract;
}

} // namespace openfactory
