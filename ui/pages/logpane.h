// SPDX-License-Identifier: Apache-2.0
/// The log of the chosen attempt: which command, and its LogPanel. Follows what runs, lands on the first error of what
/// failed, and opens the rest at the top (screens.md, A1-8). GUI thread.
#pragma once

#include "ui/models/attempttree.h"
#include "ui/models/console.h"
#include "ui/widgets/rowmap.h"

#include <QFileSystemWatcher>
#include <QTimer>
#include <QWidget>

#include <memory>

class QCheckBox;
class QComboBox;
class QLabel;

namespace openfactory {
class AgentReading;
class LogPanel;
} // namespace openfactory

namespace openfactory::ui {

class LogPane : public QWidget {
    Q_OBJECT
public:
    explicit LogPane(Console &console, QWidget *parent = nullptr);
    void showCommands(const JobDetails &job, const std::vector<CommandRecord> &commands);
    void goToLine(qint64 line); ///< from 1; of the log that is shown, or is about to be
    void clear();

Q_SIGNALS:
    void sourceWanted(const QString &path, int line);     ///< a place that the log names
    void linkWanted(const NodeRef &command, qint64 line); ///< to a line of its log, from 1

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void watch();
    void showCommand(int index);
    /// Looks at what was written since.
    void refresh();
    /// Of an agent's stream: makes what people read of it, on a thread aside.
    void beginReading();
    void readOn();
    void showChosen(); ///< the log as it was written, or what is read of it
    void show(const QString &path);
    void saveMarks();

    Console &m_console;
    QComboBox *m_choice;
    QLabel *m_state;
    LogPanel *m_panel;
    QString m_folder; ///< of the job
    std::vector<CommandRecord> m_commands;
    QString m_path; ///< of the log that is shown
    CommandRecord m_command;
    QCheckBox *m_raw;                        ///< an agent's stream is shown as it was written
    std::shared_ptr<AgentReading> m_reading; ///< null: the log is no stream of an agent, or it is not known yet
    std::vector<LogFold> m_folds;            ///< of what was read
    bool m_readingOn = false;                ///< a thread works with it
    bool m_moreToRead = false;
    qint64 m_line = 0;
    QFileSystemWatcher m_watch; ///< of the log that is shown, while its command runs
    QTimer m_grown;             ///< it did
    bool m_more = false;        ///< something came since the last look
    QTimer m_look;
};

} // namespace openfactory::ui
