// SPDX-License-Identifier: Apache-2.0
/// What `factory contract check` and `factory contract init` say of a contract on a repository.
#include "core/engine/contractcheck.h"

#include "core/engine/contractdraft.h"
#include "core/engine/jobplan.h"
#include "core/toolchain/yamltoolchains.h"
#include "tests/engine/engineworld.h"
#include "tests/testlib/expect.h"

using namespace openfactory;

class ContractCheckTest : public QObject {
    Q_OBJECT

    static QStringList drawn(const ContractReport &report)
    {
        QStringList out;
        for (const ContractRemark &remark : report.remarks)
            out += QStringLiteral("%1 %2 %3")
                       .arg(toName(remark.severity),
                            remark.place ? QStringLiteral("%1:%2").arg(remark.place->line).arg(remark.place->column)
                                         : QStringLiteral("-"),
                            remark.said);
        return out;
    }

    static Result<ContractReport> check(EngineWorld &world, const QByteArray &yaml)
    {
        return checkContract(world.ports, world.repository.path(), yaml, QStringLiteral("contract.yaml"));
    }

    static bool tells(const ContractReport &report, const QString &start, const QString &words)
    {
        return std::ranges::any_of(
            drawn(report), [&](const QString &line) { return line.startsWith(start + u' ') && line.contains(words); });
    }

private Q_SLOTS:
    void aSoundContractHasNoRemarkAndAllStages()
    {
        EngineWorld world;
        const auto report = check(world, "contract:\n  allowed_files: ['*.txt']\n");
        OF_OK(report);
        QCOMPARE(drawn(*report), QStringList());
        QCOMPARE(report->language, QStringLiteral("script"));
        QCOMPARE(report->files, 1);
        QCOMPARE(report->stages.size(), builtInPipeline(QStringLiteral("factory"))->stages.size());
        QCOMPARE(report->stages.front().commands.join(u'|'), QStringLiteral("gate implement"));
    }

    void anEmptyFileIsSaidToBeEmpty()
    {
        EngineWorld world;
        const auto report = check(world, {});
        OF_OK(report);
        QVERIFY2(tells(*report, QStringLiteral("error 1:1"), QStringLiteral("empty")),
                 qPrintable(drawn(*report).join(u'\n')));
        QVERIFY(report->stages.empty());
    }

    void patternsThatMatchNothingAreNamedWithTheLikelyCause()
    {
        EngineWorld world;
        world.repository.write("src/one.py", "x = 1\n");
        world.repository.write("Docs/a.md", "a\n");
        world.repository.commitAll();
        const auto report = check(world,
                                  "allowed_files: ['src/**', src, 'docs/**', 'lib/**']\nforbidden_files: [b.txt]\n");
        OF_OK(report);
        const QStringList lines = drawn(*report);
        QCOMPARE(lines.size(), 4);
        QVERIFY(tells(*report, QStringLiteral("warning 1:27"), QStringLiteral("\"src\" matches none of the 3 files")));
        QCOMPARE(report->remarks[0].hint, QStringLiteral("it is a folder: write \"src/**\""));
        QVERIFY(report->remarks[1].hint.contains(QStringLiteral("Docs/a.md")));
        QVERIFY(tells(*report, QStringLiteral("warning 1:43"), QStringLiteral("lib/**")));
        QVERIFY(tells(*report, QStringLiteral("warning 2:19"), QStringLiteral("b.txt")));
        QCOMPARE(report->count(Severity::Error), 0);
    }

    void filesThatAreAllClosedAreTold()
    {
        EngineWorld world;
        const auto report = check(world, "allowed_files: ['**']\nforbidden_files: ['*']\n");
        OF_OK(report);
        QVERIFY2(tells(*report, QStringLiteral("warning 1:16"), QStringLiteral("no file that is there may be changed")),
                 qPrintable(drawn(*report).join(u'\n')));
    }

    void limitsThatNoStageLooksAtAreTold()
    {
        EngineWorld world;
        const QByteArray limits = "allowed_files: ['*.txt']\nforbidden_files: [a.txt]\nmax_lines_changed: 1\n";
        const auto report = check(world, "pipeline: tcr\n" + limits);
        OF_OK(report);
        for (const char *key : {"allowed_files", "forbidden_files", "max_lines_changed"})
            QVERIFY2(
                tells(
                    *report, QStringLiteral("warning"),
                    QStringLiteral("nothing looks at %1: this pipeline has no stage boundary").arg(QLatin1String(key))),
                qPrintable(drawn(*report).join(u'\n')));
        QVERIFY(!tells(*report, QStringLiteral("warning"), QStringLiteral("max_function_lines")));
        const auto whole = check(world, limits);
        OF_OK(whole);
        QVERIFY(!tells(*whole, QStringLiteral("warning"), QStringLiteral("nothing looks at")));
    }

