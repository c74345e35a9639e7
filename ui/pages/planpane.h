// SPDX-License-Identifier: Apache-2.0
/// The job page's tab Plan: preflight, spec, architecture and tickets with their text, the criteria and who covers
/// them, and what was asked of models. GUI thread.
#pragma once

#include "ui/models/console.h"
#include "ui/models/jobpresenter.h"
#include "ui/models/plantables.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTreeView;

namespace openfactory::ui {

class ArtifactView;
class EmptyState;

class PlanPane : public QWidget {
    Q_OBJECT
public:
    /// `console` and `presenter` outlive it.
    PlanPane(Console &console, JobPresenter &presenter, QWidget *parent = nullptr);

private:
    void show();
    void showTicketActs();
    /// The ticket whose row is current; null where another one is.
    const TicketView *chosenTicket() const;

    Console &m_console;
    JobPresenter &m_presenter;
    JobId m_job; ///< whose text is shown
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QLabel *m_question;
    QLabel *m_spending;
    QProgressBar *m_meter; ///< of the budget
    QTreeView *m_documents;
    QTreeView *m_criteria;
    QTreeView *m_calls;
    QWidget *m_ticketActs;
    QPushButton *m_take;
    QPushButton *m_giveBack;
    QLabel *m_takeNote;
    ArtifactView *m_text;
};

} // namespace openfactory::ui
