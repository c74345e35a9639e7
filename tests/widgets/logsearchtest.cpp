// SPDX-License-Identifier: Apache-2.0
/// Searches of a log: the counts are grep's, whatever the options, and go on exactly where a log has grown.
#include "tests/testlib/cputime.h"
#include "tests/widgets/logsamples.h"
#include "ui/widgets/loglinks.h"
#include "ui/widgets/logscan.h"

#include <QElapsedTimer>
#include <QRandomGenerator>

using namespace openfactory;

namespace {

std::shared_ptr<const LogHits> advance(LogScan &scan, const LogIndex &index)
{
    std::shared_ptr<const LogHits> last = std::make_shared<LogHits>();
    const auto result = scan.advance(index, {}, [&](std::shared_ptr<const LogHits> hits) { last = std::move(hits); });
    return result ? last : std::make_shared<LogHits>();
}

std::shared_ptr<const LogHits> search(const QString &path, const LogQuery &query)
{
    LogScan scan(*LogMatcher::create(query));
    return advance(scan, *LogIndex::open(path));
}

LogQuery query(const char *text, bool regex = false, bool matchCase = true, bool word = false)
{
    return {QString::fromUtf8(text), regex, matchCase, word};
}

} // namespace

class LogSearchTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void countsWhatGrepCounts_data();
    void countsWhatGrepCounts();
    void searchesWhatIsShown();
    void findsWithinAndAcrossVeryLongLines();
    void goesOnWhereTheLogHasGrown();
    void saysWhatIsWrongWithAPattern();
    void survivesAPatternThatGoesWild();
    void findsMatchesInALine();
    void knowsErrorLines_data();
    void knowsErrorLines();
    void findsLinks_data();
    void findsLinks();
    void stopsWhenAsked();
    void isQuickOnAHundredMegabytes();

private:
    QTemporaryDir m_folder;
    QString m_log;
};

void LogSearchTest::initTestCase()
{
    m_log = m_folder.filePath(QStringLiteral("a.log"));
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    // Words of few letters, so that there are many near misses.
    QByteArray text;
    while (text.size() < 6 * 1024 * 1024) {
        for (int words = random.bounded(12); words > 0; --words) {
            for (int letters = 1 + random.bounded(5); letters > 0; --letters)
                text += "abAB_x9"[random.bounded(7)];
            text += " .:-"[random.bounded(4)];
        }
        text += '\n';
    }
    text += "the last line has no end: abab";
    writeLog(m_log, text);
}

void LogSearchTest::countsWhatGrepCounts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("regex");
    QTest::addColumn<bool>("matchCase");
    QTest::addColumn<bool>("word");
    for (const char *text : {"abab", "x9", "A", "bbbbb", " abab", "no such thing", "end: abab"}) {
        for (const bool matchCase : {true, false}) {
            for (const bool word : {true, false}) {
                if (word && text[0] == ' ')
                    continue;
                QTest::addRow("%s case %d word %d", text, matchCase, word)
                    << QString::fromLatin1(text) << false << matchCase << word;
            }
        }
    }
    for (const char *text : {"^ab", "b[x9]+a", "a{4}", "9$", "(ab|ba)_"}) {
        for (const bool matchCase : {true, false})
            QTest::addRow("pattern %s case %d", text, matchCase)
                << QString::fromLatin1(text) << true << matchCase << false;
    }
}

