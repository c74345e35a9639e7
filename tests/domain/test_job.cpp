// SPDX-License-Identifier: Apache-2.0
#include "core/domain/commands.h"
#include "core/domain/decision.h"
#include "core/domain/records.h"
#include "tests/testlib/expect.h"

using namespace openfactory;

namespace {

/// Every enumerator of a type that counts from 0 has a name of its own that leads back to it.
template<class E>
void namesLeadBack(int count, std::optional<E> (*from)(QStringView))
{
    QSet<QString> names;
    for (int i = 0; i < count; ++i) {
        const QString name = toName(E(i));
        QVERIFY2(name != u"unknown", qPrintable(QString::number(i)));
        QVERIFY2(!names.contains(name), qPrintable(name));
        names.insert(name);
        if (from) {
            QVERIFY2(from(name) == E(i), qPrintable(name));
            const QStringList others{name + u'x', u' ' + name, name.left(name.size() - 1)};
            for (const auto &other : others)
                QVERIFY2(!from(other), qPrintable(other));
        }
    }
    QCOMPARE(toName(E(count)), QStringLiteral("unknown")); // the count is right: there is no further one
    if (from)
        QVERIFY(!from(u"") && !from(u"unknown"));
}

} // namespace

class TestJob : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyNameLeadsBackToItsValue()
    {
        namesLeadBack<JobState>(8, jobStateFrom);
        namesLeadBack<WaitKind>(8, waitKindFrom);
        namesLeadBack<Priority>(4, priorityFrom);
        namesLeadBack<CoarseStatus>(6, coarseStatusFrom);
        namesLeadBack<AuthorKind>(4, authorKindFrom);
        namesLeadBack<AttemptState>(8, attemptStateFrom);
        namesLeadBack<IntentState>(3, intentStateFrom);
        namesLeadBack<DecisionKind>(3, decisionKindFrom);
        namesLeadBack<Strategy>(2, strategyFrom);
        namesLeadBack<Outcome>(6, outcomeFrom);
        namesLeadBack<StageKind>(21, stageKindFrom);
        namesLeadBack<FailureClass>(3, failureClassFrom);
        namesLeadBack<CommandOutcome::Ending>(7, nullptr);
    }

    void namesAreThoseOfTheTracker()
    {
        QCOMPARE(toName(Priority::P0), QStringLiteral("P0"));
        QCOMPARE(toName(CoarseStatus::InProgress), QStringLiteral("in_progress"));
        QCOMPARE(toName(CoarseStatus::PassedPipeline), QStringLiteral("passed_pipeline"));
        QCOMPARE(toName(CoarseStatus::FailedPipeline), QStringLiteral("failed_pipeline"));
        QCOMPARE(toName(JobState::CiFailed), QStringLiteral("ci_failed"));
        QCOMPARE(toName(StageKind::UnitTest), QStringLiteral("unit-test"));
    }

    void coarseStatusFollowsStateAndWait_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("wait");
        QTest::addColumn<QString>("coarse");
        const auto row = [](JobState state, WaitKind wait, const char *coarse) {
            QTest::addRow("%s, %s", qPrintable(toName(state)), qPrintable(toName(wait)))
                << int(state) << int(wait) << QString::fromLatin1(coarse);
        };
        row(JobState::Created, WaitKind::None, "created");
        row(JobState::Running, WaitKind::None, "in_progress");
        row(JobState::Waiting, WaitKind::Approval, "passed_pipeline");
        for (const auto wait : {WaitKind::None, WaitKind::Clarification, WaitKind::Change, WaitKind::Conflict,
                                WaitKind::Checks, WaitKind::Bake, WaitKind::Retry})
            row(JobState::Waiting, wait, "in_progress");
        row(JobState::Done, WaitKind::None, "integrated");
        row(JobState::Cancelled, WaitKind::Change, "cancelled");
        for (const auto state : {JobState::Failed, JobState::CiFailed, JobState::RolledBack})
            row(state, WaitKind::Approval, "failed_pipeline"); // a wait that is left over says nothing
    }
    void coarseStatusFollowsStateAndWait()
    {
        QFETCH(int, state);
        QFETCH(int, wait);
        QFETCH(QString, coarse);
        Job job;
        job.progress.state = JobState(state);
        job.progress.wait.kind = WaitKind(wait);
        QCOMPARE(toName(coarseStatus(job)), coarse);
    }

    void recordsBecomeJsonWithWhatIsKnown()
    {
        CommandRecord command;
        command.argv = {QStringLiteral("pytest"), QStringLiteral("a b")};
        QVERIFY(toJson(command)[QStringLiteral("exitCode")].isNull());
        command.exitCode = 0;
        QCOMPARE(toJson(command)[QStringLiteral("exitCode")].toInt(-1), 0);
        QCOMPARE(toJson(command)[QStringLiteral("argv")].toArray().size(), 2);
        AttemptRecord attempt;
        QVERIFY(!toJson(attempt).contains(QStringLiteral("verdict")));
        QVERIFY(!toJson(attempt).contains(QStringLiteral("reverted")));
        attempt.verdict = Verdict();
        attempt.reverted = SnapshotRef{QStringLiteral("refs/openfactory/j/s/1"), QStringLiteral("abc"), {}};
        QCOMPARE(toJson(attempt)[QStringLiteral("verdict")][QStringLiteral("outcome")].toString(),
                 QStringLiteral("passed"));
        QCOMPARE(toJson(attempt)[QStringLiteral("reverted")][QStringLiteral("commit")].toString(),
                 QStringLiteral("abc"));
    }
};

QTEST_GUILESS_MAIN(TestJob)
#include "test_job.moc"
