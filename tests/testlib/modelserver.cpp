// SPDX-License-Identifier: Apache-2.0
#include "tests/testlib/modelserver.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTcpServer>
#include <QTcpSocket>

namespace openfactory {

namespace {

QByteArray jsonText(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QJsonObject usage()
{
    return {{QStringLiteral("prompt_tokens"), 11},
            {QStringLiteral("completion_tokens"), 7},
            {QStringLiteral("total_tokens"), 18}};
}

QByteArray wholeBody(const ScriptedAnswer &answer)
{
    QJsonObject body{{QStringLiteral("id"), QStringLiteral("one")},
                     {QStringLiteral("object"), QStringLiteral("chat.completion")},
                     {QStringLiteral("model"), QStringLiteral("served-model")},
                     {QStringLiteral("choices"),
                      QJsonArray{QJsonObject{{QStringLiteral("index"), 0},
                                             {QStringLiteral("message"),
                                              QJsonObject{{QStringLiteral("role"), QStringLiteral("assistant")},
                                                          {QStringLiteral("content"), QString::fromUtf8(answer.text)}}},
                                             {QStringLiteral("finish_reason"), QString::fromUtf8(answer.finish)}}}}};
    if (answer.usage)
        body[QStringLiteral("usage")] = usage();
    return jsonText(body);
}

QByteArray streamBody(const ScriptedAnswer &answer)
{
    QByteArray body;
    const auto event = [&](const QJsonObject &object) {
        if (answer.comments)
            body += ": keep-alive" + answer.lineEnd + answer.lineEnd;
        body += "data: " + jsonText(object) + answer.lineEnd + answer.lineEnd;
    };
    const auto delta = [&](const QJsonObject &part, const QJsonValue &finish) {
        event({{QStringLiteral("id"), QStringLiteral("one")},
               {QStringLiteral("object"), QStringLiteral("chat.completion.chunk")},
               {QStringLiteral("model"), QStringLiteral("served-model")},
               {QStringLiteral("choices"), QJsonArray{QJsonObject{{QStringLiteral("index"), 0},
                                                                  {QStringLiteral("delta"), part},
                                                                  {QStringLiteral("finish_reason"), finish}}}}});
    };
    delta({{QStringLiteral("role"), QStringLiteral("assistant")}}, QJsonValue());
    const QString text = QString::fromUtf8(answer.text);
    for (qsizetype at = 0; at < text.size(); at += 40) // each a few words, as tokens come
        delta({{QStringLiteral("content"), text.mid(at, 40)}}, QJsonValue());
    if (answer.finishReason)
        delta({}, QString::fromUtf8(answer.finish));
    if (answer.usage)
        event({{QStringLiteral("model"), QStringLiteral("served-model")},
               {QStringLiteral("choices"), QJsonArray()},
               {QStringLiteral("usage"), usage()}});
    if (answer.done)
        body += "data: [DONE]" + answer.lineEnd + answer.lineEnd;
    return body;
}

void waitUntilGone(QTcpSocket &socket, const std::atomic<bool> &stop)
{
    while (!stop && socket.state() == QAbstractSocket::ConnectedState) {
        socket.waitForReadyRead(20);
        socket.readAll();
    }
}

void write(QTcpSocket &socket, const ScriptedAnswer &answer, bool streamAsked, const std::atomic<bool> &stop)
{
    using Form = ScriptedAnswer::Form;
    if (answer.hangUp)
        return socket.disconnectFromHost();
    if (answer.silent)
        return waitUntilGone(socket, stop);
    for (auto left = answer.before; left.count() > 0 && !stop; left -= std::chrono::milliseconds(10))
        QThread::msleep(10);
    const bool stream = answer.form == Form::Stream
                        || (answer.form == Form::Asked && streamAsked && answer.status == 200);
    const QByteArray body = answer.form == Form::Raw || answer.status != 200 ? answer.text
                            : stream                                         ? streamBody(answer)
                                                                             : wholeBody(answer);
    QByteArray head = "HTTP/1.1 " + QByteArray::number(answer.status) + " Said\r\nContent-Type: "
                      + (stream ? QByteArray("text/event-stream; charset=utf-8") : answer.type) + "\r\n";
    for (const QByteArray &header : answer.headers)
        head += header + "\r\n";
    const bool chunked = answer.chunk > 0;
    head += chunked ? QByteArray("Transfer-Encoding: chunked\r\n\r\n")
                    : "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n";
    socket.write(head);
    socket.flush();
    if (answer.hang)
        return waitUntilGone(socket, stop);
    const qsizetype most = answer.cutAfter >= 0 ? std::min(answer.cutAfter, body.size()) : body.size();
    const qsizetype step = chunked ? answer.chunk : std::max<qsizetype>(body.size(), 1);
    for (qsizetype at = 0; at < most && socket.state() == QAbstractSocket::ConnectedState && !stop; at += step) {
        const QByteArray part = body.mid(at, std::min(step, most - at));
        socket.write(chunked ? QByteArray::number(part.size(), 16) + "\r\n" + part + "\r\n" : part);
        if (socket.bytesToWrite() > 64 * 1024 || step < 64)
            socket.waitForBytesWritten(5000);
    }
    if (answer.cutAfter < 0 && chunked)
        socket.write("0\r\n\r\n");
    while (socket.bytesToWrite() > 0 && socket.waitForBytesWritten(5000)) {}
    socket.disconnectFromHost();
    if (socket.state() != QAbstractSocket::UnconnectedState)
        socket.waitForDisconnected(5000);
}

} // namespace

QByteArray ModelServer::Request::header(const QByteArray &name) const
{
    for (const QByteArray &line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.first(colon).trimmed().toLower() == name.toLower())
            return line.sliced(colon + 1).trimmed();
    }
    return {};
}

ModelServer::ModelServer() : m_thread(QThread::create([this] { serve(); }))
{
    m_thread->start();
    while (m_port == 0)
        QThread::msleep(1);
}

ModelServer::~ModelServer()
{
    m_stop = true;
    m_thread->wait();
}

QUrl ModelServer::url() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1/v1").arg(m_port.load()));
}

