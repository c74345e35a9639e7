// SPDX-License-Identifier: Apache-2.0
#include "core/domain/job.h"

#include "core/domain/names.h"

namespace openfactory {

namespace {

constexpr Named<JobState> kStates[] = {
    {JobState::Created, u"created"},     {JobState::Running, u"running"},        {JobState::Waiting, u"waiting"},
    {JobState::Done, u"done"},           {JobState::Failed, u"failed"},          {JobState::CiFailed, u"ci_failed"},
    {JobState::Cancelled, u"cancelled"}, {JobState::RolledBack, u"rolled_back"},
};
constexpr Named<WaitKind> kWaits[] = {
    {WaitKind::None, u"none"},         {WaitKind::Clarification, u"clarification"},
    {WaitKind::Change, u"change"},     {WaitKind::Approval, u"approval"},
    {WaitKind::Conflict, u"conflict"}, {WaitKind::Checks, u"checks"},
    {WaitKind::Bake, u"bake"},         {WaitKind::Retry, u"retry"},
};
constexpr Named<Priority> kPriorities[] = {{Priority::P0, u"P0"},
                                           {Priority::P1, u"P1"},
                                           {Priority::P2, u"P2"},
                                           {Priority::P3, u"P3"}};
constexpr Named<CoarseStatus> kCoarse[] = {
    {CoarseStatus::Created, u"created"},
    {CoarseStatus::InProgress, u"in_progress"},
    {CoarseStatus::PassedPipeline, u"passed_pipeline"},
    {CoarseStatus::FailedPipeline, u"failed_pipeline"},
    {CoarseStatus::Integrated, u"integrated"},
    {CoarseStatus::Cancelled, u"cancelled"},
};
constexpr Named<AuthorKind> kAuthors[] = {
    {AuthorKind::Person, u"person"},
    {AuthorKind::Playbook, u"playbook"},
    {AuthorKind::Model, u"model"},
    {AuthorKind::Agent, u"agent"},
};

} // namespace

QJsonObject toJson(const Documents &documents)
{
    QJsonObject object;
    const auto put = [&](const char *key, const QString &text) {
        if (!text.isEmpty())
            object[QLatin1StringView(key)] = text;
    };
    put("spec", documents.spec);
    put("architecture", documents.architecture);
    put("tickets", documents.tickets);
    put("question", documents.question);
    put("answer", documents.answer);
    put("accepted", documents.accepted);
    if (documents.done > 0)
        object[QStringLiteral("done")] = documents.done;
    return object;
}

Documents documentsFrom(const QJsonObject &object)
{
    return {.spec = object[QStringLiteral("spec")].toString(),
            .architecture = object[QStringLiteral("architecture")].toString(),
            .tickets = object[QStringLiteral("tickets")].toString(),
            .question = object[QStringLiteral("question")].toString(),
            .answer = object[QStringLiteral("answer")].toString(),
            .accepted = object[QStringLiteral("accepted")].toString(),
            .done = object[QStringLiteral("done")].toInt()};
}

bool isFinal(JobState state)
{
    return state == JobState::Done || state == JobState::Cancelled || state == JobState::RolledBack;
}

bool isEnded(JobState state)
{
    return isFinal(state) || state == JobState::Failed || state == JobState::CiFailed;
}

QString toName(JobState state)
{
    return nameIn(kStates, state);
}

QString toName(WaitKind kind)
{
    return nameIn(kWaits, kind);
}

QString toName(Priority priority)
{
    return nameIn(kPriorities, priority);
}

QString toName(CoarseStatus status)
{
    return nameIn(kCoarse, status);
}

QString toName(AuthorKind kind)
{
    return nameIn(kAuthors, kind);
}

std::optional<JobState> jobStateFrom(QStringView text)
{
    return valueIn(kStates, text);
}

std::optional<WaitKind> waitKindFrom(QStringView text)
{
    return valueIn(kWaits, text);
}

std::optional<Priority> priorityFrom(QStringView text)
{
    return valueIn(kPriorities, text);
}

std::optional<CoarseStatus> coarseStatusFrom(QStringView text)
{
    return valueIn(kCoarse, text);
}

std::optional<AuthorKind> authorKindFrom(QStringView text)
{
    return valueIn(kAuthors, text);
}

CoarseStatus coarseStatus(const Job &job)
{
    switch (job.progress.state) {
    case JobState::Created: return CoarseStatus::Created;
    case JobState::Running: return CoarseStatus::InProgress;
    case JobState::Waiting:
        return job.progress.wait.kind == WaitKind::Approval ? CoarseStatus::PassedPipeline : CoarseStatus::InProgress;
    case JobState::Done: return CoarseStatus::Integrated;
    case JobState::Cancelled: return CoarseStatus::Cancelled; // a person's word, not a verdict of the pipeline
    case JobState::Failed:
    case JobState::CiFailed:
    case JobState::RolledBack: break;
    }
    return CoarseStatus::FailedPipeline;
}

} // namespace openfactory
