// SPDX-License-Identifier: Apache-2.0
#include "core/stages/deployfiles.h"

#include "core/base/text.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace openfactory {

namespace {

/// A double-quoted YAML scalar: JSON's strings are YAML's.
QString quoted(const QString &text)
{
    const QByteArray list = QJsonDocument(QJsonArray{displayable(text)}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(list.sliced(1, list.size() - 2));
}

QString percentText(const std::optional<double> &percent)
{
    return percent ? QString::number(*percent, 'f', 1) + QLatin1Char('%') : QStringLiteral("unknown");
}

QString testsText(const std::optional<TestCounts> &tests)
{
    return tests ? QString::number(tests->passed) : QStringLiteral("unknown");
}

constexpr QLatin1StringView kSpdx("# SPDX-License-Identifier: Apache-2.0\n");

} // namespace

Result<DeployFacts> gatherDeployFacts(StageContext &context)
{
    const Job &job = context.job();
    OF_TRY(change, context.change());
    OF_TRY(verdicts, context.verdicts());
    OF_TRY(risks, context.risks());
    DeployFacts facts;
    facts.slug = job.slug().text();
    facts.title = job.identity.title;
    facts.target = job.identity.target;
    facts.head = job.progress.head;
    facts.strategy = context.contract().strategy;
    facts.files = int(change.files.size());
    facts.added = change.added();
    facts.removed = change.removed();
    for (const auto &[stage, verdict] : verdicts) {
        facts.stages.emplace_back(stage, verdict.summary);
        const auto index = context.pipeline().indexOf(stage);
        const StageKind kind = context.pipeline().stages[size_t(*index)].kind;
        if (verdict.tests && (kind == StageKind::UnitTest || kind == StageKind::Tcr))
            facts.tests = verdict.tests;
        if (verdict.coveragePercent)
            facts.coverage = verdict.coveragePercent;
        if (verdict.changedCoveragePercent)
            facts.changedCoverage = verdict.changedCoveragePercent;
    }
    for (const auto &risk : risks) {
        if (risk.acceptedBy.isEmpty())
            facts.openRisks.push_back(risk);
    }
    return facts;
}

QByteArray featureFlagsYaml(const DeployFacts &facts)
{
    const QString name = QStringLiteral("factory_") + QString(facts.slug).replace(u'-', u'_');
    const QString text =
        kSpdx
        + QStringLiteral(
              "# The contract asks for a direct integration: the change is on for everybody once it is merged.\n"
              "feature_flags:\n  %1:\n    initial_percentage: 100\n    strategy: direct\n")
              .arg(name);
    return text.toUtf8();
}

QByteArray deploymentPlanYaml(const DeployFacts &facts)
{
    QString text = kSpdx + QStringLiteral("deployment_plan:\n");
    text += QStringLiteral("  change_summary: %1\n  commit: %2\n  target: %3\n")
                .arg(quoted(facts.title), quoted(facts.head), quoted(facts.target));
    text += QStringLiteral("  files: %1\n  lines_added: %2\n  lines_removed: %3\n")
                .arg(facts.files)
                .arg(facts.added)
                .arg(facts.removed);
    text += QStringLiteral("  tests: %1\n  coverage: %2\n  coverage_of_changed_lines: %3\n")
                .arg(testsText(facts.tests), percentText(facts.coverage), percentText(facts.changedCoverage));
    text += QStringLiteral("  rollout_strategy: %1\n  estimated_time: unknown\n  stages:\n")
                .arg(toName(facts.strategy));
    for (const auto &[stage, summary] : facts.stages)
        text += QStringLiteral("    %1: %2\n").arg(quoted(stage), quoted(summary));
    text += facts.openRisks.empty() ? QStringLiteral("  open_risks: []\n") : QStringLiteral("  open_risks:\n");
    for (const auto &risk : facts.openRisks)
        text += QStringLiteral("    %1: %2\n").arg(quoted(risk.name), quoted(risk.text));
    return text.toUtf8();
}

QByteArray monitoringYaml(const DeployFacts &)
{
    return (kSpdx
            + QStringLiteral(
                "# No metric source is configured for this job, so no alert can be promised.\nmonitoring:\n  alerts: []\n"))
        .toUtf8();
}

QByteArray approvalPrompt(const DeployFacts &facts)
{
    QString text = QStringLiteral("Ready for deployment:\n");
    text += QStringLiteral("  Task: %1\n").arg(displayable(facts.title));
    text += QStringLiteral("  Files: %1 changed (+%2 -%3)\n").arg(facts.files).arg(facts.added).arg(facts.removed);
    text += QStringLiteral("  Tests: %1 passed\n").arg(testsText(facts.tests));
    text += QStringLiteral("  Coverage: %1 (changed lines: %2)\n")
                .arg(percentText(facts.coverage), percentText(facts.changedCoverage));
    for (const auto &risk : facts.openRisks)
        text += QStringLiteral("  Risk \"%1\": %2\n").arg(risk.name, displayable(risk.text));
    text += QStringLiteral("\n  Integrate into %1?\n  factory approve -s %2").arg(facts.target, facts.slug);
    for (const auto &risk : facts.openRisks)
        text += QStringLiteral(" --accept-risk ") + risk.name;
    if (!facts.openRisks.empty())
        text += QStringLiteral(" --comment \"...\"");
    text += QStringLiteral("\n  factory reject -s %1 --comment \"...\"\n").arg(facts.slug);
    return text.toUtf8();
}

Result<QByteArray> patchOf(StageContext &context)
{
    const Job &job = context.job();
    OF_TRY(state, context.git().state(context.workspace()));
    OF_TRY(target, context.git().resolve(job.identity.repository, QStringLiteral("refs/heads/") + job.identity.target));
    OF_TRY(base, context.git().mergeBase(job.identity.repository, state.head, target));
    return context.git().patch(job.identity.repository, base, state.head);
}

} // namespace openfactory
