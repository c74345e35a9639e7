// SPDX-License-Identifier: Apache-2.0
#include "core/base/logging.h"

namespace openfactory {

// What is for developers is switched on by name: QT_LOGGING_RULES="openfactory.*.debug=true".
Q_LOGGING_CATEGORY(lcEngine, "openfactory.engine", QtInfoMsg)
Q_LOGGING_CATEGORY(lcStore, "openfactory.store", QtInfoMsg)
Q_LOGGING_CATEGORY(lcGit, "openfactory.git", QtInfoMsg)
Q_LOGGING_CATEGORY(lcProcess, "openfactory.process", QtInfoMsg)

} // namespace openfactory
