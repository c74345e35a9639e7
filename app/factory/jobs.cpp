// SPDX-License-Identifier: Apache-2.0
#include "app/factory/commands.h"
#include "app/factory/foreground.h"
#include "app/factory/planned.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/engine/enginethread.h"
#include "core/engine/mirror.h"

#include <QDir>
#include <QEventLoop>
#include <QFileInfo>

namespace openfactory::cli {

namespace {

/// --author person | model[:NAME] | agent[:NAME]
Result<void> takeAuthor(const Arguments &arguments, NewJob &wanted)
{
    if (!arguments.has(QStringLiteral("author")))
        return {};
    const QString who = arguments.value(QStringLiteral("author"));
    const QString doing = QStringLiteral("take the author \"%1\"").arg(displayable(who.left(60)));
    if (arguments.has(QStringLiteral("playbook")))
        return fail(ErrorKind::Invalid, doing, QStringLiteral("--playbook names an author already"),
                    QStringLiteral("leave one of the two out"));
    const auto kind = authorKindFrom(who.section(u':', 0, 0));
    const bool named = who.contains(u':');
    if (!kind || *kind == AuthorKind::Playbook
        || (named && (*kind == AuthorKind::Person || who.section(u':', 1).isEmpty())))
        return fail(
            ErrorKind::Invalid, doing, QStringLiteral("it is none that can be named here"),
            QStringLiteral("say person, model[:NAME] or agent[:NAME]; a playbook is named with --playbook FILE"));
    wanted.author = *kind;
    wanted.authorSource = who.section(u':', 1);
    return {};
}

Result<NewJob> wantedJob(Session &session, const Arguments &arguments)
{
    NewJob wanted;
    wanted.slug = arguments.value(QStringLiteral("slug"));
    wanted.title = arguments.value(QStringLiteral("title"));
    wanted.task = arguments.value(QStringLiteral("task"));
    wanted.target = arguments.value(QStringLiteral("target"));
    wanted.pipeline = arguments.value(QStringLiteral("pipeline"));
    if (wanted.slug.isEmpty())
        wanted.slug = slugFrom(session.ports().masker->masked(wanted.title.isEmpty() ? wanted.task : wanted.title));
    if (wanted.slug.isEmpty())
        return fail(ErrorKind::Invalid, QStringLiteral("name the job"),
                    wanted.task.isEmpty() && wanted.title.isEmpty()
                        ? QStringLiteral("neither a slug nor a task was given")
                        : QStringLiteral("its task has no letters from a to z or digits that a slug could be made of"),
                    QStringLiteral("add -s SLUG"));
    wanted.dependsOn = arguments.values(QStringLiteral("after"));
    if (arguments.has(QStringLiteral("priority")))
        wanted.priority = *priorityFrom(arguments.value(QStringLiteral("priority")));
    wanted.reviewSpec = arguments.has(QStringLiteral("review-spec"));
    OF_TRY(root, session.repository(arguments));
    wanted.repository = root;
    wanted.contractFile = arguments.value(QStringLiteral("contract"));
    OF_CHECK(takeContract(wanted, root));
    OF_CHECK(takeAuthor(arguments, wanted));
    if (arguments.has(QStringLiteral("playbook"))) {
        wanted.author = AuthorKind::Playbook;
        const QFileInfo playbook(arguments.value(QStringLiteral("playbook")));
        wanted.authorSource = playbook.absoluteFilePath();
        if (!playbook.isFile())
            return fail(ErrorKind::NotFound, QStringLiteral("read %1").arg(displayable(wanted.authorSource)),
                        QStringLiteral("there is no such file"),
                        QStringLiteral("name a playbook that is there; docs/pipeline.md says what one is"));
    }
    return wanted;
}

/// An error that a new job met once it was in the store: the same command again would find its slug taken.
Error ofMade(Error error, const Job &job)
{
    const QString slug = job.slug().text();
    const QString remedy = error.kind == ErrorKind::DiskFull ? QStringLiteral("free some space")
                           : error.hint.isEmpty()            ? QStringLiteral("put that right")
                                                             : error.hint;
    error.said += QStringLiteral("; the job %1 exists all the same%2")
                      .arg(slug, job.wishes.paused ? QStringLiteral(", and is paused") : QString());
    error.hint = QStringLiteral("%1, then: factory run -s %2").arg(remedy, slug);
    return error;
}

Result<Job> create(Session &session, const Arguments &arguments)
{
    OF_TRY(wanted, wantedJob(session, arguments));
    OF_TRY(job, session.desk().create(wanted));
    const auto prepared = runHere(session, job.id(), [](JobRun &run) { return run.prepare(); }, {.quiet = true});
    const auto now = session.store().job(job.id());
    const Job &made = now ? *now : job;
    if (const QString why = whyProtected(made); !why.isEmpty())
        session.note(why);
    // A worker may have been quicker: then it prepares the job, and has it.
    const bool elsewhere = !prepared && prepared.error().kind == ErrorKind::Conflict && !isEnded(made.progress.state);
    if (!prepared && !elsewhere)
        return std::unexpected(isFinal(made.progress.state) ? prepared.error() : ofMade(prepared.error(), made));
    return made;
}

/// "; the pipeline tcr has it", where a built-in one has the stage.
QString otherPipelines(const QString &stage)
{
    for (const QString &name : builtInPipelineNames()) {
        if (const auto pipeline = builtInPipeline(name); pipeline && pipeline->indexOf(stage))
            return QStringLiteral("; a job made with --pipeline %1 has %2").arg(name, stage);
    }
    return {};
}

int dryRun(Session &session, const Arguments &arguments)
{
    const auto wanted = wantedJob(session, arguments);
    if (!wanted)
        return session.refuse(wanted.error());
    const auto plan = session.desk().plan(*wanted);
    return plan ? tellPlan(session, *plan) : session.refuse(plan.error());
}

} // namespace

int newJob(Session &session, const Arguments &arguments)
{
    if (arguments.has(QStringLiteral("dry-run")))
        return dryRun(session, arguments);
    const auto job = create(session, arguments);
    if (!job)
        return session.refuse(job.error());
    if (session.json()) {
        session.say(taskJson(session.store(), *job, {}));
        return Ok;
    }
    session.say(QStringLiteral("%1 created (%2)").arg(job->slug().text(), job->id().text()));
    session.say(QStringLiteral("workspace: %1").arg(workspaceOf(job->identity).path));
    session.say(
        QStringLiteral("branch:    %1, to be integrated into %2").arg(job->identity.branch, job->identity.target));
    const auto pipeline = loadPipeline(job->identity.pipelineYaml.toUtf8(), QStringLiteral("the job's pipeline"));
    const bool planned = pipeline && isDocument(pipeline->stages.front().kind);
    if (job->identity.author == AuthorKind::Person && !planned)
        session.say(QStringLiteral("next:      change files there, then: factory stage -s %1 --stage implement")
                        .arg(job->slug().text()));
    else
        session.say(QStringLiteral("next:      factory run -s %1").arg(job->slug().text()));
    return Ok;
}

int runJob(Session &session, const Arguments &arguments)
{
    // A task without a slug is a new job, named after it.
    const bool unnamed = !arguments.has(QStringLiteral("slug"))
                         && (arguments.has(QStringLiteral("task")) || arguments.has(QStringLiteral("title")));
    auto known = unnamed ? fail(ErrorKind::NotFound, {}, {}) : session.job(arguments);
    if (!known && known.error().kind != ErrorKind::NotFound)
        return session.refuse(known.error());
    std::optional<JobState> over;
    if (known && isFinal(known->progress.state)) {
        over = known->progress.state;
        known = fail(ErrorKind::NotFound, {}, {}); // an old job of that name is over; this is a new one
    }
    // A slug alone means a job that is there: with a slip of the pen it would make another one, in this repository.
    const auto describes = [&](const QString &option) { return arguments.has(option); };
    const QStringList ofNew{QStringLiteral("task"),     QStringLiteral("title"),  QStringLiteral("contract"),
                            QStringLiteral("playbook"), QStringLiteral("author"), QStringLiteral("pipeline")};
    if (!known && std::ranges::none_of(ofNew, describes)) {
        const QString name = displayable(arguments.value(QStringLiteral("slug")));
        return session.refuse(
            {over ? ErrorKind::Conflict : ErrorKind::NotFound, QStringLiteral("run %1").arg(name),
             over ? QStringLiteral("the job is %1").arg(toName(*over)) : QStringLiteral("there is no job of that name"),
             over ? QStringLiteral("for a new job of that name say what is to be done, with --task")
                  : QStringLiteral("factory list --all names the jobs; for a new one say what is to be done, with "
                                   "--task")});
    }
    if (known && !arguments.has(QStringLiteral("dry-run")) && known->progress.state != JobState::Created
        && std::ranges::any_of(ofNew
                                   + QStringList{QStringLiteral("target"), QStringLiteral("priority"),
                                                 QStringLiteral("after"), QStringLiteral("review-spec")},
                               describes))
        session.note(QStringLiteral("%1 is there already and goes on as it was made; what was said of a new job is not "
                                    "used")
                         .arg(known->slug().text()));
    if (arguments.has(QStringLiteral("dry-run"))) {
        if (!known)
            return dryRun(session, arguments);
        const auto plan = planOf(session.ports(), *known);
        return plan ? tellPlan(session, *plan) : session.refuse(plan.error());
    }
    auto job = known ? known : create(session, arguments);
    if (!job)
        return session.refuse(job.error());
    if (known
        && (job->progress.state == JobState::Failed || job->progress.state == JobState::CiFailed
            || job->progress.wait.kind == WaitKind::Change || job->progress.wait.kind == WaitKind::Conflict)) {
        if (const auto again = session.desk().retry(job->id(), {}); !again)
            return session.refuse(again.error());
    }
    if (job->wishes.paused) {
        if (const auto resumed = session.desk().resume(job->id()); !resumed)
            return session.refuse(resumed.error());
        session.note(QStringLiteral("%1 was paused; it goes on").arg(job->slug().text()));
    }
    const auto interrupted = runToRest(
        session, job->id(),
        {.watch = arguments.has(QStringLiteral("watch")), .fresh = arguments.has(QStringLiteral("fresh"))});
    if (!interrupted)
        return session.refuse(interrupted.error());
    const int code = tellState(session, job->id());
    return *interrupted ? Interrupted : code;
}

int runStages(Session &session, const Arguments &arguments)
{
    const auto job = session.job(arguments);
    if (!job)
        return session.refuse(job.error());
    if (isFinal(job->progress.state))
        return session.refuse(Error{ErrorKind::Conflict,
                                    QStringLiteral("run stages of %1").arg(job->slug().text()),
                                    QStringLiteral("the job is %1").arg(toName(job->progress.state)),
                                    {}});
    const auto pipeline = loadPipeline(job->identity.pipelineYaml.toUtf8(), QStringLiteral("the job's pipeline"));
    if (!pipeline)
        return session.refuse(pipeline.error());
    const auto index = [&](const QString &option) -> Result<std::optional<int>> {
        const QString name = arguments.value(option);
        if (name.isEmpty())
            return std::nullopt;
        if (const auto found = pipeline->indexOf(name))
            return found;
        QStringList names;
        for (const auto &stage : pipeline->stages)
            names << stage.name;
        return fail(ErrorKind::NotFound, QStringLiteral("run --%1 %2").arg(option, displayable(name.left(60))),
                    QStringLiteral("the pipeline has no such stage"),
                    QStringLiteral("it has: ") + names.join(QStringLiteral(", ")) + otherPipelines(name));
    };
    const auto range = [&]() -> Result<StageRange> {
        OF_TRY(one, index(QStringLiteral("stage")));
        OF_TRY(from, index(QStringLiteral("from")));
        OF_TRY(to, index(QStringLiteral("to")));
        if (!one && !from && !to)
            return fail(ErrorKind::Invalid, QStringLiteral("run stages"), QStringLiteral("no stage was named"),
                        QStringLiteral("add --stage STAGE, or --from and --to"));
        const int next = std::min(job->progress.stageIndex, int(pipeline->stages.size()) - 1);
        const StageRange made{from.value_or(one && !to ? *one : next),
                              to.value_or(one.value_or(int(pipeline->stages.size()) - 1))};
        if (made.from > made.to)
            return fail(ErrorKind::Invalid, QStringLiteral("run stages"),
                        QStringLiteral("--from %1 comes after --to %2")
                            .arg(pipeline->stages[size_t(made.from)].name, pipeline->stages[size_t(made.to)].name));
        if (one && (*one < made.from || *one > made.to))
            return fail(
                ErrorKind::Invalid, QStringLiteral("run stages"),
                QStringLiteral("--stage %1 lies outside --from and --to").arg(pipeline->stages[size_t(*one)].name));
        return made;
    }();
    if (!range)
        return session.refuse(range.error());
    if (const QString others = heldBackBy(session.store(), *job); !others.isEmpty())
        return session.refuse(Error{ErrorKind::Conflict,
                                    QStringLiteral("run stages of %1").arg(job->slug().text()),
                                    QStringLiteral("the job waits for ") + displayable(others),
                                    {}});
    if (const auto able = checkHost(session, *job); !able)
        return session.refuse(able.error());
    if (isEnded(job->progress.state)) {
        if (const auto again = session.desk().retry(job->id(), {}); !again)
            return session.refuse(again.error());
    }
    const auto before = session.store().attempts(job->id());
    const auto end = runHere(session, job->id(), [&](JobRun &run) { return run.run(*range); },
                             {.fresh = arguments.has(QStringLiteral("fresh"))});
    if (!end)
        return session.refuse(end.error());
    const int state = tellState(session, job->id());
    // The answer to "did the stages pass", whatever the job waits for now.
    const auto after = session.store().attempts(job->id());
    if (!before || !after)
        return state;
    for (size_t i = before->size(); i < after->size(); ++i) {
        const AttemptState attempt = (*after)[i].state;
        // One that was stopped to park the job says nothing about the change.
        if (attempt == AttemptState::Failed || attempt == AttemptState::Reverted
            || (attempt == AttemptState::Cancelled && *end != JobRun::End::Queued))
            return JobFailed;
    }
    return *end == JobRun::End::Queued ? int(Interrupted) : *end == JobRun::End::Through ? int(Ok) : state;
}

int rewindJob(Session &session, const Arguments &arguments)
{
    const auto job = session.job(arguments);
    if (!job)
        return session.refuse(job.error());
    const QString to = arguments.value(QStringLiteral("to"));
    bool ok = false;
    const int number = to.section(u'/', 1).toInt(&ok);
    if (!ok || to.count(u'/') != 1)
        return session.refuse(Error{ErrorKind::Invalid, QStringLiteral("rewind"),
                                    QStringLiteral("--to takes STAGE/N, not \"%1\"").arg(displayable(to.left(60))),
                                    QStringLiteral("factory show --detailed lists the attempts")});
    if (const auto done = session.desk().rewind(job->id(), to.section(u'/', 0, 0), number); !done)
        return session.refuse(done.error());
    if (const auto now = session.store().job(job->id()))
        session.say(displayable(now->progress.note)); // where to, and what became of what lay there
    return tellState(session, job->id()) == JobFailed ? JobFailed : Ok;
}

int runWorker(Session &session, const Arguments &arguments)
{
    EnginePorts ports = session.ports();
    if (arguments.has(QStringLiteral("workers"))) {
        bool ok = false;
        ports.settings.workers = arguments.value(QStringLiteral("workers")).toInt(&ok);
        if (!ok || ports.settings.workers < 1 || ports.settings.workers > 64)
            return session.refuse(Error{
                ErrorKind::Invalid, QStringLiteral("start a worker"), QStringLiteral("--workers takes 1 to 64"), {}});
    }
    if (const auto able = session.factory().checkHost(); !able)
        return session.refuse(able.error());
    ports.settings.watchPeople = ports.settings.watchPeople || arguments.has(QStringLiteral("watch"));
    EngineThread engine(ports);
    QEventLoop loop;
    const auto nameOf = [&](const QString &id) {
        const auto parsed = JobId::parse(id);
        const auto job = parsed ? session.store().job(*parsed) : Result<Job>(std::unexpected(parsed.error()));
        return job ? *job : Job{};
    };
    const bool untilIdle = arguments.has(QStringLiteral("until-idle"));
    bool toldPaused = false;
    const auto endWhenIdle = [&] {
        if (!untilIdle || engine.running() > 0)
            return;
        const auto ready = session.store().ready(1);
        const auto next = session.store().nextWakeUp();
        const auto paused = session.store().enginePaused();
        if (paused && *paused && !std::exchange(toldPaused, true))
            session.note(QStringLiteral("the engine is paused, so nothing starts (factory resume --engine)"));
        if ((ready && ready->empty() && next && !*next) || (paused && *paused))
            engine.stop();
    };
    QObject::connect(&engine, &EngineThread::runStarted, &loop, [&](const QString &id) {
        const Job job = nameOf(id);
        if (!job.identity.slug)
            return;
        if (session.json())
            session.say(QJsonObject{{QStringLiteral("event"), QStringLiteral("run-started")},
                                    {QStringLiteral("slug"), job.slug().text()},
                                    {QStringLiteral("id"), id}});
        session.say(QStringLiteral("%1 runs").arg(job.slug().text()));
    });
    QObject::connect(&engine, &EngineThread::runEnded, &loop, [&](const QString &id) {
        if (const Job job = nameOf(id); job.identity.slug) {
            const QString what = displayable(waitsFor(session.store(), job));
            if (session.json())
                session.say(QJsonObject{{QStringLiteral("event"), QStringLiteral("run-ended")},
                                        {QStringLiteral("slug"), job.slug().text()},
                                        {QStringLiteral("id"), id},
                                        {QStringLiteral("state"), toName(job.progress.state)},
                                        {QStringLiteral("waits_for"), what}});
            session.say(QStringLiteral("%1 is %2%3")
                            .arg(job.slug().text(), toName(job.progress.state),
                                 what.isEmpty() ? QString() : QStringLiteral(" for ") + what));
        }
        endWhenIdle();
    });
    QObject::connect(&engine, &EngineThread::runFailed, &loop,
                     [&](const QString &, const QString &error) { session.note(displayable(error)); });
    QObject::connect(&engine, &EngineThread::stopped, &loop, &QEventLoop::quit);
    const Interrupts interrupts([&] {
        const int running = engine.running();
        if (running > 0)
            session.note(QStringLiteral("parking %1; press Ctrl-C again to end at once")
                             .arg(counted(running, QStringLiteral("job"))));
        engine.stop();
    });
    if (const auto started = engine.start(); !started)
        return session.refuse(started.error());
    if (session.json())
        session.say(QJsonObject{{QStringLiteral("event"), QStringLiteral("worker-ready")},
                                {QStringLiteral("workers"), ports.settings.workers},
                                {QStringLiteral("data"), session.dataFolder()}});
    session.say(
        QStringLiteral("worker ready: %1 at a time, data in %2").arg(ports.settings.workers).arg(session.dataFolder()));
    QTimer idle;
    QObject::connect(&idle, &QTimer::timeout, &loop, endWhenIdle);
    if (untilIdle)
        idle.start(500);
    loop.exec();
    if (session.store().halted())
        return session.refuse(storeHalted());
    return interrupts.happened() ? Interrupted : Ok;
}

} // namespace openfactory::cli
