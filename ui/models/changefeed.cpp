// SPDX-License-Identifier: Apache-2.0
#include "ui/models/changefeed.h"

#include "ui/models/words.h"

#include <algorithm>
#include <utility>

namespace openfactory::ui {

ChangeFeed::ChangeFeed(Worker<ReadSide> &reader, QObject *parent) : QObject(parent), m_reader(reader)
{
    // Wakes come by socket and inotify; this is for a host where both are lost.
    m_fallback.setInterval(std::chrono::minutes(1));
    connect(&m_fallback, &QTimer::timeout, this, &ChangeFeed::look);
    m_fallback.start();
}

void ChangeFeed::look()
{
    if (m_looking) {
        m_again = true;
        return;
    }
    m_looking = true;
    m_reader.ask(
        this, [after = m_seq](ReadSide &side) { return side.changesAfter(after); },
        [this](const Result<Changes> &changes) {
            m_looking = false;
            const QString failure = changes ? QString() : errorText(changes.error());
            if (failure != m_failure)
                Q_EMIT failed(m_failure = failure);
            if (isReady() && !changes && changes.error().kind == ErrorKind::NotFound && !std::exchange(m_lost, true))
                Q_EMIT storeLost();
            if (changes)
                take(*changes);
            if (std::exchange(m_again, false))
                look();
        });
}

void ChangeFeed::take(const Changes &changes)
{
    if (m_seq < 0) {
        // What was before is read by whoever shows it, and is no news.
        m_seq = changes.seq;
        m_newest = changes.newest;
        m_enginePaused = changes.enginePaused;
        Q_EMIT ready();
        if (m_enginePaused)
            Q_EMIT pausedChanged(true);
        return;
    }
    m_seq = changes.seq;
    std::vector<qint64> jobs = changes.jobs;
    for (qint64 num = m_newest + 1; num <= changes.newest && num <= m_newest + 1000; ++num) {
        if (std::ranges::find(jobs, num) == jobs.end())
            jobs.push_back(num); // one that was made without an event
    }
    m_newest = std::max(m_newest, changes.newest);
    if (changes.many)
        Q_EMIT manyChanged();
    else if (!jobs.empty())
        Q_EMIT changed(jobs);
    if (changes.enginePaused != m_enginePaused)
        Q_EMIT pausedChanged(m_enginePaused = changes.enginePaused);
}

} // namespace openfactory::ui
