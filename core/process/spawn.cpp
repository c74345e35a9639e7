// SPDX-License-Identifier: Apache-2.0
#include "core/process/spawn.h"

#include <QString>

#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

namespace openfactory {

namespace {

std::vector<char *> pointers(const QByteArrayList &texts)
{
    std::vector<char *> list;
    list.reserve(size_t(texts.size()) + 1);
    for (const QByteArray &text : texts)
        list.push_back(const_cast<char *>(text.constData()));
    list.push_back(nullptr);
    return list;
}

/// Runs in the parent's memory until exec: system calls only, nothing is returned.
[[noreturn]] void becomeProgram(const SpawnRequest &request, char *const *argv, char *const *environment,
                                const sigset_t *mask, volatile int *failed)
{
    const auto check = [failed](bool good) {
        if (!good) {
            *failed = errno;
            _exit(127);
        }
    };
    struct sigaction plain{};
    plain.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; ++number)
        sigaction(number, &plain, nullptr);

    // A Ctrl-C or a hang-up is for us, who park the job: it must not kill the command as well.
    setsid();

    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    check(nothing >= 0 && dup2(nothing, 0) == 0 && dup2(request.errors, 1) == 1 && dup2(request.errors, 2) == 2);
    check(syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC) == 0);
    for (const int number : request.kept)
        check(fcntl(number, F_SETFD, 0) == 0);

    const int badness = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (badness >= 0 && write(badness, "500", 3) < 0) {
        // A wish only: without it the kernel picks by size, as for everybody.
    }
    if (geteuid() == 0)
        syscall(SYS_setgroups, 0, nullptr); // this thread only, which is the child
    if (request.landlock >= 0) {
        check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
        check(syscall(SYS_landlock_restrict_self, request.landlock, 0) == 0);
    }
    umask(022);
    sigprocmask(SIG_SETMASK, mask, nullptr);
    execve(request.program.constData(), argv, environment);
    check(false);
    _exit(127);
}

} // namespace

Result<Spawned> spawn(const SpawnRequest &request)
{
    const std::vector<char *> argv = pointers(request.arguments);
    const std::vector<char *> environment = pointers(request.environment);
    volatile int failed = 0;
    sigset_t all;
    sigset_t before;
    sigset_t inside;
    sigfillset(&all);
    sigemptyset(&inside);
    // No handler of ours may run in the child while it shares our memory.
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t pid = vfork();
    if (pid == 0)
        becomeProgram(request, argv.data(), environment.data(), &inside, &failed);
    const int number = errno;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    const QString doing = QStringLiteral("start %1").arg(QString::fromLocal8Bit(request.program));
    if (pid < 0)
        return std::unexpected(errnoError(number, doing));
    if (failed != 0) {
        ::waitpid(pid, nullptr, 0);
        return std::unexpected(errnoError(failed, doing));
    }
    Spawned spawned;
    spawned.pid = pid;
    spawned.pidfd.reset(int(::syscall(SYS_pidfd_open, pid, 0)));
    return spawned;
}

Descriptor landlockScope()
{
#ifdef LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET
    if (::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) < 6)
        return {};
    landlock_ruleset_attr rules{};
    rules.scoped = LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL;
    return Descriptor(int(::syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0)));
#else
    return {};
#endif
}

} // namespace openfactory
