// SPDX-License-Identifier: Apache-2.0
#include "core/base/slug.h"
#include "tests/testlib/expect.h"

#include <QRegularExpression>

#include <rapidcheck.h>

using namespace openfactory;

class TestSlug : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void acceptsWhatFits_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"a", "7", "my-feature", "a_b-c", "_x", "bd-52_1"})
            QTest::newRow(text) << QString::fromLatin1(text);
        QTest::newRow("50 characters") << QString(50, u'a');
    }
    void acceptsWhatFits()
    {
        QFETCH(QString, text);
        const auto slug = Slug::parse(text);
        OF_OK(slug);
        QCOMPARE(slug->text(), text);
    }

    void refusesEverythingElse_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("empty") << QString();
        QTest::newRow("51 characters") << QString(51, u'a');
        QTest::newRow("very long") << QString(1'000'000, u'a');
        for (const char *text : {"A", "a b", "../x", "a/b", ".", "..", "a.b", "a\n", "\na", "-a", "--help", "a\\b",
                                 "a:b", "~", "$x", "a*"})
            QTest::newRow(text) << QString::fromLatin1(text);
        QTest::newRow("umlaut") << QStringLiteral("\u00e4");
        QTest::newRow("cyrillic a") << QStringLiteral("\u0430");
        QTest::newRow("full-width a") << QStringLiteral("\uff41");
        QTest::newRow("arabic digit") << QStringLiteral("\u0661");
        QTest::newRow("one dot leader") << QStringLiteral("\u2024\u2024");
        QTest::newRow("zero width") << QStringLiteral("a\u200b");
        QTest::newRow("emoji") << QStringLiteral("\U0001f600");
        QTest::newRow("NUL") << QString(QChar(0));
        QTest::newRow("NUL inside") << QStringLiteral("a") + QChar(0) + u'b';
    }
    void refusesEverythingElse()
    {
        QFETCH(QString, text);
        const auto slug = Slug::parse(text);
        OF_REFUSED(slug, ErrorKind::Invalid, QStringLiteral("slug"));
        QVERIFY(toText(slug.error()).size() < 400); // however long the text was
    }

    void isMadeOfASentence()
    {
        QCOMPARE(slugFrom(QStringLiteral("Add a tax: 20 %, for the shop!")), QStringLiteral("add-a-tax-20-for-the-shop"));
        QCOMPARE(slugFrom(QStringLiteral("  \u00c4\u00f6 -- ")), QString());
        QCOMPARE(slugFrom(QString(500, u'x')), QString(40, u'x'));
        const QString cut = slugFrom(QStringLiteral("one two three four five six seven eight nine ten"));
        QVERIFY2(Slug::parse(cut) && cut == u"one-two-three-four-five-six-seven-eight", qPrintable(cut));
    }
    void saysHowManyCharactersAreTooMany()
    {
        OF_REFUSED(Slug::parse(QString(51, u'a')), ErrorKind::Invalid,
                   QStringLiteral("it has 51 characters, 50 are the most"));
    }

    void messagesShowHostileTextHarmlessly()
    {
        const QString text = toText(Slug::parse(QStringLiteral("a\x1b[31m\u202e")).error());
        QVERIFY2(text.contains(QStringLiteral("\\x1b[31m\\u202e")), qPrintable(text));
    }

    void followsItsRuleForAnyText()
    {
        static const QRegularExpression rule(QStringLiteral("\\A(?!-)[a-z0-9_-]{1,50}\\z"));
        QVERIFY(rc::check("slug", [] {
            const auto units = *rc::gen::container<std::u16string>(rc::gen::oneOf(
                rc::gen::element(u'a', u'z', u'0', u'9', u'_', u'-'), rc::gen::inRange<char16_t>(0, 0x180)));
            const QString text = QString::fromStdU16String(units);
            const auto slug = Slug::parse(text);
            RC_CLASSIFY(slug.has_value());
            RC_ASSERT(slug.has_value() == rule.match(text).hasMatch());
        }));
    }
};

QTEST_GUILESS_MAIN(TestSlug)
#include "test_slug.moc"
