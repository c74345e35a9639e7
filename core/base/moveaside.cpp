// SPDX-License-Identifier: Apache-2.0
#include "core/base/moveaside.h"

#include "core/base/descriptor.h"
#include "core/base/file.h"
#include "core/base/text.h"

#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>

namespace openfactory {

namespace {
constexpr qsizetype longestName = 240; ///< of 255 bytes; a number comes behind it
constexpr int mostOfOneName = 1000;
} // namespace

QString asidePrefix(const QString &workspaceName)
{
    return QStringLiteral(".left-in-") + workspaceName + QLatin1Char('-');
}

QString unseenAside(const QString &path, const QString &workspaceName)
{
    return QFileInfo(path).path() + QLatin1Char('/') + asidePrefix(workspaceName) + QStringLiteral("ignored");
}

Result<void> moveAside(const QString &folder, const QByteArray &relative, const QString &to)
{
    const QString doing = QStringLiteral("put %1 aside").arg(displayPath(relative));
    const auto failed = [&] { return std::unexpected(errnoError(errno, doing)); };
    const qsizetype slash = relative.lastIndexOf('/');
    const QByteArray base = relative.sliced(slash + 1);
    if (relative.contains('\0') || base.isEmpty() || base == "." || base == "..")
        return fail(ErrorKind::Invalid, doing, QStringLiteral("the path names no file"));
    OF_CHECK(makeFolder(to));
    const Descriptor root(::open(QFile::encodeName(folder).constData(), O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    const Descriptor aside(::open(QFile::encodeName(to).constData(), O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (root.get() < 0 || aside.get() < 0)
        return failed();
    open_how how{};
    how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
    const QByteArray above = slash < 0 ? QByteArray(".") : relative.first(slash);
    const Descriptor parent(int(::syscall(SYS_openat2, root.get(), above.constData(), &how, sizeof how)));
    if (parent.get() < 0)
        return failed();
    const QByteArray flat = QByteArray(relative).replace('%', "%25").replace('/', "%2F").right(longestName);
    for (int i = 1; i <= mostOfOneName; ++i) {
        const QByteArray name = i == 1 ? flat : flat + '~' + QByteArray::number(i);
        if (::renameat2(parent.get(), base.constData(), aside.get(), name.constData(), RENAME_NOREPLACE) == 0)
            return {};
        if (errno != EEXIST)
            return failed();
    }
    return failed();
}

QByteArrayList movedAside(const QString &to, qint64 sinceMs)
{
    QByteArrayList paths;
    const std::string folder = QFile::encodeName(to).toStdString();
    // By its bytes: Qt looks past a name that is not UTF-8.
    std::error_code failed;
    for (const auto &entry : std::filesystem::directory_iterator(folder, failed)) {
        constexpr qint64 coarse = 100; // ms that a file system's clock may be behind
        struct stat facts{};
        if (::lstat(entry.path().c_str(), &facts) != 0)
            continue;
        if (sinceMs <= 0 || facts.st_ctim.tv_sec * 1000 + facts.st_ctim.tv_nsec / 1'000'000 >= sinceMs - coarse)
            paths << QByteArray::fromPercentEncoding(QByteArray::fromStdString(entry.path().filename().native()));
    }
    std::ranges::sort(paths);
    return paths;
}

} // namespace openfactory
