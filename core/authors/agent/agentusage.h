// SPDX-License-Identifier: Apache-2.0
/// The tokens that a coding agent says it used, read from the lines of JSON that it tells its work in. Hostile input:
/// bounded, read by its form only. Pure.
#pragma once

#include <QByteArray>

#include <optional>

namespace openfactory {

struct AgentUsage {
    std::optional<qint64> inputTokens; ///< what was read from a cache counts too; nothing: it did not say
    std::optional<qint64> outputTokens;
    bool operator==(const AgentUsage &) const = default;
};

/// Of a whole stream: the totals that an agent tells at its end (claude: "result"), else the sum of its turns (codex:
/// "turn.completed"; opencode: "step_finish"). Lines that are no such events are passed over; nothing where a count is
/// missing or makes no sense, and of turns where `cut`, the stream's beginning is not there: a part of the truth would
/// read as all of it.
AgentUsage agentUsage(const QByteArray &stream, bool cut = false);

} // namespace openfactory
