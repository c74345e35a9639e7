// SPDX-License-Identifier: Apache-2.0
#include "core/engine/attemptcontext.h"

#include "core/base/file.h"
#include "core/base/logging.h"
#include "core/base/removetree.h"
#include "core/base/text.h"
#include "core/engine/authorledger.h"
#include "core/engine/draft.h"
#include "core/engine/evidence.h"
#include "core/engine/jobeffects.h"
#include "core/engine/jobrecord.h"
#include "core/engine/recordedforge.h"
#include "core/engine/sidework.h"
#include "core/engine/stagecommand.h"

#include <QFile>
#include <QFileInfo>

#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>

namespace openfactory {

AttemptContext::AttemptContext(JobSession &session, const StageDefinition &stage, const AttemptRecord &attempt,
                               std::stop_token stop, JobEffects *effects)
    : m_session(session),
      m_stage(stage),
      m_attempt(attempt.number),
      m_judged(attempt),
      m_stop(std::move(stop)),
      m_effects(effects)
{}

AttemptContext::AttemptContext(AttemptContext &now, QString base)
    : AttemptContext(now.m_session, now.m_stage, now.m_judged, now.m_stop)
{
    m_now = &now;
    m_base = std::move(base);
}

AttemptContext::~AttemptContext()
{
    if (!m_reports.isEmpty())
        removeTree(path(m_reports)); // what is left is swept with the job
    if (m_now) {
        removeTree(m_base);
        removeTree(home());
    }
}

Result<StageContext *> AttemptContext::before()
{
    if (m_now)
        return this;
    if (m_before)
        return m_before.get();
    const QString base = basePath();
    OF_CHECK(makeFolder(base));
    std::unique_ptr<AttemptContext> made(new AttemptContext(*this, base));
    OF_CHECK(made->open());
    OF_TRY(commit, changeStart());
    OF_CHECK(git().writeOut(m_session.job().identity.repository, commit, base, m_stop));
    m_before = std::move(made);
    return m_before.get();
}

WorkspaceRef AttemptContext::workspace() const
{
    WorkspaceRef workspace = m_session.workspace();
    if (m_now)
        workspace.path = m_base;
    return workspace;
}

Result<CommitId> AttemptContext::changeStart()
{
    return ticket() ? Result<CommitId>(m_session.progress().good) : m_session.changeBase(m_session.progress().head);
}

Result<bool> AttemptContext::mend(const std::function<Result<void>()> &fix)
{
    return m_effects ? m_effects->mend(m_judged, fix) : StageContext::mend(fix);
}

Result<ChangeSet> AttemptContext::change()
{
    OF_TRY(change,
           ticket() ? git().diffToWorkspace(m_session.workspace(), m_session.progress().good) : m_session.change());
    return m_now ? asBefore(std::move(change)) : change;
}

const Ticket *AttemptContext::ticket() const
{
    return m_judged.ticket > 0 ? m_session.ticketOf(m_judged.ticket) : nullptr;
}

Result<QByteArray> AttemptContext::patch()
{
    OF_TRY(from, changeStart());
    return git().patch(m_session.job().identity.repository, from, m_judged.start);
}

Result<StageContext *> AttemptContext::beforeWithTests()
{
    OF_TRY(there, before());
    if (m_testsThere || m_now)
        return there;
    OF_TRY(changed, change());
    for (const FileChange &file : changed.files) {
        const bool plain = file.newMode == 0100644 || file.newMode == 0100755;
        if (file.status == FileStatus::Deleted || !plain || !toolchains().isTest(toolchain(), file.path))
            continue;
        OF_TRY(bytes, git().blob(m_session.job().identity.repository, m_judged.start, file.path));
        OF_CHECK(writeBeneath(basePath(), file.path, bytes, unsigned(file.newMode) & 0777));
    }
    m_testsThere = true;
    return there;
}

Result<void> AttemptContext::open()
{
    // A fresh, unguessable name: an earlier command of the job cannot have put a link in its place.
    const QString name = QStringLiteral("reports-") + newUlid();
    OF_CHECK(makeFolder(path(name)));
    OF_CHECK(makeFolder(m_session.folder().path() + QStringLiteral("/logs")));
    m_reports = name;
    if (!m_now)
        OF_CHECK(m_session.folder().forgetSettings());
    if (!m_now)
        for (const QString &ending : {QString(), QStringLiteral("-home")}) // a killed run's
            removeTree(basePath() + ending);
    return {};
}

Result<void> AttemptContext::reopen()
{
    m_before.reset();
    m_testsThere = false;
    m_artifacts.clear();
    removeTree(path(m_reports));
    return open();
}

Result<std::vector<std::pair<QString, Verdict>>> AttemptContext::verdicts()
{
    OF_TRY(attempts, m_session.store().attempts(m_session.job().id()));
    const int here = pipeline().indexOf(m_stage.name).value_or(int(pipeline().stages.size()));
    return newestVerdicts(pipeline(), attempts, here);
}

Result<std::vector<Risk>> AttemptContext::risks()
{
    return m_session.store().risks(m_session.job().id());
}

QString AttemptContext::reportsInside() const
{
    return seenAs(m_session.ports().settings.homeInside, home()) + QLatin1Char('/') + m_reports;
}

QString AttemptContext::workspaceInside() const
{
    return seenAs(m_session.ports().settings.workspaceInside, workspace().path);
}

Result<QByteArray> AttemptContext::report(const QString &name, qint64 mostBytes)
{
    return readBeneath(path(m_reports), QFile::encodeName(name), mostBytes);
}

Result<void> AttemptContext::keepArtifact(const QString &name, const QByteArray &bytes)
{
    if (m_now)
        return {}; // of the change, not of what was there before
    OF_TRY(record, m_session.folder().write(name, m_session.ports().masker->mask(bytes), m_stage.name, m_attempt,
                                            m_session.now()));
    m_artifacts.push_back(std::move(record));
    return {};
}

CommandRequest AttemptContext::request(const PlannedCommand &command, const QString &logPath) const
{
    CommandRequest request = requestOf(m_session.contract(), m_session.pipeline(), m_stage, m_session.toolchain(),
                                       command, ticket());
    request.scope.workspace = workspace().path;
    if (!m_now)
        request.scope.gitFolder = m_session.gitFolder();
    request.scope.home = home();
    request.logPath = logPath;
    return request;
}

Result<void> AttemptContext::tell(const CommandRecord &record)
{
    QJsonObject detail{{QStringLiteral("seq"), record.seq}};
    if (record.finished)
        detail[QStringLiteral("ending")] = record.ending;
    Step step;
    step.commands.push_back(record);
    step.events.push_back(
        m_session.event(record.finished ? QStringLiteral("command-ended") : QStringLiteral("command-started"),
                        m_stage.name, m_attempt, detail));
    return m_session.write(std::move(step));
}

QString AttemptContext::numbered(CommandRecord &record)
{
    record.stage = m_stage.name;
    record.attempt = m_attempt;
    record.seq = ++(m_now ? m_now : this)->m_commands;
    record.logPath = JobFolder::logPath(m_stage.name, m_attempt, record.seq);
    return m_session.folder().path() + QLatin1Char('/') + record.logPath;
}

Result<QByteArray> AttemptContext::frozen(const QString &name)
{
    for (const StageKind kind : {StageKind::Spec, StageKind::Architecture, StageKind::Tickets}) {
        if (JobSession::documentName(kind) == name)
            return m_session.frozen(kind);
    }
    return fail(ErrorKind::NotFound, QStringLiteral("read %1").arg(name), QStringLiteral("no such document is frozen"));
}

Result<DocumentRequest> AttemptContext::documentRequest()
{
    const Documents &documents = m_session.progress().documents;
    DocumentRequest request;
    request.job = &m_session.job();
    request.kind = m_stage.kind;
    request.workspace = m_session.workspace().path;
    request.question = documents.question;
    request.answer = documents.answer;
    request.mayAsk = m_stage.kind == StageKind::Spec && documents.question.isEmpty();
    for (const StageKind kind : {StageKind::Spec, StageKind::Architecture}) {
        const bool before = kind == StageKind::Spec ? !documents.spec.isEmpty() : !documents.architecture.isEmpty();
        if (kind == m_stage.kind || !before)
            break;
        OF_TRY(bytes, m_session.frozen(kind));
        request.documents[JobSession::documentName(kind)] = bytes;
    }
    OF_TRY(attempts, m_session.store().attempts(m_session.job().id()));
    for (const AttemptRecord &attempt : attempts) {
        if (attempt.stage != m_stage.name || attempt.state != AttemptState::Failed || !attempt.verdict)
            continue;
        request.failure = attempt.verdict;
        ++request.round;
    }
    return request;
}

Result<DocumentAnswer> AttemptContext::document()
{
    OF_TRY(request, documentRequest());
    const Draft draft(m_session.folder(), m_session.job(), m_stage.kind);
    const bool person = m_session.job().identity.author == AuthorKind::Person;
    if (!person && m_stage.kind == StageKind::Spec && m_session.job().identity.reviewSpec && draft.isThere())
        return draft.read(request.failure); // a person has it in hand
    OF_TRY(author, m_session.ports().authors->authorOf(m_session.job().identity));
    AuthorLedger calls(m_session, m_stage.name, request.round);
    request.calls = &calls;
    OF_TRY(answer, author->document(request, m_stop));
    if (answer.kind == DocumentAnswer::Kind::Wait) // for something outside, or for a person
        return answer.awaited.isEmpty() ? draft.read(request.failure) : answer;
    if (answer.kind != DocumentAnswer::Kind::Question)
        return answer;
    // What others wrote is shown to a person: one line of visible text, and no secret.
    constexpr qsizetype most = 500;
    answer.question = displayable(m_session.ports().masker->masked(answer.question).simplified());
    const char *wrong = !request.mayAsk                 ? "a second question was asked; state an assumption instead"
                        : answer.question.isEmpty()     ? "the question is empty"
                        : answer.question.size() > most ? "the question is longer than 500 characters"
                                                        : nullptr;
    if (!wrong)
        return answer;
    DocumentAnswer refused;
    refused.kind = DocumentAnswer::Kind::Written;
    refused.document = answer.question.left(most).toUtf8();
    refused.fault = QLatin1StringView(wrong);
    return refused;
}

Result<std::optional<Wait>> AttemptContext::review(const QByteArray &json, const QString &yaml)
{
    const Job &job = m_session.job();
    const bool wanted = job.identity.reviewSpec && job.identity.author != AuthorKind::Person;
    if (!wanted || m_session.progress().documents.accepted == QString::fromLatin1(sha256Hex(json)))
        return std::optional<Wait>();
    const Draft draft(m_session.folder(), job, m_stage.kind);
    if (!draft.isThere())
        OF_CHECK(draft.write(m_session.ports().masker->mask(yaml.toUtf8())));
    Wait wait;
    wait.kind = WaitKind::Change;
    wait.what = QStringLiteral("a look at the spec: factory spec show -s %1, then edit or accept")
                    .arg(job.slug().text());
    return wait;
}

Result<CommandRun> AttemptContext::run(const PlannedCommand &command)
{
    OF_CHECK(checkRoom(m_session.ports().settings, m_session.folder().path(), command));
    CommandRecord record = recordOf(m_session.ports(), command);
    if (m_now)
        record.folder = QStringLiteral("before the change");
    const QString logPath = numbered(record);
    OF_CHECK(tell(record));
    const auto outcome = m_session.ports().runner->run(request(command, logPath), m_stop);
    finish(record, outcome);
    OF_CHECK(tell(record));
    return runOf(command, outcome, logPath, record.seq);
}

namespace {

/// The log of a command that ran beside, and its index, under the names that they have in the job: the same files, so
/// that whoever writes or reads them there does not lose them.
class OwnNames {
public:
    OwnNames(QString from, QString to) : m_from(std::move(from)), m_to(std::move(to)) {}
    /// As far as they are there by now.
    Result<void> give()
    {
        const QString endings[] = {QString(), QStringLiteral(".idx")};
        for (size_t i = 0; i < std::size(m_given); ++i) {
            const QByteArray from = QFile::encodeName(m_from + endings[i]);
            if (m_given[i] || !QFileInfo::exists(m_from + endings[i]))
                continue;
            if (::link(from.constData(), QFile::encodeName(m_to + endings[i]).constData()) != 0)
                return std::unexpected(errnoError(errno, QStringLiteral("keep the log %1").arg(m_to)));
            m_given[i] = true;
        }
        return {};
    }

private:
    QString m_from;
    QString m_to;
    bool m_given[2] = {false, false};
};

} // namespace

Result<bool> AttemptContext::take(SideWork &work)
{
    const WithoutPlace waiting(m_session.ports().places.get());
    SideLedger &ledger = work.ledger();
    size_t told = 0;
    for (; const auto begun = ledger.begun(told); ++told) {
        CommandRecord record = begun->record;
        record.finished = false;
        const QString logPath = numbered(record);
        OwnNames names(begun->logPath, logPath);
        OF_CHECK(names.give());
        OF_CHECK(tell(record));
        const auto ended = ledger.ended(told);
        if (!ended) { // it was given up in the middle, and nothing of it counts
            record.finished = true;
            record.ending = QStringLiteral("interrupted");
            OF_CHECK(tell(record));
            break;
        }
        const auto named = names.give();
        const CommandRecord numbers = record;
        record = ended->record;
        record.stage = numbers.stage;
        record.attempt = numbers.attempt;
        record.seq = numbers.seq;
        record.logPath = numbers.logPath;
        OF_CHECK(tell(record)); // what it came to is known, also where its log cannot be kept
        OF_CHECK(named);
    }
    const auto done = work.wait();
    if (!done) {
        if (m_stop.stop_requested())
            return fail(ErrorKind::Cancelled, QStringLiteral("run %1").arg(m_stage.name),
                        QStringLiteral("it was stopped"));
        qCDebug(lcEngine).noquote() << m_stage.name << "is run in its turn:" << toText(done.error());
        return false;
    }
    for (const SideLedger::Kept &file : ledger.kept())
        OF_CHECK(keepArtifact(file.name, file.bytes));
    return true;
}

namespace {

/// A stage's own work beside itself.
class OwnWork : public WorkBeside {
public:
    OwnWork(AttemptContext &context, std::unique_ptr<SideWork> work) : m_context(context), m_work(std::move(work)) {}
    Result<bool> wait() override { return m_work->isBegun() ? m_context.take(*m_work) : Result<bool>(false); }

private:
    AttemptContext &m_context;
    std::unique_ptr<SideWork> m_work;
};

} // namespace

Result<Forge *> AttemptContext::forge()
{
    if (m_now)
        return notHere();
    if (!m_forge) {
        if (!m_session.ports().forges)
            return fail(ErrorKind::Unsupported, QStringLiteral("reach the forge"),
                        QStringLiteral("this engine was given none"));
        OF_TRY(forge, m_session.ports().forges->forgeOf(m_session.job().identity));
        m_forge = std::make_unique<RecordedForge>(m_session, std::move(forge), m_stage.name, m_attempt);
    }
    return m_forge.get();
}

Result<std::optional<PullRecord>> AttemptContext::pull()
{
    return m_session.store().pull(m_session.job().id());
}

Result<void> AttemptContext::keepPull(const PullRecord &pull)
{
    Step step;
    step.pull = pull;
    step.pull->readMs = m_session.now();
    step.events.push_back(m_session.event(QStringLiteral("pull-request"), m_stage.name, m_attempt));
    return m_session.write(std::move(step));
}

Result<JobRecord> AttemptContext::record()
{
    return readRecord(m_session.store(), m_session.job());
}

Result<void> AttemptContext::secretReadable(const QString &name) const
{
    return m_session.ports().masker->secret(name).transform([](const QByteArray &) {});
}

qint64 AttemptContext::freeBytes() const
{
    struct statvfs disk{};
    if (::statvfs(QFile::encodeName(m_session.folder().path()).constData(), &disk) != 0)
        return -1;
    return qint64(disk.f_bavail) * qint64(disk.f_frsize);
}

Result<void> AttemptContext::authorReady()
{
    AuthorLedger calls(m_session, m_stage.name, 0);
    return m_session.ports().authors->ready(m_session.job().identity, &calls, m_stop);
}

std::unique_ptr<WorkBeside> AttemptContext::beside(std::function<Result<void>(StageContext &)> work)
{
    if (m_now)
        return nullptr;
    auto side = sideJobOf(m_session, m_judged, m_stage, m_attempt);
    if (!side)
        return nullptr;
    return std::make_unique<OwnWork>(
        *this, std::make_unique<SideWork>(*std::move(side), m_stop, [work = std::move(work)](CopyContext &copy) {
            return copy.open().and_then([&] { return work(copy); });
        }));
}

} // namespace openfactory
