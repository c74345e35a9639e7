// SPDX-License-Identifier: Apache-2.0
/// What a log's bytes look like: colours and carriage returns as on a terminal, everything else as visible text (B26).
#include "ui/widgets/ansi.h"

#include "tests/testlib/cputime.h"
#include "ui/widgets/celltext.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace openfactory;

namespace {

/// "text" with the style of each span in brackets: [fg,bg,flags:text].
QString printed(const AnsiLine &line)
{
    QString out;
    qsizetype at = 0;
    for (const AnsiSpan &span : line.spans) {
        out += line.text.sliced(at, span.start - at);
        out += QStringLiteral("[%1,%2,%3:%4]")
                   .arg(span.style.foreground, 0, 16)
                   .arg(span.style.background, 0, 16)
                   .arg(span.style.flags)
                   .arg(line.text.sliced(span.start, span.length));
        at = span.start + span.length;
    }
    return out + line.text.sliced(at);
}

bool isSeen(char32_t c)
{
    return c == U'\t' || (c >= 0x20 && c != 0x7f && !(c >= 0x80 && c < 0xa0));
}

} // namespace

class AnsiTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void showsOneLine_data();
    void showsOneLine();
    void showsEverythingWhenAskedTo();
    void carriesAStyleToTheNextLine();
    void findsTheStyleAfterAText();
    void neverShowsAControlCharacterWhateverComes();
    void isQuickOnHostileLines_data();
    void isQuickOnHostileLines();
};

void AnsiTest::showsOneLine_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<bool>("overwritten");
    const auto row = [](const char *name, QByteArray bytes, const char *shown, bool overwritten = false) {
        QTest::newRow(name) << bytes << QString::fromUtf8(shown) << overwritten;
    };
    row("plain", "plain text", "plain text");
    row("empty", "", "");
    row("tab stays", "a\tb", "a\tb");
    row("UTF-8", "gr\xc3\xbc\xc3\x9f 日本 \xf0\x9f\x99\x82", "grüß 日本 🙂");
    row("16 colours", "\x1b[31mred\x1b[0m and \x1b[92mgreen\x1b[39m.", "[2,0,0:red] and [b,0,0:green].");
    row("background", "\x1b[44;97mx\x1b[m", "[10,5,0:x]");
    row("256 colours", "\x1b[38;5;208mx", "[d1,0,0:x]");
    row("24 bit", "\x1b[38;2;1;2;255mx\x1b[48;2;0;0;0my", "[10102ff,0,0:x][10102ff,1000000,0:y]");
    row("colons", "\x1b[38:5:9mx", "[a,0,0:x]");
    row("styles", "\x1b[1;3;4mx\x1b[22my", "[0,0,13:x][0,0,12:y]");
    row("left out is 0", "\x1b[31mx\x1b[;1my", "[2,0,0:x][0,0,1:y]");
    row("colour out of range", "\x1b[38;5;999mx\x1b[38;2;300;0;0my", "xy");
    row("cut 38", "\x1b[38mx\x1b[38;5mx", "x[1,0,0:x]");
    row("concealed is shown", "\x1b[8msecret", "secret");
    row("blink is nothing", "\x1b[5mx", "x");
    row("progress", "10%\r50%\r100%", "100%", true);
    row("shorter over longer", "abcdef\rXY", "XYcdef", true);
    row("colours under it", "\x1b[31mabcdef\r\x1b[32mXY", "[3,0,0:XY][2,0,0:cdef]", true);
    row("CR LF", "line\r", "line");
    row("CR CR LF", "line\r\r", "line");
    row("erase to the end", "Compiling foo\r\x1b[KDone", "Done", true);
    row("erase the line", "Compiling\x1b[2K\rDone", "Done     ", true);
    row("erase at the end", "Done\x1b[K", "Done");
    row("half a wide character", "日本\rX", "X 本", true);
    row("CR first", "\rabc", "abc");
    row("OSC 52 writes no clipboard", "\x1b]52;c;aGk=\x07", "[0,0,64:\\x1b]]52;c;aGk=[0,0,64:\\x07]");
    row("OSC 8 is no link", "\x1b]8;;file:///etc\x1b\\x", "[0,0,64:\\x1b]]8;;file:///etc[0,0,64:\\x1b]\\x");
    row("cursor up", "\x1b[2Aover", "[0,0,64:\\x1b][2Aover");
    row("clear screen", "\x1b[2J\x1b[H", "[0,0,64:\\x1b][2J[0,0,64:\\x1b][H");
    row("private mode", "\x1b[?25l", "[0,0,64:\\x1b][?25l");
    row("erase to the begin", "abc\x1b[1K", "abc[0,0,64:\\x1b][1K");
    row("title", "\x1b]0;evil\x07", "[0,0,64:\\x1b]]0;evil[0,0,64:\\x07]");
    row("backspace", "a\bb", "a[0,0,64:\\x08]b");
    row("NUL", QByteArray("a\0b", 3), "a[0,0,64:\\x00]b");
    row("C1 CSI",
        "\xc2\x9b"
        "31mx",
        "[0,0,64:\\x9b]31mx");
    row("bidi",
        "\xe2\x80\xae"
        "txt",
        "[0,0,64:\\u202e]txt");
    row("zero width", "pass\xe2\x80\x8bword", "pass[0,0,64:\\u200b]word");
    row("BOM", "\xef\xbb\xbfx", "[0,0,64:\\ufeff]x");
    row("no UTF-8", "a\xff\xc3(", "a[0,0,64:\\xff\\xc3](");
    row("overlong", "\xc0\xaf", "[0,0,64:\\xc0\\xaf]");
    row("surrogate", "\xed\xa0\x80", "[0,0,64:\\xed\\xa0\\x80]");
    row("cut character", "x\xe6\x97", "x[0,0,64:\\xe6\\x97]");
    row("cut sequence", "x\x1b[31", "x[0,0,64:\\x1b][31");
    row("escape in colour", "\x1b[31m\x07", "[2,0,64:\\x07]");
    row("markup is text", "<img src=x>&amp;", "<img src=x>&amp;");
}

