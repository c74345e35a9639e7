// SPDX-License-Identifier: Apache-2.0
#include "app/factory/commands.h"
#include "app/factory/foreground.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/domain/document.h"
#include "core/engine/mirror.h"

#include <QFileInfo>

namespace openfactory::cli {

namespace {

void showGate(Session &session, const GateView &view)
{
    session.say(QStringLiteral("gate %1 of %2, showing %3")
                    .arg(view.gate, view.job.slug().text(), view.binding.digest().left(12)));
    std::vector<QStringList> rows;
    for (const auto &[stage, verdict] : view.verdicts)
        rows.push_back({QStringLiteral("  ") + stage, toName(verdict.outcome), verdict.summary});
    session.table(rows);
    for (const auto &risk : view.risks)
        session.say(QStringLiteral("  risk %1: %2%3")
                        .arg(risk.name, displayable(risk.text),
                             risk.acceptedBy.isEmpty() ? QString() : QStringLiteral(" (accepted)")));
}

int decide(Session &session, const Arguments &arguments, DecisionKind kind)
{
    const auto job = session.job(arguments);
    if (!job)
        return session.refuse(job.error());
    const auto view = session.desk().gate(job->id());
    if (!view)
        return session.refuse(view.error());
    showGate(session, *view);
    const QString digest = arguments.value(QStringLiteral("binding"));
    if (!digest.isEmpty() && !view->binding.digest().startsWith(digest))
        return session.refuse(Error{ErrorKind::Conflict, QStringLiteral("decide on %1").arg(job->slug().text()),
                                    QStringLiteral("the gate shows %1 now, not %2")
                                        .arg(view->binding.digest().left(12), displayable(digest.left(64))),
                                    QStringLiteral("look at it again, then decide")});
    GateAnswer answer;
    answer.kind = kind;
    answer.comment = arguments.value(QStringLiteral("comment"));
    answer.acceptedRisks = arguments.values(QStringLiteral("accept-risk"));
    answer.binding = view->binding;
    if (arguments.has(QStringLiteral("strategy")))
        answer.strategy = *strategyFrom(arguments.value(QStringLiteral("strategy")));
    const auto decision = session.desk().decide(job->id(), answer);
    if (!decision)
        return session.refuse(decision.error());
    session.say(QStringLiteral("%1: recorded").arg(toName(kind)));
    const auto now = session.store().job(job->id());
    if (!now)
        return session.refuse(now.error());
    if (arguments.has(QStringLiteral("no-run")) || isEnded(now->progress.state))
        return Ok;
    if (const QString others = heldBackBy(session.store(), *now); !others.isEmpty()) {
        session.say(QStringLiteral("it is carried out later: the job waits for ") + displayable(others));
        return Waits;
    }
    // Carried out here, unless a worker was faster.
    const auto end = runHere(session, job->id(), [](JobRun &run) { return run.run(); });
    if (!end && end.error().kind != ErrorKind::Conflict)
        return session.refuse(end.error());
    if (!end) {
        session.say(QStringLiteral("a worker carries it out"));
        return Ok;
    }
    const int code = tellState(session, job->id());
    return kind == DecisionKind::Approve ? code : Ok;
}

/// One act on a job, then one line about what holds now.
int act(Session &session, const Arguments &arguments, const std::function<Result<void>(const Job &)> &work,
        const std::function<QString(const Job &)> &done)
{
    const auto job = session.job(arguments);
    if (!job)
        return session.refuse(job.error());
    if (const auto worked = work(*job); !worked)
        return session.refuse(worked.error());
    const auto now = session.store().job(job->id());
    if (!now)
        return session.refuse(now.error());
    const QString said = done(*now);
    if (session.json())
        session.say(QJsonObject{{QStringLiteral("slug"), job->slug().text()},
                                {QStringLiteral("did"), said},
                                {QStringLiteral("state"), toName(now->progress.state)},
                                {QStringLiteral("paused"), now->wishes.paused},
                                {QStringLiteral("priority"), toName(now->wishes.priority)},
                                {QStringLiteral("archived"), now->wishes.archived}});
    session.say(QStringLiteral("%1: %2").arg(job->slug().text(), said));
    return Ok;
}

/// The same for the whole engine.
int actOnEngine(Session &session, bool pause)
{
    if (const auto done = session.desk().pauseEngine(pause); !done)
        return session.refuse(done.error());
    const QString said = pause ? QStringLiteral("the engine is paused: what runs goes on, nothing new starts")
                               : QStringLiteral("the engine goes on");
    if (session.json())
        session.say(QJsonObject{{QStringLiteral("engine_paused"), pause}, {QStringLiteral("did"), said}});
    session.say(said);
    return Ok;
}

/// -s and --engine name two things: one of them has to be meant.
bool namesBoth(const Arguments &arguments)
{
    return arguments.has(QStringLiteral("engine")) && arguments.has(QStringLiteral("slug"));
}

int refuseBoth(Session &session)
{
    return session.refuse(Error{ErrorKind::Invalid, QStringLiteral("choose what to act on"),
                                QStringLiteral("both a job and the engine were named"),
                                QStringLiteral("give -s SLUG or --engine")});
}

} // namespace

int approve(Session &session, const Arguments &arguments)
{
    return decide(session, arguments, DecisionKind::Approve);
}

int reject(Session &session, const Arguments &arguments)
{
    return decide(session, arguments, DecisionKind::Reject);
}

int requestChanges(Session &session, const Arguments &arguments)
{
    return decide(session, arguments, DecisionKind::RequestChanges);
}

int answerQuestion(Session &session, const Arguments &arguments)
{
    const QString word = arguments.words().value(0);
    const QString option = arguments.value(QStringLiteral("text"));
    if (!word.isEmpty() && !option.isEmpty())
        return session.refuse(Error{ErrorKind::Invalid, QStringLiteral("answer"),
                                    QStringLiteral("the answer was given twice"), QStringLiteral("leave --text out")});
    return act(
        session, arguments,
        [&](const Job &job) { return session.desk().answer(job.id(), word.isEmpty() ? option : word); },
        [](const Job &) { return QStringLiteral("answered; queued again (a worker or factory run takes it up)"); });
}

int reviewSpec(Session &session, const Arguments &arguments)
{
    const QString verb = arguments.words().value(0, QStringLiteral("show"));
    const QString file = arguments.words().value(1);
    if (verb == u"accept")
        return act(
            session, arguments, [&](const Job &job) { return session.desk().acceptSpec(job.id()); },
            [](const Job &) { return QStringLiteral("accepted; queued again (a worker or factory run takes it up)"); });
    const auto job = session.job(arguments);
    if (!job)
        return session.refuse(job.error());
    const auto waiting = session.desk().draft(job->id());
    if (!waiting)
        return session.refuse(waiting.error());
    const QString &path = waiting->path;
    const QByteArray &draft = waiting->yaml;
    if (verb == u"show") {
        if (session.json())
            session.say(
                QJsonObject{{QStringLiteral("draft"), path}, {QStringLiteral("text"), QString::fromUtf8(draft)}});
        session.say(displayableLines(QString::fromUtf8(draft)).chopped(draft.endsWith('\n')));
        return Ok;
    }
    if (file.isEmpty()) {
        if (session.json())
            session.say(QJsonObject{{QStringLiteral("draft"), path}});
        session.say(QStringLiteral("edit %1\nthen: factory %2 -s %3")
                        .arg(path, waiting->review ? QStringLiteral("spec accept") : QStringLiteral("retry"),
                             job->slug().text()));
        return Ok;
    }
    return act(
        session, arguments,
        [&](const Job &one) -> Result<void> {
            OF_TRY(text, readSmallFile(QFileInfo(file).absoluteFilePath(), mostDocumentBytes));
            return session.desk().editDraft(one.id(), text);
        },
        [review = waiting->review](const Job &one) {
            return QStringLiteral("the draft is another one; next: factory %1 -s %2")
                .arg(review ? QStringLiteral("spec accept") : QStringLiteral("retry"), one.slug().text());
        });
}

int cancelJob(Session &session, const Arguments &arguments)
{
    return act(
        session, arguments,
        [&](const Job &job) -> Result<void> {
            OF_CHECK(session.desk().cancel(job.id()));
            if (!interrupted(session.store(), job))
                return {};
            // Nobody is there to hear of it: what its process left is put in order here, then the job ends.
            const auto ended = runHere(session, job.id(), [](JobRun &run) { return run.run(); }, {.quiet = true});
            if (ended || ended.error().kind == ErrorKind::Conflict)
                return {}; // ended here, or a worker has it
            const auto now = session.store().job(job.id());
            const bool elsewhere = now && isFinal(now->progress.state); // a worker had it, and has ended it
            return elsewhere ? Result<void>() : std::unexpected(ended.error());
        },
        [](const Job &job) {
            return job.progress.state == JobState::Cancelled
                       ? QStringLiteral("cancelled; its worktree stays")
                       : QStringLiteral("the process that runs it was told to stop; factory show says when it has");
        });
}

int pauseJob(Session &session, const Arguments &arguments)
{
    if (namesBoth(arguments))
        return refuseBoth(session);
    if (arguments.has(QStringLiteral("engine")))
        return actOnEngine(session, true);
    return act(
        session, arguments,
        [&](const Job &job) { return session.desk().pause(job.id(), arguments.value(QStringLiteral("reason"))); },
        [&](const Job &job) {
            return job.progress.state == JobState::Running && !interrupted(session.store(), job)
                       ? QStringLiteral("paused; the stage that runs ends first")
                       : QStringLiteral("paused");
        });
}

int resumeJob(Session &session, const Arguments &arguments)
{
    if (namesBoth(arguments))
        return refuseBoth(session);
    if (arguments.has(QStringLiteral("engine")))
        return actOnEngine(session, false);
    return act(
        session, arguments, [&](const Job &job) { return session.desk().resume(job.id()); },
        [](const Job &) { return QStringLiteral("no longer paused"); });
}

int retryJob(Session &session, const Arguments &arguments)
{
    return act(
        session, arguments,
        [&](const Job &job) {
            return session.desk().retry(job.id(), arguments.value(QStringLiteral("from")),
                                        arguments.has(QStringLiteral("fresh")));
        },
        [](const Job &) { return QStringLiteral("queued again (a worker or factory run takes it up)"); });
}

int actOnTicket(Session &session, const Arguments &arguments)
{
    const bool take = arguments.words().value(0) == u"take";
    bool isNumber = false;
    const int number = arguments.words().value(1).toInt(&isNumber);
    if (!isNumber || number < 0)
        return session.refuse(Error{ErrorKind::Invalid, QStringLiteral("act on a ticket"),
                                    QStringLiteral("no ticket is named by its number"),
                                    QStringLiteral("factory ticket take 2 -s SLUG")});
    return act(
        session, arguments, [&](const Job &job) { return session.desk().takeTicket(job.id(), number, take); },
        [take, number](const Job &job) {
            if (!take)
                return QStringLiteral("ticket %1 is the author's again").arg(number);
            return QStringLiteral(
                       "ticket %1 is yours; when it is its turn, change files in %2, then factory retry -s %3")
                .arg(number)
                .arg(displayable(job.progress.workspace), job.slug().text());
        });
}

int actOnCheck(Session &session, const Arguments &arguments)
{
    const QString name = arguments.words().value(1, requiredCheckName());
    const bool again = arguments.words().value(0) == u"rerun";
    if (arguments.words().isEmpty())
        return session.refuse(Error{ErrorKind::Invalid, QStringLiteral("act on a check"),
                                    QStringLiteral("neither rerun nor cancel was said"),
                                    QStringLiteral("factory check rerun -s SLUG")});
    return act(
        session, arguments,
        [&](const Job &job) -> Result<void> {
            OF_TRY(pull, session.store().pull(job.id()));
            const std::vector<Check> checks = pull ? pull->checks : std::vector<Check>();
            const auto found = std::ranges::find_last(checks, name, &Check::name);
            if (found.empty())
                return fail(
                    ErrorKind::NotFound, QStringLiteral("act on a check of %1").arg(job.slug().text()),
                    QStringLiteral("no check \"%1\" is reported on its commit").arg(displayable(name.left(100))),
                    QStringLiteral("factory show names those that are"));
            return session.desk().wishCheck(job.id(), again ? CheckWish::Kind::Rerun : CheckWish::Kind::Cancel,
                                            found.front().id);
        },
        [again](const Job &) {
            return again ? QStringLiteral("the check runs again as soon as a worker or factory run looks at the forge")
                         : QStringLiteral("the check ends as soon as a worker or factory run looks at the forge");
        });
}

int setJob(Session &session, const Arguments &arguments)
{
    const bool put = arguments.has(QStringLiteral("archive"));
    const bool take = arguments.has(QStringLiteral("unarchive"));
    const QString priority = arguments.value(QStringLiteral("priority"));
    if (put == take && priority.isEmpty())
        return session.refuse(Error{ErrorKind::Invalid, QStringLiteral("change the job"),
                                    put ? QStringLiteral("--archive and --unarchive exclude each other")
                                        : QStringLiteral("nothing to change was named"),
                                    QStringLiteral("add --priority P0 to P3, --archive or --unarchive")});
    return act(
        session, arguments,
        [&](const Job &job) -> Result<void> {
            if (!priority.isEmpty())
                OF_CHECK(session.desk().setPriority(job.id(), *priorityFrom(priority)));
            if (put != take)
                OF_CHECK(session.desk().archive(job.id(), put));
            return {};
        },
        [](const Job &job) {
            return toName(job.wishes.priority)
                   + (job.wishes.archived ? QStringLiteral(", archived") : QStringLiteral(", not archived"));
        });
}

} // namespace openfactory::cli
