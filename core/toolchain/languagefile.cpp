// SPDX-License-Identifier: Apache-2.0
#include "core/toolchain/languagefile.h"

#include "core/base/host.h"
#include "core/domain/pipeline.h"
#include "core/toolchain/template.h"

namespace openfactory {

namespace {

using yaml::Map;
using yaml::Node;

Result<QString> textOr(Map &map, const QString &key, const QString &otherwise = {})
{
    const auto node = map.find(key);
    return node ? node->text() : Result<QString>(otherwise);
}

Result<QStringList> textsOf(Map &map, const QString &key)
{
    const auto node = map.find(key);
    return node ? node->texts() : Result<QStringList>(QStringList());
}

Result<bool> flagOf(Map &map, const QString &key, bool otherwise)
{
    const auto node = map.find(key);
    return node ? node->boolean() : Result<bool>(otherwise);
}

Result<std::vector<Node>> itemsOf(Map &map, const QString &key)
{
    const auto node = map.find(key);
    return node ? node->items() : Result<std::vector<Node>>(std::vector<Node>());
}

Result<QRegularExpression> regexFrom(const Node &node)
{
    OF_TRY(text, node.text());
    QRegularExpression regex(text, QRegularExpression::MultilineOption);
    if (!regex.isValid())
        return std::unexpected(node.error(QStringLiteral("not a regular expression: %1").arg(regex.errorString())));
    return regex;
}

Result<QRegularExpression> regexOf(Map &map, const QString &key)
{
    const auto node = map.find(key);
    return node ? regexFrom(*node) : Result<QRegularExpression>(QRegularExpression());
}

/// What tells of a service that is down, in any language's words: for the stage of integration, and where a file says
/// `services`.
QStringList serviceDown()
{
    return {QStringLiteral("connection (?:refused|reset by peer|timed out)"),
            QStringLiteral("temporary failure in name resolution"),
            QStringLiteral("name or service not known"),
            QStringLiteral("\\bno such host\\b"),
            QStringLiteral("service unavailable"),
            QStringLiteral("could not connect to server"),
            QStringLiteral("no route to host"),
            QStringLiteral("network is unreachable"),
            QStringLiteral("\\bE(?:CONNREFUSED|CONNRESET|TIMEDOUT|AI_AGAIN|NOTFOUND|HOSTUNREACH)\\b"),
            QStringLiteral("kind: ConnectionRefused")};
}

Result<std::vector<int>> codesOf(Map &map, const QString &key, std::vector<int> otherwise)
{
    if (!map.find(key))
        return otherwise;
    OF_TRY(nodes, itemsOf(map, key));
    std::vector<int> codes;
    for (const auto &node : nodes) {
        OF_TRY(code, node.integer(0, 255));
        codes.push_back(int(code));
    }
    return codes;
}

/// Calls `read(name, node)` for each entry of the mapping under `key`, where there is one.
template<class Read>
Result<void> eachEntry(Map &map, const QString &key, Read read)
{
    const auto node = map.find(key);
    if (!node)
        return {};
    OF_TRY(entries, node->map());
    for (const QString &name : entries.keys()) {
        OF_TRY(value, entries.need(name));
        OF_CHECK(read(name, value));
    }
    return {};
}

std::optional<Severity> severityFrom(const QString &name)
{
    for (const Severity severity : {Severity::Info, Severity::Warning, Severity::Error}) {
        if (toName(severity) == name)
            return severity;
    }
    return std::nullopt;
}

Result<FactRule> readFactRule(const LanguageFile &language, const Node &node)
{
    OF_TRY(map, node.map());
    FactRule rule;
    OF_TRY(config, textOr(map, QStringLiteral("config")));
    OF_TRY(key, textOr(map, QStringLiteral("key")));
    OF_TRY(file, textOr(map, QStringLiteral("file")));
    OF_TRY(folder, textOr(map, QStringLiteral("folder")));
    OF_TRY(inTests, regexOf(map, QStringLiteral("inTests")));
    OF_TRY(matches, regexOf(map, QStringLiteral("matches")));
    OF_CHECK(map.finish());
    if (int(!config.isEmpty()) + int(!file.isEmpty()) + int(!folder.isEmpty()) + int(!inTests.pattern().isEmpty()) != 1)
        return std::unexpected(node.error(QStringLiteral("needs exactly one of config, file, folder and inTests")));
    if (!config.isEmpty() && !language.configs.contains(config))
        return std::unexpected(node.error(QStringLiteral("there is no config \"%1\" above").arg(config)));
    return FactRule{config, key, file, folder, inTests, matches};
}

Result<void> checkFacts(const LanguageFile &language, const Node &node, const QStringList &when)
{
    for (QString name : when) {
        if (name.startsWith(u'!'))
            name.remove(0, 1);
        if (!language.facts.contains(name))
            return std::unexpected(node.error(QStringLiteral("there is no fact \"%1\"").arg(name)));
    }
    return {};
}

/// A word, words under facts, or (where `fragments` may be used) the words of a fragment.
Result<std::vector<WordGroup>> readWords(const LanguageFile &language, const Node &node, bool fragments)
{
    WordGroup group;
    if (node.kind() == Node::Kind::Map) {
        OF_TRY(map, node.map());
        if (const auto use = fragments ? map.find(QStringLiteral("use")) : std::nullopt) {
            OF_TRY(name, use->text());
            OF_CHECK(map.finish());
            const auto found = language.fragments.find(name);
            if (found == language.fragments.end())
                return std::unexpected(use->error(QStringLiteral("there is no fragment \"%1\" above").arg(name)));
            return found->second;
        }
        OF_TRY(when, textsOf(map, QStringLiteral("when")));
        OF_TRY(wordsNode, map.need(QStringLiteral("words")));
        OF_TRY(words, wordsNode.texts());
        OF_CHECK(map.finish());
        OF_CHECK(checkFacts(language, node, when));
        group = {when, words};
    } else {
        OF_TRY(word, node.text());
        group.words = {word};
    }
    for (const QString &word : group.words) {
        if (const QString wrong = wrongWord(language, word); !wrong.isEmpty())
            return std::unexpected(node.error(QStringLiteral("the word \"%1\" %2").arg(word, wrong)));
    }
    return std::vector<WordGroup>{group};
}

Result<std::vector<WordGroup>> readWordList(const LanguageFile &language, const Node &node, bool fragments)
{
    OF_TRY(items, node.items());
    std::vector<WordGroup> words;
    for (const auto &item : items) {
        OF_TRY(groups, readWords(language, item, fragments));
        words.insert(words.end(), groups.begin(), groups.end());
    }
    return words;
}

Result<CommandTemplate> readCommandTemplate(const LanguageFile &language, const Node &node)
{
    OF_TRY(map, node.map());
    CommandTemplate command;
    OF_TRY(when, textsOf(map, QStringLiteral("when")));
    OF_CHECK(checkFacts(language, node, when));
    OF_TRY(needs, textOr(map, QStringLiteral("needs")));
    if (!needs.isEmpty() && !isPathList(needs))
        return std::unexpected(node.error(QStringLiteral("\"%1\" is not a list of paths").arg(needs)));
    OF_TRY(nothing, textOr(map, QStringLiteral("nothing")));
    OF_TRY(program, textOr(map, QStringLiteral("program")));
    OF_TRY(module, textOr(map, QStringLiteral("module")));
    OF_TRY(install, textOr(map, QStringLiteral("install")));
    OF_TRY(obtain, textOr(map, QStringLiteral("obtain")));
    OF_TRY(network, flagOf(map, QStringLiteral("network"), false));
    OF_TRY(optional, flagOf(map, QStringLiteral("optional"), false));
    OF_TRY(findingsFail, flagOf(map, QStringLiteral("findingsFail"), false));
    OF_TRY(onlyChanged, flagOf(map, QStringLiteral("onlyChanged"), false));
    OF_TRY(caches, textsOf(map, QStringLiteral("caches")));
    OF_TRY(pass, codesOf(map, QStringLiteral("pass"), {0}));
    OF_TRY(problems, codesOf(map, QStringLiteral("problems"), {1}));
    OF_TRY(nothingCodes, codesOf(map, QStringLiteral("nothingCodes"), {}));
    OF_TRY(wordsNode, map.need(QStringLiteral("words")));
    OF_TRY(words, readWordList(language, wordsNode, true));
    command.words = words;
    const auto environment = eachEntry(map, QStringLiteral("environment"),
                                       [&](const QString &name, const Node &value) -> Result<void> {
                                           OF_TRY(text, value.text());
                                           command.environment[name] = text;
                                           return {};
                                       });
    OF_CHECK(environment);
    OF_TRY(reports, itemsOf(map, QStringLiteral("reports")));
    for (const auto &report : reports) {
        OF_TRY(entry, report.map());
        OF_TRY(kindNode, entry.need(QStringLiteral("kind")));
        OF_TRY(kind, kindNode.text());
        OF_TRY(path, textOr(entry, QStringLiteral("path")));
        OF_CHECK(entry.finish());
        if (const QString wrong = wrongKind(language, kind); !wrong.isEmpty())
            return std::unexpected(kindNode.error(QStringLiteral("the kind \"%1\" %2").arg(kind, wrong)));
        command.rest.reports.push_back({kind, path});
    }
    OF_CHECK(map.finish());
    command.when = when;
    command.needs = needs;
    command.nothing = nothing;
    command.rest.program = program;
    command.rest.module = module;
    command.rest.howToInstall = install.isEmpty() ? obtain : howToInstall(install);
    command.rest.network = network;
    command.rest.optional = optional;
    command.rest.findingsFail = findingsFail;
    command.rest.onlyChanged = onlyChanged;
    command.rest.caches = caches;
    command.rest.passCodes = pass;
    command.rest.problemCodes = problems;
    command.rest.nothingCodes = nothingCodes;
    if (const QString wrong = wrongCommand(command); !wrong.isEmpty())
        return std::unexpected(node.error(wrong));
    return command;
}

Result<StageTemplate> readStage(const LanguageFile &language, const Node &node)
{
    OF_TRY(map, node.map());
    StageTemplate stage;
    OF_TRY(commands, itemsOf(map, QStringLiteral("commands")));
    for (const auto &command : commands) {
        OF_TRY(one, readCommandTemplate(language, command));
        stage.commands.push_back(one);
    }
    OF_TRY(fixes, itemsOf(map, QStringLiteral("fixes")));
    for (const auto &command : fixes) {
        OF_TRY(one, readCommandTemplate(language, command));
        stage.fixes.push_back(one);
    }
    OF_TRY(stopAtFirst, flagOf(map, QStringLiteral("stopAtFirst"), false));
    OF_TRY(transient, textsOf(map, QStringLiteral("transient")));
    OF_TRY(services, flagOf(map, QStringLiteral("services"), false));
    OF_TRY(nothing, textOr(map, QStringLiteral("nothing")));
    OF_CHECK(map.finish());
    stage.stopAtFirst = stopAtFirst;
    stage.transient = services ? transient + serviceDown() : transient;
    stage.nothing = nothing;
    return stage;
}

Result<TextReader> readTextReader(const Node &node)
{
    OF_TRY(map, node.map());
    TextReader reader;
    OF_TRY(toolNode, map.need(QStringLiteral("tool")));
    OF_TRY(tool, toolNode.text());
    reader.tool = tool;
    OF_TRY(patterns, itemsOf(map, QStringLiteral("patterns")));
    for (const auto &pattern : patterns) {
        OF_TRY(entry, pattern.map());
        TextPattern one;
        OF_TRY(match, regexOf(entry, QStringLiteral("match")));
        OF_TRY(rule, textOr(entry, QStringLiteral("rule")));
        OF_TRY(message, textOr(entry, QStringLiteral("message")));
        OF_TRY(suggestion, textOr(entry, QStringLiteral("suggestion")));
        OF_TRY(missing, flagOf(entry, QStringLiteral("missing"), false));
        OF_TRY(heading, flagOf(entry, QStringLiteral("heading"), false));
        OF_TRY(aside, flagOf(entry, QStringLiteral("aside"), false));
        OF_TRY(severityText, textOr(entry, QStringLiteral("severity"), QStringLiteral("error")));
        OF_CHECK(entry.finish());
        if (match.pattern().isEmpty())
            return std::unexpected(pattern.error(QStringLiteral("needs a match")));
        const auto severity = severityFrom(severityText);
        if (!severity)
            return std::unexpected(pattern.error(QStringLiteral("a severity is error, warning or info")));
        if (heading && !match.namedCaptureGroups().contains(QStringLiteral("file")))
            return std::unexpected(pattern.error(QStringLiteral("a heading needs a group file")));
        one = {match, rule, message, suggestion, *severity, missing, heading, aside};
        reader.patterns.push_back(one);
    }
    OF_TRY(counts, itemsOf(map, QStringLiteral("counts")));
    for (const auto &count : counts) {
        OF_TRY(regex, regexFrom(count));
        const QStringList groups = regex.namedCaptureGroups();
        if (std::ranges::none_of(
                QStringList{QStringLiteral("passed"), QStringLiteral("failed"), QStringLiteral("skipped")},
                [&](const QString &name) { return groups.contains(name); }))
            return std::unexpected(count.error(QStringLiteral("needs a group passed, failed or skipped")));
        reader.counts.push_back(regex);
    }
    OF_CHECK(map.finish());
    return reader;
}

Result<void> readLayout(LanguageFile &language, Map &top)
{
    const auto node = top.find(QStringLiteral("layout"));
    if (!node)
        return {};
    OF_TRY(map, node->map());
    const std::pair<const char16_t *, QStringList *> lists[] = {
        {u"sources", &language.sources},
        {u"sourceFolders", &language.sourceFolders},
        {u"testFolders", &language.testFolders},
        {u"testFiles", &language.testFiles},
        {u"testDataFolders", &language.testDataFolders},
        {u"integration", &language.integration},
        {u"aside", &language.aside},
        {u"skip", &language.skip},
    };
    for (const auto &[key, list] : lists) {
        OF_TRY(texts, textsOf(map, QString::fromUtf16(key)));
        *list = texts;
    }
    return map.finish();
}

Result<void> readSettings(LanguageFile &language, Map &top)
{
    const auto configs = eachEntry(top, QStringLiteral("configs"),
                                   [&](const QString &name, const Node &value) -> Result<void> {
                                       OF_TRY(places, value.items());
                                       for (const auto &place : places) {
                                           OF_TRY(map, place.map());
                                           OF_TRY(fileNode, map.need(QStringLiteral("file")));
                                           OF_TRY(file, fileNode.text());
                                           OF_TRY(section, textOr(map, QStringLiteral("section")));
                                           OF_TRY(whole, flagOf(map, QStringLiteral("whole"), false));
                                           OF_CHECK(map.finish());
                                           language.configs[name].push_back({file, section, whole});
                                       }
                                       return {};
                                   });
    OF_CHECK(configs);
    const auto facts = eachEntry(top, QStringLiteral("facts"),
                                 [&](const QString &name, const Node &value) -> Result<void> {
                                     OF_TRY(rules, value.items());
                                     for (const auto &node : rules) {
                                         OF_TRY(rule, readFactRule(language, node));
                                         language.facts[name].push_back(rule);
                                     }
                                     return {};
                                 });
    OF_CHECK(facts);
    const auto texts = eachEntry(top, QStringLiteral("texts"),
                                 [&](const QString &name, const Node &value) -> Result<void> {
                                     OF_TRY(map, value.map());
                                     OF_TRY(fileNode, map.need(QStringLiteral("file")));
                                     OF_TRY(file, fileNode.text());
                                     OF_TRY(matches, regexOf(map, QStringLiteral("matches")));
                                     OF_CHECK(map.finish());
                                     if (matches.captureCount() < 1)
                                         return std::unexpected(value.error(QStringLiteral("matches needs a group")));
                                     language.texts[name] = {file, matches};
                                     return {};
                                 });
    OF_CHECK(texts);
    return eachEntry(top, QStringLiteral("values"), [&](const QString &name, const Node &value) -> Result<void> {
        OF_TRY(map, value.map());
        OF_TRY(config, textOr(map, QStringLiteral("config")));
        OF_TRY(key, textOr(map, QStringLiteral("key")));
        OF_TRY(otherwiseNode, map.need(QStringLiteral("otherwise")));
        OF_TRY(otherwise, otherwiseNode.integer(0, 1'000'000));
        OF_CHECK(map.finish());
        if (!language.configs.contains(config))
            return std::unexpected(value.error(QStringLiteral("there is no config \"%1\" above").arg(config)));
        language.values[name] = {config, key, int(otherwise)};
        return {};
    });
}

/// A pattern over whole sources, which are hostile: a match that takes more steps is given up.
Result<QRegularExpression> sourcePattern(const Node &node)
{
    OF_TRY(text, node.text());
    OF_CHECK(regexFrom(node).transform([](const auto &) {}));
    return QRegularExpression(QStringLiteral("(*LIMIT_MATCH=500000)") + text, QRegularExpression::MultilineOption);
}

Result<void> readImports(LanguageFile &language, const Node &node)
{
    OF_TRY(map, node.map());
    ImportRules rules;
    OF_TRY(matches, itemsOf(map, QStringLiteral("match")));
    for (const auto &match : matches) {
        OF_TRY(pattern, sourcePattern(match));
        if (!pattern.namedCaptureGroups().contains(QStringLiteral("module")))
            return std::unexpected(match.error(QStringLiteral("needs a group module")));
        rules.matches.push_back(pattern);
    }
    OF_TRY(strings, flagOf(map, QStringLiteral("strings"), false));
    OF_TRY(folders, flagOf(map, QStringLiteral("folders"), false));
    OF_TRY(separator, textOr(map, QStringLiteral("separator"), QStringLiteral("/")));
    OF_TRY(up, textOr(map, QStringLiteral("up"), QStringLiteral(".")));
    OF_TRY(fromModule, flagOf(map, QStringLiteral("fromModule"), false));
    OF_TRY(index, textsOf(map, QStringLiteral("index")));
    OF_TRY(to, textsOf(map, QStringLiteral("to")));
    OF_TRY(roots, textsOf(map, QStringLiteral("roots")));
    OF_TRY(beside, flagOf(map, QStringLiteral("beside"), false));
    if (const auto shorten = map.find(QStringLiteral("shorten"))) {
        OF_TRY(parts, shorten->integer(0, 16));
        rules.shorten = int(parts);
    }
    OF_TRY(strip, textOr(map, QStringLiteral("strip")));
    OF_TRY(usual, flagOf(map, QStringLiteral("cyclesAreUsual"), false));
    OF_CHECK(map.finish());
    if (rules.matches.empty() || to.isEmpty() || separator.isEmpty() || up.isEmpty())
        return std::unexpected(node.error(QStringLiteral("imports need match and to")));
    if (!strip.isEmpty() && !language.texts.contains(strip))
        return std::unexpected(node.error(QStringLiteral("there is no text \"%1\" above").arg(strip)));
    rules.strings = strings;
    rules.folders = folders;
    rules.separator = separator;
    rules.up = up;
    rules.fromModule = fromModule;
    rules.index = index;
    rules.to = to;
    rules.roots = roots;
    rules.beside = beside;
    rules.strip = strip;
    rules.cyclesAreUsual = usual;
    language.imports = rules;
    return {};
}

/// What a source is made of: syntax, functions, imports.
Result<void> readSource(LanguageFile &language, Map &top)
{
    if (const auto syntax = top.find(QStringLiteral("syntax"))) {
        OF_TRY(name, syntax->text());
        language.lexis = lexisNamed(name);
        if (!language.lexis)
            return std::unexpected(
                syntax->error(QStringLiteral("syntax is one of %1").arg(lexisNames().join(QStringLiteral(", ")))));
    }
    const auto needsSyntax = [&](const Node &node) {
        return language.lexis ? Result<void>() : std::unexpected(node.error(QStringLiteral("needs a syntax above")));
    };
    if (const auto functions = top.find(QStringLiteral("functions"))) {
        OF_CHECK(needsSyntax(*functions));
        OF_TRY(pattern, sourcePattern(*functions));
        if (!pattern.namedCaptureGroups().contains(QStringLiteral("name")))
            return std::unexpected(functions->error(QStringLiteral("needs a group name")));
        language.functions = pattern;
    }
    if (const auto imports = top.find(QStringLiteral("imports"))) {
        OF_CHECK(needsSyntax(*imports));
        OF_CHECK(readImports(language, *imports));
    }
    return {};
}

} // namespace

Result<LanguageFile> loadLanguageFile(const QByteArray &bytes, const QString &file)
{
    OF_TRY(root, yaml::parse(bytes, file));
    OF_TRY(map, root.map());
    LanguageFile language;
    OF_TRY(nameNode, map.need(QStringLiteral("language")));
    OF_TRY(name, nameNode.text());
    OF_TRY(title, textOr(map, QStringLiteral("title"), name));
    OF_TRY(built, flagOf(map, QStringLiteral("built"), true));
    OF_TRY(projectFiles, textsOf(map, QStringLiteral("projectFiles")));
    language.language = name;
    language.title = title;
    language.built = built;
    language.projectFiles = projectFiles;
    if (const auto node = map.find(QStringLiteral("nesting"))) {
        static const QStringList names{QStringLiteral("apart"), QStringLiteral("inside"), QStringLiteral("each")};
        OF_TRY(nesting, node->text());
        if (!names.contains(nesting))
            return std::unexpected(node->error(QStringLiteral("nesting is apart, inside or each")));
        language.nesting = Nesting(names.indexOf(nesting));
    }
    OF_CHECK(readLayout(language, map));
    OF_CHECK(readSettings(language, map));
    OF_CHECK(readSource(language, map));
    const auto fragments = eachEntry(map, QStringLiteral("fragments"),
                                     [&](const QString &fragment, const Node &value) -> Result<void> {
                                         OF_TRY(words, readWordList(language, value, false));
                                         language.fragments[fragment] = words;
                                         return {};
                                     });
    OF_CHECK(fragments);
    const auto stages = eachEntry(
        map, QStringLiteral("stages"), [&](const QString &stage, const Node &value) -> Result<void> {
            const auto kind = stageKindFrom(stage);
            if (!kind)
                return std::unexpected(value.error(QStringLiteral("there is no stage \"%1\"").arg(stage)));
            OF_TRY(one, readStage(language, value));
            if (*kind == StageKind::Integration)
                one.transient += serviceDown();
            language.stages[*kind] = one;
            return {};
        });
    OF_CHECK(stages);
    const auto readers = eachEntry(map, QStringLiteral("readers"),
                                   [&](const QString &reader, const Node &value) -> Result<void> {
                                       OF_TRY(one, readTextReader(value));
                                       language.readers[reader] = one;
                                       return {};
                                   });
    OF_CHECK(readers);
    OF_TRY(advice, itemsOf(map, QStringLiteral("advice")));
    for (const auto &node : advice) {
        OF_TRY(entry, node.map());
        OF_TRY(matches, regexOf(entry, QStringLiteral("matches")));
        OF_TRY(suggestion, textOr(entry, QStringLiteral("suggestion")));
        OF_CHECK(entry.finish());
        language.advice.push_back({matches, suggestion});
    }
    OF_CHECK(map.finish());
    return language;
}

} // namespace openfactory
