// SPDX-License-Identifier: Apache-2.0
#include "core/domain/searchterms.h"
#include "tests/testlib/expect.h"

using namespace openfactory;

class TestSearchTerms : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingTypedIsSyntax_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("terms"); // parted by |
        QTest::newRow("nothing") << QString() << QString();
        QTest::newRow("words") << QStringLiteral(" fix  it\n") << QStringLiteral("\"fix\" *|\"it\" *");
        QTest::newRow("a letter is whole") << QStringLiteral("x") << QStringLiteral("\"x\"");
        QTest::newRow("quotes") << QStringLiteral("a\"b") << QStringLiteral("\"a\"\"b\" *");
        QTest::newRow("operators") << QStringLiteral("NOT ) AND") << QStringLiteral("\"NOT\" *|\"AND\" *");
        QTest::newRow("columns") << QStringLiteral("words:x*") << QStringLiteral("\"words:x*\" *");
        QTest::newRow("signs") << QStringLiteral("\" * - ^ ()") << QString();
        QTest::newRow("NUL") << QStringLiteral("ab") + QChar(u'\0') + QStringLiteral("c")
                             << QStringLiteral("\"abc\" *");
        QTest::newRow("half a letter") << QStringLiteral("ab") + QChar(0xd83d) << QStringLiteral("\"ab\" *");
    }
    void nothingTypedIsSyntax()
    {
        QFETCH(QString, typed);
        QFETCH(QString, terms);
        QCOMPARE(searchTerms(typed).join(u'|'), terms);
    }
    void isBounded()
    {
        QCOMPARE(searchTerms(QStringLiteral("word ").repeated(1000)).size(), 16);
        QVERIFY(searchTerms(QString(100'000, u'x')).first().size() < 300);
    }
};

QTEST_GUILESS_MAIN(TestSearchTerms)
#include "test_searchterms.moc"
