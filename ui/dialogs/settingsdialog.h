// SPDX-License-Identifier: Apache-2.0
/// What the window remembers (QSettings): appearance and the grace of decisions; and where the engine's own settings
/// are. Non-modal; GUI thread.
#pragma once

#include <QDialog>

namespace openfactory::ui {

class SettingsDialog : public QDialog {
    Q_OBJECT
public:
    explicit SettingsDialog(const QString &dataFolder, QWidget *parent = nullptr);

Q_SIGNALS:
    void schemeWanted(const QString &name);
    void graceWanted(int milliseconds);
};

} // namespace openfactory::ui
