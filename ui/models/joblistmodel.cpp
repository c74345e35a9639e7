// SPDX-License-Identifier: Apache-2.0
#include "ui/models/joblistmodel.h"

#include "core/base/text.h"
#include "ui/models/words.h"

#include <QLocale>

#include <algorithm>
#include <array>
#include <functional>

namespace openfactory::ui {

namespace {

constexpr int kFirst = 500;     ///< shown before the rest of a long order is read
constexpr int kRestMs = 150;    ///< until that: rows of the first are read before, and the next letter may come
constexpr int kPage = 64;       ///< rows read at once
constexpr int kMostRows = 4096; ///< kept in memory
constexpr size_t kSieve = 4096; ///< what tells most of other numbers from a page of them

} // namespace

JobListModel::JobListModel(Worker<ReadSide> &reader, const Clock &clock, QObject *parent)
    : QAbstractTableModel(parent),
      m_reader(reader),
      m_clock(clock),
      m_query(parseJobQuery({}, clock.wallMs()))
{
    m_reorder.setSingleShot(true);
    connect(&m_reorder, &QTimer::timeout, this, &JobListModel::readOrder);
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRestMs);
    connect(&m_rest, &QTimer::timeout, this, &JobListModel::readRest);
}

void JobListModel::setFilter(const QString &text)
{
    if (text == m_filter && m_filled)
        return;
    m_filter = text;
    m_held = 0; // a person asks for something else
    const JobSort sort = m_query.sort;
    const bool descending = m_query.descending;
    m_query = parseJobQuery(text, m_clock.wallMs());
    m_query.sort = sort;
    m_query.descending = descending;
    ++m_generation;
    readOrder();
}

void JobListModel::sort(int column, Qt::SortOrder order)
{
    static constexpr JobSort sorts[]{JobSort::State, JobSort::Title,    JobSort::Project,  JobSort::Stage,
                                     JobSort::Stage, JobSort::Changes,  JobSort::Coverage, JobSort::Ci,
                                     JobSort::Age,   JobSort::Duration, JobSort::Cost};
    if (column < 0 || column >= Columns)
        return;
    // An age grows as the number falls: the youngest first is "ascending" to a person.
    const bool descending = column == Age ? order == Qt::AscendingOrder : order == Qt::DescendingOrder;
    if (m_query.sort == sorts[column] && m_query.descending == descending)
        return;
    m_query.sort = sorts[column];
    m_query.descending = descending;
    ++m_generation;
    readOrder();
}

void JobListModel::reload()
{
    m_waits = false;
    m_wanted.unite(QSet<qint64>(m_rows.keyBegin(), m_rows.keyEnd()));
    readWanted();
    readOrder();
}

void JobListModel::readOrder()
{
    if (m_waits)
        return;
    if (m_rest.isActive() && m_shown != m_generation) {
        m_rest.stop(); // nobody wants the rest of that
        m_reading = false;
    }
    if (m_reading) {
        m_readAgain = true;
        return;
    }
    m_reading = true;
    readPart(kFirst, m_generation);
}

/// The first jobs at once, then all of them: an order of a million takes a moment.
void JobListModel::readPart(int most, int generation)
{
    struct Part {
        std::vector<qint64> order;
        std::vector<JobRow> rows; ///< of a list that is not shown yet: what is seen of it first
    };
    m_reader.ask(
        this,
        [query = m_query, most, isNew = generation != m_shown](ReadSide &side) -> Result<Part> {
            OF_TRY(order, side.order(query, most));
            std::vector<qint64> first;
            if (isNew)
                first.assign(order.begin(), order.begin() + std::min<qsizetype>(kPage, qsizetype(order.size())));
            OF_TRY(rows, side.rows(first));
            return Part{std::move(order), std::move(rows)};
        },
        [this, generation, most](Result<Part> part) {
            if (!part)
                Q_EMIT failed(errorText(part.error()));
            const bool current = generation == m_generation;
            const bool more = part && current && most > 0 && int(part->order.size()) == most;
            if (part && current && (!more || generation != m_shown)) {
                takeOrder(std::move(part->order));
                takeRows(std::move(part->rows));
            }
            if (more && generation != m_whole) {
                m_rest.start();
                return;
            }
            if (more) {
                readPart(0, generation);
                return;
            }
            if (part && current)
                m_whole = generation;
            m_reading = false;
            if (std::exchange(m_readAgain, false) || !current)
                readOrder();
        });
}

void JobListModel::readRest()
{
    if (m_asking)
        m_rest.start(); // what is looked at comes first
    else
        readPart(0, m_generation);
}

