// SPDX-License-Identifier: Apache-2.0
/// The floor of rows 1 and 2 (start a process, two commits, nothing else), and row 5: how soon a stop leaves nothing.
#include "core/process/sandboxedrunner.h"
#include "tests/bench/bench.h"

#include <QDir>
#include <QFile>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

namespace openfactory::bench {

namespace {

/// Bubblewrap with the plain profile of figures.md (C9): nothing of ours.
std::vector<const char *> bareSandbox(std::initializer_list<const char *> command, const char *workspace = nullptr)
{
    std::vector<const char *> words{
        "/usr/bin/bwrap", "--unshare-all", "--new-session", "--die-with-parent", "--clearenv", "--ro-bind",
        "/usr",           "/usr",          "--symlink",     "usr/bin",           "/bin",       "--symlink",
        "usr/lib",        "/lib",          "--symlink",     "usr/lib64",         "/lib64",     "--proc",
        "/proc",          "--dev",         "/dev",          "--tmpfs",           "/tmp"};
    if (workspace)
        words.insert(words.end(), {"--bind", workspace, "/workspace", "--chdir", "/workspace"});
    words.push_back("--");
    words.insert(words.end(), command);
    return words;
}

/// Processes with the number among their arguments.
int survivors(const QByteArray &number)
{
    int count = 0;
    for (const QString &pid : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        QFile file(QStringLiteral("/proc/%1/cmdline").arg(pid));
        if (pid.front().isDigit() && file.open(QIODevice::ReadOnly) && file.readAll().split('\0').contains(number))
            ++count;
    }
    return count;
}

void waitFor(const QString &file)
{
    while (!QFile::exists(file))
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

/// Starts the script in a bare sandbox, kills it, and waits until the last process is gone: the end of the pipe that
/// they all hold.
double killBare(const QByteArray &workspace, const QString &ready)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        qFatal("pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    std::vector<const char *> words = bareSandbox({"/usr/bin/bash", "tree.sh"}, workspace.constData());
    words.push_back(nullptr);
    pid_t pid = 0;
    if (posix_spawn(&pid, words[0], &actions, nullptr, const_cast<char **>(words.data()), environ) != 0)
        qFatal("bwrap could not be started");
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    waitFor(ready);
    const double took = milliseconds([&] {
        ::kill(pid, SIGKILL);
        char byte = 0;
        while (::read(ends[0], &byte, 1) > 0) {}
        waitpid(pid, nullptr, 0);
    });
    ::close(ends[0]);
    return took;
}

} // namespace

/// floor FOLDER spawn|bwrap COUNT: one command and two commits of raw SQLite each.
int floorOf(const QStringList &words)
{
    RawStore store(words[0] + QStringLiteral("/floor.db"), 1024);
    const std::vector<const char *> command = words[1] == u"bwrap" ? bareSandbox({"/usr/bin/true"})
                                                                   : std::vector{"/usr/bin/true"};
    const int count = words[2].toInt();
    const double took = milliseconds([&] {
        for (int i = 0; i < count; ++i) {
            store.commit();
            runPlain(command);
            store.commit();
        }
    });
    say("ms_per_command", took / count);
    return 0;
}

/// cancel FOLDER COUNT: a tree of 100 processes, half of them daemons in sessions of their own, in our sandbox and in a
/// bare one in turn.
int cancel(const QStringList &words)
{
    for (const QString &name : {QStringLiteral("/workspace"), QStringLiteral("/home"), QStringLiteral("/logs")})
        QDir().mkpath(words[0] + name);
    const QByteArray number = QByteArray::number(7'000'000'000LL + qint64(::getpid()));
    const QString workspace = words[0] + QStringLiteral("/workspace");
    const QString ready = workspace + QStringLiteral("/ready");
    QFile script(workspace + QStringLiteral("/tree.sh"));
    if (!script.open(QIODevice::WriteOnly | QIODevice::Truncate))
        qFatal("%s", qPrintable(script.errorString()));
    // It is ready when all are there: 99 of them, and the grep that looks for them.
    script.write("N=" + number
                 + "\nfor i in {1..45}; do sleep $N & done\n"
                   "for i in {1..27}; do setsid -f sleep $N; (setsid sleep $N &); done\n"
                   "until (($(grep -lzxs $N /proc/[0-9]*/cmdline | wc -l) >= 100)); do :; done\ntouch ready\nwait\n");
    script.close();

    SandboxedRunner runner(RunnerOptions{});
    std::vector<double> ours;
    std::vector<double> bare;
    int left = 0;
    for (int i = 0; i < words[1].toInt(); ++i) {
        QFile::remove(ready);
        bare.push_back(killBare(QFile::encodeName(workspace), ready));
        QFile::remove(ready);
        CommandRequest request;
        request.argv = QStringList{QStringLiteral("bash"), QStringLiteral("tree.sh")};
        request.allowed = {{request.argv}};
        request.scope.workspace = workspace;
        request.scope.home = words[0] + QStringLiteral("/home");
        request.logPath = QStringLiteral("%1/logs/%2").arg(words[0]).arg(i);
        std::stop_source stop;
        std::jthread runs([&] { (void)need(runner.run(request, stop.get_token())); });
        waitFor(ready);
        ours.push_back(milliseconds([&] {
            stop.request_stop();
            runs.join();
        }));
        left += survivors(number);
    }
    say("p50", at(ours, 0.5));
    say("p99", at(ours, 0.99));
    say("bare_p50", at(bare, 0.5));
    say("bare_p99", at(bare, 0.99));
    say("survivors", left);
    return 0;
}

} // namespace openfactory::bench
