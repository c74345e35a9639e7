// SPDX-License-Identifier: Apache-2.0
/// of-sandbox-init: the first process inside a sandbox. It starts one command at a time, watches memory and number of
/// processes, ends every process of a command when the command ends, empties /tmp, and reports. It holds no secret
/// between commands and is not dumpable: a command can neither read it nor reach its control socket.
/// As process 1 of a namespace it signals all others at once; elsewhere (sandbox switched off) it is a sub-reaper and
/// signals its descendants only.
#include "core/process/helper/cleaner.h"
#include "core/process/helper/protocol.h"
#include "core/process/helper/watch.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace openfactory::helper {
namespace {

struct Received {
    Request request;
    int descriptors[3] = {-1, -1, -1};
};

/// False at end of file: the runner is gone.
bool receive(Received &received)
{
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * 3)];
    iovec part{&received.request, sizeof received.request};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    ssize_t n = 0;
    do {
        n = recvmsg(controlDescriptor, &message, MSG_CMSG_CLOEXEC);
    } while (n < 0 && errno == EINTR);
    if (n != ssize_t(sizeof received.request))
        return false;
    for (cmsghdr *c = CMSG_FIRSTHDR(&message); c; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS
            && c->cmsg_len <= CMSG_LEN(sizeof received.descriptors))
            memcpy(received.descriptors, CMSG_DATA(c), c->cmsg_len - CMSG_LEN(0));
    }
    return true;
}

void send(const Reply &reply)
{
    while (::send(controlDescriptor, &reply, sizeof reply, MSG_NOSIGNAL) < 0 && errno == EINTR) {}
}

/// Never returns; runs in the address space of the parent (vfork), so system calls only.
[[noreturn]] void becomeCommand(const Received &in, const char *program, const char *folder, char **argv,
                                char **environment, volatile int *failedNumber, volatile Step *failedStep)
{
    const auto giveUp = [&](Step step) {
        *failedNumber = errno;
        *failedStep = step;
        _exit(127);
    };
    setsid();
    struct sigaction plain{};
    plain.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number)
        sigaction(number, &plain, nullptr);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    if (chdir(folder) != 0)
        giveUp(Step::Folder);

    const Request &wanted = in.request;
    const auto limit = [&](int what, std::uint64_t most) {
        rlimit now{};
        if (getrlimit(__rlimit_resource_t(what), &now) != 0)
            giveUp(Step::Limits);
        const rlim_t value = now.rlim_max == RLIM_INFINITY || most < now.rlim_max ? rlim_t(most) : now.rlim_max;
        const rlimit set{value, value};
        if (setrlimit(__rlimit_resource_t(what), &set) != 0)
            giveUp(Step::Limits);
    };
    limit(RLIMIT_CORE, 0);
    if (wanted.fileBytes > 0)
        limit(RLIMIT_FSIZE, wanted.fileBytes);
    if (wanted.openFiles > 0)
        limit(RLIMIT_NOFILE, wanted.openFiles);
    if (wanted.cpuSeconds > 0)
        limit(RLIMIT_CPU, wanted.cpuSeconds);
    // For what is faster than the look at all processes, which says why it ended a command; threads count here as well,
    // and of root's own the kernel counts none. Counted in the user namespace of the sandbox; outside it would count
    // all processes of the user.
    if (wanted.processes > 0 && getppid() == 1)
        limit(RLIMIT_NPROC, std::uint64_t(wanted.processes) * 4 + 64);

    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(in.descriptors[1], 1) < 0 || dup2(in.descriptors[2], 2) < 0)
        giveUp(Step::Receive);
    syscall(SYS_close_range, 3, ~0U, 0);
    execve(program, argv, environment);
    giveUp(Step::Execute);
    _exit(127);
}

class Helper {
public:
    int serve();

private:
    bool start(const Received &received);
    void note(pid_t gone, int status, const rusage &used);
    void reap();
    void signalAll(int number) const;
    void endAll();
    void report();

    Watch m_watch;
    Request m_request;
    pid_t m_command = 0; ///< 0: none runs
    int m_status = 0;
    bool m_ended = false;
    Cause m_cause = Cause::Itself;
    rusage m_before{};
    std::uint64_t m_largestKb = 0; ///< of any one process
};

void Helper::signalAll(int number) const
{
    if (getpid() == 1)
        kill(-1, number); // all of the namespace but this process
    else
        m_watch.signalDescendants(number);
}

bool Helper::start(const Received &received)
{
    const Request &wanted = received.request;
    Reply refusal;
    refusal.event = Event::NotStarted;
    refusal.where = Step::Receive;
    refusal.number = EINVAL;
    const std::size_t bytes = wanted.blockBytes;
    void *block = bytes > 0 && received.descriptors[2] >= 0
                      ? mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, received.descriptors[0], 0)
                      : MAP_FAILED;
    const std::size_t words = std::size_t(wanted.arguments) + wanted.variables + 2;
    char **list = static_cast<char **>(calloc(words + 2, sizeof(char *)));
    std::size_t found = 0;
    if (block != MAP_FAILED && list) {
        char *text = static_cast<char *>(block);
        for (std::size_t at = 0; at < bytes && found < words; ++found) {
            // argv first, then its null, then the environment and its null.
            const std::size_t place = found < 2 + std::size_t(wanted.arguments) ? found : found + 1;
            list[place] = text + at;
            at += strnlen(text + at, bytes - at) + 1;
        }
    }
    if (list && found == words && wanted.arguments > 0) {
        volatile int failedNumber = 0;
        volatile Step failedStep = Step::Execute;
        getrusage(RUSAGE_CHILDREN, &m_before);
        // What it may do there is becomeCommand()'s concern: nothing but system calls, on memory that stays.
        const pid_t child = vfork(); // NOLINT(clang-analyzer-security.insecureAPI.vfork,bugprone-unsafe-functions)
        if (child == 0)
            becomeCommand(received, list[0], list[1], list + 2, list + 3 + wanted.arguments, &failedNumber,
                          &failedStep);
        if (child < 0) {
            refusal.number = errno;
        } else if (failedNumber != 0) {
            waitpid(child, nullptr, 0);
            refusal.number = failedNumber;
            refusal.where = failedStep;
        } else {
            m_command = child;
            refusal.number = 0;
        }
    }
    free(list);
    if (block != MAP_FAILED)
        munmap(block, bytes);
    for (const int descriptor : received.descriptors) {
        if (descriptor >= 0)
            close(descriptor);
    }
    m_request = wanted;
    m_ended = false;
    m_status = 0;
    m_cause = Cause::Itself;
    m_largestKb = 0;
    m_watch.begin();
    if (refusal.number != 0)
        send(refusal);
    return refusal.number == 0;
}

