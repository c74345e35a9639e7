// SPDX-License-Identifier: Apache-2.0
#include "tests/testlib/scratchrepository.h"

#include "core/base/text.h"

#include <QDir>
#include <QFile>
#include <QProcess>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace openfactory {

namespace {

QByteArray joined(const QString &folder, const QByteArray &path)
{
    return QFile::encodeName(folder) + '/' + path;
}

void need(bool good, const QByteArray &what)
{
    if (!good)
        qFatal("%s: %s", what.constData(), std::strerror(errno));
}

void makeFolders(const QString &folder, const QByteArray &path)
{
    need(QDir().mkpath(folder), "make folders");
    for (qsizetype slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        const QByteArray part = joined(folder, path.first(slash));
        need(::mkdir(part.constData(), 0755) == 0 || errno == EEXIST, part);
    }
}

QByteArray content(const QByteArray &path)
{
    QFile file;
    const int descriptor = ::open(path.constData(), O_RDONLY | O_CLOEXEC);
    need(descriptor >= 0 && file.open(descriptor, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle), path);
    return file.readAll();
}

void list(const QByteArray &root, const QByteArray &prefix, QByteArrayList &lines)
{
    DIR *stream = ::opendir(QByteArray(root + '/' + prefix).constData());
    need(stream != nullptr, root + '/' + prefix);
    while (const dirent *entry = ::readdir(stream)) {
        const QByteArray name = entry->d_name;
        if (name == "." || name == ".." || (prefix.isEmpty() && name == ".git"))
            continue;
        const QByteArray path = prefix + name;
        const QByteArray full = root + '/' + path;
        struct stat facts{};
        need(::lstat(full.constData(), &facts) == 0, full);
        if (S_ISDIR(facts.st_mode)) {
            lines += path + " folder";
            list(root, path + '/', lines);
        } else if (S_ISLNK(facts.st_mode)) {
            QByteArray target(4096, '\0');
            target.truncate(::readlink(full.constData(), target.data(), size_t(target.size())));
            lines += path + " link " + target;
        } else if (S_ISREG(facts.st_mode)) {
            lines += path + ((facts.st_mode & S_IXUSR) ? " executable " : " file ") + sha256Hex(content(full));
        } else {
            lines += path + " special";
        }
    }
    ::closedir(stream);
}

} // namespace

ScratchRepository::ScratchRepository(const QString &name)
{
    need(m_folder.isValid(), "temporary folder");
    m_folder.setAutoRemove(false); // it knows no names that are not UTF-8
    m_path = m_folder.path() + QLatin1Char('/') + name;
    git({QStringLiteral("init"), QStringLiteral("-q"), QStringLiteral("-b"), QStringLiteral("main"),
         QStringLiteral("--template="), m_path},
        m_folder.path());
}

ScratchRepository::~ScratchRepository()
{
    std::error_code ignored;
    std::filesystem::remove_all(QFile::encodeName(m_folder.path()).toStdString(), ignored);
}

int ScratchRepository::tryGit(const QStringList &arguments, const QString &folder, QByteArray *output) const
{
    QProcess process;
    QProcessEnvironment environment;
    for (const char *name : {"PATH", "TMPDIR", "LC_ALL"}) {
        if (qEnvironmentVariableIsSet(name))
            environment.insert(QString::fromLatin1(name), qEnvironmentVariable(name));
    }
    const QString nothing = QStringLiteral("/dev/null");
    environment.insert(QStringLiteral("HOME"), m_folder.path());
    environment.insert(QStringLiteral("GIT_CONFIG_GLOBAL"), nothing);
    environment.insert(QStringLiteral("GIT_CONFIG_SYSTEM"), nothing);
    for (const char *who : {"AUTHOR", "COMMITTER"}) {
        environment.insert(QStringLiteral("GIT_%1_NAME").arg(QLatin1StringView(who)), QStringLiteral("Test Person"));
        environment.insert(QStringLiteral("GIT_%1_EMAIL").arg(QLatin1StringView(who)),
                           QStringLiteral("person@example.org"));
    }
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder.isEmpty() ? m_path : folder);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setProcessChannelMode(QProcess::MergedChannels);
    // What git writes here need not outlive the machine; a thousand files are a thousand syncs else.
    process.start(QStringLiteral("git"),
                  QStringList{QStringLiteral("-c"), QStringLiteral("core.fsync=none")} + arguments);
    if (!process.waitForFinished(60'000))
        qFatal("git %s did not end", qPrintable(arguments.join(QLatin1Char(' '))));
    const QByteArray bytes = process.readAll();
    if (output)
        *output = bytes;
    return process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
}

QByteArray ScratchRepository::git(const QStringList &arguments, const QString &folder) const
{
    QByteArray output;
    if (tryGit(arguments, folder, &output) != 0)
        qFatal("git %s: %s", qPrintable(arguments.join(QLatin1Char(' '))), output.constData());
    return output;
}

CommitId ScratchRepository::commitAll(const QString &message) const
{
    git({QStringLiteral("add"), QStringLiteral("-A")});
    git({QStringLiteral("commit"), QStringLiteral("-q"), QStringLiteral("--allow-empty"), QStringLiteral("-m"),
         message});
    return head();
}

CommitId ScratchRepository::head(const QString &revision) const
{
    return QString::fromLatin1(git({QStringLiteral("rev-parse"), revision}).trimmed());
}

WorkspaceRef ScratchRepository::workspace(const QString &slug, const QString &id) const
{
    const QString name = slug + QLatin1Char('-') + id;
    return {m_path, m_path + QStringLiteral("/.factory-workspaces/") + name, QStringLiteral("factory/") + slug, name,
            slug};
}

void ScratchRepository::writeAt(const QString &folder, const QByteArray &path, const QByteArray &bytes, int mode)
{
    makeFolders(folder, path);
    const QByteArray full = joined(folder, path);
    ::unlink(full.constData());
    const int file = ::open(full.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    need(file >= 0, full);
    for (qsizetype done = 0; done < bytes.size();) {
        const ssize_t n = ::write(file, bytes.constData() + done, size_t(bytes.size() - done));
        need(n >= 0, full);
        done += n;
    }
    need(::fchmod(file, mode_t(mode)) == 0 && ::close(file) == 0, full);
}

void ScratchRepository::linkAt(const QString &folder, const QByteArray &path, const QByteArray &target)
{
    makeFolders(folder, path);
    const QByteArray full = joined(folder, path);
    ::unlink(full.constData());
    need(::symlink(target.constData(), full.constData()) == 0, full);
}

void ScratchRepository::removeAt(const QString &folder, const QByteArray &path)
{
    const QByteArray full = joined(folder, path);
    need(::unlink(full.constData()) == 0 || ::rmdir(full.constData()) == 0, full);
}

QByteArrayList ScratchRepository::listing(const QString &folder)
{
    QByteArrayList lines;
    list(QFile::encodeName(folder), {}, lines);
    std::sort(lines.begin(), lines.end());
    return lines;
}

CommitNote noteOf(const char *subject, const QString &step)
{
    CommitNote note;
    note.subject = QString::fromUtf8(subject);
    note.step = step;
    return note;
}

} // namespace openfactory
