// SPDX-License-Identifier: Apache-2.0
/// What is known of programs that start other programs: a table (programs.cpp), and the one question that it answers.
/// Pure. A list can never be whole, so it does not stand for the sandbox; it keeps what a contract runs in files of the
/// repository, where a change to it shows in the diff (docs/decisions/0009).
#pragma once

#include "core/base/error.h"

#include <QStringList>

namespace openfactory {

/// "python3.13" and "x86_64-linux-gnu-gcc-14" belong to the families "python" and "gcc".
QString family(const QString &program);

/// A bare name of the sandbox's PATH that is no launcher (env, xargs, sudo, npx, ...); Denied otherwise.
Result<void> checkProgramName(const QString &program, const QString &doing);

/// Denied where words that somebody wrote make the program start another, run code from the command line or read more
/// options from a file: `git -c`, `find -exec`, `python3 -c`, `sed e`, `gcc @file`. The words are a command, or a
/// pattern of the allowlist with its slots. `roots` are absolute folders that a script may lie in beside the workspace.
Result<void> checkStartsNoOther(const QStringList &words, const QStringList &roots, const QString &doing);

/// Whether the program takes operands of the form NAME=value as settings.
bool takesSettings(const QString &program);

/// Relative without "..", or below one of the roots; never an option, a response file or a home.
bool isPathInside(const QString &path, const QStringList &roots);

} // namespace openfactory
