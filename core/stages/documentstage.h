// SPDX-License-Identifier: Apache-2.0
/// What the stages that freeze a document have in common: it is asked for, judged, and kept once nothing is wrong.
#pragma once

#include "core/domain/spec.h"
#include "core/domain/stage.h"

namespace openfactory {

/// A document that was looked at.
struct JudgedDocument {
    std::vector<Finding> faults;
    std::vector<std::pair<QString, QByteArray>> files; ///< to be kept where there are none: name, content
    QString summary;                                   ///< of the verdict
    QJsonObject facts;
    QString draft; ///< as YAML, for a person who wants to look at it first; empty: nobody does
};

using JudgeDocument = std::function<Result<JudgedDocument>(const QByteArray &json)>;

/// `name` is the frozen file's: "SPEC.json".
Result<StageResult> runDocumentStage(StageContext &context, const QString &name, const JudgeDocument &judge);

/// The spec that is frozen.
Result<Spec> frozenSpec(StageContext &context);

} // namespace openfactory
