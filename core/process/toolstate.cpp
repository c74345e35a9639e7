// SPDX-License-Identifier: Apache-2.0
#include "core/process/toolstate.h"

#include "core/process/environment.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <sys/stat.h>
#include <sys/utsname.h>

#include <algorithm>
#include <filesystem>

namespace openfactory {

namespace {

constexpr int kMostLocal = 20'000;

/// What changes with every package: dpkg, rpm, pacman, apk.
constexpr const char *kPackages[] = {
    "/var/lib/dpkg/status",        "/var/lib/rpm/rpmdb.sqlite", "/usr/lib/sysimage/rpm/rpmdb.sqlite",
    "/usr/share/rpm/rpmdb.sqlite", "/var/lib/pacman/local",     "/lib/apk/db/installed"};

class State {
public:
    /// A file by what changes when it is replaced or written: nobody but the kernel sets the time of its last change.
    bool add(const QByteArray &path)
    {
        struct stat facts{};
        if (::stat(path.constData(), &facts) != 0) {
            addText(path + " absent");
            return false;
        }
        QByteArray text = path;
        for (const qint64 fact : {qint64(facts.st_dev), qint64(facts.st_ino), qint64(facts.st_mode),
                                  qint64(facts.st_size), qint64(facts.st_mtim.tv_sec), qint64(facts.st_mtim.tv_nsec),
                                  qint64(facts.st_ctim.tv_sec), qint64(facts.st_ctim.tv_nsec)})
            text += ' ' + QByteArray::number(fact);
        addText(text);
        return true;
    }
    void addText(const QByteArray &text)
    {
        m_hash.addData(text);
        m_hash.addData("\n");
    }
    QByteArray result() const { return m_hash.result(); }

private:
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
};

/// All that an administrator installed beside the packages.
bool addLocal(State &state)
{
    namespace fs = std::filesystem;
    std::error_code error;
    std::vector<QByteArray> paths;
    for (fs::recursive_directory_iterator at("/usr/local", fs::directory_options::skip_permission_denied, error), end;
         !error && at != end; at.increment(error)) {
        paths.emplace_back(at->path().c_str());
        if (int(paths.size()) > kMostLocal)
            return false;
    }
    std::ranges::sort(paths);
    for (const QByteArray &path : paths)
        state.add(path);
    return !error || error == std::errc::no_such_file_or_directory;
}

} // namespace

std::optional<QByteArray> hostToolState(const QStringList &programs)
{
    State state;
    bool known = false;
    for (const char *database : kPackages)
        known = state.add(database) || known;
    if (!known || !addLocal(state))
        return std::nullopt;
    utsname system{};
    if (::uname(&system) == 0)
        state.addText(QByteArray(system.release) + ' ' + system.machine);
    for (const char *path : {"/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/etc/ssl/certs"})
        state.add(path);
    // Modules of Python are put there by more than packages.
    const QDir libraries(QStringLiteral("/usr/lib"));
    for (const QString &python : libraries.entryList({QStringLiteral("python3*")}, QDir::Dirs, QDir::Name)) {
        for (const char *below : {"", "/dist-packages", "/site-packages"})
            state.add(QFile::encodeName(libraries.filePath(python)) + below);
    }
    for (const QString &folder : programFolders())
        state.add(QFile::encodeName(folder));
    QStringList names = programs;
    names.sort();
    names.removeDuplicates();
    for (const QString &program : std::as_const(names)) {
        for (const QString &folder : programFolders()) {
            const QString path = folder + u'/' + program;
            const QString real = QFileInfo(path).canonicalFilePath();
            state.addText(QFile::encodeName(real));
            state.add(QFile::encodeName(real.isEmpty() ? path : real));
        }
    }
    return state.result();
}

} // namespace openfactory
