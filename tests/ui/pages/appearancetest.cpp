// SPDX-License-Identifier: Apache-2.0
/// What a person chooses with can be seen in both schemes: the outline of an empty box or circle stands out from the
/// window by 3:1 (WCAG 2.2, 1.4.11).
#include "app/openfactory/appearance.h"

#include <QCheckBox>
#include <QRadioButton>
#include <QTest>

#include <cmath>

namespace openfactory {

namespace {

double luminance(const QColor &colour)
{
    const auto linear = [](double part) {
        return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

double contrast(const QColor &a, const QColor &b)
{
    const double one = luminance(a);
    const double other = luminance(b);
    return (std::max(one, other) + 0.05) / (std::min(one, other) + 0.05);
}

/// The most that any pixel of a widget without a text stands out from the window.
template<class Button>
double seen()
{
    Button button;
    button.resize(button.sizeHint());
    const QImage image = button.grab().toImage();
    const QColor ground = button.palette().color(QPalette::Window);
    double most = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            most = std::max(most, contrast(image.pixelColor(x, y), ground));
    return most;
}

} // namespace

class AppearanceTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void emptyBoxesCanBeSeen_data()
    {
        QTest::addColumn<QString>("scheme");
        QTest::newRow("light") << QStringLiteral("light");
        QTest::newRow("dark") << QStringLiteral("dark");
    }
    void emptyBoxesCanBeSeen()
    {
        QFETCH(QString, scheme);
        applyScheme(scheme);
        QVERIFY2(seen<QRadioButton>() >= 3, QByteArray::number(seen<QRadioButton>()));
        QVERIFY2(seen<QCheckBox>() >= 3, QByteArray::number(seen<QCheckBox>()));
    }
};

} // namespace openfactory

QTEST_MAIN(openfactory::AppearanceTest)
#include "appearancetest.moc"
