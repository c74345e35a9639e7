// SPDX-License-Identifier: Apache-2.0
/// The port to whoever makes the change of a ticket: a person, a playbook, a model or an agent command.
#pragma once

#include "core/domain/authorcall.h"
#include "core/domain/commands.h"
#include "core/domain/job.h"
#include "core/domain/pipeline.h"
#include "core/domain/ticket.h"
#include "core/domain/verdict.h"

#include <chrono>
#include <map>
#include <memory>
#include <stop_token>

namespace openfactory {

/// Where an author tells of each call of a model or agent: before it is made and when it is over. One author at a time.
class AuthorCalls {
public:
    virtual ~AuthorCalls() = default;
    /// Writes down that the call is to be made, keeps what is asked (masked), and gives the call its number. A sentence
    /// where it must not be made, because it could go beyond the job's budget: what would end that.
    virtual Result<std::optional<QString>> begin(AuthorCallRecord &call, const QByteArray &prompt) = 0;
    /// Writes down how it ended, and keeps the answer (masked); an empty one is not kept.
    virtual Result<void> end(AuthorCallRecord call, const QByteArray &answer) = 0;
    /// How many of the job's last calls in a row got no answer because the provider was down or busy.
    virtual int failedInARow() const = 0;
};

/// A command that does an author's work in the job's workspace.
struct AuthorCommand {
    QStringList argv;     ///< "{prompt_file}" as a word, or the end of one, becomes the path of `prompt`
    QString program;      ///< absolute path of what argv[0] names; empty: it is looked up in the system's folders
    QStringList folders;  ///< further ones that it may read, at their own paths; `program` lies in one
    QByteArray prompt;    ///< a file in the job's home, masked
    bool asInput = false; ///< it is read on standard input
    std::map<QString, QString> environment;
    std::map<QString, QString> secrets; ///< variable -> name of a secret
    QString proxySocket;                ///< as in CommandRequest
    CommandLimits limits;
};

/// Runs an author's commands in the job's sandbox: recorded before and after, masked, logged, as those of stages are.
class AuthorCommands {
public:
    virtual ~AuthorCommands() = default;
    virtual Result<CommandOutcome> run(const AuthorCommand &command, const std::stop_token &stop) = 0;
    /// The end of what the last command wrote, masked, from the beginning of a line.
    virtual QByteArray lastOutput(qint64 mostBytes) const = 0;
};

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
    AuthorCalls *calls = nullptr;   ///< null: calls are not written down, and nothing is counted
    AuthorCommands *commands = nullptr;
};

/// What the author did.
struct ChangeAnswer {
    enum class Kind {
        Changed, ///< files in the workspace were changed
        Wait,    ///< something outside is awaited; park
        Nothing, ///< the author has nothing (more) to give for this
    } kind = Kind::Nothing;
    QString summary;      ///< one line for the commit message and the ledger
    QString awaited = {}; ///< of Wait: what would end it, one sentence; empty: a person's change
    std::optional<std::chrono::milliseconds> retryAfter = {}; ///< of Wait: it ends by itself then
};

/// A document that is asked for before any change: the spec, the architecture, the tickets.
struct DocumentRequest {
    const Job *job = nullptr;
    StageKind kind = StageKind::Spec; ///< Spec, Architecture or Tickets
    QString workspace;                ///< to be read only
    int round = 1;                    ///< from 1: how many documents of this kind were asked for, refused ones counted
    std::map<QString, QByteArray> documents; ///< those that are frozen, by name: "SPEC.json", "ARCHITECTURE.json"
    QString question;                        ///< the one that was asked; empty: none was
    QString answer;
    bool mayAsk = false;            ///< a question may be asked instead of an answer, at most one a job
    std::optional<Verdict> failure; ///< what was wrong with the last one
    AuthorCalls *calls = nullptr;   ///< as in ChangeRequest
};

struct DocumentAnswer {
    enum class Kind {
        Written,  ///< `document` is there
        Question, ///< nothing can be written before a person has answered `question`
        Wait,     ///< a person writes it, or something outside is awaited; park
        Nothing,  ///< the author has none to give
    } kind = Kind::Nothing;
    QByteArray document;  ///< a JSON object after resources/schemas/<kind>.schema.json; not yet judged, hostile input
    QString question;     ///< one sentence
    QString fault = {};   ///< of Written: why what was written is no document at all; it counts as a failed attempt
    QString awaited = {}; ///< of Wait, as in ChangeAnswer
    std::optional<std::chrono::milliseconds> retryAfter = {};
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

/// Somebody who can be named as a job's author, and what one call may use up; nothing where that is not known.
struct AuthorOffer {
    AuthorKind kind = AuthorKind::Person;
    QString source;        ///< name in the settings; empty for a person
    QString said;          ///< model and where it is asked, for people
    bool standard = false; ///< the one of jobs that name none of its kind
    std::optional<qint64> callTokens;
    std::optional<qint64> callCost; ///< in millionths of the currency
    QString currency;
};

/// Chooses the author that a job names.
class Authors {
public:
    virtual ~Authors() = default;
    /// All that a job can name but playbooks, which are files.
    virtual std::vector<AuthorOffer> offers() const { return {AuthorOffer{}}; }
    virtual Result<std::unique_ptr<Author>> authorOf(const JobIdentity &job) const = 0;
    /// Whether that author can be asked now: a provider is called once, briefly, and the error says what is wrong with
    /// it and what to do. Changes nothing. Blocks; any thread. `calls` is told of each call; null: nobody is.
    virtual Result<void> ready(const JobIdentity &job, AuthorCalls *, const std::stop_token &) const
    {
        return authorOf(job).transform([](const auto &) {});
    }
};

} // namespace openfactory
