// SPDX-License-Identifier: Apache-2.0
/// Widgets as every page makes them: with an object name, an accessible name, and text that is never read as markup.
#pragma once

#include <QLabel>
#include <QPushButton>

class QStackedWidget;
class QToolBar;

namespace openfactory::ui {

/// Gives a widget its two names; returns it.
template<class W>
W *named(W *widget, const char *objectName, const QString &accessibleName)
{
    widget->setObjectName(QLatin1String(objectName));
    widget->setAccessibleName(accessibleName);
    return widget;
}

/// A label for text that may come from outside: plain, selectable, wrapped.
QLabel *plainLabel(const char *objectName, const QString &text = {}, QWidget *parent = nullptr);
/// A heading: larger and bold, plain.
QLabel *headingLabel(const char *objectName, const QString &text = {}, QWidget *parent = nullptr);
/// A label whose text is cut in the middle where there is no room; the whole text is its tooltip.
QLabel *elidedLabel(const char *objectName, const QString &text = {}, QWidget *parent = nullptr);
/// A button that no Enter presses by accident.
QPushButton *plainButton(const char *objectName, const QString &text, QWidget *parent = nullptr);
/// A button of a view's tool bar and its action, with names and a place in the tab order; `name` is the object name of
/// the action, with "Button" behind it that of the button.
QAction *toolAction(QToolBar *bar, const QString &name, const QString &text, const QString &tip,
                    bool checkable = false);
/// Keys that are meant for the page go to what its stack shows, whichever that is by then.
void focusOnShown(QWidget *page, QStackedWidget *stack);

} // namespace openfactory::ui
