// SPDX-License-Identifier: Apache-2.0
#include "core/base/host.h"

#include <QFileInfo>

namespace openfactory {

QString howToInstall(const QString &packages, const QString &mark)
{
    return QFileInfo::exists(mark)
               ? QStringLiteral("add %1 to packaging/dependencies: packaging/dev then makes its root anew")
                     .arg(packages)
               : QStringLiteral("apt install ") + packages;
}

} // namespace openfactory
