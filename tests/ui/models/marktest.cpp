// SPDX-License-Identifier: Apache-2.0
#include "ui/models/mark.h"

#include "core/base/text.h"
#include "ui/models/jobrow.h"
#include "ui/models/words.h"

#include <QSet>
#include <QtTest>

using namespace openfactory;
using namespace openfactory::ui;

class MarkTest : public QObject {
    Q_OBJECT
private:
    static QString strip(const std::vector<AttemptGlance> &attempts, int index, JobState state,
                         WaitKind wait = WaitKind::None)
    {
        Pipeline pipeline;
        for (const char *name : {"implement", "lint", "boundary", "deploy"}) {
            StageDefinition stage;
            stage.name = QLatin1String(name);
            stage.failure = stage.name == u"lint"       ? FailureClass::Soft
                            : stage.name == u"boundary" ? FailureClass::Absolute
                                                        : FailureClass::Hard;
            pipeline.stages.push_back(stage);
        }
        QStringList parts;
        for (const StageCell &cell : stageCells(pipeline, attempts, index, state, wait))
            parts << markText(cell.mark);
        return parts.join(u'|');
    }

private Q_SLOTS:
    void everyMarkHasAWordOfItsOwn()
    {
        QSet<QString> words;
        for (int i = 0; i < kMarks; ++i)
            words.insert(markText(Mark(i)));
        QCOMPARE(words.size(), kMarks);
        QVERIFY(!words.contains(QString()));
    }

    void aTimeIsShownAsItIs()
    {
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); // a narrow space before AM
        const QString text = timeText(qint64(1'800'000'000'000));
        QLocale::setDefault(before);
        QCOMPARE(displayable(text), text);
    }
    void aStripShowsWhereTheJobStands()
    {
        const AttemptGlance made{QStringLiteral("implement"), 1, AttemptState::Passed, 1, 2, {}};
        const AttemptGlance linted{QStringLiteral("lint"), 1, AttemptState::SoftFailed, 2, 3, {}};
        const AttemptGlance crossed{QStringLiteral("boundary"), 1, AttemptState::Failed, 3, 4, {}};
        const AttemptGlance inside{QStringLiteral("boundary"), 2, AttemptState::Passed, 3, 4, {}};
        const AttemptGlance parked{QStringLiteral("deploy"), 1, AttemptState::Parked, 4, 5, {}};
        const AttemptGlance runs{QStringLiteral("lint"), 2, AttemptState::Running, 4, 0, {}};
        QCOMPARE(strip({}, 0, JobState::Created), QStringLiteral("Queued|Not started|Not started|Not started"));
        QCOMPARE(strip({made, runs}, 1, JobState::Running), QStringLiteral("Passed|Running|Not started|Not started"));
        QCOMPARE(strip({made, linted, crossed}, 2, JobState::Failed),
                 QStringLiteral("Passed|Passed with a risk|Blocked by contract|Not started"));
        QCOMPARE(strip({made, linted, inside, parked}, 3, JobState::Waiting, WaitKind::Approval),
                 QStringLiteral("Passed|Passed with a risk|Passed|Waiting for you"));
        // The gate was left by a decision: nobody is waited for any more.
        QCOMPARE(strip({made, linted, inside, parked}, 4, JobState::Done),
                 QStringLiteral("Passed|Passed with a risk|Passed|Passed"));
        QCOMPARE(strip({made, linted, inside, parked}, 3, JobState::Cancelled),
                 QStringLiteral("Passed|Passed with a risk|Passed|Cancelled"));
        QCOMPARE(strip({}, 0, JobState::Waiting, WaitKind::Change),
                 QStringLiteral("Waiting for you|Not started|Not started|Not started"));
    }
    void aJobIsMarkedByItsState()
    {
        JobRow job;
        job.state = JobState::Waiting;
        job.wait = WaitKind::Approval;
        QVERIFY(job.needsMe());
        QCOMPARE(job.mark(), Mark::Waiting);
        job.wait = WaitKind::Retry;
        QVERIFY(!job.needsMe());
        QCOMPARE(job.mark(), Mark::Queued);
        job.state = JobState::Done;
        QCOMPARE(job.mark(), Mark::Passed);
        job.acceptedRisks = 1;
        QCOMPARE(job.mark(), Mark::Risk);
        job.state = JobState::Failed;
        QCOMPARE(job.mark(), Mark::Failed);
        job.cells.push_back({QStringLiteral("boundary"), Mark::Blocked, 1, 0, 0, {}});
        QCOMPARE(job.mark(), Mark::Blocked);
    }
};

QTEST_GUILESS_MAIN(MarkTest)
#include "marktest.moc"
