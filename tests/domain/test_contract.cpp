// SPDX-License-Identifier: Apache-2.0
#include "core/domain/contract.h"
#include "tests/testlib/expect.h"

using namespace openfactory;

namespace {

Result<Contract> load(const QByteArray &yaml)
{
    return loadContract(yaml, QStringLiteral("contract.yaml"));
}

QStringList namesOf(const Pipeline &pipeline)
{
    QStringList names;
    for (const auto &stage : pipeline.stages)
        names += stage.name;
    return names;
}

Result<Pipeline> pipelineOf(const QByteArray &yaml)
{
    OF_TRY(contract, load(yaml));
    OF_TRY(builtIn, builtInPipeline(contract.pipeline));
    return effectivePipeline(contract, builtIn);
}

} // namespace

class TestContract : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEmptyContractHasTheDefaults_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::newRow("wrapped") << QByteArray("contract: {}\n");
        QTest::newRow("bare") << QByteArray("{}\n");
        QTest::newRow("nothing below") << QByteArray("# mine\ncontract:\n");
    }
    void anEmptyContractHasTheDefaults()
    {
        QFETCH(QByteArray, yaml);
        const auto contract = load(yaml);
        OF_OK(contract);
        QCOMPARE(contract->pipeline, QStringLiteral("factory"));
        QCOMPARE(contract->requiredTestCoverage, 80.0);
        QCOMPARE(contract->allowedFiles, QStringList{QStringLiteral("**")});
        QCOMPARE(contract->maxLinesChanged, 0);
        QVERIFY(contract->newDependenciesAllowed);
        QVERIFY(!contract->stages && contract->skip.isEmpty() && contract->language.isEmpty());
        QCOMPARE(contract->commandTimeout, std::chrono::seconds(900));
    }

    void readsEveryKey()
    {
        const auto contract = load("language: Gleam\n"
                                   "pipeline: tcr\n"
                                   "skip: [coverage, lint]\n"
                                   "tcr: build-first\n"
                                   "required_test_coverage: 72.5\n"
                                   "allowed_files: ['src/**', 'test/*.py']\n"
                                   "forbidden_files: [README.md]\n"
                                   "max_lines_changed: 200\n"
                                   "max_function_lines: 90\n"
                                   "import_cycles_allowed: true\n"
                                   "new_dependencies_allowed: false\n"
                                   "approved_dependencies: [requests]\n"
                                   "strategy: direct\n"
                                   "target: release/1.x\n"
                                   "protected_branches: [main, stable]\n"
                                   "allowed_commands:\n"
                                   "  - make * -j {int}\n"
                                   "  - [flake8, ...]\n"
                                   "environment: {CI: 1, EMPTY: ''}\n"
                                   "secrets: [API_TOKEN]\n"
                                   "limits: {command_timeout_seconds: 60, memory_mb: 512, processes: 64}\n");
        OF_OK(contract);
        QCOMPARE(contract->language, QStringLiteral("gleam"));
        QCOMPARE(contract->pipeline, QStringLiteral("tcr"));
        QCOMPARE(contract->skip.join(u' '), QStringLiteral("coverage lint"));
        QCOMPARE(contract->tcr, TcrVariant::BuildFirst);
        QCOMPARE(contract->requiredTestCoverage, 72.5);
        QCOMPARE(contract->allowedFiles.join(u' '), QStringLiteral("src/** test/*.py"));
        QCOMPARE(contract->forbiddenFiles.join(u' '), QStringLiteral("README.md"));
        QCOMPARE(contract->maxLinesChanged, 200);
        QCOMPARE(contract->maxFunctionLines, 90);
        QVERIFY(contract->importCyclesAllowed);
        QVERIFY(!contract->newDependenciesAllowed);
        QCOMPARE(contract->approvedDependencies.join(u' '), QStringLiteral("requests"));
        QCOMPARE(contract->target, QStringLiteral("release/1.x"));
        QCOMPARE(contract->protectedBranches.join(u' '), QStringLiteral("main stable"));
        QCOMPARE(contract->allowedCommands.size(), size_t(2));
        QCOMPARE(contract->allowedCommands[0].join(u'|'), QStringLiteral("make|*|-j|{int}"));
        QCOMPARE(contract->allowedCommands[1].join(u'|'), QStringLiteral("flake8|..."));
        QCOMPARE(contract->environment.at(QStringLiteral("CI")), QStringLiteral("1"));
        QVERIFY(contract->environment.contains(QStringLiteral("EMPTY")));
        QCOMPARE(contract->secrets.join(u' '), QStringLiteral("API_TOKEN"));
        QCOMPARE(contract->commandTimeout, std::chrono::seconds(60));
        QCOMPARE(contract->memoryMb, 512);
        QCOMPARE(contract->processes, 64);
    }

    void anEmptyListOfFilesAllowsNone()
    {
        const auto contract = load("allowed_files: []\n");
        OF_OK(contract);
        QVERIFY(contract->allowedFiles.isEmpty());
    }

    void readsThePipelineOfTheSeed()
    {
        const auto contract = load("# contract.yaml\n"
                                   "contract:\n"
                                   "  language: Gleam\n"
                                   "  pipeline:\n"
                                   "    - name: implement\n"
                                   "      command: \"gleam build --target javascript\"\n"
                                   "    - name: custom_unit_test\n"
                                   "      command: \"gleam test --filter package_name\"\n"
                                   "    - name: custom_lint\n"
                                   "      command: \"gleam format --check\"\n"
                                   "    # Skip coverage for this task\n");
        OF_OK(contract);
        QCOMPARE(contract->language, QStringLiteral("gleam"));
        QVERIFY(contract->stages);
        QCOMPARE(contract->stages->size(), size_t(3));
        const auto &implement = contract->stages->at(0);
        QCOMPARE(implement.kind, StageKind::Implement);
        QCOMPARE(implement.command.join(u'|'), QStringLiteral("gleam|build|--target|javascript"));
        QVERIFY(implement.reverts); // as the built-in pipelines have it
        QCOMPARE(implement.attempts, 5);
        const auto &custom = contract->stages->at(1);
        QCOMPARE(custom.kind, StageKind::Command);
        QCOMPARE(custom.failure, FailureClass::Hard);
        QCOMPARE(custom.attempts, 3);
    }

    void refusesWhatIsNotAContractWithItsPlace_data()
    {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *yaml, const char *place, const char *words) {
            QTest::newRow(yaml) << QString::fromUtf8(yaml)
                                << QStringLiteral("contract.yaml:") + QString::fromLatin1(place)
                                << QString::fromUtf8(words);
        };
        row("", "1:1", "empty");
        row("text", "1:1", "expected a mapping");
        row("contract: [a]", "1:11", "expected a mapping");
        row("contract: {}\nlanguage: go", "2:1", "unknown key \"language\"");
        row("contract:\n  contract: {}", "2:3", "unknown key \"contract\"");
        row("allowed_file: [a]", "1:1", "unknown key \"allowed_file\"");
        row("skip: [lint]\nskip: [lint]", "2:1", "given before, in line 1");
        row("limits: {processes: 1, processes: 2}", "1:24", "given before");
        row("allowed_files: src", "1:16", "expected a list");
        row("allowed_files:", "1:1", "has no value");
        row("forbidden_files: [a, [b]]", "1:22", "expected text");
        row("allowed_files: [a, a]", "1:20", "given before");
        row("forbidden_files: [/etc/**]", "1:19", "matches no path");
        row("forbidden_files: [./a]", "1:19", "matches no path");
        row("forbidden_files: [a/../b]", "1:19", "matches no path");
        row("forbidden_files: [a//b]", "1:19", "matches no path");
        row("forbidden_files: ['']", "1:19", "empty pattern");
        row("language: [python]", "1:11", "expected text");
        row("language: ../python", "1:11", "no name of a language");
        row("pipeline: fast", "1:11", "openfactory, factory, tcr");
        row("pipeline: ../factory", "1:11", "no pipeline");
        row("pipeline: {name: x}", "1:11", "expected text");
        row("pipeline: [lint, lint]", "1:18", "given before");
        row("pipeline: [lint, deploy]\nskip: [lint]", "2:7", "skips none");
        row("skip: [accept]", "1:8", "has no stage \"accept\"");
        row("pipeline: [{name: lint, command: 'black . | tee x'}]", "1:34", "script");
        row("pipeline: [{name: x}]", "1:12", "needs a command");
        row("pipeline: [{name: x, failure: soft, command: 'env pytest'}]", "1:46", "env starts other programs");
        row("pipeline: [{name: x, failure: soft, command: 'sh -c id'}]", "1:46", "\"sh -c\" is not let through");
        row("pipeline: [{name: x, command: [bash, -c, id]}]", "1:31", "script in the repository");
        row("pipeline: [{name: x, command: xargs id}]", "1:31", "xargs starts other programs");
        row("pipeline: [{name: x, command: /bin/true}]", "1:31", "\"/bin/true\" is not a bare program name");
        row("pipeline: [{name: x, command: ./check}]", "1:31", "python3 tools/check.py");
        row("pipeline: [{name: x, command: [git, -c, alias.x=!id, x]}]", "1:31", "\"git -c\" is not let through");
        row("pipeline: [{name: x, command: [find, ., -exec, id]}]", "1:31", "\"-exec\" makes find start");
        row("pipeline:\n- {name: lint, kind: lint, command: [python3, -c, x]}", "2:37", "\"python3 -c\"");
        row("tcr: harsh", "1:6", "strict, relaxed or build-first");
        row("tcr: [strict]", "1:6", "expected text");
        row("required_test_coverage: 101", "1:25", "outside 0 to 100");
        row("required_test_coverage: nan", "1:25", "expected a number");
        row("required_test_coverage: '80'", "1:25", "expected a number");
        row("max_lines_changed: -1", "1:20", "outside 0");
        row("max_lines_changed: 1.5", "1:20", "whole number");
        row("max_lines_changed: 99999999999999999999", "1:20", "whole number");
        row("max_function_lines: -1", "1:21", "outside 0");
        row("import_cycles_allowed: 0", "1:24", "true or false");
        row("new_dependencies_allowed: no", "1:27", "true or false");
        row("approved_dependencies: [' a']", "1:25", "no name of a dependency");
        row("strategy: slow", "1:11", "direct or gradual");
        row("target: -D", "1:9", "no name of a branch");
        row("target: a..b", "1:9", "no name of a branch");
        row("target: refs/../x", "1:9", "no name of a branch");
        row("target: a b", "1:9", "no name of a branch");
        row("target: '@{-1}'", "1:9", "no name of a branch");
        row("target: .hidden", "1:9", "no name of a branch");
        row("target: a/.hidden", "1:9", "no name of a branch");
        row("target: a.lock", "1:9", "no name of a branch");
        row("target: a/", "1:9", "no name of a branch");
        row("target: a:b", "1:9", "no name of a branch");
        row("protected_branches: ['release/*']", "1:22", "no name of a branch");
        row("allowed_commands: make", "1:19", "expected a list");
        row("allowed_commands: [/bin/sh]", "1:20", "\"/bin/sh\" is not a bare program name");
        row("allowed_commands: ['* -x']", "1:20", "the program must be named");
        row("allowed_commands: ['...']", "1:20", "the program must be named");
        row("allowed_commands: ['env pytest']", "1:20", "env starts other programs");
        row("allowed_commands: ['sh -c *']", "1:20", "\"sh -c\" is not let through");
        row("allowed_commands: ['python3 -c *']", "1:20", "script in the repository");
        row("allowed_commands: ['git -c {path}']", "1:20", "\"git -c\" is not let through");
        row("allowed_commands: [[make, \"a\\nb\"]]", "1:20", "control character");
        row("allowed_commands: ['make; rm x']", "1:20", "shell syntax");
        row("allowed_commands: [[]]", "1:20", "the pattern is empty");
        row("environment: {A-B: 1}", "1:20", "no name of a variable");
        row("environment: {A: [1]}", "1:18", "expected text");
        row("environment: [A]", "1:14", "expected a mapping");
        for (const char *name :
             {"LD_PRELOAD", "PATH", "HOME", "GIT_SSH_COMMAND", "PYTHONPATH", "PYTHONSTARTUP", "PYTEST_ADDOPTS",
              "PYTEST_PLUGINS", "BASH_ENV", "ENV", "IFS", "NODE_OPTIONS", "RUSTC_WRAPPER", "CC", "ld_preload"}) {
            const QByteArray before = QByteArray("environment: {") + name + ": ";
            row(QByteArray(before + "x}").constData(),
                QByteArray("1:" + QByteArray::number(before.size() + 1)).constData(),
                QByteArray(QByteArray("\"") + name + "\" steers the loader").constData());
        }
        row("environment:\n  TZ: UTC\n  GIT_DIR: x", "3:12", "configuration file in the repository");
        row("secrets: [API_TOKEN, LD_AUDIT]", "1:22", "\"LD_AUDIT\" steers");
        row("secrets: ['a b']", "1:11", "no name of a variable");
        row("limits: {memory: 1}", "1:10", "unknown key \"memory\"");
        row("limits: {memory_mb: 1}", "1:21", "outside 16");
        row("limits: {processes: 0}", "1:21", "outside 1");
        row("limits: {command_timeout_seconds: 0}", "1:35", "outside 1");
        row("limits: 3", "1:9", "expected a mapping");
        row("allowed_files: &a [x]\nforbidden_files: *a", "1:16", "anchors");
        row("allowed_files: !!set {x}", "1:16", "tag");
    }
    void refusesWhatIsNotAContractWithItsPlace()
    {
        QFETCH(QString, yaml);
        QFETCH(QString, place);
        QFETCH(QString, words);
        const auto contract = load(yaml.toUtf8());
        OF_REFUSED(contract, ErrorKind::Invalid, place);
        OF_REFUSED(contract, ErrorKind::Invalid, words);
    }

    void tellsAllThatIsWrongInTheOrderOfTheFile()
    {
        const auto reading = readContract("contract:\n"
                                          "  max_lines_changed: many\n"
                                          "  allowed_files: [src/**, /etc/**, ../x]\n"
                                          "  pipeline:\n"
                                          "    - {name: implement, command: 'make | tee log', atempts: 2}\n"
                                          "    - {name: Bad Name}\n"
                                          "    - {name: docs, command: 'env make', failure: mild}\n"
                                          "  limits: {memory: 1, processes: 0}\n"
                                          "  environment: {PATH: /x, TZ: UTC}\n"
                                          "  strategy: gradual\n"
                                          "  colour: red\n"
                                          "  target: main\n",
                                          QStringLiteral("contract.yaml"));
        QStringList places;
        for (const Error &fault : reading.faults) {
            const auto place = yaml::placeOf(fault);
            places += place ? QStringLiteral("%1:%2").arg(place->line).arg(place->column) : toText(fault);
        }
        QCOMPARE(places.join(u' '),
                 QStringLiteral("2:22 3:27 3:36 5:34 5:52 6:14 7:29 7:50 8:12 8:34 9:23 10:13 11:3"));
        QVERIFY2(reading.faults.front().said.contains(u"whole number"), qPrintable(reading.faults.front().said));
        QVERIFY2(reading.faults.back().said.contains(u"unknown key \"colour\""),
                 qPrintable(reading.faults.back().said));
        QCOMPARE(reading.contract.target, QStringLiteral("main")); // what is sound is read all the same
        QCOMPARE(reading.places.at(QStringLiteral("allowed_files[1]")), (yaml::Place{3, 27}));
        QCOMPARE(reading.places.at(QStringLiteral("pipeline[2].command")), (yaml::Place{7, 29}));
        QVERIFY(readContract("contract: {}\n", QStringLiteral("x")).faults.empty());
        QCOMPARE(readContract("a: [\n", QStringLiteral("x")).faults.size(), size_t(1));
    }

    void whatIsOneFaultIsToldOnce()
    {
        const auto count = [](const char *yaml) { return readContract(yaml, QStringLiteral("x")).faults.size(); };
        QCOMPARE(count("pipeline: [{name: x, command: 'a | b'}]"), size_t(1)); // not "needs a command" besides
        QCOMPARE(count("pipeline: fast\nskip: [lint]"), size_t(1));
        QCOMPARE(count("pipeline: [lint, lint, lint]"), size_t(2));
        QCOMPARE(count("limits: 3\nenvironment: 4\nsecrets: 5"), size_t(3));
        QByteArray many("pipeline:\n");
        for (int i = 0; i < 100; ++i)
            many += "- lint\n";
        QCOMPARE(count(many.constData()), size_t(1));
    }

    void gradualIsNotBuiltYet()
    {
        const auto contract = load("contract:\n  target: main\n  strategy: gradual\n");
        OF_REFUSED(contract, ErrorKind::Unsupported, QStringLiteral("contract.yaml:3:13"));
        OF_REFUSED(contract, ErrorKind::Unsupported, QStringLiteral("not built yet"));
    }

    void hostileTextIsShownHarmlessly()
    {
        const auto contract = load("pipeline: \"\\e[31m\\u202e\"\n");
        QVERIFY(!contract);
        QVERIFY(!toText(contract.error()).contains(QChar(0x1b)) && !toText(contract.error()).contains(QChar(0x202e)));
    }

    void skippedStagesAreLeftOut()
    {
        const auto pipeline = pipelineOf("skip: [coverage, review]\n");
        OF_OK(pipeline);
        QCOMPARE(pipeline->name, QStringLiteral("factory"));
        QCOMPARE(namesOf(*pipeline).join(u' '),
                 QStringLiteral("implement unit-test lint integration boundary integrate tcr deploy"));
    }

    void anOwnListReplacesTheBuiltIn()
    {
        const auto pipeline = pipelineOf(
            "pipeline:\n- lint\n- implement\n- {name: docs, command: make docs}\n- accept\n");
        OF_OK(pipeline);
        QCOMPARE(namesOf(*pipeline).join(u' '), QStringLiteral("lint implement docs accept"));
        QCOMPARE(pipeline->name, QStringLiteral("custom"));
    }

    void refusesPipelinesThatCannotEnd_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *yaml, ErrorKind kind, const char *words) {
            QTest::newRow(yaml) << QByteArray(yaml) << toName(kind) << QString::fromLatin1(words);
        };
        row("pipeline: [implement, spec, deploy]", ErrorKind::Invalid, "spec comes after implement");
        row("pipeline: [spec, lint, tickets, implement, deploy]", ErrorKind::Invalid, "tickets comes after lint");
        row("pipeline: [tickets, spec, implement, deploy]", ErrorKind::Invalid, "spec comes after tickets");
        row("pipeline: [{name: a, kind: spec}, spec, implement, deploy]", ErrorKind::Invalid, "spec comes after spec");
        row("pipeline: [spec, tickets, deploy]", ErrorKind::Invalid, "no stage implement");
        row("pipeline: [{name: fast, kind: rollout}, deploy]", ErrorKind::Unsupported, "not built yet: fast");
        row("pipeline: [implement, unit-test]", ErrorKind::Invalid, "lets a person decide");
        row("skip: [deploy]", ErrorKind::Invalid, "lets a person decide");
        row("pipeline: [implement, pull-request, lint]", ErrorKind::Invalid, "\"lint\" comes after pull-request");
        row("pipeline: [implement, deploy, pull-request]", ErrorKind::Invalid, "\"pull-request\" comes after deploy");
        row("pipeline: [implement, deploy, lint]", ErrorKind::Invalid, "\"lint\" comes after deploy");
        row("pipeline: [implement, accept, deploy]", ErrorKind::Invalid, "\"deploy\" comes after accept");
    }
    void refusesPipelinesThatCannotEnd()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, kind);
        QFETCH(QString, words);
        const auto pipeline = pipelineOf(yaml);
        QVERIFY(!pipeline);
        QCOMPARE(toName(pipeline.error().kind), kind);
        QVERIFY2(toText(pipeline.error()).contains(words), qPrintable(toText(pipeline.error())));
    }

    void openfactoryGoesTheWholeWay()
    {
        const auto pipeline = pipelineOf("pipeline: openfactory\n");
        OF_OK(pipeline);
        QCOMPARE(namesOf(*pipeline).first(), QStringLiteral("preflight"));
        QCOMPARE(namesOf(*pipeline).last(), QStringLiteral("release"));
        QVERIFY(!namesOf(*pipeline).contains(QStringLiteral("rollout"))); // nobody asked for one
        // People may merge on the forge.
        const auto merged = pipelineOf("pipeline: openfactory\nskip: [deploy]\n");
        OF_OK(merged);
        QCOMPARE(namesOf(*merged).mid(namesOf(*merged).size() - 2).join(u' '), QStringLiteral("pull-request release"));
    }

    void refusesContractsMadeByHandToo()
    {
        const auto factory = *builtInPipeline(QStringLiteral("factory"));
        Contract contract;
        contract.skip = {QStringLiteral("lint"), QStringLiteral("lint")};
        OF_REFUSED(effectivePipeline(contract, factory), ErrorKind::Invalid, QStringLiteral("skipped twice"));
        contract.skip = {QStringLiteral("nothing\x1b")};
        OF_REFUSED(effectivePipeline(contract, factory), ErrorKind::Invalid,
                   QStringLiteral("no stage \"nothing\\x1b\""));
        contract.skip.clear();
        StageDefinition stage = defaultStage(StageKind::Deploy);
        contract.stages = {stage, stage};
        OF_REFUSED(effectivePipeline(contract, factory), ErrorKind::Invalid, QStringLiteral("there twice"));
        stage.name = QStringLiteral("../x");
        contract.stages = {stage};
        OF_REFUSED(effectivePipeline(contract, factory), ErrorKind::Invalid, QStringLiteral("no name"));
        stage = defaultStage(StageKind::Command);
        contract.stages = {stage, defaultStage(StageKind::Deploy)};
        OF_REFUSED(effectivePipeline(contract, factory), ErrorKind::Invalid, QStringLiteral("no command"));
        contract.stages = {defaultStage(StageKind::Deploy)};
        contract.skip = {QStringLiteral("deploy")};
        OF_REFUSED(effectivePipeline(contract, factory), ErrorKind::Invalid, QStringLiteral("skips none"));
    }
};

QTEST_GUILESS_MAIN(TestContract)
#include "test_contract.moc"
