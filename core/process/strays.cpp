// SPDX-License-Identifier: Apache-2.0
#include "core/process/strays.h"

#include "core/base/descriptor.h"
#include "core/process/sandboxscope.h"

#include <QDir>
#include <QFile>

#include <sys/stat.h>
#include <sys/syscall.h>

#include <csignal>
#include <vector>

namespace openfactory {

namespace {

constexpr int kMostMs = 5000; ///< a killed process is gone in milliseconds, unless it hangs in the kernel

bool isSame(const struct stat &a, const struct stat &b)
{
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/// Whether the process has another root than we, with the workspace in it where a sandbox shows it.
bool seesAsWorkspace(const QString &pid, const struct stat &workspace)
{
    const QByteArray root = QFile::encodeName(QStringLiteral("/proc/%1/root/").arg(pid));
    const QByteArray inside = root + QFile::encodeName(workspaceInside());
    struct stat ours{};
    struct stat theirs{};
    struct stat seen{};
    return ::stat("/", &ours) == 0 && ::stat(root.constData(), &theirs) == 0 && !isSame(ours, theirs)
           && ::stat(inside.constData(), &seen) == 0 && isSame(seen, workspace);
}

} // namespace

Result<int> endSandboxesOf(const QString &workspace)
{
    const QString doing = QStringLiteral("end the commands left in %1").arg(workspace);
    struct stat facts{};
    if (::stat(QFile::encodeName(workspace).constData(), &facts) != 0)
        return 0; // no folder, nobody in it
    std::vector<Descriptor> ended;
    const QStringList all = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &pid : all) {
        if (!pid.front().isDigit() || !seesAsWorkspace(pid, facts))
            continue;
        Descriptor process(int(::syscall(SYS_pidfd_open, pid.toInt(), 0)));
        // Once more: now the number cannot pass to another process.
        if (process && seesAsWorkspace(pid, facts)
            && ::syscall(SYS_pidfd_send_signal, process.get(), SIGKILL, nullptr, 0) == 0)
            ended.push_back(std::move(process));
    }
    for (const Descriptor &process : ended) {
        if (!waitReadable(process.get(), std::chrono::milliseconds(kMostMs)))
            return fail(ErrorKind::Timeout, doing, QStringLiteral("a process does not end"));
    }
    return int(ended.size());
}

} // namespace openfactory
