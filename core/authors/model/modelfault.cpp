// SPDX-License-Identifier: Apache-2.0
#include "core/authors/model/modelfault.h"

#include "core/base/text.h"

#include <algorithm>

namespace openfactory {

namespace {

bool hasAny(const QString &text, std::initializer_list<QStringView> words)
{
    return std::ranges::any_of(words, [&](QStringView word) { return text.contains(word, Qt::CaseInsensitive); });
}

QString codeOf(const QJsonObject &body)
{
    const QJsonObject error = body[QStringLiteral("error")].toObject();
    return error[QStringLiteral("code")].toString() + u' ' + error[QStringLiteral("type")].toString();
}

struct Words {
    ErrorKind kind;
    const char *said;
    const char *hint;
};

Words wordsOf(ModelFault fault)
{
    switch (fault) {
    case ModelFault::Down:
        return {ErrorKind::Unavailable, "the provider is down",
                "look whether its server runs and url in openfactory.yaml is right: factory model check %1"};
    case ModelFault::KeyRefused:
        return {ErrorKind::Denied, "the provider refuses the key",
                "put a valid key into the secret that models.%1.key names, then: factory model check %1"};
    case ModelFault::ModelUnknown:
        return {ErrorKind::NotFound, "the provider does not know the model",
                "correct models.%1.model (and url) in openfactory.yaml, then: factory model check %1"};
    case ModelFault::ContextTooLong:
        return {ErrorKind::Invalid, "the prompt is too long for the model",
                "lower models.%1.context_tokens to what the server has, or choose a model with a longer context"};
    case ModelFault::Budget:
        return {ErrorKind::Denied, "the account with the provider is used up",
                "raise its limit or pay with the provider, then: factory retry"};
    case ModelFault::RateLimited:
        return {ErrorKind::Unavailable, "the provider allows no more calls for now",
                "wait, or ask the provider for a higher rate"};
    case ModelFault::AnswerTooLong:
        return {ErrorKind::Invalid, "the answer was cut off because it is too long",
                "raise models.%1.max_tokens, or split the task"};
    case ModelFault::Refused:
        return {ErrorKind::Denied, "the model does not want to answer",
                "word the task differently, or name another model"};
    case ModelFault::Misconfigured:
        return {ErrorKind::Invalid, "the server does not take the request",
                "compare models.%1 in openfactory.yaml with what the server wants"};
    case ModelFault::Cancelled: return {ErrorKind::Cancelled, "it was stopped", ""};
    }
    return {ErrorKind::Internal, "", ""};
}

} // namespace

QString toName(ModelFault fault)
{
    switch (fault) {
    case ModelFault::Down: return QStringLiteral("down");
    case ModelFault::KeyRefused: return QStringLiteral("key-refused");
    case ModelFault::ModelUnknown: return QStringLiteral("model-unknown");
    case ModelFault::ContextTooLong: return QStringLiteral("context-too-long");
    case ModelFault::Budget: return QStringLiteral("budget");
    case ModelFault::RateLimited: return QStringLiteral("rate-limited");
    case ModelFault::AnswerTooLong: return QStringLiteral("answer-too-long");
    case ModelFault::Refused: return QStringLiteral("refused");
    case ModelFault::Misconfigured: return QStringLiteral("misconfigured");
    case ModelFault::Cancelled: return QStringLiteral("cancelled");
    }
    return {};
}

QString saidBy(const QJsonObject &body)
{
    const QJsonValue error = body[QStringLiteral("error")];
    for (const QJsonValue &said :
         {error[QStringLiteral("message")], error, body[QStringLiteral("message")], body[QStringLiteral("detail")]}) {
        if (said.isString() && !said.toString().trimmed().isEmpty())
            return displayable(said.toString().trimmed().left(400));
    }
    return {};
}

ModelFault faultOf(int status, const QJsonObject &body)
{
    const QString code = codeOf(body);
    const QString said = code + u' ' + saidBy(body);
    if (hasAny(said, {u"insufficient_quota", u"billing_hard_limit", u"exceeded your current quota"}) || status == 402)
        return ModelFault::Budget;
    if (status == 401 || status == 403 || hasAny(code, {u"invalid_api_key", u"authentication_error"}))
        return ModelFault::KeyRefused;
    if (status == 413
        || hasAny(said, {u"context_length_exceeded", u"exceed_context_size", u"maximum context length", u"context size",
                         u"context length", u"context window", u"prompt is too long"}))
        return ModelFault::ContextTooLong;
    if (status == 429 || hasAny(code, {u"rate_limit"}))
        return ModelFault::RateLimited;
    if (status == 404 || hasAny(code, {u"model_not_found"})
        || (status >= 400 && status < 500 && hasAny(said, {u"model"})
            && hasAny(said, {u"not found", u"does not exist", u"unknown model", u"no such model"})))
        return ModelFault::ModelUnknown;
    if (status >= 500 || status == 408 || status == 425 || status < 400)
        return ModelFault::Down;
    return ModelFault::Misconfigured;
}

bool mayPass(ModelFault fault, int status)
{
    return (fault == ModelFault::Down && status != 501 && status != 505) || fault == ModelFault::RateLimited;
}

ModelFailure failureOf(const ModelSettings &settings, ModelFault fault, const QString &said)
{
    const Words words = wordsOf(fault);
    ModelFailure failure;
    failure.fault = fault;
    failure.error.kind = words.kind;
    failure.error.doing = QStringLiteral("ask the model %1 (%2 at %3)")
                              .arg(settings.name, displayable(settings.model), settings.url.host());
    failure.error.said = QString::fromLatin1(words.said);
    if (!said.isEmpty() && fault != ModelFault::Cancelled)
        failure.error.said += QStringLiteral(": ") + said;
    failure.error.hint = QString::fromLatin1(words.hint).replace(QStringLiteral("%1"), settings.name);
    return failure;
}

} // namespace openfactory
