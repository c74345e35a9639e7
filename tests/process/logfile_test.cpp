// SPDX-License-Identifier: Apache-2.0
/// LogWriter and LogIndex: what goes in comes out, line by line, with time and stream.
#include "core/process/logindex.h"
#include "core/process/logwriter.h"
#include "tests/testlib/patience.h"

#include <QDateTime>
#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

using namespace openfactory;

#define OF_VERIFY(expression)                                                                                          \
    do {                                                                                                               \
        const auto &checked = (expression);                                                                            \
        QVERIFY2(checked.has_value(), checked ? "" : qPrintable(toText(checked.error())));                             \
    } while (false)

class LogFileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void keepsEveryByteOfOneStream();
    void findsLinesTimesAndStreams();
    void neverSplitsALineOfOneStreamByTheOther();
    void breaksInWhenALineStalls();
    void boundsWhatItHoldsBack();
    void readsWhileTheLogGrows();
    void readsALogWithoutOrWithADamagedIndex();
    void refusesAnExistingLogAndALink();
    void makesTheLogReadableForTheOwnerOnly();
    void reportsAFullDisk();
    void cutsAVeryLongLineInTheTextOnly();

private:
    QString log() const { return m_folder->filePath(QStringLiteral("a.log")); }
    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void LogFileTest::keepsEveryByteOfOneStream()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    QByteArray all;
    {
        auto writer = LogWriter::open(log());
        OF_VERIFY(writer);
        for (int i = 0; i < 2000; ++i) {
            QByteArray part;
            for (int length = random.bounded(300); length > 0; --length)
                part += char(random.bounded(8) == 0 ? '\n' : random.bounded(256));
            all += part;
            OF_VERIFY(writer->append(LogStream::Output, part));
        }
        OF_VERIFY(writer->finish());
        QCOMPARE(writer->bytes(), all.size());
    }
    QVERIFY(read(log()) == all);
    const auto index = LogIndex::open(log());
    OF_VERIFY(index);
    QVERIFY(index->isComplete());
    QByteArrayList lines = all.split('\n');
    if (lines.last().isEmpty())
        lines.removeLast();
    QCOMPARE(index->lines(), lines.size());
    qint64 offset = 0;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        QCOMPARE(index->offsetOf(i), offset);
        offset += lines[i].size() + 1;
    }
    for (const qsizetype at : {qsizetype(0), qsizetype(63), qsizetype(64), qsizetype(1000), lines.size() - 3}) {
        const auto text = index->text(at, 3, 1000);
        OF_VERIFY(text);
        QCOMPARE(*text, lines.mid(at, 3));
    }
}

void LogFileTest::findsLinesTimesAndStreams()
{
    const qint64 before = QDateTime::currentMSecsSinceEpoch();
    {
        auto writer = LogWriter::open(log());
        OF_VERIFY(writer);
        for (int i = 0; i < 1000; ++i)
            OF_VERIFY(writer->append(i % 3 == 0 ? LogStream::Errors : LogStream::Output,
                                     QByteArray("line " + QByteArray::number(i) + '\n')));
        OF_VERIFY(writer->note(QStringLiteral("the end")));
        OF_VERIFY(writer->finish());
    }
    const auto index = LogIndex::open(log());
    OF_VERIFY(index);
    QCOMPARE(index->lines(), 1001);
    for (int i = 0; i < 1000; ++i)
        QCOMPARE(index->streamAt(index->offsetOf(i)), i % 3 == 0 ? LogStream::Errors : LogStream::Output);
    QCOMPARE(index->streamAt(index->offsetOf(1000)), LogStream::Engine);
    QCOMPARE(index->text(1000, 9, 100)->first(), QByteArray("[openfactory] the end"));
    QVERIFY(index->wallMsAt(0) >= before - 5);
    QVERIFY(index->wallMsAt(index->bytes()) <= QDateTime::currentMSecsSinceEpoch() + 5);
    QVERIFY(index->wallMsAt(0) <= index->wallMsAt(index->bytes()));
}

