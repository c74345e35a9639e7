// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/mainwindow.h"

#include "core/base/text.h"
#include "ui/dialogs/ask.h"
#include "ui/dialogs/doctorpane.h"
#include "ui/dialogs/newjobdialog.h"
#include "ui/models/words.h"
#include "ui/pages/gatepage.h"
#include "ui/pages/jobpage.h"
#include "ui/pages/jobspage.h"
#include "ui/widgets/bannerstack.h"
#include "ui/widgets/markicon.h"
#include "ui/widgets/named.h"

#include <QCloseEvent>
#include <QHBoxLayout>
#include <QListWidget>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>
#include <QUrl>

namespace openfactory::ui {

namespace {
const QString kColumns = QStringLiteral("jobs/columns-%1").arg(JobListModel::Columns); ///< of another number is no use
constexpr int kUnkeptMs = 10'000; ///< after what a person did, until it is said that it could not be kept
} // namespace

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
      m_pulls(new RowsModel({tr("Job"), tr("Pull request"), tr("State"), tr("Check"), tr("Commit"), tr("Branch"),
                             tr("Read"), tr("Forge")},
                            this)),
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
            showPage(pageNames()[row], true); // the arrow keys walk on
    });
    // A page that was chosen has the keys: Page Down means its list, not the next page.
    for (const auto chosen : {&QListWidget::itemClicked, &QListWidget::itemActivated})
        connect(m_nav, chosen, this, [this](QListWidgetItem *item) { showPage(pageNames()[m_nav->row(item)]); });
    connectBanners();
    connectFeed();

    m_save.setSingleShot(true);
    m_save.setInterval(500);
    connect(&m_save, &QTimer::timeout, this, &MainWindow::remember);
    // Each runs only where there is something to say: a window at rest wakes nobody.
    m_ages.setSingleShot(true);
    connect(&m_ages, &QTimer::timeout, this, [this] {
        m_needs->noteTime();
        showNeeds();
    });
    m_unkept.setSingleShot(true);
    m_unkept.setInterval(kUnkeptMs);
    connect(&m_unkept, &QTimer::timeout, this, [this] {
        if (std::exchange(m_acted, false))
            m_unkept.start(); // what was typed last may not have been written yet
        noteUnkept();
    });
    qApp->installEventFilter(this);
}

MainWindow::~MainWindow() = default;

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
    QWidget *wanted = pageNamed(name);
    if (!wanted)
        return;
    if (page() != name)
        m_back = page();
    // A page that is hidden gives its focus away: the list that gets it would choose its first page in the middle.
    const QSignalBlocker quiet(m_nav);
    m_stack->setCurrentWidget(wanted);
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
    jobPage().setJob(job);
    if (!tab.isEmpty())
        m_job->showTab(tab);
    showPage(QStringLiteral("job"));
}

void MainWindow::openGate(const JobId &job)
{
    gatePage().setJob(job);
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
        if (!fragment.isEmpty())
            m_job->showTab(line > 0 ? QStringLiteral("log") : fragment);
        m_job->select({parts[1], parts.value(2).toInt(), parts.value(3).toInt()}, line);
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
    settings.setValue(QStringLiteral("window/job"), chosenJob().text());
    settings.setValue(QStringLiteral("window/gate"), chosenGate().text());
    settings.setValue(QStringLiteral("window/tab"), m_job ? m_job->tab() : m_lastTab);
    settings.setValue(kColumns, m_jobs->columns());
    settings.setValue(QStringLiteral("jobs/filter"), m_jobs->filter());
    noteUnkept();
}

/// Drafts and the window's state are written by whoever has them; what could not be written is tried again here.
void MainWindow::noteUnkept()
{
    const QString id = QStringLiteral("unkept");
    QSettings settings; // a new one: the status of one that failed once stays
    settings.sync();
    if (settings.status() == QSettings::AccessError) {
        m_unkept.start();
        m_banners->show(
            {id,
             KMessageWidget::Error,
             tr("What you type cannot be kept, and would be lost in a crash: %1 cannot be written. Next: make "
                "room on that disk, or look at who may write to it")
                 .arg(displayable(settings.fileName())),
             {},
             false});
    } else {
        m_banners->remove(id);
    }
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    m_save.start(); // not when it is closed: a crash forgets nothing
}

void MainWindow::moveEvent(QMoveEvent *event)
{
    QMainWindow::moveEvent(event);
    m_save.start();
}

bool MainWindow::eventFilter(QObject *watched, QEvent *event)
{
    // What a person does may have left something to keep, wherever in the program it is written.
    const QEvent::Type type = event->type();
    if (type == QEvent::KeyPress || type == QEvent::InputMethod || type == QEvent::MouseButtonPress) {
        if (m_unkept.isActive())
            m_acted = true;
        else
            m_unkept.start();
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::restoreLast()
{
    const QSettings settings;
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("window/state")).toByteArray());
    m_jobs->restoreColumns(settings.value(kColumns).toByteArray());
    m_jobs->setFilter(settings.value(QStringLiteral("jobs/filter")).toString());
    const QString last = settings.value(QStringLiteral("window/page")).toString();
    const auto job = JobId::parse(settings.value(QStringLiteral("window/job")).toString());
    const auto gate = JobId::parse(settings.value(QStringLiteral("window/gate")).toString());
    m_lastJob = job.value_or(JobId());
    m_lastTab = settings.value(QStringLiteral("window/tab")).toString();
    if (m_job)
        takeLastJob();
    if (last == u"gate" && gate) {
        openGate(*gate);
        // One that was decided meanwhile is no place to begin.
        auto *once = new QObject(this);
        connect(&m_gate->presenter(), &GatePresenter::changed, once, [this, once] {
            if (!m_gate->presenter().isRead())
                return;
            if (m_gate->presenter().kind() == GatePresenter::Kind::None && page() == u"gate")
                showPage(QStringLiteral("jobs"), !m_gate->isAncestorOf(focusWidget()));
            once->deleteLater();
        });
    } else if (last == u"job" && job) {
        showPage(last);
    } else {
        const bool known = m_makers.contains(last) && last != u"gate" && last != u"job";
        showPage(known ? last : QStringLiteral("jobs"));
    }
    m_restored = true;
    if (NewJobDialog::hasUnfinished()) // once the window is there
        QTimer::singleShot(0, this, [this] {
            newJob();
            say(tr("Your unfinished job is back"));
        });
}

void MainWindow::quitNow()
{
    m_quitting = true;
    close();
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
        tr("Parked now, a job begins the stage that it is in again with the next start; parked after that stage, it "
           "goes on behind it. Nothing is lost either way."),
        {{"askYes", tr("Park them and quit"), [this] { quitNow(); }},
         {"askDrain", tr("Quit after this stage"),
          [this] {
              m_banners->show({kDraining, KMessageWidget::Information,
                               tr("The console quits as soon as the stages that run now have ended."),
                               tr("Park them and quit"), false});
              Q_EMIT drainWanted();
          }}},
        tr("Stay"));
}

} // namespace openfactory::ui
