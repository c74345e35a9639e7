// SPDX-License-Identifier: Apache-2.0
/// Small questions that answer later: nothing waits in a nested loop, and no button is pressed by an Enter that was
/// meant for something else. GUI thread.
#pragma once

#include <QStringList>

#include <functional>
#include <vector>

class QWidget;

namespace openfactory::ui {

/// Asks before an act that cannot be taken back; the buttons name what they do.
void ask(QWidget *parent, const QString &title, const QString &text, const QString &yes, const QString &no,
         std::function<void()> then);
/// The same with more than one way to go on: each with what follows.
struct Choice {
    const char *name; ///< object name of its button
    QString text;
    std::function<void()> then;
};
void ask(QWidget *parent, const QString &title, const QString &text, const std::vector<Choice> &choices,
         const QString &no);
/// Asks for one of a few.
void choose(QWidget *parent, const QString &title, const QString &text, const QStringList &choices,
            const QString &current, std::function<void(const QString &)> then);
/// Shows a text of any length, plain.
void showText(QWidget *parent, const QString &title, const QString &text);

} // namespace openfactory::ui
