// SPDX-License-Identifier: Apache-2.0
/// Runs the commands that a toolchain plans for a stage (or the contract's own), and gathers what they measured. Shared
/// by every stage whose verdict is a tool's verdict.
#pragma once

#include "core/domain/stage.h"

namespace openfactory {

/// What the commands of one stage came to, all together.
struct Measured {
    int ran = 0;                ///< commands that were started and had something to check
    bool problems = false;      ///< a tool said no
    bool toolFailed = false;    ///< a tool ended in a way that is no verdict
    bool serviceDown = false;   ///< timeout, or the output speaks of a service that is not there
    QString nothing;            ///< why there was nothing to check
    QStringList missing;        ///< programs that are not installed, with how to install them
    QStringList endings;        ///< one line for each command that did not pass: "pytest: exit 1"
    std::vector<int> exitCodes; ///< of these, where they exited
    std::optional<TestCounts> tests;
    std::optional<Coverage> coverage;
    std::vector<Finding> findings; ///< the cause first
    QStringList passedTests;       ///< by name, as far as the tools name them
    bool failedBefore = false;     ///< all of the problems were there where the change began

    bool passed() const { return ran > 0 && !problems && !toolFailed && !serviceDown && missing.isEmpty(); }
};

/// Plans and runs the stage's commands, and where they find problems sets apart what was there before the change.
/// `kind` may differ from the context's stage (tcr runs those of others).
Result<Measured> measure(StageContext &context, StageKind kind);
/// Runs the stage once more where the change began and marks the findings that it meets there as well; new ones first.
Result<void> setApart(StageContext &context, StageKind kind, Measured &measured);
/// Runs these commands of that plan.
Result<void> runCommands(StageContext &context, const StagePlan &plan, const std::vector<PlannedCommand> &commands,
                         Measured &measured);
/// The plan of a stage, with the contract's own command in the toolchain's place where there is one.
Result<StagePlan> planOf(StageContext &context, StageKind kind);

/// The verdict as far as it is the same for all stages: missing tools, tools that broke, services that are down.
/// Nothing when the tools gave a verdict of their own.
std::optional<Verdict> commonVerdict(const StageContext &context, const Measured &measured);
/// SoftFailed or Failed, as the stage is defined.
Outcome failureOf(const StageDefinition &stage);
/// The verdict where tools said no: what they found, counted as `what` ("violation"), or how they ended. Where all of
/// it was there before, a test's failure stays a risk to be accepted; a style's does not count at all.
Verdict problemVerdict(const Measured &measured, const QString &what, Outcome failure);
/// The tests that failed here and not in the job's own stage of unit tests, on the same change: each says so. None
/// where that stage did not come before, or as many failed in it.
Result<std::vector<Finding>> failedSinceUnitTests(StageContext &context, const Measured &measured);
/// "3 passed", "1 failed, 12 passed"
QString countsText(const TestCounts &counts);

} // namespace openfactory
