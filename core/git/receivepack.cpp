// SPDX-License-Identifier: Apache-2.0
#include "core/git/receivepack.h"

#include <QElapsedTimer>
#include <QProcess>

#include <git2/sys/errors.h>
#include <git2/sys/transport.h>

#include <cstring>

namespace openfactory::git {

namespace {

constexpr int kLook = 100;            ///< ms between two looks at the stop
constexpr qint64 kIdleMs = 120'000;   ///< a hook that says nothing for as long is given up
constexpr qsizetype kMostSaid = 4096; ///< bytes

/// One conversation with receive-pack. It ends by itself when its input is closed, also when this process dies.
struct Channel : git_smart_subtransport_stream {
    QProcess process;
    ReceivePack *request = nullptr;
};

struct Subtransport : git_smart_subtransport {
    ReceivePack *request = nullptr;
    Channel *channel = nullptr; ///< belongs to libgit2, which frees it before this
};

int refuse(const char *said)
{
    git_error_set_str(GIT_ERROR_NET, said);
    return -1;
}

void keepSaid(Channel &channel)
{
    QByteArray &said = channel.request->said;
    said += channel.process.readAllStandardError();
    said = said.right(kMostSaid);
}

/// Waits until `done`; negative where it was stopped or nothing came for too long.
template<class Done, class Wait>
int waitUntil(Channel &channel, Done done, Wait wait)
{
    QElapsedTimer idle;
    idle.start();
    while (!done()) {
        if (channel.request->stop.stop_requested())
            return refuse("it was stopped");
        if (idle.elapsed() > kIdleMs)
            return refuse("the other repository does not answer");
        wait();
        keepSaid(channel);
    }
    return 0;
}

int readChannel(git_smart_subtransport_stream *stream, char *buffer, size_t size, size_t *read)
{
    auto &channel = *static_cast<Channel *>(stream);
    const auto ready = [&] {
        return channel.process.bytesAvailable() > 0 || channel.process.state() == QProcess::NotRunning;
    };
    *read = 0;
    if (const int code = waitUntil(channel, ready, [&] { channel.process.waitForReadyRead(kLook); }); code < 0)
        return code;
    const qint64 got = channel.process.read(buffer, qint64(size));
    if (got < 0)
        return refuse("receive-pack ended in the middle");
    *read = size_t(got);
    return 0;
}

int writeChannel(git_smart_subtransport_stream *stream, const char *buffer, size_t size)
{
    auto &channel = *static_cast<Channel *>(stream);
    if (channel.process.write(buffer, qint64(size)) != qint64(size))
        return refuse("receive-pack takes nothing more");
    const auto sent = [&] {
        return channel.process.bytesToWrite() == 0 || channel.process.state() == QProcess::NotRunning;
    };
    return waitUntil(channel, sent, [&] { channel.process.waitForBytesWritten(kLook); });
}

void freeChannel(git_smart_subtransport_stream *stream)
{
    auto *channel = static_cast<Channel *>(stream);
    channel->process.closeWriteChannel();
    // Its last act, the hooks after the update, is waited for: what was pushed is there when the push returns.
    const int patience = channel->request->stop.stop_requested() ? 0 : 5000;
    if (channel->process.state() != QProcess::NotRunning && !channel->process.waitForFinished(patience)) {
        channel->process.kill();
        channel->process.waitForFinished(1000);
    }
    keepSaid(*channel);
    static_cast<Subtransport *>(stream->subtransport)->channel = nullptr;
    delete channel;
}

int openChannel(git_smart_subtransport_stream **out, git_smart_subtransport *transport, const char *,
                git_smart_service_t service)
{
    auto &subtransport = *static_cast<Subtransport *>(transport);
    if (service == GIT_SERVICE_RECEIVEPACK) { // the same conversation goes on
        *out = subtransport.channel;
        return subtransport.channel ? 0 : refuse("nothing was asked for yet");
    }
    if (service != GIT_SERVICE_RECEIVEPACK_LS)
        return refuse("only pushes go this way");
    auto channel = std::make_unique<Channel>();
    static_cast<git_smart_subtransport_stream &>(*channel) = {transport, readChannel, writeChannel, freeChannel};
    channel->request = subtransport.request;
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("PATH"), QStringLiteral("/usr/bin:/bin"));
    environment.insert(QStringLiteral("GIT_CONFIG_NOSYSTEM"), QStringLiteral("1"));
    environment.insert(QStringLiteral("GIT_CONFIG_GLOBAL"), QStringLiteral("/dev/null"));
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    channel->process.setProcessEnvironment(environment);
    channel->process.start(QStringLiteral("git"),
                           {QStringLiteral("-c"), QStringLiteral("receive.autogc=false"), QStringLiteral("-c"),
                            QStringLiteral("core.fsync=committed,reference"), QStringLiteral("receive-pack"),
                            subtransport.request->path});
    if (!channel->process.waitForStarted(10'000))
        return refuse("the program git cannot be started");
    subtransport.channel = channel.release();
    *out = subtransport.channel;
    return 0;
}

int closeSubtransport(git_smart_subtransport *)
{
    return 0;
}

void freeSubtransport(git_smart_subtransport *transport)
{
    delete static_cast<Subtransport *>(transport);
}

int makeSubtransport(git_smart_subtransport **out, git_transport *, void *payload)
{
    auto subtransport = std::make_unique<Subtransport>();
    static_cast<git_smart_subtransport &>(*subtransport) = {openChannel, closeSubtransport, freeSubtransport};
    subtransport->request = static_cast<ReceivePack *>(payload);
    *out = subtransport.release();
    return 0;
}

} // namespace

int receivePackTransport(git_transport **transport, git_remote *owner, void *payload)
{
    git_smart_subtransport_definition definition{makeSubtransport, 0, payload};
    return git_transport_smart(transport, owner, &definition);
}

} // namespace openfactory::git
