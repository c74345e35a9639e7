// SPDX-License-Identifier: Apache-2.0
/// The Python stages that compile and measure coverage, with the real tools.
#include "tests/toolchain/toolrun.h"

using namespace openfactory;

class PythonCoverage : public QObject {
    Q_OBJECT

    std::unique_ptr<YamlToolchains> m_toolchains = loadToolchains();

    static const Finding &first(const StageRun &stage)
    {
        static const Finding none;
        return stage.report.findings.empty() ? none : stage.report.findings.front();
    }

private Q_SLOTS:
    void keepsTheRepositorysOwnChoiceOfTests()
    {
        Playground ground;
        ground.write("pyproject.toml",
                     "[tool.pytest.ini_options]\naddopts = ['-m', 'not slow', '--cov=calc', '--cov-fail-under=100']\n"
                     "markers = ['slow: long', 'integration: service']\npythonpath = ['lib']\n");
        ground.write("lib/calc.py", "def add(a, b):\n    return a + b\n\ndef sub(a, b):\n    return a - b\n");
        ground.write(
            "test_a.py",
            "import pytest, calc\n\n@pytest.mark.slow\ndef test_slow():\n    assert False\n\ndef test_fast():\n    assert calc.add(1, 1) == 2\n");
        auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(stage.runs.at(0).passed(), qPrintable(stage.all())); // too little coverage is not a failing test
        QCOMPARE(*stage.report.tests, (TestCounts{1, 0, 0}));
        stage = ground.stage(*m_toolchains, StageKind::Coverage);
        QVERIFY2(stage.report.coverage, qPrintable(stage.all()));
        QCOMPARE(stage.report.coverage->lines, 4);
        QCOMPARE(stage.report.coverage->covered, 3);
    }

    void measuresCoverageOfTheSourcesAlone()
    {
        Playground ground;
        ground.write("calc/__init__.py", "def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    return a - b\n");
        ground.write("calc/never.py", "x = 1\ny = 2\n");
        ground.write("tests/test_calc.py", "from calc import add\n\ndef test_add():\n    assert add(1, 2) == 3\n");
        ground.write("setup.py", "print('no')\n");
        const QStringList before = ground.files();
        const auto stage = ground.stage(*m_toolchains, StageKind::Coverage);
        QVERIFY2(stage.report.coverage, qPrintable(stage.all()));
        QCOMPARE(stage.report.coverage->files.size(), 2u); // also what no test imports; no tests, no setup.py
        QCOMPARE(stage.report.coverage->files.at(0).file, QByteArray("calc/__init__.py"));
        QCOMPARE(stage.report.coverage->files.at(0).missing, (std::vector<int>{6}));
        QCOMPARE(stage.report.coverage->files.at(1).covered, 0);
        QCOMPARE(stage.report.coverage->lines, 6);
        QCOMPARE(stage.report.coverage->covered, 3);
        QCOMPARE(ground.files(), before);
    }

    void honoursTheRepositorysCoverageSettings()
    {
        Playground ground;
        ground.write(
            ".coveragerc",
            "[run]\nparallel = True\nbranch = True\nsource = calc\nomit =\n    calc/gen_*.py\n[report]\nfail_under = 99\nexclude_lines =\n    pragma: no cover\n    def sub\n");
        ground.write(
            "calc/__init__.py",
            "def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    return a - b\n\n\ndef mul(a, b):\n    return a * b\n");
        ground.write("calc/gen_x.py", "x = 1\n");
        ground.write("test_calc.py", "from calc import add\n\ndef test_add():\n    assert add(1, 2) == 3\n");
        const auto stage = ground.stage(*m_toolchains, StageKind::Coverage);
        QCOMPARE(stage.runs.size(), 3u); // measured in parts, so combined
        for (const auto &run : stage.runs)
            QVERIFY2(run.passed(), qPrintable(stage.all()));
        QVERIFY2(stage.report.coverage, qPrintable(stage.all()));
        QCOMPARE(stage.report.coverage->files.size(), 1u);
        QCOMPARE(stage.report.coverage->lines, 4);
        QCOMPARE(stage.report.coverage->covered, 3);
    }

