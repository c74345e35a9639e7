// SPDX-License-Identifier: Apache-2.0
/// A playbook: successive changes of a job, written down in a YAML file. For demonstrations and tests.
///
///   playbook: demo
///   changes:
///     - for: implement              # the first change, or the stage whose failure this answers; left out: any
///       ticket: 1                   # only while that ticket is worked on; left out: any
///       summary: Add batch upload   # one line for the commit
///       write: {"src/x.py": "..."}  # whole files
///       replace: [{file: src/x.py, old: "...", new: "..."}]  # `old` must be there exactly once
///       delete: [src/old.py]
///       executable: [run.sh]
///
/// Beside `changes`, all of it left out where the pipeline does not ask for it:
///
///   question: Which currency?       # asked of a person, once; "{answer}" in a text below is what they say
///   spec: {...}                     # after resources/schemas/spec.schema.json; a list: one for each time it is asked
///   for architecture: {...} tickets: {...}
///
/// Paths are relative to the workspace; one that could leave it, or that names git's own folder, is refused on reading.
#pragma once

#include "core/authors/fileedit.h"
#include "core/domain/pipeline.h"

#include <QJsonObject>
#include <QStringList>

#include <map>
#include <vector>

namespace openfactory {

/// One change of one file, with the place in the playbook that asks for it.
using PlaybookEdit = FileEdit;

struct PlaybookChange {
    QString stage;  ///< empty: any
    int ticket = 0; ///< number of the ticket that it is for; 0: any
    QString summary;
    std::vector<PlaybookEdit> edits; ///< in the order write, replace, delete, executable
    QString place;
};

struct Playbook {
    QString name;
    QString question;                                        ///< asked once, before the spec; empty: none
    std::map<StageKind, std::vector<QJsonObject>> documents; ///< one for each round; the last one stays
    std::vector<PlaybookChange> changes;
};

/// Reads a playbook strictly; errors name file, line and column.
Result<Playbook> loadPlaybook(const QByteArray &yaml, const QString &file);
Result<Playbook> readPlaybook(const QString &path);

} // namespace openfactory
