// SPDX-License-Identifier: Apache-2.0
#include "core/domain/transition.h"
#include "tests/testlib/expect.h"

#include <rapidcheck.h>

using namespace openfactory;

namespace {
constexpr int kStates = 8;
constexpr int kEvents = 9;
} // namespace

class TestTransition : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyStateMeetsEveryEvent_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("event");
        QTest::addColumn<QString>("next");
        // Columns: created running waiting done failed ci_failed cancelled rolled_back; "-" is refused.
        const QList<std::pair<JobEvent, QStringList>> table{
            {JobEvent::Claimed, QString::fromLatin1("running running running - - - - -").split(u' ')},
            {JobEvent::Parked, QString::fromLatin1("- waiting - - - - - -").split(u' ')},
            {JobEvent::Finished, QString::fromLatin1("- done - - - - - -").split(u' ')},
            {JobEvent::Failed, QString::fromLatin1("- failed - - - - - -").split(u' ')},
            {JobEvent::ChecksFailed, QString::fromLatin1("- ci_failed - - - - - -").split(u' ')},
            {JobEvent::Cancelled,
             QString::fromLatin1("cancelled cancelled cancelled - cancelled cancelled - -").split(u' ')},
            {JobEvent::RolledBack, QString::fromLatin1("- rolled_back - - - - - -").split(u' ')},
            {JobEvent::Retried, QString::fromLatin1("- - waiting - waiting waiting - -").split(u' ')},
            {JobEvent::Interrupted, QString::fromLatin1("- waiting - - - - - -").split(u' ')},
        };
        QCOMPARE(table.size(), kEvents);
        for (const auto &[event, nexts] : table) {
            QCOMPARE(nexts.size(), kStates);
            for (int state = 0; state < kStates; ++state)
                QTest::addRow("%s meets %s", qPrintable(toName(JobState(state))), qPrintable(toName(event)))
                    << state << int(event) << nexts[state];
        }
    }
    void everyStateMeetsEveryEvent()
    {
        QFETCH(int, state);
        QFETCH(int, event);
        QFETCH(QString, next);
        const auto result = nextState(JobState(state), JobEvent(event));
        if (next == u"-") {
            OF_REFUSED(result, ErrorKind::Invalid, toName(JobState(state)));
        } else {
            OF_OK(result);
            QCOMPARE(toName(*result), next);
        }
    }

    void nothingLeavesAFinalState()
    {
        for (int state = 0; state < kStates; ++state) {
            bool left = false;
            for (int event = 0; event < kEvents; ++event)
                left = left || nextState(JobState(state), JobEvent(event)).has_value();
            QCOMPARE(left, !isFinal(JobState(state)));
        }
    }

    void onlyAPersonLeavesAnEndedState()
    {
        for (int state = 0; state < kStates; ++state) {
            for (int event = 0; event < kEvents; ++event) {
                if (isEnded(JobState(state)) && nextState(JobState(state), JobEvent(event)))
                    QVERIFY(JobEvent(event) == JobEvent::Retried || JobEvent(event) == JobEvent::Cancelled);
            }
        }
    }

    void whateverHappensAJobRunsOnlyWhileItIsClaimedAndCanBeEnded()
    {
        QVERIFY(rc::check("a life", [](const std::vector<unsigned> &happens) {
            JobState state = JobState::Created;
            for (const unsigned number : happens) {
                const auto event = JobEvent(int(number % kEvents));
                const auto next = nextState(state, event);
                if (!next) {
                    RC_ASSERT(next.error().kind == ErrorKind::Invalid);
                    continue; // and it stays as it was
                }
                RC_ASSERT(!isFinal(state));
                RC_ASSERT((*next == JobState::Running) == (event == JobEvent::Claimed));
                RC_ASSERT(*next != JobState::Created);
                // What integrates, or rolls back, was running.
                if (*next == JobState::Done || *next == JobState::RolledBack)
                    RC_ASSERT(state == JobState::Running);
                state = *next;
                // A person can always end what is not over.
                RC_ASSERT(isFinal(state) || nextState(state, JobEvent::Cancelled) == JobState::Cancelled);
            }
        }));
    }

    void everyEventHasItsName()
    {
        QSet<QString> names;
        for (int event = 0; event < kEvents; ++event)
            names.insert(toName(JobEvent(event)));
        QCOMPARE(names.size(), kEvents);
        QVERIFY(!names.contains(QStringLiteral("unknown")));
        QCOMPARE(toName(JobEvent(kEvents)), QStringLiteral("unknown"));
    }
};

QTEST_GUILESS_MAIN(TestTransition)
#include "test_transition.moc"
