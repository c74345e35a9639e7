// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/keptsplit.h"

#include <QSettings>
#include <QSplitter>

#include <algorithm>

namespace openfactory::ui {

void keepSplit(QSplitter &splitter)
{
    const QString key = u"splits/" + splitter.objectName();
    QList<int> sizes;
    for (const QString &size : QSettings().value(key).toStringList())
        sizes << size.toInt();
    const bool fits = sizes.size() == splitter.count() && std::ranges::all_of(sizes, [](int size) { return size > 0; });
    if (fits)
        splitter.setSizes(sizes);
    QObject::connect(&splitter, &QSplitter::splitterMoved, &splitter, [&splitter, key] {
        QStringList now;
        for (const int size : splitter.sizes())
            now << QString::number(size);
        QSettings().setValue(key, now);
    });
}

} // namespace openfactory::ui
