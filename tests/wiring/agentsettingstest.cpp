// SPDX-License-Identifier: Apache-2.0
/// What openfactory.yaml may say of coding agents, and where it is told to be wrong.
#include "app/wiring/settings.h"
#include "tests/testlib/expect.h"

#include <QTemporaryDir>

using namespace openfactory;

namespace {

const QByteArray kGood = "agents:\n"
                         "  helper:\n"
                         "    preset: claude\n"
                         "    key: CLAUDE_KEY\n"
                         "    model: sonnet\n"
                         "  own:\n"
                         "    argv: [my-agent, --task, \"{prompt_file}\"]\n"
                         "    prompt: file\n"
                         "    environment: {COLOUR: \"0\"}\n"
                         "    secrets: {MY_KEY: A_SECRET}\n"
                         "    hosts: [models.example, \"127.0.0.1:8080\"]\n"
                         "    timeout_seconds: 60\n"
                         "    tokens_per_run: 1000\n"
                         "agent: own\n";

} // namespace

class AgentSettingsTest : public QObject {
    Q_OBJECT

    static Result<SettingsRead> read(const QByteArray &text)
    {
        return readSettingsText(text, QStringLiteral("openfactory.yaml"));
    }

private Q_SLOTS:
    void reads()
    {
        const auto settings = read(kGood);
        OF_OK(settings);
        const AgentSettings *own = settings->settings.agents.find({});
        QVERIFY(own);
        QCOMPARE(own->name, QStringLiteral("own"));
        QVERIFY(own->prompt == AgentSettings::Prompt::File);
        QCOMPARE(own->hosts, (std::vector<ReachableHost>{{QStringLiteral("models.example"), 443},
                                                         {QStringLiteral("127.0.0.1"), 8080}}));
        QCOMPARE(own->secrets.at(QStringLiteral("MY_KEY")), QStringLiteral("A_SECRET"));
        QCOMPARE(own->timeout, std::chrono::seconds(60));
        const AgentSettings *helper = settings->settings.agents.find(QStringLiteral("helper"));
        QVERIFY(helper);
        QCOMPARE(helper->argv.last(), QStringLiteral("sonnet"));
        QCOMPARE(helper->secrets.at(QStringLiteral("ANTHROPIC_API_KEY")), QStringLiteral("CLAUDE_KEY"));
        QVERIFY(helper->prompt == AgentSettings::Prompt::Input);
    }

    void namesAnAgentThatLiesElsewhere()
    {
        QTemporaryDir folder;
        const QString real = QFileInfo(folder.path()).canonicalFilePath();
        QVERIFY(QFile::copy(QStringLiteral("/usr/bin/env"), real + QStringLiteral("/agent")));
        QVERIFY(QFile::link(real, real + QStringLiteral("/link")));
        QByteArray text = kGood;
        text.replace("    timeout_seconds: 60\n",
                     QByteArray("    folders: [\"" + real.toUtf8() + "/link\"]\n    program: \"" + real.toUtf8()
                                + "/link/agent\"\n"));
        const auto settings = read(text);
        OF_OK(settings);
        const AgentSettings *own = settings->settings.agents.find({});
        QCOMPARE(own->folders, QStringList{real}); // as it is, not as it is reached
        QCOMPARE(own->program, real + QStringLiteral("/agent"));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const char *from, const char *to, const char *said) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QString::fromUtf8(said);
        };
        row("a folder that is not there", "timeout_seconds: 60", "folders: [/no/where]", "absolute path of a folder");
        row("a folder that is no path", "timeout_seconds: 60", "folders: [bin]", "absolute path of a folder");
        row("the folder of everything", "timeout_seconds: 60", "folders: [/]", "it holds your home");
        row("a program in no folder", "timeout_seconds: 60", "program: /usr/bin/env", "in none of folders");
        row("a program that is not there", "timeout_seconds: 60", "program: /no/where", "absolute path of a program");
        row("no such preset", "preset: claude", "preset: none", "there are: aider");
        row("unknown key", "timeout_seconds: 60", "timeout: 60", "openfactory.yaml:12:5");
        row("the key itself", "key: CLAUDE_KEY", "key: 'sk ant 1'", "name of a secret");
        row("a key without a preset", "    prompt: file\n", "    prompt: file\n    key: X\n", "only a preset knows");
        row("a model without an option", "    prompt: file\n", "    prompt: file\n    model: X\n", "takes no model");
        row("a host of any name", "[models.example,", "['*.example',", "openfactory.yaml:11");
        row("a variable that steers", "{COLOUR: \"0\"}", "{LD_PRELOAD: x.so}", "LD_PRELOAD");
        row("a secret's variable that steers", "{MY_KEY: A_SECRET}", "{NODE_OPTIONS: A_SECRET}", "NODE_OPTIONS");
        row("a shell", "[my-agent, --task, \"{prompt_file}\"]", "[sh, -c, \"x {prompt_file}\"]", "openfactory.yaml:7");
        row("no command", "[my-agent, --task, \"{prompt_file}\"]", "[]", "expected a program");
        row("a file that nobody names", "\"{prompt_file}\"", "x", "prompt: file");
        row("a file and input", "prompt: file", "prompt: input", "prompt: file");
        row("no such default", "agent: own\n", "agent: x\n", "no agent \"x\"");
        row("a budget that cannot be kept", "agent: own\n", "agent: own\njob_budget: {tokens: 5000}\n",
            "tokens_per_run");
    }
    void refuses()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QString, said);
        QVERIFY2(kGood.contains(from), "the row is out of date");
        const auto settings = read(QByteArray(kGood).replace(from, to));
        QVERIFY2(!settings, "it was taken");
        const QString text = toText(settings.error());
        QVERIFY2(text.contains(said) && text.contains(QStringLiteral("openfactory.yaml:")), qPrintable(text));
    }
};

QTEST_GUILESS_MAIN(AgentSettingsTest)
#include "agentsettingstest.moc"
