// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/jobspage.h"

#include "core/base/text.h"
#include "ui/dialogs/ask.h"
#include "ui/models/words.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/keys.h"
#include "ui/widgets/markicon.h"
#include "ui/widgets/named.h"
#include "ui/widgets/stagestrip.h"
#include "ui/widgets/table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QScrollBar>
#include <QSettings>
#include <QStackedWidget>
#include <QToolButton>
#include <QUndoStack>

#include <algorithm>
#include <iterator>

namespace openfactory::ui {

namespace {

const QString kRunning = QStringLiteral("state:running");
const QString kQueued = QStringLiteral("state:queued");
constexpr size_t kReadAtOnce = 200; ///< chosen jobs
constexpr int kTickMs = 1000;       ///< while a duration grows
constexpr int kQuietMs = 60'000;    ///< otherwise only ages do, by the minute

/// Archiving that Ctrl+Z takes back.
class ArchiveJobs : public QUndoCommand {
public:
    using Send = std::function<void(const std::vector<JobId> &, bool)>;
    ArchiveJobs(std::vector<JobId> jobs, Send send)
        : QUndoCommand(JobsPage::tr("archive %n job(s)", nullptr, int(jobs.size()))),
          m_jobs(std::move(jobs)),
          m_send(std::move(send))
    {}
    void redo() override { m_send(m_jobs, true); }
    void undo() override { m_send(m_jobs, false); }

private:
    std::vector<JobId> m_jobs;
    Send m_send;
};

} // namespace

JobsPage::JobsPage(Console &console, QWidget *parent)
    : QWidget(parent),
      m_console(console),
      m_model(*console.reader, *console.clock),
      m_filter(named(new QLineEdit(this), "jobFilter", tr("Filter jobs"))),
      m_filters(named(new QToolButton(this), "jobFilters", tr("Saved filters"))),
      m_problems(plainLabel("jobFilterProblems", {}, this)),
      m_view(makeLongTable("jobList", tr("Jobs"), m_model, this)),
      m_stack(new QStackedWidget(this)),
      m_empty(new EmptyState(this)),
      m_skeleton(plainLabel("jobsSkeleton", tr("Reading the jobs…"), this)),
      m_count(plainLabel("jobCount", {}, this)),
      m_figures(plainLabel("jobFigures", {}, this)),
      m_undo(new QUndoStack(this))
{
    setObjectName(QStringLiteral("jobsPage"));
    m_model.waitForReload();
    setAccessibleName(tr("Jobs"));
    auto *tiles = new QHBoxLayout;
    const std::pair<QString, QString> wanted[]{
        {tr("All"), QString()},
        {tr("Needs you"), QStringLiteral("needs:me")},
        {tr("Running"), kRunning},
        {tr("Queued"), kQueued},
        {tr("Failed today"), QStringLiteral("state:failed finished:today")},
        {tr("Done"), QStringLiteral("state:done")},
    };
    for (const auto &[text, filter] : wanted) {
        auto *tile = new QToolButton(this);
        tile->setText(text);
        tile->setToolButtonStyle(Qt::ToolButtonTextOnly);
        tile->setCheckable(true);
        tile->setAutoRaise(false);
        tile->setProperty("filter", filter);
        tile->setProperty("text", text);
        named(tile, "jobTile", text);
        connect(tile, &QToolButton::clicked, this, [this, filter] { setFilter(filter); });
        tiles->addWidget(tile);
        m_tiles << tile;
    }
    tiles->addStretch(1);
    tiles->addWidget(m_figures);
    m_figures->setWordWrap(false);

    m_filter->setPlaceholderText(tr("Words, or state:failed project:x stage:lint age:<2d needs:me is:archived"));
    m_filter->setClearButtonEnabled(true);
    m_filters->setText(tr("Saved filters"));
    m_filters->setPopupMode(QToolButton::InstantPopup);
    m_filters->setMenu(new QMenu(m_filters));
    connect(m_filters->menu(), &QMenu::aboutToShow, this, &JobsPage::fillFilters);
    m_problems->hide();
    m_skeleton->setAlignment(Qt::AlignCenter);

    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setItemDelegateForColumn(JobListModel::Strip, new StripDelegate(m_view));
    m_view->setSortingEnabled(true);
    m_view->sortByColumn(JobListModel::Age, Qt::AscendingOrder);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    m_view->header()->setStretchLastSection(false);
    m_view->header()->setSectionResizeMode(QHeaderView::Interactive);
    m_view->header()->setSectionResizeMode(JobListModel::Title, QHeaderView::Stretch);
    m_view->header()->setMinimumSectionSize(40);
    m_view->header()->setContextMenuPolicy(Qt::ActionsContextMenu);
    for (const auto &[column, width] : std::initializer_list<std::pair<int, int>>{{JobListModel::State, 180},
                                                                                  {JobListModel::Title, 250},
                                                                                  {JobListModel::Project, 70},
                                                                                  {JobListModel::Stage, 120},
                                                                                  {JobListModel::Strip, 180},
                                                                                  {JobListModel::Changes, 60},
                                                                                  {JobListModel::Coverage, 60},
                                                                                  {JobListModel::Ci, 80},
                                                                                  {JobListModel::Age, 86},
                                                                                  {JobListModel::Duration, 60},
                                                                                  {JobListModel::Cost, 80}})
        m_view->setColumnWidth(column, std::max(width, m_view->header()->sectionSizeHint(column)));
    for (int column = 0; column < JobListModel::Columns; ++column) {
        auto *toggle = new QAction(m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString(), m_view);
        toggle->setCheckable(true);
        toggle->setChecked(true);
        connect(toggle, &QAction::toggled, this, [this, column](bool on) {
            m_view->setColumnHidden(column, !on);
            Q_EMIT layoutChanged();
        });
        m_view->header()->addAction(toggle);
    }
    for (const int column : {JobListModel::Ci, JobListModel::Cost}) // most jobs have neither, and titles need the room
        m_view->header()->actions().at(column)->setChecked(false);

    m_stack->addWidget(m_skeleton);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    focusOnShown(this, m_stack);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(tiles);
    auto *filterLine = new QHBoxLayout;
    filterLine->addWidget(m_filter, 1);
    filterLine->addWidget(m_filters);
    layout->addLayout(filterLine);
    layout->addWidget(m_problems);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_count);

