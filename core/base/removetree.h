// SPDX-License-Identifier: Apache-2.0
/// A folder with all that is in it, removed.
#pragma once

#include <QString>

namespace openfactory {

/// Does not follow links; what cannot be removed stays.
void removeTree(const QString &path);

} // namespace openfactory
