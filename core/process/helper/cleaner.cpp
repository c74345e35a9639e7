// SPDX-License-Identifier: Apache-2.0
#include "core/process/helper/cleaner.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace openfactory::helper {

namespace {

enum class Left { Nothing, Mount, Something };

Left combine(Left a, Left b)
{
    return a == Left::Something || b == Left::Something ? Left::Something
           : a == Left::Mount || b == Left::Mount       ? Left::Mount
                                                        : Left::Nothing;
}

/// Takes `folder` over. The depth is bounded by open descriptors; deeper trees are reported as left over.
Left emptyOpen(int folder, dev_t device, int depth)
{
    DIR *listing = fdopendir(folder);
    if (!listing) {
        close(folder);
        return Left::Something;
    }
    Left left = Left::Nothing;
    while (const dirent *entry = readdir(listing)) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN) {
            if (unlinkat(dirfd(listing), name, 0) != 0)
                left = combine(left, errno == EBUSY ? Left::Mount : Left::Something);
            continue;
        }
        int inner = depth > 200 ? -1 : openat(dirfd(listing), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner < 0 && errno == EACCES && fchmodat(dirfd(listing), name, 0700, 0) == 0)
            inner = openat(dirfd(listing), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        struct stat facts{};
        if (inner < 0) {
            left = combine(left, unlinkat(dirfd(listing), name, 0) == 0 ? Left::Nothing : Left::Something);
        } else if (fstat(inner, &facts) != 0 || facts.st_dev != device) {
            close(inner);
            left = combine(left, Left::Mount);
        } else {
            fchmod(inner, 0700);
            const Left below = emptyOpen(inner, device, depth + 1);
            if (below == Left::Nothing && unlinkat(dirfd(listing), name, AT_REMOVEDIR) != 0)
                left = combine(left, Left::Something);
            left = combine(left, below);
        }
    }
    closedir(listing);
    return left;
}

} // namespace

bool emptyFolder(const char *path)
{
    const int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat facts{};
    if (folder < 0)
        return errno == ENOENT;
    if (fstat(folder, &facts) != 0) {
        close(folder);
        return false;
    }
    return emptyOpen(folder, facts.st_dev, 0) != Left::Something;
}

} // namespace openfactory::helper