void LogSearchTest::countsWhatGrepCounts()
{
    QFETCH(QString, text);
    QFETCH(bool, regex);
    QFETCH(bool, matchCase);
    QFETCH(bool, word);
    QStringList options{QStringLiteral("-c"), regex ? QStringLiteral("-E") : QStringLiteral("-F")};
    if (!matchCase)
        options << QStringLiteral("-i");
    if (word)
        options << QStringLiteral("-w");
    options << QStringLiteral("-e") << text;
    const auto hits = search(m_log, {text, regex, matchCase, word});
    QVERIFY(hits->done);
    QCOMPARE(hits->lines.count(), grepCount(options, m_log));
    QVERIFY(hits->matches >= hits->lines.count());
    if (hits->lines.count() > 0) {
        // The lines are the right ones, not only as many.
        const auto index = LogIndex::open(m_log);
        const LogMatcher matcher = *LogMatcher::create({text, regex, matchCase, word});
        for (const qint64 n : {qint64(0), hits->lines.count() / 2, hits->lines.count() - 1}) {
            const auto line = index->text(hits->lines.at(n), 1, 10'000);
            QVERIFY(line && matcher.count(QString::fromLatin1(line->first())) > 0);
        }
    }
}

void LogSearchTest::searchesWhatIsShown()
{
    const QString log = m_folder.filePath(QStringLiteral("shown.log"));
    writeLog(log, "FA\x1b[31mIL\x1b[0mED\n10%\r100%\nmade of Ümläut\r\nx\x1b[2Kfoo FAILED twice FAILED\n");
    QCOMPARE(search(log, query("FAILED"))->matches, 3);
    QCOMPARE(search(log, query("FAILED"))->lines.count(), 2);
    QCOMPARE(search(log, query("10%"))->lines.count(), 0);
    QCOMPARE(search(log, query("100%"))->lines.count(), 1);
    QCOMPARE(search(log, query("ÜMLÄUT", false, false))->lines.count(), 1);
    QCOMPARE(search(log, query("ut$", true))->lines.count(), 1);
    QCOMPARE(search(log, query("\\bfoo\\b", true))->lines.count(), 1);
}

void LogSearchTest::findsWithinAndAcrossVeryLongLines()
{
    const QString log = m_folder.filePath(QStringLiteral("long.log"));
    QByteArray line(5 * 1024 * 1024, 'x');
    // One at each place where the reader might cut, and one at the end.
    int planted = 0;
    for (qsizetype at = 64 * 1024; at < line.size(); at += 64 * 1024, ++planted)
        line.replace(at - 3, 6, "needle");
    line.replace(line.size() - 6, 6, "needle");
    writeLog(log, "first needle\n" + line + "\nlast needle\n");
    const auto hits = search(log, query("needle"));
    QCOMPARE(hits->matches, planted + 3);
    QCOMPARE(hits->lines.count(), 3);
    QCOMPARE(hits->lines.at(2), 2);
    QCOMPARE(search(log, query("NEEDLE", false, false))->matches, planted + 3);
    QCOMPARE(search(log, query("needle", false, true, true))->lines.count(), 2);
}

void LogSearchTest::goesOnWhereTheLogHasGrown()
{
    const QString log = m_folder.filePath(QStringLiteral("growing.log"));
    auto writer = LogWriter::open(log);
    QVERIFY(writer);
    QVERIFY(writer->append(LogStream::Output, "one hit\nnothing\nunfinished hi"));
    auto index = LogIndex::open(log);
    LogScan scan(*LogMatcher::create(query("hit")));
    QCOMPARE(advance(scan, *index)->matches, 1);
    QVERIFY(writer->append(LogStream::Output, "t and hit\nhit"));
    QVERIFY(index->refresh());
    auto hits = advance(scan, *index);
    QCOMPARE(hits->matches, 4);
    QCOMPARE(hits->lines.count(), 3);
    QCOMPARE(advance(scan, *index)->matches, 4);
    QVERIFY(writer->append(LogStream::Output, " hit\n"));
    QVERIFY(index->refresh());
    hits = advance(scan, *index);
    QCOMPARE(hits->matches, 5);
    QCOMPARE(hits->lines.at(2), 3);
}

void LogSearchTest::saysWhatIsWrongWithAPattern()
{
    const auto bad = LogMatcher::create(query("a(b", true));
    QVERIFY(!bad);
    QVERIFY2(bad.error().said.contains(QStringLiteral("parenthesis")), qPrintable(bad.error().said));
    QVERIFY2(bad.error().said.endsWith(QStringLiteral("character 4")), qPrintable(bad.error().said));
}

void LogSearchTest::survivesAPatternThatGoesWild()
{
    const LogMatcher matcher = *LogMatcher::create(query("(a+)+$", true));
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(matcher.count(QString(60, QLatin1Char('a')) + QLatin1Char('!')), 0);
    OF_VERIFY_BELOW(timer.elapsed(), 500);
}

void LogSearchTest::findsMatchesInALine()
{
    const auto matches = [](const LogQuery &q, const char *line) {
        return LogMatcher::create(q)->matches(QString::fromUtf8(line));
    };
    QCOMPARE(matches(query("aa"), "aaaaa"), (std::vector<LogMatcher::Match>{{0, 2}, {2, 2}}));
    QCOMPARE(matches(query("aa", false, false), "xAa aA"), (std::vector<LogMatcher::Match>{{1, 2}, {4, 2}}));
    QCOMPARE(matches(query("a*", true), "baab"), (std::vector<LogMatcher::Match>{{1, 2}}));
    QCOMPARE(matches(query("a", false, true, true), "a ba a_ a"), (std::vector<LogMatcher::Match>{{0, 1}, {8, 1}}));
}

void LogSearchTest::knowsErrorLines_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("isError");
    const auto row = [](const char *line, bool isError) { QTest::newRow(line) << QByteArray(line) << isError; };
    row("error: cannot find x", true);
    row("src/a.c:3:1: fatal error: x.h: No such file", true);
    row("FAILED tests/test_a.py::test_b", true);
    row("Traceback (most recent call last):", true);
    row("ValueError: bad", true);
    row("thread 'main' panicked at", true);
    row("E       assert 1 == 2", true);
    row("ERROR", true);
    row("1 failed, 3 passed", true);
    row("0 errors", false);
    row("no errors found", false);
    row("10 errors", true);
    row("0 failed, 4 passed", false);
    row("tests/test_error.py PASSED", false);
    row("terror of the unerring", false);
    row("compiling error_handler.cpp", false);
    row("everything is fine", false);
    row("", false);
}

