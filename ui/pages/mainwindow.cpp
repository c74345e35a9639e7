// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/mainwindow.h"

#include "core/base/text.h"
#include "ui/dialogs/ask.h"
#include "ui/dialogs/exportdialog.h"
#include "ui/dialogs/newjobdialog.h"
#include "ui/dialogs/settingsdialog.h"
#include "ui/models/words.h"
#include "ui/pages/doctorpage.h"
#include "ui/pages/gatepage.h"
#include "ui/pages/jobpage.h"
#include "ui/pages/jobspage.h"
#include "ui/pages/tablepage.h"
#include "ui/pages/welcomepage.h"
#include "ui/widgets/bannerstack.h"
#include "ui/widgets/coachmarks.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/markicon.h"
#include "ui/widgets/named.h"
#include "ui/widgets/table.h"

#include <KCommandBar>
#include <QAccessible>
#include <QAccessibleAnnouncementEvent>
#include <QClipboard>
#include <QCloseEvent>
#include <QDockWidget>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QMenuBar>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>
#include <QTreeView>
#include <QUndoStack>
#include <QUrl>

namespace openfactory::ui {

namespace {

constexpr int kEvents = 300;
constexpr int kPaletteJobs = 10;
const QString kDemo = QStringLiteral("demo");
const QString kDemoHidden = QStringLiteral("demo/hidden"); ///< its banner, for good
const QString kHintsSeen = QStringLiteral("hints/seen");
const QString kNames[]{QStringLiteral("needs"),    QStringLiteral("jobs"),      QStringLiteral("ci"),
                       QStringLiteral("rollouts"), QStringLiteral("artifacts"), QStringLiteral("activity")};

} // namespace

MainWindow::MainWindow(Console &console, QWidget *parent)
    : QMainWindow(parent),
      m_console(console),
      m_needs(new NeedsYou(*console.reader, *console.clock, this)),
      m_nav(named(new QListWidget(this), "navList", tr("Pages"))),
      m_stack(new QStackedWidget(this)),
      m_banners(new BannerStack(this)),
      m_events(new RowsModel({tr("Time"), tr("Job"), tr("What"), tr("Stage"), tr("Detail")}, this)),
      m_artifacts(new RowsModel({tr("Name"), tr("Job"), tr("Stage"), tr("Size"), tr("Made")}, this)),
      m_startedMs(console.clock->wallMs())
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("OpenFactory"));
    setMinimumSize(960, 600);
    resize(1280, 800);
    m_stack->setObjectName(QStringLiteral("pages"));
    makePages();
    makeActions();
    makeDocks();
    makeStatusBar();

    auto *right = new QWidget(this);
    right->setObjectName(QStringLiteral("pageArea"));
    auto *column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banners);
    column->addWidget(m_stack, 1);
    auto *centre = new QWidget(this);
    centre->setObjectName(QStringLiteral("centre"));
    auto *line = new QHBoxLayout(centre);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(0);
    m_nav->setFixedWidth(160);
    m_nav->setFrameShape(QFrame::NoFrame);
    m_nav->setIconSize(QSize(22, 22));
    line->addWidget(m_nav);
    line->addWidget(right, 1);
    setCentralWidget(centre);

    connect(m_nav, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0)
            showPage(kNames[row], true);
    });
    connect(m_banners, &BannerStack::acted, this, [this](const QString &id) {
        if (id == u"paused")
            pauseEngine(false);
        else if (id == u"recovered")
            showPage(QStringLiteral("activity"));
        else if (id == kDemo)
            return askRemoveDemo(); // it stays until that is done
        else if (const auto job = JobId::parse(id))
            openGate(*job);
        m_banners->remove(id);
    });
    connect(m_banners, &BannerStack::closed, this, [](const QString &id) {
        if (id == kDemo)
            QSettings().setValue(kDemoHidden, true);
    });
    connect(m_banners, &BannerStack::reviewAll, this, [this] { showPage(QStringLiteral("needs")); });
    connectFeed();

    m_save.setSingleShot(true);
    m_save.setInterval(500);
    connect(&m_save, &QTimer::timeout, this, &MainWindow::remember);
    m_time.setInterval(10'000);
    connect(&m_time, &QTimer::timeout, this, [this] {
        m_needs->noteTime();
        showNeeds();
    });
    m_time.start();
}

MainWindow::~MainWindow() = default;

void MainWindow::addNavigation(const char *name, const QString &title, const QString &icon, QWidget *page)
{
    m_pages.insert(QLatin1String(name), page);
    m_stack->addWidget(page);
    auto *item = new QListWidgetItem(QIcon::fromTheme(icon), title, m_nav);
    item->setData(Qt::UserRole, title);
}

