// SPDX-License-Identifier: Apache-2.0
#include "core/authors/model/chatanswer.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace openfactory {

namespace {

constexpr qsizetype mostText = 4 * 1024 * 1024;  ///< characters of the answer
constexpr qsizetype mostBody = 32 * 1024 * 1024; ///< bytes of the body: each token is an event of its own

std::optional<qint64> countOf(const QJsonValue &value)
{
    const double number = value.toDouble(-1);
    return value.isDouble() && number >= 0 && number < 1e12 ? std::optional(qint64(number)) : std::nullopt;
}

/// A content is a text or, with some servers, a list of parts.
QString contentOf(const QJsonValue &content)
{
    if (!content.isArray())
        return content.toString();
    QString text;
    const QJsonArray parts = content.toArray();
    for (const QJsonValue &part : parts)
        text += part[QStringLiteral("text")].toString();
    return text;
}

} // namespace

ChatAnswer::ChatAnswer(bool stream) : m_stream(stream), m_events([this](const QByteArray &data) { event(data); })
{}

bool ChatAnswer::feed(QByteArrayView bytes)
{
    m_bytes += bytes.size();
    if (m_bytes > mostBody || (m_stream && !m_events.feed(bytes)))
        m_tooLarge = true;
    else if (!m_stream)
        m_body.append(bytes);
    return !m_done && !m_tooLarge;
}

void ChatAnswer::finish()
{
    if (m_stream)
        m_events.finish();
    else if (!m_tooLarge)
        event(m_body);
}

void ChatAnswer::event(const QByteArray &data)
{
    if (m_done || m_tooLarge)
        return;
    if (data.trimmed() == "[DONE]") {
        m_done = true;
        return;
    }
    const QJsonDocument document = QJsonDocument::fromJson(data);
    if (!document.isObject())
        m_malformed = true;
    else
        take(document.object());
}

void ChatAnswer::take(const QJsonObject &object)
{
    if (const QJsonValue error = object[QStringLiteral("error")]; !error.isUndefined() && !error.isNull()) {
        m_error = object;
        m_done = true;
        return;
    }
    if (m_model.isEmpty())
        m_model = object[QStringLiteral("model")].toString().left(200);
    if (const QJsonObject usage = object[QStringLiteral("usage")].toObject(); !usage.isEmpty()) {
        m_inputTokens = countOf(usage[QStringLiteral("prompt_tokens")]);
        m_outputTokens = countOf(usage[QStringLiteral("completion_tokens")]);
    }
    const QJsonArray choices = object[QStringLiteral("choices")].toArray();
    for (const QJsonValue &choice : choices) {
        if (choice[QStringLiteral("index")].toInt() != 0)
            continue; // one answer was asked for
        const QJsonObject part =
            choice[m_stream && choice[QStringLiteral("delta")].isObject() ? QStringLiteral("delta")
                                                                          : QStringLiteral("message")]
                .toObject();
        m_text += contentOf(part[QStringLiteral("content")]);
        m_refusal += part[QStringLiteral("refusal")].toString().left(500);
        if (const QString ending = choice[QStringLiteral("finish_reason")].toString(); !ending.isEmpty())
            m_ending = ending.left(80);
    }
    m_tooLarge = m_text.size() > mostText || m_refusal.size() > mostText;
}

} // namespace openfactory
