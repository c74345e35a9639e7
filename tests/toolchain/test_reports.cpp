// SPDX-License-Identifier: Apache-2.0
/// The report readers on recorded outputs of the real tools (data/update records them) and on hostile ones.
#include "tests/toolchain/toolrun.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace openfactory;

class Reports : public QObject {
    Q_OBJECT

    std::unique_ptr<YamlToolchains> m_toolchains = loadToolchains();

    static QString dataFile(const char *name) { return QStringLiteral(DATA_FOLDER "/") + QString::fromUtf8(name); }
    static QByteArray data(const char *name)
    {
        QFile file(dataFile(name));
        if (!file.open(QIODevice::ReadOnly))
            qFatal("no %s", name);
        return file.readAll();
    }
    Result<Report> read(const char *kind, const QByteArray &bytes) const
    {
        return m_toolchains->read(QString::fromUtf8(kind), bytes, QStringLiteral("/workspace"));
    }
    static QStringList places(const Result<Report> &report)
    {
        QStringList out;
        for (const auto &finding : report->findings)
            out += QStringLiteral("%1:%2 %3").arg(QString::fromUtf8(finding.file)).arg(finding.line).arg(finding.rule);
        return out;
    }

private Q_SLOTS:
    void readsEveryStyleOfPytest_data()
    {
        QTest::addColumn<QString>("file");
        for (const char *style : {"short", "long", "native", "line"})
            QTest::newRow(style) << QStringLiteral("junit-%1.xml").arg(QString::fromUtf8(style));
    }

    void readsEveryStyleOfPytest()
    {
        QFETCH(QString, file);
        const auto report = read("junit", data(qPrintable(file)));
        QVERIFY2(report, qPrintable(report ? QString() : toText(report.error())));
        QCOMPARE(*report->tests, (TestCounts{1, 6, 2}));
        QCOMPARE(report->findings.size(), 6u);
        QCOMPARE(report->findings[0].rule, QStringLiteral("collection"));
        QVERIFY(report->findings[0].suggestion.contains(QStringLiteral("nosuchmodule")));
        QVERIFY2(report->findings[1].message.startsWith(QStringLiteral("test_wrong[one/<&\"'>]: ")),
                 qPrintable(report->findings[1].message));
        QVERIFY2(report->findings[1].message.contains(QStringLiteral("AssertionError: sums")),
                 qPrintable(report->findings[1].message));
        QVERIFY(!report->findings[2].message.contains(QChar(0x202e)));
        const QString all = places(report).join(u'\n');
        if (file != QStringLiteral("junit-line.xml")) { // it says only where the test begins
            QVERIFY2(report->findings[1].message.contains(QStringLiteral("assert 2 == 3")),
                     qPrintable(report->findings[1].message));
            QVERIFY2(all.contains(QStringLiteral("tests/test_import.py:1 collection")), qPrintable(all));
            QVERIFY2(all.contains(QStringLiteral("tests/test_shop.py:23 failed")), qPrintable(all));
            QVERIFY2(all.contains(QStringLiteral("src/shop/__init__.py:8 failed")), qPrintable(all));
            QVERIFY2(all.contains(QStringLiteral("tests/test_shop.py:8 error")), qPrintable(all));
        }
    }

