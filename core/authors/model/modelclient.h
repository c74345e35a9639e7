// SPDX-License-Identifier: Apache-2.0
/// Chat completions of an OpenAI-compatible server (llama.cpp, Ollama, vLLM, hosted services), as one blocking call.
/// What it sends is masked, what it gets is hostile.
#pragma once

#include "core/authors/model/modelsettings.h"
#include "core/base/clock.h"
#include "core/domain/commands.h"

#include <QStringList>

#include <atomic>
#include <expected>
#include <memory>
#include <mutex>
#include <vector>

namespace openfactory {

struct ModelMessage {
    QString role; ///< "system", "user", "assistant"
    QString text;
};

struct ModelRequest {
    std::vector<ModelMessage> messages;
    QByteArray schema;      ///< JSON schema of the answer; empty: any text
    QString schemaName;     ///< [a-zA-Z0-9_-]{1,60}
    bool sendSchema = true; ///< false: it is described in words only, for a choice of answers
    bool strict = true;     ///< each property is required and no further one is taken, as strict servers want it
    qint64 maxTokens = 0;   ///< 0: the settings'
};

struct ModelReply {
    QString text;  ///< where a schema was asked for: the JSON in it, not yet judged by the schema
    QString model; ///< as the server calls it
    std::optional<qint64> inputTokens;
    std::optional<qint64> outputTokens;
    bool structured = false;           ///< the server was asked to keep to the schema, and did not refuse
    std::optional<double> temperature; ///< that was asked for
    int tries = 1;
    std::chrono::milliseconds latency{0};
};

/// Why there is no answer.
enum class ModelFault {
    Down, ///< not reachable, too slow, broken off, or in trouble itself
    KeyRefused,
    ModelUnknown,
    ContextTooLong,
    Budget, ///< of the account with the provider
    RateLimited,
    AnswerTooLong, ///< cut at max_tokens, or larger than any that is taken
    Refused,       ///< the model or a filter of the provider does not want to
    Misconfigured, ///< the settings and the server do not fit
    Cancelled,
};
QString toName(ModelFault); ///< "down", "key-refused", ...

struct ModelFailure {
    ModelFault fault = ModelFault::Down;
    Error error;                                         ///< one sentence each, masked; the hint says what to do
    std::optional<std::chrono::milliseconds> retryAfter; ///< what the server said, where it was too long to wait here
    int tries = 0;
    std::chrono::milliseconds latency{0};
    std::optional<qint64> inputTokens; ///< where the server counted before it failed
    std::optional<qint64> outputTokens;
    bool untouched = false; ///< no request of it can have cost anything: none was sent, or each was turned away
};

/// What a server was found not to take; shared by the calls to it. Any thread.
struct ModelHabits {
    /// Of schemas by their names: one may be too much for a server that takes another.
    bool refusesSchema(const QString &name) const
    {
        const std::scoped_lock lock(m_mutex);
        return m_schemas.contains(name);
    }
    void refuseSchema(const QString &name)
    {
        const std::scoped_lock lock(m_mutex);
        m_schemas << name;
    }
    std::atomic<bool> noStream = false;
    std::atomic<bool> noUsage = false;
    std::atomic<bool> noTemperature = false;
    std::atomic<bool> completionTokens = false; ///< "max_completion_tokens" instead of "max_tokens"

private:
    mutable std::mutex m_mutex;
    QStringList m_schemas;
};

/// Any thread; refers to masker and clock.
class ModelClient {
public:
    ModelClient(ModelSettings settings, const Masker &masker, const Clock &clock, std::shared_ptr<ModelHabits> habits);

    const ModelSettings &settings() const { return m_settings; }
    /// Asks, and tries again after a pause where the server is busy or down. A stop ends it within a second.
    std::expected<ModelReply, ModelFailure> ask(const ModelRequest &request, const std::stop_token &stop) const;

private:
    ModelSettings m_settings;
    const Masker &m_masker;
    const Clock &m_clock;
    std::shared_ptr<ModelHabits> m_habits;
};

/// The JSON object in a text that may have more around it: a fence, a thought before it, words after it; the text
/// itself where there is none.
QString jsonIn(const QString &text);
/// How long a Retry-After asks to wait, in seconds or as an HTTP date; nothing where it says nothing that is known.
std::optional<std::chrono::milliseconds> retryAfterOf(const QByteArray &header, qint64 wallMs);

} // namespace openfactory
