// SPDX-License-Identifier: Apache-2.0
/// What a command finds inside the sandbox (hardening.md B6 to B15, B30, test 17).
#include "core/base/descriptor.h"
#include "core/process/environment.h"
#include "tests/process/workbench.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QProcess>
#include <QTextStream>

#include <fcntl.h>
#include <netinet/in.h>
#include <pty.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

using namespace openfactory;

class SandboxTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_bench = std::make_unique<Workbench>(); }
    void findsTheExpectedFacts();
    void findsTheSameFactsAsAnOrdinaryUser();
    void findsTheSameFactsWithDescriptorsAndAHostileEnvironment();
    void findsTheSameFactsInATerminal();
    void refusesToRunWhenAFactDiffers();
    void namesTheFolderForTemporaryFiles();
    void refusesToRunWithoutBubblewrap();
    void looksAgainAfterAFailedStart();
    void usesAScopeWhereTheUsersManagerGivesOne();
    void runsOutsideOnlyWhenToldByName();
    void runsAnAllowedCommand();
    void startsWhileSignalsArrive();
    void startsNothingThatIsNotAllowed();
    void saysWhichProgramIsMissing();
    void keepsToTheHostsToolsAndIgnoresShadowsInTheWorkspace();
    void seesNothingOfTheHost();
    void givesEachCommandAnEmptyTmpAndKeepsTheHome();
    void hasNoNetworkUnlessAsked();
    void reachesNoAbstractSocketEvenWithNetwork();
    void keepsSecretsOffCommandLinesAndOutOfLogs();
    void refusesSteeringVariables();
    void cannotTouchTheGitFile();
    void cannotTouchTheGitFolder();
    void showsTheGitFolderWithoutHooksAndConfig();
    void cannotReachTheFirstProcess();
    void keepsOnlyTheCommandsDescriptors();
    void leavesTheLimitsInForce();
    void makesNoProgramThatRunsAsItsOwner();
    void givesNoMemoryThatNobodyCounts();

private:
    /// Runs and returns the log.
    QByteArray output(const CommandRequest &request)
    {
        const auto outcome = m_runner.run(request, {});
        if (!outcome)
            return toText(outcome.error()).toUtf8();
        m_outcome = *outcome;
        return Workbench::read(request.logPath);
    }
    std::unique_ptr<Workbench> m_bench;
    SandboxedRunner m_runner{RunnerOptions{}};
    CommandOutcome m_outcome;
};

void SandboxTest::findsTheExpectedFacts()
{
    OF_REQUIRE_SANDBOX(m_runner);
    const auto facts = m_runner.probe();
    QCOMPARE(differences(expectedFacts(), facts->found), QStringList());
    QCOMPARE(facts->found, expectedFacts()); // and nothing beside them
    for (const char *layer : {"bwrap", "namespaces", "no-network", "no-new-privileges", "seccomp", "rlimits"})
        QVERIFY2(m_runner.layers().contains(QLatin1String(layer)), layer);
}

/// Prints the facts of a sandbox made by this process; used by the tests below in a child of theirs.
static int printFacts(const QString &helpers)
{
    RunnerOptions options;
    options.helpers = helpers;
    SandboxedRunner runner(options);
    const auto facts = runner.probe();
    QTextStream(stdout) << (facts ? QString::fromUtf8(QJsonDocument(facts->found).toJson()) : toText(facts.error()));
    return facts ? 0 : 1;
}

static QString ownHelpers()
{
    QDir folder(QCoreApplication::applicationDirPath());
    while (!folder.exists(QStringLiteral("libexec/openfactory")) && folder.cdUp()) {}
    return folder.filePath(QStringLiteral("libexec/openfactory"));
}

