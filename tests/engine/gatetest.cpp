// SPDX-License-Identifier: Apache-2.0
/// What a person may decide, and what becomes of it.
#include "core/engine/mirror.h"
#include "tests/engine/engineworld.h"
#include "tests/testlib/expect.h"

using namespace openfactory;

namespace {

const QByteArray kGate =
    "contract:\n  pipeline:\n    - name: implement\n    - name: unit-test\n    - name: coverage\n    - name: boundary\n    - name: integrate\n    - name: deploy\n";

Job atGate(EngineWorld &world, const QByteArray &contract = kGate,
           const QList<EngineWorld::Change> &changes = {{"implement", {{"b.txt", "x"}}},
                                                        {"deploy", {{"b.txt", "better"}}}})
{
    const Job job = world.playbookJob(QStringLiteral("gate"), changes, contract);
    if (!world.run(job))
        qFatal("the job did not run");
    return job;
}

} // namespace

class GateTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anApprovalIntegratesTheChange()
    {
        EngineWorld world;
        const Job job = atGate(world);
        QVERIFY(world.desk->decide(job.id(), world.approval(job)));
        QCOMPARE(world.run(job), JobRun::End::Ended);
        QCOMPARE(world.now(job).progress.state, JobState::Done);
        QCOMPARE(world.repository.head(), world.now(job).progress.integrated);
        QVERIFY(QFile::exists(world.repository.path() + QStringLiteral("/b.txt")));
        QCOMPARE(world.repository.git({QStringLiteral("status"), QStringLiteral("--porcelain")}), QByteArray());
        QCOMPARE(world.repository
                     .git({QStringLiteral("rev-list"), QStringLiteral("--merges"), QStringLiteral("--count"),
                           QStringLiteral("main")})
                     .trimmed(),
                 QByteArray("1"));
    }

    void aMarkOfTheChangeIsARiskThatAPersonAccepts()
    {
        EngineWorld world;
        const QByteArray token = QByteArray("gh") + "p_Zk3vJ9qLw8RtY2mBc5DxG7hNs4PfQ6aEuT1i";
        const QByteArray marked = "k = " + token
                                  + "  # openfactory: allow-secret(github-token): from the forge's manual";
        const Job job = atGate(world, kGate, {{"implement", {{"b.txt", marked}}}, {"deploy", {{"b.txt", "better"}}}});
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
        const auto risks = *world.store->risks(job.id());
        QCOMPARE(risks.size(), size_t(1));
        QCOMPARE(risks[0].name, QStringLiteral("allowed-secrets"));
        for (const char *told : {"b.txt:1", "github-token", "from the forge's manual"})
            QVERIFY2(risks[0].text.contains(QLatin1StringView(told)), qPrintable(risks[0].text));
        QVERIFY(!risks[0].text.contains(QString::fromLatin1(token)));
        QVERIFY(!world.desk->decide(job.id(), world.approval(job))); // not without accepting it by name
        GateAnswer back = world.approval(job);
        back.kind = DecisionKind::RequestChanges;
        OF_OK(world.desk->decide(job.id(), back));
        QCOMPARE(world.run(job), JobRun::End::Parked); // the mark is gone with the next change, and so is the risk
        QVERIFY(world.store->risks(job.id())->empty());
        OF_OK(world.desk->decide(job.id(), world.approval(job)));
    }

    void aMarkIsAcceptedByName()
    {
        EngineWorld world;
        const QByteArray token = QByteArray("gh") + "p_Zk3vJ9qLw8RtY2mBc5DxG7hNs4PfQ6aEuT1i";
        const QByteArray marked = "k = " + token
                                  + "  # openfactory: allow-secret(github-token): from the forge's manual";
        const Job job = atGate(world, kGate, {{"implement", {{"b.txt", marked}}}});
        OF_OK(world.desk->decide(job.id(), world.approval(job, {QStringLiteral("allowed-secrets")})));
        QCOMPARE(world.run(job), JobRun::End::Ended);
        QCOMPARE(world.now(job).progress.state, JobState::Done);
    }

    void refusesASecondDecisionOnTheSameGate()
    {
        EngineWorld world;
        const Job job = atGate(world);
        const GateAnswer answer = world.approval(job);
        QVERIFY(world.desk->decide(job.id(), answer));
        const auto second = world.desk->decide(job.id(), answer);
        QVERIFY(!second);
        QCOMPARE(second.error().kind, ErrorKind::Conflict);
        // As it is after a kill between the decision and the merge: what the job waits for is no decision any more.
        const QString waits = waitsFor(*world.store, world.now(job));
        QVERIFY2(waits.contains(u"carry out the decision"), qPrintable(waits));
        QCOMPARE(world.run(job), JobRun::End::Ended);
        QCOMPARE(waitsFor(*world.store, world.now(job)), QString());
    }

    void aBrokenAuditLogRefusesEveryAct()
    {
        EngineWorld world;
        const Job job = atGate(world);
        QVERIFY(QFile::remove(world.ports.settings.dataFolder + QStringLiteral("/audit.head")));
        for (const auto &done : {world.desk->cancel(job.id()), world.desk->pause(job.id(), {}),
                                 world.desk->setPriority(job.id(), Priority::P0), world.desk->pauseEngine(true)}) {
            QVERIFY(!done);
            QCOMPARE(done.error().kind, ErrorKind::Corrupt);
        }
        QVERIFY(!world.now(job).wishes.paused && !world.now(job).wishes.cancelAsked);
    }

    void refusesADecisionOnSomethingElseThanShown()
    {
        EngineWorld world;
        const Job job = atGate(world);
        GateAnswer answer = world.approval(job);
        answer.binding.diff = QStringLiteral("of another change");
        const auto refused = world.desk->decide(job.id(), answer);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
        QVERIFY(refused.error().said.contains(QStringLiteral("diff")));
    }

    void everyOpenRiskHasToBeAcceptedByName()
    {
        EngineWorld world;
        const Job job = atGate(world, kGate, {{"implement", {{"coverage", "70"}}}});
        const auto refused = world.desk->decide(job.id(), world.approval(job));
        QVERIFY(!refused);
        QVERIFY(toText(refused.error()).contains(QStringLiteral("coverage")));
        QVERIFY(
            !world.desk->decide(job.id(), world.approval(job, {QStringLiteral("coverage"), QStringLiteral("lint")})));
        QVERIFY(world.desk->decide(job.id(), world.approval(job, {QStringLiteral("coverage")})));
        QCOMPARE(world.run(job), JobRun::End::Ended);
        QCOMPARE(world.store->risks(job.id())->front().acceptedBy, QStringLiteral("operator:tester"));
    }

    void aChangeAfterTheDecisionVoidsIt()
    {
        EngineWorld world;
        const Job job = atGate(world);
        QVERIFY(world.desk->decide(job.id(), world.approval(job)));
        world.writeInWorkspace(job, "b.txt", "slipped in after the approval");
        const CommitId before = world.repository.head();
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.repository.head(), before);
        const auto decisions = *world.store->decisions(job.id());
        QVERIFY(decisions.front().voidReason.contains(QStringLiteral("diff")));
        QVERIFY(decisions.front().consumedBy.isEmpty());
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
    }

    void whatWasChangedAtTheGateIsJudgedFromTheStart()
    {
        EngineWorld world;
        const Job job = atGate(world);
        world.writeInWorkspace(job, "b.txt", "slipped in");
        const auto refused = world.desk->decide(job.id(), world.approval(job));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
        QVERIFY2(refused.error().said.contains(QStringLiteral("b.txt")), qPrintable(refused.error().said));
        QVERIFY(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.attempt(job, QStringLiteral("boundary"), 2).state, AttemptState::Passed);
        QVERIFY(world.desk->decide(job.id(), world.approval(job)));
        QCOMPARE(world.run(job), JobRun::End::Ended);
        QCOMPARE(world.repository.git({QStringLiteral("show"), QStringLiteral("main:b.txt")}),
                 QByteArray("slipped in"));
    }

    void aMovedTargetWithTheSameDiffKeepsTheDecision()
    {
        EngineWorld world;
        const Job job = atGate(world);
        QVERIFY(world.desk->decide(job.id(), world.approval(job)));
        world.repository.write("elsewhere.txt", "moved on");
        world.repository.commitAll();
        QCOMPARE(world.run(job), JobRun::End::Ended);
        QCOMPARE(world.now(job).progress.state, JobState::Done);
        QVERIFY(QFile::exists(world.repository.path() + QStringLiteral("/elsewhere.txt")));
    }

    void aConflictWaitsForItsResolution()
    {
        EngineWorld world;
        const Job job = world.playbookJob(QStringLiteral("conflict"), {{"implement", {{"a.txt", "ours"}}}}, kGate);
        QVERIFY(world.run(job, [](JobRun &run) { return run.prepare(); }));
        world.repository.write("a.txt", "theirs\n");
        world.repository.commitAll();
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Conflict);
        QCOMPARE(displayName(world.attempt(job, QStringLiteral("integrate"), 1)), QStringLiteral("a.txt"));

        const QString workspace = workspaceOf(job.identity).path;
        QVERIFY(world.repository.tryGit({QStringLiteral("-c"), QStringLiteral("user.name=P"), QStringLiteral("-c"),
                                         QStringLiteral("user.email=p@localhost"), QStringLiteral("merge"),
                                         QStringLiteral("main")},
                                        workspace)
                != 0);
        world.writeInWorkspace(job, "a.txt", "both\n");
        world.repository.git({QStringLiteral("add"), QStringLiteral("a.txt")}, workspace);
        world.repository.git({QStringLiteral("-c"), QStringLiteral("user.name=P"), QStringLiteral("-c"),
                              QStringLiteral("user.email=p@localhost"), QStringLiteral("commit"), QStringLiteral("-qm"),
                              QStringLiteral("resolved")},
                             workspace);
        QVERIFY(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
        QVERIFY(world.desk->decide(job.id(), world.approval(job)));
        QCOMPARE(world.run(job), JobRun::End::Ended);
        QCOMPARE(world.repository.git({QStringLiteral("show"), QStringLiteral("main:a.txt")}), QByteArray("both\n"));
    }

    void uncommittedWorkInTheWayIsNamedAndKept()
    {
        EngineWorld world;
        const Job job = atGate(world, kGate, {{"implement", {{"a.txt", "ours"}}}});
        QVERIFY(world.desk->decide(job.id(), world.approval(job)));
        world.repository.write("a.txt", "precious");
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Conflict);
        QVERIFY2(world.now(job).progress.wait.what.contains(QStringLiteral("a.txt")),
                 qPrintable(world.now(job).progress.wait.what));
        QFile file(world.repository.path() + QStringLiteral("/a.txt"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("precious"));
        file.close();
        world.repository.git(
            {QStringLiteral("checkout"), QStringLiteral("-q"), QStringLiteral("--"), QStringLiteral("a.txt")});
        QVERIFY(world.desk->retry(job.id(), {}));
        QCOMPARE(world.run(job), JobRun::End::Ended); // the decision still holds
        QCOMPARE(world.now(job).progress.state, JobState::Done);
    }

    void aProtectedTargetIsRefused()
    {
        EngineWorld world;
        const Job job = atGate(world, kGate + "  protected_branches: [main]\n");
        const auto refused = world.desk->decide(job.id(), world.approval(job));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Denied);
        QVERIFY(refused.error().hint.contains(QStringLiteral("factory/gate")));
    }

    void noPipelineLetsAJobTouchWhatIsProtected_data()
    {
        QTest::addColumn<QByteArray>("gate");
        QTest::newRow("deploy") << QByteArray("deploy");
        QTest::newRow("accept") << QByteArray("accept");
    }
    void noPipelineLetsAJobTouchWhatIsProtected()
    {
        QFETCH(QByteArray, gate);
        EngineWorld world;
        const Job job = world.playbookJob(QStringLiteral("touches"),
                                          {{"implement", {{".github/workflows/ci.yml", "on: push"}}}},
                                          "contract:\n  pipeline:\n    - name: implement\n    - name: " + gate + '\n');
        QVERIFY(world.run(job));
        QCOMPARE(world.now(job).progress.state, JobState::Failed);
        QVERIFY2(world.now(job).progress.note.contains(QStringLiteral("protected")),
                 qPrintable(world.now(job).progress.note));
        QVERIFY(!world.desk->decide(job.id(), GateAnswer{}));
    }

    void aBrokenBoundaryCannotBeApproved()
    {
        EngineWorld world;
        const Job job = atGate(world, kGate + "  forbidden_files: [\"b.txt\"]\n");
        QCOMPARE(world.now(job).progress.state, JobState::Failed);
        const auto refused = world.desk->decide(job.id(), GateAnswer{});
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Denied);
        QVERIFY(refused.error().said.contains(QStringLiteral("no decision overrides")));
    }

    void aHardStopCanBeSentBackToTheAuthor()
    {
        EngineWorld world;
        const Job job = world.playbookJob(
            QStringLiteral("stop"), {{"implement", {{"b.txt", "1\\n2\\n3\\n4\\n"}}}, {"boundary", {{"b.txt", "1\\n"}}}},
            kGate + "  max_lines_changed: 2\n");
        OF_OK(world.run(job));
        QCOMPARE(world.now(job).progress.state, JobState::Failed);
        const auto view = world.desk->gate(job.id());
        OF_OK(view);
        QVERIFY(view->hardStop);
        QCOMPARE(view->gate, QStringLiteral("boundary"));
        GateAnswer answer;
        answer.kind = DecisionKind::RequestChanges;
        answer.comment = QStringLiteral("one line will do");
        OF_REFUSED(world.desk->decide(job.id(), answer), ErrorKind::Conflict, QStringLiteral("changed")); // not shown
        answer.binding = view->binding;
        answer.comment.clear();
        OF_REFUSED(world.desk->decide(job.id(), answer), ErrorKind::Invalid, QStringLiteral("comment"));
        answer.comment = QStringLiteral("one line will do");
        OF_OK(world.desk->decide(job.id(), answer));
        const Progress queued = world.now(job).progress;
        QCOMPARE(queued.state, JobState::Waiting);
        QCOMPARE(queued.answering, QStringLiteral("boundary/1"));
        const Verdict verdict = *world.attempt(job, QStringLiteral("boundary"), 1).verdict;
        QCOMPARE(verdict.outcome, Outcome::Failed); // still the hard stop that it was
        QCOMPARE(verdict.findings.back().message, QStringLiteral("one line will do"));
        QVERIFY(!world.desk->decide(job.id(), answer)); // once
        const auto decisions = *world.store->decisions(job.id());
        QCOMPARE(decisions.size(), size_t(1));
        QVERIFY(!decisions.front().consumedBy.isEmpty());
        OF_OK(world.run(job));
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval); // the new change holds the contract
        QCOMPARE(world.repository.git({QStringLiteral("show"), QStringLiteral("factory/stop:b.txt")}),
                 QByteArray("1\n"));
    }

    void aHardStopWaitsForThePersonWhoWritesTheChange()
    {
        EngineWorld world;
        const Job job = world.personJob(QStringLiteral("mine"), kGate + "  forbidden_files: [\"b.txt\"]\n");
        OF_OK(world.run(job));
        world.writeInWorkspace(job, "b.txt", "no");
        OF_OK(world.desk->retry(job.id(), {}));
        OF_OK(world.run(job));
        QCOMPARE(world.now(job).progress.state, JobState::Failed);
        const auto view = world.desk->gate(job.id());
        OF_OK(view);
        GateAnswer answer;
        answer.kind = DecisionKind::RequestChanges;
        answer.comment = QStringLiteral("leave b.txt alone");
        answer.binding = view->binding;
        OF_OK(world.desk->decide(job.id(), answer));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        const Wait wait = world.now(job).progress.wait;
        QCOMPARE(wait.kind, WaitKind::Change);
        QVERIFY2(wait.what.contains(QStringLiteral("leave b.txt alone")), qPrintable(wait.what));
    }

    void aHardStopIsRejectedOnce()
    {
        EngineWorld world;
        const Job job = atGate(world, kGate + "  forbidden_files: [\"b.txt\"]\n");
        GateAnswer answer;
        answer.kind = DecisionKind::Reject;
        answer.comment = QStringLiteral("not worth it");
        answer.binding = world.desk->gate(job.id())->binding;
        OF_OK(world.desk->decide(job.id(), answer));
        QCOMPARE(world.now(job).progress.state, JobState::Failed);
        QVERIFY(world.now(job).progress.note.contains(QStringLiteral("not worth it")));
        OF_REFUSED(world.desk->decide(job.id(), answer), ErrorKind::Conflict, QStringLiteral("rejected it already"));
        QVERIFY(world.store->verifyAudit()->sound);
    }

    void aFailedJobIsEndedForGood()
    {
        EngineWorld world;
        const Job job = atGate(world, kGate + "  forbidden_files: [\"b.txt\"]\n");
        // A merge that was begun may stand: it is not for a cancel to say that it does not.
        IntentRecord intent;
        intent.key = newUlid();
        intent.kind = QStringLiteral("integrate");
        Step step;
        step.job = job.id();
        step.intents = {intent};
        OF_OK(world.store->commit(step));
        OF_REFUSED(world.desk->cancel(job.id()), ErrorKind::Conflict, QStringLiteral("may stand there"));
        intent.state = IntentState::Abandoned;
        step.intents = {intent};
        OF_OK(world.store->commit(step));
        OF_OK(world.desk->cancel(job.id()));
        QCOMPARE(world.now(job).progress.state, JobState::Cancelled);
        QVERIFY(world.now(job).finishedMs > 0);
        QVERIFY(!world.desk->retry(job.id(), {}));
        OF_REFUSED(world.desk->cancel(job.id()), ErrorKind::Conflict, QStringLiteral("cancelled"));
        OF_REFUSED(world.desk->gate(job.id()), ErrorKind::Conflict, QStringLiteral("no decision"));
    }

    void aRejectionNeedsACommentAndEndsTheJob()
    {
        EngineWorld world;
        const Job job = atGate(world);
        GateAnswer answer = world.approval(job);
        answer.kind = DecisionKind::Reject;
        answer.comment.clear();
        QVERIFY(!world.desk->decide(job.id(), answer));
        answer.comment = QStringLiteral("wrong approach");
        QVERIFY(world.desk->decide(job.id(), answer));
        QCOMPARE(world.run(job), JobRun::End::Ended);
        QCOMPARE(world.now(job).progress.state, JobState::Failed);
        QVERIFY(world.now(job).progress.note.contains(QStringLiteral("wrong approach")));
    }

    void requestedChangesGoBackToTheAuthor()
    {
        EngineWorld world;
        const Job job = atGate(world);
        GateAnswer answer = world.approval(job);
        answer.kind = DecisionKind::RequestChanges;
        answer.comment = QStringLiteral("better, please");
        QVERIFY(world.desk->decide(job.id(), answer));
        QCOMPARE(world.run(job), JobRun::End::Parked);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
        QCOMPARE(world.repository.git({QStringLiteral("show"), QStringLiteral("factory/gate:b.txt")}),
                 QByteArray("better"));
    }

    void aGradualRolloutIsRefusedAsNotBuilt()
    {
        EngineWorld world;
        const Job job = atGate(world);
        GateAnswer answer = world.approval(job);
        answer.strategy = Strategy::Gradual;
        const auto refused = world.desk->decide(job.id(), answer);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Unsupported);
    }

private:
    static QString displayName(const AttemptRecord &attempt)
    {
        return attempt.verdict && !attempt.verdict->findings.empty()
                   ? QString::fromUtf8(attempt.verdict->findings.front().file)
                   : QString();
    }
};

QTEST_GUILESS_MAIN(GateTest)
#include "gatetest.moc"
