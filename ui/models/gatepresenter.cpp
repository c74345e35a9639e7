// SPDX-License-Identifier: Apache-2.0
#include "ui/models/gatepresenter.h"

#include "core/base/text.h"
#include "core/domain/contract.h"
#include "core/domain/planning.h"
#include "ui/models/jobpresenter.h"
#include "ui/models/words.h"

#include <QLocale>

#include <algorithm>
#include <map>

namespace openfactory::ui {

namespace {

const Verdict *verdictOf(const GateView &view, const Pipeline &pipeline, StageKind kind)
{
    for (const auto &[stage, verdict] : view.verdicts) {
        const auto index = pipeline.indexOf(stage);
        if (index && pipeline.stages[size_t(*index)].kind == kind)
            return &verdict;
    }
    return nullptr;
}

constexpr int kMostNamed = 3; ///< files or risks in a sentence

/// "a, b, c and 2 more"
QString someOf(const QStringList &names)
{
    const QString some = names.mid(0, kMostNamed).join(QStringLiteral(", "));
    const int more = int(names.size()) - kMostNamed;
    return more > 0 ? GatePresenter::tr("%1 and %n more", nullptr, more).arg(some) : some;
}

/// The findings of a verdict, each with whether it was there before the change.
std::vector<TableRow> withKnown(std::vector<TableRow> rows, const Verdict &verdict)
{
    for (size_t i = 0; i < rows.size(); ++i)
        rows[i].cells << (verdict.findings[i].before ? GatePresenter::tr("from before") : GatePresenter::tr("no"));
    return rows;
}

/// How often a stage was tried again, on the change or on the same ticket.
QStringList retriesOf(const std::vector<AttemptRecord> &attempts)
{
    std::vector<std::pair<QString, int>> again; // in the order of the first attempts
    std::map<std::pair<QString, int>, int> tried;
    for (const AttemptRecord &attempt : attempts) {
        if (std::ranges::find(again, attempt.stage, &std::pair<QString, int>::first) == again.end())
            again.emplace_back(attempt.stage, 0);
        if (++tried[{attempt.stage, attempt.ticket}] > 1)
            ++std::ranges::find(again, attempt.stage, &std::pair<QString, int>::first)->second;
    }
    QStringList said;
    for (const auto &[stage, times] : again) {
        if (times > 0)
            said << GatePresenter::tr("%1: tried again %n time(s)", nullptr, times).arg(displayable(stage));
    }
    return said.isEmpty() ? QStringList(GatePresenter::tr("No stage was tried again")) : said;
}

/// What models and agents were asked for the job, and what that came to, as far as it is known.
QString spentOn(const std::vector<AuthorCallRecord> &calls)
{
    if (calls.empty())
        return GatePresenter::tr("No model or agent was asked: nothing was spent on one");
    const AuthorSpending spent = spendingOf(calls);
    QString said = GatePresenter::tr("Spent so far: %1, %2 in %n call(s)", nullptr, spent.calls)
                       .arg(spent.priced ? costText(spent.cost, spent.currency)
                                         : GatePresenter::tr("a cost that is not known"),
                            tokensText(spent.tokens));
    if (spent.reckoned > 0)
        said += GatePresenter::tr(" (%n of them by an upper bound)", nullptr, spent.reckoned);
    return said;
}

int lettersOf(const QString &text)
{
    return int(std::ranges::count_if(text, [](QChar c) { return !c.isSpace(); }));
}

} // namespace

GatePresenter::GatePresenter(Worker<ReadSide> &reader, Worker<OperatorSide> &desk, const Clock &clock, QObject *parent)
    : QObject(parent),
      m_reader(reader),
      m_desk(desk),
      m_clock(clock),
      m_findings({tr("Stage"), tr("Finding"), tr("Place"), tr("Rule"), tr("Known")})
{
    m_pending.setSingleShot(true);
    connect(&m_pending, &QTimer::timeout, this, [this] {
        Q_EMIT pendingChanged(false);
        send();
    });
}

GatePresenter::~GatePresenter()
{
    if (!isPending())
        return;
    blockSignals(true);
    m_pending.stop();
    send();
}

void GatePresenter::setJob(const JobId &job)
{
    if (job == m_id)
        return;
    if (isPending()) { // the person went on to the next gate: what they decided holds
        m_pending.stop();
        send();
    }
    m_id = job;
    m_kind = Kind::None;
    m_details.reset();
    m_view.reset();
    m_draft.reset();
    m_decision.reset();
    m_accepted.clear();
    m_comment.clear();
    m_files = m_viewed = 0;
    m_unseen.clear();
    m_stale.clear();
    m_sent = false;
    m_findings.setRows({});
    Q_EMIT changed();
    read(true);
}

void GatePresenter::noteChanged(const std::vector<qint64> &jobs)
{
    if (m_details && std::ranges::find(jobs, m_details->row.num) != jobs.end())
        read(false);
}

void GatePresenter::reload()
{
    read(true);
}

void GatePresenter::read(bool replace)
{
    if (m_id.isNull())
        return;
    if (m_reading) {
        m_readAgain = m_readAgain || replace;
        return;
    }
    m_reading = true;
    const auto told = [this, id = m_id, replace](Read read) {
        m_reading = false;
        if (id == m_id)
            take(std::move(read), replace);
        if (std::exchange(m_readAgain, false) || id != m_id)
            this->read(true);
    };
    m_reader.ask(
        this, [id = m_id](ReadSide &side) { return side.details(id); },
        [this, id = m_id, told](Result<JobDetails> details) {
            if (!details) {
                m_reading = false;
                Q_EMIT refused(errorText(details.error()));
                return;
            }
            m_desk.ask(
                this,
                [id](OperatorSide &side) -> Result<std::pair<Result<GateView>, std::optional<DraftView>>> {
                    std::optional<DraftView> draft;
                    if (auto found = side.desk().draft(id))
                        draft = std::move(*found);
                    return std::pair(side.desk().gate(id), std::move(draft));
                },
                [told, details = std::move(*details)](
                    Result<std::pair<Result<GateView>, std::optional<DraftView>>> found) mutable {
                    Read read{std::move(details), {}, {}, {}};
                    if (found && found->first)
                        read.gate = std::move(*found->first);
                    else
                        read.gateError = errorText(found ? found->first.error() : found.error());
                    if (found)
                        read.draft = std::move(found->second);
                    told(std::move(read));
                });
        });
}

void GatePresenter::take(Read read, bool replace)
{
    const bool first = !m_details;
    if (!first && !replace && mayDecide()) {
        // What is on the screen stays there: a person decides on what they saw.
        const auto changed = read.gate ? whyVoid(m_view->binding, read.gate->binding) : std::nullopt;
        m_details->decisions = read.details.decisions;
        m_details->job.progress.state = read.details.job.progress.state;
        m_details->job.progress.wait = read.details.job.progress.wait;
        const bool decidedHere = m_sent && !read.gate;
        m_stale = decidedHere ? QString() : !read.gate ? goneText() : changed ? *changed : QString();
        Q_EMIT inputChanged();
        return;
    }
    m_details = std::move(read.details);
    m_view = std::move(read.gate);
    m_draft = std::move(read.draft);
    m_stale.clear();
    const Progress &progress = m_details->job.progress;
    const bool waiting = progress.state == JobState::Waiting;
    m_kind = m_view && !m_view->hardStop                                ? Kind::Approval
             : m_details->row.blocked() || (m_view && m_view->hardStop) ? Kind::HardStop
             : waiting && m_draft                                       ? Kind::Document
             : waiting && progress.wait.kind == WaitKind::Change        ? Kind::Change
             : waiting && progress.wait.kind == WaitKind::Conflict      ? Kind::Conflict
             : waiting && progress.wait.kind == WaitKind::Clarification ? Kind::Clarification
                                                                        : Kind::None;
    if (m_decision == DecisionKind::Approve && !mayApprove())
        m_decision.reset();
    QStringList open;
    for (const Risk &risk : openRisks())
        open << risk.name;
    m_accepted.removeIf([&](const QString &name) { return !open.contains(name); });
    std::vector<TableRow> rows;
    if (m_view) {
        for (const auto &[stage, verdict] : m_view->verdicts) {
            auto more = withKnown(findingRows(stage, 0, verdict), verdict);
            rows.insert(rows.end(), more.begin(), more.end());
        }
    } else {
        for (const AttemptRecord &attempt : m_details->attempts) {
            const auto index = m_details->pipeline.indexOf(attempt.stage);
            if (index && *index == progress.stageIndex && attempt.verdict)
                rows = withKnown(findingRows(attempt.stage, attempt.number, *attempt.verdict), *attempt.verdict);
        }
    }
    m_findings.setRows(std::move(rows));
    Q_EMIT changed();
    Q_EMIT inputChanged();
}

QString GatePresenter::goneText() const
{
    if (!m_details->decisions.empty()) {
        const Decision &last = m_details->decisions.back();
        if (last.voidReason.isEmpty())
            return tr("Already decided by %1 at %2: %3")
                .arg(displayable(last.actor), timeText(last.madeMs), toName(last.kind));
    }
    return tr("The job does not wait at this gate any more; it is %1")
        .arg(stateText(m_details->job.progress.state, m_details->job.progress.wait.kind, false).toLower());
}

QString GatePresenter::title() const
{
    if (!m_details)
        return {};
    const JobIdentity &identity = m_details->job.identity;
    const QString what = tr("%1/%2").arg(projectName(identity.repository), m_details->job.slug().text());
    switch (m_kind) {
    case Kind::Approval: return tr("Merge %1 into %2").arg(what, displayable(identity.target));
    case Kind::HardStop: return tr("%1 is blocked by its contract").arg(what);
    case Kind::Change: return tr("Make a change for %1").arg(what);
    case Kind::Conflict: return tr("Resolve a conflict of %1 with %2").arg(what, displayable(identity.target));
    case Kind::Clarification: return tr("Answer a question about %1").arg(what);
    case Kind::Document:
        return m_draft->review                            ? tr("Accept the spec of %1").arg(what)
               : m_draft->kind == StageKind::Spec         ? tr("Write the spec of %1").arg(what)
               : m_draft->kind == StageKind::Architecture ? tr("Write the architecture of %1").arg(what)
                                                          : tr("Write the tickets of %1").arg(what);
    case Kind::None: break;
    }
    return tr("%1 waits for no decision").arg(what);
}

QString GatePresenter::instructions() const
{
    if (!m_details)
        return {};
    const Progress &progress = m_details->job.progress;
    switch (m_kind) {
    case Kind::Approval: return tr("It waits for %1").arg(displayable(m_details->waitsFor));
    case Kind::HardStop: {
        QString cause = displayable(progress.note);
        const auto &rows = m_findings.rows();
        const auto stopped = std::ranges::find_if(rows, [this](const TableRow &row) { // other stages found things too
            return !m_view || row.cells.value(0) == m_view->gate;
        });
        if (stopped != rows.end())
            cause = tr("Boundary: %1").arg(displayable(stopped->cells.value(1)));
        return tr("%1. No approval can override this.").arg(cause);
    }
    case Kind::Change:
    case Kind::Conflict: return tr("It waits for %1").arg(displayable(m_details->waitsFor));
    case Kind::Clarification: return displayableLines(m_details->job.progress.documents.question);
    case Kind::Document:
        return m_draft->review ? tr("Its hash goes into every later decision: what is accepted here is what the change "
                                    "is held against.")
                               : tr("It waits for %1").arg(displayable(m_details->waitsFor));
    case Kind::None: return goneText();
    }
    return {};
}

std::vector<EvidenceCard> GatePresenter::cards() const
{
    std::vector<EvidenceCard> cards;
    if (!m_details)
        return cards;
    const JobDetails &all = *m_details;
    const Pipeline &pipeline = all.pipeline;
    const GateView empty;
    const GateView &view = m_view ? *m_view : empty;
    const auto card = [&](const char *key, const QString &title, Mark mark, const QString &text, QStringList details,
                          const char *tab) {
        cards.push_back({QLatin1String(key), title, mark, displayable(text), std::move(details), QLatin1String(tab)});
    };

    const QString plan = tr("Merge commit on %1, made by the engine; the target moves by compare-and-set")
                             .arg(all.job.identity.target);
    QStringList planned{tr("Taken back by reverting the merge commit. The worktree and every attempt stay.")};
    if (!all.plan.criteria.empty())
        planned.prepend(tr("Spec %1: %2 criteria, %3 tickets, all done")
                            .arg(all.job.progress.documents.spec.left(12))
                            .arg(all.plan.criteria.size())
                            .arg(all.plan.tickets.size()));
    card("plan", tr("Plan"), Mark::Passed, plan, planned, all.plan.criteria.empty() ? "artifacts" : "plan");

    int open = 0;
    QStringList names;
    for (const Risk &risk : all.risks) {
        open += risk.acceptedBy.isEmpty() ? 1 : 0;
        names << tr("%1: %2").arg(risk.name, displayable(risk.text));
    }
    card("risk", tr("Risk"), all.risks.empty() ? Mark::Passed : Mark::Risk,
         all.risks.empty() ? tr("No risk is open") : tr("%n risk(s) to accept", nullptr, open), names, "overview");

    const Verdict *boundary = verdictOf(view, pipeline, StageKind::Boundary);
    const auto &row = all.row;
    const QString files = boundary ? tr("%n file(s)", nullptr, boundary->facts[u"files"].toInt()) : QString();
    card("change", tr("Change"), boundary ? markOf(boundary->outcome, FailureClass::Absolute) : Mark::NotStarted,
         boundary && row.changed
             ? tr("%1, +%2 −%3, inside the contract").arg(files).arg(row.changed->first).arg(row.changed->second)
         : boundary ? boundary->summary
                    : tr("Not measured"),
         {}, "changes");

    const Verdict *tests = verdictOf(view, pipeline, StageKind::UnitTest);
    card("tests", tr("Tests"), tests ? markOf(tests->outcome, FailureClass::Hard) : Mark::NotStarted,
         tests ? (tests->tests ? testsText(tests->tests) : tests->summary) : tr("Not measured"), {}, "tests");

    const Verdict *coverage = verdictOf(view, pipeline, StageKind::Coverage);
    QStringList changed;
    if (coverage && coverage->changedCoveragePercent)
        changed << tr("%1 % of the changed lines").arg(QLocale().toString(*coverage->changedCoveragePercent, 'f', 1));
    card("coverage", tr("Coverage"), coverage ? markOf(coverage->outcome, FailureClass::Soft) : Mark::NotStarted,
         coverage ? coverage->summary : tr("Not measured"), changed, "tests");

    int errors = 0;
    int others = 0;
    int known = 0;
    for (const auto &[stage, verdict] : view.verdicts) {
        for (const Finding &finding : verdict.findings) {
            ++(finding.severity == Severity::Error ? errors : others);
            known += finding.before ? 1 : 0;
        }
    }
    QStringList since;
    if (const int unknown = errors + others - known)
        since << tr("%n of them not known from before the change", nullptr, unknown);
    if (known > 0)
        since << tr("%n of them there before the change", nullptr, known);
    card("findings", tr("Findings"), errors + others == 0 ? Mark::Passed : Mark::Risk,
         errors + others == 0 ? tr("None")
                              : tr("%n error(s)", nullptr, errors) + QStringLiteral(", ")
                                    + tr("%n warning(s) and note(s)", nullptr, others),
         since, "overview");

    if (all.pull) {
        QStringList states;
        for (const Check &check : all.pull->checks)
            states << QStringLiteral("%1: %2").arg(displayable(check.name), checkText(check));
        const bool green = std::ranges::any_of(all.pull->checks, [](const Check &check) {
            return check.name == requiredCheckName() && check.conclusion == CheckConclusion::Success;
        });
        card("checks", tr("CI"), green ? Mark::Passed : Mark::Waiting,
             tr("Pull request %1, %2").arg(all.pull->pull.number).arg(pullStateText(all.pull->pull)), states, "ci");
    } else {
        card("checks", tr("CI"), Mark::NotStarted, tr("No required check: this pipeline merges locally"), {}, "ci");
    }

    const auto reverted = std::ranges::count(all.attempts, AttemptState::Reverted, &AttemptRecord::state);
    card("attempts", tr("Attempts"), reverted > 0 ? Mark::Reverted : Mark::Passed,
         tr("%1 attempts, %2 taken back").arg(all.attempts.size()).arg(reverted),
         retriesOf(all.attempts) << spentOn(all.calls), "timeline");

    QStringList earlier;
    for (const Decision &decision : all.decisions)
        earlier
            << tr("%1 by %2, %3").arg(toName(decision.kind), displayable(decision.actor), timeText(decision.madeMs));
    card("decisions", tr("Earlier decisions"), Mark::NotStarted, earlier.isEmpty() ? tr("None") : earlier.last(),
         earlier, "audit");
    return cards;
}

std::vector<Meter> GatePresenter::meters() const
{
    std::vector<Meter> meters;
    if (!m_details)
        return meters;
    const auto contract = loadContract(m_details->job.identity.contractYaml.toUtf8(),
                                       QStringLiteral("the job's contract"));
    if (!contract || !m_details->row.changed)
        return meters;
    const qint64 lines = m_details->row.changed->first + m_details->row.changed->second;
    const auto text = [](qint64 value, qint64 limit) {
        return limit > 0 ? tr("%1 of %2").arg(value).arg(limit) : tr("%1, no limit").arg(value);
    };
    meters.push_back({tr("Changed lines"), lines, contract->maxLinesChanged, text(lines, contract->maxLinesChanged)});
    if (m_view) {
        if (const Verdict *boundary = verdictOf(*m_view, m_details->pipeline, StageKind::Boundary)) {
            const qint64 added = boundary->facts[u"new_dependencies"].toInteger();
            meters.push_back({tr("New dependencies"), added, 0,
                              contract->newDependenciesAllowed ? text(added, 0) : tr("%1, none allowed").arg(added)});
        }
        if (const Verdict *coverage = verdictOf(*m_view, m_details->pipeline, StageKind::Coverage);
            coverage && coverage->coveragePercent)
            meters.push_back({tr("Coverage"), qint64(*coverage->coveragePercent), 0,
                              tr("%1 %, required %2 %")
                                  .arg(QLocale().toString(*coverage->coveragePercent, 'f', 1))
                                  .arg(contract->requiredTestCoverage)});
    }
    return meters;
}

std::vector<Risk> GatePresenter::openRisks() const
{
    std::vector<Risk> open;
    if (m_details && m_kind == Kind::Approval) {
        for (const Risk &risk : m_view ? m_view->risks : m_details->risks) {
            if (risk.acceptedBy.isEmpty())
                open.push_back(risk);
        }
    }
    return open;
}

QString GatePresenter::contractText() const
{
    return m_details ? displayableLines(m_details->job.identity.contractYaml) : QString();
}

void GatePresenter::setDecision(std::optional<DecisionKind> kind)
{
    if (kind == m_decision || (kind == DecisionKind::Approve && !mayApprove()))
        return;
    m_decision = kind;
    Q_EMIT inputChanged();
}

void GatePresenter::setAccepted(const QString &risk, bool accepted)
{
    if (accepted == m_accepted.contains(risk))
        return;
    if (accepted)
        m_accepted << risk;
    else
        m_accepted.removeAll(risk);
    Q_EMIT inputChanged();
}

void GatePresenter::setComment(const QString &comment)
{
    if (comment == m_comment)
        return;
    m_comment = comment;
    Q_EMIT inputChanged();
}

void GatePresenter::setReading(int files, int viewed, const QStringList &unseen)
{
    if (files == m_files && viewed == m_viewed && unseen == m_unseen)
        return;
    m_files = files;
    m_viewed = viewed;
    m_unseen = unseen;
    Q_EMIT inputChanged();
}

QString GatePresenter::viewedText() const
{
    return m_files > 0 ? tr("%1 of %2 viewed").arg(m_viewed).arg(m_files) : QString();
}

QString GatePresenter::whyNot() const
{
    if (!m_details)
        return tr("The evidence is being read");
    if (isPending() || m_sent)
        return tr("The decision was submitted");
    if (isStale())
        return tr("The evidence is stale: %1").arg(m_stale);
    if (!mayDecide())
        return tr("There is nothing to decide");
    if (!m_decision)
        return mayApprove() ? tr("Choose Approve, Request changes or Reject") : tr("Choose Request changes or Reject");
    const bool approves = *m_decision == DecisionKind::Approve;
    if (approves && !m_unseen.isEmpty()) {
        return tr("Look at what a text does not show first (mode, link, binary content): %1").arg(someOf(m_unseen));
    }
    QStringList open;
    for (const Risk &risk : openRisks()) {
        if (approves && !m_accepted.contains(risk.name))
            open << risk.name;
    }
    if (!open.isEmpty())
        return tr("Accept each risk first: %1").arg(someOf(open));
    const int letters = lettersOf(m_comment);
    if ((!approves || !m_accepted.isEmpty()) && letters < kLeastComment)
        return approves
                   ? tr("Say why the risk may be accepted (%n more character(s))", nullptr, kLeastComment - letters)
                   : tr("Say what has to change (%n more character(s))", nullptr, kLeastComment - letters);
    return {};
}

QString GatePresenter::summary() const
{
    if (!m_decision || !m_details || !mayDecide())
        return {};
    const QString at = m_details->job.progress.head.left(7);
    switch (*m_decision) {
    case DecisionKind::Approve: {
        const Verdict *boundary = m_view ? verdictOf(*m_view, m_details->pipeline, StageKind::Boundary) : nullptr;
        const QString files = boundary ? tr("%n file(s)", nullptr, boundary->facts[u"files"].toInt())
                                       : tr("the change");
        const QString said = m_accepted.isEmpty()
                                 ? tr("Approving %1 at %2").arg(files, at)
                                 : tr("Approving %1 at %2, accepting %3").arg(files, at, someOf(m_accepted));
        return m_files > 0 ? said + QStringLiteral("; ") + viewedText() : said;
    }
    case DecisionKind::RequestChanges: return tr("Asking the author for another change, from %1").arg(at);
    case DecisionKind::Reject: return tr("Rejecting the change at %1; the job ends").arg(at);
    }
    return {};
}

void GatePresenter::submit()
{
    if (!whyNot().isEmpty())
        return;
    if (m_grace.count() == 0) {
        send();
        return;
    }
    m_pending.start(m_grace);
    Q_EMIT pendingChanged(true);
    Q_EMIT inputChanged();
}

void GatePresenter::undo()
{
    if (!isPending())
        return;
    m_pending.stop();
    Q_EMIT pendingChanged(false);
    Q_EMIT inputChanged();
}

void GatePresenter::send()
{
    if (!m_view || !m_decision || m_sent)
        return;
    m_sent = true;
    GateAnswer answer;
    answer.kind = *m_decision;
    answer.comment = m_comment.trimmed();
    if (answer.kind == DecisionKind::Approve)
        answer.acceptedRisks = m_accepted;
    answer.binding = m_view->binding;
    const QString said = *m_decision == DecisionKind::Approve  ? tr("Approved; the engine merges it now")
                         : *m_decision == DecisionKind::Reject ? tr("Rejected")
                                                               : tr("Changes requested");
    m_desk.ask(
        this,
        [id = m_id, answer](OperatorSide &side) -> Result<void> {
            return side.desk().decide(id, answer).transform([](const Decision &) {});
        },
        [this, said, id = m_id](const Result<void> &done) {
            if (id == m_id && !done)
                m_sent = false;
            tell(done, said);
        });
    Q_EMIT inputChanged();
}

void GatePresenter::tell(const Result<void> &done, const QString &said)
{
    if (done)
        Q_EMIT decided(said);
    else
        Q_EMIT refused(errorText(done.error()));
    read(false);
}

void GatePresenter::goOn()
{
    m_desk.ask(
        this, [id = m_id](OperatorSide &side) { return side.desk().retry(id, {}); },
        [this](const Result<void> &done) { tell(done, tr("The engine looks at the change now")); });
}

void GatePresenter::answer(const QString &text)
{
    if (text.trimmed().isEmpty())
        return;
    m_desk.ask(
        this, [id = m_id, text](OperatorSide &side) { return side.desk().answer(id, text); },
        [this](const Result<void> &done) { tell(done, tr("Answered: the job goes on")); });
}

QString GatePresenter::draftMarkdown() const
{
    if (!draft())
        return {};
    const auto json = soundDocument(m_draft->kind, m_draft->yaml, m_draft->path);
    if (!json)
        return {};
    switch (m_draft->kind) {
    case StageKind::Spec: return toMarkdown(readSpec(*json).value);
    case StageKind::Architecture: return toMarkdown(readArchitecture(*json).value);
    default: break;
    }
    QStringList all;
    for (const Ticket &ticket : readTickets(*json).value)
        all << toMarkdown(ticket);
    return all.join(QStringLiteral("\n\n"));
}

void GatePresenter::editDraft(const QByteArray &yaml)
{
    m_desk.ask(
        this, [id = m_id, yaml](OperatorSide &side) { return side.desk().editDraft(id, yaml); },
        [this](const Result<void> &done) {
            if (done)
                Q_EMIT draftSaved();
            else
                Q_EMIT draftRefused(errorText(done.error()));
            read(true);
        });
}

void GatePresenter::acceptSpec()
{
    if (!draft())
        return;
    m_desk.ask(
        this, [id = m_id, seen = m_draft->yaml](OperatorSide &side) { return side.desk().acceptSpec(id, seen); },
        [this](const Result<void> &done) { tell(done, tr("Accepted: the job freezes this spec and goes on")); });
}

void GatePresenter::retryFromStart()
{
    const QString first = m_details && !m_details->pipeline.stages.empty() ? m_details->pipeline.stages.front().name
                                                                           : QString();
    m_desk.ask(
        this, [id = m_id, first](OperatorSide &side) { return side.desk().retry(id, first); },
        [this](const Result<void> &done) { tell(done, tr("Queued again from the start")); });
}

void GatePresenter::archive()
{
    m_desk.ask(
        this, [id = m_id](OperatorSide &side) { return side.desk().archive(id, true); },
        [this](const Result<void> &done) { tell(done, tr("Archived; its worktree and every attempt stay")); });
}

void GatePresenter::cancelJob()
{
    m_desk.ask(
        this, [id = m_id](OperatorSide &side) { return side.desk().cancel(id); },
        [this](const Result<void> &done) { tell(done, tr("Cancelled; its worktree stays")); });
}

} // namespace openfactory::ui
