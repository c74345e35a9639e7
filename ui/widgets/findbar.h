// SPDX-License-Identifier: Apache-2.0
/// The line to find text, as a log and a change have it: a field that offers what was looked for before, also before a
/// restart; options; to the next and back; what was found. Hidden until it is opened. GUI thread.
#pragma once

#include <QWidget>

class QCheckBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;

namespace openfactory::ui {

class FindBar : public QWidget {
    Q_OBJECT
public:
    /// Object names begin with `prefix`, such as "log"; `next` and `previous` are ids of Keys; `name` is that of the
    /// field for screen readers.
    FindBar(const char *prefix, const QString &name, const char *next, const char *previous, QWidget *parent);

    QString text() const;
    /// Beside the field; a change of it is an edit.
    QCheckBox *addOption(const char *suffix, const QString &text);
    /// Shows it and goes to the field, with a text where one is given.
    void open(const QString &text = {});
    /// Ends the search.
    void end();
    /// What was found; `isFinal` is spoken.
    void tell(const QString &found, bool isFinal);

Q_SIGNALS:
    void edited(); ///< the text or an option
    void nextWanted(bool forward);
    void ended();

private:
    void keep();

    QString m_key; ///< of what was looked for, in the settings
    QHBoxLayout *m_layout;
    QLineEdit *m_text;
    QLabel *m_found;
};

} // namespace openfactory::ui
