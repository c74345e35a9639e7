// SPDX-License-Identifier: Apache-2.0
#include "core/stages/pullbody.h"

#include "core/stages/markdown.h"

namespace openfactory {

namespace {

constexpr qsizetype kMostTask = 4000; ///< characters of the task
constexpr qsizetype kMostTitle = 72;

} // namespace

QString pullTitle(const Job &job)
{
    const QString title = displayable(job.identity.title.simplified());
    return title.size() <= kMostTitle ? title : title.left(kMostTitle - 3) + QStringLiteral("...");
}

Result<QString> pullBody(StageContext &context)
{
    const Job &job = context.job();
    OF_TRY(change, context.change());
    OF_TRY(verdicts, context.verdicts());
    OF_TRY(risks, context.risks());
    QString body = QStringLiteral("## Task\n\n") + markdown::block(job.identity.task.left(kMostTask));
    body += QStringLiteral("\n## Change\n\n%1, +%2 -%3, from %4 to %5.\n")
                .arg(counted(qint64(change.files.size()), QStringLiteral("file")))
                .arg(change.added())
                .arg(change.removed())
                .arg(markdown::code(job.progress.base.left(12)), markdown::code(job.progress.head.left(12)));
    body += QStringLiteral("\n## Gates\n\n| stage | outcome | measured |\n|---|---|---|\n");
    for (const auto &[stage, verdict] : verdicts)
        body += QStringLiteral("| %1 | %2 | %3 |\n")
                    .arg(markdown::cell(stage), toName(verdict.outcome), markdown::cell(verdict.summary));
    body += QStringLiteral("\n## Risks\n\n");
    for (const Risk &risk : risks)
        body += QStringLiteral("- %1: %2\n").arg(markdown::code(risk.name), markdown::code(risk.text));
    if (risks.empty())
        body += QStringLiteral("None was found.\n");
    body += QStringLiteral("\nJob %1, trace %2.\n")
                .arg(markdown::code(job.id().text()), markdown::code(job.identity.traceId));
    return body;
}

} // namespace openfactory
