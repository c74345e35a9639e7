// SPDX-License-Identifier: Apache-2.0
/// Blobs that are known by name only: a comparison says of them what it says of any large file, and nothing holds their
/// bytes.
#pragma once

#include "core/git/handle.h"

#include <vector>

namespace openfactory::git {

/// Larger files have no lines in a comparison.
constexpr qint64 textMost = 5 << 20;

/// Tells `odb` of them for as long as it lives. A header can be read, with a size that no other file comes near, so
/// that nobody asks for the content to see whether it is similar; the content cannot.
Result<void> addLargeBlobs(git_odb *odb, const std::vector<git_oid> &blobs, const QString &doing);

} // namespace openfactory::git
