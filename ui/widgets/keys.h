// SPDX-License-Identifier: Apache-2.0
/// The keys of the console that a person may set: which there are, what each is by itself, and what was made of it
/// (QSettings, at once). Whoever handles a key asks here, so that one that is set holds everywhere. GUI thread.
#pragma once

#include <QKeySequence>
#include <QObject>

#include <vector>

class QAction;
class QKeyEvent;

namespace openfactory::ui {

/// Where a key holds. In a view with the focus its own keys come before those of the window.
enum class KeyPlace { Window, Jobs, Log, Change, Timeline, Issues };
QString placeText(KeyPlace place);

struct KeyRule {
    QString id; ///< of an action its object name
    KeyPlace place = KeyPlace::Window;
    QString title;
    QKeySequence standard;
    QKeySequence key; ///< one, or none where a person took it away
};

class Keys : public QObject {
    Q_OBJECT
public:
    static Keys &all();

    /// The action, known by its object name and its text, has the key that is set, now and after each change.
    void bind(QAction &action, KeyPlace place, const QKeySequence &standard);
    const std::vector<KeyRule> &rules() const { return m_rules; }
    /// None where there is no such key, or nobody has bound it yet.
    QKeySequence of(const QString &id) const;
    bool isStandard(const QString &id) const;
    /// Why a key cannot be set, for people; empty: it can.
    QString whyNot(const QString &id, const QKeySequence &key) const;
    /// What else the key does elsewhere, where one of the two hides the other; empty: nothing.
    QString alsoText(const QString &id, const QKeySequence &key) const;
    /// Sets a key that whyNot() has nothing against.
    void set(const QString &id, const QKeySequence &key);
    void restoreAll();

Q_SIGNALS:
    void changed();

private:
    Keys();
    void add(KeyRule rule);
    const KeyRule *find(const QString &id) const;
    std::vector<KeyRule> m_rules;
};

/// Whether the event is the key with this id.
bool isKey(const QKeyEvent &event, const char *id);
/// Takes an event of a widget that would leave a key of the place to the window's shortcuts: true where it did.
bool keepsKey(QEvent &event, KeyPlace place);
/// "Next match (F3)"; the text alone where the key is none.
QString withKey(const QString &text, const char *id);
/// The tooltip of a widget or an action, with its key, also after a change.
void tipWithKey(QObject &object, const QString &text, const char *id);

} // namespace openfactory::ui
