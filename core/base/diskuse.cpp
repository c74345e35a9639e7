// SPDX-License-Identifier: Apache-2.0
#include "core/base/diskuse.h"

#include <QFile>

#include <fts.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>

namespace openfactory {

DiskUse &DiskUse::operator+=(const DiskUse &other)
{
    bytes += other.bytes;
    files += other.files;
    return *this;
}

Result<void> forEachBelow(const QString &folder, const std::stop_token &stop,
                          const std::function<void(const QByteArray &path, const DiskUse &use)> &take)
{
    const QString doing = QStringLiteral("measure %1").arg(folder);
    QByteArray root = QFile::encodeName(folder);
    char *roots[]{root.data(), nullptr};
    const std::unique_ptr<FTS, decltype([](FTS *walk) { ::fts_close(walk); })> walk(
        ::fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, nullptr));
    if (!walk)
        return std::unexpected(errnoError(errno, doing));
    while (const FTSENT *entry = ::fts_read(walk.get())) {
        if (stop.stop_requested())
            return fail(ErrorKind::Cancelled, doing, QStringLiteral("it was stopped"));
        if (entry->fts_level == 0 && (entry->fts_info == FTS_DNR || entry->fts_info == FTS_NS))
            return std::unexpected(errnoError(entry->fts_errno, doing));
        if (entry->fts_info == FTS_DP || entry->fts_info == FTS_NS || entry->fts_level == 0)
            continue; // seen before, gone by now, or the folder itself
        take(QByteArray(entry->fts_path).mid(root.size() + 1),
             {.bytes = qint64(entry->fts_statp->st_blocks) * 512, .files = entry->fts_info == FTS_D ? 0 : 1});
    }
    return {};
}

} // namespace openfactory
