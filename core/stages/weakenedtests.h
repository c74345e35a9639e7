// SPDX-License-Identifier: Apache-2.0
/// Tests that a change deletes, renames away, switches off or leaves with fewer assertions. Pure, and blind to what the
/// tests do: it counts names and assertions.
#pragma once

#include "core/domain/verdict.h"

#include <functional>

namespace openfactory {

/// Of a source, the lines from which on it holds tests, as it was and as it is now; 0: it holds none.
using TestsWithin = std::function<std::pair<int, int>(const FileChange &)>;
/// The line from which on a source holds tests, by the custom of its language (Rust); 0: it holds none.
int testsWithin(const RepoPath &path, const QByteArray &source);
/// Whether the path is that of a test, by what most languages call them.
bool isTestFile(const RepoPath &path);
std::vector<Finding> weakenedTests(const ChangeSet &change, const TestsWithin &within = {});

} // namespace openfactory
