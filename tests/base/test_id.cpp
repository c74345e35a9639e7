// SPDX-License-Identifier: Apache-2.0
#include "core/base/id.h"
#include "tests/testlib/expect.h"

#include <thread>

using namespace openfactory;

class TestId : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void idsAreWellFormedAndGrow()
    {
        QString last;
        for (int i = 0; i < 50'000; ++i) { // many in the same millisecond
            const QString id = newUlid();
            QVERIFY(isUlid(id));
            QVERIFY2(last < id, qPrintable(last + u' ' + id));
            last = id;
        }
    }

    void idsGrowWhenTheClockStepsBack()
    {
        const qint64 noon = 1'800'000'000'000;
        UlidSource source;
        const QString first = source.next(noon);
        const QString second = source.next(noon - 3'600'000);
        const QString third = source.next(0);
        const QString fourth = source.next(noon + 1);
        QVERIFY(first < second && second < third && third < fourth);
        QVERIFY(isUlid(third));
        QCOMPARE(third.left(10), first.left(10)); // it stays at the latest time it knew
    }

    void idsGrowAlsoWhenTheRandomPartIsFull()
    {
        // The largest random part that there is, and then one more in the same millisecond.
        UlidSource source(7, UlidSource::Digits{31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31, 31});
        const QString id = source.next(7);
        QVERIFY(isUlid(id));
        QVERIFY2(id > QStringLiteral("0000000007ZZZZZZZZZZZZZZZZ"), qPrintable(id));
    }

    void threadsNeverShareAnId()
    {
        std::vector<QStringList> made(4);
        {
            std::vector<std::jthread> threads;
            for (auto &list : made) {
                threads.emplace_back([&list] {
                    for (int i = 0; i < 5'000; ++i)
                        list += newUlid();
                });
            }
        }
        QSet<QString> all;
        for (const auto &list : made) {
            QVERIFY(std::ranges::is_sorted(list));
            all.unite(QSet<QString>(list.begin(), list.end()));
        }
        QCOMPARE(all.size(), 20'000);
    }

    void parsesOnlyIds_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("good");
        QTest::newRow("least") << QString(26, u'0') << true;
        QTest::newRow("greatest") << u'7' + QString(25, u'Z') << true;
        QTest::newRow("past the greatest") << u'8' + QString(25, u'0') << false;
        QTest::newRow("empty") << QString() << false;
        QTest::newRow("25 characters") << QString(25, u'0') << false;
        QTest::newRow("27 characters") << QString(27, u'0') << false;
        QTest::newRow("lower case") << QString(25, u'0') + u'a' << false;
        for (const QChar c : QStringLiteral("ILOU/.\\ -\n"))
            QTest::addRow("with %02x", c.unicode()) << QString(25, u'0') + c << false;
        QTest::newRow("path") << QStringLiteral("../../../../../../../../xx") << false;
        QTest::newRow("NUL") << QString(25, u'0') + QChar(0) << false;
        QTest::newRow("full-width digit") << QString(25, u'0') + QChar(0xff10) << false;
        QTest::newRow("last byte looks right") << QString(25, u'0') + QChar(0x0130) << false; // 0x30 is '0'
    }
    void parsesOnlyIds()
    {
        QFETCH(QString, text);
        QFETCH(bool, good);
        const auto id = JobId::parse(text);
        QCOMPARE(id.has_value(), good);
        if (good)
            QCOMPARE(id->text(), text);
        else
            OF_REFUSED(id, ErrorKind::Invalid, QStringLiteral("is not an id"));
    }

    void errorsShowHostileTextHarmlessly()
    {
        QVERIFY(!toText(JobId::parse(QStringLiteral("\x1b[31m\u202e")).error()).contains(QChar(0x1b)));
    }

    void idsCompareByTheirText()
    {
        const auto a = *JobId::parse(QString(26, u'0'));
        const auto b = *JobId::parse(QString(25, u'0') + u'1');
        QVERIFY(a < b && b > a && a != b && a == a);
        QVERIFY(JobId().isNull() && !a.isNull());
        QCOMPARE((QSet<JobId>{a, b, a}.size()), 2);
        QVERIFY(!JobId::create().isNull());
    }
};

QTEST_GUILESS_MAIN(TestId)
#include "test_id.moc"
