// SPDX-License-Identifier: Apache-2.0
#include "core/engine/evidence.h"

namespace openfactory {

std::vector<std::pair<QString, Verdict>> newestVerdicts(const Pipeline &pipeline,
                                                        const std::vector<AttemptRecord> &attempts, int before)
{
    std::vector<std::pair<QString, Verdict>> verdicts;
    for (int i = 0; i < before && i < int(pipeline.stages.size()); ++i) {
        const AttemptRecord *newest = nullptr;
        for (const auto &attempt : attempts) {
            if (attempt.stage == pipeline.stages[size_t(i)].name && attempt.verdict
                && (!newest || attempt.number > newest->number))
                newest = &attempt;
        }
        if (newest)
            verdicts.emplace_back(newest->stage, *newest->verdict);
    }
    return verdicts;
}

PastFailure failureOf(const AttemptRecord &attempt)
{
    const QString document = attempt.verdict ? attempt.verdict->facts[QStringLiteral("document")].toString()
                                             : QString();
    return {document.isEmpty() ? attempt.tree : document, attempt.fingerprint};
}

std::vector<PastFailure> countedFailures(const std::vector<AttemptRecord> &attempts, const QString &stage,
                                         int attemptMark, int ticket)
{
    std::vector<PastFailure> failures;
    for (size_t i = size_t(std::max(0, attemptMark)); i < attempts.size(); ++i) {
        const auto &attempt = attempts[i];
        const bool failed = attempt.state == AttemptState::Failed || attempt.state == AttemptState::Reverted
                            || attempt.state == AttemptState::SoftFailed;
        if (attempt.stage == stage && attempt.ticket == ticket && failed)
            failures.push_back(failureOf(attempt));
    }
    return failures;
}

int nextAttempt(const std::vector<AttemptRecord> &attempts, const QString &stage)
{
    int most = 0;
    for (const auto &attempt : attempts) {
        if (attempt.stage == stage)
            most = std::max(most, attempt.number);
    }
    return most + 1;
}

bool absoluteFailure(const Pipeline &pipeline, const std::vector<AttemptRecord> &attempts)
{
    for (const auto &stage : pipeline.stages) {
        if (stage.failure != FailureClass::Absolute)
            continue;
        const auto verdicts = newestVerdicts(Pipeline{pipeline.name, {stage}}, attempts, 1);
        if (!verdicts.empty() && verdicts.front().second.outcome != Outcome::Passed)
            return true;
    }
    return false;
}

bool isPending(const Decision &decision)
{
    return decision.consumedBy.isEmpty() && decision.voidReason.isEmpty();
}

std::optional<Decision> pendingDecision(const std::vector<Decision> &decisions, const QString &gate)
{
    for (auto it = decisions.rbegin(); it != decisions.rend(); ++it) {
        if (it->gate == gate && isPending(*it))
            return *it;
    }
    return std::nullopt;
}

} // namespace openfactory
