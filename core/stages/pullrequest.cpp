// SPDX-License-Identifier: Apache-2.0
#include "core/stages/handlers.h"
#include "core/stages/markdown.h"
#include "core/stages/pullbody.h"

#include <QRegularExpression>

namespace openfactory {

namespace {

constexpr qint64 kMostLog = 4 * 1024 * 1024; ///< bytes of a check's log that are read, from its end
constexpr qint64 kRequestsEveryMs = 60'000;
constexpr qsizetype kShownLines = 40; ///< of it, where nothing better tells the cause

Finding findingOf(const QString &rule, const QString &message, const QString &suggestion = {})
{
    Finding finding;
    finding.tool = QStringLiteral("forge");
    finding.rule = rule;
    finding.message = message;
    finding.suggestion = suggestion;
    return finding;
}

Verdict failed(const Finding &finding)
{
    Verdict verdict;
    verdict.outcome = Outcome::Failed;
    verdict.summary = finding.message;
    verdict.findings.push_back(finding);
    return verdict;
}

/// How a check ended that says nothing of the code.
bool saysNothing(CheckConclusion conclusion)
{
    switch (conclusion) {
    case CheckConclusion::Cancelled:
    case CheckConclusion::TimedOut:
    case CheckConclusion::Stale:
    case CheckConclusion::Error: return true;
    default: return false;
    }
}

/// The end of a log for people: its last lines that say something.
QString lastLines(const QByteArray &log)
{
    QStringList lines = QString::fromUtf8(log).split(u'\n');
    lines.removeIf([](const QString &line) { return line.trimmed().isEmpty(); });
    return displayableLines(lines.mid(std::max<qsizetype>(0, lines.size() - kShownLines)).join(u'\n'));
}

/// Lines of the form that compilers and many scripts use: "file:line: error: what".
std::vector<Finding> errorLines(const QByteArray &log)
{
    static const QRegularExpression form(QStringLiteral("^([^\\s:]{1,500}):([1-9][0-9]{0,8})(?::[0-9]+)?: "
                                                        "(?:fatal )?error: (.{1,1000})$"));
    constexpr size_t most = 50;
    std::vector<Finding> found;
    for (const QByteArray &line : log.split('\n')) {
        if (found.size() == most || line.size() > 2000 || !line.contains("error: "))
            continue;
        const auto match = form.match(QString::fromUtf8(line).trimmed());
        if (!match.hasMatch())
            continue;
        Finding finding = findingOf(QStringLiteral("error"), match.captured(3));
        finding.file = match.captured(1).toUtf8();
        finding.line = match.captured(2).toInt();
        found.push_back(finding);
    }
    return found;
}

/// One look at the job's place on the forge: what is missing there is made, and the required check is judged.
class Look {
public:
    Look(StageContext &context, Forge &forge) : m_context(context), m_forge(forge), m_job(context.job()) {}

    Result<StageResult> run()
    {
        OF_TRY(touched, protectedTouched(m_context));
        if (!touched.empty())
            return protectedVerdict(std::move(touched));
        OF_TRY(facts, m_forge.facts(m_job.identity.target, m_context.stop()));
        if (const auto wrong = whyNot(facts))
            return *wrong;
        OF_TRY(known, m_context.pull());
        m_record = known.value_or(PullRecord());
        m_record.forge = facts.name;
        OF_TRY(refused, publish(facts));
        if (refused)
            return *refused;
        OF_TRY(checks, m_forge.checks(head(), m_context.stop()));
        m_record.checks = checks;
        m_record.requests = m_forge.requestLimit();
        OF_TRY(carried, carryOut());
        if (carried)
            return *carried;
        const RequiredVerdict required = requiredVerdict(requiredCheckIn(facts, requiredCheckName()), checks, head());
        m_required = required;
        return judge(required);
    }

private:
    const CommitId &head() const { return m_job.progress.head; }