    void namesThatStandForNothingAreTold()
    {
        EngineWorld world;
        const auto report = check(world, "target: nowhere\nprotected_branches: [release, nowhere]\n"
                                         "secrets: [NO_SUCH]\nallowed_commands: ['absent {path}']\n");
        OF_OK(report);
        QVERIFY(tells(*report, QStringLiteral("error 1:9"), QStringLiteral("no branch \"nowhere\"")));
        QVERIFY(tells(*report, QStringLiteral("warning 2:22"), QStringLiteral("no branch \"release\"")));
        QVERIFY(tells(*report, QStringLiteral("warning 2:31"), QStringLiteral("none could be approved")));
        QVERIFY(tells(*report, QStringLiteral("warning 3:11"), QStringLiteral("NO_SUCH")));
        QVERIFY(tells(*report, QStringLiteral("warning 4:20"), QStringLiteral("absent is not installed")));
    }

    void aSecretInTheContractIsToldWithItsLineAndMakesNoJob()
    {
        EngineWorld world;
        SecretMasker masker;
        OF_OK(masker.add({{QStringLiteral("DB"), "Zk3vJ9qLw8RtY2", QStringLiteral("test")}}));
        world.ports.masker = &masker;
        const QByteArray yaml = "contract:\n  environment:\n    URL: db://u:Zk3vJ9qLw8RtY2@host/\n";
        const auto report = check(world, yaml);
        OF_OK(report);
        QVERIFY2(tells(*report, QStringLiteral("error 3:1"), QStringLiteral("known secret")),
                 qPrintable(drawn(*report).join(u'\n')));
        OF_REFUSED(draftJob(world.ports, *world.store, world.plain(QStringLiteral("leaky"), yaml)), ErrorKind::Invalid,
                   QStringLiteral("known secret"));
    }

    void missingToolsAreToldByStage()
    {
        EngineWorld world;
        world.toolchains.program = QStringLiteral("absent");
        const auto report = check(world, "pipeline:\n- implement\n- {name: lint, command: absent .}\n- deploy\n");
        OF_OK(report);
        QVERIFY(tells(*report, QStringLiteral("warning 2:3"), QStringLiteral("apt install gate")));
        QVERIFY(tells(*report, QStringLiteral("warning 3:3"), QStringLiteral("lint: the program absent")));
        QVERIFY(report->remarks[0].hint.contains(QStringLiteral("the stage fails")));
        QVERIFY(report->remarks[1].hint.contains(QStringLiteral("not measured")));
        QCOMPARE(report->stages[1].missing.size(), 1);
    }

    void aPipelineThatCannotEndIsAnErrorAtItsPlace()
    {
        EngineWorld world;
        const auto report = check(world, "max_lines_changed: 3\npipeline: [implement]\n");
        OF_OK(report);
        QVERIFY(tells(*report, QStringLiteral("error 2:11"), QStringLiteral("lets a person decide")));
    }

    void allThatIsWrongIsToldAtOnce()
    {
        EngineWorld world;
        const auto report = check(world, "max_lines_changed: much\nskip: [boundary]\nskip: [lint]\ntarget: a..b\n"
                                         "limits: {memory_mb: 64, memory_mb: 1, cpu: 2}\nmax_line_changed: 3\n");
        OF_OK(report);
        const QStringList lines = drawn(*report);
        for (const auto &[start, words] : {std::pair{u"error 1:20", u"whole number"},
                                           {u"error 3:1", u"given before, in line 2"},
                                           {u"error 4:9", u"no name of a branch"},
                                           {u"error 5:25", u"given before, in line 5"},
                                           {u"error 5:39", u"unknown key \"cpu\""},
                                           {u"error 6:1", u"unknown key \"max_line_changed\""}})
            QVERIFY2(tells(*report, QStringView(start).toString(), QStringView(words).toString()),
                     qPrintable(QStringView(start).toString() + QStringLiteral(" in\n") + lines.join(u'\n')));
        QVERIFY(report->stages.empty());
        // Also what only the whole pipeline shows.
        const auto pipeline = check(world, "max_line_changed: 3\npipeline: [implement]\n");
        QVERIFY(tells(*pipeline, QStringLiteral("error 1:1"), QStringLiteral("unknown key")));
        QVERIFY(tells(*pipeline, QStringLiteral("error 2:11"), QStringLiteral("lets a person decide")));
    }

    void anUnknownLanguageIsAnErrorAndAForeignOneAWarning()
    {
        EngineWorld world;
        const auto toolchains = YamlToolchains::load();
        OF_OK(toolchains);
        world.ports.toolchains = toolchains->get();
        world.repository.write("setup.py", "import app\n");
        world.repository.commitAll();
        OF_OK(check(world, "language: cobol\n"));
        QVERIFY(
            tells(*check(world, "language: cobol\n"), QStringLiteral("error 1:11"), QStringLiteral("no language \"")));
        const auto go = check(world, "language: go\n");
        QVERIFY(tells(*go, QStringLiteral("warning 1:11"), QStringLiteral("looks like go")));
        QCOMPARE(go->others.join(u' '), QStringLiteral("python"));
    }

