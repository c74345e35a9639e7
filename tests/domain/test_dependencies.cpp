// SPDX-License-Identifier: Apache-2.0
#include "core/domain/toolchains.h"
#include "tests/testlib/expect.h"

using namespace openfactory;

namespace {

/// A file's change from the text of a diff: "@@ context", then lines that start with '+', '-' or ' '.
FileChange changeOf(const RepoPath &path, const QByteArray &diff)
{
    FileChange file;
    file.path = file.oldPath = path;
    file.oldMode = file.newMode = 0100644;
    int number = 0;
    for (const auto &line : diff.split('\n')) {
        if (line.startsWith("@@")) {
            file.hunks.push_back({line.mid(3), {}});
            continue;
        }
        if (file.hunks.empty())
            file.hunks.emplace_back();
        const auto kind = line.startsWith('+')   ? DiffLine::Kind::Added
                          : line.startsWith('-') ? DiffLine::Kind::Removed
                                                 : DiffLine::Kind::Context;
        number += kind != DiffLine::Kind::Removed;
        file.hunks.back().lines.push_back({kind, 0, kind == DiffLine::Kind::Removed ? 0 : number, line.mid(1)});
    }
    return file;
}

QString namesIn(const FileChange &file)
{
    QStringList names;
    for (const auto &found : newDependencies({{file}, {}}))
        names += found.name;
    return names.join(u' ');
}

} // namespace

