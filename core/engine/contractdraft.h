// SPDX-License-Identifier: Apache-2.0
/// A contract to begin with, fitted to a repository: commented, and every pattern in it matches something.
#pragma once

#include "core/engine/ports.h"

namespace openfactory {

/// `root` is the repository's working folder. Reads only. What cannot be found out (no known language, no commit yet)
/// is left out or left to its default, with a comment that says so.
Result<QByteArray> draftContract(const EnginePorts &ports, const QString &root);

} // namespace openfactory
