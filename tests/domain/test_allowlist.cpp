// SPDX-License-Identifier: Apache-2.0
#include "core/domain/allowlist.h"

#include <QTest>

using namespace openfactory;

namespace {

std::vector<CommandPattern> patterns(std::initializer_list<const char *> lines)
{
    std::vector<CommandPattern> all;
    for (const char *line : lines)
        all.push_back({QString::fromUtf8(line).split(u' ')});
    return all;
}

QStringList words(const char *line)
{
    return QString::fromUtf8(line).split(u' ');
}

const QStringList roots{QStringLiteral("/workspace"), QStringLiteral("/data/reports")};

bool allowed(const QStringList &argv, const std::vector<CommandPattern> &list)
{
    return checkAllowed(argv, list, roots).has_value();
}

} // namespace

class AllowlistTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void refusesWhatNoPatternNames();
    void matchesWordByWord_data();
    void matchesWordByWord();
    void refusesGadgets_data();
    void refusesGadgets();
    void refusesProgramsThatRunOthersEvenWhenNamed_data();
    void refusesProgramsThatRunOthersEvenWhenNamed();
    void refusesAProgramThatIsNoBareName_data();
    void refusesAProgramThatIsNoBareName();
    void refusesControlCharactersAnywhere_data();
    void refusesControlCharactersAnywhere();
    void letsAShellRunOneScriptFileOnly();
    void refusesPatternsThatLeaveTheCodeOpen_data();
    void refusesPatternsThatLeaveTheCodeOpen();
    void namesTheNearestPatternAndHowToAllow();
    void showsHostileWordsEscaped();
};

void AllowlistTest::refusesWhatNoPatternNames()
{
    QVERIFY(!allowed(words("true"), {}));
    QVERIFY(!allowed({}, patterns({"true"})));
    QVERIFY(!allowed(words("false"), patterns({"true"})));
    QVERIFY(!allowed(words("true x"), patterns({"true"})));
    QVERIFY(!allowed(words("pytest"), patterns({"pytest -q"})));
    QVERIFY(!allowed(words("pytes"), patterns({"pytest"})));
    QVERIFY(!allowed(words("pytest3"), patterns({"pytest"})));
    QCOMPARE(checkAllowed(words("true"), {}, roots).error().kind, ErrorKind::Denied);
}

void AllowlistTest::matchesWordByWord_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("line");
    QTest::addColumn<bool>("fits");
    const auto row = [](const char *pattern, const char *line, bool fits) {
        QTest::newRow(qPrintable(QStringLiteral("%1 | %2").arg(QLatin1String(pattern), QLatin1String(line))))
            << QString::fromUtf8(pattern) << QString::fromUtf8(line) << fits;
    };
    row("flake8 *", "flake8 src", true);
    row("flake8 *", "flake8 -x", false);
    row("flake8 *", "flake8 a b", false);
    row("flake8 ...", "flake8", true);
    row("flake8 ...", "flake8 a b c", true);
    row("flake8 ...", "flake8 a --config=evil", false);
    row("flake8 -- ...", "flake8 -- a b", true);
    row("flake8 -- ...", "flake8 -- -c", false);
    row("flake8 ...", "flake8 -- a", false);
    row("flake8 {path}", "flake8 src/a.py", true);
    row("flake8 {path}", "flake8 ../a.py", false);
    row("flake8 {path}", "flake8 src/../../a.py", false);
    row("flake8 {path}", "flake8 /etc/passwd", false);
    row("flake8 {path}", "flake8 /workspace/a.py", true);
    row("flake8 {path}", "flake8 /workspace/../etc/passwd", false);
    row("flake8 {path}", "flake8 /workspaces/a.py", false);
    row("flake8 {path}", "flake8 /data/reports/x.xml", true);
    row("flake8 {path}", "flake8 @list", false);
    row("flake8 {path}", "flake8 ~/x", false);
    row("flake8 {path}", "flake8 -x", false);
    row("flake8 {paths...}", "flake8", true);
    row("flake8 {paths...}", "flake8 a b/c", true);
    row("flake8 {paths...}", "flake8 a @b", false);
    row("flake8 {paths...}", "flake8 a ../b", false);
    row("flake8 --max={int}", "flake8 --max=12", true);
    row("flake8 --max={int}", "flake8 --max=1x", false);
    row("flake8 --max={int}", "flake8 --max=-1", false);
    row("flake8 --max={int}", "flake8 --max=", false);
    row("flake8 -j {int}", "flake8 -j 4", true);
    row("flake8 -j {number}", "flake8 -j 4.5", true);
    row("flake8 -j {number}", "flake8 -j .5", false);
    row("pytest --junitxml={path}", "pytest --junitxml=/data/reports/j.xml", true);
    row("pytest --junitxml={path}", "pytest --junitxml=/tmp/j.xml", false);
    row("pytest --junitxml={path}", "pytest --junitxml=../j.xml", false);
    row("pytest --junitxml={path}", "pytest --junitxml=@x", false);
    row("pytest --junitxml={path}", "pytest --junitxml=-x", false);
    row("pytest --junitxml={path}", "pytest --junitxml", false);
    row("pytest -q ...", "pytest -q tests/test_a.py::test_b[x=1]", true);
    row("python3 -m pytest -q ...", "python3 -m pytest -q tests", true);
    row("python3 -m pytest -k *", "python3 -m pytest -k name", true);
    row("python3 {path} ...", "python3 tools/x.py a b", true);
    row("git status --short", "git status --short", true);
    row("make *", "make all", true);
    row("sed --sandbox -n 1,5p {path}", "sed --sandbox -n 1,5p a.txt", true);
}

