// SPDX-License-Identifier: Apache-2.0
/// Jobs as files for others, one each: in which form, where, how far it is, and what came of it. Closing it while it
/// writes stops the writing first. Non-modal; GUI thread.
#pragma once

#include "ui/models/jobexporter.h"

#include <QDialog>

class QButtonGroup;
class QLabel;
class QProgressBar;
class QPushButton;

namespace openfactory::ui {

class ExportDialog : public QDialog {
    Q_OBJECT
public:
    struct Exported {
        JobId job;
        QString slug;
    };
    /// One job or several, in that order.
    ExportDialog(Console &console, std::vector<Exported> jobs, QWidget *parent = nullptr);
    /// Starts to write; what the file dialog does with what was chosen: a file for one job, a folder for several.
    void writeInto(const QString &place);
    void reject() override;

private:
    enum class State { Choosing, Writing, Done, Cancelled, Failed };
    void enter(State state, const QString &said = {});
    void choosePlace();
    void writeNext();
    void ended();
    void cancelled();
    void noteProgress(int done, int all);
    bool areSeveral() const { return m_jobs.size() > 1; }
    ExportForm form() const;

    JobExporter m_exporter;
    std::vector<Exported> m_jobs;
    QString m_place;      ///< a file, or the folder of several
    size_t m_at = 0;      ///< the job that is written
    int m_written = 0;    ///< whole
    QStringList m_failed; ///< "slug: why"
    State m_state = State::Choosing;
    bool m_stopping = false; ///< a person said so
    bool m_closing = false;
    QButtonGroup *m_forms; ///< ids are those of ExportForm
    QProgressBar *m_progress;
    QLabel *m_mark;
    QLabel *m_said;
    QPushButton *m_choose;
    QPushButton *m_cancel;
    QPushButton *m_open;
    QPushButton *m_close;
};

} // namespace openfactory::ui
