// SPDX-License-Identifier: Apache-2.0
/// Files that have to go out of a workspace and are nobody's to delete: they are moved beside it.
#pragma once

#include "core/base/error.h"

namespace openfactory {

/// How what is put beside a workspace of that name is called, in the folder of all workspaces; it goes with it.
QString asidePrefix(const QString &workspaceName);
/// Where ignored files go that are in the way of what is put into the workspace of that path and name.
QString unseenAside(const QString &path, const QString &workspaceName);
/// Moves a file, link or folder that lies below `folder`, to which a hostile process may have written, into the folder
/// `to` of the same file system, made where it is missing. Its name there is its path with "/" as "%2F", a number
/// behind it where that is taken. NotFound where it is gone.
Result<void> moveAside(const QString &folder, const QByteArray &relative, const QString &to);
/// The paths of what lies there, as they were, sorted; none where there is no such folder. Of what was moved there from
/// that wall time on.
QByteArrayList movedAside(const QString &to, qint64 sinceMs = 0);

} // namespace openfactory
