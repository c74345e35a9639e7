// SPDX-License-Identifier: Apache-2.0
/// A document that a job waits with, to be read, written and, where it is a spec under review, accepted. What is being
/// typed stays when the rest is read again, and is kept, job by job, until it is saved or dropped: neither another gate
/// nor a crash takes it. GUI thread.
#pragma once

#include "ui/models/gatepresenter.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace openfactory {
class MarkdownView;
}

namespace openfactory::ui {

class DocumentReview : public QWidget {
    Q_OBJECT
public:
    /// `presenter` outlives it.
    explicit DocumentReview(GatePresenter &presenter, QWidget *parent = nullptr);
    bool isEditing() const;

private:
    void show();
    void edit(bool editing);
    void keep();
    void forget();

    GatePresenter &m_presenter;
    JobId m_job; ///< whose document is edited
    QTimer m_keep;
    QStackedWidget *m_stack;
    MarkdownView *m_read;
    QPlainTextEdit *m_edit;
    QLabel *m_fault;
    QPushButton *m_accept;
    QPushButton *m_change;
    QPushButton *m_save;
    QPushButton *m_drop;
};

} // namespace openfactory::ui
