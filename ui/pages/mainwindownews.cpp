// SPDX-License-Identifier: Apache-2.0
// What the window tells of what happens: banners, counts, the tables of all jobs, and the demo from its start to its
// end.
#include "core/base/clock.h"
#include "core/base/text.h"
#include "ui/dialogs/ask.h"
#include "ui/models/words.h"
#include "ui/pages/jobpage.h"
#include "ui/pages/mainwindow.h"
#include "ui/pages/tablepage.h"
#include "ui/pages/welcomepage.h"
#include "ui/widgets/bannerstack.h"
#include "ui/widgets/coachmarks.h"
#include "ui/widgets/markicon.h"

#include <QAccessible>
#include <QAccessibleAnnouncementEvent>
#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QListWidget>
#include <QSettings>
#include <QStatusBar>
#include <QSysInfo>
#include <QToolButton>

namespace openfactory::ui {

namespace {

constexpr int kEvents = 300;
constexpr qint64 kAgeLookMs = 300'000; ///< however long an age holds: the clock may jump, the machine sleep
const QString kDemo = QStringLiteral("demo");
const QString kDemoHidden = QStringLiteral("demo/hidden"); ///< its banner, for good
const QString kHintsSeen = QStringLiteral("hints/seen");

/// What whoever looks for the cause of an unclean stop needs first. For other people: no name of a job or a repository,
/// no line of a log, and in English.
QString stopReport(const std::vector<Happening> &found)
{
    QStringList lines{QStringLiteral("%1 %2 did not end as it should")
                          .arg(QCoreApplication::applicationName(), QCoreApplication::applicationVersion()),
                      QStringLiteral("Qt %1, %2, %3 %4, %5")
                          .arg(QLatin1String(qVersion()), QSysInfo::prettyProductName(), QSysInfo::kernelType(),
                               QSysInfo::kernelVersion(), QSysInfo::currentCpuArchitecture())};
    for (const Happening &one : found) {
        const auto mended = QJsonDocument::fromJson(one.detail.toUtf8()).object().value(u"mended").toInt();
        lines << QStringLiteral("%1: job %2 taken up again at %3, %4 effects made good")
                     .arg(utcText(one.atMs), one.job, one.stage.isEmpty() ? QStringLiteral("its end") : one.stage)
                     .arg(mended);
    }
    lines << QStringLiteral("Where systemd keeps core dumps: coredumpctl info %1")
                 .arg(QFileInfo(QCoreApplication::applicationFilePath()).fileName());
    return lines.join(u'\n') + u'\n';
}

} // namespace

void MainWindow::connectBanners()
{
    connect(m_banners, &BannerStack::acted, this, [this](const QString &id) {
        if (id == u"paused")
            pauseEngine(false);
        else if (id == u"recovered")
            showPage(QStringLiteral("activity"));
        else if (id == kDraining)
            quitNow();
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
        readPulls();
        noteDemo();
        if (m_console.clock->wallMs() - m_startedMs < 120'000) // the engine recovers what died as it comes to it
            noteRecovered();
    });
    connect(m_console.feed, &ChangeFeed::changed, this, soon);
    connect(m_console.feed, &ChangeFeed::changed, this, &MainWindow::noteEnded);
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
    const qint64 now = m_console.clock->wallMs();
    qint64 hold = kAgeLookMs;
    QList<BannerStack::Banner> gates;
    QSet<QString> open;
    for (const JobRow &job : jobs) {
        hold = std::min(hold, agoHolds(job.waitSinceMs, now));
        const QString id = job.id.text();
        open.insert(id);
        gates << BannerStack::Banner{
            id, KMessageWidget::Warning,
            tr("%1 waits for you to %2 (%3)")
                .arg(displayable(job.slug), waitText(job.wait, job.document), agoText(job.waitSinceMs, now)),
            tr("Review…"), false};
        if (!m_known.contains(id) && job.waitSinceMs >= m_startedMs) {
            const QString what = tr("%1 waits for you to %2")
                                     .arg(displayable(job.title), waitText(job.wait, job.document));
            QAccessibleAnnouncementEvent event(this, what);
            QAccessible::updateAccessibility(&event);
            Q_EMIT happened(Notice::GateOpened, job.id, what);
        }
    }
    m_known = open;
    if (jobs.empty())
        m_ages.stop();
    else
        m_ages.start(int(hold));
    const int count = int(m_needs->count());
    m_banners->setGates(gates, count);
    const QString title = m_nav->item(0)->data(Qt::UserRole).toString();
    m_nav->item(0)->setText(jobs.empty() ? title : tr("%1 (%2)").arg(title).arg(count));
    m_waiting->setText(jobs.empty() ? tr("Nothing waits for you") : tr("%n need(s) you", nullptr, count));
    m_waiting->setIcon(markIcon(jobs.empty() ? Mark::Passed : Mark::Waiting));
    noteNeeds();
}

void MainWindow::noteNeeds()
{
    const qsizetype shown = qsizetype(m_needs->jobs().size());
    const qsizetype count = qsizetype(m_needs->count());
    if (m_needsPage)
        m_needsPage->setNote(count > shown ? tr("The %1 oldest of %2").arg(shown).arg(count) : QString());
}

void MainWindow::setRunning(int running)
{
    m_running = running;
    showEngine();
}

void MainWindow::showEngine()
{
    const int running = m_running;
    const bool paused = m_console.feed->enginePaused();
    QString text = running > 0 ? tr("%1 of %2 workers busy").arg(running).arg(std::max(running, m_console.workers))
                   : paused    ? tr("Engine paused")
                               : tr("Engine idle");
    if (m_queued > 0)
        text += QStringLiteral(", ") + tr("%n queued", nullptr, int(m_queued));
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
    Q_EMIT happened(Notice::EngineStopped, {}, why);
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
                 tr("Show"), true, tr("Copy report"), stopReport(*found)});
        });
}

