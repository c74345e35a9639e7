// SPDX-License-Identifier: Apache-2.0
/// The log behind the view: any size, any line, while it grows, without the GUI thread waiting.
#include "ui/widgets/logdocument.h"

#include "tests/testlib/cputime.h"
#include "tests/testlib/patience.h"
#include "tests/widgets/logsamples.h"
#include "ui/widgets/viewcolours.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QSignalSpy>

#include <sys/stat.h>

using namespace openfactory;

namespace {

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString textOf(LogDocument &document, qint64 row)
{
    const auto found = document.row(row, QDeadlineTimer(10'000));
    return found ? found->cells.text() : QStringLiteral("<none>");
}

/// Memory of this process that is not a file's, in MB.
qint64 privateMegabytes()
{
    for (const QByteArray &line : readFile(QStringLiteral("/proc/self/smaps_rollup")).split('\n')) {
        if (line.startsWith("Private_Dirty:"))
            return line.simplified().split(' ')[1].toLongLong() / 1024;
    }
    return 0;
}

} // namespace

class LogDocumentTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void readsEachLineOfALog();
    void carriesAColourOverBlocksAndPieces();
    void readsALogWithoutAnIndex();
    void showsALineOfAGigabyteInPieces();
    void showsEveryByteOfLongAndShortLines();
    void followsALogThatGrows();
    void followsALineThatGrows();
    void noticesThatALogIsWrittenAnew();
    void saysThatALogIsMissing();
    void findsAndCountsWhileTheLogGrows();
    void dropsWhatAnOlderSearchFinds();
    void readsTextForTheClipboard();
    void exportsAllOrMatchingLines();
    void exportsAPageThatIsOnlyText();
    void opensAHundredMegabytesAtOnce();
    void keepsUpWithAHundredThousandLinesASecond();
    void measuresAnyLog();

private:
    QString log(const char *name = "a.log") const { return m_folder->filePath(QString::fromLatin1(name)); }
    static void open(LogDocument &document, const QString &path)
    {
        QSignalSpy changed(&document, &LogDocument::changed);
        document.open(path);
        QTRY_VERIFY(!document.isLoading());
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void LogDocumentTest::readsEachLineOfALog()
{
    QByteArrayList lines;
    for (int i = 0; i < 1000; ++i)
        lines << "line " + QByteArray::number(i) + (i % 64 == 0 ? " \x1b[31mred" : i % 64 == 5 ? "\x1b[0m" : "");
    writeLog(log(), lines.join('\n') + '\n');
    LogDocument document;
    open(document, log());
    QCOMPARE(document.shape().lines, 1000);
    QVERIFY(document.shape().complete);
    for (const int i : {0, 1, 63, 64, 500, 999}) {
        const auto row = document.row(i, QDeadlineTimer(5000));
        QVERIFY(row);
        QVERIFY(row->cells.text().startsWith(QStringLiteral("line %1").arg(i)));
        QCOMPARE(row->place.line, i);
        QVERIFY(row->wallMs > 0);
        QCOMPARE(row->spans.size(), size_t(i % 64 <= 5 && i % 64 > 0 ? i % 64 < 5 || i % 64 == 5 : i % 64 == 0));
    }
    QVERIFY(!document.row(1000, QDeadlineTimer(10)));
    QVERIFY(!document.row(-1, QDeadlineTimer(10)));
}

void LogDocumentTest::carriesAColourOverBlocksAndPieces()
{
    QByteArray text;
    for (int i = 0; i < 100; ++i)
        text += (i == 60 ? "\x1b[31mred from here\n" : i == 80 ? "\x1b[0mno more\n" : "line\n");
    text += "\x1b[32m" + QByteArray(3 * pieceBytes, 'x') + '\n';
    writeLog(log(), text);
    LogDocument document;
    open(document, log());
    const auto colourOf = [&](qint64 row) {
        const auto found = document.row(row, QDeadlineTimer(5000));
        return found && !found->spans.empty() ? found->spans[0].style.foreground : 0;
    };
    for (const auto &[row, colour] :
         {std::pair{59, 0u}, {60, 2u}, {63, 2u}, {64, 2u}, {79, 2u}, {80, 0u}, {99, 0u}, {100, 3u}})
        QCOMPARE(colourOf(row), colour);
    // Further back than is looked, it is not known; it must not be anything else then.
    QVERIFY(colourOf(102) == 0 || colourOf(102) == 3);
}

void LogDocumentTest::readsALogWithoutAnIndex()
{
    QFile file(log());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(numberedLines(0, 5000));
    file.close();
    LogDocument document;
    open(document, log());
    QCOMPARE(document.shape().lines, 5000);
    QVERIFY(textOf(document, 4999).startsWith(QStringLiteral("line 4999 ")));
}

void LogDocumentTest::showsALineOfAGigabyteInPieces()
{
    // Sparse, so that it costs no disk: zero bytes, with text at the begin, in the middle and at the end.
    const qint64 size = qint64(1) << 30;
    QFile file(log());
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.resize(size));
    file.write("begin");
    file.seek(size / 2);
    file.write("middle");
    file.seek(size - 3);
    file.write("end");
    file.close();
    LogDocument document;
    QElapsedTimer timer;
    timer.start();
    open(document, log());
    qInfo("opened in %lld ms", timer.elapsed());
    QCOMPARE(document.shape().lines, 1);
    QCOMPARE(document.shape().rows(), size / pieceBytes);
    timer.start();
    QVERIFY(textOf(document, 0).startsWith(QStringLiteral("begin\\x00\\x00")));
    QVERIFY(textOf(document, size / 2 / pieceBytes).startsWith(QStringLiteral("middle\\x00")));
    QVERIFY(textOf(document, document.shape().rows() - 1).endsWith(QStringLiteral("\\x00end")));
    OF_VERIFY_BELOW(timer.elapsed(), 1000);
}

void LogDocumentTest::showsEveryByteOfLongAndShortLines()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    QStringList lines;
    for (int i = 0; i < 400; ++i) {
        const int length = i % 50 == 7 ? 50'000 + random.bounded(200'000) : random.bounded(80);
        QString line;
        while (line.size() < length)
            line += QStringList{QStringLiteral("abc"), QStringLiteral("日本"), QStringLiteral("ü "),
                                QString::fromUtf8("\xf0\x9f\x99\x82")}[random.bounded(4)];
        lines << line;
    }
    writeLog(log(), lines.join(QLatin1Char('\n')).toUtf8() + '\n');
    LogDocument document;
    open(document, log());
    QCOMPARE(document.shape().lines, 400);
    QVERIFY(document.shape().rows() > 400);
    QStringList shown(400);
    for (qint64 row = 0; row < document.shape().rows(); ++row) {
        const auto found = document.row(row, QDeadlineTimer(5000));
        QVERIFY(found);
        QCOMPARE(document.shape().rowOf(found->place.line) + found->place.piece, row);
        shown[found->place.line] += found->cells.text();
    }
    for (int i = 0; i < 400; ++i)
        QVERIFY2(shown[i] == lines[i], QByteArray::number(i));
}

