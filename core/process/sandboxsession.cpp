// SPDX-License-Identifier: Apache-2.0
#include "core/process/sandboxsession.h"

#include "core/base/text.h"

#include <QFile>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace openfactory {

namespace {

constexpr std::chrono::seconds startTime{30}; ///< a sandbox that is not ready by then is given up

/// One Reply; the sender's process number, as seen here, goes to `sender`. False at end of file.
bool receiveReply(int socket, helper::Reply &reply, pid_t *sender)
{
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))];
    iovec part{&reply, sizeof reply};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t n = 0;
    do {
        n = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (n < 0 && errno == EINTR);
    if (n != ssize_t(sizeof reply))
        return false;
    for (cmsghdr *c = CMSG_FIRSTHDR(&message); c && sender; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS) {
            ucred who{};
            memcpy(&who, CMSG_DATA(c), sizeof who);
            *sender = who.pid;
        }
    }
    return true;
}

/// What bubblewrap said before it gave up.
QString words(int pipe)
{
    QByteArray said(2000, 0);
    const ssize_t n = ::read(pipe, said.data(), size_t(said.size()));
    said.truncate(n > 0 ? n : 0);
    return displayable(QString::fromLocal8Bit(said).trimmed().replace(u'\n', u' '));
}

QString hintFor(const QString &said)
{
    if (said.contains(QStringLiteral("Can't mount proc")))
        return QStringLiteral("this host is a container that hides /proc; start it with /proc bound whole");
    return QStringLiteral(
        "bubblewrap needs user namespaces: check kernel.unprivileged_userns_clone, user.max_user_namespaces and "
        "kernel.apparmor_restrict_unprivileged_userns; `factory doctor` shows each layer");
}

/// systemd-run becomes bubblewrap once the scope is made. The scope's limits lie a little above the helper's own: that
/// one says why it ended a command; the scope catches what is faster than it looks.
void putIntoScope(SpawnRequest &wanted, const SandboxTools &tools, const SandboxRequest &request)
{
    const qint64 memoryMb = request.memoryMb + request.memoryMb / 8 + 64;
    QByteArrayList words = scopeArguments();
    if (request.memoryMb > 0)
        words << "--property=MemoryMax=" + QByteArray::number(memoryMb) + 'M' << "--property=MemorySwapMax=0";
    if (request.processes > 0)
        words << "--property=TasksMax="
                     + QByteArray::number(qint64(request.processes) * 4 + 64); // threads count as well
    wanted.arguments.first() = wanted.program;
    wanted.arguments = words << "--" << wanted.arguments;
    wanted.program = QFile::encodeName(tools.systemdRun);
    wanted.environment = scopeEnvironment();
}

} // namespace

QByteArrayList scopeArguments()
{
    return {"systemd-run", "--user", "--scope", "--quiet", "--collect", "--property=OOMPolicy=continue"};
}

QByteArrayList scopeEnvironment()
{
    QByteArrayList list;
    for (const char *name : {"XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"}) {
        if (qEnvironmentVariableIsSet(name))
            list << name + ('=' + qgetenv(name));
    }
    return list;
}