    void compilesSourcesAndChangedFilesWithoutLeavingByteCode()
    {
        Playground ground;
        ground.write("pkg/__init__.py", "x = 1\n");
        ground.write("pkg/bad.py", "def f():\n    return 1\n\n  y = (\n");
        ground.write("pkg/worse.py", "def f(:\n");
        ground.write("tests/data/wrong_on_purpose.py", "def (:\n");
        ground.write("tests/test_a.py", "def test(:\n");
        const QStringList before = ground.files();
        const auto stage = ground.stage(*m_toolchains, StageKind::Implement,
                                        {"tests/data/wrong_on_purpose.py", "tests/test_a.py", "gone.py", "README.md"});
        QVERIFY2(stage.runs.at(0).problem(), qPrintable(stage.all()));
        QCOMPARE(stage.report.findings.size(), 3u);
        QCOMPARE(first(stage).file, QByteArray("pkg/bad.py"));
        QCOMPARE(first(stage).line, 4);
        QVERIFY2(first(stage).rule == QStringLiteral("IndentationError"), qPrintable(stage.all()));
        QCOMPARE(stage.report.findings.at(2).file, QByteArray("tests/test_a.py"));
        QCOMPARE(ground.files(), before);
    }

    void compilesBytesThatAreNoPython()
    {
        Playground ground;
        ground.write("pkg/__init__.py", "");
        ground.write("pkg/nul.py", QByteArray("x = 1\n\0\n", 8));
        ground.write("pkg/latin.py", "x = '\xe9'\n");
        const auto stage = ground.stage(*m_toolchains, StageKind::Implement);
        QVERIFY2(stage.runs.at(0).problem(), qPrintable(stage.all()));
        QStringList files;
        for (const auto &finding : stage.report.findings)
            files += QString::fromUtf8(finding.file);
        QVERIFY2(files.contains(QStringLiteral("pkg/nul.py")) && files.contains(QStringLiteral("pkg/latin.py")),
                 qPrintable(stage.all()));
    }

    // The holes: what a job plants must not stand in for a tool.
    void runsNoToolThatTheWorkspaceOrTheHomeShadows()
    {
        Playground ground;
        ground.write("calc.py", "def add(a, b):\n    return a - b\n");
        ground.write("test_calc.py", "from calc import add\n\ndef test_add():\n    assert add(1, 2) == 3\n");
        const QByteArray lie = "import sys\nprint('LIE')\nsys.exit(0)\n";
        const QString site = ground.home() + QStringLiteral("/.local/lib/python3.13/site-packages");
        for (const char *name : {"pytest.py", "coverage.py", "compileall.py", "py_compile.py", "usercustomize.py",
                                 "sitecustomize.py", "_pytest.py"}) {
            ground.write(name, lie);
            ground.write(name, lie, site);
        }
        ground.write("pytest/__main__.py", lie);
        ground.write("coverage/__main__.py", lie, site);
        auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(stage.runs.at(0).problem() && !stage.runs.at(0).output.contains("LIE"), qPrintable(stage.all()));
        QCOMPARE(stage.report.tests->failed, 1);
        stage = ground.stage(*m_toolchains, StageKind::Coverage);
        QVERIFY2(stage.runs.at(0).problem() && !stage.runs.at(0).output.contains("LIE"), qPrintable(stage.all()));
        QVERIFY2(stage.report.coverage, qPrintable(stage.all()));
        ground.write("calc.py", "def (:\n");
        stage = ground.stage(*m_toolchains, StageKind::Implement, {"calc.py"});
        QVERIFY2(stage.runs.at(0).problem() && !stage.runs.at(0).output.contains("LIE"), qPrintable(stage.all()));
    }
};

QTEST_GUILESS_MAIN(PythonCoverage)
#include "test_pythoncoverage.moc"
