// SPDX-License-Identifier: Apache-2.0
/// Columns of a line as a terminal counts them.
#include "ui/widgets/celltext.h"

#include "ui/widgets/lineset.h"
#include "ui/widgets/logshape.h"
#include "ui/widgets/rowmap.h"

#include <QRandomGenerator>
#include <QTest>

#include <set>

using namespace openfactory;

class CellTextTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void countsCells_data();
    void countsCells();
    void findsCharactersAndColumnsBothWays();
    void keepsLinesAsASetDoes();
    void mapsRowsAroundHiddenOnes();
    void cutsLongLinesIntoRows();
};

void CellTextTest::countsCells_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("columns");
    QTest::newRow("plain") << QStringLiteral("abc") << 3;
    QTest::newRow("tab") << QStringLiteral("ab\tc\t") << 16;
    QTest::newRow("wide") << QStringLiteral("日本x") << 5;
    QTest::newRow("combining") << QString::fromUtf8("e\xcc\x81x") << 2;
    QTest::newRow("emoji") << QString::fromUtf8("\xf0\x9f\x99\x82x") << 3;
    QTest::newRow("hebrew") << QString::fromUtf8("\xd7\xa9\xd7\x9c") << 2;
}

void CellTextTest::countsCells()
{
    QFETCH(QString, text);
    QTEST(CellText(text).columns(), "columns");
}

void CellTextTest::findsCharactersAndColumnsBothWays()
{
    const CellText text(QString::fromUtf8("a\t日e\xcc\x81z"));
    QCOMPARE(text.columnOf(0), 0);
    QCOMPARE(text.columnOf(1), 1);
    QCOMPARE(text.columnOf(2), 8);
    QCOMPARE(text.columnOf(3), 10);
    QCOMPARE(text.columnOf(5), 11);
    QCOMPARE(text.indexAt(4), 1); // inside the tab
    QCOMPARE(text.indexAt(9), 2); // the right half of the wide one
    QCOMPARE(text.indexAt(10), 3);
    QCOMPARE(text.indexAt(11), 5);
    QCOMPARE(text.indexAt(99), text.size());
    QCOMPARE(text.indexAt(-1), 0);
}

void CellTextTest::keepsLinesAsASetDoes()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    LineSet lines;
    std::set<qint64> model;
    qint64 at = 0;
    for (int i = 0; i < 30'000; ++i) {
        // Dense stretches, sparse ones and gaps of whole parts.
        at += i < 12'000 ? random.bounded(3) : i < 24'000 ? random.bounded(200) : random.bounded(100'000);
        lines.add(at);
        model.insert(at);
    }
    QCOMPARE(lines.count(), qint64(model.size()));
    const std::vector<qint64> sorted(model.begin(), model.end());
    for (int i = 0; i < 3000; ++i) {
        const qint64 n = random.bounded(int(sorted.size()));
        QCOMPARE(lines.at(n), sorted[size_t(n)]);
        const qint64 line = sorted[size_t(n)] + random.bounded(-3, 4);
        const auto lower = std::lower_bound(sorted.begin(), sorted.end(), line);
        QCOMPARE(lines.rank(line), qint64(lower - sorted.begin()));
        QCOMPARE(lines.contains(line), model.contains(line));
        QCOMPARE(lines.next(line), lower == sorted.end() ? -1 : *lower);
        QCOMPARE(lines.previous(line), lower == sorted.begin() ? -1 : *std::prev(lower));
    }
    QCOMPARE(lines.at(lines.count()), -1);
}

void CellTextTest::mapsRowsAroundHiddenOnes()
{
    const RowMap map({{2, 4}, {5, 5}, {9, 8}, {10, 19}, {15, 21}});
    QCOMPARE(map.hiddenRows(), 4 + 12);
    std::vector<qint64> seen;
    for (qint64 row = 0; row < 40; ++row) {
        QCOMPARE(map.seenBefore(row), qint64(seen.size()));
        if (!map.isHidden(row)) {
            QCOMPARE(map.rowAt(qint64(seen.size())), row);
            seen.push_back(row);
        }
    }
    QCOMPARE(RowMap().rowAt(7), 7);
}

void CellTextTest::cutsLongLinesIntoRows()
{
    LogShape shape{0, 300, true, {}};
    QCOMPARE(shape.rows(), 300);
    std::vector<LongLine> longLines;
    longLines.push_back({5, 0, 3 * pieceBytes, 0});        // 3 rows
    longLines.push_back({6, 0, pieceBytes + 1, 2});        // 2 rows
    longLines.push_back({200, 0, 10 * pieceBytes - 1, 3}); // 10 rows
    shape.longLines = std::make_shared<std::vector<LongLine>>(longLines);
    QCOMPARE(shape.rows(), 300 + 2 + 1 + 9);
    qint64 row = 0;
    for (qint64 line = 0; line < 300; ++line) {
        const int pieces = line == 5 ? 3 : line == 6 ? 2 : line == 200 ? 10 : 1;
        QCOMPARE(shape.rowOf(line), row);
        for (int piece = 0; piece < pieces; ++piece, ++row)
            QVERIFY((shape.placeOf(row) == RowPlace{line, piece}));
    }
    QCOMPARE(shape.groupOf(4).count, 1);
    QCOMPARE(shape.groupOf(100).first, 67);
    QCOMPARE(shape.groupOf(100).count, 64);
    QCOMPARE(shape.groupOf(shape.rows() - 1).count, 300 - 256);
}

QTEST_APPLESS_MAIN(CellTextTest)
#include "celltexttest.moc"