void SandboxTest::findsTheSameFactsAsAnOrdinaryUser()
{
    OF_REQUIRE_SANDBOX(m_runner);
    if (::geteuid() != 0)
        QSKIP("SKIP_NOT_ROOT: this test process is the ordinary user already");
    // The user may not be able to reach the build folder.
    QTemporaryDir open;
    QVERIFY(::chmod(QFile::encodeName(open.path()).constData(), 0777) == 0);
    const QString self = open.filePath(QStringLiteral("self"));
    QVERIFY(QFile::copy(QCoreApplication::applicationFilePath(), self));
    for (const char *name : {"of-sandbox-init", "of-sandbox-probe"})
        QVERIFY(QFile::copy(ownHelpers() + u'/' + QLatin1String(name), open.filePath(QLatin1String(name))));
    for (const QString &name : QDir(open.path()).entryList(QDir::Files))
        QVERIFY(::chmod(QFile::encodeName(open.filePath(name)).constData(), 0755) == 0);
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("TMPDIR"), open.path());
    child.setProcessEnvironment(environment);
    child.start(QStringLiteral("setpriv"),
                {QStringLiteral("--reuid=12345"), QStringLiteral("--regid=12345"),
                 QStringLiteral("--groups=12345,4,24"), self, QStringLiteral("--facts"), open.path()});
    QVERIFY(child.waitForFinished(60'000));
    const QByteArray said = child.readAllStandardOutput();
    QVERIFY2(child.exitCode() == 0, QByteArray(said + child.readAllStandardError()).constData());
    QCOMPARE(QJsonDocument::fromJson(said).object(), expectedFacts());
}

void SandboxTest::findsTheSameFactsWithDescriptorsAndAHostileEnvironment()
{
    OF_REQUIRE_SANDBOX(m_runner);
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *name : {"BASH_ENV", "PYTHONSTARTUP", "GIT_DIR", "SECRET_TOKEN", "IFS", "ENV", "NODE_OPTIONS",
                             "BWRAP_ARGS", "GLIBC_TUNABLES"})
        environment.insert(QLatin1String(name), QStringLiteral("/tmp/evil"));
    child.setProcessEnvironment(environment);
    child.setChildProcessModifier([] {
        for (int i = 0; i < 50; ++i) [[maybe_unused]]
            const int leaked = ::open("/etc/shadow", O_RDONLY); // not close-on-exec
    });
    child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--facts")});
    QVERIFY(child.waitForFinished(60'000));
    const QByteArray said = child.readAllStandardOutput();
    QVERIFY2(child.exitCode() == 0, QByteArray(said + child.readAllStandardError()).constData());
    QCOMPARE(QJsonDocument::fromJson(said).object(), expectedFacts());
}

/// From a terminal's foreground: nothing of it is inherited, and none can be reached.
void SandboxTest::findsTheSameFactsInATerminal()
{
    OF_REQUIRE_SANDBOX(m_runner);
    const QByteArray self = QFile::encodeName(QCoreApplication::applicationFilePath());
    int terminal = -1;
    const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    QVERIFY(child >= 0);
    if (child == 0) {
        // The terminal is its own and controls it, or the test would show nothing.
        if (!::isatty(0) || !::isatty(1) || !::isatty(2) || ::open("/dev/tty", O_RDWR | O_CLOEXEC) < 0)
            ::_exit(99);
        ::execl(self.constData(), self.constData(), "--facts", nullptr);
        ::_exit(98);
    }
    const Descriptor master(terminal);
    QByteArray said;
    char buffer[4096];
    for (ssize_t n = 0; (n = ::read(master.get(), buffer, sizeof buffer)) > 0;) // EIO when the child is gone
        said.append(buffer, n);
    int status = -1;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY2(WIFEXITED(status) && WEXITSTATUS(status) == 0, QByteArray(QByteArray::number(status) + said).constData());
    QCOMPARE(QJsonDocument::fromJson(said).object(), expectedFacts());
}

void SandboxTest::refusesToRunWhenAFactDiffers()
{
    OF_REQUIRE_SANDBOX(m_runner);
    // A bubblewrap that leaves one thing out.
    const QString loose = m_bench->path(QStringLiteral("bwrap"));
    QFile file(loose);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("#!/usr/bin/python3\nimport os, sys\n"
               "i = sys.argv.index('--args'); fd = int(sys.argv[i + 1])\n"
               "words = os.read(fd, 1 << 20).split(b'\\0')[:-1]\n"
               "words = [w for w in words if w not in (b'--unshare-all',)]\n"
               "words = [b'--unshare-pid', b'--unshare-uts', b'--unshare-ipc'] + words\n"
               "os.execv('/usr/bin/bwrap', [b'bwrap'] + words + [w.encode() for w in sys.argv[i + 2:]])\n");
    file.close();
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
    RunnerOptions options;
    options.bwrap = loose;
    SandboxedRunner runner(options);
    const auto outcome = runner.run(m_bench->command({QStringLiteral("true")}), {});
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Unavailable);
    QVERIFY2(outcome.error().said.contains(QStringLiteral("interfaces is")), qPrintable(toText(outcome.error())));
    QVERIFY(runner.layers().isEmpty());
}

void SandboxTest::namesTheFolderForTemporaryFiles()
{
    const QByteArray old = qgetenv("TMPDIR");
    qputenv("TMPDIR", "/no/such-folder");
    const SandboxedRunner runner{RunnerOptions{}};
    const auto able = runner.setUp();
    old.isNull() ? qunsetenv("TMPDIR") : qputenv("TMPDIR", old);
    QVERIFY(!able);
    QCOMPARE(able.error().kind, ErrorKind::Unavailable);
    QVERIFY2(able.error().said.contains(QStringLiteral("/no/such-folder")), qPrintable(toText(able.error())));
    QVERIFY(able.error().hint.contains(QStringLiteral("TMPDIR")));
    QVERIFY(!QFileInfo::exists(QStringLiteral("/no")));
}

void SandboxTest::refusesToRunWithoutBubblewrap()
{
    RunnerOptions options;
    options.bwrap = QStringLiteral("/usr/bin/no-such-bwrap");
    SandboxedRunner missing(options);
    const auto outcome = missing.run(m_bench->command({QStringLiteral("true")}), {});
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Unavailable); // NotFound would be a tool of the stage that is missing
    QVERIFY(outcome.error().hint.contains(QStringLiteral("bubblewrap")));

    options.bwrap = QStringLiteral("/usr/bin/false"); // as where user namespaces are refused: it ends at once
    SandboxedRunner refused(options);
    const CommandRequest request = m_bench->script("touch ran");
    const auto second = refused.run(request, {});
    QVERIFY(!second);
    QCOMPARE(second.error().kind, ErrorKind::Unavailable);
    QVERIFY(!QFile::exists(m_bench->workspace() + QStringLiteral("/ran")));
}

