// SPDX-License-Identifier: Apache-2.0
#include "core/stages/plannedrun.h"

#include "core/base/text.h"

#include <QFile>
#include <QRegularExpression>

#include <csignal>
#include <cstring>
#include <map>
#include <set>

namespace openfactory {

namespace {

constexpr qint64 kMostReportBytes = 64 * 1024 * 1024;
constexpr qint64 kMostSearchedBytes = 8 * 1024 * 1024; ///< of an output, for words that tell of a service

/// One byte more than a report may have: where the output is a report, a reader refuses what is cut short.
QByteArray outputOf(const CommandRun &run)
{
    QFile file(run.logPath);
    // Memory for no more than there is: the command is over, nothing is added.
    return file.open(QIODevice::ReadOnly) ? file.read(std::min(file.size(), kMostReportBytes + 1)) : QByteArray();
}

bool speaksOfService(const QByteArray &output, const QStringList &patterns)
{
    const QString text = QString::fromUtf8(output.left(kMostSearchedBytes));
    return std::ranges::any_of(patterns, [&](const QString &pattern) {
        return QRegularExpression(pattern, QRegularExpression::CaseInsensitiveOption).match(text).hasMatch();
    });
}

/// Of a command that did not end by itself: at which limit of the contract, by which signal.
QString howItEnded(const CommandOutcome &outcome)
{
    using Ending = CommandOutcome::Ending;
    const auto atLimit = [](const char *of, const char *key) {
        return QStringLiteral("ended at its limit of %1 (limits.%2)")
            .arg(QLatin1StringView(of), QLatin1StringView(key));
    };
    switch (outcome.ending) {
    case Ending::Timeout: return atLimit("time", "command_timeout_seconds");
    case Ending::MemoryLimit: return atLimit("memory", "memory_mb");
    case Ending::ProcessLimit: return atLimit("processes", "processes");
    case Ending::Signal: {
        const char *meaning = ::sigdescr_np(outcome.signal);
        return QStringLiteral("signal %1%2")
            .arg(outcome.signal)
            .arg(meaning ? QStringLiteral(", ") + QLatin1StringView(meaning) : QString());
    }
    default: return toName(outcome.ending);
    }
}

/// Of several projects together; where two measured one file, the first one is believed.
void add(Coverage &sum, const Coverage &more)
{
    for (const auto &file : more.files) {
        if (std::ranges::contains(sum.files, file.file, &FileCoverage::file))
            continue;
        sum.lines += file.lines;
        sum.covered += file.covered;
        sum.files.push_back(file);
    }
}

/// What the tools said of one command.
struct Said {
    qsizetype findings = 0;
    QStringList missing;     ///< what it could not run without
    qsizetype elsewhere = 0; ///< left out: in files that the change leaves alone
};

Result<Said> readReports(StageContext &context, const PlannedCommand &command, const CommandOutcome &outcome,
                         const QByteArray &output, Measured &measured)
{
    Said said;
    std::set<RepoPath> changed;
    if (command.onlyChanged) {
        OF_TRY(change, context.change());
        for (const auto &file : change.files)
            changed.insert(file.path);
    }
    for (const auto &source : command.reports) {
        QByteArray bytes = output;
        if (!source.path.isEmpty()) {
            const auto read = context.report(source.path, kMostReportBytes);
            if (!read) {
                // A tool that broke early writes none, and its exit says so. Tests that end well and leave no count may
                // not have run at all: a test can end the process.
                if (outcome.succeeded() && source.kind == u"junit") {
                    Finding finding;
                    finding.tool = command.program;
                    finding.rule = QStringLiteral("no-report");
                    finding.severity = Severity::Error;
                    finding.message = QStringLiteral("%1 ended well, but its report %2 cannot be read: what ran is not "
                                                     "known")
                                          .arg(command.program, displayPath(source.path.toUtf8()));
                    finding.suggestion = QStringLiteral("look for a test that ends the process (os._exit, exec)");
                    measured.findings.push_back(finding);
                    measured.toolFailed = true;
                }
                continue;
            }
            bytes = *read;
            const QString name = QStringLiteral("reports/%1-%2-%3")
                                     .arg(context.stage().name)
                                     .arg(context.attempt())
                                     .arg(QString(source.path).replace(u'/', u'-'));
            OF_CHECK(context.keepArtifact(name, bytes));
        }
        auto report = context.toolchains().read(source.kind, bytes, context.workspaceInside());
        if (!report) {
            Finding finding;
            finding.tool = command.program;
            finding.rule = QStringLiteral("unreadable-report");
            finding.message = toText(report.error());
            measured.findings.push_back(finding);
            measured.toolFailed = true;
            continue;
        }
        said.missing += report->missing;
        measured.passedTests += report->passed;
        if (report->tests) {
            TestCounts sum = measured.tests.value_or(TestCounts{});
            sum.passed += report->tests->passed;
            sum.failed += report->tests->failed;
            sum.skipped += report->tests->skipped;
            measured.tests = sum;
        }
        if (report->coverage && measured.coverage)
            add(*measured.coverage, *report->coverage);
        else if (report->coverage)
            measured.coverage = std::move(report->coverage);
        for (auto &finding : report->findings) {
            if (command.onlyChanged && !finding.file.isEmpty() && !changed.contains(finding.file)) {
                ++said.elsewhere;
                continue;
            }
            ++said.findings;
            if (std::ranges::find(measured.findings, finding) == measured.findings.end())
                measured.findings.push_back(std::move(finding));
        }
    }
    return said;
}

} // namespace

Outcome failureOf(const StageDefinition &stage)
{
    return stage.failure == FailureClass::Soft ? Outcome::SoftFailed : Outcome::Failed;
}

QString countsText(const TestCounts &counts)
{
    QStringList parts;
    if (counts.failed > 0)
        parts << QStringLiteral("%1 failed").arg(counts.failed);
    parts << QStringLiteral("%1 passed").arg(counts.passed);
    if (counts.skipped > 0)
        parts << QStringLiteral("%1 skipped").arg(counts.skipped);
    return parts.join(QStringLiteral(", "));
}

Result<StagePlan> planOf(StageContext &context, StageKind kind)
{
    // The contract's own command stands for the kind wherever it is measured: in its stage, and once more in tcr.
    const auto index = context.stage().kind == kind ? context.pipeline().indexOf(context.stage().name)
                                                    : context.pipeline().indexOf(kind);
    const StageDefinition *asked = index ? &context.pipeline().stages[size_t(*index)] : nullptr;
    if (asked && !asked->command.isEmpty()) {
        PlannedCommand own;
        own.argv = asked->command;
        own.program = own.argv.value(0);
        own.howToInstall = QStringLiteral("the contract names it");
        own.problemCodes.clear();
        for (int code = 1; code < 256; ++code)
            own.problemCodes.push_back(code);
        own.network = asked->network;
        StagePlan plan;
        plan.commands.push_back(own);
        return plan;
    }
    OF_TRY(change, context.change());
    std::vector<RepoPath> files;
    for (const auto &file : change.files) {
        if (file.status != FileStatus::Deleted)
            files.push_back(file.path);
    }
    return context.toolchains().plan(context.toolchain(), kind, context.workspace().path, context.reportsInside(),
                                     files);
}

Result<void> runCommands(StageContext &context, const StagePlan &plan, const std::vector<PlannedCommand> &commands,
                         Measured &measured)
{
    for (const auto &command : commands) {
        if (!command.needed().isEmpty() && !context.hasProgram(command.needed())) {
            if (!command.optional)
                measured.missing
                    << QStringLiteral("%1 is not installed (%2)").arg(command.program, command.howToInstall);
            continue;
        }
        const auto run = context.run(command);
        if (!run) {
            // What the allowlist refuses is a mistake of the contract, not a tool that is missing: it ends the job.
            if (run.error().kind != ErrorKind::NotFound)
                return std::unexpected(run.error());
            measured.missing << toText(run.error()); // the program went away
            continue;
        }
        const QByteArray output = outputOf(*run);
        OF_TRY(said, readReports(context, command, run->outcome, output, measured));
        const auto has = [&](const std::vector<int> &codes) {
            return std::ranges::find(codes, run->outcome.exitCode) != codes.end();
        };
        const bool exited = run->outcome.ending == CommandOutcome::Ending::Exit;
        if (exited && has(command.nothingCodes)) {
            measured.nothing = QStringLiteral("%1 found nothing to check").arg(command.program);
            continue;
        }
        ++measured.ran;
        const bool passed = exited && has(command.passCodes);
        if (passed && !(command.findingsFail && said.findings > 0))
            continue;
        if (exited && has(command.problemCodes) && said.findings == 0 && said.elsewhere > 0)
            continue; // all that it found was there before
        if (!passed)
            measured.missing += said.missing;
        measured.endings
            << (passed ? QStringLiteral("%1: %2 findings").arg(shownCommand(command.argv).left(80)).arg(said.findings)
                : exited
                    ? QStringLiteral("%1: exit %2").arg(shownCommand(command.argv).left(80)).arg(run->outcome.exitCode)
                    : QStringLiteral("%1: %2").arg(shownCommand(command.argv).left(80), howItEnded(run->outcome)));
        if (exited)
            measured.exitCodes.push_back(run->outcome.exitCode);
        // SIGKILL is what the kernel sends when memory runs out: no verdict of the tool, and it may pass later.
        const bool killed = run->outcome.ending == CommandOutcome::Ending::Signal && run->outcome.signal == SIGKILL;
        if (killed || run->outcome.ending == CommandOutcome::Ending::Timeout
            || speaksOfService(output, plan.transientPatterns))
            measured.serviceDown = true;
        else if (passed || (exited && has(command.problemCodes)))
            measured.problems = true;
        else
            measured.toolFailed = true;
        if (plan.stopAtFirst)
            break;
    }
    return {};
}

Result<Measured> measure(StageContext &context, StageKind kind)
{
    OF_TRY(plan, planOf(context, kind));
    Measured measured;
    measured.nothing = plan.nothingToDo;
    OF_CHECK(runCommands(context, plan, plan.commands, measured));
    if (kind != StageKind::Coverage) // whose figure is compared, not its findings
        OF_CHECK(setApart(context, kind, measured));
    return measured;
}

namespace {

/// Every test passed, and the tool says no all the same: it asks for more, such as a coverage of so many percent.
bool saysNoToPassedTests(const Measured &measured)
{
    return measured.problems && measured.findings.empty() && measured.tests && measured.tests->failed == 0
           && measured.tests->passed > 0;
}

} // namespace

Result<void> setApart(StageContext &context, StageKind kind, Measured &measured)
{
    if (!measured.problems || measured.toolFailed || measured.serviceDown)
        return {};
    // An exit code alone, as of the contract's own commands, says nothing that could be compared.
    const bool exitOnly = saysNoToPassedTests(measured);
    if (measured.findings.empty() && !exitOnly)
        return {};
    OF_TRY(before, context.before());
    OF_TRY(plan, planOf(*before, kind));
    Measured then;
    OF_CHECK(runCommands(*before, plan, plan.commands, then));
    if (!then.problems || then.toolFailed || then.serviceDown)
        return {};
    if (exitOnly) {
        measured.failedBefore = saysNoToPassedTests(then) && then.exitCodes == measured.exitCodes;
        return {};
    }
    // Of a report that was cut it cannot be told what it left out.
    if (measured.findings.size() >= mostFindings || then.findings.size() >= mostFindings)
        return {};
    const bool ofTests = kind == StageKind::UnitTest || kind == StageKind::Integration;
    std::map<QByteArray, int> known;
    for (const Finding &finding : then.findings)
        ++known[findingKey(finding)];
    bool news = measured.tests && measured.tests->failed > (then.tests ? then.tests->failed : 0);
    bool allMet = !news;
    QString blocked; // what kept tests from beginning
    for (Finding &finding : measured.findings) {
        const auto found = known.find(findingKey(finding));
        const bool met = found != known.end() && found->second-- > 0;
        // Where tests could not even begin (a broken import or conftest), nothing is known of those that did not run.
        const bool comparable = !ofTests || (!finding.test.isEmpty() && finding.rule != u"collection");
        finding.before = comparable && met;
        allMet = allMet && met;
        if (finding.rule == u"collection" && blocked.isEmpty())
            blocked = finding.message;
        news = news || (!finding.before && finding.severity != Severity::Info);
    }
    // The same kept them from it before: it is no fault of the change, and no verdict on it.
    if (ofTests && allMet && !blocked.isEmpty())
        measured.missing << QStringLiteral("tests cannot begin, as they could not before the change: %1").arg(blocked);
    std::ranges::stable_partition(measured.findings, [](const Finding &finding) { return !finding.before; });
    measured.failedBefore = !news;
    return {};
}

Result<std::vector<Finding>> failedSinceUnitTests(StageContext &context, const Measured &measured)
{
    if (!measured.tests || measured.tests->failed == 0)
        return {};
    OF_TRY(earlier, context.verdicts());
    for (const auto &[name, verdict] : earlier) {
        const auto index = context.pipeline().indexOf(name);
        if (!index || context.pipeline().stages[size_t(*index)].kind != StageKind::UnitTest || !verdict.tests
            || verdict.tests->failed >= measured.tests->failed)
            continue;
        std::set<QByteArray> known;
        for (const Finding &finding : verdict.findings)
            known.insert(findingKey(finding));
        std::vector<Finding> failed;
        for (Finding finding : measured.findings) {
            if (finding.severity != Severity::Error || known.contains(findingKey(finding)))
                continue;
            finding.suggestion = QStringLiteral(
                                     "it passed in %1, on the same change: find out what it depends on (time, "
                                     "chance, order, what an earlier run left)")
                                     .arg(name);
            failed.push_back(std::move(finding));
        }
        return failed;
    }
    return {};
}

Verdict problemVerdict(const Measured &measured, const QString &what, Outcome failure)
{
    Verdict verdict;
    verdict.findings = measured.findings;
    verdict.tests = measured.tests;
    const auto old = std::ranges::count_if(measured.findings, &Finding::before);
    const auto news = qsizetype(measured.findings.size()) - old;
    const bool style = !measured.tests && failure == Outcome::SoftFailed;
    verdict.outcome = !measured.failedBefore ? failure : style ? Outcome::Passed : Outcome::FailedBefore;
    if (measured.tests)
        verdict.summary = countsText(*measured.tests)
                          + (saysNoToPassedTests(measured)
                                 ? QStringLiteral(", but ") + measured.endings.join(QStringLiteral("; "))
                                 : QString());
    else if (measured.findings.empty())
        verdict.summary = measured.endings.join(QStringLiteral("; "));
    else
        verdict.summary = measured.failedBefore ? QStringLiteral("no new %1").arg(what) : counted(news, what);
    if (measured.failedBefore && measured.tests)
        verdict.summary += QStringLiteral("; the same failed before the change");
    else if (old > 0)
        verdict.summary += QStringLiteral(" (%1 there before)").arg(old);
    return verdict;
}

std::optional<Verdict> commonVerdict(const StageContext &context, const Measured &measured)
{
    Verdict verdict;
    verdict.findings = measured.findings;
    verdict.tests = measured.tests;
    if (!measured.missing.isEmpty()) {
        verdict.outcome =
            Outcome::NotMeasured; // judge() makes it a risk or, on a hard stage, the end; it never reverts
        verdict.summary = QStringLiteral("not measured: ") + measured.missing.join(QStringLiteral("; "));
        return verdict;
    }
    if (measured.serviceDown) {
        verdict.outcome = Outcome::Transient;
        verdict.summary = measured.endings.join(QStringLiteral("; "));
        return verdict;
    }
    if (measured.toolFailed) {
        verdict.outcome = failureOf(context.stage());
        verdict.summary = measured.endings.isEmpty() ? QStringLiteral("a tool's report could not be read")
                                                     : measured.endings.join(QStringLiteral("; "));
        if (!measured.findings.empty())
            verdict.summary += QStringLiteral(": ") + measured.findings.front().message.left(120);
        return verdict;
    }
    return std::nullopt;
}

} // namespace openfactory
