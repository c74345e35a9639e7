// SPDX-License-Identifier: Apache-2.0
/// What a decision rests on, put together from the store: the newest verdict of each stage, the open risks, the hashes.
/// Pure over what it is given.
#pragma once

#include "core/domain/decision.h"
#include "core/domain/records.h"
#include "core/domain/retry.h"

namespace openfactory {

/// The newest finished verdict of each stage that lies before `before` in the pipeline, in the pipeline's order.
std::vector<std::pair<QString, Verdict>> newestVerdicts(const Pipeline &pipeline,
                                                        const std::vector<AttemptRecord> &attempts, int before);

/// What a failed attempt was judged on, and how it failed. A document is what its text is, whatever lies in the
/// workspace.
PastFailure failureOf(const AttemptRecord &attempt);
/// The failed attempts of a stage that count towards its limit: those after the last retry by a person, of that ticket.
std::vector<PastFailure> countedFailures(const std::vector<AttemptRecord> &attempts, const QString &stage,
                                         int attemptMark, int ticket = 0);

/// Number of the next attempt of a stage.
int nextAttempt(const std::vector<AttemptRecord> &attempts, const QString &stage);

/// Whether the newest verdict of an absolute stage is a failure.
bool absoluteFailure(const Pipeline &pipeline, const std::vector<AttemptRecord> &attempts);

/// Neither used up nor void.
bool isPending(const Decision &decision);
/// The decision on the gate that is.
std::optional<Decision> pendingDecision(const std::vector<Decision> &decisions, const QString &gate);

} // namespace openfactory
