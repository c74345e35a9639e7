// SPDX-License-Identifier: Apache-2.0
#include "app/factory/livetable.h"

#include "app/factory/terminal.h"
#include "core/base/text.h"

#include <utility>

namespace openfactory::cli {

namespace {
constexpr int kAttempt = 9;
constexpr int kTime = 12;
constexpr int kVerdict = 15;

/// A soft failure says what kind of one it is: failed_before, not_measured.
QString verdictWord(const QJsonObject &detail)
{
    const QString state = detail[QStringLiteral("state")].toString();
    const QString outcome = detail[QStringLiteral("outcome")].toString();
    return state == toName(AttemptState::SoftFailed) && !outcome.isEmpty() ? outcome : state;
}
} // namespace

LiveTable::LiveTable(Session &session, const JobId &job, QObject *parent)
    : QObject(parent),
      m_session(session),
      m_job(job)
{
    while (true) { // what was before is not news
        const auto events = session.store().eventsAfter(m_seq, job, 1000);
        if (!events || events->empty())
            break;
        m_seq = events->back().seq;
    }
    if (const auto known = session.store().job(job)) {
        const auto pipeline = loadPipeline(known->identity.pipelineYaml.toUtf8(), QStringLiteral("the job's pipeline"));
        for (const auto &stage : pipeline ? pipeline->stages : std::vector<StageDefinition>{})
            m_stageColumns = std::max(m_stageColumns, columnsOf(stage.name) + 2);
    }
    connect(&m_timer, &QTimer::timeout, this, &LiveTable::refresh);
    m_timer.start(isTerminal() ? 200 : 300);
}

LiveTable::~LiveTable()
{
    refresh();
    clearRunning();
}

void LiveTable::clearRunning()
{
    if (!m_line)
        return;
    m_session.out() << "\r\033[K";
    m_session.out().flush();
    m_line = false;
}

void LiveTable::showRunning()
{
    if (m_running.isEmpty() || !canRewrite() || m_session.json())
        return;
    // One column less than there is: a full line would wrap, and could not be taken back.
    const QString text = m_running + durationText(m_since.elapsed()) + QStringLiteral(" ...");
    m_session.out() << "\r\033[K" << elided(text, std::max(0, terminalColumns() - 1));
    m_session.out().flush();
    m_line = true;
}

void LiveTable::line(const QString &stage, const QString &attempt, const QString &time, const QString &verdict,
                     const QString &figure)
{
    const QString start = padded(stage, m_stageColumns) + padded(attempt, kAttempt) + padded(time, kTime);
    const QString end = padded(verdict, kVerdict) + displayable(figure);
    const int columns = terminalColumns();
    const QString whole = elided(start + end, columns);
    // The colour goes in after the cut: it has no width, and must not lose its end.
    if (whole.startsWith(start + verdict))
        m_session.say(start + coloured(verdict, verdict) + whole.sliced(start.size() + verdict.size()));
    else
        m_session.say(whole);
}

void LiveTable::row(const EventRecord &event)
{
    if (m_session.json()) {
        m_session.say(QJsonObject{{QStringLiteral("event"), event.kind},
                                  {QStringLiteral("stage"), event.stage},
                                  {QStringLiteral("attempt"), event.attempt},
                                  {QStringLiteral("at"), utcText(event.atMs)},
                                  {QStringLiteral("detail"), event.detail}});
        return;
    }
    if (event.kind == QStringLiteral("attempt-started")) {
        m_running = padded(event.stage, m_stageColumns) + padded(QString::number(event.attempt), kAttempt);
        m_since.start();
        m_startedMs = event.atMs;
        return;
    }
    if (event.kind == QStringLiteral("decision-void")) {
        clearRunning();
        m_session.say(QStringLiteral("the decision at %1 is void: %2")
                          .arg(event.stage, displayable(event.detail[QStringLiteral("reason")].toString())));
        return;
    }
    if (event.kind == QStringLiteral("changed-at-gate")) {
        clearRunning();
        m_session.say(QStringLiteral("the workspace was changed at the gate: it is judged from the start"));
        return;
    }
    const bool author = event.kind == QStringLiteral("author-changed");
    if (!author && event.kind != QStringLiteral("attempt-ended") && event.kind != QStringLiteral("parked"))
        return;
    clearRunning();
    if (!std::exchange(m_headed, true))
        line(QStringLiteral("stage"), QStringLiteral("attempt"), QStringLiteral("time"), QStringLiteral("verdict"),
             QStringLiteral("figure"));
    if (author) {
        line(QStringLiteral("author"), {}, {}, QStringLiteral("changed"),
             event.detail[QStringLiteral("summary")].toString());
        return;
    }
    const bool parked = event.kind == QStringLiteral("parked");
    line(event.stage, QString::number(event.attempt),
         m_startedMs > 0 ? durationText(std::max<qint64>(0, event.atMs - m_startedMs)) : QString(),
         parked ? QStringLiteral("waits") : verdictWord(event.detail),
         event.detail[parked ? QStringLiteral("what") : QStringLiteral("summary")].toString());
    m_running.clear();
}

void LiveTable::refresh()
{
    while (true) {
        const auto events = m_session.store().eventsAfter(m_seq, m_job, 200);
        if (!events || events->empty())
            break;
        for (const auto &event : *events) {
            m_seq = event.seq;
            row(event);
        }
    }
    showRunning();
}

} // namespace openfactory::cli
