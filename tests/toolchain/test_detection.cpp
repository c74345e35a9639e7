// SPDX-License-Identifier: Apache-2.0
/// Which language a folder is in, and what is planned for its layout. No tool is run.
#include "core/base/host.h"
#include "tests/toolchain/toolrun.h"

#include <unistd.h>

using namespace openfactory;

class Detection : public QObject {
    Q_OBJECT

    std::unique_ptr<YamlToolchains> m_toolchains = loadToolchains();

    StagePlan plan(const Playground &ground, StageKind kind, const std::vector<RepoPath> &changed = {}) const
    {
        const auto info = m_toolchains->byName(QStringLiteral("python"));
        const auto made = m_toolchains->plan(*info, kind, ground.path(), QStringLiteral("/reports"), changed);
        if (!made)
            qFatal("%s", qPrintable(toText(made.error())));
        for (const auto *commands : {&made->commands, &made->fixes}) {
            for (const auto &command : *commands) {
                const bool allowed = std::ranges::any_of(
                    info->allowed, [&](const CommandPattern &pattern) { return fits(command.argv, pattern.words); });
                if (!allowed)
                    QTest::qFail(qPrintable(command.argv.join(u' ')), __FILE__, __LINE__);
                if (command.program.isEmpty() || command.howToInstall.isEmpty())
                    QTest::qFail("a command does not say what it needs", __FILE__, __LINE__);
            }
        }
        return *made;
    }

private Q_SLOTS:
    void findsPython_data()
    {
        QTest::addColumn<QStringList>("files");
        QTest::addColumn<QString>("evidence");
        const auto row = [](const char *name, const QStringList &files, const char *evidence) {
            QTest::newRow(name) << files << QString::fromUtf8(evidence);
        };
        const auto s = [](const char *text) { return QString::fromUtf8(text); };
        row("pyproject", {s("setup.py"), s("pyproject.toml")}, "pyproject.toml");
        row("setup.py", {s("setup.py")}, "setup.py");
        row("requirements", {s("requirements.txt")}, "requirements.txt");
        row("sub-folder", {s("README"), s("backend/pyproject.toml")}, "backend/pyproject.toml");
        row("loose files", {s("b.txt"), s("deep/er/a.py")}, "deep/er/a.py");
        row("with a front end", {s("package.json"), s("pyproject.toml"), s("a.py")}, "pyproject.toml");
        row("front end below", {s("web/package.json"), s("pyproject.toml"), s("a.py")}, "pyproject.toml");
    }

    void findsPython()
    {
        QFETCH(QStringList, files);
        QFETCH(QString, evidence);
        Playground ground;
        for (const QString &file : files)
            ground.write(qPrintable(file), "");
        const auto found = m_toolchains->detect(ground.path());
        QVERIFY2(found, qPrintable(found ? QString() : toText(found.error())));
        QCOMPARE(found->front().language, QStringLiteral("python"));
        QCOMPARE(found->front().evidence, evidence);
        QVERIFY(!found->front().allowed.empty());
    }

    void findsTheOtherLanguages()
    {
        for (const auto &[file, language] : {std::pair{"go.mod", "go"},
                                             {"Cargo.toml", "rust"},
                                             {"package.json", "javascript"},
                                             {"gleam.toml", "gleam"},
                                             {"CMakeLists.txt", "cpp"},
                                             {"server/go.mod", "go"}}) {
            Playground ground;
            ground.write(file, "");
            ground.write("scripts/helper.py", ""); // loose files do not outweigh a project
            const auto found = m_toolchains->detect(ground.path());
            QVERIFY2(found, qPrintable(found ? QString() : toText(found.error())));
            QCOMPARE(found->front().language, QString::fromUtf8(language));
            QCOMPARE(found->front().evidence, QString::fromUtf8(file));
            QCOMPARE(found->front().others, QStringList{QStringLiteral("python")});
        }
    }

    void prefersTheLanguageWithMostSources()
    {
        Playground ground;
        for (const char *file : {"package.json", "web/a.js", "web/b.js", "server/go.mod", "server/a.go", "server/b.go",
                                 "server/c.go", "tool.py", "t/a.py", "t/b.py", "t/c.py", "t/d.py"})
            ground.write(file, "");
        const auto found = m_toolchains->detect(ground.path());
        QVERIFY(found);
        QStringList names;
        for (const auto &info : *found)
            names += info.language;
        QCOMPARE(names, (QStringList{QStringLiteral("go"), QStringLiteral("javascript"), QStringLiteral("python")}));
        QCOMPARE(found->at(1).others, (QStringList{QStringLiteral("go"), QStringLiteral("python")}));
    }