    m_typing.setSingleShot(true);
    m_typing.setInterval(20); // what is typed meanwhile is read once
    connect(m_filter, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(&m_typing, &QTimer::timeout, this, [this] { setFilter(m_filter->text()); });
    connect(m_filter, &QLineEdit::returnPressed, m_view, qOverload<>(&QWidget::setFocus));
    connect(m_view, &LongTable::activated, this, [this](const QModelIndex &index) {
        if (const JobRow *job = m_model.rowAt(index.row()))
            Q_EMIT openWanted(job->id);
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &index) {
        m_model.hold(index.isValid() ? m_model.numAt(index.row()) : 0);
        if (const JobRow *job = m_model.rowAt(index.row()))
            Q_EMIT previewed(job->id);
    });
    connect(m_view, &LongTable::customContextMenuRequested, this, &JobsPage::showMenu);
    connect(m_view->header(), &QHeaderView::sectionResized, this, &JobsPage::layoutChanged);
    connect(m_view->header(), &QHeaderView::sectionMoved, this, &JobsPage::layoutChanged);
    // What comes in above what is looked at moves it down: it is scrolled back.
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &, int first, int last) {
        const int top = m_view->indexAt(QPoint(1, 1)).row();
        if (top > 0 && first <= top && m_model.isFilled())
            m_view->verticalScrollBar()->setValue(m_view->verticalScrollBar()->value() + last - first + 1);
    });
    connect(&m_model, &JobListModel::filled, this, &JobsPage::showEmptiness);
    // Before the store is there for the first time, there is nothing to complain about.
    connect(&m_model, &JobListModel::failed, this, [this](const QString &why) {
        if (m_ready)
            Q_EMIT refused(why);
    });
    connect(m_empty, &EmptyState::pressed, this, [this] {
        if (m_model.query().filtered)
            setFilter({});
        else
            Q_EMIT demoWanted();
    });
    const auto acts = std::initializer_list<std::tuple<QString, QString, QKeySequence, Act>>{
        {QStringLiteral("jobsRetry"), tr("Retry"), QKeySequence(Qt::CTRL | Qt::Key_R), Act::Retry},
        {QStringLiteral("jobsArchive"), tr("Archive"), QKeySequence(Qt::Key_Delete), Act::Archive}};
    for (const auto &[name, text, key, what] : acts) {
        auto *action = new QAction(text, m_view);
        action->setObjectName(name);
        action->setShortcutContext(Qt::WidgetShortcut);
        Keys::all().bind(*action, KeyPlace::Jobs, key);
        connect(action, &QAction::triggered, this, [this, what] { act(what); });
        m_view->addAction(action);
    }
    // Space is nobody's to change: it shows more of the current row wherever there is a list.
    auto *preview = new QAction(tr("Details"), m_view);
    preview->setObjectName(QStringLiteral("jobsPreview"));
    preview->setShortcut(Qt::Key_Space);
    preview->setShortcutContext(Qt::WidgetShortcut);
    connect(preview, &QAction::triggered, this, &JobsPage::previewWanted);
    m_view->addAction(preview);

    m_recount.setSingleShot(true);
    m_recount.setInterval(300);
    connect(&m_recount, &QTimer::timeout, this, &JobsPage::readFigures);
    connect(console.feed, &ChangeFeed::changed, this, [this](const std::vector<qint64> &jobs) {
        m_model.noteChanged(jobs);
        if (!m_recount.isActive())
            m_recount.start();
    });
    const auto reload = [this] {
        m_ready = true;
        m_model.reload();
        m_recount.start();
    };
    connect(console.feed, &ChangeFeed::manyChanged, this, reload);
    connect(console.feed, &ChangeFeed::ready, this, reload);
    m_time.setInterval(kQuietMs); // until something runs
    connect(&m_time, &QTimer::timeout, this, [this] {
        if (isVisible())
            m_model.noteTime();
    });
    m_time.start();
    setFilter({});
    if (console.feed->isReady())
        reload();
}

