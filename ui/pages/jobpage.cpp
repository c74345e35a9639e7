// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/jobpage.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/engine/jobfolder.h"
#include "ui/dialogs/ask.h"
#include "ui/models/editor.h"
#include "ui/models/words.h"
#include "ui/pages/artifactview.h"
#include "ui/pages/changespane.h"
#include "ui/pages/cipane.h"
#include "ui/pages/logpane.h"
#include "ui/pages/planpane.h"
#include "ui/widgets/keptsplit.h"
#include "ui/widgets/markicon.h"
#include "ui/widgets/named.h"
#include "ui/widgets/stagestrip.h"
#include "ui/widgets/table.h"
#include "ui/widgets/timeline.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFile>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QScrollArea>
#include <QSplitter>
#include <QTabWidget>
#include <QUrl>

namespace openfactory::ui {

namespace {

using Act = JobPresenter::Act;

} // namespace

JobPage::JobPage(Console &console, QWidget *parent)
    : QWidget(parent),
      m_console(console),
      m_presenter(*console.reader, *console.desk, *console.clock)
{
    setObjectName(QStringLiteral("jobPage"));
    setAccessibleName(tr("Job"));
    m_strip = new StageStrip(this);
    m_tree = named(new QTreeView(this), "attemptTree", tr("Stages, attempts and commands"));
    m_tree->setModel(&m_presenter.tree());
    layOutForReaders(*m_tree);
    m_tree->setUniformRowHeights(true);
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setItemDelegate(new MarkDelegate(m_tree));
    m_tree->setColumnHidden(AttemptTree::Said, true);
    m_tree->setColumnWidth(AttemptTree::Name, 140);
    m_tree->setColumnWidth(AttemptTree::State, 130);
    m_tree->setColumnWidth(AttemptTree::Time, 50);
    m_tabs = named(new QTabWidget(this), "jobTabs", tr("Views of the job"));
    m_tabs->setDocumentMode(true);
    setFocusProxy(m_tree);
    m_timeline = new Timeline(m_presenter.tree(), this);
    m_log = new LogPane(console, this);
    m_changes = new ChangesPane(console, this);
    addTab(makeOverview(), "overview", tr("Overview"));
    addTab(new PlanPane(console, m_presenter, this), "plan", tr("Plan"));
    addTab(m_timeline, "timeline", tr("Timeline"));
    addTab(m_log, "log", tr("Log"));
    addTab(m_changes, "changes", tr("Changes"));
    addTab(makeTests(), "tests", tr("Tests"));
    addTab(new CiPane(m_presenter, this), "ci", tr("CI"));
    addTab(makeArtifacts(), "artifacts", tr("Artifacts"));
    auto *audit = makeTable("auditTable", tr("Audit entries of this job"), m_presenter.audit(), this);
    const int widths[]{60, 190, 110, 150};
    for (int column = 0; column < 4; ++column)
        audit->setColumnWidth(column, widths[column]);
    addTab(audit, "audit", tr("Audit"));

    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setObjectName(QStringLiteral("jobSplitter"));
    splitter->addWidget(m_tree);
    splitter->addWidget(m_tabs);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({345, 885});
    splitter->setChildrenCollapsible(false);
    keepSplit(*splitter);
    m_missing = plainLabel("jobMissing", {}, this);
    m_missing->hide();
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(makeHeader());
    layout->addWidget(m_missing);
    layout->addWidget(m_strip);
    layout->addWidget(splitter, 1);

    connect(&m_presenter, &JobPresenter::changed, this, &JobPage::show);
    connect(&m_presenter, &JobPresenter::selectionChanged, this, [this] {
        m_compared.reset();
        showSelection();
    });
    connect(m_changes, &ChangesPane::backWanted, this, [this] {
        m_compared.reset();
        showSelection();
    });
    connect(m_log, &LogPane::sourceWanted, this, &JobPage::openSource);
    connect(m_log, &LogPane::linkWanted, this, &JobPage::copyLink);
    connect(m_changes, &ChangesPane::said, this, &JobPage::said);
    connect(m_changes, &ChangesPane::refused, this, &JobPage::refused);
    connect(&m_presenter, &JobPresenter::acted, this, &JobPage::said);
    connect(&m_presenter, &JobPresenter::refused, this, &JobPage::refused);
    connect(&m_presenter, &JobPresenter::missing, this, [this](const QString &why) {
        m_missing->setText(tr("The job cannot be read. %1").arg(why));
        m_missing->show();
    });
    connect(console.feed, &ChangeFeed::changed, &m_presenter, &JobPresenter::noteChanged);
    connect(console.feed, &ChangeFeed::manyChanged, &m_presenter, &JobPresenter::refresh);
    connect(console.feed, &ChangeFeed::pausedChanged, &m_presenter, &JobPresenter::refresh);
    connect(m_strip, &StageStrip::stageChosen, this, [this](const QString &stage) { select({stage, 0, 0}); });
    for (QTreeView *view : {m_tree, static_cast<QTreeView *>(m_timeline)}) {
        connect(view->selectionModel(), &QItemSelectionModel::currentChanged, this,
                [this, view](const QModelIndex &index) {
                    if (index.isValid() && view->hasFocus())
                        m_presenter.select(m_presenter.tree().nodeAt(index));
                });
    }
    connect(m_tree, &QTreeView::activated, this, [this] { showTab(QStringLiteral("log")); });
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        showSelection();
        Q_EMIT tabChanged();
    });
    // Only a running job that is looked at changes by itself.
    auto *time = new QTimer(this);
    time->setSingleShot(true);
    time->setInterval(1000);
    connect(time, &QTimer::timeout, &m_presenter, &JobPresenter::noteTime);
    connect(&m_presenter, &JobPresenter::changed, time, [this, time] {
        if (isVisible() && m_presenter.isRunning())
            time->start();
    });
}

void JobPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_presenter.noteTime(); // and on from there
}

QWidget *JobPage::makeHeader()
{
    auto *header = new QWidget(this);
    header->setObjectName(QStringLiteral("jobHeader"));
    m_mark = new QLabel(header);
    m_mark->setObjectName(QStringLiteral("jobMark"));
    m_title = elidedLabel("jobTitle", {}, header);
    QFont big = m_title->font();
    big.setPointSizeF(big.pointSizeF() * 1.35);
    big.setBold(true);
    m_title->setFont(big);
    m_now = plainLabel("jobNow", {}, header);
    m_facts = elidedLabel("jobFacts", {}, header);
    auto *acts = new QHBoxLayout;
    const auto add = [&](Act act, const char *name, const QString &text, auto &&work) {
        auto *button = plainButton(name, text, header);
        connect(button, &QPushButton::clicked, this, work);
        m_acts.insert(int(act), button);
        acts->addWidget(button);
    };
    add(Act::Decide, "jobDecide", tr("&Review…"), [this] { Q_EMIT decideWanted(m_presenter.job()); });
    add(Act::Retry, "jobRetry", tr("Re&try"), [this] { m_presenter.retry({}); });
    add(Act::RetryFrom, "jobRetryFrom", tr("Retry &from…"), [this] { askRetryFrom(); });
    add(Act::Pause, "jobPause", tr("&Pause"), [this] { m_presenter.pause({}); });
    add(Act::Resume, "jobResume", tr("&Resume"), [this] { m_presenter.resume(); });
    add(Act::Cancel, "jobCancel", tr("&Cancel…"), [this] { askCancel(); });
    add(Act::Archive, "jobArchive", tr("&Archive"), [this] { m_presenter.archive(true); });
    add(Act::Unarchive, "jobUnarchive", tr("&Unarchive"), [this] { m_presenter.archive(false); });
    m_workspace = plainButton("jobWorkspace", tr("Open &workspace"), header);
    auto *where = new QMenu(m_workspace);
    where->setObjectName(QStringLiteral("jobWorkspaceMenu"));
    connect(where->addAction(tr("In the &file manager")), &QAction::triggered, this, [this] {
        if (const JobDetails *details = m_presenter.details())
            QDesktopServices::openUrl(QUrl::fromLocalFile(details->job.progress.workspace));
    });
    connect(where->addAction(tr("In the &editor")), &QAction::triggered, this,
            [this] { openWorkspace(openFolderInEditor); });
    connect(where->addAction(tr("In a &terminal")), &QAction::triggered, this, [this] { openWorkspace(openTerminal); });
    m_workspace->setMenu(where);
    acts->addWidget(m_workspace);
    auto *top = new QHBoxLayout;
    top->addWidget(m_mark);
    top->addWidget(m_title, 1);
    acts->addStretch(1); // a line for themselves, as what is above: each of them may be long
    auto *layout = new QVBoxLayout(header);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(top);
    layout->addWidget(m_now);
    layout->addWidget(m_facts);
    layout->addLayout(acts);
    return header;
}

