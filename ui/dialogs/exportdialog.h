// SPDX-License-Identifier: Apache-2.0
/// A job as a file for others: in which form, where, how far it is, and what came of it. Closing it while it writes
/// stops the writing first. Non-modal; GUI thread.
#pragma once

#include "ui/models/jobexporter.h"

#include <QDialog>

class QLabel;
class QProgressBar;
class QPushButton;
class QRadioButton;

namespace openfactory::ui {

class ExportDialog : public QDialog {
    Q_OBJECT
public:
    ExportDialog(Console &console, const JobId &job, const QString &slug, QWidget *parent = nullptr);
    /// Starts to write; what the file dialog does with the file that was chosen.
    void writeInto(const QString &file);
    void reject() override;

private:
    enum class State { Choosing, Writing, Done, Cancelled, Failed };
    void enter(State state, const QString &said = {});
    void chooseFile();

    JobExporter m_exporter;
    JobId m_job;
    QString m_slug;
    State m_state = State::Choosing;
    bool m_closing = false;
    QRadioButton *m_archive;
    QRadioButton *m_page;
    QProgressBar *m_progress;
    QLabel *m_mark;
    QLabel *m_said;
    QPushButton *m_choose;
    QPushButton *m_cancel;
    QPushButton *m_open;
    QPushButton *m_close;
};

} // namespace openfactory::ui
