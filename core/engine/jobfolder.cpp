// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobfolder.h"

#include "core/base/file.h"
#include "core/base/text.h"

#include <QFile>
#include <QRegularExpression>

#include <filesystem>

namespace openfactory {

JobFolder::JobFolder(const QString &dataFolder, const JobId &job)
    : m_path(dataFolder + QStringLiteral("/jobs/") + job.text())
{}

QString JobFolder::logPath(const QString &stage, int attempt, int command)
{
    return QStringLiteral("logs/%1-%2-%3.log").arg(stage).arg(attempt).arg(command);
}

Result<void> JobFolder::forgetSettings() const
{
    static const QByteArrayList caches{".cache", ".cargo", ".npm"};
    namespace fs = std::filesystem;
    std::error_code error;
    std::vector<fs::path> settings;
    for (const char *folder : {"", ".cargo"}) {
        const fs::path place = fs::path(QFile::encodeName(home()).constData()) / folder;
        if (*folder && !fs::is_directory(fs::symlink_status(place, error)))
            continue; // a link leads elsewhere
        for (fs::directory_iterator entry(place, error), end; !error && entry != end; entry.increment(error)) {
            const QByteArray name(entry->path().filename().c_str());
            if (*folder ? name.startsWith("config") || name.startsWith("credentials")
                        : name.startsWith('.') && (!caches.contains(name) || entry->is_symlink(error)))
                settings.push_back(entry->path());
        }
    }
    error.clear(); // no home yet: nothing to forget
    for (const fs::path &path : settings) {
        if (fs::remove_all(path, error); error)
            return fail(ErrorKind::Io, QStringLiteral("remove what a command left in the job's home"),
                        displayPath(path.c_str()) + QStringLiteral(": ")
                            + QString::fromLocal8Bit(error.message().c_str()));
    }
    return {};
}

Result<ArtifactRecord> JobFolder::write(const QString &name, const QByteArray &bytes, const QString &stage, int attempt,
                                        qint64 nowMs) const
{
    static const QRegularExpression allowed(
        QStringLiteral("\\A(?:[A-Za-z0-9_-]{1,40}/)?[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}\\z"));
    // What the job itself writes to, and what is written of its commands, is no place for a file of ours.
    const bool taken = name.startsWith(QLatin1String("home/")) || name.startsWith(QLatin1String("logs/"));
    if (taken || !allowed.match(name).hasMatch())
        return fail(ErrorKind::Invalid, QStringLiteral("keep the artifact \"%1\"").arg(displayable(name.left(80))),
                    QStringLiteral("it is not an artifact's name"));
    OF_CHECK(writeFileAtomically(m_path + QLatin1Char('/') + name, bytes));
    ArtifactRecord record;
    record.name = name;
    record.stage = stage;
    record.attempt = attempt;
    record.path = name;
    record.size = bytes.size();
    record.sha256 = QString::fromLatin1(sha256Hex(bytes));
    record.createdMs = nowMs;
    return record;
}

} // namespace openfactory
