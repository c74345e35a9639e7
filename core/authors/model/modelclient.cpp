// SPDX-License-Identifier: Apache-2.0
#include "core/authors/model/modelclient.h"

#include "core/authors/model/chatanswer.h"
#include "core/authors/model/httppost.h"
#include "core/authors/model/modelfault.h"
#include "core/base/text.h"
#include "core/http/httpclient.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QRandomGenerator>
#include <QTimeZone>

#include <algorithm>
#include <cmath>

namespace openfactory {

namespace {

using Failed = std::unexpected<ModelFailure>;
using Asked = std::expected<ModelReply, ModelFailure>;

constexpr std::chrono::milliseconds longestPause{60'000}; ///< that is waited for here; longer ones park the job
constexpr qsizetype mostErrorBody = 64 * 1024;

/// Half of it for sure and half by chance, so that many who were refused at once do not come back at once.
std::chrono::milliseconds pauseBefore(int retry)
{
    const qint64 whole = std::min<qint64>(1000LL << std::min(retry - 1, 6), longestPause.count());
    return std::chrono::milliseconds(whole / 2 + qint64(QRandomGenerator::global()->bounded(double(whole) / 2)));
}

/// What is asked for in one request.
struct Form {
    bool schema = false;
    bool stream = true;
    bool usage = true;
    bool temperature = true;
    bool completionTokens = false;
};

QJsonObject bodyOf(const ModelSettings &settings, const ModelRequest &request, const Form &form, const Masker &masker)
{
    QJsonArray messages;
    for (const ModelMessage &message : request.messages)
        messages.append(QJsonObject{{QStringLiteral("role"), message.role},
                                    {QStringLiteral("content"), masker.masked(message.text)}});
    if (!request.schema.isEmpty() && !form.schema)
        messages.append(QJsonObject{
            {QStringLiteral("role"), QStringLiteral("system")},
            {QStringLiteral("content"),
             QStringLiteral(
                 "Answer with one JSON object and nothing else: no words around it, no fence. It must be valid "
                 "by this JSON schema:\n%1")
                 .arg(QString::fromUtf8(request.schema))}});
    QJsonObject body{{QStringLiteral("model"), settings.model},
                     {QStringLiteral("messages"), messages},
                     {form.completionTokens ? QStringLiteral("max_completion_tokens") : QStringLiteral("max_tokens"),
                      request.maxTokens > 0 ? request.maxTokens : settings.maxTokens},
                     {QStringLiteral("stream"), form.stream}};
    if (form.stream && form.usage)
        body[QStringLiteral("stream_options")] = QJsonObject{{QStringLiteral("include_usage"), true}};
    if (form.temperature && settings.temperature)
        body[QStringLiteral("temperature")] = *settings.temperature;
    if (form.schema) {
        QJsonObject schema = QJsonDocument::fromJson(request.schema).object();
        schema.remove(QStringLiteral("$schema"));
        schema.remove(QStringLiteral("$id"));
        body[QStringLiteral("response_format")] = QJsonObject{
            {QStringLiteral("type"), QStringLiteral("json_schema")},
            {QStringLiteral("json_schema"), QJsonObject{{QStringLiteral("name"), request.schemaName},
                                                        {QStringLiteral("strict"), request.strict},
                                                        {QStringLiteral("schema"), schema}}}};
    }
    return body;
}

/// Gives up what the server says it does not take, or, where it does not say, what is most likely not to be taken.
bool concede(Form &form, ModelHabits &habits, int status, const QString &said, const QString &schema)
{
    if (status != 400 && status != 415 && status != 422 && status != 500 && status != 501)
        return false;
    const auto names = [&](QStringView word) { return said.contains(word, Qt::CaseInsensitive); };
    const auto give = [](bool &asked, std::atomic<bool> &refused) {
        asked = false;
        refused = true;
        return true;
    };
    const auto giveSchema = [&] {
        form.schema = false;
        habits.refuseSchema(schema);
        return true;
    };
    if (!form.completionTokens && names(u"max_completion_tokens")) {
        form.completionTokens = habits.completionTokens = true;
        return true;
    }
    if (form.schema
        && (names(u"response_format") || names(u"json_schema") || names(u"schema") || names(u"structured")
            || names(u"grammar")))
        return giveSchema();
    if (form.usage && form.stream && names(u"stream_options"))
        return give(form.usage, habits.noUsage);
    if (form.temperature && names(u"temperature"))
        return give(form.temperature, habits.noTemperature);
    if (form.stream && names(u"stream"))
        return give(form.stream, habits.noStream);
    if (status == 500)
        return false; // trouble of its own
    if (form.schema)
        return giveSchema();
    return form.stream && give(form.stream, habits.noStream);
}

/// One request and what came of it.
struct Try {
    HttpOutcome outcome;
    std::unique_ptr<ChatAnswer> answer; ///< of a success status
    QByteArray errorBody;               ///< of any other
};

Result<Try> tryOnce(const ModelSettings &settings, const QByteArray &key, const QByteArray &body,
                    const std::stop_token &stop)
{
    Try one;
    HttpPost request;
    request.url = settings.url;
    QString path = request.url.path();
    while (path.endsWith(u'/'))
        path.chop(1);
    request.url.setPath(path + QStringLiteral("/chat/completions"));
    request.headers = {{"Content-Type", "application/json"},
                       {"Accept", "text/event-stream, application/json"},
                       {"User-Agent", "OpenFactory/" OPENFACTORY_VERSION}};
    if (!key.isEmpty())
        request.headers.emplace_back("Authorization", "Bearer " + key);
    if (!settings.organization.isEmpty())
        request.headers.emplace_back("OpenAI-Organization", settings.organization.toUtf8());
    request.body = body;
    request.caFile = settings.caFile;
    request.proxy = settings.proxy;
    request.timeouts = settings.timeouts;
    request.onStart = [&](int status, const QByteArray &type) {
        if (status == 200)
            one.answer = std::make_unique<ChatAnswer>(type.toLower().contains("event-stream"));
    };
    request.onData = [&](QByteArrayView bytes) {
        if (one.answer)
            return one.answer->feed(bytes);
        one.errorBody.append(bytes.first(std::min(bytes.size(), mostErrorBody - one.errorBody.size())));
        return one.errorBody.size() < mostErrorBody;
    };
    OF_TRY(outcome, post(request, stop));
    one.outcome = std::move(outcome);
    if (one.answer)
        one.answer->finish();
    return one;
}

/// The reply of a request that was answered, or why there is none.
Asked judged(const ModelSettings &settings, const Try &one, bool json)
{
    const auto failed = [&](ModelFault fault, const QString &said) {
        ModelFailure failure = failureOf(settings, fault, said);
        if (one.answer) {
            failure.inputTokens = one.answer->inputTokens();
            failure.outputTokens = one.answer->outputTokens();
        }
        failure.untouched = !one.outcome.sent || (one.outcome.status >= 300 && one.outcome.status < 500);
        return Failed(failure);
    };
    const HttpOutcome &outcome = one.outcome;
    if (outcome.end == HttpOutcome::End::Cancelled)
        return failed(ModelFault::Cancelled, {});
    if (outcome.status >= 300 && outcome.status < 400)
        return failed(ModelFault::Misconfigured,
                      QStringLiteral("it sends on to %1, which is not gone after: the key is for %2 alone")
                          .arg(displayable(outcome.redirect.host().left(200)), settings.url.host()));
    if (outcome.status != 0 && outcome.status != 200) {
        const QJsonObject body = QJsonDocument::fromJson(one.errorBody).object();
        const QString said = saidBy(body);
        return failed(faultOf(outcome.status, body), QStringLiteral("HTTP %1").arg(outcome.status)
                                                         + (said.isEmpty() ? QString() : QStringLiteral(", ") + said));
    }
    if (!one.answer)
        return failed(ModelFault::Down, displayable(outcome.said.left(300)));
    const ChatAnswer &answer = *one.answer;
    if (!answer.error().isEmpty())
        return failed(faultOf(0, answer.error()), saidBy(answer.error()));
    if (answer.tooLarge())
        return failed(ModelFault::AnswerTooLong, QStringLiteral("it is larger than any that is taken"));
    // What was said to its end counts, however the connection ended then.
    if (outcome.end != HttpOutcome::End::Complete && answer.ending().isEmpty())
        return failed(ModelFault::Down, displayable(outcome.said.left(300)));
    if (!answer.refusal().isEmpty() && answer.text().isEmpty())
        return failed(ModelFault::Refused, displayable(answer.refusal().left(300)));
    if (answer.ending() == u"content_filter")
        return failed(ModelFault::Refused, QStringLiteral("a filter of the provider held the answer back"));
    if (answer.ending() == u"length")
        return failed(ModelFault::AnswerTooLong, QStringLiteral("it reached the most tokens that were allowed"));
    if (answer.ending().isEmpty() || answer.text().isEmpty())
        return failed(ModelFault::Down, answer.malformed()
                                            ? QStringLiteral("what it sent is no answer of a chat completion")
                                            : QStringLiteral("the answer broke off, or is empty"));
    ModelReply reply;
    reply.text = json ? jsonIn(answer.text()) : answer.text();
    reply.model = displayable(answer.model());
    reply.inputTokens = answer.inputTokens();
    reply.outputTokens = answer.outputTokens();
    return reply;
}

} // namespace

ModelClient::ModelClient(ModelSettings settings, const Masker &masker, const Clock &clock,
                         std::shared_ptr<ModelHabits> habits)
    : m_settings(std::move(settings)),
      m_masker(masker),
      m_clock(clock),
      m_habits(std::move(habits))
{}

Asked ModelClient::ask(const ModelRequest &request, const std::stop_token &stop) const
{
    const qint64 started = m_clock.bootMs();
    int tries = 0;
    bool untouched = true;
    const auto failed = [&](ModelFailure failure) {
        failure.untouched = untouched;
        failure.error.said = m_masker.masked(failure.error.said);
        failure.tries = tries;
        failure.latency = std::chrono::milliseconds(m_clock.bootMs() - started);
        return Failed(std::move(failure));
    };
    if (m_settings.url.scheme() != u"https" && !m_settings.allowHttp && !isLoopback(m_settings.url))
        return failed(
            failureOf(m_settings, ModelFault::Misconfigured,
                      QStringLiteral("its url is not https, and the key and the code would be readable on the "
                                     "way (allow_http: true takes that)")));
    QByteArray key;
    if (!m_settings.key.isEmpty()) {
        const auto found = m_masker.secret(m_settings.key);
        const bool sendable = found
                              && std::ranges::none_of(*found, [](char c) { return uchar(c) <= 0x20 || c == 0x7f; });
        if (!sendable)
            return failed(
                failureOf(m_settings, ModelFault::KeyRefused,
                          found ? QStringLiteral("the secret %1 is not one line without spaces").arg(m_settings.key)
                                : QStringLiteral("there is no secret %1").arg(m_settings.key)));
        key = *found;
    }
    Form form{!request.schema.isEmpty() && request.sendSchema && !m_habits->refusesSchema(request.schemaName),
              !m_habits->noStream, !m_habits->noUsage, !m_habits->noTemperature, m_habits->completionTokens};
    for (int retries = 0;;) {
        const QByteArray body = QJsonDocument(bodyOf(m_settings, request, form, m_masker))
                                    .toJson(QJsonDocument::Compact);
        ++tries;
        auto one = tryOnce(m_settings, key, body, stop);
        if (!one)
            return failed(failureOf(m_settings, ModelFault::Misconfigured, toText(one.error())));
        auto reply = judged(m_settings, *one, !request.schema.isEmpty());
        if (reply) {
            reply->structured = form.schema;
            if (form.temperature)
                reply->temperature = m_settings.temperature;
            reply->tries = tries;
            reply->latency = std::chrono::milliseconds(m_clock.bootMs() - started);
            return reply;
        }
        ModelFailure &failure = reply.error();
        untouched = untouched && failure.untouched;
        const int status = one->outcome.status;
        const bool form400 = failure.fault == ModelFault::Misconfigured || failure.fault == ModelFault::Down;
        if (form400 && status >= 400 && concede(form, *m_habits, status, failure.error.said, request.schemaName))
            continue;
        const auto asked = retryAfterOf(one->outcome.retryAfter, m_clock.wallMs());
        if (!mayPass(failure.fault, status) || retries >= m_settings.retries || (asked && *asked > longestPause)) {
            if (asked)
                failure.retryAfter = asked;
            return failed(std::move(failure));
        }
        ++retries;
        const auto pause = std::max(asked.value_or(std::chrono::milliseconds(0)), pauseBefore(retries));
        if (!m_clock.sleep(pause, stop))
            return failed(failureOf(m_settings, ModelFault::Cancelled, {}));
    }
}

QString jsonIn(const QString &text)
{
    qsizetype from = text.lastIndexOf(QStringLiteral("</think>"));
    from = text.indexOf(u'{', std::max<qsizetype>(from, 0));
    if (from < 0)
        return text.trimmed();
    int depth = 0;
    bool inString = false;
    for (qsizetype i = from; i < text.size(); ++i) {
        const QChar c = text[i];
        if (inString) {
            if (c == u'\\')
                ++i;
            else if (c == u'"')
                inString = false;
        } else if (c == u'"') {
            inString = true;
        } else if (c == u'{') {
            ++depth;
        } else if (c == u'}' && --depth == 0) {
            return text.mid(from, i + 1 - from);
        }
    }
    return text.trimmed();
}

std::optional<std::chrono::milliseconds> retryAfterOf(const QByteArray &header, qint64 wallMs)
{
    const QByteArray value = header.trimmed();
    if (value.isEmpty())
        return std::nullopt;
    bool isNumber = false;
    const double seconds = value.toDouble(&isNumber);
    if (isNumber)
        return std::isfinite(seconds) && seconds >= 0 && seconds < 1e9
                   ? std::optional(std::chrono::milliseconds(qint64(seconds * 1000)))
                   : std::nullopt;
    QDateTime date = QLocale::c().toDateTime(QString::fromLatin1(value),
                                             QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"));
    if (!date.isValid())
        return std::nullopt;
    date.setTimeZone(QTimeZone::UTC);
    return std::chrono::milliseconds(std::max<qint64>(0, date.toMSecsSinceEpoch() - wallMs));
}

} // namespace openfactory
