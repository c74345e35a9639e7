// SPDX-License-Identifier: Apache-2.0
#include "core/security/secretsources.h"

#include "core/base/text.h"

#include <QFile>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace openfactory {

namespace {

constexpr qsizetype mostBytes = 64 * 1024;
constexpr QStringView environmentPrefix = u"OPENFACTORY_SECRET_";

class Descriptor {
public:
    explicit Descriptor(int number) : m_number(number) {}
    ~Descriptor()
    {
        if (m_number >= 0)
            ::close(m_number);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    int number() const { return m_number; }

private:
    int m_number;
};

enum class Trust { Mounted, Own };

/// Why a file or folder is not to be believed; empty: it is.
QString objection(const struct stat &facts, Trust trust)
{
    if (trust == Trust::Own && facts.st_uid != ::geteuid())
        return QStringLiteral("it belongs to another user");
    if (trust == Trust::Own && (facts.st_mode & 077) != 0)
        return QStringLiteral("other users may read or write it");
    if (facts.st_uid != ::geteuid() && facts.st_uid != 0)
        return QStringLiteral("it belongs neither to this user nor to root");
    if ((facts.st_mode & 022) != 0)
        return QStringLiteral("other users may write it");
    return {};
}

QString hintFor(const QString &path, bool folder)
{
    return QStringLiteral("chmod %1 '%2'").arg(folder ? QStringLiteral("700") : QStringLiteral("600"), path);
}

Result<QByteArray> readAll(int file, const QString &doing)
{
    QByteArray bytes(mostBytes + 1, 0);
    qsizetype size = 0;
    while (size < bytes.size()) {
        const ssize_t n = ::read(file, bytes.data() + size, size_t(bytes.size() - size));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return std::unexpected(errnoError(errno, doing));
        if (n == 0)
            break;
        size += n;
    }
    if (size > mostBytes)
        return fail(ErrorKind::Invalid, doing, QStringLiteral("it has more than %1 bytes").arg(mostBytes));
    bytes.truncate(size);
    return bytes;
}

QByteArray withoutLastLineEnd(QByteArray value)
{
    if (value.count('\n') == 1 && value.endsWith('\n'))
        value.chop(value.endsWith("\r\n") ? 2 : 1);
    return value;
}

/// Nothing where the entry is not a file (the mounts of a cluster hold folders). `why` says what is wrong with its mode
/// or owner.
Result<std::optional<QByteArray>> readEntry(int folder, const char *entry, const QString &doing, Trust trust,
                                            QString &why)
{
    const Descriptor file(
        ::openat(folder, entry, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (trust == Trust::Own ? O_NOFOLLOW : 0)));
    if (file.number() < 0 && errno == ELOOP)
        return fail(ErrorKind::Denied, doing, QStringLiteral("it is a symbolic link"));
    struct stat facts{};
    if (file.number() < 0 || ::fstat(file.number(), &facts) != 0)
        return std::unexpected(errnoError(errno, doing));
    if (S_ISDIR(facts.st_mode) && trust == Trust::Mounted)
        return std::nullopt;
    if (!S_ISREG(facts.st_mode))
        return fail(ErrorKind::Denied, doing, QStringLiteral("it is not a regular file"));
    why = objection(facts, trust);
    return readAll(file.number(), doing);
}

void keep(FoundSecrets &found, Secret secret)
{
    std::erase_if(found.secrets, [&](const Secret &other) { return other.name == secret.name; });
    found.secrets.push_back(std::move(secret));
}

void readFolder(const QString &path, Trust trust, FoundSecrets &found)
{
    const QString doing = QStringLiteral("read secrets folder %1").arg(displayable(path));
    const int number = ::open(QFile::encodeName(path).constData(),
                              O_RDONLY | O_DIRECTORY | O_CLOEXEC | (trust == Trust::Own ? O_NOFOLLOW : 0));
    if (number < 0) {
        if (errno != ENOENT)
            found.refused.push_back(errnoError(errno, doing));
        return;
    }
    struct stat facts{};
    DIR *const folder = ::fdopendir(number);
    if (!folder || ::fstat(number, &facts) != 0) {
        found.refused.push_back(errnoError(errno, doing));
        folder ? ::closedir(folder) : ::close(number);
        return;
    }
    const QString exposed = objection(facts, trust);
    if (!exposed.isEmpty())
        found.refused.push_back({ErrorKind::Denied, doing, exposed, hintFor(displayable(path), true)});
    QList<QByteArray> entries;
    while (const dirent *entry = ::readdir(folder)) {
        if (entry->d_name[0] != '.') // "..data" of a cluster's mount, and hidden files
            entries += entry->d_name;
    }
    std::ranges::sort(entries);
    for (const QByteArray &entry : entries) {
        const QString name = QFile::decodeName(entry);
        if (!isSecretName(name)) {
            found.refused.push_back({ErrorKind::Invalid, doing,
                                     QStringLiteral("\"%1\" is not a name of a secret").arg(displayPath(entry)),
                                     QStringLiteral("a name has letters, digits, _ - and . only, at most 64")});
            continue;
        }
        const QString file = path + u'/' + name;
        const QString reading = QStringLiteral("read secret %1").arg(displayable(file));
        QString why;
        auto value = readEntry(number, entry.constData(), reading, trust, why);
        if (!value) {
            found.refused.push_back(std::move(value).error());
        } else if (*value && !(why.isEmpty() && exposed.isEmpty())) {
            // No command gets it; but what was meant as a secret is shown by nobody here either.
            if (!why.isEmpty())
                found.refused.push_back({ErrorKind::Denied, reading, why, hintFor(displayable(file), false)});
            found.exposed.push_back({name, withoutLastLineEnd(**value), file});
        } else if (*value) {
            keep(found, {name, withoutLastLineEnd(**value), file});
        }
    }
    ::closedir(folder);
}

} // namespace

SecretSources::SecretSources(Places places) : m_places(std::move(places))
{}

FoundSecrets SecretSources::read() const
{
    FoundSecrets found;
    if (!m_places.mounted.isEmpty())
        readFolder(m_places.mounted, Trust::Mounted, found);
    if (const QString folder = m_places.environment.value(QStringLiteral("CREDENTIALS_DIRECTORY"));
        folder.startsWith(u'/'))
        readFolder(folder, Trust::Mounted, found);
    if (!m_places.own.isEmpty())
        readFolder(m_places.own, Trust::Own, found);
    for (const QString &variable : m_places.environment.keys()) {
        if (!variable.startsWith(environmentPrefix))
            continue;
        const QString name = variable.sliced(environmentPrefix.size());
        if (isSecretName(name))
            keep(found, {name, m_places.environment.value(variable).toUtf8(), QStringLiteral("environment")});
        else
            found.refused.push_back({ErrorKind::Invalid,
                                     QStringLiteral("read secret from the environment"),
                                     QStringLiteral("\"%1\" is not a name of a secret").arg(displayable(name.left(80))),
                                     {}});
    }
    return found;
}

} // namespace openfactory
