// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/logpane.h"

#include "core/base/text.h"
#include "core/engine/jobfolder.h"
#include "ui/models/words.h"
#include "ui/widgets/logpanel.h"
#include "ui/widgets/named.h"

#include <QComboBox>
#include <QFileDialog>
#include <QSettings>
#include <QVBoxLayout>

#include <algorithm>

namespace openfactory::ui {

namespace {

constexpr int kFrameMs = 16;

QString marksKey(const QString &path)
{
    return QStringLiteral("marks/") + QString::fromLatin1(sha256Hex(path.toUtf8()).left(24));
}

bool failed(const CommandRecord &command)
{
    return command.finished && command.exitCode != 0;
}

} // namespace

LogPane::LogPane(Console &console, QWidget *parent)
    : QWidget(parent),
      m_console(console),
      m_choice(named(new QComboBox(this), "logCommand", tr("Command"))),
      m_state(plainLabel("logState", {}, this)),
      m_panel(named(new LogPanel(this), "logPanel", tr("Log")))
{
    setObjectName(QStringLiteral("logPane"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->addWidget(m_choice);
    m_state->setAlignment(Qt::AlignCenter);
    layout->addWidget(m_state, 1);
    layout->addWidget(m_panel, 100);
    connect(m_choice, &QComboBox::activated, this, &LogPane::showCommand);
    connect(console.feed, &ChangeFeed::changed, this, [this] {
        if (!m_path.isEmpty())
            m_panel->refresh();
    });
    connect(m_panel, &LogPanel::marksChanged, this, &LogPane::saveMarks);
    connect(m_panel, &LogPanel::exportWanted, this, [this](bool plain, bool matchesOnly) {
        auto *chooser = new QFileDialog(this, tr("Export the log"));
        chooser->setObjectName(QStringLiteral("logExport"));
        chooser->setAcceptMode(QFileDialog::AcceptSave);
        chooser->setAttribute(Qt::WA_DeleteOnClose);
        chooser->selectFile(m_path.section(u'/', -1));
        connect(chooser, &QFileDialog::fileSelected, this,
                [this, plain, matchesOnly](const QString &file) { m_panel->exportTo(file, plain, matchesOnly); });
        chooser->open();
    });
    // A command that runs writes without any commit: the file itself tells. The first word of it is looked at at once,
    // what follows once for each frame. A file system that does not tell is looked at now and then.
    m_grown.setSingleShot(true);
    m_grown.setInterval(kFrameMs);
    const auto look = [this] {
        m_more = false;
        m_panel->refresh();
        m_grown.start();
    };
    connect(&m_grown, &QTimer::timeout, this, [this, look] {
        if (m_more)
            look();
    });
    connect(&m_watch, &QFileSystemWatcher::fileChanged, this, [this, look] {
        if (m_grown.isActive())
            m_more = true;
        else
            look();
    });
    m_look.setInterval(1000);
    connect(&m_look, &QTimer::timeout, m_panel, &LogPanel::refresh);
    clear();
}

/// Only what is on the screen and still written is watched.
void LogPane::watch()
{
    const bool runs = std::ranges::any_of(m_commands, [this](const CommandRecord &one) {
        return !one.finished && m_folder + u'/' + one.logPath == m_path;
    });
    const QStringList wanted = runs && isVisible() ? QStringList{m_path} : QStringList();
    if (const QStringList old = m_watch.files(); old != wanted) {
        if (!old.isEmpty())
            m_watch.removePaths(old);
        if (!wanted.isEmpty())
            m_watch.addPaths(wanted); // where it cannot be watched, m_look remains
    }
    if (wanted.isEmpty()) {
        m_look.stop();
    } else if (!m_look.isActive()) {
        m_look.start();
        m_panel->refresh(); // what came while nobody looked
    }
}

void LogPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    watch();
}

void LogPane::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    watch();
}

void LogPane::clear()
{
    m_commands.clear();
    m_path.clear();
    watch();
    m_panel->setLog({});
    m_choice->hide();
    m_panel->hide();
    m_state->setText(tr("No command of this stage has run"));
    m_state->show();
}

void LogPane::showCommands(const JobDetails &job, const std::vector<CommandRecord> &commands)
{
    if (commands.empty()) {
        clear();
        return;
    }
    m_folder = JobFolder(m_console.dataFolder, job.job.id()).path();
    const auto known = [&](const QString &path) {
        return std::ranges::any_of(commands,
                                   [&](const CommandRecord &one) { return m_folder + u'/' + one.logPath == path; });
    };
    const bool same = known(m_path) && m_commands.size() == commands.size();
    m_commands = commands;
    m_choice->clear();
    for (const CommandRecord &command : commands) {
        const QString how = !command.finished  ? tr("running")
                            : command.exitCode ? tr("exit code %1").arg(*command.exitCode)
                                               : command.ending;
        m_choice->addItem(tr("%1/%2  $ %3  (%4)")
                              .arg(command.stage)
                              .arg(command.attempt)
                              .arg(displayable(shownCommand(command.argv).left(200)), how));
    }
    m_state->hide();
    m_choice->show();
    m_panel->show();
    if (same) { // the same log, further on
        for (size_t i = 0; i < commands.size(); ++i) {
            if (m_folder + u'/' + commands[i].logPath == m_path)
                m_choice->setCurrentIndex(int(i));
        }
        m_panel->refresh();
        watch();
        return;
    }
    // The one that runs, else the first that failed, else the last.
    auto chosen = std::ranges::find(commands, false, &CommandRecord::finished);
    if (chosen == commands.end())
        chosen = std::ranges::find_if(commands, failed);
    if (chosen == commands.end())
        chosen = commands.end() - 1;
    showCommand(int(chosen - commands.begin()));
}

void LogPane::showCommand(int index)
{
    const CommandRecord &command = m_commands[size_t(index)];
    m_choice->setCurrentIndex(index);
    m_path = m_folder + u'/' + command.logPath;
    m_panel->setEmptyText(command.finished ? tr("The command wrote nothing")
                                           : tr("No output yet, command started %1").arg(timeText(command.startedMs)));
    std::set<qint64> marks;
    for (const QString &line : QSettings().value(marksKey(m_path)).toStringList())
        marks.insert(line.toLongLong());
    m_panel->setLog(m_path);
    m_panel->setMarks(std::move(marks));
    m_panel->setFollow(!command.finished);
    if (m_line > 0)
        m_panel->goToLine(m_line - 1);
    else if (command.finished)
        m_panel->land(failed(command) ? LogView::Landing::FirstError : LogView::Landing::Top);
    m_line = 0;
    watch();
}

void LogPane::goToLine(qint64 line)
{
    m_line = line;
    if (!m_path.isEmpty())
        m_panel->goToLine(line - 1);
}

void LogPane::saveMarks()
{
    QStringList lines;
    for (const qint64 line : m_panel->view()->marks())
        lines << QString::number(line);
    QSettings settings;
    if (lines.isEmpty())
        settings.remove(marksKey(m_path));
    else
        settings.setValue(marksKey(m_path), lines);
}

} // namespace openfactory::ui
