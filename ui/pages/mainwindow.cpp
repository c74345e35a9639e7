// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/mainwindow.h"

#include "core/base/text.h"
#include "ui/dialogs/ask.h"
#include "ui/models/words.h"
#include "ui/pages/doctorpage.h"
#include "ui/pages/gatepage.h"
#include "ui/pages/jobpage.h"
#include "ui/pages/jobspage.h"
#include "ui/pages/tablepage.h"
#include "ui/pages/welcomepage.h"
#include "ui/widgets/bannerstack.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/markicon.h"
#include "ui/widgets/named.h"
#include "ui/widgets/table.h"

#include <QCloseEvent>
#include <QDockWidget>
#include <QHBoxLayout>
#include <QListWidget>
#include <QMenuBar>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>
#include <QUrl>

namespace openfactory::ui {

const QStringList &MainWindow::pageNames()
{
    static const QStringList names{QStringLiteral("needs"),    QStringLiteral("jobs"),      QStringLiteral("ci"),
                                   QStringLiteral("rollouts"), QStringLiteral("artifacts"), QStringLiteral("activity")};
    return names;
}

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
            showPage(pageNames()[row], true);
    });
    connectBanners();
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
    m_needsPage = needs;
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

void MainWindow::showPage(const QString &name, bool quietly)
{
    QWidget *wanted = m_pages.value(name);
    if (!wanted)
        return;
    if (page() != name)
        m_back = page();
    m_stack->setCurrentWidget(wanted);
    const QSignalBlocker quiet(m_nav);
    m_nav->setCurrentRow(int(pageNames().indexOf(name)));
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
