// SPDX-License-Identifier: Apache-2.0
/// What the console's settings page is given of openfactory.yaml: the rules and the file of app/wiring, as values.
#pragma once

#include "app/wiring/settings.h"
#include "ui/models/enginesettings.h"

namespace openfactory {

/// `running`: what the engine of this process was started with.
ui::EngineSettingsFile engineSettingsFile(const QString &dataFolder, const FactorySettings &running);

} // namespace openfactory
