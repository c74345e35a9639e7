// SPDX-License-Identifier: Apache-2.0
/// A job's findings for editors and forges. Pure; any thread.
#pragma once

#include "core/domain/job.h"
#include "core/domain/records.h"

namespace openfactory {

/// A finding that stands, and the attempt that it is of.
struct StandingFinding {
    QString stage;
    int attempt = 0;
    Finding finding;
};

/// What the newest ended attempt of each stage found, in the order of the attempts; what an older one found is mended,
/// or found again.
std::vector<StandingFinding> standingFindings(const std::vector<AttemptRecord> &attempts);

/// SARIF 2.1.0 (OASIS): one run for each tool, paths relative to the repository, "unchanged" where the finding was
/// there before the change.
QByteArray sarifOf(const Job &job, const std::vector<StandingFinding> &findings);
/// The task list that Qt Creator reads: file, line, "err" or "warn", and text, parted by tabs. Findings without a file
/// stand in it too. `folder` is what the paths are below.
QByteArray tasksOf(const QString &folder, const std::vector<StandingFinding> &findings);

} // namespace openfactory