    /// What stands in the way before anything is done.
    std::optional<Verdict> whyNot(const ForgeFacts &facts) const
    {
        if (const auto pushable = checkPushable(m_job.identity.branch, m_job.identity.target, facts.protectedBranches);
            !pushable)
            return failed(findingOf(QStringLiteral("protected"), toText(pushable.error()), pushable.error().hint));
        if (!facts.canPush)
            return failed(findingOf(QStringLiteral("no-access"),
                                    QStringLiteral("nothing may be pushed to %1").arg(facts.name),
                                    QStringLiteral("give the token the right to write contents and pull requests")));
        return std::nullopt;
    }

    /// Branch and pull request are there, at the job's head. A verdict where that cannot be.
    Result<std::optional<Verdict>> publish(const ForgeFacts &facts)
    {
        OF_TRY(change, m_context.change());
        if (const auto secrets = m_context.secretScan().scan(change); !secrets.empty()) {
            Verdict verdict = failed(
                findingOf(QStringLiteral("secret"), QStringLiteral("the change adds a secret: it is not pushed")));
            verdict.findings = secrets;
            return std::optional(verdict);
        }
        const QString &branch = m_job.identity.branch;
        OF_TRY(there, m_forge.branchHead(branch, m_context.stop()));
        OF_TRY(pull, m_forge.findPull(branch, m_context.stop()));
        // An earlier job of the same slug may have had one from this branch.
        const bool isOurs = pull && (pull->number == m_record.pull.number || pull->head == head());
        if (isOurs && pull->state == PullRequest::State::Closed)
            return std::optional(failed(findingOf(
                QStringLiteral("closed"), QStringLiteral("pull request %1 was closed by somebody").arg(pull->number),
                QStringLiteral("reopen it on the forge, then factory retry"))));
        if (isOurs && pull->state == PullRequest::State::Merged) {
            m_record.pull = *pull;
            return std::optional<Verdict>();
        }
        if (there != std::optional(head())) {
            // What lies there has to be what we left there, or be in the history of what we push or push for: nobody's
            // commits are pushed over.
            if (there && *there != m_record.pushed && !isKnown(*there))
                return std::optional(
                    failed(findingOf(QStringLiteral("moved"),
                                     QStringLiteral("%1 was moved to %2 on the forge by somebody else")
                                         .arg(displayable(branch), there->left(12)),
                                     QStringLiteral("merge what was pushed into the workspace, or delete the branch "
                                                    "on the forge, then factory retry"))));
            const auto pushed = m_forge.push({m_job.identity.repository, head(), branch, there}, m_context.stop());
            if (!pushed && pushed.error().kind == ErrorKind::Denied)
                return std::optional(failed(findingOf(QStringLiteral("refused"), toText(pushed.error()))));
            if (!pushed)
                return std::unexpected(pushed.error());
        }
        m_record.pushed = head();
        OF_TRY(body, pullBody(m_context));
        if (pull && pull->state == PullRequest::State::Open) {
            if (pull->head != head() || m_record.pull.head != head())
                OF_CHECK(m_forge.describePull(pull->number, body, m_context.stop()));
            m_record.pull = *pull;
            m_record.pull.head = head();
        } else {
            PullRequest wanted;
            wanted.branch = branch;
            wanted.base = m_job.identity.target;
            wanted.head = head();
            wanted.title = pullTitle(m_job);
            OF_TRY(opened, m_forge.openPull(wanted, body, m_context.stop()));
            m_record.pull = opened;
        }
        m_record.forge = facts.name;
        return std::optional<Verdict>();
    }

    bool isKnown(const CommitId &commit) const
    {
        const QString &repository = m_job.identity.repository;
        const auto target = m_context.git().resolve(repository, QStringLiteral("refs/heads/") + m_job.identity.target);
        for (const CommitId &newer : {head(), target.value_or(CommitId())}) {
            const auto common = newer.isEmpty() ? Result<CommitId>(CommitId())
                                                : m_context.git().mergeBase(repository, newer, commit);
            if (common && *common == commit)
                return true;
        }
        return false;
    }

