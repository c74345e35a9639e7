// SPDX-License-Identifier: Apache-2.0
#include "ui/models/gatepresenter.h"

#include "core/base/file.h"
#include "tests/testlib/patience.h"
#include "tests/ui/consoleworld.h"

#include <QSignalSpy>

using namespace openfactory;
using namespace openfactory::ui;

class GatePresenterTest : public QObject {
    Q_OBJECT
private:
    struct Gate {
        explicit Gate(ConsoleWorld &world) : presenter(world.reader, world.operators, *world.ports.clock)
        {
            presenter.setGrace(std::chrono::milliseconds(0));
            QObject::connect(&world.feed, &ChangeFeed::changed, &presenter, &GatePresenter::noteChanged);
        }
        GatePresenter presenter;
        QSignalSpy decided{&presenter, &GatePresenter::decided};
        QSignalSpy refused{&presenter, &GatePresenter::refused};
    };
    static void fill(GatePresenter &presenter)
    {
        presenter.setDecision(DecisionKind::Approve);
        presenter.setAccepted(QStringLiteral("coverage"), true);
        presenter.setComment(QStringLiteral("tested elsewhere"));
    }

private Q_SLOTS:
    void asksForEveryPartOfADecision()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        Gate gate(world);
        GatePresenter &presenter = gate.presenter;
        presenter.setJob(job.id());
        QTRY_COMPARE(presenter.kind(), GatePresenter::Kind::Approval);
        QVERIFY(presenter.whyNot().contains(QStringLiteral("Choose")));
        presenter.setDecision(DecisionKind::Approve);
        QVERIFY(presenter.whyNot().contains(QStringLiteral("coverage")));
        presenter.setAccepted(QStringLiteral("coverage"), true);
        QVERIFY(presenter.whyNot().contains(QStringLiteral("10 more")));
        presenter.setComment(QStringLiteral("  a b c d e f g h i \n")); // nine letters
        QVERIFY(presenter.whyNot().contains(QStringLiteral("1 more")));
        presenter.submit();
        presenter.setComment(QStringLiteral("a b c d e f g h i j"));
        QCOMPARE(presenter.whyNot(), QString());
        QVERIFY(presenter.summary().contains(job.progress.head.left(7)));
        presenter.setDecision(DecisionKind::Reject);
        presenter.setComment(QStringLiteral("no"));
        QVERIFY(presenter.whyNot().contains(QStringLiteral("8 more")));
        presenter.submit();
        QTest::qWait(50);
        QVERIFY(world.store->decisions(job.id())->empty()); // nothing that was not valid was sent
    }

    void nothingIsApprovedUnseenThatATextDoesNotShow()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        Gate gate(world);
        GatePresenter &presenter = gate.presenter;
        presenter.setJob(job.id());
        QTRY_COMPARE(presenter.kind(), GatePresenter::Kind::Approval);
        fill(presenter);
        QCOMPARE(presenter.viewedText(), QString()); // nothing is known, and nothing hangs on it
        QCOMPARE(presenter.whyNot(), QString());
        presenter.setReading(5, 1,
                             {QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("d")});
        QVERIFY(presenter.summary().contains(QStringLiteral("1 of 5 viewed")));
        QVERIFY2(presenter.whyNot().contains(QStringLiteral("a, b, c and 1 more")), qPrintable(presenter.whyNot()));
        presenter.submit();
        QTest::qWait(50);
        QVERIFY(world.store->decisions(job.id())->empty());
        presenter.setDecision(DecisionKind::RequestChanges); // to send it back needs no look at all of it
        QCOMPARE(presenter.whyNot(), QString());
        presenter.setDecision(DecisionKind::Approve);
        presenter.setReading(5, 1, {});
        QCOMPARE(presenter.whyNot(), QString());
    }

    void approvesWhatWasShown()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        Gate gate(world);
        gate.presenter.setJob(job.id());
        QTRY_COMPARE(gate.presenter.kind(), GatePresenter::Kind::Approval);
        fill(gate.presenter);
        gate.presenter.submit();
        QTRY_COMPARE(gate.decided.size(), 1);
        const auto decisions = *world.store->decisions(job.id());
        QCOMPARE(decisions.size(), size_t(1));
        QCOMPARE(decisions.front().binding, job.progress.gate);
        QCOMPARE(decisions.front().acceptedRisks, QStringList{QStringLiteral("coverage")});
        QCOMPARE(decisions.front().comment, QStringLiteral("tested elsewhere"));
        OF_OK(world.run(job));
        QCOMPARE(world.now(job).progress.state, JobState::Done);
    }

    void takesADecisionBackWhileItIsYoung()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        Gate gate(world);
        gate.presenter.setGrace(std::chrono::milliseconds(150));
        gate.presenter.setJob(job.id());
        QTRY_COMPARE(gate.presenter.kind(), GatePresenter::Kind::Approval);
        fill(gate.presenter);
        gate.presenter.submit();
        QVERIFY(gate.presenter.isPending());
        gate.presenter.undo();
        QTest::qWait(300);
        QVERIFY(world.store->decisions(job.id())->empty());
        gate.presenter.submit();
        QTRY_COMPARE(gate.decided.size(), 1);
    }

    void aSubmittedDecisionOutlivesItsWindow()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        {
            Gate gate(world);
            gate.presenter.setGrace(std::chrono::minutes(1));
            gate.presenter.setJob(job.id());
            QTRY_COMPARE(gate.presenter.kind(), GatePresenter::Kind::Approval);
            fill(gate.presenter);
            gate.presenter.submit();
            QVERIFY(gate.presenter.isPending());
        }
        QTRY_COMPARE(world.store->decisions(job.id())->size(), size_t(1));
    }

    void oneOfTwoWindowsWins()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        Gate one(world);
        Gate two(world);
        for (Gate *gate : {&one, &two}) {
            gate->presenter.setJob(job.id());
            QTRY_COMPARE(gate->presenter.kind(), GatePresenter::Kind::Approval);
            fill(gate->presenter);
        }
        one.presenter.submit();
        two.presenter.submit(); // before anything is heard of the first
        QTRY_COMPARE(one.decided.size() + two.decided.size(), 1);
        QTRY_COMPARE(one.refused.size() + two.refused.size(), 1);
        QCOMPARE(world.store->decisions(job.id())->size(), size_t(1));
        const QString said = (one.refused.isEmpty() ? two : one).refused.first().first().toString();
        QVERIFY2(said.contains(QStringLiteral("decided already")) || said.contains(QStringLiteral("moved on")),
                 qPrintable(said));
    }

    void staleEvidenceIsShownAndDisablesTheDecision()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        Gate gate(world);
        gate.presenter.setJob(job.id());
        QTRY_COMPARE(gate.presenter.kind(), GatePresenter::Kind::Approval);
        fill(gate.presenter);
        // Somebody else decides.
        OF_OK(world.desk->decide(job.id(), world.approval(job, {QStringLiteral("coverage")})));
        OF_OK(world.run(job));
        QTRY_VERIFY(gate.presenter.isStale());
        QVERIFY2(gate.presenter.staleText().contains(QStringLiteral("operator:tester")),
                 qPrintable(gate.presenter.staleText()));
        QVERIFY(gate.presenter.whyNot().contains(QStringLiteral("stale")));
        gate.presenter.submit();
        QTest::qWait(50);
        QCOMPARE(gate.decided.size(), 0);
        QCOMPARE(gate.presenter.comment(), QStringLiteral("tested elsewhere"));
        gate.presenter.reload();
        QTRY_COMPARE(gate.presenter.kind(), GatePresenter::Kind::None);
    }

    void aChangedDiffIsStale()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        Gate gate(world);
        gate.presenter.setJob(job.id());
        QTRY_COMPARE(gate.presenter.kind(), GatePresenter::Kind::Approval);
        // The job is sent back, changed in its worktree, and comes to the gate with another diff.
        world.writeInWorkspace(job, "c.txt", "more\n");
        OF_OK(world.desk->retry(job.id(), QStringLiteral("implement")));
        OF_OK(world.run(job));
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
        QVERIFY(world.now(job).progress.gate != job.progress.gate);
        // While the job ran there was no gate at all, which a slow reader may see first.
        QTRY_VERIFY(gate.presenter.staleText().contains(QStringLiteral("the diff")));
        QVERIFY(gate.presenter.isStale());
        gate.presenter.reload();
        QTRY_VERIFY(!gate.presenter.isStale());
        fill(gate.presenter);
        QCOMPARE(gate.presenter.whyNot(), QString());
    }

    void aHardStopKnowsNoApproval()
    {
        ConsoleWorld world;
        const Job job = world.blocked();
        Gate gate(world);
        gate.presenter.setJob(job.id());
        QTRY_COMPARE(gate.presenter.kind(), GatePresenter::Kind::HardStop);
        QVERIFY(!gate.presenter.mayApprove());
        gate.presenter.setDecision(DecisionKind::Approve);
        QVERIFY(!gate.presenter.decision());
        QVERIFY(!gate.presenter.whyNot().isEmpty());
        QVERIFY(gate.presenter.instructions().contains(QStringLiteral("No approval can override this")));
        QVERIFY2(gate.presenter.instructions().contains(QStringLiteral("a.txt")),
                 qPrintable(gate.presenter.instructions()));
        gate.presenter.setDecision(DecisionKind::RequestChanges);
        QVERIFY(gate.presenter.whyNot().contains(QStringLiteral("10 more")));
        gate.presenter.setComment(QStringLiteral("leave a.txt alone"));
        QCOMPARE(gate.presenter.whyNot(), QString());
        gate.presenter.submit();
        QTRY_VERIFY(!gate.decided.isEmpty() || !gate.refused.isEmpty());
        QVERIFY2(gate.refused.isEmpty(), qPrintable(gate.refused.value(0).value(0).toString()));
        QCOMPARE(world.now(job).progress.state, JobState::Waiting);
        QCOMPARE(world.now(job).progress.answering, QStringLiteral("boundary/1"));
    }

    void aHardStopIsRejectedThenPutAway()
    {
        ConsoleWorld world;
        const Job job = world.blocked();
        Gate gate(world);
        gate.presenter.setJob(job.id());
        QTRY_VERIFY(gate.presenter.mayDecide());
        gate.presenter.setDecision(DecisionKind::Reject);
        gate.presenter.setComment(QStringLiteral("not worth the trouble"));
        gate.presenter.submit();
        QTRY_COMPARE(gate.decided.size(), 1);
        QVERIFY(world.now(job).progress.note.contains(QStringLiteral("not worth the trouble")));
        gate.presenter.reload();
        QTRY_VERIFY(!gate.presenter.mayDecide()); // once
        QCOMPARE(gate.presenter.kind(), GatePresenter::Kind::HardStop);
        gate.decided.clear();
        gate.presenter.archive();
        QTRY_VERIFY(!gate.decided.isEmpty() || !gate.refused.isEmpty());
        QVERIFY2(gate.refused.isEmpty(), qPrintable(gate.refused.value(0).value(0).toString()));
        QVERIFY(world.now(job).wishes.archived);
    }

    void showsEvidenceInFixedOrder()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        Gate gate(world);
        gate.presenter.setJob(job.id());
        QTRY_COMPARE(gate.presenter.kind(), GatePresenter::Kind::Approval);
        QStringList keys;
        for (const EvidenceCard &card : gate.presenter.cards()) {
            keys << card.key;
            QVERIFY2(!card.text.isEmpty(), qPrintable(card.key));
        }
        QCOMPARE(keys.join(u' '), QStringLiteral("plan risk change tests coverage findings checks attempts decisions"));
        QCOMPARE(gate.presenter.meters().front().label, QStringLiteral("Changed lines"));
    }

    void tellsWhatIsKnownAndWhatItTook()
    {
        ConsoleWorld world;
        world.repository.write("broken-lint", "old trouble");
        world.repository.commitAll();
        const Job known = world.playbookJob(QStringLiteral("known"), {{{}, {{"b.txt", "x"}, {"coverage", "70"}}}});
        OF_OK(world.run(known));
        const Job fresh = world.playbookJob(
            QStringLiteral("fresh"),
            {{"implement", {{"b.txt", "x"}, {"broken-unit-test", "boom"}, {"broken-lint", "new trouble"}}},
             {"unit-test", {{"b.txt", "y"}, {"broken-lint", "new trouble"}}}});
        OF_OK(world.run(fresh));
        const auto card = [](const GatePresenter &presenter, const char *key) {
            for (const EvidenceCard &one : presenter.cards()) {
                if (one.key == QLatin1String(key))
                    return (QStringList(one.text) + one.details).join(u'\n');
            }
            return QString();
        };
        Gate gate(world);
        gate.presenter.setJob(known.id());
        QTRY_VERIFY2(gate.presenter.kind() == GatePresenter::Kind::Approval, qPrintable(world.ledger(known)));
        QVERIFY2(card(gate.presenter, "findings").contains(QStringLiteral("1 of them there before the change")),
                 qPrintable(card(gate.presenter, "findings")));
        const auto cells = [&] {
            QStringList lines;
            for (const TableRow &row : gate.presenter.findings().rows())
                lines << row.cells.value(0) + u' ' + row.cells.value(1) + u' ' + row.cells.value(4);
            return lines.join(u'\n');
        };
        QVERIFY2(cells().contains(QStringLiteral("lint old trouble from before")), qPrintable(cells()));
        QVERIFY(card(gate.presenter, "attempts").contains(QStringLiteral("No stage was tried again")));
        QVERIFY(card(gate.presenter, "attempts").contains(QStringLiteral("No model or agent was asked")));

        const auto spend = [&](int number, std::optional<qint64> cost) {
            Step step;
            step.job = fresh.id();
            step.ifRevision = world.now(fresh).revision;
            AuthorCallRecord call;
            call.number = number;
            call.finished = true;
            call.inputTokens = 12'000;
            call.outputTokens = 345;
            call.cost = cost;
            call.currency = QStringLiteral("EUR");
            step.authorCalls.push_back(call);
            OF_OK(world.store->commit(step));
        };
        spend(1, 12'300);
        gate.presenter.setJob(fresh.id());
        QTRY_VERIFY2(gate.presenter.kind() == GatePresenter::Kind::Approval, qPrintable(world.ledger(fresh)));
        QVERIFY2(cells().contains(QStringLiteral("lint new trouble no")), qPrintable(cells()));
        QVERIFY(card(gate.presenter, "findings").contains(QStringLiteral("1 of them not known from before")));
        const QString attempts = card(gate.presenter, "attempts");
        QVERIFY2(attempts.contains(QStringLiteral("unit-test: tried again 1 time")), qPrintable(attempts));
        QVERIFY2(attempts.contains(QStringLiteral("0.0123 EUR")), qPrintable(attempts));
        QVERIFY2(attempts.contains(QStringLiteral("345 tokens in 1 call")), qPrintable(attempts));
        spend(2, {}); // without a price all of it is unknown, not less
        gate.presenter.reload();
        QTRY_VERIFY2(card(gate.presenter, "attempts").contains(QStringLiteral("690 tokens in 2 call")),
                     qPrintable(card(gate.presenter, "attempts")));
        QVERIFY(card(gate.presenter, "attempts").contains(QStringLiteral("a cost that is not known")));
    }

    void namesAFewOfManyRisks()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        Step step;
        step.job = job.id();
        step.ifRevision = world.now(job).revision;
        for (int i = 0; i < 40; ++i) {
            Risk risk;
            risk.name = QStringLiteral("risk-%1").arg(i);
            risk.stage = QStringLiteral("lint");
            risk.text = QStringLiteral("something that may matter");
            step.risks.push_back(risk);
        }
        OF_OK(world.store->commit(step));
        Gate gate(world);
        gate.presenter.setJob(job.id());
        QTRY_COMPARE(gate.presenter.openRisks().size(), size_t(41));
        gate.presenter.setDecision(DecisionKind::Approve);
        QVERIFY2(gate.presenter.whyNot().contains(QStringLiteral("38 more")), qPrintable(gate.presenter.whyNot()));
        QVERIFY2(gate.presenter.whyNot().size() < 200, qPrintable(gate.presenter.whyNot()));
    }

    void anAwaitedChangeUsesTheSameFrame()
    {
        ConsoleWorld world;
        const Job job = world.personJob(QStringLiteral("mine"));
        OF_OK(world.run(job));
        Gate gate(world);
        gate.presenter.setJob(job.id());
        QTRY_COMPARE(gate.presenter.kind(), GatePresenter::Kind::Change);
        QVERIFY(!gate.presenter.mayApprove());
        gate.presenter.goOn();
        QTRY_COMPARE(gate.decided.size(), 1);
    }

    void aQuestionIsShownAndAnswered()
    {
        ConsoleWorld world;
        const QString path = world.repository.outside() + QStringLiteral("/asks.yaml");
        OF_OK(writeFileAtomically(path, "playbook: asks\nquestion: \"Which currency?\"\nchanges: []\n"));
        NewJob wanted = world.plain(QStringLiteral("asks"), "contract:\n  language: script\n"
                                                            "  pipeline: [spec, implement, deploy]\n");
        wanted.author = AuthorKind::Playbook;
        wanted.authorSource = path;
        const Job job = world.made(wanted);
        OF_OK(world.run(job));
        Gate gate(world);
        gate.presenter.setJob(job.id());
        QTRY_COMPARE(gate.presenter.kind(), GatePresenter::Kind::Clarification);
        QCOMPARE(gate.presenter.instructions(), QStringLiteral("Which currency?"));
        gate.presenter.answer(QStringLiteral("  \n")); // is none
        QCOMPARE(world.now(job).progress.documents.answer, QString());
        gate.presenter.answer(QStringLiteral("euros"));
        QTRY_COMPARE(gate.decided.size(), 1);
        QCOMPARE(world.now(job).progress.documents.answer, QStringLiteral("euros"));
    }

    void aSpecIsReadChangedAndAccepted()
    {
        ConsoleWorld world;
        const QString path = world.repository.outside() + QStringLiteral("/spec.yaml");
        OF_OK(writeFileAtomically(path, "playbook: spec\nspec:\n  scope: [\"in <b>euros</b>\"]\n  non_goals: []\n"
                                        "  assumptions: []\n  acceptance_criteria: [{id: AC-1, text: \"it adds up\"}]\n"
                                        "  constraints: []\n  risks: []\nchanges: []\n"));
        NewJob wanted = world.plain(QStringLiteral("spec"), "contract:\n  language: script\n"
                                                            "  pipeline: [spec, implement, deploy]\n");
        wanted.author = AuthorKind::Playbook;
        wanted.authorSource = path;
        wanted.reviewSpec = true;
        const Job job = world.made(wanted);
        OF_OK(world.run(job));
        Gate gate(world);
        GatePresenter &presenter = gate.presenter;
        QSignalSpy saved(&presenter, &GatePresenter::draftSaved);
        QSignalSpy unsaved(&presenter, &GatePresenter::draftRefused);
        presenter.setJob(job.id());
        QTRY_COMPARE(presenter.kind(), GatePresenter::Kind::Document);
        QVERIFY(presenter.draft()->review);
        QVERIFY2(presenter.draftMarkdown().contains(QStringLiteral("AC-1")), qPrintable(presenter.draftMarkdown()));
        presenter.editDraft("scope: 5\n");
        QTRY_COMPARE(unsaved.size(), 1);
        QCOMPARE(saved.size(), 0);
        QByteArray better = presenter.draft()->yaml;
        better.replace("it adds up", "it adds up to the cent");
        presenter.editDraft(better);
        QTRY_COMPARE(saved.size(), 1);
        QTRY_COMPARE(presenter.draft()->yaml, better);

        // What is accepted is what was on the screen.
        const QByteArray other = QByteArray(better).replace("to the cent", "somehow");
        OF_OK(world.desk->editDraft(job.id(), other));
        presenter.acceptSpec();
        QTRY_COMPARE(gate.refused.size(), 1);
        QTRY_COMPARE(presenter.draft()->yaml, other);
        presenter.acceptSpec();
        QTRY_COMPARE(gate.decided.size(), 1);
        OF_OK(world.run(job));
        QVERIFY(!world.now(job).progress.documents.spec.isEmpty());
    }

    void aPersonWritesADocument()
    {
        ConsoleWorld world;
        const Job job = world.personJob(QStringLiteral("mine"), "contract:\n  language: script\n"
                                                                "  pipeline: [spec, implement, deploy]\n");
        OF_OK(world.run(job));
        Gate gate(world);
        GatePresenter &presenter = gate.presenter;
        presenter.setJob(job.id());
        QTRY_COMPARE(presenter.kind(), GatePresenter::Kind::Document);
        QVERIFY(!presenter.draft()->review);
        QVERIFY(presenter.draft()->yaml.contains("acceptance_criteria"));
        presenter.acceptSpec(); // nobody is to accept what one writes oneself
        QTRY_COMPARE(gate.refused.size(), 1);
        QByteArray written = presenter.draft()->yaml;
        written.replace("- \"\"", "- one").replace("text: \"\"", "text: it adds up");
        presenter.editDraft(written);
        QTRY_COMPARE(presenter.draft()->yaml, written);
        presenter.goOn();
        QTRY_COMPARE(gate.decided.size(), 1);
        OF_OK(world.run(job));
        QVERIFY(!world.now(job).progress.documents.spec.isEmpty());
    }
};

QTEST_GUILESS_MAIN(GatePresenterTest)
#include "gatepresentertest.moc"
