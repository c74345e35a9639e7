// SPDX-License-Identifier: Apache-2.0
// Properties of stored verdicts: JSON loses nothing, and the hash of the evidence follows exactly what was measured.
#include "core/domain/decision.h"
#include "tests/testlib/expect.h"

#include <QJsonDocument>

#include <rapidcheck.h>

using namespace openfactory;

namespace {

/// Text with characters that JSON has to escape, and some beyond the first plane.
QString anyText()
{
    QString out;
    for (const char32_t c : *rc::gen::container<std::u32string>(
             rc::gen::oneOf(rc::gen::inRange<char32_t>(1, 0x250),
                            rc::gen::element<char32_t>(U'\u202e', U'\ufeff', U'\U0001f600', U'"', U'\\', U'\n'))))
        out += QString::fromUcs4(&c, 1);
    return out;
}

Finding anyFinding()
{
    Finding finding;
    finding.tool = anyText();
    finding.rule = anyText();
    finding.severity = *rc::gen::element(Severity::Info, Severity::Warning, Severity::Error);
    finding.file = QByteArray::fromStdString(*rc::gen::arbitrary<std::string>());
    finding.line = *rc::gen::inRange(0, 1'000'000);
    finding.message = anyText();
    finding.suggestion = anyText();
    if (*rc::gen::arbitrary<bool>())
        finding.test = anyText();
    finding.before = *rc::gen::arbitrary<bool>();
    return finding;
}

Verdict anyVerdict()
{
    Verdict verdict;
    verdict.outcome = *rc::gen::element(Outcome::Passed, Outcome::SoftFailed, Outcome::Failed, Outcome::Transient,
                                        Outcome::NotMeasured, Outcome::FailedBefore);
    verdict.summary = anyText();
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
        verdict.findings.push_back(anyFinding());
    if (*rc::gen::arbitrary<bool>())
        verdict.tests = TestCounts{*rc::gen::inRange(0, 1000), *rc::gen::inRange(0, 1000), *rc::gen::inRange(0, 1000)};
    if (*rc::gen::arbitrary<bool>())
        verdict.coveragePercent = *rc::gen::inRange(0, 100'000) / 1000.0 / 3;
    if (*rc::gen::arbitrary<bool>())
        verdict.changedCoveragePercent = *rc::gen::inRange(0, 100'000) / 1000.0 / 7;
    if (*rc::gen::arbitrary<bool>())
        verdict.retryAfter = std::chrono::milliseconds(*rc::gen::inRange(0, 1'000'000));
    // Never an empty key: QJsonObject of Qt 6.8 crashes when it compares two of them.
    verdict.facts = {{u'a' + anyText(), *rc::gen::arbitrary<int>()}, {u'b' + anyText(), anyText()}};
    return verdict;
}

bool same(const Verdict &a, const Verdict &b)
{
    return a.outcome == b.outcome && a.summary == b.summary && a.findings == b.findings && a.tests == b.tests
           && a.coveragePercent == b.coveragePercent && a.changedCoveragePercent == b.changedCoveragePercent
           && a.facts == b.facts && a.retryAfter == b.retryAfter;
}

/// As the store does it: through the text of the document.
Result<Verdict> throughText(const Verdict &verdict)
{
    return verdictFromJson(
        QJsonDocument::fromJson(QJsonDocument(toJson(verdict)).toJson(QJsonDocument::Compact)).object());
}

QString hashOf(const Verdict &verdict, const QString &stage = QStringLiteral("lint"))
{
    return evidenceHash({{stage, verdict}});
}

} // namespace

class TestEvidence : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void verdictsSurviveTheirJson()
    {
        QVERIFY(rc::check("a verdict is what it was after JSON", [] {
            const Verdict verdict = anyVerdict();
            const auto read = throughText(verdict);
            RC_ASSERT(read.has_value());
            RC_ASSERT(same(*read, verdict));
            RC_ASSERT(hashOf(*read) == hashOf(verdict));
            RC_ASSERT(failureFingerprint(*read) == failureFingerprint(verdict));
        }));
    }

    void pathsOfEveryKindSurvive_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("plain") << QByteArray("src/a.py");
        QTest::newRow("none") << QByteArray();
        QTest::newRow("UTF-8") << QByteArray("\xc3\xa9t\xc3\xa9/\xf0\x9f\x98\x80.py");
        QTest::newRow("not UTF-8") << QByteArray("caf\xe9.py");
        QTest::newRow("overlong") << QByteArray("\xc0\xaf");
        QTest::newRow("surrogate in UTF-8") << QByteArray("\xed\xa0\x80");
        QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbfsrc.py");
        QTest::newRow("newline and quotes") << QByteArray("a\n\"b'\t");
        QTest::newRow("looks like base64") << QByteArray("c3JjL2EucHk=");
    }
    void pathsOfEveryKindSurvive()
    {
        QFETCH(QByteArray, path);
        Verdict verdict;
        verdict.findings.push_back({});
        verdict.findings[0].file = path;
        const auto read = throughText(verdict);
        OF_OK(read);
        QCOMPARE(read->findings[0].file, path);
    }

