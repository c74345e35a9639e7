// SPDX-License-Identifier: Apache-2.0
#include "core/domain/retry.h"

#include <algorithm>

namespace openfactory {

std::chrono::milliseconds backoff(int failures)
{
    const int doublings = std::clamp(failures - 1, 0, 20);
    return std::min(std::chrono::milliseconds(2000LL << doublings), std::chrono::milliseconds(300'000));
}

Judgement judge(const StageDefinition &stage, const Verdict &verdict, const PastFailure &now,
                const std::vector<PastFailure> &earlier, bool authorCanChange)
{
    if (verdict.outcome == Outcome::Passed)
        return {};

    // A soft stage may meet a hard failure (a secret, broken code); a hard stage knows no soft one.
    const bool soft = stage.failure == FailureClass::Soft && verdict.outcome != Outcome::Failed;
    const int failures = int(earlier.size()) + 1;
    const QString counted = QStringLiteral("%1 of %2 attempts failed").arg(failures).arg(stage.attempts);
    const auto end = [&](const QString &reason, bool revert) {
        return soft ? Judgement{NextStep::AcceptAsRisk, false, reason} : Judgement{NextStep::GiveUp, revert, reason};
    };

    // The change is not to blame for a tool that is missing: it stays where it is.
    if (verdict.outcome == Outcome::NotMeasured)
        return end(QStringLiteral("not measured"), false);
    if (verdict.outcome == Outcome::FailedBefore && stage.failure != FailureClass::Absolute)
        return {NextStep::AcceptAsRisk, false, QStringLiteral("it failed before the change too")};
    if (verdict.outcome == Outcome::Transient) {
        if (failures < stage.attempts)
            return {NextStep::RetryLater, false, counted + QStringLiteral("; it may pass later")};
        return end(counted, stage.reverts);
    }
    if (stage.failure == FailureClass::Absolute)
        return {NextStep::GiveUp, false, QStringLiteral("no decision overrides %1").arg(stage.name)};

    const bool nothingChanged = !now.tree.isEmpty() && !now.fingerprint.isEmpty()
                                && std::ranges::any_of(earlier, [&](const PastFailure &past) {
                                       return past.tree == now.tree && past.fingerprint == now.fingerprint;
                                   });
    if (nothingChanged)
        return end(QStringLiteral("nothing changed"), stage.reverts);
    if (failures >= stage.attempts)
        return end(counted, stage.reverts);
    if (!authorCanChange)
        return end(QStringLiteral("the author has no further change"), stage.reverts);
    return {NextStep::AskAuthor, !soft && stage.reverts, counted};
}

} // namespace openfactory
