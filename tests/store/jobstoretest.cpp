// SPDX-License-Identifier: Apache-2.0
/// The port on SQLite: what is written is read back, whole; what must not happen is refused.
#include "tests/store/storefixture.h"

#include <QJsonArray>

using namespace openfactory;
using namespace std::chrono_literals;

namespace {
const QString kOwner = QStringLiteral("01JD000000000000000000000A");
const QString kOther = QStringLiteral("01JD000000000000000000000B");
} // namespace

class JobStoreTest : public QObject {
    Q_OBJECT

    std::unique_ptr<StoreFolder> m_folder;
    std::unique_ptr<JobStore> m_store;

    Job stored(const QString &slug)
    {
        const Job job = newJob(slug);
        const auto made = m_store->create(job, newAudit(QStringLiteral("job.created")));
        if (!made)
            qFatal("%s", qPrintable(toText(made.error())));
        return job;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<StoreFolder>();
        NEED(store, m_folder->open());
        m_store = std::move(store);
    }
    void cleanup()
    {
        m_store.reset();
        m_folder.reset();
    }

    void readsBackAJobAsItWasGiven()
    {
        const Job first = stored(QStringLiteral("first"));
        Job job = newJob(QStringLiteral("second"));
        job.identity.author = AuthorKind::Playbook;
        job.identity.authorSource = QStringLiteral("/p/book.yaml");
        job.identity.dependsOn = {first.id()};
        job.wishes.priority = Priority::P0;
        job.wishes.pauseReason = QStringLiteral("later");
        NEED_OK(m_store->create(job, newAudit(QStringLiteral("job.created"))));
        NEED(read, m_store->job(job.id()));
        QCOMPARE(read.identity.title, job.identity.title);
        QCOMPARE(read.identity.task, job.identity.task);
        QCOMPARE(read.identity.repository, job.identity.repository);
        QCOMPARE(read.identity.pipelineYaml, job.identity.pipelineYaml);
        QCOMPARE(read.identity.authorSource, job.identity.authorSource);
        QVERIFY(read.identity.author == AuthorKind::Playbook);
        QVERIFY(read.identity.dependsOn == job.identity.dependsOn);
        QVERIFY(read.wishes == job.wishes);
        QVERIFY(read.progress == job.progress);
        QCOMPARE(read.revision, 1);
        QCOMPARE(read.updatedMs, m_folder->clock.wallMs());
        NEED(bySlug, m_store->find(QStringLiteral("second"), {}));
        QVERIFY(bySlug.id() == job.id());
        NEED(byId, m_store->find(job.id().text(), {}));
        QVERIFY(byId.id() == job.id());
        NEED_ERROR(m_store->find(QStringLiteral("second"), QStringLiteral("/repo/b")), ErrorKind::NotFound, "second");
        NEED_ERROR(m_store->job(JobId::create()), ErrorKind::NotFound, "no such job");
    }

