// SPDX-License-Identifier: Apache-2.0
/// What counts as a weakened test.
#include "core/stages/weakenedtests.h"

#include "core/stages/hiddentests.h"

#include <QTest>

using namespace openfactory;

namespace {

ChangeSet change(const QByteArray &path, const QList<QPair<DiffLine::Kind, QByteArray>> &lines)
{
    FileChange file;
    file.path = file.oldPath = path;
    DiffHunk hunk;
    int number = 0;
    for (const auto &[kind, text] : lines)
        hunk.lines.push_back({kind, ++number, number, text});
    file.hunks.push_back(hunk);
    return {{file}, {}};
}

} // namespace

class WeakenedTestsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void seesTestsThatAreDefinedAgain_data()
    {
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<int>("line"); // 0: none is hidden
        const auto row = [](const char *name, const char *source, int line) {
            QTest::newRow(name) << QByteArray(source) << line;
        };
        row("further down", "def test_a():\n    assert x\n\n\ndef test_a():\n    pass\n", 5);
        row("a coroutine", "def test_a():\n    pass\n\nasync def test_a():\n    pass\n", 4);
        row("a class", "class TestA:\n    def test_x(self):\n        pass\n\nclass TestA:\n    pass\n", 5);
        row("within a class", "class TestA:\n    def test_x(self): pass\n\n    @mark\n    def test_x(self): pass\n", 5);
        row("a method and a function", "class TestA:\n    def test_x(self): pass\n\ndef test_x(): pass\n", 0);
        row("two classes", "class TestA:\n    def test_x(self): pass\n\nclass TestB:\n    def test_x(self): pass\n", 0);
        row("one or the other", "if a:\n    def test_x(): pass\nelse:\n    def test_x(): pass\n", 0);
        row("in a string", "def test_x():\n    x = '''\ndef test_x(): pass\n'''\n", 0);
        row("in a comment", "def test_x(): pass\n# def test_x(): pass\n", 0);
        row("no test", "def price(): pass\ndef price(): pass\n", 0);
        row("after a comment at the margin",
            "class TestA:\n    def test_x(self): pass\n# more\n    def test_x(self): pass\n", 4);
        row("lines with carriage returns", "def test_a():\r\n    pass\r\n\r\ndef test_a():\r\n    pass\r\n", 4);
    }
    void seesTestsThatAreDefinedAgain()
    {
        QFETCH(QByteArray, source);
        QFETCH(int, line);
        const auto found = hiddenTests("tests/test_x.py", source, {});
        QCOMPARE(found.size(), size_t(line > 0));
        if (line > 0)
            QCOMPARE(found.front().line, line);
        QVERIFY(hiddenTests("tests/test_x.py", source, source).empty()); // as before
        QVERIFY(hiddenTests("tests/test_x.go", source, {}).empty());
    }

    // Rust's tests lie within their source: what is above them is none.
    void looksIntoTheTestsOfASource()
    {
        const QByteArray source =
            "pub fn a() {\n    assert!(b);\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn works() {\n";
        QCOMPARE(testsWithin("src/lib.rs", source), 5);
        QCOMPARE(testsWithin("src/lib.rs", "    #[cfg(all(test, feature = \"x\"))]\n"), 1);
        QCOMPARE(testsWithin("src/lib.rs", "#[cfg(testing)]\n// #[cfg(test)]\n"), 0);
        QCOMPARE(testsWithin("src/lib.py", source), 0);
        const auto removedAt = [](int line, const QByteArray &text, std::pair<int, int> from) {
            ChangeSet gone = change("src/lib.rs", {{DiffLine::Kind::Removed, text}});
            gone.files[0].hunks[0].lines[0].oldLine = line;
            return weakenedTests(gone, [from](const FileChange &) { return from; });
        };
        QCOMPARE(removedAt(9, "        assert_eq!(a(), 1);", {5, 5}).size(), size_t(1));
        QCOMPARE(removedAt(9, "        assert_eq!(a(), 1);", {5, 5}).front().line, 9);
        QCOMPARE(removedAt(7, "    #[test]", {5, 0}).size(), size_t(1)); // with the whole module
        QVERIFY(removedAt(2, "    assert!(b);", {5, 5}).empty());
        QVERIFY(removedAt(2, "    assert!(b);", {0, 0}).empty());
        const ChangeSet off = change("src/lib.rs", {{DiffLine::Kind::Added, "    #[ignore]"}});
        QCOMPARE(weakenedTests(off, [](const FileChange &) { return std::pair(1, 1); }).size(), size_t(1));
    }
    void findsARemovedTest()
    {
        const auto found = weakenedTests(change("tests/test_x.py", {{DiffLine::Kind::Removed, "def test_total():"}}));
        QCOMPARE(found.size(), size_t(1));
        QCOMPARE(found[0].rule, QStringLiteral("test-removed"));
        QCOMPARE(found[0].line, 1);
        QVERIFY(found[0].message.contains(QStringLiteral("test_total")));
    }
    void takesARewrittenTestAsKept()
    {
        QVERIFY(weakenedTests(change("tests/test_x.py", {{DiffLine::Kind::Removed, "def test_total():"},
                                                         {DiffLine::Kind::Added, "def test_total(shop):"}}))
                    .empty());
    }
    void findsATestSwitchedOff_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("skip") << QByteArray("@pytest.mark.skip");
        QTest::newRow("xfail") << QByteArray("    @pytest.mark.xfail(strict=False)");
        QTest::newRow("unittest") << QByteArray("@unittest.skip('later')");
        QTest::newRow("whole file") << QByteArray("pytestmark = mark.skip");
        QTest::newRow("no parameters") << QByteArray("@pytest.mark.parametrize(\"n\", [])");
        QTest::newRow("no parameters, in round brackets") << QByteArray("@pytest.mark.parametrize('a, b', ( ))");
        QTest::newRow("taken away") << QByteArray("del test_total");
        QTest::newRow("overwritten") << QByteArray("    test_total = None");
        QTest::newRow("no test") << QByteArray("test_add.__test__ = False");
        QTest::newRow("import") << QByteArray("pytest.importorskip('nope')");
        QTest::newRow("javascript") << QByteArray("it.skip('adds', () => {");
    }
    void findsATestSwitchedOff()
    {
        QFETCH(QByteArray, line);
        const auto found = weakenedTests(change("pkg/x_test.py", {{DiffLine::Kind::Added, line}}));
        QCOMPARE(found.size(), size_t(1));
        QCOMPARE(found[0].rule, QStringLiteral("test-switched-off"));
    }
    void findsSettingsThatLeaveTestsOut_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("list") << QByteArray("tests/conftest.py") << QByteArray("collect_ignore = ['test_x.py']");
        QTest::newRow("option") << QByteArray("setup.cfg")
                                << QByteArray("addopts = -q --deselect tests/test_x.py::test_a");
        QTest::newRow("word") << QByteArray("pyproject.toml") << QByteArray("addopts = \"-k 'not slow'\"");
        QTest::newRow("word of a list") << QByteArray("pyproject.toml") << QByteArray("    \"-k\", \"nothing\",");
        QTest::newRow("folders") << QByteArray("pytest.ini") << QByteArray("testpaths = other");
        QTest::newRow("names") << QByteArray("pyproject.toml") << QByteArray("python_files = \"check_*.py\"");
        QTest::newRow("jest") << QByteArray("package.json") << QByteArray("  \"testPathIgnorePatterns\": [\"x\"],");
        QTest::newRow("ctest") << QByteArray("tests/CMakeLists.txt")
                               << QByteArray("set_tests_properties(x PROPERTIES DISABLED TRUE)");
    }
    void findsSettingsThatLeaveTestsOut()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, line);
        const auto found = weakenedTests(change(file, {{DiffLine::Kind::Added, line}}));
        QCOMPARE(found.size(), size_t(1));
        QCOMPARE(found[0].rule, QStringLiteral("test-switched-off"));
        QVERIFY(weakenedTests(change(file, {{DiffLine::Kind::Removed, line}})).empty());
        QVERIFY(weakenedTests(change("src/shop.txt", {{DiffLine::Kind::Added, line}})).empty());
    }
    void asksAboutHooks()
    {
        const auto found = weakenedTests(
            change("conftest.py", {{DiffLine::Kind::Added, "def pytest_collection_modifyitems(items):"}}));
        QCOMPARE(found.size(), size_t(1));
        QCOMPARE(found[0].rule, QStringLiteral("test-hook"));
        QCOMPARE(found[0].severity, Severity::Warning);
    }
    void leavesOtherSettingsAlone()
    {
        QVERIFY(weakenedTests(change("pyproject.toml", {{DiffLine::Kind::Added, "addopts = \"-q --strict-markers\""},
                                                        {DiffLine::Kind::Added, "run = \"python -m build\""},
                                                        {DiffLine::Kind::Added, "keywords = [\"kiosk\"]"}}))
                    .empty());
        QVERIFY(weakenedTests(change("conftest.py", {{DiffLine::Kind::Added, "def pytest_configure(config):"},
                                                     {DiffLine::Kind::Added, "@pytest.fixture"}}))
                    .empty());
    }
    void findsATestFileRenamedAway()
    {
        ChangeSet set = change("tests/checks.py", {});
        set.files[0].oldPath = "tests/test_x.py";
        set.files[0].status = FileStatus::Renamed;
        const auto found = weakenedTests(set);
        QCOMPARE(found.size(), size_t(1));
        QVERIFY(found[0].message.contains(QStringLiteral("tests/test_x.py")));
        set.files[0].path = "tests/test_y.py";
        QVERIFY(weakenedTests(set).empty());
    }
    void countsAssertions()
    {
        const auto found = weakenedTests(change("tests/test_x.py", {{DiffLine::Kind::Removed, "    assert f(1) == 2"},
                                                                    {DiffLine::Kind::Added, "    f(1)"}}));
        QCOMPARE(found.size(), size_t(1));
        QCOMPARE(found[0].rule, QStringLiteral("assertion-removed"));
        QVERIFY(weakenedTests(change("tests/test_x.py", {{DiffLine::Kind::Removed, "    assert f(1) == 2"},
                                                         {DiffLine::Kind::Added, "    assert f(1) == 3"}}))
                    .empty());
    }
    void leavesOtherFilesAlone()
    {
        QVERIFY(weakenedTests(change("src/contest.py", {{DiffLine::Kind::Removed, "def test_like(self):"}})).empty());
    }
};

QTEST_GUILESS_MAIN(WeakenedTestsTest)
#include "weakenedteststest.moc"