/// The first start is killed, as by the kernel where memory ran out: the next command finds a sandbox all the same.
void SandboxTest::looksAgainAfterAFailedStart()
{
    OF_REQUIRE_SANDBOX(m_runner);
    const QString stand = m_bench->path(QStringLiteral("fails-once"));
    const QString flag = m_bench->path(QStringLiteral("started"));
    QFile file(stand);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("#!/bin/sh\n[ -e '" + QFile::encodeName(flag) + "' ] || { : >'" + QFile::encodeName(flag)
               + "'; kill -9 $$; }\nexec /usr/bin/bwrap \"$@\"\n");
    file.close();
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::ExeOwner));
    RunnerOptions options;
    options.bwrap = stand;
    SandboxedRunner runner(options);
    QCOMPARE(runner.run(m_bench->command({QStringLiteral("true")}), {}).error().kind, ErrorKind::Unavailable);
    const auto second = runner.run(m_bench->command({QStringLiteral("true")}), {});
    QVERIFY2(second && second->succeeded(), qPrintable(second ? QString() : toText(second.error())));
}

void SandboxTest::usesAScopeWhereTheUsersManagerGivesOne()
{
    OF_REQUIRE_SANDBOX(m_runner);
    // A stand-in for systemd-run: keeps its words, then becomes the command, or fails as without a manager.
    const QString stand = m_bench->path(QStringLiteral("systemd-run"));
    const auto write = [&](const QByteArray &text) {
        QFile file(stand);
        return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(text) == text.size()
               && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    };
    QVERIFY(QDir().mkpath(m_bench->path(QStringLiteral("systemd/private"))));
    const QByteArray before = qgetenv("XDG_RUNTIME_DIR");
    qputenv("XDG_RUNTIME_DIR", QFile::encodeName(m_bench->path(QString())));
    RunnerOptions options;
    options.systemdRun = stand;
    CommandRequest request = m_bench->command({QStringLiteral("true")});
    request.limits.memoryMb = 800;
    request.limits.processes = 10;

    QVERIFY(write("#!/bin/bash\necho \"$XDG_RUNTIME_DIR $*\" >>"
                  + QFile::encodeName(m_bench->path(QStringLiteral("words")))
                  + "\nwhile [ \"$1\" != -- ]; do shift; done\nshift\nexec \"$@\"\n"));
    SandboxedRunner scoped(options);
    const auto outcome = scoped.run(request, {});
    OF_VERIFY(outcome);
    QVERIFY(outcome->succeeded());
    QVERIFY(outcome->layers.contains(QStringLiteral("systemd-scope")));
    const QByteArray words = Workbench::read(m_bench->path(QStringLiteral("words")));
    QVERIFY2(words.startsWith(QByteArray(qgetenv("XDG_RUNTIME_DIR") + " --user --scope ")), words.constData());
    QVERIFY2(
        words.contains(
            "--property=MemoryMax=964M --property=MemorySwapMax=0 --property=TasksMax=104 -- /usr/bin/bwrap --args "),
        words.constData());

    QVERIFY(write("#!/bin/bash\nexit 1\n"));
    SandboxedRunner unscoped(options);
    request.logPath += QStringLiteral(".2");
    const auto second = unscoped.run(request, {});
    before.isNull() ? qunsetenv("XDG_RUNTIME_DIR") : qputenv("XDG_RUNTIME_DIR", before);
    OF_VERIFY(second);
    QVERIFY(second->succeeded());
    QVERIFY(!second->layers.contains(QStringLiteral("systemd-scope")));
}

