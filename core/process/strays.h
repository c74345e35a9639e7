// SPDX-License-Identifier: Apache-2.0
/// Sandboxes of a workspace that another process started: one that was stopped, lost its job to us, and whose commands
/// go on. Any thread.
#pragma once

#include "core/base/error.h"

namespace openfactory {

/// Ends every process that sees `workspace` as the workspace of a sandbox, and waits until it is gone; their count.
/// Finds them by what they see, not by anything they could say of themselves. Timeout where one does not go.
Result<int> endSandboxesOf(const QString &workspace);

} // namespace openfactory
