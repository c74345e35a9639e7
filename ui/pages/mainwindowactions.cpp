// SPDX-License-Identifier: Apache-2.0
// What the window can be told to do: its actions, the palette that finds them, and the dialogs they open.
#include "core/base/text.h"
#include "ui/dialogs/ask.h"
#include "ui/dialogs/exportdialog.h"
#include "ui/dialogs/newjobdialog.h"
#include "ui/dialogs/settingsdialog.h"
#include "ui/pages/gatepage.h"
#include "ui/pages/jobpage.h"
#include "ui/pages/jobspage.h"
#include "ui/pages/mainwindow.h"
#include "ui/widgets/keys.h"
#include "ui/widgets/named.h"

#include <KCommandBar>
#include <QAbstractItemView>
#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListWidget>
#include <QMenuBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolBar>
#include <QToolButton>
#include <QTreeView>
#include <QUndoStack>

namespace openfactory::ui {

namespace {
constexpr int kPaletteJobs = 10;
}

QAction *MainWindow::act(const char *name, const QString &text, const QString &icon, const QKeySequence &key,
                         const std::function<void()> &work)
{
    auto *action = new QAction(QIcon::fromTheme(icon), text, this);
    action->setObjectName(QLatin1String(name));
    Keys::all().bind(*action, KeyPlace::Window, key);
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
    QAction *whole = act("actionWholeDemo", tr("Run the demo of the &whole way"), QStringLiteral("run-build"), {},
                         [this] { runDemo(true); });
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
            const JobId id = page() == u"gate" ? chosenGate() : page() == u"job" ? chosenJob() : JobId();
            const JobId wanted = !id.isNull() ? id : m_needs->jobs().empty() ? JobId() : m_needs->jobs().front().id;
            if (wanted.isNull())
                return;
            auto *dialog = new GateDialog(m_console, wanted, this);
            connect(&dialog->page(), &GatePage::jobWanted, this, &MainWindow::openJob);
            connect(&dialog->page(), &GatePage::linkWanted, this, &MainWindow::openLink);
            connect(&dialog->page(), &GatePage::said, this, &MainWindow::say);
            connect(&dialog->page(), &GatePage::refused, this, &MainWindow::refuse);
            dialog->show();
        });
    QAction *copy = act("actionCopyLink", tr("Copy &link"), QStringLiteral("edit-link"),
                        QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_L), [this] {
                            if (chosenJob().isNull())
                                return;
                            QGuiApplication::clipboard()->setText(jobPage().link());
                            say(tr("Copied %1").arg(jobPage().link()));
                        });
    QAction *problem = act("actionNextProblem", tr("&Next finding"), QStringLiteral("go-down"),
                           QKeySequence(Qt::Key_F8), [this] { stepProblem(1); });
    QAction *earlier = act("actionPreviousProblem", tr("&Previous finding"), QStringLiteral("go-up"),
                           QKeySequence(Qt::SHIFT | Qt::Key_F8), [this] { stepProblem(-1); });
    QAction *exported = act("actionExport", tr("&Export…"), QStringLiteral("document-export"),
                            QKeySequence(Qt::CTRL | Qt::Key_E), [this] { exportJob(); });
    QAction *undo = m_jobs->undoStack()->createUndoAction(this, tr("&Undo"));
    undo->setObjectName(QStringLiteral("actionUndo"));
    Keys::all().bind(*undo, KeyPlace::Window, QKeySequence::Undo);
    addAction(undo);
    QAction *keys = act("actionKeys", tr("&Keys"), QStringLiteral("help-keyboard-shortcuts"),
                        QKeySequence::HelpContents, [this] { showKeys(); });
    QAction *hints = act("actionHints", tr("&Hints on this window"), QStringLiteral("help-hint"), {},
                         [this] { showHints(); });
    QAction *first = act("actionWelcome", tr("&Welcome"), QStringLiteral("help-about"), {},
                         [this] { showPage(QStringLiteral("welcome")); });

    file->addActions({make, demo, whole});
    file->addSeparator();
    file->addActions({m_pause, m_resume, doctor, settings});
    file->addSeparator();
    file->addAction(quit);
    job->addActions({review, window, filter, copy, exported});
    job->addSeparator();
    job->addActions({problem, earlier});
    job->addSeparator();
    job->addAction(undo);
    for (int i = 0; i < int(pageNames().size()); ++i) {
        QAction *go = act(qPrintable(u"actionGo-" + pageNames()[i]), m_nav->item(i)->data(Qt::UserRole).toString(), {},
                          QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_1 + i)), [this, i] { showPage(pageNames()[i]); });
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

