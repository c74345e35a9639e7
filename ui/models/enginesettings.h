// SPDX-License-Identifier: Apache-2.0
/// openfactory.yaml as the settings page sees it: values, and functions that the application gives. The file has one
/// reader and one writer, in app/wiring.
#pragma once

#include "core/base/error.h"

#include <QStringList>

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace openfactory::ui {

/// One key of the file.
struct EngineSetting {
    enum class Form { Number, Switch, Choice, Text };
    QString key; ///< "workers", "author.name"
    Form form = Form::Text;
    QStringList choices; ///< of a choice or a switch
    qint64 least = 0;    ///< of a number
    qint64 most = 0;
    QString standard; ///< what holds where nobody says otherwise
    QString value;    ///< what the next start takes
    QString running;  ///< what the engine of this process was started with
    int line = 0;     ///< of the file; 0: the key is not in it
    QString variable; ///< of the environment, where it is set: it wins over the file
};

/// By key, what is to stand in the file; nothing: the key goes, and the default holds.
using SettingChanges = std::map<QString, std::optional<QString>>;

struct EngineSettingsFile {
    QString path;
    std::function<Result<std::vector<EngineSetting>>()> read;                      ///< any thread
    std::function<Result<void>(const QString &key, const QString &value)> check{}; ///< quick; any thread
    std::function<Result<void>(const SettingChanges &)> save{}; ///< whole or not at all; waits for the disk; any thread
};

} // namespace openfactory::ui
