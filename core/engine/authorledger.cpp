// SPDX-License-Identifier: Apache-2.0
#include "core/engine/authorledger.h"

namespace openfactory {

AuthorLedger::AuthorLedger(JobSession &session, QString stage, int round)
    : m_session(session),
      m_stage(std::move(stage)),
      m_round(round)
{}

Result<void> AuthorLedger::write(const AuthorCallRecord &call, const QString &artifact, const QByteArray &text,
                                 const QString &event, std::vector<AuthorCallRecord> others)
{
    Step step;
    if (!artifact.isEmpty()) {
        OF_TRY(kept,
               m_session.folder().write(artifact, m_session.ports().masker->mask(text), m_stage, 0, m_session.now()));
        step.artifacts.push_back(std::move(kept));
    }
    step.authorCalls = std::move(others);
    step.authorCalls.push_back(call);
    step.events.push_back(m_session.event(event, m_stage, 0,
                                          {{QStringLiteral("number"), call.number},
                                           {QStringLiteral("model"), call.model},
                                           {QStringLiteral("ending"), call.ending},
                                           {QStringLiteral("note"), call.note.left(500)}}));
    return m_session.write(std::move(step));
}

Result<std::optional<QString>> AuthorLedger::begin(AuthorCallRecord &call, const QByteArray &prompt)
{
    OF_TRY(earlier, m_session.store().authorCalls(m_session.job().id()));
    std::vector<AuthorCallRecord> interrupted;
    for (AuthorCallRecord &one : earlier) {
        if (one.finished)
            continue;
        one.finished = true;
        one.ending = QStringLiteral("interrupted");
        one.note = QStringLiteral("its process ended before the answer came");
        interrupted.push_back(one);
    }
    call.number = earlier.empty() ? 1 : earlier.back().number + 1;
    call.stage = m_stage;
    call.round = m_round;
    call.finished = false;
    call.startedMs = m_session.now();
    if (auto why = whyOverBudget(m_session.ports().settings.jobBudget, earlier, call)) {
        if (!interrupted.empty()) {
            Step step;
            step.authorCalls = std::move(interrupted);
            OF_CHECK(m_session.write(std::move(step)));
        }
        return why;
    }
    call.prompt = QStringLiteral("model/%1-prompt.json").arg(call.number, 4, 10, QLatin1Char('0'));
    OF_CHECK(write(call, call.prompt, prompt, QStringLiteral("author-call-started"), std::move(interrupted)));
    return std::nullopt;
}

Result<void> AuthorLedger::end(AuthorCallRecord call, const QByteArray &answer)
{
    call.finished = true;
    call.note = m_session.ports().masker->masked(call.note);
    if (!answer.isEmpty())
        call.answer = QStringLiteral("model/%1-answer.txt").arg(call.number, 4, 10, QLatin1Char('0'));
    return write(call, call.answer, answer, QStringLiteral("author-call-ended"));
}

int AuthorLedger::failedInARow() const
{
    const auto calls = m_session.store().authorCalls(m_session.job().id());
    if (!calls)
        return 0;
    const auto answered = std::find_if(calls->rbegin(), calls->rend(), [](const AuthorCallRecord &call) {
        return call.ending != u"down" && call.ending != u"rate-limited";
    });
    return int(answered - calls->rbegin());
}

} // namespace openfactory
