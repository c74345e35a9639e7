// SPDX-License-Identifier: Apache-2.0
#include "app/wiring/settings.h"

#include "app/wiring/agentsettings.h"
#include "app/wiring/modelsettings.h"
#include "core/base/file.h"
#include "core/base/strictyaml.h"
#include "core/base/text.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

namespace openfactory {

namespace {

constexpr qint64 kMostBytes = 64 * 1024;
const QString kAuthor = QStringLiteral("author");

/// What git can write into a commit's author: one short line without the signs that part the address.
bool isPerson(const QString &text)
{
    return !text.trimmed().isEmpty() && text.size() <= 200 && displayable(text) == text && !text.contains(u'<')
           && !text.contains(u'>');
}

/// "Name <mail>", or nothing.
bool isCoAuthor(const QString &text)
{
    static const QRegularExpression form(QStringLiteral("^[^<>]+ <[^<> ]+>$"));
    return text.isEmpty() || (text.size() <= 200 && displayable(text) == text && form.match(text).hasMatch());
}

template<auto Member>
SettingRule number(const char *key, qint64 least, qint64 most)
{
    SettingRule rule;
    rule.key = QLatin1String(key);
    rule.form = SettingRule::Form::Number;
    rule.least = least;
    rule.most = most;
    rule.text = [](const FactorySettings &settings) {
        if constexpr (requires { (settings.engine.*Member).count(); })
            return QString::number((settings.engine.*Member).count());
        else
            return QString::number(settings.engine.*Member);
    };
    rule.take = [](FactorySettings &settings, const QString &value) {
        using Value = std::remove_reference_t<decltype(settings.engine.*Member)>;
        settings.engine.*Member = Value(value.toLongLong());
    };
    return rule;
}

SettingRule choice(const char *key, const QStringList &choices, decltype(SettingRule::text) text,
                   decltype(SettingRule::take) take)
{
    SettingRule rule;
    rule.key = QLatin1String(key);
    rule.form = SettingRule::Form::Choice;
    rule.choices = choices;
    rule.text = text;
    rule.take = take;
    return rule;
}

template<auto Member>
SettingRule yesOrNo(const char *key)
{
    SettingRule rule = choice(
        key, {QStringLiteral("true"), QStringLiteral("false")},
        [](const FactorySettings &settings) {
            return settings.engine.*Member ? QStringLiteral("true") : QStringLiteral("false");
        },
        [](FactorySettings &settings, const QString &value) { settings.engine.*Member = value == u"true"; });
    rule.form = SettingRule::Form::Switch;
    return rule;
}

template<auto Member>
SettingRule who(const char *key, const char *variable, bool (*good)(const QString &), const QString &wanted)
{
    SettingRule rule;
    rule.key = kAuthor + u'.' + QLatin1String(key);
    rule.variable = variable;
    rule.good = good;
    rule.wanted = wanted;
    rule.text = [](const FactorySettings &settings) { return settings.*Member; };
    rule.take = [](FactorySettings &settings, const QString &value) { settings.*Member = value; };
    return rule;
}

std::vector<SettingRule> makeRules()
{
    std::vector<SettingRule> rules;
    rules.push_back(number<&EngineSettings::workers>("workers", 1, 64));
    rules.push_back(number<&EngineSettings::diskFloorMb>("disk_floor_mb", 0, 1'000'000));
    rules.push_back(yesOrNo<&EngineSettings::answerFromRecord>("answer_from_record"));
    rules.push_back(number<&EngineSettings::gatesAtOnce>("gates_at_once", 0, 64));
    rules.push_back(yesOrNo<&EngineSettings::spareWorkspaces>("spare_workspaces"));
    rules.push_back(choice(
        "sandbox", {QStringLiteral("on"), QStringLiteral("off")},
        [](const FactorySettings &settings) {
            return settings.sandboxOff ? QStringLiteral("off") : QStringLiteral("on");
        },
        [](FactorySettings &settings, const QString &value) { settings.sandboxOff = value == u"off"; }));
    rules.push_back(choice(
        "broken_audit", {QStringLiteral("refuse"), QStringLiteral("warn")},
        [](const FactorySettings &settings) {
            return settings.engine.brokenAuditWarns ? QStringLiteral("warn") : QStringLiteral("refuse");
        },
        [](FactorySettings &settings, const QString &value) { settings.engine.brokenAuditWarns = value == u"warn"; }));
    rules.push_back(yesOrNo<&EngineSettings::watchPeople>("watch_people"));
    rules.push_back(number<&EngineSettings::watchPoll>("watch_poll_ms", 100, 600'000));
    const QString line = QStringLiteral("expected one short line without < and >");
    rules.push_back(who<&FactorySettings::authorName>("name", "OPENFACTORY_AUTHOR_NAME", isPerson, line));
    rules.push_back(who<&FactorySettings::authorEmail>("email", "OPENFACTORY_AUTHOR_EMAIL", isPerson, line));
    rules.push_back(who<&FactorySettings::coAuthor>("co_author", "OPENFACTORY_CO_AUTHOR", isCoAuthor,
                                                    QStringLiteral("expected \"Name <mail>\"")));
    rules.push_back(number<&EngineSettings::busyPoll>("busy_poll_ms", 10, 3'600'000));
    rules.push_back(number<&EngineSettings::idlePoll>("idle_poll_ms", 10, 3'600'000));
    rules.push_back(number<&EngineSettings::leaseTerm>("lease_ms", 500, 600'000));
    return rules;
}

Result<void> readOne(const SettingRule &rule, const yaml::Node &node, SettingsRead &into)
{
    QString value;
    switch (rule.form) {
    case SettingRule::Form::Number: {
        OF_TRY(found, node.integer(rule.least, rule.most));
        value = QString::number(found);
        break;
    }
    case SettingRule::Form::Switch: {
        OF_TRY(found, node.boolean());
        value = found ? QStringLiteral("true") : QStringLiteral("false");
        break;
    }
    case SettingRule::Form::Choice:
    case SettingRule::Form::Text: {
        OF_TRY(found, node.text());
        value = found;
        break;
    }
    }
    if (const auto good = rule.check(value); !good)
        return std::unexpected(node.error(good.error()));
    rule.take(into.settings, value);
    into.lines.insert(rule.key, node.line());
    return {};
}

} // namespace

Result<void> SettingRule::check(const QString &value) const
{
    const auto refuse = [this](const QString &said) {
        return fail(ErrorKind::Invalid, QStringLiteral("set %1").arg(key), said);
    };
    const QString shown = displayable(value.left(80));
    switch (form) {
    case Form::Number: {
        bool whole = false;
        const qint64 found = value.toLongLong(&whole);
        if (!whole || QString::number(found) != value)
            return refuse(QStringLiteral("expected a whole number, found \"%1\"").arg(shown));
        if (found < least || found > most)
            return refuse(QStringLiteral("%1 is outside %2 to %3").arg(found).arg(least).arg(most));
        return {};
    }
    case Form::Switch:
    case Form::Choice:
        if (choices.contains(value))
            return {};
        return refuse(QStringLiteral("expected %1").arg(choices.join(QStringLiteral(" or "))));
    case Form::Text: return good(value) ? Result<void>{} : refuse(wanted);
    }
    return {};
}

const std::vector<SettingRule> &settingRules()
{
    static const std::vector<SettingRule> rules = makeRules();
    return rules;
}

const SettingRule *settingRule(const QString &key)
{
    const auto found = std::ranges::find(settingRules(), key, &SettingRule::key);
    return found == settingRules().end() ? nullptr : &*found;
}

Result<SettingsRead> readSettingsText(const QByteArray &text, const QString &path)
{
    SettingsRead read;
    const auto lines = text.split('\n');
    if (std::ranges::all_of(lines, [](const QByteArray &line) {
            return line.trimmed().isEmpty() || line.trimmed().startsWith('#');
        })) // every key is optional, so no key is fine as well
        return read;
    OF_TRY(root, yaml::parse(text, path));
    OF_TRY(map, root.map());
    std::optional<yaml::Map> author;
    if (const auto node = map.find(kAuthor)) {
        OF_TRY(inner, node->map());
        author = std::move(inner);
    }
    for (const SettingRule &rule : settingRules()) {
        const bool below = rule.key.startsWith(kAuthor + u'.');
        if (below && !author)
            continue;
        if (const auto node = below ? author->find(rule.key.section(u'.', 1)) : map.find(rule.key))
            OF_CHECK(readOne(rule, *node, read));
    }
    if (author)
        OF_CHECK(author->finish());
    OF_TRY(models, readModelSettings(map, read.settings.engine.jobBudget));
    read.settings.models = std::move(models);
    OF_TRY(agents, readAgentSettings(map, read.settings.engine.jobBudget));
    read.settings.agents = std::move(agents);
    OF_TRY(github, readGitHubSettings(map));
    read.settings.github = std::move(github);
    OF_CHECK(map.finish());
    return read;
}

QString settingsPath(const QString &dataFolder)
{
    return dataFolder + QStringLiteral("/openfactory.yaml");
}

Result<QByteArray> settingsText(const QString &dataFolder)
{
    const QString path = settingsPath(dataFolder);
    return QFileInfo::exists(path) ? readSmallFile(path, kMostBytes) : QByteArray();
}

Result<void> readEnvironment(FactorySettings &settings)
{
    for (const SettingRule &rule : settingRules()) {
        if (!rule.variable || !qEnvironmentVariableIsSet(rule.variable))
            continue;
        const QString value = qEnvironmentVariable(rule.variable);
        if (const auto good = rule.check(value); !good)
            return fail(ErrorKind::Invalid, QStringLiteral("read $%1").arg(QLatin1String(rule.variable)),
                        good.error().said, QStringLiteral("unset it, or set it to one short line"));
        rule.take(settings, value);
    }
    return {};
}

Result<FactorySettings> readSettings(const QString &dataFolder)
{
    if (dataFolder.isEmpty())
        return fail(ErrorKind::Unavailable, QStringLiteral("find the data directory"),
                    QStringLiteral("neither HOME nor XDG_DATA_HOME is an absolute path, so nothing says where it is"),
                    QStringLiteral("set HOME, or name a folder with --data or $OPENFACTORY_DATA"));
    OF_TRY(text, settingsText(dataFolder));
    OF_TRY(read, readSettingsText(text, settingsPath(dataFolder)));
    OF_CHECK(readEnvironment(read.settings));
    read.settings.engine.dataFolder = dataFolder;
    return std::move(read.settings);
}

} // namespace openfactory
