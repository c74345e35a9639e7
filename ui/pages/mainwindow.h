// SPDX-License-Identifier: Apache-2.0
/// The console's window: navigation, pages, docks, banners above every page, status bar, palette, links, and what of
/// it all is remembered. Holds no state of the engine. GUI thread.
#pragma once

#include "ui/models/console.h"
#include "ui/models/needsyou.h"
#include "ui/models/notices.h"

#include <QMainWindow>
#include <QSettings>

class KCommandBar;
class QDockWidget;
class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QStackedWidget;
class QToolButton;
class QTreeView;

namespace openfactory::ui {

class BannerStack;
class CoachMarks;
class DoctorPane;
class GatePage;
class JobPage;
class JobsPage;
class TablePage;
class WelcomePage;

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(Console &console, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// "needs", "jobs", "ci", "rollouts", "artifacts", "activity", "job", "gate", "doctor", "welcome".
    /// `quietly`: the focus stays where it is.
    void showPage(const QString &name, bool quietly = false);
    QString page() const;
    void openJob(const JobId &job, const QString &tab = {});
    void openGate(const JobId &job);
    /// openfactory://job/<id>/<stage>/<attempt>/<command>#L120, openfactory://gate/<id>; false for anything else.
    bool openLink(const QString &link);
    void runDemo(bool whole = false);
    /// Three hints on how to read a job, beside the parts of its page.
    void showHints();
    void newJob();
    /// Asks where to: the job that is open, or those that are chosen in the list.
    void exportJob();
    /// What the engine says of itself: how many run, whether it stands, what failed.
    void setRunning(int running);
    void setEngineProblem(const QString &why);

    NeedsYou &needsYou() { return *m_needs; }
    JobsPage &jobsPage() { return *m_jobs; }
    /// Made when it is first asked for, as every page but the list: a start waits for nothing that is not seen.
    JobPage &jobPage();
    GatePage &gatePage();
    BannerStack &banners() { return *m_banners; }
    /// Where the window stood last time; nothing on a first start.
    void restoreLast();

Q_SIGNALS:
    /// For notifications: it was not so at the last look. `job` is null where it concerns none.
    void happened(Notice notice, const JobId &job, const QString &what);
    void quitWanted();                      ///< the person closed the window and means it
    void drainWanted();                     ///< once the stages that run have ended
    void schemeWanted(const QString &name); ///< "light", "dark", "" follows the desktop

protected:
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void moveEvent(QMoveEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override; ///< of the whole program

private:
    static const QStringList &pageNames(); ///< of the navigation, in its order
    void makeActions();
    void makePages();
    void makeDocks();
    /// Null where there is no such page.
    QWidget *pageNamed(const QString &name);
    QTreeView *makeIssues();
    /// Goes to the next thing that was found against the job, or the one before, in the dock and in its log.
    void stepProblem(int step);
    JobId chosenJob() const;
    JobId chosenGate() const;
    void takeLastJob();
    void showDetails(const JobId &id);
    void makeStatusBar();
    void connectBanners();
    void connectFeed();
    QAction *act(const char *name, const QString &text, const QString &icon, const QKeySequence &key,
                 const std::function<void()> &work);
    void addNavigation(const char *name, const QString &title, const QString &icon, std::function<QWidget *()> make);
    void showNeeds();
    void noteNeeds();
    void showPalette();
    /// What the page that is shown can do: its buttons and the acts of its views.
    QList<QAction *> pageActs(QObject *owner) const;
    /// Puts the jobs that hold what was typed below the actions.
    void findInPalette(KCommandBar &bar, QLineEdit &line, const QList<QAction *> &here,
                       const QList<QAction *> &actions);
    void showKeys();
    void showEngine();
    void showSettings();
    void say(const QString &text);
    void refuse(const QString &why);
    void pauseEngine(bool paused);
    void wishCheck(const JobId &job, CheckWish::Kind kind, const QString &check);
    void remember();
    void noteUnkept();
    void readEvents();
    void readArtifacts();
    void readPulls();
    void noteRecovered();
    void noteEnded(const std::vector<qint64> &jobs);
    void noteDemo();
    void askRemoveDemo();
    void quitNow();

    Console &m_console;
    NeedsYou *m_needs;
    TablePage *m_needsPage = nullptr;
    QListWidget *m_nav;
    QStackedWidget *m_stack;
    static inline const QString kDraining = QStringLiteral("draining"); ///< its banner
    BannerStack *m_banners;
    JobsPage *m_jobs = nullptr;
    JobPage *m_job = nullptr;
    GatePage *m_gate = nullptr;
    DoctorPane *m_doctor = nullptr;
    WelcomePage *m_welcome = nullptr;
    RowsModel *m_events;
    RowsModel *m_pulls;
    std::vector<PullRow> m_pullRows; ///< what it shows
    RowsModel *m_artifacts;
    QHash<QString, std::function<QWidget *()>> m_makers;
    QHash<QString, QWidget *> m_pages; ///< those that were made
    QLabel *m_details = nullptr;
    QToolButton *m_engine = nullptr;
    QToolButton *m_waiting = nullptr;
    QToolButton *m_store = nullptr;
    QAction *m_pause = nullptr;
    QAction *m_resume = nullptr;
    CoachMarks *m_hints = nullptr;
    QSettings m_kept; ///< as long as it lives, nothing is forgotten that could not be written yet
    QTimer m_save;
    QTimer m_ages;        ///< until one of those that are shown reads otherwise
    QTimer m_unkept;      ///< until it is seen whether what was done is on the disk
    bool m_acted = false; ///< something was done since that timer began
    QTimer m_eventsSoon;
    QSet<QString> m_known;        ///< gates that were told of
    QHash<JobId, qint64> m_ended; ///< jobs whose end was told of, and when they ended
    qint64 m_startedMs = 0;
    int m_running = 0;
    qint64 m_queued = 0;
    qint64 m_recovered = 0; ///< the newest event of the reconciler that was told of
    bool m_restored = false;
    bool m_quitting = false;
    bool m_eventsShown = false;    ///< in a page or a dock, now or before
    bool m_artifactsShown = false; ///< as above
    bool m_pullsShown = false;     ///< as above
    JobId m_lastJob;               ///< what the job's page showed last time, until it is made
    QString m_lastTab;
    QString m_back; ///< page to go back to
};

} // namespace openfactory::ui
