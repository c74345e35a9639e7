// SPDX-License-Identifier: Apache-2.0
/// What a page shows instead of an empty table: a mark, one sentence, one button at the most. GUI thread.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace openfactory::ui {

class EmptyState : public QWidget {
    Q_OBJECT
public:
    explicit EmptyState(QWidget *parent = nullptr);
    /// `button` empty: none.
    void say(const QString &icon, const QString &sentence, const QString &button = {});

Q_SIGNALS:
    void pressed();

private:
    QLabel *m_icon;
    QLabel *m_sentence;
    QPushButton *m_button;
};

} // namespace openfactory::ui