void JobsPage::fillFilters()
{
    QMenu *menu = m_filters->menu();
    menu->clear();
    QSettings settings;
    settings.beginGroup(QStringLiteral("filters"));
    const QStringList names = settings.childKeys();
    for (const QString &name : names) {
        const QString text = settings.value(name).toString();
        QAction *action = menu->addAction(QString(name).replace(u'&', QStringLiteral("&&")));
        connect(action, &QAction::triggered, this, [this, text] { setFilter(text); });
    }
    menu->addSeparator();
    QAction *save = menu->addAction(tr("&Save this filter…"));
    save->setEnabled(!m_filter->text().trimmed().isEmpty());
    connect(save, &QAction::triggered, this, &JobsPage::saveFilter);
    QMenu *remove = menu->addMenu(tr("&Remove"));
    remove->setEnabled(!names.isEmpty());
    for (const QString &name : names)
        connect(remove->addAction(QString(name).replace(u'&', QStringLiteral("&&"))), &QAction::triggered, this,
                [name] { QSettings().remove(QStringLiteral("filters/") + name); });
}

void JobsPage::saveFilter()
{
    auto *dialog = named(new QInputDialog(this), "saveFilter", tr("Save the filter"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Save the filter"));
    dialog->setLabelText(tr("Name of the filter"));
    connect(dialog, &QInputDialog::textValueSelected, this, [text = m_filter->text().trimmed()](const QString &given) {
        const QString name = given.trimmed().remove(u'/');
        if (!name.isEmpty())
            QSettings().setValue(QStringLiteral("filters/") + name, text);
    });
    dialog->open();
}

void JobsPage::setFilter(const QString &text)
{
    if (m_filter->text() != text) {
        const QSignalBlocker quiet(m_filter);
        m_filter->setText(text);
    }
    m_typing.stop();
    m_model.setFilter(text.trimmed());
    const QStringList &problems = m_model.query().problems;
    m_problems->setText(problems.join(u'\n'));
    m_problems->setVisible(!problems.isEmpty());
    for (QToolButton *tile : std::as_const(m_tiles))
        tile->setChecked(tile->property("filter").toString() == text.trimmed());
    Q_EMIT layoutChanged();
}

QString JobsPage::filter() const
{
    return m_filter->text();
}

void JobsPage::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

JobId JobsPage::currentJob() const
{
    const JobRow *job = m_view->currentIndex().isValid() ? m_model.rowAt(m_view->currentIndex().row()) : nullptr;
    return job ? job->id : JobId();
}

QAbstractItemView *JobsPage::view()
{
    return m_view;
}

QByteArray JobsPage::columns() const
{
    return m_view->header()->saveState();
}

void JobsPage::restoreColumns(const QByteArray &state)
{
    if (state.isEmpty() || !m_view->header()->restoreState(state))
        return;
    const auto toggles = m_view->header()->actions();
    for (int column = 0; column < toggles.size(); ++column)
        toggles[column]->setChecked(!m_view->isColumnHidden(column));
}

void JobsPage::readFigures()
{
    QStringList filters;
    for (const QToolButton *tile : std::as_const(m_tiles))
        filters << tile->property("filter").toString();
    m_console.reader->ask(
        this, [filters, now = m_console.clock->wallMs()](ReadSide &side) { return side.figures(filters, now); },
        [this, filters](const Result<Figures> &figures) {
            if (!figures)
                return;
            for (int i = 0; i < m_tiles.size(); ++i) {
                if (filters[i] == kQueued)
                    Q_EMIT queuedCounted(figures->tiles[size_t(i)].count);
                if (filters[i] == kRunning)
                    m_time.setInterval(figures->tiles[size_t(i)].count > 0 ? kTickMs : kQuietMs);
                const QString text = tr("%1  %2").arg(m_tiles[i]->property("text").toString(),
                                                      QLocale().toString(figures->tiles[size_t(i)].count));
                m_tiles[i]->setText(text);
                m_tiles[i]->setAccessibleName(text);
            }
            QStringList parts;
            if (figures->leadTimeMs)
                parts << tr("Lead time %1").arg(spanText(*figures->leadTimeMs));
            if (figures->revertPercent)
                parts << tr("Taken back %1 %").arg(QLocale().toString(*figures->revertPercent, 'f', 0));
            m_figures->setText(parts.join(QStringLiteral("  ·  ")));
            m_figures->setToolTip(
                tr("Median time from creation to done, and the part of attempts that was taken back, of "
                   "the last 500 jobs"));
        });
}

void JobsPage::showEmptiness()
{
    const int rows = m_model.rowCount();
    if (rows > 0) {
        m_stack->setCurrentWidget(m_view);
        if (!m_view->currentIndex().isValid())
            m_view->setCurrentIndex(m_model.index(0, 0));
    } else if (m_model.query().filtered) {
        m_empty->say(QStringLiteral("edit-find"), tr("No job matches the filter."), tr("Clear the filter"));
        m_stack->setCurrentWidget(m_empty);
    } else {
        m_empty->say(QStringLiteral("project-development"), tr("No jobs yet."), tr("Run the demo"));
        m_stack->setCurrentWidget(m_empty);
    }
    m_count->setText(rows == 0 ? QString() : tr("%Ln job(s)", nullptr, rows));
}

std::vector<JobRow> JobsPage::chosen() const
{
    std::vector<JobRow> jobs;
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
    for (const QModelIndex &index : rows) {
        if (const JobRow *job = m_model.rowAt(index.row()))
            jobs.push_back(*job);
    }
    return jobs;
}

void JobsPage::readChosen(std::function<void(const std::vector<JobRow> &)> then)
{
    QModelIndexList rows = m_view->selectionModel()->selectedRows();
    std::ranges::sort(rows, {}, &QModelIndex::row);
    std::vector<qint64> nums;
    for (const QModelIndex &index : std::as_const(rows))
        nums.push_back(m_model.numAt(index.row()));
    if (auto known = chosen(); known.size() == nums.size()) {
        std::ranges::sort(known, {}, [this](const JobRow &job) { return m_model.rowOf(job.num); });
        return then(known);
    }
    m_console.reader->ask(
        this,
        [nums](ReadSide &side) -> Result<std::vector<JobRow>> {
            std::vector<JobRow> jobs;
            for (size_t at = 0; at < nums.size(); at += kReadAtOnce) {
                const std::vector<qint64> part(nums.begin() + qsizetype(at),
                                               nums.begin() + qsizetype(std::min(nums.size(), at + kReadAtOnce)));
                OF_TRY(read, side.rows(part));
                std::ranges::sort(read, {}, [&part](const JobRow &job) { return std::ranges::find(part, job.num); });
                std::ranges::move(read, std::back_inserter(jobs));
            }
            return jobs;
        },
        [this, then = std::move(then)](const Result<std::vector<JobRow>> &jobs) {
            if (jobs)
                then(*jobs);
            else
                Q_EMIT refused(errorText(jobs.error()));
        });
}

void JobsPage::showMenu(const QPoint &at)
{
    const auto jobs = chosen();
    if (jobs.empty())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(QStringLiteral("jobMenu"));
    const JobId first = jobs.front().id;
    connect(menu->addAction(tr("&Open")), &QAction::triggered, this, [this, first] { Q_EMIT openWanted(first); });
    QAction *review = menu->addAction(tr("Re&view…"));
    review->setEnabled(jobs.size() == 1 && jobs.front().needsMe());
    connect(review, &QAction::triggered, this, [this, first] { Q_EMIT reviewWanted(first); });
    QAction *copy = menu->addAction(tr("Copy &link"));
    copy->setEnabled(jobs.size() == 1);
    connect(copy, &QAction::triggered, this, [this, first] {
        const QString link = QStringLiteral("openfactory://job/") + first.text();
        QGuiApplication::clipboard()->setText(link);
        Q_EMIT said(tr("Copied %1").arg(link));
    });
    menu->addSeparator();
    const auto any = [&](const auto &rule) { return std::ranges::any_of(jobs, rule); };
    const auto add = [&](const QString &text, Act what, bool possible) {
        QAction *action = menu->addAction(text);
        action->setEnabled(possible);
        connect(action, &QAction::triggered, this, [this, what] { act(what); });
    };
    const auto failed = [](const JobRow &job) { return isEnded(job.state) && !isFinal(job.state); };
    add(tr("&Retry"), Act::Retry,
        any([&](const JobRow &job) { return failed(job) || job.state == JobState::Waiting; }));
    add(tr("&Pause"), Act::Pause, any([](const JobRow &job) { return !isEnded(job.state) && !job.paused; }));
    add(tr("R&esume"), Act::Resume, any([](const JobRow &job) { return job.paused; }));
    add(tr("&Cancel…"), Act::Cancel, any([](const JobRow &job) { return !isFinal(job.state); }));
    menu->addSeparator();
    add(tr("&Archive"), Act::Archive, any([](const JobRow &job) { return isEnded(job.state) && !job.archived; }));
    menu->addSeparator();
    connect(menu->addAction(tr("E&xport…")), &QAction::triggered, this, &JobsPage::exportWanted);
    menu->popup(m_view->viewport()->mapToGlobal(at));
}

void JobsPage::act(Act what)
{
    readChosen([this, what](const std::vector<JobRow> &jobs) { actOn(what, jobs); });
}

void JobsPage::actOn(Act what, const std::vector<JobRow> &jobs)
{
    std::vector<JobId> ids;
    QString one; ///< of what is acted on
    for (const JobRow &job : jobs) {
        if ((what != Act::Archive || isEnded(job.state)) && (what != Act::Cancel || !isFinal(job.state))) {
            ids.push_back(job.id);
            one = displayable(job.slug);
        }
    }
    if (ids.empty())
        return;
    const auto send = [this](const std::vector<JobId> &which, const QString &did, auto work) {
        struct Outcome {
            int done = 0;
            QString refusal;
        };
        m_console.desk->ask(
            this,
            [which, work](OperatorSide &side) -> Result<Outcome> {
                Outcome outcome;
                for (const JobId &id : which) {
                    if (const auto done = work(side.desk(), id))
                        ++outcome.done;
                    else if (outcome.refusal.isEmpty())
                        outcome.refusal = errorText(done.error());
                }
                return outcome;
            },
            [this, did](const Result<Outcome> &outcome) {
                if (!outcome)
                    Q_EMIT refused(errorText(outcome.error()));
                else if (!outcome->refusal.isEmpty())
                    Q_EMIT refused(outcome->refusal);
                if (outcome && outcome->done > 0)
                    Q_EMIT said(tr("%1: %n job(s)", nullptr, outcome->done).arg(did));
            });
    };
    switch (what) {
    case Act::Retry:
        send(ids, tr("Queued again"), [](OperatorDesk &desk, const JobId &id) { return desk.retry(id, {}); });
        break;
    case Act::Pause:
        send(ids, tr("Paused"), [](OperatorDesk &desk, const JobId &id) { return desk.pause(id, {}); });
        break;
    case Act::Resume:
        send(ids, tr("Resumed"), [](OperatorDesk &desk, const JobId &id) { return desk.resume(id); });
        break;
    case Act::Cancel:
        ask(this, ids.size() == 1 ? tr("Cancel %1?").arg(one) : tr("Cancel %n job(s)?", nullptr, int(ids.size())),
            tr("What runs is stopped, and they end. Worktrees and attempts stay, but a cancelled job cannot go on."),
            tr("Cancel them"), tr("Keep them"), [send, ids] {
                send(ids, tr("Told to stop"), [](OperatorDesk &desk, const JobId &id) { return desk.cancel(id); });
            });
        break;
    case Act::Archive:
        m_undo->push(new ArchiveJobs(ids, [send](const std::vector<JobId> &which, bool archived) {
            send(which, archived ? withKey(tr("Archived; Undo brings it back"), "actionUndo") : tr("Back in the list"),
                 [archived](OperatorDesk &desk, const JobId &id) { return desk.archive(id, archived); });
        }));
        break;
    }
}

} // namespace openfactory::ui
