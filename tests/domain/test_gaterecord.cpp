// SPDX-License-Identifier: Apache-2.0
// When a gate is answered from the record: every input counts, and the answer says where it comes from.
#include "core/domain/gaterecord.h"
#include "tests/testlib/expect.h"

#include <QTest>

using namespace openfactory;

namespace {

GateInputs someInputs()
{
    GateInputs inputs;
    inputs.stage.name = QStringLiteral("unit-test");
    inputs.stage.kind = StageKind::UnitTest;
    PlannedCommand command;
    command.argv = {QStringLiteral("pytest"), QStringLiteral("-q")};
    command.program = QStringLiteral("pytest");
    inputs.plan.commands.push_back(command);
    inputs.tree = QString(40, u'a');
    inputs.base = QString(40, u'b');
    inputs.beside = "1";
    inputs.home = "2";
    inputs.tools = "3";
    inputs.judge = QStringLiteral("build");
    inputs.layers = {QStringLiteral("bwrap")};
    inputs.present = {QStringLiteral("pytest")};
    return inputs;
}

AttemptRecord on(const char *tree)
{
    AttemptRecord attempt;
    attempt.tree = QLatin1StringView(tree);
    return attempt;
}

} // namespace

class GateRecordTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyInputIsPartOfTheKey_data()
    {
        QTest::addColumn<int>("which");
        for (int i = 0; i < int(std::size(kChanges)); ++i)
            QTest::addRow("%s", kChanges[i].name) << i;
    }
    void everyInputIsPartOfTheKey()
    {
        QFETCH(int, which);
        GateInputs changed = someInputs();
        kChanges[which].make(changed);
        QCOMPARE_NE(inputsKey(changed), inputsKey(someInputs()));
        QCOMPARE(inputsKey(someInputs()).size(), 64);
    }

    void theNetworkAndSecretsAreNoKnownInputs()
    {
        StagePlan plan = someInputs().plan;
        StageDefinition stage = someInputs().stage;
        Contract contract;
        QCOMPARE(whyAlwaysRun(plan, stage, contract), QString());
        contract.secrets << QStringLiteral("TOKEN");
        QVERIFY(!whyAlwaysRun(plan, stage, contract).isEmpty());
        contract.secrets.clear();
        stage.network = true;
        QVERIFY(!whyAlwaysRun(plan, stage, contract).isEmpty());
        stage.network = false;
        plan.fixes.push_back(plan.commands.front());
        QVERIFY(whyAlwaysRun(plan, stage, contract).isEmpty());
        plan.fixes.front().network = true;
        QVERIFY(!whyAlwaysRun(plan, stage, contract).isEmpty());
    }

    void holdsForOthersWhereNothingElseHasRun()
    {
        QVERIFY(holdsForAnyJob({}, QStringLiteral("t")));
        QVERIFY(holdsForAnyJob({on("t"), on("t")}, QStringLiteral("t")));
        QVERIFY(!holdsForAnyJob({on("evil"), on("t")}, QStringLiteral("t")));
    }

    void theAnswerSaysWhereItComesFrom()
    {
        Verdict verdict;
        verdict.summary = QStringLiteral("3 passed");
        const RecordSource own{QStringLiteral("01J"), {}, QStringLiteral("unit-test"), 2};
        const Verdict answer = answeredFrom(own, verdict);
        QCOMPARE(answer.summary, QStringLiteral("3 passed (answered from the record: unit-test/2)"));
        const RecordSource other{QStringLiteral("01J"), QStringLiteral("totals"), QStringLiteral("unit-test"), 2};
        QCOMPARE(toText(other), QStringLiteral("unit-test/2 of job totals, 01J"));
        const auto read = verdictFromJson(toJson(answeredFrom(other, verdict)));
        QVERIFY(read && read->record == other);
        // The same was found: a decision that rests on it holds.
        QCOMPARE(evidenceHash({{QStringLiteral("unit-test"), answer}}),
                 evidenceHash({{QStringLiteral("unit-test"), verdict}}));
    }

private:
    struct Change {
        const char *name;
        void (*make)(GateInputs &);
    };
    static constexpr Change kChanges[] = {
        {"tree", [](GateInputs &in) { in.tree = QString(40, u'c'); }},
        {"base", [](GateInputs &in) { in.base = QString(40, u'c'); }},
        {"beside", [](GateInputs &in) { in.beside = "9"; }},
        {"home", [](GateInputs &in) { in.home = "9"; }},
        {"beside and home", [](GateInputs &in) { std::swap(in.beside, in.home); }},
        {"tools", [](GateInputs &in) { in.tools = "9"; }},
        {"judge", [](GateInputs &in) { in.judge = QStringLiteral("later"); }},
        {"seed", [](GateInputs &in) { in.seed = QStringLiteral("s"); }},
        {"language", [](GateInputs &in) { in.language = QStringLiteral("go"); }},
        {"pipeline", [](GateInputs &in) { in.pipeline = QStringLiteral("p"); }},
        {"contract", [](GateInputs &in) { in.contract = QStringLiteral("c"); }},
        {"layers", [](GateInputs &in) { in.layers.clear(); }},
        {"present", [](GateInputs &in) { in.present.clear(); }},
        {"stage", [](GateInputs &in) { in.stage.name = QStringLiteral("other"); }},
        {"kind", [](GateInputs &in) { in.stage.kind = StageKind::Command; }},
        {"failure", [](GateInputs &in) { in.stage.failure = FailureClass::Soft; }},
        {"timeout", [](GateInputs &in) { in.stage.timeout = std::chrono::seconds(1); }},
        {"word", [](GateInputs &in) { in.plan.commands.front().argv << QStringLiteral("-x"); }},
        {"words joined", [](GateInputs &in) { in.plan.commands.front().argv = {QStringLiteral("pytest -q")}; }},
        {"folder", [](GateInputs &in) { in.plan.commands.front().folder = QStringLiteral("sub"); }},
        {"environment", [](GateInputs &in) { in.plan.commands.front().environment[QStringLiteral("A")]; }},
        {"report", [](GateInputs &in) { in.plan.commands.front().reports.push_back({}); }},
        {"exit codes", [](GateInputs &in) { in.plan.commands.front().passCodes = {0, 1}; }},
        {"one command more", [](GateInputs &in) { in.plan.commands.push_back(in.plan.commands.front()); }},
        {"a fix", [](GateInputs &in) { in.plan.fixes.push_back(in.plan.commands.front()); }},
    };
};

QTEST_APPLESS_MAIN(GateRecordTest)
#include "test_gaterecord.moc"
