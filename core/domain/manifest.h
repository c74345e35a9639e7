// SPDX-License-Identifier: Apache-2.0
/// Reads the lines of a dependency manifest one by one, as a diff shows them: from the middle, with gaps.
#pragma once

#include "core/domain/git.h"

#include <QStringList>

#include <memory>

namespace openfactory {

class Manifest {
public:
    virtual ~Manifest() = default;
    /// Names that the line declares as dependencies. Remembers the section and list that the line opens or closes.
    virtual QStringList read(const QString &line) = 0;
    /// What git found as the context of a hunk: the last line before it that starts with a letter.
    virtual void begin(const QString &context) { read(context); }
};

/// Whether a list is known to hold dependencies, known not to, or was opened out of sight.
enum class Belongs { No, Yes, Unseen };

/// A reader that knows nothing of the file yet, or nothing where the path is no manifest.
std::unique_ptr<Manifest> manifestOf(const RepoPath &path);
/// "python", "npm", "go", "cargo", "gleam", "cmake", "vcpkg", "conan"; empty where the path is no manifest.
QString ecosystemOf(const RepoPath &path);
std::unique_ptr<Manifest> pythonManifest(const QByteArray &fileName);
/// A line of TOML, Python or a configuration without the comment that starts with #.
QString withoutComment(const QString &line);
/// PEP 503: lower case, runs of - _ . as one -.
QString canonicalPythonName(const QString &name);

} // namespace openfactory
