// SPDX-License-Identifier: Apache-2.0
/// The Python stages that compile and run tests, with the real tools, on repositories as people have them.
#include "tests/toolchain/toolrun.h"

using namespace openfactory;

class PythonTests : public QObject {
    Q_OBJECT

    std::unique_ptr<YamlToolchains> m_toolchains = loadToolchains();

    static const Finding &first(const StageRun &stage)
    {
        static const Finding none;
        return stage.report.findings.empty() ? none : stage.report.findings.front();
    }

private Q_SLOTS:
    void countsTestsOfASrcLayoutThatIsNotInstalled()
    {
        Playground ground;
        ground.write("pyproject.toml", "[project]\nname = 'x'\n[tool.pytest.ini_options]\ntestpaths = ['tests']\n");
        ground.write("src/calc/__init__.py", "def add(a, b):\n    return a + b\n");
        ground.write("tests/test_calc.py",
                     "import pytest\nfrom calc import add\n\ndef test_add():\n    assert add(1, 2) == 3\n\n"
                     "@pytest.mark.skip\ndef test_later():\n    pass\n");
        const QStringList before = ground.files();
        const auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(stage.runs.at(0).passed(), qPrintable(stage.all()));
        QCOMPARE(*stage.report.tests, (TestCounts{1, 0, 1}));
        QVERIFY2(stage.report.findings.empty(), qPrintable(stage.all()));
        QCOMPARE(ground.files(), before); // no cache, no byte code, no report in the workspace
    }

    void namesTheAssertionThatFailed()
    {
        Playground ground;
        ground.write("setup.py", "from setuptools import setup\nsetup(name='x')\n");
        ground.write("calc/__init__.py", "def add(a, b):\n    return a - b\n");
        ground.write("calc/deep.py", "def boom():\n    return {}['gone']\n");
        ground.write("tests/test_calc.py", "import pytest\nfrom calc import add\nfrom calc.deep import boom\n\n"
                                           "@pytest.mark.parametrize('a', [1], ids=['we/ird <id> \\u202e&'])\n"
                                           "def test_add(a):\n    assert add(a, 2) == 3, 'sums'\n\n"
                                           "def test_boom():\n    boom()\n\ndef test_good():\n    pass\n");
        const auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(stage.runs.at(0).problem(), qPrintable(stage.all()));
        QCOMPARE(*stage.report.tests, (TestCounts{1, 2, 0}));
        QCOMPARE(stage.report.findings.size(), 2u);
        const Finding assertion = stage.report.findings.at(0);
        QCOMPARE(assertion.tool, QStringLiteral("pytest"));
        QCOMPARE(assertion.file, QByteArray("tests/test_calc.py"));
        QCOMPARE(assertion.line, 7);
        QVERIFY2(assertion.message.contains(QStringLiteral("AssertionError: sums"))
                     && assertion.message.contains(QStringLiteral("assert -1 == 3")),
                 qPrintable(assertion.message));
        QVERIFY(!assertion.message.contains(QChar(0x202e)));
        const Finding error = stage.report.findings.at(1);
        QCOMPARE(error.file, QByteArray("calc/deep.py")); // where the code raised
        QCOMPARE(error.line, 2);
        QVERIFY2(error.message.contains(QStringLiteral("KeyError: 'gone'")), qPrintable(error.message));
    }

    void runsTestsInsideThePackageAndOfUnittest()
    {
        Playground ground;
        ground.write("setup.cfg", "[metadata]\nname = x\n");
        ground.write("pkg/__init__.py", "");
        ground.write("pkg/tests/__init__.py", "");
        ground.write("pkg/tests/test_it.py", "import unittest\nimport pkg\n\nclass It(unittest.TestCase):\n"
                                             "    def test_yes(self):\n        self.assertTrue(pkg)\n"
                                             "    def test_no(self):\n        self.assertEqual(1, 2)\n");
        const auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QCOMPARE(*stage.report.tests, (TestCounts{1, 1, 0}));
        QCOMPARE(first(stage).file, QByteArray("pkg/tests/test_it.py"));
        QCOMPARE(first(stage).line, 8);
        QVERIFY2(first(stage).message.contains(QStringLiteral("AssertionError: 1 != 2")),
                 qPrintable(first(stage).message));
    }

    void tellsNoTestsFromPassingOnes()
    {
        Playground ground;
        ground.write("app.py", "x = 1\n");
        const auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(stage.runs.at(0).nothing() && !stage.runs.at(0).passed() && !stage.runs.at(0).problem(),
                 qPrintable(stage.all()));
    }