void MainWindow::makePages()
{
    auto *needs = new TablePage("needsPage", tr("Needs you"), m_needs->model(), this);
    needs->emptyState().say(QStringLiteral("checkmark"), tr("Nothing waits for you."));
    const int widths[]{220, 250, 100, 400};
    for (int column = 0; column < 4; ++column)
        needs->view().setColumnWidth(column, widths[column]);
    connect(needs, &TablePage::opened, this, [this](const QString &key) {
        if (const auto job = JobId::parse(key))
            openGate(*job);
    });
    m_jobs = new JobsPage(m_console, this);
    auto *ci = new EmptyState(this);
    ci->say(QStringLiteral("vcs-branch"),
            tr("CI comes with the forge: pull requests and their required checks will be listed here."));
    auto *rollouts = new EmptyState(this);
    rollouts->say(QStringLiteral("go-up"),
                  tr("Rollouts are not built yet: an approved change goes live by its merge."));
    auto *artifacts = new TablePage("artifactsPage", tr("Artifacts"), *m_artifacts, this);
    artifacts->emptyState().say(QStringLiteral("document-multiple"),
                                tr("No artifacts yet. Jobs keep theirs when they reach their gate."));
    artifacts->view().setColumnWidth(0, 300);
    artifacts->view().setColumnWidth(1, 200);
    auto *activity = new TablePage("activityPage", tr("Activity"), *m_events, this);
    activity->emptyState().say(QStringLiteral("view-history"), tr("Nothing has happened yet."));
    activity->view().setColumnWidth(0, 170);
    activity->view().setColumnWidth(1, 200);
    activity->view().setColumnWidth(2, 160);
    for (TablePage *page : {artifacts, activity})
        connect(page, &TablePage::opened, this, [this](const QString &key) {
            if (const auto job = JobId::parse(key.section(u' ', 1)))
                openJob(*job);
        });
    addNavigation("needs", tr("Needs you"), QStringLiteral("dialog-question"), needs);
    m_nav->item(0)->setIcon(markIcon(Mark::Waiting));
    addNavigation("jobs", tr("Jobs"), QStringLiteral("view-list-details"), m_jobs);
    addNavigation("ci", tr("CI"), QStringLiteral("vcs-branch"), ci);
    addNavigation("rollouts", tr("Rollouts"), QStringLiteral("go-up"), rollouts);
    addNavigation("artifacts", tr("Artifacts"), QStringLiteral("document-multiple"), artifacts);
    addNavigation("activity", tr("Activity"), QStringLiteral("view-history"), activity);

    m_job = new JobPage(m_console, this);
    m_gate = new GatePage(m_console, this);
    m_doctor = new DoctorPage(m_console, this);
    m_welcome = new WelcomePage(this);
    for (const auto &[name, page] : std::initializer_list<std::pair<const char *, QWidget *>>{
             {"job", m_job}, {"gate", m_gate}, {"doctor", m_doctor}, {"welcome", m_welcome}}) {
        m_pages.insert(QLatin1String(name), page);
        m_stack->addWidget(page);
    }
    connect(m_jobs, &JobsPage::openWanted, this, [this](const JobId &job) { openJob(job); });
    connect(m_jobs, &JobsPage::demoWanted, this, &MainWindow::runDemo);
    connect(m_jobs, &JobsPage::said, this, &MainWindow::say);
    connect(m_jobs, &JobsPage::refused, this, &MainWindow::refuse);
    connect(m_jobs, &JobsPage::layoutChanged, &m_save, qOverload<>(&QTimer::start));
    connect(m_job, &JobPage::decideWanted, this, &MainWindow::openGate);
    connect(m_job, &JobPage::said, this, &MainWindow::say);
    connect(m_job, &JobPage::refused, this, &MainWindow::refuse);
    connect(m_job, &JobPage::tabChanged, &m_save, qOverload<>(&QTimer::start));
    connect(m_gate, &GatePage::jobWanted, this, &MainWindow::openJob);
    connect(m_gate, &GatePage::said, this, &MainWindow::say);
    connect(m_gate, &GatePage::refused, this, &MainWindow::refuse);
    connect(m_welcome, &WelcomePage::demoWanted, this, &MainWindow::runDemo);
    connect(m_welcome, &WelcomePage::newJobWanted, this, &MainWindow::newJob);
    connect(m_welcome, &WelcomePage::doctorWanted, this, [this] { showPage(QStringLiteral("doctor")); });
}

QAction *MainWindow::act(const char *name, const QString &text, const QString &icon, const QKeySequence &key,
                         const std::function<void()> &work)
{
    auto *action = new QAction(QIcon::fromTheme(icon), text, this);
    action->setObjectName(QLatin1String(name));
    action->setShortcut(key);
    connect(action, &QAction::triggered, this, work);
    addAction(action);
    return action;
}

