// SPDX-License-Identifier: Apache-2.0
#include "core/stages/releasefiles.h"

#include "core/stages/markdown.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>

#include <map>
#include <set>

namespace openfactory {

namespace {

constexpr size_t kMostFiles = 200; ///< named in a document; the rest is counted
constexpr size_t kMostFindings = 100;

QString timeText(qint64 ms)
{
    return ms > 0 ? QDateTime::fromMSecsSinceEpoch(ms, QTimeZone::UTC).toString(Qt::ISODate)
                  : QStringLiteral("unknown");
}

QString rowOf(const AttemptRecord &attempt)
{
    return QStringLiteral("%1/%2").arg(attempt.stage).arg(attempt.number);
}

/// The newest attempt of each stage that came to a verdict, in the order of the pipeline.
std::vector<const AttemptRecord *> newest(const ReleaseFacts &facts)
{
    std::vector<const AttemptRecord *> found;
    for (const StageDefinition &stage : facts.pipeline.stages) {
        const AttemptRecord *last = nullptr;
        for (const AttemptRecord &attempt : facts.record.attempts) {
            if (attempt.stage == stage.name && attempt.verdict)
                last = &attempt;
        }
        if (last)
            found.push_back(last);
    }
    return found;
}

QString commandText(const CommandRecord &command)
{
    const QString end = command.exitCode ? QStringLiteral("exit %1").arg(*command.exitCode) : command.ending;
    return QStringLiteral("| %1/%2/%3 | %4 | %5 | %6 | %7 |\n")
        .arg(command.stage)
        .arg(command.attempt)
        .arg(command.seq)
        .arg(markdown::cell(shownCommand(command.argv).left(300)), end,
             command.finished ? durationText(command.durationMs) : QStringLiteral("unknown"),
             markdown::cell(command.logPath));
}

constexpr QLatin1StringView kCommandHead("| row | command | end | time | log |\n|---|---|---|---|---|\n");

QString pullText(const ReleaseFacts &facts)
{
    const auto &pull = facts.record.pull;
    if (!pull)
        return QStringLiteral("The pipeline asked for no pull request.\n");
    QString text = QStringLiteral("Pull request %1 on %2 (%3), %4.\n")
                       .arg(pull->pull.number)
                       .arg(markdown::code(pull->forge),
                            pull->pull.url.isEmpty() ? QStringLiteral("no address") : markdown::code(pull->pull.url),
                            toName(pull->pull.state));
    for (const Check &check : pull->checks)
        text += QStringLiteral("Check %1 of %2: %3, %4.\n")
                    .arg(markdown::code(check.name), markdown::code(check.commit.left(12)), toName(check.conclusion),
                         markdown::code(check.summary));
    return text;
}

} // namespace

Result<ReleaseFacts> gatherReleaseFacts(StageContext &context)
{
    ReleaseFacts facts;
    OF_TRY(record, context.record());
    const Job &job = record.job;
    OF_TRY(change, context.git().diff(job.identity.repository, job.progress.base, job.progress.head, true));
    facts.record = std::move(record);
    facts.pipeline = context.pipeline();
    facts.change = std::move(change);
    facts.strategy = context.contract().strategy;
    return facts;
}

QByteArray finalSummary(const ReleaseFacts &facts)
{
    const Job &job = facts.record.job;
    QString text = QStringLiteral("# Final summary\n\n%1\n\n").arg(markdown::code(job.identity.title));
    text += markdown::block(job.identity.task);
    text += QStringLiteral("\nJob %1, trace %2, created %3.\n")
                .arg(markdown::code(job.id().text()), markdown::code(job.identity.traceId),
                     timeText(job.identity.createdMs));
    text += QStringLiteral("\n## Where the change is\n\n");
    text += QStringLiteral("Branch %1 at %2, begun at %3.\n")
                .arg(markdown::code(job.identity.branch), markdown::code(job.progress.head),
                     markdown::code(job.progress.base));
    text += job.progress.integrated.isEmpty()
                ? QStringLiteral("Not merged into %1 by this job.\n").arg(markdown::code(job.identity.target))
                : QStringLiteral("Merged into %1 as %2.\n")
                      .arg(markdown::code(job.identity.target), markdown::code(job.progress.integrated));
    text += pullText(facts);
    text += QStringLiteral(
        "\n## Stages\n\n| row | outcome | measured | attempts | reverted |\n|---|---|---|---|---|\n");
    for (const AttemptRecord *attempt : newest(facts)) {
        const auto ofStage = [&](const AttemptRecord &one) { return one.stage == attempt->stage; };
        const auto count = std::ranges::count_if(facts.record.attempts, ofStage);
        const auto reverted = std::ranges::count_if(facts.record.attempts, [&](const AttemptRecord &one) {
            return ofStage(one) && one.state == AttemptState::Reverted;
        });
        text += QStringLiteral("| %1 | %2 | %3 | %4 | %5 |\n")
                    .arg(rowOf(*attempt), toName(attempt->verdict->outcome), markdown::cell(attempt->verdict->summary))
                    .arg(count)
                    .arg(reverted);
    }
    text += QStringLiteral("\n## Decisions\n\n");
    for (const Decision &decision : facts.record.decisions)
        text += QStringLiteral("- %1 by %2 at %3, on %4%5%6\n")
                    .arg(toName(decision.kind), markdown::code(decision.actor), timeText(decision.madeMs),
                         markdown::code(decision.binding.digest().left(12)),
                         decision.comment.isEmpty() ? QString()
                                                    : QStringLiteral(": ") + markdown::code(decision.comment),
                         decision.voidReason.isEmpty()
                             ? QString()
                             : QStringLiteral(" (void: ") + markdown::code(decision.voidReason) + QLatin1Char(')'));
    if (facts.record.decisions.empty())
        text += QStringLiteral("None was asked for.\n");
    return text.toUtf8();
}

QByteArray runbook(const ReleaseFacts &facts)
{
    const Job &job = facts.record.job;
    QString text = QStringLiteral("# Runbook\n\n## What changed\n\n%1, +%2 -%3.\n\n")
                       .arg(counted(qint64(facts.change.files.size()), QStringLiteral("file")))
                       .arg(facts.change.added())
                       .arg(facts.change.removed());
    for (size_t i = 0; i < facts.change.files.size() && i < kMostFiles; ++i) {
        const FileChange &file = facts.change.files[i];
        text += QStringLiteral("- %1\n").arg(markdown::code(displayPath(file.path)));
    }
    if (facts.change.files.size() > kMostFiles)
        text += QStringLiteral("- and %1 more\n").arg(facts.change.files.size() - kMostFiles);
    text += QStringLiteral("\n## How it goes live\n\n");
    if (!job.progress.integrated.isEmpty())
        text += QStringLiteral("It is on %1; strategy %2. `deploy/deployment_plan.yaml` of this job has the plan.\n")
                    .arg(markdown::code(job.identity.target), toName(facts.strategy));
    else
        text += QStringLiteral("Merge the pull request on the forge.\n");
    text += QStringLiteral("\n## How to take it back\n\n");
    if (!job.progress.integrated.isEmpty())
        text += QStringLiteral("    git revert -m 1 %1\n").arg(job.progress.integrated);
    else
        text += QStringLiteral("Close the pull request. Nothing of %1 has changed.\n")
                    .arg(markdown::code(job.identity.target));
    text += QStringLiteral("\n## How to see that it works\n\nThe tests as they were run last:\n\n") + kCommandHead;
    for (const StageDefinition &stage : facts.pipeline.stages) {
        if (stage.kind != StageKind::UnitTest && stage.kind != StageKind::Integration)
            continue;
        int last = 0;
        for (const CommandRecord &command : facts.record.commands)
            last = command.stage == stage.name ? std::max(last, command.attempt) : last;
        for (const CommandRecord &command : facts.record.commands) {
            if (command.stage == stage.name && command.attempt == last)
                text += commandText(command);
        }
    }
    return text.toUtf8();
}

QByteArray testReport(const ReleaseFacts &facts)
{
    QString text = QStringLiteral("# Test report\n\n| row | outcome | passed | failed | skipped | coverage | of the "
                                  "change |\n|---|---|---|---|---|---|---|\n");
    const auto number = [](const std::optional<double> &percent) {
        return percent ? QString::number(*percent, 'f', 1) + QLatin1Char('%') : QStringLiteral("unknown");
    };
    for (const AttemptRecord &attempt : facts.record.attempts) {
        if (!attempt.verdict || (!attempt.verdict->tests && !attempt.verdict->coveragePercent))
            continue;
        const auto &tests = attempt.verdict->tests;
        const auto count = [&](int TestCounts::*of) {
            return tests ? QString::number((*tests).*of) : QStringLiteral("unknown");
        };
        text += QStringLiteral("| %1 | %2 | %3 | %4 | %5 | %6 | %7 |\n")
                    .arg(rowOf(attempt), toName(attempt.verdict->outcome), count(&TestCounts::passed),
                         count(&TestCounts::failed), count(&TestCounts::skipped),
                         number(attempt.verdict->coveragePercent), number(attempt.verdict->changedCoveragePercent));
    }
    text += QStringLiteral("\n## On the forge\n\n") + pullText(facts);
    text += QStringLiteral("\n## Commands\n\n") + kCommandHead;
    for (const CommandRecord &command : facts.record.commands)
        text += commandText(command);
    return text.toUtf8();
}

QByteArray securityNotes(const ReleaseFacts &facts)
{
    QString text = QStringLiteral("# Security notes\n\n## Findings\n\n");
    size_t told = 0;
    for (const AttemptRecord *attempt : newest(facts)) {
        const auto index = facts.pipeline.indexOf(attempt->stage);
        const StageKind kind = facts.pipeline.stages[size_t(*index)].kind;
        if (kind != StageKind::Security && kind != StageKind::Boundary)
            continue;
        text += QStringLiteral("%1: %2, %3.\n\n")
                    .arg(rowOf(*attempt), toName(attempt->verdict->outcome), markdown::code(attempt->verdict->summary));
        for (const Finding &finding : attempt->verdict->findings) {
            if (++told > kMostFindings)
                break;
            text += QStringLiteral("- %1:%2 %3 %4\n")
                        .arg(markdown::code(displayPath(finding.file)))
                        .arg(finding.line)
                        .arg(markdown::code(finding.rule), markdown::code(finding.message.left(300)));
        }
    }
    if (told > kMostFindings)
        text += QStringLiteral("- and %1 more\n").arg(told - kMostFindings);
    text += QStringLiteral("\n## What ran\n\n");
    std::map<QString, int> layers;
    std::map<QString, int> endings;
    for (const CommandRecord &command : facts.record.commands) {
        const QString under = command.layers.join(QStringLiteral(", "));
        ++layers[under.isEmpty() ? QStringLiteral("no sandbox") : under];
        ++endings[command.ending.isEmpty() ? QStringLiteral("unknown") : command.ending];
    }
    for (const auto &[under, count] : layers)
        text += QStringLiteral("- %1 under %2\n").arg(counted(count, QStringLiteral("command")), markdown::code(under));
    for (const auto &[ending, count] : endings)
        text += QStringLiteral("- %1 ended by %2\n").arg(counted(count, QStringLiteral("command")), ending);
    text += QStringLiteral("\n## Risks\n\n");
    for (const Risk &risk : facts.record.risks)
        text += QStringLiteral("- %1 (%2/%3): %4; %5\n")
                    .arg(markdown::code(risk.name), risk.stage)
                    .arg(risk.attempt)
                    .arg(markdown::code(risk.text),
                         risk.acceptedBy.isEmpty() ? QStringLiteral("open")
                                                   : QStringLiteral("accepted by ") + markdown::code(risk.acceptedBy));
    if (facts.record.risks.empty())
        text += QStringLiteral("None was found.\n");
    return text.toUtf8();
}

QByteArray manifest(const ReleaseFacts &facts, const std::vector<ArtifactRecord> &kept)
{
    const Job &job = facts.record.job;
    // The newest of each path is what lies there now.
    std::map<QString, const ArtifactRecord *> newestOf;
    for (const auto *list : {&facts.record.artifacts, &kept}) {
        for (const ArtifactRecord &artifact : *list)
            newestOf[artifact.path] = &artifact;
    }
    QJsonArray artifacts;
    for (const auto &[path, artifact] : newestOf)
        artifacts.append(QJsonObject{{QStringLiteral("path"), path},
                                     {QStringLiteral("stage"), artifact->stage},
                                     {QStringLiteral("attempt"), artifact->attempt},
                                     {QStringLiteral("size"), artifact->size},
                                     {QStringLiteral("sha256"), artifact->sha256}});
    QJsonArray calls; // the settings of each model and what it took
    for (const AuthorCallRecord &call : facts.record.authorCalls)
        calls.append(toJson(call));
    const QJsonObject out{{QStringLiteral("job"), job.id().text()},
                          {QStringLiteral("slug"), job.slug().text()},
                          {QStringLiteral("trace"), job.identity.traceId},
                          {QStringLiteral("pipeline"), facts.pipeline.name},
                          {QStringLiteral("author"), toName(job.identity.author)},
                          {QStringLiteral("base"), job.progress.base},
                          {QStringLiteral("head"), job.progress.head},
                          {QStringLiteral("merged"), job.progress.integrated},
                          {QStringLiteral("author_calls"), calls},
                          {QStringLiteral("artifacts"), artifacts}};
    return QJsonDocument(out).toJson();
}

} // namespace openfactory
