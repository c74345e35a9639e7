// SPDX-License-Identifier: Apache-2.0
/// What a file's change looks like: every line of the patch is there once, nothing hides, and what is left out is said.
/// The changes are those of real repositories (hardening.md, B24 and test 22).
#include "tests/testlib/cputime.h"
#include "tests/widgets/diffsamples.h"
#include "ui/widgets/syntaxcolours.h"
#include "ui/widgets/worddiff.h"

#include <QBuffer>
#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

using namespace openfactory;
using Kind = DiffRow::Kind;

namespace {

QByteArray numbered(int from, int to)
{
    QByteArray text;
    for (int i = from; i <= to; ++i)
        text += "line " + QByteArray::number(i) + '\n';
    return text;
}

/// Each row as text: "- 3   old", "+   3 new", "  3 3 same", "~ 84", "# note".
QStringList printed(const DiffPresentation &shown, bool split = false)
{
    QStringList rows;
    for (const DiffRow &row : split ? shown.split : shown.unified) {
        const auto text = [&](int index) {
            return index < 0 ? QStringLiteral("<none>") : shown.texts[size_t(index)].cells.text();
        };
        const QString where = QStringLiteral("%1 %2 ").arg(row.oldLine).arg(row.newLine);
        switch (row.kind) {
        case Kind::Gap: rows << QStringLiteral("~ %1").arg(shown.gaps[size_t(row.gap)].lines); break;
        case Kind::Note: rows << QStringLiteral("# ") + shown.notes[size_t(row.left)]; break;
        case Kind::Changed:
            rows << QStringLiteral("! ") + where + text(row.left) + QStringLiteral(" | ") + text(row.right);
            break;
        case Kind::Added: rows << QStringLiteral("+ ") + where + text(split ? row.right : row.left); break;
        case Kind::Removed: rows << QStringLiteral("- ") + where + text(row.left); break;
        case Kind::Context:
            rows << (row.spaceOnly ? QStringLiteral("= ") : QStringLiteral("  ")) + where + text(row.left);
            break;
        }
    }
    return rows;
}

} // namespace

class DiffPresenterTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void showsHunksAndGaps();
    void opensGapsAndWidensContext();
    void opensAPartOfAGap();
    void pairsLinesSideBySide();
    void marksTheWordsThatDiffer();
    void looksAwayFromWhiteSpaceButSaysSo();
    void saysWhatHasNoText_data();
    void saysWhatHasNoText();
    void hidesNothing_data();
    void hidesNothing();
    void showsEveryByteOfRandomChanges();
    void cutsLongLinesIntoRowsThatLoseNothing();
    void namesAChangeByItsContent();
    void coloursFromTheBeginOfTheFile();
    void boundsTheWordsItCompares();

private:
    /// What git says of one path between two states of a repository.
    static DiffParts partsOf(const QByteArray &before, const QByteArray &after, const QByteArray &path = "a.txt")
    {
        ScratchRepository repository;
        repository.write(path, before);
        repository.write("other", "x");
        const CommitId from = repository.commitAll();
        repository.write(path, after);
        const CommitId to = repository.commitAll();
        const DiffSource source = sourceOf(repository.path(), from, to);
        DiffParts parts;
        if (source.files.empty())
            return parts;
        parts.change = source.patch(source.files.front()).value();
        parts.oldBytes = before;
        parts.newBytes = after;
        return parts;
    }
};

