// SPDX-License-Identifier: Apache-2.0
/// What the gates said of single lines, brought to the content that is shown: a gate spoke of what it judged, and says
/// nothing of a file that is another one by now.
#pragma once

#include "core/domain/records.h"
#include "ui/widgets/diffsource.h"

#include <QSet>

#include <functional>

namespace openfactory::ui {

/// What one attempt found, and in which content.
struct Judgement {
    CommitId content;
    std::vector<Finding> findings;
    bool cut = false; ///< there were more
    bool operator==(const Judgement &) const = default;
};

/// Of each stage the newest attempt that judged `content`, or where there is none its newest at all. Pure.
std::vector<Judgement> judgementsOf(const std::vector<AttemptRecord> &attempts, const CommitId &content);

/// The notes for `content`: of each judgement what is on files that are alike in both. `changedPaths` names the files
/// that differ between two commits; nothing where that cannot be told.
DiffNotes notesOf(const std::vector<Judgement> &judgements, const CommitId &content,
                  const std::function<std::optional<QSet<RepoPath>>(const CommitId &, const CommitId &)> &changedPaths);

} // namespace openfactory::ui
