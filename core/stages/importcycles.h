// SPDX-License-Identifier: Apache-2.0
/// Import cycles that a change closes. A cycle that was there before does not count, whatever else changed in it.
#pragma once

#include "core/domain/toolchains.h"

namespace openfactory {

/// Where both sides of a change lie; see SourceTree.
struct ImportSides {
    const SourceFiles &now;
    const SourceFiles &before;
    std::function<RepoPath(const RepoPath &)> oldPath; ///< of a file that the change renamed
};

struct ImportCycles {
    std::vector<Finding> findings; ///< one for each group of cycles that hang together, at an import that closes one;
                                   ///< a warning where the language takes them as usual
    bool complete = true;          ///< false: the repository has more sources than are looked at
};

ImportCycles newImportCycles(const Toolchains &toolchains, const ChangeSet &change, const ImportSides &sides);

} // namespace openfactory
