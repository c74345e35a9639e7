// SPDX-License-Identifier: Apache-2.0
/// What every program of the project does with its process, in the same way: where the data lies, who acts, and that no
/// secret leaves its memory.
#pragma once

#include <QString>

namespace openfactory {

/// The data directory: as named, else $OPENFACTORY_DATA, else the user's. Absolute, unless that variable is not; empty
/// where nothing says where the user's is.
QString dataFolderOf(const QString &named);
/// The name of the user who acts, as the audit log has it.
QString operatorName();
/// No secret of this process may end in a core file or be read by a process of the same user.
void shutMemory();
/// Large blocks go back to the system when they are freed: for a program that stays open for days.
void giveMemoryBack();

} // namespace openfactory
