// SPDX-License-Identifier: Apache-2.0
/// What the console's settings page is given of the data directory.
#pragma once

#include "ui/models/datafiles.h"

namespace openfactory {

ui::DataFiles dataFiles(const QString &dataFolder);

} // namespace openfactory
