// SPDX-License-Identifier: Apache-2.0
#include "core/domain/transition.h"

#include "core/domain/names.h"

namespace openfactory {

namespace {

constexpr Named<JobEvent> kEvents[] = {
    {JobEvent::Claimed, u"claimed"},
    {JobEvent::Parked, u"parked"},
    {JobEvent::Finished, u"finished"},
    {JobEvent::Failed, u"failed"},
    {JobEvent::ChecksFailed, u"checks_failed"},
    {JobEvent::Cancelled, u"cancelled"},
    {JobEvent::RolledBack, u"rolled_back"},
    {JobEvent::Retried, u"retried"},
    {JobEvent::Interrupted, u"interrupted"},
};

struct Arrow {
    JobState from;
    JobEvent event;
    JobState to;
};

/// Every arrow of design.md, section 3; what is not here is an error.
constexpr Arrow kArrows[] = {
    {JobState::Created, JobEvent::Claimed, JobState::Running},
    {JobState::Created, JobEvent::Cancelled, JobState::Cancelled},

    // A claim of a running job takes it over from a process that died; the lease says that it may.
    {JobState::Running, JobEvent::Claimed, JobState::Running},
    {JobState::Running, JobEvent::Parked, JobState::Waiting},
    {JobState::Running, JobEvent::Finished, JobState::Done},
    {JobState::Running, JobEvent::Failed, JobState::Failed},
    {JobState::Running, JobEvent::ChecksFailed, JobState::CiFailed},
    {JobState::Running, JobEvent::Cancelled, JobState::Cancelled},
    {JobState::Running, JobEvent::RolledBack, JobState::RolledBack},
    {JobState::Running, JobEvent::Interrupted, JobState::Waiting},

    {JobState::Waiting, JobEvent::Claimed, JobState::Running},
    {JobState::Waiting, JobEvent::Cancelled, JobState::Cancelled},
    {JobState::Waiting, JobEvent::Retried, JobState::Waiting},

    // Back into the queue: it waits for a free worker, which is due at once.
    {JobState::Failed, JobEvent::Retried, JobState::Waiting},
    {JobState::CiFailed, JobEvent::Retried, JobState::Waiting},
    // A person gives it up for good.
    {JobState::Failed, JobEvent::Cancelled, JobState::Cancelled},
    {JobState::CiFailed, JobEvent::Cancelled, JobState::Cancelled},
};

} // namespace

Result<JobState> nextState(JobState state, JobEvent event)
{
    for (const auto &arrow : kArrows) {
        if (arrow.from == state && arrow.event == event)
            return arrow.to;
    }
    return fail(ErrorKind::Invalid, QStringLiteral("change the job's state"),
                isFinal(state) ? QStringLiteral("it is %1, and nothing changes that").arg(toName(state))
                               : QStringLiteral("a job that is %1 knows no \"%2\"").arg(toName(state), toName(event)));
}

QString toName(JobEvent event)
{
    return nameIn(kEvents, event);
}

} // namespace openfactory
