// SPDX-License-Identifier: Apache-2.0
#include "ui/models/attempttree.h"

#include "core/base/text.h"
#include "core/domain/commands.h"
#include "ui/models/words.h"

#include <algorithm>
#include <limits>

namespace openfactory::ui {

QString NodeRef::key() const
{
    QString key = stage;
    if (attempt > 0 || command > 0)
        key += u'/' + QString::number(attempt);
    if (command > 0)
        key += u'/' + QString::number(command);
    return key;
}

NodeRef NodeRef::fromKey(const QString &key)
{
    return {key.section(u'/', 0, 0), key.section(u'/', 1, 1).toInt(), key.section(u'/', 2, 2).toInt()};
}

AttemptTree::AttemptTree(QObject *parent) : QStandardItemModel(0, Columns, parent)
{
    setHorizontalHeaderLabels({tr("Stage"), tr("State"), tr("Time"), tr("Result")});
}

QList<QStandardItem *> AttemptTree::line(QStandardItem *parent, const QString &key)
{
    for (int row = 0; row < parent->rowCount(); ++row) {
        if (parent->child(row)->data(KeyRole) != key)
            continue;
        QList<QStandardItem *> items;
        for (int column = 0; column < Columns; ++column)
            items << parent->child(row, column);
        return items;
    }
    QList<QStandardItem *> items;
    for (int column = 0; column < Columns; ++column) {
        auto *item = new QStandardItem;
        item->setEditable(false);
        items << item;
    }
    items.first()->setData(key, KeyRole);
    parent->appendRow(items);
    return items;
}

namespace {

/// Sets only what differs: every setData is a signal.
void set(QStandardItem *item, const QVariant &value, int role = Qt::DisplayRole)
{
    if (item->data(role) != value)
        item->setData(value, role);
}

/// What the timeline shows of an attempt beside its own time.
struct Around {
    qint64 waitedMs = 0; ///< since when it could have begun; 0: it is no attempt
    bool critical = false;
};

void fill(const QList<QStandardItem *> &items, const QString &name, Mark mark, const QString &state, qint64 start,
          qint64 end, qint64 now, const QString &said, const Around &around = {})
{
    const QString time = start > 0 ? spanText((end > 0 ? end : now) - start) : QString();
    const QStringList cells{name, state, time, displayable(said)};
    QStringList more;
    if (around.waitedMs > 0 && start - around.waitedMs >= 1000)
        more << AttemptTree::tr("Waited %1 before it began").arg(spanText(start - around.waitedMs));
    if (around.critical)
        more << AttemptTree::tr("The job took as long as this did: what ran beside it ended sooner");
    for (int column = 0; column < items.size(); ++column) {
        const QStringList shown = column == AttemptTree::Said ? QStringList(cells[column]) + more
                                                              : QStringList(cells[column]);
        set(items[column], cells[column]);
        const QString header = items[0]->model()->headerData(column, Qt::Horizontal).toString();
        set(items[column], QString(header + u": " + shown.join(QStringLiteral("; "))), Qt::AccessibleTextRole);
        set(items[column], shown.join(u'\n').toHtmlEscaped().replace(u'\n', QStringLiteral("<br>")), Qt::ToolTipRole);
    }
    set(items[0], int(mark), MarkRole);
    set(items[0], start, AttemptTree::StartRole);
    set(items[0], end, AttemptTree::EndRole);
    set(items[0], around.waitedMs, AttemptTree::WaitedRole);
    set(items[0], around.critical, AttemptTree::CriticalRole);
}

qint64 endOf(const AttemptRecord &attempt, qint64 nowMs)
{
    return attempt.state == AttemptState::Running ? nowMs : attempt.endedMs;
}

/// The one that ended last of those that had ended when this one began; null: none had.
const AttemptRecord *before(const std::vector<AttemptRecord> &attempts, const AttemptRecord &attempt, qint64 nowMs)
{
    const AttemptRecord *last = nullptr;
    for (const AttemptRecord &other : attempts) {
        if (&other != &attempt && endOf(other, nowMs) <= attempt.startedMs
            && (!last || endOf(other, nowMs) >= endOf(*last, nowMs)))
            last = &other;
    }
    return last;
}

} // namespace

std::vector<size_t> criticalPath(const std::vector<AttemptRecord> &attempts, qint64 nowMs)
{
    std::vector<size_t> path;
    const auto last = std::ranges::max_element(attempts, {}, [&](const AttemptRecord &a) { return endOf(a, nowMs); });
    if (last == attempts.end())
        return path;
    // Never longer than the list, also where clocks were set back and two attempts claim to come before each other.
    for (const AttemptRecord *at = &*last; at && path.size() < attempts.size(); at = before(attempts, *at, nowMs))
        path.push_back(size_t(at - attempts.data()));
    std::ranges::reverse(path);
    return path;
}

void AttemptTree::addCommand(QStandardItem *parent, const CommandRecord &command, const QString &name, qint64 nowMs)
{
    const auto leaf = line(parent, NodeRef{command.stage, command.attempt, command.seq}.key());
    const bool good = command.finished && command.exitCode == 0;
    const QString said = !command.finished  ? tr("running")
                         : command.exitCode ? tr("exit code %1").arg(*command.exitCode)
                                            : command.ending;
    const Mark mark = !command.finished ? Mark::Running : good ? Mark::Passed : Mark::Failed;
    fill(leaf, name, mark, markText(mark), command.startedMs,
         command.finished ? command.startedMs + command.durationMs : 0, nowMs, said);
}

void AttemptTree::setDetails(const JobDetails &details, qint64 nowMs)
{
    m_span = {details.job.identity.createdMs, details.job.identity.createdMs};
    const auto spread = [this](qint64 start, qint64 end) {
        if (start > 0)
            m_span.second = std::max({m_span.second, start, end});
    };
    // Where nothing ran beside anything, all of it is the path, and nothing is pointed out.
    std::vector<size_t> path = criticalPath(details.attempts, nowMs);
    if (path.size() == details.attempts.size())
        path.clear();
    const auto aroundOf = [&](const AttemptRecord &attempt) {
        const AttemptRecord *const earlier = before(details.attempts, attempt, nowMs);
        return Around{earlier ? endOf(*earlier, nowMs) : details.job.identity.createdMs,
                      std::ranges::contains(path, size_t(&attempt - details.attempts.data()))};
    };
    for (size_t i = 0; i < details.pipeline.stages.size(); ++i) {
        const StageDefinition &stage = details.pipeline.stages[i];
        const StageCell cell = i < details.row.cells.size() ? details.row.cells[i] : StageCell{};
        const auto items = line(invisibleRootItem(), NodeRef{stage.name, 0, 0}.key());
        qint64 first = 0;
        qint64 last = 0;
        Around around;                              // of the stage: it is on the path with any of its attempts
        std::vector<const CommandRecord *> authors; // what the author ran for this stage, oldest first
        for (const CommandRecord &command : details.commands) {
            if (command.stage == stage.name && command.attempt == 0)
                authors.push_back(&command);
        }
        auto next = authors.begin();
        const auto addAuthors = [&](qint64 before) {
            for (; next != authors.end() && (*next)->startedMs <= before; ++next) {
                spread((*next)->startedMs, (*next)->startedMs + (*next)->durationMs);
                addCommand(items.first(), **next,
                           tr("Author: %1").arg(displayable(shownCommand((*next)->argv).left(300))), nowMs);
            }
        };
        for (const AttemptRecord &attempt : details.attempts) {
            if (attempt.stage != stage.name)
                continue;
            addAuthors(attempt.startedMs);
            first = first == 0 ? attempt.startedMs : first;
            last = attempt.endedMs;
            const bool running = attempt.state == AttemptState::Running;
            const qint64 end = running ? nowMs : attempt.endedMs;
            spread(attempt.startedMs, end);
            const auto below = line(items.first(), NodeRef{stage.name, attempt.number, 0}.key());
            const Mark mark = markOf(attempt.state, stage.failure);
            around.critical = around.critical || aroundOf(attempt).critical;
            fill(below, tr("Attempt %1").arg(attempt.number), mark, markText(mark), attempt.startedMs,
                 running ? 0 : attempt.endedMs, nowMs, attempt.verdict ? attempt.verdict->summary : attempt.note,
                 aroundOf(attempt));
            for (const CommandRecord &command : details.commands) {
                if (command.stage != stage.name || command.attempt != attempt.number)
                    continue;
                addCommand(below.first(), command, displayable(shownCommand(command.argv).left(300)), nowMs);
            }
        }
        addAuthors(std::numeric_limits<qint64>::max());
        fill(items, stage.name, cell.mark, markText(cell.mark), first, cell.mark == Mark::Running ? 0 : last, nowMs,
             cell.summary, around);
    }
}

QModelIndex AttemptTree::indexOf(const NodeRef &node) const
{
    const auto found = match(index(0, 0), KeyRole, node.key(), 1, Qt::MatchExactly | Qt::MatchRecursive);
    return found.isEmpty() ? QModelIndex() : found.first();
}

NodeRef AttemptTree::nodeAt(const QModelIndex &index) const
{
    return NodeRef::fromKey(index.siblingAtColumn(0).data(KeyRole).toString());
}

} // namespace openfactory::ui