void DiffPresenterTest::showsHunksAndGaps()
{
    QByteArray after = numbered(1, 100);
    after.replace("line 20\n", "changed 20\n").replace("line 60\n", "");
    DiffParts parts = partsOf(numbered(1, 100), after);
    const QStringList wanted{QStringLiteral("~ 16"),
                             QStringLiteral("  17 17 line 17"),
                             QStringLiteral("  18 18 line 18"),
                             QStringLiteral("  19 19 line 19"),
                             QStringLiteral("- 20 0 line 20"),
                             QStringLiteral("+ 0 20 changed 20"),
                             QStringLiteral("  21 21 line 21"),
                             QStringLiteral("  22 22 line 22"),
                             QStringLiteral("  23 23 line 23"),
                             QStringLiteral("~ 33"),
                             QStringLiteral("  57 57 line 57"),
                             QStringLiteral("  58 58 line 58"),
                             QStringLiteral("  59 59 line 59"),
                             QStringLiteral("- 60 0 line 60"),
                             QStringLiteral("  61 60 line 61"),
                             QStringLiteral("  62 61 line 62"),
                             QStringLiteral("  63 62 line 63"),
                             QStringLiteral("~ 37")};
    QCOMPARE(printed(*present(parts, {})), wanted);
    // Without the content of the file the last gap is there all the same, of unknown size.
    parts.newBytes.reset();
    QStringList unknown = wanted;
    unknown.last() = QStringLiteral("~ -1");
    const auto shown = present(parts, {});
    QCOMPARE(printed(*shown), unknown);
    QVERIFY(!shown->canOpenGaps);
}

void DiffPresenterTest::opensGapsAndWidensContext()
{
    QByteArray after = numbered(1, 200);
    after.replace("line 50\n", "changed\n").replace("line 150\n", "changed too\n");
    DiffParts parts = partsOf(numbered(1, 200), after);
    parts.opened = {1};
    QStringList rows = printed(*present(parts, {}));
    QCOMPARE(rows.filter(QStringLiteral("~")), (QStringList{QStringLiteral("~ 46"), QStringLiteral("~ 47")}));
    QVERIFY(rows.contains(QStringLiteral("  100 100 line 100")));
    parts.opened.clear();
    DiffOptions options;
    options.context = 20;
    rows = printed(*present(parts, options));
    QCOMPARE(rows.filter(QStringLiteral("~")),
             (QStringList{QStringLiteral("~ 29"), QStringLiteral("~ 59"), QStringLiteral("~ 30")}));
    options.context = INT_MAX;
    rows = printed(*present(parts, options));
    QCOMPARE(rows.size(), 202);
    QVERIFY(rows.filter(QStringLiteral("~")).isEmpty());
    // All of it in order, once.
    for (int i = 1, at = 0; i <= 200; ++i, ++at) {
        if (i == 50 || i == 150)
            ++at;
        QVERIFY2(rows[at].contains(QStringLiteral(" %1 ").arg(i)), qPrintable(rows[at]));
    }
}

void DiffPresenterTest::opensAPartOfAGap()
{
    QByteArray after = numbered(1, 200);
    after.replace("line 50\n", "changed\n").replace("line 150\n", "changed too\n");
    DiffParts parts = partsOf(numbered(1, 200), after);
    const auto gaps = [&](const DiffOptions &options = {}) {
        return printed(*present(parts, options)).filter(QStringLiteral("~")).join(QLatin1Char(' '));
    };
    QCOMPARE(gaps(), QStringLiteral("~ 46 ~ 93 ~ 47"));
    parts.partly[1] = {20, 0};
    QCOMPARE(gaps(), QStringLiteral("~ 46 ~ 73 ~ 47"));
    parts.partly[1] = {20, 40};
    const auto shown = present(parts, {});
    QCOMPARE(printed(*shown).filter(QStringLiteral("~")).join(QLatin1Char(' ')), QStringLiteral("~ 46 ~ 33 ~ 47"));
    QCOMPARE(shown->gaps[1].newLine, 74); // what is left of it
    const QStringList rows = printed(*shown);
    const qsizetype gap = rows.indexOf(QStringLiteral("~ 33"));
    QCOMPARE(rows.value(gap - 1), QStringLiteral("  73 73 line 73"));
    QCOMPARE(rows.value(gap + 1), QStringLiteral("  107 107 line 107"));
    // The first and the last gap have a change on one side alone, and open on both.
    parts.partly[0] = {0, 20};
    parts.partly[2] = {20, 20};
    QCOMPARE(gaps(), QStringLiteral("~ 26 ~ 33 ~ 7"));
    QCOMPARE(gaps({.ignoreSpace = false, .context = 20, .syntax = true}), QStringLiteral("~ 9"));
    parts.partly[1] = {60, 60};
    parts.opened = {0};
    QCOMPARE(gaps(), QStringLiteral("~ 7"));
    // All of it in order, once.
    parts.opened = {0, 2};
    const QStringList all = printed(*present(parts, {}));
    QCOMPARE(all.size(), 202);
    for (int i = 1, at = 0; i <= 200; ++i, ++at) {
        if (i == 50 || i == 150)
            ++at;
        QVERIFY2(all[at].contains(QStringLiteral(" %1 ").arg(i)), qPrintable(all[at]));
    }
}

