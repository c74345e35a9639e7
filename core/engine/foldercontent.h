// SPDX-License-Identifier: Apache-2.0
/// A digest of what lies in a folder that hostile processes write to: names, kinds, execute bits and bytes. No link is
/// followed, nothing but regular files is opened.
#pragma once

#include "core/base/error.h"
#include "core/domain/git.h"

#include <functional>
#include <optional>

namespace openfactory {

struct ContentLimits {
    int files = 50'000;
    qint64 bytes = 256LL * 1024 * 1024;
    int depth = 64;
};

/// Whether an entry, by its path from the folder, is not looked at, and nothing below it.
using LeftOut = std::function<bool(const RepoPath &path, bool isFolder)>;

/// Nothing where there is more than the limits allow, or where something cannot be read.
std::optional<QByteArray> contentDigest(const QString &folder, const LeftOut &leftOut,
                                        const ContentLimits &limits = {});

} // namespace openfactory
