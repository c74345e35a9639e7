// SPDX-License-Identifier: Apache-2.0
/// What the tests of the store share: a data folder, a clock that is moved by hand, and jobs made in one line.
#pragma once

#include "core/store/sqlitejobstore.h"
#include "tests/testlib/manualclock.h"

#include <QTemporaryDir>
#include <QTest>

namespace openfactory {

/// The value of a Result, or the test ends with its error.
#define NEED(var, expression)                                                                                          \
    auto var##Result = (expression);                                                                                   \
    if (!var##Result)                                                                                                  \
        QFAIL(qPrintable(toText(var##Result.error())));                                                                \
    auto var = std::move(*var##Result)

#define NEED_OK(expression)                                                                                            \
    do {                                                                                                               \
        if (const auto needResult = (expression); !needResult)                                                         \
            QFAIL(qPrintable(toText(needResult.error())));                                                             \
    } while (false)

/// The expression fails with this kind, and its text holds `words`.
#define NEED_ERROR(expression, wanted, words)                                                                          \
    do {                                                                                                               \
        const auto needResult = (expression);                                                                          \
        QVERIFY2(!needResult, "it should have been refused");                                                          \
        const QString needText = toText(needResult.error());                                                           \
        QVERIFY2(needResult.error().kind == (wanted), qPrintable(toName(needResult.error().kind) + u": " + needText)); \
        QVERIFY2(needText.contains(QStringLiteral(words)), qPrintable(needText));                                      \
    } while (false)

inline Job newJob(const QString &slug, const QString &repository = QStringLiteral("/repo/a"))
{
    Job job;
    job.identity.id = JobId::create();
    job.identity.slug = *Slug::parse(slug);
    job.identity.title = QStringLiteral("Title of ") + slug;
    job.identity.task = QStringLiteral("Do it\nwell, \u00fcber all");
    job.identity.repository = repository;
    job.identity.branch = QStringLiteral("factory/") + slug;
    job.identity.target = QStringLiteral("main");
    job.identity.pipelineYaml = QStringLiteral("name: factory\n");
    job.identity.contractYaml = QStringLiteral("{}\n");
    job.identity.traceId = QString(32, u'a');
    job.identity.createdMs = 1;
    return job;
}

inline AuditRecord newAudit(const QString &action, const QJsonObject &detail = {})
{
    AuditRecord record;
    record.actor = QStringLiteral("operator:test");
    record.action = action;
    record.detail = detail;
    return record;
}

inline EventRecord newEvent(const QString &kind, const QString &stage = {})
{
    EventRecord record;
    record.kind = kind;
    record.stage = stage;
    return record;
}

inline Step stepOf(const JobId &job)
{
    Step step;
    step.job = job;
    return step;
}

inline Step stepOf(const Lease &lease)
{
    Step step;
    step.job = lease.job;
    step.lease = lease;
    return step;
}

inline Progress inState(JobState state, WaitKind wait = WaitKind::None)
{
    Progress progress;
    progress.state = state;
    progress.wait.kind = wait;
    return progress;
}

inline Decision newDecision(const QString &gate)
{
    Decision decision;
    decision.id = DecisionId::create();
    decision.gate = gate;
    decision.actor = QStringLiteral("operator:test");
    decision.comment = QStringLiteral("fine");
    decision.acceptedRisks = {QStringLiteral("coverage")};
    decision.binding = {QStringLiteral("d"), QStringLiteral("e"), QStringLiteral("c")};
    decision.madeMs = 5;
    return decision;
}

/// A new folder and a clock for each test.
struct StoreFolder {
    QTemporaryDir folder;
    ManualClock clock;
    QString path() const { return folder.filePath(QStringLiteral("data")); }
    QString file(const QString &name) const { return path() + u'/' + name; }
    Result<std::unique_ptr<JobStore>> open(OpenMode mode = OpenMode::ReadWrite) const
    {
        return openStore(path(), clock, mode);
    }
};

} // namespace openfactory
