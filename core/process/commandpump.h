// SPDX-License-Identifier: Apache-2.0
/// Follows one running command: takes its output through the masks into the log, and ends it when its time, its output
/// or the operator's patience is over. Never holds more than a few buffers.
#pragma once

#include "core/process/logwriter.h"
#include "core/process/sandboxsession.h"

#include <chrono>
#include <stop_token>

namespace openfactory {

struct PumpRequest {
    SandboxSession *session = nullptr;
    LogWriter *log = nullptr;
    const Masker *masker = nullptr; ///< null: nothing to mask
    Descriptor output;              ///< reading ends of the command's pipes
    Descriptor errors;
    CommandLimits limits;
    std::chrono::milliseconds grace{500}; ///< between SIGTERM and SIGKILL
};

struct PumpResult {
    helper::Reply reply;                       ///< NotStarted or Ended
    std::optional<CommandOutcome::Ending> cut; ///< why it was ended, when it was not by itself
    bool sandboxLost = false;                  ///< the sandbox had to be ended from outside; the reply is empty
};

/// Returns when every process of the command is gone and its output is in the log. An error of the log ends the command
/// and is returned; the command's processes are gone then too.
Result<PumpResult> pump(PumpRequest request, const std::stop_token &stop);

} // namespace openfactory