void SandboxTest::runsOutsideOnlyWhenToldByName()
{
    RunnerOptions options;
    options.mode = SandboxMode::Off;
    SandboxedRunner runner(options);
    CommandRequest request = m_bench->script("pwd; touch ran; echo $LD_PRELOAD$HOME");
    const auto outcome = runner.run(request, {});
    OF_VERIFY(outcome);
    QVERIFY(outcome->succeeded());
    QVERIFY(outcome->layers.isEmpty());
    QVERIFY(runner.layers().isEmpty());
    QCOMPARE(Workbench::read(request.logPath),
             QString(m_bench->workspace() + u'\n' + m_bench->path(QStringLiteral("home")) + u'\n').toUtf8());
    QVERIFY(!runner.run(m_bench->command({QStringLiteral("/bin/true")}), {}));

    // Paths of the inside mean the same folders.
    CommandRequest copy = m_bench->command(
        {QStringLiteral("cp"), QStringLiteral("/workspace/ran"), QStringLiteral("--target-directory=/home/job")});
    copy.allowed = {{{QStringLiteral("cp"), QStringLiteral("{path}"), QStringLiteral("--target-directory={path}")}}};
    OF_VERIFY(runner.run(copy, {}));
    QVERIFY(QFile::exists(m_bench->path(QStringLiteral("home/ran"))));

    // One helper serves command after command: it is the parent of each.
    QByteArrayList parents;
    for (int i = 0; i < 2; ++i) {
        const CommandRequest who = m_bench->script("echo $PPID");
        OF_VERIFY(runner.run(who, {}));
        parents << Workbench::read(who.logPath);
    }
    QVERIFY(parents[0].toInt() > 1);
    QCOMPARE(parents[1], parents[0]);
}

void SandboxTest::runsAnAllowedCommand()
{
    OF_REQUIRE_SANDBOX(m_runner);
    QDir(m_bench->workspace()).mkdir(QStringLiteral("deep"));
    m_bench->write(QStringLiteral("deep/x"), "exit 3");
    CommandRequest request = m_bench->command({QStringLiteral("bash"), QStringLiteral("x")});
    request.allowed = {{{QStringLiteral("bash"), QStringLiteral("{path}")}}};
    request.folder = QStringLiteral("deep");
    const auto outcome = m_runner.run(request, {});
    OF_VERIFY(outcome);
    QCOMPARE(outcome->ending, CommandOutcome::Ending::Exit);
    QCOMPARE(outcome->exitCode, 3);
    QVERIFY(outcome->peakMemoryKb > 500);
    QCOMPARE(outcome->layers, m_runner.layers());

    QCOMPARE(output(m_bench->script(
                 "pwd; id -u; whoami; echo \"$HOME\"; echo out; echo err >&2; test -e /dev/stdin && cat")),
             QByteArray("/workspace\n1000\njob\n/home/job\nout\nerr\n"));
    QVERIFY(m_outcome.succeeded());
    QCOMPARE(m_outcome.outputBytes, 10 + 1 + 5 + 4 + 10 + 4 + 4);
    output(m_bench->script("kill -SEGV $$"));
    QCOMPARE(m_outcome.ending, CommandOutcome::Ending::Signal);
    QCOMPARE(m_outcome.signal, SIGSEGV);
}

/// The end of any child of the process is a signal, on any of its threads; it must not cut short what they wait for.
void SandboxTest::startsWhileSignalsArrive()
{
    OF_REQUIRE_SANDBOX(m_runner);
    RunnerOptions options;
    options.idle = std::chrono::milliseconds(0); // each command starts a sandbox and ends it
    SandboxedRunner runner(options);
    struct sigaction noted{};
    noted.sa_handler = [](int) {};
    ::sigaction(SIGUSR1, &noted, nullptr); // for good: the last of them may come after this test
    {
        const std::jthread storm([](const std::stop_token &stop) {
            while (!stop.stop_requested()) {
                for (const QString &thread :
                     QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
                    ::tgkill(::getpid(), thread.toInt(), SIGUSR1);
                std::this_thread::sleep_for(std::chrono::microseconds(300));
            }
        });
        for (int i = 0; i < 5; ++i) {
            const auto outcome = runner.run(m_bench->command({QStringLiteral("true")}), {});
            OF_VERIFY(outcome);
            QVERIFY(outcome->succeeded());
        }
    }
}

void SandboxTest::startsNothingThatIsNotAllowed()
{
    CommandRequest request = m_bench->command({QStringLiteral("touch"), QStringLiteral("ran")});
    request.allowed = {{{QStringLiteral("true")}}};
    const auto outcome = m_runner.run(request, {});
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Denied);
    QVERIFY(!QFile::exists(m_bench->workspace() + QStringLiteral("/ran")));
    QVERIFY(!QFile::exists(request.logPath));
}

