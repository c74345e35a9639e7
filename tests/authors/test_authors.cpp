// SPDX-License-Identifier: Apache-2.0
/// Person and playbook as authors, and what the playbook may touch.
#include "core/authors/authorsbykind.h"
#include "core/authors/personauthor.h"
#include "core/authors/playbookauthor.h"
#include "core/authors/workspaceedit.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace openfactory;
using Kind = ChangeAnswer::Kind;

class AuthorsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_dir;
    Job m_job;

    QString path(const char *name) const { return m_dir.filePath(QStringLiteral("work/")) + QString::fromUtf8(name); }
    void put(const char *name, const QByteArray &bytes) const
    {
        QDir().mkpath(QFileInfo(path(name)).absolutePath());
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }
    QByteArray get(const char *name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(absent)");
    }
    QStringList everything() const
    {
        return QDir(path("")).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                                        QDir::Name);
    }
    ChangeRequest request(const char *stage, int round, bool soft = false) const
    {
        ChangeRequest asked;
        asked.job = &m_job;
        asked.stage = QString::fromUtf8(stage);
        asked.round = round;
        asked.workspace = path("");
        asked.workspace.chop(1);
        asked.soft = soft;
        return asked;
    }
    static Playbook book(const QByteArray &changes)
    {
        auto loaded = loadPlaybook("playbook: test\nchanges:\n" + changes, QStringLiteral("book.yaml"));
        if (!loaded)
            qFatal("%s", qPrintable(toText(loaded.error())));
        return *loaded;
    }
    Result<ChangeAnswer> run(const QByteArray &changes, const char *stage = "implement", int round = 1,
                             bool soft = false) const
    {
        return PlaybookAuthor(book(changes)).change(request(stage, round, soft), {});
    }

