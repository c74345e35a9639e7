// SPDX-License-Identifier: Apache-2.0
/// Times, figures and causes in words for people, translated. Pure over what is given.
#pragma once

#include "core/domain/forge.h"
#include "core/domain/verdict.h"

#include <QJsonObject>

namespace openfactory::ui {

/// "just now", "12 min ago", "3 days ago"; "unknown" for 0.
QString agoText(qint64 wallMs, qint64 nowMs);
/// How many milliseconds that text holds from `nowMs` on; at least one.
qint64 agoHolds(qint64 wallMs, qint64 nowMs);
/// "2:14", "1:02:03", "3 d 4 h"; "0.4 s" below ten seconds.
QString spanText(qint64 milliseconds);
/// The local date and time, for tooltips.
QString timeText(qint64 wallMs);
/// "12.3 KiB"
QString sizeText(qint64 bytes);
/// What kind of act a wait asks of a person: "approve", "make a change", ...
/// `document`: the change that is awaited is one of the job's documents.
QString waitText(WaitKind kind, bool document = false);
/// "Failed", "Waiting for you: approve", "Running"; `blocked`: it failed at an absolute stage.
QString stateText(JobState state, WaitKind wait, bool paused, bool blocked = false);
/// The last folder of a repository's path: how a project is called.
QString projectName(const QString &repository);
/// "3 passed, 1 failed"; "not measured" without counts.
QString testsText(const std::optional<TestCounts> &counts);
/// How a check stands: "running", "success", "timed out".
QString checkText(const Check &check);
/// "12,345 tokens"
QString tokensText(qint64 tokens);
/// How many requests the forge still takes, and when it said so.
QString requestsText(const RequestLimit &limit, qint64 nowMs);
/// "draft", "open", "closed", "merged".
QString pullStateText(const PullRequest &pull);
/// The facts of an event or an audit entry as words: "attempt 1, outcome passed".
QString factsText(const QJsonObject &facts);
/// One line that names what happened and what to do, without control characters.
QString errorText(const Error &error);

} // namespace openfactory::ui
