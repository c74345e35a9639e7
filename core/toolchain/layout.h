// SPDX-License-Identifier: Apache-2.0
/// Where the sources and tests of a repository are, found by looking at its files with the rules of a toolchain file.
#pragma once

#include "core/toolchain/settings.h"
#include "core/toolchain/template.h"

namespace openfactory {

/// The files of a folder, relative, sorted; without hidden folders, `skip`, links, and names that are not UTF-8 or hold
/// control characters.
/// Bounded: `truncated` says that there were more.
struct FileList {
    QStringList files;
    bool truncated = false;
};
Result<FileList> listFiles(const QString &folder, const QStringList &skip);

/// One project of a repository: the folder that its commands run in.
struct Project {
    QString folder;        ///< relative to the workspace; empty: its root
    QStringList files;     ///< relative to `folder`
    bool leftover = false; ///< files outside every project of a repository that has several
};

/// The project at the root, or those in sub-folders where the root holds no product of its own.
std::vector<Project> projectsOf(const LanguageFile &language, const QStringList &files);

/// Whether the path lies in a folder of tests, or has a test's name.
bool isTest(const LanguageFile &language, const QString &path);

/// Whether a source is there at all.
bool holdsSources(const LanguageFile &language, const QStringList &files);

/// Folders that hold the product's sources, and such files at the top; where conventional folders hold some, those
/// only.
QStringList sourcesOf(const LanguageFile &language, const QStringList &files);
/// The topmost folders of tests that hold sources.
QStringList testFoldersOf(const LanguageFile &language, const QStringList &files);

/// Lists, values and facts of a project; `workspace` is where its files are now, `changed` are the change's paths
/// relative to the workspace. `reports` and `part` are left to the caller.
Filling fillingOf(const LanguageFile &language, const QString &workspace, const Project &project,
                  const std::vector<RepoPath> &changed);

} // namespace openfactory
