// SPDX-License-Identifier: Apache-2.0
/// A disk of a few hundred kilobytes that can be filled, for this process alone. Made first of all in main(): it needs
/// a namespace, which a process with several threads cannot enter.
#pragma once

#include <QByteArray>
#include <QFile>
#include <QString>
#include <QTemporaryDir>

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace openfactory {

class SmallDisk {
public:
    SmallDisk()
    {
        const uid_t user = ::getuid();
        const gid_t group = ::getgid();
        if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 || !put("/proc/self/setgroups", "deny")
            || !put("/proc/self/uid_map", QByteArray::number(user) + ' ' + QByteArray::number(user) + " 1")
            || !put("/proc/self/gid_map", QByteArray::number(group) + ' ' + QByteArray::number(group) + " 1")
            || ::mount("small", QFile::encodeName(m_folder.path()).constData(), "tmpfs", 0, "size=256k,mode=700") != 0)
            m_why = QString::fromLocal8Bit(std::strerror(errno));
    }
    ~SmallDisk()
    {
        if (m_why.isEmpty())
            ::umount2(QFile::encodeName(m_folder.path()).constData(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk &) = delete;
    SmallDisk &operator=(const SmallDisk &) = delete;

    /// Why there is none; empty where there is.
    const QString &whyNot() const { return m_why; }
    QString path() const { return m_folder.path(); }
    /// Takes all the room that is left.
    void fill() const
    {
        QFile filler(fillerPath());
        const QByteArray block(4096, 'x');
        while (filler.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered)
               && filler.write(block) == block.size())
            filler.close();
    }
    void makeRoom() const { QFile::remove(fillerPath()); }

private:
    static bool put(const char *path, const QByteArray &text)
    {
        QFile file(QLatin1StringView{path});
        return file.open(QIODevice::WriteOnly | QIODevice::Unbuffered) && file.write(text) == text.size();
    }
    QString fillerPath() const { return m_folder.filePath(QStringLiteral("filler")); }

    QTemporaryDir m_folder;
    QString m_why;
};

} // namespace openfactory
