// SPDX-License-Identifier: Apache-2.0
/// widget_shots FOLDER [NAME...]: renders the sample widgets into PNG files, in light and dark, at the scale that
/// QT_SCALE_FACTOR says.
#include "tests/widgets/shots.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTextStream>

using namespace openfactory;

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    QApplication::setStyle(QStringLiteral("fusion"));
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() < 2)
        return 2;
    const QDir folder(arguments[1]);
    const QTemporaryDir files;
    int missing = 0;
    for (const bool dark : {false, true}) {
        QApplication::setPalette(shotPalette(dark));
        for (const Shot &shot : widgetShots()) {
            if (arguments.size() > 2 && !arguments.contains(shot.name))
                continue;
            const std::unique_ptr<QWidget> widget = shot.make(files.path());
            widget->show();
            QElapsedTimer timer;
            timer.start();
            while (!shot.isReady(widget.get()) && timer.elapsed() < 10'000)
                QApplication::processEvents(QEventLoop::WaitForMoreEvents, 20);
            missing += shot.isReady(widget.get()) ? 0 : 1;
            QApplication::processEvents();
            const QString scale = QString::number(qRound(widget->devicePixelRatio()));
            const QString name = shot.name + (dark ? QStringLiteral("-dark") : QStringLiteral("-light"))
                                 + QLatin1Char('-') + scale + QStringLiteral("x.png");
            widget->grab().save(folder.filePath(name));
        }
    }
    return missing == 0 ? 0 : 1;
}
