// SPDX-License-Identifier: Apache-2.0
/// Runs a job from the command line: on a thread of its own, with the live table, and with Ctrl-C as a clean park.
#pragma once

#include "app/factory/session.h"
#include "app/wiring/interrupts.h"
#include "core/engine/jobrun.h"

#include <stop_token>

namespace openfactory::cli {

/// How a job is run here.
struct RunHow {
    bool quiet = false; ///< without the live table
    bool watch = false; ///< a person's changes are judged as they are made
    bool fresh = false; ///< no gate is answered from the record
};

/// Claims the job and does one piece of work on it, with the event loop running meanwhile. Conflict when another
/// process runs the job.
Result<JobRun::End> runHere(Session &session, const JobId &job,
                            const std::function<Result<JobRun::End>(JobRun &)> &work, const RunHow &how = {});

/// Whether this host can run the job's commands: asked before anything of it is begun.
Result<void> checkHost(Session &session, const Job &job);

/// Runs the job until it is done, fails, or waits for what only a person can give. Returns whether it was interrupted.
Result<bool> runToRest(Session &session, const JobId &job, const RunHow &how = {});

/// Why the job's change can be judged, but not be approved: its target is protected; empty where it can.
QString whyProtected(const Job &job);

/// Says where the job stands and returns the exit code for that.
int tellState(Session &session, const JobId &job);

} // namespace openfactory::cli