void SandboxTest::saysWhichProgramIsMissing()
{
    OF_REQUIRE_SANDBOX(m_runner);
    const auto outcome = m_runner.run(m_bench->command({QStringLiteral("no-such-tool")}), {});
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::NotFound);
    QVERIFY(toText(outcome.error()).contains(QStringLiteral("no-such-tool")));
    QVERIFY(!m_runner.hasProgram(QStringLiteral("no-such-tool")));
    QVERIFY(m_runner.hasProgram(QStringLiteral("bash")));
    QVERIFY(!m_runner.hasProgram(QStringLiteral("/usr/bin/bash")));
    QVERIFY(!m_runner.hasProgram(QStringLiteral("../bin/bash")));
    // What stages run as modules is looked for as one: a program of the name says nothing of it.
    for (const char *module : {"pytest", "coverage", "black", "flake8", "mypy", "bandit", "json", "timeit"})
        QVERIFY2(m_runner.hasProgram(QStringLiteral("python3 -m ") + QLatin1StringView(module)), module);
    for (const char *module : {"no_such_module", "bash", "python3-coverage", "../dist-packages/black", "", "black x"})
        QVERIFY2(!m_runner.hasProgram(QStringLiteral("python3 -m ") + QLatin1StringView(module)), module);
}

void SandboxTest::keepsToTheHostsToolsAndIgnoresShadowsInTheWorkspace()
{
    OF_REQUIRE_SANDBOX(m_runner);
    for (const char *name : {"true", "git"}) {
        m_bench->write(QLatin1String(name), "#!/bin/sh\ntouch /workspace/shadow-ran\n");
        ::chmod(QFile::encodeName(m_bench->workspace() + u'/' + QLatin1String(name)).constData(), 0755);
    }
    output(m_bench->command({QStringLiteral("true")}));
    QVERIFY(m_outcome.succeeded());
    QVERIFY(!QFile::exists(m_bench->workspace() + QStringLiteral("/shadow-ran")));
    QCOMPARE(output(m_bench->script(
                 "echo $PATH; type -P git; touch /usr/bin/evil /usr/local/bin/evil 2>&1 | grep -c Read-only")),
             programFolders().join(u':').toUtf8() + "\n/usr/bin/git\n2\n");
}

void SandboxTest::seesNothingOfTheHost()
{
    OF_REQUIRE_SANDBOX(m_runner);
    QFile store(m_bench->path(QStringLiteral("openfactory.db")));
    QVERIFY(store.open(QIODevice::WriteOnly));
    store.write("canary-of-the-store");
    store.close();
    ::setenv("CANARY", "canary-of-the-environment", 1);
    const QByteArray said = output(
        m_bench->script("ls -A / /home /run /var /root /srv /mnt /media 2>/dev/null\n"
                        "cat /proc/*/environ /proc/*/cmdline "
                        + store.fileName().toUtf8()
                        + " 2>/dev/null | tr '\\0' '\\n'\n"
                          "ls -d /sys /root "
                        + m_bench->path(QStringLiteral("logs")).toUtf8()
                        + " 2>&1\n"
                          "grep -rl canary-of-the /tmp /home /run /etc /dev/shm 2>/dev/null\nenv\n"));
    ::unsetenv("CANARY");
    QVERIFY2(!said.contains("canary"), said.constData());
    QVERIFY2(said.contains("cannot access '/sys'") && said.contains("cannot access '/root'"), said.constData());
    QVERIFY2(said.startsWith("/:\nbin\ndev\netc\nhome\n"), said.constData());
    QVERIFY2(!output(m_bench->script("cat /etc/passwd /etc/group; ls /etc/shadow /etc/sudoers /etc/ssh 2>/dev/null"))
                  .contains("daemon"),
             "host's users");
}

void SandboxTest::givesEachCommandAnEmptyTmpAndKeepsTheHome()
{
    OF_REQUIRE_SANDBOX(m_runner);
    output(m_bench->script(
        "mkdir -p /tmp/a/b/c && chmod 0 /tmp/a/b && echo x > /tmp/f && ln -s /workspace /tmp/l && echo x > /dev/shm/s && mkfifo /tmp/p\n"
        "echo kept > ~/cache; echo kept > /workspace/file"));
    QVERIFY(m_outcome.succeeded());
    QCOMPARE(output(m_bench->script("ls -A /tmp /dev/shm; cat ~/cache /workspace/file")),
             QByteArray("/dev/shm:\n\n/tmp:\nkept\nkept\n"));
}

