// SPDX-License-Identifier: Apache-2.0
#include "core/authors/agent/filterproxy.h"

#include "core/base/descriptor.h"
#include "core/base/text.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QUrl>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace openfactory {

namespace {

constexpr qsizetype mostHead = 64 * 1024;
constexpr size_t mostClients = 128;
constexpr qsizetype mostRefused = 50;
constexpr int headSeconds = 30;
constexpr int connectSeconds = 20;

/// Waits until the descriptor is ready or the proxy ends; false for the latter and where time is up.
bool ready(int descriptor, short events, int wake, int milliseconds)
{
    pollfd polled[] = {{descriptor, events, 0}, {wake, POLLIN, 0}};
    while (true) {
        const int count = ::poll(polled, 2, milliseconds);
        if (count < 0 && errno == EINTR)
            continue;
        return count > 0 && polled[1].revents == 0;
    }
}

bool sendAll(int to, const QByteArray &all, int wake)
{
    QByteArrayView bytes(all);
    while (!bytes.isEmpty()) {
        const ssize_t count = ::send(to, bytes.data(), size_t(bytes.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count > 0)
            bytes = bytes.sliced(count);
        else if ((errno != EAGAIN && errno != EINTR) || !ready(to, POLLOUT, wake, -1))
            return false;
    }
    return true;
}

/// Both ways, until both sides are through or the proxy ends.
void relay(int a, int b, int wake)
{
    bool open[2] = {true, true};
    const int ends[2] = {a, b};
    char buffer[32 * 1024];
    while (open[0] || open[1]) {
        pollfd polled[] = {{open[0] ? a : -1, POLLIN, 0}, {open[1] ? b : -1, POLLIN, 0}, {wake, POLLIN, 0}};
        if (::poll(polled, 3, -1) < 0) {
            if (errno == EINTR)
                continue;
            return;
        }
        if (polled[2].revents)
            return;
        for (int side = 0; side < 2; ++side) {
            if (!polled[side].revents)
                continue;
            const ssize_t count = ::recv(ends[side], buffer, sizeof buffer, 0);
            if (count < 0 && errno == EINTR)
                continue;
            if (count > 0) {
                if (!sendAll(ends[1 - side], QByteArray::fromRawData(buffer, count), wake))
                    return;
                continue;
            }
            if (count < 0)
                return;
            open[side] = false;
            ::shutdown(ends[1 - side], SHUT_WR);
        }
    }
}

bool isLoopbackAddress(const sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return (ntohl(reinterpret_cast<const sockaddr_in *>(address)->sin_addr.s_addr) >> 24) == 127;
    const auto &six = reinterpret_cast<const sockaddr_in6 *>(address)->sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(&six) || (IN6_IS_ADDR_V4MAPPED(&six) && six.s6_addr[12] == 127);
}

bool namesLoopback(const QString &host)
{
    return host == u"localhost" || host.startsWith(u"127.") || host == u"::1";
}

Descriptor connectTo(const QString &host, quint16 port, int wake)
{
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo *found = nullptr;
    if (::getaddrinfo(host.toLatin1().constData(), QByteArray::number(port).constData(), &hints, &found) != 0)
        return {};
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, &::freeaddrinfo);
    for (const addrinfo *one = found; one; one = one->ai_next) {
        // A name of the outside that leads back to this machine is not what was allowed.
        if (isLoopbackAddress(one->ai_addr) && !namesLoopback(host))
            continue;
        Descriptor made(::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        if (!made)
            continue;
        if (::connect(made.get(), one->ai_addr, one->ai_addrlen) != 0
            && (errno != EINPROGRESS || !ready(made.get(), POLLOUT, wake, connectSeconds * 1000)))
            continue;
        int error = 0;
        socklen_t size = sizeof error;
        if (::getsockopt(made.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0)
            return made;
    }
    return {};
}

void refuse(int client, const char *status, const QByteArray &why, int wake)
{
    const QByteArray body = why + '\n';
    sendAll(client,
            "HTTP/1.1 " + QByteArray(status) + "\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: "
                + QByteArray::number(body.size()) + "\r\n\r\n" + body,
            wake);
}

/// The first line of a request and where it wants to go.
struct Wanted {
    bool connect = false;
    QString host;
    quint16 port = 0;
    QByteArray firstLine; ///< as the host gets it, of a plain request
};

std::optional<Wanted> wantedIn(const QByteArray &line)
{
    const QByteArrayList words = line.split(' ');
    if (words.size() != 3 || !words[2].startsWith("HTTP/1."))
        return std::nullopt;
    Wanted wanted;
    wanted.connect = words[0] == "CONNECT";
    const QUrl url = QUrl::fromEncoded(wanted.connect ? "tcp://" + words[1] : words[1], QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || !url.userInfo().isEmpty()
        || (wanted.connect ? url.port() < 1 || !url.path().isEmpty() : url.scheme() != u"http"))
        return std::nullopt;
    wanted.host = url.host().toLower();
    wanted.port = quint16(url.port(80));
    const QByteArray path = url.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::RemoveFragment);
    wanted.firstLine = words[0] + ' ' + (path.startsWith('/') ? path : '/' + path) + ' ' + words[2];
    return wanted;
}

/// The head of a plain request as the host gets it: for one request only, so that no second one can follow to another
/// host.
QByteArray forwarded(const Wanted &wanted, const QByteArrayList &lines)
{
    QByteArray head = wanted.firstLine + "\r\n";
    for (qsizetype i = 1; i < lines.size(); ++i) {
        const QByteArray name = lines[i].left(lines[i].indexOf(':')).trimmed().toLower();
        if (name != "connection" && name != "proxy-connection" && name != "keep-alive" && name != "proxy-authorization")
            head += lines[i] + "\r\n";
    }
    return head + "Connection: close\r\n\r\n";
}

} // namespace

Result<ReachableHost> reachableHost(const QString &text)
{
    static const QRegularExpression form(QStringLiteral(
        R"(^([A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?$)"));
    const auto match = form.match(text);
    const int port = match.captured(2).isEmpty() ? 443 : match.captured(2).toInt();
    if (!match.hasMatch() || port < 1 || port > 65535)
        return fail(ErrorKind::Invalid, QStringLiteral("read the host \"%1\"").arg(displayable(text.left(80))),
                    QStringLiteral("expected a name or an address, with :PORT where it is not 443"));
    QString host = match.captured(1).toLower();
    if (host.startsWith(u'['))
        host = host.mid(1, host.size() - 2);
    return ReachableHost{host, quint16(port)};
}

Result<std::unique_ptr<FilterProxy>> FilterProxy::start(std::vector<ReachableHost> hosts)
{
    const QString doing = QStringLiteral("start the filter of an agent's network");
    std::unique_ptr<FilterProxy> proxy(new FilterProxy);
    proxy->m_hosts = std::move(hosts);
    // Short, because the path of a socket may not be long.
    QByteArray folder = QFile::encodeName(QDir::tempPath()) + "/of-XXXXXX";
    if (!::mkdtemp(folder.data()))
        return std::unexpected(errnoError(errno, doing));
    proxy->m_folder = QFile::decodeName(folder);
    proxy->m_path = proxy->m_folder + QStringLiteral("/proxy");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray path = QFile::encodeName(proxy->m_path);
    if (path.size() >= qsizetype(sizeof address.sun_path))
        return fail(ErrorKind::Io, doing, QStringLiteral("the path %1 is too long for a socket").arg(proxy->m_path));
    std::memcpy(address.sun_path, path.constData(), size_t(path.size()));
    proxy->m_listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (proxy->m_listener < 0 || ::bind(proxy->m_listener, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0
        || ::listen(proxy->m_listener, 64) != 0 || ::pipe2(proxy->m_wake, O_CLOEXEC) != 0)
        return std::unexpected(errnoError(errno, doing));
    proxy->m_server = std::jthread([raw = proxy.get()] { raw->serve(); });
    return proxy;
}

FilterProxy::~FilterProxy()
{
    if (m_wake[1] >= 0)
        ::close(m_wake[1]); // every thread sees the end of it
    if (m_server.joinable())
        m_server.join();
    m_clients.clear(); // joins
    for (const int descriptor : {m_listener, m_wake[0]}) {
        if (descriptor >= 0)
            ::close(descriptor);
    }
    if (!m_folder.isEmpty()) {
        QFile::remove(m_path);
        QDir().rmdir(m_folder);
    }
}

QStringList FilterProxy::refused() const
{
    const std::scoped_lock lock(m_mutex);
    return m_refused;
}

bool FilterProxy::mayReach(const QString &host, quint16 port)
{
    if (std::ranges::contains(m_hosts, ReachableHost{host, port}))
        return true;
    const QString name = displayable(host.left(120)) + u':' + QString::number(port);
    const std::scoped_lock lock(m_mutex);
    if (!m_refused.contains(name) && m_refused.size() < mostRefused)
        m_refused << name;
    return false;
}

void FilterProxy::serve()
{
    while (ready(m_listener, POLLIN, m_wake[0], -1)) {
        const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        std::erase_if(m_clients, [](const Client &one) { return one.over->load(); });
        if (client < 0 || m_clients.size() >= mostClients) {
            if (client >= 0)
                ::close(client);
            continue;
        }
        auto over = std::make_unique<std::atomic<bool>>(false);
        std::atomic<bool> *told = over.get();
        m_clients.push_back({std::move(over), std::jthread([this, client, told] {
                                 handle(client);
                                 *told = true;
                             })});
    }
}

void FilterProxy::handle(int descriptor)
{
    const Descriptor client(descriptor);
    const int wake = m_wake[0];
    QByteArray bytes;
    qsizetype end = -1;
    while (end < 0) {
        char buffer[8192];
        if (bytes.size() > mostHead || !ready(client.get(), POLLIN, wake, headSeconds * 1000))
            return;
        const ssize_t count = ::recv(client.get(), buffer, sizeof buffer, 0);
        if (count <= 0)
            return;
        bytes.append(buffer, count);
        end = bytes.indexOf("\r\n\r\n");
    }
    QByteArrayList lines = bytes.first(end).replace("\r\n", "\n").split('\n');
    const auto wanted = wantedIn(lines.first());
    if (!wanted)
        return refuse(client.get(), "400 Bad Request", "this proxy takes CONNECT host:port and http:// URLs only",
                      wake);
    if (!mayReach(wanted->host, wanted->port))
        return refuse(client.get(), "403 Forbidden", "OpenFactory lets this agent reach its provider only", wake);
    const Descriptor server = connectTo(wanted->host, wanted->port, wake);
    if (!server)
        return refuse(client.get(), "502 Bad Gateway", "the host cannot be reached", wake);
    const QByteArray rest = bytes.sliced(end + 4);
    const bool begun = wanted->connect ? sendAll(client.get(), "HTTP/1.1 200 Connection established\r\n\r\n", wake)
                                             && sendAll(server.get(), rest, wake)
                                       : sendAll(server.get(), forwarded(*wanted, lines) + rest, wake);
    if (begun)
        relay(client.get(), server.get(), wake);
}

} // namespace openfactory
