// SPDX-License-Identifier: Apache-2.0
#include "app/openfactory/datafiles.h"

#include "core/base/clock.h"
#include "core/engine/jobcaches.h"
#include "core/store/sqlitejobstore.h"

#include <QFile>
#include <QFileInfo>

#include <map>
#include <ranges>

namespace openfactory {

namespace {

using ui::DataKind;

/// `path` is relative to the data directory: docs/architecture.md, On disk.
DataKind kindOf(const QByteArray &path)
{
    if (path.startsWith("openfactory.db.backup"))
        return DataKind::Backups;
    if (path.startsWith("openfactory.db"))
        return DataKind::Store;
    if (path.startsWith("forge/"))
        return DataKind::Forge;
    if (path.startsWith("demo/") || path.startsWith("demo-whole/"))
        return DataKind::Demo;
    if (!path.startsWith("jobs/"))
        return DataKind::Others;
    const qsizetype job = path.indexOf('/', 5);
    const QByteArray rest = job < 0 ? QByteArray() : path.mid(job + 1);
    return rest.startsWith("logs/") ? DataKind::Logs : rest.startsWith("home/") ? DataKind::Homes : DataKind::Results;
}

Result<std::vector<ui::DataPart>> measure(const QString &folder, const std::stop_token &stop)
{
    std::map<DataKind, ui::DataPart> parts;
    OF_CHECK(forEachBelow(folder, stop, [&](const QByteArray &path, const DiskUse &use) {
        const DataKind kind = kindOf(path);
        ui::DataPart &part = parts[kind];
        part.kind = kind;
        part.use += use;
    }));
    const auto found = parts | std::views::values;
    return std::vector<ui::DataPart>(found.begin(), found.end());
}

ui::IdleCaches told(const JobCaches &caches)
{
    return {.jobs = caches.jobs, .bytes = caches.use.bytes, .left = caches.left};
}

} // namespace

ui::DataFiles dataFiles(const QString &dataFolder)
{
    return {.measure = [dataFolder](const std::stop_token &stop) { return measure(dataFolder, stop); },
            .backUp = [dataFolder](const QString &file) -> Result<void> {
                const QFileInfo wanted(file);
                const bool here = QFileInfo(wanted.absolutePath()).canonicalFilePath()
                                  == QFileInfo(dataFolder).canonicalFilePath();
                if (here && wanted.fileName().startsWith(QStringLiteral("openfactory.db"))
                    && !wanted.fileName().startsWith(QStringLiteral("openfactory.db.backup-")))
                    return fail(ErrorKind::Invalid, QStringLiteral("write %1").arg(file),
                                QStringLiteral("that is a file of the store itself"),
                                QStringLiteral("choose another name or folder"));
                return backupStore(dataFolder, file);
            },
            .idleCaches = [dataFolder](const std::stop_token &stop) -> Result<ui::IdleCaches> {
                const SystemClock clock;
                OF_TRY(store, openStore(dataFolder, clock, OpenMode::ReadOnly));
                return idleCaches(*store, dataFolder, stop).transform(told);
            },
            .removeCaches = [dataFolder](const std::stop_token &stop) -> Result<ui::IdleCaches> {
                const SystemClock clock;
                OF_TRY(store, openStore(dataFolder, clock, OpenMode::ReadOnly));
                return removeIdleCaches(*store, dataFolder, stop).transform(told);
            }};
}

} // namespace openfactory
