// SPDX-License-Identifier: Apache-2.0
#include "core/domain/git.h"

#include <numeric>

namespace openfactory {

int ChangeSet::added() const
{
    return std::accumulate(files.begin(), files.end(), 0,
                           [](int sum, const FileChange &file) { return sum + file.added; });
}

int ChangeSet::removed() const
{
    return std::accumulate(files.begin(), files.end(), 0,
                           [](int sum, const FileChange &file) { return sum + file.removed; });
}

} // namespace openfactory