    void putsAnImportErrorFirstWithItsPlaceAndAnAdvice()
    {
        Playground ground;
        ground.write("app.py", "import nosuchmodule.part\n");
        ground.write("test_a.py", "def test_fine():\n    pass\n");
        ground.write("test_b.py", "import app\n\ndef test_app():\n    pass\n");
        const auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(stage.runs.at(0).problem(), qPrintable(stage.all()));
        QCOMPARE(first(stage).rule, QStringLiteral("collection"));
        QCOMPARE(first(stage).file, QByteArray("app.py"));
        QCOMPARE(first(stage).line, 1);
        QVERIFY2(first(stage).message.contains(QStringLiteral("No module named 'nosuchmodule'")),
                 qPrintable(first(stage).message));
        QVERIFY2(first(stage).suggestion.contains(QStringLiteral("python3-nosuchmodule")),
                 qPrintable(first(stage).suggestion));
        QVERIFY(stage.report.tests && stage.report.tests->failed >= 1);
    }

    void readsABrokenConftestFromTheOutput()
    {
        Playground ground;
        ground.write("tests/conftest.py", "def fixture(:\n");
        ground.write("tests/test_a.py", "def test_fine():\n    pass\n");
        auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(stage.runs.at(0).problem(), qPrintable(stage.all()));
        QVERIFY(!stage.report.tests);
        QVERIFY2(first(stage).message.contains(QStringLiteral("SyntaxError"))
                     || first(stage).rule == QStringLiteral("SyntaxError"),
                 qPrintable(stage.all()));
        ground.write("tests/conftest.py", "import os\nimport gone\n");
        stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(stage.runs.at(0).problem(), qPrintable(stage.all()));
        QCOMPARE(first(stage).file, QByteArray("tests/conftest.py"));
        QCOMPARE(first(stage).line, 2);
    }

    void saysWhichPluginIsMissing()
    {
        Playground ground;
        ground.write("pytest.ini", "[pytest]\naddopts = --nosuchoption=3\n");
        ground.write("test_a.py", "def test_fine():\n    pass\n");
        const auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(stage.runs.at(0).problem(), qPrintable(stage.all()));
        QVERIFY2(first(stage).message.contains(QStringLiteral("--nosuchoption=3")), qPrintable(stage.all()));
        QVERIFY(first(stage).suggestion.contains(QStringLiteral("plug-in")));
    }

    void countsErrorsOfFixturesOnce()
    {
        Playground ground;
        ground.write("test_a.py",
                     "import pytest\n\n@pytest.fixture\ndef broken():\n    raise RuntimeError('set-up')\n\n"
                     "@pytest.fixture\ndef ends():\n    yield\n    raise RuntimeError('tear-down')\n\n"
                     "def test_one(broken):\n    pass\n\ndef test_two(ends):\n    assert False\n");
        const auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(stage.report.tests, qPrintable(stage.all()));
        QCOMPARE(*stage.report.tests, (TestCounts{0, 2, 0}));
        QCOMPARE(first(stage).rule, QStringLiteral("error"));
        QCOMPARE(first(stage).file, QByteArray("test_a.py"));
        QCOMPARE(first(stage).line, 5);
        QVERIFY(first(stage).message.contains(QStringLiteral("RuntimeError: set-up")));
    }

    void survivesOutputThatIsNoText()
    {
        Playground ground;
        ground.write("test_a.py", "import os\n\ndef test_bytes():\n    os.write(1, bytes(range(256)) * 10)\n"
                                  "    raise ValueError('nul \\x00 and \\ud800 and \\x1b[31m')\n");
        const auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(stage.report.tests, qPrintable(stage.all()));
        QCOMPARE(stage.report.tests->failed, 1);
        QVERIFY(!first(stage).message.contains(QChar(0x1b)) && !first(stage).message.contains(QChar(0)));
    }

    void letsWhatTheTestsStartImportThePackage()
    {
        Playground ground;
        ground.write("pyproject.toml", "[project]\nname = 'x'\n");
        ground.write("src/calc/__init__.py", "VALUE = 3\n");
        ground.write("tests/test_calc.py",
                     "import subprocess, sys\n\ndef test_started():\n"
                     "    assert subprocess.check_output([sys.executable, '-c', 'import calc; print(calc.VALUE)'],\n"
                     "                                   cwd='/') == b'3\\n'\n");
        const auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(stage.runs.at(0).passed(), qPrintable(stage.all()));
    }

    void testsTheWorkspacesPackageAndNotTheOneThatPytestNeedsItself()
    {
        Playground ground;
        ground.write("pyproject.toml", "[project]\nname = 'packaging'\n[tool.pytest.ini_options]\nminversion = '6'\n");
        ground.write("src/packaging/__init__.py", "MINE = True\n");
        ground.write("src/packaging/version.py", "class Version(str):\n    pass\n");
        ground.write("tests/test_it.py", "import packaging\nfrom packaging.version import Version\n\n"
                                         "def test_mine():\n    assert packaging.MINE and Version('1') == '1'\n");
        for (const StageKind kind : {StageKind::UnitTest, StageKind::Coverage}) {
            const auto stage = ground.stage(*m_toolchains, kind);
            QVERIFY2(stage.runs.at(0).passed(), qPrintable(stage.all()));
            QCOMPARE(*stage.report.tests, (TestCounts{1, 0, 0}));
        }
    }