void LogDocumentTest::followsALogThatGrows()
{
    auto writer = LogWriter::open(log());
    QVERIFY(writer);
    LogDocument document;
    open(document, log());
    QCOMPARE(document.shape().lines, 0);
    qint64 written = 0;
    for (int round = 0; round < 30; ++round) {
        for (int i = 0; i < 1 + round * 7; ++i)
            QVERIFY(writer->append(LogStream::Output, QByteArray("line " + QByteArray::number(written++) + '\n')));
        document.refresh();
        QTRY_COMPARE(document.shape().lines, written);
        QCOMPARE(textOf(document, written - 1), QStringLiteral("line %1").arg(written - 1));
        QCOMPARE(textOf(document, written / 2), QStringLiteral("line %1").arg(written / 2));
    }
    QVERIFY(!document.shape().complete);
    // Nothing new: nobody is told.
    QSignalSpy changed(&document, &LogDocument::changed);
    document.refresh();
    QVERIFY(!changed.wait(100));
    QVERIFY(writer->finish());
    document.refresh();
    QTRY_VERIFY(document.shape().complete);
}

void LogDocumentTest::followsALineThatGrows()
{
    auto writer = LogWriter::open(log());
    QVERIFY(writer);
    QVERIFY(writer->append(LogStream::Output, "short\n"));
    LogDocument document;
    open(document, log());
    QByteArray line;
    for (int round = 0; round < 40; ++round) {
        const QByteArray part = QByteArray(9000, char('a' + round % 26));
        line += part;
        QVERIFY(writer->append(LogStream::Output, part));
        document.refresh();
        QTRY_COMPARE(document.shape().bytes, line.size() + 6);
        QCOMPARE(document.shape().lines, 2);
        QCOMPARE(document.shape().rows(), 1 + (line.size() - 1) / pieceBytes + 1);
        const QString last = textOf(document, document.shape().rows() - 1);
        QCOMPARE(last, QString::fromLatin1(line.mid((line.size() - 1) / pieceBytes * pieceBytes)));
    }
    QVERIFY(writer->append(LogStream::Output, "\nnext\n"));
    document.refresh();
    QTRY_COMPARE(document.shape().lines, 3);
    QCOMPARE(textOf(document, document.shape().rows() - 1), QStringLiteral("next"));
    QCOMPARE(textOf(document, 0), QStringLiteral("short"));
}

