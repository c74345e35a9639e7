// SPDX-License-Identifier: Apache-2.0
#include "core/policy/rulepack.h"

#include "core/base/strictyaml.h"
#include "core/base/text.h"

#include <algorithm>

namespace openfactory {

namespace {

/// A match that takes more steps is given up: about 10 ms. Most rules take a few hundred.
constexpr QLatin1StringView stepLimit("(*LIMIT_MATCH=200000)");

template<class Value>
Result<Value> oneOf(const yaml::Node &node, std::initializer_list<std::pair<QLatin1StringView, Value>> values)
{
    OF_TRY(text, node.text());
    QStringList known;
    for (const auto &[name, value] : values) {
        if (text == name)
            return value;
        known += name;
    }
    return std::unexpected(node.error(QStringLiteral("\"%1\" is not known here; known: %2")
                                          .arg(displayable(text.left(80)), known.join(QStringLiteral(", ")))));
}

Result<QRegularExpression> expression(const yaml::Node &node)
{
    OF_TRY(text, node.text());
    QRegularExpression made(stepLimit + text, QRegularExpression::DotMatchesEverythingOption);
    if (text.isEmpty() || !made.isValid())
        return std::unexpected(
            node.error(QStringLiteral("the expression does not compile: %1")
                           .arg(text.isEmpty() ? QStringLiteral("it is empty") : made.errorString())));
    made.optimize();
    return made;
}

Result<QRegularExpression> optionalExpression(yaml::Map &map, const QString &key)
{
    if (const auto node = map.find(key))
        return expression(*node);
    return QRegularExpression();
}

Result<Rule> readRule(const yaml::Node &node)
{
    using View = Rule::View;
    using Within = Rule::Within;
    OF_TRY(map, node.map());
    Rule rule;
    OF_TRY(id, map.need(QStringLiteral("id")));
    OF_TRY(idText, id.text());
    rule.id = idText;
    if (static const QRegularExpression form(QStringLiteral("\\A[a-z][a-z0-9-]{1,40}\\z"));
        !form.match(rule.id).hasMatch())
        return std::unexpected(id.error(QStringLiteral("an id has lower-case letters, digits and - only")));
    OF_TRY(severity, map.need(QStringLiteral("severity")));
    OF_TRY(severityValue, oneOf<Severity>(severity, {{QLatin1StringView("info"), Severity::Info},
                                                     {QLatin1StringView("warning"), Severity::Warning},
                                                     {QLatin1StringView("error"), Severity::Error}}));
    rule.severity = severityValue;
    OF_TRY(what, map.need(QStringLiteral("what")));
    OF_TRY(whatText, what.text());
    rule.what = whatText;
    OF_TRY(suggestion, map.need(QStringLiteral("suggestion")));
    OF_TRY(suggestionText, suggestion.text());
    rule.suggestion = suggestionText;
    OF_TRY(pattern, map.need(QStringLiteral("pattern")));
    OF_TRY(patternValue, expression(pattern));
    rule.pattern = patternValue;
    if (const auto in = map.find(QStringLiteral("in"))) {
        OF_TRY(view, oneOf<View>(*in, {{QLatin1StringView("code"), View::Code},
                                       {QLatin1StringView("strings"), View::Strings},
                                       {QLatin1StringView("comments"), View::Comments},
                                       {QLatin1StringView("uncommented"), View::Uncommented},
                                       {QLatin1StringView("any"), View::Any}}));
        rule.view = view;
    }
    if (rule.what.contains(QStringLiteral("{1}"))) {
        if (rule.view != View::Code && rule.view != View::Comments)
            return std::unexpected(what.error(QStringLiteral("{1} could repeat a secret from a string here")));
        if (rule.pattern.captureCount() < 1)
            return std::unexpected(what.error(QStringLiteral("{1} needs a group in the pattern")));
    }
    if (const auto within = map.find(QStringLiteral("within"))) {
        OF_TRY(value, oneOf<Within>(*within, {{QLatin1StringView("loop"), Within::Loop},
                                              {QLatin1StringView("same-loop"), Within::SameLoop}}));
        if (value == Within::SameLoop && rule.pattern.captureCount() < 1)
            return std::unexpected(within->error(QStringLiteral("same-loop needs a group in the pattern")));
        rule.within = value;
    }
    if (const auto outside = map.find(QStringLiteral("not-within"))) {
        OF_TRY(block,
               oneOf<bool>(*outside, {{QLatin1StringView("function"), false}, {QLatin1StringView("block"), true}}));
        rule.notWithinFunction = !block;
        rule.notWithinBlock = block;
    }
    for (const auto &[key, member] :
         {std::pair(QStringLiteral("except-pattern"), &Rule::except),
          std::pair(QStringLiteral("unless-kept"), &Rule::unlessKept), std::pair(QStringLiteral("next"), &Rule::next),
          std::pair(QStringLiteral("next-not"), &Rule::nextNot),
          std::pair(QStringLiteral("previous-not"), &Rule::previousNot)}) {
        OF_TRY(value, optionalExpression(map, key));
        rule.*member = value;
    }
    if (const auto files = map.find(QStringLiteral("except-files"))) {
        OF_TRY(globs, files->texts());
        rule.exceptFiles = globs;
    }
    if (const auto first = map.find(QStringLiteral("first"))) {
        OF_TRY(value, first->boolean());
        rule.first = value;
    }
    if (const auto undocumented = map.find(QStringLiteral("undocumented"))) {
        OF_TRY(value, undocumented->boolean());
        rule.undocumented = value;
    }
    OF_CHECK(map.finish());
    return rule;
}

} // namespace

Result<RulePack> readRulePack(const QByteArray &bytes, const QString &file)
{
    OF_TRY(root, yaml::parse(bytes, file));
    OF_TRY(map, root.map());
    RulePack pack;
    OF_TRY(name, map.need(QStringLiteral("name")));
    OF_TRY(nameText, name.text());
    pack.name = nameText;
    OF_TRY(language, map.need(QStringLiteral("language")));
    OF_TRY(lexis, language.text());
    pack.lexis = lexisNamed(lexis);
    if (!pack.lexis)
        return std::unexpected(language.error(QStringLiteral("\"%1\" is not known here; known: %2")
                                                  .arg(displayable(lexis.left(80)), lexisNames().join(u", "))));
    OF_TRY(files, map.need(QStringLiteral("files")));
    OF_TRY(globs, files.texts());
    if (globs.isEmpty())
        return std::unexpected(files.error(QStringLiteral("at least one glob is needed")));
    pack.files = globs;
    // What Python says of itself, for packs that say nothing.
    pack.loops = QRegularExpression(QStringLiteral("^(?:(?:async\\s+)?for|while)\\b"));
    pack.functions = QRegularExpression(QStringLiteral("^(?:async\\s+)?def\\b"));
    for (const auto &[key, member] : {std::pair(QStringLiteral("loops"), &RulePack::loops),
                                      std::pair(QStringLiteral("functions"), &RulePack::functions),
                                      std::pair(QStringLiteral("spared"), &RulePack::spared),
                                      std::pair(QStringLiteral("scopes"), &RulePack::scopes)}) {
        OF_TRY(value, optionalExpression(map, key));
        if (!value.pattern().isEmpty())
            pack.*member = value;
    }
    OF_TRY(rules, map.need(QStringLiteral("rules")));
    OF_TRY(nodes, rules.items());
    for (const auto &node : nodes) {
        OF_TRY(rule, readRule(node));
        if (std::ranges::find(pack.rules, rule.id, &Rule::id) != pack.rules.end())
            return std::unexpected(node.error(QStringLiteral("the rule \"%1\" was given before").arg(rule.id)));
        pack.rules.push_back(std::move(rule));
    }
    OF_CHECK(map.finish());
    return pack;
}

} // namespace openfactory