void DiffPresenterTest::pairsLinesSideBySide()
{
    const DiffParts parts = partsOf("a\nb\nc\nd\n", "a\nB\nC\nnew\nd\n");
    QCOMPARE(printed(*present(parts, {}), true),
             (QStringList{QStringLiteral("  1 1 a"), QStringLiteral("! 2 2 b | B"), QStringLiteral("! 3 3 c | C"),
                          QStringLiteral("+ 0 4 new"), QStringLiteral("  4 5 d")}));
}

void DiffPresenterTest::marksTheWordsThatDiffer()
{
    const auto words = [](const char *a, const char *b) {
        const auto found = compareWords(QString::fromUtf8(a), QString::fromUtf8(b));
        QStringList said;
        if (!found)
            return QStringLiteral("all");
        for (const WordRange &range : found->before)
            said << QLatin1Char('-') + QString::fromUtf8(a).mid(range.start, range.length);
        for (const WordRange &range : found->after)
            said << QLatin1Char('+') + QString::fromUtf8(b).mid(range.start, range.length);
        return said.join(QLatin1Char(' '));
    };
    QCOMPARE(words("return a + b;", "return a - b;"), QStringLiteral("-+ +-"));
    QCOMPARE(words("if (size > 100)", "if (size >= limit_max)"), QStringLiteral("-100 += +limit_max"));
    QCOMPARE(words("same", "same"), QString());
    QCOMPARE(words("foo(bar)", "completely different text"), QStringLiteral("all"));
    QCOMPARE(words("greeting = grüße", "greeting = grüsse"), QStringLiteral("-grüße +grüsse"));
    // In place on the row, also behind characters that are shown as escapes.
    const auto shown = present(partsOf("a\x01 one two\n", "a\x01 one 2\n"), {});
    const DiffText &text = shown->texts[size_t(shown->unified[1].left)];
    QCOMPARE(text.cells.text(), QStringLiteral("a\\x01 one 2"));
    QCOMPARE(text.words, (std::vector<WordRange>{{10, 1}}));
    QCOMPARE(text.escapes, (std::vector<WordRange>{{1, 4}}));
}

void DiffPresenterTest::looksAwayFromWhiteSpaceButSaysSo()
{
    DiffParts parts = partsOf("def f():\n  return 1\n  x = 2\nend\n", "def f():\n    return 1\n    x = 3\nend\n");
    DiffOptions options;
    options.ignoreSpace = true;
    QCOMPARE(
        printed(*present(parts, options)),
        (QStringList{QStringLiteral("  1 1 def f():"), QStringLiteral("= 2 2     return 1"),
                     QStringLiteral("- 3 0   x = 2"), QStringLiteral("+ 0 3     x = 3"), QStringLiteral("  4 4 end")}));
    QCOMPARE(printed(*present(parts, {})).filter(QStringLiteral("=  ")).size(), 0);
    // Line ends too.
    parts = partsOf("a\nb\n", "a\r\nb\r\n");
    QCOMPARE(printed(*present(parts, options)).filter(QStringLiteral("= ")).size(), 2);
    QVERIFY(printed(*present(parts, {})).contains(QStringLiteral("+ 0 1 a␍")));
}

