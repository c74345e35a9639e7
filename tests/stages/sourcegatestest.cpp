// SPDX-License-Identifier: Apache-2.0
/// Import cycles and long functions: only what the change brings counts.
#include "core/stages/importcycles.h"
#include "core/stages/longfunctions.h"
#include "core/toolchain/yamltoolchains.h"

#include <QtTest>

using namespace openfactory;

using Files = QMap<QByteArray, QByteArray>;

class SourceGatesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<YamlToolchains> m_toolchains;

    static SourceFiles filesOf(const Files &files)
    {
        return {{files.keyBegin(), files.keyEnd()}, [files](const RepoPath &path) -> Result<QByteArray> {
                    if (!files.contains(path))
                        return fail(ErrorKind::NotFound, QStringLiteral("read"), QStringLiteral("absent"));
                    return files.value(path);
                }};
    }

    /// "file:line message" of each cycle that leads from the one state to the other.
    QStringList cycles(const Files &before, const Files &now, const QMap<QByteArray, QByteArray> &renamed = {}) const
    {
        ChangeSet change;
        for (const auto &[path, content] : now.asKeyValueRange()) {
            if (before.contains(path) && before.value(path) == content)
                continue;
            FileChange file;
            file.path = path;
            file.oldPath = renamed.value(path, path);
            file.status = before.contains(path)    ? FileStatus::Modified
                          : renamed.contains(path) ? FileStatus::Renamed
                                                   : FileStatus::Added;
            change.files.push_back(file);
        }
        const SourceFiles nowFiles = filesOf(now), beforeFiles = filesOf(before);
        const auto found = newImportCycles(*m_toolchains, change, {nowFiles, beforeFiles, [&](const RepoPath &path) {
                                                                       return renamed.value(path, path);
                                                                   }});
        QStringList told;
        for (const Finding &finding : found.findings)
            told += QStringLiteral("%1%2:%3 %4")
                        .arg(finding.severity == Severity::Warning ? QStringLiteral("(usual) ") : QString(),
                             QString::fromUtf8(finding.file))
                        .arg(finding.line)
                        .arg(finding.message);
        return told;
    }

