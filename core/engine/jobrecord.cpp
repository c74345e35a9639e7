// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobrecord.h"

#include "core/engine/mirror.h"

#include <QJsonArray>

namespace openfactory {

namespace {

QJsonObject json(const ArtifactRecord &artifact)
{
    return {{QStringLiteral("name"), artifact.name},       {QStringLiteral("stage"), artifact.stage},
            {QStringLiteral("attempt"), artifact.attempt}, {QStringLiteral("path"), artifact.path},
            {QStringLiteral("size"), artifact.size},       {QStringLiteral("sha256"), artifact.sha256}};
}

QJsonObject json(const Risk &risk)
{
    return {{QStringLiteral("name"), risk.name},
            {QStringLiteral("stage"), risk.stage},
            {QStringLiteral("text"), risk.text},
            {QStringLiteral("acceptedBy"), risk.acceptedBy},
            {QStringLiteral("comment"), risk.comment}};
}

QJsonObject json(const Decision &decision)
{
    return {{QStringLiteral("id"), decision.id.text()},
            {QStringLiteral("gate"), decision.gate},
            {QStringLiteral("kind"), toName(decision.kind)},
            {QStringLiteral("actor"), decision.actor},
            {QStringLiteral("comment"), decision.comment},
            {QStringLiteral("acceptedRisks"), QJsonArray::fromStringList(decision.acceptedRisks)},
            {QStringLiteral("madeMs"), decision.madeMs},
            {QStringLiteral("void"), decision.voidReason},
            {QStringLiteral("consumedBy"), decision.consumedBy},
            {QStringLiteral("binding"), decision.binding.digest()}};
}

QJsonObject json(const PullRecord &record)
{
    QJsonArray checks;
    for (const Check &check : record.checks)
        checks.append(toJson(check));
    return {{QStringLiteral("forge"), record.forge},
            {QStringLiteral("number"), record.pull.number},
            {QStringLiteral("url"), record.pull.url},
            {QStringLiteral("state"), toName(record.pull.state)},
            {QStringLiteral("branch"), record.pull.branch},
            {QStringLiteral("base"), record.pull.base},
            {QStringLiteral("head"), record.pull.head},
            {QStringLiteral("pushed"), record.pushed},
            {QStringLiteral("checks"), checks},
            {QStringLiteral("wish"), toJson(record.wish)},
            {QStringLiteral("cancelled"), toJson(record.cancelled)},
            {QStringLiteral("refused"), record.refused},
            {QStringLiteral("requests"), record.requests ? QJsonValue(toJson(*record.requests)) : QJsonValue()},
            {QStringLiteral("readMs"), record.readMs}};
}

QJsonObject json(const AuthorCallRecord &call)
{
    return toJson(call);
}

QJsonObject json(const CommandRecord &command)
{
    return toJson(command);
}

QJsonObject json(const AttemptRecord &attempt)
{
    return toJson(attempt);
}

template<class Records>
QJsonArray list(const Records &records)
{
    QJsonArray out;
    for (const auto &record : records)
        out.append(json(record));
    return out;
}

} // namespace

Result<JobRecord> readRecord(JobStore &store, const Job &job)
{
    OF_TRY(attempts, store.attempts(job.id()));
    OF_TRY(commands, store.commands(job.id()));
    OF_TRY(artifacts, store.artifacts(job.id()));
    OF_TRY(risks, store.risks(job.id()));
    OF_TRY(decisions, store.decisions(job.id()));
    OF_TRY(pull, store.pull(job.id()));
    OF_TRY(authorCalls, store.authorCalls(job.id()));
    return JobRecord{job,
                     std::move(attempts),
                     std::move(commands),
                     std::move(artifacts),
                     std::move(risks),
                     std::move(decisions),
                     std::move(pull),
                     std::move(authorCalls)};
}

QJsonArray artifactsJson(const JobRecord &record)
{
    return list(record.artifacts);
}

QJsonObject toJson(JobStore &store, const JobRecord &record)
{
    const Job &job = record.job;
    QJsonObject out = taskJson(store, job, record.attempts);
    out[QStringLiteral("task")] = job.identity.task;
    out[QStringLiteral("attempts")] = list(record.attempts);
    out[QStringLiteral("commands")] = list(record.commands);
    out[QStringLiteral("artifacts")] = list(record.artifacts);
    out[QStringLiteral("risks")] = list(record.risks);
    out[QStringLiteral("decisions")] = list(record.decisions);
    if (record.pull)
        out[QStringLiteral("pullRequest")] = json(*record.pull);
    if (!record.authorCalls.empty())
        out[QStringLiteral("authorCalls")] = list(record.authorCalls);
    out[QStringLiteral("gate")] = job.progress.gate.isNull() ? QString() : job.progress.gate.digest();
    return out;
}

} // namespace openfactory
