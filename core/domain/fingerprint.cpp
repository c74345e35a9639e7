// SPDX-License-Identifier: Apache-2.0
// What makes two failures, or two findings, the same one: failureFingerprint() and findingKey() of verdict.h.
#include "core/base/text.h"
#include "core/domain/verdict.h"

#include <QRegularExpression>

#include <set>

namespace openfactory {

namespace {

/// The message without what differs from run to run of the same code. The order matters: the wider forms come first.
QString normalised(const QString &message)
{
    static const std::pair<QRegularExpression, QString> rules[] = {
        {QRegularExpression(QStringLiteral("\\x1b\\[[0-9;]*[A-Za-z]")), QString()},
        {QRegularExpression(QStringLiteral("(?:/var)?/tmp/[^\\s'\"`:,;)\\]>]*")), QStringLiteral("<tmp>")},
        {QRegularExpression(QStringLiteral("\\b0[xX][0-9a-fA-F]+\\b")), QStringLiteral("<hex>")},
        {QRegularExpression(QStringLiteral("\\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b")),
         QStringLiteral("<hex>")},
        {QRegularExpression(QStringLiteral("\\b(?=[a-f]*[0-9])[0-9a-f]{12,}\\b")), QStringLiteral("<hex>")},
        {QRegularExpression(QStringLiteral(
             "\\b\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d)?(?:[.,]\\d+)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?")),
         QStringLiteral("<time>")},
        {QRegularExpression(QStringLiteral("\\d+(?:[.,:]\\d+)*")), QStringLiteral("#")},
        {QRegularExpression(
             QStringLiteral("#\\s?(?:ns|us|\u00b5s|\u03bcs|ms|s|secs?|seconds?|mins?|minutes?|m|h|hours?)\\b")),
         QStringLiteral("<time>")},
        {QRegularExpression(QStringLiteral("\\s+")), QStringLiteral(" ")},
    };
    // A message may be a whole log; its beginning tells it from others.
    QString text = message.left(16'384);
    for (const auto &[pattern, replacement] : rules)
        text.replace(pattern, replacement);
    return text.trimmed();
}

/// Told apart from its neighbours whatever it holds.
QByteArray field(const QByteArray &bytes)
{
    return QByteArray::number(bytes.size()) + ':' + bytes;
}

/// By what is said, without what differs from run to run.
QByteArray saidKey(const Finding &finding)
{
    return field(finding.tool.toUtf8()) + field(finding.rule.toUtf8()) + field(finding.file)
           + field(normalised(finding.message).toUtf8());
}

} // namespace

QByteArray findingKey(const Finding &finding)
{
    if (!finding.test.isEmpty())
        return field(finding.tool.toUtf8()) + field("test") + field(finding.test.toUtf8());
    return saidKey(finding);
}

QString failureFingerprint(const Verdict &verdict)
{
    std::set<QByteArray> lines; // sorted, and each failure once: test tools run in parallel
    for (const auto &finding : verdict.findings) {
        if (finding.severity == Severity::Info)
            continue;
        lines.insert(saidKey(finding));
    }
    if (lines.empty())
        lines.insert(field(normalised(verdict.summary).toUtf8()));
    QByteArray all = toName(verdict.outcome).toUtf8() + '\n';
    for (const auto &line : lines)
        all += line + '\n';
    return QString::fromLatin1(sha256Hex(all));
}

} // namespace openfactory