void MainWindow::makeActions()
{
    QMenu *file = menuBar()->addMenu(tr("&Factory"));
    QMenu *job = menuBar()->addMenu(tr("&Job"));
    QMenu *view = menuBar()->addMenu(tr("&View"));
    QMenu *help = menuBar()->addMenu(tr("&Help"));
    auto *bar = addToolBar(tr("Main toolbar"));
    bar->setObjectName(QStringLiteral("toolBar"));
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    bar->setMovable(false);

    QAction *back = act("actionBack", tr("&Back"), QStringLiteral("go-previous"), QKeySequence::Back,
                        [this] { showPage(m_back.isEmpty() ? QStringLiteral("jobs") : m_back); });
    QAction *make = act("actionNewJob", tr("&New job…"), QStringLiteral("list-add"), QKeySequence::New,
                        [this] { newJob(); });
    m_pause = act("actionPauseEngine", tr("&Pause engine"), QStringLiteral("media-playback-pause"), {},
                  [this] { pauseEngine(true); });
    m_resume = act("actionResumeEngine", tr("&Resume engine"), QStringLiteral("media-playback-start"), {},
                   [this] { pauseEngine(false); });
    m_resume->setVisible(false);
    QAction *demo = act("actionDemo", tr("Run the &demo"), QStringLiteral("run-build"), {}, [this] { runDemo(); });
    QAction *doctor = act("actionDoctor", tr("&Doctor"), QStringLiteral("tools-check-spelling"), {},
                          [this] { showPage(QStringLiteral("doctor")); });
    QAction *settings = act("actionSettings", tr("&Settings…"), QStringLiteral("configure"), QKeySequence::Preferences,
                            [this] { showSettings(); });
    QAction *quit = act("actionQuit", tr("&Quit"), QStringLiteral("application-exit"), QKeySequence::Quit,
                        [this] { close(); });
    QAction *palette = act("actionPalette", tr("Find &action…"), QStringLiteral("search"),
                           QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P), [this] { showPalette(); });
    QAction *filter = act("actionFilter", tr("&Filter jobs"), QStringLiteral("view-filter"),
                          QKeySequence(Qt::Key_Slash), [this] {
                              showPage(QStringLiteral("jobs"));
                              m_jobs->focusFilter();
                          });
    QAction *review = act("actionReview", tr("Review the &oldest gate…"), QStringLiteral("dialog-ok-apply"),
                          QKeySequence(Qt::CTRL | Qt::Key_G), [this] {
                              if (!m_needs->jobs().empty())
                                  openGate(m_needs->jobs().front().id);
                              else
                                  showPage(QStringLiteral("needs"));
                          });
    QAction *window = act(
        "actionGateWindow", tr("Review in a &window…"), QStringLiteral("window-new"),
        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_G), [this] {
            const JobId id = page() == u"gate"  ? m_gate->presenter().job()
                             : page() == u"job" ? m_job->presenter().job()
                                                : JobId();
            const JobId wanted = !id.isNull() ? id : m_needs->jobs().empty() ? JobId() : m_needs->jobs().front().id;
            if (wanted.isNull())
                return;
            auto *dialog = new GateDialog(m_console, wanted, this);
            connect(&dialog->page(), &GatePage::jobWanted, this, &MainWindow::openJob);
            connect(&dialog->page(), &GatePage::said, this, &MainWindow::say);
            connect(&dialog->page(), &GatePage::refused, this, &MainWindow::refuse);
            dialog->show();
        });
    QAction *copy = act("actionCopyLink", tr("Copy &link"), QStringLiteral("edit-link"),
                        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L), [this] {
                            if (m_job->presenter().job().isNull())
                                return;
                            QGuiApplication::clipboard()->setText(m_job->link());
                            say(tr("Copied %1").arg(m_job->link()));
                        });
    QAction *exported = act("actionExport", tr("&Export the job…"), QStringLiteral("document-export"),
                            QKeySequence(Qt::CTRL | Qt::Key_E), [this] { exportJob(); });
    QAction *undo = m_jobs->undoStack()->createUndoAction(this, tr("&Undo"));
    undo->setObjectName(QStringLiteral("actionUndo"));
    undo->setShortcut(QKeySequence::Undo);
    addAction(undo);
    QAction *keys = act("actionKeys", tr("&Keys"), QStringLiteral("help-keyboard-shortcuts"),
                        QKeySequence::HelpContents, [this] { showKeys(); });
    QAction *hints = act("actionHints", tr("&Hints on this window"), QStringLiteral("help-hint"), {},
                         [this] { showHints(); });
    QAction *first = act("actionWelcome", tr("&Welcome"), QStringLiteral("help-about"), {},
                         [this] { showPage(QStringLiteral("welcome")); });

    file->addActions({make, demo});
    file->addSeparator();
    file->addActions({m_pause, m_resume, doctor, settings});
    file->addSeparator();
    file->addAction(quit);
    job->addActions({review, window, filter, copy, exported});
    job->addSeparator();
    job->addAction(undo);
    for (int i = 0; i < int(std::size(kNames)); ++i) {
        QAction *go = act("actionGo", m_nav->item(i)->data(Qt::UserRole).toString(), {},
                          QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_1 + i)), [this, i] { showPage(kNames[i]); });
        view->addAction(go);
    }
    view->addSeparator();
    view->addAction(palette);
    help->addActions({keys, hints, first});
    bar->addActions({back, make, review, m_pause, m_resume, filter, palette});
    for (QAction *action : bar->actions())
        named(bar->widgetForAction(action), qPrintable(action->objectName() + u"Button"),
              QString(action->text()).remove(u'&'));
}

