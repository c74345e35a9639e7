// SPDX-License-Identifier: Apache-2.0
/// The environment that every command starts from (hardening.md, B10); which names may be added to it:
/// core/domain/environmentnames.h. Pure.
#pragma once

#include <QByteArray>
#include <QStringList>

#include <map>

namespace openfactory {

/// PATH inside the sandbox; programs are looked up in these folders only.
QStringList programFolders();

/// The list every command gets. `home` as seen by the command.
std::map<QByteArray, QByteArray> baseEnvironment(const QString &home);

} // namespace openfactory
