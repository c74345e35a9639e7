// SPDX-License-Identifier: Apache-2.0
/// The port to whoever makes the change of a ticket: a person, a playbook, later a model or an agent command.
#pragma once

#include "core/domain/job.h"
#include "core/domain/verdict.h"

#include <memory>
#include <stop_token>

namespace openfactory {

/// What the author is asked for.
struct ChangeRequest {
    const Job *job = nullptr;
    QString stage; ///< "implement", or the stage whose failure is to be mended
    int round = 1; ///< from 1: how many changes were asked of the author of this job
    QString workspace;
    TreeId tree;                    ///< of the workspace now
    std::optional<Verdict> failure; ///< evidence of what failed; nothing for the first change
    bool soft = false;              ///< the failure is soft: a change is welcome, not needed
};

/// What the author did.
struct ChangeAnswer {
    enum class Kind {
        Changed, ///< files in the workspace were changed
        Wait,    ///< a person is awaited; park
        Nothing, ///< the author has nothing (more) to give for this
    } kind = Kind::Nothing;
    QString summary; ///< one line for the commit message and the ledger
};

class Author {
public:
    virtual ~Author() = default;
    /// Makes the change of one round. Must give the same change when called again for the same round: a restart repeats
    /// an interrupted round from the same start. Blocks; worker thread.
    virtual Result<ChangeAnswer> change(const ChangeRequest &request, const std::stop_token &stop) = 0;
};

/// Chooses the author that a job names.
class Authors {
public:
    virtual ~Authors() = default;
    virtual Result<std::unique_ptr<Author>> authorOf(const JobIdentity &job) const = 0;
};

} // namespace openfactory
