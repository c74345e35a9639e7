// SPDX-License-Identifier: Apache-2.0
/// What on this host decides how the programs of the sandbox act, as one digest: no program is started for it, and no
/// version is asked. A package that is installed, updated or removed changes it, whatever the package is. Any thread.
#pragma once

#include <QByteArray>
#include <QStringList>

#include <optional>

namespace openfactory {

/// Nothing where the host keeps no database of packages that we know, or where more than 20,000 files lie in
/// /usr/local, beside the packages.
std::optional<QByteArray> hostToolState(const QStringList &programs);

} // namespace openfactory
