// SPDX-License-Identifier: Apache-2.0
// The window's pages and docks. Only the list of jobs is made with the window; the others when they are first shown.
#include "core/base/text.h"
#include "ui/dialogs/doctorpane.h"
#include "ui/models/words.h"
#include "ui/pages/gatepage.h"
#include "ui/pages/jobpage.h"
#include "ui/pages/jobspage.h"
#include "ui/pages/logpane.h"
#include "ui/pages/mainwindow.h"
#include "ui/pages/tablepage.h"
#include "ui/pages/welcomepage.h"
#include "ui/widgets/checkacts.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/keys.h"
#include "ui/widgets/markicon.h"
#include "ui/widgets/named.h"
#include "ui/widgets/table.h"

#include <QDockWidget>
#include <QListWidget>
#include <QMenuBar>
#include <QSettings>
#include <QStackedWidget>
#include <QTreeView>

namespace openfactory::ui {

QWidget *MainWindow::pageNamed(const QString &name)
{
    if (QWidget *made = m_pages.value(name); made || !m_makers.contains(name))
        return made;
    QWidget *page = m_makers.value(name)();
    m_pages.insert(name, page);
    m_stack->addWidget(page);
    return page;
}

void MainWindow::addNavigation(const char *name, const QString &title, const QString &icon,
                               std::function<QWidget *()> make)
{
    m_makers.insert(QLatin1String(name), std::move(make));
    auto *item = new QListWidgetItem(QIcon::fromTheme(icon), title, m_nav);
    item->setData(Qt::UserRole, title);
}

void MainWindow::makePages()
{
    const auto openRow = [this](const QString &key) {
        if (const auto job = JobId::parse(key.section(u' ', 1)))
            openJob(*job);
    };
    const auto notBuilt = [this](const QString &icon, const QString &text) {
        return [this, icon, text] {
            auto *page = new EmptyState(this);
            page->say(icon, text);
            return page;
        };
    };
    addNavigation("needs", tr("Needs you"), QStringLiteral("dialog-question"), [this] {
        m_needsPage = new TablePage("needsPage", tr("Needs you"), m_needs->model(), this);
        m_needsPage->emptyState().say(QStringLiteral("checkmark"), tr("Nothing waits for you."));
        const int widths[]{220, 250, 100, 400};
        for (int column = 0; column < 4; ++column)
            m_needsPage->view().setColumnWidth(column, widths[column]);
        connect(m_needsPage, &TablePage::opened, this, [this](const QString &key) {
            if (const auto job = JobId::parse(key))
                openGate(*job);
        });
        noteNeeds();
        return m_needsPage;
    });
    m_nav->item(0)->setIcon(markIcon(Mark::Waiting));
    m_jobs = new JobsPage(m_console, this);
    addNavigation("jobs", tr("Jobs"), QStringLiteral("view-list-details"), [this] { return m_jobs; });
    addNavigation("ci", tr("CI"), QStringLiteral("vcs-branch"), [this] {
        auto *page = new TablePage("ciPage", tr("CI"), *m_pulls, this);
        page->emptyState().say(QStringLiteral("vcs-branch"),
                               tr("No pull requests yet. Jobs of the pipeline openfactory open one."));
        const int widths[]{200, 100, 100, 170, 130, 190, 110};
        for (int column = 0; column < 7; ++column)
            page->view().setColumnWidth(column, widths[column]);
        connect(page, &TablePage::opened, this, [this](const QString &key) {
            if (const auto job = JobId::parse(key))
                openJob(*job, QStringLiteral("ci"));
        });
        auto *acts = new CheckActs(page);
        page->setActs(acts);
        const auto current = [this, page]() -> const PullRow * {
            const QString key = page->view().currentIndex().siblingAtColumn(0).data(KeyRole).toString();
            const auto row = std::ranges::find(m_pullRows, key, &PullRow::job);
            return row == m_pullRows.end() ? nullptr : &*row;
        };
        const auto showActs = [acts, current] {
            const PullRow *row = current();
            const auto state = row ? jobStateFrom(row->jobState) : std::nullopt;
            const auto check = row ? requiredOf(row->record) : std::nullopt;
            acts->setCheck(check, state.value_or(JobState::Done));
            acts->setPull(row ? row->record.pull.url : QString());
        };
        connect(page->view().selectionModel(), &QItemSelectionModel::currentRowChanged, acts, showActs);
        connect(m_pulls, &RowsModel::filled, acts, showActs);
        connect(acts, &CheckActs::wished, this, [this, current](CheckWish::Kind kind, const QString &check) {
            const auto job = current() ? JobId::parse(current()->job) : Result<JobId>(JobId());
            if (job)
                wishCheck(*job, kind, check);
        });
        m_pullsShown = true;
        readPulls();
        return page;
    });
    addNavigation("rollouts", tr("Rollouts"), QStringLiteral("go-up"),
                  notBuilt(QStringLiteral("go-up"),
                           tr("Rollouts are not built yet: an approved change goes live by its merge.")));
    addNavigation("artifacts", tr("Artifacts"), QStringLiteral("document-multiple"), [this, openRow] {
        auto *page = new TablePage("artifactsPage", tr("Artifacts"), *m_artifacts, this);
        page->emptyState().say(QStringLiteral("document-multiple"),
                               tr("No artifacts yet. Jobs keep theirs when they reach their gate."));
        page->view().setColumnWidth(0, 300);
        page->view().setColumnWidth(1, 200);
        connect(page, &TablePage::opened, this, openRow);
        m_artifactsShown = true;
        readArtifacts();
        return page;
    });
    addNavigation("activity", tr("Activity"), QStringLiteral("view-history"), [this, openRow] {
        auto *page = new TablePage("activityPage", tr("Activity"), *m_events, this);
        page->emptyState().say(QStringLiteral("view-history"), tr("Nothing has happened yet."));
        page->view().setColumnWidth(0, 170);
        page->view().setColumnWidth(1, 200);
        page->view().setColumnWidth(2, 160);
        connect(page, &TablePage::opened, this, openRow);
        m_eventsShown = true;
        readEvents();
        return page;
    });
    m_makers.insert(QStringLiteral("job"), [this] {
        m_job = new JobPage(m_console, this);
        takeLastJob();
        connect(m_job, &JobPage::decideWanted, this, &MainWindow::openGate);
        connect(m_job, &JobPage::said, this, &MainWindow::say);
        connect(m_job, &JobPage::refused, this, &MainWindow::refuse);
        connect(m_job, &JobPage::tabChanged, &m_save, qOverload<>(&QTimer::start));
        return m_job;
    });
    m_makers.insert(QStringLiteral("gate"), [this] {
        m_gate = new GatePage(m_console, this);
        connect(m_gate, &GatePage::jobWanted, this, &MainWindow::openJob);
        connect(m_gate, &GatePage::linkWanted, this, &MainWindow::openLink);
        connect(m_gate, &GatePage::said, this, &MainWindow::say);
        connect(m_gate, &GatePage::refused, this, &MainWindow::refuse);
        return m_gate;
    });
    m_makers.insert(QStringLiteral("doctor"), [this] { return m_doctor = new DoctorPane(m_console, this); });
    m_makers.insert(QStringLiteral("welcome"), [this] {
        m_welcome = new WelcomePage(this);
        connect(m_welcome, &WelcomePage::demoWanted, this, [this] { runDemo(); });
        connect(m_welcome, &WelcomePage::wholeDemoWanted, this, [this] { runDemo(true); });
        connect(m_welcome, &WelcomePage::newJobWanted, this, &MainWindow::newJob);
        connect(m_welcome, &WelcomePage::doctorWanted, this, [this] { showPage(QStringLiteral("doctor")); });
        return m_welcome;
    });
    pageNamed(QStringLiteral("jobs"));
    connect(m_jobs, &JobsPage::openWanted, this, [this](const JobId &job) { openJob(job); });
    connect(m_jobs, &JobsPage::demoWanted, this, [this] { runDemo(); });
    connect(m_jobs, &JobsPage::exportWanted, this, &MainWindow::exportJob);
    connect(m_jobs, &JobsPage::said, this, &MainWindow::say);
    connect(m_jobs, &JobsPage::refused, this, &MainWindow::refuse);
    connect(m_jobs, &JobsPage::layoutChanged, &m_save, qOverload<>(&QTimer::start));
}

JobPage &MainWindow::jobPage()
{
    pageNamed(QStringLiteral("job"));
    return *m_job;
}

GatePage &MainWindow::gatePage()
{
    pageNamed(QStringLiteral("gate"));
    return *m_gate;
}

JobId MainWindow::chosenJob() const
{
    return m_job ? m_job->presenter().job() : m_lastJob;
}

JobId MainWindow::chosenGate() const
{
    return m_gate ? m_gate->presenter().job() : JobId();
}

void MainWindow::takeLastJob()
{
    if (!m_lastJob.isNull())
        m_job->setJob(m_lastJob);
    m_job->showTab(m_lastTab);
}

void MainWindow::makeDocks()
{
    QMenu *view = menuBar()->actions().at(2)->menu();
    view->addSeparator();
    const auto add = [&](const char *name, const QString &title, Qt::DockWidgetArea area,
                         std::function<QWidget *()> make) {
        auto *dock = new QDockWidget(title, this);
        dock->setObjectName(QLatin1String(name));
        dock->setAccessibleName(title);
        addDockWidget(area, dock);
        dock->hide();
        dock->toggleViewAction()->setObjectName(QLatin1String(name) + QStringLiteral("Toggle"));
        view->addAction(dock->toggleViewAction());
        addAction(dock->toggleViewAction());
        connect(dock, &QDockWidget::visibilityChanged, this, [dock, make = std::move(make)](bool visible) {
            if (visible && !dock->widget())
                dock->setWidget(make());
        });
        connect(dock, &QDockWidget::visibilityChanged, &m_save, qOverload<>(&QTimer::start));
        connect(dock, &QDockWidget::dockLocationChanged, &m_save, qOverload<>(&QTimer::start));
        return dock;
    };
    // What is chosen on the job page, seen beside its other tabs and beside other pages.
    auto *logDock = add("dockLog", tr("Log"), Qt::BottomDockWidgetArea, [this] {
        JobPresenter &job = jobPage().presenter();
        auto *pane = new LogPane(m_console, this);
        pane->setObjectName(QStringLiteral("dockedLog"));
        const auto show = [&job, pane] {
            if (const JobDetails *details = job.details())
                pane->showCommands(*details, job.selectedCommands());
            else
                pane->clear();
        };
        connect(&job, &JobPresenter::changed, pane, show);
        connect(&job, &JobPresenter::selectionChanged, pane, show);
        connect(pane, &LogPane::sourceWanted, m_job, &JobPage::openSource);
        connect(pane, &LogPane::linkWanted, m_job, &JobPage::copyLink);
        show();
        return pane;
    });
    auto *first = add("dockIssues", tr("Issues"), Qt::BottomDockWidgetArea, [this] { return makeIssues(); });
    tabifyDockWidget(logDock, first);
    tabifyDockWidget(first, add("dockEvents", tr("Engine events"), Qt::BottomDockWidgetArea, [this] {
                         auto *events = makeTable("eventsTable", tr("What the engine did"), *m_events, this);
                         events->setColumnWidth(1, 200);
                         m_eventsShown = true;
                         readEvents();
                         return events;
                     }));
    m_details = plainLabel("detailsText", tr("No job is chosen"), this);
    m_details->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_details->setMargin(8);
    add("dockDetails", tr("Details"), Qt::RightDockWidgetArea, [this] { return m_details; })->setWidget(m_details);
    QAction *reset = act("actionResetLayout", tr("&Reset layout"), QStringLiteral("view-restore"), {},
                         [this, laid = saveState()] {
                             restoreState(laid);
                             for (QDockWidget *dock : findChildren<QDockWidget *>())
                                 dock->hide();
                             QSettings().remove(QStringLiteral("splits"));
                             resize(1280, 800);
                         });
    view->addAction(reset);
    connect(m_jobs, &JobsPage::previewed, this, &MainWindow::showDetails);
    connect(m_jobs, &JobsPage::previewWanted, this, [this] {
        if (auto *dock = findChild<QDockWidget *>(QStringLiteral("dockDetails")))
            dock->setVisible(!dock->isVisible());
    });
    connect(m_jobs, &JobsPage::reviewWanted, this, &MainWindow::openGate);
    connect(m_jobs, &JobsPage::queuedCounted, this, [this](qint64 jobs) {
        m_queued = jobs;
        showEngine();
    });
}

QTreeView *MainWindow::makeIssues()
{
    auto *issues = makeTable("issuesTable", tr("Findings of the job"), jobPage().presenter().problems(), this);
    issues->setColumnWidth(1, 420);
    connect(issues, &QTreeView::activated, m_job, &JobPage::openFinding);
    auto *log = new QAction(tr("Show in the log"), issues);
    log->setObjectName(QStringLiteral("issueInLog"));
    log->setShortcutContext(Qt::WidgetShortcut);
    Keys::all().bind(*log, KeyPlace::Issues, QKeySequence(Qt::SHIFT | Qt::Key_Return));
    connect(log, &QAction::triggered, this, [this, issues] {
        showPage(QStringLiteral("job"));
        m_job->openLogOf(issues->currentIndex());
    });
    issues->addAction(log);
    issues->setContextMenuPolicy(Qt::ActionsContextMenu);
    return issues;
}

void MainWindow::stepProblem(int step)
{
    if (page() == u"gate" && !chosenGate().isNull() && chosenGate() != chosenJob())
        return openJob(chosenGate()); // what was found is read first
    const RowsModel &problems = jobPage().presenter().problems();
    const int count = problems.rowCount();
    if (chosenJob().isNull() || count == 0)
        return say(chosenJob().isNull() ? tr("No job is open") : tr("Nothing was found against this job"));
    auto *dock = findChild<QDockWidget *>(QStringLiteral("dockIssues"));
    if (!dock->widget())
        dock->setWidget(makeIssues());
    dock->show();
    dock->raise();
    auto *issues = static_cast<QTreeView *>(dock->widget());
    const QModelIndex current = issues->currentIndex();
    const int row = current.isValid() ? current.row() + step : step > 0 ? 0 : count - 1;
    if (row < 0 || row >= count)
        return say(step > 0 ? tr("That was the last finding") : tr("That was the first finding"));
    const QModelIndex finding = problems.index(row, 0);
    issues->setCurrentIndex(finding);
    showPage(QStringLiteral("job"));
    m_job->openLogOf(finding);
    say(tr("Finding %1 of %2: %3").arg(row + 1).arg(count).arg(finding.siblingAtColumn(1).data().toString()));
}

void MainWindow::showDetails(const JobId &id)
{
    const JobRow *job = m_jobs->model().rowAt(m_jobs->view()->currentIndex().row());
    if (!job || job->id != id)
        return;
    QStringList lines{displayable(job->title),
                      tr("%1, %2").arg(job->slug, stateText(job->state, job->wait, job->paused, job->blocked())),
                      displayable(job->state == JobState::Waiting ? job->waitWhat : job->note),
                      displayable(job->repository)};
    lines.removeAll(QString());
    m_details->setText(lines.join(QStringLiteral("\n\n")));
}

} // namespace openfactory::ui