private Q_SLOTS:
    void init()
    {
        QDir(m_dir.path()).removeRecursively();
        QVERIFY(QDir().mkpath(path("")));
        QVERIFY(QDir().mkpath(m_dir.filePath(QStringLiteral("outside"))));
        m_job = {};
    }

    void waitsForAPersonUntilTheTreeDiffers()
    {
        PersonAuthor person;
        auto asked = request("implement", 1);
        asked.tree = QStringLiteral("aaa");
        QVERIFY(person.change(asked, {})->kind == Kind::Wait); // nobody had the workspace yet
        m_job.progress.triedTree = QStringLiteral("aaa");
        QVERIFY(person.change(asked, {})->kind == Kind::Wait);
        asked.tree = QStringLiteral("bbb");
        const auto answer = person.change(asked, {});
        QVERIFY(answer->kind == Kind::Changed);
        QCOMPARE(answer->summary, QStringLiteral("change by a person"));
        asked.soft = true;
        QVERIFY(person.change(asked, {})->kind == Kind::Nothing);
    }

    void choosesTheAuthorThatTheJobNames()
    {
        JobIdentity identity;
        QVERIFY(dynamic_cast<PersonAuthor *>(AuthorsByKind().authorOf(identity)->get()));
        put("book.yaml", "playbook: x\nchanges: []\n");
        identity.author = AuthorKind::Playbook;
        identity.authorSource = path("book.yaml");
        const auto author = AuthorsByKind().authorOf(identity);
        QVERIFY(author && dynamic_cast<PlaybookAuthor *>(author->get()));
        identity.authorSource = path("none.yaml");
        QVERIFY(!AuthorsByKind().authorOf(identity));
        for (const auto &[kind, said] : {std::pair(AuthorKind::Model, QStringLiteral("the settings have no model")),
                                         std::pair(AuthorKind::Agent, QStringLiteral("the settings have no agent"))}) {
            identity.author = kind;
            identity.authorSource = QStringLiteral("nobody");
            const auto refused = AuthorsByKind().authorOf(identity);
            QVERIFY(!refused && refused.error().kind == ErrorKind::Invalid && refused.error().said.contains(said));
        }
    }

    void takesTheChangeOfTheRound()
    {
        const Playbook plays = book("  - {for: implement, summary: one, delete: [a]}\n"
                                    "  - {for: unit-test, summary: two, delete: [a]}\n"
                                    "  - {for: lint, summary: three, delete: [a]}\n"
                                    "  - {summary: four, delete: [a]}\n"
                                    "  - {for: coverage, summary: five, delete: [a]}\n");
        const auto take = [&](const char *stage, int round, bool soft = false) {
            const auto *change = changeFor(plays, QString::fromUtf8(stage), round, soft);
            return change ? change->summary : QStringLiteral("nothing");
        };
        QCOMPARE(take("implement", 1), QStringLiteral("one"));
        QCOMPARE(take("implement", 1), QStringLiteral("one")); // the same round again
        QCOMPARE(take("unit-test", 2), QStringLiteral("two"));
        QCOMPARE(take("coverage", 3, true),
                 QStringLiteral("five")); // lint was not needed; a soft failure passes the unnamed by
        QCOMPARE(take("coverage", 3, false), QStringLiteral("four"));
        QCOMPARE(take("static", 3, true), QStringLiteral("nothing"));
        QCOMPARE(take("integration", 3), QStringLiteral("four"));
        QCOMPARE(take("implement", 6), QStringLiteral("nothing"));
        QCOMPARE(take("implement", 0), QStringLiteral("one"));
        QVERIFY(PlaybookAuthor(plays).change(request("implement", 9), {})->kind == Kind::Nothing);
    }

    void takesTheChangeOfTheTicket()
    {
        const Playbook plays = book(
            "  - {ticket: 1, summary: one, delete: [a]}\n  - {ticket: 2, summary: two, delete: [a]}\n"
            "  - {summary: any, delete: [a]}\n");
        const auto take = [&](int round, int ticket) {
            const auto *change = changeFor(plays, QStringLiteral("implement"), round, false, ticket);
            return change ? change->summary : QStringLiteral("nothing");
        };
        QCOMPARE(take(1, 1), QStringLiteral("one"));
        QCOMPARE(take(1, 2), QStringLiteral("two"));
        QCOMPARE(take(2, 1), QStringLiteral("any"));
        QCOMPARE(take(1, 0), QStringLiteral("any"));
        QCOMPARE(take(4, 1), QStringLiteral("nothing"));
    }

    void writesDocumentsAndAsksFirst()
    {
        Playbook plays = book("  - {summary: one, delete: [a]}\n");
        plays.question = QStringLiteral("Which?");
        plays.documents[StageKind::Spec] = {
            QJsonObject{{QStringLiteral("scope"), QJsonArray{QStringLiteral("in {answer}"), 1}}},
            QJsonObject{{QStringLiteral("scope"), QStringLiteral("second")}}};
        PlaybookAuthor author(plays);
        DocumentRequest request;
        request.mayAsk = true;
        const auto asked = author.document(request, {});
        QVERIFY(asked && asked->kind == DocumentAnswer::Kind::Question);
        QCOMPARE(asked->question, QStringLiteral("Which?"));
        request.mayAsk = false;
        request.answer = QStringLiteral("\"euros\"");
        QCOMPARE(author.document(request, {})->document, QByteArray("{\"scope\":[\"in \\\"euros\\\"\",1]}"));
        request.round = 2;
        QCOMPARE(author.document(request, {})->document, QByteArray("{\"scope\":\"second\"}"));
        request.round = 9; // the last one stays
        QCOMPARE(author.document(request, {})->document, QByteArray("{\"scope\":\"second\"}"));
        request.kind = StageKind::Tickets;
        QVERIFY(author.document(request, {})->kind == DocumentAnswer::Kind::Nothing);
        QVERIFY(PersonAuthor().document(request, {})->kind == DocumentAnswer::Kind::Wait);
    }

    void makesTheWholeChangeAndTheSameTwice()
    {
        put("src/y.py", "x = 1\r\nold\r\n");
        put("gone.txt", "bye");
        put("run.sh", "#!/bin/sh\n");
        QVERIFY(::chmod(qPrintable(path("src/y.py")), 0640) == 0);
        const QByteArray change = "  - summary: All of it\n    write: {\"new/deep/x.py\": \"a = 1\\n\"}\n"
                                  "    replace: [{file: src/y.py, old: \"old\", new: \"old and new\"}]\n"
                                  "    delete: [gone.txt, never.txt]\n    executable: [run.sh, new/deep/x.py]\n";
        for (int times = 0; times < 2; ++times) {
            const auto answer = run(change);
            QVERIFY2(answer, qPrintable(answer ? QString() : toText(answer.error())));
            QVERIFY(answer->kind == Kind::Changed);
            QCOMPARE(answer->summary, QStringLiteral("All of it"));
            QCOMPARE(get("new/deep/x.py"), QByteArray("a = 1\n"));
            QCOMPARE(get("src/y.py"), QByteArray("x = 1\r\nold and new\r\n"));
            QCOMPARE(get("gone.txt"), QByteArray("(absent)"));
            struct stat facts{};
            QVERIFY(::stat(qPrintable(path("run.sh")), &facts) == 0 && (facts.st_mode & 0111) == 0111);
            QVERIFY(::stat(qPrintable(path("new/deep/x.py")), &facts) == 0 && (facts.st_mode & 0777) == 0755);
            QVERIFY(::stat(qPrintable(path("src/y.py")), &facts) == 0 && (facts.st_mode & 0777) == 0640);
            QCOMPARE(everything(),
                     (QStringList{QStringLiteral("new"), QStringLiteral("run.sh"), QStringLiteral("src")}));
        }
    }

    void changesNothingWhenOnePartDoesNotApply_data()
    {
        QTest::addColumn<QByteArray>("bad");
        QTest::addColumn<QString>("said");
        QTest::newRow("not there") << QByteArray("    replace: [{file: a.py, old: nowhere, new: b}]\n")
                                   << QStringLiteral("does not hold the old text");
        QTest::newRow("twice") << QByteArray("    replace: [{file: a.py, old: twice, new: b}]\n")
                               << QStringLiteral("2 times");
        QTest::newRow("no file") << QByteArray("    replace: [{file: none.py, old: a, new: b}]\n")
                                 << QStringLiteral("no such file");
        QTest::newRow("no file to run") << QByteArray("    executable: [none.sh]\n") << QStringLiteral("no such file");
        QTest::newRow("folder as file") << QByteArray("    replace: [{file: folder, old: a, new: b}]\n")
                                        << QStringLiteral("plain file");
        QTest::newRow("delete folder") << QByteArray("    delete: [folder]\n") << QStringLiteral("folder");
        QTest::newRow("file as folder") << QByteArray("    delete: [folder/x/y]\n") << QStringLiteral("in the way");
    }

    void changesNothingWhenOnePartDoesNotApply()
    {
        QFETCH(QByteArray, bad);
        QFETCH(QString, said);
        put("a.py", "twice twice\n");
        put("folder/x", "");
        const auto answer = run(
            "  - summary: x\n    write: {\"a.py\": \"twice twice\\n# changed\\n\", \"b.py\": \"\"}\n" + bad);
        QVERIFY(!answer);
        QVERIFY2(toText(answer.error()).contains(said), qPrintable(toText(answer.error())));
        // Deletions are looked at when all is prepared: they name the change's line.
        const QString place = bad.contains("delete") ? QStringLiteral("book.yaml:3") : QStringLiteral("book.yaml:5");
        QVERIFY2(answer.error().doing.contains(place), qPrintable(toText(answer.error())));
        QCOMPARE(get("a.py"), QByteArray("twice twice\n"));
        QCOMPARE(everything(), (QStringList{QStringLiteral("a.py"), QStringLiteral("folder")}));
    }

    void refusesAFileThatIsAFolderToo()
    {
        const auto answer = run("  - summary: x\n    write: {\"a\": \"1\", \"a/b\": \"2\"}\n");
        QVERIFY(!answer && toText(answer.error()).contains(QStringLiteral("at once")));
        QVERIFY(everything().isEmpty());
    }

    // The holes: a workspace that a job has prepared.
    void followsNoLinkOutOfTheWorkspace_data()
    {
        QTest::addColumn<QByteArray>("change");
        QTest::newRow("folder link, write") << QByteArray("    write: {\"link/x\": \"evil\"}\n");
        QTest::newRow("folder link, deep") << QByteArray("    write: {\"link/new/x\": \"evil\"}\n");
        QTest::newRow("folder link, replace")
            << QByteArray("    replace: [{file: link/secret, old: secret, new: evil}]\n");
        QTest::newRow("folder link, delete") << QByteArray("    delete: [link/secret]\n");
        QTest::newRow("folder link, mode") << QByteArray("    executable: [link/secret]\n");
        QTest::newRow("file link, write") << QByteArray("    write: {\"file\": \"evil\"}\n");
        QTest::newRow("file link, replace") << QByteArray("    replace: [{file: file, old: secret, new: evil}]\n");
        QTest::newRow("file link, mode") << QByteArray("    executable: [file]\n");
        QTest::newRow("inner link to git") << QByteArray("    write: {\"meta/config\": \"evil\"}\n");
        QTest::newRow("pipe") << QByteArray("    replace: [{file: pipe, old: secret, new: evil}]\n");
    }

    void followsNoLinkOutOfTheWorkspace()
    {
        QFETCH(QByteArray, change);
        QFile secret(m_dir.filePath(QStringLiteral("outside/secret")));
        QVERIFY(secret.open(QIODevice::WriteOnly));
        secret.write("secret");
        secret.close();
        put(".git/config", "secret");
        QVERIFY(::symlink("../outside", qPrintable(path("link"))) == 0);
        QVERIFY(::symlink("../outside/secret", qPrintable(path("file"))) == 0);
        QVERIFY(::symlink(".git", qPrintable(path("meta"))) == 0);
        QVERIFY(::mkfifo(qPrintable(path("pipe")), 0600) == 0);
        const auto answer = run("  - summary: x\n" + change);
        QVERIFY(!answer);
        QVERIFY(secret.open(QIODevice::ReadOnly));
        QCOMPARE(secret.readAll(), QByteArray("secret"));
        QVERIFY(!(QFileInfo(secret).permissions() & QFile::ExeOwner));
        QCOMPARE(QDir(m_dir.filePath(QStringLiteral("outside")))
                     .entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 (QStringList{QStringLiteral("secret")}));
        QCOMPARE(get(".git/config"), QByteArray("secret"));
    }

    void deletesALinkAndNotItsTarget()
    {
        put("kept.txt", "kept");
        QVERIFY(::symlink("kept.txt", qPrintable(path("link"))) == 0);
        QVERIFY(run("  - summary: x\n    delete: [link]\n"));
        QCOMPARE(get("kept.txt"), QByteArray("kept"));
        QVERIFY(!QFileInfo(path("link")).isSymLink());
    }

    void breaksAHardLinkInsteadOfWritingThroughIt()
    {
        QFile outside(m_dir.filePath(QStringLiteral("outside/shared")));
        QVERIFY(outside.open(QIODevice::WriteOnly));
        outside.write("shared");
        outside.close();
        QVERIFY(::link(qPrintable(outside.fileName()), qPrintable(path("shared"))) == 0);
        QVERIFY(run("  - summary: x\n    write: {\"shared\": \"new\"}\n"));
        QCOMPARE(get("shared"), QByteArray("new"));
        QVERIFY(outside.open(QIODevice::ReadOnly));
        QCOMPARE(outside.readAll(), QByteArray("shared"));
    }

    void stopsBeforeItChangesAnything()
    {
        std::stop_source source;
        source.request_stop();
        const auto answer = PlaybookAuthor(book("  - {summary: x, write: {a: b}}\n"))
                                .change(request("implement", 1), source.get_token());
        QVERIFY(!answer && answer.error().kind == ErrorKind::Cancelled);
        QVERIFY(everything().isEmpty());
    }
};

QTEST_GUILESS_MAIN(AuthorsTest)
#include "test_authors.moc"