QWidget *JobPage::makeOverview()
{
    auto *page = new QWidget(this);
    auto *layout = new QVBoxLayout(page);
    m_task = plainLabel("jobTask", {}, page);
    layout->addWidget(m_task);
    struct Section {
        const char *name;
        QString title;
        RowsModel *model;
        int lines;
        int wide; ///< the column that takes the room
    };
    const Section sections[]{
        {"problemsTable", tr("What did not pass"), &m_presenter.problems(), 8, 1},
        {"criteriaTable", tr("Acceptance criteria"), &m_presenter.plan().criteria(), 8, 2},
        {"risksTable", tr("Risks"), &m_presenter.risks(), 3, 1},
        {"ledgerTable", tr("Attempts: what was kept and what was taken back"), &m_presenter.ledger(), 20, 1},
        {"decisionsTable", tr("Decisions"), &m_presenter.decisions(), 3, 1}};
    for (const auto &[name, title, model, lines, wide] : sections) {
        auto *section = new QWidget(page);
        section->setObjectName(QLatin1String(name) + u"Section");
        auto *inner = new QVBoxLayout(section);
        inner->setContentsMargins(0, 6, 0, 0);
        auto *heading = plainLabel("sectionTitle", title, section);
        QFont bold = heading->font();
        bold.setBold(true);
        heading->setFont(bold);
        inner->addWidget(heading);
        auto *table = makeTable(name, title, *model, section);
        table->setColumnWidth(0, 130);
        if (model == &m_presenter.plan().criteria()) {
            table->setColumnWidth(0, 80);
            table->setColumnWidth(1, 140);
            table->setColumnWidth(3, 240);
        }
        fitRows(*table, lines, wide);
        if (model == &m_presenter.problems() || model == &m_presenter.ledger())
            connect(table, &QTreeView::activated, this, &JobPage::openLogOf);
        if (model == &m_presenter.ledger()) {
            table->setContextMenuPolicy(Qt::CustomContextMenu);
            connect(table, &QTreeView::customContextMenuRequested, this,
                    [this, table](const QPoint &at) { showLedgerMenu(*table, at); });
        }
        inner->addWidget(table);
        layout->addWidget(section);
        m_sections << std::pair(section, model);
    }
    layout->addStretch(1);
    auto *scroll = named(new QScrollArea(this), "overviewScroll", tr("Overview"));
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    return scroll;
}

QWidget *JobPage::makeTests()
{
    auto *table = makeTable("testsTable", tr("Tests and coverage by stage and attempt"), m_presenter.tests(), this);
    table->setColumnWidth(0, 140);
    table->setColumnWidth(2, 260);
    return table;
}

QWidget *JobPage::makeArtifacts()
{
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("artifactSplitter"));
    auto *table = makeTable("artifactTable", tr("Artifacts"), m_presenter.artifacts(), splitter);
    table->setColumnWidth(0, 260);
    m_artifact = new ArtifactView(m_console, QStringLiteral("artifact"), tr("Choose an artifact to read it"), splitter);
    splitter->addWidget(table);
    splitter->addWidget(m_artifact);
    splitter->setChildrenCollapsible(false);
    keepSplit(*splitter);
    connect(table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &index) {
        m_artifact->open(m_presenter.job(), index.siblingAtColumn(0).data(DataRole).toString());
    });
    return splitter;
}

