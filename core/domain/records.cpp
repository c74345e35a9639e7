// SPDX-License-Identifier: Apache-2.0
#include "core/domain/records.h"

#include "core/domain/names.h"

#include <QJsonArray>

namespace openfactory {

namespace {

constexpr Named<AttemptState> kAttemptStates[] = {
    {AttemptState::Running, u"running"},        {AttemptState::Passed, u"passed"},
    {AttemptState::SoftFailed, u"soft_failed"}, {AttemptState::Failed, u"failed"},
    {AttemptState::Reverted, u"reverted"},      {AttemptState::Interrupted, u"interrupted"},
    {AttemptState::Cancelled, u"cancelled"},    {AttemptState::Parked, u"parked"},
};
constexpr Named<IntentState> kIntentStates[] = {{IntentState::Open, u"open"},
                                                {IntentState::Done, u"done"},
                                                {IntentState::Abandoned, u"abandoned"}};

} // namespace

QString toName(AttemptState state)
{
    return nameIn(kAttemptStates, state);
}

std::optional<AttemptState> attemptStateFrom(QStringView text)
{
    return valueIn(kAttemptStates, text);
}

QString toName(IntentState state)
{
    return nameIn(kIntentStates, state);
}

std::optional<IntentState> intentStateFrom(QStringView text)
{
    return valueIn(kIntentStates, text);
}

namespace {

/// A figure that nobody measured is null.
QJsonValue known(qint64 figure)
{
    return figure < 0 ? QJsonValue() : QJsonValue(figure);
}

} // namespace

QJsonObject toJson(const CommandRecord &command)
{
    QJsonObject out{
        {QStringLiteral("stage"), command.stage},
        {QStringLiteral("attempt"), command.attempt},
        {QStringLiteral("seq"), command.seq},
        {QStringLiteral("argv"), QJsonArray::fromStringList(command.argv)},
        {QStringLiteral("folder"), command.folder},
        {QStringLiteral("layers"), QJsonArray::fromStringList(command.layers)},
        {QStringLiteral("finished"), command.finished},
        {QStringLiteral("startedMs"), command.startedMs},
        {QStringLiteral("durationMs"), command.durationMs},
        {QStringLiteral("signal"), command.signal},
        {QStringLiteral("ending"), command.ending},
        {QStringLiteral("cpuMs"), known(command.cpuMs)},
        {QStringLiteral("peakMemoryKb"), known(command.peakMemoryKb)},
        {QStringLiteral("outputBytes"), command.outputBytes},
        {QStringLiteral("log"), command.logPath},
    };
    out[QStringLiteral("exitCode")] = command.exitCode ? QJsonValue(*command.exitCode) : QJsonValue();
    return out;
}

QJsonObject toJson(const AttemptRecord &attempt)
{
    QJsonObject out{
        {QStringLiteral("stage"), attempt.stage},         {QStringLiteral("number"), attempt.number},
        {QStringLiteral("state"), toName(attempt.state)}, {QStringLiteral("startedMs"), attempt.startedMs},
        {QStringLiteral("endedMs"), attempt.endedMs},     {QStringLiteral("before"), attempt.before},
        {QStringLiteral("start"), attempt.start},         {QStringLiteral("after"), attempt.after},
        {QStringLiteral("tree"), attempt.tree},           {QStringLiteral("fingerprint"), attempt.fingerprint},
        {QStringLiteral("note"), attempt.note},
    };
    if (attempt.reverted)
        out[QStringLiteral("reverted")] = QJsonObject{{QStringLiteral("ref"), attempt.reverted->ref},
                                                      {QStringLiteral("commit"), attempt.reverted->commit},
                                                      {QStringLiteral("message"), attempt.reverted->message}};
    if (attempt.ticket > 0)
        out[QStringLiteral("ticket")] = attempt.ticket;
    if (attempt.verdict)
        out[QStringLiteral("verdict")] = toJson(*attempt.verdict);
    return out;
}

} // namespace openfactory
