// SPDX-License-Identifier: Apache-2.0
#include "ui/models/jobpresenter.h"

#include "core/base/text.h"
#include "ui/models/words.h"

#include <algorithm>

namespace openfactory::ui {

namespace {

const AttemptRecord *newestOf(const JobDetails &details, const QString &stage)
{
    const AttemptRecord *newest = nullptr;
    for (const AttemptRecord &attempt : details.attempts) {
        if (attempt.stage == stage)
            newest = &attempt;
    }
    return newest;
}

/// What an attempt was judged on.
CommitId contentOf(const AttemptRecord &attempt)
{
    return attempt.reverted ? attempt.reverted->commit : attempt.start;
}

bool isAttempt(const AttemptRecord &attempt, const NodeRef &node)
{
    return attempt.stage == node.stage && attempt.number == node.attempt;
}

constexpr qint64 kOldMs = 600'000; ///< a look at the forge that is older is said to be

QString placeOf(const Finding &finding)
{
    QString place = displayPath(finding.file);
    if (finding.line > 0)
        place += u':' + QString::number(finding.line);
    return place;
}

} // namespace

std::vector<TableRow> findingRows(const QString &stage, int attempt, const Verdict &verdict)
{
    std::vector<TableRow> rows;
    int number = 0;
    for (const Finding &finding : verdict.findings) {
        const Mark mark = finding.severity == Severity::Error     ? Mark::Failed
                          : finding.severity == Severity::Warning ? Mark::Risk
                                                                  : Mark::Skipped;
        QString tooltip = finding.message.left(2000);
        if (!finding.suggestion.isEmpty())
            tooltip += QStringLiteral("\n→ ") + finding.suggestion.left(1000);
        rows.push_back({QStringLiteral("%1/%2/%3").arg(stage).arg(attempt).arg(++number),
                        {stage, finding.message.left(400), placeOf(finding),
                         finding.rule.isEmpty() ? finding.tool : finding.tool + u' ' + finding.rule.left(60)},
                        mark,
                        displayableLines(tooltip),
                        QVariant::fromValue(finding.file)});
    }
    return rows;
}

JobPresenter::JobPresenter(Worker<ReadSide> &reader, Worker<OperatorSide> &desk, const Clock &clock, QObject *parent)
    : QObject(parent),
      m_reader(reader),
      m_desk(desk),
      m_clock(clock),
      m_problems({tr("Stage"), tr("Finding"), tr("Place"), tr("Rule")}),
      m_risks({tr("Risk"), tr("What it says"), tr("Stage"), tr("Accepted")}),
      m_ledger({tr("Attempt"), tr("What became of it"), tr("Result"), tr("Content"), tr("Time")}),
      m_tests({tr("Stage"), tr("Attempt"), tr("Result"), tr("Coverage"), tr("Changed lines")}),
      m_artifacts({tr("Name"), tr("Stage"), tr("Size"), tr("SHA-256"), tr("Made")}),
      m_audit({tr("Number"), tr("Time (UTC)"), tr("Who"), tr("What"), tr("Detail")}),
      m_decisions({tr("Decision"), tr("Gate"), tr("Who"), tr("When"), tr("Comment"), tr("Used")}),
      m_checks({tr("Check"), tr("State"), tr("Commit"), tr("Began"), tr("Took"), tr("What it says")}),
      m_ciEvidence({tr("Attempt"), tr("Place"), tr("Rule"), tr("What it says")})
{}

void JobPresenter::setJob(const JobId &job)
{
    if (job == m_id)
        return;
    m_id = job;
    m_details.reset();
    m_entries.clear();
    m_chosen = false;
    m_selected = {};
    m_tree.removeRows(0, m_tree.rowCount());
    for (RowsModel *model : {&m_problems, &m_risks, &m_ledger, &m_tests, &m_artifacts, &m_audit, &m_decisions,
                             &m_checks, &m_ciEvidence, &m_plan.documents(), &m_plan.criteria(), &m_plan.calls()})
        model->setRows({});
    Q_EMIT changed();
    refresh();
}

void JobPresenter::refresh()
{
    if (m_id.isNull())
        return;
    if (m_reading) {
        m_again = true;
        return;
    }
    m_reading = true;
    struct Answer {
        JobDetails details;
        std::vector<AuditRecord> entries;
    };
    m_reader.ask(
        this,
        [id = m_id](ReadSide &side) -> Result<Answer> {
            OF_TRY(details, side.details(id));
            OF_TRY(entries, side.audit(details.job));
            return Answer{std::move(details), std::move(entries)};
        },
        [this, id = m_id](Result<Answer> answer) {
            m_reading = false;
            const bool again = std::exchange(m_again, false) || id != m_id;
            if (id == m_id && !answer)
                Q_EMIT missing(errorText(answer.error()));
            if (id == m_id && answer) {
                m_entries = std::move(answer->entries);
                take(std::move(answer->details));
            }
            if (again)
                refresh();
        });
}

void JobPresenter::noteChanged(const std::vector<qint64> &jobs)
{
    if (m_details && std::ranges::find(jobs, m_details->row.num) != jobs.end())
        refresh();
}

void JobPresenter::noteTime()
{
    if (isRunning()) {
        m_tree.setDetails(*m_details, m_clock.wallMs());
        Q_EMIT changed();
    }
}

void JobPresenter::take(JobDetails details)
{
    m_details = std::move(details);
    m_tree.setDetails(*m_details, m_clock.wallMs());
    fillTables();
    const NodeRef before = m_selected;
    if (!m_chosen)
        m_selected = landing();
    Q_EMIT changed();
    if (before != m_selected)
        Q_EMIT selectionChanged();
}

void JobPresenter::fillTables()
{
    const JobDetails &all = *m_details;
    m_plan.fill(all);
    std::vector<TableRow> problems;
    std::vector<TableRow> tests;
    for (const StageDefinition &stage : all.pipeline.stages) {
        const AttemptRecord *newest = newestOf(all, stage.name);
        if (newest && newest->verdict && newest->verdict->outcome != Outcome::Passed) {
            auto rows = findingRows(stage.name, newest->number, *newest->verdict);
            if (rows.empty())
                rows.push_back({QStringLiteral("%1/%2/0").arg(stage.name).arg(newest->number),
                                {stage.name, newest->verdict->summary, {}, {}},
                                markOf(newest->state, stage.failure),
                                {},
                                {}});
            problems.insert(problems.end(), rows.begin(), rows.end());
        }
        for (const AttemptRecord &attempt : all.attempts) {
            if (attempt.stage != stage.name || !attempt.verdict)
                continue;
            const Verdict &verdict = *attempt.verdict;
            if (!verdict.tests && !verdict.coveragePercent)
                continue;
            const auto percent = [](const std::optional<double> &value) {
                return value ? tr("%1 %").arg(QLocale().toString(*value, 'f', 1)) : QString();
            };
            tests.push_back({QStringLiteral("%1/%2").arg(stage.name).arg(attempt.number),
                             {stage.name, QString::number(attempt.number),
                              verdict.tests ? testsText(verdict.tests) : verdict.summary,
                              percent(verdict.coveragePercent), percent(verdict.changedCoveragePercent)},
                             markOf(attempt.state, stage.failure),
                             {},
                             {}});
        }
    }
    m_problems.setRows(std::move(problems));
    m_tests.setRows(std::move(tests));

    std::vector<TableRow> rows;
    for (const Risk &risk : all.risks)
        rows.push_back({risk.name,
                        {risk.name, risk.text, risk.stage,
                         risk.acceptedBy.isEmpty() ? tr("open") : tr("by %1: %2").arg(risk.acceptedBy, risk.comment)},
                        risk.acceptedBy.isEmpty() ? Mark::Waiting : Mark::Risk,
                        {},
                        {}});
    m_risks.setRows(std::move(rows));

    rows.clear();
    for (const AttemptRecord &attempt : all.attempts) {
        const auto index = all.pipeline.indexOf(attempt.stage);
        const FailureClass failure = index ? all.pipeline.stages[size_t(*index)].failure : FailureClass::Hard;
        const Mark mark = markOf(attempt.state, failure);
        const bool kept = !attempt.after.isEmpty() && attempt.after != attempt.before;
        QString became = markText(mark);
        if (attempt.reverted)
            became = tr("taken back, kept as %1").arg(attempt.reverted->commit.left(8));
        else if (kept)
            became = tr("kept, committed as %1").arg(attempt.after.left(8));
        rows.push_back({QStringLiteral("%1/%2").arg(attempt.stage).arg(attempt.number),
                        {QStringLiteral("%1/%2").arg(attempt.stage).arg(attempt.number), became,
                         attempt.verdict ? attempt.verdict->summary : attempt.note,
                         attempt.reverted ? attempt.reverted->commit.left(8) : attempt.after.left(8),
                         attempt.endedMs > 0 ? spanText(attempt.endedMs - attempt.startedMs) : QString()},
                        mark,
                        attempt.note,
                        QVariant()});
    }
    m_ledger.setRows(std::move(rows));

    rows.clear();
    for (const ArtifactRecord &artifact : all.artifacts)
        rows.push_back(
            {QStringLiteral("%1/%2/%3").arg(artifact.stage).arg(artifact.attempt).arg(artifact.name),
             {artifact.name, QStringLiteral("%1/%2").arg(artifact.stage).arg(artifact.attempt), sizeText(artifact.size),
              artifact.sha256.left(16), agoText(artifact.createdMs, m_clock.wallMs())},
             {},
             artifact.path,
             artifact.path});
    m_artifacts.setRows(std::move(rows));

    rows.clear();
    for (const AuditRecord &entry : m_entries)
        rows.push_back({QString::number(entry.seq),
                        {QString::number(entry.seq), utcText(entry.atMs), entry.actor, entry.action,
                         factsText(entry.detail).left(400)},
                        {},
                        {},
                        {}});
    m_audit.setRows(std::move(rows));

    rows.clear();
    for (const Decision &decision : all.decisions)
        rows.push_back(
            {decision.id.text(),
             {toName(decision.kind), decision.gate, decision.actor, timeText(decision.madeMs), decision.comment,
              !decision.voidReason.isEmpty()  ? tr("void: %1").arg(decision.voidReason)
              : decision.consumedBy.isEmpty() ? tr("not yet")
                                              : tr("yes")},
             !decision.voidReason.isEmpty()           ? Mark::Skipped
             : decision.kind == DecisionKind::Approve ? Mark::Passed
                                                      : Mark::Failed,
             {},
             {}});
    m_decisions.setRows(std::move(rows));
    fillChecks();
}

void JobPresenter::fillChecks()
{
    const JobDetails &all = *m_details;
    std::vector<TableRow> rows;
    if (all.pull) {
        for (const Check &check : all.pull->checks)
            rows.push_back(
                {check.id,
                 {check.name, checkText(check), check.commit.left(12),
                  check.startedMs > 0 ? timeText(check.startedMs) : tr("not yet"),
                  check.endedMs > check.startedMs && check.startedMs > 0 ? spanText(check.endedMs - check.startedMs)
                                                                         : QString(),
                  check.summary},
                 markOf(check),
                 check.url,
                 {}});
    }
    m_checks.setRows(std::move(rows));

    rows.clear();
    for (const AttemptRecord &attempt : all.attempts) {
        const auto index = all.pipeline.indexOf(attempt.stage);
        if (!index || all.pipeline.stages[size_t(*index)].kind != StageKind::PullRequest || !attempt.verdict)
            continue;
        const QString name = QStringLiteral("%1/%2").arg(attempt.stage).arg(attempt.number);
        if (attempt.verdict->findings.empty())
            rows.push_back({name,
                            {name, QString(), QString(), attempt.verdict->summary},
                            markOf(attempt.verdict->outcome, FailureClass::Hard),
                            {},
                            {}});
        for (size_t i = 0; i < attempt.verdict->findings.size(); ++i) {
            const Finding &finding = attempt.verdict->findings[i];
            const QString place = displayPath(finding.file)
                                  + (finding.line > 0 ? QLatin1Char(':') + QString::number(finding.line) : QString());
            rows.push_back({QStringLiteral("%1/%2").arg(name).arg(i),
                            {name, place, finding.rule, displayable(finding.message.left(400))},
                            markOf(attempt.verdict->outcome, FailureClass::Hard),
                            displayableLines(finding.message.left(4000)),
                            {}});
        }
    }
    m_ciEvidence.setRows(std::move(rows));
}

QString JobPresenter::pullText() const
{
    if (!m_details || !m_details->pull)
        return {};
    const PullRecord &record = *m_details->pull;
    const PullRequest &pull = record.pull;
    QString text = tr("Pull request %1 (%2) on %3: %4 into %5, at %6.")
                       .arg(pull.number)
                       .arg(pullStateText(pull), displayable(record.forge), displayable(pull.branch),
                            displayable(pull.base), pull.head.left(12));
    if (!pull.url.isEmpty())
        text += QLatin1Char(' ') + displayable(pull.url);
    const Wait &wait = m_details->job.progress.wait;
    const bool waits = m_details->job.progress.state == JobState::Waiting && wait.kind == WaitKind::Checks;
    if (record.readMs > 0) {
        text += QLatin1Char('\n') + tr("Read %1.").arg(agoText(record.readMs, m_clock.wallMs()));
        if (waits && m_clock.wallMs() - record.readMs > kOldMs)
            text += QLatin1Char(' ') + tr("What is shown may be old: nothing has looked since.");
    }
    if (waits && wait.wakeAtBootMs && wait.bootId == m_clock.bootId() && *wait.wakeAtBootMs > m_clock.bootMs())
        text += QLatin1Char(' ') + tr("Next look in %1.").arg(spanText(*wait.wakeAtBootMs - m_clock.bootMs()));
    if (waits && record.readMs > 0 && !requiredOf(record))
        text +=
            QLatin1Char('\n')
            + tr("The check %1 has not been reported for this commit, and without it the job is not done. It needs a "
                 "CI job of that name that runs for pull requests, and the branch %2 has to require it.")
                  .arg(requiredCheckName(), displayable(pull.base));
    if (record.wish.kind == CheckWish::Kind::Rerun)
        text += QLatin1Char('\n') + tr("A check is to run again, as %1 wishes.").arg(displayable(record.wish.actor));
    if (record.wish.kind == CheckWish::Kind::Cancel)
        text += QLatin1Char('\n') + tr("A check is to be cancelled, as %1 wishes.").arg(displayable(record.wish.actor));
    if (!record.refused.isEmpty())
        text += QLatin1Char('\n') + tr("The last wish was not carried out: %1").arg(displayable(record.refused));
    if (record.requests)
        text += QLatin1Char('\n') + requestsText(*record.requests, m_clock.wallMs());
    return text;
}

QString JobPresenter::nowText() const
{
    if (!m_details)
        return {};
    const Job &job = m_details->job;
    const Progress &progress = job.progress;
    const QString stage = m_details->row.stage();
    switch (progress.state) {
    case JobState::Created: return tr("Queued: waits for %1").arg(displayable(m_details->waitsFor));
    case JobState::Running: return stage.isEmpty() ? tr("Running") : tr("Running %1").arg(stage);
    case JobState::Waiting:
        if (m_details->row.needsMe())
            return tr("Waiting for you to %1 since %2: %3")
                .arg(waitText(progress.wait.kind), timeText(progress.wait.sinceMs), displayable(m_details->waitsFor));
        return tr("Waiting since %1 for %2").arg(timeText(progress.wait.sinceMs), displayable(m_details->waitsFor));
    case JobState::Done:
        return progress.integrated.isEmpty() ? tr("Done")
                                             : tr("Done: merged into %1 as %2")
                                                   .arg(displayable(job.identity.target), progress.integrated.left(8));
    case JobState::Failed:
    case JobState::CiFailed:
        if (m_details->row.blocked())
            return tr("Blocked by the contract at %1; no decision overrides that. %2")
                .arg(stage, displayable(progress.note));
        return stage.isEmpty() ? tr("Failed: %1").arg(displayable(progress.note))
                               : tr("Failed at %1: %2").arg(stage, displayable(progress.note));
    case JobState::Cancelled: return tr("Cancelled; its worktree stays");
    case JobState::RolledBack: return tr("Rolled back");
    }
    return {};
}

QList<std::pair<QString, QString>> JobPresenter::facts() const
{
    if (!m_details)
        return {};
    const Job &job = m_details->job;
    const qint64 now = m_clock.wallMs();
    const bool ended = isEnded(job.progress.state);
    QList<std::pair<QString, QString>> facts{
        {tr("Project"), displayable(job.identity.repository)},
        {tr("Branch"), tr("%1 → %2").arg(displayable(job.identity.branch), displayable(job.identity.target))},
        {tr("Created"), timeText(job.identity.createdMs)},
        {ended ? tr("Took") : tr("Elapsed"),
         spanText((ended && job.finishedMs > 0 ? job.finishedMs : now) - job.identity.createdMs)},
        {tr("Priority"), toName(job.wishes.priority)},
        {tr("Author"), toName(job.identity.author)},
    };
    if (job.wishes.paused)
        facts << std::pair(tr("Paused"),
                           job.wishes.pauseReason.isEmpty() ? tr("by a person") : displayable(job.wishes.pauseReason));
    return facts;
}

bool JobPresenter::isLegal(Act act) const
{
    if (!m_details)
        return false;
    const JobState state = m_details->job.progress.state;
    const Wishes &wishes = m_details->job.wishes;
    const bool failed = state == JobState::Failed || state == JobState::CiFailed;
    switch (act) {
    case Act::Decide: return m_details->row.needsMe() || m_details->row.blocked();
    case Act::Retry:
    case Act::RetryFrom: return failed || state == JobState::Waiting;
    case Act::Pause: return !isEnded(state) && !wishes.paused;
    case Act::Resume: return !isEnded(state) && wishes.paused;
    case Act::Cancel: return failed || (!isEnded(state) && !wishes.cancelAsked);
    case Act::Archive: return isEnded(state) && !wishes.archived;
    case Act::Unarchive: return wishes.archived;
    }
    return false;
}

QStringList JobPresenter::retryStages() const
{
    QStringList names;
    if (m_details) {
        for (size_t i = 0; i < m_details->pipeline.stages.size(); ++i) {
            if (int(i) <= m_details->job.progress.stageIndex)
                names << m_details->pipeline.stages[i].name;
        }
    }
    return names;
}

template<class Work>
void JobPresenter::act(const QString &said, Work work)
{
    m_desk.ask(
        this, [id = m_id, work](OperatorSide &side) -> Result<void> { return work(side.desk(), id); },
        [this, said](const Result<void> &done) {
            if (done)
                Q_EMIT acted(said);
            else
                Q_EMIT refused(errorText(done.error()));
            refresh();
        });
}

void JobPresenter::retry(const QString &fromStage)
{
    act(fromStage.isEmpty() ? tr("Queued again") : tr("Queued again from %1").arg(fromStage),
        [fromStage](OperatorDesk &desk, const JobId &id) { return desk.retry(id, fromStage); });
}

void JobPresenter::pause(const QString &reason)
{
    act(tr("Paused; a stage that runs ends first"),
        [reason](OperatorDesk &desk, const JobId &id) { return desk.pause(id, reason); });
}

void JobPresenter::resume()
{
    act(tr("No longer paused"), [](OperatorDesk &desk, const JobId &id) { return desk.resume(id); });
}

void JobPresenter::cancel()
{
    act(tr("Told to stop; its worktree stays"), [](OperatorDesk &desk, const JobId &id) { return desk.cancel(id); });
}

void JobPresenter::archive(bool archived)
{
    act(archived ? tr("Archived") : tr("Back in the list"),
        [archived](OperatorDesk &desk, const JobId &id) { return desk.archive(id, archived); });
}

void JobPresenter::takeTicket(int number, bool take)
{
    act(take ? tr("Ticket %1 is yours: change files in the workspace, then Retry").arg(number)
             : tr("Ticket %1 is the author's again").arg(number),
        [number, take](OperatorDesk &desk, const JobId &id) { return desk.takeTicket(id, number, take); });
}

void JobPresenter::wishCheck(CheckWish::Kind kind, const QString &check)
{
    act(kind == CheckWish::Kind::Rerun ? tr("The check runs again with the next look at the forge")
                                       : tr("The check ends with the next look at the forge"),
        [kind, check](OperatorDesk &desk, const JobId &id) { return desk.wishCheck(id, kind, check); });
}

void JobPresenter::restore(const NodeRef &attempt)
{
    act(tr("The content of %1 is in the workspace again").arg(attempt.key()),
        [attempt](OperatorDesk &desk, const JobId &id) { return desk.rewind(id, attempt.stage, attempt.attempt); });
}

void JobPresenter::select(const NodeRef &node)
{
    m_chosen = true;
    if (node == m_selected)
        return;
    m_selected = node;
    Q_EMIT selectionChanged();
}

NodeRef JobPresenter::landing() const
{
    if (!m_details || m_details->attempts.empty())
        return {};
    const auto &stages = m_details->pipeline.stages;
    const int at = std::min(m_details->job.progress.stageIndex, int(stages.size()) - 1);
    if (at >= 0) {
        if (const AttemptRecord *newest = newestOf(*m_details, stages[size_t(at)].name))
            return {newest->stage, newest->number, 0};
    }
    return {m_details->attempts.back().stage, m_details->attempts.back().number, 0};
}

std::vector<CommandRecord> JobPresenter::selectedCommands() const
{
    std::vector<CommandRecord> commands;
    if (!m_details)
        return commands;
    int attempt = m_selected.attempt;
    if (attempt == 0 && m_selected.command == 0) {
        if (const AttemptRecord *newest = newestOf(*m_details, m_selected.stage))
            attempt = newest->number;
    }
    for (const CommandRecord &command : m_details->commands) {
        if (command.stage == m_selected.stage && command.attempt == attempt
            && (m_selected.command == 0 || command.seq == m_selected.command))
            commands.push_back(command);
    }
    return commands;
}

std::pair<CommitId, CommitId> JobPresenter::selectedRange() const
{
    if (!m_details)
        return {};
    const Progress &progress = m_details->job.progress;
    // What a chosen attempt was judged on, or what it left; else where the branch is now.
    for (const AttemptRecord &attempt : m_details->attempts) {
        if (m_chosen && isAttempt(attempt, m_selected))
            return {progress.base, contentOf(attempt)};
    }
    return {progress.base, progress.head};
}

QStringList JobPresenter::comparable(const NodeRef &node) const
{
    QStringList keys;
    bool itself = false;
    if (m_details) {
        for (const AttemptRecord &attempt : m_details->attempts) {
            if (contentOf(attempt).isEmpty())
                continue;
            if (isAttempt(attempt, node))
                itself = true;
            else
                keys << NodeRef{attempt.stage, attempt.number, 0}.key();
        }
    }
    return itself ? keys : QStringList();
}

std::pair<CommitId, CommitId> JobPresenter::rangeBetween(const NodeRef &one, const NodeRef &other) const
{
    std::vector<CommitId> contents;
    if (m_details) {
        for (const AttemptRecord &attempt : m_details->attempts) { // in the order in which they were made
            if (isAttempt(attempt, one) || isAttempt(attempt, other))
                contents.push_back(contentOf(attempt));
        }
    }
    return contents.size() == 2 ? std::pair(contents[0], contents[1]) : std::pair<CommitId, CommitId>();
}

} // namespace openfactory::ui
