// SPDX-License-Identifier: Apache-2.0
/// What a pull request says of the job it comes from: facts of the store, nothing else.
#pragma once

#include "core/domain/stage.h"

namespace openfactory {

/// At most 72 characters of the job's title.
QString pullTitle(const Job &job);
/// Task, size of the change, the verdict of each stage, the risks; Markdown in which no text of others is markup.
Result<QString> pullBody(StageContext &context);

} // namespace openfactory
