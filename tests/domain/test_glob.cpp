// SPDX-License-Identifier: Apache-2.0
#include "core/domain/contract.h"
#include "tests/testlib/expect.h"

#include <rapidcheck.h>

using namespace openfactory;

namespace {

/// The same meaning, written down plainly: tries every way, in exponential time.
bool naive(QByteArrayView path, QByteArrayView pattern, bool atStart)
{
    if (pattern.isEmpty())
        return path.isEmpty();
    if (atStart && pattern.startsWith("**/")) {
        if (naive(path, pattern.sliced(3), true))
            return true;
        for (qsizetype i = 0; i < path.size(); ++i) {
            if (path[i] == '/' && naive(path.sliced(i + 1), pattern.sliced(3), true))
                return true;
        }
        return false;
    }
    const bool deep = pattern.startsWith("**");
    if (deep || pattern.front() == '*') {
        for (qsizetype i = 0; i <= path.size(); ++i) {
            if (naive(path.sliced(i), pattern.sliced(deep ? 2 : 1), false))
                return true;
            if (i < path.size() && !deep && path[i] == '/')
                return false;
        }
        return false;
    }
    if (path.isEmpty() || (pattern.front() == '?' ? path.front() == '/' : path.front() != pattern.front()))
        return false;
    return naive(path.sliced(1), pattern.sliced(1), pattern.front() == '/');
}

} // namespace

class TestGlob : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void matchesAsDocumented_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("matches");
        const auto row = [](const char *pattern, const QByteArray &path, bool matches) {
            QTest::addRow("%s %s %s", pattern, matches ? "matches" : "leaves", path.toPercentEncoding("/*").constData())
                << QString::fromUtf8(pattern) << path << matches;
        };
        row("README.md", "README.md", true);
        row("README.md", "docs/README.md", false);
        row("README.md", "README.mdx", false);
        row("*.py", "a.py", true);
        row("*.py", "src/a.py", false);
        row("*.py", ".py", true);
        row("*", ".hidden", true);
        row("**", "a/b/c", true);
        row("**", "", true);
        row("**/*.py", "a.py", true);
        row("**/*.py", "a/b/c.py", true);
        row("src/**", "src/a/b.py", true);
        row("src/**", "src", false);
        row("src/**", "srcx/a", false);
        row("src/", "src/a/b.py", true);
        row("src/", "src", false);
        row("src/", "srcx/a", false);
        row("src/**/test_*.py", "src/test_a.py", true);
        row("src/**/test_*.py", "src/x/y/test_a.py", true);
        row("src/**/test_*.py", "src/xtest_a.py", false);
        row("a**b", "a/x/b", true);
        row("a/**b", "a/x/cb", true);
        row("?.py", "a.py", true);
        row("?.py", "ab.py", false);
        row("a?b", "a/b", false);
        row("[ab].py", "b.py", true);
        row("[!ab].py", "b.py", false);
        row("[^ab].py", "c.py", true);
        row("[a-c]x", "bx", true);
        row("[a-c]x", "dx", false);
        row("[]]x", "]x", true);
        row("[!]]x", "]x", false);
        row("[a-]x", "-x", true);
        row("a[!b]c", "a/c", false);
        row("a[/]c", "a/c", false);
        row("a[b", "a[b", true);
        row("\\*", "*", true);
        row("\\*", "a", false);
        row("a\\", "a\\", true);
        row("src/*", "src/caf\xe9.py", true);
        row("src/caf\xc3\xa9", "src/caf\xc3\xa9", true);
        row("src/caf\xc3\xa9", "src/caf\xe9", false);
        row("src/*.py", "src/a\nb.py", true);
        row("src/*.py", QByteArray("src/a\0.py", 9), true);
        row("", "a", false);
        row("README.md", "readme.md", false);
    }
    void matchesAsDocumented()
    {
        QFETCH(QString, pattern);
        QFETCH(QByteArray, path);
        QFETCH(bool, matches);
        QCOMPARE(matchesGlob(path, pattern), matches);
    }

    void agreesWithTheNaiveMatcher()
    {
        QVERIFY(rc::check("glob", [] {
            const auto path = *rc::gen::container<std::string>(rc::gen::element('a', 'b', '/'));
            const auto parts = *rc::gen::container<std::vector<std::string>>(
                rc::gen::element<std::string>("a", "b", "/", "*", "?", "**", "**/", "/**/"));
            std::string pattern;
            for (const auto &part : parts)
                pattern += part;
            RC_PRE(pattern.find("***") == std::string::npos && !pattern.ends_with('/'));
            RC_CLASSIFY(matchesGlob(QByteArray::fromStdString(path), QString::fromStdString(pattern)));
            RC_ASSERT(matchesGlob(QByteArray::fromStdString(path), QString::fromStdString(pattern))
                      == naive(path, pattern, true));
        }));
    }

    void aPatternOfStarsEndsInTime()
    {
        // The naive matcher needs longer than the test's limit for this.
        const QString pattern = QStringLiteral("*a").repeated(60) + u'b';
        QVERIFY(!matchesGlob(QByteArray(4000, 'a'), pattern));
        QVERIFY(matchesGlob(QByteArray(4000, 'a') + 'b', pattern));
    }
};

QTEST_GUILESS_MAIN(TestGlob)
#include "test_glob.moc"
