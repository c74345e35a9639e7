// SPDX-License-Identifier: Apache-2.0
#include "ui/models/jobquery.h"

#include <QDateTime>
#include <QtTest>

using namespace openfactory::ui;

class JobQueryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsTokens_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("part");
        QTest::addColumn<QString>("values"); // parted by |
        QTest::addColumn<int>("problems");
        QTest::newRow("nothing") << "" << "j.archived=?" << "0" << 0;
        QTest::newRow("state") << "state:failed" << "j.state=?" << "0|failed" << 0;
        QTest::newRow("queued") << "state:queued" << "j.wait_kind='retry'" << "0" << 0;
        QTest::newRow("needs") << "needs:me" << "j.wait_kind IN" << "0" << 0;
        QTest::newRow("archived") << "is:archived" << "j.archived=?" << "1" << 0;
        QTest::newRow("priority") << "priority:p0" << "j.priority=?" << "0|P0" << 0;
        QTest::newRow("young") << "age:<2d" << "j.created_ms>?" << "0|999827200000" << 0;
        QTest::newRow("old") << "age:>90m" << "j.created_ms<?" << "0|999994600000" << 0;
        QTest::newRow("words") << "fix it" << "search MATCH ?"
                               << "0|\"fix\" * \"it\" *|FIX IT" << 0;
        QTest::newRow("a pattern is text") << "%_" << "LIKE" << "0|%\\%\\_%|%\\%\\_%" << 0;
        QTest::newRow("SQL is text") << "'; DROP" << "MATCH"
                                     << "0|%';%|%';%|\"DROP\" *|DROP" << 0;
        QTest::newRow("a colon in a word") << "src:main" << "MATCH" << "0|\"src:main\" *|SRC:MAIN" << 0;
        QTest::newRow("unknown state") << "state:green" << "j.archived=?" << "0" << 1;
        QTest::newRow("unknown age") << "age:2d" << "j.archived=?" << "0" << 1;
        QTest::newRow("unknown is") << "is:odd needs:you" << "j.archived=?" << "0" << 2;
    }
    void readsTokens()
    {
        QFETCH(QString, text);
        QFETCH(QString, part);
        QFETCH(QString, values);
        QFETCH(int, problems);
        const JobQuery query = parseJobQuery(text, 1'000'000'000'000);
        QVERIFY2(query.where.contains(part), qPrintable(query.where));
        QStringList bound;
        for (const QVariant &value : query.values)
            bound << value.toString();
        QCOMPARE(bound.join(u'|'), values);
        QCOMPARE(query.problems.size(), problems);
        QCOMPARE(query.where.count(u'?'), bound.size());
    }
    void todayBeginsAtMidnightHere()
    {
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        const JobQuery query = parseJobQuery(QStringLiteral("finished:today"), now);
        QCOMPARE(query.values.last().toLongLong(), QDate::currentDate().startOfDay().toMSecsSinceEpoch());
    }
};

QTEST_GUILESS_MAIN(JobQueryTest)
#include "jobquerytest.moc"
