// SPDX-License-Identifier: Apache-2.0
#include "core/domain/retry.h"

#include "core/domain/names.h"

#include <algorithm>

namespace openfactory {

namespace {

constexpr Named<TcrVariant> kVariants[] = {{TcrVariant::Strict, u"strict"},
                                           {TcrVariant::Relaxed, u"relaxed"},
                                           {TcrVariant::BuildFirst, u"build-first"}};

} // namespace

QString toName(TcrVariant variant)
{
    return nameIn(kVariants, variant);
}

std::optional<TcrVariant> tcrVariantFrom(QStringView text)
{
    return valueIn(kVariants, text);
}

bool isBuildFailure(const StageDefinition &stage, const Verdict &verdict)
{
    if (stage.kind == StageKind::Implement) // but for what a ticket asks for: its files, its tests
        return verdict.findings.empty()
               || (verdict.findings.front().tool != u"ticket" && verdict.findings.front().test.isEmpty());
    if (verdict.findings.empty() || !verdict.findings.front().test.isEmpty())
        return false;
    // As the toolchains' readers call what keeps tests from running; a compiler may give its own codes instead.
    const QString &rule = verdict.findings.front().rule;
    const bool noTestRan = !verdict.tests || verdict.tests->total() == 0;
    return rule == QStringLiteral("build") || rule == QStringLiteral("collection") || rule == QStringLiteral("parse")
           || (noTestRan && rule != QStringLiteral("failed") && !verdict.findings.front().file.isEmpty());
}

std::chrono::milliseconds backoff(int failures)
{
    const int doublings = std::clamp(failures - 1, 0, 20);
    return std::min(std::chrono::milliseconds(2000LL << doublings), std::chrono::milliseconds(300'000));
}

Judgement judge(const StageDefinition &stage, const Verdict &verdict, const PastFailure &now,
                const std::vector<PastFailure> &earlier, bool authorCanChange, TcrVariant variant)
{
    if (verdict.outcome == Outcome::Passed)
        return {};

    const bool reverts = stage.reverts && !(variant == TcrVariant::BuildFirst && isBuildFailure(stage, verdict));
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
        return end(counted, reverts);
    }
    if (stage.failure == FailureClass::Absolute)
        return {NextStep::GiveUp, false, QStringLiteral("no decision overrides %1").arg(stage.name)};

    const bool nothingChanged = !now.tree.isEmpty() && !now.fingerprint.isEmpty()
                                && std::ranges::any_of(earlier, [&](const PastFailure &past) {
                                       return past.tree == now.tree && past.fingerprint == now.fingerprint;
                                   });
    if (nothingChanged)
        return end(QStringLiteral("nothing changed"), reverts);
    if (failures >= stage.attempts)
        return end(counted, reverts);
    if (!authorCanChange)
        return end(QStringLiteral("the author has no further change"), reverts);
    return {NextStep::AskAuthor, !soft && reverts, counted};
}

} // namespace openfactory
