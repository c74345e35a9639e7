// SPDX-License-Identifier: Apache-2.0
/// The answer of a chat completion, put together from the body of the reply: one JSON object, or events whose deltas
/// make it up. Hostile input: bounded, read by its form only.
#pragma once

#include "core/authors/model/eventstream.h"

#include <QJsonObject>
#include <QString>

#include <optional>

namespace openfactory {

class ChatAnswer {
public:
    /// `stream`: the body is one of events.
    explicit ChatAnswer(bool stream);
    ChatAnswer(const ChatAnswer &) = delete;

    /// Takes the next part of the body. False where no more is wanted: the answer is over, or too large.
    bool feed(QByteArrayView bytes);
    /// The body is over.
    void finish();

    QString text() const { return m_text; }
    QString model() const { return m_model; }
    std::optional<qint64> inputTokens() const { return m_inputTokens; }
    std::optional<qint64> outputTokens() const { return m_outputTokens; }
    /// "stop", "length", "content_filter", ...; empty where the answer broke off.
    QString ending() const { return m_ending; }
    QString refusal() const { return m_refusal; }
    bool tooLarge() const { return m_tooLarge; }
    /// What the server said instead of an answer, in the middle of the stream.
    const QJsonObject &error() const { return m_error; }
    /// Something in the body was no JSON object of a completion.
    bool malformed() const { return m_malformed; }

private:
    void event(const QByteArray &data);
    void take(const QJsonObject &object);

    bool m_stream;
    EventStream m_events;
    QByteArray m_body;
    QString m_text;
    QString m_model;
    QString m_ending;
    QString m_refusal;
    QJsonObject m_error;
    std::optional<qint64> m_inputTokens;
    std::optional<qint64> m_outputTokens;
    qsizetype m_bytes = 0;
    bool m_done = false;
    bool m_tooLarge = false;
    bool m_malformed = false;
};

} // namespace openfactory