/// Replaces what differs between the two orders, which is one stretch more often than not.
void JobListModel::takeOrder(std::vector<qint64> order)
{
    if (m_held != 0 && std::ranges::find(order, m_held) == order.end()) {
        const int at = rowOf(m_held);
        if (at >= 0)
            order.insert(order.begin() + std::min<qsizetype>(at, qsizetype(order.size())), m_held);
    }
    const auto [oldFirst, newFirst] = std::ranges::mismatch(m_order, order);
    const auto prefix = oldFirst - m_order.begin();
    qsizetype suffix = 0;
    while (suffix < qsizetype(m_order.size()) - prefix && suffix < qsizetype(order.size()) - prefix
           && m_order[m_order.size() - 1 - size_t(suffix)] == order[order.size() - 1 - size_t(suffix)])
        ++suffix;
    const qsizetype gone = qsizetype(m_order.size()) - prefix - suffix;
    const qsizetype come = qsizetype(order.size()) - prefix - suffix;
    if (gone == come && gone > 0) {
        Q_EMIT layoutAboutToBeChanged();
        QModelIndexList before = persistentIndexList();
        QHash<qint64, int> places;
        for (const QModelIndex &index : before)
            places.insert(m_order[size_t(index.row())], -1);
        for (qsizetype i = 0; i < qsizetype(order.size()); ++i) {
            const auto place = places.find(order[size_t(i)]);
            if (place != places.end())
                *place = int(i);
        }
        QModelIndexList after;
        for (const QModelIndex &index : before) {
            const int place = places.value(m_order[size_t(index.row())], -1);
            after << (place < 0 ? QModelIndex() : createIndex(place, index.column()));
        }
        m_order = std::move(order);
        changePersistentIndexList(before, after);
        Q_EMIT layoutChanged();
    } else {
        if (gone > 0) {
            beginRemoveRows({}, int(prefix), int(prefix + gone - 1));
            m_order.erase(m_order.begin() + prefix, m_order.begin() + prefix + gone);
            endRemoveRows();
        }
        if (come > 0) {
            beginInsertRows({}, int(prefix), int(prefix + come - 1));
            m_order = std::move(order);
            endInsertRows();
        }
    }
    m_filled = true;
    m_shown = m_generation;
    Q_EMIT filled();
}

void JobListModel::noteChanged(const std::vector<qint64> &jobs)
{
    // A new job, or one whose place or match may have changed. By age alone nothing but new jobs moves, and what came
    // into the list or left it: its row says so.
    const bool byAge = isByAge();
    bool moved = !byAge;
    for (const qint64 num : jobs) {
        if (m_rows.contains(num) || (byAge && isListed(num)))
            m_wanted.insert(num);
        else
            moved = true;
    }
    readWanted();
    if (moved && !m_reorder.isActive())
        m_reorder.start(m_order.size() > 50'000 ? 1000 : 100);
}

void JobListModel::noteTime()
{
    if (!m_order.empty())
        Q_EMIT dataChanged(index(0, Age), index(rowCount() - 1, Duration), {Qt::DisplayRole});
}

void JobListModel::want(qint64 num) const
{
    if (m_wanted.contains(num))
        return;
    m_wanted.insert(num);
    // Gathered: a view asks for many rows in one go.
    QMetaObject::invokeMethod(const_cast<JobListModel *>(this), &JobListModel::readWanted, Qt::QueuedConnection);
}

void JobListModel::readWanted()
{
    if (m_asking || m_wanted.isEmpty())
        return;
    std::vector<qint64> page;
    for (const qint64 num : std::as_const(m_wanted)) {
        page.push_back(num);
        if (page.size() == kPage)
            break;
    }
    m_asking = true;
    m_reader.ask(
        this, [page](ReadSide &side) { return side.rows(page); },
        [this, page](Result<std::vector<JobRow>> rows) {
            m_asking = false;
            for (const qint64 num : page)
                m_wanted.remove(num);
            if (!rows)
                Q_EMIT failed(errorText(rows.error()));
            else
                takeRows(std::move(*rows));
            readWanted();
        });
}

void JobListModel::takeRows(std::vector<JobRow> rows)
{
    if (m_rows.size() > kMostRows)
        m_rows.clear(); // what is seen is asked for again
    const bool byAge = isByAge();
    QSet<qint64> came;
    std::array<bool, kSieve> sieve{};
    for (JobRow &row : rows) {
        const auto known = m_rows.constFind(row.num);
        if (known != m_rows.cend() && *known == row)
            continue;
        const bool moved = byAge ? isListed(row.num) == row.archived
                                 : known != m_rows.cend() && known->archived != row.archived;
        if (moved && !m_reorder.isActive())
            m_reorder.start(100); // it came into the list, or left it
        came.insert(row.num);
        sieve[size_t(row.num) % kSieve] = true;
        m_rows.insert(row.num, std::move(row));
    }
    // A list may hold a million: few of them are looked up.
    for (int i = 0; i < rowCount() && !came.isEmpty(); ++i) {
        const qint64 num = m_order[size_t(i)];
        if (sieve[size_t(num) % kSieve] && came.remove(num))
            Q_EMIT dataChanged(index(i, 0), index(i, Columns - 1));
    }
}

/// In a list by age, which is by number.
bool JobListModel::isListed(qint64 num) const
{
    return m_query.descending ? std::ranges::binary_search(m_order, num, std::ranges::greater())
                              : std::ranges::binary_search(m_order, num);
}

const JobRow *JobListModel::rowAt(int row) const
{
    if (row < 0 || row >= rowCount())
        return nullptr;
    const qint64 num = m_order[size_t(row)];
    const auto known = m_rows.constFind(num);
    if (known != m_rows.cend())
        return &*known;
    want(num);
    return nullptr;
}

int JobListModel::rowOf(qint64 num) const
{
    const auto found = std::ranges::find(m_order, num);
    return found == m_order.end() ? -1 : int(found - m_order.begin());
}

int JobListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_order.size());
}

int JobListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : Columns;
}

QVariant JobListModel::text(const JobRow &job, int column) const
{
    const qint64 now = m_clock.wallMs();
    switch (column) {
    case State: {
        const QString state = stateText(job.state, job.wait, job.paused, job.blocked());
        return job.state == JobState::Running && job.stageIndex >= 0 && size_t(job.stageIndex) < job.cells.size()
                       && job.cells[size_t(job.stageIndex)].mark == Mark::Running
                   ? tr("%1 %2").arg(state, spanText(now - job.cells[size_t(job.stageIndex)].startedMs))
                   : state;
    }
    case Title: return displayable(job.title);
    case Project: return projectName(job.repository);
    case Stage: {
        const auto total = qsizetype(job.cells.size());
        if (job.stage().isEmpty())
            return tr("%1/%2").arg(total).arg(total);
        const QString text = tr("%1/%2 %3").arg(job.stageIndex + 1).arg(total).arg(job.stage());
        return job.attempt > 1 ? tr("%1, attempt %2").arg(text).arg(job.attempt) : text;
    }
    case Changes: return job.changed ? tr("+%1 −%2").arg(job.changed->first).arg(job.changed->second) : QString();
    case Coverage: return job.coverage ? tr("%1 %").arg(QLocale().toString(*job.coverage, 'f', 1)) : QString();
    case Ci: return job.check ? checkText(*job.check) : job.pulled ? tr("not reported") : QString();
    case Cost: return job.spent;
    case Age: return agoText(job.createdMs, now);
    case Duration: return spanText((job.finishedMs > 0 && isEnded(job.state) ? job.finishedMs : now) - job.createdMs);
    default: return {};
    }
}

QVariant JobListModel::tooltip(const JobRow &job, int column) const
{
    QString text;
    switch (column) {
    case State: text = job.state == JobState::Waiting ? job.waitWhat : job.note; break;
    case Title: text = tr("%1 (%2)").arg(displayable(job.title), job.slug); break;
    case Project: text = displayable(job.repository); break;
    case Age: text = timeText(job.createdMs); break;
    case Duration: text = job.finishedMs > 0 ? timeText(job.finishedMs) : QString(); break;
    case Strip: {
        QStringList lines;
        for (const StageCell &cell : job.cells)
            lines << tr("%1: %2").arg(cell.stage, markText(cell.mark));
        return lines.join(u'\n').toHtmlEscaped().replace(u'\n', QStringLiteral("<br>"));
    }
    default: return {};
    }
    return displayable(text).toHtmlEscaped();
}

QVariant JobListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const JobRow *job = rowAt(index.row());
    if (!job)
        return role == Qt::DisplayRole && index.column() == Title ? QVariant(QStringLiteral("…")) : QVariant();
    switch (role) {
    case Qt::DisplayRole: return index.column() == Strip ? QVariant() : text(*job, index.column());
    case Qt::ToolTipRole: return tooltip(*job, index.column());
    case Qt::AccessibleTextRole: {
        QString said = text(*job, index.column()).toString();
        if (index.column() == Strip) {
            QStringList parts;
            for (const StageCell &cell : job->cells)
                parts << tr("%1 %2").arg(cell.stage, markText(cell.mark));
            said = parts.join(QStringLiteral(", "));
        }
        return QString(headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString() + u": " + said);
    }
    case Qt::TextAlignmentRole:
        return index.column() >= Changes && index.column() != Ci
                   ? QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter)
                   : QVariant();
    case MarkRole:
        if (index.column() == Ci && job->pulled)
            return int(job->check ? markOf(*job->check) : Mark::NotStarted);
        return index.column() == State ? QVariant(int(job->mark())) : QVariant();
    case KeyRole: return job->id.text();
    case CellsRole: return index.column() == Strip ? QVariant::fromValue(job->cells) : QVariant();
    default: return {};
    }
}

QVariant JobListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case State: return tr("State");
    case Title: return tr("Title");
    case Project: return tr("Project");
    case Stage: return tr("Stage");
    case Strip: return tr("Stages");
    case Changes: return tr("Changes");
    case Coverage: return tr("Coverage");
    case Ci: return tr("CI");
    case Age: return tr("Age");
    case Duration: return tr("Duration");
    case Cost: return tr("Cost");
    default: return {};
    }
}

} // namespace openfactory::ui
