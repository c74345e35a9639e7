// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobcaches.h"

#include "core/base/removetree.h"
#include "core/engine/jobfolder.h"

#include <QDir>

namespace openfactory {

namespace {

Result<DiskUse> useOf(const QString &folder, const std::stop_token &stop)
{
    DiskUse use;
    OF_CHECK(forEachBelow(folder, stop, [&](const QByteArray &, const DiskUse &one) { use += one; }));
    return use;
}

/// The homes of final jobs. Walks over the folders, not over the record: most jobs of a long record have none.
Result<QStringList> idleHomes(JobStore &store, const QString &dataFolder)
{
    QStringList homes;
    const QDir jobs(dataFolder + QStringLiteral("/jobs"));
    for (const QString &name : jobs.entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks, QDir::Name)) {
        const auto id = JobId::parse(name);
        if (!id)
            continue;
        const QFileInfo home(JobFolder(dataFolder, *id).home());
        if (!home.isDir() || home.isSymLink())
            continue;
        const auto job = store.job(*id);
        if (!job && job.error().kind != ErrorKind::NotFound)
            return std::unexpected(job.error());
        if (job && isFinal(job->progress.state))
            homes << home.filePath();
    }
    return homes;
}

} // namespace

Result<JobCaches> idleCaches(JobStore &store, const QString &dataFolder, const std::stop_token &stop)
{
    OF_TRY(homes, idleHomes(store, dataFolder));
    JobCaches caches;
    for (const QString &home : homes) {
        OF_TRY(use, useOf(home, stop));
        ++caches.jobs;
        caches.use += use;
    }
    return caches;
}

Result<JobCaches> removeIdleCaches(JobStore &store, const QString &dataFolder, const std::stop_token &stop,
                                   const std::function<void()> &progress)
{
    OF_TRY(homes, idleHomes(store, dataFolder));
    JobCaches removed;
    for (const QString &home : homes) {
        OF_TRY(use, useOf(home, stop));
        removeTree(home);
        if (QFileInfo::exists(home)) {
            removed.left << home;
            OF_TRY(stayed, useOf(home, stop));
            use.bytes -= stayed.bytes;
            use.files -= stayed.files;
        } else {
            ++removed.jobs;
        }
        removed.use += use;
        if (progress)
            progress();
    }
    return removed;
}

} // namespace openfactory
