// SPDX-License-Identifier: Apache-2.0
/// JUnit XML has no standard: this takes pytest's dialect exactly, and from any other what is there.
#include "core/toolchain/reports.h"

#include <QRegularExpression>

#include <utility>

namespace openfactory {

namespace {

constexpr qsizetype mostTextOfCase = 256 * 1024; ///< of a failure's traceback; the end is what matters

struct Case {
    QString suite;
    QString className;
    QString name;
    QString file;
    int line = 0;
    enum Kind { Passed, Skipped, Failed, Errored } kind = Passed;
    QString message; ///< attribute of failure or error
    QString text;    ///< traceback
    QString output;  ///< what it printed
    bool todo = false;
};

/// The deepest frame of a traceback that lies in the workspace: where the assertion is, or where the code raised.
std::pair<RepoPath, int> placeIn(const QString &text, const ReportPaths &paths)
{
    // "tests/test_a.py:5: in test_a", "tests/test_a.py:5: AssertionError", "E     File "src/a.py", line 3"
    static const QRegularExpression frame(
        QStringLiteral(
            "^(?:E?[ \\t]*File \"([^\"\\n]{1,1000})\", line (\\d{1,9})|([^\\s:\"][^:\\n]{0,1000}):(\\d{1,9}): )"),
        QRegularExpression::MultilineOption);
    std::pair<RepoPath, int> found;
    for (auto matches = frame.globalMatch(text); matches.hasNext();) {
        const auto match = matches.next();
        const bool quoted = match.hasCaptured(1) && !match.captured(1).isEmpty();
        const QString name = match.captured(quoted ? 1 : 3);
        const RepoPath file = paths.relative(name);
        if (!file.isEmpty() && !name.startsWith(u'<')) // "<string>" is code without a file
            found = {file, match.captured(quoted ? 2 : 4).toInt()};
    }
    return found;
}

/// What failed, in the tool's words: the lines that pytest marks with E, or the message attribute.
QString causeIn(const Case &test)
{
    static const QRegularExpression marked(QStringLiteral("^E   +(.*)$"), QRegularExpression::MultilineOption);
    QStringList lines;
    for (auto matches = marked.globalMatch(test.text); matches.hasNext() && lines.size() < 12;)
        lines += matches.next().captured(1).trimmed();
    if (!lines.isEmpty())
        return lines.join(QStringLiteral("; "));
    // pytest's own words, where there is no traceback of what kept it from collecting.
    if (test.message == u"collection failure" && !test.text.trimmed().isEmpty())
        return test.message + QStringLiteral(": ") + test.text.trimmed().section(u'\n', 0, 0);
    return test.message.isEmpty() ? test.text : test.message;
}

/// The first line that speaks of a failure, of a program that has a form of its own.
QString failureIn(const QString &output)
{
    // A line that begins with it says more than one that has it in passing ("[pass] names that fail to parse").
    for (const char *form : {"^\\W*(?:fail(?:ed|ure)?|assert(?:ion)?)\\b.*$",
                             "^.*\\b(?:fail(?:ed|ure)?|assert(?:ion)?)\\b.*$", "^.*\\berror\\b.*$"}) {
        const QRegularExpression line(QString::fromLatin1(form),
                                      QRegularExpression::MultilineOption | QRegularExpression::CaseInsensitiveOption);
        if (const QString said = line.match(output).captured().trimmed(); !said.isEmpty())
            return said;
    }
    return {};
}

/// The line that names the place, and what is said below it.
QString linesAt(const QString &text, const QString &name, int number)
{
    qsizetype at = text.indexOf(name + QStringLiteral(":%1").arg(number));
    at = at < 0 ? text.indexOf(name + QStringLiteral("(%1").arg(number)) : at;
    return text.mid(text.lastIndexOf(u'\n', at) + 1).section(u'\n', 0, 5).left(600);
}

QString nameOf(const Case &test)
{
    return oneLine(test.className, 1000) + QStringLiteral("::") + oneLine(test.name, 1000);
}

Finding findingOf(const Case &test, const ReportPaths &paths)
{
    Finding finding;
    const bool pytest = test.suite == QStringLiteral("pytest");
    const bool collection = pytest && test.kind == Case::Errored
                            && test.message.startsWith(QStringLiteral("collection failure"));
    finding.tool = pytest ? QStringLiteral("pytest") : QStringLiteral("junit");
    finding.rule = collection                   ? QStringLiteral("collection")
                   : test.kind == Case::Errored ? QStringLiteral("error")
                                                : QStringLiteral("failed");
    const auto [file, line] = placeIn(test.text, paths);
    finding.file = file;
    finding.line = line;
    if (file.isEmpty() && !test.file.isEmpty()) {
        finding.file = paths.relative(test.file);
        finding.line = pytest && test.line >= 0 && test.file != QString() ? test.line + 1
                                                                          : test.line; // pytest counts from 0
    }
    QString cause = causeIn(test);
    if (!pytest) {
        // No form of their own: the first place that is named. What the program printed (ctest) is asked last.
        for (const QString *text : {&test.text, &test.message, &test.output}) {
            const auto [named, number] = placeNamedIn(*text, paths);
            if (named.isEmpty())
                continue;
            finding.file = named;
            finding.line = number;
            if (text == &test.output)
                cause = linesAt(*text, QString::fromUtf8(named.sliced(named.lastIndexOf('/') + 1)), number);
            break;
        }
        if (const QString said = finding.file.isEmpty() ? failureIn(test.output) : QString(); !said.isEmpty())
            cause += QStringLiteral(": ") + said.left(600);
    }
    if (!test.name.isEmpty())
        finding.test = nameOf(test);
    QString name = oneLine(test.name, 300);
    if (name.isEmpty())
        name = oneLine(test.className, 300);
    finding.message = oneLine(name + QStringLiteral(": ") + cause);
    return finding;
}

int intOf(const QXmlStreamAttributes &attributes, QAnyStringView name)
{
    bool ok = false;
    const int value = attributes.value(name).toInt(&ok);
    return ok && value >= 0 ? value : 0;
}

} // namespace

Result<Report> readJunit(const QByteArray &bytes, const ReportPaths &paths)
{
    QXmlStreamReader xml(bytes);
    xml.setEntityExpansionLimit(0);
    Report report;
    TestCounts counts;
    std::vector<Finding> causes; // what kept tests from running at all comes first
    std::vector<Finding> failures;
    Case test, previous;
    QString suite;
    bool inCase = false, inFailure = false, inOutput = false, sawSuite = false;
    int depth = 0;
    while (nextToken(xml, depth)) {
        const QStringView name = xml.name();
        if (xml.isStartElement()) {
            const auto attributes = xml.attributes();
            if (name == u"testsuite" || name == u"testsuites") {
                sawSuite = true;
                if (name == u"testsuite")
                    suite = attributes.value(u"name").toString();
            } else if (name == u"testcase") {
                inCase = true;
                test = Case{suite,
                            attributes.value(u"classname").toString(),
                            attributes.value(u"name").toString(),
                            attributes.value(u"file").toString(),
                            intOf(attributes, u"line"),
                            Case::Passed,
                            {},
                            {},
                            {}};
            } else if (inCase && (name == u"failure" || name == u"error")) {
                // Of several in one test the first is the cause.
                inFailure = !test.todo && (test.kind == Case::Passed || test.kind == Case::Skipped);
                if (inFailure) {
                    test.kind = name == u"failure" ? Case::Failed : Case::Errored;
                    test.message = attributes.value(u"message").toString();
                }
            } else if (inCase && name == u"system-out") {
                inOutput = true;
            } else if (inCase && name == u"skipped") {
                test.todo = attributes.value(u"type") == u"todo"; // node: it may fail
                if (test.kind == Case::Passed || test.todo)
                    test.kind = Case::Skipped;
            }
        } else if (xml.isCharacters() && inFailure) {
            test.text += xml.text();
            if (test.text.size() > mostTextOfCase)
                test.text = test.text.right(mostTextOfCase / 2);
        } else if (xml.isCharacters() && inOutput && test.output.size() < mostTextOfCase) {
            test.output += xml.text();
        } else if (xml.isEndElement() && (name == u"failure" || name == u"error")) {
            inFailure = false;
        } else if (xml.isEndElement() && name == u"system-out") {
            inOutput = false;
        } else if (xml.isEndElement() && name == u"testcase" && inCase) {
            inCase = inFailure = inOutput = false;
            counts.passed += test.kind == Case::Passed;
            counts.skipped += test.kind == Case::Skipped;
            // pytest writes a test that failed and then failed in its teardown as two: it is one test.
            const bool again = test.kind == Case::Errored && previous.kind == Case::Failed && test.name == previous.name
                               && test.className == previous.className
                               && test.message.startsWith(QStringLiteral("failed on teardown"));
            counts.failed += (test.kind == Case::Failed || test.kind == Case::Errored) && !again;
            if (test.kind == Case::Failed || test.kind == Case::Errored) {
                const Finding finding = findingOf(test, paths);
                auto &list = finding.rule == QStringLiteral("collection") ? causes : failures;
                if (list.size() < mostFindings)
                    list.push_back(finding);
            }
            if (test.kind == Case::Passed && !test.name.isEmpty() && report.passed.size() < mostNamedTests)
                report.passed << nameOf(test);
            previous = std::exchange(test, Case{});
        }
    }
    OF_CHECK(checkXml(xml));
    if (!sawSuite)
        return std::unexpected(reportError(QStringLiteral("not a JUnit file: it has no testsuite")));
    causes.insert(causes.end(), failures.begin(), failures.end());
    report.tests = counts;
    report.findings = std::move(causes);
    return report;
}

} // namespace openfactory
