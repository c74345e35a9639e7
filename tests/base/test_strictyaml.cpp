// SPDX-License-Identifier: Apache-2.0
#include "core/base/strictyaml.h"
#include "tests/testlib/expect.h"

using namespace openfactory;
using yaml::Node;

namespace {

Result<Node> parse(const QByteArray &bytes)
{
    return yaml::parse(bytes, QStringLiteral("f.yaml"));
}

/// The value of the key "v" of a document "v: ...".
Node valueOf(const QByteArray &bytes)
{
    auto map = parse("v: " + bytes)->map();
    return *map->need(QStringLiteral("v"));
}

} // namespace

class TestStrictYaml : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsWhatIsWritten()
    {
        const auto document = parse(
            "# comment\na: 1\nb: [x, 'y z', \"q\\n\"]\nc:\n  d: |\n    two\n    lines\ne: {}\n");
        OF_OK(document);
        auto map = *document->map();
        QCOMPARE(map.keys().join(u' '), QStringLiteral("a b c e"));
        QCOMPARE(*map.need(QStringLiteral("a"))->integer(0, 9), 1);
        QCOMPARE(map.need(QStringLiteral("b"))->texts()->join(u'|'), QStringLiteral("x|y z|q\n"));
        auto inner = *map.need(QStringLiteral("c"))->map();
        QCOMPARE(*inner.need(QStringLiteral("d"))->text(), QStringLiteral("two\nlines\n"));
        QVERIFY(map.need(QStringLiteral("e"))->map()->keys().isEmpty());
        OF_OK(map.finish());
    }

    void nodesKnowTheirPlace()
    {
        const auto document = parse("a:\n  - x\n  -   deep: value\n");
        auto map = *document->map();
        const auto list = *map.need(QStringLiteral("a"));
        QCOMPARE(list.place(), QStringLiteral("f.yaml:2:3"));
        const auto items = *list.items();
        QCOMPARE(items[0].place(), QStringLiteral("f.yaml:2:5"));
        QCOMPARE(items[1].place(), QStringLiteral("f.yaml:3:7"));
        auto deep = *items[1].map();
        QCOMPARE(deep.need(QStringLiteral("deep"))->place(), QStringLiteral("f.yaml:3:13"));
        OF_REFUSED(deep.need(QStringLiteral("other")), ErrorKind::Invalid,
                   QStringLiteral("f.yaml:3:7: the key \"other\" is missing"));
        QCOMPARE(deep.need(QStringLiteral("deep"))->error(QStringLiteral("no")).doing,
                 QStringLiteral("read f.yaml:3:13"));
    }

    void refusesWhatHidesOrExplodes_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const QByteArray &yaml, const char *said) {
            QTest::newRow(name) << yaml << QString::fromUtf8(said);
        };
        row("empty", "", "f.yaml:1:1: it is empty");
        row("only a comment", "# nothing\n", "f.yaml:1:1: it is empty");
        row("nothing in words", "~\n", "f.yaml:1:1: it is empty");
        row("duplicate key", "a: 1\nb: 2\na: 3\n", "f.yaml:3:1: the key \"a\" was given before, in line 1");
        row("duplicate key deep in a list", "x:\n - y:\n   - {a: 1, b: 2, a: 3}\n",
            "f.yaml:3:19: the key \"a\" was given before, in line 3");
        row("duplicate key, other quotes", "a: 1\n\"a\": 2\n", "f.yaml:2:1: the key \"a\" was given before");
        row("duplicate key, escaped", "a: 1\n\"\\x61\": 2\n", "f.yaml:2:1: the key \"a\" was given before");
        row("key that is a list", "? [a]\n: 1\n", "f.yaml:1:3: expected text, found a list");
        row("key that is a map", "? \n: 1\n", "expected text, found a mapping");
        row("alias bomb",
            "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n",
            "f.yaml:1:4: anchors (&name) are not accepted");
        row("anchor on a map", "a: &x\n  b: 1\n", "anchors (&name) are not accepted");
        row("alias to nothing", "a: *x\n", "f.yaml:1:4:");
        row("merge key", "a: &x {b: 1}\nc:\n  <<: *x\n", "anchors (&name) are not accepted");
        row("tag", "a: !!python/object:os.system [x]\n",
            "f.yaml:1:4: the tag tag:yaml.org,2002:python/object:os.system is not accepted");
        row("own tag", "a: !include /etc/passwd\n", "f.yaml:1:4: the tag !include is not accepted");
        row("tag on a map", "!x\na: 1\n", "the tag !x is not accepted");
        row("binary tag", "a: !!binary aGk=\n", "is not accepted");
        row("second document", "a: 1\n---\nb: 2\n", "f.yaml:3:1: what follows is not part of the document");
        row("second document that is empty", "a: 1\n---\n", "is not part of the document");
        row("text after the end", "a: 1\n...\nb: 2\n", "f.yaml:3:1: what follows is not part of the document");
        row("list, then map", "- a\nb: 1\n", "f.yaml:2:1: what follows is not part of the document");
        row("second document that is broken", "a: 1\n---\n[\n", "f.yaml:");
        row("NUL", QByteArray("a: 1\nb: \0x\n", 10), "f.yaml:2:1: it holds a NUL character");
        row("invalid UTF-8", "a: 1\nb: caf\xe9\n", "f.yaml:2:1: the line is not valid UTF-8");
        row("overlong UTF-8", "a: \xc0\xaf\n", "not valid UTF-8");
        row("surrogate", "a: \xed\xa0\x80\n", "not valid UTF-8");
        row("UTF-16",
            QByteArray("\xff\xfe"
                       "a\0:\0 \0x\0",
                       10),
            "not valid UTF-8");
        row("tab as indentation", "a:\n\tb: 1\n", "f.yaml:2:");
        row("unclosed list", "a: [x, y\n", "f.yaml:2:1:");
        row("unclosed quote", "a: \"x", "f.yaml:1:1: illegal document indicator in scalar");
        row("unclosed quote before a line end", "a: \"x\nb: 2\n", "f.yaml:3:1: illegal document indicator in scalar");
        row("unclosed single quote", "a: 'x\n", "f.yaml:2:1: illegal document indicator in scalar");
        row("nonsense", "a: b: c\n", "f.yaml:1:");
        row("33 levels", QByteArray("a: ") + QByteArray(32, '[') + QByteArray(32, ']'),
            "f.yaml:1:35: nested deeper than 32 levels");
        row("100000 levels", QByteArray(100'000, '['), "nested deeper than 32 levels");
        row("100000 levels of maps", QByteArray("{a: ").repeated(100'000), "nested deeper than 32 levels");
        row("too many values", "[" + QByteArray("1,").repeated(50'001) + "]", "more than 50000 values");
        row("too many bytes", "# " + QByteArray(1024 * 1024, 'x'), "it has 1048578 bytes, 1048576 are the most");
    }
    void refusesWhatHidesOrExplodes()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, said);
        OF_REFUSED(parse(yaml), ErrorKind::Invalid, said);
    }

    void takesWhatIsWithinTheLimits()
    {
        OF_OK(parse(QByteArray("a: ") + QByteArray(31, '[') + QByteArray(31, ']')));
        OF_OK(parse("[" + QByteArray("1,").repeated(49'998) + "1]"));
        OF_OK(parse("--- \na: 1\n...\n"));
        OF_OK(parse("a: 1\n..."));
        OF_OK(parse("a: 1\n...\n...\n# end"));
        OF_OK(parse("a: 1 # no line end"));
        OF_OK(parse("a: |\n  block"));
        QCOMPARE(*valueOf("|\n  block").text(), QStringLiteral("block\n"));
        QCOMPARE(*valueOf("|+\n  block\n").text(), QStringLiteral("block\n"));
        QCOMPARE(*valueOf("plain").text(), QStringLiteral("plain"));
        OF_OK(parse("\xef\xbb\xbf"
                    "a: 1\n"));
        OF_OK(parse("a: caf\xc3\xa9 \xf0\x9f\x98\x80\r\nb: 2\r\n"));
        OF_OK(yaml::parse("[[1]]", QStringLiteral("f"), {100, 2, 3}));
        OF_REFUSED(yaml::parse("[[1]]", QStringLiteral("f"), {100, 1, 3}), ErrorKind::Invalid,
                   QStringLiteral("deeper than 1"));
        OF_REFUSED(yaml::parse("[[1]]", QStringLiteral("f"), {100, 2, 2}), ErrorKind::Invalid,
                   QStringLiteral("more than 2"));
        OF_REFUSED(yaml::parse("[[1]]", QStringLiteral("f"), {4, 2, 3}), ErrorKind::Invalid, QStringLiteral("5 bytes"));
    }

    void manyKeysEndInTime()
    {
        QByteArray yaml;
        for (int i = 0; i < 24'000; ++i)
            yaml += "key" + QByteArray::number(i) + ": 1\n";
        const auto document = parse(yaml);
        OF_OK(document);
        QCOMPARE(document->map()->keys().size(), 24'000);
        OF_REFUSED(parse(yaml + "key0: 1\n"), ErrorKind::Invalid,
                   QStringLiteral("f.yaml:24001:1: the key \"key0\" was given before, in line 1"));
    }

    void unknownKeysAreNamedWithTheKnownOnes()
    {
        const auto document = parse("name: a\nnmae: b\n");
        auto map = *document->map();
        (void)map.find(QStringLiteral("name"));
        (void)map.find(QStringLiteral("kind"));
        OF_REFUSED(map.finish(), ErrorKind::Invalid,
                   QStringLiteral("f.yaml:2:1: unknown key \"nmae\"; known here: kind, name"));
    }

    void keysWithoutValueAreToldApart()
    {
        const auto document = parse("a:\nb: ~\nc: null\nd: ''\ne: 'null'\n");
        auto map = *document->map();
        for (const auto &key : {QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}) {
            QVERIFY(!map.find(key));
            OF_REFUSED(map.value(key), ErrorKind::Invalid, QStringLiteral("the key \"%1\" has no value").arg(key));
            QVERIFY(!map.need(key));
        }
        QCOMPARE(*(*map.value(QStringLiteral("d")))->text(), QString());
        QCOMPARE(*(*map.value(QStringLiteral("e")))->text(), QStringLiteral("null"));
        QVERIFY(!map.value(QStringLiteral("absent"))->has_value());
        OF_OK(map.finish());
    }

    void numbersAreNumbersOnly_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<bool>("isInteger");
        QTest::addColumn<bool>("isNumber");
        const auto row = [](const char *yaml, bool isInteger, bool isNumber) {
            QTest::newRow(yaml) << QByteArray(yaml) << isInteger << isNumber;
        };
        row("0", true, true);
        row("-7", true, true);
        row("100", true, true);
        row("101", false, false); // outside -100 to 100
        row("-101", false, false);
        row("1.5", false, true);
        row("1e1", false, true);
        row("'5'", false, false);
        row("\"5\"", false, false);
        row("|\n  5", false, false);
        row("five", false, false);
        row("0x10", false, false);
        row("1_0", false, false);
        row("1,5", false, false);
        row("5 %", false, false);
        row("nan", false, false);
        row(".nan", false, false);
        row("inf", false, false);
        row("1e999", false, false);
        row("99999999999999999999", false, false);
        row("", false, false);
        row("[5]", false, false);
        row("{a: 5}", false, false);
    }
    void numbersAreNumbersOnly()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(bool, isInteger);
        QFETCH(bool, isNumber);
        auto map = *parse("v: " + yaml)->map();
        const auto node = map.need(QStringLiteral("v"));
        QCOMPARE(node && node->integer(-100, 100), isInteger);
        QCOMPARE(node && node->number(-100, 100), isNumber);
    }

    void booleansAreTrueOrFalse()
    {
        QCOMPARE(*valueOf("true").boolean(), true);
        QCOMPARE(*valueOf("false").boolean(), false);
        for (const char *other : {"yes", "no", "on", "True", "FALSE", "1", "0", "'true'", "[true]"})
            OF_REFUSED(valueOf(other).boolean(), ErrorKind::Invalid, QStringLiteral("f.yaml:1:4"));
    }

    void wrongKindsAreNamed()
    {
        OF_REFUSED(valueOf("[a]").text(), ErrorKind::Invalid, QStringLiteral("expected text, found a list"));
        OF_REFUSED(valueOf("{a: b}").items(), ErrorKind::Invalid, QStringLiteral("expected a list, found a mapping"));
        OF_REFUSED(valueOf("a").map(), ErrorKind::Invalid,
                   QStringLiteral("expected a mapping (key: value), found a single value"));
        OF_REFUSED(valueOf("[a, [b]]").texts(), ErrorKind::Invalid,
                   QStringLiteral("f.yaml:1:8: expected text, found a list"));
        OF_REFUSED(valueOf("[a, ]").integer(0, 1), ErrorKind::Invalid, QStringLiteral("f.yaml:1:4"));
    }

    void messagesShowHostileTextHarmlessly()
    {
        for (const QByteArray &yaml :
             {QByteArray("\"\\e[31m\\u202e\": 1\n\"\\e[31m\\u202e\": 2\n"), QByteArray("a: !<\xe2\x80\xae> y\n"),
              QByteArray("\"\xe2\x80\xae\": 1\n\"\xe2\x80\xae\": 1\n")}) {
            const auto node = parse(yaml);
            QVERIFY(!node);
            const QString text = toText(node.error());
            QVERIFY2(!text.contains(QChar(0x1b)) && !text.contains(QChar(0x202e)), qPrintable(text));
        }
        QVERIFY(!toText(valueOf("\"\\e[31m\"").boolean().error()).contains(QChar(0x1b)));
    }

    void nodesOutliveTheirDocument()
    {
        std::optional<Node> node;
        {
            auto map = *parse("a: {b: kept}\n")->map();
            node = *map.need(QStringLiteral("a"));
        }
        QCOMPARE(*node->map()->need(QStringLiteral("b"))->text(), QStringLiteral("kept"));
    }
};

QTEST_GUILESS_MAIN(TestStrictYaml)
#include "test_strictyaml.moc"
