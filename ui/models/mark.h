// SPDX-License-Identifier: Apache-2.0
/// The state of a job, an attempt or a check as everything on the screen shows it: one shape and one word each, never
/// a colour alone (screens.md, A3). Pure.
#pragma once

#include "core/domain/pipeline.h"
#include "core/domain/records.h"

namespace openfactory::ui {

enum class Mark {
    NotStarted,
    Queued,
    Running,
    Waiting,
    Passed,
    Risk, ///< passed, with a risk
    Failed,
    Blocked, ///< a hard stop
    Reverted,
    Skipped,
    Cancelled,
    Interrupted,
};
constexpr int kMarks = int(Mark::Interrupted) + 1;

/// What the mark says in one or two words.
QString markText(Mark mark);

/// Whether a person has to act before the job goes on.
bool needsPerson(JobState state, WaitKind wait);
Mark markOf(AttemptState state, FailureClass failure);
Mark markOf(Outcome outcome, FailureClass failure);

Mark markOf(const Check &check);

/// One stage of a job: a cell of its strip.
struct StageCell {
    QString stage;
    Mark mark = Mark::NotStarted;
    int attempts = 0;
    qint64 startedMs = 0; ///< of the newest attempt
    qint64 endedMs = 0;
    QString summary; ///< what the newest attempt said
    bool operator==(const StageCell &) const = default;
};

/// What is needed of an attempt to draw its stage's cell.
struct AttemptGlance {
    QString stage;
    int number = 1;
    AttemptState state = AttemptState::Running;
    qint64 startedMs = 0;
    qint64 endedMs = 0;
    QString summary;
};

/// The strip of a job: a cell for each stage of its pipeline, in order. `attempts` oldest first.
std::vector<StageCell> stageCells(const Pipeline &pipeline, const std::vector<AttemptGlance> &attempts, int stageIndex,
                                  JobState state, WaitKind wait);

} // namespace openfactory::ui
