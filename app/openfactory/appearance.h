// SPDX-License-Identifier: Apache-2.0
/// Colours, icons and style of the console: as the desktop has them, or light or dark by choice. GUI thread.
#pragma once

#include <QString>

namespace openfactory {

/// Before the QApplication is made.
void prepareAppearance();
/// The language of the desktop, or of $OPENFACTORY_LANGUAGE ("de", "pseudo"); English with its plurals behind it.
void loadLanguage();
/// "light", "dark", or empty: as the desktop.
void applyScheme(const QString &name);

} // namespace openfactory