void ModelServer::answer(ScriptedAnswer answer)
{
    const std::scoped_lock lock(m_mutex);
    m_answers.push_back(std::move(answer));
}

std::vector<ModelServer::Request> ModelServer::requests() const
{
    const std::scoped_lock lock(m_mutex);
    return m_requests;
}

void ModelServer::serve()
{
    QTcpServer server;
    if (!server.listen(QHostAddress::LocalHost))
        qFatal("no port on loopback");
    m_port = server.serverPort();
    while (!m_stop) {
        // It takes in all that are there at once, and then waits for yet another one.
        if (!server.hasPendingConnections() && !server.waitForNewConnection(20))
            continue;
        const std::unique_ptr<QTcpSocket> socket(server.nextPendingConnection());
        ++m_connections;
        QByteArray bytes;
        qsizetype end = -1;
        qsizetype length = 0;
        while (!m_stop && socket->state() == QAbstractSocket::ConnectedState
               && (end < 0 || bytes.size() < end + 4 + length)) {
            socket->waitForReadyRead(20);
            bytes += socket->readAll();
            end = bytes.indexOf("\r\n\r\n");
            if (end >= 0)
                length = Request{bytes.first(end), {}}.header("Content-Length").toLongLong();
        }
        if (end < 0)
            continue;
        Request request{bytes.first(end), QJsonDocument::fromJson(bytes.sliced(end + 4)).object()};
        const bool stream = request.body[QStringLiteral("stream")].toBool();
        ScriptedAnswer answer;
        {
            const std::scoped_lock lock(m_mutex);
            if (withoutSchema && request.body.contains(QStringLiteral("response_format"))) {
                answer.status = 400;
                answer.text =
                    R"({"error":{"message":"'response_format' of type json_schema is not supported","type":"invalid_request_error"}})";
            } else if (m_answers.empty()) {
                answer.status = 500;
                answer.text = R"({"error":{"message":"the test has no further answer"}})";
            } else {
                answer = m_answers.front();
                m_answers.pop_front();
            }
            m_requests.push_back(std::move(request));
        }
        write(*socket, answer, stream, m_stop);
    }
}

} // namespace openfactory