Result<std::unique_ptr<SandboxSession>> SandboxSession::start(const SandboxTools &tools, const SandboxRequest &request)
{
    const QString doing = QStringLiteral("start the sandbox");
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return std::unexpected(errnoError(errno, doing));
    std::unique_ptr<SandboxSession> session(new SandboxSession);
    session->m_control.reset(ends[0]);
    Descriptor theirs(ends[1]);
    const int on = 1;
    ::setsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return std::unexpected(errnoError(errno, doing));
    const Descriptor errors(ends[0]);
    Descriptor errorsEnd(ends[1]);

    std::vector<Descriptor> data;
    SpawnRequest wanted;
    wanted.errors = errorsEnd.get();
    wanted.kept = {theirs.get()};
    const QByteArray number = QByteArray::number(theirs.get());
    if (tools.bwrap.isEmpty()) {
        wanted.program = QFile::encodeName(tools.helper);
        wanted.arguments = {"of-sandbox-init", number};
    } else {
        OF_TRY(arguments, sandboxArguments(tools, request, data));
        // By descriptor: a command line can be read by everybody on the machine, and is bounded.
        QByteArray list;
        for (const QByteArray &word : arguments)
            list += word + '\0';
        OF_TRY(listFile, memoryFile(list));
        wanted.program = QFile::encodeName(tools.bwrap);
        wanted.arguments = {"bwrap", "--args", QByteArray::number(listFile.get()), "--", "/run/openfactory/init",
                            number};
        data.push_back(std::move(listFile));
        wanted.landlock = tools.landlock;
        if (!tools.systemdRun.isEmpty())
            putIntoScope(wanted, tools, request);
        for (const int kept : request.scope->descriptors())
            wanted.kept.push_back(kept);
        for (const Descriptor &kept : data)
            wanted.kept.push_back(kept.get());
    }
    OF_TRY(process, spawn(wanted));
    session->m_process = std::move(process);
    session->m_namespaced = !tools.bwrap.isEmpty();
    theirs.reset();
    errorsEnd.reset();

    helper::Reply reply;
    pid_t inside = -1;
    const bool answered = waitReadable(session->m_control.get(), startTime);
    if (!answered || !receiveReply(session->m_control.get(), reply, &inside) || reply.event != helper::Event::Ready) {
        session->destroy();
        if (!answered)
            return fail(ErrorKind::Unavailable, doing,
                        QStringLiteral("it was not ready after %1 s").arg(startTime.count()),
                        QStringLiteral("the machine is very busy with making or ending namespaces; try again later"));
        const QString said = words(errors.get());
        return fail(ErrorKind::Unavailable, doing, said.isEmpty() ? QStringLiteral("it ended at once") : said,
                    hintFor(said));
    }
    session->m_inside.reset(int(::syscall(SYS_pidfd_open, inside, 0)));
    return session;
}

SandboxSession::~SandboxSession()
{
    destroy();
}

Result<void> SandboxSession::begin(const InsideCommand &command, int output, int errors)
{
    const QString doing = QStringLiteral("hand the command to the sandbox");
    QByteArray block = command.program + '\0' + command.folder + '\0';
    for (const QByteArray &word : command.argv)
        block += word + '\0';
    for (const QByteArray &variable : command.environment)
        block += variable + '\0';
    auto file = memoryFile(block);
    ::explicit_bzero(block.data(), size_t(block.size()));
    if (!file)
        return std::unexpected(file.error());

    helper::Request request;
    request.order = helper::Order::Run;
    request.arguments = std::uint32_t(command.argv.size());
    request.variables = std::uint32_t(command.environment.size());
    request.blockBytes = std::uint64_t(block.size());
    request.processes = std::uint32_t(std::max(0, command.limits.processes));
    request.memoryBytes = std::uint64_t(std::max<qint64>(0, command.limits.memoryMb)) << 20;
    request.fileBytes = std::uint64_t(std::max<qint64>(0, command.limits.fileMb)) << 20;
    request.cpuSeconds = std::uint64_t(std::max<qint64>(0, command.limits.cpu.count()));
    request.openFiles = 16'384;

    const int descriptors[3] = {file->get(), output, errors};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof descriptors)] = {};
    iovec part{&request, sizeof request};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof descriptors);
    memcpy(CMSG_DATA(header), descriptors, sizeof descriptors);
    if (::sendmsg(m_control.get(), &message, MSG_NOSIGNAL) != ssize_t(sizeof request))
        return fail(ErrorKind::Unavailable, doing, QStringLiteral("the sandbox is gone"));
    return {};
}

bool SandboxSession::order(helper::Order order)
{
    helper::Request request;
    request.order = order;
    return ::send(m_control.get(), &request, sizeof request, MSG_NOSIGNAL) == ssize_t(sizeof request);
}

std::optional<helper::Reply> SandboxSession::reply()
{
    helper::Reply reply;
    if (!receiveReply(m_control.get(), reply, nullptr))
        return std::nullopt;
    return reply;
}

bool SandboxSession::isAlive() const
{
    return m_process.pid > 0 && !waitReadable(m_process.pidfd.get(), {});
}

void SandboxSession::destroy()
{
    if (m_process.pid <= 0)
        return;
    m_control.reset();
    if (m_namespaced && m_inside) {
        // All others of a process namespace go with its first process, and before it.
        ::syscall(SYS_pidfd_send_signal, m_inside.get(), SIGKILL, nullptr, 0);
        waitReadable(m_inside.get(), startTime);
    } else if (!m_namespaced) {
        // At the end of the control socket the helper ends what it started; only it knows what that is.
        waitReadable(m_process.pidfd.get(), startTime);
    }
    ::kill(m_process.pid, SIGKILL);
    while (::waitpid(m_process.pid, nullptr, 0) < 0 && errno == EINTR) {}
    m_process = {};
    m_inside.reset();
}

} // namespace openfactory
