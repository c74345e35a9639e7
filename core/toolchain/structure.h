// SPDX-License-Identifier: Apache-2.0
/// What a source is made of, read by the rules of a toolchain file: where its functions begin and end, and which files
/// of the repository it takes in. Pure but for `read`; hostile input: bounded in size and steps, never an error.
#pragma once

#include "core/toolchain/languagefile.h"

namespace openfactory {

/// Longer sources are generated: they are left out.
constexpr qsizetype mostSourceBytes = 2 * 1024 * 1024;

/// In the order of their beginnings; one within another comes after it.
std::vector<SourceFunction> functionsOf(const LanguageFile &language, const QByteArray &source);

/// The node of the import graph that a file is, or belongs to.
RepoPath importUnitOf(const LanguageFile &language, const RepoPath &path);

/// What the file takes in from among `files`; each unit once, at its first line.
std::vector<SourceImport> importsOf(const LanguageFile &language, const RepoPath &path, const QByteArray &source,
                                    const SourceFiles &files);

} // namespace openfactory