    // Another implementation counts the same.
    void countsAsJunitparserDoes()
    {
        QProcess python;
        const QString script = QStringLiteral("import sys, junitparser as j\n"
                                              "for name in sys.argv[1:]:\n"
                                              "    p = f = s = 0\n"
                                              "    xml = j.JUnitXml.fromfile(name)\n"
                                              "    for suite in (xml if isinstance(xml, j.JUnitXml) else [xml]):\n"
                                              "        for case in suite:\n"
                                              "            kinds = {type(r) for r in case.result}\n"
                                              "            if kinds & {j.Failure, j.Error}: f += 1\n"
                                              "            elif j.Skipped in kinds: s += 1\n"
                                              "            else: p += 1\n"
                                              "    print(p, f, s)\n");
        QTemporaryDir dir;
        QFile plain(dir.filePath(QStringLiteral("plain.xml"))); // another dialect: no root of suites, no files
        QVERIFY(plain.open(QIODevice::WriteOnly));
        plain.write(
            "<testsuite name='go'><properties/><testcase classname='pkg' name='A' time='1'/>"
            "<testcase name='B'><failure type='x'>boom at a_test.go:7: no</failure><system-out>x</system-out></testcase>"
            "<testcase name='C'><skipped/></testcase><testcase name='D'><error message='m'/></testcase></testsuite>");
        plain.close();
        const QStringList files{dataFile("junit-short.xml"), dataFile("junit-native.xml"), plain.fileName()};
        python.start(QStringLiteral("/usr/bin/python3"), QStringList{QStringLiteral("-c"), script} + files);
        QVERIFY(python.waitForFinished(60'000));
        if (python.exitCode() != 0)
            QSKIP("python3-junitparser is not installed");
        const QList<QByteArray> lines = python.readAllStandardOutput().trimmed().split('\n');
        QCOMPARE(lines.size(), files.size());
        for (qsizetype i = 0; i < files.size(); ++i) {
            QFile file(files[i]);
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto report = read("junit", file.readAll());
            QVERIFY(report);
            QCOMPARE(QStringLiteral("%1 %2 %3")
                         .arg(report->tests->passed)
                         .arg(report->tests->failed)
                         .arg(report->tests->skipped)
                         .toUtf8(),
                     lines[i]);
        }
    }

    void readsTheSameCoverageFromBothFormats()
    {
        const auto json = read("coverage-json", data("coverage.json"));
        const auto xml = read("cobertura", data("coverage.xml"));
        QVERIFY(json && xml);
        for (const auto *report : {&*json, &*xml}) {
            QCOMPARE(report->coverage->lines, 12);
            QCOMPARE(report->coverage->covered, 7);
            QCOMPARE(report->coverage->files.size(), 2u);
            QCOMPARE(report->coverage->files[0].file, QByteArray("src/shop/__init__.py"));
            QCOMPARE(report->coverage->files[0].lines, 10);
            QCOMPARE(report->coverage->files[0].missing, (std::vector<int>{13, 14, 18}));
        }
    }

    void readsCoberturaOfOtherWriters()
    {
        const auto report = read(
            "cobertura",
            "<?xml version='1.0'?><!DOCTYPE coverage SYSTEM 'http://cobertura.sourceforge.net/xml/coverage-04.dtd'>"
            "<coverage line-rate='0.1'><sources><source>/usr/lib</source><source>/workspace/pkg</source></sources><packages><package><classes>"
            "<class filename='a.py'><methods><method><lines><line number='1' hits='2'/></lines></method></methods>"
            "<lines><line number='1' hits='0'/><line number='2' hits='1.0'/></lines></class>"
            "<class filename='a.py'><lines><line number='2' hits='0'/><line number='3' hits='0'/></lines></class>"
            "<class filename='../../etc/passwd'><lines><line number='1' hits='1'/></lines></class>"
            "</classes></package></packages></coverage>");
        QVERIFY2(report, qPrintable(report ? QString() : toText(report.error())));
        QCOMPARE(report->coverage->files.size(), 1u);
        QCOMPARE(report->coverage->files[0].file, QByteArray("pkg/a.py"));
        QCOMPARE(report->coverage->lines, 3);
        QCOMPARE(report->coverage->covered, 2);
    }

    // llvm counts a line once for each function that it is part of: what it sums up is what it shows to people.
    void countsAsLlvmDoes()
    {
        const QByteArray lines = "SF:/workspace/src/a.rs\nDA:1,1\nDA:2,0\nDA:3,4\n";
        const auto said = [&](const QByteArray &more) -> std::pair<int, int> {
            const auto report = read("lcov", lines + more);
            return report ? std::pair(report->coverage->covered, report->coverage->lines) : std::pair(-1, -1);
        };
        QCOMPARE(said("LF:14\nLH:12\nend_of_record\n"), std::pair(12, 14));
        QCOMPARE(said("end_of_record\n"), std::pair(2, 3));
        QCOMPARE(said("LF:14\nLH:14\nend_of_record\n"), std::pair(2, 3));         // it would hide an uncovered line
        QCOMPARE(said("LF:2\nLH:1\nend_of_record\n"), std::pair(2, 3));           // fewer than there are
        QCOMPARE(said("LF:9\nLH:-2147483648\nend_of_record\n"), std::pair(2, 3)); // nonsense
        QCOMPARE(said("LF:9\nLH:8\nend_of_record\n" + lines + "LF:9\nLH:8\nend_of_record\n"),
                 std::pair(2, 3)); // sums of two runs do not add up
    }

    // A program of tests that names no place is told in its own words.
    void tellsAFailureInTheWordsOfTheProgram()
    {
        const auto report = read(
            "junit",
            "<testsuite><testcase name=\"all\" classname=\"all\"><failure message=\"Failed\"/><system-out>"
            "Error=7 is expected\n[pass] error string\n[pass] names that fail to parse\n[fail] Sums [3][2]\nPass 1, Fail 1\n</system-out></testcase></testsuite>");
        QCOMPARE(report->findings[0].message, QStringLiteral("all: Failed: [fail] Sums [3][2]"));
    }

    void leavesOutWhatEslintIgnores()
    {
        const auto report = read("text:eslint",
                                 "\n/workspace/tests/value.test.ts\n  0:0  warning  File ignored because of a matching "
                                 "ignore pattern. Use \"--no-ignore\" to override\n\n/workspace/src/a.ts\n  2:1  "
                                 "error  Unexpected var  no-var\n\n\u2716 2 problems (1 error, 1 warning)\n");
        QCOMPARE(places(report), QStringList{QStringLiteral("src/a.ts:2 no-var")});
    }

    void readsWhatTheCompilerSays()
    {
        const auto report = read("text:python", data("compileall.txt"));
        QVERIFY(report);
        QCOMPARE(places(report), (QStringList{QStringLiteral("broken/indent.py:4 IndentationError"),
                                              QStringLiteral("broken/latin.py:1 SyntaxError"),
                                              QStringLiteral("broken/nul.py:0 SyntaxError"),
                                              QStringLiteral("broken/syntax.py:1 SyntaxError")}));
        QCOMPARE(report->findings[3].message, QStringLiteral("invalid syntax"));
    }

    void readsWhatTheLintersSay()
    {
        const auto black = read("text:black", data("black.txt"));
        QCOMPARE(places(black), (QStringList{QStringLiteral("broken/syntax.py:1 parse"),
                                             QStringLiteral("src/shop/__init__.py:0 format")}));
        const auto flake8 = read("text:flake8", data("flake8.txt"));
        QCOMPARE(places(flake8), (QStringList{QStringLiteral("broken/syntax.py:1 E999"),
                                              QStringLiteral("src/shop/__init__.py:13 F841")}));
        QVERIFY(flake8->findings[0].severity == Severity::Error);
        const auto json = read("mypy-json", data("mypy.json"));
        QCOMPARE(places(json), (QStringList{QStringLiteral("src/shop/__init__.py:18 return-value")}));
        const auto text = read("mypy-json", data("mypy.txt")); // a fatal error is text in any mode
        QCOMPARE(places(text), (QStringList{QStringLiteral("broken/syntax.py:1 syntax")}));
        const auto bandit = read("bandit-json", data("bandit.json"));
        QCOMPARE(places(bandit).mid(4), (QStringList{QStringLiteral("src/shop/__init__.py:2 B404"),
                                                     QStringLiteral("src/shop/__init__.py:14 B602")}));
        QVERIFY(bandit->findings[4].severity == Severity::Info && bandit->findings[5].severity == Severity::Error);
    }

    void putsTheFolderOfTheCommandBeforeItsPaths()
    {
        const auto report = read("text:flake8@services/a",
                                 "src/x.py:1:1: E1 no\n/workspace/services/a/y.py:2:1: E1 no\n");
        QCOMPARE(places(report),
                 (QStringList{QStringLiteral("services/a/src/x.py:1 E1"), QStringLiteral("services/a/y.py:2 E1")}));
    }

    void keepsPathsOutsideTheWorkspaceOut()
    {
        const auto report = read(
            "text:flake8",
            "../x.py:1:1: E1 no\n/etc/passwd:2:1: E1 no\n/workspace2/x.py:1:1: E1 no\n/workspace/../etc/x:1:1: E1 no\na/../../x:1:1: E1 no\n");
        QCOMPARE(report->findings.size(), 5u);
        for (const auto &finding : report->findings)
            QVERIFY2(finding.file.isEmpty(), finding.file.constData());
    }

    void refusesHostileReports_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char *name, const char *kind, const QByteArray &bytes) {
            QTest::newRow(name) << QString::fromUtf8(kind) << bytes;
        };
        QByteArray bomb = "<!DOCTYPE x [<!ENTITY a0 'lol'>";
        for (int i = 1; i < 30; ++i)
            bomb += "<!ENTITY a" + QByteArray::number(i) + " '&a" + QByteArray::number(i - 1) + ";&a"
                    + QByteArray::number(i - 1) + ";'>";
        row("entity bomb", "junit", bomb + "]><testsuite><testcase name='&a29;'/></testsuite>");
        row("entity bomb in text", "junit",
            bomb + "]><testsuite><testcase name='x'><failure>&a29;</failure></testcase></testsuite>");
        row("external entity", "junit",
            "<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><testsuite><testcase name='x'><failure>&f;</failure></testcase></testsuite>");
        row("parameter entity", "cobertura", "<!DOCTYPE x [<!ENTITY % f SYSTEM 'file:///etc/passwd'> %f;]><coverage/>");
        row("unknown entity", "junit",
            "<testsuite><testcase name='x'><failure>&nope;</failure></testcase></testsuite>");
        row("deep", "junit", QByteArray("<testsuite>").repeated(100'000));
        row("deep coverage", "cobertura",
            "<coverage>" + QByteArray("<a>").repeated(100) + QByteArray("</a>").repeated(100) + "</coverage>");
        row("cut short", "junit", "<testsuite><testcase name='x'/>");
        row("cut in the middle", "junit", "<testsuite><testcase name='x'/></testsui");
        row("empty", "junit", "");
        row("other XML", "junit", "<html/>");
        row("not XML", "junit", "\0\1\2");
        row("other root", "cobertura", "<testsuite/>");
        row("huge line", "cobertura",
            "<coverage><class filename='a'><line number='99999999999' hits='1'/></class></coverage>");
        row("negative line", "cobertura",
            "<coverage><class filename='a'><line number='-1' hits='1'/></class></coverage>");
        row("empty JSON", "coverage-json", "");
        row("JSON cut short", "coverage-json", "{\"files\": {\"a.py\": {\"executed_lines\": [1");
        row("deep JSON", "coverage-json", QByteArray("[").repeated(1'000'000));
        row("lines are text", "coverage-json",
            R"({"files": {"a.py": {"executed_lines": ["x"], "missing_lines": []}}})");
        row("no lines", "coverage-json", R"({"files": {"a.py": {}}})");
        row("counts that lie", "coverage-json",
            R"({"files": {"a.py": {"executed_lines": [1], "missing_lines": [2], "summary": {"covered_lines": 100, "num_statements": 101}}}})");
        row("negative counts", "coverage-json",
            R"({"files": {"a.py": {"executed_lines": [1], "missing_lines": [2], "summary": {"covered_lines": -1, "num_statements": 0}}}})");
        row("bandit without results", "bandit-json", "{}");
        row("bandit cut short", "bandit-json", "{\"results\": [");
        row("unknown kind", "sarif\x1b[2J", "{}");
        row("unknown text", "text:none", "");
    }

    void refusesHostileReports()
    {
        QFETCH(QString, kind);
        QFETCH(QByteArray, bytes);
        QElapsedTimer timer;
        timer.start();
        const auto report = m_toolchains->read(kind, bytes, QStringLiteral("/workspace"));
        QVERIFY(!report);
        QVERIFY(!toText(report.error()).contains(QChar(0x1b)));
        QVERIFY(timer.elapsed() < 60'000); // a bomb would never end
    }

    void boundsWhatAHugeReportGives()
    {
        QByteArray junit = "<testsuite name='pytest'>";
        for (int i = 0; i < 50'000; ++i)
            junit += "<testcase name='t" + QByteArray::number(i)
                     + "'><failure message='m'>E   no\n</failure></testcase>";
        junit += "<testcase name='long'><failure message='" + QByteArray(3'000'000, 'x') + "'>"
                 + QByteArray(3'000'000, 'y') + "</failure></testcase></testsuite>";
        const auto report = read("junit", junit);
        QVERIFY2(report, qPrintable(report ? QString() : toText(report.error())));
        QCOMPARE(report->tests->failed, 50'001); // all are counted, not all are told
        QCOMPARE(report->findings.size(), 1000u);
        const auto text = read("text:flake8",
                               QByteArray("a.py:1:1: E501 long " + QByteArray(300, 'z') + "\n").repeated(200'000));
        QCOMPARE(text->findings.size(), 1000u);
        const auto line = read("text:flake8", "a.py:1:1: E501 " + QByteArray(20'000'000, 'z'));
        QVERIFY(line && (line->findings.empty() || line->findings[0].message.size() <= 2000));
        QVERIFY(!m_toolchains->read(QStringLiteral("junit"), QByteArray(65 * 1024 * 1024, ' '), {}));
    }

    void readsLinesWithoutEndInBoundedTime()
    {
        for (const char *kind :
             {"text:python", "text:pytest", "text:mypy", "text:black", "text:coverage", "text:flake8"}) {
            for (const QByteArray &piece :
                 {QByteArray("*** Error compiling 'a'...\n"), QByteArray("ImportError while loading conftest 'x'.\n"),
                  QByteArray("a:1: "), QByteArray(" File \"x\", line 1\n"), QByteArray("E   \n"),
                  QByteArray("\xff\x00", 2)}) {
                const auto report = read(kind, piece.repeated(100'000));
                QVERIFY(report);
                QVERIFY(report->findings.size() <= 1000u);
            }
        }
    }

    void showsNoControlCharacters()
    {
        const auto report = read("text:flake8", "a.py:1:1: E1 \x1b]52;c;evil\x07 \xe2\x80\xae\xff\n");
        QCOMPARE(report->findings.size(), 1u);
        for (const QChar c : report->findings[0].message)
            QVERIFY(c.unicode() >= 0x20 && c.unicode() != 0x202e);
    }
};

QTEST_GUILESS_MAIN(Reports)
#include "test_reports.moc"
