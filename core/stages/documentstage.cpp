// SPDX-License-Identifier: Apache-2.0
#include "core/stages/documentstage.h"

#include "core/base/text.h"

namespace openfactory {

namespace {

QString digestOf(const QByteArray &bytes)
{
    return QString::fromLatin1(sha256Hex(bytes));
}

Result<StageResult> refuse(StageContext &context, const QString &name, const QByteArray &document,
                           const std::vector<Finding> &faults)
{
    Verdict verdict = refusedDocument(name, faults);
    verdict.facts[QStringLiteral("document")] = digestOf(document);
    if (!document.isEmpty())
        OF_CHECK(context.keepArtifact(
            QStringLiteral("reports/%1-%2-refused.json").arg(context.stage().name).arg(context.attempt()),
            document.left(mostDocumentBytes)));
    return verdict;
}

} // namespace

Result<StageResult> runDocumentStage(StageContext &context, const QString &name, const JudgeDocument &judge)
{
    OF_TRY(answer, context.document());
    if (answer.kind == DocumentAnswer::Kind::Wait || answer.kind == DocumentAnswer::Kind::Question) {
        Wait wait;
        const bool asks = answer.kind == DocumentAnswer::Kind::Question;
        wait.kind = asks ? WaitKind::Clarification : answer.retryAfter ? WaitKind::Retry : WaitKind::Change;
        wait.what = asks ? answer.question : answer.awaited;
        if (answer.retryAfter)
            wait.wakeAtBootMs = answer.retryAfter->count(); // from now
        return wait;
    }
    if (answer.kind == DocumentAnswer::Kind::Nothing)
        return refuse(context, name, {},
                      {documentFault(QStringLiteral("nothing"), {}, QStringLiteral("the author has none to give"))});
    if (!answer.fault.isEmpty())
        return refuse(context, name, answer.document, {documentFault(QStringLiteral("form"), {}, answer.fault)});
    OF_TRY(judged, judge(answer.document));
    if (!judged.faults.empty())
        return refuse(context, name, answer.document, judged.faults);
    if (!judged.draft.isEmpty()) {
        OF_TRY(wait, context.review(answer.document, judged.draft));
        if (wait)
            return *wait;
    }
    for (const auto &[file, bytes] : judged.files)
        OF_CHECK(context.keepArtifact(file, bytes));
    Verdict verdict;
    verdict.summary = judged.summary;
    verdict.facts = judged.facts;
    verdict.facts[QStringLiteral("document")] = digestOf(answer.document);
    return verdict;
}

Result<Spec> frozenSpec(StageContext &context)
{
    OF_TRY(bytes, context.frozen(QStringLiteral("SPEC.json")));
    auto read = readSpec(bytes);
    if (!read.isSound()) // masked, it may have lost its form
        return fail(ErrorKind::Invalid, QStringLiteral("read SPEC.json"), read.faults.front().message);
    return std::move(read.value);
}

} // namespace openfactory