void MainWindow::makeDocks()
{
    QMenu *view = menuBar()->actions().at(2)->menu();
    view->addSeparator();
    const auto add = [&](const char *name, const QString &title, Qt::DockWidgetArea area, QWidget *content) {
        auto *dock = new QDockWidget(title, this);
        dock->setObjectName(QLatin1String(name));
        dock->setAccessibleName(title);
        dock->setWidget(content);
        addDockWidget(area, dock);
        dock->hide();
        dock->toggleViewAction()->setObjectName(QLatin1String(name) + QStringLiteral("Toggle"));
        view->addAction(dock->toggleViewAction());
        addAction(dock->toggleViewAction());
        connect(dock, &QDockWidget::visibilityChanged, &m_save, qOverload<>(&QTimer::start));
        connect(dock, &QDockWidget::dockLocationChanged, &m_save, qOverload<>(&QTimer::start));
        return dock;
    };
    auto *issues = makeTable("issuesTable", tr("Findings of the job"), m_job->presenter().problems(), this);
    issues->setColumnWidth(1, 420);
    auto *first = add("dockIssues", tr("Issues"), Qt::BottomDockWidgetArea, issues);
    auto *events = makeTable("eventsTable", tr("What the engine did"), *m_events, this);
    events->setColumnWidth(1, 200);
    tabifyDockWidget(first, add("dockEvents", tr("Engine events"), Qt::BottomDockWidgetArea, events));
    m_details = plainLabel("detailsText", tr("No job is chosen"), this);
    m_details->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_details->setMargin(8);
    add("dockDetails", tr("Details"), Qt::RightDockWidgetArea, m_details);
    QAction *reset = act("actionResetLayout", tr("&Reset layout"), QStringLiteral("view-restore"), {}, [this] {
        for (QDockWidget *dock : findChildren<QDockWidget *>()) {
            dock->setFloating(false);
            dock->hide();
        }
        resize(1280, 800);
    });
    view->addAction(reset);
    connect(m_jobs, &JobsPage::previewed, this, [this](const JobId &id) {
        const int row = m_jobs->view()->currentIndex().row();
        const JobRow *job = m_jobs->model().rowAt(row);
        if (!job || job->id != id)
            return;
        QStringList lines{displayable(job->title),
                          tr("%1, %2").arg(job->slug, stateText(job->state, job->wait, job->paused, job->blocked())),
                          displayable(job->state == JobState::Waiting ? job->waitWhat : job->note),
                          displayable(job->repository)};
        lines.removeAll(QString());
        m_details->setText(lines.join(QStringLiteral("\n\n")));
    });
}

void MainWindow::makeStatusBar()
{
    const auto button = [this](const char *name, const QString &said, auto &&work) {
        auto *made = named(new QToolButton(this), name, said);
        made->setAutoRaise(true);
        made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        connect(made, &QToolButton::clicked, this, work);
        statusBar()->addPermanentWidget(made);
        return made;
    };
    m_waiting = button("statusNeeds", tr("What waits for you"), [this] { showPage(QStringLiteral("needs")); });
    m_engine = button("statusEngine", tr("The engine"), [this] {
        m_jobs->setFilter(QStringLiteral("state:running"));
        showPage(QStringLiteral("jobs"));
    });
    m_store = button("statusStore", tr("The data directory"), [this] { showPage(QStringLiteral("doctor")); });
    m_store->setText(displayable(m_console.dataFolder).right(40));
    m_store->setToolTip(displayable(m_console.dataFolder).toHtmlEscaped());
    setRunning(0);
}