    void writesAllOfAStepInOneRevision()
    {
        const Job job = stored(QStringLiteral("job"));
        NEED(lease, m_store->claim(job.id(), kOwner, 10s));
        QCOMPARE(lease.epoch, 1);
        Step step = stepOf(lease);
        Progress progress = inState(JobState::Waiting, WaitKind::Approval);
        progress.wait = {WaitKind::Approval, QStringLiteral("approve it"), 7, 99, QStringLiteral("boot")};
        progress.stageIndex = 3;
        progress.note = QStringLiteral("note");
        progress.workspace = QStringLiteral("/w");
        progress.base = QString(40, u'b');
        progress.good = QString(40, u'c');
        progress.head = QString(40, u'd');
        progress.authorRounds = 2;
        progress.answering = QStringLiteral("lint/1");
        progress.attemptMark = 4;
        progress.freshMs = 1'700'000'000'001;
        progress.gate = {QStringLiteral("x"), QStringLiteral("y"), QStringLiteral("z")};
        progress.triedTree = QString(40, u'e');
        progress.integrated = QString(40, u'f');
        step.progress = progress;
        step.wishes = Wishes{Priority::P1, true, QStringLiteral("why"), true, false, {0, 2, 13}};
        PullRecord pull;
        pull.forge = QStringLiteral("local");
        pull.pull.number = 4;
        pull.wish = {CheckWish::Kind::Rerun, QStringLiteral("check-run/7"), QStringLiteral("operator:ann")};
        pull.cancelled = {CheckWish::Kind::Cancel, QStringLiteral("check-run/6"), QStringLiteral("operator:bob")};
        pull.refused = QStringLiteral("no");
        pull.requests = RequestLimit{5000, 4321, 8, 9};
        step.pull = pull;
        Verdict verdict;
        verdict.outcome = Outcome::SoftFailed;
        verdict.summary = QStringLiteral("Coverage 75%");
        verdict.coveragePercent = 75;
        AttemptRecord attempt;
        attempt.stage = QStringLiteral("coverage");
        attempt.number = 2;
        attempt.state = AttemptState::SoftFailed;
        attempt.start = QString(40, u'1');
        attempt.before = QString(40, u'2');
        attempt.reverted = SnapshotRef{QStringLiteral("refs/openfactory/x"), QString(40, u'3'), QStringLiteral("why")};
        attempt.verdict = verdict;
        step.attempts = {attempt};
        CommandRecord command;
        command.stage = attempt.stage;
        command.attempt = 2;
        command.argv = {QStringLiteral("pytest"), QStringLiteral("-q x")};
        command.layers = {QStringLiteral("bwrap")};
        command.exitCode = 3;
        command.finished = true;
        command.outputBytes = 1'000'000'000'000;
        step.commands = {command};
        step.artifacts = {{QStringLiteral("c.json"), QStringLiteral("coverage"), 2, QStringLiteral("reports/c.json"),
                           12, QString(64, u'0'), 8}};
        IntentRecord intent;
        intent.key = JobId::create().text();
        intent.kind = QStringLiteral("commit");
        intent.payload = {{QStringLiteral("tree"), QStringLiteral("abc")}};
        step.intents = {intent};
        step.risks = {{QStringLiteral("coverage"), QStringLiteral("coverage"), 2, QStringLiteral("75%"), {}, {}, 0}};
        step.decision = newDecision(QStringLiteral("deploy"));
        step.events = {newEvent(QStringLiteral("state")), newEvent(QStringLiteral("attempt-ended"), attempt.stage)};
        step.audits = {newAudit(QStringLiteral("attempt.soft-failed"))};
        NEED(revision, m_store->commit(step));
        QCOMPARE(revision, 2);

        NEED(read, m_store->job(job.id()));
        QCOMPARE(read.revision, 2);
        QVERIFY(read.progress == progress);
        QVERIFY(read.wishes == *step.wishes);
        NEED(pulled, m_store->pull(job.id()));
        QVERIFY(pulled->wish == pull.wish && pulled->cancelled == pull.cancelled);
        QCOMPARE(pulled->refused, pull.refused);
        QVERIFY(pulled->requests == pull.requests);
        NEED(attempts, m_store->attempts(job.id()));
        QCOMPARE(attempts.size(), 1u);
        QVERIFY(toJson(attempts[0]) == toJson(attempt));
        QCOMPARE(attempts[0].reverted->message, QStringLiteral("why"));
        QCOMPARE(attempts[0].start, attempt.start);
        NEED(commands, m_store->commands(job.id()));
        QCOMPARE(commands.size(), 1u);
        QVERIFY(toJson(commands[0]) == toJson(command));
        NEED(artifacts, m_store->artifacts(job.id()));
        QCOMPARE(artifacts[0].path, QStringLiteral("reports/c.json"));
        NEED(intents, m_store->openIntents(job.id()));
        QCOMPARE(intents[0].payload, intent.payload);
        NEED(risks, m_store->risks(job.id()));
        QCOMPARE(risks[0].text, QStringLiteral("75%"));
        NEED(decisions, m_store->decisions(job.id()));
        QVERIFY(decisions[0].binding == step.decision->binding);
        QCOMPARE(decisions[0].acceptedRisks, step.decision->acceptedRisks);
        NEED(events, m_store->eventsAfter(0, job.id(), 100));
        QCOMPARE(events.size(), 3u); // the first is of the creation
        QVERIFY(events[1].seq < events[2].seq);
        QCOMPARE(events[2].stage, attempt.stage);
        NEED(audits, m_store->auditAfter(0, 100));
        QCOMPARE(audits.size(), 2u);
        QCOMPARE(audits[1].previous, audits[0].hash);

        // Replacing by key, clearing, closing.
        Step next = stepOf(lease);
        command.durationMs = 5;
        next.commands = {command};
        intent.state = IntentState::Done;
        next.intents = {intent};
        next.clearedRisks = {QStringLiteral("coverage")};
        next.releaseLease = true;
        NEED_OK(m_store->commit(next));
        NEED(commandsNow, m_store->commands(job.id()));
        QCOMPARE(commandsNow.size(), 1u);
        QCOMPARE(commandsNow[0].durationMs, 5);
        NEED(intentsNow, m_store->openIntents(job.id()));
        QVERIFY(intentsNow.empty());
        NEED(risksNow, m_store->risks(job.id()));
        QVERIFY(risksNow.empty());
        NEED(owner, m_store->ownerOf(job.id()));
        QVERIFY(!owner);
        NEED_ERROR(m_store->commit(stepOf(lease)), ErrorKind::Fenced, "given back");
    }

