// SPDX-License-Identifier: Apache-2.0
/// The job's folder <data>/jobs/<id>: where its logs, reports and artifacts lie. A value; any thread.
#pragma once

#include "core/domain/records.h"

namespace openfactory {

class JobFolder {
public:
    JobFolder(const QString &dataFolder, const JobId &job);
    QString path() const { return m_path; }
    /// The job's home inside its sandbox: caches and reports. Written by hostile processes, read with readBeneath()
    /// only.
    QString home() const { return m_path + QStringLiteral("/home"); }
    /// Takes from the home what tools read as a person's settings (~/.config, ~/.flake8, ~/.local's start files,
    /// cargo's configuration): a command could have left there what makes the next stage's tools blind. Caches stay.
    /// Follows no link. Nothing may run in the home meanwhile.
    Result<void> forgetSettings() const;
    /// logs/<stage>-<attempt>-<command>.log, relative to the folder.
    static QString logPath(const QString &stage, int attempt, int command);
    /// Writes a file whole or not at all, and returns the row that names it. `name` may have one folder part (deploy/,
    /// reports/); anything else that steers a path is Invalid.
    Result<ArtifactRecord> write(const QString &name, const QByteArray &bytes, const QString &stage, int attempt,
                                 qint64 nowMs) const;

private:
    QString m_path;
};

} // namespace openfactory
