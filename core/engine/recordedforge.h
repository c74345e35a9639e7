// SPDX-License-Identifier: Apache-2.0
/// The job's forge as its stages see it: what changes something there is written down before and after (law 2), under
/// the lock of the job's effects, and nothing that leaves holds a secret (law 8). Worker thread; lives for an attempt.
#pragma once

#include "core/engine/jobsession.h"

namespace openfactory {

class RecordedForge : public Forge {
public:
    RecordedForge(JobSession &session, std::unique_ptr<Forge> forge, QString stage, int attempt);

    Result<ForgeFacts> facts(const QString &target, const std::stop_token &stop) override;
    Result<std::optional<CommitId>> branchHead(const QString &branch, const std::stop_token &stop) override;
    Result<void> push(const PushRequest &request, const std::stop_token &stop) override;
    Result<std::optional<PullRequest>> findPull(const QString &branch, const std::stop_token &stop) override;
    Result<PullRequest> openPull(const PullRequest &pull, const QString &body, const std::stop_token &stop) override;
    Result<void> describePull(int number, const QString &body, const std::stop_token &stop) override;
    Result<std::vector<Check>> checks(const CommitId &commit, const std::stop_token &stop) override;
    Result<CheckEvidence> evidence(const Check &check, qint64 mostBytes, const std::stop_token &stop) override;
    Result<void> rerun(const Check &check, const std::stop_token &stop) override;
    Result<void> cancel(const Check &check, const std::stop_token &stop) override;
    std::chrono::milliseconds pollAfter() const override { return m_forge->pollAfter(); }
    std::optional<RequestLimit> requestLimit() const override { return m_forge->requestLimit(); }

private:
    /// Intent, effect, result. `done` gives what the result is to say.
    template<class Effect>
    auto recorded(const QString &kind, const QJsonObject &payload, Effect effect) -> decltype(effect());
    QString masked(const QString &text) const;

    JobSession &m_session;
    std::unique_ptr<Forge> m_forge;
    QString m_stage;
    int m_attempt;
};

/// Whether the effect of an open intent of a forge stands: asked of the forge itself. Nothing for intents of another
/// kind.
Result<std::optional<bool>> forgeEffectStands(JobSession &session, const IntentRecord &intent,
                                              const std::stop_token &stop);

} // namespace openfactory
