// SPDX-License-Identifier: Apache-2.0
/// What a person chooses with and writes into can be seen in both schemes: the outline of an empty box, circle or field
/// stands out from the window by 3:1 (WCAG 2.2, 1.4.11).
#include "app/openfactory/appearance.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

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

/// The same of the left edge alone: what is in a field does not show where it ends.
template<class Field>
double edgeSeen()
{
    Field field;
    field.resize(200, std::max(24, field.sizeHint().height()));
    const QImage image = field.grab().toImage();
    const QColor ground = field.palette().color(QPalette::Window);
    double most = 0;
    for (int x = 0; x < 3; ++x)
        most = std::max(most, contrast(image.pixelColor(x, image.height() / 2), ground));
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

    void emptyFieldsCanBeSeen_data() { emptyBoxesCanBeSeen_data(); }
    void emptyFieldsCanBeSeen()
    {
        QFETCH(QString, scheme);
        applyScheme(scheme);
        QVERIFY2(edgeSeen<QLineEdit>() >= 3, QByteArray::number(edgeSeen<QLineEdit>()));
        QVERIFY2(edgeSeen<QPlainTextEdit>() >= 3, QByteArray::number(edgeSeen<QPlainTextEdit>()));
        QVERIFY2(edgeSeen<QSpinBox>() >= 3, QByteArray::number(edgeSeen<QSpinBox>()));
        QVERIFY2(edgeSeen<QComboBox>() >= 3, QByteArray::number(edgeSeen<QComboBox>()));
    }

    void theArrowOfAMenuHasItsPlace()
    {
        applyScheme(QStringLiteral("light"));
        QMenu menu;
        QToolButton plain;
        QToolButton opens;
        opens.setMenu(&menu);
        opens.setPopupMode(QToolButton::InstantPopup);
        for (QToolButton *button : {&plain, &opens})
            button->setText(QStringLiteral("Saved filters"));
        QVERIFY(opens.sizeHint().width() >= plain.sizeHint().width() + 12);
    }
};

} // namespace openfactory

QTEST_MAIN(openfactory::AppearanceTest)
#include "appearancetest.moc"
