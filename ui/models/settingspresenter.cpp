// SPDX-License-Identifier: Apache-2.0
#include "ui/models/settingspresenter.h"

#include "core/base/text.h"
#include "ui/models/aside.h"
#include "ui/models/words.h"

#include <QCoreApplication>

#include <algorithm>

namespace openfactory::ui {

namespace {

class Settings {
    Q_DECLARE_TR_FUNCTIONS(Settings)
};

const QString kSandbox = QStringLiteral("sandbox");

} // namespace

SettingWords settingWords(const QString &key)
{
    const QString jobs = Settings::tr("Jobs");
    const QString safety = Settings::tr("Safety");
    const QString people = Settings::tr("Changes made by people");
    const QString author = Settings::tr("Author of the commits");
    const QString inner = Settings::tr("Inside the engine");
    const QString ms = Settings::tr("ms");
    const std::pair<const char *, SettingWords> words[]{
        {"workers",
         {jobs, Settings::tr("Workers"), Settings::tr("How many jobs run at the same time in each process; 1 to 64."),
          Settings::tr("jobs")}},
        {"disk_floor_mb",
         {jobs, Settings::tr("Free space that is kept"),
          Settings::tr("Below it no command is started and the job is paused; 0 turns this off."), Settings::tr("MB")}},
        {"spare_workspaces",
         {jobs,
          Settings::tr("Prepare the workspace of the next job"),
          Settings::tr(
              "The files of a large repository are written out while nobody waits for them; takes as much disk "
              "as its workspace."),
          {}}},
        {"sandbox",
         {safety,
          Settings::tr("Sandbox"),
          Settings::tr(
              "Off: every command of a job runs with all your rights, and may read and change all that you may."),
          {}}},
        {"broken_audit",
         {safety,
          Settings::tr("A broken audit log"),
          Settings::tr("refuse: no engine starts on it. warn: it goes on, and says so. Also for a store that is older "
                       "than its witness."),
          {}}},
        {"answer_from_record",
         {jobs,
          Settings::tr("Answer a gate from the record"),
          Settings::tr("Where nothing that it judges has changed since it passed, it is not run again, and says so."),
          {}}},
        {"gates_at_once",
         {jobs,
          Settings::tr("Gates at the same time"),
          Settings::tr("Of all jobs of each process; 0: as many as there are cores, 1: one after another; 0 to 64."),
          {}}},
        {"watch_people",
         {people,
          Settings::tr("Judge a change as soon as it stands still"),
          Settings::tr("Off: a person says when the change in the workspace is ready."),
          {}}},
        {"watch_poll_ms",
         {people, Settings::tr("Look at the workspace every"),
          Settings::tr("A change that is alike at two looks stands still; 100 to 600000."), ms}},
        {"author.name", {author, Settings::tr("Name"), Settings::tr("Who the engine's commits are by."), {}}},
        {"author.email", {author, Settings::tr("E-mail"), Settings::tr("The address beside the name."), {}}},
        {"author.co_author",
         {author,
          Settings::tr("Co-author"),
          Settings::tr("Named below each commit, as \"Name <mail>\"; empty: nobody."),
          {}}},
        {"busy_poll_ms",
         {inner, Settings::tr("Look for work, while jobs run, every"),
          Settings::tr("A fallback: news come at once by socket and file watch; 10 to 3600000."), ms}},
        {"idle_poll_ms",
         {inner, Settings::tr("Look for work, while idle, every"), Settings::tr("A fallback, as above; 10 to 3600000."),
          ms}},
        {"lease_ms",
         {inner, Settings::tr("Lease of a job"),
          Settings::tr("A process that says nothing for this long has lost its job to others; 500 to 600000."), ms}}};
    const auto found = std::ranges::find_if(words, [&](const auto &one) { return QLatin1String(one.first) == key; });
    return found == std::end(words) ? SettingWords{Settings::tr("Others"), key, {}, {}} : found->second;
}

SettingsPresenter::SettingsPresenter(const EngineSettingsFile &file, QObject *parent) : QObject(parent), m_file(file)
{}

const EngineSetting *SettingsPresenter::find(const QString &key) const
{
    const auto found = std::ranges::find(m_settings, key, &EngineSetting::key);
    return found == m_settings.end() ? nullptr : &*found;
}

void SettingsPresenter::load()
{
    aside(this, "settings", m_file.read, [this](Result<std::vector<EngineSetting>> settings) {
        if (!settings) {
            m_settings.clear();
            m_changes.clear();
            Q_EMIT loaded();
            Q_EMIT refused(tr("%1 cannot be read: %2. Nothing can be changed here until it is mended.")
                               .arg(displayable(m_file.path), displayable(toText(settings.error()))));
            return;
        }
        m_settings = std::move(*settings);
        m_changes.clear();
        Q_EMIT loaded();
    });
}

QString SettingsPresenter::typed(const QString &key) const
{
    const EngineSetting *setting = find(key);
    if (!setting)
        return {};
    const auto change = m_changes.find(key);
    return change == m_changes.end() ? setting->value : change->second.value_or(setting->standard);
}

void SettingsPresenter::type(const QString &key, const QString &value)
{
    const EngineSetting *setting = find(key);
    if (!setting || isFixed(key) || typed(key) == value)
        return;
    // Back to what the file says, or a default that the file does not name, is no change.
    if (value == setting->value)
        m_changes.erase(key);
    else
        m_changes[key] = value;
    Q_EMIT typedChanged(key);
}

void SettingsPresenter::restoreDefault(const QString &key)
{
    const EngineSetting *setting = find(key);
    if (!setting || isFixed(key) || isDefault(key))
        return;
    if (setting->line > 0)
        m_changes[key] = std::nullopt;
    else
        m_changes.erase(key);
    Q_EMIT typedChanged(key);
}

bool SettingsPresenter::isDefault(const QString &key) const
{
    const EngineSetting *setting = find(key);
    const auto change = m_changes.find(key);
    return !setting || (change != m_changes.end() ? !change->second.has_value() : setting->line == 0);
}

bool SettingsPresenter::isFixed(const QString &key) const
{
    const EngineSetting *setting = find(key);
    return setting && !setting->variable.isEmpty();
}

QString SettingsPresenter::errorOf(const QString &key) const
{
    const auto change = m_changes.find(key);
    if (change == m_changes.end() || !change->second)
        return {};
    const auto good = m_file.check(key, *change->second);
    const EngineSetting *setting = find(key);
    if (good || !setting)
        return {};
    const QString value = displayable(change->second->left(60));
    if (setting->form == EngineSetting::Form::Number) {
        bool whole = false;
        change->second->toLongLong(&whole);
        return whole
                   ? tr("%1 cannot be saved: it is outside %2 to %3").arg(value).arg(setting->least).arg(setting->most)
                   : tr("\"%1\" cannot be saved: it is no whole number").arg(value);
    }
    if (key == u"author.co_author")
        return tr("\"%1\" cannot be saved: it has to be a name and an address, \"Name <mail>\", or nothing").arg(value);
    if (key.startsWith(u"author."))
        return tr("\"%1\" cannot be saved: it has to be one short line without < and >").arg(value);
    return tr("\"%1\" cannot be saved: %2").arg(value, displayable(good.error().said));
}

QString SettingsPresenter::sourceText(const QString &key) const
{
    const EngineSetting *setting = find(key);
    if (!setting)
        return {};
    const auto shown = [setting](const QString &value) {
        if (setting->form == EngineSetting::Form::Switch)
            return value == u"true" ? tr("on") : tr("off");
        return value.isEmpty() ? tr("none") : displayable(value);
    };
    QStringList parts{tr("Default: %1").arg(shown(setting->standard))};
    if (!setting->variable.isEmpty())
        parts << tr("$%1 says %2, and wins over the file").arg(setting->variable, shown(setting->value));
    else if (setting->line > 0)
        parts << tr("Saved: %1, in line %2 of the file").arg(shown(setting->value)).arg(setting->line);
    else
        parts << tr("not in the file");
    if (setting->value != setting->running)
        parts << tr("the running engine has %1 until the next start").arg(shown(setting->running));
    return parts.join(QStringLiteral("  ·  "));
}

QString SettingsPresenter::whyNot() const
{
    if (m_busy)
        return tr("It is being saved");
    if (!isRead())
        return tr("The settings are not read");
    for (const auto &[key, value] : m_changes) {
        if (!errorOf(key).isEmpty())
            return tr("%1: %2").arg(settingWords(key).title, errorOf(key));
    }
    return m_changes.empty() ? tr("Nothing was changed") : QString();
}

QString SettingsPresenter::warning() const
{
    return isChanged(kSandbox) && typed(kSandbox) == u"off"
               ? tr("From the next start every command of every job runs with all your rights: it may read and change "
                    "all that you may, and reach the network.")
               : QString();
}

void SettingsPresenter::save()
{
    if (!whyNot().isEmpty())
        return;
    m_busy = true;
    aside(
        this, "settings", [save = m_file.save, changes = m_changes] { return save(changes); },
        [this](const Result<void> &done) {
            m_busy = false;
            if (!done) {
                Q_EMIT refused(tr("Nothing was saved. %1").arg(errorText(done.error())));
                return;
            }
            Q_EMIT saved(tr("Saved; it takes effect with the next start of the console and of each worker"));
            load();
        });
}

void SettingsPresenter::discard()
{
    m_changes.clear();
    Q_EMIT loaded();
}

} // namespace openfactory::ui
