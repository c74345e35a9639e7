// SPDX-License-Identifier: Apache-2.0
/// How a person has parted a splitter holds the next time. GUI thread.
#pragma once

class QSplitter;

namespace openfactory::ui {

/// Sets the sizes that were kept under the splitter's object name, and keeps each change at once (QSettings): a window
/// that is killed forgets nothing. To be called when its widgets are in it.
void keepSplit(QSplitter &splitter);

} // namespace openfactory::ui
