// SPDX-License-Identifier: Apache-2.0
#include "ui/models/mark.h"

#include <QCoreApplication>

#include <algorithm>

namespace openfactory::ui {

namespace {

class Marks {
    Q_DECLARE_TR_FUNCTIONS(Marks)
};

} // namespace

QString markText(Mark mark)
{
    switch (mark) {
    case Mark::NotStarted: return Marks::tr("Not started");
    case Mark::Queued: return Marks::tr("Queued");
    case Mark::Running: return Marks::tr("Running");
    case Mark::Waiting: return Marks::tr("Waiting for you");
    case Mark::Passed: return Marks::tr("Passed");
    case Mark::Risk: return Marks::tr("Passed with a risk");
    case Mark::Failed: return Marks::tr("Failed");
    case Mark::Blocked: return Marks::tr("Blocked by contract");
    case Mark::Reverted: return Marks::tr("Reverted");
    case Mark::Skipped: return Marks::tr("Skipped");
    case Mark::Cancelled: return Marks::tr("Cancelled");
    case Mark::Interrupted: return Marks::tr("Interrupted");
    }
    return {};
}

bool needsPerson(JobState state, WaitKind wait)
{
    return state == JobState::Waiting
           && (wait == WaitKind::Approval || wait == WaitKind::Clarification || wait == WaitKind::Change
               || wait == WaitKind::Conflict);
}

Mark markOf(AttemptState state, FailureClass failure)
{
    switch (state) {
    case AttemptState::Running: return Mark::Running;
    case AttemptState::Passed: return Mark::Passed;
    case AttemptState::SoftFailed: return Mark::Risk;
    case AttemptState::Failed: return failure == FailureClass::Absolute ? Mark::Blocked : Mark::Failed;
    case AttemptState::Reverted: return Mark::Reverted;
    case AttemptState::Interrupted: return Mark::Interrupted;
    case AttemptState::Cancelled: return Mark::Cancelled;
    case AttemptState::Parked: return Mark::Waiting;
    }
    return Mark::NotStarted;
}

Mark markOf(Outcome outcome, FailureClass failure)
{
    switch (outcome) {
    case Outcome::Passed: return Mark::Passed;
    case Outcome::SoftFailed: return Mark::Risk;
    case Outcome::FailedBefore: return Mark::Risk;
    case Outcome::NotMeasured: return failure == FailureClass::Soft ? Mark::Risk : Mark::Failed;
    case Outcome::Failed: return failure == FailureClass::Absolute ? Mark::Blocked : Mark::Failed;
    case Outcome::Transient: return Mark::Interrupted;
    }
    return Mark::NotStarted;
}

Mark markOf(const Check &check)
{
    switch (check.status) {
    case CheckStatus::Queued: return Mark::Queued;
    case CheckStatus::Running: return Mark::Running;
    case CheckStatus::Completed: break;
    }
    switch (check.conclusion) {
    case CheckConclusion::Success: return Mark::Passed;
    case CheckConclusion::Failure:
    case CheckConclusion::ActionRequired: return Mark::Failed;
    case CheckConclusion::Cancelled: return Mark::Cancelled;
    case CheckConclusion::Neutral:
    case CheckConclusion::Skipped: return Mark::Skipped;
    default: return Mark::Interrupted;
    }
}

std::vector<StageCell> stageCells(const Pipeline &pipeline, const std::vector<AttemptGlance> &attempts, int stageIndex,
                                  JobState state, WaitKind wait)
{
    std::vector<StageCell> cells;
    cells.reserve(pipeline.stages.size());
    for (size_t i = 0; i < pipeline.stages.size(); ++i) {
        const StageDefinition &stage = pipeline.stages[i];
        StageCell cell;
        cell.stage = stage.name;
        for (const AttemptGlance &attempt : attempts) {
            if (attempt.stage != stage.name)
                continue;
            ++cell.attempts;
            cell.mark = markOf(attempt.state, stage.failure);
            cell.startedMs = attempt.startedMs;
            cell.endedMs = attempt.endedMs;
            cell.summary = attempt.summary;
        }
        const bool next = int(i) == stageIndex && !isEnded(state);
        // A gate that was left is not waited at any more, and the stage that comes next is about to be tried again.
        if (next && cell.mark != Mark::Running)
            cell.mark = needsPerson(state, wait) ? Mark::Waiting : Mark::Queued;
        else if (cell.mark == Mark::Waiting && (isEnded(state) || !next))
            cell.mark = isFinal(state) && state != JobState::Done ? Mark::Cancelled : Mark::Passed;
        cells.push_back(std::move(cell));
    }
    return cells;
}

} // namespace openfactory::ui
