// SPDX-License-Identifier: Apache-2.0
/// What a job is to reach, frozen before it is planned (openfactory-v2-pipeline, stage 1). Plain values, pure rules.
#pragma once

#include "core/domain/document.h"

namespace openfactory {

struct Criterion {
    QString id; ///< AC-1
    QString text;
    bool operator==(const Criterion &) const = default;
};

struct Spec {
    QString title; ///< may be empty
    QStringList scope;
    QStringList nonGoals;
    QStringList assumptions;
    std::vector<Criterion> criteria;
    QStringList constraints;
    QStringList risks; ///< notes on risks and threats
    bool operator==(const Spec &) const = default;
};

/// Reads SPEC.json (resources/schemas/spec.schema.json): ids of criteria are given once.
Reading<Spec> readSpec(const QByteArray &json);
/// SPEC.json in its canonical form; readSpec() reads it back to an equal value.
QByteArray toJson(const Spec &spec);
/// SPEC.md.
QString toMarkdown(const Spec &spec);
/// The same as YAML, for a person to edit.
QString toYaml(const Spec &spec);

} // namespace openfactory
