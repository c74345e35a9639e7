// SPDX-License-Identifier: Apache-2.0
/// A job as a file for others: a tar archive with everything, one page of HTML that needs nothing else, or its findings
/// in the forms that other programs read. Secrets are
/// masked: what was stored masked is copied as stored, what comes from git is masked here. The file appears whole or
/// not at all. Runs on the thread of the store, for as long as it takes.
#pragma once

#include "core/domain/commands.h"
#include "core/domain/store.h"
#include "core/domain/workspaces.h"

#include <stop_token>

namespace openfactory {

struct JobExport {
    JobStore &store;
    Workspaces &git;
    const Masker &masker;
    QString dataFolder;
    std::stop_token stop;                              ///< Cancelled, and nothing is left
    std::function<void(int done, int all)> progress{}; ///< called after each part

    /// <slug>/job.json, audit.json, contract.yaml, pipeline.yaml, changes/, logs/ and artifacts/.
    Result<void> archive(const JobId &job, const QString &file) const;
    /// Everything escaped, no script, nothing that is loaded from elsewhere. Long logs and changes are cut, and say so.
    Result<void> page(const JobId &job, const QString &file) const;
    /// What was found and stands (findingsexport.h), as SARIF or as a task list for an editor.
    Result<void> sarif(const JobId &job, const QString &file) const;
    Result<void> tasks(const JobId &job, const QString &file) const;
};

} // namespace openfactory
