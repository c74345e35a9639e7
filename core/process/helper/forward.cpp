// SPDX-License-Identifier: Apache-2.0
/// of-sandbox-forward PORT SOCKET INPUT PROGRAM ARGV0...: runs one program in a sandbox that has no network, and
/// carries what it says to 127.0.0.1:PORT to a unix socket that leads outside, where a filter decides. Ends with the
/// program and as it did. INPUT is what the program reads on its standard input; "-": nothing.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

constexpr std::size_t mostPairs = 128;
constexpr std::size_t bufferBytes = 64 * 1024;

/// What came from one end and waits to be taken by the other.
struct Stream {
    std::vector<char> bytes;
    bool ended = false;  ///< nothing more comes
    bool passed = false; ///< and the other end was told so
};

struct Pair {
    int ends[2] = {-1, -1}; ///< the program's, the filter's
    Stream from[2];
    bool broken = false;
};

[[noreturn]] void fail(const char *what)
{
    std::fprintf(stderr, "of-sandbox-forward: %s: %s\n", what, std::strerror(errno));
    std::_Exit(126);
}

int listenOn(const char *port)
{
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int yes = 1;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::strtoul(port, nullptr, 10)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0
        || ::bind(listener, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0 || ::listen(listener, 64) != 0)
        fail("listen on loopback");
    return listener;
}

int reach(const char *path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made >= 0 && ::connect(made, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0) {
        ::close(made);
        return -1;
    }
    if (made >= 0)
        ::fcntl(made, F_SETFL, ::fcntl(made, F_GETFL) | O_NONBLOCK);
    return made;
}

pid_t start(const char *input, char *const *command, const sigset_t &signals)
{
    const pid_t child = ::fork();
    if (child != 0)
        return child;
    ::sigprocmask(SIG_SETMASK, &signals, nullptr);
    const int in = ::open(std::strcmp(input, "-") == 0 ? "/dev/null" : input, O_RDONLY | O_NOFOLLOW);
    if (in < 0 || ::dup2(in, 0) != 0)
        fail("open the input");
    if (in > 2)
        ::close(in);
    ::execv(command[0], command + 1);
    fail("start the program");
}

/// Takes what is there; false where the end is broken.
bool take(int end, Stream &stream)
{
    char buffer[16 * 1024];
    const ssize_t count = ::read(end, buffer, sizeof buffer);
    if (count > 0)
        stream.bytes.insert(stream.bytes.end(), buffer, buffer + count);
    else if (count == 0)
        stream.ended = true;
    return count >= 0 || errno == EAGAIN || errno == EINTR;
}

bool give(int end, Stream &stream)
{
    if (!stream.bytes.empty()) {
        const ssize_t count = ::send(end, stream.bytes.data(), stream.bytes.size(), MSG_NOSIGNAL);
        if (count > 0)
            stream.bytes.erase(stream.bytes.begin(), stream.bytes.begin() + count);
        else if (errno != EAGAIN && errno != EINTR)
            return false;
    }
    if (stream.ended && stream.bytes.empty() && !stream.passed) {
        ::shutdown(end, SHUT_WR);
        stream.passed = true;
    }
    return true;
}

short wanted(const Stream &in, const Stream &out)
{
    return static_cast<short>((!in.ended && in.bytes.size() < bufferBytes ? POLLIN : 0)
                              | (!out.bytes.empty() ? POLLOUT : 0));
}

/// Ends as the program did.
[[noreturn]] void endAs(int status)
{
    if (WIFSIGNALED(status)) {
        sigset_t all;
        sigfillset(&all);
        ::signal(WTERMSIG(status), SIG_DFL);
        ::sigprocmask(SIG_UNBLOCK, &all, nullptr);
        ::raise(WTERMSIG(status));
    }
    std::_Exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

} // namespace

int main(int count, char **words)
{
    if (count < 6) {
        std::fputs("usage: of-sandbox-forward PORT SOCKET INPUT PROGRAM ARGV0...\n", stderr);
        return 126;
    }
    // Without a socket there is nothing to carry: it only gives the program its input.
    const int listener = std::strcmp(words[2], "-") == 0 ? -1 : listenOn(words[1]);
    sigset_t mine;
    sigset_t before;
    sigemptyset(&mine);
    sigaddset(&mine, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &mine, &before);
    const int ended = ::signalfd(-1, &mine, SFD_CLOEXEC | SFD_NONBLOCK);
    const pid_t child = start(words[3], words + 4, before);
    if (child < 0 || ended < 0)
        fail("start the program");

    std::vector<Pair> pairs;
    while (true) {
        std::vector<pollfd> polled{{listener, static_cast<short>(pairs.size() < mostPairs ? POLLIN : 0), 0},
                                   {ended, POLLIN, 0}};
        for (const Pair &pair : pairs)
            for (int side = 0; side < 2; ++side)
                polled.push_back({pair.ends[side], wanted(pair.from[side], pair.from[1 - side]), 0});
        if (::poll(polled.data(), polled.size(), -1) < 0 && errno != EINTR)
            fail("wait");
        int status = 0;
        if (::waitpid(child, &status, WNOHANG) == child)
            endAs(status);
        if (polled[1].revents) {
            signalfd_siginfo told{};
            while (::read(ended, &told, sizeof told) > 0) {}
        }
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            Pair &pair = pairs[i];
            for (int side = 0; side < 2; ++side) {
                const short events = polled[2 + i * 2 + std::size_t(side)].revents;
                Stream &in = pair.from[side];
                if ((events & (POLLIN | POLLHUP | POLLERR)) != 0 && !in.ended && in.bytes.size() < bufferBytes)
                    pair.broken = pair.broken || !take(pair.ends[side], in);
                else if ((events & (POLLHUP | POLLERR)) != 0 && in.ended)
                    pair.broken = true;
                pair.broken = pair.broken || !give(pair.ends[1 - side], in);
            }
        }
        std::erase_if(pairs, [](const Pair &pair) {
            const bool over = pair.broken || (pair.from[0].passed && pair.from[1].passed);
            if (over) {
                ::close(pair.ends[0]);
                ::close(pair.ends[1]);
            }
            return over;
        });
        if (listener >= 0 && (polled[0].revents & POLLIN) != 0) {
            const int program = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
            const int filter = program < 0 ? -1 : reach(words[2]);
            if (filter >= 0) {
                Pair pair;
                pair.ends[0] = program;
                pair.ends[1] = filter;
                pairs.push_back(std::move(pair));
            } else if (program >= 0) {
                ::close(program);
            }
        }
    }
}