void JobPage::addTab(QWidget *page, const char *name, const QString &title)
{
    m_tabs->addTab(page, title);
    page->setProperty("tab", QLatin1String(name));
}

void JobPage::setJob(const JobId &job)
{
    if (job == m_presenter.job())
        return;
    m_missing->hide();
    m_compared.reset();
    m_strip->setCollapsed(true);
    m_artifact->open({}, {});
    m_log->clear();
    m_changes->clear();
    m_presenter.setJob(job);
}

void JobPage::showTab(const QString &name)
{
    for (int i = 0; i < m_tabs->count(); ++i) {
        if (m_tabs->widget(i)->property("tab").toString() == name)
            m_tabs->setCurrentIndex(i);
    }
}

QString JobPage::tab() const
{
    return m_tabs->currentWidget()->property("tab").toString();
}

void JobPage::select(const NodeRef &node, qint64 line)
{
    m_presenter.select(node);
    if (line > 0)
        m_log->goToLine(line);
}

QString JobPage::link() const
{
    return linkTo(m_presenter.selected());
}

QString JobPage::linkTo(const NodeRef &node) const
{
    QString link = QStringLiteral("openfactory://job/") + m_presenter.job().text();
    if (!node.stage.isEmpty())
        link += u'/' + node.stage;
    if (node.attempt > 0 || node.command > 0)
        link += u'/' + QString::number(node.attempt);
    if (node.command > 0)
        link += u'/' + QString::number(node.command);
    return link;
}

void JobPage::copyLink(const NodeRef &command, qint64 line)
{
    const QString link = linkTo(command) + u"#L" + QString::number(line);
    QGuiApplication::clipboard()->setText(link);
    Q_EMIT said(tr("Copied %1").arg(link));
}

void JobPage::show()
{
    const JobDetails *details = m_presenter.details();
    for (auto it = m_acts.cbegin(); it != m_acts.cend(); ++it)
        (*it)->setVisible(m_presenter.isLegal(Act(it.key())));
    m_workspace->setVisible(details && !details->job.progress.workspace.isEmpty());
    m_mark->setVisible(details != nullptr);
    if (!details) {
        m_title->setText(tr("Reading the job…"));
        m_now->clear();
        m_facts->clear();
        m_task->clear();
        m_strip->setCells({}, 0);
        return;
    }
    m_missing->hide();
    const Mark mark = details->row.mark();
    m_mark->setPixmap(markIcon(mark).pixmap(QSize(22, 22), devicePixelRatio()));
    m_mark->setAccessibleName(markText(mark));
    m_title->setText(displayable(details->job.identity.title));
    m_title->setAccessibleName(tr("%1, %2").arg(displayable(details->job.identity.title), markText(mark)));
    m_now->setText(m_presenter.nowText());
    QStringList facts;
    for (const auto &[label, text] : m_presenter.facts())
        facts << tr("%1: %2").arg(label, text);
    m_facts->setText(facts.join(QStringLiteral("   ·   ")));
    m_task->setText(displayableLines(details->job.identity.task.left(4000)));
    m_task->setVisible(!details->job.identity.task.isEmpty());
    m_strip->setCells(details->row.cells, m_console.clock->wallMs());
    for (const auto &[section, model] : m_sections)
        section->setVisible(!model->rows().empty());
    showSelection();
}

void JobPage::showSelection()
{
    const NodeRef &node = m_presenter.selected();
    m_strip->setCurrentStage(node.stage);
    for (QTreeView *view : {m_tree, static_cast<QTreeView *>(m_timeline)}) {
        const QModelIndex index = m_presenter.tree().indexOf(node);
        if (!index.isValid() || view->currentIndex() == index)
            continue;
        view->setCurrentIndex(index);
        view->scrollTo(index);
    }
    const JobDetails *details = m_presenter.details();
    if (!details)
        return;
    if (tab() == u"log")
        m_log->showCommands(*details, m_presenter.selectedCommands());
    if (tab() == u"changes" && m_compared)
        m_changes->showComparison(*details, m_presenter.rangeBetween(m_compared->first, m_compared->second),
                                  tr("What differs between %1 and %2, from the older to the newer")
                                      .arg(m_compared->first.key(), m_compared->second.key()));
    else if (tab() == u"changes")
        m_changes->showRange(*details, m_presenter.selectedRange());
}

