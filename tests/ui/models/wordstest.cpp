// SPDX-License-Identifier: Apache-2.0
#include "ui/models/words.h"

#include <QtTest>

using namespace openfactory;
using namespace openfactory::ui;

class WordsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// An age is written again when it reads otherwise, and not before: a window at rest wakes nobody.
    void anAgeHoldsUntilItReadsOtherwise_data()
    {
        QTest::addColumn<qint64>("past");
        QTest::addColumn<qint64>("holds");
        constexpr qint64 second = 1000;
        constexpr qint64 minute = 60 * second;
        constexpr qint64 hour = 60 * minute;
        constexpr qint64 day = 24 * hour;
        QTest::newRow("now") << qint64(0) << 10 * second;
        QTest::newRow("a clock that went back") << -5 * second << 15 * second;
        QTest::newRow("seconds") << 12 * second + 300 << qint64(700);
        QTest::newRow("the last of the seconds") << minute - 1 << qint64(1);
        QTest::newRow("a minute") << minute << minute;
        QTest::newRow("minutes") << 7 * minute + 40 * second << 20 * second;
        QTest::newRow("hours") << 3 * hour + 59 * minute << minute;
        QTest::newRow("days") << 2 * day + 1 << day - 1;
        QTest::newRow("years") << 400 * day << 330 * day;
    }

    void anAgeHoldsUntilItReadsOtherwise()
    {
        QFETCH(qint64, past);
        QFETCH(qint64, holds);
        constexpr qint64 then = 1'700'000'000'000;
        const qint64 now = then + past;
        QCOMPARE(agoHolds(then, now), holds);
        QCOMPARE(agoText(then, now + holds - 1), agoText(then, now));
        QVERIFY(agoText(then, now + holds) != agoText(then, now));
    }
};

QTEST_GUILESS_MAIN(WordsTest)
#include "wordstest.moc"
