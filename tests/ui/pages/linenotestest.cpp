// SPDX-License-Identifier: Apache-2.0
/// What is said beside a line is said of that very line, or not at all.
#include "ui/pages/linenotes.h"

#include "core/domain/cutfindings.h"

#include <QTest>

using namespace openfactory;
using namespace openfactory::ui;

class LineNotesTest : public QObject {
    Q_OBJECT

private:
    static Finding finding(const char *path, int line, const char *rule, const char *said = "said")
    {
        Finding made;
        made.tool = QStringLiteral("tool");
        made.rule = QLatin1String(rule);
        made.file = path;
        made.line = line;
        made.message = QLatin1String(said);
        return made;
    }
    static AttemptRecord attempt(const char *stage, int number, const char *content, std::vector<Finding> findings)
    {
        AttemptRecord made;
        made.stage = QLatin1String(stage);
        made.number = number;
        made.start = QLatin1String(content);
        made.verdict.emplace();
        made.verdict->findings = std::move(findings);
        return made;
    }
    static std::optional<QSet<RepoPath>> alike(const CommitId &, const CommitId &) { return QSet<RepoPath>(); }

private Q_SLOTS:
    void uncoveredLinesAreNoFindings()
    {
        const auto judgements = judgementsOf(
            {attempt("coverage", 1, "c",
                     {finding("a.py", 9, "uncovered-change"), finding("a.py", 3, "uncovered-change"),
                      finding("a.py", 9, "uncovered-change"), finding("a.py", 3, "uncovered-file")}),
             attempt("lint", 1, "c", {finding("a.py", 4, "E1"), finding("", 0, "E2"), finding("b.py", 0, "E3")})},
            QStringLiteral("c"));
        const DiffNotes notes = notesOf(judgements, QStringLiteral("c"), alike);
        QCOMPARE(notes.uncovered.value("a.py"), (std::vector<int>{3, 9}));
        QCOMPARE(notes.findings.size(), size_t(1));
        QCOMPARE(notes.findings.front().line, 4);
        QVERIFY(!notes.uncoveredCut);
    }

    void whatWasCutOffIsSaid()
    {
        AttemptRecord coverage = attempt("coverage", 1, "c",
                                         {finding("a.py", 3, "uncovered-change"),
                                          finding("a.py", 9, "uncovered-change"),
                                          finding("a.py", 12, "uncovered-change")});
        cutFindings(*coverage.verdict, 2);
        QCOMPARE(findingsIn(*coverage.verdict), 3);
        const DiffNotes notes = notesOf(judgementsOf({coverage}, QStringLiteral("c")), QStringLiteral("c"), alike);
        QCOMPARE(notes.uncovered.value("a.py"), (std::vector<int>{3, 9}));
        QVERIFY(notes.uncoveredCut);
    }

    void aStageSpeaksOfTheContentThatIsShown()
    {
        const std::vector<AttemptRecord> attempts{
            attempt("lint", 1, "old", {finding("a.py", 1, "E1", "first")}),
            attempt("lint", 2, "shown", {finding("a.py", 2, "E1", "second")}),
            attempt("lint", 3, "new", {finding("a.py", 3, "E1", "third")}),
        };
        const auto said = [&](const char *content, const auto &differ) {
            QStringList texts;
            const CommitId at = QLatin1String(content);
            for (const DiffFinding &one : notesOf(judgementsOf(attempts, at), at, differ).findings)
                texts << one.text;
            return texts;
        };
        QCOMPARE(said("shown", alike), QStringList{QStringLiteral("second")});
        QCOMPARE(said("new", alike), QStringList{QStringLiteral("third")});
        // Later content: the newest word holds where the file is the same one, and nowhere else.
        QCOMPARE(said("later", alike), QStringList{QStringLiteral("third")});
        QCOMPARE(said("later",
                      [](const CommitId &from, const CommitId &to) {
                          const bool right = from == u"new" && to == u"later";
                          return std::optional(right ? QSet<RepoPath>{"a.py"} : QSet<RepoPath>());
                      }),
                 QStringList());
        QCOMPARE(said("later", [](const CommitId &, const CommitId &) { return std::optional<QSet<RepoPath>>(); }),
                 QStringList());
    }

    void whatWasThereBeforeIsSaidToBe()
    {
        Finding known = finding("a.py", 1, "E1", "known");
        known.before = true;
        const DiffNotes notes = notesOf({{QStringLiteral("c"), {known}}}, QStringLiteral("c"), alike);
        QVERIFY(notes.findings.front().text.contains(QStringLiteral("before the change")));
    }
};

QTEST_GUILESS_MAIN(LineNotesTest)
#include "linenotestest.moc"