void LogFileTest::neverSplitsALineOfOneStreamByTheOther()
{
    {
        auto writer = LogWriter::open(log());
        OF_VERIFY(writer);
        OF_VERIFY(writer->append(LogStream::Output, "out 1 begins, "));
        OF_VERIFY(writer->append(LogStream::Errors, "err 1\nerr 2 begins, "));
        OF_VERIFY(writer->append(LogStream::Output, "out 1 ends\nout 2 begins, "));
        OF_VERIFY(writer->append(LogStream::Errors, "err 2 ends\n"));
        OF_VERIFY(writer->append(LogStream::Output, "out 2 ends\n"));
        OF_VERIFY(writer->append(LogStream::Errors, "err 3\n"));
        OF_VERIFY(writer->finish());
    }
    QCOMPARE(
        read(log()),
        QByteArray("out 1 begins, out 1 ends\nerr 1\nout 2 begins, out 2 ends\nerr 2 begins, err 2 ends\nerr 3\n"));
    QVERIFY(LogIndex::open(log())->breaks().empty());
}

void LogFileTest::breaksInWhenALineStalls()
{
    {
        auto writer = LogWriter::open(log());
        OF_VERIFY(writer);
        OF_VERIFY(writer->append(LogStream::Output, "waiting ..."));
        OF_VERIFY(writer->append(LogStream::Errors, "trouble\n"));
        QCOMPARE(read(log()), QByteArray("waiting ..."));
        QVERIFY(writer->tickMs() >= 0);
        QTRY_VERIFY(writer->tick() && read(log()).contains("trouble"));
        OF_VERIFY(writer->append(LogStream::Output, " done\n"));
        OF_VERIFY(writer->finish());
    }
    QCOMPARE(read(log()), QByteArray("waiting ...\ntrouble\n done\n"));
    QCOMPARE(LogIndex::open(log())->breaks(), std::vector<qint64>{11});
}

void LogFileTest::boundsWhatItHoldsBack()
{
    auto writer = LogWriter::open(log());
    OF_VERIFY(writer);
    OF_VERIFY(writer->append(LogStream::Output, "an endless line"));
    const QByteArray line(1000, 'e');
    for (int i = 0; i < 1100; ++i)
        OF_VERIFY(writer->append(LogStream::Errors, QByteArray(line + '\n')));
    QVERIFY(QFileInfo(log()).size() > 1'000'000);
    OF_VERIFY(writer->finish());
    QCOMPARE(read(log()).count('\n'), 1101);
}

void LogFileTest::readsWhileTheLogGrows()
{
    auto writer = LogWriter::open(log());
    OF_VERIFY(writer);
    auto index = LogIndex::open(log());
    OF_VERIFY(index);
    QCOMPARE(index->lines(), 0);
    int written = 0;
    for (int round = 0; round < 20; ++round) {
        for (int i = 0; i < 37; ++i)
            OF_VERIFY(writer->append(LogStream::Output, QByteArray(QByteArray::number(written++) + '\n')));
        OF_VERIFY(writer->append(LogStream::Output, QByteArray(QByteArray::number(written) + ' ')));
        OF_VERIFY(index->refresh());
        QCOMPARE(index->lines(), written + 1);
        QCOMPARE(index->text(written - 1, 1, 50)->first().trimmed(), QByteArray::number(written - 1));
        OF_VERIFY(writer->append(LogStream::Output, QByteArray(QByteArray::number(round) + '\n')));
        ++written;
    }
    OF_VERIFY(writer->finish());
    OF_VERIFY(index->refresh());
    QVERIFY(index->isComplete());
    QCOMPARE(index->lines(), written);
    const auto fresh = LogIndex::open(log());
    for (int i = 0; i <= written; ++i)
        QCOMPARE(index->offsetOf(i), fresh->offsetOf(i));
}

