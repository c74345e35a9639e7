// SPDX-License-Identifier: Apache-2.0
/// What comes after an attempt. Pure rules.
#pragma once

#include "core/domain/pipeline.h"
#include "core/domain/verdict.h"

namespace openfactory {

/// Exponential backoff with a cap: 2 s, 4 s, 8 s ... 5 min, for the n-th failure (from 1).
std::chrono::milliseconds backoff(int failures);

/// What a hard failure of a reverting stage takes back. Whatever it takes back stays in the ledger.
enum class TcrVariant {
    Strict,     ///< all of the change since the last good commit
    Relaxed,    ///< the sources; what was changed in tests stays in the workspace, uncommitted
    BuildFirst, ///< all of it, but nothing while it does not compile: only a test that fails reverts
};
QString toName(TcrVariant);
std::optional<TcrVariant> tcrVariantFrom(QStringView);

/// Whether what failed is the build: stage implement, or a stage of tests whose cause is a compiler's, not a test's.
bool isBuildFailure(const StageDefinition &stage, const Verdict &verdict);

/// A failed attempt as the rules need it.
struct PastFailure {
    TreeId tree;
    QString fingerprint;
};

enum class NextStep {
    Advance,      ///< the stage is through
    AcceptAsRisk, ///< through, with a risk
    RetryLater,   ///< the same again after a backoff (transient)
    AskAuthor,    ///< the author gets the evidence and makes a change; the job goes back to `implement`
    GiveUp,       ///< the stage has failed for good
};

struct Judgement {
    NextStep next = NextStep::Advance;
    bool revert = false; ///< restore the last good commit first; the reverted state is kept as a snapshot
    QString reason;      ///< "nothing changed", "3 of 3 attempts failed", ...
};

/// `earlier` are the failed attempts of this stage before the one judged, oldest first; `authorCanChange` is whether
/// the author has anything more to give for this failure.
Judgement judge(const StageDefinition &stage, const Verdict &verdict, const PastFailure &now,
                const std::vector<PastFailure> &earlier, bool authorCanChange, TcrVariant variant = TcrVariant::Strict);

} // namespace openfactory
