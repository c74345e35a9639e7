// SPDX-License-Identifier: Apache-2.0
/// How a hunk of a source is read: code, strings, comments, statements, blocks.
#include "core/policy/statements.h"

#include "tests/policy/difftext.h"

#include <QTest>

using namespace openfactory;

namespace {

std::vector<Statement> statementsOf(const DiffHunk &hunk, const char *lexis = "python")
{
    return openfactory::statementsOf(hunk, *lexisNamed(QString::fromLatin1(lexis)));
}

/// One line for each statement: numbers of its lines, its text with strings as "s" and comments as "#".
QStringList drawn(const DiffHunk &hunk)
{
    QStringList out;
    for (const Statement &statement : statementsOf(hunk)) {
        QString text = QString::number(statement.lines.front().number);
        if (statement.lines.size() > 1)
            text += u'-' + QString::number(statement.lines.back().number);
        text += u": ";
        for (qsizetype at = 0; at < statement.all.size(); ++at)
            text += statement.kinds[at] == u's'   ? u's'
                    : statement.kinds[at] == u'#' ? u'#'
                    : statement.all[at] == u'\n'  ? u'|'
                                                  : statement.all[at];
        out += text;
    }
    return out;
}

} // namespace

class StatementsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tellsCodeStringsAndComments_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QStringList>("expected");
        const auto row = [](const char *name, const QByteArray &text, const QStringList &expected) {
            QTest::newRow(name) << text << expected;
        };
        row("comment", "+x = 1  # no", {QStringLiteral("1: x = 1  ####")});
        row("string", "+x = 'a#b' + \"c\"", {QStringLiteral("1: x = 'sss' + \"s\"")});
        row("escaped quote", R"(+x = 'a\'b' + 1)", {QStringLiteral("1: x = 'ssss' + 1")});
        row("prefix", "+x = rb'a' f'b'", {QStringLiteral("1: x = rb's' f's'")});
        row("open string ends with the line", "+x = 'abc\n+y = 1",
            {QStringLiteral("1: x = 'sss"), QStringLiteral("2: y = 1")});
        row("string over lines by backslash", "+x = 'ab\\\n+cd'\n+y",
            {QStringLiteral("1-2: x = 'sss|ss'"), QStringLiteral("3: y")});
        row("long string", "+x = \"\"\"a\n \n+b'\"\"\" + y", {QStringLiteral("1-3: x = \"\"\"s||ss\"\"\" + y")});
        row("brackets", "+f(a,\n   b)\n+c", {QStringLiteral("1-2: f(a,|  b)"), QStringLiteral("3: c")});
        row("bracket in a string", "+f('(')\n+c", {QStringLiteral("1: f('s')"), QStringLiteral("2: c")});
        row("backslash", "+a = 1 + \\\n+  2", {QStringLiteral("1-2: a = 1 + \\|  2")});
        row("removed lines are not there", "+f(a,\n-  '''\n+b)", {QStringLiteral("1-2: f(a,|b)")});
        row("blank lines", "+a\n \n+\n+b", {QStringLiteral("1: a"), QStringLiteral("4: b")});
        row("closing bracket too many", "+)]\n+a", {QStringLiteral("1: )]"), QStringLiteral("2: a")});
        row("CRLF", "+a = (1,\r\n+2)\r", {QStringLiteral("1-2: a = (1,|2)")});
    }
    void tellsCodeStringsAndComments()
    {
        QFETCH(QByteArray, text);
        QFETCH(QStringList, expected);
        QCOMPARE(drawn(hunkOf(text, 1)), expected);
    }

    void guessesThatAHunkStartsInsideOfAString_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("inside");
        QTest::newRow("end of a docstring") << QByteArray(" it doesn't matter.\n \"\"\"\n+x = 1") << true;
        QTest::newRow("end of a docstring in a line") << QByteArray(" that is all.\"\"\"\n+x = 1") << true;
        QTest::newRow("closing with a bracket") << QByteArray(" SELECT 1\n ''')\n+x = 1") << true;
        QTest::newRow("docstring") << QByteArray(" def f():\n     \"\"\"\n     Text.\n     \"\"\"\n+x = 1") << false;
        QTest::newRow("docstring under a comment") << QByteArray(" def f():  # noqa\n     \"\"\"\n+    Text.") << false;
        QTest::newRow("assigned") << QByteArray(" a = 1\n b = \"\"\"\n+text\n \"\"\"") << false;
        QTest::newRow("returned") << QByteArray(" a = 1\n return f'''\n+text\n '''") << false;
        QTest::newRow("in one line") << QByteArray(" a\n \"\"\"doc\"\"\"\n+b") << false;
        QTest::newRow("none") << QByteArray(" a\n+b") << false;
        QTest::newRow("opened under a bracket") << QByteArray(" f(\n     \"\"\"\n+ text") << false;
    }
    void guessesThatAHunkStartsInsideOfAString()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, inside);
        const auto statements = statementsOf(hunkOf(text, 40));
        QCOMPARE(statements.front().kinds.front() == u's', inside);
        QVERIFY(statementsOf(hunkOf(text, 1)).front().kinds.front() != u's'); // nothing is open at the start of a file
    }

    void knowsWhatEnclosesALine()
    {
        const auto statements = statementsOf(hunkOf(
            " class A:\n     def f(self):\n         for x in y:\n+            if x:  # why\n+                g()\n         else:\n+            h()\n+top = 1"));
        const auto outer = [&](size_t index) { return statements[index].enclosing; };
        QCOMPARE(outer(4), (std::vector<int>{0, 1, 2, 3}));
        QCOMPARE(outer(5), (std::vector<int>{0, 1}));
        QCOMPARE(outer(6), (std::vector<int>{0, 1, 5}));
        QCOMPARE(outer(7), (std::vector<int>{}));
    }

    void knowsWhatBracesEnclose()
    {
        const auto outer = [](const char *lexis, const QByteArray &text, const QByteArray &header = {}) {
            QStringList drawn;
            for (const Statement &statement : statementsOf(hunkOf(text, 50, header), lexis)) {
                QStringList numbers;
                for (const int index : statement.enclosing)
                    numbers += QString::number(index);
                drawn += statement.hasCode() ? numbers.join(u',') : QStringLiteral("#");
            }
            return drawn.join(u'|');
        };
        QCOMPARE(outer("go", "+for a {\n+\tif b {\n+\t\tc()\n+\t} else {\n+\t\td()\n+\t}\n+}\n+e()"),
                 QStringLiteral("|0|0,1|0|0,3|0||"));
        // A brace of its own line belongs to what stands before, comments aside.
        QCOMPARE(outer("c", "+while (a)\n+// why\n+{\n+    b();\n+}\n+c();"), QStringLiteral("|#||0||"));
        // Within a call that is open, statements of their own begin.
        QCOMPARE(outer("javascript", "+f(function () {\n+  a();\n+});\n+b();"), QStringLiteral("|0||"));
        QCOMPARE(outer("go", "+f(a{\n+\tb: 1,\n+})"), QStringLiteral("|0|"));
        // Braces in strings and comments are none.
        QCOMPARE(outer("rust", "+f(\"{\"); // {\n+g();"), QStringLiteral("|"));
        // The header is the block that is not seen, as long as nothing stands at the margin.
        QCOMPARE(outer("go", "+\ta()\n+}\n+func b() {\n+\tc()", "func x() {"), QStringLiteral("-1|||2"));
        QCOMPARE(outer("c", "+#if A\n+    a();\n+#endif\n+    b();", "int main()"), QStringLiteral("-1|-1|-1|-1"));
    }

    void guessesThatAHunkStartsInsideOfAComment_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("inside");
        QTest::newRow("end of a comment") << QByteArray(" it doesn't matter.\n */\n+x = 1;") << true;
        QTest::newRow("drawn with stars") << QByteArray("  * a {\n+ * b\n  * c") << true;
        QTest::newRow("begins and ends") << QByteArray(" a();\n /* b */\n+c();") << false;
        QTest::newRow("none") << QByteArray(" a();\n+b();") << false;
        QTest::newRow("a pointer") << QByteArray(" *a = 1;\n+b();") << false;
        QTest::newRow("in a line comment") << QByteArray(" x; // no */ b\n+c();") << false;
    }
    void guessesThatAHunkStartsInsideOfAComment()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, inside);
        QCOMPARE(statementsOf(hunkOf(text, 40), "c").front().kinds.front() == u'#', inside);
        QVERIFY(statementsOf(hunkOf(text, 1), "c").front().kinds.front() != u'#');
        QVERIFY(statementsOf(hunkOf(text, 40), "python").front().kinds.front() != u'#');
    }

    void takesTheHeaderAsTheBlockThatIsNotSeen()
    {
        const auto statements = statementsOf(hunkOf("     a = 1\n+    b = 2\n+c = 3\n     d = 4", 50, "def f():"));
        QCOMPARE(statements[0].enclosing, std::vector<int>{-1});
        QCOMPARE(statements[1].enclosing, std::vector<int>{-1});
        QCOMPARE(statements[2].enclosing, std::vector<int>{});
        QCOMPARE(statements[3].enclosing, std::vector<int>{});
    }

    void survivesHostileText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("one long line") << QByteArray("+" + QByteArray(1024 * 1024, '('));
        QTest::newRow("many brackets") << QByteArray("+(\n").repeated(100'000);
        QTest::newRow("deep blocks") << [] {
            QByteArray text;
            for (int i = 0; i < 1000; ++i)
                text += '+' + QByteArray(i, ' ') + "if x:\n";
            return text;
        }();
        QTest::newRow("not UTF-8") << QByteArray("+\xff\xfe = '\xc3\n").repeated(1000);
        QTest::newRow("NUL") << QByteArray("+a\0b = '\0'\n", 11).repeated(1000);
        QTest::newRow("quotes") << QByteArray("+\"\"\"'''\"\n").repeated(50'000);
        QTest::newRow("nothing") << QByteArray();
    }
    void survivesHostileText()
    {
        QFETCH(QByteArray, text);
        for (const QString &lexis : lexisNames()) {
            for (const Statement &statement : statementsOf(hunkOf(text), qPrintable(lexis))) {
                QVERIFY(statement.lines.size() <= 100);
                QCOMPARE(statement.all.size(), statement.kinds.size());
                QCOMPARE(statement.offsets.size(), statement.lines.size());
            }
        }
    }
};

QTEST_GUILESS_MAIN(StatementsTest)
#include "statementstest.moc"
