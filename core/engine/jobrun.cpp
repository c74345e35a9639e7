// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobrun.h"

#include "core/base/text.h"
#include "core/domain/cutfindings.h"
#include "core/domain/retry.h"
#include "core/engine/attemptcontext.h"
#include "core/engine/changesecrets.h"
#include "core/engine/evidence.h"
#include "core/engine/pullgate.h"
#include "core/engine/recordanswer.h"

#include <QFileInfo>
#include <QJsonDocument>

#include <ranges>

namespace openfactory {

namespace {

/// A job whose frozen contract this version does not take (it was made by another one) would be tried for ever.
Result<void> endUnreadable(const EnginePorts &ports, JobStore &store, const Lease &lease, const Error &error)
{
    OF_TRY(job, store.job(lease.job));
    OF_TRY(running, nextState(job.progress.state, JobEvent::Claimed));
    OF_TRY(failed, nextState(running, JobEvent::Failed));
    Step step;
    step.job = lease.job;
    step.lease = lease;
    step.progress = job.progress;
    step.progress->state = failed;
    step.progress->wait = {};
    step.progress->note = toText(error);
    step.releaseLease = true;
    EventRecord event;
    event.kind = QStringLiteral("state");
    event.atMs = ports.clock->wallMs();
    step.events.push_back(event);
    AuditRecord audit;
    audit.atMs = event.atMs;
    audit.actor = QStringLiteral("engine");
    audit.action = QStringLiteral("job.failed");
    audit.job = lease.job.text();
    audit.detail = {{QStringLiteral("note"), step.progress->note}};
    step.audits.push_back(audit);
    return store.commit(step).transform([](auto) {});
}

} // namespace

Result<std::unique_ptr<JobRun>> JobRun::open(const EnginePorts &ports, JobStore &store, const Lease &lease,
                                             std::stop_token stop, std::stop_token between)
{
    auto session = JobSession::open(ports, store, lease);
    if (!session) {
        if (session.error().kind == ErrorKind::Invalid || session.error().kind == ErrorKind::Unsupported)
            OF_CHECK(endUnreadable(ports, store, lease, session.error()));
        return std::unexpected(session.error());
    }
    return std::unique_ptr<JobRun>(new JobRun(*std::move(session), std::move(stop), std::move(between)));
}

JobRun::JobRun(JobSession session, std::stop_token stop, std::stop_token between)
    : m_session(std::move(session)),
      m_effects(m_session, stop),
      m_stop(std::move(stop)),
      m_between(std::move(between)),
      m_ahead(m_session, m_stop)
{
    m_session.beforeRelease([this] { m_ahead.clear(); });
}

namespace {

/// Whether a person decides there.
bool isGate(const StageDefinition &stage)
{
    return stage.kind == StageKind::Deploy || stage.kind == StageKind::Accept;
}

/// Before a job is tried again that another process stood in the way of.
constexpr std::chrono::seconds kOtherPause{5};
/// Failed changes after which a ticket has failed (openfactory-v2-pipeline, stage 4).
constexpr int kTicketAttempts = 3;

} // namespace

Result<JobRun::End> JobRun::run()
{
    return guarded([this] { return loop(std::nullopt); });
}

Result<JobRun::End> JobRun::run(const StageRange &range)
{
    m_byHand = true;
    return guarded([this, range]() -> Result<End> {
        const int next = m_session.progress().stageIndex;
        if (range.from > next)
            return fail(
                ErrorKind::Denied, QStringLiteral("run %1").arg(m_session.pipeline().stages[size_t(range.from)].name),
                QStringLiteral("%1 comes first and has not passed").arg(m_session.pipeline().stages[size_t(next)].name),
                QStringLiteral("use --from %1").arg(m_session.pipeline().stages[size_t(next)].name));
        Step step;
        Progress progress = m_session.progress();
        progress.stageIndex = range.from;
        const StageKind first = m_session.pipeline().stages[size_t(range.from)].kind;
        if (!isDocument(first) && first != StageKind::Preflight)
            progress.answering.clear(); // what lies in the workspace is the answer
        step.progress = progress;
        OF_CHECK(m_session.write(std::move(step)));
        return loop(range);
    });
}

Result<JobRun::End> JobRun::prepare()
{
    m_byHand = true;
    return guarded([this] {
        return m_session.job().identity.author == AuthorKind::Person
                   ? handBack(QStringLiteral("the workspace is ready"))
                   : queue(QStringLiteral("the workspace is ready"));
    });
}

Result<JobRun::End> JobRun::rewind(const QString &stage, int number)
{
    m_byHand = true;
    return guarded([&]() -> Result<End> {
        auto &git = *m_session.ports().git;
        OF_TRY(attempts, m_session.store().attempts(m_session.job().id()));
        const auto attempt = std::ranges::find_if(
            attempts, [&](const AttemptRecord &a) { return a.stage == stage && a.number == number; });
        if (attempt == attempts.end())
            return fail(ErrorKind::NotFound, QStringLiteral("rewind to %1/%2").arg(displayable(stage)).arg(number),
                        QStringLiteral("there was no such attempt"),
                        QStringLiteral("factory show --detailed lists the attempts"));
        if (m_session.isPlanning())
            return fail(ErrorKind::Denied, QStringLiteral("rewind to %1/%2").arg(displayable(stage)).arg(number),
                        QStringLiteral("its documents are not written yet"));
        OF_TRY(held, m_session.holdEffects());
        const CommitId content = attempt->reverted ? attempt->reverted->commit : attempt->start;
        OF_TRY(state, git.state(m_session.workspace()));
        QString kept;
        CommitId laid;      // what lay there
        if (!state.clean) { // what lies there now is kept first
            OF_TRY(secrets, addedSecrets(m_session, state.head, false));
            if (!secrets.empty())
                return fail(ErrorKind::Denied, QStringLiteral("rewind to %1/%2").arg(displayable(stage)).arg(number),
                            QStringLiteral("what lies in the workspace would be kept, and %1 holds a secret")
                                .arg(displayPath(secrets.front().file)),
                            QStringLiteral("take it out of the file first"));
            const QString ref = QStringLiteral("refs/openfactory/%1/rewind/%2")
                                    .arg(m_session.job().id().text(), newUlid());
            OF_TRY(before, git.snapshot(m_session.workspace(), ref,
                                        QStringLiteral("before a rewind to %1/%2").arg(stage).arg(number)));
            laid = before.commit;
            kept = QStringLiteral("; what lay there is kept: git restore --source=%1 -- .").arg(ref);
        }
        OF_TRY(unseen, m_effects.rewind(stage, number, content, laid));
        if (!unseen.isEmpty())
            kept += QStringLiteral("; ") + unseen;
        return handBack(QStringLiteral("rewound to %1/%2").arg(stage).arg(number) + kept);
    });
}

Result<JobRun::End> JobRun::guarded(const std::function<Result<End>()> &work)
{
    const auto result = [&]() -> Result<End> {
        if (const auto begun = begin(); !begun) {
            if (begun.error().kind == ErrorKind::Timeout && m_session.progress().state == JobState::Running)
                return waitForOther(begun.error());
            return std::unexpected(begun.error());
        }
        // What an earlier process had judged may have ended or parked the job already.
        if (m_session.progress().state != JobState::Running)
            return m_session.progress().state == JobState::Waiting ? End::Parked : End::Ended;
        return work();
    }();
    if (result || result.error().kind == ErrorKind::Fenced || m_session.store().halted())
        return result;
    const Error &error = result.error();
    if (error.kind == ErrorKind::Cancelled || m_stop.stop_requested())
        return stopped();
    if (m_session.progress().state != JobState::Running)
        return std::unexpected(error);
    // The job goes back into the queue with what happened; what a person can put right with the job none the worse, a
    // full disk or a repository that was moved or unmounted, pauses it until it is resumed. Nobody is served by the
    // same error again and again, so every other failure of the factory ends the job as failed.
    const bool gone = !QFileInfo::exists(m_session.job().identity.repository);
    if (gone || error.kind == ErrorKind::DiskFull) {
        Step step;
        Wishes wishes = m_session.job().wishes;
        wishes.paused = true;
        wishes.pauseReason = (gone ? QStringLiteral("the repository is gone: ") : QStringLiteral("disk full: "))
                             + toText(error);
        step.wishes = wishes;
        OF_CHECK(m_session.write(std::move(step)));
        OF_CHECK(queue(wishes.pauseReason));
    } else if (m_byHand && !m_session.progress().workspace.isEmpty()) {
        OF_CHECK(handBack(toText(error)));
    } else {
        OF_CHECK(end(JobEvent::Failed, toText(error)));
    }
    return std::unexpected(error);
}

Result<void> JobRun::begin()
{
    OF_TRY(running, nextState(m_session.progress().state, JobEvent::Claimed));
    const bool died = m_session.progress().state == JobState::Running; // its last owner, maybe between two attempts
    Step step;
    Progress progress = m_session.progress();
    progress.state = running;
    progress.wait = {};
    progress.note.clear(); // it told of the rest that ends here
    step.progress = progress;
    step.events.push_back(m_session.event(QStringLiteral("state")));
    OF_CHECK(m_session.write(std::move(step)));
    if (!m_session.isPlanning())
        OF_CHECK(m_session.readPlan());
    OF_TRY(mended, m_effects.recover());
    OF_CHECK(sweepSideWork(m_session.ports(), m_session.folder()));
    if (died || mended > 0) {
        Step told;
        const auto at = size_t(m_session.progress().stageIndex);
        const auto &stages = m_session.pipeline().stages;
        told.events.push_back(m_session.event(QStringLiteral("recovered"),
                                              at < stages.size() ? stages[at].name : QString(), 0,
                                              {{QStringLiteral("mended"), mended}}));
        OF_CHECK(m_session.write(std::move(told)));
    }
    if (m_session.progress().state != JobState::Running)
        return {};
    return m_effects.prepareWorkspace(m_stop);
}

Result<JobRun::End> JobRun::loop(const std::optional<StageRange> &range)
{
    const WithPlace place(m_session.ports().places.get());
    m_last = range ? range->to : int(m_session.pipeline().stages.size()) - 1;
    while (true) {
        OF_CHECK(m_session.refresh());
        const Progress &progress = m_session.progress();
        if (isCancelled())
            return end(JobEvent::Cancelled, QStringLiteral("cancelled by a person"));
        if (m_stop.stop_requested() || m_between.stop_requested())
            return stopped();
        if (m_session.job().wishes.paused && !range)
            return queue(QStringLiteral("paused"));
        OF_CHECK(adoptForeignCommits());
        if (!m_session.isPlanning())
            OF_CHECK(m_session.readPlan());
        if (progress.stageIndex >= int(m_session.pipeline().stages.size())) {
            OF_TRY(ended, finish());
            if (ended)
                return *ended;
            continue;
        }
        if (range && isChangeDue() && progress.answering == u"task" && m_session.ticket()) {
            OF_CHECK(handBack(
                QStringLiteral("next is ticket %1, %2").arg(m_session.ticket()->number).arg(m_session.ticket()->name)));
            return End::Through;
        }
        if (range && (progress.stageIndex > range->to || isChangeDue())) {
            OF_CHECK(handBack(
                !isChangeDue()
                    ? QStringLiteral("ran by hand up to %1").arg(m_session.pipeline().stages[size_t(range->to)].name)
                    : QStringLiteral("%1 did not pass").arg(progress.answering)));
            return End::Through;
        }
        if (isChangeDue())
            m_ahead.clear(); // another change comes
        OF_TRY(went, isChangeDue() ? answerAuthor() : runStage());
        if (went != Went::On)
            return went == Went::Parked ? End::Parked : End::Ended;
    }
}

Result<std::optional<JobRun::End>> JobRun::finish()
{
    const auto missing = whyNotDone(m_session, m_stop);
    if (!missing && missing.error().kind == ErrorKind::Cancelled)
        return std::unexpected(missing.error());
    if (missing && !*missing) {
        const bool merged = !m_session.progress().integrated.isEmpty();
        OF_TRY(pull, m_session.store().pull(m_session.job().id()));
        const QString target = m_session.job().identity.target;
        OF_TRY(ended, end(JobEvent::Finished, merged ? QStringLiteral("integrated into %1").arg(target)
                                                     : QStringLiteral("pull request %1 is ready to be merged into %2")
                                                           .arg(pull ? pull->pull.number : 0)
                                                           .arg(target)));
        return std::optional(ended);
    }
    // Back to the stage that waits for it, or says what is wrong.
    const QString why = missing ? **missing : toText(missing.error());
    Step step;
    Progress progress = m_session.progress();
    progress.stageIndex = m_session.pipeline().indexOf(StageKind::PullRequest).value_or(0);
    progress.note = why;
    step.progress = progress;
    step.events.push_back(m_session.event(QStringLiteral("not-done"), {}, 0, {{QStringLiteral("why"), why}}));
    step.audits.push_back(m_session.audit(QStringLiteral("job.not-done"), {{QStringLiteral("why"), why}}));
    OF_CHECK(m_session.write(std::move(step)));
    return std::optional<End>();
}

Result<void> JobRun::adoptForeignCommits()
{
    OF_TRY(state, m_session.ports().git->state(m_session.workspace()));
    if (state.head == m_session.progress().head)
        return {};
    // A person committed or merged in the worktree: that is a change like any other, judged from the start.
    Step step;
    step.events.push_back(
        m_session.event(QStringLiteral("commits-adopted"), {}, 0, {{QStringLiteral("head"), state.head}}));
    step.audits.push_back(m_session.audit(QStringLiteral("commits.adopted"), {{QStringLiteral("head"), state.head}}));
    return judgeAnew(std::move(step), state.head);
}

Result<void> JobRun::judgeAnew(Step step, const CommitId &head)
{
    Progress progress = m_session.progress();
    progress.head = head;
    if (!m_session.isPlanning()) {
        progress.stageIndex = m_session.pipeline().indexOf(StageKind::Implement).value_or(0);
        progress.answering.clear();
    }
    step.progress = progress;
    return m_session.write(std::move(step));
}

Result<JobRun::Went> JobRun::answerAuthor()
{
    OF_TRY(asked, m_effects.askAuthor(m_stop));
    if (asked == JobEffects::Asked::Changed)
        return Went::On;
    if (asked == JobEffects::Asked::Waiting)
        return Went::Parked;
    // Nothing more to give: a soft failure stays as a risk, anything else ends the job.
    const QString answering = m_session.progress().answering;
    OF_TRY(attempts, m_session.store().attempts(m_session.job().id()));
    for (const auto &attempt : attempts) {
        if (QStringLiteral("%1/%2").arg(attempt.stage).arg(attempt.number) != answering
            || attempt.state != AttemptState::SoftFailed)
            continue;
        Step step;
        Progress progress = m_session.progress();
        progress.answering.clear();
        progress.stageIndex = m_session.pipeline().indexOf(attempt.stage).value_or(progress.stageIndex) + 1;
        step.progress = progress;
        step.risks.push_back(riskOf(attempt));
        OF_CHECK(m_session.write(std::move(step)));
        return Went::On;
    }
    const auto stage = m_session.pipeline().indexOf(answering.section(u'/', 0, 0));
    const bool checks = stage && m_session.pipeline().stages[size_t(*stage)].kind == StageKind::PullRequest;
    OF_CHECK(end(
        checks ? JobEvent::ChecksFailed : JobEvent::Failed,
        answering == QStringLiteral("task")
            ? QStringLiteral("the author has no change to give")
                  + (m_session.ticket() ? QStringLiteral(" for ticket %1").arg(m_session.ticket()->number) : QString())
            : QStringLiteral("%1 failed, and the author has no further change to give").arg(answering)));
    return Went::Ended;
}

namespace {

/// The attempt that was parked until the forge's checks are done, where it is the stage's newest.
const AttemptRecord *waitsForChecks(const StageDefinition &stage, const std::vector<AttemptRecord> &attempts)
{
    const AttemptRecord *newest = nullptr;
    for (const AttemptRecord &attempt : attempts) {
        if (attempt.stage == stage.name && (!newest || attempt.number > newest->number))
            newest = &attempt;
    }
    const bool waits = newest && stage.kind == StageKind::PullRequest && newest->state == AttemptState::Parked;
    return waits ? newest : nullptr;
}

} // namespace

Result<JobRun::Went> JobRun::runStage()
{
    const StageDefinition stage = m_session.pipeline().stages[size_t(m_session.progress().stageIndex)];
    const StageHandler *handler = m_session.ports().handlers->handler(stage.kind);
    if (!handler)
        return fail(ErrorKind::Unsupported, QStringLiteral("run %1").arg(stage.name),
                    QStringLiteral("a stage of kind %1 is not built yet").arg(toName(stage.kind)));
    OF_TRY(decided, considerDecision(stage));
    if (decided)
        return *decided;

    OF_TRY(attempts, m_session.store().attempts(m_session.job().id()));
    OF_TRY(state, m_session.ports().git->state(m_session.workspace()));
    if (const AttemptRecord *parked = waitsForChecks(stage, attempts); parked && parked->before == state.head) {
        AttemptRecord again = *parked; // another look of the same attempt
        again.state = AttemptState::Running;
        Step step;
        step.attempts.push_back(again);
        OF_CHECK(m_session.write(std::move(step)));
        m_effects.beginWith(state);
        return runAttempt(stage, *handler, std::move(again));
    }
    if (!state.clean && isGate(stage) && m_session.pipeline().indexOf(StageKind::Implement)) {
        // No gate has judged what lies there, and a decision would not merge it: it is judged from the start.
        Step step;
        step.events.push_back(m_session.event(QStringLiteral("changed-at-gate"), stage.name));
        OF_CHECK(judgeAnew(std::move(step), state.head));
        return Went::On;
    }
    m_effects.beginWith(state);
    AttemptRecord attempt;
    attempt.stage = stage.name;
    attempt.number = nextAttempt(attempts, stage.name);
    attempt.startedMs = m_session.now();
    attempt.before = attempt.start = state.head;
    attempt.tree = state.tree;
    if (stage.kind == StageKind::Implement && m_session.ticket())
        attempt.ticket = m_session.ticket()->number;
    // Where judging begins, what a person committed is looked at too: adopted commits always come through here.
    const int first = m_session.pipeline().indexOf(StageKind::Implement).value_or(0);
    if (!state.clean || m_session.progress().stageIndex == first) {
        // Nothing that holds a secret becomes a commit, not even a snapshot: the files stay as they are (law 8).
        OF_TRY(secrets, addedSecrets(m_session, state.head, m_session.progress().stageIndex == first));
        if (!secrets.empty())
            return refuseSecret(stage, std::move(attempt), secrets, state.clean);
    }
    if (!state.clean) {
        // What is judged is safe before anything touches it.
        OF_TRY(held, m_session.holdEffects());
        OF_TRY(snapshot,
               m_session.ports().git->snapshot(
                   m_session.workspace(), JobEffects::ledgerRef(m_session.job().id(), stage.name, attempt.number),
                   QStringLiteral("judged by %1, attempt %2").arg(stage.name).arg(attempt.number)));
        attempt.start = snapshot.commit;
    }
    Step step;
    step.attempts.push_back(attempt);
    step.events.push_back(m_session.event(QStringLiteral("attempt-started"), stage.name, attempt.number));
    OF_CHECK(m_session.write(std::move(step)));
    return runAttempt(stage, *handler, std::move(attempt));
}

Result<JobRun::Went> JobRun::refuseSecret(const StageDefinition &stage, AttemptRecord attempt,
                                          const std::vector<Finding> &secrets, bool committed)
{
    Verdict verdict;
    verdict.outcome = Outcome::Failed;
    verdict.findings = secrets;
    const bool unread = std::ranges::all_of(secrets, [](const Finding &one) { return one.rule == u"too-large"; });
    const QString places = counted(qint64(secrets.size()), QStringLiteral("place"));
    verdict.summary = (unread ? QStringLiteral("the change has files too large to be searched for a secret (%1); %2")
                              : QStringLiteral("the change adds a secret (%1); %2"))
                          .arg(places, committed ? QStringLiteral("take it out of the branch's commits, by git commit "
                                                                  "--amend or rebase")
                                                 : QStringLiteral("it is not committed"));
    attempt.verdict = verdict;
    attempt.fingerprint = failureFingerprint(verdict);
    attempt.state = AttemptState::Failed;
    attempt.endedMs = m_session.now();
    Step step;
    step.attempts.push_back(attempt);
    Progress progress = m_session.progress();
    progress.answering = QStringLiteral("%1/%2").arg(stage.name).arg(attempt.number);
    progress.triedTree = attempt.tree;
    const bool person = m_session.isPersonsTurn();
    if (!person) {
        progress.state = JobState::Failed;
        progress.note = verdict.summary;
        step.releaseLease = true;
    }
    step.progress = progress;
    const QJsonObject detail{{QStringLiteral("stage"), stage.name},
                             {QStringLiteral("attempt"), attempt.number},
                             {QStringLiteral("summary"), verdict.summary}};
    step.events.push_back(m_session.event(QStringLiteral("attempt-ended"), stage.name, attempt.number, detail));
    step.audits.push_back(m_session.audit(QStringLiteral("attempt.refused-secret"), detail));
    OF_CHECK(m_session.write(std::move(step)));
    return person ? Went::On : Went::Ended;
}

namespace {

/// Files that are named of those that did not stand still.
constexpr size_t kNamedChanges = 5;
/// As often is a stage run for one verdict.
constexpr int kMostRuns = 3;

void takeMended(AttemptRecord &attempt, const AttemptRecord &judged)
{
    if (judged.start == attempt.start)
        return;
    attempt.start = judged.start;
    attempt.tree = judged.tree;
    attempt.inputs.clear(); // mended: no pass of these inputs alone
}

QString namesOf(const std::vector<FileChange> &files)
{
    QStringList names;
    for (const FileChange &file : files | std::views::take(kNamedChanges))
        names << displayPath(file.path);
    if (files.size() > kNamedChanges)
        names << QStringLiteral("and %1 more").arg(files.size() - kNamedChanges);
    return names.join(QStringLiteral(", "));
}

} // namespace

Result<StageResult> JobRun::undisturbed(const StageDefinition &stage, const StageHandler &handler,
                                        AttemptContext &context, AttemptRecord &attempt, StageResult said)
{
    const bool looksAtFiles = takesCommand(stage.kind) || stage.kind == StageKind::Review
                              || stage.kind == StageKind::Boundary || stage.kind == StageKind::Tcr;
    if (!looksAtFiles)
        return said;
    std::vector<RepoPath> before;
    for (int runs = 1;; ++runs) {
        const auto *verdict = std::get_if<Verdict>(&said);
        if (!verdict || m_stop.stop_requested())
            return said;
        OF_TRY(changed, m_effects.changedSince(attempt));
        if (changed.empty())
            return said;
        std::vector<RepoPath> paths;
        std::ranges::transform(changed, std::back_inserter(paths), &FileChange::path);
        if (paths == before) { // it is what its tools do, or somebody insists
            std::erase_if(changed, [](const FileChange &file) { return file.status == FileStatus::Added; });
            Verdict told = *verdict;
            if (!changed.empty())
                told.facts[disturbedFact()] = m_session.ports().masker->masked(namesOf(changed));
            return StageResult(told);
        }
        const QString names = m_session.ports().masker->masked(namesOf(changed));
        if (runs == kMostRuns) {
            Verdict none;
            none.outcome = Outcome::Transient;
            none.summary = QStringLiteral("what %1 judges does not stand still: %2 was written while it ran")
                               .arg(stage.name, names);
            return StageResult(none);
        }
        attempt.inputs.clear();
        attempt.note = QStringLiteral("run again, as this was written while it ran: %1").arg(names);
        OF_CHECK(m_effects.putBack(attempt));
        OF_CHECK(context.reopen());
        if (runs == 1) {
            OF_TRY(apart, m_ahead.judgeApart(context, handler, attempt));
            if (apart)
                return StageResult(*std::move(apart));
        }
        before = std::move(paths);
        OF_TRY(again, handler.run(context));
        takeMended(attempt, context.judged());
        said = std::move(again);
    }
}

Result<JobRun::Went> JobRun::runAttempt(const StageDefinition &stage, const StageHandler &handler,
                                        AttemptRecord attempt)
{
    attempt.endedMs = 0; // it may have been parked
    AttemptContext context(m_session, stage, attempt, m_stop, &m_effects);
    OF_CHECK(context.open());
    OF_TRY(record, askRecord(m_session, context, handler, attempt));
    attempt.inputs = record.inputs;
    attempt.anyJob = record.anyJob;
    if (record.verdict)
        return concludeVerdict(stage, std::move(attempt), *record.verdict, {});
    if (attempt.ticket == 0 || m_session.progress().documents.done + 1 >= int(m_session.tickets().size()))
        m_ahead.begin(attempt, m_last);
    const auto ahead = m_ahead.answer(context, attempt);
    if (!ahead)
        return factoryFailure(stage, std::move(attempt), ahead.error());
    if (*ahead)
        return concludeVerdict(stage, std::move(attempt), **ahead, context.takeArtifacts());
    auto result = handler.run(context);
    takeMended(attempt, context.judged());
    if (result)
        result = undisturbed(stage, handler, context, attempt, *std::move(result));
    if (!result)
        return factoryFailure(stage, std::move(attempt), result.error());
    if (const auto *wait = std::get_if<Wait>(&*result))
        return park(std::move(attempt), *wait, context.takeArtifacts());
    return concludeVerdict(stage, std::move(attempt), std::get<Verdict>(*result), context.takeArtifacts());
}

namespace {

/// Findings beyond this are counted only; the whole report is kept as an artifact.
constexpr size_t kMostFindings = 500;

/// What tools said, as it may be stored: secrets masked, bounded.
Verdict storable(Verdict verdict, const Masker &masker)
{
    cutFindings(verdict, kMostFindings);
    const QByteArray text = QJsonDocument(toJson(verdict)).toJson(QJsonDocument::Compact);
    const QByteArray masked = masker.mask(text);
    if (masked == text)
        return verdict;
    if (auto read = verdictFromJson(QJsonDocument::fromJson(masked).object()))
        return *read;
    verdict.findings.clear(); // never the unmasked text, whatever the mask did to the form
    verdict.summary = QStringLiteral("what the tools said holds a secret and cannot be shown");
    return verdict;
}

} // namespace

Result<JobRun::Went> JobRun::concludeVerdict(const StageDefinition &stage, AttemptRecord attempt, const Verdict &said,
                                             std::vector<ArtifactRecord> artifacts)
{
    Conclusion conclusion;
    const Verdict verdict = storable(said, *m_session.ports().masker);
    attempt.verdict = verdict;
    if (verdict.outcome != Outcome::Passed)
        attempt.fingerprint = failureFingerprint(verdict);
    if (verdict.record) // what is answered from is what was judged
        attempt.inputs.clear();
    OF_TRY(attempts, m_session.store().attempts(m_session.job().id()));
    const auto earlier = countedFailures(attempts, stage.name, m_session.progress().attemptMark, attempt.ticket);
    StageDefinition limited = stage;
    if (attempt.ticket > 0)
        limited.attempts = std::min(stage.attempts, kTicketAttempts);
    // A person is not waited for over a soft failure: they meet it as a risk at the gate.
    const bool soft = stage.failure == FailureClass::Soft && verdict.outcome != Outcome::Failed;
    const bool authorCanChange = !m_session.isPersonsTurn() || !soft;
    conclusion.judgement = judge(limited, verdict, failureOf(attempt), earlier, authorCanChange,
                                 m_session.contract().tcr);
    // The tickets hold: a change that mends what all of them fail at comes on top of them.
    const bool nothingBack = attempt.start == m_session.progress().good && stage.kind != StageKind::Tcr;
    if (nothingBack && !m_session.tickets().empty())
        conclusion.judgement.revert = false;
    if (stage.kind == StageKind::Integrate && verdict.outcome == Outcome::Failed
        && int(earlier.size()) + 1 < stage.attempts) {
        Wait wait;
        wait.kind = WaitKind::Conflict;
        wait.what = QStringLiteral("a resolution in %1: %2").arg(m_session.workspace().path, verdict.summary);
        attempt.state = AttemptState::Failed;
        return park(std::move(attempt), wait, std::move(artifacts));
    }
    conclusion.attempt = std::move(attempt);
    conclusion.artifacts = std::move(artifacts);
    OF_CHECK(m_effects.conclude(conclusion));
    switch (conclusion.judgement.next) {
    case NextStep::RetryLater: return Went::Parked;
    case NextStep::GiveUp: return Went::Ended;
    default: return Went::On;
    }
}

Result<JobRun::Went> JobRun::park(AttemptRecord attempt, const Wait &wait, std::vector<ArtifactRecord> artifacts)
{
    Step step;
    if (attempt.state == AttemptState::Running)
        attempt.state = AttemptState::Parked;
    attempt.endedMs = m_session.now();
    Progress progress = m_session.progress();
    progress.state = JobState::Waiting;
    progress.wait = wait;
    progress.wait.sinceMs = m_session.now();
    if (wait.kind == WaitKind::Clarification) {
        progress.documents.question = wait.what;
        progress.wait.what = QStringLiteral("an answer to: %1 (factory answer -s %2 \"...\")")
                                 .arg(wait.what, m_session.job().slug().text());
    }
    if (wait.kind == WaitKind::Change) // what lies there now was not it
        progress.triedTree = attempt.tree;
    if (wait.kind == WaitKind::Retry) {
        progress.wait.bootId = m_session.ports().clock->bootId();
        progress.wait.wakeAtBootMs = wait.wakeAtBootMs.value_or(0) + m_session.ports().clock->bootMs();
    }
    const bool again = wait.kind == WaitKind::Checks && attempt.note == wait.what; // nothing has changed by this look
    if (wait.kind == WaitKind::Checks) {
        attempt.note = wait.what;
        progress.wait.sinceMs = attempt.startedMs;
        progress.wait.bootId = m_session.ports().clock->bootId();
        progress.wait.wakeAtBootMs = wait.wakeAtBootMs.value_or(0) + m_session.ports().clock->bootMs();
    }
    if (wait.kind == WaitKind::Approval) {
        OF_TRY(binding, m_session.binding(progress.stageIndex));
        progress.gate = binding;
    }
    step.progress = progress;
    step.attempts.push_back(attempt);
    step.artifacts = std::move(artifacts);
    const QJsonObject detail{{QStringLiteral("wait"), toName(wait.kind)}, {QStringLiteral("what"), wait.what}};
    if (!again) {
        step.events.push_back(m_session.event(QStringLiteral("parked"), attempt.stage, attempt.number, detail));
        step.audits.push_back(m_session.audit(QStringLiteral("job.parked"), detail));
    }
    step.releaseLease = true;
    OF_CHECK(m_session.write(std::move(step)));
    return Went::Parked;
}

Result<std::optional<JobRun::Went>> JobRun::considerDecision(const StageDefinition &stage)
{
    if (!isGate(stage))
        return std::nullopt;
    const Progress &before = m_session.progress();
    if (!before.integrated.isEmpty()) {
        // What came after it failed and began anew: what is on the target already is not decided on again.
        const auto common = m_session.ports().git->mergeBase(m_session.job().identity.repository, before.head,
                                                             before.integrated);
        if (common && *common == before.head) {
            Step step;
            Progress progress = before;
            ++progress.stageIndex;
            step.progress = progress;
            step.events.push_back(m_session.event(QStringLiteral("integrated-before"), stage.name));
            OF_CHECK(m_session.write(std::move(step)));
            return Went::On;
        }
    }
    OF_TRY(decisions, m_session.store().decisions(m_session.job().id()));
    const auto decision = pendingDecision(decisions, stage.name);
    if (!decision)
        return std::nullopt;
    OF_TRY(now, m_session.binding(m_session.progress().stageIndex));
    OF_TRY(attempts, m_session.store().attempts(m_session.job().id()));
    OF_TRY(risks, m_session.store().risks(m_session.job().id()));
    auto reason = whyVoid(decision->binding, now);
    if (!reason) {
        if (const auto holds = checkDecision(*decision, risks, absoluteFailure(m_session.pipeline(), attempts)); !holds)
            reason = toText(holds.error());
    }
    if (reason) {
        Step step;
        step.voided = std::pair(decision->id, *reason);
        step.events.push_back(
            m_session.event(QStringLiteral("decision-void"), stage.name, 0, {{QStringLiteral("reason"), *reason}}));
        step.audits.push_back(
            m_session.audit(QStringLiteral("decision.void"),
                            {{QStringLiteral("decision"), decision->id.text()}, {QStringLiteral("reason"), *reason}}));
        OF_CHECK(m_session.write(std::move(step)));
        return std::nullopt; // the gate is shown anew
    }
    const auto gate = std::ranges::find_last_if(
        attempts, [&](const AttemptRecord &a) { return a.stage == stage.name && a.state == AttemptState::Parked; });
    if (gate.empty())
        return std::nullopt;
    if (decision->kind != DecisionKind::Approve)
        return sendBack(*decision, gate.front());
    OF_TRY(integrated, m_effects.integrate(gate.front(), *decision));
    if (integrated == JobEffects::Integrated::Refused)
        return Went::Parked;
    if (integrated == JobEffects::Integrated::TargetMoved) {
        // The decision stays: when the merge is clean again and the diff alike, it still holds.
        Step step;
        Progress progress = m_session.progress();
        progress.stageIndex = m_session.pipeline().indexOf(StageKind::Integrate).value_or(progress.stageIndex);
        step.progress = progress;
        step.events.push_back(m_session.event(QStringLiteral("target-moved")));
        OF_CHECK(m_session.write(std::move(step)));
    }
    return Went::On;
}

Result<JobRun::Went> JobRun::sendBack(const Decision &decision, AttemptRecord gate)
{
    Verdict verdict;
    verdict.outcome = Outcome::Failed;
    verdict.summary = (decision.kind == DecisionKind::Reject ? QStringLiteral("rejected by %1: %2")
                                                             : QStringLiteral("%1 asks for changes: %2"))
                          .arg(decision.actor, decision.comment);
    verdict.findings.push_back(remarkOf(decision));
    gate.verdict = verdict;
    gate.state = AttemptState::Failed;
    gate.endedMs = m_session.now();
    Step step;
    step.attempts.push_back(gate);
    step.consumed = decision.id;
    step.consumedBy = newUlid();
    Progress progress = m_session.progress();
    progress.answering = QStringLiteral("%1/%2").arg(gate.stage).arg(gate.number);
    OF_TRY(state, m_session.ports().git->state(m_session.workspace()));
    progress.triedTree = state.tree;
    const bool rejected = decision.kind == DecisionKind::Reject;
    if (rejected) {
        progress.state = JobState::Failed;
        progress.note = verdict.summary;
        step.releaseLease = true;
    } else {
        OF_TRY(attempts, m_session.store().attempts(m_session.job().id()));
        progress.attemptMark = int(attempts.size()); // a new round of work: the limits count from here
    }
    step.progress = progress;
    step.events.push_back(m_session.event(QStringLiteral("state"), gate.stage, gate.number));
    step.audits.push_back(m_session.audit(
        rejected ? QStringLiteral("job.rejected") : QStringLiteral("job.changes-requested"),
        {{QStringLiteral("decision"), decision.id.text()}, {QStringLiteral("comment"), decision.comment}}));
    OF_CHECK(m_session.write(std::move(step)));
    return rejected ? Went::Ended : Went::On;
}

Result<JobRun::Went> JobRun::factoryFailure(const StageDefinition &stage, AttemptRecord attempt, const Error &error)
{
    if (error.kind == ErrorKind::Fenced || m_session.store().halted())
        return std::unexpected(error);
    if (error.kind == ErrorKind::Unavailable) { // something outside is down: the same may pass later
        Verdict verdict;
        verdict.outcome = Outcome::Transient;
        verdict.summary = toText(error);
        return concludeVerdict(stage, std::move(attempt), verdict, {});
    }
    OF_CHECK(m_effects.restoreStart(attempt));
    attempt.state = error.kind == ErrorKind::Cancelled ? AttemptState::Cancelled : AttemptState::Failed;
    if (error.kind == ErrorKind::DiskFull)
        attempt.state = AttemptState::Interrupted;
    attempt.note = error.kind == ErrorKind::Cancelled ? QStringLiteral("stopped on the way") : toText(error);
    if (const auto left = m_effects.leftNote(attempt); left && !left->isEmpty())
        attempt.note += QStringLiteral("; ") + *left;
    attempt.endedMs = m_session.now();
    Step step;
    step.attempts.push_back(attempt);
    step.events.push_back(m_session.event(QStringLiteral("attempt-ended"), attempt.stage, attempt.number,
                                          {{QStringLiteral("state"), toName(attempt.state)}}));
    step.audits.push_back(m_session.audit(QStringLiteral("attempt.") + toName(attempt.state),
                                          {{QStringLiteral("stage"), attempt.stage},
                                           {QStringLiteral("attempt"), attempt.number},
                                           {QStringLiteral("error"), toText(error)}}));
    OF_CHECK(m_session.write(std::move(step)));
    return std::unexpected(error);
}

/// A wish that came after the last stage came too late: the change is merged, and nothing is left to be done.
bool JobRun::isCancelled() const
{
    const Progress &progress = m_session.progress();
    return m_session.job().wishes.cancelAsked
           && (progress.integrated.isEmpty() || progress.stageIndex < int(m_session.pipeline().stages.size()));
}

Result<JobRun::End> JobRun::stopped()
{
    OF_CHECK(m_session.refresh());
    if (isCancelled())
        return end(JobEvent::Cancelled, QStringLiteral("cancelled by a person"));
    return queue(m_session.job().wishes.paused ? QStringLiteral("paused")
                                               : QStringLiteral("stopped; it goes on where it stood"));
}

Result<JobRun::End> JobRun::queue(const QString &note)
{
    OF_TRY(state, nextState(m_session.progress().state, JobEvent::Interrupted));
    Step step;
    Progress progress = m_session.progress();
    progress.state = state;
    progress.wait = waitForWorker(*m_session.ports().clock);
    progress.note = note;
    step.progress = progress;
    step.releaseLease = true;
    step.events.push_back(m_session.event(QStringLiteral("state")));
    OF_CHECK(m_session.write(std::move(step)));
    return End::Queued;
}

/// An earlier owner of the job stands in the way, in the middle of an effect.
Result<JobRun::End> JobRun::waitForOther(const Error &error)
{
    OF_TRY(state, nextState(m_session.progress().state, JobEvent::Parked));
    Step step;
    Progress progress = m_session.progress();
    progress.state = state;
    progress.wait = waitForWorker(*m_session.ports().clock);
    progress.wait.what = QStringLiteral("an earlier process of the job to end: %1 (%2)").arg(error.said, error.hint);
    progress.wait.wakeAtBootMs = m_session.ports().clock->bootMs() + kOtherPause.count();
    progress.note = toText(error);
    step.progress = progress;
    step.releaseLease = true;
    step.events.push_back(m_session.event(QStringLiteral("state")));
    OF_CHECK(m_session.write(std::move(step)));
    return End::Parked;
}

Result<JobRun::End> JobRun::handBack(const QString &note)
{
    OF_TRY(state, m_session.ports().git->state(m_session.workspace()));
    OF_TRY(parked, nextState(m_session.progress().state, JobEvent::Parked));
    Step step;
    Progress progress = m_session.progress();
    progress.state = parked;
    progress.note = note;
    progress.triedTree = state.tree;
    const auto &stages = m_session.pipeline().stages;
    const QString next = progress.stageIndex < int(stages.size()) ? stages[size_t(progress.stageIndex)].name
                                                                  : QString();
    progress.wait = {};
    progress.wait.kind = WaitKind::Change;
    progress.wait.what =
        !isChangeDue()
            ? QStringLiteral("a person: next is %1 (factory stage), or factory retry lets the engine go on").arg(next)
            : QStringLiteral("a change in %1").arg(m_session.workspace().path);
    progress.wait.sinceMs = m_session.now();
    step.progress = progress;
    step.releaseLease = true;
    step.events.push_back(m_session.event(QStringLiteral("state")));
    OF_CHECK(m_session.write(std::move(step)));
    return End::Through;
}

Result<JobRun::End> JobRun::end(JobEvent event, const QString &note)
{
    OF_TRY(state, nextState(m_session.progress().state, event));
    Step step;
    Progress progress = m_session.progress();
    progress.state = state;
    progress.note = note;
    step.progress = progress;
    step.releaseLease = true;
    step.events.push_back(m_session.event(QStringLiteral("state")));
    step.audits.push_back(m_session.audit(QStringLiteral("job.") + toName(state), {{QStringLiteral("note"), note}}));
    OF_CHECK(m_session.write(std::move(step)));
    return End::Ended;
}

} // namespace openfactory
