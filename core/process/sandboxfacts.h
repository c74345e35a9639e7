// SPDX-License-Identifier: Apache-2.0
/// What a command really finds inside the sandbox, as of-sandbox-probe saw it, against what it must find. Pure.
#pragma once

#include "core/base/error.h"

#include <QJsonObject>
#include <QStringList>

namespace openfactory {

struct SandboxFacts {
    QJsonObject found;  ///< the probe's words
    QStringList layers; ///< in force for every command
};

/// The same on every host: user, capabilities, flags, descriptors, environment, network, refused calls, writable
/// folders.
QJsonObject expectedFacts();
/// One sentence for each fact that differs; empty: as expected.
QStringList differences(const QJsonObject &expected, const QJsonObject &found);

} // namespace openfactory
