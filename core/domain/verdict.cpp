// SPDX-License-Identifier: Apache-2.0
#include "core/domain/verdict.h"

#include "core/domain/names.h"

#include <QJsonArray>

namespace openfactory {

namespace {

constexpr Named<Outcome> kOutcomes[] = {
    {Outcome::Passed, u"passed"},
    {Outcome::SoftFailed, u"soft_failed"},
    {Outcome::Failed, u"failed"},
    {Outcome::Transient, u"transient"},
    {Outcome::NotMeasured, u"not_measured"},
    {Outcome::FailedBefore, u"failed_before"},
};
constexpr Named<Severity> kSeverities[] = {{Severity::Info, u"info"},
                                           {Severity::Warning, u"warning"},
                                           {Severity::Error, u"error"}};

/// A member of a stored object; the first one that is missing or of another type is remembered.
class Reader {
public:
    explicit Reader(const QJsonObject &object) : m_object(object) {}

    QJsonValue take(const QString &key, QJsonValue::Type type)
    {
        const QJsonValue value = m_object.value(key);
        if (value.type() != type && m_bad.isEmpty())
            m_bad = key;
        return value;
    }
    QString text(const QString &key) { return take(key, QJsonValue::String).toString(); }
    int integer(const QString &key)
    {
        const double value = take(key, QJsonValue::Double).toDouble();
        if ((value != double(int(value))) && m_bad.isEmpty())
            m_bad = key;
        return int(value);
    }
    bool has(const QString &key) const { return m_object.contains(key); }
    void refuse(const QString &key) { m_bad = m_bad.isEmpty() ? key : m_bad; }
    Result<void> check() const
    {
        if (m_bad.isEmpty())
            return {};
        return fail(ErrorKind::Corrupt, QStringLiteral("read a stored verdict"),
                    QStringLiteral("\"%1\" is missing or of a wrong type").arg(m_bad));
    }

private:
    const QJsonObject &m_object;
    QString m_bad;
};

Result<Finding> findingFromJson(const QJsonObject &object)
{
    Reader in(object);
    Finding finding;
    finding.tool = in.text(QStringLiteral("tool"));
    finding.rule = in.text(QStringLiteral("rule"));
    finding.line = in.integer(QStringLiteral("line"));
    finding.message = in.text(QStringLiteral("message"));
    finding.suggestion = in.text(QStringLiteral("suggestion"));
    if (const auto severity = valueIn(kSeverities, in.text(QStringLiteral("severity"))))
        finding.severity = *severity;
    else
        in.refuse(QStringLiteral("severity"));
    if (in.has(QStringLiteral("fileBase64")))
        finding.file = QByteArray::fromBase64(in.text(QStringLiteral("fileBase64")).toLatin1());
    else
        finding.file = in.text(QStringLiteral("file")).toUtf8();
    finding.test = object.value(QStringLiteral("test")).toString();
    finding.before = object.value(QStringLiteral("before")).toBool();
    OF_CHECK(in.check());
    return finding;
}

} // namespace

std::optional<double> Coverage::percent() const
{
    if (lines <= 0)
        return std::nullopt;
    return 100.0 * covered / lines;
}

QString toName(Outcome outcome)
{
    return nameIn(kOutcomes, outcome);
}

std::optional<Outcome> outcomeFrom(QStringView text)
{
    return valueIn(kOutcomes, text);
}

QString toName(Severity severity)
{
    return nameIn(kSeverities, severity);
}

QJsonObject toJson(const Finding &finding)
{
    QJsonObject out{
        {QStringLiteral("tool"), finding.tool},
        {QStringLiteral("rule"), finding.rule},
        {QStringLiteral("severity"), toName(finding.severity)},
        {QStringLiteral("line"), finding.line},
        {QStringLiteral("message"), finding.message},
        {QStringLiteral("suggestion"), finding.suggestion},
    };
    if (!finding.test.isEmpty())
        out[QStringLiteral("test")] = finding.test;
    if (finding.before)
        out[QStringLiteral("before")] = true;
    // A file name is bytes; what is not UTF-8 (or would lose a byte order mark) travels under another key.
    const QString text = QString::fromUtf8(finding.file);
    if (text.toUtf8() == finding.file)
        out[QStringLiteral("file")] = text;
    else
        out[QStringLiteral("fileBase64")] = QString::fromLatin1(finding.file.toBase64());
    return out;
}

QJsonObject toJson(const RecordSource &source)
{
    QJsonObject out{{QStringLiteral("job"), source.job},
                    {QStringLiteral("stage"), source.stage},
                    {QStringLiteral("attempt"), source.attempt}};
    if (!source.slug.isEmpty())
        out[QStringLiteral("slug")] = source.slug;
    return out;
}

QJsonObject toJson(const Verdict &verdict)
{
    QJsonArray findings;
    for (const auto &finding : verdict.findings)
        findings.append(toJson(finding));
    QJsonObject out{
        {QStringLiteral("outcome"), toName(verdict.outcome)},
        {QStringLiteral("summary"), verdict.summary},
        {QStringLiteral("findings"), findings},
        {QStringLiteral("facts"), verdict.facts},
    };
    if (verdict.tests)
        out[QStringLiteral("tests")] = QJsonObject{{QStringLiteral("passed"), verdict.tests->passed},
                                                   {QStringLiteral("failed"), verdict.tests->failed},
                                                   {QStringLiteral("skipped"), verdict.tests->skipped}};
    if (verdict.coveragePercent)
        out[QStringLiteral("coveragePercent")] = *verdict.coveragePercent;
    if (verdict.changedCoveragePercent)
        out[QStringLiteral("changedCoveragePercent")] = *verdict.changedCoveragePercent;
    if (verdict.retryAfter)
        out[QStringLiteral("retryAfterMs")] = qint64(verdict.retryAfter->count());
    if (verdict.record)
        out[QStringLiteral("record")] = toJson(*verdict.record);
    return out;
}

Result<Verdict> verdictFromJson(const QJsonObject &object)
{
    Reader in(object);
    Verdict verdict;
    if (const auto outcome = outcomeFrom(in.text(QStringLiteral("outcome"))))
        verdict.outcome = *outcome;
    else
        in.refuse(QStringLiteral("outcome"));
    verdict.summary = in.text(QStringLiteral("summary"));
    verdict.facts = in.take(QStringLiteral("facts"), QJsonValue::Object).toObject();
    for (const auto &value : in.take(QStringLiteral("findings"), QJsonValue::Array).toArray()) {
        OF_TRY(finding, findingFromJson(value.toObject()));
        verdict.findings.push_back(finding);
    }
    if (in.has(QStringLiteral("tests"))) {
        const QJsonObject counts = in.take(QStringLiteral("tests"), QJsonValue::Object).toObject();
        Reader tests(counts);
        verdict.tests = TestCounts{tests.integer(QStringLiteral("passed")), tests.integer(QStringLiteral("failed")),
                                   tests.integer(QStringLiteral("skipped"))};
        OF_CHECK(tests.check());
    }
    if (in.has(QStringLiteral("coveragePercent")))
        verdict.coveragePercent = in.take(QStringLiteral("coveragePercent"), QJsonValue::Double).toDouble();
    if (in.has(QStringLiteral("changedCoveragePercent")))
        verdict.changedCoveragePercent = in.take(QStringLiteral("changedCoveragePercent"), QJsonValue::Double)
                                             .toDouble();
    if (in.has(QStringLiteral("retryAfterMs")))
        verdict.retryAfter = std::chrono::milliseconds(
            in.take(QStringLiteral("retryAfterMs"), QJsonValue::Double).toInteger());
    if (in.has(QStringLiteral("record"))) {
        const QJsonObject source = in.take(QStringLiteral("record"), QJsonValue::Object).toObject();
        Reader record(source);
        verdict.record = RecordSource{record.text(QStringLiteral("job")), source[QStringLiteral("slug")].toString(),
                                      record.text(QStringLiteral("stage")), record.integer(QStringLiteral("attempt"))};
        OF_CHECK(record.check());
    }
    OF_CHECK(in.check());
    return verdict;
}

} // namespace openfactory
