// SPDX-License-Identifier: Apache-2.0
/// Which commands may run (law 7): deny by default, by program and arguments. Pure. The sandbox is the boundary, this
/// is scope control: it keeps a command to what the pattern's author had in mind (hardening.md, B16).
///
/// Beside the patterns' own words (see CommandPattern):
/// - a program is a bare name, found on the sandbox's fixed PATH; no word holds a control character;
/// - a wildcard never matches an option, a response file (@file) or a setting (`make SHELL=...`);
/// - what makes a program start another is refused even where the contract writes it out (programs.h); the toolchains'
///   own patterns, which are part of this program, are the exception.
#pragma once

#include "core/domain/commands.h"

namespace openfactory {

/// Denied, naming the nearest pattern and what to add to contract.yaml, unless a pattern allows the command. `roots`
/// are the absolute folders that {path} may lie in: the workspace and the home as seen inside, and the scope's writable
/// folders.
Result<void> checkAllowed(const QStringList &argv, const std::vector<CommandPattern> &patterns,
                          const QStringList &roots);

/// Invalid or Denied where a pattern itself can never be granted: a shell line, a program that starts others, a
/// wildcard where a program expects code.
Result<void> checkPattern(const CommandPattern &pattern);

/// Denied for a command that somebody wrote out and that no pattern could allow.
Result<void> checkCommand(const QStringList &argv);

} // namespace openfactory
