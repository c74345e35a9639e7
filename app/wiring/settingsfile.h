// SPDX-License-Identifier: Apache-2.0
/// Changes openfactory.yaml as a careful person would: only the lines of the keys that change; comments, order and line
/// ends stay. What it wrote is read back by the one reader before it takes the place of the file, so that a way of
/// writing YAML that it does not know is refused, never spoilt.
#pragma once

#include "app/wiring/settings.h"

#include <map>

namespace openfactory {

/// By key, what is to stand in the file; nothing: the key goes, and the default holds.
using SettingChanges = std::map<QString, std::optional<QString>>;

/// The text with the changes made. Invalid where a value is not good or the text is none that the reader takes;
/// Unsupported where it is written in a way that has to be changed by hand. Pure.
Result<QByteArray> changeSettings(const QByteArray &text, const SettingChanges &changes, const QString &path);
/// The same with the file of a data directory, whole or not at all. Any thread; waits for the disk.
Result<void> changeSettingsFile(const QString &dataFolder, const SettingChanges &changes);

/// Puts a whole text in the file's place, whole or not at all, where the reader takes it and the file still holds
/// `seen`; Conflict where somebody else has written it meanwhile. Any thread; waits for the disk.
Result<void> replaceSettingsFile(const QString &dataFolder, const QByteArray &text, const QByteArray &seen);

} // namespace openfactory
