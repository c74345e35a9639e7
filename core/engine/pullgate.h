// SPDX-License-Identifier: Apache-2.0
/// The definition of done of a job with a pull request (openfactory-v2-pipeline): it exists, and its required check is
/// success on the job's head. Asked of the forge at the very end, whatever the stages before have seen.
#pragma once

#include "core/engine/jobsession.h"

namespace openfactory {

/// Why the job is not done yet; nothing where it is, or where its pipeline asks for no pull request.
Result<std::optional<QString>> whyNotDone(JobSession &session, const std::stop_token &stop);

} // namespace openfactory