    void evidenceChangesWithEveryThingMeasured()
    {
        Verdict base;
        base.findings.push_back({QStringLiteral("flake8"),
                                 QStringLiteral("E501"),
                                 Severity::Warning,
                                 "a.py",
                                 3,
                                 QStringLiteral("long"),
                                 {},
                                 {}});
        base.tests = TestCounts{3, 0, 1};
        base.coveragePercent = 80;
        base.facts = {{QStringLiteral("files"), 2}};
        const auto changed = [&](auto change) {
            Verdict other = base;
            change(other);
            return hashOf(other) != hashOf(base);
        };
        QVERIFY(changed([](Verdict &v) { v.outcome = Outcome::SoftFailed; }));
        QVERIFY(changed([](Verdict &v) { v.findings.clear(); }));
        QVERIFY(changed([](Verdict &v) { v.findings[0].line = 4; }));
        QVERIFY(changed([](Verdict &v) { v.findings[0].message += u'!'; }));
        QVERIFY(changed([](Verdict &v) { v.findings[0].severity = Severity::Error; }));
        QVERIFY(changed([](Verdict &v) { v.tests->skipped = 2; }));
        QVERIFY(changed([](Verdict &v) { v.tests.reset(); }));
        QVERIFY(changed([](Verdict &v) { v.coveragePercent = 80.0001; }));
        QVERIFY(changed([](Verdict &v) { v.changedCoveragePercent = 80; }));
        QVERIFY(changed([](Verdict &v) { v.facts[QStringLiteral("files")] = 3; }));
        QVERIFY(hashOf(base, QStringLiteral("static")) != hashOf(base));
        QVERIFY(evidenceHash({}) != hashOf(base));
        QVERIFY(evidenceHash({{QStringLiteral("a"), base}, {QStringLiteral("b"), Verdict()}})
                != evidenceHash({{QStringLiteral("b"), Verdict()}, {QStringLiteral("a"), base}}));
        // What is said for people, and when to come back, is no evidence.
        QVERIFY(!changed([](Verdict &v) { v.summary = QStringLiteral("3 passed in 2 s"); }));
        QVERIFY(!changed([](Verdict &v) { v.retryAfter = std::chrono::seconds(3); }));
    }

    void evidenceIsTheSameInEveryRun()
    {
        // Stored decisions are bound to these bytes: a change here voids them all.
        Verdict verdict;
        verdict.tests = TestCounts{1, 0, 0};
        verdict.facts = {{QStringLiteral("b"), 1}, {QStringLiteral("a"), 0.5}};
        QCOMPARE(
            QString::fromLatin1(
                QCryptographicHash::hash(
                    "openfactory evidence 1\n[[\"unit-test\",{\"facts\":{\"a\":0.5,\"b\":1},\"findings\":[],\"outcome\":\"passed\","
                    "\"tests\":{\"failed\":0,\"passed\":1,\"skipped\":0}}]]",
                    QCryptographicHash::Sha256)
                    .toHex()),
            hashOf(verdict, QStringLiteral("unit-test")));
    }
};

QTEST_GUILESS_MAIN(TestEvidence)
#include "test_evidence.moc"
