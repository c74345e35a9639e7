// SPDX-License-Identifier: Apache-2.0
#include "app/openfactory/settings.h"

#include "app/wiring/settingsfile.h"
#include "core/authors/modelauthor.h"
#include "core/base/text.h"

#include <algorithm>

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

namespace {

QString priceText(const std::optional<ModelPrice> &price)
{
    return price ? QStringLiteral("%1 / %2 %3").arg(price->input).arg(price->output).arg(price->currency) : QString();
}

Result<ui::ModelsText> judged(const QByteArray &text, const QString &path, const Masker &masker)
{
    OF_TRY(read, readSettingsText(text, path));
    ui::ModelsText found;
    found.text = text;
    const JobBudget &budget = read.settings.engine.jobBudget;
    found.budgetTokens = budget.tokens;
    found.budgetCost = budget.cost ? costText(*budget.cost, budget.currency) : QString();
    const auto areThere = [&masker](const QStringList &names) {
        return std::ranges::all_of(names, [&](const QString &name) { return masker.secret(name).has_value(); });
    };
    for (const auto &[name, model] : read.settings.models.models) {
        ui::ModelEntry entry;
        entry.name = name;
        entry.standard = name == read.settings.models.model;
        entry.repairs = name == read.settings.models.gateFailingModel;
        entry.model = model.model;
        entry.address = model.address();
        entry.keys = model.key;
        entry.keysThere = model.key.isEmpty() || areThere({model.key});
        entry.price = priceText(model.price);
        found.entries.push_back(std::move(entry));
    }
    for (const auto &[name, agent] : read.settings.agents.agents) {
        ui::ModelEntry entry;
        entry.name = name;
        entry.agent = true;
        entry.standard = name == read.settings.agents.agent;
        entry.model = agent.model.isEmpty() ? agent.argv.value(0) : agent.argv.value(0) + u", " + agent.model;
        QStringList hosts, keys;
        for (const ReachableHost &host : agent.hosts)
            hosts << QStringLiteral("%1:%2").arg(host.host).arg(host.port);
        for (const auto &[variable, secret] : agent.secrets)
            keys << secret;
        entry.address = hosts.join(QStringLiteral(", "));
        entry.keys = keys.join(QStringLiteral(", "));
        entry.keysThere = areThere(keys);
        found.entries.push_back(std::move(entry));
    }
    return found;
}

} // namespace

ui::ModelsFile modelsFile(const QString &dataFolder, const Masker &masker, const Clock &clock)
{
    const QString path = settingsPath(dataFolder);
    return {.path = path,
            .read = [dataFolder, path, &masker]() -> Result<ui::ModelsText> {
                OF_TRY(text, settingsText(dataFolder));
                auto found = judged(text, path, masker);
                if (found)
                    return found;
                ui::ModelsText faulty; // to be mended where it is shown
                faulty.text = text;
                return faulty;
            },
            .judge = [path, &masker](const QByteArray &text) { return judged(text, path, masker); },
            .save = [dataFolder](const QByteArray &text,
                                 const QByteArray &seen) { return replaceSettingsFile(dataFolder, text, seen); },
            .tryOut = [path, &masker, &clock](const QByteArray &text, const QString &name,
                                              const std::stop_token &stop) -> Result<ui::ModelTried> {
                OF_TRY(read, readSettingsText(text, path));
                const ModelSettings *model = read.settings.models.find(name);
                if (!model || name.isEmpty())
                    return fail(ErrorKind::NotFound, QStringLiteral("try a model"),
                                QStringLiteral("the text describes no model \"%1\"").arg(displayable(name.left(60))));
                ModelSettings once = *model;
                once.retries = 0; // whoever looks on wants to know how it is now
                const ModelClient client(once, masker, clock, std::make_shared<ModelHabits>());
                return checkModel(client, nullptr, stop).transform([](const ModelCheck &checked) {
                    return ui::ModelTried{checked.model, checked.latency.count(), checked.structured,
                                          checked.inputTokens, checked.outputTokens};
                });
            }};
}

} // namespace openfactory
