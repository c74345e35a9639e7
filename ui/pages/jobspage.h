// SPDX-License-Identifier: Apache-2.0
/// The list of all jobs: dashboard tiles that are filters, a filter line of tokens, the list, acts on several jobs at
/// once with undo. GUI thread.
#pragma once

#include "ui/models/console.h"
#include "ui/models/joblistmodel.h"

#include <QWidget>

class QAbstractItemView;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QToolButton;
class QUndoStack;

namespace openfactory::ui {

class EmptyState;
class LongTable;

class JobsPage : public QWidget {
    Q_OBJECT
public:
    explicit JobsPage(Console &console, QWidget *parent = nullptr);

    JobListModel &model() { return m_model; }
    QAbstractItemView *view();
    void setFilter(const QString &text);
    QString filter() const;
    void focusFilter();
    JobId currentJob() const;
    /// The chosen jobs in the list's order, also those that were never on the screen: they are read first.
    void readChosen(std::function<void(const std::vector<JobRow> &)> then);
    QUndoStack *undoStack() { return m_undo; }
    QByteArray columns() const;
    void restoreColumns(const QByteArray &state);

Q_SIGNALS:
    void openWanted(const JobId &job);
    void reviewWanted(const JobId &job);
    void previewed(const JobId &job); ///< the current row is another
    void previewWanted();             ///< or not any more
    void queuedCounted(qint64 jobs);
    void newJobWanted();
    void exportWanted(); ///< of what is chosen
    void demoWanted();
    void said(const QString &text);
    void refused(const QString &why);
    void layoutChanged(); ///< columns or filter: to be remembered

private:
    enum class Act { Retry, Pause, Resume, Cancel, Archive };
    void readFigures();
    void showEmptiness();
    void showMenu(const QPoint &at);
    void fillFilters();
    void saveFilter();
    void act(Act act);
    void actOn(Act act, const std::vector<JobRow> &jobs);
    std::vector<JobRow> chosen() const;

    Console &m_console;
    JobListModel m_model;
    QLineEdit *m_filter;
    QToolButton *m_filters; ///< those that were saved, by name
    QLabel *m_problems;
    LongTable *m_view;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QLabel *m_skeleton;
    QLabel *m_count;
    QLabel *m_figures;
    QList<QToolButton *> m_tiles;
    QUndoStack *m_undo;
    bool m_ready = false; ///< the store was read
    QTimer m_typing;
    QTimer m_recount;
    QTimer m_time;
};

} // namespace openfactory::ui