    void leavesNothingOfAStepThatIsRefused()
    {
        const Job job = stored(QStringLiteral("job"));
        Step step = stepOf(job.id());
        step.decision = newDecision(QStringLiteral("deploy"));
        NEED_OK(m_store->commit(step));
        Step second = stepOf(job.id());
        second.wishes = Wishes{Priority::P0, true, {}, false, false};
        second.events = {newEvent(QStringLiteral("decision"))};
        second.audits = {newAudit(QStringLiteral("decision.made"))};
        second.decision = newDecision(QStringLiteral("deploy"));
        NEED_ERROR(m_store->commit(second), ErrorKind::Conflict, "already");
        NEED(read, m_store->job(job.id()));
        QCOMPARE(read.revision, 2);
        QVERIFY(!read.wishes.paused);
        NEED(events, m_store->eventsAfter(0, {}, 100));
        QCOMPARE(events.size(), 1u);
        NEED(report, m_store->verifyAudit());
        QVERIFY2(report.sound, qPrintable(report.said));
        QCOMPARE(report.entries, 1);
    }

    void usesADecisionOnce()
    {
        const Job job = stored(QStringLiteral("job"));
        Step made = stepOf(job.id());
        made.decision = newDecision(QStringLiteral("deploy"));
        NEED_OK(m_store->commit(made));
        Step use = stepOf(job.id());
        use.consumed = made.decision->id;
        use.consumedBy = QStringLiteral("step-1");
        NEED_OK(m_store->commit(use));
        NEED_ERROR(m_store->commit(use), ErrorKind::Conflict, "step-1");
        Step voidIt = stepOf(job.id());
        voidIt.voided = std::pair(made.decision->id, QStringLiteral("the diff changed"));
        NEED_ERROR(m_store->commit(voidIt), ErrorKind::Conflict, "step-1");
        Step again = stepOf(job.id());
        again.decision = newDecision(QStringLiteral("deploy")); // the gate is free again
        NEED_OK(m_store->commit(again));
        voidIt.voided->first = again.decision->id;
        NEED_OK(m_store->commit(voidIt));
        use.consumed = again.decision->id;
        use.consumedBy = QStringLiteral("step-2");
        NEED_ERROR(m_store->commit(use), ErrorKind::Conflict, "the diff changed");
        // A step key that has used a decision cannot use another.
        Step third = stepOf(job.id());
        third.decision = newDecision(QStringLiteral("deploy"));
        NEED_OK(m_store->commit(third));
        use.consumed = third.decision->id;
        use.consumedBy = QStringLiteral("step-1");
        NEED_ERROR(m_store->commit(use), ErrorKind::Conflict, "UNIQUE");
    }

    void refusesASecondLiveJobOfASlug()
    {
        const Job job = stored(QStringLiteral("same"));
        NEED_ERROR(m_store->create(newJob(QStringLiteral("same")), newAudit(QStringLiteral("x"))), ErrorKind::Conflict,
                   "slug");
        NEED_OK(
            m_store->create(newJob(QStringLiteral("same"), QStringLiteral("/repo/b")), newAudit(QStringLiteral("x"))));
        Step step = stepOf(job.id());
        step.progress = inState(JobState::Failed);
        NEED_OK(m_store->commit(step));
        const Job second = stored(QStringLiteral("same"));
        NEED(newest, m_store->find(QStringLiteral("same"), QStringLiteral("/repo/a")));
        QVERIFY(newest.id() == second.id());
        step.progress = inState(JobState::Created); // a retry would make two of them
        NEED_ERROR(m_store->commit(step), ErrorKind::Conflict, "slug");
    }

