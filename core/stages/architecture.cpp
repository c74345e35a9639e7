// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"
#include "core/domain/planning.h"
#include "core/stages/documentstage.h"
#include "core/stages/handlers.h"

namespace openfactory {

namespace {

/// ARCHITECTURE.json and ARCHITECTURE.md, whose files are there or are to be made.
class ArchitectureStage : public StageHandler {
public:
    Result<StageResult> run(StageContext &context) const override
    {
        return runDocumentStage(
            context, QStringLiteral("ARCHITECTURE.json"), [&](const QByteArray &json) -> Result<JudgedDocument> {
                const auto read = readArchitecture(json);
                JudgedDocument judged{read.faults, {}, {}, {}, {}};
                if (!read.isSound())
                    return judged;
                const Job &job = context.job();
                OF_TRY(files, context.git().files(job.identity.repository, job.progress.base));
                judged.faults = fileFaults(read.value, files);
                judged.files = {{QStringLiteral("ARCHITECTURE.json"), toJson(read.value)},
                                {QStringLiteral("ARCHITECTURE.md"), toMarkdown(read.value).toUtf8()}};
                judged.summary = counted(qint64(read.value.components.size()), QStringLiteral("component"));
                return judged;
            });
    }
};

} // namespace

std::unique_ptr<StageHandler> makeArchitecture()
{
    return std::make_unique<ArchitectureStage>();
}

} // namespace openfactory
