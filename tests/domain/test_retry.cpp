// SPDX-License-Identifier: Apache-2.0
#include "core/domain/retry.h"
#include "tests/testlib/expect.h"

#include <rapidcheck.h>

using namespace openfactory;

Q_DECLARE_METATYPE(openfactory::FailureClass)
Q_DECLARE_METATYPE(openfactory::Outcome)
Q_DECLARE_METATYPE(openfactory::NextStep)
Q_DECLARE_METATYPE(openfactory::StageKind)

namespace {

StageDefinition stageOf(FailureClass failure, bool reverts, int attempts)
{
    StageDefinition stage;
    stage.name = QStringLiteral("stage");
    stage.failure = failure;
    stage.reverts = reverts;
    stage.attempts = attempts;
    return stage;
}

Verdict verdictOf(Outcome outcome)
{
    Verdict verdict;
    verdict.outcome = outcome;
    return verdict;
}

const PastFailure kNow{QStringLiteral("tree-now"), QStringLiteral("failure-now")};

std::vector<PastFailure> earlierOnes(int count)
{
    std::vector<PastFailure> failures;
    for (int i = 0; i < count; ++i)
        failures.push_back({QStringLiteral("tree-%1").arg(i), QStringLiteral("failure-now")});
    return failures;
}

} // namespace

