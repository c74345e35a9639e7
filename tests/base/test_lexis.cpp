// SPDX-License-Identifier: Apache-2.0
/// Which bytes of a source are code, string or comment.
#include "core/base/lexis.h"

#include <QtTest>

using namespace openfactory;

class TestLexis : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsCodeStringsAndComments_data()
    {
        QTest::addColumn<QString>("lexis");
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QString>("kinds"); // of the source, lines joined by |
        auto row = [count = 0](const char *lexis, const char *source, const char *kinds) mutable {
            QTest::addRow("%s %d", lexis, ++count)
                << QString::fromLatin1(lexis) << QByteArray(source) << QString::fromLatin1(kinds);
        };
        row("python", "x = 'a#b' # c", "cccc\"sss\"c###");
        row("python", "\"\"\"a\n'b\"\"\"\nc", "\"\"\"s|ss\"\"\"|c");
        row("python", "// 'a", "ccc\"s");
        row("c", "a = \"x\\\"y\"; // b", "cccc\"ssss\"cc####");
        row("c", "a /* b\nc */ d", "cc####|####cc");
        row("c", "1'000'000 + 'x' + '\\''", "cccccccccccc\"s\"ccc\"ss\"");
        row("c", "u8'x' L'\\n'", "cc\"s\"cc\"ss\"");
        row("c", "R\"x(a\"b\n//)x\" c", "c\"\"\"sss|ss\"\"\"cc"); // the delimiter
        row("c", "AR\"(\" b", "cc\"s\"cc");
        row("c", "\"open\nb", "\"ssss|c");
        row("c", "#define A \"b\\\nc\"", "cccccccccc\"ss|s\"");
        row("go", "a := `x\\\n\"` + \"y\" // `", "ccccc\"ss|s\"ccc\"s\"c####");
        row("go", "'\\'' '\"'", "\"ss\"c\"s\"");
        row("rust", "fn f<'a>(x: &'a str) -> 'static", "ccccccccccccccccccccccccccccccc");
        row("rust", "let c = 'x'; let d = '\\u{1F600}';", "cccccccc\"s\"cccccccccc\"sssssssss\"c");
        row("rust", "r#\"a\"b\n\"# c", "cc\"sss|\"\"cc");
        row("rust", "#\"a\" ##\"b\"", "c\"s\"ccc\"s\"");
        row("rust", "br\"a\\\" c", "cc\"ss\"cc");
        row("rust", "/* a /* b */ c */ d", "#################cc");
        row("rust", "\"a\nb\\\"\" c", "\"s|sss\"cc");
        row("javascript", "a = `x ${b + `y` } z` + c", "cccc\"ss\"\"cccc\"s\"c\"ss\"cccc");
        row("javascript", "a = b / c / d; // e", "ccccccccccccccc####");
        row("javascript", "f(/a[/\"]\\/b/g, 1)", "cc\"ssssssss\"ccccc");
        row("javascript", "return /'/.test(a)", "ccccccc\"s\"cccccccc");
        row("javascript", "x = 'a' /* '\n*/ + 1", "cccc\"s\"c####|##cccc");
        row("gleam", "let a = \"b\nc\" // d", "cccccccc\"s|s\"c####");
    }
    void tellsCodeStringsAndComments()
    {
        QFETCH(QString, lexis);
        QFETCH(QByteArray, source);
        QFETCH(QString, kinds);
        const Lexis *family = lexisNamed(lexis);
        QVERIFY(family);
        QString told = kindsOf(source, *family);
        QCOMPARE(told.size(), source.size());
        for (qsizetype at = 0; at < told.size(); ++at) {
            if (source[at] == '\n')
                told[at] = u'|';
        }
        QCOMPARE(told, kinds);
    }

    void aStatementGoesOnWhileABracketIsOpen()
    {
        const auto joins = [](const char *lexis, const QList<QByteArray> &lines) {
            Lexer lexer(*lexisNamed(QString::fromLatin1(lexis)));
            for (const QByteArray &line : lines)
                lexer.walk(line);
            return lexer.joinsNext();
        };
        QVERIFY(joins("go", {"f(a,"}));
        QVERIFY(!joins("go", {"f(a,", "b)"}));
        QVERIFY(!joins("go", {"func f() {"}));
        QVERIFY(!joins("javascript", {"f(function () {"})); // statements of its own begin
        QVERIFY(joins("javascript", {"f(function () {", "}"}));
        QVERIFY(!joins("javascript", {"f(function () {", "})"}));
        QVERIFY(joins("python", {"f({"}));
        QVERIFY(joins("python", {"a = 1 + \\"}));
        QVERIFY(joins("rust", {"/* a"}));
        QVERIFY(joins("javascript", {"a = `x"}));
        QVERIFY(!joins("c", {"f(a;", "}", "{"})); // an error of the text does not join the rest of it
    }

    void blanksWhatIsNoCode()
    {
        QCOMPARE(codeOf("a('b'); // c\nd", *lexisNamed(u"javascript")), QStringLiteral("a(' ');     \nd"));
        QCOMPARE(codeOf("a('b'); // c\r\nd", *lexisNamed(u"javascript"), true), QStringLiteral("a('b');     \r\nd"));
    }

    void survivesHostileText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("brackets") << QByteArray("({[").repeated(500'000);
        QTest::newRow("closing") << QByteArray(")}]").repeated(500'000);
        QTest::newRow("templates") << QByteArray("`${").repeated(200'000);
        QTest::newRow("templates over lines") << QByteArray("`${\n").repeated(100'000);
        QTest::newRow("quotes") << QByteArray("'\"`\\").repeated(200'000);
        QTest::newRow("raw strings") << QByteArray("R\"(r#\"").repeated(100'000);
        QTest::newRow("slashes") << QByteArray("(/[").repeated(30'000);
        QTest::newRow("comments") << QByteArray("/*").repeated(500'000);
        QTest::newRow("NUL and not UTF-8") << QByteArray("\0\xff'\n", 4).repeated(100'000);
    }
    void survivesHostileText()
    {
        QFETCH(QByteArray, text);
        for (const QString &name : lexisNames()) {
            QElapsedTimer timer;
            timer.start();
            QCOMPARE(kindsOf(text, *lexisNamed(name)).size(), text.size());
            QVERIFY2(timer.elapsed() < 20'000, qPrintable(name));
        }
    }

    void knowsNoOtherNames()
    {
        QVERIFY(!lexisNamed(u"cobol"));
        for (const QString &name : lexisNames())
            QCOMPARE(lexisNamed(name)->name, name);
    }
};

QTEST_GUILESS_MAIN(TestLexis)
#include "test_lexis.moc"
