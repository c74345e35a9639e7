// SPDX-License-Identifier: Apache-2.0
/// Looks whether an attempt can be answered from the record, before anything of it is run. Worker thread.
#pragma once

#include "core/domain/gaterecord.h"
#include "core/engine/attemptcontext.h"

namespace openfactory {

/// What the record says to an attempt.
struct RecordAnswer {
    QString inputs; ///< what a pass of it rests on; empty: nothing is answered from it
    bool anyJob = false;
    std::optional<Verdict> verdict; ///< the answer, where there is one
};

/// Where a stage judges, and what.
struct GatePlace {
    QString workspace; ///< its files: the job's workspace, or a copy of it
    QString home;
    CommitId content;
    TreeId tree;
    CommitId base; ///< where the change began
};
/// The inputs as far as they can be told; nothing where the stage runs in any case. Any thread.
std::optional<GateInputs> inputsOf(const EnginePorts &ports, StageContext &context, const StageHandler &handler,
                                   const GatePlace &place);
/// In any doubt there is no answer, and the stage runs. An Error is one of the store.
Result<RecordAnswer> askRecord(JobSession &session, AttemptContext &context, const StageHandler &handler,
                               const AttemptRecord &attempt);

} // namespace openfactory
