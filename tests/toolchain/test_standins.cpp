// SPDX-License-Identifier: Apache-2.0
/// Tools that Debian does not have: a stand-in program that takes what the real one is given, and says what was
/// recorded.
#include "tests/toolchain/toolrun.h"

using namespace openfactory;

class StandIns : public QObject {
    Q_OBJECT

    std::unique_ptr<YamlToolchains> m_toolchains = loadToolchains();

    static QByteArray data(const char *name) { return QByteArray(DATA_FOLDER "/languages/") + name; }

private Q_SLOTS:
    void gosecWritesItsReport()
    {
        Playground ground;
        ground.write("go.mod", "module example.org/shop\n");
        ground.write("price/run.go", "package price\n");
        // Ends with 2, as for a wrong call, unless each word is as it should be.
        ground.standIn("gosec", "[ \"$1 $2 $4\" = '-quiet -fmt=sarif ./...' ] || exit 2\ncp '" + data("sarif.gosec")
                                    + "' \"${3#-out=}\"\nexit 1\n");
        const StageRun run = ground.stage(*m_toolchains, StageKind::Security, {"price/run.go"});
        QVERIFY2(run.runs.size() == 1 && run.runs[0].problem(), qPrintable(run.all()));
        QVERIFY2(run.report.findings.at(0).rule == QStringLiteral("G204")
                     && run.report.findings[0].file == "price/run.go" && run.report.findings[0].line == 12,
                 qPrintable(run.all()));
    }

    void cargoAuditTellsOfACrate()
    {
        Playground ground;
        ground.write("Cargo.toml", "[package]\nname = \"shop\"\nversion = \"0.1.0\"\n");
        ground.write("src/lib.rs", "");
        ground.standIn("cargo-audit", "cat '" + data("text-cargo-audit.cargo-audit") + "'\nexit 1\n");
        QVERIFY(ground.stage(*m_toolchains, StageKind::Security, {"src/lib.rs"})
                    .plan.nothingToDo.contains(QStringLiteral("Cargo.lock")));
        ground.write("Cargo.lock", "version = 3\n");
        if (!QFile::exists(QStringLiteral("/usr/bin/cargo")))
            QSKIP("cargo is not installed");
        const StageRun run = ground.stage(*m_toolchains, StageKind::Security, {"src/lib.rs"});
        QVERIFY2(run.runs.size() == 1 && run.runs[0].problem(), qPrintable(run.all()));
        QVERIFY2(run.report.findings.at(0).rule == QStringLiteral("RUSTSEC-2020-0071"), qPrintable(run.all()));
    }

    void gleamGoesThroughItsStages()
    {
        Playground ground;
        ground.write("gleam.toml", "name = \"shop\"\n");
        ground.write("src/shop.gleam", "pub fn price() { 1 }\n");
        ground.write("test/shop_test.gleam", "");
        const auto says = [&](const char *command, const char *recorded, int code) {
            ground.standIn("gleam", QByteArray("[ \"$1\" = ") + command + " ] || exit 64\ncat '" + data(recorded)
                                        + "'\nexit " + QByteArray::number(code) + '\n');
        };
        says("build", "text-gleam.gleam-error", 1);
        StageRun run = ground.stage(*m_toolchains, StageKind::Implement);
        QVERIFY2(run.runs.at(0).problem() && run.report.findings.at(0).message == u"Unknown variable",
                 qPrintable(run.all()));
        says("test", "text-gleeunit.gleeunit-failures", 1);
        run = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(run.runs.at(0).problem() && run.report.tests == (TestCounts{1, 2, 0}), qPrintable(run.all()));
        QVERIFY2(run.report.findings.at(0).file == "test/shop_test.gleam" && run.report.findings[0].line == 12,
                 qPrintable(run.all()));
        says("test", "text-gleeunit.gleeunit-good", 0);
        run = ground.stage(*m_toolchains, StageKind::UnitTest);
        QVERIFY2(run.runs.at(0).passed() && run.report.tests == (TestCounts{2, 0, 0}), qPrintable(run.all()));
        says("format", "text-gleam-format.gleam-format", 1);
        run = ground.stage(*m_toolchains, StageKind::Lint, {"src/shop.gleam"});
        QVERIFY2(run.runs.at(0).problem() && run.report.findings.at(0).file == "src/shop.gleam", qPrintable(run.all()));
        QCOMPARE(run.plan.fixes.at(0).argv.join(u' '), QStringLiteral("gleam format src/shop.gleam"));
        says("check", "text-gleam.gleam-warning", 0);
        run = ground.stage(*m_toolchains, StageKind::Static);
        QVERIFY2(run.runs.at(0).command.findingsFail && run.report.findings.at(0).severity == Severity::Warning,
                 qPrintable(run.all()));
        QVERIFY(ground.stage(*m_toolchains, StageKind::Coverage)
                    .plan.nothingToDo.contains(QStringLiteral("Gleam has no tool")));
    }
};

QTEST_GUILESS_MAIN(StandIns)
#include "test_standins.moc"
