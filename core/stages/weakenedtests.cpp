// SPDX-License-Identifier: Apache-2.0
#include "core/stages/weakenedtests.h"

#include "core/base/text.h"

#include <QRegularExpression>
#include <QSet>

namespace openfactory {

namespace {

/// By which test tools find a file, wherever it lies.
bool hasTestName(const RepoPath &path)
{
    static const QRegularExpression form(
        QStringLiteral("(^|/)(test_[^/]*|[^/]*_test\\.[a-z]+|[^/]*\\.(?:test|spec)\\.[a-z]+)$"));
    return form.match(QString::fromUtf8(path)).hasMatch();
}

/// Where a test tool reads which tests there are.
bool isTestSettings(const RepoPath &path)
{
    static const QRegularExpression form(QStringLiteral(
        "(^|/)(conftest\\.py|\\.?pytest\\.(?:ini|toml)|tox\\.ini|setup\\.cfg|pyproject\\.toml|package\\.json|"
        "(?:jest|vitest)\\.config\\.\\w+|\\.mocharc\\.?\\w*|CTestCustom\\.cmake|CMakeLists\\.txt)$"));
    return form.match(QString::fromUtf8(path)).hasMatch();
}

} // namespace

bool isTestFile(const RepoPath &path)
{
    static const QRegularExpression form(QStringLiteral(
        "(^|/)(tests?/.*|__tests__/.*|test_[^/]*|[^/]*_test\\.[a-z]+|[^/]*\\.(?:test|spec)\\.[a-z]+|conftest\\.py)$"));
    return form.match(QString::fromUtf8(path)).hasMatch();
}

int testsWithin(const RepoPath &path, const QByteArray &source)
{
    if (!path.endsWith(".rs"))
        return 0;
    static const QRegularExpression form(QStringLiteral("^[ \\t]*#\\[cfg\\((?:all\\()?test\\b"),
                                         QRegularExpression::MultilineOption);
    const QString text = QString::fromUtf8(source);
    const auto match = form.match(text);
    return match.hasMatch() ? int(QStringView(text).left(match.capturedStart()).count(u'\n')) + 1 : 0;
}

std::vector<Finding> weakenedTests(const ChangeSet &change, const TestsWithin &within)
{
    static const QRegularExpression test(QStringLiteral("^\\s*(?:async\\s+)?(?:def|func|fn)\\s+([Tt]est\\w*)"));
    static const QRegularExpression off(QStringLiteral(
        "\\bmark\\.(?:skip|xfail)|\\bpytest\\.skip\\(|\\bparametrize\\([^()\\[\\]]*,\\s*(?:\\[\\s*\\]|\\(\\s*\\))|^\\s*del\\s+[Tt]est\\w*|"
        "^\\s*[Tt]est\\w*\\s*=\\s*(?:None|False|lambda)\\b|\\bimportorskip\\(|\\b__test__\\s*=\\s*(?:False|0|None)|unittest\\.skip|@skip\\b|"
        "\\bt\\.Skip(?:f|Now)?\\(|#\\[ignore|\\b(?:it|test|describe)\\.(?:skip|todo|only)\\b|\\b(?:xit|xtest|xdescribe)\\("));
    static const QRegularExpression assertion(QStringLiteral(
        "^\\s*(?:#\\[(?:\\w+::)*test\\b|assert\\b|self\\.(?:assert|fail)|with (?:pytest\\.raises|self\\.assert)|t\\.(?:Error|Fatal|Fail)|"
        "(?:debug_)?assert(?:_eq|_ne)?!|expect\\(|assert\\.\\w+\\(|(?:EXPECT|ASSERT|REQUIRE|CHECK|QVERIFY|QCOMPARE)\\w*\\()"));
    // Words that have no other use there than to leave tests out.
    static const QRegularExpression leftOut(QStringLiteral(
        "\\bcollect_ignore(?:_glob)?\\b|\\bpytest_ignore_collect\\b|--(?:ignore(?:-glob)?|deselect)\\b|\\baddopts\\b.*[\\s\"'=]-[km]\\b|^\\s*[\"']-[km]\\b|"
        "^\\s*\"?(?:testpaths|python_(?:files|classes|functions)|norecursedirs|testMatch|testRegex|roots)\"?\\s*[=:]|"
        "\\b(?:testPathIgnorePatterns|testNamePattern|passWithNoTests)\\b|--passWithNoTests\\b|"
        "\\bCTEST_CUSTOM_TESTS_IGNORE\\b|\\b(?:DISABLED|WILL_FAIL)\\s+(?:TRUE|ON|1)\\b"));
    // These have other uses as well.
    static const QRegularExpression mayLeaveOut(QStringLiteral(
        "\\bpytest_(?:collection_(?:modifyitems|finish)|runtest_(?:protocol|makereport|call)|pyfunc_call|collect_file)\\b"));
    std::vector<Finding> findings;
    QSet<QString> added;
    struct Removed {
        RepoPath file;
        int line;
        QString name;
    };
    std::vector<Removed> removed;
    const auto report = [&](const RepoPath &file, int line, const QString &rule, const QString &message,
                            Severity severity = Severity::Error) {
        Finding finding;
        finding.severity = severity;
        finding.tool = QStringLiteral("boundary");
        finding.rule = rule;
        finding.file = file;
        finding.line = line;
        finding.message = message;
        finding.suggestion = QStringLiteral("keep the test, or take its removal to a job of its own");
        findings.push_back(finding);
    };
    for (const auto &file : change.files) {
        if (isTestSettings(file.path)) {
            for (const auto &hunk : file.hunks) {
                for (const auto &line : hunk.lines) {
                    if (line.kind != DiffLine::Kind::Added)
                        continue;
                    const QString text = QString::fromUtf8(line.text.left(2000));
                    if (leftOut.match(text).hasMatch())
                        report(file.path, line.newLine, QStringLiteral("test-switched-off"),
                               QStringLiteral("the settings leave tests out"));
                    else if (mayLeaveOut.match(text).hasMatch())
                        report(file.path, line.newLine, QStringLiteral("test-hook"),
                               QStringLiteral("a hook like this can leave tests out or change what they say"),
                               Severity::Warning);
                }
            }
        }
        const bool whole = isTestFile(file.path) || isTestFile(file.oldPath);
        const auto [oldFrom, newFrom] = whole || !within ? std::pair(0, 0) : within(file);
        if (!whole && oldFrom == 0 && newFrom == 0)
            continue;
        if (hasTestName(file.oldPath) && !hasTestName(file.path))
            report(file.path, 0, QStringLiteral("test-removed"),
                   QStringLiteral("%1 is renamed to a name that no test has").arg(displayPath(file.oldPath)));
        int assertions = 0; // of the file: removed ones less added ones
        int firstGone = 0;
        for (const auto &hunk : file.hunks) {
            for (const auto &line : hunk.lines) {
                if (line.kind == DiffLine::Kind::Context)
                    continue;
                const bool gone = line.kind == DiffLine::Kind::Removed;
                const int from = gone ? oldFrom : newFrom;
                if (!whole && (from == 0 || (gone ? line.oldLine : line.newLine) < from))
                    continue;
                const QString text = QString::fromUtf8(line.text.left(2000));
                const auto match = test.match(text);
                if (assertion.match(text).hasMatch()) {
                    assertions += line.kind == DiffLine::Kind::Removed ? 1 : -1;
                    if (firstGone == 0 && line.kind == DiffLine::Kind::Removed)
                        firstGone = line.oldLine;
                }
                if (line.kind == DiffLine::Kind::Added) {
                    if (match.hasMatch())
                        added.insert(match.captured(1));
                    if (off.match(text).hasMatch())
                        report(file.path, line.newLine, QStringLiteral("test-switched-off"),
                               QStringLiteral("a test is switched off"));
                } else if (match.hasMatch()) {
                    removed.push_back({file.path, line.oldLine, match.captured(1)});
                }
            }
        }
        if (assertions > 0)
            report(file.path, firstGone, QStringLiteral("assertion-removed"),
                   QStringLiteral("there are fewer assertions than before (%1)").arg(-assertions));
    }
    for (const auto &gone : removed) {
        if (!added.contains(gone.name)) // moved or rewritten under its name: still there
            report(gone.file, gone.line, QStringLiteral("test-removed"),
                   QStringLiteral("the test %1 is removed").arg(gone.name));
    }
    return findings;
}

} // namespace openfactory
