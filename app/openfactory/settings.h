// SPDX-License-Identifier: Apache-2.0
/// What the console's settings page is given of openfactory.yaml: the rules and the file of app/wiring, as values.
#pragma once

#include "app/wiring/settings.h"
#include "core/base/clock.h"
#include "core/domain/commands.h"
#include "ui/models/enginesettings.h"
#include "ui/models/modelsfile.h"

namespace openfactory {

/// `running`: what the engine of this process was started with.
ui::EngineSettingsFile engineSettingsFile(const QString &dataFolder, const FactorySettings &running);

/// `masker` knows the keys, `clock` times the calls; both outlive it.
ui::ModelsFile modelsFile(const QString &dataFolder, const Masker &masker, const Clock &clock);

} // namespace openfactory
