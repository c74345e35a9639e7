// SPDX-License-Identifier: Apache-2.0
/// openfactory.yaml in the data directory: what the engine obeys (README.md lists the keys). Strictly read; the rules
/// are data, so that whoever edits the file (settingsfile.h) and whoever reads it judge a value alike.
#pragma once

#include "app/wiring/forgesofjobs.h"
#include "core/authors/agent/agentsettings.h"
#include "core/authors/model/modelsettings.h"
#include "core/engine/ports.h"

#include <QHash>
#include <QStringList>

namespace openfactory {

struct FactorySettings {
    EngineSettings engine;
    /// Of the engine's commits. $OPENFACTORY_AUTHOR_NAME, _EMAIL and $OPENFACTORY_CO_AUTHOR win over the file.
    QString authorName = QStringLiteral("OpenFactory");
    QString authorEmail = QStringLiteral("openfactory@localhost");
    QString coAuthor;        ///< "Name <mail>"; empty: none
    bool sandboxOff = false; ///< only by name: `sandbox: off`
    ModelsSettings models;   ///< no rules: they are written by hand (modelsettings.h)
    GitHubSettings github;   ///< the same (forgesofjobs.h)
    AgentsSettings agents;   ///< the same (agentsettings.h)
};

/// One key of the file: what may stand there, and what of the settings it is.
struct SettingRule {
    enum class Form { Number, Switch, Choice, Text };
    QString key; ///< "workers"; "author.name" stands below "author"
    Form form = Form::Text;
    qint64 least = 0; ///< of a number
    qint64 most = 0;
    QStringList choices;                                        ///< of a choice
    const char *variable = nullptr;                             ///< of the environment, which wins over the file
    bool (*good)(const QString &) = nullptr;                    ///< of a text
    QString wanted;                                             ///< what a good text is
    QString (*text)(const FactorySettings &) = nullptr;         ///< the value as the file has it
    void (*take)(FactorySettings &, const QString &) = nullptr; ///< of a text that check() has let pass

    /// Whether this text may be the value; the error names it.
    Result<void> check(const QString &value) const;
};
/// All keys, in the order in which they are shown.
const std::vector<SettingRule> &settingRules();
const SettingRule *settingRule(const QString &key);

/// The settings, and in which line of the file the value of a key stands.
struct SettingsRead {
    FactorySettings settings;
    QHash<QString, int> lines;
};
/// Of the text of a file alone, without the environment; `path` is used in messages. Errors name line and column.
Result<SettingsRead> readSettingsText(const QByteArray &text, const QString &path);

QString settingsPath(const QString &dataFolder);
/// The text of the file; empty where there is none.
Result<QByteArray> settingsText(const QString &dataFolder);
/// The settings of a data directory; the defaults where there is no file.
Result<FactorySettings> readSettings(const QString &dataFolder);
/// Puts what the environment says over it.
Result<void> readEnvironment(FactorySettings &settings);

} // namespace openfactory