    void refusesAChangeOfARevisionThatWasNotSeen()
    {
        const Job job = stored(QStringLiteral("job"));
        Step engine = stepOf(job.id());
        engine.events = {newEvent(QStringLiteral("attempt-ended"), QStringLiteral("lint"))};
        NEED_OK(m_store->commit(engine));
        Step desk = stepOf(job.id());
        desk.ifRevision = 1;
        desk.wishes = Wishes{Priority::P0, false, {}, false, false};
        NEED_ERROR(m_store->commit(desk), ErrorKind::Conflict, "attempt-ended lint");
        desk.ifRevision = 2;
        NEED_OK(m_store->commit(desk));
    }

    void keepsProgressForTheOwner()
    {
        const Job job = stored(QStringLiteral("job"));
        NEED(lease, m_store->claim(job.id(), kOwner, 10s));
        Step desk = stepOf(job.id());
        desk.progress = inState(JobState::Cancelled);
        NEED_ERROR(m_store->commit(desk), ErrorKind::Conflict, "runs it");
        Step wish = stepOf(job.id());
        wish.wishes = Wishes{Priority::P2, false, {}, true, false};
        NEED_OK(m_store->commit(wish));
        wish.onlyIfUnowned = true;
        NEED_ERROR(m_store->commit(wish), ErrorKind::Conflict, "runs it");
        NEED_OK(m_store->release(lease));
        NEED_OK(m_store->commit(desk));
        NEED(read, m_store->job(job.id()));
        QCOMPARE(read.finishedMs, m_folder->clock.wallMs());
    }

    void fencesAnOwnerWhoseLeaseWasTaken()
    {
        const Job job = stored(QStringLiteral("job"));
        NEED(lease, m_store->claim(job.id(), kOwner, 10s));
        NEED_ERROR(m_store->claim(job.id(), kOther, 10s), ErrorKind::Conflict, "runs it");
        Step running = stepOf(lease);
        running.progress = inState(JobState::Running);
        NEED_OK(m_store->commit(running));
        m_folder->clock.advance(9s);
        NEED_OK(m_store->heartbeat(kOwner, 10s));
        m_folder->clock.advance(9s);
        NEED(none, m_store->orphans());
        QVERIFY(none.empty());
        m_folder->clock.advance(2s);
        NEED(orphans, m_store->orphans());
        QCOMPARE(orphans.size(), 1u);
        NEED_OK(m_store->commit(stepOf(lease))); // late, but nobody has taken it
        NEED(taken, m_store->claim(job.id(), kOther, 10s));
        QCOMPARE(taken.epoch, 2);
        NEED_ERROR(m_store->commit(stepOf(lease)), ErrorKind::Fenced, "epoch 2");
        NEED_ERROR(m_store->checkLease(lease), ErrorKind::Fenced, "epoch 1");
        NEED_ERROR(m_store->release(lease), ErrorKind::Fenced, "epoch 1");
        NEED_ERROR(m_store->heartbeat(kOwner, 10s), ErrorKind::Fenced, "taken over");
        NEED_OK(m_store->heartbeat(kOwner, 10s)); // told once
        NEED(owner, m_store->ownerOf(job.id()));
        QCOMPARE(*owner, kOther);
    }

    void fencesAnOwnersOwnEarlierLease()
    {
        const Job job = stored(QStringLiteral("job"));
        NEED(first, m_store->claim(job.id(), kOwner, 10s));
        m_folder->clock.advance(20s);
        NEED(second, m_store->claim(job.id(), kOwner, 10s)); // the same process, a worker later
        QCOMPARE(second.epoch, 2);
        NEED_ERROR(m_store->commit(stepOf(first)), ErrorKind::Fenced, "epoch 2");
        NEED_ERROR(m_store->checkLease(first), ErrorKind::Fenced, "epoch 1"); // of the same owner, taken twice
        NEED_ERROR(m_store->release(first), ErrorKind::Fenced, "epoch 1");
        NEED_OK(m_store->commit(stepOf(second)));
    }