void AnsiTest::showsOneLine()
{
    QFETCH(QByteArray, bytes);
    AnsiStyle style;
    const AnsiLine line = parseAnsi(bytes, style);
    QTEST(printed(line), "shown");
    QTEST(line.overwritten, "overwritten");
}

void AnsiTest::showsEverythingWhenAskedTo()
{
    AnsiStyle style;
    const AnsiLine line = parseAnsi("FAILED\rPASSED\x1b[K\r", style, AnsiControls::Show);
    QCOMPARE(line.text, QStringLiteral("FAILED\\x0dPASSED\\x1b[K\\x0d"));
    QVERIFY(!line.overwritten);
}

void AnsiTest::carriesAStyleToTheNextLine()
{
    AnsiStyle style;
    parseAnsi("\x1b[31mred begins", style);
    QCOMPARE(printed(parseAnsi("goes on", style)), QStringLiteral("[2,0,0:goes on]"));
    parseAnsi("\x1b[0m", style);
    QCOMPARE(printed(parseAnsi("ends", style)), QStringLiteral("ends"));
}

void AnsiTest::findsTheStyleAfterAText()
{
    QCOMPARE(styleAfter("a\x1b[31mb\x1b[?25l\x1b[1mc\n"), (AnsiStyle{2, 0, AnsiStyle::Bold}));
    QCOMPARE(styleAfter("\x1b[31m\x1b[0m"), AnsiStyle());
}

void AnsiTest::neverShowsAControlCharacterWhateverComes()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    static const QByteArrayList parts = {"\x1b[",       "\x1b]8;;", "\x1b[31m", "\x1b[K", "\x1b[2K",      "38;5;",
                                         "48;2;1;2;3m", "\r",       "\t",       "\x07",   "\xe2\x80\xae", "日本",
                                         "abc",         ";",        "m",        "K",      "\xf0\x9f"};
    QElapsedTimer timer;
    timer.start();
    for (int round = 0; timer.elapsed() < 1500; ++round) {
        QByteArray bytes;
        for (int i = random.bounded(40); i > 0; --i) {
            if (random.bounded(3) > 0)
                bytes += parts[random.bounded(int(parts.size()))];
            else
                bytes += char(random.bounded(256));
        }
        bytes.replace('\n', ' ');
        AnsiStyle style, again;
        const AnsiLine line = parseAnsi(bytes, style);
        for (const char32_t c : line.text.toUcs4())
            QVERIFY2(isSeen(c), bytes.toHex());
        qsizetype end = 0;
        for (const AnsiSpan &span : line.spans) {
            QVERIFY2(span.start >= end && span.length > 0, bytes.toHex());
            end = span.start + span.length;
        }
        QVERIFY2(end <= line.text.size(), bytes.toHex());
        QVERIFY2(styleAfter(bytes) == style || bytes.endsWith('\r'), bytes.toHex());
        // What is obeyed hides things; what is shown hides nothing but colours.
        const AnsiLine all = parseAnsi(bytes, again, AnsiControls::Show);
        QVERIFY2(!all.overwritten && all.text.count(QStringLiteral("\\x0d")) >= bytes.count('\r'), bytes.toHex());
    }
}

void AnsiTest::isQuickOnHostileLines_data()
{
    QTest::addColumn<QByteArray>("unit");
    QTest::newRow("carriage returns") << QByteArray("\r");
    QTest::newRow("overwriting") << QByteArray("x\r");
    QTest::newRow("long then overwriting") << QByteArray("x\ry");
    QTest::newRow("escapes") << QByteArray("\x1b");
    QTest::newRow("cut sequences") << QByteArray("\x1b[1;1;1;1;1;1;1;1;1");
    QTest::newRow("colours") << QByteArray("\x1b[31mx\x1b[32m");
    QTest::newRow("erases") << QByteArray("x\x1b[2K");
    QTest::newRow("no UTF-8") << QByteArray("\xff");
    QTest::newRow("combining") << QByteArray("\xcc\x81");
}

void AnsiTest::isQuickOnHostileLines()
{
    QFETCH(QByteArray, unit);
    const QByteArray bytes = QByteArray(32 * 1024, 'a') + unit.repeated(32 * 1024 / unit.size());
    QElapsedTimer timer;
    timer.start();
    AnsiStyle style;
    const AnsiLine line = parseAnsi(bytes, style);
    const CellText cells(line.text);
    QVERIFY(cells.columns() >= 0);
    OF_VERIFY_BELOW(timer.elapsed(), 250);
}

QTEST_APPLESS_MAIN(AnsiTest)
#include "ansitest.moc"
