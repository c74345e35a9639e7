// SPDX-License-Identifier: Apache-2.0
/// Nothing of a command outlives it (hardening.md B13, B14, test 12).
#include "tests/process/workbench.h"
#include "tests/testlib/patience.h"

#include <QElapsedTimer>
#include <QProcess>

#include <csignal>
#include <thread>

using namespace openfactory;

using Ending = CommandOutcome::Ending;

/// Every way of slipping away that we know: own session, double fork, deaf to signals, stopped, holding the pipes.
static QByteArray slippery(const QByteArray &marker)
{
    return "import os, signal, subprocess, sys\n"
           "def child(*setup):\n"
           "    if os.fork() == 0:\n"
           "        for step in setup:\n"
           "            step()\n"
           "        os.execvp('sleep', ['sleep', '"
           + marker
           + "'])\n"
             "def again():\n"
             "    if os.fork():\n"
             "        os._exit(0)\n"
             "def deaf():\n"
             "    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):\n"
             "        signal.signal(number, signal.SIG_IGN)\n"
             "child()\n"
             "child(os.setsid)\n"
             "child(os.setsid, again)\n"
             "child(deaf)\n"
             "child(os.setsid, again, deaf, os.setsid, again)\n"
             "stopped = subprocess.Popen(['sleep', '"
           + marker
           + "'])\n"
             "stopped.send_signal(signal.SIGSTOP)\n"
             "open('ready', 'w').close()\n";
}

/// Kills the children of this process, as the kernel would for want of memory. Where their facts can be read.
static std::vector<QString> killSandboxes()
{
    std::vector<QString> killed;
    for (const QString &task : QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        for (const QByteArray &pid :
             Workbench::read(QStringLiteral("/proc/self/task/%1/children").arg(task)).split(' ')) {
            if (pid.toInt() > 0 && ::kill(pid.toInt(), SIGKILL) == 0)
                killed.push_back(QStringLiteral("/proc/%1/stat").arg(pid.toInt()));
        }
    }
    return killed;
}

class KillTreeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_bench = std::make_unique<Workbench>(); }
    void endsEverythingWhenTheCommandEnds();
    void endsEverythingOnCancel_data();
    void endsEverythingOnCancel();
    void endsEverythingOnTimeout();
    void givesTimeToCleanUpAfterSigterm();
    void endsFiveThousandChildren();
    void boundsAForkBomb();
    void namesTheLimitOfProcesses();
    void boundsMemory();
    void boundsOutput();
    void boundsCpuTime();
    void leavesNothingWhenTheEngineIsKilled_data();
    void leavesNothingWhenTheEngineIsKilled();
    void survivesTheThreadThatRanTheFirstCommand();
    void runsOnWhenAnIdleSandboxDied();
    void saysThatTheSandboxWasEndedFromOutside();
    void endsNothingElseWhenTheSandboxIsOff();

private:
    bool isReady() const { return QFile::exists(m_bench->workspace() + QStringLiteral("/ready")); }
    std::unique_ptr<Workbench> m_bench;
    SandboxedRunner m_runner{RunnerOptions{}};
};

void KillTreeTest::endsEverythingWhenTheCommandEnds()
{
    OF_REQUIRE_SANDBOX(m_runner);
    const QByteArray marker = uniqueNumber();
    const auto outcome = m_runner.run(m_bench->script(slippery(marker), QStringLiteral("python3")), {});
    OF_VERIFY(outcome);
    QVERIFY(isReady());
    QVERIFY(outcome->succeeded());
    QCOMPARE(processesWith(marker), 0);
}

void KillTreeTest::endsEverythingOnCancel_data()
{
    QTest::addColumn<bool>("deaf");
    QTest::addColumn<bool>("off");
    QTest::newRow("polite") << false << false;
    QTest::newRow("deaf") << true << false;
    QTest::newRow("sandbox off") << true << true;
}