void LogSearchTest::knowsErrorLines()
{
    QFETCH(QByteArray, line);
    QTEST(isErrorLine(line), "isError");
}

void LogSearchTest::findsLinks_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("found");
    const auto row = [](const char *text, const char *found) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(found);
    };
    row("src/a.py:12: error", "src/a.py:12");
    row("./src/a.cpp:12:34: error", "./src/a.cpp:12");
    row("  File \"src/my file.py\", line 7, in f", "src/my file.py:7");
    row("C:/x.c(12): warning", "/x.c:12");
    row("a.c(12,3): error and b.h:9", "a.c:12 b.h:9");
    row("at 12:30:45 nothing", "");
    row("http://example.org:80/x", "");
    row("version 1.2:3", "");
    row("tests/test_x.py::test_y", "");
    row("src/grüße.py:3", "src/grüße.py:3");
    row("a.py:0", "");
    row("a.py:99999999999", "");
}

void LogSearchTest::findsLinks()
{
    QFETCH(QString, text);
    QStringList found;
    for (const LogLink &link : ::openfactory::findLinks(text)) {
        found << link.path + QLatin1Char(':') + QString::number(link.line);
        QVERIFY(link.start >= 0 && link.start + link.length <= text.size());
    }
    QTEST(found.join(QLatin1Char(' ')), "found");
}

void LogSearchTest::stopsWhenAsked()
{
    std::stop_source stop;
    LogScan scan(*LogMatcher::create(query("[ab]+x", true)));
    int told = 0;
    const auto result = scan.advance(*LogIndex::open(m_log), stop.get_token(), [&](std::shared_ptr<const LogHits>) {
        ++told;
        stop.request_stop();
    });
    stop.request_stop();
    QVERIFY(told >= 1);
    if (!result)
        QCOMPARE(result.error().kind, ErrorKind::Cancelled);
    // It can go on from where it was.
    QCOMPARE(advance(scan, *LogIndex::open(m_log))->lines.count(),
             grepCount({QStringLiteral("-cE"), QStringLiteral("[ab]+x")}, m_log));
}

void LogSearchTest::isQuickOnAHundredMegabytes()
{
    const QString log = m_folder.filePath(QStringLiteral("big.log"));
    writeLog(log, numberedLines(0, 1'100'000));
    qInfo("%lld MB", QFileInfo(log).size() / 1'000'000);
    QElapsedTimer timer;
    const auto timed = [&](const char *name, const LogQuery &q, const QStringList &grep) {
        timer.start();
        const auto hits = search(log, q);
        const qint64 took = timer.elapsed();
        qInfo("%s: %lld ms, %lld lines", name, took, hits->lines.count());
        QCOMPARE(hits->lines.count(), grepCount(grep, log));
        OF_VERIFY_BELOW(took, q.isRegex ? 10'000 : 3'000);
    };
    timed("rare word", query("NEEDLE"), {QStringLiteral("-cF"), QStringLiteral("NEEDLE")});
    timed("rare word, any case", query("needle", false, false), {QStringLiteral("-ciF"), QStringLiteral("needle")});
    timed("every line", query("nothing"), {QStringLiteral("-cF"), QStringLiteral("nothing")});
    // The other case never comes: it must be looked for once, not after each match.
    timed("every line, any case", query("NOTHING", false, false), {QStringLiteral("-ciF"), QStringLiteral("nothing")});
    timed("pattern", query("module_1[01] .*NEEDLE|module_5/", true),
          {QStringLiteral("-cE"), QStringLiteral("module_1[01] .*NEEDLE|module_5/")});
    timer.start();
    LogScan errors(std::nullopt);
    QCOMPARE(advance(errors, *LogIndex::open(log))->lines.count(), 220);
    qInfo("errors: %lld ms", timer.elapsed());
}

QTEST_GUILESS_MAIN(LogSearchTest)
#include "logsearchtest.moc"
