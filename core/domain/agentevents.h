// SPDX-License-Identifier: Apache-2.0
/// What a coding agent tells of its work, one JSON object a line, in words for people: claude's stream-json, codex's
/// and opencode's events. Hostile input, bounded. Pure.
#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

namespace openfactory {

struct AgentEvent {
    QString title; ///< one visible line; empty: `text` stands for itself, it is what the agent says
    QString text;  ///< visible lines; may be empty
    bool failed = false;
    bool operator==(const AgentEvent &) const = default;
};

/// Beyond it a line is no event that is read, and a text is cut.
constexpr qsizetype mostAgentLine = 4 * 1024 * 1024;
constexpr qsizetype mostAgentText = 64 * 1024;

/// Whether the line is an event of an agent at all: a JSON object with a type.
bool isAgentEvent(QByteArrayView line);
/// What a line tells; nothing for events that say nothing by themselves. A type that is not known is told with all that
/// it holds. Only for lines that are events.
std::vector<AgentEvent> agentEvents(QByteArrayView line);

} // namespace openfactory