void LogFileTest::readsALogWithoutOrWithADamagedIndex()
{
    {
        auto writer = LogWriter::open(log());
        OF_VERIFY(writer);
        for (int i = 0; i < 1000; ++i)
            OF_VERIFY(writer->append(LogStream::Output, QByteArray(QByteArray::number(i) + '\n')));
        OF_VERIFY(writer->finish());
    }
    const QByteArray good = read(log() + QStringLiteral(".idx"));
    const auto check = [&](qint64 lines) {
        const auto index = LogIndex::open(log());
        OF_VERIFY(index);
        QCOMPARE(index->lines(), lines);
        QCOMPARE(index->text(lines - 1, 1, 50)->first(), QByteArray::number(lines - 1));
    };
    for (qsizetype length = 0; length <= good.size(); length += 7) { // cut anywhere, also within a record
        QFile file(log() + QStringLiteral(".idx"));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(good.first(length));
        file.close();
        check(1000);
    }
    // An end that tells of more lines than there are bytes.
    QByteArray wrong = good;
    wrong[wrong.size() - 2] = '\x7f';
    QFile bad(log() + QStringLiteral(".idx"));
    QVERIFY(bad.open(QIODevice::WriteOnly | QIODevice::Truncate));
    bad.write(wrong);
    bad.close();
    check(1000);
    QVERIFY(QFile::remove(log() + QStringLiteral(".idx")));
    check(1000);
    // A log that lost its end (power cut) with a whole index.
    QFile file(log() + QStringLiteral(".idx"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(good);
    file.close();
    QVERIFY(QFile::resize(log(), 4 * 100 - 110)); // lines 0 to 99
    check(100);
}

void LogFileTest::refusesAnExistingLogAndALink()
{
    QFile file(log());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("precious");
    file.close();
    const auto writer = LogWriter::open(log());
    QVERIFY(!writer);
    QCOMPARE(writer.error().kind, ErrorKind::Conflict);
    QVERIFY(QFile::link(log(), m_folder->filePath(QStringLiteral("b.log"))));
    QVERIFY(!LogWriter::open(m_folder->filePath(QStringLiteral("b.log"))));
    QVERIFY(QFile::link(m_folder->filePath(QStringLiteral("nowhere")), m_folder->filePath(QStringLiteral("c.log"))));
    QVERIFY(!LogWriter::open(m_folder->filePath(QStringLiteral("c.log"))));
    QVERIFY(!LogIndex::open(m_folder->filePath(QStringLiteral("b.log"))));
    QCOMPARE(read(log()), QByteArray("precious"));
    QVERIFY(!QFile::exists(m_folder->filePath(QStringLiteral("nowhere"))));
}

void LogFileTest::makesTheLogReadableForTheOwnerOnly()
{
    OF_VERIFY(LogWriter::open(log()));
    for (const QString &path : {log(), QString(log() + QStringLiteral(".idx"))}) {
        struct stat facts{};
        QCOMPARE(::stat(QFile::encodeName(path).constData(), &facts), 0);
        QCOMPARE(facts.st_mode & 0777, 0600U);
    }
}

void LogFileTest::reportsAFullDisk()
{
    auto writer = LogWriter::open(log());
    OF_VERIFY(writer);
    // The nearest thing to a full disk that needs no mount: a file may not grow beyond this.
    rlimit before{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    const rlimit small{1000, before.rlim_max};
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto written = writer->append(LogStream::Output, QByteArray(5000, 'x'));
    setrlimit(RLIMIT_FSIZE, &before);
    QVERIFY(!written);
}

void LogFileTest::cutsAVeryLongLineInTheTextOnly()
{
    const QByteArray lineOfAMegabyte(1'000'000, 'x');
    {
        auto writer = LogWriter::open(log());
        OF_VERIFY(writer);
        OF_VERIFY(writer->append(LogStream::Output, QByteArray(lineOfAMegabyte + "\nnext\n")));
        OF_VERIFY(writer->finish());
    }
    const auto index = LogIndex::open(log());
    OF_VERIFY(index);
    QCOMPARE(*index->text(0, 2, 10), (QByteArrayList{"xxxxxxxxxx", "next"}));
    QCOMPARE(index->offsetOf(1), 1'000'001);
}

QTEST_GUILESS_MAIN(LogFileTest)
#include "logfile_test.moc"
