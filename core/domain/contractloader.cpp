// SPDX-License-Identifier: Apache-2.0
// contract.yaml, read strictly: loadContract() of contract.h. The keys and their defaults are listed there.
#include "core/base/text.h"
#include "core/domain/allowlist.h"
#include "core/domain/contract.h"
#include "core/domain/decision.h"
#include "core/domain/environmentnames.h"
#include "core/domain/job.h"
#include "core/domain/stagereader.h"

#include <QHash>
#include <QRegularExpression>

namespace openfactory {

namespace {

using yaml::Faults;
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

/// The items of a list of texts, each with its place; what is no text or was given before is left out, as a fault.
std::vector<std::pair<QString, Node>> namedTexts(const Node &list, Faults &faults)
{
    std::vector<std::pair<QString, Node>> out;
    QHash<QString, int> lines;
    for (const auto &node : faults.take(list.items()).value_or(std::vector<Node>())) {
        const auto text = faults.take(node.text());
        if (!text)
            continue;
        if (const auto before = lines.constFind(*text); before != lines.constEnd()) {
            faults.add(
                node.error(QStringLiteral("\"%1\" was given before, in line %2").arg(shown(*text)).arg(*before)));
            continue;
        }
        lines.insert(*text, node.line());
        out.emplace_back(*text, node);
    }
    return out;
}

/// A list of texts that `rule` says nothing against.
void readTexts(Map &map, const QString &key, QStringList &out, QString (*rule)(const QString &), Faults &faults)
{
    const auto node = faults.value(map, key);
    if (!node)
        return;
    out.clear();
    for (const auto &[text, place] : namedTexts(*node, faults)) {
        if (const QString wrong = rule(text); !wrong.isEmpty())
            faults.add(place.error(wrong));
        out += text;
    }
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

void checkVariable(const QString &name, const Node &place, Faults &faults)
{
    if (const auto sound = checkEnvironmentName(name); !sound)
        faults.add(place.error(sound.error()));
}

void readPipeline(Map &map, Contract &contract, Faults &faults)
{
    const auto pipeline = faults.value(map, QStringLiteral("pipeline"));
    const auto skip = faults.value(map, QStringLiteral("skip"));
    if (pipeline && pipeline->kind() == Node::Kind::Sequence) {
        contract.stages = readStages(*pipeline, defaultStage, faults);
        if (skip)
            faults.add(skip->error(
                QStringLiteral("a contract with its own list of stages skips none: leave them out of the list")));
        return;
    }
    if (pipeline) {
        const QString name = faults.take(pipeline->text()).value_or(contract.pipeline);
        if (!builtInPipelineNames().contains(name)) {
            faults.add(pipeline->error(QStringLiteral("there is no pipeline \"%1\"; known are %2")
                                           .arg(shown(name), builtInPipelineNames().join(QStringLiteral(", ")))));
            return;
        }
        contract.pipeline = name;
    }
    if (!skip)
        return;
    const auto builtIn = faults.take(builtInPipeline(contract.pipeline));
    if (!builtIn)
        return;
    for (const auto &[name, place] : namedTexts(*skip, faults)) {
        if (!builtIn->indexOf(name))
            faults.add(
                place.error(QStringLiteral("the pipeline %1 has no stage \"%2\"").arg(builtIn->name, shown(name))));
        contract.skip += name;
    }
}

void readBoundary(Map &map, Contract &contract, Faults &faults)
{
    readTexts(map, QStringLiteral("allowed_files"), contract.allowedFiles, globFault, faults);
    readTexts(map, QStringLiteral("forbidden_files"), contract.forbiddenFiles, globFault, faults);
    readTexts(map, QStringLiteral("approved_dependencies"), contract.approvedDependencies, dependencyFault, faults);
    if (const auto coverage = faults.value(map, QStringLiteral("required_test_coverage")))
        contract.requiredTestCoverage = faults.take(coverage->number(0, 100)).value_or(0);
    if (const auto lines = faults.value(map, QStringLiteral("max_lines_changed")))
        contract.maxLinesChanged = int(faults.take(lines->integer(0, 10'000'000)).value_or(0));
    if (const auto lines = faults.value(map, QStringLiteral("max_function_lines")))
        contract.maxFunctionLines = int(faults.take(lines->integer(0, 10'000'000)).value_or(0));
    if (const auto cycles = faults.value(map, QStringLiteral("import_cycles_allowed")))
        contract.importCyclesAllowed = faults.take(cycles->boolean()).value_or(false);
    if (const auto dependencies = faults.value(map, QStringLiteral("new_dependencies_allowed")))
        contract.newDependenciesAllowed = faults.take(dependencies->boolean()).value_or(false);
}

void readDelivery(Map &map, Contract &contract, Faults &faults)
{
    if (const auto strategy = faults.value(map, QStringLiteral("strategy"))) {
        const QString name = faults.take(strategy->text()).value_or(toName(contract.strategy));
        const auto known = strategyFrom(name);
        if (!known) {
            faults.add(strategy->error(QStringLiteral("expected direct or gradual, found \"%1\"").arg(shown(name))));
        } else if (*known == Strategy::Gradual) {
            Error error = strategy->error(QStringLiteral("the strategy gradual is not built yet"));
            error.kind = ErrorKind::Unsupported;
            error.hint = QStringLiteral("use direct");
            faults.add(error);
        }
        contract.strategy = known.value_or(contract.strategy);
    }
    if (const auto forge = faults.value(map, QStringLiteral("forge"))) {
        const QString name = faults.take(forge->text()).value_or(QStringLiteral("local"));
        if (name == u"github")
            contract.forge = ForgeKind::GitHub;
        else if (name != u"local")
            faults.add(forge->error(QStringLiteral("expected local or github, found \"%1\"").arg(shown(name))));
    }
    if (const auto target = faults.value(map, QStringLiteral("target"))) {
        if (const auto name = faults.take(target->text())) {
            if (const QString wrong = branchFault(*name); !wrong.isEmpty())
                faults.add(target->error(wrong));
            contract.target = *name;
        }
    }
    readTexts(map, QStringLiteral("protected_branches"), contract.protectedBranches, branchFault, faults);
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

void readCommands(Map &map, Contract &contract, Faults &faults)
{
    if (const auto allowed = faults.value(map, QStringLiteral("allowed_commands"))) {
        for (const auto &node : faults.take(allowed->items()).value_or(std::vector<Node>())) {
            if (const auto words = faults.take(readPattern(node)))
                contract.allowedCommands.push_back(*words);
        }
    }
    const auto environment = faults.value(map, QStringLiteral("environment"));
    if (auto variables = environment ? faults.take(environment->map()) : std::nullopt) {
        for (const auto &name : variables->keys()) {
            const auto value = faults.take(variables->need(name));
            if (!value)
                continue;
            checkVariable(name, *value, faults);
            const auto text = faults.take(value->text());
            if (text && text->contains(QChar(0)))
                faults.add(value->error(QStringLiteral("the value of %1 holds a NUL character, and no program can be "
                                                       "given one")
                                            .arg(shown(name))));
            else if (text)
                contract.environment[name] = *text;
        }
    }
    if (const auto secrets = faults.value(map, QStringLiteral("secrets"))) {
        for (const auto &[name, place] : namedTexts(*secrets, faults)) {
            checkVariable(name, place, faults);
            contract.secrets += name;
        }
    }
}

void readLimits(Map &map, Contract &contract, Faults &faults)
{
    const auto limits = faults.value(map, QStringLiteral("limits"));
    auto inner = limits ? faults.take(limits->map()) : std::nullopt;
    if (!inner)
        return;
    if (const auto timeout = faults.value(*inner, QStringLiteral("command_timeout_seconds")))
        contract.commandTimeout = std::chrono::seconds(faults.take(timeout->integer(1, 7 * 86'400)).value_or(1));
    if (const auto memory = faults.value(*inner, QStringLiteral("memory_mb")))
        contract.memoryMb = faults.take(memory->integer(16, 16'777'216)).value_or(16);
    if (const auto processes = faults.value(*inner, QStringLiteral("processes")))
        contract.processes = int(faults.take(processes->integer(1, 1'000'000)).value_or(1));
    for (const Error &unknown : inner->unknown())
        faults.add(unknown);
}

Contract readKeys(Map map, Faults &faults)
{
    Contract contract;
    if (const auto language = faults.value(map, QStringLiteral("language"))) {
        const auto name = faults.take(language->text());
        if (name && !matches(QStringLiteral("[A-Za-z][A-Za-z0-9+#.-]{0,29}"), *name))
            faults.add(language->error(QStringLiteral("\"%1\" is no name of a language").arg(shown(*name))));
        contract.language = name.value_or(QString()).toLower();
    }
    readPipeline(map, contract, faults);
    if (const auto tcr = faults.value(map, QStringLiteral("tcr"))) {
        const QString name = faults.take(tcr->text()).value_or(toName(contract.tcr));
        if (const auto known = tcrVariantFrom(name))
            contract.tcr = *known;
        else
            faults.add(
                tcr->error(QStringLiteral("expected strict, relaxed or build-first, found \"%1\"").arg(shown(name))));
    }
    readBoundary(map, contract, faults);
    readDelivery(map, contract, faults);
    readCommands(map, contract, faults);
    readLimits(map, contract, faults);
    for (const Error &unknown : map.unknown())
        faults.add(unknown);
    return contract;
}

Contract read(const Node &document, Faults &faults, std::map<QString, yaml::Place> &places)
{
    auto top = faults.take(document.map());
    if (!top)
        return {};
    if (!top->keys().contains(QStringLiteral("contract"))) {
        places = yaml::placesOf(document);
        return readKeys(*std::move(top), faults);
    }
    const auto inner = top->find(QStringLiteral("contract"));
    for (const Error &unknown : top->unknown())
        faults.add(unknown);
    auto keys = inner ? faults.take(inner->map()) : std::nullopt;
    if (!keys)
        return {};
    places = yaml::placesOf(*inner);
    return readKeys(*std::move(keys), faults);
}

} // namespace

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

ContractReading readContract(const QByteArray &bytes, const QString &file)
{
    ContractReading reading;
    Faults faults;
    if (const auto document = faults.take(yaml::parse(bytes, file, faults)))
        reading.contract = read(*document, faults, reading.places);
    reading.faults = faults.sorted();
    return reading;
}

Result<Contract> loadContract(const QByteArray &bytes, const QString &file)
{
    ContractReading reading = readContract(bytes, file);
    if (reading.faults.empty())
        return std::move(reading.contract);
    Error first = std::move(reading.faults.front());
    if (first.hint.isEmpty())
        first.hint = QStringLiteral("factory contract check names all that is wrong with it");
    return std::unexpected(std::move(first));
}

Result<Contract> contractOf(const JobIdentity &job)
{
    OF_TRY(contract, loadContract(job.contractYaml.toUtf8(), QStringLiteral("the job's contract")));
    contract.ownFile = job.contractFile;
    return contract;
}

} // namespace openfactory