    void takesCodeWithoutAFileForNoPlace()
    {
        Playground ground;
        ground.write("app.py", "x = 1\n");
        ground.write("test_a.py", "import subprocess, sys\n\ndef test_started():\n"
                                  "    done = subprocess.run([sys.executable, '-c', 'raise SystemError'],\n"
                                  "                          capture_output=True, text=True)\n"
                                  "    assert not done.stderr, done.stderr\n");
        const auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QCOMPARE(first(stage).file, QByteArray("test_a.py")); // and not <string>
        QCOMPARE(first(stage).line, 6);
    }

    void leavesIntegrationTestsToTheirStage()
    {
        Playground ground;
        ground.write("pytest.ini", "[pytest]\nmarkers =\n    slow: takes long\n    integration: needs a service\n");
        ground.write(
            "tests/test_unit.py",
            "import pytest\n\ndef test_unit():\n    pass\n\n@pytest.mark.integration\ndef test_marked():\n    assert False\n");
        ground.write("tests/integration/test_service.py",
                     "def test_service():\n    assert False, 'Connection refused'\n");
        auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(stage.runs.at(0).passed(), qPrintable(stage.all()));
        QCOMPARE(stage.report.tests->total(), 1);
        stage = ground.stage(*m_toolchains, StageKind::Integration);
        QCOMPARE(stage.runs.size(), 2u);
        QCOMPARE(*stage.report.tests, (TestCounts{0, 2, 0}));
        QVERIFY(!stage.plan.transientPatterns.isEmpty());
        Playground plain;
        plain.write("test_a.py", "def test_fine():\n    pass\n");
        stage = plain.stage(*m_toolchains, StageKind::Integration);
        QVERIFY(stage.plan.commands.empty() && stage.plan.nothingToDo.contains(QStringLiteral("no integration tests")));
    }

    void runsEachProjectOfAMonorepoInItsFolder()
    {
        Playground ground;
        ground.write("README.md", "two");
        ground.write("services/a/pyproject.toml", "[tool.pytest.ini_options]\n");
        ground.write("services/a/src/alpha/__init__.py", "A = 1\n");
        ground.write("services/a/tests/test_a.py", "from alpha import A\n\ndef test_a():\n    assert A == 2\n");
        ground.write("services/b/setup.cfg", "[tool:pytest]\n");
        ground.write("services/b/beta.py", "B = 1\n");
        ground.write("services/b/test_b.py", "from beta import B\n\ndef test_b():\n    assert B == 1\n");
        auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QCOMPARE(stage.runs.size(), 2u);
        QCOMPARE(*stage.report.tests, (TestCounts{1, 1, 0}));
        QCOMPARE(first(stage).file, QByteArray("services/a/tests/test_a.py"));
        stage = ground.stage(*m_toolchains, StageKind::Implement, {"services/b/beta.py", "loose.py"});
        QCOMPARE(stage.runs.size(), 2u);
    }

    // The holes: what a job plants must not stand in for a tool.
    void trustsNoByteCodeThatLiesInTheWorkspace()
    {
        Playground ground;
        ground.write("calc.py", "def add(a, b):\n    return a + b\n");
        ground.write("test_calc.py", "from calc import add\n\ndef test_add():\n    assert add(1, 2) == 3\n");
        // Byte code of other source, stamped with the time and size of this one.
        QProcess forge;
        forge.setWorkingDirectory(ground.path());
        forge.start(
            QStringLiteral("/usr/bin/python3"),
            {QStringLiteral("-c"),
             QStringLiteral(
                 "import os, py_compile\ns = os.stat('calc.py')\ntrue = open('calc.py').read()\n"
                 "open('calc.py', 'w').write(true.replace('+', '-'))\nos.utime('calc.py', (s.st_atime, s.st_mtime))\n"
                 "py_compile.compile('calc.py')\nopen('calc.py', 'w').write(true)\nos.utime('calc.py', (s.st_atime, s.st_mtime))\n")});
        QVERIFY(forge.waitForFinished() && forge.exitCode() == 0);
        QVERIFY(!QDir(ground.path() + QStringLiteral("/__pycache__")).isEmpty());
        const auto stage = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(stage.runs.at(0).passed(), qPrintable(stage.all()));
    }
};

QTEST_GUILESS_MAIN(PythonTests)
#include "test_pythontests.moc"
