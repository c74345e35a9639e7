// SPDX-License-Identifier: Apache-2.0
#include "core/domain/pipeline.h"
#include "tests/testlib/expect.h"

#include <rapidcheck.h>

using namespace openfactory;

namespace {

/// "implement hard revert 5", as the table of the design writes it.
QString rowOf(const StageDefinition &stage)
{
    return QStringLiteral("%1 %2%3 %4")
        .arg(stage.name, toName(stage.failure), stage.reverts ? QStringLiteral(" revert") : QString())
        .arg(stage.attempts);
}

const QString kWork = QStringLiteral(
    "implement hard revert 5\nunit-test hard revert 3\ncoverage soft 5\nlint soft 3\n");

/// Any word that a command may hold: no control characters, no response file.
QString anyWord()
{
    QString out;
    for (const char32_t c : *rc::gen::container<std::u32string>(rc::gen::oneOf(
             rc::gen::inRange<char32_t>(0x20, 0x7f), rc::gen::inRange<char32_t>(0xa0, 0x300),
             rc::gen::element<char32_t>(U'\ufeff', U'\U0001f600', U'\U000e0001', U'"', U'\\', U'#', U':'))))
        out += QString::fromUcs4(&c, 1);
    return out.startsWith(u'@') ? u'x' + out : out;
}

} // namespace

