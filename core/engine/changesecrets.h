// SPDX-License-Identifier: Apache-2.0
/// Secrets that a job's change brings into its repository (law 8). On the worker's thread.
#pragma once

#include "core/domain/verdict.h"
#include "core/engine/jobsession.h"

namespace openfactory {

/// What the workspace adds to the job's base that is a secret, or, with `commitsToo`, one of the commits up to `head`.
/// A file that nobody can search to its end counts as one.
Result<std::vector<Finding>> addedSecrets(JobSession &session, const CommitId &head, bool commitsToo);

} // namespace openfactory
