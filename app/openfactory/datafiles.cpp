// SPDX-License-Identifier: Apache-2.0
#include "app/openfactory/datafiles.h"

#include "core/store/sqlitejobstore.h"

#include <QFile>
#include <QFileInfo>

#include <fts.h>
#include <sys/stat.h>

#include <cerrno>
#include <map>
#include <memory>

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
    const QString doing = QStringLiteral("measure %1").arg(folder);
    QByteArray root = QFile::encodeName(folder);
    char *roots[]{root.data(), nullptr};
    const std::unique_ptr<FTS, decltype([](FTS *walk) { ::fts_close(walk); })> walk(
        ::fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, nullptr));
    if (!walk)
        return std::unexpected(errnoError(errno, doing));
    std::map<DataKind, ui::DataPart> parts;
    while (const FTSENT *entry = ::fts_read(walk.get())) {
        if (stop.stop_requested())
            return fail(ErrorKind::Cancelled, doing, QStringLiteral("it was stopped"));
        if (entry->fts_level == 0 && entry->fts_info == FTS_DNR)
            return std::unexpected(errnoError(entry->fts_errno, doing));
        if (entry->fts_info == FTS_DP || entry->fts_info == FTS_NS || entry->fts_level == 0)
            continue; // seen before, gone by now, or the directory itself
        const DataKind kind = kindOf(QByteArray(entry->fts_path).mid(root.size() + 1));
        ui::DataPart &part = parts[kind];
        part.kind = kind;
        part.bytes += qint64(entry->fts_statp->st_blocks) * 512;
        part.files += entry->fts_info == FTS_D ? 0 : 1;
    }
    std::vector<ui::DataPart> found;
    for (const auto &[kind, part] : parts)
        found.push_back(part);
    return found;
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
            }};
}

} // namespace openfactory
