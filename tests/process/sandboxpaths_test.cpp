// SPDX-License-Identifier: Apache-2.0
/// Paths that try to get out, and what a job may leave lying in its folders (hardening.md B18, B19, test 20).
#include "tests/process/workbench.h"

#include <QElapsedTimer>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

using namespace openfactory;

class SandboxPathsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_bench = std::make_unique<Workbench>(); }
    void refusesFoldersOutsideTheWorkspace_data();
    void refusesFoldersOutsideTheWorkspace();
    void followsLinksInTheWorkspaceThatStayInside();
    void refusesAWorkspaceThatIsALink();
    void refusesPartsOfTheSystemAsFurtherFolders_data();
    void refusesPartsOfTheSystemAsFurtherFolders();
    void showsFurtherFoldersUnderTheirNames();
    void survivesAWorkspaceSwappedForALink();
    void leavesMountedFoldersAloneWhenItEmptiesTmp();

private:
    std::unique_ptr<Workbench> m_bench;
    SandboxedRunner m_runner{RunnerOptions{}};
};

void SandboxPathsTest::refusesFoldersOutsideTheWorkspace_data()
{
    QTest::addColumn<QString>("folder");
    for (const char *folder : {"..", "../home", "inner/../..", "/etc", "/workspace", "out", "deep", "magic", "missing",
                               "file", "fifo", "loop"})
        QTest::newRow(folder) << QString::fromLatin1(folder);
    QTest::newRow("nul") << QString(QStringLiteral("inner") + QChar(0) + QStringLiteral("/.."));
}

void SandboxPathsTest::refusesFoldersOutsideTheWorkspace()
{
    QFETCH(QString, folder);
    const QString workspace = m_bench->workspace();
    QDir(workspace).mkdir(QStringLiteral("inner"));
    m_bench->write(QStringLiteral("file"), "x");
    QVERIFY(::mkfifo(QFile::encodeName(workspace + QStringLiteral("/fifo")).constData(), 0600) == 0);
    const auto link = [&](const char *target, const char *name) {
        return ::symlink(target, QFile::encodeName(workspace + u'/' + QLatin1String(name)).constData()) == 0;
    };
    QVERIFY(link("/etc", "out") && link("../home", "deep") && link("/proc/self/root", "magic") && link("loop", "loop"));
    CommandRequest request = m_bench->command({QStringLiteral("true")});
    request.folder = folder;
    const auto outcome = m_runner.run(request, {});
    QVERIFY(!outcome);
    QVERIFY2(!QFile::exists(request.logPath), qPrintable(toText(outcome.error())));
}

void SandboxPathsTest::followsLinksInTheWorkspaceThatStayInside()
{
    OF_REQUIRE_SANDBOX(m_runner);
    QDir(m_bench->workspace()).mkdir(QStringLiteral("inner"));
    QVERIFY(::symlink("inner", QFile::encodeName(m_bench->workspace() + QStringLiteral("/alias")).constData()) == 0);
    CommandRequest request = m_bench->command({QStringLiteral("pwd"), QStringLiteral("-P")});
    request.folder = QStringLiteral("alias");
    OF_VERIFY(m_runner.run(request, {}));
    QCOMPARE(Workbench::read(request.logPath), QByteArray("/workspace/inner\n"));
}

void SandboxPathsTest::refusesAWorkspaceThatIsALink()
{
    const QString link = m_bench->path(QStringLiteral("link"));
    QVERIFY(QFile::link(m_bench->workspace(), link));
    CommandRequest request = m_bench->command({QStringLiteral("true")});
    request.scope.workspace = link;
    QVERIFY(!m_runner.run(request, {}));
    request = m_bench->command({QStringLiteral("true")});
    request.scope.home = link;
    QVERIFY(!m_runner.run(request, {}));
    request = m_bench->command({QStringLiteral("true")});
    request.scope.writable = {link};
    QVERIFY(!m_runner.run(request, {}));
    request = m_bench->command({QStringLiteral("true")});
    request.scope.workspace = QStringLiteral("workspace"); // relative
    QVERIFY(!m_runner.run(request, {}));
    // A .git that is a link could name any file of the host to be shown.
    QVERIFY(QFile::link(QStringLiteral("/etc/shadow"), m_bench->workspace() + QStringLiteral("/.git")));
    QVERIFY(!m_runner.run(m_bench->command({QStringLiteral("true")}), {}));
}