    void choosesReadyJobsByUrgencyThenAge()
    {
        std::vector<Job> jobs;
        for (int i = 0; i < 6; ++i) {
            Job job = newJob(QStringLiteral("job%1").arg(i));
            job.wishes.priority = i == 4 ? Priority::P0 : i == 5 ? Priority::P1 : Priority::P2;
            if (i == 1)
                job.identity.dependsOn = {jobs[0].id()};
            NEED_OK(m_store->create(job, newAudit(QStringLiteral("x"))));
            jobs.push_back(job);
        }
        const auto names = [&](int most) {
            QStringList list;
            const auto ready = m_store->ready(most).value_or(std::vector<ReadyJob>());
            for (const ReadyJob &one : ready)
                for (size_t i = 0; i < jobs.size(); ++i)
                    if (jobs[i].id() == one.id)
                        list << QString::number(i);
            return list.join(u' ');
        };
        QCOMPARE(names(10), QStringLiteral("4 5 0 2 3")); // 1 waits for 0
        QCOMPARE(names(2), QStringLiteral("4 5"));
        Step pause = stepOf(jobs[4].id());
        pause.wishes = Wishes{Priority::P0, true, {}, false, false};
        NEED_OK(m_store->commit(pause));
        Step archive = stepOf(jobs[5].id());
        archive.wishes = Wishes{Priority::P1, false, {}, false, true};
        NEED_OK(m_store->commit(archive));
        NEED(lease, m_store->claim(jobs[2].id(), kOwner, 10s));
        QCOMPARE(names(10), QStringLiteral("0 3"));
        pause.wishes->cancelAsked = true; // a paused job can be cancelled
        NEED_OK(m_store->commit(pause));
        QCOMPARE(names(10), QStringLiteral("4 0 3"));
        Step done = stepOf(jobs[0].id());
        done.progress = inState(JobState::Done);
        NEED_OK(m_store->commit(done));
        NEED_OK(m_store->commit(done)); // counted once
        QCOMPARE(names(10), QStringLiteral("4 1 3"));
        m_folder->clock.advance(11s);
        QCOMPARE(names(10), QStringLiteral("4 1 2 3")); // the lease is over
    }

    void wakesWaitingJobsWhenTheyAreDueOrAnswered()
    {
        const Job timed = stored(QStringLiteral("timed"));
        const Job gate = stored(QStringLiteral("gate"));
        const Job person = stored(QStringLiteral("person"));
        const auto wait = [&](const Job &job, WaitKind kind, std::optional<qint64> at, const QString &boot) {
            Step step = stepOf(job.id());
            step.progress = inState(JobState::Waiting, kind);
            step.progress->wait.wakeAtBootMs = at;
            step.progress->wait.bootId = boot;
            return m_store->commit(step).has_value();
        };
        const QString boot = m_folder->clock.bootId();
        QVERIFY(wait(gate, WaitKind::Approval, std::nullopt, {}));
        QVERIFY(wait(person, WaitKind::Change, std::nullopt, {}));
        NEED_OK(m_store->claim(timed.id(), kOther, 1s)); // not ready as a created job meanwhile
        NEED(never, m_store->nextWakeUp().transform([](auto next) { return next.has_value(); }));
        QVERIFY(!never);
        m_folder->clock.advance(2s);
        QVERIFY(wait(timed, WaitKind::Retry, m_folder->clock.bootMs() + 5000, boot));
        NEED(soon, m_store->nextWakeUp());
        QCOMPARE(soon->count(), 5000);
        NEED(none, m_store->ready(5)); // "timed" still waits
        QVERIFY(none.empty());
        m_folder->clock.setWall(1); // the wall clock decides nothing
        m_folder->clock.advance(5s);
        NEED(due, m_store->ready(5));
        QCOMPARE(due.size(), 1u);
        QVERIFY(due[0].id == timed.id());
        NEED(now, m_store->nextWakeUp());
        QCOMPARE(now->count(), 0);
        QVERIFY(wait(timed, WaitKind::Retry, m_folder->clock.bootMs() + 5000, QStringLiteral("another boot")));
        NEED(otherBoot, m_store->ready(5));
        QCOMPARE(otherBoot.size(), 1u);
        NEED(lease, m_store->claim(timed.id(), kOwner, 1h)); // who is run already is not due
        NEED(owned, m_store->ready(5));
        QVERIFY(owned.empty());
        NEED(quiet, m_store->nextWakeUp().transform([](auto next) { return next.has_value(); }));
        QVERIFY(!quiet);
        // An answer of the desk makes any wait due at once.
        QVERIFY(wait(person, WaitKind::Change, 0, {}));
        NEED(answered, m_store->ready(5));
        QCOMPARE(answered.size(), 1u);
        Step decide = stepOf(gate.id());
        decide.decision = newDecision(QStringLiteral("deploy"));
        NEED_OK(m_store->commit(decide));
        NEED(decided, m_store->ready(5));
        QCOMPARE(decided.size(), 2u);
        Step voidIt = stepOf(gate.id());
        voidIt.voided = std::pair(decide.decision->id, QStringLiteral("moved"));
        NEED_OK(m_store->commit(voidIt));
        NEED(undecided, m_store->ready(5));
        QCOMPARE(undecided.size(), 1u);
    }

