// SPDX-License-Identifier: Apache-2.0
/// Small questions that answer later: nothing waits in a nested loop, and no button is pressed by an Enter that was
/// meant for something else. GUI thread.
#pragma once

#include <QStringList>

#include <functional>

class QWidget;

namespace openfactory::ui {

/// Asks before an act that cannot be taken back; the buttons name what they do.
void ask(QWidget *parent, const QString &title, const QString &text, const QString &yes, const QString &no,
         std::function<void()> then);
/// Asks for one of a few.
void choose(QWidget *parent, const QString &title, const QString &text, const QStringList &choices,
            const QString &current, std::function<void(const QString &)> then);
/// Shows a text of any length, plain.
void showText(QWidget *parent, const QString &title, const QString &text);

} // namespace openfactory::ui