void SandboxTest::hasNoNetworkUnlessAsked()
{
    OF_REQUIRE_SANDBOX(m_runner);
    // A server of the host on loopback.
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    QVERIFY(::bind(server, reinterpret_cast<sockaddr *>(&address), size) == 0 && ::listen(server, 5) == 0);
    ::getsockname(server, reinterpret_cast<sockaddr *>(&address), &size);
    const QByteArray connect = "exec 3<>/dev/tcp/127.0.0.1/" + QByteArray::number(ntohs(address.sin_port))
                               + " && echo connected";
    CommandRequest without = m_bench->script(connect);
    QVERIFY(!output(without).contains("connected"));
    QVERIFY(m_outcome.layers.contains(QStringLiteral("no-network")));
    CommandRequest with = m_bench->script(connect);
    with.network = true;
    QCOMPARE(output(with), QByteArray("connected\n"));
    QVERIFY(!m_outcome.layers.contains(QStringLiteral("no-network")));
    ::close(server);
    // A machine's own kind of socket is in no namespace: it reaches the hypervisor.
    const QByteArray families = "import socket\n"
                                "for family in (socket.AF_VSOCK, socket.AF_PACKET, 38, 45):\n"
                                "    try:\n        socket.socket(family, socket.SOCK_STREAM)\n        print(family)\n"
                                "    except OSError:\n        pass\n"
                                "for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):\n"
                                "    socket.socket(family, socket.SOCK_STREAM)\nprint('done')\n";
    for (const bool network : {false, true}) {
        CommandRequest sockets = m_bench->script(families, QStringLiteral("python3"));
        sockets.network = network;
        QCOMPARE(output(sockets), QByteArray("done\n"));
    }
}

void SandboxTest::reachesNoAbstractSocketEvenWithNetwork()
{
    OF_REQUIRE_SANDBOX(m_runner);
    if (!m_runner.layers().contains(QStringLiteral("landlock")))
        QSKIP("SKIP_NO_LANDLOCK: the kernel has no Landlock scopes (6.12)");
    const QByteArray name = "openfactory-test-" + uniqueNumber();
    const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path + 1, name.constData(), size_t(name.size()));
    QVERIFY(::bind(server, reinterpret_cast<sockaddr *>(&address),
                   socklen_t(offsetof(sockaddr_un, sun_path) + 1 + size_t(name.size())))
            == 0);
    QVERIFY(::listen(server, 5) == 0);
    CommandRequest request = m_bench->script(
        "import socket\ns = socket.socket(socket.AF_UNIX)\ntry:\n    s.connect('\\0" + name
            + "')\n    print('reached')\nexcept PermissionError:\n    print('refused')\n",
        QStringLiteral("python3"));
    request.network = true;
    QCOMPARE(output(request), QByteArray("refused\n"));
    ::close(server);
}

void SandboxTest::keepsSecretsOffCommandLinesAndOutOfLogs()
{
    OF_REQUIRE_SANDBOX(m_runner);
    const QByteArray value = "s3cr3t-value-" + uniqueNumber();
    const WordMasker masker({{QStringLiteral("API_TOKEN"), value}});
    RunnerOptions options;
    options.masker = &masker;
    SandboxedRunner runner(options);
    CommandRequest request = m_bench->script(
        "echo \"$API_TOKEN\"; echo ${#API_TOKEN}; printf %s \"${API_TOKEN:0:9}\"; sleep 0.05; echo \"${API_TOKEN:9}\" >&1\n"
        "touch started; while [ ! -e go ]; do sleep 0.01; done");
    request.secrets = {QStringLiteral("API_TOKEN")};
    std::optional<Result<CommandOutcome>> outcome;
    std::jthread runs([&] { outcome = runner.run(request, {}); });
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(m_bench->workspace() + QStringLiteral("/started")), 20'000);
    QCOMPARE(processesWith(value), 0);
    m_bench->write(QStringLiteral("go"), "");
    runs.join();
    OF_VERIFY(*outcome);
    const QByteArray log = Workbench::read(request.logPath);
    QCOMPARE(log, QByteArray("***\n" + QByteArray::number(value.size()) + "\n***\n"));
    QVERIFY(!Workbench::read(request.logPath + QStringLiteral(".idx")).contains(value));

    // Not asked for, not given; unknown, named; nothing to mask it with, refused.
    CommandRequest plain = m_bench->script("echo \"[$API_TOKEN]\"");
    OF_VERIFY(runner.run(plain, {}));
    QCOMPARE(Workbench::read(plain.logPath), QByteArray("[]\n"));
    CommandRequest unknown = m_bench->script("true");
    unknown.secrets = {QStringLiteral("OTHER")};
    QVERIFY(!runner.run(unknown, {}));
    unknown.secrets = {QStringLiteral("API_TOKEN")};
    QCOMPARE(m_runner.run(unknown, {}).error().kind, ErrorKind::Denied);
}

void SandboxTest::refusesSteeringVariables()
{
    for (const char *name : {"LD_PRELOAD", "PATH", "GIT_DIR", "PYTHONSTARTUP", "BASH_ENV"}) {
        CommandRequest request = m_bench->script("true");
        request.environment[QLatin1String(name)] = QStringLiteral("x");
        const auto outcome = m_runner.run(request, {});
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().kind, ErrorKind::Denied);
    }
    OF_REQUIRE_SANDBOX(m_runner);
    CommandRequest request = m_bench->script("echo \"$COLOUR\"");
    request.environment[QStringLiteral("COLOUR")] = QStringLiteral("blue = \u00e4\n");
    QCOMPARE(output(request), QByteArray("blue = \u00e4\n\n"));
}