void MainWindow::connectFeed()
{
    const auto soon = [this] {
        m_needs->refresh();
        if (!m_eventsSoon.isActive())
            m_eventsSoon.start();
    };
    m_eventsSoon.setSingleShot(true);
    m_eventsSoon.setInterval(200);
    connect(&m_eventsSoon, &QTimer::timeout, this, [this] {
        readEvents();
        readArtifacts();
        noteDemo();
        if (m_console.clock->wallMs() - m_startedMs < 120'000) // the engine recovers what died as it comes to it
            noteRecovered();
    });
    connect(m_console.feed, &ChangeFeed::changed, this, soon);
    connect(m_console.feed, &ChangeFeed::manyChanged, this, soon);
    connect(m_console.feed, &ChangeFeed::ready, this, [this, soon] {
        soon();
        noteRecovered();
    });
    connect(m_console.feed, &ChangeFeed::failed, this, [this](const QString &why) {
        if (why.isEmpty())
            m_banners->remove(QStringLiteral("store"));
        else
            m_banners->show({QStringLiteral("store"),
                             KMessageWidget::Error,
                             tr("The store cannot be read; what is shown may be old. %1").arg(why),
                             {},
                             false});
    });
    connect(m_console.feed, &ChangeFeed::pausedChanged, this, [this](bool paused) {
        m_pause->setVisible(!paused);
        m_resume->setVisible(paused);
        if (paused)
            m_banners->show({QStringLiteral("paused"), KMessageWidget::Information,
                             tr("The engine is paused: what runs goes on, nothing new starts."), tr("Resume"), false});
        else
            m_banners->remove(QStringLiteral("paused"));
        setRunning(m_running);
    });
    connect(m_needs, &NeedsYou::changed, this, &MainWindow::showNeeds);
}

void MainWindow::showNeeds()
{
    const auto &jobs = m_needs->jobs();
    QList<BannerStack::Banner> gates;
    QSet<QString> open;
    for (const JobRow &job : jobs) {
        const QString id = job.id.text();
        open.insert(id);
        gates << BannerStack::Banner{
            id, KMessageWidget::Warning,
            tr("%1 waits for you to %2 (%3)")
                .arg(displayable(job.slug), waitText(job.wait), agoText(job.waitSinceMs, m_console.clock->wallMs())),
            tr("Review…"), false};
        if (!m_known.contains(id) && job.waitSinceMs >= m_startedMs) {
            const QString what = tr("%1 waits for you to %2").arg(displayable(job.title), waitText(job.wait));
            QAccessibleAnnouncementEvent event(this, what);
            QAccessible::updateAccessibility(&event);
            Q_EMIT gateOpened(job.id, what);
        }
    }
    m_known = open;
    m_banners->setGates(gates);
    const QString title = m_nav->item(0)->data(Qt::UserRole).toString();
    m_nav->item(0)->setText(jobs.empty() ? title : tr("%1 (%2)").arg(title).arg(jobs.size()));
    m_waiting->setText(jobs.empty() ? tr("Nothing waits for you") : tr("%n need(s) you", nullptr, int(jobs.size())));
    m_waiting->setIcon(markIcon(jobs.empty() ? Mark::Passed : Mark::Waiting));
}

void MainWindow::setRunning(int running)
{
    m_running = running;
    const bool paused = m_console.feed->enginePaused();
    const QString text = running > 0 ? tr("%n running", nullptr, running)
                         : paused    ? tr("Engine paused")
                                     : tr("Engine idle");
    m_engine->setText(text);
    m_engine->setAccessibleName(text);
    m_engine->setIcon(markIcon(running > 0 ? Mark::Running : paused ? Mark::Skipped : Mark::Queued));
}

void MainWindow::setEngineProblem(const QString &why)
{
    if (why.isEmpty()) {
        m_banners->remove(QStringLiteral("engine"));
        return;
    }
    m_banners->show({QStringLiteral("engine"), KMessageWidget::Error, why, {}, true});
    m_engine->setText(tr("Engine stopped"));
}

void MainWindow::noteRecovered()
{
    m_console.reader->ask(
        this, [since = m_startedMs](ReadSide &side) { return side.recoveredSince(since); },
        [this](const Result<std::vector<Happening>> &found) {
            if (!found || found->empty() || found->front().seq <= m_recovered)
                return;
            m_recovered = found->front().seq;
            QStringList jobs;
            for (const Happening &one : *found) {
                const QString text = one.stage.isEmpty() ? one.slug : tr("%1 at %2").arg(one.slug, one.stage);
                if (!jobs.contains(text))
                    jobs << text;
            }
            m_banners->show(
                {QStringLiteral("recovered"), KMessageWidget::Positive,
                 tr("Recovered after an unclean stop: %1").arg(displayable(jobs.join(QStringLiteral(", ")))),
                 tr("Show"), true});
        });
}

void MainWindow::readEvents()
{
    m_console.reader->ask(
        this, [](ReadSide &side) { return side.happenings(kEvents); },
        [this](const Result<std::vector<Happening>> &news) {
            if (!news)
                return;
            std::vector<TableRow> rows;
            for (const Happening &one : *news)
                rows.push_back({QStringLiteral("%1 %2").arg(one.seq).arg(one.job),
                                {timeText(one.atMs), one.slug.isEmpty() ? tr("engine") : one.slug, one.kind,
                                 one.attempt > 0 ? QStringLiteral("%1/%2").arg(one.stage).arg(one.attempt) : one.stage,
                                 one.detail == u"{}" ? QString() : one.detail.left(200)},
                                {},
                                {},
                                {}});
            m_events->setRows(std::move(rows));
        });
}

void MainWindow::readArtifacts()
{
    m_console.reader->ask(
        this, [](ReadSide &side) { return side.newestArtifacts(kEvents); },
        [this](const Result<std::vector<Happening>> &found) {
            if (!found)
                return;
            std::vector<TableRow> rows;
            for (const Happening &one : *found)
                rows.push_back({QStringLiteral("%1 %2").arg(one.seq).arg(one.job),
                                {one.kind, one.slug, QStringLiteral("%1/%2").arg(one.stage).arg(one.attempt),
                                 sizeText(one.detail.section(u' ', 0, 0).toLongLong()),
                                 agoText(one.atMs, m_console.clock->wallMs())},
                                {},
                                one.detail.section(u' ', 1),
                                {}});
            m_artifacts->setRows(std::move(rows));
        });
}

void MainWindow::showPage(const QString &name, bool quietly)
{
    QWidget *wanted = m_pages.value(name);
    if (!wanted)
        return;
    if (page() != name)
        m_back = page();
    m_stack->setCurrentWidget(wanted);
    const QSignalBlocker quiet(m_nav);
    const auto row = std::ranges::find(kNames, name) - std::begin(kNames);
    m_nav->setCurrentRow(row < std::ssize(kNames) ? int(row) : -1);
    if (name == u"doctor")
        m_doctor->examine();
    if (!quietly)
        wanted->setFocus();
    m_save.start();
}

QString MainWindow::page() const
{
    return m_pages.key(m_stack->currentWidget());
}

void MainWindow::openJob(const JobId &job, const QString &tab)
{
    m_job->setJob(job);
    if (!tab.isEmpty())
        m_job->showTab(tab);
    showPage(QStringLiteral("job"));
}

void MainWindow::openGate(const JobId &job)
{
    m_gate->setJob(job);
    showPage(QStringLiteral("gate"));
}

bool MainWindow::openLink(const QString &link)
{
    const QUrl url(link, QUrl::StrictMode);
    if (url.scheme() != u"openfactory" || (url.host() != u"job" && url.host() != u"gate"))
        return false;
    const QStringList parts = url.path().split(u'/', Qt::SkipEmptyParts);
    const auto job = JobId::parse(parts.value(0).toUpper());
    if (!job)
        return false;
    if (url.host() == u"gate") {
        openGate(*job);
        return true;
    }
    openJob(*job);
    if (parts.size() > 1) {
        const QString fragment = url.fragment();
        const qint64 line = fragment.startsWith(u'L') ? fragment.mid(1).toLongLong() : 0;
        if (line > 0)
            m_job->showTab(QStringLiteral("log"));
        m_job->select({parts[1], parts.value(2).toInt(), 0}, line);
    }
    return true;
}

void MainWindow::runDemo()
{
    m_welcome->setBusy(true);
    m_console.desk->ask(
        this, [make = m_console.makeDemo](OperatorSide &side) { return make(side); },
        [this](const Result<Job> &job) {
            m_welcome->setBusy(false);
            if (!job) {
                refuse(errorText(job.error()));
                return;
            }
            QSettings().remove(kDemoHidden);
            openJob(job->id());
            say(tr("The demo runs; it will stop at the gate and wait for you"));
            if (!QSettings().value(kHintsSeen).toBool())
                showHints();
        });
}

void MainWindow::showHints()
{
    if (m_job->presenter().job().isNull()) {
        say(tr("Open a job first: the hints show how to read it"));
        return;
    }
    showPage(QStringLiteral("job"));
    if (!m_hints) {
        m_hints = new CoachMarks(this);
        connect(m_hints, &CoachMarks::ended, this, [] { QSettings().setValue(kHintsSeen, true); });
    }
    // Once the page has its place.
    QTimer::singleShot(0, m_hints, [this] {
        m_hints->start(
            {{m_job->findChild<QWidget *>(QStringLiteral("stageStrip")),
              tr("The stages of the job, from left to right. Shape and word say how each one stands; a click "
                 "shows what it did.")},
             {m_job->findChild<QWidget *>(QStringLiteral("attemptTree")),
              tr("Every attempt is kept, also one that was taken back. Choose one: log, changes and tests on "
                 "the right follow.")},
             {m_nav, tr("What waits for you is under Needs you, and in a banner above every page. Ctrl+G opens "
                        "the oldest. F1 lists all keys.")}});
    });
}

void MainWindow::noteDemo()
{
    if (m_console.demoRepository.isEmpty() || QSettings().value(kDemoHidden).toBool()) {
        m_banners->remove(kDemo);
        return;
    }
    m_console.reader->ask(
        this,
        [path = m_console.demoRepository](ReadSide &side) -> Result<bool> {
            JobFilter demo;
            demo.repository = QFileInfo(path).canonicalFilePath();
            demo.limit = 1;
            if (demo.repository.isEmpty())
                return false;
            OF_TRY(jobs, side.store().jobs(demo));
            return !jobs.empty();
        },
        [this](const Result<bool> &is) {
            if (is && *is && !QSettings().value(kDemoHidden).toBool())
                m_banners->show({kDemo, KMessageWidget::Information,
                                 tr("Demo data: a small shop and its job, made to show how this works."), tr("Remove…"),
                                 true});
            else
                m_banners->remove(kDemo);
        });
}

void MainWindow::askRemoveDemo()
{
    ask(this, tr("Remove the demo?"),
        tr("Its jobs are ended and put into the archive, and the folder of its repository is deleted:\n%1\nThe audit log "
           "keeps what happened. The demo can be run again.")
            .arg(displayable(QFileInfo(m_console.demoRepository).absolutePath())),
        tr("Remove it"), tr("Keep it"), [this] {
            m_console.desk->ask(
                this, [remove = m_console.removeDemo](OperatorSide &side) { return remove(side); },
                [this](const Result<void> &done) {
                    if (done)
                        say(tr("The demo is removed"));
                    else
                        refuse(errorText(done.error()));
                    m_console.feed->look();
                    noteDemo();
                });
        });
}

void MainWindow::newJob()
{
    auto *dialog = new NewJobDialog(m_console, this);
    connect(dialog, &NewJobDialog::made, this, [this](const JobId &job) { openJob(job); });
    dialog->show();
}

void MainWindow::exportJob()
{
    const QString where = page();
    JobId id;
    QString slug;
    if (const JobDetails *details = where == u"gate"  ? m_gate->presenter().details()
                                    : where == u"job" ? m_job->presenter().details()
                                                      : nullptr) {
        id = details->job.id();
        slug = details->job.slug().text();
    } else if (const JobRow *row = where == u"jobs" ? m_jobs->model().rowAt(m_jobs->view()->currentIndex().row())
                                                    : nullptr) {
        id = row->id;
        slug = row->slug;
    }
    if (id.isNull()) {
        say(tr("Choose a job first: the one that is open, or the current one of the list, is exported"));
        return;
    }
    auto *dialog = new ExportDialog(m_console, id, slug, this);
    dialog->show();
}

void MainWindow::pauseEngine(bool paused)
{
    m_console.desk->ask(
        this, [paused](OperatorSide &side) { return side.desk().pauseEngine(paused); },
        [this](const Result<void> &done) {
            if (!done)
                refuse(errorText(done.error()));
            m_console.feed->look();
        });
}

void MainWindow::say(const QString &text)
{
    statusBar()->showMessage(text, 10'000);
    QAccessibleAnnouncementEvent event(this, text);
    QAccessible::updateAccessibility(&event);
}

void MainWindow::refuse(const QString &why)
{
    m_banners->show({QStringLiteral("refused"), KMessageWidget::Error, why, {}, true});
    QAccessibleAnnouncementEvent event(this, why);
    event.setPoliteness(QAccessible::AnnouncementPoliteness::Assertive);
    QAccessible::updateAccessibility(&event);
}

void MainWindow::showPalette()
{
    auto *bar = new KCommandBar(this);
    bar->setAttribute(Qt::WA_DeleteOnClose);
    bar->setObjectName(QStringLiteral("commandBar"));
    QList<QAction *> actions;
    for (QAction *action : this->actions()) {
        if (action->isVisible() && !action->text().isEmpty())
            actions << action;
    }
    bar->setActions({{tr("OpenFactory"), actions}});
    if (auto *line = bar->findChild<QLineEdit *>()) {
        auto *pause = new QTimer(bar);
        pause->setSingleShot(true);
        pause->setInterval(120); // between two letters nobody waits for an answer
        connect(line, &QLineEdit::textChanged, pause, qOverload<>(&QTimer::start));
        connect(pause, &QTimer::timeout, bar, [this, bar, line, actions] { findInPalette(*bar, *line, actions); });
    }
    bar->show();
}

void MainWindow::findInPalette(KCommandBar &bar, QLineEdit &line, const QList<QAction *> &actions)
{
    const QString typed = line.text();
    m_console.reader->ask(
        &bar, [typed](ReadSide &side) { return side.store().search(typed, kPaletteJobs); },
        [this, &bar, &line, typed, actions](const Result<std::vector<Job>> &found) {
            if (!found || line.text() != typed)
                return; // the palette offers its actions still
            KCommandBar::ActionGroup jobs{tr("Jobs"), {}};
            for (const Job &job : *found) {
                // The bar filters what it shows by the typed text, which the job may hold elsewhere: in a command.
                auto *open = new QAction(tr("%1: %2 (%3)")
                                             .arg(job.slug().text(), displayable(job.identity.title), typed)
                                             .replace(u'&', QStringLiteral("&&")),
                                         &bar);
                connect(open, &QAction::triggered, this, [this, id = job.id()] { openJob(id); });
                jobs.actions << open;
            }
            bar.setActions({{tr("OpenFactory"), actions}, jobs});
        });
}

void MainWindow::showKeys()
{
    QStringList lines;
    for (const QAction *action : actions()) {
        if (!action->shortcut().isEmpty())
            lines << tr("%1\t%2").arg(action->shortcut().toString(QKeySequence::NativeText),
                                      QString(action->text()).remove(u'&'));
    }
    lines << tr("Ctrl+Return\tSubmit the decision at a gate") << tr("Ctrl+R\tRetry the chosen jobs")
          << tr("Del\tArchive the chosen jobs (Ctrl+Z brings back)") << tr("Ctrl+0\tFit the timeline");
    showText(this, tr("Keys"), lines.join(u'\n'));
}

void MainWindow::showSettings()
{
    auto *dialog = new SettingsDialog(m_console, this);
    connect(dialog, &SettingsDialog::schemeWanted, this, &MainWindow::schemeWanted);
    connect(dialog, &SettingsDialog::said, this, &MainWindow::say);
    connect(dialog, &SettingsDialog::graceWanted, this,
            [this](int ms) { m_gate->presenter().setGrace(std::chrono::milliseconds(ms)); });
    dialog->show();
}

void MainWindow::remember()
{
    if (!m_restored)
        return; // what was there before is not read yet
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/state"), saveState());
    settings.setValue(QStringLiteral("window/page"), page());
    settings.setValue(QStringLiteral("window/job"), m_job->presenter().job().text());
    settings.setValue(QStringLiteral("window/gate"), m_gate->presenter().job().text());
    settings.setValue(QStringLiteral("window/tab"), m_job->tab());
    settings.setValue(QStringLiteral("jobs/columns"), m_jobs->columns());
    settings.setValue(QStringLiteral("jobs/filter"), m_jobs->filter());
    settings.sync();
}

void MainWindow::restoreLast()
{
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("window/state")).toByteArray());
    m_jobs->restoreColumns(settings.value(QStringLiteral("jobs/columns")).toByteArray());
    m_jobs->setFilter(settings.value(QStringLiteral("jobs/filter")).toString());
    const QString last = settings.value(QStringLiteral("window/page")).toString();
    const auto job = JobId::parse(settings.value(QStringLiteral("window/job")).toString());
    const auto gate = JobId::parse(settings.value(QStringLiteral("window/gate")).toString());
    if (job)
        m_job->setJob(*job);
    m_job->showTab(settings.value(QStringLiteral("window/tab")).toString());
    if (last == u"gate" && gate) {
        openGate(*gate);
        // One that was decided meanwhile is no place to begin.
        auto *once = new QObject(this);
        connect(&m_gate->presenter(), &GatePresenter::changed, once, [this, once] {
            if (!m_gate->presenter().isRead())
                return;
            if (m_gate->presenter().kind() == GatePresenter::Kind::None && page() == u"gate")
                showPage(QStringLiteral("jobs"));
            once->deleteLater();
        });
    } else if (last == u"job" && job) {
        showPage(last);
    } else {
        const bool known = m_pages.contains(last) && last != u"gate" && last != u"job";
        showPage(known ? last : QStringLiteral("jobs"));
    }
    m_restored = true;
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    remember();
    if (m_running == 0 || m_quitting) {
        event->accept();
        Q_EMIT quitWanted();
        return;
    }
    event->ignore();
    ask(this, tr("Quit while %n job(s) run?", nullptr, m_running),
        tr("They are parked now and go on from the stage they are in with the next start. Nothing is lost."),
        tr("Park them and quit"), tr("Stay"), [this] {
            m_quitting = true;
            close();
        });
}

} // namespace openfactory::ui
