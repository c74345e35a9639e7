// SPDX-License-Identifier: Apache-2.0
/// Where the calls of a job's author are written down: a row and the prompt before each, the row and the answer after
/// it, all masked. On the job's worker thread, for as long as the author is asked.
#pragma once

#include "core/domain/author.h"
#include "core/engine/jobsession.h"

namespace openfactory {

class AuthorLedger final : public AuthorCalls {
public:
    /// `stage` and `round` are what the author answers; they go into each row.
    AuthorLedger(JobSession &session, QString stage, int round);
    /// Refuses where the budget of the settings could be overdrawn. Calls that a process left unfinished when it died
    /// are ended as interrupted first: what they cost is not known, and is reckoned.
    Result<std::optional<QString>> begin(AuthorCallRecord &call, const QByteArray &prompt) override;
    Result<void> end(AuthorCallRecord call, const QByteArray &answer) override;
    int failedInARow() const override;

private:
    Result<void> write(const AuthorCallRecord &call, const QString &artifact, const QByteArray &text,
                       const QString &event, std::vector<AuthorCallRecord> others = {});

    JobSession &m_session;
    QString m_stage;
    int m_round;
};

} // namespace openfactory
