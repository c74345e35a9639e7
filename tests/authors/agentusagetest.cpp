// SPDX-License-Identifier: Apache-2.0
/// What coding agents say that they used, in the forms that they say it in, and what is no such saying.
#include "core/authors/agent/agentusage.h"

#include <QTest>

using namespace openfactory;

Q_DECLARE_METATYPE(openfactory::AgentUsage)

class AgentUsageTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void countsWhatIsTold_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<bool>("cut");
        QTest::addColumn<AgentUsage>("usage");
        const auto row = [](const char *name, const QByteArray &stream, const AgentUsage &usage, bool cut = false) {
            QTest::newRow(name) << stream << cut << usage;
        };
        const AgentUsage unknown;
        const QByteArray claude =
            "{\"type\":\"system\",\"subtype\":\"init\"}\n"
            "{\"type\":\"assistant\",\"message\":{\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n"
            "{\"type\":\"result\",\"subtype\":\"success\",\"usage\":{\"input_tokens\":10,"
            "\"cache_creation_input_tokens\":200,\"cache_read_input_tokens\":3000,\"output_tokens\":77}}\n";
        row("claude: the total at its end, with the cache", claude, {3210, 77});
        row("claude, of which the beginning is gone", claude.sliced(claude.indexOf("assistant")), {3210, 77}, true);
        row("claude, ended before its total", claude.first(claude.indexOf("{\"type\":\"result")), unknown);
        const QByteArray codex = "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":100,"
                                 "\"cached_input_tokens\":60,\"output_tokens\":7}}\n";
        row("codex: its turns, what was cached is among them", "{\"type\":\"turn.started\"}\n" + codex + codex,
            {200, 14});
        row("codex, of which the beginning is gone", codex, unknown, true);
        row("codex, a turn that does not say", codex + "{\"type\":\"turn.completed\"}\n", unknown);
        row("opencode: its steps",
            "{\"type\":\"step_finish\",\"part\":{\"tokens\":{\"input\":5,\"output\":2,\"reasoning\":1,"
            "\"cache\":{\"read\":40,\"write\":0}}}}\n"
            "{\"type\":\"step_finish\",\"part\":{\"tokens\":{\"input\":6,\"output\":3}}}",
            {51, 6});
        row("plain words", "I used 500 tokens\n{not json\n[]\n", unknown);
        row("nothing", {}, unknown);
        row("a zero that is told is a zero",
            "{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":0,"
            "\"output_tokens\":0}}\n",
            {0, 0});
        for (const char *count : {"-1", "1.5", "\"7\"", "1e30", "null"})
            row(count,
                QByteArray("{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":") + count
                    + ",\"output_tokens\":4}}\n",
                {std::nullopt, 4});
        row("a line of two megabytes beside it", "{\"type\":\"" + QByteArray(2 << 20, 'x') + "\"}\n" + codex, {100, 7});
    }
    void countsWhatIsTold()
    {
        QFETCH(QByteArray, stream);
        QFETCH(bool, cut);
        QFETCH(AgentUsage, usage);
        const AgentUsage read = agentUsage(stream, cut);
        QCOMPARE(read.inputTokens, usage.inputTokens);
        QCOMPARE(read.outputTokens, usage.outputTokens);
    }
};

QTEST_GUILESS_MAIN(AgentUsageTest)
#include "agentusagetest.moc"
