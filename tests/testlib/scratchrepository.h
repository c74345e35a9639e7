// SPDX-License-Identifier: Apache-2.0
/// A small real repository for a test, in a temporary folder of its own. It is made with the git command, which reads
/// no configuration but the repository's. Paths are bytes, so that any file name can be had. What goes wrong here ends
/// the test.
#pragma once

#include "core/domain/workspaces.h"

#include <QTemporaryDir>

namespace openfactory {

class ScratchRepository {
public:
    /// An empty repository on branch main; `name` is its folder below the temporary one.
    explicit ScratchRepository(const QString &name = QStringLiteral("repository"));

    ~ScratchRepository();
    ScratchRepository(const ScratchRepository &) = delete;
    ScratchRepository &operator=(const ScratchRepository &) = delete;

    QString path() const { return m_path; }
    /// The temporary folder around it.
    QString outside() const { return m_folder.path(); }

    /// Runs git in `folder` (default: the repository) and returns its output.
    QByteArray git(const QStringList &arguments, const QString &folder = {}) const;
    /// The same where it may fail; -1 where it was killed.
    int tryGit(const QStringList &arguments, const QString &folder = {}, QByteArray *output = nullptr) const;

    /// Writes a file of the repository, with its folders.
    void write(const QByteArray &path, const QByteArray &bytes, int mode = 0644) const
    {
        writeAt(m_path, path, bytes, mode);
    }
    CommitId commitAll(const QString &message = QStringLiteral("change")) const;
    CommitId head(const QString &revision = QStringLiteral("HEAD")) const;
    /// Where a job of that slug works; nothing is made.
    WorkspaceRef workspace(const QString &slug, const QString &id = QStringLiteral("01")) const;

    static void writeAt(const QString &folder, const QByteArray &path, const QByteArray &bytes, int mode = 0644);
    static void linkAt(const QString &folder, const QByteArray &path, const QByteArray &target);
    static void removeAt(const QString &folder, const QByteArray &path);
    /// Every entry below a folder but its own .git: path, type, whether executable, and target or hash of the content.
    static QByteArrayList listing(const QString &folder);

private:
    QTemporaryDir m_folder;
    QString m_path;
};

/// A note with a subject, and the step by which a restart finds its commit.
CommitNote noteOf(const char *subject, const QString &step = {});

} // namespace openfactory
