// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"
#include "core/stages/documentstage.h"
#include "core/stages/handlers.h"

namespace openfactory {

namespace {

/// The task becomes SPEC.json and SPEC.md.
class SpecStage : public StageHandler {
public:
    Result<StageResult> run(StageContext &context) const override
    {
        return runDocumentStage(context, QStringLiteral("SPEC.json"),
                                [](const QByteArray &json) -> Result<JudgedDocument> {
                                    const auto read = readSpec(json);
                                    JudgedDocument judged{read.faults, {}, {}, {}, {}};
                                    if (!read.isSound())
                                        return judged;
                                    const Spec &spec = read.value;
                                    judged.files = {{QStringLiteral("SPEC.json"), toJson(spec)},
                                                    {QStringLiteral("SPEC.md"), toMarkdown(spec).toUtf8()}};
                                    judged.draft = toYaml(spec);
                                    judged.facts[QStringLiteral("criteria")] = qint64(spec.criteria.size());
                                    judged.summary = counted(qint64(spec.criteria.size()), QStringLiteral("criterion"));
                                    judged.summary.replace(QStringLiteral("criterions"), QStringLiteral("criteria"));
                                    return judged;
                                });
    }
};

} // namespace

std::unique_ptr<StageHandler> makeSpec()
{
    return std::make_unique<SpecStage>();
}

} // namespace openfactory
