// SPDX-License-Identifier: Apache-2.0
#include "ui/models/rowsmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

using namespace openfactory::ui;

class RowsModelTest : public QObject {
    Q_OBJECT
private:
    static std::vector<TableRow> rows(const QString &keys, const QString &text = QStringLiteral("x"))
    {
        std::vector<TableRow> made;
        for (const QChar key : keys)
            made.push_back({QString(key), {QString(key), text}, {}, {}, {}});
        return made;
    }
    static QString shown(const RowsModel &model)
    {
        QString keys;
        for (int row = 0; row < model.rowCount(); ++row)
            keys += model.index(row, 0).data().toString();
        return keys;
    }

private Q_SLOTS:
    void keepsTheChosenRowWhateverComesAndGoes()
    {
        RowsModel model({QStringLiteral("Key"), QStringLiteral("Text")});
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(!model.isFilled());
        model.setRows(rows(QStringLiteral("abcde")));
        QVERIFY(model.isFilled());
        const QPersistentModelIndex chosen = model.index(2, 0);
        for (const char *next : {"xabcde", "edcba", "c", "zc2y", "abc"}) {
            QString keys = QLatin1String(next);
            model.setRows(rows(keys));
            QCOMPARE(shown(model), keys);
            QVERIFY(chosen.isValid());
            QCOMPARE(chosen.data().toString(), QStringLiteral("c"));
        }
        model.setRows(rows(QStringLiteral("aabb")));
        QCOMPARE(shown(model), QStringLiteral("ab"));
        QVERIFY(!chosen.isValid());
    }
    void tellsOnlyWhatDiffers()
    {
        RowsModel model({QStringLiteral("Key"), QStringLiteral("Text")});
        model.setRows(rows(QStringLiteral("abc")));
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.setRows(rows(QStringLiteral("abc")));
        QCOMPARE(changed.size(), 0);
        auto other = rows(QStringLiteral("abc"));
        other[1].cells[1] = QStringLiteral("new");
        model.setRows(other);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.first().first().toModelIndex().row(), 1);
    }
    void tellsARunOfRowsAtOnce()
    {
        RowsModel model({QStringLiteral("Key"), QStringLiteral("Text")});
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        model.setRows(rows(QStringLiteral("am")));
        QCOMPARE(inserted.size(), 1);
        model.setRows(rows(QStringLiteral("abcdmxyz"))); // two runs, each by itself
        QCOMPARE(inserted.size(), 3);
        model.setRows(rows(QStringLiteral("adx")));
        QCOMPARE(removed.size(), 3);
        QCOMPARE(shown(model), QStringLiteral("adx"));
        model.setRows({});
        QCOMPARE(removed.size(), 4);
        QCOMPARE(model.rowCount(), 0);
    }
    void showsNoControlCharacters()
    {
        RowsModel model({QStringLiteral("Key")});
        model.setRows(
            {{QStringLiteral("k"), {QStringLiteral("a\x1b[31m\u202e<b>")}, {}, QStringLiteral("<img src=x>"), {}}});
        QCOMPARE(model.index(0, 0).data().toString(), QStringLiteral("a\\x1b[31m\\u202e<b>"));
        QCOMPARE(model.index(0, 0).data(Qt::ToolTipRole).toString(), QStringLiteral("&lt;img src=x&gt;"));
    }
};

QTEST_GUILESS_MAIN(RowsModelTest)
#include "rowsmodeltest.moc"
