// SPDX-License-Identifier: Apache-2.0
/// The port to whoever makes the change of a ticket: a person, a playbook, later a model or an agent command.
#pragma once

#include "core/domain/job.h"
#include "core/domain/pipeline.h"
#include "core/domain/ticket.h"
#include "core/domain/verdict.h"

#include <map>
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
    const Ticket *ticket = nullptr; ///< the piece of work that is asked for; null: the task as a whole
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

/// A document that is asked for before any change: the spec, the architecture, the tickets.
struct DocumentRequest {
    const Job *job = nullptr;
    StageKind kind = StageKind::Spec; ///< Spec, Architecture or Tickets
    QString workspace;                ///< to be read only
    int round = 1;                    ///< from 1: how many documents of this kind were asked for, refused ones counted
    std::map<QString, QByteArray> documents; ///< those that are frozen, by name: "SPEC.json", "ARCHITECTURE.json"
    QString question; ///< the one that was asked; empty: none was
    QString answer;
    bool mayAsk = false;            ///< a question may be asked instead of an answer, at most one a job
    std::optional<Verdict> failure; ///< what was wrong with the last one
};

struct DocumentAnswer {
    enum class Kind {
        Written,  ///< `document` is there
        Question, ///< nothing can be written before a person has answered `question`
        Wait,     ///< a person writes it; park
        Nothing,  ///< the author has none to give
    } kind = Kind::Nothing;
    QByteArray document; ///< a JSON object after resources/schemas/<kind>.schema.json; not yet judged, hostile input
    QString question;    ///< one sentence
    QString fault;       ///< of Written: why what was written is no document at all; it counts as a failed attempt
};

class Author {
public:
    virtual ~Author() = default;
    /// Makes the change of one round. Must give the same change when called again for the same round: a restart repeats
    /// an interrupted round from the same start. Blocks; worker thread.
    virtual Result<ChangeAnswer> change(const ChangeRequest &request, const std::stop_token &stop) = 0;
    /// Writes a document of the job; changes nothing. Blocks; worker thread.
    virtual Result<DocumentAnswer> document(const DocumentRequest &request, const std::stop_token &stop) = 0;
};

/// Chooses the author that a job names.
class Authors {
public:
    virtual ~Authors() = default;
    virtual Result<std::unique_ptr<Author>> authorOf(const JobIdentity &job) const = 0;
};

} // namespace openfactory
