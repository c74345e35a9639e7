// SPDX-License-Identifier: Apache-2.0
/// Which variables a contract, a toolchain or a secret may set for commands (hardening.md, B10). Pure.
#pragma once

#include "core/base/error.h"

namespace openfactory {

/// Denied for a name that steers the loader, a shell or a tool's start-up, or that the sandbox sets itself; Invalid for
/// one that is no name. Asked when a contract is loaded, and once more before a command starts.
Result<void> checkEnvironmentName(const QString &name);

} // namespace openfactory
