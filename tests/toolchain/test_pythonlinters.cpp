// SPDX-License-Identifier: Apache-2.0
/// Format, style, types and security of Python, with the real tools.
#include "tests/toolchain/toolrun.h"

using namespace openfactory;

class PythonLinters : public QObject {
    Q_OBJECT

    std::unique_ptr<YamlToolchains> m_toolchains = loadToolchains();

    static const Finding *of(const StageRun &stage, const char *tool)
    {
        const auto found = std::ranges::find(stage.report.findings, QString::fromUtf8(tool), &Finding::tool);
        return found == stage.report.findings.end() ? nullptr : &*found;
    }

private Q_SLOTS:
    void findsAndMendsTheFormatOfChangedFiles()
    {
        Playground ground;
        ground.write("pyproject.toml", "[tool.black]\nline-length = 60\n");
        ground.write("pkg/a.py", "import os\nx = [1,2]\n");
        ground.write("pkg/untouched.py", "y=[1,2]\n");
        const QStringList before = ground.files();
        auto stage = ground.stage(*m_toolchains, StageKind::Lint, {"pkg/a.py"});
        QCOMPARE(stage.runs.size(), 2u);
        QVERIFY2(stage.runs.at(0).problem() && stage.runs.at(1).problem(), qPrintable(stage.all()));
        QVERIFY2(of(stage, "black") && of(stage, "black")->file == "pkg/a.py", qPrintable(stage.all()));
        QVERIFY2(of(stage, "flake8") && of(stage, "flake8")->rule == QStringLiteral("F401")
                     && of(stage, "flake8")->line == 1,
                 qPrintable(stage.all()));
        for (const auto &fix : stage.plan.fixes)
            QVERIFY(ground.run(fix).passed());
        stage = ground.stage(*m_toolchains, StageKind::Lint, {"pkg/a.py"});
        QVERIFY2(stage.runs.at(0).passed(), qPrintable(stage.all()));
        QCOMPARE(ground.files(), before);
        QFile untouched(ground.path() + QStringLiteral("/pkg/untouched.py"));
        QVERIFY(untouched.open(QIODevice::ReadOnly));
        QCOMPARE(untouched.readAll(), QByteArray("y=[1,2]\n"));
    }

    void saysThatAFileCannotBeParsed()
    {
        Playground ground;
        ground.write("a.py", "x = (\n");
        const auto stage = ground.stage(*m_toolchains, StageKind::Lint, {"a.py"});
        for (const auto &run : stage.runs)
            QVERIFY2(run.problem(), qPrintable(stage.all()));
        QVERIFY2(of(stage, "black") && of(stage, "black")->rule == QStringLiteral("parse"), qPrintable(stage.all()));
        QVERIFY2(of(stage, "flake8") && of(stage, "flake8")->line > 0, qPrintable(stage.all()));
    }

    void checksTypesOfTheChangeOnly()
    {
        Playground ground;
        ground.write("pkg/__init__.py", "");
        ground.write("pkg/old.py", "def wrong() -> int:\n    return 'x'\n");
        ground.write("pkg/new.py",
                     "import nosuchstubs\nfrom pkg.old import wrong\n\n\ndef f() -> str:\n    return wrong()\n");
        const QStringList before = ground.files();
        const auto stage = ground.stage(*m_toolchains, StageKind::Static, {"pkg/new.py"});
        QVERIFY2(stage.runs.at(0).problem(), qPrintable(stage.all()));
        QCOMPARE(stage.report.findings.size(), 1u);
        QCOMPARE(stage.report.findings[0].file, QByteArray("pkg/new.py"));
        QCOMPARE(stage.report.findings[0].line, 6);
        QCOMPARE(stage.report.findings[0].rule, QStringLiteral("return-value"));
        QCOMPARE(ground.files(), before);
    }

    void checksAllTypesWhereTheRepositoryDoes()
    {
        Playground ground;
        ground.write("mypy.ini", "[mypy]\nfiles = pkg/old.py\npretty = True\n");
        ground.write("pkg/old.py", "def wrong() -> int:\n    return 'x'\n");
        // A cache that says all is well, and a plug-in of that name, convince nobody.
        ground.write(".mypy_cache/3.13/pkg/old.meta.json", "{}");
        ground.write("mypy.py", "print('LIE')\n");
        ground.write("mypy/__main__.py", "print('LIE')\n",
                     ground.home() + QStringLiteral("/.local/lib/python3.13/site-packages"));
        const auto stage = ground.stage(*m_toolchains, StageKind::Static);
        QVERIFY2(stage.runs.at(0).problem() && !stage.runs.at(0).output.contains("LIE"), qPrintable(stage.all()));
        QCOMPARE(stage.report.findings.size(), 1u);
        QCOMPARE(stage.report.findings[0].file, QByteArray("pkg/old.py"));
    }

    void findsWhatIsInsecureInTheProductAlone()
    {
        Playground ground;
        ground.write("pkg/run.py",
                     "import subprocess\n\n\ndef run(line):\n    return subprocess.call(line, shell=True)\n");
        ground.write("tests/test_run.py", "def test_run():\n    assert True\n");
        const auto stage = ground.stage(*m_toolchains, StageKind::Security, {"pkg/run.py", "tests/test_run.py"});
        QVERIFY2(stage.runs.at(0).problem(), qPrintable(stage.all()));
        QCOMPARE(stage.report.findings.size(), 2u);
        QCOMPARE(stage.report.findings[1].rule, QStringLiteral("B602"));
        QCOMPARE(stage.report.findings[1].file, QByteArray("pkg/run.py"));
        QCOMPARE(stage.report.findings[1].line, 5);
        QVERIFY(stage.report.findings[1].severity == Severity::Error);
    }

    void runsNoLinterThatTheWorkspaceOrTheHomeShadows()
    {
        Playground ground;
        ground.write("a.py", "import os\nx=1\nexec(x)\n");
        const QString site = ground.home() + QStringLiteral("/.local/lib/python3.13/site-packages");
        for (const char *name : {"black", "flake8", "bandit", "usercustomize"}) {
            for (const QString &below : {QString(), site}) {
                ground.write(qPrintable(QString::fromUtf8(name) + QStringLiteral(".py")),
                             "import sys\nprint('LIE')\nsys.exit(0)\n", below);
                ground.write(qPrintable(QString::fromUtf8(name) + QStringLiteral("/__main__.py")), "print('LIE')\n",
                             below);
                ground.write(qPrintable(QString::fromUtf8(name) + QStringLiteral("/__init__.py")), "", below);
            }
        }
        for (const auto kind : {StageKind::Lint, StageKind::Security}) {
            const auto stage = ground.stage(*m_toolchains, kind, {"a.py"});
            for (const auto &run : stage.runs)
                QVERIFY2(run.problem() && !run.output.contains("LIE"), qPrintable(stage.all()));
        }
    }
};

QTEST_GUILESS_MAIN(PythonLinters)
#include "test_pythonlinters.moc"