void DiffPresenterTest::saysWhatHasNoText_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QString>("said");
    QTest::newRow("mode") << QByteArray("mode.sh")
                          << QStringLiteral("Mode changed from 100644 to 100755: can now be executed");
    QTest::newRow("rename") << QByteArray("new name.txt") << QStringLiteral("Renamed from old name.txt");
    QTest::newRow("binary") << QByteArray("data.bin") << QStringLiteral("A binary or very large file");
    QTest::newRow("link") << QByteArray("link") << QStringLiteral("A symbolic link");
    QTest::newRow("became a link") << QByteArray("becomes") << QStringLiteral("A symbolic link");
    QTest::newRow("module") << QByteArray("module") << QStringLiteral("A submodule");
    QTest::newRow("LFS") << QByteArray("big.psd") << QStringLiteral("A pointer of Git LFS");
    QTest::newRow("program") << QByteArray("tool") << QStringLiteral("A new file that can be executed");
    QTest::newRow("empty") << QByteArray("empty") << QStringLiteral("An empty file");
}

void DiffPresenterTest::saysWhatHasNoText()
{
    static ScratchRepository repository;
    static CommitId from, to;
    if (from.isEmpty()) {
        repository.write("mode.sh", "echo\n");
        repository.write("old name.txt", numbered(1, 30));
        repository.write("data.bin", QByteArray("\0\1", 2));
        repository.write("becomes", "a file\n");
        repository.write("big.psd", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 1\n");
        from = repository.commitAll();
        repository.write("mode.sh", "echo\n", 0755);
        ScratchRepository::removeAt(repository.path(), "old name.txt");
        repository.write("new name.txt", numbered(1, 29) + "line thirty\n");
        repository.write("data.bin", QByteArray("\0\2", 2));
        ScratchRepository::removeAt(repository.path(), "becomes");
        ScratchRepository::linkAt(repository.path(), "becomes", "/etc/passwd");
        ScratchRepository::linkAt(repository.path(), "link", "../outside");
        repository.write("big.psd", "version https://git-lfs.github.com/spec/v1\noid sha256:2\nsize 1\n");
        repository.write("tool", "#!/bin/sh\n", 0755);
        repository.write("empty", "");
        repository.git({QStringLiteral("update-index"), QStringLiteral("--add"), QStringLiteral("--cacheinfo"),
                        QStringLiteral("160000,1234567890123456789012345678901234567890,module")});
        repository.git({QStringLiteral("add"), QStringLiteral("-A"), QStringLiteral("--"), QStringLiteral(":!module")});
        repository.git({QStringLiteral("commit"), QStringLiteral("-qm"), QStringLiteral("x")});
        to = repository.head();
    }
    QFETCH(QByteArray, path);
    QFETCH(QString, said);
    const DiffSource source = sourceOf(repository.path(), from, to);
    const auto file = std::ranges::find(source.files, path, [](const DiffFile &f) { return f.change.path; });
    QVERIFY(file != source.files.end());
    const FileChange change = source.patch(*file).value();
    const auto shown = present({change, {}, {}, {}}, {});
    QVERIFY2(std::ranges::any_of(shown->notes, [&](const QString &note) { return note.contains(said); }),
             qPrintable(printed(*shown).join(QLatin1Char('\n'))));
    QCOMPARE(printed(*shown).first().left(2), QStringLiteral("# "));
    const bool text = path == "empty";
    QVERIFY(text || hasNonTextChange(change));
}

void DiffPresenterTest::hidesNothing_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const QByteArray &line, const char *shown) {
        QTest::newRow(name) << line << QString::fromUtf8(shown);
    };
    row("bidi override", "if a \xe2\x80\xae} \xe2\x81\xa6if admin\xe2\x81\xa9", "if a \\u202e} \\u2066if admin\\u2069");
    row("zero width", "pass\xe2\x80\x8bword", "pass\\u200bword");
    row("no-break space",
        "a\xc2\xa0"
        "b",
        "a\\xa0b");
    row("soft hyphen",
        "a\xc2\xad"
        "b",
        "a\\xadb");
    row("BOM",
        "\xef\xbb\xbf"
        "x",
        "\\ufeffx");
    row("tag characters", "x\xf3\xa0\x81\xa1", "x\\ue0061");
    row("carriage return", "visible\rhidden", "visible\\x0dhidden");
    row("escape", "\x1b[8mhidden\x1b[0m", "\\x1b[8mhidden\\x1b[0m");
    row("backspace", "good\b\b\b\bevil", "good\\x08\\x08\\x08\\x08evil");
    row("no UTF-8",
        "a\xff\xfe"
        "b",
        "a\\xff\\xfeb");
    row("cut UTF-8", "a\xe6\x97", "a\\xe6\\x97");
    row("overlong", "\xc0\xae\xc0\xae/", "\\xc0\\xae\\xc0\\xae/");
    row("hangul filler", "x\xe3\x85\xa4y", "x\\u3164y");
    row("line separator", "x\xe2\x80\xa8y", "x\\u2028y");
    row("markup", "<img src=\"http://x\"> <b>", "<img src=\"http://x\"> <b>");
    row("form feed", "a\fb", "a\\x0cb");
}

