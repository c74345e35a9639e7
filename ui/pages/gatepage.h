// SPDX-License-Identifier: Apache-2.0
/// A gate as a page, or, in GateDialog, beside everything else. Keeps what was typed until it is decided: an unfinished
/// comment comes back after a crash. GUI thread.
#pragma once

#include "ui/models/console.h"
#include "ui/models/gatepresenter.h"

#include <QDialog>

namespace openfactory::ui {

class ChangesPane;
class GateFrame;

class GatePage : public QWidget {
    Q_OBJECT
public:
    explicit GatePage(Console &console, QWidget *parent = nullptr);
    GatePresenter &presenter() { return m_presenter; }
    void setJob(const JobId &job);
    ChangesPane &changes() { return *m_changes; }

Q_SIGNALS:
    void jobWanted(const JobId &job, const QString &tab);
    void linkWanted(const QString &link); ///< to an attempt of that job, once its page is open
    void said(const QString &text);
    void refused(const QString &why);

private:
    void openFinding(const QModelIndex &row);
    void openLog(const QModelIndex &row);
    void showChange();
    /// Remarks on lines of the change, offered as the text of "request changes".
    void takeRemarks();
    void restoreDraft();
    void saveDraft();

    GatePresenter m_presenter;
    GateFrame *m_frame;
    ChangesPane *m_changes;
    QString m_remarks; ///< as they stand in the comment
    QTimer m_draft;
    JobId m_restored;
};

class GateDialog : public QDialog {
    Q_OBJECT
public:
    GateDialog(Console &console, const JobId &job, QWidget *parent = nullptr);
    GatePage &page() { return *m_page; }

private:
    GatePage *m_page;
};

} // namespace openfactory::ui
