// SPDX-License-Identifier: Apache-2.0
/// A line of a job's file, or its folder, in the editor of the person at the console: named in the settings of the
/// window, else one of those that are known and installed. Paths come from logs and findings, which a job writes: only
/// files of its workspace are opened. GUI thread.
#pragma once

#include "core/base/error.h"

#include <QStringList>

namespace openfactory::ui {

/// The command that opens a file at a line, as the settings have it; {file} and {line} stand in it. Empty: none
/// is set, and no known one is installed.
QString editorSetting();
void setEditorSetting(const QString &command);
/// What holds where nothing is set; empty: nothing does.
QString usualEditor();

/// The words of a command; Invalid where a quote is open, or nothing says where the file belongs.
Result<QStringList> editorWords(const QString &command, const QString &file, int line);

/// The file of the workspace that a text names, absolute or from the workspace's root. NotFound where there is none,
/// Denied where it lies elsewhere, by a link too.
Result<QString> fileOf(const QString &workspace, const QString &path);

/// Starts the editor on a folder, or a terminal in it ($TERMINAL, else one that is known), and does not wait for it.
/// NotFound where there is no such program or folder. Returns what was done, for people.
Result<QString> openFolderInEditor(const QString &folder);
Result<QString> openTerminal(const QString &folder);

/// Starts the editor and does not wait for it; `line` from 1, 0: unknown. Returns what was done, for people.
Result<QString> openInEditor(const QString &workspace, const QString &path, int line);

} // namespace openfactory::ui
