// SPDX-License-Identifier: Apache-2.0
/// Runs the commands of a job's author: in the job's sandbox, with a row before and after each, a masked log, and what
/// it is asked as a file in the job's home. Their rows have the number 0 as attempt: they come before the one that
/// judges them. On the job's worker thread.
#pragma once

#include "core/domain/author.h"
#include "core/engine/jobsession.h"

namespace openfactory {

class AuthorRunner final : public AuthorCommands {
public:
    /// `stage` is what the author answers.
    AuthorRunner(JobSession &session, QString stage);
    Result<CommandOutcome> run(const AuthorCommand &command, const std::stop_token &stop) override;
    QByteArray lastOutput(qint64 mostBytes) const override;

private:
    Result<void> tell(const CommandRecord &record);

    JobSession &m_session;
    QString m_stage;
    QString m_log; ///< of the last command
};

} // namespace openfactory