class TestDependencies : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsWhatTheAddedLinesDeclare_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("diff");
        QTest::addColumn<QString>("names");
        const auto row = [](const char *name, const char *path, const char *diff, const char *names) {
            QTest::newRow(name) << QByteArray(path) << QByteArray(diff) << QString::fromLatin1(names);
        };
        // requirements files
        row("requirements", "requirements.txt",
            "+requests>=2 # why\n+Typing_Extensions\n+# comment\n+\n+--index-url x\n+a[b,c]==1; python_version<'3'\n+-r other.txt",
            "requests typing-extensions a other.txt");
        row("a further file", "requirements.txt", "+-r requirements-base.txt\n+--requirement=more.in\n+-rlist",
            "more.in list");
        row("requirements by other names", "requirements-dev.txt", "+pytest", "pytest");
        row("requirements in a folder", "requirements/test.txt", "+pytest", "pytest");
        row("pip-tools input", "requirements.in", "+pytest", "pytest");
        row("not a requirements file", "docs/notes.txt", "+pytest", "");
        row("requirement by address", "requirements.txt",
            "+-e git+https://x.org/y.git#egg=Some_Name\n+name @ https://x.org/z.whl\n+https://x.org/w.whl\n+-e .\n+./local",
            "some-name name https://x.org/w.whl");
        row("a new version is no new dependency", "requirements.txt", "-requests==1\n+Requests==2", "");
        row("what stands beside it is no new one", "requirements.txt",
            " requests==1\n+requests==1 ; python_version>'3'", "");
        row("removed", "requirements.txt", "-requests", "");
        row("moved without its pin", "requirements.txt", "-requests==1\n+reqwests==1", "reqwests");
        // pyproject.toml
        row("project list", "pyproject.toml",
            " [project]\n name = \"x\"\n dependencies = [\n   \"a>=1\",\n+  \"b\",  # why\n+  'c[d]~=1', \"e\",\n ]\n+keywords = [\"f\"]",
            "b c e");
        row("project list in one line", "pyproject.toml",
            " [project]\n-dependencies = [\"a\"]\n+dependencies = [\"a\", \"b>1\"]", "b");
        row("list opened above the hunk", "pyproject.toml", "@@ dependencies = [\n   \"a\",\n+  \"b\",\n ]", "b");
        row("other list opened above the hunk", "pyproject.toml", "@@ keywords = [\n   \"a\",\n+  \"b\",\n ]", "");
        row("nothing seen of the list", "pyproject.toml",
            "   \"a>=1\",\n+  \"b>=1\",\n+  \"Framework :: X\",\n+  \"plainword\",\n ]", "b");
        row("optional dependencies", "pyproject.toml",
            " [project.optional-dependencies]\n+test = [\"pytest\"]\n+docs = [\n+  \"sphinx\",\n+]", "pytest sphinx");
        row("dotted optional dependencies", "pyproject.toml", " [project]\n+optional-dependencies.test = [\"pytest\"]",
            "pytest");
        row("dependency groups", "pyproject.toml", "+[dependency-groups]\n+dev = [\"ruff\", {include-group = \"x\"}]",
            "ruff x");
        row("build system", "pyproject.toml", " [build-system]\n+requires = [\"setuptools>=61\"]", "setuptools");
        row("poetry", "pyproject.toml",
            " [tool.poetry.dependencies]\n python = \"^3.9\"\n+python = \"^3.10\"\n+Django = \"^4\"\n+x = {version = \"1\", optional = true}",
            "django x");
        row("poetry group", "pyproject.toml", "+[tool.poetry.group.dev.dependencies]\n+black = \"*\"", "black");
        row("poetry, section out of sight", "pyproject.toml",
            " a = \"^1\"\n+b = \"^2\"\n+c = {git = \"https://x.org/c\"}\n+version = \"1.2\"\n+requires-python = \">=3\"\n+line-length = 100",
            "b c");
        row("other sections", "pyproject.toml",
            " [tool.ruff]\n+select = [\"E501\"]\n+target-version = \"py39\"\n [project]\n+version = \"2.0\"\n+requires-python = \">=3.9\"\n+classifiers = [\"A :: B\"]",
            "");
        row("Pipfile", "Pipfile", " [packages]\n+flask = \"*\"\n [requires]\n+python_version = \"3.9\"", "flask");
        // C++
        row("CMake", "CMakeLists.txt",
            " project(x)\n+find_package(Qt6 6.8 REQUIRED COMPONENTS Core Network)\n+find_package(Threads REQUIRED) # stock\n"
            "+# find_package(No)\n+FetchContent_Declare(\n+  fmt\n+  GIT_REPOSITORY https://x.org/fmt)\n+add_library(y z.cpp)",
            "Qt6 fmt");
        row("CMake with pkg-config", "cmake/deps.cmake",
            "+pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib>=1.2 libpng)\n+message(\"find_package(No)\")",
            "zlib libpng");
        row("CMake, a new version", "CMakeLists.txt", "-find_package(Qt6 6.5)\n+find_package(Qt6 6.8)", "");
        row("CMake, a variable", "CMakeLists.txt", "+find_package(${NAME})\n+set(find_package Qt6)", "");
        row("vcpkg", "vcpkg.json",
            " {\n   \"name\": \"mine\",\n   \"dependencies\": [\n     \"zlib\",\n+    \"fmt\",\n+    { \"name\": \"curl\", \"platform\": \"linux\" }\n   ],\n"
            "+  \"builtin-baseline\": \"abc\",\n+  \"overrides\": [ { \"name\": \"zlib\", \"version\": \"1\" } ]\n }",
            "fmt curl");
        row("conan", "conanfile.txt",
            " [requires]\n+fmt/9.1.0\n+# no/1\n [options]\n+fmt/*:shared=True\n+[tool_requires]\n+cmake/3.31",
            "fmt cmake");
        // setup.cfg, setup.py
        row("setup.cfg", "setup.cfg",
            " [options]\n install_requires =\n   a\n+  b>=1\n+  c ; python_version<'3'\n+zip_safe = True\n [options.extras_require]\n+x = d",
            "b c d");
        row("setup.cfg below its key", "setup.cfg", "@@ install_requires =\n     a\n+    b", "b");
        row("setup.cfg elsewhere", "setup.cfg", " [flake8]\n+max-line-length = 100\n+exclude =\n+  build", "");
        row("setup.py", "setup.py",
            " setup(\n   name='x',\n   install_requires=[\n     'a',\n+    'b>=1', 'c',\n   ],\n+  packages=['p'],\n+  python_requires='>=3',\n+  extras_require={'test': ['pytest']},\n )",
            "b c pytest");
        row("setup.py in one line", "setup.py", "+INSTALL_REQUIRES = ['a', \"b\"]\n+NAMES = ['c']", "a b");
        row("setup.py, list out of sight", "setup.py",
            "@@ setup(\n+    'b>=1',\n+    'Programming Language :: Python',\n+    'word',", "b");
        // package.json
        row("package.json", "package.json",
            " {\n   \"dependencies\": {\n     \"a\": \"^1\",\n+    \"@scope/b\": \"1.2\",\n+    \"c\": \"whatever\"\n   },\n+  \"main\": \"1.js\"\n+  \"scripts\": {\n+    \"t\": \"1\"\n+  }",
            "@scope/b c");
        row("package.json, other lists", "package.json",
            "   \"devDependencies\": {\n+    \"a\": \"1\"\n   },\n   \"peerDependencies\": {\n+    \"b\": \"1\"\n   },\n   \"optionalDependencies\": {\n+    \"c\": \"1\"\n   }",
            "a b c");
        row("package.json, list out of sight", "package.json",
            "     \"a\": \"^1\",\n+    \"b\": \"~2\",\n+    \"version\": \"1.0.0\",\n+    \"test\": \"jest\",\n+    \"node\": \">=18\"",
            "b");
        row("package.json in one line", "package.json",
            "-{\"dependencies\":{\"a\":\"1\"}}\n+{\"dependencies\":{\"a\":\"1\",\"b\":\"2\"},\"main\":\"1\"}", "b");
        // go.mod, Cargo.toml, gleam.toml
        row("go.mod", "go.mod",
            " module example.org/x\n+go 1.22\n+require example.org/a v1.2.3\n require (\n   example.org/b v1.0.0\n+  example.org/c/v2 v2.0.0 // indirect\n )\n+exclude example.org/d v1.0.0\n+replace example.org/b => example.org/e v1.0.0\n+replace example.org/b => ../b",
            "example.org/a example.org/c/v2 example.org/e");
        row("go.mod, block out of sight", "go.mod", "@@ require (\n+  example.org/c v1.0.0", "example.org/c");
        row("go.mod, excluded block", "go.mod", "@@ exclude (\n+  example.org/c v1.0.0", "");
        row("Cargo.toml", "Cargo.toml",
            " [package]\n+version = \"1.2\"\n+edition = \"2021\"\n [dependencies]\n+serde = \"1\"\n+tokio = { version = \"1\" }\n+rand.workspace = true\n [features]\n+x = [\"serde\"]\n+[dev-dependencies.proptest]\n+version = \"1\"\n+[target.'cfg(unix)'.dependencies]\n+libc = \"0.2\"",
            "serde tokio rand proptest libc");
        row("Cargo.toml, section out of sight", "Cargo.toml",
            " a = \"1.0\"\n+b = \"2\"\n+c = { path = \"../c\" }\n+version = \"1.0\"\n+name = \"x\"", "b c");
        row("gleam.toml", "gleam.toml",
            " [dependencies]\n+gleam_json = \">= 1.0.0\"\n [dev-dependencies]\n+gleeunit = \"~> 1.0\"",
            "gleam_json gleeunit");
        row("in a sub-project", "sub/go.mod", "+require example.org/a v1.2.3", "example.org/a");
        row("a source file", "src/app.py", "+import requests", "");
    }
    void findsWhatTheAddedLinesDeclare()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, diff);
        QFETCH(QString, names);
        QCOMPARE(namesIn(changeOf(path, diff)), names);
    }

    void namesFileAndLine()
    {
        const auto found = newDependencies({{changeOf("requirements.txt", " a\n+b\n-c\n+d\n+b")}, {}});
        QCOMPARE(found.size(), size_t(2));
        QCOMPARE(found[0].file, RepoPath("requirements.txt"));
        QCOMPARE(found[0].line, 2);
        QCOMPARE(found[1].line, 3);
        QCOMPARE(found[1].ecosystem, QStringLiteral("python"));
    }

    void whatCannotBeSeenCountsAsNew()
    {
        FileChange binary = changeOf("requirements.txt", "");
        binary.hunks.clear();
        binary.binary = true;
        QCOMPARE(namesIn(binary), QStringLiteral("content that cannot be seen"));
        FileChange renamed = changeOf("requirements.txt", "");
        renamed.hunks.clear();
        renamed.status = FileStatus::Renamed;
        renamed.oldPath = "notes.md";
        QCOMPARE(namesIn(renamed), QStringLiteral("content that cannot be seen"));
        renamed.oldPath = "old/requirements.txt"; // the same manifest elsewhere
        QCOMPARE(namesIn(renamed), QString());
        FileChange grown = changeOf("requirements.txt", " a\n+b");
        grown.status = FileStatus::Renamed;
        grown.oldPath = "notes.md"; // what stood in the notes stands in a manifest now
        QCOMPARE(namesIn(grown), QStringLiteral("a b"));
        FileChange link = changeOf("requirements.txt", "+notes.md");
        link.newMode = 0120000;
        QCOMPARE(namesIn(link), QStringLiteral("content that cannot be seen"));
        FileChange gone = changeOf("requirements.txt", "-a");
        gone.status = FileStatus::Deleted;
        QCOMPARE(namesIn(gone), QString());
    }

    void approvalComparesPythonNamesInCanonicalForm()
    {
        Contract contract;
        contract.approvedDependencies = {QStringLiteral("Typing_Extensions"), QStringLiteral("lodash.merge")};
        QVERIFY(
            approves(contract, {"requirements.txt", 1, QStringLiteral("typing-extensions"), QStringLiteral("python")}));
        QVERIFY(!approves(contract, {"requirements.txt", 1, QStringLiteral("requests"), QStringLiteral("python")}));
        QVERIFY(approves(contract, {"package.json", 1, QStringLiteral("lodash.merge"), QStringLiteral("npm")}));
        QVERIFY(!approves(
            contract, {"package.json", 1, QStringLiteral("lodash-merge"), QStringLiteral("npm")})); // another package
    }

    void hugeLinesEndInTime()
    {
        for (const char *path :
             {"requirements.txt", "pyproject.toml", "setup.cfg", "setup.py", "package.json", "go.mod", "Cargo.toml"}) {
            for (const QByteArray &unit : {QByteArray("\"'"), QByteArray("[("), QByteArray("a"), QByteArray(" "),
                                           QByteArray("\"a\":{"), QByteArray("#\"")})
                namesIn(changeOf(path, '+' + unit.repeated(1'000'000)));
        }
    }
};

QTEST_GUILESS_MAIN(TestDependencies)
#include "test_dependencies.moc"
