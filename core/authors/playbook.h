// SPDX-License-Identifier: Apache-2.0
/// A playbook: successive changes of a job, written down in a YAML file. For demonstrations and tests.
///
///   playbook: demo
///   changes:
///     - for: implement              # the first change, or the stage whose failure this answers; left out: any
///       summary: Add batch upload   # one line for the commit
///       write: {"src/x.py": "..."}  # whole files
///       replace: [{file: src/x.py, old: "...", new: "..."}]  # `old` must be there exactly once
///       delete: [src/old.py]
///       executable: [run.sh]
///
/// Paths are relative to the workspace; one that could leave it, or that names git's own folder, is refused on reading.
#pragma once

#include "core/authors/fileedit.h"

#include <QStringList>

#include <vector>

namespace openfactory {

/// One change of one file, with the place in the playbook that asks for it.
using PlaybookEdit = FileEdit;

struct PlaybookChange {
    QString stage; ///< empty: any
    QString summary;
    std::vector<PlaybookEdit> edits; ///< in the order write, replace, delete, executable
    QString place;
};

struct Playbook {
    QString name;
    std::vector<PlaybookChange> changes;
};

/// Reads a playbook strictly; errors name file, line and column.
Result<Playbook> loadPlaybook(const QByteArray &yaml, const QString &file);
Result<Playbook> readPlaybook(const QString &path);

} // namespace openfactory