    void refusesDependenciesThatCannotBe()
    {
        Job job = newJob(QStringLiteral("job"));
        job.identity.dependsOn = {JobId::create()};
        NEED_ERROR(m_store->create(job, newAudit(QStringLiteral("x"))), ErrorKind::Invalid, "does not exist");
        job.identity.dependsOn = {job.id()};
        NEED_ERROR(m_store->create(job, newAudit(QStringLiteral("x"))), ErrorKind::Invalid, "itself");
        const Job other = stored(QStringLiteral("other"));
        job.identity.dependsOn = {other.id(), other.id()};
        NEED_ERROR(m_store->create(job, newAudit(QStringLiteral("x"))), ErrorKind::Invalid, "twice");
        NEED_ERROR(m_store->job(job.id()), ErrorKind::NotFound, "");
    }

    void pausesTheEngineInTheStore()
    {
        NEED(before, m_store->enginePaused());
        QVERIFY(!before);
        NEED_OK(m_store->pauseEngine(true, newAudit(QStringLiteral("engine.paused"))));
        NEED(reader, m_folder->open(OpenMode::ReadOnly));
        NEED(paused, reader->enginePaused());
        QVERIFY(paused);
        NEED(events, reader->eventsAfter(0, {}, 10));
        QCOMPARE(events.size(), 1u);
        QVERIFY(events[0].job.isNull());
        NEED_ERROR(reader->pauseEngine(false, newAudit(QStringLiteral("x"))), ErrorKind::Denied, "reading only");
    }

    void keepsTheOrderWhenTheClockStepsBack()
    {
        const Job job = stored(QStringLiteral("job"));
        for (int i = 0; i < 5; ++i) {
            m_folder->clock.setWall(m_folder->clock.wallMs() - 86'400'000);
            Step step = stepOf(job.id());
            AttemptRecord attempt;
            attempt.stage = QStringLiteral("stage%1").arg(9 - i);
            attempt.startedMs = m_folder->clock.wallMs();
            step.attempts = {attempt};
            CommandRecord command;
            command.stage = attempt.stage;
            command.argv = {QString::number(i)};
            step.commands = {command};
            step.events = {newEvent(QString::number(i))};
            step.audits = {newAudit(QString::number(i))};
            NEED_OK(m_store->commit(step));
        }
        NEED(attempts, m_store->attempts(job.id()));
        NEED(commands, m_store->commands(job.id()));
        NEED(events, m_store->eventsAfter(1, job.id(), 10));
        NEED(audits, m_store->auditAfter(1, 10));
        for (size_t i = 0; i < 5; ++i) {
            QCOMPARE(attempts[i].stage, QStringLiteral("stage%1").arg(9 - i));
            QCOMPARE(commands[i].argv.first(), QString::number(i));
            QCOMPARE(events[i].kind, QString::number(i));
            QCOMPARE(audits[i].action, QString::number(i));
        }
        NEED(report, m_store->verifyAudit());
        QVERIFY2(report.sound, qPrintable(report.said));
    }
};

QTEST_GUILESS_MAIN(JobStoreTest)
#include "jobstoretest.moc"