void SandboxTest::cannotTouchTheGitFile()
{
    OF_REQUIRE_SANDBOX(m_runner);
    m_bench->write(QStringLiteral(".git"), "gitdir: /somewhere\n");
    output(m_bench->script(
        "echo evil > .git; rm -f .git; mv .git x; ln -sf /x .git; mkdir .git; cp /dev/null .git; rm -rf /workspace/.git; true"));
    QCOMPARE(Workbench::read(m_bench->workspace() + QStringLiteral("/.git")), QByteArray("gitdir: /somewhere\n"));
    QVERIFY(!QFileInfo(m_bench->workspace() + QStringLiteral("/.git")).isSymLink());
}

void SandboxTest::cannotTouchTheGitFolder()
{
    OF_REQUIRE_SANDBOX(m_runner);
    // A repository's main folder as the workspace: its .git is there, and empty and closed for the command.
    QDir(m_bench->workspace()).mkdir(QStringLiteral(".git"));
    m_bench->write(QStringLiteral(".git/config"), "[core]\n");
    QCOMPARE(output(m_bench->script(
                 "ls -A .git; touch .git/x 2>/dev/null || echo closed; rmdir .git 2>/dev/null || echo stays")),
             QByteArray("closed\nstays\n"));
    QCOMPARE(Workbench::read(m_bench->workspace() + QStringLiteral("/.git/config")), QByteArray("[core]\n"));

    const QString git = m_bench->path(QStringLiteral("repository/.git"));
    QVERIFY(QDir().mkpath(git));
    CommandRequest request = m_bench->script("true");
    request.scope.gitFolder = git;
    for (const QString &bad :
         {git, m_bench->path(QStringLiteral("repository")), QString(git + QStringLiteral("/objects"))}) {
        QVERIFY(QDir().mkpath(bad));
        request.scope.writable = {bad};
        const auto outcome = m_runner.run(request, {});
        QVERIFY(!outcome);
        QCOMPARE(outcome.error().kind, ErrorKind::Denied);
    }
}

