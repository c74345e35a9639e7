// SPDX-License-Identifier: Apache-2.0
/// What people can do about a program that this host lacks.
#pragma once

#include <QString>

namespace openfactory {

/// "apt install black"; in the private root of packaging/dev, which nothing can be installed into by hand, how its list
/// is changed. `mark` is the file that such a root bears.
QString howToInstall(const QString &packages, const QString &mark = QStringLiteral("/etc/openfactory-root"));

} // namespace openfactory