class TestPipeline : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void builtInPipelinesAreThoseOfTheDesign_data()
    {
        QTest::addColumn<QString>("stages");
        QTest::newRow("factory")
            << kWork
                   + QStringLiteral(
                       "integration soft 3\nreview soft 3\nboundary absolute 1\nintegrate hard 3\ntcr hard revert 1\ndeploy hard 1");
        QTest::newRow("tcr")
            << kWork
                   + QStringLiteral("static soft 3\nintegration soft 3\nsecurity soft 2\nreview soft 3\naccept hard 1");
        QTest::newRow("openfactory")
            << QStringLiteral("preflight hard 1\nspec hard 3\narchitecture hard 3\ntickets hard 3\n") + kWork
                   + QStringLiteral(
                       "static soft 3\nintegration soft 3\nsecurity soft 2\nreview soft 3\nboundary absolute 1\nintegrate hard 3\n"
                       "tcr hard revert 1\npull-request hard 3\ndeploy hard 1\nrollout hard 1\nrelease hard 1");
    }
    void builtInPipelinesAreThoseOfTheDesign()
    {
        QFETCH(QString, stages);
        const auto pipeline = builtInPipeline(QString::fromLatin1(QTest::currentDataTag()));
        OF_OK(pipeline);
        QStringList rows;
        for (const auto &stage : pipeline->stages) {
            rows += rowOf(stage);
            QCOMPARE(toName(stage.kind), stage.name);
            QVERIFY(stage.command.isEmpty() && !stage.network && !stage.timeout);
        }
        QCOMPARE(rows.join(u'\n'), stages);
    }

    void everyNamedPipelineIsThereAndNoOther()
    {
        QCOMPARE(builtInPipelineNames().size(), 3);
        for (const auto &name : builtInPipelineNames())
            OF_OK(builtInPipeline(name));
        for (const auto &name :
             {QStringLiteral("Factory"), QString(), QStringLiteral("../factory"), QStringLiteral("factory.yaml")})
            OF_REFUSED(builtInPipeline(name), ErrorKind::NotFound, QStringLiteral("openfactory, factory, tcr"));
    }

    void stagesOfLaterIssuesAreNamed()
    {
        QCOMPARE(notBuiltYet(*builtInPipeline(QStringLiteral("factory"))), QStringList());
        QCOMPARE(notBuiltYet(*builtInPipeline(QStringLiteral("tcr"))), QStringList());
        QCOMPARE(notBuiltYet(*builtInPipeline(QStringLiteral("openfactory"))).join(u' '), QStringLiteral("rollout"));
        QVERIFY(isBuilt(StageKind::Command));
    }

    void everyKindHasItsDefaults()
    {
        QCOMPARE(rowOf(defaultStage(StageKind::Accept)), QStringLiteral("accept hard 1"));
        QCOMPARE(rowOf(defaultStage(StageKind::Security)), QStringLiteral("security soft 2"));
        QCOMPARE(rowOf(defaultStage(StageKind::Tcr)), QStringLiteral("tcr hard revert 1"));
        QCOMPARE(rowOf(defaultStage(StageKind::Command)), QStringLiteral("command hard 3"));
        for (int kind = 0; kind <= int(StageKind::Command); ++kind)
            QCOMPARE(defaultStage(StageKind(kind)).kind, StageKind(kind));
    }

    void findsStagesByNameAndKind()
    {
        const auto factory = *builtInPipeline(QStringLiteral("factory"));
        QCOMPARE(factory.indexOf(u"lint"), std::optional(3));
        QCOMPARE(factory.indexOf(StageKind::Deploy), std::optional(9));
        QCOMPARE(factory.indexOf(u"accept"), std::nullopt);
        QCOMPARE(factory.indexOf(StageKind::Accept), std::nullopt);
    }

    void readsEveryKeyOfAStage()
    {
        const auto pipeline = loadPipeline(
            "pipeline: mine\nstages:\n"
            "- {name: a_b-1, command: \"make 'all of it'\", failure: soft, attempts: 2, network: true, timeout_seconds: 60}\n"
            "- {name: quick, kind: unit-test, command: [pytest, -x], reverts: true}\n"
            "- review\n",
            QStringLiteral("p.yaml"));
        OF_OK(pipeline);
        QCOMPARE(pipeline->name, QStringLiteral("mine"));
        const StageDefinition command{QStringLiteral("a_b-1"),
                                      StageKind::Command,
                                      FailureClass::Soft,
                                      false,
                                      2,
                                      {QStringLiteral("make"), QStringLiteral("all of it")},
                                      true,
                                      std::chrono::seconds(60)};
        QCOMPARE(pipeline->stages[0], command);
        const StageDefinition test{QStringLiteral("quick"),
                                   StageKind::UnitTest,
                                   FailureClass::Hard,
                                   true,
                                   1,
                                   {QStringLiteral("pytest"), QStringLiteral("-x")},
                                   false,
                                   std::nullopt};
        QCOMPARE(pipeline->stages[1], test);
        QCOMPARE(rowOf(pipeline->stages[2]), QStringLiteral("review hard 1"));
    }

    void refusesWhatIsNotAPipelineWithItsPlace_data()
    {
        QTest::addColumn<QString>("yaml");
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, const char *yaml, const char *place, const char *words) {
            QTest::newRow(name) << QString::fromUtf8(yaml) << QString::fromLatin1(place) << QString::fromUtf8(words);
        };
        row("empty", "", "p.yaml:1:1", "empty");
        row("a list", "- a\n", "p.yaml:1:1", "expected a mapping");
        row("no stages", "pipeline: p\n", "p.yaml:1:1", "\"stages\" is missing");
        row("no name", "stages: [lint]\n", "p.yaml:1:1", "\"pipeline\" is missing");
        row("unknown key", "pipeline: p\nstages: [lint]\nstage: x\n", "p.yaml:3:1", "unknown key \"stage\"");
        row("unknown key of a stage", "pipeline: p\nstages:\n  - name: lint\n    retries: 3\n", "p.yaml:4:5",
            "unknown key \"retries\"");
        row("duplicate key", "pipeline: p\nstages:\n  - name: lint\n    name: lint\n", "p.yaml:4:5",
            "given before, in line 3");
        row("duplicate name", "pipeline: p\nstages:\n  - lint\n  - lint\n", "p.yaml:4:5", "\"lint\" was given before");
        row("empty list", "pipeline: p\nstages: []\n", "p.yaml:2:9", "1 to 64 stages");
        row("stages are text", "pipeline: p\nstages: lint\n", "p.yaml:2:9", "expected a list");
        row("a stage is a list", "pipeline: p\nstages:\n  - [lint]\n", "p.yaml:3:5", "expected a mapping");
        row("no stage name", "pipeline: p\nstages:\n  - kind: lint\n", "p.yaml:3:5", "\"name\" is missing");
        row("path as a stage name", "pipeline: p\nstages:\n  - name: ../lint\n", "p.yaml:3:11", "no name for a stage");
        row("path as a pipeline name", "pipeline: ../p\nstages: [lint]\n", "p.yaml:1:11", "no name for a pipeline");
        row("option as a name", "pipeline: p\nstages:\n  - name: -x\n", "p.yaml:3:11", "no name for a stage");
        row("long name", "pipeline: p\nstages:\n  - name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", "p.yaml:3:11",
            "no name for a stage");
        row("unknown kind", "pipeline: p\nstages:\n  - name: x\n    kind: linter\n", "p.yaml:4:11",
            "no stage kind \"linter\"");
        row("unknown failure", "pipeline: p\nstages:\n  - name: lint\n    failure: medium\n", "p.yaml:4:14",
            "hard, soft or absolute");
        row("soft reverts", "pipeline: p\nstages:\n  - name: lint\n    failure: soft\n    reverts: true\n",
            "p.yaml:5:14", "only a hard failure");
        row("quoted boolean", "pipeline: p\nstages:\n  - name: lint\n    reverts: \"true\"\n", "p.yaml:4:14",
            "true or false");
        row("yes", "pipeline: p\nstages:\n  - name: lint\n    network: yes\n", "p.yaml:4:14", "true or false");
        row("no attempts", "pipeline: p\nstages:\n  - name: lint\n    attempts: 0\n", "p.yaml:4:15", "outside 1 to 20");
        row("attempts as text", "pipeline: p\nstages:\n  - name: lint\n    attempts: many\n", "p.yaml:4:15",
            "whole number");
        row("negative time", "pipeline: p\nstages:\n  - name: lint\n    timeout_seconds: -1\n", "p.yaml:4:22",
            "outside 1");
        row("key without value", "pipeline: p\nstages:\n  - name: lint\n    command:\n", "p.yaml:4:5", "has no value");
        row("command without words", "pipeline: p\nstages:\n  - name: lint\n    command: []\n", "p.yaml:4:14",
            "name of a program");
        row("shell in a command", "pipeline: p\nstages:\n  - name: lint\n    command: black . && flake8\n",
            "p.yaml:4:14", "use a script|script");
        row("command of a judge", "pipeline: p\nstages:\n  - name: boundary\n    command: \"true\"\n", "p.yaml:4:14",
            "takes no command");
        row("own stage without command", "pipeline: p\nstages:\n  - name: my-own\n", "p.yaml:3:5", "needs a command");
    }
    void refusesWhatIsNotAPipelineWithItsPlace()
    {
        QFETCH(QString, yaml);
        QFETCH(QString, place);
        QFETCH(QString, words);
        const auto pipeline = loadPipeline(yaml.toUtf8(), QStringLiteral("p.yaml"));
        OF_REFUSED(pipeline, ErrorKind::Invalid, place);
        OF_REFUSED(pipeline, ErrorKind::Invalid, words.section(u'|', -1));
    }

    void nulInACommandIsRefused()
    {
        OF_REFUSED(
            loadPipeline("pipeline: p\nstages:\n- {name: lint, command: [a, \"b\\0c\"]}\n", QStringLiteral("p.yaml")),
            ErrorKind::Invalid, QStringLiteral("NUL"));
        OF_REFUSED(
            loadPipeline("pipeline: p\nstages:\n- {name: lint, command: \"a 'b\\0c'\"}\n", QStringLiteral("p.yaml")),
            ErrorKind::Invalid, QStringLiteral("holds no NUL"));
    }

    void canonicalYamlReadsBackEqual()
    {
        for (const auto &name : builtInPipelineNames()) {
            const auto pipeline = *builtInPipeline(name);
            const auto read = loadPipeline(toYaml(pipeline).toUtf8(), name);
            OF_OK(read);
            QCOMPARE(*read, pipeline);
        }
        QVERIFY(rc::check("any pipeline survives its YAML", [] {
            Pipeline pipeline{QStringLiteral("p"), {}};
            for (int i = *rc::gen::inRange(1, 5); i > 0; --i) {
                StageDefinition stage;
                stage.kind = StageKind(*rc::gen::inRange(0, 21));
                stage.name = QStringLiteral("%1-%2").arg(toName(stage.kind)).arg(i);
                stage.failure = FailureClass(*rc::gen::inRange(0, 3));
                stage.reverts = stage.failure == FailureClass::Hard && *rc::gen::arbitrary<bool>();
                stage.attempts = *rc::gen::inRange(1, 21);
                stage.network = *rc::gen::arbitrary<bool>();
                if (*rc::gen::arbitrary<bool>())
                    stage.timeout = std::chrono::seconds(*rc::gen::inRange(1, 600'000));
                if (takesCommand(stage.kind)) {
                    stage.command = {QStringLiteral("tool")};
                    for (int n = *rc::gen::inRange(0, 4); n > 0; --n)
                        stage.command += anyWord();
                }
                pipeline.stages.push_back(stage);
            }
            const auto read = loadPipeline(toYaml(pipeline).toUtf8(), QStringLiteral("p.yaml"));
            if (!read)
                RC_FAIL(toText(read.error()).toStdString());
            RC_ASSERT(*read == pipeline);
            RC_ASSERT(toYaml(*read) == toYaml(pipeline));
        }));
    }
};

QTEST_GUILESS_MAIN(TestPipeline)
#include "test_pipeline.moc"
