// SPDX-License-Identifier: Apache-2.0
#include "core/domain/commands.h"
#include "core/domain/pipeline.h"
#include "tests/testlib/expect.h"

#include <QProcess>

#include <rapidcheck.h>

using namespace openfactory;

namespace {

/// Words of characters that a shell and the splitter have opinions about.
QString anyText(const std::string &alphabet)
{
    return QString::fromStdString(*rc::gen::container<std::string>(rc::gen::elementOf(alphabet)));
}

} // namespace

class TestSplitCommand : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void splitsAsAShellWould_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QStringList>("words");
        const auto row = [](const char *command, const QStringList &words) {
            QTest::newRow(command) << QString::fromUtf8(command) << words;
        };
        row("gleam build --target javascript", {QStringLiteral("gleam"), QStringLiteral("build"),
                                                QStringLiteral("--target"), QStringLiteral("javascript")});
        row("  pytest\t-v  ", {QStringLiteral("pytest"), QStringLiteral("-v")});
        row("a 'b c' \"d e\"", {QStringLiteral("a"), QStringLiteral("b c"), QStringLiteral("d e")});
        row("a b'c'\"d\"e", {QStringLiteral("a"), QStringLiteral("bcde")});
        row("a '' \"\"", {QStringLiteral("a"), QString(), QString()});
        row("a b\\ c \\| \\\\",
            {QStringLiteral("a"), QStringLiteral("b c"), QStringLiteral("|"), QStringLiteral("\\")});
        row("a '|&;<>$`()*?~#\\'", {QStringLiteral("a"), QStringLiteral("|&;<>$`()*?~#\\")});
        row("a \"|&;<>()*?~#'\"", {QStringLiteral("a"), QStringLiteral("|&;<>()*?~#'")});
        row("a \"b\\\"c\\\\d\\e\\$\"", {QStringLiteral("a"), QStringLiteral("b\"c\\d\\e$")});
        row("a b~ c#d x=1", {QStringLiteral("a"), QStringLiteral("b~"), QStringLiteral("c#d"), QStringLiteral("x=1")});
        row("./run.sh --x=1", {QStringLiteral("./run.sh"), QStringLiteral("--x=1")});
        row("a 'two\nlines'", {QStringLiteral("a"), QStringLiteral("two\nlines")});
        row("caf\xc3\xa9 \xf0\x9f\x98\x80", {QString::fromUtf8("caf\xc3\xa9"), QString::fromUtf8("\xf0\x9f\x98\x80")});
    }
    void splitsAsAShellWould()
    {
        QFETCH(QString, command);
        QFETCH(QStringList, words);
        const auto split = splitCommand(command);
        OF_OK(split);
        QCOMPARE(*split, words);
    }

    void refusesShellSyntaxAndSaysToUseAScript_data()
    {
        QTest::addColumn<QString>("command");
        for (const char *command :
             {"a | b",   "a|b",    "a & b", "a && b", "a; b",   "a < b",       "a > b",     "a 2>&1",
              "a $HOME", "a ${X}", "a `b`", "a $(b)", "(a)",    "a *.py",      "a b?",      "a ~/x",
              "~/bin/a", "a #x",   "#a",    "a\nb",   "a\r\nb", "a \"$HOME\"", "a \"`b`\"", "a \"x$(b)\""})
            QTest::newRow(command) << QString::fromLatin1(command);
    }
    void refusesShellSyntaxAndSaysToUseAScript()
    {
        QFETCH(QString, command);
        OF_REFUSED(splitCommand(command), ErrorKind::Invalid, QStringLiteral("script"));
    }
    void callsANulByItsName()
    {
        for (const QString &command :
             {QString(QStringLiteral("a ") + QChar(0) + u'b'), QString(QStringLiteral("a '") + QChar(0) + u'\''),
              QString(QStringLiteral("a \\") + QChar(0))}) {
            const auto split = splitCommand(command);
            OF_REFUSED(split, ErrorKind::Invalid, QStringLiteral("NUL"));
            QVERIFY(!toText(split.error()).contains(QStringLiteral("shell")));
        }
    }

    void refusesWhatIsNoCommand_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("words");
        QTest::newRow("empty") << "" << "empty";
        QTest::newRow("blank") << " \t " << "empty";
        QTest::newRow("open single quote") << "a 'b" << "not closed";
        QTest::newRow("open double quote") << "a \"b" << "not closed";
        QTest::newRow("backslash at the end") << "a \\" << "backslash";
        QTest::newRow("backslash before a line end") << "a \\\nb" << "backslash";
        QTest::newRow("variable before the program") << "CI=1 pytest" << "environment";
        QTest::newRow("empty program") << "'' a" << "no program";
    }
    void refusesWhatIsNoCommand()
    {
        QFETCH(QString, command);
        QFETCH(QString, words);
        OF_REFUSED(splitCommand(command), ErrorKind::Invalid, words);
    }

    void patternsMayHoldStars()
    {
        const auto words = splitPattern(QStringLiteral("pytest --junitxml={path} * ..."));
        OF_OK(words);
        QCOMPARE(words->join(u'|'), QStringLiteral("pytest|--junitxml={path}|*|..."));
        OF_REFUSED(splitPattern(QStringLiteral("pytest; rm")), ErrorKind::Invalid, QStringLiteral("shell syntax"));
    }

    void quotedWordsComeBack()
    {
        QVERIFY(rc::check("words in single quotes are split back", [] {
            QStringList words{QStringLiteral("tool")};
            for (int i = *rc::gen::inRange(0, 5); i > 0; --i)
                words += anyText("ab \t\n\"\\$`|&;<>()*?~#={}");
            QStringList quoted;
            for (const auto &word : words)
                quoted += u'\'' + word + u'\'';
            const auto split = splitCommand(quoted.join(u' '));
            RC_ASSERT(split.has_value());
            RC_ASSERT(*split == words);
        }));
    }

    void whatIsAcceptedMeansTheSameToAShell()
    {
        // One shell for all cases: each accepted command becomes the arguments of a printf.
        QStringList accepted;
        QVERIFY(rc::check("collects", [&accepted] {
            const QString command = QStringLiteral("t ") + anyText("abcdefghijklm      ''\"\"\\\\~#=-/.,%+@:^|$*");
            const auto split = splitCommand(command);
            if (split)
                accepted += command;
        }));
        QVERIFY2(accepted.size() > 10, "too few commands were accepted to compare");
        QByteArray script = "t() { printf '%s\\0' \"$#\" \"$@\"; }\nset -f\n"; // -f: [x] is no pattern to us
        QByteArray expected;
        for (const auto &command : accepted) {
            script += command.toUtf8() + '\n';
            const QStringList words = *splitCommand(command);
            expected += QByteArray::number(words.size() - 1) + '\0';
            for (const auto &word : words.mid(1))
                expected += word.toUtf8() + '\0';
        }
        QProcess shell;
        shell.start(QStringLiteral("/bin/sh"), {});
        shell.write(script);
        shell.closeWriteChannel();
        QVERIFY(shell.waitForFinished());
        QCOMPARE(shell.readAllStandardOutput(), expected);
    }

    void aProgramsTextIsNotShownAndEveryOtherWordIs()
    {
        const QString text(100, u'x');
        const auto shown = [](const QStringList &argv) { return shownCommand(argv); };
        QCOMPARE(shown({QStringLiteral("python3"), QStringLiteral("-c"), text, QStringLiteral("pytest")}),
                 QStringLiteral("python3 -c \u2026 pytest"));
        QCOMPARE(shown({QStringLiteral("sh"), QStringLiteral("-c"), QStringLiteral("a\nb")}),
                 QStringLiteral("sh -c \u2026"));
        QCOMPARE(shown({QStringLiteral("cc"), QStringLiteral("-c"), QStringLiteral("a.c"), text}),
                 QStringLiteral("cc -c a.c ") + text);
    }
};

QTEST_GUILESS_MAIN(TestSplitCommand)
#include "test_splitcommand.moc"
