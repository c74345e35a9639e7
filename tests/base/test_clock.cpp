// SPDX-License-Identifier: Apache-2.0
#include "core/base/clock.h"
#include "core/base/text.h"
#include "tests/testlib/expect.h"

#include <thread>

using namespace openfactory;

class TestClock : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bootTimeDoesNotStepBack()
    {
        const SystemClock clock;
        qint64 last = clock.bootMs();
        for (int i = 0; i < 1000; ++i) {
            const qint64 now = clock.bootMs();
            QVERIFY(now >= last);
            last = now;
        }
        QCOMPARE(clock.bootId(), SystemClock().bootId());
        QVERIFY(!clock.bootId().isEmpty());
    }

    void aStopEndsASleepAtOnce()
    {
        std::stop_source source;
        std::jthread stopper([&] { source.request_stop(); });
        QVERIFY(!SystemClock().sleep(std::chrono::hours(24), source.get_token())); // the test's limit is the assertion
        QVERIFY(!SystemClock().sleep(std::chrono::hours(24), source.get_token()));
    }

    void aSleepWithoutStopEndsByItself()
    {
        const SystemClock clock;
        const qint64 before = clock.bootMs();
        QVERIFY(clock.sleep(Milliseconds(20), {}));
        QVERIFY(clock.bootMs() - before >= 19);
    }

    void timesAreWrittenInUtc()
    {
        QCOMPARE(utcText(0), QStringLiteral("1970-01-01T00:00:00.000Z"));
        QCOMPARE(utcText(1'795'247'313'120), QStringLiteral("2026-11-21T07:48:33.120Z"));
        QCOMPARE(utcText(-1), QStringLiteral("1969-12-31T23:59:59.999Z"));
    }

    void durationsAreWrittenForPeople_data()
    {
        QTest::addColumn<qint64>("ms");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << qint64(0) << "0 ms";
        QTest::newRow("below a second") << qint64(999) << "999 ms";
        QTest::newRow("a second") << qint64(1000) << "1.0 s";
        QTest::newRow("almost a minute") << qint64(59'999) << "59.9 s";
        QTest::newRow("a minute") << qint64(60'000) << "1 min 0 s";
        QTest::newRow("minutes") << qint64(184'000) << "3 min 4 s";
        QTest::newRow("hours") << qint64(2 * 3'600'000 + 5 * 60'000) << "2 h 5 min";
    }
    void durationsAreWrittenForPeople()
    {
        QFETCH(qint64, ms);
        QFETCH(QString, text);
        QCOMPARE(durationText(ms), text);
    }
};

QTEST_GUILESS_MAIN(TestClock)
#include "test_clock.moc"
