// SPDX-License-Identifier: Apache-2.0
/// A server of HTTP/1.1 on loopback for tests, on a thread of its own; what it answers is a function of the test, and
/// it can misbehave in the ways that networks do. It keeps every request.
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QMap>
#include <QThread>
#include <QUrl>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace openfactory {

struct FakeRequest {
    QByteArray method;
    QByteArray target;                    ///< path and query, as they came
    QMap<QByteArray, QByteArray> headers; ///< names in lower case
    QByteArray body;
    QByteArray path() const { return target.split('?').first(); }
};

struct FakeReply {
    int status = 200;
    std::vector<std::pair<QByteArray, QByteArray>> headers{};
    QByteArray body{};
    enum class Manner {
        Fine,
        Close,     ///< the connection ends without an answer
        Truncate,  ///< half of the body of the announced length, then the end
        Silent,    ///< nothing, and the connection stays
        Stall,     ///< the head and half of the body, then nothing more
        Unmeasured ///< without a length: the end of the connection is the end of the body
    } manner = Manner::Fine;
};

/// PEM, of RSA.
struct FakeCertificate {
    QByteArray certificate;
    QByteArray key;
};

class HttpFake {
public:
    using Answer = std::function<FakeReply(const FakeRequest &)>;
    /// `answer` is called on the server's thread.
    explicit HttpFake(Answer answer, const std::optional<FakeCertificate> &tls = {});
    ~HttpFake();

    quint16 port() const { return m_port; }
    QString address() const; ///< "http://127.0.0.1:PORT", or https
    std::vector<FakeRequest> requests() const;
    void forgetRequests();
    /// Connections that were opened so far.
    int connections() const;

private:
    class Server;
    friend class Server;
    mutable std::mutex m_lock;
    std::vector<FakeRequest> m_requests;
    int m_connections = 0;
    Answer m_answer;
    bool m_isTls;
    quint16 m_port = 0;
    QThread m_thread;
    std::unique_ptr<Server> m_server;
};

} // namespace openfactory
