// SPDX-License-Identifier: Apache-2.0
/// When a gate that passed is answered from the record instead of being run again: the same inputs, to the byte, were
/// judged before. Pure. What counts as an input, and why, is in docs/decisions/0015.
#pragma once

#include "core/domain/pipeline.h"
#include "core/domain/records.h"
#include "core/domain/toolchains.h"

namespace openfactory {

/// Older passes are not answered from: what depends on the date is looked at again.
constexpr std::chrono::hours mostRecordAge{7 * 24};

/// All that the verdict of one attempt of a stage follows from.
struct GateInputs {
    StageDefinition stage;
    StagePlan plan;      ///< with the attempt's own report folder written as "{reports}"
    TreeId tree;         ///< tracked and untracked files
    CommitId base;       ///< where the change began
    QByteArray beside;   ///< digest of what else lies in the workspace (ignored files)
    QByteArray home;     ///< digest of the job's home, but for its caches
    QString seed;        ///< the shared cache that the home began with; empty: none
    QString language;    ///< of the toolchain
    QString pipeline;    ///< the job's, as text
    QString contract;    ///< and its contract
    QStringList layers;  ///< of the sandbox
    QStringList present; ///< the programs of the plan that are there
    QByteArray tools;    ///< CommandRunner::toolState() of the programs
    QString judge;       ///< the build of what plans, reads and judges
};

/// Why a stage with these commands runs in any case; empty where a pass may be answered from the record.
QString whyAlwaysRun(const StagePlan &plan, const StageDefinition &stage, const Contract &contract);
/// A digest of the inputs, 64 hex digits.
QString inputsKey(const GateInputs &inputs);
/// Whether nothing but this tree has been run by the job so far: then what its commands left in its caches is the
/// tree's own doing, and the pass holds for other jobs too.
bool holdsForAnyJob(const std::vector<AttemptRecord> &earlier, const TreeId &tree);
/// The verdict of the attempt that is answered by the pass: it says so.
Verdict answeredFrom(const RecordSource &source, Verdict verdict);
/// "unit-test/1", "unit-test/1 of job totals (01J...)"
QString toText(const RecordSource &source);

} // namespace openfactory
