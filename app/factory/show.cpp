// SPDX-License-Identifier: Apache-2.0
#include "app/factory/commands.h"
#include "app/factory/session.h"
#include "app/factory/terminal.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/domain/cutfindings.h"
#include "core/engine/auditwitness.h"
#include "core/engine/evidence.h"
#include "core/engine/jobfolder.h"
#include "core/engine/jobrecord.h"
#include "core/engine/jobsession.h"
#include "core/engine/mirror.h"
#include "core/engine/planview.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QStringDecoder>

namespace openfactory::cli {

namespace {

QString placeOf(const Finding &finding)
{
    QString place = displayPath(finding.file);
    if (finding.line > 0)
        place += QLatin1Char(':') + QString::number(finding.line);
    return place;
}

void showFindings(Session &session, const Verdict &verdict, size_t most)
{
    for (size_t i = 0; i < verdict.findings.size() && i < most; ++i) {
        const Finding &finding = verdict.findings[i];
        session.say(QStringLiteral("      %1 %2 [%3 %4]%5")
                        .arg(placeOf(finding), displayable(finding.message.left(400)), finding.tool,
                             displayable(finding.rule.left(60)),
                             finding.before ? QStringLiteral(" (there before the change)") : QString()));
        if (!finding.suggestion.isEmpty())
            session.say(QStringLiteral("        -> ") + displayable(finding.suggestion.left(200)));
    }
    if (const qint64 all = findingsIn(verdict), kept = qint64(verdict.findings.size()); all > qint64(most))
        session.say(QStringLiteral("      ... and %1 more (%2)")
                        .arg(all - std::min(kept, qint64(most)))
                        .arg(all == kept
                                 ? QStringLiteral("--json lists all")
                                 : QStringLiteral("--json lists %1, the reports among the artifacts all").arg(kept)));
}

QString coverText(const CriterionView &criterion)
{
    QStringList numbers;
    for (const int number : criterion.tickets)
        numbers << QString::number(number);
    if (numbers.isEmpty())
        return QStringLiteral("no ticket yet");
    return (numbers.size() == 1 ? QStringLiteral("ticket ") : QStringLiteral("tickets "))
           + numbers.join(QStringLiteral(", "));
}

QString stageMark(const AttemptRecord *newest, bool isNext)
{
    if (!newest)
        return isNext ? QStringLiteral("next") : QStringLiteral("-");
    if (newest->state == AttemptState::SoftFailed && newest->verdict)
        return toName(newest->verdict->outcome); // which kind of soft failure
    return toName(newest->state);
}

QString requestsText(const RequestLimit &limit)
{
    return QStringLiteral("%1%2 left%3, as the forge said at %4")
        .arg(limit.remaining)
        .arg(limit.limit < 0 ? QString() : QStringLiteral(" of %1").arg(limit.limit),
             limit.resetMs > 0 ? QStringLiteral(" until %1").arg(utcText(limit.resetMs)) : QString(),
             utcText(limit.seenMs));
}

void addPull(std::vector<QStringList> &facts, const PullRecord &record)
{
    const PullRequest &pull = record.pull;
    facts.push_back({QStringLiteral("  pull request"),
                     QStringLiteral("%1 on %2, %3%4")
                         .arg(pull.number)
                         .arg(displayable(record.forge), toName(pull.state),
                              pull.url.isEmpty() ? QString() : QStringLiteral(", ") + displayable(pull.url))});
    for (const Check &check : record.checks)
        facts.push_back(
            {QStringLiteral("  check ") + displayable(check.name.left(60)),
             QStringLiteral("%1 on %2%3")
                 .arg(check.status == CheckStatus::Completed ? toName(check.conclusion) : toName(check.status),
                      check.commit.left(12),
                      check.summary.isEmpty() ? QString()
                                              : QStringLiteral(": ") + displayable(check.summary.left(200)))});
    if (record.wish.kind != CheckWish::Kind::None)
        facts.push_back({QStringLiteral("  wished"),
                         QStringLiteral("%1 of a check, by %2").arg(toName(record.wish.kind), record.wish.actor)});
    if (!record.refused.isEmpty())
        facts.push_back({QStringLiteral("  not done"), displayable(record.refused)});
    if (record.requests)
        facts.push_back({QStringLiteral("  requests"), requestsText(*record.requests)});
}

void showCommands(Session &session, const std::vector<CommandRecord> &commands, const QString &stage, int attempt)
{
    for (const auto &command : commands) {
        if (command.stage != stage || command.attempt != attempt)
            continue;
        const QString result = command.exitCode ? QStringLiteral("exit %1").arg(*command.exitCode) : command.ending;
        session.say(QStringLiteral("      $ %1").arg(displayable(shownCommand(command.argv).left(300))));
        const QString unknown = QStringLiteral("unknown");
        const bool timed = command.exitCode || command.durationMs > 0; // who died with it could not measure it
        session.say(
            QStringLiteral("        %1, %2, cpu %3, peak %4, %5 bytes of output, layers: %6")
                .arg(result, timed ? durationText(command.durationMs) : unknown,
                     command.cpuMs < 0 ? unknown : durationText(command.cpuMs),
                     command.peakMemoryKb < 0 ? unknown : QStringLiteral("%1 MiB").arg(command.peakMemoryKb / 1024))
                .arg(command.outputBytes)
                .arg(command.layers.isEmpty() ? QStringLiteral("none") : command.layers.join(u' ')));
    }
}

/// The question with its answer, the criteria and which tickets cover them; nothing for a job without.
void showPlan(Session &session, const Job &job)
{
    const Documents &documents = job.progress.documents;
    if (!documents.question.isEmpty())
        session.say(QStringLiteral("  question: %1\n  answer:   %2")
                        .arg(displayable(documents.question),
                             documents.answer.isEmpty() ? QStringLiteral("none yet") : displayable(documents.answer)));
    const PlanView plan = readPlan(JobFolder(session.dataFolder(), job.id()), job);
    if (!plan.changed.isEmpty())
        session.say(QStringLiteral("  CHANGED after it was frozen: %1").arg(plan.changed.join(QStringLiteral(", "))));
    for (const CriterionView &criterion : plan.criteria)
        session.say(QStringLiteral("  %1 %2 (%3)")
                        .arg(criterion.id, displayable(criterion.text.simplified().left(200)), coverText(criterion)));
    for (const TicketView &ticket : plan.tickets)
        session.say(
            QStringLiteral("  ticket %1 %2: %3")
                .arg(ticket.number)
                .arg(ticket.name, toName(ticket.state) + (ticket.taken ? QStringLiteral(", by a person") : QString())));
}

/// Refuses the name of a stage that the pipeline does not have; none is no name.
Result<void> checkStage(const Pipeline &pipeline, const QString &name)
{
    if (name.isEmpty() || pipeline.indexOf(name))
        return {};
    QStringList names;
    for (const StageDefinition &stage : pipeline.stages)
        names << stage.name;
    return fail(ErrorKind::NotFound, QStringLiteral("show the stage %1").arg(displayable(name.left(60))),
                QStringLiteral("the pipeline has no such stage"),
                QStringLiteral("it has ") + names.join(QStringLiteral(", ")));
}

} // namespace

int showJob(Session &session, const Arguments &arguments)
{
    const auto job = session.job(arguments);
    if (!job)
        return session.refuse(job.error());
    auto all = readRecord(session.store(), *job);
    if (!all)
        return session.refuse(all.error());
    const auto pipeline = loadPipeline(job->identity.pipelineYaml.toUtf8(), QStringLiteral("the job's pipeline"));
    if (!pipeline)
        return session.refuse(pipeline.error());
    if (session.json()) {
        QJsonObject shown = toJson(session.store(), *all);
        addPlan(shown, job->progress.documents, readPlan(JobFolder(session.dataFolder(), job->id()), *job));
        session.say(shown);
        return Ok;
    }
    const bool died = interrupted(session.store(), *job);
    for (AttemptRecord &attempt : all->attempts) {
        if (died
            && attempt.state == AttemptState::Running) // nobody does; whoever takes the job up says so in the store
            attempt.state = AttemptState::Interrupted;
    }
    const QString onlyStage = arguments.value(QStringLiteral("stage"));
    if (const auto known = checkStage(*pipeline, onlyStage); !known)
        return session.refuse(known.error());
    const bool detailed = arguments.has(QStringLiteral("detailed")) || !onlyStage.isEmpty();
    const qint64 now = session.ports().clock->wallMs();
    const Progress &progress = job->progress;
    session.say(QStringLiteral("%1  %2").arg(job->slug().text(), displayable(job->identity.title)));
    std::vector<QStringList> facts{
        {QStringLiteral("  state"),
         (died ? QStringLiteral("interrupted") : toName(progress.state))
             + (!job->wishes.paused                 ? QString()
                : job->wishes.pauseReason.isEmpty() ? QStringLiteral(", paused")
                                                    : QStringLiteral(", paused: ") + job->wishes.pauseReason)}};
    if (const QString what = waitsFor(session.store(), *job); !what.isEmpty())
        facts.push_back(
            {QStringLiteral("  waits for"),
             progress.state == JobState::Waiting
                 ? what + QStringLiteral(" (since ") + agoText(progress.wait.sinceMs, now) + QLatin1Char(')')
                 : what});
    if (!progress.note.isEmpty())
        facts.push_back({QStringLiteral("  note"), progress.note});
    facts.push_back(
        {QStringLiteral("  status"), toName(coarseStatus(*job)) + QStringLiteral(", ") + toName(job->wishes.priority)});
    facts.push_back({QStringLiteral("  branch"), job->identity.branch + QStringLiteral(" -> ") + job->identity.target});
    facts.push_back({QStringLiteral("  workspace"),
                     progress.workspace.isEmpty() ? QStringLiteral("not made yet") : progress.workspace});
    facts.push_back({QStringLiteral("  head"), progress.head.left(12)});
    if (!progress.integrated.isEmpty())
        facts.push_back({QStringLiteral("  integrated"), progress.integrated.left(12)});
    if (all->pull)
        addPull(facts, *all->pull);
    if (const auto owner = session.store().ownerOf(job->id()); owner && *owner)
        facts.push_back({QStringLiteral("  run by"), **owner});
    facts.push_back({QStringLiteral("  id"), job->id().text() + QStringLiteral("  trace ") + job->identity.traceId});
    session.table(facts);

    session.say(QString());
    std::vector<QStringList> rows{{QStringLiteral("  stage"), QStringLiteral("attempts"), QStringLiteral("verdict"),
                                   QStringLiteral("time"), QStringLiteral("figure")}};
    for (size_t i = 0; i < pipeline->stages.size(); ++i) {
        const QString &name = pipeline->stages[i].name;
        const AttemptRecord *newest = nullptr;
        for (const auto &attempt : all->attempts) {
            if (attempt.stage == name)
                newest = &attempt;
        }
        const qint64 time = newest && newest->endedMs > newest->startedMs ? newest->endedMs - newest->startedMs : 0;
        rows.push_back({QStringLiteral("  ") + name, newest ? QString::number(newest->number) : QString(),
                        stageMark(newest, int(i) == progress.stageIndex && !isEnded(progress.state)),
                        time > 0 ? durationText(time) : QString(),
                        newest && newest->verdict ? newest->verdict->summary
                        : newest                  ? newest->note
                                                  : QString()});
    }
    session.table(rows, true);

    showPlan(session, *job);
    for (const auto &risk : all->risks)
        session.say(QStringLiteral("  risk %1: %2%3")
                        .arg(risk.name, displayable(risk.text),
                             risk.acceptedBy.isEmpty() ? QStringLiteral(" (open)")
                                                       : QStringLiteral(" (accepted by %1)").arg(risk.acceptedBy)));
    for (const auto &decision : all->decisions)
        session.say(QStringLiteral("  decision at %1: %2 by %3%4")
                        .arg(decision.gate, toName(decision.kind), decision.actor,
                             decision.voidReason.isEmpty()
                                 ? QString()
                                 : QStringLiteral(" (void: %1)").arg(displayable(decision.voidReason))));
    if (!progress.gate.isNull() && progress.wait.kind == WaitKind::Approval)
        session.say(QStringLiteral("  the gate shows %1").arg(progress.gate.digest().left(12)));

    if (detailed) {
        session.say(QStringLiteral("\n  ledger"));
        QStringList told;
        for (const auto &command : all->commands) {
            if (command.attempt != 0 || told.contains(command.stage)
                || (!onlyStage.isEmpty() && command.stage != onlyStage))
                continue;
            told << command.stage;
            session.say(QStringLiteral("    author for %1  what it said: factory log -s %2 --stage %1 --attempt 0")
                            .arg(command.stage, job->slug().text()));
            showCommands(session, all->commands, command.stage, 0);
        }
        for (const auto &attempt : all->attempts) {
            if (!onlyStage.isEmpty() && attempt.stage != onlyStage)
                continue;
            session.say(QStringLiteral("    %1/%2 %3  %4")
                            .arg(attempt.stage)
                            .arg(attempt.number)
                            .arg(toName(attempt.state),
                                 displayable(attempt.verdict ? attempt.verdict->summary : attempt.note)));
            if (attempt.ticket > 0)
                session.say(QStringLiteral("      for ticket %1").arg(attempt.ticket));
            if (attempt.reverted)
                session.say(QStringLiteral("      kept as %1 at %2; factory rewind -s %3 --to %4/%5 brings it back")
                                .arg(attempt.reverted->commit.left(12), attempt.reverted->ref, job->slug().text(),
                                     attempt.stage)
                                .arg(attempt.number));
            if (!attempt.note.isEmpty() && attempt.verdict)
                session.say(QStringLiteral("      ") + displayable(attempt.note));
            if (attempt.verdict && attempt.verdict->record) {
                const RecordSource &source = *attempt.verdict->record;
                session.say(
                    QStringLiteral("      nothing ran; what it rests on: factory log -s %1 --stage %2 --attempt %3")
                        .arg(source.slug.isEmpty() ? job->slug().text() : source.job, source.stage)
                        .arg(source.attempt));
            }
            if (attempt.verdict)
                showFindings(session, *attempt.verdict, 12);
            showCommands(session, all->commands, attempt.stage, attempt.number);
        }
        session.say(QStringLiteral("\n  artifacts in %1").arg(JobFolder(session.dataFolder(), job->id()).path()));
        for (const auto &artifact : all->artifacts)
            session.say(
                QStringLiteral("    %1 (%2 bytes)").arg(displayable(artifact.path), QString::number(artifact.size)));
    }
    return Ok;
}

int showLog(Session &session, const Arguments &arguments)
{
    const auto job = session.job(arguments);
    if (!job)
        return session.refuse(job.error());
    const auto commands = session.store().commands(job->id());
    if (!commands)
        return session.refuse(commands.error());
    QString stage = arguments.value(QStringLiteral("stage"));
    const bool oneCommand = arguments.has(QStringLiteral("command"));
    const int wantedCommand = arguments.value(QStringLiteral("command")).toInt();
    int attempt = arguments.value(QStringLiteral("attempt")).toInt();
    if (commands->empty())
        return session.refuse(Error{ErrorKind::NotFound,
                                    QStringLiteral("read the log of %1").arg(job->slug().text()),
                                    QStringLiteral("no command has run yet"),
                                    {}});
    const auto pipeline = loadPipeline(job->identity.pipelineYaml.toUtf8(), QStringLiteral("the job's pipeline"));
    if (!pipeline)
        return session.refuse(pipeline.error());
    if (const auto known = checkStage(*pipeline, stage); !known)
        return session.refuse(known.error());
    bool lastOnly = false;
    if (stage.isEmpty()) {
        stage = commands->back().stage;
        const bool named = arguments.has(QStringLiteral("attempt"));
        lastOnly = !oneCommand && !named;
        attempt = named ? attempt : commands->back().attempt;
    }
    // 0, by name: what the author ran.
    if (attempt == 0 && !lastOnly && !arguments.has(QStringLiteral("attempt"))) {
        for (const auto &command : *commands)
            attempt = command.stage == stage ? std::max(attempt, command.attempt) : attempt;
    }
    const QString folder = JobFolder(session.dataFolder(), job->id()).path();
    bool any = false;
    for (const auto &command : *commands) {
        const bool wanted = command.stage == stage && command.attempt == attempt
                            && (!oneCommand || command.seq == wantedCommand)
                            && (!lastOnly || command.seq == commands->back().seq);
        if (!wanted)
            continue;
        any = true;
        if (session.json())
            session.say(toJson(command));
        const bool before = command.folder == u"before the change";
        session.say(QStringLiteral("$ %1%2").arg(displayable(shownCommand(command.argv)),
                                                 before ? QStringLiteral("   (where the change began, to compare)")
                                                        : QString()));
        QFile file(folder + QLatin1Char('/') + command.logPath);
        if (!file.open(QIODevice::ReadOnly)) {
            session.note(QStringLiteral("the log %1 is missing; its row remains").arg(file.fileName()));
            continue;
        }
        if (file.size() == 0)
            session.note(QStringLiteral("(no output)"));
        while (!file.atEnd() && !session.readerLeft()) {
            const QByteArray line = file.readLine(1 << 20);
            if (session.json())
                session.say(
                    QJsonObject{{QStringLiteral("command"), command.seq},
                                {QStringLiteral("line"), QString::fromUtf8(line).chopped(line.endsWith('\n'))}});
            else if (arguments.has(QStringLiteral("raw")))
                session.out() << QString::fromUtf8(line);
            else
                session.out() << displayableLines(QString::fromUtf8(line));
        }
        session.out().flush();
    }
    if (!any)
        return session.refuse(Error{
            ErrorKind::NotFound, QStringLiteral("read the log of %1/%2").arg(displayable(stage.left(60))).arg(attempt),
            QStringLiteral("no such command has run"), QStringLiteral("factory show --detailed lists them")});
    return Ok;
}

namespace {

QString statusName(FileStatus status)
{
    switch (status) {
    case FileStatus::Added: return QStringLiteral("added");
    case FileStatus::Deleted: return QStringLiteral("deleted");
    case FileStatus::Renamed: return QStringLiteral("renamed");
    case FileStatus::Copied: return QStringLiteral("copied");
    case FileStatus::TypeChanged: return QStringLiteral("type changed");
    case FileStatus::Modified: return QStringLiteral("modified");
    }
    return {};
}

/// The path as it is, where it is text; else as people are shown it.
QString jsonPath(const RepoPath &path)
{
    QStringDecoder decode(QStringDecoder::Utf8);
    const QString text = decode(path);
    return decode.hasError() ? displayPath(path) : text;
}

/// ", renamed from a.py, mode 100644 to 100755": what the counts of lines do not say.
QString besideCounts(const FileChange &file)
{
    QStringList parts;
    const bool moved = file.status == FileStatus::Renamed || file.status == FileStatus::Copied;
    if (moved)
        parts << QStringLiteral("%1 from %2").arg(statusName(file.status), displayPath(file.oldPath));
    else if (file.status != FileStatus::Modified)
        parts << statusName(file.status);
    if (file.binary)
        parts << QStringLiteral("binary");
    if (file.oldMode != file.newMode && file.oldMode != 0 && file.newMode != 0)
        parts << QStringLiteral("mode %1 to %2").arg(file.oldMode, 0, 8).arg(file.newMode, 0, 8);
    return parts.isEmpty() ? QString() : QStringLiteral(", ") + parts.join(QStringLiteral(", "));
}

} // namespace

int showDiff(Session &session, const Arguments &arguments)
{
    const auto job = session.job(arguments);
    if (!job)
        return session.refuse(job.error());
    auto &git = *session.ports().git;
    const auto ends = [&]() -> Result<std::pair<CommitId, CommitId>> {
        if (job->progress.workspace.isEmpty())
            return fail(ErrorKind::NotFound, QStringLiteral("show the diff of %1").arg(job->slug().text()),
                        QStringLiteral("its workspace is not made yet"));
        if (const QString name = arguments.value(QStringLiteral("attempt")); !name.isEmpty()) {
            OF_TRY(attempts, session.store().attempts(job->id()));
            for (const auto &attempt : attempts) {
                if (QStringLiteral("%1/%2").arg(attempt.stage).arg(attempt.number) != name)
                    continue;
                const CommitId content = attempt.reverted ? attempt.reverted->commit : attempt.start;
                OF_TRY(base, git.mergeBase(job->identity.repository, content, job->progress.base));
                return std::pair(base, content);
            }
            return fail(ErrorKind::NotFound, QStringLiteral("show the attempt %1").arg(displayable(name.left(60))),
                        QStringLiteral("there was none"), QStringLiteral("factory show --detailed lists them"));
        }
        return std::pair(job->progress.base, job->progress.head);
    }();
    if (!ends)
        return session.refuse(ends.error());
    if (arguments.has(QStringLiteral("stat")) || session.json()) {
        const auto change = git.diff(job->identity.repository, ends->first, ends->second, true);
        if (!change)
            return session.refuse(change.error());
        QJsonArray files;
        for (const auto &file : change->files) {
            files.append(QJsonObject{{QStringLiteral("path"), jsonPath(file.path)},
                                     {QStringLiteral("old_path"), jsonPath(file.oldPath)},
                                     {QStringLiteral("status"), statusName(file.status)},
                                     {QStringLiteral("old_mode"), QString::number(file.oldMode, 8)},
                                     {QStringLiteral("new_mode"), QString::number(file.newMode, 8)},
                                     {QStringLiteral("added"), file.added},
                                     {QStringLiteral("removed"), file.removed},
                                     {QStringLiteral("binary"), file.binary}});
            // All at once: a name may hold what looks like a place of its own.
            session.say(QStringLiteral(" %1 | +%2 -%3%4")
                            .arg(displayPath(file.path), QString::number(file.added), QString::number(file.removed),
                                 besideCounts(file)));
        }
        if (session.json())
            session.say(QJsonObject{{QStringLiteral("files"), files}, {QStringLiteral("hash"), change->hash}});
        session.say(QStringLiteral(" %1, +%2 -%3")
                        .arg(counted(qint64(change->files.size()), QStringLiteral("file")))
                        .arg(change->added())
                        .arg(change->removed()));
        return Ok;
    }
    const auto patch = git.patch(job->identity.repository, ends->first, ends->second);
    if (!patch)
        return session.refuse(patch.error());
    const QByteArray masked = session.ports().masker->mask(*patch);
    // To a person's terminal nothing steers; into a pipe the patch goes as it is, so that it applies.
    if (isTerminal()) {
        session.out() << displayableLines(QString::fromUtf8(masked));
    } else {
        session.out().flush();
        QFile out;
        if (!out.open(stdout, QIODevice::WriteOnly) || out.write(masked) != masked.size())
            return Environment;
    }
    if (const auto state = git.state(workspaceOf(job->identity)); state && !state->clean)
        session.note(QStringLiteral("the workspace holds uncommitted changes that are not shown here"));
    return Ok;
}

int listArtifacts(Session &session, const Arguments &arguments)
{
    const auto job = session.job(arguments);
    if (!job)
        return session.refuse(job.error());
    const auto all = readRecord(session.store(), *job);
    if (!all)
        return session.refuse(all.error());
    const QString folder = JobFolder(session.dataFolder(), job->id()).path();
    if (session.json()) {
        session.say(
            QJsonObject{{QStringLiteral("folder"), folder}, {QStringLiteral("artifacts"), artifactsJson(*all)}});
        return Ok;
    }
    session.say(folder);
    std::vector<QStringList> rows;
    int damaged = 0;
    for (const auto &artifact : all->artifacts) {
        // The newest of a name is the file that lies there; what an earlier attempt wrote under it was replaced.
        const bool newest = std::ranges::none_of(all->artifacts, [&](const ArtifactRecord &other) {
            return other.path == artifact.path && other.createdMs > artifact.createdMs;
        });
        QString state;
        if (newest) {
            const auto bytes = readSmallFile(folder + QLatin1Char('/') + artifact.path, 1LL << 30);
            const bool sound = bytes && QString::fromLatin1(sha256Hex(*bytes)) == artifact.sha256;
            state = !bytes ? QStringLiteral("missing") : sound ? QStringLiteral("sound") : QStringLiteral("CHANGED");
            damaged += sound ? 0 : 1;
        } else {
            state = QStringLiteral("replaced later");
        }
        rows.push_back({QStringLiteral("  ") + artifact.path,
                        QStringLiteral("%1/%2").arg(artifact.stage).arg(artifact.attempt),
                        QString::number(artifact.size), state});
    }
    session.table(rows);
    return damaged > 0 ? JobFailed : Ok;
}

int auditLog(Session &session, const Arguments &arguments)
{
    if (arguments.words().value(0, QStringLiteral("show")) == QStringLiteral("verify")) {
        auto report = session.store().verifyAudit();
        if (!report)
            return session.refuse(report.error());
        const auto witnesses = hearWitnesses(session.store(), *session.ports().git);
        if (!witnesses)
            return session.refuse(witnesses.error());
        if (report->sound && !witnesses->against.isEmpty()) {
            report->sound = false;
            report->said = witnesses->against.join(QStringLiteral("; "));
            report->firstBad = witnesses->against.first().section(u' ', 1, 1).toLongLong();
        }
        if (session.json())
            session.say(QJsonObject{{QStringLiteral("entries"), report->entries},
                                    {QStringLiteral("sound"), report->sound},
                                    {QStringLiteral("first_bad"), report->firstBad},
                                    {QStringLiteral("said"), report->said},
                                    {QStringLiteral("head"), report->head},
                                    {QStringLiteral("merges_alike"), witnesses->alike},
                                    {QStringLiteral("merges_unknown"), witnesses->unknown}});
        session.say(report->sound ? QStringLiteral("the audit chain is sound: %1, head %2")
                                        .arg(counted(report->entries, QStringLiteral("entry")), report->head.left(16))
                                  : QStringLiteral("the audit chain is BROKEN at entry %1: %2")
                                        .arg(report->firstBad)
                                        .arg(displayable(report->said)));
        if (report->sound && witnesses->alike + witnesses->unknown > 0)
            session.say(QStringLiteral("%1 of the jobs' repositories %2 it%3")
                            .arg(counted(witnesses->alike, QStringLiteral("merge")),
                                 witnesses->alike == 1 ? QStringLiteral("confirms") : QStringLiteral("confirm"),
                                 witnesses->unknown > 0
                                     ? QStringLiteral("; %1 could not be read").arg(witnesses->unknown)
                                     : QString()));
        return report->sound ? Ok : StoreDamaged;
    }
    QString only;
    if (arguments.has(QStringLiteral("slug"))) {
        const auto job = session.job(arguments);
        if (!job)
            return session.refuse(job.error());
        only = job->id().text();
    }
    qint64 seq = 0;
    while (true) {
        const auto entries = session.store().auditAfter(seq, 1000);
        if (!entries)
            return session.refuse(entries.error());
        for (const auto &entry : *entries) {
            if (session.readerLeft())
                return Ok;
            seq = entry.seq;
            if (!only.isEmpty() && entry.job != only)
                continue;
            if (session.json())
                session.say(QJsonObject{{QStringLiteral("seq"), entry.seq},
                                        {QStringLiteral("at"), utcText(entry.atMs)},
                                        {QStringLiteral("actor"), entry.actor},
                                        {QStringLiteral("action"), entry.action},
                                        {QStringLiteral("job"), entry.job},
                                        {QStringLiteral("detail"), entry.detail},
                                        {QStringLiteral("hash"), entry.hash}});
            session.say(QStringLiteral("%1  %2  %3  %4  %5")
                            .arg(entry.seq, 6)
                            .arg(utcText(entry.atMs), entry.actor, entry.action, entry.job));
        }
        if (entries->size() < 1000)
            return Ok;
    }
}

} // namespace openfactory::cli
