// SPDX-License-Identifier: Apache-2.0
#include "app/wiring/factory.h"
#include "app/wiring/settings.h"
#include "core/base/host.h"
#include "core/base/text.h"
#include "core/process/sandboxedrunner.h"
#include "core/security/secretmasker.h"
#include "core/security/secretsources.h"
#include "core/store/datafolder.h"
#include "core/store/sqlitejobstore.h"
#include "core/toolchain/yamltoolchains.h"

#include <QFile>
#include <QFileInfo>

#include <sys/statvfs.h>

namespace openfactory {

namespace {

using State = HostCheck::State;

HostCheck check(const QString &name, State state, const QString &said, const QString &fix = {}, bool needed = false)
{
    return {state, name, said, fix, needed};
}

/// The layers of the sandbox by the names that stand in every command's row.
struct Layer {
    const char *name;
    const char *what;
    const char *fix;
    bool needed;
};
constexpr Layer kLayers[]{
    {"bwrap", "own root: the system read-only, the workspace writable, own /tmp and home", "install bubblewrap", true},
    {"namespaces", "own users, processes, mounts and ipc; not root inside, no capabilities",
     "allow user namespaces: sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns", true},
    {"no-network", "no network, unless the stage declares it", "allow user namespaces", true},
    {"no-new-privileges", "no program gains rights by being started", "a kernel from 3.5 on", true},
    {"seccomp", "calls that open the kernel to attack are refused", "a kernel with CONFIG_SECCOMP_FILTER", true},
    {"rlimits", "limits on time, memory, processes, file size and core files", "a Linux kernel", true},
    {"watch", "memory and processes of the whole tree are watched, and all of it ends together", "a Linux kernel",
     true},
    {"landlock", "no abstract sockets and no signals outwards, a second time",
     "a kernel from 6.12 on; it is a second layer, jobs run without", false},
    {"systemd-scope", "the kernel enforces memory and processes of the whole tree by cgroup",
     "run under a systemd user manager (loginctl enable-linger USER); without it they are watched", false},
};

void checkSandbox(std::vector<HostCheck> &checks, bool off)
{
    if (off) {
        checks.push_back(
            check(QStringLiteral("sandbox"), State::Missing,
                  QStringLiteral("turned off by name in openfactory.yaml: commands run with all your rights"),
                  QStringLiteral("remove `sandbox: off`")));
        return;
    }
    const SandboxedRunner runner(RunnerOptions{});
    const auto facts = runner.probe();
    checks.push_back(
        facts ? check(QStringLiteral("sandbox"), State::Good, QStringLiteral("seen from inside as it has to be"))
              : check(QStringLiteral("sandbox"), State::Missing, toText(facts.error()),
                      facts.error().hint.isEmpty() ? QStringLiteral("see the layers below") : QString(), true));
    for (const Layer &layer : kLayers) {
        const QString name = QString::fromLatin1(layer.name);
        const State state = !facts ? State::Unknown : facts->layers.contains(name) ? State::Good : State::Missing;
        checks.push_back(check(QStringLiteral("  ") + name, state, QString::fromLatin1(layer.what),
                               facts ? QString::fromLatin1(layer.fix) : QString(), layer.needed && facts));
    }
}

void checkTools(std::vector<HostCheck> &checks)
{
    std::vector<ToolNeed> tools{{QStringLiteral("git"), QStringLiteral("making the smoke test's repository"),
                                 QStringLiteral("apt install git")}};
    if (const auto toolchains = YamlToolchains::load())
        std::ranges::copy((*toolchains)->tools(), std::back_inserter(tools));
    else
        checks.push_back(check(QStringLiteral("toolchains"), State::Missing, toText(toolchains.error()), {}, true));
    const SandboxedRunner runner(RunnerOptions{});
    for (const ToolNeed &tool : tools) {
        const bool there = runner.hasProgram(tool.program);
        checks.push_back(
            check(tool.program, there ? State::Good : State::Missing, tool.use, there ? QString() : tool.howToInstall));
    }
}

void checkData(std::vector<HostCheck> &checks, const QString &folder, bool brokenAuditWarns)
{
    struct statvfs disk{};
    const QString place = QFileInfo::exists(folder) ? folder : QFileInfo(folder).absolutePath();
    const QFileInfo facts(folder);
    if (const auto usable = DataFolder::look(folder); !usable)
        checks.push_back(
            check(QStringLiteral("data directory"), State::Missing, usable.error().said, usable.error().hint, true));
    else if (facts.exists() && !(facts.isDir() && facts.isWritable() && facts.isExecutable()))
        checks.push_back(check(QStringLiteral("data directory"), State::Missing,
                               QStringLiteral("%1 is not a folder that this user can write to").arg(folder),
                               QStringLiteral("name another with --data or $OPENFACTORY_DATA"), true));
    if (::statvfs(QFile::encodeName(place).constData(), &disk) == 0) {
        const qint64 free = qint64(disk.f_bavail) * qint64(disk.f_frsize) / (1024 * 1024);
        checks.push_back(check(QStringLiteral("disk"), free < 256 ? State::Missing : State::Good,
                               QStringLiteral("%1 MiB free in %2").arg(free).arg(place),
                               QStringLiteral("free some space"), free < 64));
    } else {
        checks.push_back(
            check(QStringLiteral("disk"), State::Unknown, QStringLiteral("%1 cannot be looked at").arg(place)));
    }
    const SqliteFacts sqlite = sqliteFacts();
    checks.push_back(check(QStringLiteral("SQLite"), State::Good,
                           sqlite.walResetFixed
                               ? sqlite.version
                               : QStringLiteral("%1, which can damage a file that two programs write and checkpoint at "
                                                "once (mended in 3.51.3): all of OpenFactory's go through one lock, so "
                                                "write to the store with no other program")
                                     .arg(sqlite.version)));
    if (!QFileInfo::exists(folder + QStringLiteral("/openfactory.db"))
        && QFileInfo::exists(folder + QStringLiteral("/audit.head"))) {
        checks.push_back(
            check(QStringLiteral("store"), State::Missing,
                  QStringLiteral("%1/openfactory.db is gone, though the head of its audit log is here").arg(folder),
                  QStringLiteral("put back the newest openfactory.db.backup-* or a copy of your own"), true));
        return;
    }
    if (!QFileInfo::exists(folder + QStringLiteral("/openfactory.db"))) {
        checks.push_back(check(QStringLiteral("store"), State::Good,
                               QStringLiteral("none yet; the first job makes %1").arg(folder)));
        return;
    }
    static const SystemClock clock;
    const auto sound = checkStore(folder);
    const auto store = sound ? openStore(folder, clock, OpenMode::ReadOnly) : std::unexpected(sound.error());
    // Only one of an older version is brought along by whoever opens it to write.
    if (!store && store.error().kind != ErrorKind::Unavailable) {
        checks.push_back(
            check(QStringLiteral("store"), State::Missing, toText(store.error()), store.error().hint, true));
        return;
    }
    checks.push_back(check(QStringLiteral("store"), State::Good, folder));
    const auto report = store ? (*store)->verifyAudit() : std::unexpected(store.error());
    if (report)
        checks.push_back(check(QStringLiteral("audit chain"), report->sound ? State::Good : State::Missing,
                               report->sound ? counted(report->entries, QStringLiteral("entry")) : report->said,
                               QStringLiteral("factory audit verify"), !brokenAuditWarns));
    else if (store)
        checks.push_back(check(QStringLiteral("audit chain"), State::Missing, toText(report.error()),
                               QStringLiteral("factory audit verify"), !brokenAuditWarns));
}

} // namespace

QString toName(HostCheck::State state)
{
    switch (state) {
    case State::Good: return QStringLiteral("good");
    case State::Missing: return QStringLiteral("missing");
    case State::Unknown: return QStringLiteral("unknown");
    }
    return {};
}

std::vector<HostCheck> examineHost(const QString &dataFolder)
{
    std::vector<HostCheck> checks;
    const auto settings = readSettings(dataFolder);
    if (dataFolder.isEmpty()) // then there is none to look at below
        checks.push_back(check(QStringLiteral("data directory"), State::Missing, settings.error().said,
                               settings.error().hint, true));
    else if (!settings)
        checks.push_back(check(QStringLiteral("settings"), State::Missing, toText(settings.error()),
                               QStringLiteral("mend openfactory.yaml"), true));
    else
        checks.push_back(check(QStringLiteral("author"), State::Good,
                               QStringLiteral("commits are by %1 <%2>; git's own identity is not used")
                                   .arg(settings->authorName, settings->authorEmail)));
    checkSandbox(checks, settings && settings->sandboxOff);
    checkTools(checks);
    if (!dataFolder.isEmpty())
        checkData(checks, dataFolder, settings && settings->engine.brokenAuditWarns);
    SecretSources::Places places;
    if (!dataFolder.isEmpty())
        places.own = dataFolder + QStringLiteral("/secrets");
    const FoundSecrets secrets = SecretSources(places).read();
    SecretMasker masker;
    const std::vector<Error> useless = masker.addUsable(secrets.secrets);
    checks.push_back(check(QStringLiteral("secrets"), State::Good,
                           QStringLiteral("%1 known, masked everywhere").arg(secrets.secrets.size() - useless.size())));
    for (const Error &one : useless)
        checks.push_back(check(QStringLiteral("secret"), State::Missing, toText(one), one.hint));
    for (const Error &refused : secrets.refused)
        checks.push_back(check(QStringLiteral("secret"), State::Missing, toText(refused), refused.hint));
    return checks;
}

} // namespace openfactory