    /// Does what a person wants of a check, once. What the forge refuses is said and not tried again.
    Result<std::optional<StageResult>> carryOut()
    {
        const CheckWish wish = std::exchange(m_record.wish, {});
        if (wish.kind == CheckWish::Kind::None)
            return std::optional<StageResult>();
        m_record.refused.clear();
        const auto check = std::ranges::find(m_record.checks, wish.check, &Check::id);
        if (check == m_record.checks.end() || check->commit != head()) {
            m_record.refused = QStringLiteral("that check is not on the job's commit any more");
            return std::optional<StageResult>();
        }
        const bool again = wish.kind == CheckWish::Kind::Rerun;
        const auto done = again ? m_forge.rerun(*check, m_context.stop()) : m_forge.cancel(*check, m_context.stop());
        if (!done && (done.error().kind == ErrorKind::Unavailable || done.error().kind == ErrorKind::Cancelled))
            return std::unexpected(done.error()); // the wish stays for the next look
        if (!done) {
            m_record.refused = toText(done.error());
            return std::optional<StageResult>();
        }
        m_record.cancelled = again ? CheckWish() : wish;
        const QString name = displayable(check->name.left(100));
        OF_TRY(waits, wait(again ? QStringLiteral("the check %1 to run again, as %2 wishes").arg(name, wish.actor)
                                 : QStringLiteral("the check %1 to end: %2 cancelled it").arg(name, wish.actor)));
        return std::optional(waits);
    }

    Result<StageResult> judge(const RequiredVerdict &required)
    {
        using Kind = RequiredVerdict::Kind;
        OF_TRY(again, wasJudged(required));
        if (again) {
            // It was judged before, and something has asked for another look: the check is run once more.
            OF_CHECK(m_forge.rerun(*required.check, m_context.stop()));
            return wait(QStringLiteral("the check %1 to run again").arg(requiredCheckName()));
        }
        switch (required.kind) {
        case Kind::Missing: return wait(QStringLiteral("%1; without it the job is not done").arg(required.said));
        case Kind::Pending: return wait(required.said);
        case Kind::Success: {
            OF_CHECK(keepJudged(required));
            Verdict verdict;
            verdict.summary = QStringLiteral("pull request %1, %2").arg(m_record.pull.number).arg(required.said);
            verdict.facts = facts(required);
            return verdict;
        }
        case Kind::Failed: break;
        }
        OF_CHECK(keepJudged(required));
        return failure(*required.check);
    }

    /// Whether an attempt came to a verdict on that failed check: one that was killed after it kept what it had read,
    /// and before its verdict, has judged nothing.
    Result<bool> wasJudged(const RequiredVerdict &required) const
    {
        if (required.kind != RequiredVerdict::Kind::Failed)
            return false;
        const QString id = m_record.judged.section(u' ', 0, 0), attempt = m_record.judged.section(u' ', 1);
        if (id != required.check->id || attempt.isEmpty()) // no number: written by an older version
            return id == required.check->id;
        OF_TRY(record, m_context.record());
        return std::ranges::any_of(record.attempts, [&](const AttemptRecord &one) {
            return one.stage == m_context.stage().name && QString::number(one.number) == attempt && one.verdict;
        });
    }

    QJsonObject facts(const RequiredVerdict &required) const
    {
        return {{QStringLiteral("check"), requiredCheckName()},
                {QStringLiteral("conclusion"), toName(required.check->conclusion)},
                {QStringLiteral("pull_request"), m_record.pull.number}};
    }

    Result<StageResult> wait(const QString &what)
    {
        OF_CHECK(keep());
        Wait wait;
        wait.kind = WaitKind::Checks;
        wait.what = QStringLiteral("pull request %1: %2").arg(m_record.pull.number).arg(what);
        wait.wakeAtBootMs = m_forge.pollAfter().count();
        return wait;
    }

    /// With word of the check that this attempt is about to come to a verdict on.
    Result<void> keepJudged(const RequiredVerdict &required)
    {
        m_record.judged = QStringLiteral("%1 %2").arg(required.check->id).arg(m_context.attempt());
        return keep();
    }

