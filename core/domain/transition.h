// SPDX-License-Identifier: Apache-2.0
/// The life of a job as one pure function (design.md, section 3).
#pragma once

#include "core/domain/job.h"

namespace openfactory {

enum class JobEvent {
    Claimed,      ///< an engine took the job to run it
    Parked,       ///< a stage returned a wait
    Finished,     ///< every stage is through and the change is integrated
    Failed,       ///< a stage failed for good
    ChecksFailed, ///< the required check failed for good
    Cancelled,    ///< a person ended it
    RolledBack,   ///< a rollout was taken back
    Retried,      ///< a person asks for another try of an ended job, or of a waiting one
    Interrupted,  ///< its process died; it goes back into the queue
};

/// The next state; Invalid for an event that the state does not know (also for every event of a final state).
Result<JobState> nextState(JobState state, JobEvent event);
QString toName(JobEvent);

} // namespace openfactory
