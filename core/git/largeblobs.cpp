// SPDX-License-Identifier: Apache-2.0
#include "core/git/largeblobs.h"

#include <git2/sys/odb_backend.h>

#include <algorithm>
#include <memory>

namespace openfactory::git {

namespace {

constexpr int lastAsked = 1; ///< after all that holds content
/// Renames are looked for among files of which none is more than 8 times as large as the other (git_diff_find_similar).
constexpr size_t farFromAll = size_t(1) << 59;

struct Backend : git_odb_backend {
    std::vector<git_oid> blobs;

    static bool holds(git_odb_backend *backend, const git_oid *id)
    {
        return std::ranges::any_of(static_cast<Backend *>(backend)->blobs,
                                   [&](const git_oid &blob) { return git_oid_equal(&blob, id) != 0; });
    }
};

} // namespace

Result<void> addLargeBlobs(git_odb *odb, const std::vector<git_oid> &blobs, const QString &doing)
{
    if (blobs.empty())
        return {};
    auto backend = std::make_unique<Backend>();
    OF_GIT(git_odb_init_backend(backend.get(), GIT_ODB_BACKEND_VERSION), doing);
    backend->blobs = blobs;
    backend->read_header = [](size_t *size, git_object_t *type, git_odb_backend *self, const git_oid *id) -> int {
        if (!Backend::holds(self, id))
            return GIT_ENOTFOUND;
        *size = farFromAll;
        *type = GIT_OBJECT_BLOB;
        return 0;
    };
    backend->exists = [](git_odb_backend *self, const git_oid *id) -> int { return Backend::holds(self, id) ? 1 : 0; };
    backend->free = [](git_odb_backend *self) { delete static_cast<Backend *>(self); };
    OF_GIT(git_odb_add_backend(odb, backend.get(), lastAsked), doing);
    backend.release(); // the odb's from here on
    return {};
}

} // namespace openfactory::git
