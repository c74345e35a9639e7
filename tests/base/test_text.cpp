// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"
#include "core/base/text.h"
#include "tests/testlib/expect.h"

#include <cerrno>

using namespace openfactory;

class TestText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countsAsPeopleSayIt()
    {
        QCOMPARE(counted(0, QStringLiteral("file")), QStringLiteral("0 files"));
        QCOMPARE(counted(1, QStringLiteral("file")), QStringLiteral("1 file"));
        QCOMPARE(counted(2, QStringLiteral("entry")), QStringLiteral("2 entries"));
        QCOMPARE(counted(1, QStringLiteral("entry")), QStringLiteral("1 entry"));
    }

    void invisibleCharactersBecomeVisible_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("shown");
        const auto row = [](const char *name, const QString &text, const char *shown) {
            QTest::newRow(name) << text << QString::fromUtf8(shown);
        };
        row("plain", QStringLiteral("a b-\u00e4\u4e2d"), "a b-\xc3\xa4\xe4\xb8\xad");
        row("emoji", QStringLiteral("\U0001f600"), "\xf0\x9f\x98\x80");
        row("line end and tab", QStringLiteral("a\nb\tc\r"), "a\\nb\\tc\\r");
        row("escape sequence", QStringLiteral("\x1b[31m"), "\\x1b[31m");
        row("clipboard sequence", QStringLiteral("\x1b]52;c;eA==\a"), "\\x1b]52;c;eA==\\x07");
        row("C1 control", QStringLiteral("\u009b31m"), "\\x9b31m");
        row("delete", QStringLiteral("\x7f"), "\\x7f");
        row("NUL", QString(QChar(0)), "\\x00");
        row("bidi override", QStringLiteral("a\u202eb\u2066c\u2069"), "a\\u202eb\\u2066c\\u2069");
        row("arabic letter mark", QStringLiteral("\u061c"), "\\u061c");
        row("zero width", QStringLiteral("a\u200b\u200d\ufeff\u2060"), "a\\u200b\\u200d\\ufeff\\u2060");
        row("soft hyphen", QStringLiteral("a\u00adb"), "a\\xadb");
        row("line separator", QStringLiteral("\u2028\u2029"), "\\u2028\\u2029");
        row("tag characters", QStringLiteral("\U000e0041"), "\\ue0041");
        row("private use", QStringLiteral("\ue000"), "\\ue000");
        row("lone surrogate", QString(QChar(0xd800)), "\xef\xbf\xbd");
        row("hangul filler", QStringLiteral("\u3164\u115f"), "\\u3164\\u115f");
        row("variation selector", QStringLiteral("\ufe0f\U000e0100"), "\\ufe0f\\ue0100");
        row("braille blank", QStringLiteral("\u2800"), "\\u2800");
        row("odd spaces", QStringLiteral("\u00a0\u3000"), "\\xa0\\u3000");
        row("backslash stays one", QStringLiteral("a\\b"), "a\\b");
    }
    void invisibleCharactersBecomeVisible()
    {
        QFETCH(QString, text);
        QFETCH(QString, shown);
        QCOMPARE(displayable(text), shown);
        QCOMPARE(displayable(shown), shown); // what is shown is safe to show again
    }

    void linesStayWhereTheyAreWanted()
    {
        QCOMPARE(displayableLines(QStringLiteral("a\nb\tc\r\n\x1b")), QStringLiteral("a\nb\tc\\r\n\\x1b"));
    }

    void pathsOfAnyBytesAreShown_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QString>("shown");
        const auto row = [](const char *name, const QByteArray &path, const char *shown) {
            QTest::newRow(name) << path << QString::fromUtf8(shown);
        };
        row("plain", "src/a b.py", "src/a b.py");
        row("empty", "", "");
        row("UTF-8", "caf\xc3\xa9", "caf\xc3\xa9");
        row("Latin 1", "caf\xe9", "caf\\xe9");
        row("mixed", "\xc3\xa9\xe9\xf0\x9f\x98\x80\xff", "\xc3\xa9\\xe9\xf0\x9f\x98\x80\\xff");
        row("cut sequence", "a\xe4\xb8", "a\\xe4\\xb8");
        row("overlong", "\xc0\xaf", "\\xc0\\xaf");
        row("surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80");
        row("newline", "a\nb", "a\\nb");
        row("escape in bad bytes", "\x1b[31m\xff", "\\x1b[31m\\xff");
        row("bidi in bad bytes", "\xe2\x80\xae\xff", "\\u202e\\xff");
        row("byte order mark",
            "\xef\xbb\xbf"
            "a",
            "\\ufeffa");
        row("byte order mark in bad bytes", "\xef\xbb\xbf\xff", "\\ufeff\\xff");
        row("NUL", QByteArray("a\0b", 3), "a\\x00b");
    }
    void pathsOfAnyBytesAreShown()
    {
        QFETCH(QByteArray, path);
        QFETCH(QString, shown);
        QCOMPARE(displayPath(path), shown);
    }

    void digestIsSha256()
    {
        QCOMPARE(sha256Hex("abc"), QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }

    void errorsTellWhatWasDone()
    {
        const Error error{ErrorKind::Io, QStringLiteral("read x"), QStringLiteral("it broke"), {}};
        QCOMPARE(toText(error), QStringLiteral("read x: it broke"));
        QCOMPARE(
            toText({ErrorKind::Io, QStringLiteral("read x"), QStringLiteral("it broke"), QStringLiteral("mend it")}),
            QStringLiteral("read x: it broke (mend it)"));
        QCOMPARE(errnoError(ENOSPC, {}).kind, ErrorKind::DiskFull);
        QCOMPARE(errnoError(EDQUOT, {}).kind, ErrorKind::DiskFull);
        QCOMPARE(errnoError(ENOENT, {}).kind, ErrorKind::NotFound);
        QCOMPARE(errnoError(EROFS, {}).kind, ErrorKind::Denied);
        QCOMPARE(errnoError(EIO, {}).kind, ErrorKind::Io);
        QSet<QString> names;
        for (int kind = 0; kind <= int(ErrorKind::Internal); ++kind)
            names.insert(toName(ErrorKind(kind)));
        QCOMPARE(names.size(), int(ErrorKind::Internal) + 1);
    }
};

QTEST_GUILESS_MAIN(TestText)
#include "test_text.moc"
