// SPDX-License-Identifier: Apache-2.0
/// The log of the chosen attempt: which command, and its LogPanel. Follows what runs, lands on the first error of what
/// failed, and opens the rest at the top (screens.md, A1-8). GUI thread.
#pragma once

#include "ui/models/console.h"

#include <QFileSystemWatcher>
#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;

namespace openfactory {
class LogPanel;
}

namespace openfactory::ui {

class LogPane : public QWidget {
    Q_OBJECT
public:
    explicit LogPane(Console &console, QWidget *parent = nullptr);
    void showCommands(const JobDetails &job, const std::vector<CommandRecord> &commands);
    void goToLine(qint64 line); ///< from 1; of the log that is shown, or is about to be
    void clear();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void watch();
    void showCommand(int index);
    void saveMarks();

    Console &m_console;
    QComboBox *m_choice;
    QLabel *m_state;
    LogPanel *m_panel;
    QString m_folder; ///< of the job
    std::vector<CommandRecord> m_commands;
    QString m_path; ///< of the log that is shown
    qint64 m_line = 0;
    QFileSystemWatcher m_watch; ///< of the log that is shown, while its command runs
    QTimer m_grown;             ///< it did
    bool m_more = false;        ///< something came since the last look
    QTimer m_look;
};

} // namespace openfactory::ui
