// SPDX-License-Identifier: Apache-2.0
#include "core/domain/agentevents.h"

#include "core/base/text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <optional>

namespace openfactory {

namespace {

constexpr qsizetype kMostTitle = 200;

std::optional<QJsonObject> eventIn(QByteArrayView line)
{
    line = line.trimmed();
    if (!line.startsWith('{') || !line.endsWith('}') || line.size() > mostAgentLine)
        return std::nullopt;
    const QJsonObject event = QJsonDocument::fromJson(line.toByteArray()).object();
    return event[QStringLiteral("type")].isString() ? std::optional(event) : std::nullopt;
}

QString shown(const QString &text)
{
    const QString lines = displayableLines(text.left(mostAgentText)).trimmed();
    return text.size() <= mostAgentText
               ? lines
               : lines + QStringLiteral("\n[%1 more characters]").arg(text.size() - mostAgentText);
}

QString titled(const QString &what, const QString &detail = {})
{
    const QString line = displayable(detail.left(4 * kMostTitle).simplified());
    return line.isEmpty() ? what : what + QStringLiteral(": ") + line.left(kMostTitle);
}

QString textOf(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    if (value.isArray()) { // of parts
        QStringList parts;
        for (const auto &part : value.toArray()) {
            if (const QString text = part.toObject()[QStringLiteral("text")].toString(); !text.isEmpty())
                parts << text;
        }
        return parts.join(u'\n');
    }
    return {};
}

QString jsonOf(const QJsonValue &value)
{
    const QJsonDocument document = value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    return value.toObject().isEmpty() && value.toArray().isEmpty()
               ? QString()
               : QString::fromUtf8(document.toJson(QJsonDocument::Indented));
}

/// What a tool is about to do, in one line: its command, its file, whatever it names first.
QString gist(const QJsonObject &input)
{
    for (const char *key : {"command", "file_path", "filePath", "path", "pattern", "query", "url", "description"}) {
        if (const QString text = input[QLatin1StringView(key)].toString(); !text.isEmpty())
            return text;
    }
    return {};
}

QString tokensText(const QJsonValue &input, const QJsonValue &output)
{
    return input.isDouble() && output.isDouble()
               ? QStringLiteral("%1 tokens in, %2 out").arg(input.toInteger()).arg(output.toInteger())
               : QString();
}

void say(std::vector<AgentEvent> &events, const QString &text)
{
    if (const QString words = shown(text); !words.isEmpty())
        events.push_back({{}, words});
}

void think(std::vector<AgentEvent> &events, const QString &text)
{
    if (const QString words = shown(text); !words.isEmpty())
        events.push_back({titled(QStringLiteral("thinks"), words.section(u'\n', 0, 0)), words});
}

/// claude: the parts of a message.
void readParts(std::vector<AgentEvent> &events, const QJsonArray &parts)
{
    for (const auto &value : parts) {
        const QJsonObject part = value.toObject();
        const QString type = part[QStringLiteral("type")].toString();
        if (type == u"text") {
            say(events, part[QStringLiteral("text")].toString());
        } else if (type == u"thinking") {
            think(events, part[QStringLiteral("thinking")].toString());
        } else if (type == u"tool_use") {
            const QJsonObject input = part[QStringLiteral("input")].toObject();
            events.push_back({titled(displayable(part[QStringLiteral("name")].toString().left(80)), gist(input)),
                              shown(jsonOf(input))});
        } else if (type == u"tool_result") {
            const bool failed = part[QStringLiteral("is_error")].toBool();
            const QString text = shown(textOf(part[QStringLiteral("content")]));
            events.push_back(
                {titled(failed ? QStringLiteral("failed") : QStringLiteral("result"), text.section(u'\n', 0, 0)), text,
                 failed});
        }
    }
}

/// codex: something that it did.
void readItem(std::vector<AgentEvent> &events, const QJsonObject &item)
{
    const QString type = item[QStringLiteral("type")].toString();
    const QString text = item[QStringLiteral("text")].toString();
    if (type == u"agent_message") {
        say(events, text);
    } else if (type == u"reasoning") {
        think(events, text);
    } else if (type == u"command_execution") {
        const QJsonValue code = item[QStringLiteral("exit_code")];
        const bool failed = code.toInteger(0) != 0;
        QString title = titled(QStringLiteral("command"), item[QStringLiteral("command")].toString());
        if (code.isDouble())
            title += QStringLiteral(" (exit code %1)").arg(code.toInteger());
        events.push_back({title, shown(item[QStringLiteral("aggregated_output")].toString()), failed});
    } else if (type == u"file_change") {
        QStringList files;
        for (const auto &change : item[QStringLiteral("changes")].toArray())
            files << change[u"kind"].toString() + u' ' + change[u"path"].toString();
        events.push_back({titled(QStringLiteral("files"), files.join(QStringLiteral(", "))), shown(files.join(u'\n'))});
    } else if (type == u"error") {
        events.push_back({titled(QStringLiteral("failed"), item[QStringLiteral("message")].toString()), {}, true});
    } else {
        events.push_back({titled(displayable(type.left(80))), shown(jsonOf(item))});
    }
}

/// opencode: what a tool did.
void readTool(std::vector<AgentEvent> &events, const QJsonObject &part)
{
    const QJsonObject state = part[QStringLiteral("state")].toObject();
    const QJsonObject input = state[QStringLiteral("input")].toObject();
    const QString error = textOf(state[QStringLiteral("error")]);
    const QString title = state[QStringLiteral("title")].toString();
    const QString output = textOf(state[QStringLiteral("output")]);
    events.push_back(
        {titled(displayable(part[QStringLiteral("tool")].toString().left(80)), title.isEmpty() ? gist(input) : title),
         shown(jsonOf(input) + (error.isEmpty() ? output : error)), !error.isEmpty()});
}

} // namespace

bool isAgentEvent(QByteArrayView line)
{
    return eventIn(line).has_value();
}

std::vector<AgentEvent> agentEvents(QByteArrayView line)
{
    std::vector<AgentEvent> events;
    const auto found = eventIn(line);
    if (!found)
        return events;
    const QJsonObject &event = *found;
    const QString type = event[QStringLiteral("type")].toString();
    const QJsonObject part = event[QStringLiteral("part")].toObject();
    const QJsonObject usage = event[QStringLiteral("usage")].toObject();
    if (type == u"assistant" || type == u"user") {
        const QJsonValue content = event[QStringLiteral("message")].toObject()[QStringLiteral("content")];
        if (content.isString())
            say(events, content.toString());
        readParts(events, content.toArray());
    } else if (type == u"system") {
        events.push_back({titled(QStringLiteral("begins"), event[QStringLiteral("model")].toString()), {}});
    } else if (type == u"result") {
        const bool failed = event[QStringLiteral("is_error")].toBool();
        const QString tokens = tokensText(usage[QStringLiteral("input_tokens")],
                                          usage[QStringLiteral("output_tokens")]);
        events.push_back({titled(failed ? QStringLiteral("failed") : QStringLiteral("ends"), tokens),
                          shown(event[QStringLiteral("result")].toString()), failed});
    } else if (type == u"item.completed") {
        readItem(events, event[QStringLiteral("item")].toObject());
    } else if (type == u"turn.completed") {
        events.push_back({titled(QStringLiteral("ends"), tokensText(usage[QStringLiteral("input_tokens")],
                                                                    usage[QStringLiteral("output_tokens")])),
                          {}});
    } else if (type == u"turn.failed") {
        events.push_back({titled(QStringLiteral("failed"),
                                 event[QStringLiteral("error")].toObject()[QStringLiteral("message")].toString()),
                          {},
                          true});
    } else if (type == u"text") {
        say(events, part[QStringLiteral("text")].toString());
    } else if (type == u"reasoning") {
        think(events, part[QStringLiteral("text")].toString());
    } else if (type == u"tool_use") {
        readTool(events, part);
    } else if (type == u"step_finish") {
        const QJsonObject tokens = part[QStringLiteral("tokens")].toObject();
        if (const QString text = tokensText(tokens[QStringLiteral("input")], tokens[QStringLiteral("output")]);
            !text.isEmpty())
            events.push_back({titled(QStringLiteral("step"), text), {}});
    } else if (type != u"thread.started" && type != u"turn.started" && type != u"item.started"
               && type != u"item.updated" && type != u"step_start") {
        const bool failed = type == u"error";
        events.push_back({titled(displayable(type.left(80)), event[QStringLiteral("message")].toString()),
                          shown(jsonOf(event)), failed});
    }
    return events;
}

} // namespace openfactory
