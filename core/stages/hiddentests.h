// SPDX-License-Identifier: Apache-2.0
/// Tests that never run because their name is given again further down in the same block: the language (Python) keeps
/// the last one, and no tool counts the first as gone. Pure.
#pragma once

#include "core/domain/verdict.h"

namespace openfactory {

/// Tests and classes of tests of `source` that one further down hides, at the line of the one that hides; what hid in
/// `before` already does not count. Nothing for languages that keep both or refuse it.
std::vector<Finding> hiddenTests(const RepoPath &path, const QByteArray &source, const QByteArray &before);

} // namespace openfactory