    void saysWhatIsRecognisedButNotBuilt()
    {
        QTemporaryDir dir;
        for (const auto &[name, yaml] : {std::pair{"a.yaml", "language: a\nstages: {}\nlayout: {sources: ['*.a']}\n"},
                                         {"b.yaml", "language: b\ntitle: B\nbuilt: false\nprojectFiles: [b.mod]\n"}}) {
            QFile file(dir.filePath(QString::fromUtf8(name)));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(yaml);
        }
        const auto toolchains = YamlToolchains::load(dir.path());
        QVERIFY2(toolchains, qPrintable(toolchains ? QString() : toText(toolchains.error())));
        Playground ground;
        ground.write("server/b.mod", "");
        ground.write("x.a", "");
        const auto found = (*toolchains)->detect(ground.path());
        QVERIFY(!found && found.error().kind == ErrorKind::Unsupported);
        QVERIFY(toText(found.error()).contains(QStringLiteral("B is recognised (server/b.mod) but not built yet")));
        QVERIFY(found.error().hint.contains(QStringLiteral("language:"))
                && found.error().hint.contains(QStringLiteral("built: a")));
        const auto named = (*toolchains)->byName(QStringLiteral("b"));
        QVERIFY(!named && named.error().said.contains(QStringLiteral("not built yet")));
    }

    // Go: every module by itself, also below another one; CMake, cargo: the root owns all.
    void findsProjectsWhereTheyAre()
    {
        Playground ground;
        for (const char *file :
             {"go.mod", "a.go", "sub/go.mod", "sub/b.go", "sub/deep/go.mod", "sub/deep/c.go", "tool/x.go"})
            ground.write(file, "module m\n");
        const auto go = m_toolchains->byName(QStringLiteral("go"));
        const auto plan = m_toolchains->plan(*go, StageKind::Coverage, ground.path(), QStringLiteral("/reports"), {});
        QVERIFY(plan);
        QStringList folders, profiles;
        for (const auto &command : plan->commands) {
            folders += command.folder;
            profiles += command.reports.at(1).kind + u' ' + command.reports.at(1).path;
        }
        QCOMPARE(folders, (QStringList{QStringLiteral("sub"), QStringLiteral("sub/deep"), QString()}));
        QCOMPARE(profiles, (QStringList{QStringLiteral("go-cover=m@sub cover.out"),
                                        QStringLiteral("go-cover=m@sub/deep cover-2.out"),
                                        QStringLiteral("go-cover=m cover-3.out")}));
        Playground workspace;
        for (const char *file : {"Cargo.toml", "a/Cargo.toml", "a/src/lib.rs", "b/Cargo.toml", "b/src/lib.rs"})
            workspace.write(file, "");
        const auto rust = m_toolchains->byName(QStringLiteral("rust"));
        const auto check = m_toolchains->plan(*rust, StageKind::Implement, workspace.path(),
                                              QStringLiteral("/home/reports-1"), {});
        QVERIFY(check && check->commands.size() == 1);
        QCOMPARE(check->commands[0].folder, QString());
        QCOMPARE(check->commands[0].environment.at(QStringLiteral("CARGO_TARGET_DIR")),
                 QStringLiteral("/home/.cache/cargo"));
    }

    void namesTheToolsOfEachLanguage()
    {
        QStringList lines;
        for (const auto &tool : m_toolchains->tools())
            lines += tool.program + QStringLiteral(" | ") + tool.use + QStringLiteral(" | ") + tool.howToInstall;
        for (const QString &line :
             QStringList{QStringLiteral("python3 -m black | Python: lint | ") + howToInstall(QStringLiteral("black")),
                         QStringLiteral("gosec | Go: security | go install "),
                         QStringLiteral("python3 -m pytest | Python: unit-test, integration | ")
                             + howToInstall(QStringLiteral("python3-pytest"))})
            QVERIFY2(lines.filter(line).size() == 1, qPrintable(lines.join(u'\n')));
    }

    void saysWhatIsKnownWhereNothingIsRecognised()
    {
        Playground ground;
        ground.write("README.md", "");
        ground.write(".venv/x.py", "");
        ground.write("node_modules/y.py", "");
        const auto found = m_toolchains->detect(ground.path());
        QVERIFY(!found && found.error().kind == ErrorKind::Unsupported);
        QVERIFY(found.error().hint.contains(QStringLiteral("contract.yaml")));
        QVERIFY(!m_toolchains->detect(ground.path() + QStringLiteral("/none")));
        const auto unknown = m_toolchains->byName(QStringLiteral("cobol\x1b"));
        QVERIFY(!unknown && unknown.error().hint.contains(QStringLiteral("python"))
                && !toText(unknown.error()).contains(QChar(0x1b)));
    }

