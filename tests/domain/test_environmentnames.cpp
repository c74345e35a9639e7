// SPDX-License-Identifier: Apache-2.0
#include "core/domain/environmentnames.h"

#include <QTest>

using namespace openfactory;

class EnvironmentTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void refusesNamesThatSteer_data();
    void refusesNamesThatSteer();
    void takesPlainNames_data();
    void takesPlainNames();
    void refusesWhatIsNoName_data();
    void refusesWhatIsNoName();
};

void EnvironmentTest::refusesNamesThatSteer_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"PATH",
                             "HOME",
                             "LD_PRELOAD",
                             "LD_LIBRARY_PATH",
                             "LD_AUDIT",
                             "GIT_DIR",
                             "GIT_SSH_COMMAND",
                             "GIT_CONFIG_COUNT",
                             "PYTHONSTARTUP",
                             "PYTHONPATH",
                             "PYTHONHOME",
                             "PYTHONINSPECT",
                             "PYTHONWARNINGS",
                             "PYTHONUSERBASE",
                             "PYTHONBREAKPOINT",
                             "PYTHONPLATLIBDIR",
                             "BASH_ENV",
                             "ENV",
                             "IFS",
                             "SHELLOPTS",
                             "PS4",
                             "NODE_OPTIONS",
                             "node_options",
                             "PERL5OPT",
                             "PERL5LIB",
                             "PERL5DB",
                             "RUBYOPT",
                             "JAVA_TOOL_OPTIONS",
                             "_JAVA_OPTIONS",
                             "GCONV_PATH",
                             "GLIBC_TUNABLES",
                             "LUA_INIT",
                             "LUA_INIT_5_4",
                             "npm_config_script_shell",
                             "NPM_CONFIG_NODE_OPTIONS",
                             "MAKEFLAGS",
                             "RUSTC_WRAPPER",
                             "CMAKE_CXX_COMPILER_LAUNCHER",
                             "CCACHE_PREFIX",
                             "CCACHE_COMPILER",
                             "DISTCC_SSH",
                             "PKG_CONFIG",
                             "CONFIG_SITE",
                             "GOFLAGS",
                             "PYTEST_ADDOPTS",
                             "PYTEST_PLUGINS",
                             "CMAKE_TOOLCHAIN_FILE",
                             "PYTEST_DISABLE_PLUGIN_AUTOLOAD",
                             "EDITOR",
                             "GIT_PAGER",
                             "MANPAGER",
                             "PAGER",
                             "SSH_ASKPASS",
                             "SSH_AUTH_SOCK",
                             "OPENSSL_CONF",
                             "BASH_FUNC_ls",
                             "XDG_CONFIG_HOME",
                             "DOTNET_STARTUP_HOOKS",
                             "TAR_OPTIONS",
                             "LESSOPEN",
                             "TMPDIR",
                             "MALLOC_TRACE",
                             "CARGO_TARGET_X86_64_RUNNER",
                             "DBUS_SESSION_BUS_ADDRESS"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void EnvironmentTest::refusesNamesThatSteer()
{
    QFETCH(QString, name);
    const auto verdict = checkEnvironmentName(name);
    QVERIFY(!verdict);
    QCOMPARE(verdict.error().kind, ErrorKind::Denied);
}

void EnvironmentTest::takesPlainNames_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED", "DJANGO_SETTINGS_MODULE", "DATABASE_URL",
                             "TZ", "LC_ALL", "CI", "NO_COLOR", "API_TOKEN", "COVERAGE_FILE", "CARGO_HOME",
                             "CARGO_TARGET_DIR", "GOCACHE", "RUST_BACKTRACE", "SOURCE_DATE_EPOCH", "lower_case"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void EnvironmentTest::takesPlainNames()
{
    QFETCH(QString, name);
    QVERIFY(checkEnvironmentName(name).has_value());
}

void EnvironmentTest::refusesWhatIsNoName_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("empty") << QString();
    QTest::newRow("equals") << QStringLiteral("A=B");
    QTest::newRow("nul") << QString(QStringLiteral("A") + QChar(0));
    QTest::newRow("line") << QStringLiteral("A\nLD_PRELOAD");
    QTest::newRow("digit") << QStringLiteral("1A");
    QTest::newRow("function") << QStringLiteral("BASH_FUNC_x%%");
    QTest::newRow("letters of other scripts") << QStringLiteral("\u0391");
}

void EnvironmentTest::refusesWhatIsNoName()
{
    QFETCH(QString, name);
    const auto verdict = checkEnvironmentName(name);
    QVERIFY(!verdict);
    QCOMPARE(verdict.error().kind, ErrorKind::Invalid);
}

QTEST_GUILESS_MAIN(EnvironmentTest)
#include "test_environmentnames.moc"
