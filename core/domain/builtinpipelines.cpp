// SPDX-License-Identifier: Apache-2.0
// The pipelines that lie in resources/pipelines, compiled in.
#include "core/base/text.h"
#include "core/domain/pipeline.h"

#include <QFile>

// A static library's resources are only linked in where somebody names them; the macro works outside of namespaces
// only.
static void nameResources()
{
    Q_INIT_RESOURCE(pipelines);
}

namespace openfactory {

QStringList builtInPipelineNames()
{
    return {QStringLiteral("openfactory"), QStringLiteral("factory"), QStringLiteral("tcr")};
}

Result<Pipeline> builtInPipeline(const QString &name)
{
    const QString doing = QStringLiteral("find the pipeline \"%1\"").arg(displayable(name.left(80)));
    if (!builtInPipelineNames().contains(name))
        return fail(ErrorKind::NotFound, doing, QStringLiteral("there is no such pipeline"),
                    QStringLiteral("known are %1").arg(builtInPipelineNames().join(QStringLiteral(", "))));
    nameResources();
    QFile file(QStringLiteral(":/openfactory/pipelines/%1.yaml").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Internal, doing, file.errorString());
    return loadPipeline(file.readAll(), name + QStringLiteral(".yaml"));
}

StageDefinition defaultStage(StageKind kind)
{
    for (const auto &name : builtInPipelineNames()) {
        const auto pipeline = builtInPipeline(name);
        if (const auto index = pipeline ? pipeline->indexOf(kind) : std::nullopt)
            return pipeline->stages[size_t(*index)];
    }
    StageDefinition stage;
    stage.name = toName(kind);
    stage.kind = kind;
    stage.attempts = 3;
    return stage;
}

} // namespace openfactory