void MainWindow::newJob()
{
    // One form: what is typed is kept under one name.
    const auto forms = findChildren<NewJobDialog *>();
    for (NewJobDialog *open : forms) {
        if (open->isVisible()) {
            open->raise();
            return open->activateWindow();
        }
    }
    auto *dialog = new NewJobDialog(m_console, this);
    connect(dialog, &NewJobDialog::made, this, [this](const JobId &job) { openJob(job); });
    dialog->show();
}

void MainWindow::exportJob()
{
    const QString where = page();
    const auto open = [this](const std::vector<ExportDialog::Exported> &jobs) {
        if (jobs.empty())
            return say(
                tr("Choose a job first: the one that is open, or those that are chosen in the list, are exported"));
        auto *dialog = new ExportDialog(m_console, jobs, this);
        dialog->show();
    };
    if (where == u"jobs")
        return m_jobs->readChosen([open](const std::vector<JobRow> &rows) {
            std::vector<ExportDialog::Exported> jobs;
            for (const JobRow &row : rows)
                jobs.push_back({row.id, row.slug});
            open(jobs);
        });
    const JobDetails *details = where == u"gate"  ? m_gate->presenter().details()
                                : where == u"job" ? m_job->presenter().details()
                                                  : nullptr;
    open(details ? std::vector<ExportDialog::Exported>{{details->job.id(), details->job.slug().text()}}
                 : std::vector<ExportDialog::Exported>{});
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
    const QList<QAction *> here = pageActs(bar);
    bar->setActions({{tr("This page"), here}, {tr("OpenFactory"), actions}});
    if (auto *line = bar->findChild<QLineEdit *>()) {
        auto *pause = new QTimer(bar);
        pause->setSingleShot(true);
        pause->setInterval(120); // between two letters nobody waits for an answer
        connect(line, &QLineEdit::textChanged, pause, qOverload<>(&QTimer::start));
        connect(pause, &QTimer::timeout, bar,
                [this, bar, line, here, actions] { findInPalette(*bar, *line, here, actions); });
    }
    bar->show();
}

QList<QAction *> MainWindow::pageActs(QObject *owner) const
{
    QWidget *page = m_stack->currentWidget();
    QList<QAction *> acts;
    for (auto *button : page->findChildren<QAbstractButton *>()) {
        const bool act = qobject_cast<QPushButton *>(button) || qobject_cast<QToolButton *>(button);
        if (!act || !button->isVisibleTo(page) || !button->isEnabled() || button->text().isEmpty())
            continue;
        auto *press = new QAction(button->text(), owner);
        connect(press, &QAction::triggered, button, [button] { button->click(); });
        acts << press;
    }
    for (QWidget *view : page->findChildren<QAbstractItemView *>()) {
        for (QAction *action : view->actions()) {
            if (view->isVisibleTo(page) && action->isVisible() && action->isEnabled() && !action->text().isEmpty())
                acts << action;
        }
    }
    return acts;
}

void MainWindow::findInPalette(KCommandBar &bar, QLineEdit &line, const QList<QAction *> &here,
                               const QList<QAction *> &actions)
{
    const QString typed = line.text();
    m_console.reader->ask(
        &bar, [typed](ReadSide &side) { return side.store().search(typed, kPaletteJobs); },
        [this, &bar, &line, typed, here, actions](const Result<std::vector<Job>> &found) {
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
            bar.setActions({{tr("This page"), here}, {tr("OpenFactory"), actions}, jobs});
        });
}

void MainWindow::showKeys()
{
    QStringList lines;
    for (const auto place :
         {KeyPlace::Window, KeyPlace::Jobs, KeyPlace::Log, KeyPlace::Change, KeyPlace::Timeline, KeyPlace::Issues}) {
        lines << (lines.isEmpty() ? QString() : QStringLiteral("\n")) + placeText(place);
        for (const KeyRule &rule : Keys::all().rules()) {
            if (rule.place == place && !rule.key.isEmpty())
                lines << tr("%1\t%2").arg(rule.key.toString(QKeySequence::NativeText), rule.title);
        }
    }
    lines << u'\n' + tr("At a gate") << tr("Ctrl+Return\tSubmit the decision");
    showText(this, tr("Keys"), lines.join(u'\n'));
}

void MainWindow::showSettings()
{
    auto *dialog = new SettingsDialog(m_console, this);
    connect(dialog, &SettingsDialog::schemeWanted, this, &MainWindow::schemeWanted);
    connect(dialog, &SettingsDialog::said, this, &MainWindow::say);
    connect(dialog, &SettingsDialog::graceWanted, this, [this](int ms) {
        if (m_gate) // else it reads the setting when it is made
            m_gate->presenter().setGrace(std::chrono::milliseconds(ms));
    });
    dialog->show();
}

} // namespace openfactory::ui
