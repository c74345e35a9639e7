// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobeffects.h"

#include "core/base/givingup.h"
#include "core/base/moveaside.h"
#include "core/base/text.h"
#include "core/domain/transition.h"
#include "core/engine/auditwitness.h"
#include "core/engine/authorledger.h"
#include "core/engine/authorrunner.h"
#include "core/engine/changesecrets.h"
#include "core/engine/evidence.h"
#include "core/engine/recordedforge.h"
#include "core/engine/sidework.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QRegularExpression>

#include <ranges>

namespace openfactory {

namespace {

constexpr qsizetype kNamedFiles = 5;  ///< in a note
constexpr int kMostLeft = 20;         ///< states kept of one attempt: each restart that was killed may add one
constexpr qsizetype kShownGoal = 200; ///< of a ticket, in a wait's sentence

/// Where what lay in the workspace is kept when its content is put back.
QString leftRef(const JobId &job, const AttemptRecord &attempt)
{
    return JobEffects::ledgerRef(job, attempt.stage, attempt.number) + QStringLiteral("-left");
}

QString mendedRef(const JobId &job, const AttemptRecord &attempt)
{
    return JobEffects::ledgerRef(job, attempt.stage, attempt.number) + QStringLiteral("-mended");
}

QString whenJudged(const AttemptRecord &attempt)
{
    return QStringLiteral("lay there when %1 had been judged").arg(attempt.stage);
}

/// The risk that marks of the change let something pass the secret scan (docs/secrets.md).
const QString kAllowedSecrets = QStringLiteral("allowed-secrets");
/// After a stop, what is soon read is read.
constexpr std::chrono::seconds kStopGrace{2};
constexpr int kNamedMarks = 10; ///< in the risk's text

/// In the payload of an intent: a person is asked. What lies in the workspace then is nobody's to undo.
const QString kPersons = QStringLiteral("persons");

/// The name of the risk that a stage was not measured.
QString notMeasured(const QString &stage)
{
    return stage + QStringLiteral("-not-measured");
}

/// And that it ran, each time, with files that were another in the end.
QString disturbed(const QString &stage)
{
    return stage + QStringLiteral("-disturbed");
}

IntentRecord intentOf(const JobSession &session, const QString &kind, const QString &stage, int attempt,
                      const QJsonObject &payload)
{
    IntentRecord intent;
    intent.key = newUlid();
    intent.kind = kind;
    intent.stage = stage;
    intent.attempt = attempt;
    intent.payload = payload;
    intent.createdMs = session.now();
    return intent;
}

IntentRecord ended(IntentRecord intent, IntentState state, const QJsonObject &result = {})
{
    intent.state = state;
    intent.result = result;
    return intent;
}

QJsonObject toJson(const ArtifactRecord &artifact)
{
    return {{QStringLiteral("name"), artifact.name},        {QStringLiteral("stage"), artifact.stage},
            {QStringLiteral("attempt"), artifact.attempt},  {QStringLiteral("path"), artifact.path},
            {QStringLiteral("size"), artifact.size},        {QStringLiteral("sha256"), artifact.sha256},
            {QStringLiteral("created"), artifact.createdMs}};
}

ArtifactRecord artifactFrom(const QJsonObject &json)
{
    ArtifactRecord artifact;
    artifact.name = json[QStringLiteral("name")].toString();
    artifact.stage = json[QStringLiteral("stage")].toString();
    artifact.attempt = json[QStringLiteral("attempt")].toInt();
    artifact.path = json[QStringLiteral("path")].toString();
    artifact.size = json[QStringLiteral("size")].toInteger();
    artifact.sha256 = json[QStringLiteral("sha256")].toString();
    artifact.createdMs = json[QStringLiteral("created")].toInteger();
    return artifact;
}

bool keepsChange(NextStep next)
{
    return next == NextStep::Advance || next == NextStep::AcceptAsRisk;
}

} // namespace

Risk riskOf(const AttemptRecord &attempt)
{
    Risk risk;
    const bool measured = !attempt.verdict || attempt.verdict->outcome != Outcome::NotMeasured;
    risk.name = measured ? attempt.stage : notMeasured(attempt.stage);
    risk.stage = attempt.stage;
    risk.attempt = attempt.number;
    risk.text = attempt.verdict ? attempt.verdict->summary : QString();
    return risk;
}

QString JobEffects::ledgerRef(const JobId &job, const QString &stage, int attempt)
{
    return QStringLiteral("refs/openfactory/%1/%2/%3").arg(job.text(), stage).arg(attempt);
}

CommitNote JobEffects::note(const AttemptRecord &attempt, const QString &step) const
{
    const Job &job = m_session.job();
    CommitNote note;
    note.subject = QStringLiteral("%1: %2, attempt %3").arg(job.slug().text(), attempt.stage).arg(attempt.number);
    note.body = attempt.verdict ? attempt.verdict->summary : QString();
    if (const Ticket *ticket = m_session.ticketOf(attempt.ticket))
        note.subject = QStringLiteral("%1: ticket %2, %3").arg(job.slug().text()).arg(ticket->number).arg(ticket->name);
    note.step = step;
    note.job = job.id().text();
    note.trace = job.identity.traceId;
    note.stage = attempt.stage;
    note.attempt = attempt.number;
    return note;
}

Result<void> JobEffects::prepareWorkspace(const std::stop_token &stop)
{
    if (!m_session.progress().workspace.isEmpty())
        return {};
    OF_TRY(held, m_session.holdEffects());
    const Job &job = m_session.job();
    OF_TRY(base, m_session.ports().git->resolve(job.identity.repository,
                                                QStringLiteral("refs/heads/") + job.identity.target));
    const IntentRecord intent = intentOf(m_session, QStringLiteral("create-workspace"), {}, 0,
                                         {{QStringLiteral("base"), base}});
    Step before;
    before.intents.push_back(intent);
    OF_CHECK(m_session.write(std::move(before)));
    OF_CHECK(m_session.ports().git->create(m_session.workspace(), base, stop));

    Step after;
    Progress progress = m_session.progress();
    progress.workspace = m_session.workspace().path;
    progress.base = progress.good = progress.head = base;
    progress.answering = QStringLiteral("task");
    after.progress = progress;
    after.intents.push_back(ended(intent, IntentState::Done));
    after.events.push_back(m_session.event(QStringLiteral("workspace-created")));
    after.audits.push_back(
        m_session.audit(QStringLiteral("workspace.created"),
                        {{QStringLiteral("path"), progress.workspace}, {QStringLiteral("base"), base}}));
    return m_session.write(std::move(after));
}

Result<void> JobEffects::contentAsAtStart(const AttemptRecord &attempt, const KeptIn &kept)
{
    auto &git = *m_session.ports().git;
    const auto put = [&](const KeptIn &by) {
        return git.apply(m_session.workspace(), attempt.before, attempt.start, by);
    };
    OF_CHECK(put(kept));
    return putAgain(attempt, attempt.tree, put);
}

Result<void> JobEffects::putAgain(const AttemptRecord &attempt, const QString &tree,
                                  const std::function<Result<void>(const KeptIn &)> &put)
{
    OF_TRY(state, m_session.ports().git->state(m_session.workspace()));
    if (tree.isEmpty() ? state.clean : state.tree == tree)
        return {};
    OF_TRY(left, keepLeft(attempt, QStringLiteral("ignored until then, or written in that moment")));
    return put(std::vector{left});
}

Result<SnapshotRef> JobEffects::snapshot(const AttemptRecord &attempt, const QString &ref, const QString &message)
{
    auto &git = *m_session.ports().git;
    OF_TRY(state, git.state(m_session.workspace()));
    OF_TRY(secrets, addedSecrets(m_session, state.head, false));
    if (!secrets.empty()) {
        // A finding names its file masked, where the name itself is the secret.
        const auto isOne = [&](const RepoPath &path) {
            return std::ranges::contains(secrets, m_session.ports().masker->mask(path), &Finding::file);
        };
        OF_TRY(change, m_session.change());
        for (const FileChange &file : change.files) {
            if (file.status == FileStatus::Deleted || !isOne(file.path))
                continue;
            OF_CHECK(putAside(attempt, file.path));
        }
        OF_CHECK(git.applyOnly(m_session.workspace(), attempt.start, isOne));
    }
    return git.snapshot(m_session.workspace(), ref, message);
}

Result<void> JobEffects::putAside(const AttemptRecord &attempt, const RepoPath &path) const
{
    auto moved = moveAside(m_session.workspace().path, path, asideOf(attempt));
    return !moved && moved.error().kind == ErrorKind::NotFound ? Result<void>() : moved;
}

QString JobEffects::asideOf(const AttemptRecord &attempt) const
{
    const WorkspaceRef workspace = m_session.workspace();
    QString stage = attempt.stage;
    stage.replace(QRegularExpression(QStringLiteral("[^A-Za-z0-9_-]")), QStringLiteral("_"));
    return QStringLiteral("%1/%2%3-%4")
        .arg(QFileInfo(workspace.path).path(), asidePrefix(workspace.name), stage)
        .arg(attempt.number);
}

Result<CommitId> JobEffects::keepLeft(const AttemptRecord &attempt, const QString &message)
{
    return snapshotBeside(attempt, leftRef(m_session.job().id(), attempt), message)
        .transform([](const SnapshotRef &one) { return one.commit; });
}

Result<SnapshotRef> JobEffects::snapshotBeside(const AttemptRecord &attempt, const QString &ref, const QString &message)
{
    for (int i = 1;; ++i) {
        auto kept = snapshot(attempt, i == 1 ? ref : QStringLiteral("%1-%2").arg(ref).arg(i), message);
        if (kept || kept.error().kind != ErrorKind::Conflict || i == kMostLeft)
            return kept;
    }
}

Result<QString> JobEffects::leftNote(const AttemptRecord &attempt)
{
    QStringList said;
    OF_TRY(known, m_session.ports().git->snapshots(m_session.workspace(), leftRef(m_session.job().id(), attempt)));
    for (const SnapshotRef &one : known)
        said << QStringLiteral("what lay there is kept: git restore --source=%1 .").arg(one.ref);
    const QString folder = asideOf(attempt);
    if (const QByteArrayList files = movedAside(folder); !files.isEmpty())
        said << QStringLiteral(
                    "no commit can hold what is secret, too large to be searched for a secret, or named as git's "
                    "own; put into %1: %2")
                    .arg(displayable(folder), named(files));
    if (const QString unseen = unseenNote(attempt.startedMs); !unseen.isEmpty())
        said << unseen;
    return said.join(QStringLiteral("; "));
}

QString JobEffects::named(const QByteArrayList &files) const
{
    QStringList names;
    for (const QByteArray &file : files.first(std::min(files.size(), kNamedFiles)))
        names << displayPath(m_session.ports().masker->mask(file));
    if (files.size() > kNamedFiles)
        names << QStringLiteral("and %1 more").arg(files.size() - kNamedFiles);
    return names.join(QStringLiteral(", "));
}

QString JobEffects::unseenNote(qint64 sinceMs) const
{
    const WorkspaceRef workspace = m_session.workspace();
    const QString folder = unseenAside(workspace.path, workspace.name);
    const QByteArrayList files = movedAside(folder, sinceMs);
    return files.isEmpty() ? QString()
                           : QStringLiteral("ignored and in the way of what was put back, or written in that moment; "
                                            "put into %1: %2")
                                 .arg(displayable(folder), named(files));
}

Result<WorkspaceState> JobEffects::look()
{
    auto &git = *m_session.ports().git;
    const auto looked = [&] {
        const LateStop late(m_stop, kStopGrace);
        const GivingUp giving(late.token());
        return git.state(m_session.workspace());
    }();
    if (looked || looked.error().kind != ErrorKind::Cancelled)
        return looked;
    OF_CHECK(m_session.refresh());
    return m_session.job().wishes.cancelAsked ? git.state(m_session.workspace()) : looked; // nobody comes after it
}

Result<void> JobEffects::restoreStart(const AttemptRecord &attempt)
{
    OF_TRY(held, m_session.holdEffects());
    OF_TRY(state, look());
    if (state.head == attempt.before && state.tree == attempt.tree)
        return {};
    OF_TRY(left, keepLeft(attempt, QStringLiteral("left by an unfinished attempt")));
    return contentAsAtStart(attempt, std::vector{left});
}

Result<WorkspaceState> JobEffects::stateAtEnd(const AttemptRecord &attempt)
{
    auto &git = *m_session.ports().git;
    OF_TRY(state, look());
    const auto known = std::exchange(m_outside, std::nullopt);
    const auto added = [](const std::vector<RepoPath> &now, const std::vector<RepoPath> &before) {
        std::vector<RepoPath> paths;
        std::ranges::copy_if(now, std::back_inserter(paths),
                             [&](const RepoPath &one) { return !std::ranges::contains(before, one); });
        return paths;
    };
    constexpr int mostNested = 16; // one within the other
    for (int i = 0; known && i < mostNested; ++i) {
        const std::vector<RepoPath> repositories = added(state.repositories, known->repositories);
        const std::vector<RepoPath> unstorable = added(state.unstorable, known->unstorable);
        if (repositories.empty() && unstorable.empty())
            break;
        for (const RepoPath &path : repositories)
            OF_CHECK(putAside(attempt, path + "/.git"));
        for (const RepoPath &path : unstorable)
            OF_CHECK(putAside(attempt, path));
        OF_TRY(now, git.state(m_session.workspace()));
        state = std::move(now);
    }
    return state;
}

Result<void> JobEffects::conclude(Conclusion conclusion)
{
    OF_TRY(held, m_session.holdEffects());
    OF_TRY(state, stateAtEnd(conclusion.attempt));
    // Changed while it was judged: no pass of these inputs alone.
    if (state.tree != conclusion.attempt.tree && conclusion.attempt.verdict->outcome == Outcome::Passed)
        conclusion.attempt.inputs.clear();
    QJsonArray artifacts;
    for (const auto &artifact : conclusion.artifacts)
        artifacts.append(toJson(artifact));
    const IntentRecord intent = intentOf(m_session, QStringLiteral("conclude"), conclusion.attempt.stage,
                                         conclusion.attempt.number,
                                         {{QStringLiteral("verdict"), toJson(*conclusion.attempt.verdict)},
                                          {QStringLiteral("next"), int(conclusion.judgement.next)},
                                          {QStringLiteral("revert"), conclusion.judgement.revert},
                                          {QStringLiteral("reason"), conclusion.judgement.reason},
                                          {QStringLiteral("fingerprint"), conclusion.attempt.fingerprint},
                                          {QStringLiteral("inputs"), conclusion.attempt.inputs},
                                          {QStringLiteral("any_job"), conclusion.attempt.anyJob},
                                          {QStringLiteral("artifacts"), artifacts}});
    // Of a change that was judged before it was committed, a clean workspace has lost it.
    const bool changed = conclusion.attempt.start != conclusion.attempt.before;
    const bool untouched = state.clean && state.head == conclusion.attempt.before && !changed;
    if (untouched && (keepsChange(conclusion.judgement.next) || !conclusion.judgement.revert))
        return concludeWith(conclusion, {}); // nothing to do outside: one transaction
    Step before;
    before.intents.push_back(intent);
    OF_CHECK(m_session.write(std::move(before)));
    return concludeWith(conclusion, intent);
}

Result<KeptIn> JobEffects::keepTheirs(const AttemptRecord &attempt)
{
    if (!m_session.isPersonsTurn())
        return KeptIn();
    OF_TRY(left, keepLeft(attempt, whenJudged(attempt)));
    return KeptIn(std::vector{left});
}

Result<void> JobEffects::backToJudged(const AttemptRecord &attempt)
{
    // What a gate's tools left behind is not part of the change. A person may have gone on meanwhile, and who wrote
    // what cannot be told: theirs is kept beside it.
    OF_TRY(left, keepTheirs(attempt));
    return contentAsAtStart(attempt, left);
}

Result<std::vector<FileChange>> JobEffects::changedSince(const AttemptRecord &attempt)
{
    OF_TRY(state, look());
    if (state.tree == attempt.tree)
        return std::vector<FileChange>();
    OF_TRY(change, m_session.ports().git->diffToWorkspace(m_session.workspace(), attempt.start));
    if (!m_session.isPersonsTurn())
        std::erase_if(change.files, [](const FileChange &file) { return file.status == FileStatus::Added; });
    return std::move(change.files);
}

Result<void> JobEffects::putBack(const AttemptRecord &attempt)
{
    OF_TRY(held, m_session.holdEffects());
    return backToJudged(attempt);
}

Result<bool> JobEffects::mend(AttemptRecord &attempt, const std::function<Result<void>()> &fix)
{
    auto &git = *m_session.ports().git;
    const WorkspaceRef workspace = m_session.workspace();
    {
        OF_TRY(held, m_session.holdEffects());
        OF_TRY(state, look());
        if (state.tree != attempt.tree || state.head != attempt.before) // it is to meet what was judged, and no more
            OF_CHECK(backToJudged(attempt));
    }
    OF_CHECK(fix());
    OF_TRY(held, m_session.holdEffects());
    OF_TRY(change, git.diffToWorkspace(workspace, attempt.start));
    const auto isMended = [](const FileChange &file) {
        const bool plain = file.newMode == 0100644 || file.newMode == 0100755;
        return file.status == FileStatus::Modified && plain && file.oldMode == file.newMode;
    };
    std::vector<RepoPath> mended;
    for (const FileChange &file : change.files) {
        if (isMended(file))
            mended.push_back(file.path);
    }
    if (mended.empty())
        return false; // what else was left there goes at the attempt's end
    if (mended.size() < change.files.size()) {
        OF_TRY(left, keepTheirs(attempt));
        const auto others = [&](const RepoPath &path) { return !std::ranges::contains(mended, path); };
        OF_CHECK(git.applyOnly(workspace, attempt.start, others, left));
    }
    // A restart finds either the start, or this: which of them the attempt judged is said by its row.
    OF_TRY(kept, snapshotBeside(attempt, mendedRef(m_session.job().id(), attempt),
                                QStringLiteral("mended by %1, attempt %2").arg(attempt.stage).arg(attempt.number)));
    AttemptRecord now = attempt;
    now.start = kept.commit;
    OF_TRY(state, git.state(workspace));
    if (state.tree == attempt.tree)
        return false;             // it held what no commit may hold, and was put aside
    if (state.head != now.before) // somebody committed meanwhile
        OF_CHECK(git.apply(workspace, now.before, now.start));
    now.tree = state.tree;
    Step step;
    step.attempts.push_back(now);
    OF_CHECK(m_session.write(std::move(step)));
    attempt = std::move(now);
    return true;
}

Result<CommitId> JobEffects::keep(const Conclusion &conclusion, const QString &step)
{
    auto &git = *m_session.ports().git;
    OF_TRY(earlier, git.findStep(m_session.workspace(), step));
    if (earlier) {
        // The kill may have come between the branch and git's own index: bring that along, where nobody has edited
        // since.
        OF_TRY(state, git.state(m_session.workspace()));
        if (state.clean)
            OF_CHECK(git.restore(m_session.workspace(), *earlier));
        return *earlier;
    }
    OF_TRY(state, git.state(m_session.workspace()));
    if (state.tree != conclusion.attempt.tree)
        OF_CHECK(backToJudged(conclusion.attempt));
    // What a gate let pass is what it judged, not what somebody wrote there a moment ago.
    return git.commitSnapshot(m_session.workspace(), conclusion.attempt.start, note(conclusion.attempt, step));
}

CommitId JobEffects::restoreTarget(const Conclusion &conclusion) const
{
    const auto index = m_session.pipeline().indexOf(conclusion.attempt.stage);
    const bool whole = index && m_session.pipeline().stages[size_t(*index)].kind == StageKind::Tcr;
    return whole ? m_session.progress().base : m_session.progress().good; // the tcr stage reverts all
}

Result<SnapshotRef> JobEffects::takeBack(const Conclusion &conclusion, const CommitId &to)
{
    auto &git = *m_session.ports().git;
    const AttemptRecord &attempt = conclusion.attempt;
    const QString ref = ledgerRef(m_session.job().id(), attempt.stage, attempt.number);
    OF_TRY(known, git.snapshots(m_session.workspace(), ref));
    OF_TRY(mended, git.snapshots(m_session.workspace(), mendedRef(m_session.job().id(), attempt)));
    std::optional<SnapshotRef> kept;
    for (const auto &snapshot : known) {
        if (snapshot.ref == ref)
            kept = snapshot;
    }
    KeptIn theirs; ///< where all that lies there is kept
    if (m_session.isPersonsTurn())
        theirs.emplace();
    if (theirs && kept)
        theirs->push_back(kept->commit);
    if (!kept) { // with it the state is safe; from here on a restart only has to restore
        OF_TRY(state, git.state(m_session.workspace()));
        if (state.tree != attempt.tree && m_session.isPersonsTurn())
            OF_CHECK(backToJudged(attempt)); // the ledger has what was judged, and no more
        OF_TRY(taken, snapshot(attempt, ref, QStringLiteral("reverted: ") + attempt.verdict->summary));
        kept = taken;
        if (theirs)
            theirs->push_back(taken.commit);
    } else if (m_session.isPersonsTurn() && (kept->commit == attempt.start || !mended.empty())) {
        // That is what lay there at the beginning: what a person wrote since then is theirs.
        OF_TRY(state, git.state(m_session.workspace()));
        if (state.tree != attempt.tree) {
            OF_TRY(left, keepLeft(attempt, whenJudged(attempt)));
            theirs->push_back(left);
        }
    }
    const auto put = [&](const KeptIn &by) { return git.restore(m_session.workspace(), to, by); };
    OF_CHECK(put(theirs));
    OF_CHECK(putAgain(attempt, {}, put));
    return *kept;
}

Result<int> JobEffects::keepTests(const CommitId &reverted, const Ticket *ticket)
{
    if (m_session.contract().tcr != TcrVariant::Relaxed)
        return 0;
    const ToolchainInfo &toolchain = m_session.toolchain();
    return m_session.ports().git->applyOnly(m_session.workspace(), reverted, [&](const RepoPath &path) {
        // What lies outside of its ticket would fail it for good.
        const bool inside = !ticket || std::ranges::any_of(ticket->files, [&](const QString &one) {
            return matchesGlob(path, one);
        });
        return inside && m_session.ports().toolchains->isTest(toolchain, path);
    });
}

Result<void> JobEffects::freeze(Progress &progress, StageKind kind, const std::vector<ArtifactRecord> &artifacts,
                                Step &step)
{
    const QString name = JobSession::documentName(kind);
    const auto file = std::ranges::find(artifacts, name, &ArtifactRecord::name);
    if (file == artifacts.end())
        return fail(ErrorKind::Internal, QStringLiteral("freeze %1").arg(name), QStringLiteral("it was not kept"));
    step.audits.push_back(m_session.audit(QStringLiteral("document.frozen"),
                                          {{QStringLiteral("name"), name}, {QStringLiteral("sha256"), file->sha256}}));
    // What follows from an earlier one is to be made anew.
    Documents &documents = progress.documents;
    if (kind == StageKind::Spec)
        documents.spec = file->sha256;
    if (kind != StageKind::Tickets)
        documents.architecture = kind == StageKind::Architecture ? file->sha256 : QString();
    documents.tickets = kind == StageKind::Tickets ? file->sha256 : QString();
    documents.done = 0;
    if (kind != StageKind::Tickets)
        return {};
    progress.answering = QStringLiteral("task");
    // A person may have begun already: then what lies there is their answer.
    OF_TRY(state, m_session.ports().git->state(m_session.workspace()));
    progress.triedTree = state.clean && state.head == progress.good ? state.tree : QStringLiteral("none");
    return {};
}

Result<void> JobEffects::tellMarks(const AttemptRecord &attempt, Step &step)
{
    OF_TRY(change, m_session.change());
    const std::vector<Finding> marks = m_session.ports().secretScan->marks(change);
    if (marks.empty()) {
        step.clearedRisks << kAllowedSecrets;
        return {};
    }
    QStringList named;
    for (const Finding &mark : marks | std::views::take(size_t(kNamedMarks)))
        named
            << QStringLiteral("%1:%2 (%3) %4").arg(displayPath(mark.file)).arg(mark.line).arg(mark.rule, mark.message);
    if (marks.size() > size_t(kNamedMarks))
        named << QStringLiteral("and %1 more").arg(marks.size() - size_t(kNamedMarks));
    Risk risk = riskOf(attempt);
    risk.name = kAllowedSecrets;
    risk.text = m_session.ports().masker->masked(
        QStringLiteral("%1 that looks like a secret is let pass by a mark of the change itself: %2")
            .arg(counted(qint64(marks.size()), QStringLiteral("line")), named.join(QStringLiteral("; "))));
    step.risks.push_back(risk);
    return {};
}

void JobEffects::endTicket(Progress &progress, const AttemptRecord &attempt, Step &step)
{
    ++progress.documents.done;
    progress.good = progress.head;
    const QJsonObject detail{{QStringLiteral("ticket"), attempt.ticket}, {QStringLiteral("head"), progress.head}};
    step.events.push_back(m_session.event(QStringLiteral("ticket-done"), attempt.stage, attempt.number, detail));
    step.audits.push_back(m_session.audit(QStringLiteral("ticket.done"), detail));
    if (progress.documents.done >= int(m_session.tickets().size()))
        return;
    progress.stageIndex = m_session.pipeline().indexOf(attempt.stage).value_or(progress.stageIndex);
    progress.answering = QStringLiteral("task");
    progress.triedTree.clear(); // nobody was waited for yet
}

Result<void> JobEffects::concludeWith(const Conclusion &conclusion, IntentRecord intent)
{
    AttemptRecord attempt = conclusion.attempt;
    const Verdict &verdict = *attempt.verdict;
    const NextStep next = conclusion.judgement.next;
    const bool keeps = keepsChange(next);
    Progress progress = m_session.progress();
    const auto index = m_session.pipeline().indexOf(attempt.stage);
    if (!index)
        return fail(ErrorKind::Internal, QStringLiteral("end the attempt of %1").arg(attempt.stage),
                    QStringLiteral("the pipeline has no such stage"));
    const StageDefinition &stage = m_session.pipeline().stages[size_t(*index)];
    const bool effect = !intent.key.isEmpty();
    const bool beforeChange = isDocument(stage.kind) || stage.kind == StageKind::Preflight; // nothing to mend there
    Step step;

    if (keeps) {
        if (effect) {
            OF_TRY(commit, keep(conclusion, intent.key));
            progress.head = commit;
        }
        attempt.state = next == NextStep::Advance ? AttemptState::Passed : AttemptState::SoftFailed;
        progress.stageIndex = *index + 1;
        const bool testsNow = stage.kind == StageKind::UnitTest;
        const bool testsNever = !m_session.pipeline().indexOf(StageKind::UnitTest) && !isDocument(stage.kind);
        const bool holds = next == NextStep::Advance || verdict.outcome == Outcome::FailedBefore;
        if (holds && (testsNow || testsNever))
            progress.good = progress.head;
        if (isDocument(stage.kind))
            OF_CHECK(freeze(progress, stage.kind, conclusion.artifacts, step));
        if (attempt.ticket > 0)
            endTicket(progress, attempt, step);
        if (next == NextStep::AcceptAsRisk) {
            step.risks.push_back(riskOf(attempt));
        } else {
            step.clearedRisks << attempt.stage << notMeasured(attempt.stage);
        }
        if (const QString files = verdict.facts.value(disturbedFact()).toString(); !files.isEmpty()) {
            Risk risk = riskOf(attempt);
            risk.name = disturbed(attempt.stage);
            risk.text = QStringLiteral(
                            "whenever %1 ran, %2 was another when it ended than what is kept: its tools write "
                            "to it, or somebody did")
                            .arg(attempt.stage, files);
            step.risks.push_back(risk);
        } else {
            step.clearedRisks << disturbed(attempt.stage);
        }
        if (const qint64 unseen = verdict.facts.value(ignoredSourcesFact()).toInteger(); unseen > 0) {
            Risk risk = riskOf(attempt);
            risk.name = ignoredSourcesFact();
            risk.text = QStringLiteral("the gates ran with %1 that git ignores and the merge will not hold")
                            .arg(counted(unseen, QStringLiteral("source file")));
            step.risks.push_back(risk);
        } else if (stage.kind == StageKind::Boundary) {
            step.clearedRisks << ignoredSourcesFact();
        }
        if (*index == m_session.pipeline().indexOf(StageKind::Implement).value_or(0))
            OF_CHECK(tellMarks(attempt, step)); // every change comes through here
    } else if (conclusion.judgement.revert && effect) {
        const CommitId to = restoreTarget(conclusion);
        OF_TRY(kept, takeBack(conclusion, to));
        attempt.state = AttemptState::Reverted;
        attempt.reverted = kept;
        attempt.note = QStringLiteral("reverted to %1").arg(to.left(12));
        OF_TRY(tests, keepTests(kept.commit, m_session.ticketOf(attempt.ticket)));
        if (tests > 0)
            attempt.note += QStringLiteral(", but for its tests (%1)").arg(counted(tests, QStringLiteral("file")));
        progress.head = progress.good = to;
        if (stage.kind == StageKind::Tcr) // with all the rest, the tickets are to be done again
            progress.documents.done = 0;
    } else {
        if (effect)
            OF_CHECK(restoreStart(attempt));
        const bool soft = stage.failure == FailureClass::Soft && verdict.outcome != Outcome::Failed;
        attempt.state = soft || verdict.outcome == Outcome::SoftFailed ? AttemptState::SoftFailed
                                                                       : AttemptState::Failed;
    }
    if (effect || !attempt.note.isEmpty()) { // that may be of files that were put back while it was judged
        OF_TRY(left, leftNote(attempt));
        if (!left.isEmpty())
            attempt.note += (attempt.note.isEmpty() ? QString() : QStringLiteral("; "))
                            + (left == unseenNote(attempt.startedMs)
                                   ? QString()
                                   : QStringLiteral("the workspace changed meanwhile; "))
                            + left;
    }
    if (!conclusion.judgement.reason.isEmpty())
        attempt.note += (attempt.note.isEmpty() ? QString() : QStringLiteral("; ")) + conclusion.judgement.reason;
    attempt.after = progress.head;
    if (attempt.endedMs == 0) // what was judged ahead ended before its turn
        attempt.endedMs = m_session.now();

    const QString named = QStringLiteral("%1/%2").arg(attempt.stage).arg(attempt.number);
    if (next == NextStep::AskAuthor || next == NextStep::GiveUp) { // a person's answer differs from what lies there now
        OF_TRY(left, m_session.ports().git->state(m_session.workspace()));
        progress.triedTree = left.tree;
    }
    switch (next) {
    case NextStep::Advance:
    case NextStep::AcceptAsRisk: break;
    case NextStep::AskAuthor:
        if (!beforeChange) // such a stage asks for itself
            progress.answering = named;
        break;
    case NextStep::RetryLater: {
        progress.state = JobState::Waiting;
        OF_TRY(attempts, m_session.store().attempts(m_session.job().id()));
        const int failures = int(countedFailures(attempts, attempt.stage, progress.attemptMark, attempt.ticket).size())
                             + 1;
        progress.wait.kind = WaitKind::Retry;
        const auto pause = verdict.retryAfter.value_or(backoff(failures));
        progress.wait.what = QStringLiteral("the time to try %1 again: %2").arg(attempt.stage, verdict.summary);
        progress.wait.sinceMs = m_session.now();
        progress.wait.wakeAtBootMs = m_session.ports().clock->bootMs() + pause.count();
        progress.wait.bootId = m_session.ports().clock->bootId();
        step.releaseLease = true;
        break;
    }
    case NextStep::GiveUp:
        progress.state = stage.kind == StageKind::PullRequest ? JobState::CiFailed : JobState::Failed;
        if (!beforeChange)
            progress.answering = named; // a retry by a person begins with the author
        progress.note = QStringLiteral("%1 failed: %2").arg(attempt.stage, verdict.summary)
                        + (conclusion.judgement.reason.isEmpty()
                               ? QString()
                               : QStringLiteral(" (") + conclusion.judgement.reason + QLatin1Char(')'));
        step.releaseLease = true;
        break;
    }
    step.progress = progress;
    step.attempts.push_back(attempt);
    step.artifacts = conclusion.artifacts;
    if (effect)
        step.intents.push_back(ended(std::move(intent), IntentState::Done, {{QStringLiteral("head"), progress.head}}));
    QJsonObject detail{
        {QStringLiteral("stage"), attempt.stage},         {QStringLiteral("attempt"), attempt.number},
        {QStringLiteral("state"), toName(attempt.state)}, {QStringLiteral("outcome"), toName(verdict.outcome)},
        {QStringLiteral("summary"), verdict.summary},     {QStringLiteral("head"), progress.head}};
    if (verdict.record)
        detail[QStringLiteral("record")] = openfactory::toJson(*verdict.record);
    step.events.push_back(m_session.event(QStringLiteral("attempt-ended"), attempt.stage, attempt.number, detail));
    step.audits.push_back(m_session.audit(QStringLiteral("attempt.") + toName(attempt.state), detail));
    if (next == NextStep::GiveUp)
        step.audits.push_back(m_session.audit(QStringLiteral("job.") + toName(progress.state),
                                              {{QStringLiteral("note"), progress.note}}));
    return m_session.write(std::move(step));
}

Result<JobEffects::Asked> JobEffects::askAuthor(const std::stop_token &stop)
{
    Job job = m_session.job();
    const bool person = m_session.isPersonsTurn();
    if (person)
        job.identity.author = AuthorKind::Person;
    OF_TRY(author, m_session.ports().authors->authorOf(job.identity));
    OF_TRY(state, m_session.ports().git->state(m_session.workspace()));
    ChangeRequest request;
    request.job = &job;
    request.stage = QStringLiteral("implement");
    request.round = job.progress.authorRounds + 1;
    request.workspace = m_session.workspace().path;
    request.tree = state.tree;
    request.ticket = m_session.ticket();
    if (job.progress.answering != QStringLiteral("task")) {
        OF_TRY(attempts, m_session.store().attempts(job.id()));
        for (const auto &attempt : attempts) {
            if (QStringLiteral("%1/%2").arg(attempt.stage).arg(attempt.number) != job.progress.answering)
                continue;
            request.stage = attempt.stage;
            request.failure = attempt.verdict;
            request.soft = attempt.state == AttemptState::SoftFailed;
        }
    }
    const IntentRecord intent = intentOf(
        m_session, QStringLiteral("author-change"), request.stage, 0,
        {{QStringLiteral("round"), request.round}, {QStringLiteral("head"), state.head}, {kPersons, person}});
    Step before;
    before.intents.push_back(intent);
    OF_TRY(held, m_session.holdEffects());
    OF_CHECK(m_session.write(std::move(before)));
    AuthorLedger calls(m_session, request.stage, request.round);
    request.calls = &calls;
    AuthorRunner commands(m_session, request.stage);
    request.commands = &commands;
    auto answer = [&] {
        // Who waits for a model leaves the machine to the gates of others.
        const bool waits = job.identity.author == AuthorKind::Model;
        const WithoutPlace waiting(waits ? m_session.ports().places.get() : nullptr);
        return author->change(request, stop);
    }();

    Step after;
    Progress progress = m_session.progress();
    if (!answer) {
        OF_TRY(left, m_session.ports().git->state(m_session.workspace()));
        if (!person && left.tree != state.tree) {
            OF_TRY(attempts, m_session.store().attempts(job.id()));
            OF_CHECK(undoHalfMade(state.head, attempts));
        }
        after.intents.push_back(ended(intent, IntentState::Abandoned));
        OF_CHECK(m_session.write(std::move(after)));
        return std::unexpected(answer.error());
    }
    // What an author says is text from outside: it is stored like any other (law 8).
    for (QString *said : {&answer->summary, &answer->awaited})
        *said = m_session.ports().masker->masked(*said);
    const bool changed = answer->kind == ChangeAnswer::Kind::Changed;
    after.intents.push_back(ended(intent, changed ? IntentState::Done : IntentState::Abandoned,
                                  {{QStringLiteral("summary"), answer->summary}}));
    if (changed) {
        progress.answering.clear();
        progress.authorRounds = request.round;
        progress.stageIndex = m_session.pipeline().indexOf(StageKind::Implement).value_or(0);
        progress.note = answer->summary;
        after.events.push_back(m_session.event(QStringLiteral("author-changed"), request.stage, 0,
                                               {{QStringLiteral("summary"), answer->summary}}));
        after.audits.push_back(
            m_session.audit(QStringLiteral("author.changed"),
                            {{QStringLiteral("round"), request.round}, {QStringLiteral("summary"), answer->summary}}));
    } else if (answer->kind == ChangeAnswer::Kind::Wait) {
        progress.state = JobState::Waiting;
        progress.triedTree = state.tree;
        progress.wait = {};
        progress.wait.kind = answer->retryAfter ? WaitKind::Retry : WaitKind::Change;
        progress.wait.what = !answer->awaited.isEmpty() ? answer->awaited
                             : request.failure          ? QStringLiteral("a change in %1 that mends %2: %3")
                                                     .arg(request.workspace, request.stage, request.failure->summary)
                                               : QStringLiteral("a change in %1").arg(request.workspace);
        if (request.ticket && answer->awaited.isEmpty())
            progress.wait.what += QStringLiteral("; it is for ticket %1, %2: %3")
                                      .arg(QString::number(request.ticket->number), request.ticket->name,
                                           displayable(request.ticket->goal.simplified().left(kShownGoal)));
        progress.wait.sinceMs = m_session.now();
        if (answer->retryAfter) {
            progress.wait.wakeAtBootMs = m_session.ports().clock->bootMs() + answer->retryAfter->count();
            progress.wait.bootId = m_session.ports().clock->bootId();
        }
        after.releaseLease = true;
        after.events.push_back(m_session.event(QStringLiteral("state")));
    }
    after.progress = progress;
    OF_CHECK(m_session.write(std::move(after)));
    if (changed)
        return Asked::Changed;
    return answer->kind == ChangeAnswer::Kind::Wait ? Asked::Waiting : Asked::Nothing;
}

Result<JobEffects::Integrated> JobEffects::integrate(const AttemptRecord &gate, const Decision &decision)
{
    OF_TRY(held, m_session.holdEffects());
    const Job &job = m_session.job();
    auto &git = *m_session.ports().git;
    OF_TRY(preview, git.previewMerge(job.identity.repository, job.progress.head, job.identity.target));
    if (!preview.conflicts.empty())
        return Integrated::TargetMoved;
    const IntentRecord intent = intentOf(m_session, QStringLiteral("integrate"), gate.stage, gate.number,
                                         {{QStringLiteral("decision"), decision.id.text()},
                                          {QStringLiteral("head"), job.progress.head},
                                          {QStringLiteral("expected"), preview.target}});
    Step before;
    before.intents.push_back(intent);
    OF_CHECK(m_session.write(std::move(before)));
    CommitNote note = this->note(gate, intent.key);
    note.subject = QStringLiteral("Merge %1: %2").arg(job.identity.branch, job.identity.title);
    note.body = QStringLiteral("Approved by %1.").arg(decision.actor);
    OF_TRY(log, m_session.store().auditHead());
    note.audit = witnessText(log);
    const auto merge = git.integrate(m_session.workspace(), job.progress.head, job.identity.target, preview.target,
                                     note);
    if (!merge) {
        // Where the merge stands and what came after it failed (the target's files, on a full disk), the intent stays
        // open: the next try finds the merge.
        OF_TRY(made, git.findIntegration(job.identity.repository, job.identity.target, intent.key));
        if (made && merge.error().kind == ErrorKind::DiskFull)
            return std::unexpected(merge.error());
        Step gaveUp;
        if (!made)
            gaveUp.intents.push_back(
                ended(intent, IntentState::Abandoned, {{QStringLiteral("error"), toText(merge.error())}}));
        const bool moved = !made && merge.error().kind == ErrorKind::Conflict;
        if (!moved) {
            Progress progress = m_session.progress();
            progress.state = JobState::Waiting;
            progress.wait = {};
            progress.wait.kind = WaitKind::Conflict;
            const Error &error = merge.error();
            progress.wait.what = made
                                     ? QStringLiteral("a person to clear the way: %1 holds the merge %2, and the files "
                                                      "of its checkout do not follow: %3 (make that possible, then "
                                                      "factory run -s %4; until then commit nothing there)")
                                           .arg(job.identity.target, made->left(12), error.said, job.slug().text())
                                     : QStringLiteral("a person to clear the way for the merge: ") + error.said
                                           + (error.hint.isEmpty() ? QString()
                                                                   : QStringLiteral(" (") + error.hint + u')');
            progress.wait.sinceMs = m_session.now();
            gaveUp.progress = progress;
            gaveUp.releaseLease = true;
            gaveUp.events.push_back(m_session.event(QStringLiteral("state")));
        }
        OF_CHECK(m_session.write(std::move(gaveUp)));
        return moved ? Integrated::TargetMoved : Integrated::Refused;
    }
    OF_CHECK(recordIntegration(gate, decision, intent, *merge));
    return Integrated::Done;
}

Result<void> JobEffects::recordIntegration(const AttemptRecord &gate, const Decision &decision, IntentRecord intent,
                                           const CommitId &merge)
{
    Step step;
    Progress progress = m_session.progress();
    progress.integrated = merge;
    progress.stageIndex = m_session.pipeline().indexOf(gate.stage).value_or(0) + 1;
    step.progress = progress;
    AttemptRecord attempt = gate;
    attempt.state = AttemptState::Passed;
    attempt.endedMs = m_session.now();
    attempt.after = merge;
    attempt.verdict = Verdict{};
    attempt.verdict->summary = QStringLiteral("approved by %1, merged as %2").arg(decision.actor, merge.left(12));
    step.attempts.push_back(attempt);
    step.consumed = decision.id;
    step.consumedBy = intent.key;
    OF_TRY(risks, m_session.store().risks(m_session.job().id()));
    for (Risk risk : risks) {
        if (!decision.acceptedRisks.contains(risk.name))
            continue;
        risk.acceptedBy = decision.actor;
        risk.acceptedMs = decision.madeMs;
        risk.comment = decision.comment;
        step.risks.push_back(risk);
    }
    step.intents.push_back(ended(std::move(intent), IntentState::Done, {{QStringLiteral("merge"), merge}}));
    const QJsonObject detail{{QStringLiteral("merge"), merge},
                             {QStringLiteral("target"), m_session.job().identity.target},
                             {QStringLiteral("decision"), decision.id.text()},
                             {QStringLiteral("actor"), decision.actor}};
    step.events.push_back(m_session.event(QStringLiteral("integrated"), gate.stage, gate.number, detail));
    step.audits.push_back(m_session.audit(QStringLiteral("job.integrated"), detail));
    return m_session.write(std::move(step));
}

Result<QString> JobEffects::rewind(const QString &stage, int attempt, const CommitId &content, const CommitId &laid)
{
    const IntentRecord intent = intentOf(m_session, QStringLiteral("rewind"), stage, attempt,
                                         {{QStringLiteral("content"), content}, {QStringLiteral("laid"), laid}});
    Step before;
    before.intents.push_back(intent);
    OF_CHECK(m_session.write(std::move(before)));
    return rewindWith(intent);
}

Result<QString> JobEffects::rewindWith(IntentRecord intent)
{
    const CommitId content = intent.payload[QStringLiteral("content")].toString();
    Progress progress = m_session.progress();
    std::vector<CommitId> kept{progress.head};
    if (const CommitId laid = intent.payload[QStringLiteral("laid")].toString(); !laid.isEmpty())
        kept.push_back(laid);
    const qint64 began = m_session.ports().clock->wallMs();
    OF_CHECK(m_session.ports().git->apply(m_session.workspace(), progress.head, content, kept));
    OF_TRY(attempts, m_session.store().attempts(m_session.job().id()));
    progress.stageIndex = m_session.pipeline().indexOf(StageKind::Implement).value_or(0);
    progress.attemptMark = int(attempts.size());
    progress.answering.clear();
    Step step;
    step.progress = progress;
    step.events.push_back(m_session.event(QStringLiteral("rewound"), intent.stage, intent.attempt));
    step.audits.push_back(
        m_session.audit(QStringLiteral("job.rewound"),
                        {{QStringLiteral("to"), QStringLiteral("%1/%2").arg(intent.stage).arg(intent.attempt)},
                         {QStringLiteral("commit"), content}}));
    step.intents.push_back(ended(std::move(intent), IntentState::Done));
    OF_CHECK(m_session.write(std::move(step)));
    return unseenNote(began);
}

Result<void> JobEffects::recoverIntent(const IntentRecord &intent)
{
    auto &git = *m_session.ports().git;
    OF_TRY(attempts, m_session.store().attempts(m_session.job().id()));
    const AttemptRecord *attempt = nullptr;
    for (const auto &candidate : attempts) {
        if (candidate.stage == intent.stage && candidate.number == intent.attempt)
            attempt = &candidate;
    }
    if (intent.kind == QStringLiteral("conclude") && attempt) {
        Conclusion conclusion{*attempt, {}, {}};
        OF_TRY(verdict, verdictFromJson(intent.payload[QStringLiteral("verdict")].toObject()));
        conclusion.attempt.verdict = verdict;
        conclusion.attempt.fingerprint = intent.payload[QStringLiteral("fingerprint")].toString();
        conclusion.attempt.inputs = intent.payload[QStringLiteral("inputs")].toString();
        conclusion.attempt.anyJob = intent.payload[QStringLiteral("any_job")].toBool();
        conclusion.judgement.next = NextStep(intent.payload[QStringLiteral("next")].toInt());
        conclusion.judgement.revert = intent.payload[QStringLiteral("revert")].toBool();
        conclusion.judgement.reason = intent.payload[QStringLiteral("reason")].toString();
        for (const auto &artifact : intent.payload[QStringLiteral("artifacts")].toArray())
            conclusion.artifacts.push_back(artifactFrom(artifact.toObject()));
        return concludeWith(conclusion, intent);
    }
    if (intent.kind == QStringLiteral("integrate") && attempt) {
        const Job &job = m_session.job();
        OF_TRY(merge, git.findIntegration(job.identity.repository, job.identity.target, intent.key));
        OF_TRY(decisions, m_session.store().decisions(job.id()));
        const auto decision = std::ranges::find(decisions, intent.payload[QStringLiteral("decision")].toString(),
                                                [](const Decision &d) { return d.id.text(); });
        if (merge && decision != decisions.end()) {
            // The same step again: finds its merge, and brings the target's files along if the first call could not.
            OF_CHECK(git.integrate(m_session.workspace(), intent.payload[QStringLiteral("head")].toString(),
                                   job.identity.target, intent.payload[QStringLiteral("expected")].toString(),
                                   note(*attempt, intent.key)));
            return recordIntegration(*attempt, *decision, intent, *merge);
        }
    }
    if (intent.kind == QStringLiteral("rewind"))
        return rewindWith(intent).transform([](const QString &) {});
    const bool persons = intent.payload[kPersons].toBool(m_session.job().identity.author == AuthorKind::Person);
    if (intent.kind == QStringLiteral("author-change") && !persons) {
        // A half-made change: back to the round's start, the round is asked for again.
        OF_CHECK(undoHalfMade(intent.payload[QStringLiteral("head")].toString(), attempts));
    }
    // What was begun on a forge is asked of the forge. Where it cannot be reached nothing is lost: the stage looks at
    // what is there before it does anything.
    const auto stands = forgeEffectStands(m_session, intent, std::stop_token());
    const bool done = stands && stands->value_or(false);
    Step step;
    if (intent.kind == QStringLiteral("author-change")) {
        OF_TRY(commands, m_session.store().commands(m_session.job().id()));
        for (CommandRecord command : commands) {
            if (command.attempt != 0 || command.finished)
                continue;
            command.finished = true;
            command.ending = QStringLiteral("interrupted");
            step.commands.push_back(command);
        }
    }
    step.intents.push_back(ended(intent, done ? IntentState::Done : IntentState::Abandoned));
    return m_session.write(std::move(step));
}

Result<void> JobEffects::undoHalfMade(const CommitId &head, const std::vector<AttemptRecord> &attempts)
{
    auto &git = *m_session.ports().git;
    OF_TRY(state, git.state(m_session.workspace()));
    const auto answered = std::ranges::find_if(attempts, [&](const AttemptRecord &a) {
        return QStringLiteral("%1/%2").arg(a.stage).arg(a.number) == m_session.progress().answering;
    });
    // What an attempt that was not reverted had judged lies there without a commit (build-first).
    const bool stayed = answered != attempts.end() && !answered->reverted && answered->before == head
                        && answered->start != head;
    if (!state.clean || stayed)
        OF_CHECK(git.apply(m_session.workspace(), head, stayed ? answered->start : head));
    // Tests that a revert left there were part of that start.
    if (answered != attempts.end() && answered->reverted)
        OF_CHECK(keepTests(answered->reverted->commit, m_session.ticketOf(answered->ticket)));
    return {};
}

Result<int> JobEffects::recover()
{
    OF_TRY(held, m_session.holdEffects());
    OF_TRY(intents, m_session.store().openIntents(m_session.job().id()));
    OF_TRY(earlier, m_session.store().attempts(m_session.job().id()));
    const bool interrupted = std::ranges::any_of(
        earlier, [](const AttemptRecord &a) { return a.state == AttemptState::Running; });
    const bool asked = std::ranges::contains(intents, QStringLiteral("author-change"), &IntentRecord::kind);
    if (interrupted || asked) // its process may only stand still, and what it runs goes on
        OF_CHECK(m_session.ports().runner->endStrays(m_session.workspace().path));
    int mended = 0;
    for (const auto &intent : intents) {
        OF_CHECK(recoverIntent(intent));
        ++mended;
    }
    OF_TRY(attempts, m_session.store().attempts(m_session.job().id()));
    for (AttemptRecord attempt : attempts) {
        if (attempt.state != AttemptState::Running)
            continue;
        OF_CHECK(restoreStart(attempt));
        attempt.state = AttemptState::Interrupted;
        attempt.endedMs = m_session.now();
        attempt.note = QStringLiteral("its process ended before it did");
        OF_TRY(left, leftNote(attempt));
        if (!left.isEmpty())
            attempt.note += QStringLiteral("; ") + left;
        Step step;
        step.attempts.push_back(attempt);
        OF_TRY(commands, m_session.store().commands(m_session.job().id()));
        for (CommandRecord command : commands) {
            if (command.finished || command.stage != attempt.stage || command.attempt != attempt.number)
                continue;
            command.finished = true;
            command.ending = QStringLiteral("interrupted");
            step.commands.push_back(command);
        }
        step.events.push_back(m_session.event(QStringLiteral("attempt-ended"), attempt.stage, attempt.number,
                                              {{QStringLiteral("state"), toName(attempt.state)}}));
        step.audits.push_back(
            m_session.audit(QStringLiteral("attempt.interrupted"),
                            {{QStringLiteral("stage"), attempt.stage}, {QStringLiteral("attempt"), attempt.number}}));
        OF_CHECK(m_session.write(std::move(step)));
        ++mended;
    }
    return mended;
}

} // namespace openfactory
