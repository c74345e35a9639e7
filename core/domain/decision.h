// SPDX-License-Identifier: Apache-2.0
/// What a person says at a human gate. Bound to what was shown: diff, evidence, contract.
#pragma once

#include "core/base/id.h"
#include "core/domain/binding.h"
#include "core/domain/contract.h"

namespace openfactory {

enum class DecisionKind { Approve, Reject, RequestChanges };

struct Decision {
    DecisionId id;
    QString gate; ///< stage name
    DecisionKind kind = DecisionKind::Approve;
    QString actor;
    QString comment;
    Strategy strategy = Strategy::Direct;
    QStringList acceptedRisks;
    Binding binding;
    qint64 madeMs = 0;
    QString voidReason; ///< not empty: it no longer holds, and why
    QString consumedBy; ///< step that used it; at most one
};

/// Digest of the verdicts that a decision rests on: stage, outcome, facts, findings, risks; without times.
QString evidenceHash(const std::vector<std::pair<QString, Verdict>> &byStage);
/// What differs between the two, for people: "the diff and the evidence"; empty where they are alike.
QString whatDiffers(const Binding &shown, const Binding &now);
/// Why the decision does not hold for what is there now, or nothing where it holds.
std::optional<QString> whyVoid(const Binding &decided, const Binding &now);
/// Refuses what a person may not decide: reject or request-changes without a comment, approve with an unknown risk, or
/// with an open risk left out (naming it), approve with an absolute stage failed. Sending the change back or rejecting
/// it stays possible there.
Result<void> checkDecision(const Decision &decision, const std::vector<Risk> &risks, bool absoluteFailure);

/// What a decision against a change says to its author.
Finding remarkOf(const Decision &decision);

QString toName(DecisionKind);
std::optional<DecisionKind> decisionKindFrom(QStringView);
QString toName(Strategy);
std::optional<Strategy> strategyFrom(QStringView);

} // namespace openfactory