void MainWindow::noteEnded(const std::vector<qint64> &jobs)
{
    m_console.reader->ask(
        this, [since = m_startedMs, jobs](ReadSide &side) { return side.endedSince(since, jobs); },
        [this](const Result<std::vector<JobEnd>> &ended) {
            if (!ended)
                return; // the next news says it again
            for (const JobEnd &one : *ended) {
                if (std::exchange(m_ended[one.job], one.atMs) == one.atMs)
                    continue;
                const QString what = tr("%1: %2").arg(displayable(one.title),
                                                      stateText(one.state, WaitKind::None, false));
                QAccessibleAnnouncementEvent event(this, what);
                QAccessible::updateAccessibility(&event);
                Q_EMIT happened(one.state == JobState::Done ? Notice::JobDone : Notice::JobFailed, one.job, what);
            }
        });
}

void MainWindow::readEvents()
{
    if (!m_eventsShown)
        return;
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
                                 factsText(QJsonDocument::fromJson(one.detail.toUtf8()).object()).left(200)},
                                {},
                                {},
                                {}});
            m_events->setRows(std::move(rows));
        });
}

void MainWindow::readArtifacts()
{
    if (!m_artifactsShown)
        return;
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
                                tr("%1, made %2").arg(one.detail.section(u' ', 1), timeText(one.atMs)),
                                {}});
            m_artifacts->setRows(std::move(rows));
        });
}

void MainWindow::readPulls()
{
    if (!m_pullsShown)
        return;
    m_console.reader->ask(
        this, [](ReadSide &side) { return side.pulls(kEvents); },
        [this](const Result<std::vector<PullRow>> &found) {
            if (!found)
                return;
            std::vector<TableRow> rows;
            for (const PullRow &one : *found) {
                const PullRecord &record = one.record;
                const auto required = requiredOf(record);
                rows.push_back({one.job,
                                {one.slug, QString::number(record.pull.number), pullStateText(record.pull),
                                 required ? QStringLiteral("%1: %2").arg(requiredCheckName(), checkText(*required))
                                          : tr("%1: not reported").arg(requiredCheckName()),
                                 record.pull.head.left(12), record.pull.branch,
                                 agoText(record.readMs, m_console.clock->wallMs()), record.forge},
                                required ? markOf(*required) : Mark::NotStarted,
                                tr("%1, read %2").arg(record.pull.url, timeText(record.readMs)),
                                {}});
            }
            m_pullRows = *found;
            m_pulls->setRows(std::move(rows));
        });
}

void MainWindow::wishCheck(const JobId &job, CheckWish::Kind kind, const QString &check)
{
    m_console.desk->ask(
        this, [job, kind, check](OperatorSide &side) { return side.desk().wishCheck(job, kind, check); },
        [this, kind](const Result<void> &done) {
            if (done)
                say(kind == CheckWish::Kind::Rerun ? tr("The check runs again with the next look at the forge")
                                                   : tr("The check ends with the next look at the forge"));
            else
                refuse(errorText(done.error()));
            m_console.feed->look();
        });
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

void MainWindow::runDemo(bool whole)
{
    if (m_welcome)
        m_welcome->setBusy(true);
    m_console.desk->ask(
        this, [make = m_console.makeDemo, whole](OperatorSide &side) { return make(side, whole); },
        [this, whole](const Result<Job> &job) {
            if (m_welcome)
                m_welcome->setBusy(false);
            if (!job) {
                refuse(errorText(job.error()));
                return;
            }
            QSettings().remove(kDemoHidden);
            openJob(job->id());
            say(whole ? tr("The demo runs; it will ask you a question, and stop at the gate")
                      : tr("The demo runs; it will stop at the gate and wait for you"));
            if (!QSettings().value(kHintsSeen).toBool())
                showHints();
        });
}

void MainWindow::showHints()
{
    if (chosenJob().isNull()) {
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
             {m_nav, tr("What waits for you is under Needs you, and in a banner above every page. Every key is listed "
                        "under Help, Keys, and can be changed in the settings.")}});
    });
}

void MainWindow::noteDemo()
{
    if (m_console.demoRepositories.isEmpty() || QSettings().value(kDemoHidden).toBool()) {
        m_banners->remove(kDemo);
        return;
    }
    m_console.reader->ask(
        this,
        [paths = m_console.demoRepositories](ReadSide &side) -> Result<bool> {
            for (const QString &path : paths) {
                JobFilter demo;
                demo.repository = QFileInfo(path).canonicalFilePath();
                demo.limit = 1;
                if (demo.repository.isEmpty())
                    continue;
                OF_TRY(jobs, side.store().jobs(demo));
                if (!jobs.empty())
                    return true;
            }
            return false;
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
    QStringList folders;
    for (const QString &path : m_console.demoRepositories) {
        if (QFileInfo::exists(path))
            folders += displayable(QFileInfo(path).absolutePath());
    }
    ask(this, tr("Remove the demo?"),
        tr("Its jobs are ended and put into the archive, and the folder of its repository is deleted:\n%1\nThe audit log "
           "keeps what happened. The demo can be run again.")
            .arg(folders.join(u'\n')),
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

} // namespace openfactory::ui