void AllowlistTest::matchesWordByWord()
{
    QFETCH(QString, pattern);
    QFETCH(QString, line);
    QFETCH(bool, fits);
    QCOMPARE(allowed(line.split(u' '), {{pattern.split(u' ')}}), fits);
}

void AllowlistTest::refusesGadgets_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("line");
    const auto row = [](const char *pattern, const char *line) {
        QTest::newRow(qPrintable(QStringLiteral("%1 | %2").arg(QLatin1String(pattern), QLatin1String(line))))
            << QString::fromUtf8(pattern) << QString::fromUtf8(line);
    };
    row("git status ...", "git -c alias.status=!id status");
    row("git status ...", "git -C /elsewhere status");
    row("git status ...", "git status --ignored");
    row("git log ...", "git log --output=x");
    row("git ...", "git bisect run id");
    row("git *", "git gc");
    row("git grep *", "git grep -Oid x");
    row("git clone ...", "git clone ext::id x");
    row("git fetch ...", "git fetch --upload-pack=id x");
    row("git fetch ...", "git fetch ext::id");
    row("find ...", "find . -exec id ;");
    row("find ...", "find . -delete");
    row("find {paths...}", "find src -fprint x");
    row("make ...", "make --eval=x:;id");
    row("make ...", "make SHELL=/workspace/evil all");
    row("make *", "make CC=evil");
    row("make ...", "make -f evil.mk");
    row("env ...", "env -S id");
    row("env pytest", "env pytest");
    row("tar ...", "tar --checkpoint-action=exec=id -xf a.tar");
    row("tar ...", "tar xfI a.tar id");
    row("tar xf {path}", "tar xf a.tar -Iid");
    row("sed ...", "sed 1e a.txt");
    row("sed -n *", "sed -n 1e");
    row("sed --sandbox -n 1,5p {path}", "sed --sandbox -n 1,5p -i");
    row("awk ...", "awk BEGIN{system(\"id\")}");
    row("perl ...", "perl evil.pl");
    row("python3 -m *", "python3 -m timeit");
    row("python3 -m pytest ...", "python3 -m timeit");
    row("python3 -m pytest ...", "python3 -c pass");
    row("python3 ...", "python3 evil.py");
    row("python3 {path}", "python3 -mtimeit");
    row("python3.13 *", "python3.13 x.py");
    row("node ...", "node x.js");
    row("pip install ...", "pip install --index-url=http://x y");
    row("pytest ...", "pytest -p evil");
    row("pytest ...", "pytest --rootdir=/");
    row("pytest ...", "pytest -- -p evil");
    row("pytest ...", "pytest @options");
    row("gcc ...", "gcc @options");
    row("gcc {paths...}", "gcc -wrapper id a.c");
    row("mypy {paths...}", "mypy --python-executable=evil");
    row("black {paths...}", "black --config=../x");
    row("npx ...", "npx evil");
    row("cargo ...", "cargo run");
    row("go *", "go generate");
}

void AllowlistTest::refusesGadgets()
{
    QFETCH(QString, pattern);
    QFETCH(QString, line);
    const auto verdict = checkAllowed(line.split(u' '), {{pattern.split(u' ')}}, roots);
    QVERIFY(!verdict);
    QCOMPARE(verdict.error().kind, ErrorKind::Denied);
}

void AllowlistTest::refusesProgramsThatRunOthersEvenWhenNamed_data()
{
    QTest::addColumn<QString>("line");
    for (const char *line : {"env true",
                             "sudo true",
                             "su -c true",
                             "nsenter true",
                             "unshare true",
                             "setsid true",
                             "nohup true",
                             "timeout 1 true",
                             "xargs true",
                             "script -c true",
                             "busybox sh",
                             "ssh host",
                             "eval true",
                             "nice true",
                             "stdbuf -o0 true",
                             "flock x true",
                             "strace true",
                             "chroot x",
                             "bwrap true",
                             "watch true",
                             "socat x y",
                             "ld-linux-x86-64.so.2 x",
                             "setarch x86_64 true",
                             "linux64 true",
                             "parallel true",
                             "xvfb-run true",
                             "systemd-run true",
                             "less x",
                             "sh -c true",
                             "bash -c true",
                             "dash -c true",
                             "zsh -c true",
                             "bash",
                             "sh",
                             "bash -lc true",
                             "bash +x",
                             "sh5 -c true",
                             "git-env x",
                             "exec true",
                             "run-parts x"})
        QTest::newRow(line) << QString::fromLatin1(line);
}

