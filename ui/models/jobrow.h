// SPDX-License-Identifier: Apache-2.0
/// One job as lists show it. A value, made by the ReadSide.
#pragma once

#include "ui/models/mark.h"

namespace openfactory::ui {

struct JobRow {
    qint64 num = 0; ///< the store's inner number; grows with creation
    JobId id;
    QString slug;
    QString title;
    QString repository;
    JobState state = JobState::Created;
    WaitKind wait = WaitKind::None;
    QString waitWhat;
    bool document = false; ///< it stands at a stage of a document: a change that it waits for is one of that
    qint64 waitSinceMs = 0;
    int stageIndex = 0;
    QString note;
    QString priority;
    bool paused = false;
    bool cancelAsked = false;
    bool archived = false;
    qint64 revision = 0;
    qint64 createdMs = 0;
    qint64 updatedMs = 0;
    qint64 finishedMs = 0;
    std::vector<StageCell> cells;
    int attempt = 0;                            ///< number of the newest attempt of the stage it stands at
    std::optional<double> coverage;             ///< newest measured, per cent
    std::optional<std::pair<int, int>> changed; ///< lines added and removed, as the boundary counted them
    bool pulled = false;                        ///< there is a pull request
    std::optional<Check> check;                 ///< the required one, as last read of the forge
    QString spent;                              ///< what the calls of models came to; empty: there was none
    int openRisks = 0;
    int acceptedRisks = 0;

    bool needsMe() const { return needsPerson(state, wait); }
    bool blocked() const;
    Mark mark() const;
    /// The name of the stage that it stands at; empty past the last.
    QString stage() const;
    bool operator==(const JobRow &) const = default;
};

} // namespace openfactory::ui
