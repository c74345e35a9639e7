// SPDX-License-Identifier: Apache-2.0
/// The logging categories, one for each room that logs.
#pragma once

#include <QLoggingCategory>

namespace openfactory {

Q_DECLARE_LOGGING_CATEGORY(lcEngine)
Q_DECLARE_LOGGING_CATEGORY(lcStore)
Q_DECLARE_LOGGING_CATEGORY(lcGit)
Q_DECLARE_LOGGING_CATEGORY(lcProcess)

} // namespace openfactory
