// SPDX-License-Identifier: Apache-2.0
/// What the window remembers (QSettings), and what the engine is told (openfactory.yaml), each on a page of its own.
/// What was typed for the engine and not saved is asked about before it is dropped. Non-modal; GUI thread.
#pragma once

#include "ui/models/console.h"

#include <QDialog>

class QTabWidget;

namespace openfactory::ui {

class EngineSettingsPane;
class ModelsPane;

class SettingsDialog : public QDialog {
    Q_OBJECT
public:
    explicit SettingsDialog(Console &console, QWidget *parent = nullptr);
    /// "console", "keys", "engine", "models" or "data".
    void showTab(const QString &name);
    void reject() override;

Q_SIGNALS:
    void schemeWanted(const QString &name);
    void graceWanted(int milliseconds);
    void said(const QString &text);

private:
    QWidget *makeConsolePage();

    QTabWidget *m_tabs;
    EngineSettingsPane *m_engine;
    ModelsPane *m_models;
};

} // namespace openfactory::ui
