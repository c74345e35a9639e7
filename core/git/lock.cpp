// SPDX-License-Identifier: Apache-2.0
#include "core/git/lock.h"

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/git/folder.h"
#include "core/git/handle.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>

namespace openfactory::git {

namespace {

const QString wordPrefix = QStringLiteral("lock-");
/// A lock is made right after the word of it. One that is younger than the word by more than this is somebody else's.
constexpr qint64 mostBetween = 2'000'000'000; ///< ns

/// "pid start-time boot": names this process among all of all times on this machine.
QByteArray processMark(qint64 pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray stat = file.readAll();
    // The name may hold anything; the fields count from behind its closing bracket: state is the third, start the 22nd.
    const QList<QByteArray> fields = stat.sliced(std::min(stat.size(), stat.lastIndexOf(')') + 2)).split(' ');
    if (fields.size() < 20 || fields[0] == "Z" || fields[0] == "X")
        return {};
    return QByteArray::number(pid) + ' ' + fields[19] + ' ' + SystemClock().bootId().toLatin1();
}

QString folderOf(const QString &common)
{
    return common + QStringLiteral("/openfactory");
}

/// When the file came into being, in ns since the epoch; where the file system does not keep that, when it was written.
std::optional<qint64> birthOf(const QString &path)
{
    struct statx facts{};
    if (::statx(AT_FDCWD, QFile::encodeName(path).constData(), AT_SYMLINK_NOFOLLOW, STATX_BTIME | STATX_MTIME, &facts)
        != 0)
        return std::nullopt;
    const statx_timestamp &time = (facts.stx_mask & STATX_BTIME) != 0 ? facts.stx_btime : facts.stx_mtime;
    return qint64(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

} // namespace

int withLock(const QString &common, const QString &lock, const std::function<int()> &act)
{
    const QString key = QString::fromLatin1(QCryptographicHash::hash(lock.toUtf8(), QCryptographicHash::Sha1).toHex());
    const QString word = folderOf(common) + QLatin1Char('/') + wordPrefix
                         + QStringLiteral("%1-%2-%3").arg(key).arg(::getpid()).arg(::gettid());
    int code = 0;
    for (int tries = 0; tries < 50; ++tries) {
        // Plain writes: this is about a killed process; what another boot left has no living process either.
        QDir().mkpath(folderOf(common));
        if (QFile file(word); file.open(QIODevice::WriteOnly | QIODevice::Truncate))
            file.write(processMark(::getpid()) + '\n' + QFile::encodeName(lock));
        code = act();
        QFile::remove(word);
        if (code != GIT_ELOCKED)
            return code;
        removeStaleLocks(common);
        ::usleep(20'000);
    }
    return code;
}

void removeStaleLocks(const QString &common)
{
    const QDir folder(folderOf(common));
    QStringList words = folder.entryList({wordPrefix + QLatin1Char('*')}, QDir::Files);
    if (words.isEmpty())
        return;
    // One at a time: the lock that a second one would remove may have become another's by then.
    const Descriptor alone(::open(QFile::encodeName(folder.path()).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!alone || ::flock(alone.get(), LOCK_EX) != 0)
        return;
    words = folder.entryList({wordPrefix + QLatin1Char('*')}, QDir::Files);
    QList<QByteArray> held;
    QList<std::pair<QString, QByteArray>> left; // the word, its lock
    for (const QString &name : words) {
        const auto text = readSmallFile(folder.filePath(name), 8192);
        const qsizetype end = text ? text->indexOf('\n') : -1;
        if (end < 0)
            continue; // being written; or its writer was killed before the lock
        const QByteArray mark = text->first(end);
        if (processMark(mark.split(' ').first().toLongLong()) == mark)
            held += text->sliced(end + 1);
        else
            left.append({folder.filePath(name), text->sliced(end + 1)});
    }
    for (const auto &[word, lock] : left) {
        const QString path = QFile::decodeName(lock);
        const auto wordBorn = birthOf(word);
        const auto lockBorn = birthOf(path);
        if (wordBorn && lockBorn && *lockBorn >= *wordBorn && *lockBorn - *wordBorn < mostBetween
            && !held.contains(lock) && path.startsWith(common + QLatin1Char('/'))
            && path.endsWith(QLatin1String(".lock")))
            QFile::remove(path);
        QFile::remove(word);
    }
}

} // namespace openfactory::git
