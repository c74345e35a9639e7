// SPDX-License-Identifier: Apache-2.0
/// `go test -json -fullpath`: one event a line, and between them what the go command itself says (build errors).
#include "core/toolchain/reports.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <map>

namespace openfactory {

namespace {

constexpr qsizetype mostTextOfTest = 256 * 1024;
constexpr size_t mostTests = 1'000'000;

struct Unit {
    QString text;
    QString ending; ///< "pass", "fail", "skip"; empty while it runs

    void say(const QString &more)
    {
        if (text.size() < mostTextOfTest)
            text += more;
    }
};

struct Package {
    Unit whole;
    std::map<QString, Unit> tests;
    bool buildFailed = false;
};

/// A place in the tool's words, and the words there.
struct Cause {
    RepoPath file;
    int line = 0;
    QString message;
};

/// The assertion: "    /w/a_test.go:12: got 3"; or the panic, with the first frame of the workspace under it.
Cause causeIn(const QString &text, const ReportPaths &paths)
{
    static const QRegularExpression said(
        QStringLiteral("^ +([^\\s:][^:\\n]*\\.go):(\\d{1,9}): ?(.*(?:\\n {8}.*){0,12})"),
        QRegularExpression::MultilineOption);
    static const QRegularExpression panic(QStringLiteral("^(panic: .*|fatal error: .*)$"),
                                          QRegularExpression::MultilineOption);
    static const QRegularExpression frame(QStringLiteral("^\\t(/[^\\n:]+\\.go):(\\d{1,9})"),
                                          QRegularExpression::MultilineOption);
    Cause cause;
    if (const auto match = panic.match(text); match.hasMatch()) {
        cause.message = oneLine(match.captured(1));
        for (auto frames = frame.globalMatch(text, match.capturedEnd()); frames.hasNext() && cause.file.isEmpty();) {
            const auto at = frames.next();
            cause.file = paths.relative(at.captured(1));
            cause.line = cause.file.isEmpty() ? 0 : at.captured(2).toInt();
        }
        return cause;
    }
    // Without -fullpath a name stands alone, and nothing tells in which folder.
    for (auto matches = said.globalMatch(text); matches.hasNext();) {
        const auto match = matches.next();
        cause.message = oneLine(match.captured(3));
        cause.file = match.captured(1).contains(u'/') ? paths.relative(match.captured(1)) : RepoPath();
        cause.line = cause.file.isEmpty() ? 0 : match.captured(2).toInt();
        break;
    }
    return cause;
}

void add(Report &report, const QString &rule, const Cause &cause, const QString &test = {})
{
    if (report.findings.size() < mostFindings)
        report.findings.push_back({QStringLiteral("go test"),
                                   rule,
                                   Severity::Error,
                                   cause.file,
                                   cause.line,
                                   oneLine(cause.message),
                                   {},
                                   test});
}

void readPackage(Report &report, TestCounts &counts, const QString &name, const Package &package,
                 const ReportPaths &paths)
{
    const size_t before = report.findings.size();
    for (auto test = package.tests.begin(); test != package.tests.end(); ++test) {
        const auto &[testName, unit] = *test;
        // A test that a panic or the time limit caught never ends itself.
        const bool caught = unit.ending.isEmpty() && package.whole.ending == QStringLiteral("fail")
                            && unit.text.contains(QStringLiteral("panic: "));
        counts.passed += unit.ending == QStringLiteral("pass");
        counts.skipped += unit.ending == QStringLiteral("skip");
        if (unit.ending == QStringLiteral("pass") && report.passed.size() < mostNamedTests)
            report.passed << oneLine(name + u'.' + testName, 1000);
        const bool failed = caught || unit.ending == QStringLiteral("fail");
        counts.failed += failed;
        if (!failed)
            continue;
        Cause cause = causeIn(unit.text, paths);
        // Its sub-tests, which follow it in order, say why.
        const auto next = std::next(test);
        const bool parent = next != package.tests.end() && next->first.startsWith(testName + u'/');
        if (parent && cause.message.isEmpty())
            continue;
        cause.message = testName + QStringLiteral(": ") + (cause.message.isEmpty() ? unit.text : cause.message);
        add(report, QStringLiteral("failed"), cause, oneLine(name + u'.' + testName, 1000));
    }
    if (package.whole.ending == QStringLiteral("fail") && report.findings.size() == before && !package.buildFailed) {
        Cause cause = causeIn(package.whole.text, paths);
        cause.message = name + QStringLiteral(": ") + (cause.message.isEmpty() ? package.whole.text : cause.message);
        add(report, QStringLiteral("package"), cause);
    }
}

} // namespace

Result<Report> readGoTest(const QByteArray &bytes, const ReportPaths &paths, const TextReader *text)
{
    std::map<QString, Package> packages;
    QByteArray others; // of the compiler and of the go command
    size_t tests = 0;
    for (qsizetype at = 0; at < bytes.size();) {
        const qsizetype end = bytes.indexOf('\n', at) < 0 ? bytes.size() : bytes.indexOf('\n', at);
        const QByteArray line = bytes.sliced(at, end - at);
        at = end + 1;
        const QJsonObject event = line.startsWith('{') ? QJsonDocument::fromJson(line).object() : QJsonObject();
        const QString action = event.value(QStringLiteral("Action")).toString();
        const QString output = event.value(QStringLiteral("Output")).toString();
        const QString name = event.value(QStringLiteral("Package")).toString();
        if (action.startsWith(QStringLiteral("build-"))) {
            others += output.toUtf8();
        } else if (action.isEmpty() || name.isEmpty()) {
            others += line + '\n';
        } else {
            Package &package = packages[name];
            const QString testName = event.value(QStringLiteral("Test")).toString();
            if (!testName.isEmpty() && !package.tests.contains(testName) && ++tests > mostTests)
                return std::unexpected(reportError(QStringLiteral("it has more than %1 tests").arg(mostTests)));
            Unit &unit = testName.isEmpty() ? package.whole : package.tests[testName];
            if (action == QStringLiteral("output"))
                unit.say(output);
            else if (action == QStringLiteral("pass") || action == QStringLiteral("fail")
                     || action == QStringLiteral("skip"))
                unit.ending = action;
            package.buildFailed = package.buildFailed || event.contains(QStringLiteral("FailedBuild"))
                                  || output.contains(QStringLiteral("[build failed]"))
                                  || output.contains(QStringLiteral("[setup failed]"));
        }
    }
    Report report;
    if (text) { // what kept tests from running at all comes first
        OF_TRY(said, readText(others, paths, *text));
        report = std::move(said);
    }
    if (packages.empty() && report.findings.empty())
        return std::unexpected(reportError(QStringLiteral("no event of go test -json is in it")));
    TestCounts counts;
    for (const auto &[name, package] : packages) {
        if (package.whole.ending.isEmpty())
            return std::unexpected(
                reportError(QStringLiteral("it is cut short: package %1 has no end").arg(oneLine(name, 200))));
        readPackage(report, counts, name, package, paths);
    }
    if (!packages.empty())
        report.tests = counts;
    return report;
}

} // namespace openfactory
