// SPDX-License-Identifier: Apache-2.0
#include "core/engine/findingsexport.h"

#include "core/base/text.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <map>

namespace openfactory {

namespace {

QString textOf(const Finding &finding)
{
    const QString what = finding.test.isEmpty() ? finding.message
                                                : QStringLiteral("%1: %2").arg(finding.test, finding.message);
    return finding.suggestion.isEmpty() ? what : QStringLiteral("%1 (%2)").arg(what, finding.suggestion);
}

QString levelOf(Severity severity)
{
    return severity == Severity::Error     ? QStringLiteral("error")
           : severity == Severity::Warning ? QStringLiteral("warning")
                                           : QStringLiteral("note");
}

QJsonObject resultOf(const StandingFinding &standing)
{
    const Finding &finding = standing.finding;
    QJsonObject result{
        {QStringLiteral("level"), levelOf(finding.severity)},
        {QStringLiteral("message"), QJsonObject{{QStringLiteral("text"), textOf(finding)}}},
        {QStringLiteral("baselineState"), finding.before ? QStringLiteral("unchanged") : QStringLiteral("new")},
        {QStringLiteral("partialFingerprints"),
         QJsonObject{{QStringLiteral("openfactory/v1"), QString::fromLatin1(sha256Hex(findingKey(finding)))}}},
        {QStringLiteral("properties"),
         QJsonObject{{QStringLiteral("stage"), standing.stage}, {QStringLiteral("attempt"), standing.attempt}}}};
    if (!finding.rule.isEmpty())
        result[QStringLiteral("ruleId")] = finding.rule;
    if (finding.file.isEmpty())
        return result;
    QJsonObject place{{QStringLiteral("artifactLocation"),
                       QJsonObject{{QStringLiteral("uri"), QString::fromLatin1(finding.file.toPercentEncoding("/"))},
                                   {QStringLiteral("uriBaseId"), QStringLiteral("%SRCROOT%")}}}};
    if (finding.line > 0)
        place[QStringLiteral("region")] = QJsonObject{{QStringLiteral("startLine"), finding.line}};
    result[QStringLiteral("locations")] = QJsonArray{QJsonObject{{QStringLiteral("physicalLocation"), place}}};
    return result;
}

/// One line without tabs: each is a mark of the format.
QString onOneLine(const QString &text)
{
    return displayable(text.simplified());
}

} // namespace

std::vector<StandingFinding> standingFindings(const std::vector<AttemptRecord> &attempts)
{
    std::map<QString, int> newest;
    for (const AttemptRecord &attempt : attempts) {
        if (attempt.verdict)
            newest[attempt.stage] = std::max(newest[attempt.stage], attempt.number);
    }
    std::vector<StandingFinding> standing;
    for (const AttemptRecord &attempt : attempts) {
        if (!attempt.verdict || newest[attempt.stage] != attempt.number)
            continue;
        for (const Finding &finding : attempt.verdict->findings)
            standing.push_back({attempt.stage, attempt.number, finding});
    }
    return standing;
}

QByteArray sarifOf(const Job &job, const std::vector<StandingFinding> &findings)
{
    std::vector<std::pair<QString, QJsonArray>> tools; // in the order in which they first found something
    for (const StandingFinding &standing : findings) {
        auto tool = std::ranges::find(tools, standing.finding.tool, &std::pair<QString, QJsonArray>::first);
        if (tool == tools.end())
            tool = tools.insert(tools.end(), {standing.finding.tool, {}});
        tool->second.append(resultOf(standing));
    }
    if (tools.empty())
        tools.push_back({QStringLiteral("OpenFactory"), {}}); // a run without results says that nothing was found
    QJsonArray runs;
    for (const auto &[name, results] : tools) {
        runs.append(
            QJsonObject{{QStringLiteral("tool"),
                         QJsonObject{{QStringLiteral("driver"), QJsonObject{{QStringLiteral("name"), name}}}}},
                        {QStringLiteral("automationDetails"),
                         QJsonObject{{QStringLiteral("id"), QStringLiteral("openfactory/%1/").arg(job.id().text())}}},
                        {QStringLiteral("properties"), QJsonObject{{QStringLiteral("job"), job.slug().text()},
                                                                   {QStringLiteral("commit"), job.progress.head}}},
                        {QStringLiteral("results"), results}});
    }
    const QJsonObject log{{QStringLiteral("version"), QStringLiteral("2.1.0")}, {QStringLiteral("runs"), runs}};
    return QJsonDocument(log).toJson();
}

QByteArray tasksOf(const QString &folder, const std::vector<StandingFinding> &findings)
{
    QByteArray lines;
    for (const auto &[stage, attempt, finding] : findings) {
        const QString file = finding.file.isEmpty() ? QString() : folder + u'/' + displayPath(finding.file);
        const QStringList fields{file, QString::number(finding.line > 0 ? finding.line : -1),
                                 finding.severity == Severity::Error ? QStringLiteral("err") : QStringLiteral("warn"),
                                 onOneLine(QStringLiteral("%1: %2").arg(stage, textOf(finding)))};
        lines += fields.join(u'\t').toUtf8() + '\n';
    }
    return lines;
}

} // namespace openfactory
