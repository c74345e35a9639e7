// SPDX-License-Identifier: Apache-2.0
/// Everything can be read in light and in dark: 4.5 : 1 for text, 3 : 1 for signs (A3).
#include "ui/widgets/viewcolours.h"

#include "ui/widgets/ansi.h"

#include <QTest>

using namespace openfactory;
using enum ViewRole;

class ViewColoursTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void hasContrast_data();
    void hasContrast();
    void makesEveryTerminalColourReadable();
    void knowsLightFromDark();

private:
    static QPalette palette(bool dark) { return QPalette(dark ? QColor(40, 40, 40) : QColor(239, 239, 239)); }
};

void ViewColoursTest::hasContrast_data()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void ViewColoursTest::hasContrast()
{
    QFETCH(bool, dark);
    const ViewColours colours(palette(dark));
    QCOMPARE(colours.isDark(), dark);
    const struct {
        std::vector<ViewRole> texts;
        std::vector<ViewRole> grounds;
        qreal least;
    } rules[] = {
        {{Text},
         {Ground, GutterGround, CurrentGround, HeaderGround, MatchGround, FoundGround, AddedGround, AddedWordGround,
          RemovedGround, RemovedWordGround},
         4.5},
        {{Faint}, {Ground, GutterGround, CurrentGround, HeaderGround, AddedGround, RemovedGround}, 4.5},
        {{Error, Warning, Mark, Link}, {Ground, GutterGround, CurrentGround, HeaderGround}, 4.5},
        {{EscapeText}, {EscapeGround}, 4.5},
        {{AddedSign}, {AddedGround, GutterGround, HeaderGround}, 4.5},
        {{RemovedSign}, {RemovedGround, GutterGround, HeaderGround}, 4.5},
    };
    for (const auto &rule : rules) {
        for (const ViewRole text : rule.texts) {
            for (const ViewRole ground : rule.grounds) {
                const qreal found = contrast(colours[text], colours[ground]);
                QVERIFY2(found >= rule.least,
                         qPrintable(QStringLiteral("role %1 on %2: %3").arg(int(text)).arg(int(ground)).arg(found)));
            }
        }
    }
}

void ViewColoursTest::makesEveryTerminalColourReadable()
{
    for (const bool dark : {false, true}) {
        const ViewColours colours(palette(dark));
        for (quint32 fore = 1; fore <= 256; ++fore) {
            for (const ViewRole role : {Ground, CurrentGround})
                QVERIFY(contrast(colours.onGround(ansiColour(fore), colours[role]), colours[role]) >= 4.5);
            for (quint32 back = 1; back <= 256; back += 5)
                QVERIFY(contrast(colours.onGround(ansiColour(fore), ansiColour(back)), ansiColour(back)) >= 4.5);
        }
        QVERIFY(contrast(colours.onGround(ansiColour(ansiRgb | 0x777777), QColor(0x777777)), QColor(0x777777)) >= 4.5);
    }
    QCOMPARE(ansiColour(ansiRgb | 0x123456), QColor(0x12, 0x34, 0x56));
    QCOMPARE(ansiColour(1 + 196), QColor(255, 0, 0));
    QCOMPARE(ansiColour(1 + 255), QColor(238, 238, 238));
}

void ViewColoursTest::knowsLightFromDark()
{
    QCOMPARE(contrast(Qt::white, Qt::black), 21.0);
    QVERIFY(ViewColours(palette(true))[Ground] != ViewColours(palette(false))[Ground]);
}

QTEST_APPLESS_MAIN(ViewColoursTest)
#include "viewcolourstest.moc"
