// SPDX-License-Identifier: Apache-2.0
#include "core/engine/recordedforge.h"

namespace openfactory {

namespace {

const QString kPush = QStringLiteral("push");
const QString kOpenPull = QStringLiteral("open-pull");
const QString kDescribePull = QStringLiteral("describe-pull");
const QString kRerun = QStringLiteral("rerun-check");
const QString kCancel = QStringLiteral("cancel-check");

} // namespace

RecordedForge::RecordedForge(JobSession &session, std::unique_ptr<Forge> forge, QString stage, int attempt)
    : m_session(session),
      m_forge(std::move(forge)),
      m_stage(std::move(stage)),
      m_attempt(attempt)
{}

QString RecordedForge::masked(const QString &text) const
{
    return m_session.ports().masker->masked(text);
}

template<class Effect>
auto RecordedForge::recorded(const QString &kind, const QJsonObject &payload, Effect effect) -> decltype(effect())
{
    OF_TRY(held, m_session.holdEffects());
    IntentRecord intent;
    intent.key = newUlid();
    intent.kind = kind;
    intent.stage = m_stage;
    intent.attempt = m_attempt;
    intent.payload = payload;
    intent.createdMs = m_session.now();
    Step before;
    before.intents.push_back(intent);
    OF_CHECK(m_session.write(std::move(before)));
    auto done = effect();
    Step after;
    intent.state = done ? IntentState::Done : IntentState::Abandoned;
    if (!done)
        intent.result = {{QStringLiteral("error"), toText(done.error())}};
    after.intents.push_back(intent);
    if (done) {
        after.events.push_back(m_session.event(QStringLiteral("forge-") + kind, m_stage, m_attempt, payload));
        after.audits.push_back(m_session.audit(QStringLiteral("forge.") + kind, payload));
    }
    OF_CHECK(m_session.write(std::move(after)));
    return done;
}

Result<ForgeFacts> RecordedForge::facts(const QString &target, const std::stop_token &stop)
{
    return m_forge->facts(target, stop);
}

Result<std::optional<CommitId>> RecordedForge::branchHead(const QString &branch, const std::stop_token &stop)
{
    return m_forge->branchHead(branch, stop);
}

Result<void> RecordedForge::push(const PushRequest &request, const std::stop_token &stop)
{
    return recorded(kPush, {{QStringLiteral("branch"), request.branch}, {QStringLiteral("commit"), request.commit}},
                    [&] { return m_forge->push(request, stop); });
}

Result<std::optional<PullRequest>> RecordedForge::findPull(const QString &branch, const std::stop_token &stop)
{
    return m_forge->findPull(branch, stop);
}

Result<PullRequest> RecordedForge::openPull(const PullRequest &pull, const QString &body, const std::stop_token &stop)
{
    PullRequest clean = pull;
    clean.title = masked(pull.title);
    return recorded(kOpenPull, {{QStringLiteral("branch"), pull.branch}, {QStringLiteral("base"), pull.base}},
                    [&] { return m_forge->openPull(clean, masked(body), stop); });
}

Result<void> RecordedForge::describePull(int number, const QString &body, const std::stop_token &stop)
{
    return recorded(kDescribePull, {{QStringLiteral("number"), number}},
                    [&] { return m_forge->describePull(number, masked(body), stop); });
}

Result<std::vector<Check>> RecordedForge::checks(const CommitId &commit, const std::stop_token &stop)
{
    return m_forge->checks(commit, stop);
}

Result<CheckEvidence> RecordedForge::evidence(const Check &check, qint64 mostBytes, const std::stop_token &stop)
{
    return m_forge->evidence(check, mostBytes, stop);
}

Result<void> RecordedForge::rerun(const Check &check, const std::stop_token &stop)
{
    return recorded(kRerun, {{QStringLiteral("check"), check.id}, {QStringLiteral("commit"), check.commit}},
                    [&] { return m_forge->rerun(check, stop); });
}

Result<void> RecordedForge::cancel(const Check &check, const std::stop_token &stop)
{
    return recorded(kCancel, {{QStringLiteral("check"), check.id}, {QStringLiteral("commit"), check.commit}},
                    [&] { return m_forge->cancel(check, stop); });
}

Result<std::optional<bool>> forgeEffectStands(JobSession &session, const IntentRecord &intent,
                                              const std::stop_token &stop)
{
    const bool asks = intent.kind == kPush || intent.kind == kOpenPull;
    if (!asks && intent.kind != kDescribePull && intent.kind != kRerun && intent.kind != kCancel)
        return std::optional<bool>();
    if (!asks) // done again, it changes nothing: a description is replaced, a check that is open is not queued twice
        return std::optional(false);
    OF_TRY(forge, session.ports().forges->forgeOf(session.job().identity));
    const QString branch = intent.payload[QStringLiteral("branch")].toString();
    if (intent.kind == kPush) {
        OF_TRY(head, forge->branchHead(branch, stop));
        return std::optional(head == intent.payload[QStringLiteral("commit")].toString());
    }
    OF_TRY(pull, forge->findPull(branch, stop));
    return std::optional(pull && pull->state == PullRequest::State::Open);
}

} // namespace openfactory
