// SPDX-License-Identifier: Apache-2.0
/// The job page's tab CI: its pull request, the checks on the pushed commit, and what failed in each attempt. GUI
/// thread.
#pragma once

#include "ui/models/jobpresenter.h"

#include <QWidget>

class QLabel;
class QStackedWidget;
class QTreeView;

namespace openfactory::ui {

class CheckActs;
class EmptyState;

class CiPane : public QWidget {
    Q_OBJECT
public:
    /// `presenter` outlives it.
    explicit CiPane(JobPresenter &presenter, QWidget *parent = nullptr);

private:
    void show();
    void showActs();

    JobPresenter &m_presenter;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QLabel *m_pull;
    QTreeView *m_checks;
    CheckActs *m_acts;
};

} // namespace openfactory::ui