void JobPage::openWorkspace(Result<QString> (*open)(const QString &))
{
    const JobDetails *details = m_presenter.details();
    if (!details)
        return;
    const auto opened = open(details->job.progress.workspace);
    opened ? Q_EMIT said(*opened) : Q_EMIT refused(errorText(opened.error()));
}

void JobPage::openSource(const QString &path, int line)
{
    const JobDetails *details = m_presenter.details();
    if (!details)
        return;
    const auto opened = openInEditor(details->job.progress.workspace, path, line);
    opened ? Q_EMIT said(*opened) : Q_EMIT refused(errorText(opened.error()));
}

void JobPage::openFinding(const QModelIndex &row)
{
    const RepoPath file = row.data(DataRole).toByteArray();
    if (file.isEmpty())
        return openLogOf(row);
    const QString place = row.siblingAtColumn(JobPresenter::kPlaceColumn).data().toString();
    openSource(QFile::decodeName(file), place.mid(displayPath(file).size() + 1).toInt());
}

void JobPage::openLogOf(const QModelIndex &row)
{
    const NodeRef node = NodeRef::fromKey(row.data(KeyRole).toString());
    select({node.stage, node.attempt, 0});
    showTab(QStringLiteral("log"));
}

void JobPage::askCancel()
{
    const JobDetails *details = m_presenter.details();
    if (!details)
        return;
    ask(this, tr("Cancel %1?").arg(details->job.slug().text()),
        tr("What runs is stopped and the job ends. The worktree and every attempt stay, but the job cannot go on."),
        tr("Cancel the job"), tr("Keep it"), [this] { m_presenter.cancel(); });
}

void JobPage::showLedgerMenu(QTreeView &table, const QPoint &at)
{
    const QModelIndex index = table.currentIndex();
    if (!index.isValid())
        return;
    const NodeRef node = NodeRef::fromKey(index.siblingAtColumn(0).data(KeyRole).toString());
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("ledgerMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto show = [this, node](const char *tab) {
        select(node);
        showTab(QLatin1String(tab));
    };
    connect(menu->addAction(tr("Show its &log")), &QAction::triggered, this, [show] { show("log"); });
    connect(menu->addAction(tr("Show its &change")), &QAction::triggered, this, [show] { show("changes"); });
    QAction *compared = menu->addAction(tr("&Compare with…"));
    const QStringList others = m_presenter.comparable(node);
    compared->setEnabled(!others.isEmpty());
    connect(compared, &QAction::triggered, this, [this, node, others] {
        choose(this, tr("Compare %1 with").arg(node.key()), tr("The contents of both attempts, file by file."), others,
               others.last(), [this, node](const QString &other) { compare(node, NodeRef::fromKey(other)); });
    });
    menu->addSeparator();
    connect(menu->addAction(tr("&Bring it back…")), &QAction::triggered, this, [this, node] {
        ask(this, tr("Bring back %1?").arg(node.key()),
            tr("What the workspace holds now is replaced by the content of this attempt, and is judged anew. What was "
               "committed stays in the ledger."),
            tr("Bring it back"), tr("Leave it"), [this, node] { m_presenter.restore(node); });
    });
    menu->popup(table.viewport()->mapToGlobal(at));
}

void JobPage::compare(const NodeRef &one, const NodeRef &other)
{
    m_compared = std::pair(one, other);
    if (tab() == u"changes")
        showSelection();
    else
        showTab(QStringLiteral("changes"));
}

void JobPage::askRetryFrom()
{
    choose(this, tr("Retry from"), tr("The job goes on from this stage; later stages run again."),
           m_presenter.retryStages(), m_presenter.selected().stage,
           [this](const QString &stage) { m_presenter.retry(stage); });
}

} // namespace openfactory::ui