void KillTreeTest::endsEverythingOnCancel()
{
    QFETCH(bool, deaf);
    QFETCH(bool, off);
    RunnerOptions options;
    options.mode = off ? SandboxMode::Off : SandboxMode::Bubblewrap;
    SandboxedRunner runner(options);
    if (!off)
        OF_REQUIRE_SANDBOX(runner);
    const QByteArray marker = uniqueNumber();
    CommandRequest request = m_bench->script(
        slippery(marker) + (deaf ? "deaf()\n" : "") + "while True: signal.pause()\n", QStringLiteral("python3"));
    std::stop_source stop;
    std::optional<Result<CommandOutcome>> outcome;
    QElapsedTimer time;
    std::jthread runs([&] { outcome = runner.run(request, stop.get_token()); });
    QTRY_VERIFY_WITH_TIMEOUT(isReady() || outcome.has_value(), 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(processesWith(marker) >= 6, 20'000);
    time.start();
    stop.request_stop();
    runs.join();
    const qint64 took = time.elapsed();
    OF_VERIFY(*outcome);
    QCOMPARE((*outcome)->ending, Ending::Cancelled);
    QCOMPARE(processesWith(marker), 0);
    qInfo("gone after %lld ms", took);
    QVERIFY(Workbench::read(request.logPath).contains("[openfactory] cancelled"));
}

void KillTreeTest::endsEverythingOnTimeout()
{
    OF_REQUIRE_SANDBOX(m_runner);
    const QByteArray marker = uniqueNumber();
    CommandRequest request = m_bench->script(slippery(marker) + "deaf()\nwhile True: signal.pause()\n",
                                             QStringLiteral("python3"));
    request.limits.time = std::chrono::milliseconds(1500);
    const auto outcome = m_runner.run(request, {});
    OF_VERIFY(outcome);
    QVERIFY(isReady());
    QCOMPARE(outcome->ending, Ending::Timeout);
    QCOMPARE(outcome->signal, SIGKILL);
    QCOMPARE(processesWith(marker), 0);
    QVERIFY(Workbench::read(request.logPath).contains("time limit of 1.5 s"));
}

void KillTreeTest::givesTimeToCleanUpAfterSigterm()
{
    OF_REQUIRE_SANDBOX(m_runner);
    RunnerOptions options;
    options.grace = std::chrono::seconds(30);
    SandboxedRunner patient(options);
    CommandRequest request = m_bench->script(
        "trap 'echo cleaned; exit 7' TERM; touch ready; while :; do sleep 0.01; done");
    std::stop_source stop;
    std::optional<Result<CommandOutcome>> outcome;
    std::jthread runs([&] { outcome = patient.run(request, stop.get_token()); });
    QTRY_VERIFY_WITH_TIMEOUT(isReady() || outcome.has_value(), 20'000);
    stop.request_stop();
    runs.join();
    OF_VERIFY(*outcome);
    QCOMPARE((*outcome)->ending, Ending::Cancelled);
    QVERIFY2(Workbench::read(request.logPath).contains("cleaned\n"), Workbench::read(request.logPath).constData());
}

void KillTreeTest::endsFiveThousandChildren()
{
    OF_REQUIRE_SANDBOX(m_runner);
    QVERIFY(QFile::copy(QStringLiteral(CROWD), m_bench->workspace() + QStringLiteral("/crowd")));
    const QByteArray marker = uniqueNumber();
    CommandRequest request = m_bench->script("exec ./crowd 5000 " + marker);
    request.limits.processes = 6000;
    request.limits.memoryMb = 8'000;
    std::stop_source stop;
    std::optional<Result<CommandOutcome>> outcome;
    std::jthread runs([&] { outcome = m_runner.run(request, stop.get_token()); });
    QTRY_VERIFY_WITH_TIMEOUT(isReady() || outcome.has_value(), 60'000);
    QVERIFY(processesWith(marker) >= 5000);
    stop.request_stop();
    runs.join();
    OF_VERIFY(*outcome);
    QCOMPARE((*outcome)->ending, Ending::Cancelled);
    QCOMPARE(processesWith(marker), 0);
}

void KillTreeTest::boundsAForkBomb()
{
    OF_REQUIRE_SANDBOX(m_runner);
    const QByteArray marker = uniqueNumber();
    CommandRequest request = m_bench->script("bomb() { bomb " + marker + " | bomb " + marker
                                             + " & }; bomb 2>/dev/null; touch ready; sleep " + marker);
    request.limits.processes = 100;
    request.limits.time = std::chrono::seconds(5);
    const auto outcome = m_runner.run(request, {});
    OF_VERIFY(outcome);
    QVERIFY(!outcome->succeeded());
    QCOMPARE(processesWith(marker), 0);
    QCOMPARE(processesWith(request.argv.last().toUtf8()), 0);
}

void KillTreeTest::namesTheLimitOfProcesses()
{
    OF_REQUIRE_SANDBOX(m_runner);
    CommandRequest request = m_bench->script("for i in $(seq 60); do sleep 60 & done; wait");
    request.limits.processes = 30;
    const auto outcome = m_runner.run(request, {});
    OF_VERIFY(outcome);
    QCOMPARE(outcome->ending, Ending::ProcessLimit);
    QVERIFY(Workbench::read(request.logPath).contains("limit of 30 processes"));
}

void KillTreeTest::boundsMemory()
{
    OF_REQUIRE_SANDBOX(m_runner);
    CommandRequest request = m_bench->script(
        "import os\nos.fork()\nheld = []\nwhile True: held.append(bytearray(1 << 22))\n", QStringLiteral("python3"));
    request.limits.memoryMb = 300;
    const auto outcome = m_runner.run(request, {});
    OF_VERIFY(outcome);
    QCOMPARE(outcome->ending, Ending::MemoryLimit);
    QVERIFY(Workbench::read(request.logPath).contains("memory limit of 300 MB"));
    // Pages shared after a fork are counted once.
    CommandRequest shared = m_bench->script(
        "import os, time\nheld = bytearray(b'x') * (100 << 20)\nfor i in range(5):\n    if os.fork() == 0:\n"
        "        time.sleep(1)\n        os._exit(0)\nfor i in range(5): os.wait()\n",
        QStringLiteral("python3"));
    shared.limits.memoryMb = 300;
    const auto second = m_runner.run(shared, {});
    OF_VERIFY(second);
    QCOMPARE(second->ending, Ending::Exit);
    QVERIFY(second->peakMemoryKb > 100 * 1024);
}

void KillTreeTest::boundsOutput()
{
    OF_REQUIRE_SANDBOX(m_runner);
    CommandRequest request = m_bench->command({QStringLiteral("yes")});
    request.limits.outputBytes = 1'000'000;
    const auto outcome = m_runner.run(request, {});
    OF_VERIFY(outcome);
    QCOMPARE(outcome->ending, Ending::OutputLimit);
    const QByteArray log = Workbench::read(request.logPath);
    QVERIFY(log.size() < 1'000'500 && log.size() > 500'000);
    QVERIFY(log.last(200).contains("[openfactory] output limit of 1000000 bytes"));
    // Line by line on two streams the index grows faster than the log.
    CommandRequest alternating = m_bench->script(
        "import os\nwhile True:\n    os.write(1, b'\\n')\n    os.write(2, b'\\n')\n", QStringLiteral("python3"));
    alternating.limits.outputBytes = 1'000'000;
    OF_VERIFY(m_runner.run(alternating, {}));
    QVERIFY(QFileInfo(alternating.logPath + QStringLiteral(".idx")).size() < 1'500'000);
}

void KillTreeTest::boundsCpuTime()
{
    OF_REQUIRE_SANDBOX(m_runner);
    CommandRequest request = m_bench->script("while :; do :; done");
    request.limits.cpu = std::chrono::seconds(1);
    const auto outcome = m_runner.run(request, {});
    OF_VERIFY(outcome);
    QCOMPARE(outcome->ending, Ending::Signal);
    QVERIFY2(outcome->cpuMs >= 500, qPrintable(QString::number(outcome->cpuMs)));
}

void KillTreeTest::leavesNothingWhenTheEngineIsKilled_data()
{
    QTest::addColumn<QString>("mode");
    QTest::newRow("sandbox") << QStringLiteral("sandbox");
    QTest::newRow("sandbox off") << QStringLiteral("off");
}

void KillTreeTest::leavesNothingWhenTheEngineIsKilled()
{
    QFETCH(QString, mode);
    if (mode != u"off")
        OF_REQUIRE_SANDBOX(m_runner);
    const QByteArray marker = uniqueNumber();
    QProcess engine;
    engine.start(QCoreApplication::applicationFilePath(),
                 {QStringLiteral("--engine"), mode, QString::fromLatin1(marker)});
    QTRY_VERIFY_WITH_TIMEOUT(engine.canReadLine() || engine.state() == QProcess::NotRunning, 30'000);
    QTRY_VERIFY_WITH_TIMEOUT(processesWith(marker) >= 6, 20'000);
    engine.kill();
    QVERIFY(engine.waitForFinished(20'000));
    QTRY_COMPARE_WITH_TIMEOUT(processesWith(marker), 0, 5'000);
}

void KillTreeTest::survivesTheThreadThatRanTheFirstCommand()
{
    OF_REQUIRE_SANDBOX(m_runner);
    // The second command finds the sandbox that the first one's thread asked for; that thread is gone.
    std::thread([&] { OF_VERIFY(m_runner.run(m_bench->command({QStringLiteral("true")}), {})); }).join();
    CommandRequest request = m_bench->script("sleep 0.2; echo fine");
    const auto outcome = m_runner.run(request, {});
    OF_VERIFY(outcome);
    QCOMPARE(Workbench::read(request.logPath), QByteArray("fine\n"));
}

void KillTreeTest::runsOnWhenAnIdleSandboxDied()
{
    OF_REQUIRE_SANDBOX(m_runner);
    OF_VERIFY(m_runner.run(m_bench->command({QStringLiteral("true")}), {}));
    const std::vector<QString> killed = killSandboxes();
    QVERIFY(!killed.empty());
    for (const QString &stat : killed)
        QTRY_VERIFY(Workbench::read(stat).contains(") Z "));
    const auto outcome = m_runner.run(m_bench->command({QStringLiteral("true")}), {});
    OF_VERIFY(outcome);
    QVERIFY(outcome->succeeded());
}

/// Neither the change nor the tool is to blame for it: that is no verdict, the same may pass later.
void KillTreeTest::saysThatTheSandboxWasEndedFromOutside()
{
    OF_REQUIRE_SANDBOX(m_runner);
    const QByteArray marker = uniqueNumber();
    const CommandRequest request = m_bench->script("sleep " + marker);
    std::thread outside([&] {
        for (int i = 0; i < 2000 && processesWith("sleep" + QByteArray(1, '\0') + marker) == 0; ++i)
            QThread::msleep(10);
        killSandboxes();
    });
    const auto outcome = m_runner.run(request, {});
    outside.join();
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::Unavailable);
    QVERIFY(outcome.error().said.contains(QStringLiteral("ended from outside")));
    QTRY_COMPARE(processesWith(marker), 0);
}

void KillTreeTest::endsNothingElseWhenTheSandboxIsOff()
{
    RunnerOptions options;
    options.mode = SandboxMode::Off;
    SandboxedRunner runner(options);
    QProcess bystander;
    bystander.start(QStringLiteral("sleep"), {QStringLiteral("1000")});
    QVERIFY(bystander.waitForStarted());
    const QByteArray marker = uniqueNumber();
    OF_VERIFY(runner.run(m_bench->script(slippery(marker), QStringLiteral("python3")), {}));
    QCOMPARE(processesWith(marker), 0);
    QCOMPARE(bystander.state(), QProcess::Running);
    bystander.kill();
    bystander.waitForFinished();
}

/// The engine that is to be killed: runs a command that goes on for ever.
static int engine(const QByteArray &mode, const QByteArray &marker)
{
    Workbench bench;
    RunnerOptions options;
    options.mode = mode == "off" ? SandboxMode::Off : SandboxMode::Bubblewrap;
    SandboxedRunner runner(options);
    CommandRequest request = bench.script(slippery(marker) + "deaf()\nwhile True: signal.pause()\n",
                                          QStringLiteral("python3"));
    puts("begins");
    fflush(stdout);
    return runner.run(request, {}) ? 0 : 1;
}

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (argc > 3 && QByteArray(argv[1]) == "--engine")
        return engine(argv[2], argv[3]);
    KillTreeTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "killtree_test.moc"
