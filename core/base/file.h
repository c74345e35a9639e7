// SPDX-License-Identifier: Apache-2.0
/// Files that are whole or absent: temporary file, fsync, rename, fsync of the folder (hardening.md, A3).
#pragma once

#include "core/base/error.h"

namespace openfactory {

/// Replaces `path` with `bytes` atomically and durably. Creates missing folders (mode 0700).
Result<void> writeFileAtomically(const QString &path, const QByteArray &bytes);
/// The whole file, refused as Invalid when it is larger than `mostBytes` or not a regular file (symlinks refused).
Result<QByteArray> readSmallFile(const QString &path, qint64 mostBytes = 8 * 1024 * 1024);
/// The same for a file below a folder that a hostile process may write to: neither `..` nor any symlink on the way is
/// followed (openat2, RESOLVE_BENEATH), and what is opened is what is read.
Result<QByteArray> readBeneath(const QString &folder, const QByteArray &relative, qint64 mostBytes);
/// Writes a file below such a folder, with its missing folders; what lies at its place is replaced, never followed.
Result<void> writeBeneath(const QString &folder, const QByteArray &relative, const QByteArray &bytes,
                          unsigned mode = 0644);
/// Where a path leads once every link in it is followed; empty where there is nothing. Two system calls, however deep.
QString realPath(const QString &path);
/// Makes a folder and its missing parents, owner-only.
Result<void> makeFolder(const QString &path);

} // namespace openfactory
