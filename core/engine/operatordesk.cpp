// SPDX-License-Identifier: Apache-2.0
#include "core/engine/operatordesk.h"

#include "core/base/file.h"
#include "core/base/logging.h"
#include "core/base/text.h"
#include "core/domain/spec.h"
#include "core/domain/transition.h"
#include "core/engine/auditwitness.h"
#include "core/engine/evidence.h"
#include "core/engine/jobrun.h"
#include "core/engine/jobsession.h"
#include "core/engine/leasekeeper.h"
#include "core/engine/mirror.h"
#include "core/engine/planview.h"
#include "core/engine/wake.h"

#include <QJsonArray>

#include <ranges>

namespace openfactory {

namespace {

/// As many files are named in a refusal.
constexpr size_t kNamedFiles = 5;
constexpr int kNamedCommits = 5;
constexpr qsizetype kMostSubject = 72;
/// Of an answer to a question.
constexpr qsizetype kMostAnswer = 10'000;

/// How long an act waits for an engine's look at the forge to end.
constexpr int kLookTries = 50;
constexpr std::chrono::milliseconds kLookPause{200};

/// The attempt of an absolute stage that ended the job, or null.
const AttemptRecord *hardStopOf(const Job &job, const Pipeline &pipeline, const std::vector<AttemptRecord> &attempts)
{
    if (job.progress.state != JobState::Failed || job.progress.stageIndex >= int(pipeline.stages.size()))
        return nullptr;
    const StageDefinition &stage = pipeline.stages[size_t(job.progress.stageIndex)];
    const auto newest = std::ranges::find_last(attempts, stage.name, &AttemptRecord::stage);
    const bool stopped = stage.failure == FailureClass::Absolute && !newest.empty() && newest.front().verdict
                         && newest.front().verdict->outcome != Outcome::Passed;
    return stopped ? &newest.front() : nullptr;
}

/// Of a commit's message, for people.
QString subjectOf(const BranchCommit &commit)
{
    const qsizetype committer = commit.text.indexOf('\n') + 1; // who made and who committed it come first
    const qsizetype message = commit.text.indexOf('\n', committer) + 1;
    return displayable(
        QString::fromUtf8(commit.text.sliced(message).trimmed()).section(u'\n', 0, 0).left(kMostSubject));
}

Error notThere(const QString &doing, const Job &job)
{
    return Error{ErrorKind::Conflict, doing, QStringLiteral("the job is %1").arg(toName(job.progress.state)), {}};
}

} // namespace

OperatorDesk::OperatorDesk(const EnginePorts &ports, JobStore &store, QString actor)
    : m_ports(ports),
      m_store(store),
      m_actor(QStringLiteral("operator:") + actor)
{}

AuditRecord OperatorDesk::audit(const Job &job, const QString &action, const QJsonObject &detail) const
{
    AuditRecord record;
    record.atMs = m_ports.clock->wallMs();
    record.actor = m_actor;
    record.action = action;
    record.job = job.id().text();
    record.detail = detail;
    return record;
}

Result<void> OperatorDesk::commit(Step step, const Job &job)
{
    OF_CHECK(checkAuditLog(m_ports, m_store)); // nothing is added to a log that is broken
    step.job = job.id();
    step.ifRevision = job.revision;
    EventRecord news;
    news.kind = QStringLiteral("state");
    news.atMs = m_ports.clock->wallMs();
    step.events.push_back(news);
    OF_CHECK(m_store.commit(step));
    wakeEngines(m_ports.settings.dataFolder);
    if (const auto mirrored = writeMirrors(m_store, job.identity.repository); !mirrored)
        qCWarning(lcEngine).noquote() << toText(mirrored.error());
    return {};
}

Result<Job> OperatorDesk::create(const NewJob &wanted)
{
    OF_CHECK(checkAuditLog(m_ports, m_store));
    OF_TRY(job, draftJob(m_ports, m_store, wanted));
    OF_TRY(facts, m_ports.git->inspect(job.identity.repository));
    OF_CHECK(makeRoom(job.slug(), facts, job.identity.target));
    OF_TRY(pipeline, loadPipeline(job.identity.pipelineYaml.toUtf8(), QStringLiteral("the job's pipeline")));
    OF_CHECK(m_store.create(job, audit(job, QStringLiteral("job.created"),
                                       {{QStringLiteral("slug"), job.slug().text()},
                                        {QStringLiteral("repository"), job.identity.repository},
                                        {QStringLiteral("pipeline"), pipeline.name},
                                        {QStringLiteral("target"), job.identity.target}})));
    wakeEngines(m_ports.settings.dataFolder);
    return m_store.job(job.id());
}

Result<void> OperatorDesk::makeRoom(const Slug &slug, const RepositoryFacts &facts, const QString &target)
{
    const QString doing = QStringLiteral("make the job %1 on %2").arg(slug.text(), facts.root);
    const QString branch = QStringLiteral("factory/") + slug.text();
    if (facts.headBranch == branch)
        return fail(
            ErrorKind::Conflict, doing, QStringLiteral("%1 is checked out in the repository").arg(branch),
            QStringLiteral("check out another branch: git switch %1")
                .arg(target == branch ? QStringLiteral("BRANCH, and name it with --target") : displayable(target)));
    const auto earlier = m_store.find(slug.text(), facts.root);
    if (!earlier && earlier.error().kind != ErrorKind::NotFound)
        return std::unexpected(earlier.error());
    if (earlier && isEnded(earlier->progress.state) && !isFinal(earlier->progress.state))
        return fail(
            ErrorKind::Conflict, doing,
            QStringLiteral("the job %1 is %2, and keeps its slug").arg(slug.text(), toName(earlier->progress.state)),
            QStringLiteral("go on with it: factory retry -s %1; give it up: factory cancel -s %1; or use another slug")
                .arg(slug.text()));
    if (earlier && isFinal(earlier->progress.state)) {
        const WorkspaceRef old = workspaceOf(earlier->identity);
        if (const auto removed = m_ports.git->remove(old, earlier->identity.target); !removed)
            return fail(removed.error().kind == ErrorKind::Denied ? ErrorKind::Conflict : removed.error().kind, doing,
                        QStringLiteral("the earlier job of that slug is %1, and its workspace is not given up: %2")
                            .arg(toName(earlier->progress.state), removed.error().said),
                        QStringLiteral("use another slug; or save what is in %1, then: git worktree remove -f -f %1; "
                                       "git branch -m %2 %2-old")
                            .arg(displayable(old.path), branch));
    }
    const auto tip = m_ports.git->resolve(facts.root, QStringLiteral("refs/heads/") + branch);
    if (!tip)
        return tip.error().kind == ErrorKind::NotFound ? Result<void>() : std::unexpected(tip.error());
    OF_TRY(base, m_ports.git->resolve(facts.root, QStringLiteral("refs/heads/") + target));
    const auto common = m_ports.git->mergeBase(facts.root, base, *tip);
    if (!common || *common != *tip)
        return fail(
            ErrorKind::Conflict, doing,
            QStringLiteral("the branch %1 is there, with commits that are not merged").arg(branch),
            QStringLiteral("use another slug, merge the branch, or rename it: git branch -m %1 %1-old").arg(branch));
    return {};
}

Result<void> OperatorDesk::wish(const JobId &id, const QString &action, const std::function<void(Wishes &)> &change)
{
    // What a person wishes does not depend on where the engine is by now: try again on a newer revision.
    for (int i = 0;; ++i) {
        OF_TRY(job, m_store.job(id));
        Step step;
        Wishes wishes = job.wishes;
        change(wishes);
        step.wishes = wishes;
        step.audits.push_back(audit(job, action, {}));
        const auto done = commit(std::move(step), job);
        if (done || done.error().kind != ErrorKind::Conflict || i == 20)
            return done;
    }
}

Result<void> OperatorDesk::cancel(const JobId &id)
{
    for (int i = 0;; ++i) {
        OF_TRY(job, m_store.job(id));
        if (isFinal(job.progress.state))
            return std::unexpected(notThere(QStringLiteral("cancel %1").arg(job.slug().text()), job));
        OF_TRY(intents, m_store.openIntents(id));
        if (std::ranges::contains(intents, QStringLiteral("integrate"), &IntentRecord::kind))
            return fail(ErrorKind::Conflict, QStringLiteral("cancel %1").arg(job.slug().text()),
                        QStringLiteral("its merge into %1 was begun, and may stand there").arg(job.identity.target),
                        QStringLiteral("factory run -s %1 ends it, or says what is in its way").arg(job.slug().text()));
        Step step;
        const bool atRest = job.progress.state != JobState::Running;
        if (atRest) {
            OF_TRY(state, nextState(job.progress.state, JobEvent::Cancelled));
            Progress progress = job.progress;
            progress.state = state;
            progress.wait = {};
            progress.note = QStringLiteral("cancelled by a person");
            step.progress = progress;
            step.onlyIfUnowned = true;
        }
        Wishes wishes = job.wishes;
        wishes.cancelAsked = true;
        step.wishes = wishes;
        step.audits.push_back(
            audit(job, atRest ? QStringLiteral("job.cancelled") : QStringLiteral("job.cancel-asked"), {}));
        const auto done = commit(std::move(step), job);
        if (done || done.error().kind != ErrorKind::Conflict || i == 20)
            return done;
    }
}

Result<void> OperatorDesk::pause(const JobId &job, const QString &reason)
{
    OF_TRY(now, m_store.job(job));
    if (isFinal(now.progress.state))
        return std::unexpected(notThere(QStringLiteral("pause %1").arg(now.slug().text()), now));
    return wish(job, QStringLiteral("job.paused"), [&](Wishes &wishes) {
        wishes.paused = true;
        wishes.pauseReason = m_ports.masker->masked(reason);
    });
}

Result<void> OperatorDesk::resume(const JobId &job)
{
    return wish(job, QStringLiteral("job.resumed"), [](Wishes &wishes) {
        wishes.paused = false;
        wishes.pauseReason.clear();
    });
}

Result<void> OperatorDesk::setPriority(const JobId &job, Priority priority)
{
    return wish(job, QStringLiteral("job.priority-set"), [&](Wishes &wishes) { wishes.priority = priority; });
}

Result<void> OperatorDesk::archive(const JobId &job, bool archived)
{
    return wish(job, archived ? QStringLiteral("job.archived") : QStringLiteral("job.unarchived"),
                [&](Wishes &wishes) { wishes.archived = archived; });
}

Result<void> OperatorDesk::pauseEngine(bool paused)
{
    OF_CHECK(checkAuditLog(m_ports, m_store));
    AuditRecord record;
    record.atMs = m_ports.clock->wallMs();
    record.actor = m_actor;
    record.action = paused ? QStringLiteral("engine.paused") : QStringLiteral("engine.resumed");
    OF_CHECK(m_store.pauseEngine(paused, record));
    wakeEngines(m_ports.settings.dataFolder);
    return {};
}

Result<void> OperatorDesk::retry(const JobId &id, const QString &fromStage, bool fresh)
{
    OF_TRY(job, m_store.job(id));
    const QString doing = QStringLiteral("retry %1").arg(job.slug().text());
    const auto state = nextState(job.progress.state, JobEvent::Retried);
    if (!state && interrupted(m_store, job))
        return fail(ErrorKind::Conflict, doing, QStringLiteral("its process ended, and it goes on where it stood"),
                    QStringLiteral("factory run -s %1").arg(job.slug().text()));
    if (!state)
        return std::unexpected(notThere(doing, job));
    OF_TRY(attempts, m_store.attempts(id));
    Progress progress = job.progress;
    progress.state = *state;
    progress.wait = waitForWorker(*m_ports.clock);
    progress.attemptMark = int(attempts.size());
    if (fresh)
        progress.freshMs = m_ports.clock->wallMs() + 1;
    if (!fromStage.isEmpty()) {
        OF_TRY(pipeline, loadPipeline(job.identity.pipelineYaml.toUtf8(), QStringLiteral("the job's pipeline")));
        const auto index = pipeline.indexOf(fromStage);
        if (!index)
            return fail(ErrorKind::NotFound, doing,
                        QStringLiteral("the pipeline has no stage \"%1\"").arg(displayable(fromStage)));
        if (*index > progress.stageIndex)
            return fail(ErrorKind::Denied, doing,
                        QStringLiteral("%1 lies after %2, which has not passed")
                            .arg(fromStage, pipeline.stages[size_t(progress.stageIndex)].name));
        progress.stageIndex = *index;
        const StageKind kind = pipeline.stages[size_t(*index)].kind;
        const bool changeToCome = progress.authorRounds == 0 && (isDocument(kind) || kind == StageKind::Preflight);
        progress.answering = changeToCome ? QStringLiteral("task") : QString();
    }
    Step step;
    step.progress = progress;
    step.onlyIfUnowned = true;
    QJsonObject detail{{QStringLiteral("from"), fromStage}};
    if (fresh)
        detail[QStringLiteral("fresh")] = true;
    step.audits.push_back(audit(job, QStringLiteral("job.retried"), detail));
    return commit(std::move(step), job);
}

Result<void> OperatorDesk::takeTicket(const JobId &id, int number, bool take)
{
    const auto work = [&]() -> Result<void> {
        OF_TRY(job, m_store.job(id));
        const QString doing = QStringLiteral("%1 ticket %2 of %3")
                                  .arg(take ? QStringLiteral("take over") : QStringLiteral("hand back"))
                                  .arg(number)
                                  .arg(job.slug().text());
        if (isFinal(job.progress.state))
            return std::unexpected(notThere(doing, job));
        if (job.identity.author == AuthorKind::Person)
            return fail(ErrorKind::Conflict, doing, QStringLiteral("a person is the job's author anyway"));
        const PlanView plan = readPlan(JobFolder(m_ports.settings.dataFolder, id), job);
        const auto ticket = std::ranges::find(plan.tickets, number, &TicketView::number);
        if (number != 0 && ticket == plan.tickets.end())
            return fail(ErrorKind::NotFound, doing,
                        plan.tickets.empty() ? QStringLiteral("the job has no tickets (yet)")
                                             : QStringLiteral("there is no such ticket"),
                        QStringLiteral("factory show names them; 0 is the change as a whole"));
        if (number != 0 && ticket->state == TicketView::State::Done)
            return fail(ErrorKind::Conflict, doing, QStringLiteral("it is done"));
        std::vector<int> taken = job.wishes.taken;
        if (std::ranges::contains(taken, number) == take)
            return fail(ErrorKind::Conflict, doing,
                        take ? QStringLiteral("it is taken over already") : QStringLiteral("the author has it anyway"));
        if (take)
            taken.insert(std::ranges::lower_bound(taken, number), number);
        else
            std::erase(taken, number);
        OF_TRY(pipeline, loadPipeline(job.identity.pipelineYaml.toUtf8(), QStringLiteral("the job's pipeline")));
        const Progress &progress = job.progress;
        const bool atWork = progress.state == JobState::Waiting && currentTicket(plan) == number
                            && progress.stageIndex < int(pipeline.stages.size())
                            && !isDocument(pipeline.stages[size_t(progress.stageIndex)].kind)
                            && (progress.wait.kind == WaitKind::Change || progress.wait.kind == WaitKind::Retry);
        if (!take && atWork && progress.wait.kind == WaitKind::Change) {
            OF_TRY(state, m_ports.git->state(workspaceOf(job.identity)));
            if (state.tree != progress.triedTree)
                return fail(ErrorKind::Conflict, doing,
                            QStringLiteral("what you changed in the workspace was not judged yet"),
                            QStringLiteral("factory retry -s %1 has it judged; or put it aside: git -C %2 stash -u")
                                .arg(job.slug().text(), displayable(workspaceOf(job.identity).path)));
        }
        Step step;
        step.wishes = job.wishes;
        step.wishes->taken = taken;
        if (atWork) { // whoever has it now is asked
            step.progress = progress;
            step.progress->wait = waitForWorker(*m_ports.clock);
            step.onlyIfUnowned = true;
        }
        step.audits.push_back(audit(job, take ? QStringLiteral("ticket.taken") : QStringLiteral("ticket.handed-back"),
                                    {{QStringLiteral("ticket"), number}}));
        return commit(std::move(step), job);
    };
    // As with other wishes: where the engine is by now does not matter.
    for (int i = 0;; ++i) {
        OF_TRY(before, m_store.job(id));
        const auto done = work();
        OF_TRY(now, m_store.job(id));
        if (done || done.error().kind != ErrorKind::Conflict || now.revision == before.revision || i == 20)
            return done;
    }
}

Result<void> OperatorDesk::wishCheck(const JobId &id, CheckWish::Kind kind, const QString &checkId)
{
    const auto wish = [&]() -> Result<void> {
        OF_TRY(job, m_store.job(id));
        const QString doing = QStringLiteral("act on a check of %1").arg(job.slug().text());
        OF_TRY(pull, m_store.pull(id));
        OF_TRY(pipeline, loadPipeline(job.identity.pipelineYaml.toUtf8(), QStringLiteral("the job's pipeline")));
        const auto stage = pipeline.indexOf(StageKind::PullRequest);
        if (!pull || !stage || job.progress.stageIndex < *stage)
            return fail(ErrorKind::Denied, doing, QStringLiteral("its change as it is now is not on a forge yet"),
                        QStringLiteral("factory show says where it stands"));
        const auto check = std::ranges::find(pull->checks, checkId, &Check::id);
        if (check == pull->checks.end())
            return fail(ErrorKind::NotFound, doing,
                        QStringLiteral("there is no check \"%1\"").arg(displayable(checkId.left(100))));
        OF_CHECK(checkWishable(kind, *check, job.progress.state));
        Progress progress = job.progress;
        OF_TRY(state, nextState(progress.state, JobEvent::Retried));
        progress.state = state;
        progress.wait = waitForWorker(*m_ports.clock);
        if (kind == CheckWish::Kind::Rerun) { // what it says this time counts anew
            OF_TRY(attempts, m_store.attempts(id));
            progress.attemptMark = int(attempts.size());
            progress.stageIndex = *stage;
            progress.answering.clear();
        }
        Step step;
        step.progress = progress;
        step.pull = pull;
        step.pull->wish = {kind, checkId, m_actor};
        step.pull->refused.clear();
        step.onlyIfUnowned = true;
        step.audits.push_back(audit(job, QStringLiteral("check.%1-wished").arg(toName(kind)),
                                    {{QStringLiteral("check"), check->name},
                                     {QStringLiteral("id"), check->id},
                                     {QStringLiteral("commit"), check->commit}}));
        return commit(std::move(step), job);
    };
    // An engine that looks at the forge owns the job for as long as that takes.
    for (int i = 0;; ++i) {
        const auto done = wish();
        OF_TRY(job, m_store.job(id));
        const bool busy = job.progress.state == JobState::Running;
        if (done || done.error().kind != ErrorKind::Conflict || !busy || i == kLookTries
            || !m_ports.clock->sleep(kLookPause, {}))
            return done;
    }
}

Result<void> OperatorDesk::answer(const JobId &id, const QString &text)
{
    OF_TRY(job, m_store.job(id));
    const QString doing = QStringLiteral("answer %1").arg(job.slug().text());
    const bool asks = job.progress.state == JobState::Waiting && job.progress.wait.kind == WaitKind::Clarification;
    if (!asks)
        return fail(ErrorKind::Conflict, doing,
                    job.progress.documents.answer.isEmpty() ? QStringLiteral("the job asks no question")
                                                            : QStringLiteral("its question is answered already"),
                    QStringLiteral("factory show says what it waits for"));
    const QString said = m_ports.masker->masked(text).trimmed();
    if (said.isEmpty() || said.size() > kMostAnswer)
        return fail(ErrorKind::Invalid, doing,
                    said.isEmpty() ? QStringLiteral("the answer is empty")
                                   : QStringLiteral("the answer is longer than %1 characters").arg(kMostAnswer));
    OF_TRY(state, nextState(job.progress.state, JobEvent::Retried));
    Progress progress = job.progress;
    progress.state = state;
    progress.wait = waitForWorker(*m_ports.clock);
    progress.documents.answer = said;
    Step step;
    step.progress = progress;
    step.onlyIfUnowned = true;
    step.audits.push_back(
        audit(job, QStringLiteral("question.answered"),
              {{QStringLiteral("question"), progress.documents.question}, {QStringLiteral("answer"), said}}));
    return commit(std::move(step), job);
}

Result<OperatorDesk::Drafted> OperatorDesk::drafted(const JobId &id, const QString &doing)
{
    OF_TRY(job, m_store.job(id));
    OF_TRY(pipeline, loadPipeline(job.identity.pipelineYaml.toUtf8(), QStringLiteral("the job's pipeline")));
    const Progress &progress = job.progress;
    const bool waits = progress.state == JobState::Waiting && progress.wait.kind == WaitKind::Change
                       && progress.stageIndex < int(pipeline.stages.size())
                       && isDocument(pipeline.stages[size_t(progress.stageIndex)].kind);
    const StageKind kind = waits ? pipeline.stages[size_t(progress.stageIndex)].kind : StageKind::Spec;
    Draft file(JobFolder(m_ports.settings.dataFolder, id), job, kind);
    if (!waits || !file.isThere())
        return fail(ErrorKind::Conflict, QStringLiteral("%1 of %2").arg(doing, job.slug().text()),
                    QStringLiteral("the job waits for nobody to write or to look at a document"),
                    QStringLiteral("factory show says what it waits for; --review-spec is an option of factory new"));
    OF_TRY(yaml, readSmallFile(file.path(), mostDocumentBytes));
    DraftView view{kind, file.path(), yaml, kind == StageKind::Spec && job.identity.reviewSpec};
    return Drafted{std::move(job), std::move(file), std::move(view)};
}

Result<DraftView> OperatorDesk::draft(const JobId &id)
{
    return drafted(id, QStringLiteral("show the document")).transform([](Drafted found) { return found.view; });
}

Result<void> OperatorDesk::editDraft(const JobId &id, const QByteArray &yaml)
{
    const QString doing = QStringLiteral("edit the document");
    OF_TRY(found, drafted(id, doing));
    const QByteArray text = m_ports.masker->mask(yaml);
    OF_CHECK(soundDocument(found.view.kind, text, found.view.path));
    OF_CHECK(found.file.write(text));
    Step step;
    step.onlyIfUnowned = true;
    step.audits.push_back(audit(found.job, QStringLiteral("document.edited"),
                                {{QStringLiteral("kind"), toName(found.view.kind)},
                                 {QStringLiteral("sha256"), QString::fromLatin1(sha256Hex(text))}}));
    return commit(std::move(step), found.job);
}

Result<void> OperatorDesk::acceptSpec(const JobId &id, const std::optional<QByteArray> &seen)
{
    const QString doing = QStringLiteral("accept the spec");
    OF_TRY(found, drafted(id, doing));
    const Job &job = found.job;
    if (!found.view.review)
        return fail(ErrorKind::Conflict, QStringLiteral("%1 of %2").arg(doing, job.slug().text()),
                    QStringLiteral("the job waits for nobody to accept its spec"),
                    QStringLiteral("factory show says what it waits for; --review-spec is an option of factory new"));
    if (seen && *seen != found.view.yaml)
        return fail(ErrorKind::Conflict, QStringLiteral("%1 of %2").arg(doing, job.slug().text()),
                    QStringLiteral("it was changed since it was shown"), QStringLiteral("look at it again"));
    OF_TRY(json, soundDocument(found.view.kind, found.view.yaml, found.view.path));
    OF_TRY(state, nextState(job.progress.state, JobEvent::Retried));
    Progress progress = job.progress;
    progress.state = state;
    progress.wait = waitForWorker(*m_ports.clock);
    progress.documents.accepted = QString::fromLatin1(sha256Hex(json));
    Step step;
    step.progress = progress;
    step.onlyIfUnowned = true;
    step.audits.push_back(
        audit(job, QStringLiteral("spec.accepted"), {{QStringLiteral("spec"), progress.documents.accepted}}));
    return commit(std::move(step), job);
}

Result<void> OperatorDesk::rewind(const JobId &id, const QString &stage, int attempt)
{
    OF_TRY(job, m_store.job(id));
    if (isFinal(job.progress.state))
        return std::unexpected(notThere(QStringLiteral("rewind %1").arg(job.slug().text()), job));
    // A queued job would be taken up by an engine before its content is there: it is held meanwhile.
    const bool hold = isEnded(job.progress.state) && !job.wishes.paused;
    if (hold)
        OF_CHECK(pause(id, QStringLiteral("its content is being brought back")));
    const auto work = [&]() -> Result<void> {
        if (isEnded(job.progress.state))
            OF_CHECK(retry(id, {}));
        std::stop_source stop;
        OF_TRY(keeper, LeaseKeeper::start(m_ports, [stop](const Error &) mutable { stop.request_stop(); }));
        OF_TRY(lease, m_store.claim(id, keeper->owner(), m_ports.settings.leaseTerm));
        OF_TRY(run, JobRun::open(m_ports, m_store, lease, stop.get_token()));
        return run->rewind(stage, attempt).transform([](JobRun::End) {});
    };
    const auto done = work();
    if (hold)
        OF_CHECK(resume(id));
    return done;
}

Result<GateView> OperatorDesk::gate(const JobId &id)
{
    OF_TRY(job, m_store.job(id));
    const QString doing = QStringLiteral("open the gate of %1").arg(job.slug().text());
    OF_TRY(pipeline, loadPipeline(job.identity.pipelineYaml.toUtf8(), QStringLiteral("the job's pipeline")));
    OF_TRY(attempts, m_store.attempts(id));
    const bool hardStop = absoluteFailure(pipeline, attempts);
    if (const AttemptRecord *stop = hardStopOf(job, pipeline, attempts)) {
        GateView view;
        view.gate = stop->stage;
        view.verdicts = newestVerdicts(pipeline, attempts, *pipeline.indexOf(stop->stage) + 1);
        view.binding = {stop->tree.isEmpty() ? stop->start : stop->tree, evidenceHash(view.verdicts),
                        QString::fromLatin1(sha256Hex(job.identity.contractYaml.toUtf8())),
                        planDigest(JobFolder(m_ports.settings.dataFolder, id), job.progress.documents)};
        view.hardStop = true;
        OF_TRY(decisions, m_store.decisions(id));
        for (const Decision &decision : decisions) {
            if (decision.kind == DecisionKind::Reject && decision.gate == view.gate && decision.binding == view.binding)
                return fail(ErrorKind::Conflict, doing,
                            QStringLiteral("%1 has rejected it already").arg(decision.actor),
                            QStringLiteral("factory retry tries again, factory cancel ends it for good"));
        }
        view.job = std::move(job);
        return view;
    }
    if (job.progress.state != JobState::Waiting || job.progress.wait.kind != WaitKind::Approval) {
        if (hardStop && !isEnded(job.progress.state))
            return fail(
                ErrorKind::Denied, doing,
                QStringLiteral("the contract's boundary was crossed; no decision overrides that"),
                QStringLiteral("factory show --detailed names the breach; mend the change, then factory retry"));
        return fail(ErrorKind::Conflict, doing,
                    job.progress.state == JobState::Waiting && !job.progress.wait.what.isEmpty()
                        ? QStringLiteral("the job waits for no decision but for this: ") + job.progress.wait.what
                        : QStringLiteral("the job waits for no decision, it is %1").arg(toName(job.progress.state)),
                    job.progress.state == JobState::Running
                        ? QStringLiteral("factory run goes on with it where the process that ran it has ended")
                        : QStringLiteral("factory show says what it waits for"));
    }
    GateView view;
    view.gate = pipeline.stages[size_t(job.progress.stageIndex)].name;
    view.binding = job.progress.gate;
    view.verdicts = newestVerdicts(pipeline, attempts, job.progress.stageIndex);
    OF_TRY(risks, m_store.risks(id));
    view.risks = risks;
    view.hardStop = hardStop;
    view.job = std::move(job);
    return view;
}

Result<void> OperatorDesk::refuseStale(const GateView &view, const QString &doing)
{
    const QString slug = view.job.slug().text();
    const QString judge = QStringLiteral("factory retry -s %1 has it judged anew (factory run -s %1, where no worker "
                                         "runs), and a new gate shows it")
                              .arg(slug);
    const WorkspaceRef workspace = workspaceOf(view.job.identity);
    const auto state = m_ports.git->state(workspace);
    if (!state) // that is for the engine to mend or to tell; nothing is integrated that was not shown
        return {};
    if (!state->clean) {
        OF_TRY(since, m_ports.git->diffToWorkspace(workspace, view.job.progress.head));
        QStringList files;
        for (const FileChange &file : since.files | std::views::take(kNamedFiles))
            files << displayPath(file.path);
        if (since.files.size() > kNamedFiles)
            files << QStringLiteral("and %1 more").arg(since.files.size() - kNamedFiles);
        const QString named = files.isEmpty() ? QStringLiteral("no file") : files.join(QStringLiteral(", "));
        return fail(ErrorKind::Conflict, doing,
                    QStringLiteral("the workspace was changed after the gate opened, and no gate has judged that: ")
                        + named,
                    judge + QStringLiteral("; or put it aside: git -C %1 stash -u").arg(displayable(workspace.path)));
    }
    OF_TRY(pipeline, loadPipeline(view.job.identity.pipelineYaml.toUtf8(), QStringLiteral("the job's pipeline")));
    OF_TRY(now, bindingOf(m_ports, m_store, view.job, pipeline, view.job.progress.stageIndex));
    // Commits that leave what was shown as it was, a clean rebase, are no other change (law 6).
    if (state->head != view.job.progress.head && now.diff != view.binding.diff) {
        OF_TRY(commits, m_ports.git->commits(view.job.identity.repository, view.job.progress.head, state->head,
                                             kNamedCommits + 1));
        QStringList named;
        for (const BranchCommit &commit : commits | std::views::take(kNamedCommits))
            named << commit.id.left(12) + u' ' + subjectOf(commit);
        if (commits.size() > kNamedCommits)
            named << QStringLiteral("and more");
        return fail(
            ErrorKind::Conflict, doing,
            QStringLiteral("%1 got commits after the gate opened, and no gate has judged them: ").arg(workspace.branch)
                + (named.isEmpty() ? QStringLiteral("it stands before what was shown")
                                   : m_ports.masker->masked(named.join(QStringLiteral(", ")))),
            judge);
    }
    const QString changed = whatDiffers(view.binding, now);
    if (changed.isEmpty())
        return {};
    return fail(
        ErrorKind::Conflict, doing,
        QStringLiteral("%1 changed after the gate opened, so a decision on it is void%2")
            .arg(changed, view.binding.diff == now.diff
                              ? QString()
                              : QStringLiteral(": %1 holds part of the change by now, or its history is another")
                                    .arg(displayable(view.job.identity.target))),
        judge);
}

Step OperatorDesk::settleHardStop(const Job &job, const std::vector<AttemptRecord> &attempts, Decision &decision) const
{
    Step step;
    step.onlyIfUnowned = true;
    Progress progress = job.progress;
    decision.consumedBy = newUlid(); // in this very step
    const QString said = QStringLiteral("%1: %2").arg(decision.actor, decision.comment);
    if (decision.kind == DecisionKind::Reject) {
        progress.note = QStringLiteral("rejected by ") + said;
        step.audits.push_back(
            audit(job, QStringLiteral("job.rejected"),
                  {{QStringLiteral("decision"), decision.id.text()}, {QStringLiteral("comment"), decision.comment}}));
    } else {
        // The verdict stays the failure that it was, and says beside it what a person wants of the next change.
        const auto stop = std::ranges::find_last(attempts, decision.gate, &AttemptRecord::stage);
        AttemptRecord attempt = stop.front();
        attempt.verdict->summary += QStringLiteral("; asked for changes by ") + said;
        attempt.verdict->findings.push_back(remarkOf(decision));
        progress.answering = QStringLiteral("%1/%2").arg(attempt.stage).arg(attempt.number);
        progress.state = JobState::Waiting;
        progress.wait = waitForWorker(*m_ports.clock);
        progress.attemptMark = int(attempts.size()); // a new round of work: the limits count from here
        step.attempts.push_back(std::move(attempt));
        step.audits.push_back(
            audit(job, QStringLiteral("job.changes-requested"),
                  {{QStringLiteral("decision"), decision.id.text()}, {QStringLiteral("comment"), decision.comment}}));
    }
    step.progress = progress;
    return step;
}

Result<Decision> OperatorDesk::decide(const JobId &id, const GateAnswer &answer)
{
    OF_CHECK(checkAuditLog(m_ports, m_store));
    OF_TRY(view, gate(id));
    const QString doing = QStringLiteral("decide on %1").arg(view.job.slug().text());
    if (view.hardStop && answer.kind == DecisionKind::Approve) { // whatever was shown: there is no approving
        Decision approval;
        approval.gate = view.gate;
        OF_CHECK(checkDecision(approval, view.risks, true));
    }
    if (const QString stale = whatDiffers(answer.binding, view.binding); !stale.isEmpty())
        return fail(ErrorKind::Conflict, doing,
                    stale + QStringLiteral(" changed after it was shown; such a decision is void"),
                    QStringLiteral("look at it again, then decide"));
    if (!view.hardStop) // nothing is integrated from there
        OF_CHECK(refuseStale(view, doing));
    OF_TRY(decisions, m_store.decisions(id));
    if (pendingDecision(decisions, view.gate))
        return fail(ErrorKind::Conflict, doing, QStringLiteral("somebody has decided already"),
                    QStringLiteral("factory show says what; factory run -s %1, or any worker, carries it out")
                        .arg(view.job.slug().text()));
    OF_TRY(contract, contractOf(view.job.identity));
    if (answer.kind == DecisionKind::Approve && contract.protectedBranches.contains(view.job.identity.target))
        return fail(
            ErrorKind::Denied, doing,
            QStringLiteral("\"%1\" is a protected branch, no job writes to it").arg(view.job.identity.target),
            QStringLiteral("merge %1 yourself, or make the job with another --target").arg(view.job.identity.branch));
    if (answer.kind == DecisionKind::Approve && answer.strategy == Strategy::Gradual)
        return fail(ErrorKind::Unsupported, doing, QStringLiteral("a gradual rollout is not built yet"),
                    QStringLiteral("use --strategy direct"));
    Decision decision;
    decision.id = DecisionId::create();
    decision.gate = view.gate;
    decision.kind = answer.kind;
    decision.actor = m_actor;
    decision.comment = m_ports.masker->masked(answer.comment);
    decision.strategy = answer.strategy;
    decision.acceptedRisks = answer.acceptedRisks;
    decision.binding = answer.binding;
    decision.madeMs = m_ports.clock->wallMs();
    OF_CHECK(checkDecision(decision, view.risks, view.hardStop));
    Step step;
    if (isEnded(view.job.progress.state)) {
        OF_TRY(attempts, m_store.attempts(id));
        step = settleHardStop(view.job, attempts, decision);
    }
    step.decision = decision;
    step.audits.push_back(audit(view.job, QStringLiteral("decision.made"),
                                {{QStringLiteral("decision"), decision.id.text()},
                                 {QStringLiteral("kind"), toName(decision.kind)},
                                 {QStringLiteral("gate"), decision.gate},
                                 {QStringLiteral("comment"), decision.comment},
                                 {QStringLiteral("accepted_risks"), QJsonArray::fromStringList(decision.acceptedRisks)},
                                 {QStringLiteral("diff"), decision.binding.diff},
                                 {QStringLiteral("evidence"), decision.binding.evidence},
                                 {QStringLiteral("contract"), decision.binding.contract},
                                 {QStringLiteral("spec"), decision.binding.spec}}));
    OF_CHECK(commit(std::move(step), view.job));
    return decision;
}

} // namespace openfactory
