// SPDX-License-Identifier: Apache-2.0
#include "core/engine/pullgate.h"

namespace openfactory {

Result<std::optional<QString>> whyNotDone(JobSession &session, const std::stop_token &stop)
{
    if (!session.pipeline().indexOf(StageKind::PullRequest))
        return std::optional<QString>();
    const JobIdentity &job = session.job().identity;
    const CommitId head = session.progress().head;
    OF_TRY(forge, session.ports().forges->forgeOf(job));
    OF_TRY(facts, forge->facts(job.target, stop));
    OF_TRY(pull, forge->findPull(job.branch, stop));
    if (!pull)
        return std::optional(QStringLiteral("there is no pull request"));
    if (pull->state == PullRequest::State::Closed)
        return std::optional(QStringLiteral("pull request %1 was closed").arg(pull->number));
    if (pull->head != head)
        return std::optional(QStringLiteral("pull request %1 is at %2, the job at %3")
                                 .arg(pull->number)
                                 .arg(pull->head.left(12), head.left(12)));
    OF_TRY(checks, forge->checks(head, stop));
    const RequiredVerdict verdict = requiredVerdict(requiredCheckIn(facts, requiredCheckName()), checks, head);
    if (verdict.kind != RequiredVerdict::Kind::Success)
        return std::optional(verdict.said);
    return std::optional<QString>();
}

} // namespace openfactory