void AllowlistTest::refusesProgramsThatRunOthersEvenWhenNamed()
{
    QFETCH(QString, line);
    const QStringList argv = line.split(u' ');
    // The pattern is the very command, word by word.
    QVERIFY(!allowed(argv, {{argv}}));
    QVERIFY(!checkPattern({argv}));
}

void AllowlistTest::refusesAProgramThatIsNoBareName_data()
{
    QTest::addColumn<QString>("program");
    for (const char *name : {"/usr/bin/true", "./true", "bin/true", "../true", "-true", "", ".", "..", "true ", "a b",
                             "X=1", "@true", "true\\"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void AllowlistTest::refusesAProgramThatIsNoBareName()
{
    QFETCH(QString, program);
    QVERIFY(!allowed({program}, {{{program}}}));
}

void AllowlistTest::refusesControlCharactersAnywhere_data()
{
    QTest::addColumn<QString>("word");
    QTest::newRow("nul") << QStringLiteral("a") + QChar(0) + QStringLiteral("b");
    QTest::newRow("lf") << QStringLiteral("a\nb");
    QTest::newRow("cr") << QStringLiteral("a\rb");
    QTest::newRow("escape") << QStringLiteral("\x1b[2J");
    QTest::newRow("delete") << QStringLiteral("\x7f");
    QTest::newRow("csi") << QString(QChar(0x9b));
    QTest::newRow("line separator") << QString(QChar(0x2028));
}

void AllowlistTest::refusesControlCharactersAnywhere()
{
    QFETCH(QString, word);
    QVERIFY(!allowed({QStringLiteral("echo"), word}, {{{QStringLiteral("echo"), QStringLiteral("*")}}}));
    QVERIFY(!allowed({QStringLiteral("echo"), word}, {{{QStringLiteral("echo"), word}}}));
    QVERIFY(!allowed({word}, {{{word}}}));
}

void AllowlistTest::letsAShellRunOneScriptFileOnly()
{
    QVERIFY(allowed(words("sh tools/check.sh"), patterns({"sh {path}"})));
    QVERIFY(allowed(words("bash tools/check.sh fast"), patterns({"bash tools/check.sh *"})));
    QVERIFY(!allowed(words("sh -c id"), patterns({"sh {path}", "sh -c *", "sh -c id"})));
    QVERIFY(!allowed(words("sh tools/check.sh"), patterns({"sh *", "sh ..."})));
    QVERIFY(!allowed(words("bash ../check.sh"), patterns({"bash {path}"})));
    QVERIFY(checkAllowed(words("sh -c id"), patterns({"sh {path}"}), roots)
                .error()
                .hint.contains(QStringLiteral("script in the repository")));
}

void AllowlistTest::refusesPatternsThatLeaveTheCodeOpen_data()
{
    QTest::addColumn<QString>("pattern");
    for (const char *line : {"python3 *", "python3 -m *", "python3 -c *", "python3 ...", "perl -e *", "sed *",
                             "sed -e a -e *", "git *", "git ...", "* x", "... x", "{path} x", "true ... x",
                             "true {paths...} x", "npm ...", "tar *", "sh *", "sh {paths...}", "awk {paths...}"})
        QTest::newRow(line) << QString::fromLatin1(line);
}

void AllowlistTest::refusesPatternsThatLeaveTheCodeOpen()
{
    QFETCH(QString, pattern);
    QVERIFY(!checkPattern({pattern.split(u' ')}));
}

void AllowlistTest::namesTheNearestPatternAndHowToAllow()
{
    const Error error = checkAllowed(words("pytest -q --cov=src tests"),
                                     patterns({"flake8", "pytest", "pytest -q ..."}), roots)
                            .error();
    QVERIFY2(error.said.contains(QStringLiteral("`pytest -q ...`")), qPrintable(error.said));
    QVERIFY2(error.said.contains(QStringLiteral("--cov=src")), qPrintable(error.said));
    QVERIFY2(error.hint.contains(QStringLiteral("allowed_commands")), qPrintable(error.hint));
    QVERIFY2(error.hint.contains(QStringLiteral("pytest -q --cov=src tests")), qPrintable(error.hint));
}

void AllowlistTest::showsHostileWordsEscaped()
{
    const Error error = checkAllowed({QStringLiteral("pytest"), QStringLiteral("\x1b]52;c;x\x07")}, {}, roots).error();
    QVERIFY(!toText(error).contains(QChar(0x1b)));
    const Error bidi = checkAllowed({QStringLiteral("pytest"), QString(QChar(0x202e)) + QStringLiteral("x")}, {}, roots)
                           .error();
    QVERIFY(!toText(bidi).contains(QChar(0x202e)));
}

QTEST_GUILESS_MAIN(AllowlistTest)
#include "test_allowlist.moc"
