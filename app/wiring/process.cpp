// SPDX-License-Identifier: Apache-2.0
#include "app/wiring/process.h"

#include <QDir>
#include <QStandardPaths>

#include <malloc.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace openfactory {

QString dataFolderOf(const QString &named)
{
    QString folder = named.isEmpty() ? qEnvironmentVariable("OPENFACTORY_DATA") : named;
    // A relative path of the environment would mean another store in each folder: DataFolder refuses it.
    if (named.isEmpty() && !folder.isEmpty())
        return QDir::cleanPath(folder);
    // Without either, Qt takes "/" for the home.
    if (folder.isEmpty() && !QDir::isAbsolutePath(qEnvironmentVariable("XDG_DATA_HOME"))
        && !QDir::isAbsolutePath(qEnvironmentVariable("HOME")))
        return {};
    if (folder.isEmpty())
        folder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/openfactory");
    return QDir::cleanPath(QDir(folder).absolutePath());
}

QString operatorName()
{
    if (const passwd *entry = ::getpwuid(::getuid()))
        return QString::fromLocal8Bit(entry->pw_name);
    return QStringLiteral("uid-%1").arg(::getuid());
}

void shutMemory()
{
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
}

void giveMemoryBack()
{
    ::mallopt(M_MMAP_THRESHOLD, 256 * 1024); // a value that is set stays; else it grows to 32 MB with what was freed
}

} // namespace openfactory