void DiffPresenterTest::hidesNothing()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, shown);
    const QStringList rows = printed(*present(partsOf("before\n", line + '\n'), {}));
    QVERIFY2(rows.contains(QStringLiteral("+ 0 1 ") + shown), qPrintable(rows.join(QLatin1Char('\n'))));
}

void DiffPresenterTest::showsEveryByteOfRandomChanges()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    for (int round = 0; round < 6; ++round) {
        const auto file = [&](const QByteArray &from) {
            QByteArrayList lines = from.isEmpty() ? QByteArrayList() : from.split('\n');
            for (int edits = 1 + random.bounded(12); edits > 0; --edits) {
                QByteArray line;
                for (int length = random.bounded(30); length > 0; --length)
                    line += char(random.bounded(12) == 0 ? 1 + random.bounded(255) : 'a' + random.bounded(4));
                line.replace('\n', ' ');
                const int at = random.bounded(int(lines.size()) + 1);
                if (random.bounded(3) == 0 && at < lines.size())
                    lines.removeAt(at);
                else
                    lines.insert(at, line);
            }
            return lines.join('\n') + (random.bounded(4) == 0 ? "" : "\n");
        };
        QByteArray before;
        for (int i = 0; i < 20; ++i)
            before = file(before);
        const QByteArray after = file(file(before));
        const DiffParts parts = partsOf(before, after);
        if (parts.change.hunks.empty())
            continue;
        DiffOptions options;
        options.context = INT_MAX;
        options.ignoreSpace = random.bounded(2) == 0;
        const auto shown = present(parts, options);
        // The rows of each side, in order, are its lines.
        for (const bool split : {false, true}) {
            for (const bool newSide : {false, true}) {
                QStringList lines, wanted;
                for (const DiffRow &row : split ? shown->split : shown->unified) {
                    const int number = newSide ? row.newLine : row.oldLine;
                    const bool other = !split && row.kind == (newSide ? Kind::Removed : Kind::Added);
                    if (row.kind == Kind::Note || number == 0 || other)
                        continue;
                    QCOMPARE(number, int(lines.size()) + 1);
                    const int text = split && newSide ? row.right : row.left;
                    // With white space ignored, the old side of such a line is shown as the new one.
                    lines << (row.spaceOnly ? QStringLiteral("=") : shown->texts[size_t(text)].cells.text());
                }
                const auto literal = present(partsOf("", newSide ? after : before, "b.txt"), {});
                for (const DiffRow &row : literal->unified) {
                    if (row.kind == Kind::Added)
                        wanted << (lines.value(wanted.size()) == QLatin1String("=")
                                       ? QStringLiteral("=")
                                       : literal->texts[size_t(row.left)].cells.text());
                }
                QCOMPARE(lines, wanted);
            }
        }
    }
}

