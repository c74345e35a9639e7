// SPDX-License-Identifier: Apache-2.0
/// openfactory.yaml in the data directory: what the engine obeys (README.md lists the keys). Strictly read.
#pragma once

#include "core/engine/ports.h"

namespace openfactory {

struct FactorySettings {
    EngineSettings engine;
    /// Of the engine's commits. $OPENFACTORY_AUTHOR_NAME, _EMAIL and $OPENFACTORY_CO_AUTHOR win over the file.
    QString authorName = QStringLiteral("OpenFactory");
    QString authorEmail = QStringLiteral("openfactory@localhost");
    QString coAuthor;        ///< "Name <mail>"; empty: none
    bool sandboxOff = false; ///< only by name: `sandbox: off`
};

/// The settings of a data directory; the defaults where there is no file. Errors name line and column.
Result<FactorySettings> readSettings(const QString &dataFolder);

} // namespace openfactory
