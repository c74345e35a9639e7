// SPDX-License-Identifier: Apache-2.0
/// SARIF 2.1: the results of every run, each at its first place in the workspace.
#include "core/toolchain/reports.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

namespace openfactory {

namespace {

QJsonObject in(const QJsonObject &object, const char16_t *name)
{
    return object.value(QString::fromUtf16(name)).toObject();
}

QString textIn(const QJsonObject &object, const char16_t *name)
{
    return object.value(QString::fromUtf16(name)).toString();
}

} // namespace

Result<Report> readSarif(const QByteArray &bytes, const ReportPaths &paths)
{
    QJsonParseError error;
    const QJsonObject document = QJsonDocument::fromJson(bytes, &error).object();
    const QJsonValue runs = document.value(QStringLiteral("runs"));
    if (!runs.isArray() || !textIn(document, u"version").startsWith(QStringLiteral("2.")))
        return std::unexpected(reportError(QStringLiteral("not a SARIF 2 file (%1)").arg(error.errorString())));
    Report report;
    const QJsonArray runList = runs.toArray();
    for (const auto &runValue : runList) {
        const QJsonObject run = runValue.toObject();
        const QJsonObject driver = in(in(run, u"tool"), u"driver");
        if (!run.value(QStringLiteral("results")).isArray()) // absent: the tool could not look at all
            return std::unexpected(reportError(QStringLiteral("a run in it has no results")));
        const QJsonArray results = run.value(QStringLiteral("results")).toArray();
        const QJsonArray rules = driver.value(QStringLiteral("rules")).toArray();
        for (const auto &value : results) {
            const QJsonObject result = value.toObject();
            if (!result.value(QStringLiteral("suppressions")).toArray().isEmpty()
                || report.findings.size() >= mostFindings)
                continue;
            const QJsonObject rule = rules.at(result.value(QStringLiteral("ruleIndex")).toInt(-1)).toObject();
            Finding finding;
            finding.tool = oneLine(textIn(driver, u"name"), 100);
            finding.rule = oneLine(textIn(result, u"ruleId"), 100);
            if (finding.rule.isEmpty())
                finding.rule = oneLine(textIn(rule, u"id"), 100);
            QString level = textIn(result, u"level");
            if (level.isEmpty())
                level = textIn(in(rule, u"defaultConfiguration"), u"level");
            finding.severity = severityOf(level, Severity::Warning); // what the format says where it is left out
            finding.message = oneLine(textIn(in(result, u"message"), u"text"));
            finding.suggestion = oneLine(textIn(rule, u"helpUri"), 300);
            const QJsonArray locations = result.value(QStringLiteral("locations")).toArray();
            for (const auto &location : locations) {
                const QJsonObject physical = in(location.toObject(), u"physicalLocation");
                const QUrl url(textIn(in(physical, u"artifactLocation"), u"uri"));
                finding.file = paths.relative(url.path());
                if (finding.file.isEmpty())
                    continue;
                finding.line = std::max(0, in(physical, u"region").value(QStringLiteral("startLine")).toInt());
                break;
            }
            report.findings.push_back(finding);
        }
    }
    std::ranges::stable_sort(report.findings, std::greater(), &Finding::severity);
    return report;
}

} // namespace openfactory
