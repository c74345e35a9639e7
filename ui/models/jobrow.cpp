// SPDX-License-Identifier: Apache-2.0
#include "ui/models/jobrow.h"

#include <algorithm>

namespace openfactory::ui {

bool JobRow::blocked() const
{
    return (state == JobState::Failed || state == JobState::CiFailed)
           && std::ranges::any_of(cells, [](const StageCell &cell) { return cell.mark == Mark::Blocked; });
}

Mark JobRow::mark() const
{
    switch (state) {
    case JobState::Created: return Mark::Queued;
    case JobState::Running: return Mark::Running;
    case JobState::Waiting: return needsMe() ? Mark::Waiting : Mark::Queued;
    case JobState::Done: return acceptedRisks > 0 ? Mark::Risk : Mark::Passed;
    case JobState::Failed:
    case JobState::CiFailed: return blocked() ? Mark::Blocked : Mark::Failed;
    case JobState::Cancelled: return Mark::Cancelled;
    case JobState::RolledBack: return Mark::Reverted;
    }
    return Mark::NotStarted;
}

QString JobRow::stage() const
{
    return stageIndex >= 0 && size_t(stageIndex) < cells.size() ? cells[size_t(stageIndex)].stage : QString();
}

} // namespace openfactory::ui
