// SPDX-License-Identifier: Apache-2.0
/// The ports between the engine and the stages: what a stage may do, and what it answers. Straight-line code on the
/// job's worker thread: call, wait, look at the Result.
#pragma once

#include "core/domain/author.h"
#include "core/domain/records.h"
#include "core/domain/toolchains.h"
#include "core/domain/workspaces.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <variant>

namespace openfactory {

/// A command of a stage with how it ended.
struct CommandRun {
    CommandOutcome outcome;
    QString logPath; ///< absolute
    int seq = 0;
};

/// Work of a stage that goes on beside it. One that is let go before its end is stopped, and leaves nothing.
class WorkBeside {
public:
    virtual ~WorkBeside() = default;
    /// Waits for its end; its commands count from then on. False where it came to nothing: then it is to be done now.
    virtual Result<bool> wait() = 0;
};

/// What the engine gives to a stage for one attempt. Lives as long as the attempt, on its thread.
class StageContext {
public:
    virtual ~StageContext() = default;

    virtual const Job &job() const = 0;
    virtual const Contract &contract() const = 0;
    virtual const Pipeline &pipeline() const = 0;
    virtual const StageDefinition &stage() const = 0;
    virtual int attempt() const = 0;
    virtual const std::stop_token &stop() const = 0;

    virtual WorkspaceRef workspace() const = 0;
    virtual Workspaces &git() const = 0;
    virtual const Toolchains &toolchains() const = 0;
    virtual const ToolchainInfo &toolchain() const = 0;
    virtual const ReviewRules &reviewRules() const = 0;
    virtual const SecretScan &secretScan() const = 0;

    /// The change that is judged: from the merge base with the target to the workspace's content.
    virtual Result<ChangeSet> change() = 0;
    /// The same stage where the change began: its commands run in a fresh copy of the merge base, are recorded with
    /// this attempt's, and keep no artifacts; change() names the changed files as they were then. Belongs to this
    /// context.
    virtual Result<StageContext *> before() = 0;
    /// The ticket that is worked on; null: the change as a whole. With one, the change begins where the ticket began.
    virtual const Ticket *ticket() const { return nullptr; }
    /// before() with the tests of the change put there: what they say of the code as it was.
    virtual Result<StageContext *> beforeWithTests() { return before(); }
    /// The change as text of a patch.
    virtual Result<QByteArray> patch() { return notHere(); }

    /// Has the document of this stage written: by the job's author, or taken from the draft of a person. A question is
    /// one that may be asked; of Wait, `awaited` is what would end it.
    virtual Result<DocumentAnswer> document() { return notHere(); }
    /// A frozen document by its name, "SPEC.json"; Conflict where it is not what was frozen any more.
    virtual Result<QByteArray> frozen(const QString &) { return notHere(); }
    /// Lays a judged spec before a person, where the job asks for that and they have not accepted this very one: what
    /// is waited for then. `json` is what was judged, `yaml` what they get to see.
    virtual Result<std::optional<Wait>> review(const QByteArray &, const QString &) { return std::optional<Wait>(); }

    /// Begins work in a copy of the workspace and a home of its own, on another thread, with a context for that;
    /// nothing is shared with what the stage does meanwhile. Null where the machine has no room, or a copy would not be
    /// alike.
    virtual std::unique_ptr<WorkBeside> beside(std::function<Result<void>(StageContext &)>) { return nullptr; }
    /// Lets `fix` change files that were there when the attempt began: what it makes of them is what the attempt judges
    /// from then on, and what is kept. Whatever else lies there by then is not part of it. False where nothing came of
    /// it. In a copy nothing that is mended is kept: there it is an Error, and the stage is run again in its turn.
    virtual Result<bool> mend(const std::function<Result<void>()> &)
    {
        return fail(ErrorKind::Unsupported, QStringLiteral("mend files"),
                    QStringLiteral("nothing that is mended here is kept"));
    }
    /// The newest verdict of each stage before this one, in the pipeline's order.
    virtual Result<std::vector<std::pair<QString, Verdict>>> verdicts() = 0;
    virtual Result<std::vector<Risk>> risks() = 0;

    /// Where the workspace and the attempt's fresh report folder appear to commands.
    virtual QString workspaceInside() const = 0;
    virtual QString reportsInside() const = 0;
    /// A report that a command wrote there; hostile input, no link is followed. NotFound where there is none.
    virtual Result<QByteArray> report(const QString &name, qint64 mostBytes) = 0;
    /// Whether the program can be run at all.
    virtual bool hasProgram(const QString &program) const = 0;
    /// Runs one command in the sandbox: recorded before and after, masked, logged.
    virtual Result<CommandRun> run(const PlannedCommand &command) = 0;
    /// Keeps a file with the job, masked; its row is committed with the attempt.
    virtual Result<void> keepArtifact(const QString &name, const QByteArray &bytes) = 0;

    // What reaches beyond the workspace; nowhere but in the stage's own turn (not in a copy, not before()).
    /// The job's forge; what is changed there is recorded before and after. Belongs to this context.
    virtual Result<Forge *> forge() { return notHere(); }
    /// What the job knows of its pull request.
    virtual Result<std::optional<PullRecord>> pull() { return notHere(); }
    /// `readMs` is set by whoever stores it.
    virtual Result<void> keepPull(const PullRecord &) { return notHere(); }
    /// All that is stored of the job.
    virtual Result<JobRecord> record() { return notHere(); }
    /// Rows of what this attempt has kept so far, which the store does not have yet.
    virtual std::vector<ArtifactRecord> kept() const { return {}; }
    /// What commands run under on this host, as probed.
    virtual QStringList sandboxLayers() const { return {}; }
    /// Whether a secret of that name can be read; the error says why not.
    virtual Result<void> secretReadable(const QString &) const { return notHere(); }
    /// Free space where the job's files lie, in bytes; negative: unknown.
    virtual qint64 freeBytes() const { return -1; }
    /// Whether the job's author can be asked; the error says what is wrong.
    virtual Result<void> authorReady() { return notHere(); }

protected:
    static std::unexpected<Error> notHere()
    {
        return fail(ErrorKind::Unsupported, QStringLiteral("reach beyond the workspace"),
                    QStringLiteral("a stage does so in its own turn only"));
    }
};

/// What an attempt came to: a verdict, or a wait with nothing running. Of a wait for checks `wakeAtBootMs` is the time
/// from now until the next look.
using StageResult = std::variant<Verdict, Wait>;

class StageHandler {
public:
    virtual ~StageHandler() = default;
    /// An Error is a failure of the factory, not of the change.
    virtual Result<StageResult> run(StageContext &context) const = 0;
    /// What the stage runs, where its verdict follows from that, the workspace's content and the commit where the
    /// change began: a pass of it may be answered from the record (gaterecord.h). Nothing: it runs in any case.
    virtual Result<std::optional<StagePlan>> inputs(StageContext &) const { return std::optional<StagePlan>(); }
};

/// The handler of each kind that is built.
class StageHandlers {
public:
    virtual ~StageHandlers() = default;
    virtual const StageHandler *handler(StageKind kind) const = 0;
};

} // namespace openfactory
