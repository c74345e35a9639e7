// SPDX-License-Identifier: Apache-2.0
/// What a repository's own settings files say: sections of INI files (as Python's configparser reads them) and tables
/// of TOML files. Hostile input: bounded, no link followed, a file that cannot be read counts as absent; the tool that
/// the file is for says what is wrong with it.
#pragma once

#include <QMap>
#include <QStringList>

#include <map>
#include <optional>

namespace openfactory {

/// Keys of a section; a list has one text for each item (TOML) or line (INI).
using SettingsSection = QMap<QString, QStringList>;
/// The sections of one file, by name ("tool.pytest.ini_options" for nested tables).
using SettingsFile = QMap<QString, SettingsSection>;

SettingsFile parseIni(const QByteArray &bytes);
/// Nothing where it is not TOML.
std::optional<SettingsFile> parseToml(const QByteArray &bytes);

/// The settings files below one folder, read once each. One thread at a time.
class Settings {
public:
    explicit Settings(QString folder) : m_folder(std::move(folder)) {}
    /// The file's bytes; nothing where there is none.
    std::optional<QByteArray> file(const QString &name);
    /// The beginning of a file, 2 KiB at the most; empty where it cannot be read.
    QByteArray head(const QString &name) const;
    std::optional<SettingsSection> section(const QString &name, const QString &section);

private:
    QString m_folder;
    std::map<QString, std::optional<QByteArray>> m_files;
    std::map<QString, SettingsFile> m_parsed;
};

} // namespace openfactory