void SandboxTest::showsTheGitFolderWithoutHooksAndConfig()
{
    OF_REQUIRE_SANDBOX(m_runner);
    const QString git = m_bench->path(QStringLiteral("repository/.git"));
    QVERIFY(QDir().mkpath(git + QStringLiteral("/hooks")) && QDir().mkpath(git + QStringLiteral("/info"))
            && QDir().mkpath(git + QStringLiteral("/worktrees/w")));
    for (const char *name : {"HEAD", "config", "hooks/pre-commit", "info/attributes", "worktrees/w/config.worktree"}) {
        QFile file(git + u'/' + QLatin1String(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("secret-setting\n");
    }
    CommandRequest hidden = m_bench->script("ls -d " + git.toUtf8() + " 2>/dev/null; true");
    hidden.scope.gitFolder = git;
    QCOMPARE(output(hidden), QByteArray());
    CommandRequest shown = m_bench->script(
        "cd " + git.toUtf8()
        + " && cat HEAD && grep -rl secret-setting . ; ls hooks; (echo evil >> config; echo evil >> HEAD;"
          " touch hooks/x objects) 2>&1 | grep -c Read-only");
    shown.scope.gitFolder = git;
    shown.scope.showGit = true;
    QCOMPARE(output(shown), QByteArray("secret-setting\n./HEAD\n4\n"));
    QCOMPARE(Workbench::read(git + QStringLiteral("/config")), QByteArray("secret-setting\n"));
}

void SandboxTest::cannotReachTheFirstProcess()
{
    OF_REQUIRE_SANDBOX(m_runner);
    const QByteArray said = output(m_bench->script(
        "kill -KILL 1; kill -STOP 1; kill -TERM 1; cat /proc/1/environ /proc/1/maps /proc/1/mem 2>&1 | head -c 2000\n"
        "ls -l /proc/1/fd 2>&1; readlink /proc/1/exe; (exec 3>/run/openfactory/init) 2>&1; echo alive"));
    QVERIFY2(said.endsWith("alive\n"), said.constData());
    QVERIFY(m_outcome.succeeded());
    QVERIFY2(!said.contains("socket:") && said.contains("Permission denied") && !said.contains("of-sandbox-init"),
             said.constData());
    QVERIFY2(said.contains("Read-only file system"), said.constData());
}

void SandboxTest::keepsOnlyTheCommandsDescriptors()
{
    OF_REQUIRE_SANDBOX(m_runner);
    std::vector<int> leaked;
    for (int i = 0; i < 50; ++i)
        leaked.push_back(::open("/etc/passwd", O_RDONLY));
    SandboxedRunner fresh{RunnerOptions{}}; // a sandbox that starts while they are open
    CommandRequest request = m_bench->script(
        "import os\nprint(sorted(int(n) for n in os.listdir('/proc/self/fd'))[:-1])\n", QStringLiteral("python3"));
    OF_VERIFY(fresh.run(request, {}));
    for (const int number : leaked)
        ::close(number);
    QVERIFY2(Workbench::read(request.logPath).startsWith("[0, 1, 2"), Workbench::read(request.logPath).constData());
    QVERIFY2(Workbench::read(request.logPath).size() < 16, Workbench::read(request.logPath).constData());
}

void SandboxTest::leavesTheLimitsInForce()
{
    OF_REQUIRE_SANDBOX(m_runner);
    CommandRequest request = m_bench->script(
        "ulimit -c; ulimit -f; ulimit -t; ulimit -n; head -c 3000000 /dev/zero > big; stat -c %s big");
    request.limits.fileMb = 2;
    request.limits.cpu = std::chrono::seconds(7);
    const QByteArray said = output(request);
    QVERIFY2(said.startsWith("0\n2048\n7\n"), said.constData());
    QVERIFY2(said.contains("\n2097152\n"), said.constData());
    // Memory that is a folder is bounded as well.
    CommandRequest flood = m_bench->script(
        "for f in /tmp /dev/shm; do head -c 2000000000 /dev/zero > $f/x; stat -c %s $f/x; rm $f/x; done 2>/dev/null");
    flood.limits.memoryMb = 512;
    QCOMPARE(output(flood), QByteArray("134217728\n134217728\n"));
}

void SandboxTest::makesNoProgramThatRunsAsItsOwner()
{
    // By each call that takes a mode; without the bit all of them work.
    const QByteArray tries = "import ctypes, os\n"
                             "libc = ctypes.CDLL(None, use_errno=True)\n"
                             "def said(name, act):\n"
                             "    try: act(); print(name, 'done')\n"
                             "    except OSError as error: print(name, error.errno)\n"
                             "def call(result):\n"
                             "    if result < 0: raise OSError(ctypes.get_errno(), '')\n"
                             "open('f', 'w').close()\n"
                             "for mode in (0o4755, 0o755):\n"
                             "    said('chmod', lambda: os.chmod('f', mode))\n"
                             "    said('fchmod', lambda: os.fchmod(os.open('f', os.O_RDONLY), mode))\n"
                             "    said('fchmodat', lambda: os.chmod('f', mode, dir_fd=os.open('.', os.O_RDONLY)))\n"
                             "    said('fchmodat2', lambda: call(libc.syscall(452, -100, b'f', mode, 0)))\n"
                             "    said('open', lambda: os.open('o%o' % mode, os.O_CREAT | os.O_WRONLY, mode))\n"
                             "    said('creat', lambda: call(libc.creat(b'c%o' % mode, mode)))\n"
                             "    said('tmpfile', lambda: os.open('.', os.O_TMPFILE | os.O_WRONLY, mode))\n"
                             "    said('mknod', lambda: os.mknod('n%o' % mode, mode | 0o100000))\n"
                             "    said('openat2', lambda: call(libc.syscall(437, -100, b'f', 0, 0)))\n"
                             "print([n for n in sorted(os.listdir('.')) if os.stat(n).st_mode & 0o4000])\n";
    const QList<QByteArray> lines = output(m_bench->script(tries, QStringLiteral("python3"))).trimmed().split('\n');
    const QByteArray all = lines.join('|');
    for (const QByteArray call : {"chmod", "fchmod", "fchmodat", "fchmodat2", "open", "creat", "tmpfile", "mknod"}) {
        QVERIFY2(lines.contains(call + " 1"), all.constData()); // EPERM
        QVERIFY2(lines.contains(call + " done"), all.constData());
    }
    QVERIFY2(lines.contains("openat2 38"), all.constData()); // ENOSYS: its mode cannot be looked at
    QCOMPARE(lines.last(), QByteArray("[]"));
}

void SandboxTest::givesNoMemoryThatNobodyCounts()
{
    const QByteArray tries = "import ctypes, errno, os\n"
                             "libc = ctypes.CDLL(None, use_errno=True)\n"
                             "try: os.memfd_create('x'); print('memfd')\n"
                             "except OSError as error: print(errno.errorcode[error.errno])\n"
                             "print(libc.shmget(0, 4096, 0o1600) >= 0, libc.shmget(0, 1 << 20, 0o1600))\n";
    QCOMPARE(output(m_bench->script(tries, QStringLiteral("python3"))).trimmed(), QByteArray("ENOSYS\nTrue -1"));
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (argc > 1 && QByteArray(argv[1]) == "--facts")
        return printFacts(QString::fromLocal8Bit(argc > 2 ? argv[2] : ""));
    SandboxTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "sandbox_test.moc"
