// SPDX-License-Identifier: Apache-2.0
/// A job that is planned: spec, question, review, architecture, tickets, and the work on each ticket.
#include "core/base/text.h"
#include "core/engine/planview.h"
#include "tests/engine/engineworld.h"
#include "tests/testlib/expect.h"

#include <QJsonDocument>

using namespace openfactory;

namespace {

const QByteArray kPlanned = "contract:\n  pipeline:\n    - name: spec\n    - name: architecture\n    - name: tickets\n"
                            "    - name: implement\n    - name: unit-test\n    - name: deploy\n";

const QByteArray kSpec =
    "spec:\n  scope: [\"two parts, in {answer}\"]\n  non_goals: []\n  assumptions: []\n"
    "  acceptance_criteria:\n    - {id: AC-1, text: \"the first part\"}\n    - {id: AC-2, text: \"the second part\"}\n"
    "  constraints: []\n  risks: []\n";
const QByteArray kArchitecture =
    "architecture:\n  components:\n    - name: parts\n      purpose: \"both\"\n      files:\n"
    "        - {path: a.txt, state: exists}\n        - {path: src/one, state: new}\n"
    "  data_flow: [\"none\"]\n  interfaces: []\n  storage: []\n  test_strategy: [\"one each\"]\n";

QByteArray ticketYaml(int number, const QByteArray &name, const QByteArray &more = {})
{
    const QByteArray n = QByteArray::number(number);
    return "    - number: " + n + "\n      name: " + name + "\n      goal: \"part " + n + "\"\n      files: [\"src/"
           + name + "\", \"tests/" + name + "\"]\n      commands: []\n      tests: [{name: " + name
           + ", fails_before: true}]\n      done: [\"it passes\"]\n      criteria: [AC-" + n + "]\n"
           + (more.isEmpty() ? QByteArray("      depends_on: []\n") : more);
}

const QByteArray kTickets = "tickets:\n  tickets:\n" + ticketYaml(1, "one")
                            + ticketYaml(2, "two", "      depends_on: [1]\n");

QByteArray change(const QByteArray &files, const QByteArray &more = {})
{
    return "  - summary: \"a change\"\n" + more + "    write: {" + files + "}\n";
}

const QByteArray kOne = change(R"("tests/one": "t", "src/one": "1")", "    ticket: 1\n");
const QByteArray kTwo = change(R"("tests/two": "t", "src/two": "2")", "    ticket: 2\n");
const QByteArray kBook = kSpec + kArchitecture + kTickets;

/// The test of a part is there with tests/PART, and passes with src/PART.
std::optional<QByteArray> partTests(const CommandRequest &request)
{
    if (request.argv.value(1) != QStringLiteral("unit-test"))
        return std::nullopt;
    QByteArray out = "named";
    const QDir folder(request.scope.workspace);
    for (const QString &part : QDir(folder.filePath(QStringLiteral("tests"))).entryList(QDir::Files, QDir::Name))
        out += (QFile::exists(folder.filePath(QStringLiteral("src/") + part)) ? " +" : " -") + part.toUtf8();
    return out;
}

class PlannedWorld : public EngineWorld {
public:
    PlannedWorld() { runner.says = partTests; }
    Job bookJob(const QByteArray &book, const QByteArray &contract = kPlanned, bool review = false)
    {
        const QString path = repository.outside() + QStringLiteral("/book.yaml");
        QFile file(path);
        const QByteArray yaml = "playbook: test\n" + book;
        if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(yaml) != yaml.size())
            qFatal("the playbook could not be written");
        file.close();
        NewJob wanted = plain(QStringLiteral("plan"), contract);
        wanted.author = AuthorKind::Playbook;
        wanted.authorSource = path;
        wanted.reviewSpec = review;
        return made(wanted);
    }
    QString folder(const Job &job) const { return JobFolder(ports.settings.dataFolder, job.id()).path(); }
    QByteArray kept(const Job &job, const QString &name) const
    {
        QFile file(folder(job) + QLatin1Char('/') + name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("missing");
    }
    void put(const Job &job, const QString &name, const QByteArray &bytes) const
    {
        ScratchRepository::writeAt(folder(job), name.toUtf8(), bytes);
    }
    QByteArray onBranch(const QByteArray &path) const
    {
        return repository.git({QStringLiteral("show"), QStringLiteral("factory/plan:") + QString::fromUtf8(path)});
    }
};

const QString kThrough = QStringLiteral("spec/1 passed, architecture/1 passed, tickets/1 passed, implement/1 passed, "
                                        "implement/2 passed, unit-test/1 passed, deploy/1 parked");

} // namespace

class TicketTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void takesAJobFromItsSpecToTheGate()
    {
        PlannedWorld world;
        const Job job = world.bookJob(kBook + "changes:\n" + kOne + kTwo);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job), kThrough);
        const Progress progress = world.now(job).progress;
        QCOMPARE(progress.wait.kind, WaitKind::Approval);
        QCOMPARE(progress.documents.done, 2);
        QCOMPARE(progress.documents.spec, QString::fromLatin1(sha256Hex(world.kept(job, QStringLiteral("SPEC.json")))));
        QVERIFY(!progress.gate.spec.isEmpty());
        QVERIFY(world.kept(job, QStringLiteral("SPEC.md")).contains("- AC-1: the first part"));
        QVERIFY(world.kept(job, QStringLiteral("ARCHITECTURE.md")).contains("- src/one (new)"));
        QVERIFY(world.kept(job, QStringLiteral("TICKETS/0002-two.md")).contains("depends_on: [1]"));
        QVERIFY(world.kept(job, QStringLiteral("TICKETS/0001-one.patch")).contains("+++ b/src/one"));
        QVERIFY(!world.kept(job, QStringLiteral("TICKETS/0002-two.patch")).contains("src/one"));
        QCOMPARE(world.attempt(job, QStringLiteral("implement"), 2).ticket, 2);
        QCOMPARE(
            world.repository.git(
                {QStringLiteral("log"), QStringLiteral("--format=%s"), QStringLiteral("factory/plan")}),
            QByteArray("plan: ticket 2, two\nplan: ticket 1, one\n")
                + world.repository.git({QStringLiteral("log"), QStringLiteral("--format=%s"), QStringLiteral("main")}));
        const PlanView view = readPlan(JobFolder(world.ports.settings.dataFolder, job.id()), world.now(job));
        QCOMPARE(view.criteria.size(), 2u);
        QCOMPARE(view.criteria[1].tickets, std::vector<int>{2});
        QVERIFY(view.tickets[1].state == TicketView::State::Done);
        QVERIFY(world.desk->decide(job.id(), world.approval(job)));
        QCOMPARE(world.run(job), JobRun::End::Ended);
        QCOMPARE(world.now(job).progress.state, JobState::Done);
    }

    void aPersonTakesATicketOverAndHandsAnotherOneBack()
    {
        PlannedWorld world;
        const Job job = world.bookJob(kBook + "changes:\n" + kOne + kTwo, kPlanned, true); // stops before the tickets
        const auto refused = [&](int number, bool take) {
            const auto done = world.desk->takeTicket(job.id(), number, take);
            return done ? QStringLiteral("taken") : done.error().said;
        };
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(refused(1, true), QStringLiteral("the job has no tickets (yet)"));
        QVERIFY(world.desk->acceptSpec(job.id()));
        world.runner.hold = true; // the first command is that of ticket 1
        std::stop_source stop;
        world.runner.onRun = [&](const CommandRequest &) { stop.request_stop(); };
        QCOMPARE(world.run(job, [](JobRun &run) { return run.run(); }, stop.get_token()), JobRun::End::Queued);
        world.runner.hold = false;
        world.runner.onRun = {};
        QCOMPARE(refused(3, true), QStringLiteral("there is no such ticket"));
        QCOMPARE(refused(2, false), QStringLiteral("the author has it anyway"));
        OF_OK(world.desk->takeTicket(job.id(), 2, true));
        QCOMPARE(refused(2, true), QStringLiteral("it is taken over already"));
        // Ticket 1 is the author's; then the job waits for the person.
        QCOMPARE(world.run(job), JobRun::End::Parked);
        Progress waits = world.now(job).progress;
        QCOMPARE(waits.wait.kind, WaitKind::Change);
        QVERIFY2(waits.wait.what.contains(QStringLiteral("ticket 2")), qPrintable(waits.wait.what));
        QCOMPARE(refused(1, true), QStringLiteral("it is done"));
        const PlanView plan = readPlan(JobFolder(world.ports.settings.dataFolder, job.id()), world.now(job));
        QVERIFY(plan.tickets[1].taken && plan.tickets[1].state == TicketView::State::Current);
        QCOMPARE(currentTicket(plan), 2);
        // A retry without a change goes on waiting; what is half made is not handed to the author.
        OF_OK(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Change);
        world.writeInWorkspace(job, "tests/two", "t");
        QCOMPARE(refused(2, false), QStringLiteral("what you changed in the workspace was not judged yet"));
        // Half of it fails, is reverted, and the person is asked again, not the author.
        OF_OK(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Change);
        QVERIFY(world.ledger(job).endsWith(QStringLiteral("reverted")));
        world.writeInWorkspace(job, "tests/two", "t");
        world.writeInWorkspace(job, "src/two", "by hand");
        OF_OK(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
        QCOMPARE(world.onBranch("src/two"), QByteArray("by hand"));
        QCOMPARE(world.onBranch("src/one"), QByteArray("1"));
    }

    void aTicketThatIsHandedBackIsTheAuthorsAgain()
    {
        PlannedWorld world;
        const Job job = world.bookJob(kBook + "changes:\n" + kOne + kTwo, kPlanned, true);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        OF_OK(world.desk->takeTicket(job.id(), 0, true)); // of no ticket: nothing of the tickets changes
        QVERIFY(world.desk->acceptSpec(job.id()));
        bool taken = false;
        world.runner.onRun = [&](const CommandRequest &request) {
            if (request.argv.value(1) == QStringLiteral("unit-test") && !std::exchange(taken, true))
                OF_OK(world.desk->takeTicket(job.id(), 2, true)); // while the engine runs the job
        };
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QVERIFY(taken);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Change);
        OF_OK(world.desk->takeTicket(job.id(), 2, false));
        QCOMPARE(world.store->ready(9)->size(), 1u); // the author is asked at once
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
        QCOMPARE(world.onBranch("src/two"), QByteArray("2"));
        int taken2 = 0, back = 0;
        const auto audit = *world.store->auditAfter(0, 1000);
        for (const AuditRecord &record : audit) {
            taken2 += record.action == QStringLiteral("ticket.taken");
            back += record.action == QStringLiteral("ticket.handed-back");
        }
        QCOMPARE(taken2, 2);
        QCOMPARE(back, 1);
    }

    void whatAPersonBeganOutlivesAKill()
    {
        PlannedWorld world;
        const Job job = world.bookJob(kBook + "changes:\n" + kOne + kTwo, kPlanned, true);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QVERIFY(world.desk->acceptSpec(job.id()));
        bool taken = false;
        world.runner.onRun = [&](const CommandRequest &) {
            if (!std::exchange(taken, true))
                OF_OK(world.desk->takeTicket(job.id(), 2, true));
        };
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Change);
        world.writeInWorkspace(job, "tests/two", "t");
        world.writeInWorkspace(job, "src/two", "by hand");
        // What a process leaves that was killed when it had begun to ask the person.
        IntentRecord intent;
        intent.key = newUlid();
        intent.kind = QStringLiteral("author-change");
        intent.stage = QStringLiteral("implement");
        intent.payload = {{QStringLiteral("round"), 2},
                          {QStringLiteral("head"), world.now(job).progress.head},
                          {QStringLiteral("persons"), true}};
        Step died;
        died.job = job.id();
        died.intents.push_back(intent);
        OF_OK(world.store->commit(died));
        OF_OK(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
        QCOMPARE(world.onBranch("src/two"), QByteArray("by hand"));
    }

    void changesHandsOnlyWhereItIsWorkedOn()
    {
        PlannedWorld world;
        const Job job = world.bookJob(kBook + "changes:\n" + kOne + kTwo);
        QCOMPARE(world.run(job), JobRun::End::Parked); // both are done: what is left is the change as a whole
        const JobFolder folder(world.ports.settings.dataFolder, job.id());
        Job now = world.now(job);
        now.wishes.taken = {2};
        QVERIFY(!changesHands(folder, now, {}));
        now.wishes.taken = {0, 2};
        QVERIFY(changesHands(folder, now, {2}));
        QVERIFY(!changesHands(folder, now, {0}));
        now.progress.documents.done = 1;
        QVERIFY(changesHands(folder, now, {0}));
        now.identity.author = AuthorKind::Person;
        QVERIFY(!changesHands(folder, now, {0}));
    }

    void givesAWrongDocumentBackWithItsFaults()
    {
        PlannedWorld world;
        QByteArray twice = kSpec;
        twice.replace("spec:\n", "").replace("\n  ", "\n    ");
        QByteArray wrong = twice;
        wrong.replace("id: AC-2", "id: AC-1");
        const QByteArray book = "spec:\n  -" + wrong.mid(1) + "  -" + twice.mid(1) + kArchitecture + kTickets;
        const Job job = world.bookJob(book + "changes:\n" + kOne + kTwo);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job),
                 QStringLiteral("spec/1 failed, ")
                     .append(QString(kThrough).replace(QStringLiteral("spec/1"), QStringLiteral("spec/2"))));
        const AttemptRecord first = world.attempt(job, QStringLiteral("spec"), 1);
        QVERIFY(first.verdict->summary.contains(QStringLiteral("AC-1 was given before")));
        QVERIFY(world.kept(job, QStringLiteral("reports/spec-1-refused.json")).contains("AC-1"));
    }

    void endsWithTheSameWrongDocumentTwice()
    {
        PlannedWorld world;
        QByteArray wrong = kTickets;
        wrong.replace("AC-2", "AC-1");
        const Job job = world.bookJob(kSpec + kArchitecture + wrong + "changes:\n" + kOne);
        (void)world.run(job);
        QCOMPARE(world.ledger(job),
                 QStringLiteral("spec/1 passed, architecture/1 passed, tickets/1 failed, tickets/2 failed"));
        QCOMPARE(world.now(job).progress.state, JobState::Failed);
        QVERIFY(world.now(job).progress.note.contains(QStringLiteral("no ticket covers AC-2")));
        QVERIFY(world.attempt(job, QStringLiteral("tickets"), 2).note.contains(QStringLiteral("nothing changed")));
    }

    void aSpecThatIsWrittenAnewIsStillFollowedByAChange()
    {
        PlannedWorld world;
        const Job job = world.bookJob(
            "question: \"Which?\"\n" + kSpec + "changes:\n" + change("src/one: \"1\""),
            "contract:\n  pipeline:\n    - name: spec\n    - name: implement\n    - name: deploy\n");
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QVERIFY(world.desk->retry(job.id(), QStringLiteral("spec")));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job),
                 QStringLiteral("spec/1 parked, spec/2 passed, implement/1 passed, deploy/1 parked"));
        QCOMPARE(world.onBranch("src/one"), QByteArray("1"));
    }

    void namesOnlyFilesThatAreThere()
    {
        PlannedWorld world;
        QByteArray wrong = kArchitecture;
        wrong.replace("a.txt", "b.txt");
        const Job job = world.bookJob(kSpec + wrong + kTickets + "changes: []\n");
        (void)world.run(job);
        QCOMPARE(world.ledger(job), QStringLiteral("spec/1 passed, architecture/1 failed, architecture/2 failed"));
        QVERIFY(world.attempt(job, QStringLiteral("architecture"), 1)
                    .verdict->summary.contains(QStringLiteral("names b.txt as existing")));
    }

    void asksOneQuestionAndGoesOnWithTheAnswer()
    {
        PlannedWorld world;
        const Job job = world.bookJob("question: \"Which\\n currency?\"\n" + kBook + "changes:\n" + kOne + kTwo);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job), QStringLiteral("spec/1 parked"));
        const Progress asked = world.now(job).progress;
        QCOMPARE(asked.wait.kind, WaitKind::Clarification);
        QCOMPARE(asked.documents.question, QStringLiteral("Which currency?"));
        QVERIFY(!*world.store->ownerOf(job.id()));
        QVERIFY(world.store->ready(9)->empty()); // nothing runs before there is an answer
        QCOMPARE(world.desk->answer(job.id(), QStringLiteral("  ")).error().kind, ErrorKind::Invalid);
        QVERIFY(world.desk->answer(job.id(), QStringLiteral("euros")));
        QCOMPARE(world.desk->answer(job.id(), QStringLiteral("dollars")).error().kind, ErrorKind::Conflict);
        QCOMPARE(world.store->ready(9)->size(), 1u);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job),
                 QStringLiteral("spec/1 parked, ")
                     .append(QString(kThrough).replace(QStringLiteral("spec/1"), QStringLiteral("spec/2"))));
        QVERIFY(world.kept(job, QStringLiteral("SPEC.json")).contains("two parts, in euros"));
        QCOMPARE(world.now(job).progress.documents.answer, QStringLiteral("euros"));
    }

    void aRetryGoesOnWithoutAnAnswer()
    {
        PlannedWorld world;
        const Job job = world.bookJob("question: \"Which currency?\"\n" + kBook + "changes:\n" + kOne + kTwo);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QVERIFY(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QVERIFY(world.kept(job, QStringLiteral("SPEC.json")).contains("in not answered"));
    }

    void revertsWhatATicketDoesNotAskFor_data()
    {
        QTest::addColumn<QByteArray>("wrong");
        QTest::addColumn<QString>("says");
        QTest::newRow("a file outside") << change(R"("tests/one": "t", "src/one": "1", "src/two": "2")")
                                        << QStringLiteral("src/two lies outside the files of ticket 1");
        QTest::newRow("no test") << change(R"("src/one": "1")") << QStringLiteral("one did not run");
        QTest::newRow("a test that fails") << change(R"("tests/one": "t")") << QStringLiteral("one fails");
        QTest::newRow("the contract") << change(R"("contract.yaml": "x", "src/one": "1")")
                                      << QStringLiteral("contract.yaml lies outside");
    }
    void revertsWhatATicketDoesNotAskFor()
    {
        QFETCH(QByteArray, wrong);
        QFETCH(QString, says);
        PlannedWorld world;
        const Job job = world.bookJob(kBook + "changes:\n" + wrong + kOne + kTwo);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(
            world.ledger(job),
            QStringLiteral(
                "spec/1 passed, architecture/1 passed, tickets/1 passed, implement/1 reverted, implement/2 passed, "
                "implement/3 passed, unit-test/1 passed, deploy/1 parked"));
        const AttemptRecord first = world.attempt(job, QStringLiteral("implement"), 1);
        QVERIFY2(first.verdict->summary.contains(says), qPrintable(first.verdict->summary));
        QCOMPARE(first.ticket, 1);
        QVERIFY(first.reverted);
        QCOMPARE(world.onBranch("src/one"), QByteArray("1"));
    }

    void aTestThatPassesBeforeProvesNothing()
    {
        PlannedWorld world;
        world.repository.write("src/one", "0");
        world.repository.commitAll();
        QByteArray there = kArchitecture;
        there.replace("src/one, state: new", "src/one, state: exists");
        const Job job = world.bookJob(kSpec + there + kTickets + "changes:\n" + kOne);
        (void)world.run(job);
        const AttemptRecord first = world.attempt(job, QStringLiteral("implement"), 1);
        QVERIFY2(first.verdict
                     && first.verdict->summary.contains(QStringLiteral("one passes without the ticket's change")),
                 qPrintable(first.verdict ? first.verdict->summary : QString()));
        QCOMPARE(first.state, AttemptState::Reverted);
    }

    void givesATicketThreeAttempts()
    {
        PlannedWorld world;
        const auto wrong = [](const char *n) {
            return change(QByteArray(R"("tests/one": ")") + n + "\", \"other" + n + "\": \"x\"");
        };
        const Job job = world.bookJob(kBook + "changes:\n" + wrong("1") + wrong("2") + wrong("3") + kOne);
        (void)world.run(job);
        QCOMPARE(
            world.ledger(job),
            QStringLiteral(
                "spec/1 passed, architecture/1 passed, tickets/1 passed, implement/1 reverted, implement/2 reverted, implement/3 reverted"));
        QVERIFY(world.now(job).progress.note.contains(QStringLiteral("3 of 3 attempts failed")));
        // A person's retry is another round, on the same ticket.
        QVERIFY(world.desk->retry(job.id(), {}));
        (void)world.run(job);
        QCOMPARE(world.attempt(job, QStringLiteral("implement"), 4).state, AttemptState::Passed);
        QCOMPARE(world.now(job).progress.documents.done, 1);
    }

    void whatAllTicketsFailAtIsMendedOnTopOfThem()
    {
        PlannedWorld world;
        world.runner.says = [](const CommandRequest &request) -> std::optional<QByteArray> {
            const bool both = QFile::exists(request.scope.workspace + QStringLiteral("/src/two"));
            const bool mended = QFile::exists(request.scope.workspace + QStringLiteral("/mend"));
            const auto said = partTests(request);
            return said && both && !mended ? *said + " -together" : said;
        };
        const Job job = world.bookJob(kBook + "changes:\n" + kOne + kTwo + change("mend: m", "    for: unit-test\n"));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job),
                 QStringLiteral(
                     "spec/1 passed, architecture/1 passed, tickets/1 passed, implement/1 passed, implement/2 passed, "
                     "unit-test/1 failed, implement/3 passed, unit-test/2 passed, deploy/1 parked"));
        QCOMPARE(world.attempt(job, QStringLiteral("implement"), 3).ticket, 0);
        QCOMPARE(world.onBranch("src/one"), QByteArray("1"));
        QCOMPARE(world.onBranch("mend"), QByteArray("m"));
    }

    void seesThatAFrozenDocumentWasChanged()
    {
        PlannedWorld world;
        const Job job = world.bookJob(kBook + "changes:\n" + kOne + kTwo);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        const QByteArray spec = world.kept(job, QStringLiteral("SPEC.json"));
        world.put(job, QStringLiteral("SPEC.json"), spec + " ");
        const auto refused = world.desk->decide(job.id(), world.approval(job));
        QVERIFY(!refused);
        QVERIFY2(toText(refused.error()).contains(QStringLiteral("the spec or the plan changed")),
                 qPrintable(toText(refused.error())));
        world.put(job, QStringLiteral("SPEC.json"), spec);
        QVERIFY(world.desk->decide(job.id(), world.approval(job)));
        world.put(job, QStringLiteral("TICKETS.json"), "{}");
        QVERIFY(!world.run(job));
        QCOMPARE(world.now(job).progress.state, JobState::Failed);
        QVERIFY(world.now(job).progress.note.contains(QStringLiteral("not what was frozen")));
        // It can be planned anew.
        QVERIFY(world.desk->retry(job.id(), QStringLiteral("spec")));
        (void)world.run(job);
        QCOMPARE(world.attempt(job, QStringLiteral("tickets"), 2).state, AttemptState::Passed);
    }

    void waitsForAPersonToAcceptTheSpec()
    {
        PlannedWorld world;
        const Job job = world.bookJob(kBook + "changes:\n" + kOne + kTwo, kPlanned, true);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job), QStringLiteral("spec/1 parked"));
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Change);
        QVERIFY(world.now(job).progress.documents.spec.isEmpty());
        QByteArray draft = world.desk->draft(job.id())->yaml;
        QVERIFY(draft.contains("two parts, in not answered"));
        QVERIFY(!world.desk->editDraft(job.id(), "scope: 5\n"));
        QCOMPARE(world.desk->draft(job.id())->yaml, draft);
        draft.replace("in not answered", "as a person wants it");
        QVERIFY(world.desk->editDraft(job.id(), draft));
        // A retry judges the draft and waits for the person all the same.
        QVERIFY(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.ledger(job), QStringLiteral("spec/1 parked, spec/2 parked"));
        OF_REFUSED(world.desk->acceptSpec(job.id(), QByteArray("another one")), ErrorKind::Conflict,
                   QStringLiteral("changed since it was shown"));
        QVERIFY(world.desk->acceptSpec(job.id(), draft));
        QCOMPARE(world.desk->acceptSpec(job.id()).error().kind, ErrorKind::Conflict);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QVERIFY(world.kept(job, QStringLiteral("SPEC.json")).contains("as a person wants it"));
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
    }

    void aPersonWritesTheDocumentsAndWorksOnEachTicket()
    {
        PlannedWorld world;
        const Job job = world.personJob(QStringLiteral("plan"), kPlanned);
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Change);
        QVERIFY2(world.now(job).progress.wait.what.contains(QStringLiteral("drafts/SPEC.yaml")),
                 qPrintable(world.now(job).progress.wait.what));
        const auto go = [&] {
            QVERIFY(world.desk->retry(job.id(), {}));
            QVERIFY(world.run(job));
        };
        go(); // the template is as it was
        QCOMPARE(world.ledger(job), QStringLiteral("spec/1 parked, spec/2 parked"));
        world.put(job, QStringLiteral("drafts/SPEC.yaml"), "scope: [\n");
        go();
        QCOMPARE(world.attempt(job, QStringLiteral("spec"), 3).state, AttemptState::Failed);
        QVERIFY(world.now(job).progress.wait.what.contains(QStringLiteral("mended")));
        const auto yaml = [](QByteArray text) { return text.mid(text.indexOf('\n') + 1).replace("\n  ", "\n").mid(2); };
        world.put(job, QStringLiteral("drafts/SPEC.yaml"), yaml(kSpec));
        go();
        QVERIFY2(world.now(job).progress.wait.what.contains(QStringLiteral("drafts/ARCHITECTURE.yaml")),
                 qPrintable(world.now(job).progress.wait.what));
        world.put(job, QStringLiteral("drafts/ARCHITECTURE.yaml"), yaml(kArchitecture));
        go();
        world.put(job, QStringLiteral("drafts/TICKETS.yaml"), yaml(kTickets));
        go();
        QVERIFY2(world.now(job).progress.wait.what.contains(QStringLiteral("for ticket 1, one: part 1")),
                 qPrintable(world.now(job).progress.wait.what));
        world.writeInWorkspace(job, "tests/one", "t");
        world.writeInWorkspace(job, "src/one", "1");
        go();
        QVERIFY2(world.now(job).progress.wait.what.contains(QStringLiteral("for ticket 2, two: part 2")),
                 qPrintable(world.now(job).progress.wait.what));
        go();                                                                   // nothing was changed yet
        QCOMPARE(world.attempt(job, QStringLiteral("implement"), 2).number, 1); // there is none
        world.writeInWorkspace(job, "tests/two", "t");
        world.writeInWorkspace(job, "src/two", "2");
        go();
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
        QCOMPARE(world.onBranch("src/two"), QByteArray("2"));
    }
};

QTEST_GUILESS_MAIN(TicketTest)
#include "tickettest.moc"