class TestRetry : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void backoffDoublesUpToFiveMinutes()
    {
        using std::chrono::seconds;
        QCOMPARE(backoff(1), seconds(2));
        QCOMPARE(backoff(2), seconds(4));
        QCOMPARE(backoff(3), seconds(8));
        QCOMPARE(backoff(8), seconds(256));
        QCOMPARE(backoff(9), seconds(300));
        QCOMPARE(backoff(1'000'000), seconds(300));
        QCOMPARE(backoff(0), seconds(2));
        QCOMPARE(backoff(-5), seconds(2));
        for (int i = 1; i < 100; ++i)
            QVERIFY(backoff(i) <= backoff(i + 1));
    }

    void everyVerdictHasItsNextStep_data()
    {
        QTest::addColumn<FailureClass>("failure");
        QTest::addColumn<bool>("reverts");
        QTest::addColumn<Outcome>("outcome");
        QTest::addColumn<int>("earlier"); // of 3 attempts
        QTest::addColumn<bool>("authorCanChange");
        QTest::addColumn<NextStep>("next");
        QTest::addColumn<bool>("revert");
        using F = FailureClass;
        using O = Outcome;
        using N = NextStep;
        const auto row = [](const char *name, F f, bool reverts, O o, int earlier, bool can, N next, bool revert) {
            QTest::newRow(name) << f << reverts << o << earlier << can << next << revert;
        };
        row("a pass advances", F::Hard, true, O::Passed, 2, false, N::Advance, false);
        row("hard asks the author", F::Hard, false, O::Failed, 0, true, N::AskAuthor, false);
        row("hard with revert restores and asks", F::Hard, true, O::Failed, 0, true, N::AskAuthor, true);
        row("hard asks before the last attempt", F::Hard, true, O::Failed, 1, true, N::AskAuthor, true);
        row("hard gives up after the last attempt", F::Hard, true, O::Failed, 2, true, N::GiveUp, true);
        row("hard gives up past the last attempt", F::Hard, false, O::Failed, 7, true, N::GiveUp, false);
        row("hard gives up without an author", F::Hard, true, O::Failed, 0, false, N::GiveUp, true);
        row("a hard stage knows no soft failure", F::Hard, true, O::SoftFailed, 2, true, N::GiveUp, true);
        row("soft asks the author", F::Soft, false, O::SoftFailed, 0, true, N::AskAuthor, false);
        row("soft becomes a risk after the last attempt", F::Soft, false, O::SoftFailed, 2, true, N::AcceptAsRisk,
            false);
        row("soft becomes a risk without an author", F::Soft, false, O::SoftFailed, 0, false, N::AcceptAsRisk, false);
        row("a hard failure of a soft stage asks", F::Soft, false, O::Failed, 0, true, N::AskAuthor, false);
        row("a hard failure of a soft stage gives up", F::Soft, false, O::Failed, 2, true, N::GiveUp, false);
        row("absolute gives up at once", F::Absolute, false, O::Failed, 0, true, N::GiveUp, false);
        row("absolute knows no soft failure", F::Absolute, false, O::SoftFailed, 0, true, N::GiveUp, false);
        row("soft not measured becomes a risk", F::Soft, false, O::NotMeasured, 0, true, N::AcceptAsRisk, false);
        row("hard not measured fails, the change stays", F::Hard, true, O::NotMeasured, 0, true, N::GiveUp, false);
        row("absolute not measured fails", F::Absolute, false, O::NotMeasured, 0, true, N::GiveUp, false);
        row("failed before too is a risk, hard", F::Hard, true, O::FailedBefore, 0, true, N::AcceptAsRisk, false);
        row("failed before too is a risk, soft", F::Soft, false, O::FailedBefore, 2, true, N::AcceptAsRisk, false);
        row("absolute asks not what was before", F::Absolute, false, O::FailedBefore, 0, true, N::GiveUp, false);
        row("transient is tried again", F::Hard, true, O::Transient, 0, false, N::RetryLater, false);
        row("transient is tried again, soft", F::Soft, false, O::Transient, 1, true, N::RetryLater, false);
        row("transient for good is a failure", F::Hard, true, O::Transient, 2, true, N::GiveUp, true);
        row("transient for good is a risk", F::Soft, false, O::Transient, 2, true, N::AcceptAsRisk, false);
    }
    void everyVerdictHasItsNextStep()
    {
        QFETCH(FailureClass, failure);
        QFETCH(bool, reverts);
        QFETCH(Outcome, outcome);
        QFETCH(int, earlier);
        QFETCH(bool, authorCanChange);
        QFETCH(NextStep, next);
        QFETCH(bool, revert);
        const auto judgement = judge(stageOf(failure, reverts, 3), verdictOf(outcome), kNow, earlierOnes(earlier),
                                     authorCanChange);
        QCOMPARE(judgement.next, next);
        QCOMPARE(judgement.revert, revert);
        QCOMPARE(judgement.reason.isEmpty(), next == NextStep::Advance);
    }

    void sameTreeWithSameFailureEndsTheLoop()
    {
        auto earlier = earlierOnes(1);
        earlier.insert(earlier.begin(), kNow); // any earlier one counts, not only the last
        const auto hard = judge(stageOf(FailureClass::Hard, true, 9), verdictOf(Outcome::Failed), kNow, earlier, true);
        QCOMPARE(hard.next, NextStep::GiveUp);
        QCOMPARE(hard.reason, QStringLiteral("nothing changed"));
        QVERIFY(hard.revert);
        const auto soft = judge(stageOf(FailureClass::Soft, false, 9), verdictOf(Outcome::SoftFailed), kNow, earlier,
                                true);
        QCOMPARE(soft.next, NextStep::AcceptAsRisk);
        QCOMPARE(soft.reason, QStringLiteral("nothing changed"));
    }

    void anotherTreeOrAnotherFailureGoesOn()
    {
        const auto stage = stageOf(FailureClass::Hard, true, 9);
        const auto failed = verdictOf(Outcome::Failed);
        QCOMPARE(judge(stage, failed, kNow, {{kNow.tree, QStringLiteral("other")}}, true).next, NextStep::AskAuthor);
        QCOMPARE(judge(stage, failed, kNow, {{QStringLiteral("other"), kNow.fingerprint}}, true).next,
                 NextStep::AskAuthor);
        // What is not known is not the same.
        QCOMPARE(judge(stage, failed, {{}, kNow.fingerprint}, {{{}, kNow.fingerprint}}, true).next,
                 NextStep::AskAuthor);
        QCOMPARE(judge(stage, failed, {kNow.tree, {}}, {{kNow.tree, {}}}, true).next, NextStep::AskAuthor);
    }

    void buildFirstRevertsATestThatFailsAndNoBuildThatDoes_data()
    {
        QTest::addColumn<StageKind>("kind");
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("test");
        QTest::addColumn<int>("ran");
        QTest::addColumn<bool>("reverts");
        const auto row = [](const char *name, StageKind kind, const char *rule, const char *test, int ran,
                            bool reverts) {
            QTest::newRow(name) << kind << QString::fromLatin1(rule) << QString::fromLatin1(test) << ran << reverts;
        };
        row("implement", StageKind::Implement, "E0425", "", 0, false);
        row("a ticket's test fails", StageKind::Implement, "failed", "shop.test_price", 12, true);
        row("a test does not compile", StageKind::UnitTest, "build", "", 12, false);
        row("a compiler's own code", StageKind::UnitTest, "E0425", "", 0, false);
        row("pytest cannot import", StageKind::UnitTest, "collection", "", 1, false);
        row("a test fails", StageKind::UnitTest, "failed", "shop.test_price", 12, true);
        row("a test fails, no name", StageKind::UnitTest, "failed", "", 0, true);
        row("a warning while tests run", StageKind::UnitTest, "W1", "", 12, true);
        row("nothing is told", StageKind::UnitTest, "", "", 0, true);
        row("all once more", StageKind::Tcr, "failed", "shop.test_price", 12, true);
    }
    void buildFirstRevertsATestThatFailsAndNoBuildThatDoes()
    {
        QFETCH(StageKind, kind);
        QFETCH(QString, rule);
        QFETCH(QString, test);
        QFETCH(int, ran);
        QFETCH(bool, reverts);
        StageDefinition stage = stageOf(FailureClass::Hard, true, 3);
        stage.kind = kind;
        Verdict verdict = verdictOf(Outcome::Failed);
        verdict.findings.clear();
        if (!rule.isEmpty()) {
            Finding finding;
            finding.rule = rule;
            finding.test = test;
            finding.file = "a.rs";
            verdict.findings.push_back(finding);
        }
        if (ran > 0)
            verdict.tests = TestCounts{ran - 1, 1, 0};
        QCOMPARE(judge(stage, verdict, kNow, {}, true, TcrVariant::BuildFirst).revert, reverts);
        QCOMPARE(judge(stage, verdict, kNow, earlierOnes(2), true, TcrVariant::BuildFirst).revert, reverts);
        QVERIFY(judge(stage, verdict, kNow, {}, true, TcrVariant::Strict).revert);
        QVERIFY(judge(stage, verdict, kNow, {}, true, TcrVariant::Relaxed).revert);
    }

    void everyLoopEndsWithinItsAttempts()
    {
        QVERIFY(rc::check("a stage that never passes", [] {
            const auto failure = *rc::gen::element(FailureClass::Hard, FailureClass::Soft, FailureClass::Absolute);
            const auto variant = *rc::gen::element(TcrVariant::Strict, TcrVariant::Relaxed, TcrVariant::BuildFirst);
            StageDefinition stage = stageOf(failure, *rc::gen::arbitrary<bool>() && failure == FailureClass::Hard,
                                            *rc::gen::inRange(1, 21));
            stage.kind = *rc::gen::element(StageKind::Implement, StageKind::UnitTest, StageKind::Lint);
            std::vector<PastFailure> earlier;
            while (true) {
                const auto outcome = *rc::gen::element(Outcome::SoftFailed, Outcome::Failed, Outcome::Transient,
                                                       Outcome::NotMeasured, Outcome::FailedBefore);
                const PastFailure now{QString::number(*rc::gen::inRange(0, 40)),
                                      QString::number(*rc::gen::inRange(0, 3))};
                const Judgement judgement = judge(stage, verdictOf(outcome), now, earlier, *rc::gen::arbitrary<bool>(),
                                                  variant);
                RC_ASSERT(judgement.next != NextStep::Advance);
                RC_ASSERT(!judgement.revert || stage.reverts);
                RC_ASSERT(!judgement.revert || judgement.next != NextStep::AcceptAsRisk);
                RC_ASSERT(!judgement.revert || outcome == Outcome::Failed || outcome == Outcome::SoftFailed
                          || outcome == Outcome::Transient);
                // No decision may follow where the boundary was crossed.
                RC_ASSERT(failure != FailureClass::Absolute || judgement.next == NextStep::GiveUp
                          || judgement.next == NextStep::RetryLater);
                if (judgement.next == NextStep::GiveUp || judgement.next == NextStep::AcceptAsRisk)
                    break;
                earlier.push_back(now);
                RC_ASSERT(int(earlier.size()) < stage.attempts);
            }
        }));
    }

    void pausesGrowWithTheFailuresAndHaveAnEnd()
    {
        QVERIFY(rc::check("backoff", [](int failures) {
            using namespace std::chrono_literals;
            const auto pause = backoff(failures);
            RC_ASSERT(pause >= 2s && pause <= 5min);
            if (failures < std::numeric_limits<int>::max()) {
                const auto next = backoff(failures + 1);
                RC_ASSERT(next == pause || next == 2 * pause || next == 5min);
                RC_ASSERT(next >= pause);
            }
        }));
    }

    void transientFailuresMayRepeatThemselves()
    {
        const auto judgement = judge(stageOf(FailureClass::Hard, false, 3), verdictOf(Outcome::Transient), kNow, {kNow},
                                     false);
        QCOMPARE(judgement.next, NextStep::RetryLater);
    }
};

QTEST_GUILESS_MAIN(TestRetry)
#include "test_retry.moc"
