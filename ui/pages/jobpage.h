// SPDX-License-Identifier: Apache-2.0
/// One job: header with its legal acts, the strip, the tree of stages, attempts and commands, and the tabs that it
/// drives. GUI thread.
#pragma once

#include "ui/models/console.h"
#include "ui/models/jobpresenter.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QSplitter;
class QTabWidget;
class QTreeView;
class QVBoxLayout;

namespace openfactory::ui {

class ArtifactView;
class ChangesPane;
class LogPane;
class StageStrip;
class Timeline;

class JobPage : public QWidget {
    Q_OBJECT
public:
    explicit JobPage(Console &console, QWidget *parent = nullptr);

    JobPresenter &presenter() { return m_presenter; }
    void setJob(const JobId &job);
    /// "overview", "plan", "timeline", "log", "changes", "tests", "ci", "artifacts", "audit".
    void showTab(const QString &name);
    QString tab() const;
    void select(const NodeRef &node, qint64 line = 0);
    /// Shows in the changes what differs between the contents of two attempts, until another one is selected.
    void compare(const NodeRef &one, const NodeRef &other);
    /// openfactory://job/<id>/<stage>/<attempt>/<command> of what is selected, as far as it is.
    QString link() const;
    /// A link to a line (from 1) of a command's log, to the clipboard.
    void copyLink(const NodeRef &command, qint64 line);
    /// The place of a row of findings in the editor; the log of its attempt where it names none.
    void openFinding(const QModelIndex &row);
    void openLogOf(const QModelIndex &row);
    /// A place in the job's workspace in the editor; `line` 0: unknown.
    void openSource(const QString &path, int line);

Q_SIGNALS:
    void decideWanted(const JobId &job);
    void said(const QString &text);
    void refused(const QString &why);
    void tabChanged();

protected:
    void showEvent(QShowEvent *event) override;

private:
    QString linkTo(const NodeRef &node) const;
    QWidget *makeHeader();
    QWidget *makeOverview();
    QWidget *makeTests();
    QWidget *makeArtifacts();
    void addTab(QWidget *page, const char *name, const QString &title);
    void show();
    void showSelection();
    void openWorkspace(Result<QString> (*open)(const QString &));
    void askCancel();
    void askRetryFrom();
    void showLedgerMenu(QTreeView &table, const QPoint &at);

    Console &m_console;
    JobPresenter m_presenter;
    std::optional<std::pair<NodeRef, NodeRef>> m_compared;
    QLabel *m_mark = nullptr;
    QLabel *m_title = nullptr;
    QLabel *m_now = nullptr;
    QLabel *m_facts = nullptr;
    QLabel *m_missing = nullptr;
    QHash<int, QPushButton *> m_acts; ///< by JobPresenter::Act
    QPushButton *m_workspace = nullptr;
    StageStrip *m_strip = nullptr;
    QTreeView *m_tree = nullptr;
    QTabWidget *m_tabs = nullptr;
    Timeline *m_timeline = nullptr;
    LogPane *m_log = nullptr;
    ChangesPane *m_changes = nullptr;
    QLabel *m_task = nullptr;
    ArtifactView *m_artifact = nullptr;
    QList<std::pair<QWidget *, RowsModel *>> m_sections; ///< of the overview; hidden where empty
};

} // namespace openfactory::ui
