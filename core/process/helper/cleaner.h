// SPDX-License-Identifier: Apache-2.0
/// Empties a folder of the sandbox. Stays on its file system: folders of the host that are mounted below are left
/// alone.
#pragma once

namespace openfactory::helper {

/// Whether nothing but mount points (and the folders on the way to them) is left. No other process may run.
bool emptyFolder(const char *path);

} // namespace openfactory::helper
