// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/logpane.h"

#include "core/base/text.h"
#include "core/engine/jobfolder.h"
#include "ui/models/aside.h"
#include "ui/models/words.h"
#include "ui/widgets/agentreading.h"
#include "ui/widgets/logpanel.h"
#include "ui/widgets/named.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QSettings>
#include <QVBoxLayout>

#include <algorithm>

namespace openfactory::ui {

namespace {

constexpr int kFrameMs = 16;
constexpr int kLookAgainMs = 1000;

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
      m_panel(named(new LogPanel(this), "logPanel", tr("Log"))),
      m_raw(named(new QCheckBox(tr("As it was &written"), this), "logRaw", tr("As it was written")))
{
    setObjectName(QStringLiteral("logPane"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->addWidget(m_choice);
    m_raw->setToolTip(tr("The agent's lines of JSON themselves, instead of what is read of them"));
    m_raw->hide();
    layout->addWidget(m_raw);
    connect(m_raw, &QCheckBox::toggled, this, &LogPane::showChosen);
    m_state->setAlignment(Qt::AlignCenter);
    layout->addWidget(m_state, 1);
    layout->addWidget(m_panel, 100);
    connect(m_choice, &QComboBox::activated, this, &LogPane::showCommand);
    connect(console.feed, &ChangeFeed::changed, this, [this] {
        if (!m_path.isEmpty())
            refresh();
    });
    connect(m_panel, &LogPanel::marksChanged, this, &LogPane::saveMarks);
    connect(m_panel, &LogPanel::linkActivated, this, &LogPane::sourceWanted);
    connect(m_panel, &LogPanel::linkToLineWanted, this,
            [this](qint64 line) { Q_EMIT linkWanted({m_command.stage, m_command.attempt, m_command.seq}, line + 1); });
    connect(m_panel, &LogPanel::exportWanted, this, [this](LogForm form, LogPanel::ExportPart part) {
        auto *chooser = new QFileDialog(this, tr("Export the log"));
        chooser->setObjectName(QStringLiteral("logExport"));
        chooser->setAcceptMode(QFileDialog::AcceptSave);
        chooser->setAttribute(Qt::WA_DeleteOnClose);
        chooser->selectFile(m_path.section(u'/', -1) + (form == LogForm::Html ? u".html" : u""));
        connect(chooser, &QFileDialog::fileSelected, this,
                [this, form, part](const QString &file) { m_panel->exportTo(file, form, part); });
        chooser->open();
    });
    // A command that runs writes without any commit: the file itself tells. The first word of it is looked at at once,
    // what follows once for each frame. A file system that does not tell is looked at now and then.
    m_grown.setSingleShot(true);
    m_grown.setInterval(kFrameMs);
    const auto look = [this] {
        m_more = false;
        refresh();
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
    connect(&m_look, &QTimer::timeout, this, &LogPane::refresh);
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
        refresh(); // what came while nobody looked
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
    m_reading.reset();
    m_raw->hide();
    watch();
    m_panel->setFolds({});
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
        refresh();
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
    m_command = m_commands[size_t(index)];
    m_choice->setCurrentIndex(index);
    m_path = m_folder + u'/' + m_command.logPath;
    m_panel->setEmptyText(m_command.finished
                              ? tr("The command wrote nothing")
                              : tr("No output yet, command started %1").arg(timeText(m_command.startedMs)));
    m_reading.reset();
    m_raw->hide();
    const bool linked = m_line > 0; // to a line as it was written
    showChosen();
    if (!linked)
        beginReading();
    watch();
}

void LogPane::showChosen()
{
    show(m_reading && !m_raw->isChecked() ? m_reading->path() : m_path);
}

void LogPane::show(const QString &path)
{
    const bool raw = path == m_path;
    std::set<qint64> marks; // of lines as they were written
    if (raw) {
        for (const QString &line : QSettings().value(marksKey(m_path)).toStringList())
            marks.insert(line.toLongLong());
    }
    m_panel->view()->setLinkable(raw);
    m_panel->setFolds(raw ? std::vector<LogFold>() : m_folds);
    m_panel->setLog(path);
    m_panel->setMarks(std::move(marks));
    m_panel->setFollow(!m_command.finished);
    if (m_line > 0 && raw)
        m_panel->goToLine(m_line - 1);
    else if (m_command.finished)
        m_panel->land(failed(m_command) ? LogView::Landing::FirstError : LogView::Landing::Top);
    m_line = 0;
}

void LogPane::refresh()
{
    if (!m_reading)
        return m_panel->refresh();
    readOn();
    if (m_raw->isChecked())
        m_panel->refresh();
}

void LogPane::beginReading()
{
    if (m_command.attempt != 0) // only what an author runs can be an agent
        return;
    using Reading = std::shared_ptr<AgentReading>;
    aside(
        this, "agent log",
        [path = m_path]() -> Reading {
            if (!AgentReading::isStream(path))
                return nullptr;
            auto opened = AgentReading::open(path);
            return opened ? Reading(std::move(*opened)) : nullptr; // then it is shown as it is
        },
        [this, path = m_path](const Reading &reading) {
            if (path != m_path || m_reading)
                return;
            if (!reading) {
                if (!m_command.finished) // it may not have said anything yet
                    QTimer::singleShot(kLookAgainMs, this, [this, path] {
                        if (path == m_path && !m_reading)
                            beginReading();
                    });
                return;
            }
            m_reading = reading;
            m_folds = reading->folds();
            m_readingOn = false;
            m_raw->show();
            showChosen();
            readOn();
        });
}

void LogPane::readOn()
{
    m_moreToRead = m_readingOn;
    if (m_readingOn)
        return;
    m_readingOn = true;
    aside(
        this, "agent log", [reading = m_reading] { return reading->advance().value_or(false); },
        [this, reading = m_reading](bool more) {
            if (reading != m_reading)
                return; // another log by now
            m_readingOn = false;
            if (more)
                m_folds = reading->folds();
            if (more && !m_raw->isChecked()) {
                const std::vector<LogFold> &shown = m_panel->view()->folds(); // a person opened and shut some
                for (size_t i = 0; i < std::min(m_folds.size(), shown.size()); ++i)
                    m_folds[i].open = shown[i].open;
                m_panel->refresh();
                m_panel->setFolds(m_folds);
            }
            if (more || m_moreToRead)
                readOn();
        });
}

void LogPane::goToLine(qint64 line)
{
    m_line = line;
    if (m_path.isEmpty())
        return;
    m_raw->setChecked(true); // the line as it was written
    m_panel->goToLine(line - 1);
}

void LogPane::saveMarks()
{
    if (m_reading && !m_raw->isChecked())
        return; // its lines are not the log's
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
