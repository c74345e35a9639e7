// SPDX-License-Identifier: Apache-2.0
/// What a source is made of, by the built-in toolchain files: functions with their length, imports within the
/// repository.
#include "core/toolchain/yamltoolchains.h"

#include <QtTest>

using namespace openfactory;

using Files = QMap<QByteArray, QByteArray>;

class TestStructure : public QObject {
    Q_OBJECT

    std::unique_ptr<YamlToolchains> m_toolchains;

    static SourceFiles filesOf(const Files &files)
    {
        return {{files.keyBegin(), files.keyEnd()},
                [files](const RepoPath &path) -> Result<QByteArray> { return files.value(path); }};
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto loaded = YamlToolchains::load();
        QVERIFY2(loaded, loaded ? "" : qPrintable(toText(loaded.error())));
        m_toolchains = *std::move(loaded);
    }

    void findsFunctionsWithTheirLength_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("source");
        QTest::addColumn<QString>("functions"); // name:line+lines ...
        const auto row = [](const char *name, const char *path, const QByteArray &source, const char *functions) {
            QTest::newRow(name) << QByteArray(path) << source << QString::fromUtf8(functions);
        };
        row("python", "src/a.py",
            "import x\n\ndef one(a):\n    return 1\n\n\n# between\nclass A:\n    async def two(\n        self,\n    ):\n"
            "        '''\ndef no():\n        '''\n        def inner():\n            pass\n        return inner\n\nthree = 3\n",
            "one:3+2 two:9+9 inner:15+2");
        row("python, one line", "a.py", "def f(): return 1\nx = 1", "f:1+1");
        row("python, tabs and blank lines", "a.py", "def f():\n\ta = 1\n\n\tb = 2\n\n\n\ndef g():\n\tpass\n",
            "f:1+4 g:8+2");
        row("go", "a/a.go",
            "package a\n\nimport \"x\"\n\n// func no() {\nfunc One(a interface{}, b struct{}) (x int) {\n\tif a {\n\t}\n\treturn\n}\n\n"
            "func (r *T[K]) two() map[string]interface{} {\n\tf := func() {\n\t\tg(\"}\")\n\t}\n}\ntype X struct {\n\ta int\n}\n",
            "One:6+5 two:12+5");
        row("rust", "src/a.rs",
            "use x;\n#[inline]\npub fn one<'a>(x: &'a str) -> Vec<u8>\nwhere\n    A: B,\n{\n    let c = |x| { x };\n}\n\n"
            "impl A {\n    fn two(&self) {\n        if x {\n        }\n    }\n}\ntrait B {\n    fn no(&self);\n}\n",
            "one:3+6 two:11+4");
        row("c++", "src/a.cpp",
            "#include <a>\nnamespace x {\nint one(int a)\n{\n    if (a) {\n    }\n    for (auto x : y) {\n    }\n}\n"
            "template<class T>\nA<T>::A(int b) : m_b(b), m_c{1, 2}\n{\n}\nvoid A::two() const noexcept {\n    auto f = [&](int x) {\n    };\n}\n"
            "struct B {\n    int a = 1;\n    ~B() { x(); }\n};\nenum C { D, E };\n} // namespace\n",
            "one:3+7 A<T>::A:11+3 A::two:14+4 ~B:20+1");
        row("directives of c", "src/a.h",
            "#if defined(A)\n#pragma x(\n#endif\nclass B {\n    int c();\n};\n#define D(x) \\\n    void x() {\n  # if E(1)\nint f(int a)\n{\n}\n#endif\n",
            "f:10+3");
        row("javascript", "src/a.js",
            "import x from 'y';\nfunction one(a, b = {}) {\n  return `}${a}`;\n}\nconst two = async (a) => {\n  if (a) {\n  }\n};\n"
            "class A {\n  constructor() {\n    this.a = /}/;\n  }\n  static async get(x) {\n  }\n}\nfoo(function () {\n  function three() {\n  }\n});\n",
            "one:2+3 two:5+4 constructor:10+3 get:13+2 three:17+2");
        row("typescript", "src/a.ts",
            "export async function one<T>(a: T): Promise<void> {\n}\nexport class A {\n  private two(a: string): number {\n    return 1;\n  }\n}\n",
            "one:1+2 two:4+3");
        row("tests are left out", "tests/test_a.py", "def test_a():\n    pass\n", "");
        row("no source", "a.txt", "def f():\n    pass\n", "");
    }
    void findsFunctionsWithTheirLength()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, source);
        QFETCH(QString, functions);
        QStringList told;
        for (const SourceFunction &function : m_toolchains->functions(path, source))
            told += QStringLiteral("%1:%2+%3").arg(function.name).arg(function.line).arg(function.lines);
        QCOMPARE(told.join(u' '), functions);
    }

    void findsWhatASourceTakesInFromTheRepository_data()
    {
        QTest::addColumn<Files>("files"); // the first one is asked
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QString>("imports"); // unit:line ...
        const auto row = [](const char *name, const Files &files, const char *path, const char *imports) {
            QTest::newRow(name) << files << QByteArray(path) << QString::fromLatin1(imports);
        };
        row("python, absolute",
            {{"src/p/a.py",
              "import os, p.b\nimport p.sub as s\nfrom p import c, d as e\nfrom p.c import name\nif x:\n    from p import f\n"
              "'''\nimport p.g\n'''\n"},
             {"src/p/__init__.py", ""},
             {"src/p/b.py", ""},
             {"src/p/c.py", ""},
             {"src/p/d.py", ""},
             {"src/p/f.py", ""},
             {"src/p/g.py", ""},
             {"src/p/sub/__init__.py", ""},
             {"os.txt", ""}},
            "src/p/a.py", "src/p/b.py:1 src/p/sub/__init__.py:2 src/p/c.py:3 src/p/d.py:3");
        row("python, relative",
            {{"p/q/a.py",
              "from . import (\n    b,  # one\n    c,\n)\nfrom .. import d\nfrom ..e import f\nfrom ... import g\n"},
             {"p/q/__init__.py", ""},
             {"p/q/b.py", ""},
             {"p/q/c.py", ""},
             {"p/d.py", ""},
             {"p/e/__init__.py", ""},
             {"g.py", ""}},
            "p/q/a.py", "p/q/b.py:1 p/q/c.py:1 p/d.py:5 p/e/__init__.py:6 g.py:7");
        row("python, a name of the package",
            {{"p/a.py", "from . import VERSION\nfrom p import OTHER\n"}, {"p/__init__.py", ""}}, "p/a.py",
            "p/__init__.py:1");
        row("go",
            {{"go.mod", "module example.com/m\n"},
             {"a/a.go",
              "package a\n\nimport (\n\t\"fmt\"\n\tx \"example.com/m/b\" // why\n\t\"example.com/m\"\n\t\"example.com/mm/c\"\n)\n\nvar s = []string{\n\t\"example.com/m/d\",\n}\n"},
             {"b/b.go", ""},
             {"c/c.go", ""},
             {"d/d.go", ""},
             {"m.go", ""}},
            "a/a.go", "b:5 .:6");
        row("rust",
            {{"Cargo.toml", ""},
             {"src/lib.rs", ""},
             {"src/a/x.rs",
              "use std::io;\npub use crate::b::{self, c::{D, E}, F as G};\nuse super::y::Z;\nuse self::in_x::W;\nuse crate::a::V;\n    use crate::d::Q;\n"},
             {"src/a/mod.rs", ""},
             {"src/a/y.rs", ""},
             {"src/a/x/in_x.rs", ""},
             {"src/b.rs", ""},
             {"src/b/c.rs", ""},
             {"src/d.rs", ""}},
            "src/a/x.rs", "src/b.rs:2 src/b/c.rs:2 src/a/y.rs:3");
        row("c++",
            {{"src/a/x.h",
              "#include \"y.h\"\n#  include \"a/z.h\"\n#include <w.h>\n// #include \"v.h\"\n#include \"../top.h\"\n#include \"../../../out.h\"\n#include \"pub/p.h\"\n"},
             {"src/a/y.h", ""},
             {"src/a/z.h", ""},
             {"src/a/w.h", ""},
             {"src/a/v.h", ""},
             {"src/top.h", ""},
             {"include/pub/p.h", ""},
             {"CMakeLists.txt", ""}},
            "src/a/x.h", "src/a/y.h:1 src/a/z.h:2 src/top.h:5 include/pub/p.h:7");
        row("javascript and typescript",
            {{"src/a.ts",
              "import {\n  b,\n} from './b';\nimport './c.js';\nexport * from \"../d\";\nimport type { T } from './t';\nconst e = require('./e');\nimport x from 'react';\nconst s = \"import './f'\";\n"},
             {"src/b.ts", ""},
             {"src/c.ts", ""},
             {"d/index.js", ""},
             {"src/t.ts", ""},
             {"src/e.cjs", ""},
             {"src/f.js", ""},
             {"package.json", ""}},
            "src/a.ts", "src/b.ts:3 src/c.ts:4 d/index.js:5 src/e.cjs:7");
    }
    void findsWhatASourceTakesInFromTheRepository()
    {
        QFETCH(Files, files);
        QFETCH(QByteArray, path);
        QFETCH(QString, imports);
        QStringList told;
        for (const SourceImport &import : m_toolchains->imports(path, files.value(path), filesOf(files)))
            told += QStringLiteral("%1:%2").arg(QString::fromUtf8(import.unit)).arg(import.line);
        QCOMPARE(told.join(u' '), imports);
    }

    void survivesHostileSources_data()
    {
        QTest::addColumn<QByteArray>("source");
        QTest::newRow("braces") << QByteArray("f(){").repeated(200'000);
        QTest::newRow("uses") << QByteArray("use crate::{{{{a,").repeated(50'000);
        QTest::newRow("names") << "from . import " + QByteArray("a,").repeated(400'000);
        QTest::newRow("parens") << QByteArray("a((((").repeated(200'000) + "{\n}";
        QTest::newRow("up") << "from " + QByteArray(100'000, '.') + " import x\n";
        QTest::newRow("words") << QByteArray("a b c d ").repeated(100'000) + "(x) {}";
        QTest::newRow("not text") << QByteArray("\0\xff\xfe\n", 4).repeated(100'000);
    }
    void survivesHostileSources()
    {
        QFETCH(QByteArray, source);
        for (const char *path : {"a.py", "a.go", "a.rs", "a.cpp", "a.ts", "a.gleam"}) {
            QElapsedTimer timer;
            timer.start();
            const Files files{{path, source}, {"go.mod", "module a\n"}};
            m_toolchains->functions(path, source);
            m_toolchains->imports(path, source, filesOf(files));
            QVERIFY2(timer.elapsed() < 20'000, path);
        }
    }

    void testsAreNoPartOfTheGraph()
    {
        QVERIFY(!m_toolchains->importUnit("tests/test_a.py"));
        QVERIFY(!m_toolchains->importUnit("a_test.go"));
        QVERIFY(!m_toolchains->importUnit("README.md"));
        QCOMPARE(*m_toolchains->importUnit("a/b.go"), QByteArray("a"));
        QCOMPARE(*m_toolchains->importUnit("b.go"), QByteArray("."));
        QCOMPARE(*m_toolchains->importUnit("a/b.py"), QByteArray("a/b.py"));
    }

    void tellsTestsByFolderAndName()
    {
        const ToolchainInfo python = *m_toolchains->byName(QStringLiteral("python"));
        for (const char *path : {"tests/test_a.py", "tests/data/x.txt", "src/test_b.py", "web/a.test.ts", "a_test.go"})
            QVERIFY2(m_toolchains->isTest(python, path), path);
        for (const char *path : {"src/a.py", "README.md", "web/a.ts", "latest.py"})
            QVERIFY2(!m_toolchains->isTest(python, path), path);
    }
};

QTEST_GUILESS_MAIN(TestStructure)
#include "test_structure.moc"
