// SPDX-License-Identifier: Apache-2.0
/// The engine's settings as a page edits them: what each means, what it is, where that comes from, what was typed and
/// whether it is good; saved all together. GUI thread; the file is read and written on a thread aside.
#pragma once

#include "ui/models/enginesettings.h"

#include <QObject>

namespace openfactory::ui {

/// What a setting is called and does, for people.
struct SettingWords {
    QString group;
    QString title;
    QString meaning;
    QString unit; ///< of a number; may be empty
};
SettingWords settingWords(const QString &key);

class SettingsPresenter : public QObject {
    Q_OBJECT
public:
    explicit SettingsPresenter(const EngineSettingsFile &file, QObject *parent = nullptr);

    /// Reads the file anew; what was typed and not saved is dropped.
    void load();
    bool isRead() const { return !m_settings.empty(); }
    const std::vector<EngineSetting> &settings() const { return m_settings; }
    const QString &path() const { return m_file.path; }

    /// What stands in the field of a setting.
    QString typed(const QString &key) const;
    void type(const QString &key, const QString &value);
    /// Takes the key out of the file with the next saving.
    void restoreDefault(const QString &key);
    bool isDefault(const QString &key) const;
    bool isChanged(const QString &key) const { return m_changes.contains(key); }
    bool isChanged() const { return !m_changes.empty(); }
    /// Whether the environment has the last word.
    bool isFixed(const QString &key) const;

    /// Why what was typed is not good; names the value. Empty: it is good.
    QString errorOf(const QString &key) const;
    /// "Default: 2. Now: 4, from line 3 of the file." and what the running engine has, where that differs.
    QString sourceText(const QString &key) const;
    /// Why nothing can be saved; empty: it can.
    QString whyNot() const;
    /// What becomes possible or impossible with it that a person should confirm; empty: nothing.
    QString warning() const;
    void save();
    void discard();

Q_SIGNALS:
    void loaded(); ///< the settings are new
    void typedChanged(const QString &key);
    void saved(const QString &said);
    void refused(const QString &why); ///< the file was not read or not written

private:
    const EngineSetting *find(const QString &key) const;

    EngineSettingsFile m_file;
    std::vector<EngineSetting> m_settings;
    SettingChanges m_changes; ///< nothing: the default is wanted
    bool m_busy = false;
};

} // namespace openfactory::ui