void SandboxPathsTest::refusesPartsOfTheSystemAsFurtherFolders_data()
{
    QTest::addColumn<QString>("path");
    for (const char *path :
         {"/",    "/usr",        "/usr/bin", "/etc", "/etc/ssl", "/proc", "/dev",       "/sys",
          "/run", "/run/user",   "/home",    "/var", "/var/run", "/lib",  "/workspace", "/workspace/x",
          "/tmp", "/tmp/../etc", "/tmp//x",  "tmp",  "",         "/boot"})
        QTest::newRow(path) << QString::fromLatin1(path);
}

void SandboxPathsTest::refusesPartsOfTheSystemAsFurtherFolders()
{
    QFETCH(QString, path);
    CommandRequest request = m_bench->command({QStringLiteral("true")});
    request.scope.writable = {path};
    QVERIFY(!m_runner.run(request, {}));
    request.scope.writable = {};
    request.scope.readOnly = {path};
    QVERIFY(!m_runner.run(request, {}));
}

void SandboxPathsTest::showsFurtherFoldersUnderTheirNames()
{
    OF_REQUIRE_SANDBOX(m_runner);
    const QString reports = m_bench->path(QStringLiteral("reports"));
    const QString tools = m_bench->path(QStringLiteral("tools"));
    QVERIFY(QDir().mkpath(reports) && QDir().mkpath(tools));
    CommandRequest request = m_bench->command(
        {QStringLiteral("cp"), QStringLiteral("made"), reports + QStringLiteral("/made")});
    m_bench->write(QStringLiteral("made"), "report");
    request.allowed = {{{QStringLiteral("cp"), QStringLiteral("{path}"), QStringLiteral("{path}")}}};
    request.scope.writable = {reports};
    request.scope.readOnly = {tools};
    OF_VERIFY(m_runner.run(request, {}));
    QCOMPARE(Workbench::read(reports + QStringLiteral("/made")), QByteArray("report"));

    CommandRequest closed = m_bench->script("touch " + tools.toUtf8() + "/x 2>&1 | grep -c Read-only");
    closed.scope.readOnly = {tools};
    OF_VERIFY(m_runner.run(closed, {}));
    QCOMPARE(Workbench::read(closed.logPath), QByteArray("1\n"));
}

void SandboxPathsTest::survivesAWorkspaceSwappedForALink()
{
    OF_REQUIRE_SANDBOX(m_runner);
    // While commands start, the workspace changes places with a link to a folder that no command may see.
    QDir().mkdir(m_bench->path(QStringLiteral("private")));
    QFile file(m_bench->path(QStringLiteral("private/canary")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    const QByteArray workspace = QFile::encodeName(m_bench->workspace());
    const QByteArray link = QFile::encodeName(m_bench->path(QStringLiteral("swap")));
    QVERIFY(::symlink("private", link.constData()) == 0);
    std::jthread swapper([&](const std::stop_token &stop) {
        while (!stop.stop_requested())
            ::renameat2(AT_FDCWD, workspace.constData(), AT_FDCWD, link.constData(), RENAME_EXCHANGE);
    });
    RunnerOptions options;
    options.idle = std::chrono::milliseconds(0);
    SandboxedRunner cold(options);
    OF_VERIFY(cold.probe());
    int ran = 0;
    int refused = 0;
    QElapsedTimer time;
    for (time.start(); time.elapsed() < 3000 || (ran == 0 && time.elapsed() < 20'000);) {
        CommandRequest request = m_bench->command({QStringLiteral("ls"), QStringLiteral("-A")});
        const auto outcome = cold.run(request, {});
        (outcome ? ran : refused) += 1;
        if (outcome)
            QVERIFY(!Workbench::read(request.logPath).contains("canary"));
    }
    swapper.request_stop();
    qInfo("%d ran, %d refused", ran, refused);
    QVERIFY(ran > 0);
}

void SandboxPathsTest::leavesMountedFoldersAloneWhenItEmptiesTmp()
{
    OF_REQUIRE_SANDBOX(m_runner);
    QTemporaryDir inTmp(QStringLiteral("/tmp/openfactory-test-XXXXXX"));
    QFile file(inTmp.filePath(QStringLiteral("report")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("precious");
    file.close();
    for (int i = 0; i < 2; ++i) {
        CommandRequest request = m_bench->script("ls -A " + inTmp.path().toUtf8() + "; touch /tmp/x "
                                                 + inTmp.path().toUtf8() + "/more");
        request.scope.writable = {inTmp.path()};
        OF_VERIFY(m_runner.run(request, {}));
        QCOMPARE(Workbench::read(request.logPath), QByteArray(i == 0 ? "report\n" : "more\nreport\n"));
    }
    QCOMPARE(Workbench::read(file.fileName()), QByteArray("precious"));
}

QTEST_GUILESS_MAIN(SandboxPathsTest)
#include "sandboxpaths_test.moc"
