// SPDX-License-Identifier: Apache-2.0
/// Toolchain files are loaded strictly, and what they allow follows from what they run.
#include "core/domain/allowlist.h"
#include "core/domain/environmentnames.h"
#include "tests/toolchain/toolrun.h"

using namespace openfactory;

class ToolchainFiles : public QObject {
    Q_OBJECT

    static QByteArray with(const QByteArray &words, const QByteArray &more = {})
    {
        return "language: x\nprojectFiles: [x.toml]\nconfigs:\n  c: [{file: c.ini, section: s}]\nfacts:\n  f: [{config: c}]\n"
               "values:\n  v: {config: c, key: k, otherwise: 3}\nstages:\n  lint:\n    commands:\n      - program: t\n        words: "
               + words + "\n" + more;
    }

private Q_SLOTS:
    void loadsTheBuiltInFiles()
    {
        const auto toolchains = YamlToolchains::load();
        QVERIFY2(toolchains, qPrintable(toolchains ? QString() : toText(toolchains.error())));
        QVERIFY((*toolchains)->byName(QStringLiteral("python")));
    }

    void refusesWrongFilesWithTheirPlace_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const QByteArray &yaml, const char *said) {
            QTest::newRow(name) << yaml << QString::fromUtf8(said);
        };
        row("unknown key", "language: x\nfoo: 1\n", "unknown key \"foo\"");
        row("no language", "title: x\n", "language");
        row("unknown stage", "language: x\nstages: {nope: {}}\n", "no stage \"nope\"");
        row("unknown fact", with("[t, {when: [g], words: [a]}]"), "no fact \"g\"");
        row("unknown config", "language: x\nfacts: {a: [{config: none}]}\n", "no config \"none\"");
        row("two sources of a fact", "language: x\nfacts: {a: [{file: a, folder: b}]}\n", "exactly one");
        row("unknown placeholder", with("[t, \"{foo}\"]"), "unknown placeholder");
        row("unknown list", with("[t, \"{foo...}\"]"), "no list");
        row("list before the end", with("[t, \"{changed...}\", x]"), "last word");
        row("list before the end under a fact", with("[t, \"{changed...}\", {when: [f], words: [x]}]"), "last word");
        row("unknown value", with("[t, \"--n={value:w}\"]"), "value");
        row("unknown fragment", with("[t, {use: none}]"), "no fragment \"none\"");
        row("fragment in a fragment", "language: x\nfragments: {a: [x], b: [{use: a}]}\n", "words");
        row("wrong word in a fragment", "language: x\nfragments: {a: [\"{foo}\"]}\n", "unknown placeholder");
        row("fragment with more",
            "language: x\nfragments: {a: [x]}\nstages: {lint: {commands: [{words: [t, {use: a, when: []}]}]}}\n",
            "unknown key \"when\"");
        row("nesting", "language: x\nnesting: deep\n", "apart, inside or each");
        row("text without a group", "language: x\ntexts: {m: {file: a, matches: b}}\n", "group");
        row("unknown text", with("[t]", "        reports: [{kind: \"junit={text:m}\"}]\n"), "text");
        row("text in a word", with("[t, \"{text:m}\"]"), "unknown placeholder");
        row("count of nothing", "language: x\nreaders: {r: {tool: t, counts: ['a(?<b>c)']}}\n", "passed, failed");
        row("heading without a file", "language: x\nreaders: {r: {tool: t, patterns: [{match: a, heading: true}]}}\n",
            "file");
        row("wildcard", with("[t, \"*\"]"), "allowlist");
        row("rest", with("[t, \"...\"]"), "allowlist");
        row("program by path", with("[\"/bin/t\"]"), "name of a program");
        row("program by placeholder", with("[\"{reports}\"]"), "name of a program");
        row("no words", with("[]"), "name of a program");
        row("words under a fact only", with("[{when: [f], words: [t]}]"), "name of a program");
        row("part alone", with("[t, \"x{part}\"]"), "reports");
        row("exit code", with("[t]", "        pass: [300]\n"), "outside");
        row("wrong regex", "language: x\nadvice: [{matches: '(', suggestion: x}]\n", "regular expression");
        row("wrong severity", "language: x\nreaders: {r: {tool: t, patterns: [{match: a, severity: loud}]}}\n",
            "severity");
        row("report without kind", with("[t]", "        reports: [{path: x}]\n"), "kind");
        row("needs no list", with("[t]", "        needs: nothing\n"), "not a list");
    }

    void refusesWrongFilesWithTheirPlace()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, said);
        const auto loaded = loadLanguageFile(yaml, QStringLiteral("x.yaml"));
        QVERIFY(!loaded);
        QVERIFY2(toText(loaded.error()).contains(said), qPrintable(toText(loaded.error())));
        QVERIFY2(loaded.error().doing.contains(QStringLiteral("x.yaml:")), qPrintable(toText(loaded.error())));
    }

    void refusesFoldersWithoutAToolchainAndDoubleOnes()
    {
        QTemporaryDir dir;
        QVERIFY(!YamlToolchains::load(dir.path()));
        for (const char *name : {"a.yaml", "b.yaml"}) {
            QFile file(dir.filePath(QString::fromUtf8(name)));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(with("[t]"));
        }
        const auto twice = YamlToolchains::load(dir.path());
        QVERIFY(!twice && toText(twice.error()).contains(QStringLiteral("defined before")));
    }

    // A language that is nothing but a file: what later ones need.
    void runsALanguageThatIsOnlyAFile()
    {
        QTemporaryDir dir;
        QFile file(dir.filePath(QStringLiteral("toy.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(R"toy(language: toy
projectFiles: [toy.mod]
layout: {sources: ["*.toy"], testFiles: ["*_test.toy"], aside: [docs]}
configs: {toy: [{file: toy.ini, section: lint}]}
texts: {name: {file: toy.mod, matches: "^toy (\\w+)"}}
fragments: {mood: [{when: [strict], words: [--strict]}, {when: ["!strict"], words: [--lax]}]}
facts: {strict: [{config: toy, key: strict, matches: "^yes$"}]}
values: {width: {config: toy, key: width, otherwise: 80}}
stages:
  lint:
    stopAtFirst: true
    transient: [busy]
    commands:
      - program: toylint
        install: get toylint
        needs: changed
        nothing: no toys
        network: true
        optional: true
        pass: [0, 7]
        problems: [2]
        nothingCodes: [9]
        caches: [.toy]
        environment: {TOY_OUT: "{reports}/toy"}
        words: [toylint, "-w={value:width}", {use: mood}, "--out={reports}/l{part}.txt", "{changed...}"]
        reports: [{kind: "text:toy", path: "l{part}.txt"}, {kind: "own={text:name}"}]
readers:
  toy: {tool: toylint, counts: ["^(?<passed>\\d+) good, (?<failed>\\d+) bad"], patterns: [{match: "^(?<file>[^|\\n]+)[|](?<line>\\d+)[|](?<severity>\\w+)[|](?<message>.*)$", rule: toy}]}
advice: [{matches: "lost (\\w+)", suggestion: "find \\1"}]
)toy");
        file.close();
        const auto loaded = YamlToolchains::load(dir.path());
        QVERIFY2(loaded, qPrintable(loaded ? QString() : toText(loaded.error())));
        Playground ground;
        ground.write("toy.mod", "toy box\n");
        ground.write("toy.ini", "[lint]\nwidth: 72\nstrict = yes\n");
        ground.write("a.toy", "");
        const auto info = (*loaded)->detect(ground.path());
        QVERIFY(info);
        QStringList patterns;
        for (const auto &pattern : info->front().allowed)
            patterns += pattern.words.join(u' ');
        patterns.sort();
        QCOMPARE(patterns, (QStringList{QStringLiteral("toylint -w={int} --lax --out={path} {paths...}"),
                                        QStringLiteral("toylint -w={int} --strict --out={path} {paths...}")}));
        const auto plan = (*loaded)->plan(info->front(), StageKind::Lint, ground.path(), QStringLiteral("/r"),
                                          {"a.toy", "b.txt"});
        QVERIFY(plan && plan->commands.size() == 1 && plan->stopAtFirst);
        const auto &command = plan->commands[0];
        QCOMPARE(command.argv.join(u' '), QStringLiteral("toylint -w=72 --strict --out=/r/l.txt a.toy"));
        QCOMPARE(command.environment.at(QStringLiteral("TOY_OUT")), QStringLiteral("/r/toy"));
        QCOMPARE(command.reports.at(1).kind, QStringLiteral("own=box"));
        QVERIFY(command.network && command.optional && command.passCodes == (std::vector<int>{0, 7})
                && command.problemCodes == std::vector<int>{2} && command.nothingCodes == std::vector<int>{9}
                && command.caches == QStringList{QStringLiteral(".toy")});
        const auto report = (*loaded)->read(
            QStringLiteral("text:toy"), "\x1b[1;31ma.toy\x1b[0m|3|warning|lost ball\n2 good, 1 bad\n3 good, 0 bad\n",
            QStringLiteral("/w"));
        QVERIFY(report && report->findings.size() == 1);
        QCOMPARE(report->tests, (TestCounts{5, 1, 0}));
        QVERIFY(!(*loaded)->read(QStringLiteral("text:toy"), "good, bad\n", QStringLiteral("/w"))->tests);
        QVERIFY(report->findings[0].severity == Severity::Warning
                && report->findings[0].suggestion == QStringLiteral("find ball"));
    }

    // docs/toolchains.md adds a language that is not in the list: what stands there is tried.
    void runsTheLanguageOfTheDocumentation()
    {
        QFile page(QStringLiteral(DOCS_FOLDER "/toolchains.md"));
        QVERIFY(page.open(QIODevice::ReadOnly));
        const QByteArray text = page.readAll();
        const qsizetype from = text.indexOf("```yaml\n") + 8;
        QTemporaryDir dir;
        QFile file(dir.filePath(QStringLiteral("perl.yaml")));
        QVERIFY(from > 8 && file.open(QIODevice::WriteOnly));
        file.write(text.mid(from, text.indexOf("```", from) - from));
        file.close();
        const auto loaded = YamlToolchains::load(dir.path());
        QVERIFY2(loaded, qPrintable(loaded ? QString() : toText(loaded.error())));
        if (!QFile::exists(QStringLiteral("/usr/bin/prove")))
            QSKIP("perl is not installed");
        Playground ground;
        ground.write("cpanfile", "");
        ground.write("lib/Shop.pm", "package Shop;\nuse strict;\nsub price { $_[0] * $_[1] }\n1;\n");
        ground.write("t/shop.t", "use Test::More;\nuse Shop;\nis(Shop::price(2, 3), 6, 'price');\n"
                                 "is(Shop::price(2, 2), 5, 'wrong');\nSKIP: { skip 'later', 1; }\ndone_testing;\n");
        StageRun run = ground.stage(**loaded, StageKind::Implement, {"lib/Shop.pm", "t/shop.t"});
        QVERIFY2(run.runs.size() == 1 && run.runs[0].passed() && run.report.findings.empty(), qPrintable(run.all()));
        run = ground.stage(**loaded, StageKind::UnitTest);
        QVERIFY2(run.runs.at(0).problem() && run.report.tests == (TestCounts{1, 1, 1}), qPrintable(run.all()));
        QVERIFY2(run.report.findings.at(0).file == "t/shop.t" && run.report.findings[0].line == 4
                     && run.report.findings[0].message.startsWith(QStringLiteral("wrong: # got: '4'")),
                 qPrintable(run.all()));
        ground.write("lib/Shop.pm", "package Shop;\nuse strict;\nsub price { $amount }\n1;\n");
        run = ground.stage(**loaded, StageKind::Implement, {"lib/Shop.pm"});
        QVERIFY2(run.runs.at(0).problem() && run.report.findings.at(0).file == "lib/Shop.pm"
                     && run.report.findings[0].line == 3,
                 qPrintable(run.all()));
    }

    // What a toolchain allows, the sandbox's allowlist takes, and the plans' commands fit it.
    void allowsWhatTheAllowlistTakes_data()
    {
        QTest::addColumn<QString>("language");
        for (const char *name : {"cpp", "gleam", "go", "javascript", "python", "rust"})
            QTest::newRow(name) << QString::fromUtf8(name);
    }

    void allowsWhatTheAllowlistTakes()
    {
        QFETCH(QString, language);
        const auto toolchains = loadToolchains();
        const auto info = toolchains->byName(language);
        QVERIFY(info && !info->allowed.empty());
        for (const auto &pattern : info->allowed) {
            const auto sound = checkPattern(pattern);
            QVERIFY2(sound, qPrintable(sound ? QString() : toText(sound.error())));
        }
        // Everything that turns a command on, so that each one is planned.
        Playground ground;
        std::vector<RepoPath> changed;
        for (const char *name : {"a.go", "b_test.go", "src/lib.rs", "tests/x.rs", "src/a.cpp", "src/a.js", "a.py",
                                 "src/a.gleam", "tests/integration/test_a.py"}) {
            ground.write(name, "//go:build integration\n");
            changed.push_back(name);
        }
        for (const char *name : {"go.mod", "Cargo.toml", "Cargo.lock", "CMakeLists.txt", ".clang-format", ".clang-tidy",
                                 "gleam.toml", "tsconfig.json", "node_modules/typescript/bin/tsc",
                                 "node_modules/eslint/bin/eslint.js", "node_modules/c8/bin/c8.js", "pyproject.toml"})
            ground.write(name, "");
        for (const char *scripts :
             {"{}", R"({"scripts": {"test": "mocha", "lint": "x", "build": "y", "test:integration": "z"}})",
              R"({"scripts": {"test": "node --test test/"}})"}) {
            ground.write("package.json", scripts);
            for (const StageKind kind :
                 {StageKind::Implement, StageKind::UnitTest, StageKind::Coverage, StageKind::Lint, StageKind::Static,
                  StageKind::Integration, StageKind::Security}) {
                const auto plan = toolchains->plan(*info, kind, ground.path(), QStringLiteral("/home/job/reports-1"),
                                                   changed);
                QVERIFY(plan);
                for (const auto *commands : {&plan->commands, &plan->fixes}) {
                    for (const auto &command : *commands) {
                        const auto allowed = checkAllowed(command.argv, info->allowed,
                                                          {QStringLiteral("/workspace"), QStringLiteral("/home/job")});
                        QVERIFY2(allowed, qPrintable(allowed ? QString() : toText(allowed.error())));
                        for (const auto &[name, value] : command.environment)
                            QVERIFY2(checkEnvironmentName(name), qPrintable(name));
                        QVERIFY(!command.program.isEmpty() && !command.howToInstall.isEmpty());
                    }
                }
            }
        }
    }

    // Scope control: no pattern of ours lets a tool be given other options or another module.
    void allowsNothingBesideItsCommands()
    {
        const auto info = loadToolchains()->byName(QStringLiteral("python"));
        QVERIFY(info);
        const auto allowed = [&](const char *line) {
            const QStringList argv = QString::fromUtf8(line).split(u' ');
            return std::ranges::any_of(info->allowed,
                                       [&](const CommandPattern &pattern) { return fits(argv, pattern.words); });
        };
        QVERIFY(allowed("python3 -I -m black --check --no-color a.py b/c.py"));
        for (const char *line :
             {"python3", "python3 -c print(1)", "python3 -m black --check --no-color a.py", "python3 -I -m timeit x",
              "python3 a.py", "python3 -I -m black --check --no-color --config=/x a.py",
              "python3 -I -m black --check --no-color a.py -q", "python3 -I -m pytest", "python3 -I -m pytest -p evil",
              "python3 -I -m mypy --python-executable=x", "pytest", "black a.py"})
            QVERIFY2(!allowed(line), line);
        for (const auto &pattern : info->allowed)
            QVERIFY(pattern.builtIn && !pattern.words.contains(QStringLiteral("*"))
                    && !pattern.words.contains(QStringLiteral("...")));
    }

    // Test 19 of the hardening list, for the programs of our own: a further word, wherever it is put, is one too many.
    void noFurtherWordFitsAnyPattern()
    {
        const auto info = loadToolchains()->byName(QStringLiteral("python"));
        QVERIFY(info);
        const QStringList roots{QStringLiteral("/workspace"), QStringLiteral("/home/job")};
        const QStringList further{QStringLiteral("-c"),
                                  QStringLiteral("-p"),
                                  QStringLiteral("--config=x"),
                                  QStringLiteral("--python-executable=x"),
                                  QStringLiteral("--pdb"),
                                  QStringLiteral("--rcfile"),
                                  QStringLiteral("@options"),
                                  QStringLiteral("--"),
                                  QStringLiteral("-"),
                                  QStringLiteral("../x"),
                                  QStringLiteral("/etc/passwd"),
                                  QStringLiteral("~/x"),
                                  QStringLiteral("a\nb"),
                                  QStringLiteral("a\rb"),
                                  QString()};
        int tried = 0;
        for (const CommandPattern &pattern : info->allowed) {
            QStringList argv;
            for (const QString &word : pattern.words) {
                if (word == u"{paths...}")
                    argv << QStringLiteral("a.py") << QStringLiteral("b/c.py");
                else
                    argv << QString(word)
                                .replace(QStringLiteral("{path}"), QStringLiteral("/home/job/r"))
                                .replace(QStringLiteral("{int}"), QStringLiteral("88"));
            }
            const auto sound = checkAllowed(argv, {pattern}, roots);
            QVERIFY2(sound, qPrintable(sound ? QString() : toText(sound.error())));
            for (qsizetype at = 0; at <= argv.size(); ++at) {
                // A few of them at each place: the patterns are many and alike.
                for (qsizetype i = 0; i < 3; ++i) {
                    QStringList more = argv;
                    more.insert(at, further[(at + tried) % further.size()]);
                    QVERIFY2(!checkAllowed(more, {pattern}, roots), qPrintable(more.join(u' ')));
                    ++tried;
                }
            }
        }
        QVERIFY(tried > 1000);
    }
};

QTEST_GUILESS_MAIN(ToolchainFiles)
#include "test_toolchainfiles.moc"