private Q_SLOTS:
    void initTestCase() { m_toolchains = *YamlToolchains::load(); }

    void aNewCycleIsToldAtTheImportThatClosesIt_data()
    {
        QTest::addColumn<Files>("before");
        QTest::addColumn<Files>("now");
        QTest::addColumn<QString>("told");
        const auto row = [](const char *name, const Files &before, Files changed, const char *told) {
            for (const auto &[path, content] : before.asKeyValueRange()) {
                if (!changed.contains(path))
                    changed[path] = content;
            }
            QTest::newRow(name) << before << changed
                                << (*told ? QStringLiteral("%1").arg(QString::fromLatin1(told)) : QString());
        };
        row("python", {{"p/a.py", "from p import b\n"}, {"p/b.py", "x = 1\n"}},
            {{"p/b.py", "x = 1\nfrom p import a\n"}},
            "p/b.py:2 this import closes a cycle: p/b.py -> p/a.py -> p/b.py");
        row("python over three", {{"p/a.py", "import p.b\n"}, {"p/b.py", "import p.c\n"}, {"p/c.py", "\n"}},
            {{"p/c.py", "from . import a\n"}},
            "p/c.py:1 this import closes a cycle: p/c.py -> p/a.py -> p/b.py -> p/c.py");
        row("go", {{"go.mod", "module m\n"}, {"a/a.go", "import \"m/b\"\n"}, {"b/b.go", "\n"}},
            {{"b/c.go", "import \"m/a\"\n"}}, "b/c.go:1 this import closes a cycle: b -> a -> b");
        row("rust", {{"Cargo.toml", ""}, {"src/a.rs", "use crate::b::X;\n"}, {"src/b.rs", "\n"}},
            {{"src/b.rs", "use crate::a::Y;\n"}},
            "(usual) src/b.rs:1 this import closes a cycle: src/b.rs -> src/a.rs -> src/b.rs");
        row("c++", {{"a.h", "#include \"b.h\"\n"}, {"b.h", "\n"}}, {{"b.h", "#include \"a.h\"\n"}},
            "b.h:1 this import closes a cycle: b.h -> a.h -> b.h");
        row("typescript", {{"src/a.ts", "import './b';\n"}, {"src/b.ts", "\n"}},
            {{"src/b.ts", "\nexport * from './a';\n"}},
            "src/b.ts:2 this import closes a cycle: src/b.ts -> src/a.ts -> src/b.ts");
        row("both files are new", {}, {{"p/a.py", "import p.b\n"}, {"p/b.py", "import p.a\n"}},
            "p/a.py:1 this import closes a cycle: p/a.py -> p/b.py -> p/a.py");
        row("a line moved", {{"p/a.py", "import p.b\n"}, {"p/b.py", "import p.a\n"}}, {{"p/b.py", "\n\nimport p.a\n"}},
            "");
        row("they were in one already",
            {{"p/a.py", "import p.b\n"}, {"p/b.py", "import p.c\n"}, {"p/c.py", "import p.a\n"}},
            {{"p/b.py", "import p.c\nimport p.a\n"}}, "");
        row("no cycle", {{"p/a.py", "import p.b\n"}, {"p/b.py", "x = 1\n"}}, {{"p/c.py", "import p.a, p.b\n"}}, "");
        row("within a function", {{"p/a.py", "import p.b\n"}, {"p/b.py", "x = 1\n"}},
            {{"p/b.py", "def f():\n    import p.a\n"}}, "");
        row("a parent and its child",
            {{"Cargo.toml", ""}, {"src/a/mod.rs", "use crate::a::b::X;\n"}, {"src/a/b.rs", "\n"}},
            {{"src/a/b.rs", "use super::Y;\nuse crate::a::Z;\n"}}, "");
        row("a test takes in the product", {{"p/a.py", "x = 1\n"}}, {{"tests/test_a.py", "import p.a\n"}}, "");
    }
    void aNewCycleIsToldAtTheImportThatClosesIt()
    {
        QFETCH(Files, before);
        QFETCH(Files, now);
        QFETCH(QString, told);
        QCOMPARE(cycles(before, now).join(u'\n'), told);
    }

    void aRenamedFileBringsNoCycleAlong()
    {
        const Files before{{"p/a.py", "import p.b\n"}, {"p/b.py", "import p.a\n"}};
        QCOMPARE(cycles(before, {{"p/a.py", "import p.c\n"}, {"p/c.py", "import p.a\n"}}, {{"p/c.py", "p/b.py"}}),
                 QStringList());
        QCOMPARE(cycles({{"p/a.py", "import p.b\n"}, {"p/b.py", ""}},
                        {{"p/a.py", "import p.c\n"}, {"p/c.py", "import p.a\n"}}, {{"p/c.py", "p/b.py"}})
                     .size(),
                 1);
    }

    void whatHangsTogetherIsToldOnce()
    {
        // Four files that all take in each other, and a pair by itself.
        Files now{{"q/a.py", "import q.b\n"}, {"q/b.py", "import q.a\n"}};
        for (const char c : {'a', 'b', 'c', 'd'}) {
            QByteArray text;
            for (const char other : {'a', 'b', 'c', 'd'})
                text += other == c ? QByteArray() : QByteArray("import p.") + other + "\n";
            now[QByteArray("p/") + c + ".py"] = text;
        }
        const QStringList told = cycles({}, now);
        QCOMPARE(told.size(), 2);
        QVERIFY(told[0].startsWith(QStringLiteral("p/a.py:1")) && told[1].startsWith(QStringLiteral("q/a.py:1")));
    }

    void aLongWayIsShortened()
    {
        Files before, now;
        for (int i = 0; i < 40; ++i)
            before["p/m" + QByteArray::number(i) + ".py"] = "import p.m" + QByteArray::number(i + 1) + "\n";
        before["p/m40.py"] = "\n";
        now = before;
        now["p/m40.py"] = "import p.m0\n";
        const QStringList told = cycles(before, now);
        QCOMPARE(told.size(), 1);
        QVERIFY2(told.first().contains(QStringLiteral("... 34 more ...")) && told.first().size() < 400,
                 qPrintable(told.first()));
    }

    void onlyWhatGrewOverTheLimitCounts_data()
    {
        using Functions = QList<SourceFunction>;
        QTest::addColumn<Functions>("before");
        QTest::addColumn<Functions>("now");
        QTest::addColumn<QString>("told");
        const auto one = [](const char *name, int line, int lines) {
            return SourceFunction{QString::fromLatin1(name), line, lines};
        };
        QTest::newRow("new") << Functions{} << Functions{one("f", 3, 101)}
                             << QStringLiteral("3 the function f has 101 lines, 100 are the most");
        QTest::newRow("at the limit") << Functions{} << Functions{one("f", 3, 100)} << QString();
        QTest::newRow("grew") << Functions{one("f", 3, 120)} << Functions{one("f", 9, 121)}
                              << QStringLiteral("9 the function f has 121 lines (it had 120), 100 are the most");
        QTest::newRow("was so") << Functions{one("f", 3, 120)} << Functions{one("f", 9, 120)} << QString();
        QTest::newRow("shrank") << Functions{one("f", 3, 130)} << Functions{one("f", 9, 120)} << QString();
        QTest::newRow("the second of a name")
            << Functions{one("f", 3, 120), one("f", 200, 5)} << Functions{one("f", 3, 120), one("f", 200, 105)}
            << QStringLiteral("200 the function f has 105 lines (it had 5), 100 are the most");
        QTest::newRow("one of the name in between")
            << Functions{one("TEST", 3, 5), one("TEST", 9, 120)}
            << Functions{one("TEST", 3, 5), one("TEST", 9, 4), one("TEST", 14, 120)} << QString();
        QTest::newRow("one within another") << Functions{} << Functions{one("outer", 1, 200), one("inner", 2, 150)}
                                            << QStringLiteral("2 the function inner has 150 lines, 100 are the most");
        QTest::newRow("a short one within") << Functions{} << Functions{one("outer", 1, 200), one("inner", 2, 15)}
                                            << QStringLiteral("1 the function outer has 200 lines, 100 are the most");
        QTest::newRow("hostile name") << Functions{} << Functions{one("f\x1b", 1, 200)}
                                      << QStringLiteral("1 the function f\\x1b has 200 lines, 100 are the most");
    }
    void onlyWhatGrewOverTheLimitCounts()
    {
        QFETCH(QList<SourceFunction>, before);
        QFETCH(QList<SourceFunction>, now);
        QFETCH(QString, told);
        QStringList lines;
        for (const Finding &finding :
             longFunctions("a.py", {now.begin(), now.end()}, {before.begin(), before.end()}, 100)) {
            QCOMPARE(finding.file, RepoPath("a.py"));
            QVERIFY(!finding.suggestion.isEmpty());
            lines += QStringLiteral("%1 %2").arg(finding.line).arg(finding.message);
        }
        QCOMPARE(lines.join(u'\n'), told);
    }
};

QTEST_GUILESS_MAIN(SourceGatesTest)
#include "sourcegatestest.moc"
