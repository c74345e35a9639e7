// SPDX-License-Identifier: Apache-2.0
#include "core/process/environment.h"

#include <QFile>
#include <QStringList>

namespace openfactory {

QStringList programFolders()
{
    return {QStringLiteral("/usr/local/bin"), QStringLiteral("/usr/bin"), QStringLiteral("/usr/local/sbin"),
            QStringLiteral("/usr/sbin")};
}

std::map<QByteArray, QByteArray> baseEnvironment(const QString &home)
{
    const QByteArray place = QFile::encodeName(home);
    return {{"PATH", programFolders().join(u':').toLatin1()},
            {"HOME", place},
            {"USER", "job"},
            {"LOGNAME", "job"},
            {"LANG", "C.UTF-8"},
            {"TMPDIR", "/tmp"},
            {"TERM", "dumb"},
            {"XDG_CACHE_HOME", place + "/.cache"}};
}

} // namespace openfactory
