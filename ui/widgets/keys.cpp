// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/keys.h"

#include <QAction>
#include <QKeyEvent>
#include <QSettings>

#include <algorithm>

namespace openfactory::ui {

namespace {

const QString kGroup = QStringLiteral("keys/");
constexpr Qt::KeyboardModifiers kChords = Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier;

/// What moves, chooses, leaves or decides in every view, and what every text field has: not to be given away.
bool isReserved(const QKeyCombination &key)
{
    if ((key.keyboardModifiers() & kChords) == Qt::ControlModifier
        && (key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter))
        return true;
    for (const auto standard : {QKeySequence::Copy, QKeySequence::Cut, QKeySequence::Paste, QKeySequence::SelectAll}) {
        if (QKeySequence::keyBindings(standard).contains(QKeySequence(key)))
            return true;
    }
    static constexpr Qt::Key moving[]{Qt::Key_Escape, Qt::Key_Tab,      Qt::Key_Backtab,  Qt::Key_Return,
                                      Qt::Key_Enter,  Qt::Key_Space,    Qt::Key_Up,       Qt::Key_Down,
                                      Qt::Key_Left,   Qt::Key_Right,    Qt::Key_Home,     Qt::Key_End,
                                      Qt::Key_PageUp, Qt::Key_PageDown, Qt::Key_Backspace};
    return !key.keyboardModifiers() && std::ranges::contains(moving, key.key());
}

bool matches(const QKeyEvent &event, const QKeySequence &key)
{
    if (key.isEmpty())
        return false;
    const QKeyCombination wanted = key[0];
    const Qt::KeyboardModifiers pressed = event.modifiers() & ~Qt::KeypadModifier;
    if (event.key() != wanted.key())
        return false;
    if (pressed == wanted.keyboardModifiers())
        return true;
    // A sign like "/" or "[" may need Shift or AltGr on the keyboard at hand; a letter or F3 is another key with it.
    const bool sign = event.key() < Qt::Key_Escape && !QChar(event.key()).isLetter();
    return sign && !(wanted.keyboardModifiers() & (kChords | Qt::ShiftModifier)) && !(pressed & kChords);
}

} // namespace

QString placeText(KeyPlace place)
{
    switch (place) {
    case KeyPlace::Window: return Keys::tr("Everywhere");
    case KeyPlace::Jobs: return Keys::tr("Job list");
    case KeyPlace::Log: return Keys::tr("Log");
    case KeyPlace::Change: return Keys::tr("Change");
    case KeyPlace::Timeline: return Keys::tr("Timeline");
    case KeyPlace::Issues: return Keys::tr("Issues");
    }
    return {};
}

Keys &Keys::all()
{
    static Keys keys;
    return keys;
}

Keys::Keys()
{
    const auto rule = [this](KeyPlace place, const char *id, const QString &title, const QKeySequence &standard) {
        add({QLatin1String(id), place, title, standard, {}});
    };
    rule(KeyPlace::Log, "logFind", tr("Find"), QKeySequence(Qt::CTRL | Qt::Key_F));
    rule(KeyPlace::Log, "logNext", tr("Next match"), QKeySequence(Qt::Key_F3));
    rule(KeyPlace::Log, "logPrevious", tr("Previous match"), QKeySequence(Qt::SHIFT | Qt::Key_F3));
    rule(KeyPlace::Log, "logFilter", tr("Filter the lines"), QKeySequence(Qt::Key_Slash));
    rule(KeyPlace::Log, "logLine", tr("Go to a line"), QKeySequence(Qt::CTRL | Qt::Key_L));
    rule(KeyPlace::Log, "logNextError", tr("Next error"), QKeySequence(Qt::Key_F8));
    rule(KeyPlace::Log, "logPreviousError", tr("Previous error"), QKeySequence(Qt::SHIFT | Qt::Key_F8));
    rule(KeyPlace::Log, "logMark", tr("Mark the line"), QKeySequence(Qt::CTRL | Qt::Key_B));
    rule(KeyPlace::Change, "changeNext", tr("Next change"), QKeySequence(Qt::Key_N));
    rule(KeyPlace::Change, "changePrevious", tr("Previous change"), QKeySequence(Qt::Key_P));
    rule(KeyPlace::Change, "changeNextFile", tr("Next file"), QKeySequence(Qt::Key_BracketRight));
    rule(KeyPlace::Change, "changePreviousFile", tr("Previous file"), QKeySequence(Qt::Key_BracketLeft));
    rule(KeyPlace::Change, "changeNextFinding", tr("Next finding"), QKeySequence(Qt::Key_F8));
    rule(KeyPlace::Change, "changePreviousFinding", tr("Previous finding"), QKeySequence(Qt::SHIFT | Qt::Key_F8));
    rule(KeyPlace::Change, "changeViewed", tr("File viewed"), QKeySequence(Qt::Key_V));
    rule(KeyPlace::Change, "changeRemark", tr("Remark on the line"), QKeySequence(Qt::Key_C));
    rule(KeyPlace::Change, "changeFilter", tr("Filter the files"), QKeySequence(Qt::Key_Slash));
    rule(KeyPlace::Change, "changeGapDown", tr("More of a gap, downwards"), QKeySequence(Qt::Key_E));
    rule(KeyPlace::Change, "changeGapUp", tr("More of a gap, upwards"), QKeySequence(Qt::SHIFT | Qt::Key_E));
    rule(KeyPlace::Change, "changeFind", tr("Find in the change"), QKeySequence(Qt::CTRL | Qt::Key_F));
    rule(KeyPlace::Change, "changeFindNext", tr("Next hit in the change"), QKeySequence(Qt::Key_F3));
    rule(KeyPlace::Change, "changeFindPrevious", tr("Previous hit in the change"),
         QKeySequence(Qt::SHIFT | Qt::Key_F3));
    rule(KeyPlace::Timeline, "timelineFit", tr("Fit the whole job"), QKeySequence(Qt::CTRL | Qt::Key_0));
}

void Keys::add(KeyRule rule)
{
    rule.key = rule.standard;
    if (const QVariant kept = QSettings().value(kGroup + rule.id); kept.isValid()) {
        const QKeySequence key = QKeySequence::fromString(kept.toString());
        if (key.count() == 0 || (key.count() == 1 && key[0].key() != Qt::Key_unknown)) // else written by hand, badly
            rule.key = key;
    }
    const auto known = std::ranges::find(m_rules, rule.id, &KeyRule::id);
    if (known == m_rules.end())
        m_rules.push_back(std::move(rule));
    else
        *known = std::move(rule);
}

const KeyRule *Keys::find(const QString &id) const
{
    const auto found = std::ranges::find(m_rules, id, &KeyRule::id);
    return found == m_rules.end() ? nullptr : &*found;
}

void Keys::bind(QAction &action, KeyPlace place, const QKeySequence &standard)
{
    QString title = action.text().remove(u'&');
    if (title.endsWith(u'…'))
        title.chop(1);
    add({action.objectName(), place, title, standard.isEmpty() ? standard : QKeySequence(standard[0]), {}});
    const auto show = [this, &action] { action.setShortcut(of(action.objectName())); };
    connect(this, &Keys::changed, &action, show);
    show();
}

QKeySequence Keys::of(const QString &id) const
{
    const KeyRule *rule = find(id);
    return rule ? rule->key : QKeySequence();
}

bool Keys::isStandard(const QString &id) const
{
    const KeyRule *rule = find(id);
    return rule && rule->key == rule->standard;
}

QString Keys::whyNot(const QString &id, const QKeySequence &key) const
{
    const KeyRule *rule = find(id);
    if (!rule || key.isEmpty())
        return {};
    const QString shown = key.toString(QKeySequence::NativeText);
    if (key.count() > 1)
        return tr("%1 are several keys; one is wanted").arg(shown);
    if (isReserved(key[0]))
        return tr("%1 moves, chooses, copies or decides in every view, and stays that").arg(shown);
    for (const KeyRule &other : m_rules) {
        if (other.id != id && other.place == rule->place && other.key == key)
            return tr("%1 is the key of “%2” already; take it from there first").arg(shown, other.title);
    }
    return {};
}

QString Keys::alsoText(const QString &id, const QKeySequence &key) const
{
    const KeyRule *rule = find(id);
    QStringList others;
    for (const KeyRule &other : m_rules) {
        if (rule && !key.isEmpty() && other.place != rule->place && other.key == key
            && (other.place == KeyPlace::Window || rule->place == KeyPlace::Window))
            others << tr("%1: %2").arg(placeText(other.place), other.title);
    }
    return others.join(QStringLiteral(", "));
}

void Keys::set(const QString &id, const QKeySequence &key)
{
    const auto rule = std::ranges::find(m_rules, id, &KeyRule::id);
    if (rule == m_rules.end() || rule->key == key || !whyNot(id, key).isEmpty())
        return;
    QSettings settings;
    if (key == rule->standard)
        settings.remove(kGroup + id);
    else
        settings.setValue(kGroup + id, key.toString());
    rule->key = key;
    Q_EMIT changed();
}

void Keys::restoreAll()
{
    QSettings().remove(kGroup.chopped(1));
    for (KeyRule &rule : m_rules)
        rule.key = rule.standard;
    Q_EMIT changed();
}

bool isKey(const QKeyEvent &event, const char *id)
{
    return matches(event, Keys::all().of(QLatin1String(id)));
}

bool keepsKey(QEvent &event, KeyPlace place)
{
    if (event.type() != QEvent::ShortcutOverride)
        return false;
    const auto &rules = Keys::all().rules();
    const bool ours = std::ranges::any_of(rules, [&](const KeyRule &rule) {
        return rule.place == place && matches(static_cast<QKeyEvent &>(event), rule.key);
    });
    if (ours)
        event.accept();
    return ours;
}

QString withKey(const QString &text, const char *id)
{
    const QKeySequence key = Keys::all().of(QLatin1String(id));
    return key.isEmpty() ? text : Keys::tr("%1 (%2)").arg(text, key.toString(QKeySequence::NativeText));
}

void tipWithKey(QObject &object, const QString &text, const char *id)
{
    const auto show = [&object, text, id] { object.setProperty("toolTip", withKey(text, id)); };
    QObject::connect(&Keys::all(), &Keys::changed, &object, show);
    show();
}

} // namespace openfactory::ui
