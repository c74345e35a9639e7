// SPDX-License-Identifier: Apache-2.0
/// The built-in rules for Python: each with what it finds and what looks alike and is fine.
#include "core/policy/rulepackreview.h"
#include "tests/policy/difftext.h"

#include <QElapsedTimer>
#include <QSet>
#include <QTest>

using namespace openfactory;

class PythonRulesTest : public QObject {
    Q_OBJECT
    std::unique_ptr<RulePackReview> m_review;
    QSet<QString> m_hit;

    QStringList rulesOn(const QByteArray &text, const RepoPath &path, FileStatus status = FileStatus::Modified,
                        int firstLine = 10)
    {
        QStringList rules;
        const auto findings = m_review->review(changeOf({hunkOf(text, firstLine)}, path, status)).value();
        for (const Finding &finding : findings)
            rules += QStringLiteral("%1:%2").arg(finding.rule).arg(finding.line);
        return rules;
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto loaded = RulePackReview::load();
        QVERIFY2(loaded, loaded ? "" : qPrintable(toText(loaded.error())));
        m_review = std::move(*loaded);
    }

    void findsWhatItIsForAndNothingAlike_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QByteArray>("hit"); // found in the first added line
        QTest::addColumn<QByteArray>("miss");
        auto row = [count = 0](const char *rule, const QByteArray &hit, const QByteArray &miss) mutable {
            QTest::addRow("%s %d", rule, ++count) << QString::fromLatin1(rule) << hit << miss;
        };
        row("function-name", "+def getName(self):\n+    'doc'", "+def get_name(self):\n+    'doc'");
        row("function-name",
            "+async def _fetchAll(self):", "+def setUp(self):\n+    'doc'\n+def visit_Name(self):\n+    'doc'");
        row("function-name", " def get_size(self):\n+def getName(self):\n+    'doc'",
            " def getSize(self):\n+def getName(self):\n+    'doc'");
        row("variable-name", " file_count = 1\n+fileCount = 2", " fileName = 1\n+fileCount = 2");
        row("class-name", "+class my_class(Base):\n+    'doc'", "+class _MyClass(Base):\n+    'doc'");
        row("class-name", "+class Http_Client:\n+    'doc'", "+class HTTPClient2:\n+    'doc'");
        row("check-switched-off", "+x = f()  # type: ignore", "+x = f()  # the type ignores it\n+s = '# noqa'");
        row("variable-name", "+userName = 1", "+user_name = 1\n+MAX_SIZE = 2\n+Alias = dict");
        row("variable-name", "+self.fileCount: int = 0", "+f(userName=1)\n+if userName == 1:\n+    go()");
        row("function-docstring", "+def parse(text):\n+    return text",
            "+def parse(text):\n+    \"\"\"Reads.\"\"\"\n+    return text");
        row("function-docstring", "+async def parse(\n+    text: str,\n+) -> dict:\n+    return text",
            "+def _parse(text):\n+    return text\n+def __str__(self):\n+    return ''");
        row("function-docstring", "+class A:\n+    'doc'\n-x\n+    def run(self):\n+        go()",
            "+def outer():\n+    'doc'\n+    def inner():\n+        go()");
        row("function-docstring", "+def f(a):\n+    # a comment\n+    return a",
            "+@typing.overload\n+def f(a):\n+    ...\n+@x.setter\n+def y(self, v):\n+    go(v)");
        row("class-docstring", "+class Parser:\n+    x = 1",
            "+class Parser:\n+    r'''Reads.'''\n+class _Hidden:\n+    x = 1\n+class Failure(Exception): pass");
        row("nested-loop-over-same", " for a in items:\n+    for b in items:\n+        go(a, b)",
            " for a in items:\n+    for b in a.items:\n+        go(a, b)");
        row("nested-loop-over-same",
            " for i in range(len(xs)):\n     if i:\n+        for j in range(len(xs)):\n+            go()",
            "+for a in items:\n+    go(a)\n+for b in items:\n+    go(b)");
        row("nested-loop-over-same", " for a in range(n):\n+    for b in range(n):\n+        go()",
            " for a in range(0, 8):\n+    for b in range(0, 8):\n+        go()");
        row("membership-in-list-in-loop", " for a in xs:\n+    if a in seen_list:\n+        go()",
            "+if a in seen_list:\n+    go()");
        row("membership-in-list-in-loop", " while go():\n+    if x not in list(ys):\n+        go()",
            " for a in xs:\n+    if a in seen:\n+        go()\n+    for b in other_list:\n+        go()");
        row("string-concat-in-loop", " for a in xs:\n+    text += 'x'", " for a in xs:\n+    count += 1\n+text += 'x'");
        row("string-concat-in-loop", " for a in xs:\n+    self.text += f'{a}'", " for a in xs:\n+    total += a.size");
        row("string-concat-in-loop", " for a in xs:\n+    out += str(a)", " for a in xs:\n+    out.append('x')");
        row("list-front-in-loop", " while xs:\n+    ys.insert(0, xs.pop())", "+ys.insert(0, x)");
        row("list-front-in-loop", " while xs:\n+    go(xs.pop(0))",
            " while xs:\n+    go(xs.pop())\n+    ys.insert(1, 2)");
        row("regex-compiled-in-loop", " for a in xs:\n+    r = re.compile(a)", "+R = re.compile('a')");
        row("eval-exec", "+x = eval(text)", "+x = ast.literal_eval(text)\n+model.eval()");
        row("eval-exec", "+exec(text)", "+# exec(text)\n+s = 'eval(x)'\n+def eval(self):\n+    'doc'");
        row("unsafe-deserialize", "+x = pickle.loads(data)", "+x = json.loads(data)\n+pickle.dumps(x)");
        row("unsafe-deserialize", "+x = marshal.load(f)", "+s = 'pickle.loads(x)'");
        row("shell-true", "+subprocess.run(line, shell=True)", "+subprocess.run(words, shell=False)");
        row("shell-true", " subprocess.run(\n     line,\n+    shell = True,\n )",
            " subprocess.run(\n+    line,\n     shell = True,\n )");
        row("os-system", "+os.system('ls')", "+self.os.systems('ls')");
        row("os-system", "+os.popen(x)", "+os.path.join(x)");
        row("yaml-load", "+yaml.load(f)", "+yaml.safe_load(f)\n+yaml.load(f, Loader=yaml.SafeLoader)");
        row("yaml-load", "+yaml.load(f, Loader=yaml.Loader)", "+yaml.load(\n+    f,\n+    Loader=CSafeLoader,\n+)");
        row("sql-from-strings", "+cur.execute(f\"SELECT * FROM t WHERE a = {a}\")",
            "+cur.execute(\"SELECT * FROM t WHERE a = ?\", (a,))");
        row("sql-from-strings", "+cur.execute('delete from t where a = ' + a)",
            "+cur.execute('delete from t where a = 1')");
        row("sql-from-strings", "+cur.execute(\"SELECT a FROM t WHERE b = '%s'\" % b)",
            "+cur.execute('SELECT a FROM t WHERE b = %s', [b])");
        row("sql-from-strings", "+cur.execute(\"SELECT a FROM t WHERE b = '\" + b + \"'\")",
            "+cur.execute(\"SELECT a FROM t WHERE b = 'x'\")");
        row("sql-from-strings", "+cur.execute(f\"SELECT a FROM t WHERE b = '{b}'\")",
            "+cur.execute(\"SELECT a FROM t WHERE b = '{b}'\")");
        row("sql-from-strings", "+sql = \"\"\"select {} from t\"\"\".format(a)",
            "+# cur.execute(f\"SELECT {a}\")\n+text = f'select {a} from the list'");
        row("weak-hash", "+h = hashlib.md5(data)",
            "+h = hashlib.md5(data, usedforsecurity=False)\n+h = hashlib.sha256(data)");
        row("tls-not-verified", "+requests.get(url, verify=False)",
            "+requests.get(url, verify=True)\n+x.get(verify='/ca.pem')");
        row("tls-not-verified", "+ctx.check_hostname = False", "+# verify=False");
        row("tempfile-mktemp", "+p = tempfile.mktemp()", "+p = tempfile.mkstemp()\n+q = self.mktemp()");
        row("debug-server", "+app.run(host='::', debug=True)", "+app.run(debug=settings.debug)");
        row("hard-coded-secret", "+password = \"hunter22\"", "+password = os.environ['PASSWORD']\n+password = ''");
        row("hard-coded-secret", "+self.api_key: str = 'abcdef123'",
            "+api_key = '<your key>'\n+token_url = 'https://h/token'\n+secret_key = '${KEY}'");
        row("bare-except", " try:\n     go()\n+except:\n+    raise", " try:\n     go()\n+except OSError:\n+    raise");
        row("swallowed-error", " try:\n     go()\n+except Exception:\n+    pass",
            " try:\n     go()\n+except Exception:\n+    log()");
        row("swallowed-error", "+except (Exception, OSError) as e:\n+    # why not\n+    ...",
            "+except FileNotFoundError:\n+    pass");
        row("swallowed-error-one-line", "+except Exception: pass", "+except Exception: raise");
        row("raise-plain-exception", "+raise Exception('no')", "+raise ValueError('no')");
        row("mutable-default", "+def _f(a, b=[]):", "+def _f(a, b=None, c=()):");
        row("mutable-default", "+def _f(\n+    a: dict = {},\n+):", "+_f(a=[])");
        row("debugger", "+breakpoint()", "+set_breakpoint()\n+self.breakpoint()");
        row("debugger", "+import pdb; pdb.set_trace()", "+import pdbparse");
        row("debug-print", "+print(x)", "+pprint(x)\n+# print(x)\n+s = 'print(x)'");
        row("todo-without-ticket", "+x = 1  # TODO: later", "+x = 1  # TODO(#12): later\n+# FIXME ABC-12 later");
        row("todo-without-ticket", "+# FIXME", "+todo = 'TODO'\n+# todos are listed elsewhere");
    }
    void findsWhatItIsForAndNothingAlike()
    {
        QFETCH(QString, rule);
        QFETCH(QByteArray, hit);
        QFETCH(QByteArray, miss);
        const QStringList found = rulesOn(hit, "src/app.py");
        QVERIFY2(found.filter(QRegularExpression(u'^' + rule + u':')).size() == 1, qPrintable(found.join(u' ')));
        const QStringList alike = rulesOn(miss, "src/app.py");
        QVERIFY2(alike.filter(QRegularExpression(u'^' + rule + u':')).isEmpty(), qPrintable(alike.join(u' ')));
        m_hit += rule;
    }

    void asksNewModulesForADocstring()
    {
        QCOMPARE(rulesOn("+import os", "src/new.py", FileStatus::Added, 1),
                 QStringList{QStringLiteral("module-docstring:1")});
        QCOMPARE(
            rulesOn("+#!/usr/bin/env python3\n+\"\"\"Does it.\"\"\"\n+import os", "src/new.py", FileStatus::Added, 1),
            QStringList());
        QCOMPARE(rulesOn("+import os", "src/old.py", FileStatus::Modified, 1), QStringList());
        QCOMPARE(rulesOn("+import os", "tests/test_new.py", FileStatus::Added, 1), QStringList());
        m_hit += QStringLiteral("module-docstring");
    }

    void hasATestForEachRule()
    {
        const auto python = std::ranges::find(m_review->packs(), QStringLiteral("python"), &RulePack::name);
        QVERIFY(python != m_review->packs().end());
        for (const Rule &rule : python->rules)
            QVERIFY2(m_hit.contains(rule.id), qPrintable(rule.id));
    }

    void saysWhereAndWhatToDo()
    {
        const auto findings = m_review->review(changeOf({hunkOf("+x = 1\n+y = eval(x)  # TODO\n+print(y)")})).value();
        QCOMPARE(findings.size(), 3u);
        QCOMPARE(findings[0].rule, QStringLiteral("eval-exec")); // errors first
        QCOMPARE(findings[1].rule, QStringLiteral("todo-without-ticket"));
        QCOMPARE(findings[2].line, 12);
        for (const Finding &finding : findings) {
            QCOMPARE(finding.tool, QStringLiteral("review/python"));
            QCOMPARE(finding.file, RepoPath("src/app.py"));
            QVERIFY(!finding.suggestion.isEmpty() && !finding.message.isEmpty());
        }
    }

    void isQuietWhereTestsAndToolsMayDoMore()
    {
        QCOMPARE(rulesOn("+def test_it():\n+    print(1)\n+    password = 'hunter22'", "tests/test_app.py"),
                 QStringList());
        QCOMPARE(rulesOn("+print(1)", "scripts/run.py"), QStringList());
        QCOMPARE(rulesOn("+print(1)", "README.md"), QStringList());
    }

    void neverRepeatsASecret()
    {
        const auto findings =
            m_review
                ->review(changeOf(
                    {hunkOf("+password = 'hunter22'\n+userPassword = 'hunter22'\n+def f(a='hunter22'):\n+    pass")}))
                .value();
        QVERIFY(findings.size() >= 3);
        for (const Finding &finding : findings)
            QVERIFY(!finding.message.contains(u"hunter22") && !finding.suggestion.contains(u"hunter22"));
    }

    void findsNothingInWellWrittenCode()
    {
        QCOMPARE(
            rulesOn(
                "+\"\"\"Reads settings.\"\"\"\n+\n+import json\n+from pathlib import Path\n+\n+LIMIT = 10\n+\n+\n+class Settings:\n+    \"\"\"What a person chose.\"\"\"\n+\n"
                "+    def __init__(self, path: Path) -> None:\n+        self._path = path\n+\n+    def load(self) -> dict:\n+        \"\"\"The values; ValueError on bad JSON.\n+\n"
                "+        It doesn't use eval(x), print(x) or a bare except:\n+        \"\"\"\n+        try:\n+            return json.loads(self._path.read_text())\n+        except FileNotFoundError:\n+            return {}\n",
                "src/settings.py", FileStatus::Added, 1),
            QStringList());
    }

    void staysFastOnHostileText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("line of a megabyte") << QByteArray("+x = " + QByteArray(1024 * 1024, 'a'));
        QTest::newRow("calls of calls") << QByteArray("+" + QByteArray("f(").repeated(1900));
        QTest::newRow("one open bracket")
            << QByteArray("+f(\n" + QByteArray("+aaaa = 'select ' + \n").repeated(20'000));
        QTest::newRow("sql") << QByteArray("+" + QByteArray("sql = 'select ").repeated(280));
        QTest::newRow("spaces") << QByteArray("+def f" + QByteArray(3900, ' '));
        QTest::newRow("equals") << QByteArray("+def f(" + QByteArray("a=[] ").repeated(700));
        QTest::newRow("in in in") << QByteArray(" for a in b:\n+    for " + QByteArray("x in ").repeated(700) + ":");
        QTest::newRow("not UTF-8") << QByteArray("+\xff\xfe\xc3 = '\xc3\n").repeated(5000);
        QTest::newRow("NUL and escapes") << QByteArray("+a\0b = '\x1b[2J'\n", 15).repeated(5000);
    }
    void staysFastOnHostileText()
    {
        QFETCH(QByteArray, text);
        QElapsedTimer timer;
        timer.start();
        QVERIFY(m_review->review(changeOf({hunkOf(text + "\n+breakpoint()")})));
        QVERIFY2(timer.elapsed() < 30'000, "catastrophic"); // a net against minutes, not an expectation
    }
};

QTEST_GUILESS_MAIN(PythonRulesTest)
#include "pythonrulestest.moc"
