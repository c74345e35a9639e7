// SPDX-License-Identifier: Apache-2.0
#include "core/domain/verdict.h"
#include "tests/testlib/expect.h"

using namespace openfactory;

namespace {

Verdict failedWith(const QString &message, const RepoPath &file = "tests/test_a.py", int line = 3)
{
    Verdict verdict;
    verdict.outcome = Outcome::Failed;
    verdict.findings = {
        {QStringLiteral("pytest"), QStringLiteral("AssertionError"), Severity::Error, file, line, message, {}, {}}};
    return verdict;
}

} // namespace

class TestVerdict : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void percentIsNothingWithoutLines()
    {
        QCOMPARE(Coverage{}.percent(), std::nullopt);
        QCOMPARE((Coverage{8, 6, {}}.percent()), std::optional(75.0));
        QCOMPARE((Coverage{3, 0, {}}.percent()), std::optional(0.0));
        QCOMPARE((Coverage{3, 3, {}}.percent()), std::optional(100.0));
    }

    void refusesAStoredVerdictThatIsDamaged_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QJsonValue>("value");
        QTest::newRow("unknown outcome") << "outcome" << QJsonValue(QStringLiteral("great"));
        QTest::newRow("no outcome") << "outcome" << QJsonValue(QJsonValue::Undefined);
        QTest::newRow("summary is a number") << "summary" << QJsonValue(3);
        QTest::newRow("findings are text") << "findings" << QJsonValue(QStringLiteral("x"));
        QTest::newRow("a finding is text") << "findings" << QJsonValue(QJsonArray{QStringLiteral("x")});
        QTest::newRow("facts are missing") << "facts" << QJsonValue(QJsonValue::Undefined);
        QTest::newRow("tests are a list") << "tests" << QJsonValue(QJsonArray{1, 2, 3});
        QTest::newRow("a count is text") << "tests"
                                         << QJsonValue(QJsonObject{{QStringLiteral("passed"), QStringLiteral("1")}});
        QTest::newRow("a count is a fraction")
            << "tests"
            << QJsonValue(QJsonObject{
                   {QStringLiteral("passed"), 1.5}, {QStringLiteral("failed"), 0}, {QStringLiteral("skipped"), 0}});
        QTest::newRow("a count is too large")
            << "tests"
            << QJsonValue(QJsonObject{
                   {QStringLiteral("passed"), 1e300}, {QStringLiteral("failed"), 0}, {QStringLiteral("skipped"), 0}});
        QTest::newRow("coverage is text") << "coveragePercent" << QJsonValue(QStringLiteral("75"));
        QTest::newRow("coverage is nothing") << "coveragePercent" << QJsonValue();
    }
    void refusesAStoredVerdictThatIsDamaged()
    {
        QFETCH(QString, key);
        QFETCH(QJsonValue, value);
        QJsonObject object = toJson(failedWith(QStringLiteral("m")));
        OF_OK(verdictFromJson(object));
        object[key] = value;
        OF_REFUSED(verdictFromJson(object), ErrorKind::Corrupt, QStringLiteral("stored verdict"));
    }

    void sameFailureHasOneFingerprint_data()
    {
        QTest::addColumn<QString>("one");
        QTest::addColumn<QString>("other");
        QTest::newRow("numbers") << "assert 3 == 4" << "assert 17 == 21";
        QTest::newRow("addresses") << "<Foo object at 0x7f3a12bc9d10>" << "<Foo object at 0x55e0aa00>";
        QTest::newRow("seconds") << "failed after 0.12s" << "failed after 13 s";
        QTest::newRow("other unit") << "took 980 ms" << "took 1.02 s";
        QTest::newRow("time stamp") << "at 2026-11-21T07:48:33.120Z: down" << "at 2027-01-02 23:00:01,5: down";
        QTest::newRow("only a date") << "since 2026-11-21" << "since 2027-01-02";
        QTest::newRow("temporary path") << "no file /tmp/pytest-of-me/pytest-3/x/a.db" << "no file /tmp/tmpq8_z/b";
        QTest::newRow("other temporary folder") << "open '/var/tmp/ab12/x'" << "open '/tmp/zz'";
        QTest::newRow("uuid") << "key 6f9619ff-8b86-d011-b42d-00cf4fc964ff"
                              << "key 00000000-1111-2222-3333-abcdefabcdef";
        QTest::newRow("digest") << "blob 0a1b2c3d4e5f6a7b8c9d" << "blob ffffffffffff0000000000000000000000000000";
        QTest::newRow("colour") << "\x1b[31mE\x1b[0m boom" << "E boom";
        QTest::newRow("white space") << "a\n  b" << "a b ";
        QTest::newRow("port") << "127.0.0.1:40211 refused" << "127.0.0.1:59 refused";
    }
    void sameFailureHasOneFingerprint()
    {
        QFETCH(QString, one);
        QFETCH(QString, other);
        QCOMPARE(failureFingerprint(failedWith(one)), failureFingerprint(failedWith(other)));
        QCOMPARE(failureFingerprint(failedWith(one)).size(), 64);
    }

    void otherFailuresHaveOtherFingerprints()
    {
        const Verdict base = failedWith(QStringLiteral("boom in cafe"));
        const auto differs = [&](const Verdict &other) {
            return failureFingerprint(base) != failureFingerprint(other);
        };
        QVERIFY(differs(failedWith(QStringLiteral("bang in cafe"))));
        QVERIFY(differs(failedWith(QStringLiteral("boom in face")))); // a word, not a number
        QVERIFY(differs(failedWith(QStringLiteral("boom in cafe"), "tests/test_b.py")));
        QVERIFY(differs(failedWith(QStringLiteral("boom in cafe"), "tests/test_\xff.py")));
        Verdict other = base;
        other.findings[0].rule = QStringLiteral("ValueError");
        QVERIFY(differs(other));
        other = base;
        other.findings[0].tool = QStringLiteral("flake8");
        QVERIFY(differs(other));
        other = base;
        other.outcome = Outcome::Transient;
        QVERIFY(differs(other));
        other = base;
        other.findings.push_back(failedWith(QStringLiteral("second")).findings[0]);
        QVERIFY(differs(other));
        // Fields do not run into each other.
        Verdict left = failedWith(QStringLiteral("m"));
        left.findings[0].tool = QStringLiteral("ab");
        left.findings[0].rule = QStringLiteral("c");
        Verdict right = left;
        right.findings[0].tool = QStringLiteral("a");
        right.findings[0].rule = QStringLiteral("bc");
        QVERIFY(failureFingerprint(left) != failureFingerprint(right));
    }

    void fingerprintLeavesOutOrderLinesAndRemarks()
    {
        Verdict one = failedWith(QStringLiteral("a"));
        one.findings.push_back(failedWith(QStringLiteral("b")).findings[0]);
        Verdict other = failedWith(QStringLiteral("b"), "tests/test_a.py", 99);
        other.findings.push_back(failedWith(QStringLiteral("a")).findings[0]);
        other.findings.push_back(failedWith(QStringLiteral("a")).findings[0]); // reported twice
        Finding remark = other.findings[0];
        remark.severity = Severity::Info;
        remark.message = QStringLiteral("by the way");
        other.findings.push_back(remark);
        other.summary = QStringLiteral("2 failed in 3 s");
        QCOMPARE(failureFingerprint(one), failureFingerprint(other));
    }

    void fingerprintFallsBackOnTheSummary()
    {
        Verdict one;
        one.outcome = Outcome::Failed;
        one.summary = QStringLiteral("exit code 3 after 2 s");
        Verdict other = one;
        other.summary = QStringLiteral("killed by signal 9");
        QVERIFY(failureFingerprint(one) != failureFingerprint(other));
        other.summary = QStringLiteral("exit code 4 after 9 s");
        QCOMPARE(failureFingerprint(one), failureFingerprint(other));
    }

    void fingerprintOfAHugeMessageIsBounded()
    {
        const QString flood = QString(8 * 1024 * 1024, u'1') + QStringLiteral("\"'[0x");
        QCOMPARE(failureFingerprint(failedWith(flood)).size(), 64);
    }
};

QTEST_GUILESS_MAIN(TestVerdict)
#include "test_verdict.moc"