void LogDocumentTest::noticesThatALogIsWrittenAnew()
{
    QFile file(log());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("one\ntwo\nthree\n");
    file.flush();
    LogDocument document;
    open(document, log());
    QCOMPARE(textOf(document, 2), QStringLiteral("three"));
    QVERIFY(file.resize(0));
    file.seek(0);
    file.write("new\n");
    file.flush();
    QSignalSpy changed(&document, &LogDocument::changed);
    document.refresh();
    QTRY_COMPARE(document.shape().lines, 1);
    QCOMPARE(changed.last().first().toBool(), true);
    QCOMPARE(textOf(document, 0), QStringLiteral("new"));
}

void LogDocumentTest::saysThatALogIsMissing()
{
    LogDocument document;
    open(document, log("nowhere.log"));
    QVERIFY(document.error());
    QCOMPARE(document.error()->kind, ErrorKind::NotFound);
    QCOMPARE(document.shape().rows(), 0);
    // It may come yet.
    writeLog(log("nowhere.log"), "here\n");
    document.refresh();
    QTRY_VERIFY(!document.error());
    QCOMPARE(textOf(document, 0), QStringLiteral("here"));
    // A folder or a pipe is no log, and does not hold anybody up.
    QVERIFY(QDir().mkpath(log("folder.log")));
    open(document, log("folder.log"));
    QVERIFY(document.error());
    QCOMPARE(::mkfifo(QFile::encodeName(log("pipe.log")).constData(), 0600), 0);
    open(document, log("pipe.log"));
    QVERIFY(document.error());
}