void DiffPresenterTest::cutsLongLinesIntoRowsThatLoseNothing()
{
    QByteArray line;
    while (line.size() < 1024 * 1024)
        line += "日本 " + QByteArray::number(line.size()) + '\x01';
    QElapsedTimer timer;
    DiffParts parts = partsOf("short\n", line + '\n');
    timer.start();
    const auto shown = present(parts, {});
    OF_VERIFY_BELOW(timer.elapsed(), 1000);
    QString all;
    int rows = 0;
    for (const DiffRow &row : shown->unified) {
        if (row.kind != Kind::Added)
            continue;
        QCOMPARE(row.goesOn, rows > 0);
        QCOMPARE(row.newLine, 1);
        all += shown->texts[size_t(row.left)].cells.text();
        ++rows;
    }
    QVERIFY(rows > 100);
    QCOMPARE(all, QString::fromUtf8(line).replace(QChar(1), QStringLiteral("\\x01")));
    // A file with carriage returns alone is one line, and all of it is there.
    const auto old = present(partsOf("x\n", QByteArray("one\rtwo\r").repeated(10'000)), {});
    QString text;
    for (const DiffRow &row : old->unified)
        text += row.kind == Kind::Added ? old->texts[size_t(row.left)].cells.text() : QString();
    QCOMPARE(text.count(QStringLiteral("\\x0d")), 19'999);
    QVERIFY(text.endsWith(QStringLiteral("two␍")));
}

void DiffPresenterTest::namesAChangeByItsContent()
{
    const auto key = [](const DiffParts &parts) { return present(parts, {})->contentKey; };
    const DiffParts parts = partsOf("a\nb\n", "a\nc\n");
    QCOMPARE(key(parts), key(partsOf("a\nb\n", "a\nc\n")));
    QVERIFY(key(parts) != key(partsOf("a\nb\n", "a\nd\n")));
    QVERIFY(key(parts) != key(partsOf("a\nb\n", "a\nc\n", "b.txt")));
    DiffParts mode = parts;
    mode.change.newMode = 0100755;
    QVERIFY(key(parts) != key(mode));
}

void DiffPresenterTest::coloursFromTheBeginOfTheFile()
{
    QByteArray before = "/* a long comment\n" + numbered(1, 50) + "*/\nint x = 1; // one\n";
    QByteArray after = before;
    after.replace("line 25\n", "line twenty-five return\n").replace("x = 1", "x = 2");
    DiffParts parts = partsOf(before, after, "a.cpp");
    SyntaxColours colours;
    const auto shown = present(parts, {});
    colours.addTo(*shown, parts);
    const auto stylesOf = [&](const char *begin) {
        QSet<int> styles;
        for (const DiffRow &row : shown->unified) {
            if (row.kind == Kind::Gap
                || !shown->texts[size_t(row.left)].cells.text().startsWith(QString::fromLatin1(begin)))
                continue;
            for (const SyntaxSpan &span : shown->texts[size_t(row.left)].syntax)
                styles.insert(span.style);
        }
        return styles;
    };
    // It lies inside a comment that began long before the hunk.
    QCOMPARE(stylesOf("line twenty").size(), 1);
    QVERIFY(stylesOf("int x = 2").size() > 2);
    QVERIFY(colours.palette().light[size_t(*stylesOf("line twenty").begin())].colour != 0);
}

void DiffPresenterTest::boundsTheWordsItCompares()
{
    QElapsedTimer timer;
    timer.start();
    QString a, b;
    for (int i = 0; i < 2000; ++i) {
        a += QChar(u'a' + i % 7);
        a += QLatin1Char(' ');
        b += QChar(u'a' + i % 5);
        b += QLatin1Char('.');
    }
    compareWords(a, b);
    QVERIFY(!compareWords(QString(10'000, u'a'), QString(10'000, u'b')));
    OF_VERIFY_BELOW(timer.elapsed(), 200);
}

QTEST_GUILESS_MAIN(DiffPresenterTest)
#include "diffpresentertest.moc"
