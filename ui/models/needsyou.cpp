// SPDX-License-Identifier: Apache-2.0
#include "ui/models/needsyou.h"

#include "ui/models/words.h"

#include <algorithm>

namespace openfactory::ui {

NeedsYou::NeedsYou(Worker<ReadSide> &reader, const Clock &clock, QObject *parent, int most)
    : QObject(parent),
      m_reader(reader),
      m_clock(clock),
      m_model({tr("What to do"), tr("Job"), tr("Project"), tr("Why"), tr("Since")}),
      m_most(most)
{}

void NeedsYou::refresh()
{
    if (m_reading) {
        m_again = true;
        return;
    }
    m_reading = true;
    m_reader.ask(
        this,
        [now = m_clock.wallMs(), most = m_most](ReadSide &side) -> Result<std::pair<std::vector<JobRow>, qint64>> {
            JobQuery query = parseJobQuery(QStringLiteral("needs:me"), now);
            query.descending = false;
            OF_TRY(nums, side.order(query, most));
            OF_TRY(rows, side.rows(nums));
            // Between the two a job may have come or gone: then the list is what counts.
            qint64 count = qint64(rows.size());
            if (int(nums.size()) == most) {
                OF_TRY(counted, side.count(query));
                count = std::max(count, counted);
            }
            return std::pair(std::move(rows), count);
        },
        [this](Result<std::pair<std::vector<JobRow>, qint64>> found) {
            m_reading = false;
            if (found) {
                m_jobs = std::move(found->first);
                m_count = found->second;
                std::ranges::sort(m_jobs, {}, [](const JobRow &job) { return std::pair(job.waitSinceMs, job.num); });
                m_filled = true;
                show();
                Q_EMIT changed();
            }
            if (std::exchange(m_again, false))
                refresh();
        });
}

void NeedsYou::show()
{
    if (!m_filled)
        return;
    std::vector<TableRow> rows;
    for (const JobRow &job : m_jobs) {
        QString act = waitText(job.wait, job.document);
        act = act.left(1).toUpper() + act.mid(1);
        rows.push_back({job.id.text(),
                        {job.stage().isEmpty() ? act : tr("%1 at %2").arg(act, job.stage()), job.title,
                         projectName(job.repository), job.waitWhat, agoText(job.waitSinceMs, m_clock.wallMs())},
                        Mark::Waiting,
                        tr("%1, since %2").arg(job.waitWhat, timeText(job.waitSinceMs)),
                        job.id.text()});
    }
    m_model.setRows(std::move(rows));
}

} // namespace openfactory::ui
