// SPDX-License-Identifier: Apache-2.0
#include "core/base/removetree.h"

#include <QFile>

#include <fcntl.h>
#include <fts.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>

namespace openfactory {

namespace {

void openFolders(QByteArray path)
{
    char *roots[]{path.data(), nullptr};
    const std::unique_ptr<FTS, decltype([](FTS *walk) { ::fts_close(walk); })> walk(
        ::fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, nullptr));
    while (const FTSENT *entry = walk ? ::fts_read(walk.get()) : nullptr) {
        if (entry->fts_info == FTS_D) // seen before it is read
            ::fchmodat(AT_FDCWD, entry->fts_accpath, S_IRWXU, AT_SYMLINK_NOFOLLOW);
    }
}

} // namespace

void removeTree(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    std::error_code error;
    std::filesystem::remove_all(std::filesystem::path(name.toStdString()), error);
    if (error == std::errc::permission_denied) {
        openFolders(name);
        std::filesystem::remove_all(std::filesystem::path(name.toStdString()), error);
    }
}

} // namespace openfactory
