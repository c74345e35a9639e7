// SPDX-License-Identifier: Apache-2.0
/// The deployment's files say what was measured, say "unknown" otherwise, and cannot be steered by a title.
#include "core/stages/deployfiles.h"

#include <QTest>

#include <yaml-cpp/yaml.h>

using namespace openfactory;

class DeployFilesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sayUnknownWhereNothingWasMeasured()
    {
        DeployFacts facts;
        facts.slug = QStringLiteral("a-b");
        const YAML::Node plan = YAML::Load(deploymentPlanYaml(facts).toStdString())["deployment_plan"];
        QCOMPARE(plan["tests"].as<std::string>(), std::string("unknown"));
        QCOMPARE(plan["coverage"].as<std::string>(), std::string("unknown"));
        QVERIFY(approvalPrompt(facts).contains("Tests: unknown"));
    }
    void sayWhatWasMeasured()
    {
        DeployFacts facts;
        facts.slug = QStringLiteral("a-b");
        facts.files = 2;
        facts.added = 40;
        facts.removed = 7;
        facts.tests = TestCounts{15, 0, 1};
        facts.coverage = 88.96;
        facts.openRisks.push_back(
            {QStringLiteral("lint"), QStringLiteral("lint"), 1, QStringLiteral("3 violations"), {}, {}, 0});
        const YAML::Node plan = YAML::Load(deploymentPlanYaml(facts).toStdString())["deployment_plan"];
        QCOMPARE(plan["tests"].as<int>(), 15);
        QCOMPARE(plan["coverage"].as<std::string>(), std::string("89.0%"));
        QCOMPARE(plan["open_risks"]["lint"].as<std::string>(), std::string("3 violations"));
        QVERIFY(approvalPrompt(facts).contains("--accept-risk lint"));
        const YAML::Node flags = YAML::Load(featureFlagsYaml(facts).toStdString());
        QCOMPARE(flags["feature_flags"]["factory_a_b"]["initial_percentage"].as<int>(), 100);
    }
    void keepAHostileTitleInItsPlace()
    {
        DeployFacts facts;
        facts.slug = QStringLiteral("x");
        facts.title = QStringLiteral("a\"\n  tests: 999\n\x1b[2J\u202e");
        const QByteArray text = deploymentPlanYaml(facts);
        const YAML::Node plan = YAML::Load(text.toStdString())["deployment_plan"];
        QCOMPARE(plan["tests"].as<std::string>(), std::string("unknown"));
        QVERIFY(!text.contains('\x1b'));
        QVERIFY(!approvalPrompt(facts).contains("\n  tests: 999"));
    }
};

QTEST_GUILESS_MAIN(DeployFilesTest)
#include "deployfilestest.moc"
