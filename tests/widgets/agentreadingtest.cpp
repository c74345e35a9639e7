// SPDX-License-Identifier: Apache-2.0
/// An agent's log while it grows: its words in a file of their own, its folds, whatever is cut where.
#include "ui/widgets/agentreading.h"

#include "core/base/file.h"
#include "tests/testlib/expect.h"

#include <QFile>
#include <QTest>

using namespace openfactory;

class AgentReadingTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_log;

    void add(const QByteArray &bytes) const
    {
        QFile log(m_log);
        QVERIFY(log.open(QIODevice::Append));
        QCOMPARE(log.write(bytes), bytes.size());
    }
    static QByteArray words(const AgentReading &reading)
    {
        QFile file(reading.path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("missing");
    }

private Q_SLOTS:
    void init()
    {
        m_log = m_folder.filePath(QStringLiteral("raw.log"));
        QFile::remove(m_log);
        add({});
    }

    void readsWhatComesWhereverItIsCut()
    {
        const QByteArray tool =
            R"({"type":"tool_use","part":{"tool":"bash","state":{"title":"ls","input":{},"output":"a\nb"}}})"
            "\n";
        add("starting\n" + tool.first(30));
        QVERIFY(!AgentReading::isStream(m_log)); // no event is whole yet
        add(tool.sliced(30));
        QVERIFY(AgentReading::isStream(m_log));
        auto reading = AgentReading::open(m_log);
        OF_OK(reading);
        QCOMPARE(words(**reading), QByteArray("starting\nbash: ls\n    a\n    b\n"));
        QCOMPARE((*reading)->folds().size(), size_t(1));
        QCOMPARE((*reading)->folds()[0].firstLine, 1);
        QCOMPARE((*reading)->folds()[0].lastLine, 3);
        QVERIFY(!(*reading)->folds()[0].open);
        QCOMPARE((*reading)->advance().value_or(true), false);
        const QByteArray failed =
            R"({"type":"tool_use","part":{"tool":"bash","state":{"title":"rm","input":{},"error":"no"}}})"
            "\n";
        for (const char byte : failed) { // one byte at a time
            add(QByteArray(1, byte));
            OF_OK((*reading)->advance());
        }
        QCOMPARE(words(**reading), QByteArray("starting\nbash: ls\n    a\n    b\nbash: rm\n    no\n"));
        QCOMPARE((*reading)->folds().size(), size_t(2));
        QVERIFY((*reading)->folds()[1].open); // what failed does not hide
    }

    void aLogOfAnotherCommandIsNoStream()
    {
        add("$ make\n{not json}\n{\"key\": 1}\n");
        QVERIFY(!AgentReading::isStream(m_log));
        QVERIFY(!AgentReading::isStream(m_log + QStringLiteral(".gone")));
    }

    void boundsWhatHasNoEnd()
    {
        add("{\"type\":\"text\",\"part\":{\"text\":\"hi\"}}\n" + QByteArray(9 << 20, 'x') + "\nend\n");
        auto reading = AgentReading::open(m_log);
        OF_OK(reading);
        while ((*reading)->advance().value_or(false)) {}
        const QByteArray all = words(**reading);
        QVERIFY(all.startsWith("hi\n") && all.endsWith("\nend\n"));
        QVERIFY2(all.size() < 1 << 20, qPrintable(QString::number(all.size())));
        QVERIFY(all.contains("more bytes]"));
    }
};

QTEST_GUILESS_MAIN(AgentReadingTest)
#include "agentreadingtest.moc"