    /// One transaction, and only where there is news.
    Result<void> keep()
    {
        OF_TRY(known, m_context.pull());
        const bool news = !known || known->pull != m_record.pull || known->checks != m_record.checks
                          || known->pushed != m_record.pushed || known->judged != m_record.judged
                          || known->wish != m_record.wish || known->refused != m_record.refused;
        // How many requests are left changes with each look: that alone is worth a line a minute.
        const bool counted = m_record.requests
                             && (!known || !known->requests
                                 || m_record.requests->seenMs - known->requests->seenMs >= kRequestsEveryMs);
        if (!news && !counted)
            return {};
        return m_context.keepPull(m_record);
    }

    Result<StageResult> failure(const Check &check)
    {
        Verdict verdict;
        verdict.summary = m_required.said
                          + (check.summary.isEmpty() ? QString()
                                                     : QStringLiteral(": ") + displayable(check.summary.left(200)));
        verdict.facts = facts(m_required);
        if (check.conclusion == CheckConclusion::Cancelled && m_record.cancelled.check == check.id) {
            // A person ended it: it is not begun again behind their back.
            verdict.outcome = Outcome::NotMeasured;
            verdict.summary = QStringLiteral("%1 cancelled the check %2")
                                  .arg(m_record.cancelled.actor, displayable(check.name.left(100)));
            verdict.findings.push_back(
                findingOf(QStringLiteral("cancelled"), verdict.summary,
                          QStringLiteral("factory check rerun -s %1 runs it again").arg(m_job.slug().text())));
            return verdict;
        }
        if (saysNothing(check.conclusion)) {
            verdict.outcome = Outcome::Transient;
            return verdict;
        }
        verdict.outcome = Outcome::Failed;
        OF_TRY(evidence, m_forge.evidence(check, kMostLog, m_context.stop()));
        verdict.findings = evidence.annotations;
        if (!evidence.log.isEmpty())
            OF_CHECK(m_context.keepArtifact(
                QStringLiteral("reports/ci-%1-%2.log").arg(requiredCheckName()).arg(m_context.attempt()),
                (evidence.cut ? QByteArray("[the beginning was cut]\n") : QByteArray()) + evidence.log));
        if (verdict.findings.empty())
            verdict.findings = fromLog(evidence.log);
        if (verdict.findings.empty())
            verdict.findings = errorLines(evidence.log);
        if (verdict.findings.empty()) {
            const QString lines = lastLines(evidence.log);
            verdict.findings.push_back(findingOf(QStringLiteral("check-failed"),
                                                 lines.isEmpty() ? QStringLiteral("the forge gives no log") : lines));
        }
        return verdict;
    }

    /// What the language's own readers find in the output of its tools.
    std::vector<Finding> fromLog(const QByteArray &log) const
    {
        const auto plan = m_context.toolchains().plan(m_context.toolchain(), StageKind::UnitTest,
                                                      m_context.workspace().path, m_context.reportsInside(), {});
        if (!plan || log.isEmpty())
            return {};
        for (const PlannedCommand &command : plan->commands) {
            for (const ReportSource &source : command.reports) {
                if (!source.kind.startsWith(QStringLiteral("text:")))
                    continue;
                const auto report = m_context.toolchains().read(source.kind, log, m_context.workspaceInside());
                if (report && !report->findings.empty())
                    return report->findings;
            }
        }
        return {};
    }

    StageContext &m_context;
    Forge &m_forge;
    const Job &m_job;
    PullRecord m_record;
    RequiredVerdict m_required;
};

/// Pushes the job's branch, has a draft pull request, and waits for the required check.
class PullRequestStage : public StageHandler {
public:
    Result<StageResult> run(StageContext &context) const override
    {
        OF_TRY(forge, context.forge());
        auto result = Look(context, *forge).run();
        if (result || result.error().kind != ErrorKind::Unavailable)
            return result;
        // A forge that is down is no failure of the change, however long it lasts.
        Wait wait;
        wait.kind = WaitKind::Checks;
        wait.what = QStringLiteral("the forge to answer: ") + toText(result.error());
        wait.wakeAtBootMs = std::chrono::milliseconds(std::chrono::seconds(30)).count();
        return wait;
    }
};

} // namespace

std::unique_ptr<StageHandler> makePullRequest()
{
    return std::make_unique<PullRequestStage>();
}

} // namespace openfactory
