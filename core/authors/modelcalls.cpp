// SPDX-License-Identifier: Apache-2.0
#include "core/authors/modelcalls.h"

#include "core/authors/prompt.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <cmath>

namespace openfactory {

namespace {

/// Pauses of a job whose provider is down, by how many of its last calls failed so.
constexpr std::chrono::minutes pauses[] = {std::chrono::minutes(1), std::chrono::minutes(5), std::chrono::minutes(15)};

QByteArray promptText(const ModelRequest &request)
{
    QJsonArray messages;
    for (const ModelMessage &message : request.messages)
        messages.append(QJsonObject{{QStringLiteral("role"), message.role}, {QStringLiteral("content"), message.text}});
    return QJsonDocument(QJsonObject{{QStringLiteral("messages"), messages},
                                     {QStringLiteral("schema"), QString::fromUtf8(request.schema)}})
        .toJson();
}

void count(AuthorCallRecord &call, const std::optional<ModelPrice> &price, const auto &from)
{
    call.inputTokens = from.inputTokens;
    call.outputTokens = from.outputTokens;
    call.tries = from.tries;
    call.latencyMs = from.latency.count();
    if (call.inputTokens && call.outputTokens)
        call.cost = costOf(price, *call.inputTokens, *call.outputTokens);
}

} // namespace

std::optional<qint64> costOf(const std::optional<ModelPrice> &price, qint64 inputTokens, qint64 outputTokens)
{
    if (!price)
        return std::nullopt;
    return std::llround(double(inputTokens) * price->input + double(outputTokens) * price->output);
}

Result<void> tellRefused(AuthorCallRecord call, const QString &why, AuthorCalls *calls)
{
    call.ending = QStringLiteral("answer-refused");
    call.note = why.left(2000);
    return calls ? calls->end(call, {}) : Result<void>();
}

Result<CallOutcome> callModel(const ModelClient &client, const ModelRequest &request, const QString &purpose,
                              AuthorCalls *calls, const std::stop_token &stop)
{
    const ModelSettings &settings = client.settings();
    const qint64 maxTokens = request.maxTokens > 0 ? request.maxTokens : settings.maxTokens;
    const qint64 input = reckonedTokens(request.messages) + (request.schema.size() + 2) / 3;
    AuthorCallRecord call;
    call.purpose = purpose;
    call.name = settings.name;
    call.baseUrl = settings.address();
    call.model = settings.model;
    call.temperature = settings.temperature;
    call.maxTokens = maxTokens;
    call.reckonedTokens = input + maxTokens;
    call.reckonedCost = costOf(settings.price, input, maxTokens);
    call.currency = settings.price ? settings.price->currency : QString();
    CallOutcome outcome;
    if (calls) {
        OF_TRY(refused, calls->begin(call, promptText(request)));
        if (refused) {
            outcome.awaited = *refused;
            return outcome;
        }
    }
    auto reply = client.ask(request, stop);
    if (reply) {
        count(call, settings.price, *reply);
        call.ending = QStringLiteral("answered");
        call.temperature = reply->temperature;
        if (!reply->model.isEmpty())
            call.model = reply->model;
        if (calls)
            OF_CHECK(calls->end(call, reply->text.toUtf8()));
        outcome.call = call;
        outcome.reply = *std::move(reply);
        return outcome;
    }
    const ModelFailure &failure = reply.error();
    count(call, settings.price, failure);
    call.ending = toName(failure.fault);
    call.note = failure.error.said;
    if (failure.untouched) { // nothing that could have been counted
        call.reckonedTokens = 0;
        call.reckonedCost = call.reckonedCost.transform([](qint64) { return qint64(0); });
    }
    if (calls)
        OF_CHECK(calls->end(call, {}));
    const bool passing = failure.fault == ModelFault::Down || failure.fault == ModelFault::RateLimited;
    const int failed = calls ? calls->failedInARow() : 0;
    if (!passing || failed < 1 || failed > int(std::size(pauses)))
        return std::unexpected(failure.error);
    outcome.retryAfter = std::max<std::chrono::milliseconds>(pauses[failed - 1],
                                                             failure.retryAfter.value_or(std::chrono::milliseconds(0)));
    outcome.error = failure.error;
    outcome.awaited = QStringLiteral("the provider of %1 (%2); then it is asked again")
                          .arg(settings.name, failure.error.said);
    return outcome;
}

} // namespace openfactory
