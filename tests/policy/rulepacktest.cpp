// SPDX-License-Identifier: Apache-2.0
/// The grammar of rule packs: what is refused, and what each key means.
#include "core/policy/rulepackreview.h"
#include "tests/policy/difftext.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace openfactory;

namespace {

QByteArray packWith(const QByteArray &rule)
{
    return "name: p\nlanguage: python\nfiles: ['**/*.py']\nrules:\n  - id: one\n    severity: warning\n    what: said {1}\n    suggestion: do it\n"
           + rule;
}

QStringList found(const QByteArray &rule, const ChangeSet &change)
{
    const auto pack = readRulePack(packWith(rule), QStringLiteral("p.yaml"));
    if (!pack)
        return {toText(pack.error())};
    QStringList out;
    const auto findings = RulePackReview({*pack}).review(change);
    for (const Finding &finding : *findings)
        out += QStringLiteral("%1 %2").arg(finding.line).arg(finding.message);
    return out;
}

} // namespace

class RulePackTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void refusesMistakesWithTheirPlace_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const QByteArray &yaml, const char *place, const char *said) {
            QTest::newRow(name) << yaml << QString::fromLatin1(place) << QString::fromLatin1(said);
        };
        row("no rules", "name: p\nlanguage: python\nfiles: [a]\n", "p.yaml:1:1", "\"rules\" is missing");
        row("other language", "name: p\nlanguage: cobol\nfiles: [a]\nrules: []\n", "p.yaml:2:11", "not known here");
        row("no globs", "name: p\nlanguage: python\nfiles: []\nrules: []\n", "p.yaml:3:8", "at least one glob");
        row("unknown key", packWith("    pattern: (a)\n    colour: red\n"), "p.yaml:10:5", "unknown key");
        row("double key", packWith("    pattern: (a)\n    pattern: b\n"), "p.yaml:10:5", "given before");
        row("no pattern", packWith("    in: code\n"), "p.yaml:5:5", "\"pattern\" is missing");
        row("bad pattern", packWith("    pattern: '(a'\n"), "p.yaml:9:14", "does not compile");
        row("empty pattern", packWith("    pattern: ''\n"), "p.yaml:9:14", "does not compile");
        row("bad next", packWith("    pattern: (a)\n    next: '['\n"), "p.yaml:10:11", "does not compile");
        row("bad view", packWith("    pattern: (a)\n    in: margins\n"), "p.yaml:10:9", "known: code");
        row("bad within", packWith("    pattern: (a)\n    within: reason\n"), "p.yaml:10:13", "known: loop");
        row("no group for {1}", packWith("    pattern: a\n"), "p.yaml:7:11", "needs a group");
        row("{1} from a string", packWith("    pattern: (a)\n    in: strings\n"), "p.yaml:7:11", "repeat a secret");
        row("{1} from code with strings", packWith("    pattern: (a)\n    in: uncommented\n"), "p.yaml:7:11",
            "repeat a secret");
        row("same id twice",
            packWith(
                "    pattern: (a)\n  - id: one\n    severity: info\n    what: w\n    suggestion: s\n    pattern: b\n"),
            "p.yaml:10:5", "given before");
        row("bad id", packWith("    pattern: (a)\n").replace("id: one", "id: One!"), "p.yaml:5:9", "lower-case");
        row("bad severity", packWith("    pattern: (a)\n").replace("severity: warning", "severity: fatal"),
            "p.yaml:6:15", "known: info");
    }
    void refusesMistakesWithTheirPlace()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, place);
        QFETCH(QString, said);
        const auto pack = readRulePack(yaml, QStringLiteral("p.yaml"));
        QVERIFY(!pack);
        QCOMPARE(pack.error().kind, ErrorKind::Invalid);
        QVERIFY2(toText(pack.error()).contains(place) && toText(pack.error()).contains(said),
                 qPrintable(toText(pack.error())));
    }

    void looksAtThePartsThatARuleNames_data()
    {
        QTest::addColumn<QByteArray>("view");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("code") << QByteArray("code") << QStringList{QStringLiteral("10 said word")};
        QTest::newRow("comments") << QByteArray("comments") << QStringList{QStringLiteral("12 said word")};
        QTest::newRow("default") << QByteArray() << QStringList{QStringLiteral("10 said word")};
    }
    void looksAtThePartsThatARuleNames()
    {
        QFETCH(QByteArray, view);
        QFETCH(QStringList, expected);
        QCOMPARE(found("    pattern: '(word)'\n" + (view.isEmpty() ? QByteArray() : "    in: " + view + '\n'),
                       changeOf({hunkOf("+word = 1\n+x = 'word'\n+y = 2  # word")})),
                 expected);
    }

    void looksAtStringsWithoutQuotingThem()
    {
        for (const auto &[view, lines] :
             {std::pair("strings", QStringList{QStringLiteral("11 plain")}),
              std::pair("uncommented", QStringList{QStringLiteral("10 plain"), QStringLiteral("11 plain")}),
              std::pair("any", QStringList{QStringLiteral("10 plain"), QStringLiteral("11 plain"),
                                           QStringLiteral("12 plain")})}) {
            const auto pack = readRulePack(
                packWith(QByteArray("    pattern: word\n    in: ") + view + '\n').replace("said {1}", "plain"),
                QStringLiteral("p.yaml"));
            QVERIFY(pack);
            QStringList out;
            const auto findings = RulePackReview({*pack}).review(
                changeOf({hunkOf("+word = 1\n+x = 'word'\n+y = 2  # word")}));
            for (const Finding &finding : *findings)
                out += QStringLiteral("%1 %2").arg(finding.line).arg(finding.message);
            QCOMPARE(out, lines);
        }
    }

    void countsAddedLinesOnly()
    {
        const QByteArray rule = "    pattern: '(bad)'\n";
        QCOMPARE(found(rule, changeOf({hunkOf(" bad\n-bad\n+bad\n good")})),
                 QStringList{QStringLiteral("11 said bad")});
        QCOMPARE(found(rule, changeOf({hunkOf("+f(a,\n   bad)")})), QStringList{}); // the word itself was there
        QCOMPARE(found(rule, changeOf({hunkOf(" f(a,\n+  bad)")})), QStringList{QStringLiteral("11 said bad")});
        QCOMPARE(found("    pattern: '(f)\\(.*bad'\n", changeOf({hunkOf(" f(a,\n+  bad)")})),
                 QStringList{QStringLiteral("11 said f")}); // over both lines
        QCOMPARE(found(rule, changeOf({hunkOf("+bad")}, "src/app.txt")), QStringList{});
        QCOMPARE(found(rule, changeOf({hunkOf("+bad")}, "src/app.py", FileStatus::Deleted)), QStringList{});
        QCOMPARE(found(rule + "    except-files: ['src/**']\n", changeOf({hunkOf("+bad")})), QStringList{});
        QCOMPARE(found(rule + "    except-pattern: 'bad 1'\n", changeOf({hunkOf("+bad 1\n+bad 2")})),
                 QStringList{QStringLiteral("11 said bad")});
    }

    void leavesFilesAloneThatHaveTheirOwnWay()
    {
        const QByteArray rule = "    pattern: '(bad)'\n    unless-kept: '^old bad'\n";
        QCOMPARE(found(rule, changeOf({hunkOf("+bad\n+old bad")})),
                 (QStringList{QStringLiteral("10 said bad"), QStringLiteral("11 said bad")}));
        QCOMPARE(found(rule, changeOf({hunkOf("+bad"), hunkOf(" old bad", 90)})), QStringList{});
        QCOMPARE(found(rule, changeOf({hunkOf("-old bad\n+bad")})), QStringList{});
    }

    void looksAtNeighbours()
    {
        QCOMPARE(found("    pattern: '^(try)'\n    next: '^pass'\n",
                       changeOf({hunkOf("+try:\n+\n+    # comment\n+    pass\n+try:\n+    go()\n+try:")})),
                 QStringList{QStringLiteral("10 said try")});
        QCOMPARE(found("    pattern: '^(try)'\n    next: '^pass'\n", changeOf({hunkOf(" try:\n+    pass")})),
                 QStringList{QStringLiteral("11 said try")}); // made bad by the added line
        QCOMPARE(found("    pattern: '^(def)'\n    next-not: '^\"'\n",
                       changeOf({hunkOf("+def f():\n+    \"doc\"\n+def g():\n+    go()\n+def h():")})),
                 QStringList{QStringLiteral("12 said def")});
        QCOMPARE(found("    pattern: '^(def)'\n    previous-not: '^@'\n",
                       changeOf({hunkOf("+@x\n+def f():\n+    go()\n+def g():")})),
                 QStringList{QStringLiteral("13 said def")});
    }

    void knowsLoopsAndFunctions()
    {
        const QByteArray loop = "    pattern: '^(go)\\('\n    within: loop\n";
        QCOMPARE(
            found(loop,
                  changeOf({hunkOf(
                      "+for x in y:\n+    if x:\n+        go()\n+go()\n+while x:\n+    def f():\n+        go()")})),
            QStringList{QStringLiteral("12 said go")});
        QCOMPARE(found(loop, changeOf({hunkOf(" async for x in y:\n+    go()")})),
                 QStringList{QStringLiteral("11 said go")});
        QCOMPARE(found(loop, changeOf({hunkOf("+    go()", 10, "for x in y:")})),
                 QStringList{QStringLiteral("10 said go")});
        QCOMPARE(found(loop, changeOf({hunkOf("+s = 'for x in y:'\n+    go()")})), QStringList{});
        const QByteArray same = "    pattern: 'in (.+):'\n    within: same-loop\n";
        QCOMPARE(found(same, changeOf({hunkOf("+for a in xs:\n+    for b in xs:\n+        for c in ys:")})),
                 QStringList{QStringLiteral("11 said xs")});
        const QByteArray outside = "    pattern: '^(go)\\('\n    not-within: function\n";
        QCOMPARE(found(outside, changeOf({hunkOf("+go()\n+class A:\n+    go()\n+    def f():\n+        go()")})),
                 (QStringList{QStringLiteral("10 said go"), QStringLiteral("12 said go")}));
        QCOMPARE(found(outside, changeOf({hunkOf("+    go()", 10, "def f(self):")})), QStringList{});
    }

    void looksForACommentRightAbove()
    {
        const QByteArray rule = "    pattern: '^def (\\w+)'\n    undocumented: true\n";
        const auto lines = [&](const QByteArray &text, int first = 10) {
            return found(rule, changeOf({hunkOf(text, first)})).join(u'|');
        };
        QCOMPARE(lines(" x = 1\n+# why\n+def a():"), QString());
        QCOMPARE(lines(" x = 1\n+# why\n+@dec(1,\n+  2)\n+def a():"), QString());
        QCOMPARE(lines(" # why\n x = 1\n+def a():"), QStringLiteral("12 said a"));
        QCOMPARE(lines(" # why\n \n+def a():"), QStringLiteral("12 said a"));
        QCOMPARE(lines(" \n+def a():"), QStringLiteral("11 said a")); // the line above is shown, and empty
        QCOMPARE(lines("+def a():"), QString());                      // what stands above is not shown
        QCOMPARE(lines("+def a():", 1), QStringLiteral("1 said a"));  // nothing does
    }

    void knowsWhatAPackCallsLoopsFunctionsAndScopes()
    {
        const auto with = [](const char *rule) {
            return readRulePack(
                QByteArray(
                    "name: p\nlanguage: go\nfiles: ['**/*.x']\nloops: '^every\\b'\nfunctions: '^sub\\b'\nscopes: '^room\\b'\nrules:\n"
                    "  - {id: one, severity: info, what: said, suggestion: s, pattern: '^go', ")
                    + rule + "}\n",
                QStringLiteral("p.yaml"));
        };
        const auto lines = [&](const char *rule, const QByteArray &text) {
            const auto pack = with(rule);
            if (!pack)
                return toText(pack.error());
            QStringList out;
            const auto findings = RulePackReview({*pack}).review(changeOf({hunkOf(text)}, "a.x"));
            for (const Finding &finding : *findings)
                out += QString::number(finding.line);
            return out.join(u' ');
        };
        const QByteArray text = "+go\n+every a {\n+\tgo\n+}\n+room b {\n+\tgo\n+\tsub c {\n+\t\tgo\n+\t}\n+}";
        QCOMPARE(lines("within: loop", text), QStringLiteral("12"));
        QCOMPARE(lines("not-within: function", text), QStringLiteral("10 12 15"));
        QCOMPARE(lines("not-within: block", text), QStringLiteral("10 15"));
        QVERIFY(lines("not-within: room", text).contains(QStringLiteral("known: function, block")));
        QVERIFY(lines("undocumented: maybe", text).contains(QStringLiteral("true or false")));
    }

    void looksAtTheFirstStatementOfNewFilesOnly()
    {
        const QByteArray rule = "    pattern: '^(\\w)'\n    first: true\n";
        const auto hunk = hunkOf("+# licence\n+\n+a = 1\n+b = 2", 1);
        QCOMPARE(found(rule, changeOf({hunk}, "a.py", FileStatus::Added)), QStringList{QStringLiteral("3 said a")});
        QCOMPARE(found(rule, changeOf({hunk}, "a.py", FileStatus::Modified)), QStringList{});
    }

    void showsHostileNamesInTheOpen()
    {
        QCOMPARE(found("    pattern: '^def (.+)$'\n", changeOf({hunkOf("+def a\x1b[2Jb")})),
                 QStringList{QStringLiteral("10 said a\\x1b[2Jb")});
        QCOMPARE(found("    pattern: '^def (.+)$'\n", changeOf({hunkOf("+def " + QByteArray(300, 'a'))})),
                 QStringList{QStringLiteral("10 said ") + QString(60, u'a')});
    }

    void givesUpOnATangledLineAndSaysSo()
    {
        const QStringList said = found("    pattern: '(?:a|a|b)+(?:a|a)+(c)$'\n",
                                       changeOf({hunkOf("+" + QByteArray(3000, 'a') + "cd")}));
        QCOMPARE(said, QStringList{QStringLiteral("10 this line is too tangled for the rule \"one\"")});
        QCOMPARE(found("    pattern: '((?:x+x+)+y)'\n", changeOf({hunkOf(" " + QByteArray(3000, 'x') + "zy")})),
                 QStringList{}); // not on an added line
    }

    void loadsFoldersAndTheBuiltInPacks()
    {
        const auto builtIn = RulePackReview::load();
        QVERIFY2(builtIn, builtIn ? "" : qPrintable(toText(builtIn.error())));
        QVERIFY((*builtIn)->packs().at(0).rules.size() > 20);
        QTemporaryDir folder;
        QCOMPARE(RulePackReview::load(folder.path()).error().kind, ErrorKind::NotFound);
        QFile file(folder.filePath(QStringLiteral("mine.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(packWith("    pattern: (a)\n")) > 0);
        file.close();
        QCOMPARE((*RulePackReview::load(folder.path()))->packs().at(0).rules.at(0).id, QStringLiteral("one"));
        QVERIFY(file.open(QIODevice::Append) && file.write("    odd: 1\n") > 0);
        file.close();
        QVERIFY(toText(RulePackReview::load(folder.path()).error()).contains(u"mine.yaml:10:5"));
    }
};

QTEST_GUILESS_MAIN(RulePackTest)
#include "rulepacktest.moc"
