// SPDX-License-Identifier: Apache-2.0
#include "app/factory/commands.h"
#include "app/factory/foreground.h"
#include "app/factory/smokefacts.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/engine/jobfolder.h"

#include <QDir>
#include <QJsonArray>
#include <QTemporaryDir>

namespace openfactory::cli {

namespace {

Result<void> decideAtGate(Session &session, const JobId &id)
{
    OF_TRY(view, session.desk().gate(id));
    GateAnswer answer;
    answer.binding = view.binding;
    answer.comment = QStringLiteral("shipping has tests of its own elsewhere");
    answer.acceptedRisks << QStringLiteral("coverage");
    const auto decision = session.desk().decide(id, answer);
    if (!decision && decision.error().kind == ErrorKind::Conflict)
        return {}; // an earlier run of this command decided already
    return decision.transform([](const Decision &) {});
}

/// Says to the job what a person would. False where it waits for nothing that can be said.
Result<bool> answerWait(Session &session, const Job &job)
{
    if (job.progress.state != JobState::Waiting)
        return false;
    if (job.progress.wait.kind == WaitKind::Clarification) {
        session.say(QStringLiteral("asked: %1\nanswering: in per cent").arg(job.progress.documents.question));
        const auto answered = session.desk().answer(job.id(), QStringLiteral("in per cent"));
        if (!answered && answered.error().kind != ErrorKind::Conflict) // an earlier run of this command answered
            return std::unexpected(answered.error());
        return true;
    }
    if (job.progress.wait.kind == WaitKind::Approval) {
        session.say(QStringLiteral("at the gate: accepting the risk \"coverage\" by name, and approving"));
        OF_CHECK(decideAtGate(session, job.id()));
        return true;
    }
    return false;
}

Result<int> play(Session &session, const QString &folder, SmokeKind kind)
{
    OF_TRY(repository, makeSmokeRepository(folder, kind));
    session.say(QStringLiteral("repository: %1").arg(repository.folder));
    OF_TRY(job, smokeJob(session.desk(), session.store(), repository));
    for (bool goesOn = !isEnded(job.progress.state); goesOn;) {
        OF_TRY(interrupted, runToRest(session, job.id()));
        if (interrupted)
            return int(Interrupted);
        OF_TRY(rests, session.store().job(job.id()));
        OF_TRY(answered, answerWait(session, rests));
        goesOn = answered;
    }
    OF_TRY(facts, readSmokeFacts(session, job.id(), repository));
    bool all = true;
    QJsonArray list;
    session.say(QStringLiteral("\nread back from the store and from git:"));
    for (const auto &fact : facts) {
        all = all && fact.holds;
        list.append(QJsonObject{{QStringLiteral("fact"), fact.what},
                                {QStringLiteral("holds"), fact.holds},
                                {QStringLiteral("found"), fact.found}});
        session.say(
            QStringLiteral("  %1 %2 (%3)")
                .arg(fact.holds ? QStringLiteral("ok ") : QStringLiteral("NOT"), fact.what, displayable(fact.found)));
    }
    OF_TRY(artifacts, session.store().artifacts(job.id()));
    const QString jobFolder = JobFolder(session.dataFolder(), job.id()).path();
    session.say(QStringLiteral("\nartifacts:"));
    for (const auto &artifact : artifacts)
        session.say(QStringLiteral("  %1/%2").arg(jobFolder, artifact.path));
    session.say(QStringLiteral("  %1/logs/").arg(jobFolder));
    if (session.json())
        session.say(QJsonObject{
            {QStringLiteral("facts"), list}, {QStringLiteral("green"), all}, {QStringLiteral("folder"), folder}});
    session.say(all ? QStringLiteral("\nsmoke: all %1 facts hold").arg(facts.size())
                    : QStringLiteral("\nsmoke: NOT all facts hold"));
    return all ? int(Ok) : int(JobFailed);
}

} // namespace

int smoke(Session &session, const Arguments &arguments)
{
    QString folder = arguments.value(QStringLiteral("keep"));
    std::unique_ptr<QTemporaryDir> temporary;
    if (folder.isEmpty()) {
        if (QDir::tempPath().isEmpty()) // it would be made in the root of the disk
            return session.refuse(Error{
                ErrorKind::Io, QStringLiteral("make a folder for the smoke test"),
                QStringLiteral("TMPDIR names %1, which is no folder").arg(displayable(qEnvironmentVariable("TMPDIR"))),
                QStringLiteral("set TMPDIR to one that is, or name a folder with --keep")});
        temporary = std::make_unique<QTemporaryDir>(QDir::tempPath() + QStringLiteral("/openfactory-smoke-XXXXXX"));
        if (!temporary->isValid())
            return session.refuse(Error{ErrorKind::Io, QStringLiteral("make a folder for the smoke test"),
                                        temporary->errorString(), QStringLiteral("name one with --keep")});
        temporary->setAutoRemove(false); // it says where every artifact lies, so they stay
        folder = temporary->path();
    }
    folder = QDir(folder).absolutePath();
    if (const auto made = makeFolder(folder); !made)
        return session.refuse(made.error());
    Session own(session.json(), folder + QStringLiteral("/data"));
    if (const auto opened = own.open(); !opened)
        return own.refuse(opened.error());
    const bool whole = arguments.value(QStringLiteral("pipeline")) == u"openfactory";
    const auto code = play(own, folder, whole ? SmokeKind::Whole : SmokeKind::Factory);
    return code ? *code : own.refuse(code.error());
}

} // namespace openfactory::cli
