// SPDX-License-Identifier: Apache-2.0
/// A server of chat completions on loopback that speaks HTTP/1.1 as real ones do, and misbehaves as it is told: one
/// scripted reply for each request, in their order. It has a thread of its own; its functions may be called from any.
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QThread>
#include <QUrl>

#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <vector>

namespace openfactory {

struct ScriptedAnswer {
    enum class Form { Asked, Stream, Whole, Raw } form = Form::Asked; ///< Asked: as the request's "stream" says
    int status = 200;
    QByteArray text{};                    ///< of the answer; of Raw: the whole body
    QByteArray type = "application/json"; ///< of Raw
    QByteArrayList headers{};             ///< "Retry-After: 2"
    qsizetype chunk = 7;                  ///< bytes of one HTTP chunk, so that events are cut at odd places
    qsizetype cutAfter = -1;              ///< bytes of the body after which the connection ends
    bool done = true;                     ///< "data: [DONE]" at the end
    bool finishReason = true;
    QByteArray finish = "stop";
    bool usage = true;
    bool comments = false; ///< keep-alive comments between the events
    QByteArray lineEnd = "\n";
    std::chrono::milliseconds before{0}; ///< before the status line
    bool hang = false;                   ///< says nothing after the headers, until the client goes
    bool hangUp = false;                 ///< ends the connection without a byte
    bool silent = false;                 ///< says nothing at all, until the client goes
};

class ModelServer {
public:
    ModelServer();
    ~ModelServer();

    QUrl url() const;
    void answer(ScriptedAnswer answer);
    /// "text" as the model's words, in a well-behaved stream.
    void say(const QByteArray &text) { answer({.text = text}); }
    /// Refuses requests that ask for structured output, as servers do that have none.
    std::atomic<bool> withoutSchema = false;

    struct Request {
        QByteArray head; ///< request line and headers
        QJsonObject body;
        QByteArray header(const QByteArray &name) const;
    };
    std::vector<Request> requests() const;
    int connections() const { return m_connections; }

private:
    void serve();

    std::unique_ptr<QThread> m_thread;
    std::atomic<quint16> m_port = 0;
    std::atomic<bool> m_stop = false;
    std::atomic<int> m_connections = 0;
    mutable std::mutex m_mutex;
    std::deque<ScriptedAnswer> m_answers;
    std::vector<Request> m_requests;
};

} // namespace openfactory