void Helper::note(pid_t gone, int status, const rusage &used)
{
    if (std::uint64_t(used.ru_maxrss) > m_largestKb)
        m_largestKb = std::uint64_t(used.ru_maxrss);
    if (gone == m_command) {
        m_ended = true;
        m_status = status;
    }
}

void Helper::reap()
{
    while (true) {
        int status = 0;
        rusage used{};
        const pid_t gone = wait4(-1, &status, WNOHANG, &used);
        if (gone <= 0)
            return;
        note(gone, status, used);
    }
}

/// SIGKILL until nothing is left. As process 1 one signal reaches all there are, also those being born. Elsewhere
/// whoever loses its parent becomes a child of this sub-reaper, so without children there is nobody left, and nobody is
/// looked for; a process may be born while the others are looked up, so that it is met in a later round.
void Helper::endAll()
{
    const bool alone = getpid() == 1;
    for (unsigned round = 0;; ++round) {
        if (alone && round % 256 == 0)
            signalAll(SIGKILL);
        int status = 0;
        rusage used{};
        const pid_t gone = wait4(-1, &status, alone ? 0 : WNOHANG, &used);
        if (gone < 0 && errno == EINTR)
            continue;
        if (gone < 0)
            return;
        if (gone == 0) {
            signalAll(SIGKILL);
            const timespec pause{0, 1'000'000};
            nanosleep(&pause, nullptr);
            continue;
        }
        note(gone, status, used);
    }
}

void Helper::report()
{
    rusage after{};
    getrusage(RUSAGE_CHILDREN, &after);
    const auto microseconds = [](const rusage &use) {
        return std::uint64_t(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1'000'000u
               + std::uint64_t(use.ru_utime.tv_usec + use.ru_stime.tv_usec);
    };
    Reply reply;
    reply.event = Event::Ended;
    reply.number = m_status;
    reply.cause = m_cause;
    reply.cpuMicroseconds = microseconds(after) - microseconds(m_before);
    reply.peakKb = m_largestKb > m_watch.peakKb() ? m_largestKb : m_watch.peakKb();
    // Outside a namespace these folders are everybody's: there is nothing of ours to clean, so the next may come.
    reply.clean = getpid() != 1 || (emptyFolder("/tmp") && emptyFolder("/dev/shm")) ? 1 : 0;
    m_command = 0;
    send(reply);
}

int Helper::serve()
{
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGCHLD);
    sigprocmask(SIG_BLOCK, &watched, nullptr);
    const int births = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
    if (births < 0)
        return 1;
    Reply ready;
    ready.event = Event::Ready;
    send(ready);
    while (true) {
        pollfd sources[2] = {{controlDescriptor, POLLIN, 0}, {births, POLLIN, 0}};
        const int wait = m_command ? m_watch.pauseMs() : -1;
        const int n = poll(sources, 2, wait);
        if (n < 0 && errno != EINTR)
            return 1;
        if (n > 0 && (sources[1].revents & POLLIN)) {
            signalfd_siginfo information;
            while (read(births, &information, sizeof information) > 0) {}
            reap();
        }
        if (n > 0 && (sources[0].revents & (POLLIN | POLLHUP))) {
            Received received;
            if (!receive(received)) {
                endAll();
                return 0;
            }
            switch (received.request.order) {
            case Order::Run:
                if (!m_command)
                    start(received);
                break;
            case Order::Terminate:
                if (m_command) {
                    signalAll(SIGTERM);
                    signalAll(SIGCONT);
                }
                break;
            case Order::Kill:
                if (m_command)
                    endAll();
                break;
            }
        }
        if (m_command && !m_ended && m_watch.due()) {
            m_watch.look(m_request.memoryBytes / 1024, m_request.processes);
            if (m_request.memoryBytes > 0 && m_watch.memoryKb() > m_request.memoryBytes / 1024)
                m_cause = Cause::Memory;
            else if (m_request.processes > 0 && m_watch.processes() > m_request.processes)
                m_cause = Cause::Processes;
            if (m_cause != Cause::Itself)
                endAll();
        }
        if (m_command && m_ended) {
            endAll();
            report();
        }
    }
}

} // namespace
} // namespace openfactory::helper

/// The one argument is the number of the control socket.
int main(int count, char **arguments)
{
    using namespace openfactory::helper;
    if (count != 2 || dup2(atoi(arguments[1]), controlDescriptor) < 0)
        return 2;
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    signal(SIGPIPE, SIG_IGN);
    fcntl(controlDescriptor, F_SETFD, FD_CLOEXEC);
    syscall(SYS_close_range, controlDescriptor + 1, ~0U, 0);
    return Helper().serve();
}