    void followsNoLinkAndMindsNoStrangeName()
    {
        Playground ground;
        ground.write("pyproject.toml", "");
        ground.write("pkg/__init__.py", "");
        QVERIFY(::symlink("/", qPrintable(ground.path() + QStringLiteral("/root"))) == 0);
        QVERIFY(::symlink("..", qPrintable(ground.path() + QStringLiteral("/pkg/up"))) == 0);
        ground.write("pkg/new\nline.py", "");
        ground.write("pkg/-option.py", "");
        ground.write("-r.py", "");
        ground.write("@file.py", "");
        QVERIFY(::symlink("/etc/passwd", qPrintable(ground.path() + QStringLiteral("/link.py"))) == 0);
        QVERIFY(QFile(ground.path() + QStringLiteral("/pkg/x.py")).open(QIODevice::WriteOnly));
        const QByteArray bytes = ground.path().toUtf8() + "/pkg/\xff.py";
        QVERIFY(::link(qPrintable(ground.path() + QStringLiteral("/pkg/x.py")), bytes.constData()) == 0);
        const auto lint = plan(ground, StageKind::Lint,
                               {"pkg/new\nline.py", "pkg/-option.py", "-r.py", "@file.py", "link.py", "pkg/\xff.py",
                                "../x.py", "/etc/x.py", "gone.py"});
        const QStringList argv = lint.commands.at(0).argv;
        QCOMPARE(
            argv.mid(argv.indexOf(QStringLiteral("--no-color")) + 1),
            (QStringList{QStringLiteral("pkg/-option.py"), QStringLiteral("./-r.py"), QStringLiteral("./@file.py")}));
        QVERIFY(::unlink(bytes.constData()) == 0); // Qt cannot name it, so it could not clean up
    }

    void plansNothingForAChangeWithoutSources()
    {
        Playground ground;
        ground.write("pyproject.toml", "");
        ground.write("pkg/__init__.py", "");
        ground.write("tests/test_a.py", "");
        for (const auto kind : {StageKind::Lint, StageKind::Static, StageKind::Security}) {
            const auto made = plan(ground, kind, {"README.md", "gone.py"});
            QVERIFY(made.commands.empty() && !made.nothingToDo.isEmpty());
        }
        QVERIFY(plan(ground, StageKind::Security, {"tests/test_a.py"}).commands.empty()); // tests may assert
        QVERIFY(!plan(ground, StageKind::Lint, {"tests/test_a.py"}).commands.empty());
        const auto review = plan(ground, StageKind::Deploy);
        QVERIFY(review.commands.empty() && review.nothingToDo.contains(QStringLiteral("Python")));
    }

    void usesTheFormatterThatTheRepositoryUses()
    {
        Playground plain;
        plain.write("a.py", "");
        auto lint = plan(plain, StageKind::Lint, {"a.py"});
        QCOMPARE(lint.commands.size(), 2u);
        QVERIFY(lint.fixes.empty()); // nothing is rewritten where nobody asked for black
        Playground black;
        black.write("pyproject.toml", "[tool.black]\nline-length = 100\n");
        black.write("a.py", "");
        lint = plan(black, StageKind::Lint, {"a.py"});
        QCOMPARE(lint.fixes.size(), 1u);
        QVERIFY(lint.commands.at(1).argv.contains(QStringLiteral("--max-line-length=100")));
        Playground ruff;
        ruff.write("pyproject.toml", "[tool.ruff.lint]\nselect = []\n[tool.black]\nline-length = 'x'\n[tool.ruff]\n");
        ruff.write("a.py", "");
        QCOMPARE(plan(ruff, StageKind::Lint, {"a.py"}).commands.size(), 1u);
        Playground own;
        own.write("setup.cfg", "[flake8]\nmax-line-length = 120\n");
        own.write("a.py", "");
        lint = plan(own, StageKind::Lint, {"a.py"});
        for (const QString &word : std::as_const(lint.commands.at(1).argv))
            QVERIFY(!word.startsWith(QStringLiteral("--max-line-length")));
    }

    void splitsAListThatIsTooLong()
    {
        Playground ground;
        std::vector<RepoPath> changed;
        for (int i = 0; i < 900; ++i) {
            changed.push_back("pkg/m" + QByteArray::number(i) + ".py");
            ground.write(changed.back().constData(), "");
        }
        const auto made = plan(ground, StageKind::Security, changed);
        QCOMPARE(made.commands.size(), 3u);
        QSet<QString> reports;
        for (const auto &command : made.commands) {
            reports.insert(command.reports.at(0).path);
            QVERIFY(command.argv.contains(QStringLiteral("/reports/") + command.reports.at(0).path));
        }
        QCOMPARE(reports.size(), 3);
    }

    void mindsSettingsThatAreBroken()
    {
        for (const QByteArray &broken :
             {QByteArray("[tool.pytest\n"), QByteArray("a = " + QByteArray("[").repeated(100'000)),
              QByteArray("\0\xff", 2), QByteArray("tool = 3"),
              QByteArray("[tool]\npytest = 'x'\n[tool.black]\n = 1")}) {
            Playground ground;
            ground.write("pyproject.toml", broken);
            ground.write("setup.cfg", "no section\n  = \n[\n[]\n[tool:pytest]\n:\n=\n markers\n");
            ground.write("a.py", "");
            QCOMPARE(plan(ground, StageKind::UnitTest).commands.size(), 1u);
        }
        Playground ground; // a link for a settings file is not followed
        ground.write("a.py", "");
        ground.write("outside.toml", "[tool.black]\n");
        QVERIFY(::symlink("outside.toml", qPrintable(ground.path() + QStringLiteral("/pyproject.toml"))) == 0);
        QVERIFY(plan(ground, StageKind::Lint, {"a.py"}).fixes.empty());
    }
};

QTEST_GUILESS_MAIN(Detection)
#include "test_detection.moc"
