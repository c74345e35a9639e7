// SPDX-License-Identifier: Apache-2.0
/// The lines of JSON that coding agents tell their work in, as people read them.
#include "core/domain/agentevents.h"

#include <QTest>

using namespace openfactory;

class AgentEventsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void reads_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("said"); ///< "title|text" of each event, with ! before what failed
        const auto row = [](const char *name, const char *line, const char *said) {
            QTest::newRow(name) << QByteArray(line) << QString::fromUtf8(said);
        };
        row("claude says and uses a tool",
            R"({"type":"assistant","message":{"content":[{"type":"text","text":"I look."},)"
            R"({"type":"tool_use","name":"Bash","input":{"command":"ls -la"}}]}})",
            "|I look.;Bash: ls -la|{\n    \"command\": \"ls -la\"\n}");
        row("what a tool gave", R"({"type":"user","message":{"content":[{"type":"tool_result","content":"a\nb"}]}})",
            "result: a|a\nb");
        row("what a tool gave in parts, failed",
            R"({"type":"user","message":{"content":[{"type":"tool_result","is_error":true,"content":[{"type":"text","text":"no"}]}]}})",
            "!failed: no|no");
        row("the end of claude", R"({"type":"result","result":"Done.","usage":{"input_tokens":5,"output_tokens":7}})",
            "ends: 5 tokens in, 7 out|Done.");
        row("codex runs a command",
            R"({"type":"item.completed","item":{"type":"command_execution","command":"make","aggregated_output":"no rule","exit_code":2}})",
            "!command: make (exit code 2)|no rule");
        row("codex says", R"({"type":"item.completed","item":{"type":"agent_message","text":"Mended."}})", "|Mended.");
        row("codex changes files",
            R"({"type":"item.completed","item":{"type":"file_change","changes":[{"path":"a.c","kind":"update"}]}})",
            "files: update a.c|update a.c");
        row("what only began", R"({"type":"item.started","item":{"type":"command_execution"}})", "");
        row("opencode uses a tool",
            R"({"type":"tool_use","part":{"tool":"edit","state":{"title":"src/a.py","input":{},"output":"ok"}}})",
            "edit: src/a.py|ok");
        row("opencode says", R"({"type":"text","part":{"text":"Hello"}})", "|Hello");
        row("an error", R"({"type":"error","message":"quota"})",
            "!error: quota|{\n    \"message\": \"quota\",\n    \"type\": \"error\"\n}");
        row("what is not known", R"({"type":"beep","n":1})", "beep|{\n    \"n\": 1,\n    \"type\": \"beep\"\n}");
        row("a title of several lines, and what orders text anew",
            "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"tool_use\",\"name\":\"B\\u202e\",\"input\":"
            "{\"command\":\"a\\nb\\u001b[31m\"}}]}}",
            nullptr);
    }
    void reads()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, said);
        QVERIFY(isAgentEvent(line));
        QStringList parts;
        for (const AgentEvent &event : agentEvents(line)) {
            parts << (event.failed ? QStringLiteral("!") : QString()) + event.title + u'|' + event.text;
            QVERIFY(!event.title.contains(u'\n') && !event.title.contains(QChar(0x202e))
                    && !event.title.contains(QChar(0x1b)));
            QVERIFY(!event.text.contains(QChar(0x202e)) && !event.text.contains(QChar(0x1b)));
        }
        if (!said.isNull())
            QCOMPARE(parts.join(u';'), said);
        else
            QCOMPARE(parts.size(), 1);
    }

    void isNoEvent_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line :
             {"", "plain", "{}", "[1]", "{\"type\":5}", "{\"type\":\"text\"", "{\"a\":{\"type\":\"b\"}}"})
            QTest::newRow(line) << QByteArray(line);
        QTest::newRow("too long") << "{\"type\":\"text\",\"x\":\"" + QByteArray(5 << 20, 'x') + "\"}";
    }
    void isNoEvent()
    {
        QFETCH(QByteArray, line);
        QVERIFY(!isAgentEvent(line));
        QVERIFY(agentEvents(line).empty());
    }

    void aLongTextIsCutAndSaysSo()
    {
        const QByteArray line = "{\"type\":\"text\",\"part\":{\"text\":\"" + QByteArray(100'000, 'y') + "\"}}";
        const auto events = agentEvents(line);
        QCOMPARE(events.size(), size_t(1));
        QVERIFY(events[0].text.size() < mostAgentText + 100);
        QVERIFY(events[0].text.endsWith(QStringLiteral("[34464 more characters]")));
    }
};

QTEST_GUILESS_MAIN(AgentEventsTest)
#include "test_agentevents.moc"
