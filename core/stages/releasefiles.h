// SPDX-License-Identifier: Apache-2.0
/// The release artifacts (openfactory-v2-pipeline, stage 7): what was measured, said with the row that it comes from,
/// and "unknown" where nothing was measured.
#pragma once

#include "core/domain/stage.h"

namespace openfactory {

struct ReleaseFacts {
    JobRecord record;
    Pipeline pipeline;
    ChangeSet change; ///< from where the job began to its head, summary only
    Strategy strategy = Strategy::Direct;
};

Result<ReleaseFacts> gatherReleaseFacts(StageContext &context);
QByteArray finalSummary(const ReleaseFacts &facts);
QByteArray runbook(const ReleaseFacts &facts);
QByteArray testReport(const ReleaseFacts &facts);
QByteArray securityNotes(const ReleaseFacts &facts);
/// JSON: every artifact with size and SHA-256, the job, its trace, its author and each call of a model.
QByteArray manifest(const ReleaseFacts &facts, const std::vector<ArtifactRecord> &kept);

} // namespace openfactory
