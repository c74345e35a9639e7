// SPDX-License-Identifier: Apache-2.0
/// Playbooks are read strictly: what could leave the workspace or forge a commit message is refused on reading.
#include "core/authors/playbook.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace openfactory;

class PlaybookReading : public QObject {
    Q_OBJECT

    static QByteArray with(const QByteArray &change)
    {
        return "playbook: demo\nchanges:\n  - summary: Do it\n" + change;
    }

private Q_SLOTS:
    void readsEveryKindOfChange()
    {
        const auto book = loadPlaybook("playbook: demo\nchanges:\n"
                                       "  - for: implement\n    summary: \"Add batch upload\"\n"
                                       "    write: {\"src/x.py\": \"a = 1\\n\", 'odd name \\u.txt': ''}\n"
                                       "    replace: [{file: src/y.py, old: 'a', new: ''}]\n"
                                       "    delete: [\"old.py\"]\n    executable: [run.sh]\n"
                                       "  - summary: More\n    delete: [x]\n",
                                       QStringLiteral("p.yaml"));
        QVERIFY2(book, qPrintable(book ? QString() : toText(book.error())));
        QCOMPARE(book->name, QStringLiteral("demo"));
        QCOMPARE(book->changes.size(), 2u);
        const auto &first = book->changes[0];
        QCOMPARE(first.stage, QStringLiteral("implement"));
        QCOMPARE(first.edits.size(), 5u);
        QCOMPARE(first.edits[0].text, QByteArray("a = 1\n"));
        QCOMPARE(first.edits[1].path, QStringLiteral("odd name \\u.txt"));
        QVERIFY(first.edits[2].kind == PlaybookEdit::Kind::Replace && first.edits[2].text.isEmpty());
        QCOMPARE(first.edits[2].place, QStringLiteral("p.yaml:6:15"));
        QVERIFY(book->changes[1].stage.isEmpty());
    }

    void readsTheDocumentsOfAPlannedJob()
    {
        const auto book = loadPlaybook(
            "playbook: demo\nquestion: Which?\nspec: {scope: [x, '1']}\n"
            "tickets:\n  - {tickets: []}\n  - {tickets: [{number: 1, tests: [{fails_before: true}]}]}\n"
            "changes:\n  - ticket: 2\n    summary: Do it\n    delete: [a]\n",
            QStringLiteral("p.yaml"));
        QVERIFY2(book, qPrintable(book ? QString() : toText(book.error())));
        QCOMPARE(book->question, QStringLiteral("Which?"));
        QCOMPARE(book->documents.at(StageKind::Spec).size(), 1u);
        QCOMPARE(book->documents.at(StageKind::Spec)[0][QStringLiteral("scope")].toArray()[1],
                 QJsonValue(QStringLiteral("1")));
        QCOMPARE(book->documents.at(StageKind::Tickets).size(), 2u);
        const QJsonValue ticket = book->documents.at(StageKind::Tickets)[1][QStringLiteral("tickets")].toArray()[0];
        QCOMPARE(ticket[QStringLiteral("number")], QJsonValue(1));
        QVERIFY(ticket[QStringLiteral("tests")].toArray()[0][QStringLiteral("fails_before")].toBool());
        QVERIFY(!book->documents.contains(StageKind::Architecture));
        QCOMPARE(book->changes[0].ticket, 2);
    }

    void refusesHostileAndMistypedPlaybooks_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const QByteArray &yaml, const char *said) {
            QTest::newRow(name) << yaml << QString::fromUtf8(said);
        };
        row("parent", with("    write: {\"../x\": \"\"}\n"), "workspace");
        row("parent inside", with("    write: {\"a/../../x\": \"\"}\n"), "workspace");
        row("parent of delete", with("    delete: [\"..\"]\n"), "workspace");
        row("parent of replace", with("    replace: [{file: ../x, old: a, new: b}]\n"), "workspace");
        row("parent of executable", with("    executable: [a/../../x]\n"), "workspace");
        row("absolute", with("    write: {\"/etc/passwd\": \"\"}\n"), "relative");
        row("folder", with("    delete: [\"a/\"]\n"), "relative");
        row("empty", with("    delete: [\"\"]\n"), "relative");
        row("double slash", with("    delete: [\"a//b\"]\n"), "workspace");
        row("dot", with("    delete: [\"./a\"]\n"), "workspace");
        row("git folder", with("    write: {\".git/config\": \"\"}\n"), "git");
        row("git file of a worktree", with("    write: {\".git\": \"\"}\n"), "git");
        row("git in other case", with("    write: {\"a/.GiT/hooks/pre-commit\": \"\"}\n"), "git");
        row("new line in path", with("    delete: [\"a\\nb\"]\n"), "control");
        row("long path", with("    delete: [\"" + QByteArray(1001, 'a') + "\"]\n"), "long");
        row("duplicate key", with("    write: {a: \"1\", a: \"2\"}\n"), "before");
        row("unknown key", with("    writes: {a: \"1\"}\n"), "unknown key");
        row("unknown top key", with("    delete: [a]\n") + "extra: 1\n", "unknown key");
        row("alias", "playbook: &a demo\nchanges: []\n", "anchors");
        row("no changes", "playbook: demo\n", "changes");
        row("nothing to do", with(""), "does nothing");
        row("deleted and written", with("    write: {a: \"1\"}\n    delete: [a]\n"), "at once");
        row("empty old", with("    replace: [{file: a, old: \"\", new: b}]\n"), "old text");
        row("same text", with("    replace: [{file: a, old: b, new: b}]\n"), "old text");
        row("trailer in summary",
            "playbook: d\nchanges:\n  - summary: \"x\\n\\nOpenFactory-Step: 1\"\n    delete: [a]\n", "one line");
        row("bidi in summary", "playbook: d\nchanges:\n  - summary: \"x \\u202e\"\n    delete: [a]\n", "one line");
        row("no summary", "playbook: d\nchanges:\n  - delete: [a]\n", "summary");
        row("stage", "playbook: d\nchanges:\n  - for: ../x\n    summary: x\n    delete: [a]\n", "stage");
        row("a spec that is text", with("    delete: [a]\n") + "spec: later\n", "mapping");
        row("a list of texts", with("    delete: [a]\n") + "tickets: [one]\n", "mapping");
        row("a key twice in a spec", with("    delete: [a]\n") + "spec: {a: 1, a: 2}\n", "before");
        row("a ticket that is no number", with("    ticket: one\n    delete: [a]\n"), "whole number");
        row("ticket 0", with("    ticket: 0\n    delete: [a]\n"), "outside");
        row("not a list", "playbook: d\nchanges: {a: b}\n", "list");
    }

    void refusesHostileAndMistypedPlaybooks()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, said);
        const auto book = loadPlaybook(yaml, QStringLiteral("p.yaml"));
        QVERIFY(!book);
        QVERIFY(book.error().kind == ErrorKind::Invalid);
        QVERIFY2(toText(book.error()).contains(said), qPrintable(toText(book.error())));
        QVERIFY2(book.error().doing.contains(QStringLiteral("p.yaml")), qPrintable(toText(book.error())));
    }

    void namesThePlaybookThatIsNotThere()
    {
        QTemporaryDir dir;
        const auto book = readPlaybook(dir.filePath(QStringLiteral("none.yaml")));
        QVERIFY(!book && toText(book.error()).contains(QStringLiteral("none.yaml")));
    }
};

QTEST_GUILESS_MAIN(PlaybookReading)
#include "test_playbook.moc"