void LogDocumentTest::findsAndCountsWhileTheLogGrows()
{
    auto writer = LogWriter::open(log());
    QVERIFY(writer);
    QVERIFY(writer->append(LogStream::Output, numberedLines(0, 30'000)));
    LogDocument document;
    open(document, log());
    QVERIFY(!document.find({QStringLiteral("needle"), false, false, false}));
    QTRY_VERIFY(document.hits()->done);
    QCOMPARE(document.hits()->lines.count(), 30);
    QTRY_VERIFY(document.errors()->done);
    QCOMPARE(document.errors()->lines.at(0), 4321);
    QVERIFY(writer->append(LogStream::Output, numberedLines(30'000, 50'000)));
    document.refresh();
    QTRY_COMPARE(document.hits()->lines.count(), 50);
    QTRY_COMPARE(document.errors()->lines.count(), 10);
    QVERIFY(document.find({QStringLiteral("("), true, false, false}));
    QCOMPARE(document.hits()->lines.count(), 0);
}

void LogDocumentTest::dropsWhatAnOlderSearchFinds()
{
    writeLog(log(), numberedLines(0, 200'000));
    LogDocument document;
    open(document, log());
    for (int i = 0; i < 50; ++i) {
        QVERIFY(!document.find({QStringLiteral("nothing to say"), i % 2 == 0, true, false}));
        QCoreApplication::processEvents();
    }
    QVERIFY(!document.find({QStringLiteral("NEEDLE"), false, true, false}));
    QTRY_VERIFY(document.hits()->done);
    QCOMPARE(document.hits()->lines.count(), 200);
    document.cancelFind();
    QCOMPARE(document.hits()->lines.count(), 0);
    QTest::qWait(50); // nothing comes after it
    QCOMPARE(document.hits()->lines.count(), 0);
}

void LogDocumentTest::readsTextForTheClipboard()
{
    writeLog(log(), "\x1b[31mred\x1b[0m one\ntwo\n" + QByteArray(100'000, 'x') + "\nlast\n");
    LogDocument document;
    open(document, log());
    QString got;
    const auto read = [&](LogDocument::Range range, qint64 most) {
        got.clear();
        bool done = false;
        document.read(range, most, [&](const Result<QString> &text) {
            got = text.value_or(QStringLiteral("<error>"));
            done = true;
        });
        return QTest::qWaitFor([&] { return done; });
    };
    QVERIFY(read({0, 4, 1, 2}, 1000));
    QCOMPARE(got, QStringLiteral("one\ntw"));
    QVERIFY(read({0, 0, document.shape().rows() - 1, 99}, 1'000'000));
    QCOMPARE(got, QStringLiteral("red one\ntwo\n") + QString(100'000, QLatin1Char('x')) + QStringLiteral("\nlast"));
    QVERIFY(read({0, 0, document.shape().rows() - 1, 99}, 50));
    QCOMPARE(got.size(), 50);
}

void LogDocumentTest::exportsAllOrMatchingLines()
{
    const QByteArray text = "\x1b[31mred\x1b[0m needle\nplain\r\nneedle again\n" + QByteArray(3'000'000, 'y')
                            + "\nno end";
    writeLog(log(), text);
    LogDocument document;
    open(document, log());
    QVERIFY(!document.find({QStringLiteral("needle"), false, true, false}));
    QTRY_VERIFY(document.hits()->done);
    const auto write = [&](LogForm form, bool only, std::optional<std::pair<qint64, qint64>> lines = {}) {
        bool done = false;
        document.writeTo(log("out"), {form, only ? document.hits() : nullptr, lines},
                         [&](const Result<void> &result) { done = result.has_value(); });
        return QTest::qWaitFor([&] { return done; }) ? readFile(log("out")) : QByteArray("<error>");
    };
    QCOMPARE(write(LogForm::Codes, false), text);
    QByteArray plain = text;
    plain.replace("\x1b[31m", "").replace("\x1b[0m", "").replace("\r", "");
    QCOMPARE(write(LogForm::Text, false), plain);
    QCOMPARE(write(LogForm::Text, true), QByteArray("red needle\nneedle again\n"));
    QCOMPARE(write(LogForm::Text, false, std::pair(1, 2)), QByteArray("plain\nneedle again\n"));
    QCOMPARE(write(LogForm::Codes, false, std::pair(4, 4)), QByteArray("no end"));
    bool refused = false;
    document.writeTo(m_folder->filePath(QStringLiteral("no/such/folder")), {},
                     [&](const Result<void> &result) { refused = !result; });
    QTRY_VERIFY(refused);
}

void LogDocumentTest::exportsAPageThatIsOnlyText()
{
    // What a hostile command writes stays text; a colour lasts until it is taken back, as on a terminal.
    writeLog(log(), "<script>alert(1)</script>&amp;\n\x1b[1;31mred\nstill red\x1b[0m no more\n\x1b]0;title\x07\xff\n");
    LogDocument document;
    open(document, log());
    bool done = false;
    document.writeTo(log("page"), {LogForm::Html, nullptr},
                     [&](const Result<void> &result) { done = result.has_value(); });
    QTRY_VERIFY(done);
    const QString page = QString::fromUtf8(readFile(log("page")));
    QVERIFY(page.startsWith(u"<!DOCTYPE html>"));
    QVERIFY(page.contains(u"&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;\n"));
    QVERIFY(!page.contains(u"<script") && !page.contains(u'\x1b') && !page.contains(u'\x07'));
    const auto spans = QRegularExpression(
                           QStringLiteral(
                               "<span style=\"color: (#[0-9a-f]{6})[^\"]*; font-weight: bold\">([^<]*)</span>"))
                           .globalMatch(page);
    QStringList red;
    for (const auto &span : spans) {
        red << span.captured(2);
        QVERIFY(contrast(QColor(span.captured(1)), Qt::white) >= 4.5);
    }
    QCOMPARE(red, QStringList({QStringLiteral("red"), QStringLiteral("still red")}));
    QVERIFY(page.contains(u"\\x1b") && page.contains(u"\\xff"));
    QVERIFY(page.endsWith(u"</html>\n"));
}

void LogDocumentTest::opensAHundredMegabytesAtOnce()
{
    {
        auto writer = LogWriter::open(log());
        QVERIFY(writer);
        for (qint64 i = 0; i < 1'100'000; i += 10'000)
            QVERIFY(writer->append(LogStream::Output, numberedLines(i, i + 10'000)));
        QVERIFY(writer->finish());
    }
    const qint64 before = privateMegabytes();
    LogDocument document;
    QElapsedTimer timer;
    timer.start();
    open(document, log());
    QVERIFY(textOf(document, document.shape().rows() - 1).startsWith(QStringLiteral("line 1099999 ")));
    qInfo("opened with its tail in %lld ms", timer.elapsed());
    OF_VERIFY_BELOW(timer.elapsed(), 500);
    QRandomGenerator random(1);
    std::vector<qint64> times;
    for (int i = 0; i < 300; ++i) {
        const qint64 row = random.bounded(1'099'950);
        timer.start();
        for (int page = 0; page < 50; ++page)
            QVERIFY(textOf(document, row + page).startsWith(QStringLiteral("line %1 ").arg(row + page)));
        times.push_back(timer.nsecsElapsed() / 1000);
    }
    std::ranges::sort(times);
    qInfo("300 jumps to a page: p50 %lld us, p99 %lld us", times[150], times[297]);
    OF_VERIFY_BELOW(times[297], 16'000);
    QTRY_VERIFY_WITH_TIMEOUT(document.errors()->done, 20'000);
    QCOMPARE(document.errors()->lines.count(), 220);
    const qint64 grown = privateMegabytes() - before;
    qInfo("%lld MB of memory", grown);
    OF_VERIFY_BELOW(grown, 40);
}

void LogDocumentTest::keepsUpWithAHundredThousandLinesASecond()
{
    auto writer = LogWriter::open(log());
    QVERIFY(writer);
    LogDocument document;
    open(document, log());
    const QByteArray part = numberedLines(0, 1000);
    QElapsedTimer timer;
    timer.start();
    qint64 worst = 0, lines = 0;
    while (timer.elapsed() < 1500) {
        QVERIFY(writer->append(LogStream::Output, part));
        lines += 1000;
        document.refresh();
        QElapsedTimer turn;
        turn.start();
        QCoreApplication::processEvents();
        if (document.shape().rows() > 0)
            document.row(document.shape().rows() - 1, QDeadlineTimer(6));
        worst = std::max(worst, turn.elapsed());
        if (const qint64 early = lines * 1000 / 100'000 - timer.elapsed(); early > 0)
            QTest::qSleep(int(early));
    }
    document.refresh();
    QTRY_COMPARE(document.shape().lines, lines);
    qInfo("%lld lines, longest turn %lld ms", lines, worst);
    QVERIFY(lines >= 100'000);
}

/// With OPENFACTORY_MEASURE_LOG=FILE: how long that log takes to open, to go through and to search.
void LogDocumentTest::measuresAnyLog()
{
    const QString path = qEnvironmentVariable("OPENFACTORY_MEASURE_LOG");
    if (path.isEmpty())
        QSKIP("OPENFACTORY_MEASURE_LOG names no log");
    const qint64 before = privateMegabytes();
    LogDocument document;
    QElapsedTimer timer;
    timer.start();
    open(document, path);
    QVERIFY(textOf(document, document.shape().rows() - 1) != QStringLiteral("<none>"));
    qInfo("%lld lines, tail after %lld ms", document.shape().lines, timer.elapsed());
    QRandomGenerator random(1);
    std::vector<qint64> times;
    for (int i = 0; i < 300; ++i) {
        const qint64 row = random.bounded(document.shape().rows() - 50);
        timer.start();
        for (int page = 0; page < 50; ++page)
            document.row(row + page, QDeadlineTimer(1000));
        times.push_back(timer.nsecsElapsed() / 1000);
    }
    std::ranges::sort(times);
    qInfo("300 jumps: p50 %lld us, p99 %lld us", times[150], times[297]);
    for (const char *text : {"NEEDLE_WORD", "needle_word", "nothing"}) {
        timer.start();
        document.find({QString::fromLatin1(text), false, text[0] == 'N', false});
        QTRY_VERIFY_WITH_TIMEOUT(document.hits()->done, 60'000);
        qInfo("%s: %lld lines in %lld ms", text, document.hits()->lines.count(), timer.elapsed());
    }
    QTRY_VERIFY_WITH_TIMEOUT(document.errors()->done, 60'000);
    qInfo("errors known %lld ms after the last search; %lld MB private", timer.elapsed(), privateMegabytes() - before);
}

QTEST_GUILESS_MAIN(LogDocumentTest)
#include "logdocumenttest.moc"
