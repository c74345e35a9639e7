// SPDX-License-Identifier: Apache-2.0
#include "core/stages/handlers.h"
#include "core/stages/plannedrun.h"

#include <set>

namespace openfactory {

namespace {

/// The uncovered lines among those that the change added, and how much of them is covered.
std::optional<double> changedCoverage(const ChangeSet &change, const Coverage &coverage, std::vector<Finding> &findings)
{
    int measuredLines = 0;
    int uncovered = 0;
    for (const auto &file : change.files) {
        const auto known = std::ranges::find(coverage.files, file.path, &FileCoverage::file);
        if (known == coverage.files.end())
            continue;
        const std::set<int> missing(known->missing.begin(), known->missing.end());
        const std::set<int> executable(known->executable.begin(), known->executable.end());
        for (const auto &hunk : file.hunks) {
            for (const auto &line : hunk.lines) {
                if (line.kind != DiffLine::Kind::Added || !executable.contains(line.newLine))
                    continue;
                ++measuredLines;
                if (!missing.contains(line.newLine))
                    continue;
                ++uncovered;
                Finding finding;
                finding.tool = QStringLiteral("coverage");
                finding.rule = QStringLiteral("uncovered-change");
                finding.severity = Severity::Warning;
                finding.file = file.path;
                finding.line = line.newLine;
                finding.message = QStringLiteral("a line of the change that no test runs");
                finding.suggestion = QStringLiteral("add a test that reaches it");
                findings.push_back(finding);
            }
        }
    }
    if (measuredLines == 0)
        return std::nullopt;
    return 100.0 * (measuredLines - uncovered) / measuredLines;
}

class CoverageGate : public StageHandler {
public:
    Result<std::optional<StagePlan>> inputs(StageContext &context) const override
    {
        return planOf(context, StageKind::Coverage);
    }
    Result<StageResult> run(StageContext &context) const override
    {
        OF_TRY(measured, measure(context, StageKind::Coverage));
        if (!measured.coverage) {
            if (const auto common = commonVerdict(context, measured))
                return *common;
        }
        Verdict verdict;
        verdict.tests = measured.tests;
        OF_TRY(unreliable, failedSinceUnitTests(context, measured));
        verdict.findings = unreliable;
        const auto percent = measured.coverage ? measured.coverage->percent() : std::nullopt;
        const QString unlike = unreliable.empty() ? QString()
                                                  : QStringLiteral("; %1, unlike in the stage of tests")
                                                        .arg(countsText(*measured.tests));
        if (!percent) {
            verdict.outcome = Outcome::NotMeasured;
            verdict.summary = QStringLiteral("coverage was not measured: ")
                              + (measured.nothing.isEmpty() ? QStringLiteral("the tools reported none")
                                                            : measured.nothing)
                              + unlike;
            return verdict;
        }
        OF_TRY(change, context.change());
        verdict.coveragePercent = percent;
        verdict.changedCoveragePercent = changedCoverage(change, *measured.coverage, verdict.findings);
        verdict.facts = {{QStringLiteral("covered_lines"), measured.coverage->covered},
                         {QStringLiteral("uncovered_lines"), measured.coverage->lines - measured.coverage->covered},
                         {QStringLiteral("required"), context.contract().requiredTestCoverage}};
        for (const auto &file : measured.coverage->files) {
            if (file.lines == 0 || file.covered == file.lines)
                continue;
            Finding finding;
            finding.tool = QStringLiteral("coverage");
            finding.rule = QStringLiteral("uncovered-file");
            finding.severity = Severity::Info;
            finding.file = file.file;
            finding.line = file.missing.empty() ? 0 : file.missing.front();
            finding.message =
                QStringLiteral("%1 of %2 lines are not covered").arg(file.lines - file.covered).arg(file.lines);
            verdict.findings.push_back(finding);
        }
        const QString shown = QString::number(*percent, 'f', 1) + QLatin1Char('%');
        const double required = context.contract().requiredTestCoverage;
        if (*percent + 1e-9 < required) {
            verdict.outcome = failureOf(context.stage());
            verdict.summary = QStringLiteral("Coverage %1 < required %2%").arg(shown).arg(required);
        } else {
            verdict.summary = QStringLiteral("Coverage %1").arg(shown);
        }
        if (!unreliable.empty()) // what they did not reach is not measured, and nobody else will hear of it
            verdict.outcome = failureOf(context.stage());
        verdict.summary += unlike;
        return verdict;
    }
};

} // namespace

std::unique_ptr<StageHandler> makeCoverage()
{
    return std::make_unique<CoverageGate>();
}

} // namespace openfactory
