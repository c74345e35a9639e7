// SPDX-License-Identifier: Apache-2.0
/// The profile (hardening.md, B-bwrap) in bubblewrap's words.
#include "core/base/file.h"
#include "core/process/sandboxsession.h"

#include <QFile>
#include <QFileInfo>

namespace openfactory {

namespace {

/// The system's programs and libraries: /usr, and the old names of its parts as they are on this host.
QByteArrayList system()
{
    QByteArrayList words{"--ro-bind", "/usr", "/usr"};
    for (const char *name : {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
        const QFileInfo facts(QString::fromLatin1(name));
        if (facts.isSymLink())
            words << "--symlink" << QFile::encodeName(facts.symLinkTarget()) << name;
        else if (facts.isDir())
            words << "--ro-bind" << name << name;
    }
    return words;
}

Result<void> addFile(QByteArrayList &words, std::vector<Descriptor> &data, const char *inside, const QByteArray &bytes)
{
    OF_TRY(file, memoryFile(bytes));
    words << "--perms" << "0444" << "--file" << QByteArray::number(file.get()) << inside;
    data.push_back(std::move(file));
    return {};
}

/// Of /etc only what programs need to start; nothing that names people, hosts or keys of this machine.
Result<void> addSettings(QByteArrayList &words, std::vector<Descriptor> &data, bool network)
{
    for (const char *name : {"/etc/alternatives", "/etc/ssl/certs"}) {
        if (QFileInfo(QString::fromLatin1(name)).isDir())
            words << "--ro-bind" << name << name;
    }
    for (const char *name : {"/etc/ld.so.cache", "/etc/localtime"}) {
        if (const auto bytes = readSmallFile(QFileInfo(QString::fromLatin1(name)).canonicalFilePath()))
            OF_CHECK(addFile(words, data, name, *bytes));
    }
    OF_CHECK(addFile(words, data, "/etc/passwd",
                     "root:x:0:0::/nonexistent:/usr/sbin/nologin\n"
                     "job:x:1000:1000::/home/job:/usr/sbin/nologin\n"
                     "nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n"));
    OF_CHECK(addFile(words, data, "/etc/group", "root:x:0:\njob:x:1000:\nnogroup:x:65534:\n"));
    OF_CHECK(addFile(words, data, "/etc/hosts", "127.0.0.1 localhost openfactory\n::1 localhost openfactory\n"));
    OF_CHECK(addFile(words, data, "/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"));
    if (network) {
        const QString names = QFileInfo(QStringLiteral("/etc/resolv.conf")).canonicalFilePath();
        if (const auto bytes = readSmallFile(names))
            OF_CHECK(addFile(words, data, "/etc/resolv.conf", *bytes));
    }
    return {};
}

} // namespace

Result<QByteArrayList> sandboxArguments(const SandboxTools &tools, const SandboxRequest &request,
                                        std::vector<Descriptor> &data)
{
    const QByteArray size = QByteArray::number(request.temporaryBytes);
    QByteArrayList words{"--unshare-all",
                         "--unshare-user",
                         "--disable-userns",
                         "--uid",
                         "1000",
                         "--gid",
                         "1000",
                         "--hostname",
                         "openfactory",
                         "--new-session",
                         "--die-with-parent",
                         "--as-pid-1",
                         "--cap-drop",
                         "ALL",
                         "--clearenv"};
    if (request.network)
        words << "--share-net";
    words << system();
    OF_CHECK(addSettings(words, data, request.network));
    words << "--proc" << "/proc" << "--dev" << "/dev";
    words << "--perms" << "1777" << "--size" << size << "--tmpfs" << "/tmp";
    words << "--perms" << "1777" << "--size" << size << "--tmpfs" << "/dev/shm";
    words << "--dir" << "/var/tmp" << "--dir" << QFile::encodeName(homeInside());
    OF_TRY(mounts, request.scope->mounts(data));
    words << mounts;
    words << "--ro-bind" << QFile::encodeName(tools.helper) << "/run/openfactory/init";
    if (request.probe)
        words << "--ro-bind" << QFile::encodeName(tools.probe) << "/run/openfactory/probe";
    if (request.forward)
        words << "--ro-bind" << QFile::encodeName(tools.forward) << forwardInside;
    if (!request.proxy.isEmpty())
        words << "--ro-bind" << QFile::encodeName(request.proxy) << proxyInside;
    if (!tools.seccomp.isEmpty()) {
        OF_TRY(filter, memoryFile(tools.seccomp));
        words << "--seccomp" << QByteArray::number(filter.get());
        data.push_back(std::move(filter));
    }
    // The system's own folders are memory without a limit, and /proc/sys obeys a process that is root outside.
    words << "--remount-ro" << "/proc" << "--remount-ro" << "/dev" << "--remount-ro" << "/";
    return words;
}

} // namespace openfactory
