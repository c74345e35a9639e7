// SPDX-License-Identifier: Apache-2.0
/// What a job would come to, beside the form that asks for it: its stages with their commands, who makes the changes
/// and what that may use up, what is wrong with the contract. GUI thread.
#pragma once

#include "ui/models/operatorside.h"
#include "ui/models/rowsmodel.h"

#include <QWidget>

class QLabel;
class QStackedWidget;

namespace openfactory::ui {

class EmptyState;

class JobPlanPane : public QWidget {
    Q_OBJECT
public:
    explicit JobPlanPane(QWidget *parent = nullptr);
    /// Nothing is known yet, and why.
    void clear(const QString &why);
    void show(const JobPlan &plan);

private:
    RowsModel m_stages;
    RowsModel m_remarks;
    EmptyState *m_empty;
    QStackedWidget *m_stack;
    QLabel *m_facts;
    QLabel *m_author;
    QWidget *m_remarksTable;
};

/// "Model fast (tiny at http://host/v1)", as it is chosen.
QString offerText(const AuthorOffer &offer);

} // namespace openfactory::ui