    void aStageWithoutACommandInNoLanguageIsToldBeforeAJobMeetsIt()
    {
        EngineWorld world;
        const auto toolchains = YamlToolchains::load();
        OF_OK(toolchains);
        world.ports.toolchains = toolchains->get();
        const auto report = check(world, "pipeline: [{name: implement}, {name: lint}, deploy]\n");
        OF_OK(report);
        QVERIFY(tells(*report, QStringLiteral("error 1:12"), QStringLiteral("implement has no command")));
        QVERIFY(tells(*report, QStringLiteral("warning 1:31"), QStringLiteral("lint has no command")));
        QCOMPARE(check(world, "pipeline: [{name: implement, command: make}, deploy]\n")->count(Severity::Error), 0);
    }

    void aDraftFitsTheRepositoryAndPassesTheCheck_data()
    {
        using Files = QMap<QByteArray, QByteArray>;
        QTest::addColumn<Files>("files");
        QTest::addColumn<QStringList>("lines");
        QTest::newRow("python with src and tests")
            << Files{{"pyproject.toml", "[project]\nname='a'\n"},
                     {"src/a/b.py", "x = 1\n"},
                     {"tests/test_b.py", "def test_a():\n    pass\n"},
                     {"LICENSE", "x\n"}}
            << QStringList{QStringLiteral("  language: python"), QStringLiteral("    - \"src/**\""),
                           QStringLiteral("    - \"tests/**\""), QStringLiteral("    - \"LICENSE\""),
                           QStringLiteral("  pipeline: factory")};
        QTest::newRow("go at the root") << Files{{"go.mod", "module example.com/m\n"},
                                                 {"main.go", "package main\n"},
                                                 {"internal/x/x.go", "package x\n"}}
                                        << QStringList{QStringLiteral("  language: go"),
                                                       QStringLiteral("    - \"*.go\""),
                                                       QStringLiteral("    - \"internal/**\"")};
        QTest::newRow("two languages") << Files{
            {"package.json", "{}"},
            {"web.js", "1\n"},
            {"web2.js", "1\n"},
            {"Cargo.toml", "[package]\nname='a'\n"},
            {"src/lib.rs", "\n"}} << QStringList{QStringLiteral("    - \"src/**\""), QStringLiteral("    - \"*.js\"")};
        QTest::newRow("names that mean something in a glob")
            << Files{{"setup.py", "x = 1\n"}, {"a[b]/c.py", "x = 1\n"}, {"quo\"te/d.py", "x = 1\n"}}
            << QStringList{QStringLiteral("    - \"a[[]b]/**\""), QStringLiteral("    - \"quo\\\"te/**\"")};
        QTest::newRow("nothing known") << Files{{"README", "x\n"}}
                                       << QStringList{QStringLiteral("  pipeline:"), QStringLiteral("    - boundary"),
                                                      QStringLiteral("  allowed_files: [\"**\"]")};
    }
    void aDraftFitsTheRepositoryAndPassesTheCheck()
    {
        using Files = QMap<QByteArray, QByteArray>;
        QFETCH(Files, files);
        QFETCH(QStringList, lines);
        EngineWorld world;
        const auto toolchains = YamlToolchains::load();
        OF_OK(toolchains);
        world.ports.toolchains = toolchains->get();
        ScratchRepository::removeAt(world.repository.path(), "a.txt");
        for (const auto &[path, bytes] : files.asKeyValueRange())
            world.repository.write(path, bytes);
        world.repository.commitAll();
        const auto draft = draftContract(world.ports, world.repository.path());
        OF_OK(draft);
        const QStringList written = QString::fromUtf8(*draft).split(u'\n');
        for (const QString &line : lines)
            QVERIFY2(written.contains(line), qPrintable(line + QStringLiteral("\n in \n") + written.join(u'\n')));
        OF_OK(loadContract(*draft, QStringLiteral("draft")));
        const auto report = check(world, *draft);
        OF_OK(report);
        for (const ContractRemark &remark : report->remarks) // of the host only: which tools it has
            QVERIFY2(remark.severity != Severity::Error && !remark.said.contains(QStringLiteral("matches none")),
                     qPrintable(remark.said));
        // A job takes it.
        OF_OK(world.desk->create(world.plain(QStringLiteral("drafted"), *draft)));
    }

    void aDraftOfAnEmptyRepositorySaysWhatItDoesNotKnow()
    {
        EngineWorld world;
        const auto toolchains = YamlToolchains::load();
        world.ports.toolchains = toolchains->get();
        const ScratchRepository empty(QStringLiteral("empty"));
        const auto draft = draftContract(world.ports, empty.path());
        OF_OK(draft);
        QVERIFY2(draft->contains("No language was recognised"), draft->constData());
        const auto report = checkContract(world.ports, empty.path(), *draft, QStringLiteral("x"));
        OF_OK(report);
        QVERIFY(tells(*report, QStringLiteral("warning -"), QStringLiteral("no commit yet")));
        QCOMPARE(report->count(Severity::Error), 0);
    }
};

QTEST_GUILESS_MAIN(ContractCheckTest)
#include "contractchecktest.moc"
