// SPDX-License-Identifier: Apache-2.0
/// The Test Anything Protocol, versions 13 and 14: the points of the top level, with what their YAML blocks say. Node
/// counts sub-tests, too, and says so under the plan.
#include "core/toolchain/reports.h"

#include <QRegularExpression>

#include <map>

namespace openfactory {

namespace {

constexpr qsizetype mostLines = 5'000'000;
constexpr qsizetype mostTextOfPoint = 64 * 1024;

Finding findingOf(const QString &name, const QString &block, const ReportPaths &paths)
{
    static const QRegularExpression said(
        QStringLiteral(
            "^\\s*(?:(?:error|message):\\s*(?:\\|-?\\s*\\n\\s*)?|((?:expected|actual): ))\\s*['\"]?(.+?)['\"]?$"),
        QRegularExpression::MultilineOption);
    Finding finding;
    finding.tool = QStringLiteral("tap");
    finding.rule = QStringLiteral("failed");
    finding.test = oneLine(name, 1000);
    // The stack says where it failed, the location only where the test begins.
    const qsizetype stack = block.indexOf(QRegularExpression(QStringLiteral("\\b(?:stack|at):")));
    auto place = stack < 0 ? std::pair<RepoPath, int>() : placeNamedIn(block.mid(stack), paths);
    if (place.first.isEmpty())
        place = placeNamedIn(block, paths);
    finding.file = place.first;
    finding.line = place.second;
    QStringList words;
    for (auto matches = said.globalMatch(block); matches.hasNext() && words.size() < 4;) {
        const auto match = matches.next();
        words += match.captured(1) + match.captured(2);
    }
    finding.message = oneLine(words.isEmpty() ? name : name + QStringLiteral(": ") + words.join(QStringLiteral("; ")));
    return finding;
}

} // namespace

Result<Report> readTap(const QByteArray &bytes, const ReportPaths &paths)
{
    static const QRegularExpression point(
        QStringLiteral("^( *)(not )?ok\\b(?: +(\\d{1,9}))?(?: +-)? *(.*?)(?:(?<= )# *(SKIP|TODO)\\b(.*))?$"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression plan(QStringLiteral("^1\\.\\.(\\d{1,9})(?: +#.*)?$"));
    static const QRegularExpression said(QStringLiteral("^# (tests|pass|fail|cancelled|skipped|todo) +(\\d{1,9})$"));
    static const QRegularExpression bail(QStringLiteral("^Bail out! *(.*)$"),
                                         QRegularExpression::CaseInsensitiveOption);
    const QList<QByteArray> lines = plainText(bytes).toUtf8().split('\n');
    if (lines.size() > mostLines)
        return std::unexpected(reportError(QStringLiteral("it has more than %1 lines").arg(mostLines)));
    Report report;
    TestCounts counts;
    std::optional<int> planned;
    int points = 0;
    std::vector<Finding> inner; // of sub-tests, which come before their point
    QString name, block;
    std::map<QString, int> summary; // "# pass 3", under the plan
    int failedAt = -1;              // indentation of the failed point whose block is read
    const auto close = [&] {
        if (failedAt < 0)
            return;
        Finding finding = findingOf(name, block, paths);
        auto &list = failedAt > 0 ? inner : report.findings;
        if (failedAt == 0 && !inner.empty()) // its sub-tests say why
            report.findings.insert(report.findings.end(), inner.begin(), inner.end());
        else if (list.size() < mostFindings)
            list.push_back(finding);
        if (failedAt == 0)
            inner.clear();
        failedAt = -1;
        block.clear();
    };
    for (const QByteArray &raw : lines) {
        const QString line = QString::fromUtf8(raw.left(20'000));
        if (const auto match = point.match(line); match.hasMatch()) {
            close();
            const bool top = match.capturedLength(1) == 0;
            const bool failed = match.hasCaptured(2) && match.capturedLength(5) == 0;
            if (top) {
                ++points;
                counts.failed += failed;
                counts.skipped += match.capturedLength(5) > 0;
                counts.passed += !failed && match.capturedLength(5) == 0;
                if (!failed && match.capturedLength(5) == 0 && report.passed.size() < mostNamedTests)
                    report.passed << oneLine(match.captured(4), 1000);
            }
            if (failed) {
                name = match.captured(4);
                failedAt = int(match.capturedLength(1));
            } else if (top) {
                inner.clear();
            }
        } else if (const auto count = plan.match(line); count.hasMatch()) {
            close();
            if (planned)
                return std::unexpected(reportError(QStringLiteral("it has two plans")));
            planned = count.captured(1).toInt();
        } else if (const auto out = bail.match(line); out.hasMatch()) {
            close();
            Finding finding;
            finding.tool = QStringLiteral("tap");
            finding.rule = QStringLiteral("bail-out");
            finding.message = oneLine(QStringLiteral("the tests gave up: ") + out.captured(1));
            report.findings.insert(report.findings.begin(), finding);
            ++counts.failed;
            planned = points;
        } else if (const auto sum = said.match(line); planned && sum.hasMatch()) {
            summary[sum.captured(1)] = sum.captured(2).toInt();
        } else if (failedAt >= 0 && block.size() < mostTextOfPoint) {
            block += line + u'\n';
        }
    }
    close();
    if (!planned)
        return std::unexpected(reportError(QStringLiteral("it has no plan: not TAP, or cut short")));
    if (*planned != points)
        return std::unexpected(
            reportError(QStringLiteral("it is cut short: %1 tests of %2").arg(points).arg(*planned)));
    const auto sum = [&](const char16_t *word) { return summary[QString::fromUtf16(word)]; };
    const TestCounts told{sum(u"pass"), sum(u"fail") + sum(u"cancelled"), sum(u"skipped") + sum(u"todo")};
    // Believed where it adds up and does not make good what a point says.
    if (told.total() > 0 && told.total() == sum(u"tests") && (told.failed > 0) == (counts.failed > 0))
        counts = told;
    report.tests = counts;
    return report;
}

} // namespace openfactory
