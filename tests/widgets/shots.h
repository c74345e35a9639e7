// SPDX-License-Identifier: Apache-2.0
/// Sample widgets for pictures: each is made with content, sized, and ready once its isReady() says so. The caller owns
/// them. Used by widget_shots and by whoever renders the console's windows.
#pragma once

#include <QString>
#include <QWidget>

#include <functional>
#include <memory>
#include <vector>

namespace openfactory {

struct Shot {
    QString name;
    std::function<std::unique_ptr<QWidget>(const QString &folder)> make; ///< may write files into the folder
    std::function<bool(QWidget *)> isReady;
};

/// Log and diff in their states.
std::vector<Shot> widgetShots();

/// Light or dark, as the desktop would have it.
QPalette shotPalette(bool dark);

} // namespace openfactory
