// SPDX-License-Identifier: Apache-2.0
#include "app/openfactory/settings.h"

#include "app/wiring/settingsfile.h"

namespace openfactory {

namespace {

ui::EngineSetting::Form formOf(SettingRule::Form form)
{
    switch (form) {
    case SettingRule::Form::Number: return ui::EngineSetting::Form::Number;
    case SettingRule::Form::Switch: return ui::EngineSetting::Form::Switch;
    case SettingRule::Form::Choice: return ui::EngineSetting::Form::Choice;
    case SettingRule::Form::Text: break;
    }
    return ui::EngineSetting::Form::Text;
}

Result<std::vector<ui::EngineSetting>> readAll(const QString &dataFolder, const FactorySettings &running)
{
    OF_TRY(text, settingsText(dataFolder));
    OF_TRY(read, readSettingsText(text, settingsPath(dataFolder)));
    const FactorySettings standard;
    std::vector<ui::EngineSetting> settings;
    for (const SettingRule &rule : settingRules()) {
        ui::EngineSetting one;
        one.key = rule.key;
        one.form = formOf(rule.form);
        one.choices = rule.choices;
        one.least = rule.least;
        one.most = rule.most;
        one.standard = rule.text(standard);
        one.running = rule.text(running);
        one.value = rule.text(read.settings);
        one.line = read.lines.value(rule.key);
        if (rule.variable && qEnvironmentVariableIsSet(rule.variable)) {
            one.variable = QLatin1String(rule.variable);
            one.value = qEnvironmentVariable(rule.variable);
        }
        settings.push_back(std::move(one));
    }
    return settings;
}

} // namespace

ui::EngineSettingsFile engineSettingsFile(const QString &dataFolder, const FactorySettings &running)
{
    return {
        .path = settingsPath(dataFolder),
        .read = [dataFolder, running] { return readAll(dataFolder, running); },
        .check = [](const QString &key, const QString &value) -> Result<void> {
            const SettingRule *rule = settingRule(key);
            return rule ? rule->check(value)
                        : fail(ErrorKind::Invalid, QStringLiteral("set %1").arg(key),
                               QStringLiteral("there is no such key"));
        },
        .save = [dataFolder](const ui::SettingChanges &changes) { return changeSettingsFile(dataFolder, changes); }};
}

} // namespace openfactory
