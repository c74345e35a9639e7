// SPDX-License-Identifier: Apache-2.0
#include "core/base/logging.h"

namespace openfactory {

Q_LOGGING_CATEGORY(lcEngine, "openfactory.engine")
Q_LOGGING_CATEGORY(lcStore, "openfactory.store")
Q_LOGGING_CATEGORY(lcGit, "openfactory.git")
Q_LOGGING_CATEGORY(lcProcess, "openfactory.process")

} // namespace openfactory
