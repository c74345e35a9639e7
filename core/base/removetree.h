// SPDX-License-Identifier: Apache-2.0
/// A folder with all that is in it, removed.
#pragma once

#include <QString>

namespace openfactory {

/// Does not follow links; what cannot be removed stays. Folders that their maker closed to itself are opened first, as
/// tools leave some of their caches so.
void removeTree(const QString &path);

} // namespace openfactory
