// SPDX-License-Identifier: Apache-2.0
/// Text and JSON that linters print.
#include "core/toolchain/reports.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <map>

namespace openfactory {

namespace {

constexpr qint64 mostCounted = 100'000'000;
constexpr qsizetype mostText = 8 * 1024 * 1024; ///< of a text; beyond it nobody reads findings

Finding findingOf(const TextReader &reader, const TextPattern &pattern, const QRegularExpressionMatch &match,
                  const ReportPaths &paths)
{
    const QStringList known = pattern.match.namedCaptureGroups();
    const auto group = [&](const QString &name) { return known.contains(name) ? match.captured(name) : QString(); };
    const auto orElse = [](const QString &text, const QString &otherwise) { return text.isEmpty() ? otherwise : text; };
    Finding finding;
    finding.tool = reader.tool;
    finding.rule = oneLine(orElse(group(QStringLiteral("rule")), pattern.rule), 100);
    finding.severity = severityOf(group(QStringLiteral("severity")), pattern.severity);
    finding.file = paths.relative(group(QStringLiteral("file")));
    finding.line = group(QStringLiteral("line")).toInt();
    if (finding.file.isEmpty() && known.contains(QStringLiteral("file")))
        finding.line = 0; // of a file elsewhere
    QString message = pattern.message;
    for (const QString &name : known) {
        if (!name.isEmpty() && message.contains(u'{'))
            message.replace(u'{' + name + u'}', match.captured(name));
    }
    finding.message = oneLine(orElse(group(QStringLiteral("message")), message));
    finding.suggestion = pattern.suggestion;
    return finding;
}

} // namespace

Result<Report> readText(const QByteArray &bytes, const ReportPaths &paths, const TextReader &reader)
{
    const QString text = plainText(bytes.left(mostText));
    struct Piece {
        qsizetype end;
        Finding finding;
        const TextPattern *pattern;
        bool placed;
    };
    std::map<qsizetype, Piece> found; // by their starts: in the order of the text
    for (const auto &pattern : reader.patterns) {
        const bool placed = pattern.match.namedCaptureGroups().contains(QStringLiteral("file"));
        size_t taken = 0;
        for (auto matches = pattern.match.globalMatch(text); matches.hasNext() && taken < mostFindings;) {
            const auto match = matches.next();
            // What an earlier pattern has read is not read again.
            const auto after = found.upper_bound(match.capturedStart());
            const bool overlaps = (after != found.begin() && std::prev(after)->second.end > match.capturedStart())
                                  || (after != found.end() && after->first < match.capturedEnd());
            if (match.capturedLength() == 0 || overlaps)
                continue;
            found.emplace(match.capturedStart(),
                          Piece{match.capturedEnd(), findingOf(reader, pattern, match, paths), &pattern, placed});
            ++taken;
        }
    }
    Report report;
    RepoPath heading;
    for (auto &[start, piece] : found) {
        if (piece.pattern->heading) {
            heading = piece.finding.file;
        } else if (!piece.pattern->aside && report.findings.size() < mostFindings) {
            if (!piece.placed)
                piece.finding.file = heading;
            const QString &said = piece.finding.message, &hint = piece.finding.suggestion;
            if (piece.pattern->missing && report.missing.size() < 5)
                report.missing += hint.isEmpty() ? said : said + QStringLiteral(" (") + hint + u')';
            report.findings.push_back(std::move(piece.finding));
        }
    }
    // A compiler's warnings about other files come before the error that ended it.
    std::ranges::stable_sort(report.findings, std::greater(), &Finding::severity);
    for (const auto &count : reader.counts) {
        for (auto matches = count.globalMatch(text); matches.hasNext();) {
            const auto match = matches.next();
            TestCounts &sum = report.tests ? *report.tests : report.tests.emplace();
            for (const auto &[name, number] : {std::pair(QStringLiteral("passed"), &sum.passed),
                                               {QStringLiteral("failed"), &sum.failed},
                                               {QStringLiteral("skipped"), &sum.skipped}}) {
                if (!count.namedCaptureGroups().contains(name) || !match.hasCaptured(name))
                    continue;
                bool isNumber = false;
                const uint told = match.captured(name).toUInt(&isNumber);
                *number = int(std::min<qint64>(qint64(*number) + (isNumber ? told : 1), mostCounted));
            }
        }
    }
    return report;
}

Result<Report> readMypyJson(const QByteArray &bytes, const ReportPaths &paths, const TextReader *text)
{
    Report report;
    QByteArray others;
    for (const QByteArray &line : bytes.left(mostText).split('\n')) {
        const QJsonObject entry = line.startsWith('{') ? QJsonDocument::fromJson(line).object() : QJsonObject();
        if (entry.isEmpty()) {
            others += line + '\n';
            continue;
        }
        Finding finding;
        finding.tool = QStringLiteral("mypy");
        finding.rule = oneLine(entry.value(QStringLiteral("code")).toString(), 100);
        finding.severity = severityOf(entry.value(QStringLiteral("severity")).toString(), Severity::Error);
        finding.file = paths.relative(entry.value(QStringLiteral("file")).toString());
        finding.line = std::max(0, entry.value(QStringLiteral("line")).toInt());
        finding.message = oneLine(entry.value(QStringLiteral("message")).toString());
        finding.suggestion = oneLine(entry.value(QStringLiteral("hint")).toString());
        if (report.findings.size() < mostFindings)
            report.findings.push_back(finding);
    }
    if (text) {
        OF_TRY(rest, readText(others, paths, *text));
        report.findings.insert(report.findings.end(), rest.findings.begin(), rest.findings.end());
    }
    return report;
}

Result<Report> readBanditJson(const QByteArray &bytes, const ReportPaths &paths)
{
    QJsonParseError error;
    const QJsonObject document = QJsonDocument::fromJson(bytes, &error).object();
    if (!document.value(QStringLiteral("results")).isArray())
        return std::unexpected(reportError(QStringLiteral("not a bandit JSON file (%1)").arg(error.errorString())));
    Report report;
    const QJsonArray errors = document.value(QStringLiteral("errors")).toArray();
    for (const auto &value : errors) {
        const QJsonObject entry = value.toObject();
        if (report.findings.size() < mostFindings)
            report.findings.push_back({QStringLiteral("bandit"),
                                       QStringLiteral("not-read"),
                                       Severity::Error,
                                       paths.relative(entry.value(QStringLiteral("filename")).toString()),
                                       0,
                                       oneLine(entry.value(QStringLiteral("reason")).toString()),
                                       {},
                                       {}});
    }
    const QJsonArray results = document.value(QStringLiteral("results")).toArray();
    for (const auto &value : results) {
        const QJsonObject entry = value.toObject();
        if (report.findings.size() < mostFindings)
            report.findings.push_back(
                {QStringLiteral("bandit"),
                 oneLine(entry.value(QStringLiteral("test_id")).toString(), 100),
                 severityOf(entry.value(QStringLiteral("issue_severity")).toString(), Severity::Error),
                 paths.relative(entry.value(QStringLiteral("filename")).toString()),
                 std::max(0, entry.value(QStringLiteral("line_number")).toInt()),
                 oneLine(entry.value(QStringLiteral("issue_text")).toString()),
                 oneLine(entry.value(QStringLiteral("more_info")).toString(), 300),
                 {}});
    }
    return report;
}

} // namespace openfactory
