// SPDX-License-Identifier: Apache-2.0
/// A diff of a real repository, as the owner of a DiffView gives it.
#pragma once

#include "core/git/gitworkspaces.h"
#include "tests/testlib/scratchrepository.h"
#include "ui/widgets/diffsource.h"

#include <memory>

namespace openfactory {

/// From commit to commit of a repository; the list first, more of each file when it is asked for.
inline DiffSource sourceOf(const QString &repository, const CommitId &from, const CommitId &to)
{
    const auto git = std::make_shared<GitWorkspaces>(
        GitIdentity{QStringLiteral("Factory"), QStringLiteral("factory@example.org"), {}});
    DiffSource source;
    const auto files = git->changedFiles(repository, from, to);
    for (const ListedChange &listed : files.value())
        source.files.push_back({listed.change, listed.contentKey, false});
    source.patch = [git, repository, from, to](const DiffFile &file) {
        return git->fileChange(repository, from, to, file.change);
    };
    source.content = [git, repository, from, to](const DiffFile &file, DiffSide side) {
        const bool old = side == DiffSide::Old;
        return git->blob(repository, old ? from : to,
                         old && !file.change.oldPath.isEmpty() ? file.change.oldPath : file.change.path);
    };
    return source;
}

} // namespace openfactory
