// SPDX-License-Identifier: Apache-2.0
#include "core/store/ownerlock.h"

#include "core/base/file.h"
#include "core/base/id.h"

#include <QDateTime>
#include <QDir>

#include <unistd.h>

#include <thread>

namespace openfactory {

namespace {

QString folderOf(const QString &dataFolder)
{
    return dataFolder + QStringLiteral("/owners");
}

QString fileOf(const QString &dataFolder, const QString &owner)
{
    return folderOf(dataFolder) + u'/' + owner + QStringLiteral(".lock");
}

/// Long: no lease of theirs can be in force any more, whatever the file would say.
void removeLongDead(const QString &folder)
{
    const QDateTime before = QDateTime::currentDateTimeUtc().addSecs(-3600);
    const auto files = QDir(folder).entryInfoList({QStringLiteral("*.lock")}, QDir::Files | QDir::NoSymLinks);
    for (const QFileInfo &entry : files) {
        if (entry.lastModified(QTimeZone::UTC) > before)
            continue;
        auto file = LockFile::open(entry.filePath(), LockFile::Missing::Refuse);
        if (file && file->tryLock(0, LockFile::Mode::Exclusive))
            QFile::remove(entry.filePath());
    }
}

} // namespace

Result<OwnerLock> OwnerLock::acquire(const QString &dataFolder, const QString &owner)
{
    const QString doing = QStringLiteral("take the owner lock of %1").arg(owner);
    if (!isUlid(owner))
        return fail(ErrorKind::Invalid, doing, QStringLiteral("the owner is not an id"));
    OF_CHECK(makeFolder(folderOf(dataFolder)));
    removeLongDead(folderOf(dataFolder));
    const QString path = fileOf(dataFolder, owner);
    OF_TRY(file, LockFile::open(path));
    if (!file.tryLock(0, LockFile::Mode::Exclusive))
        return fail(ErrorKind::Conflict, doing, QStringLiteral("another engine instance holds it"));
    return OwnerLock(std::move(file), owner);
}

Result<EffectLock> EffectLock::acquire(const QString &dataFolder, const QString &job, std::chrono::milliseconds most)
{
    const QString folder = dataFolder + QStringLiteral("/jobs/") + job;
    OF_CHECK(makeFolder(folder));
    OF_TRY(file, LockFile::open(folder + QStringLiteral("/effects.lock")));
    const auto end = std::chrono::steady_clock::now() + most;
    while (!file.tryLock(0, LockFile::Mode::Exclusive)) {
        if (std::chrono::steady_clock::now() >= end)
            return fail(ErrorKind::Timeout, QStringLiteral("change the workspace of job %1").arg(job),
                        QStringLiteral("another process that had the job stands still in the middle of changing it"),
                        QStringLiteral("end that openfactory or factory process, or let it go on"));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return EffectLock(std::move(file));
}

OwnerLock::Sight OwnerLock::sight(const QString &dataFolder, const QString &owner)
{
    if (!isUlid(owner))
        return Sight::Unknown;
    const auto file = LockFile::open(fileOf(dataFolder, owner), LockFile::Missing::Refuse);
    if (!file)
        return Sight::Unknown;
    return file->heldElsewhere(0) ? Sight::Alive : Sight::Dead;
}

} // namespace openfactory
