// SPDX-License-Identifier: Apache-2.0
#include "core/authors/agent/agentusage.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <initializer_list>

namespace openfactory {

namespace {

constexpr qsizetype kLongestEvent = 1024 * 1024; ///< what tells of tokens is short
constexpr qint64 kMostTokens = 1'000'000'000'000;

/// The sum of the members that are there; nothing where the first one is not, or one is no count.
std::optional<qint64> sumOf(const QJsonObject &counts, std::initializer_list<const char *> names)
{
    qint64 sum = 0;
    bool first = true;
    for (const char *name : names) {
        const QJsonValue value = counts[QLatin1StringView(name)];
        const qint64 count = value.isUndefined() && !first ? 0 : value.toInteger(-1);
        if (count < 0 || count > kMostTokens)
            return std::nullopt;
        sum += count;
        first = false;
    }
    return sum;
}

/// Adds a turn; a turn that does not say makes the whole unknown.
struct Sum {
    void add(const std::optional<qint64> &count)
    {
        known = known && count;
        total += count.value_or(0);
        any = true;
    }
    std::optional<qint64> value() const { return any && known ? std::optional(total) : std::nullopt; }
    qint64 total = 0;
    bool known = true;
    bool any = false;
};

} // namespace

AgentUsage agentUsage(const QByteArray &stream, bool cut)
{
    Sum input, output;
    std::optional<AgentUsage> whole;
    for (qsizetype from = 0; from < stream.size();) {
        qsizetype end = stream.indexOf('\n', from);
        end = end < 0 ? stream.size() : end;
        const QByteArrayView line = QByteArrayView(stream).sliced(from, end - from).trimmed();
        from = end + 1;
        if (!line.startsWith('{') || line.size() > kLongestEvent)
            continue;
        const QJsonObject event = QJsonDocument::fromJson(line.toByteArray()).object();
        const QString type = event[QStringLiteral("type")].toString();
        if (type == u"result") {
            const QJsonObject usage = event[QStringLiteral("usage")].toObject();
            whole = AgentUsage{sumOf(usage, {"input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"}),
                               sumOf(usage, {"output_tokens"})};
        } else if (type == u"turn.completed") { // what came from the cache is among its input
            const QJsonObject usage = event[QStringLiteral("usage")].toObject();
            input.add(sumOf(usage, {"input_tokens"}));
            output.add(sumOf(usage, {"output_tokens"}));
        } else if (type == u"step_finish") {
            const QJsonObject tokens = event[QStringLiteral("part")].toObject()[QStringLiteral("tokens")].toObject();
            const QJsonObject cache = tokens[QStringLiteral("cache")].toObject();
            const auto fresh = sumOf(tokens, {"input"});
            const auto cached = cache.isEmpty() ? std::optional<qint64>(0) : sumOf(cache, {"read", "write"});
            input.add(fresh && cached ? std::optional(*fresh + *cached) : std::nullopt);
            output.add(sumOf(tokens, {"output", "reasoning"}));
        }
    }
    if (whole || cut)
        return whole.value_or(AgentUsage());
    return {input.value(), output.value()};
}

} // namespace openfactory
