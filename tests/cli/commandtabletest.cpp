// SPDX-License-Identifier: Apache-2.0
/// The table of commands: what it takes, what it refuses, and what is made from it.
#include "app/factory/commandtable.h"

#include <QProcess>
#include <QTemporaryFile>
#include <QTest>

using namespace openfactory;
using namespace openfactory::cli;

class CommandTableTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void takesTheSeedsForms_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QStringList>("words");
        QTest::newRow("new") << QStringLiteral("new")
                             << QStringList{QStringLiteral("-s"), QStringLiteral("my-feature")};
        QTest::newRow("stage") << QStringLiteral("stage")
                               << QStringList{QStringLiteral("-s"), QStringLiteral("my-feature"),
                                              QStringLiteral("--stage"), QStringLiteral("implement")};
        QTest::newRow("range") << QStringLiteral("stage")
                               << QStringList{QStringLiteral("-s"),      QStringLiteral("my-feature"),
                                              QStringLiteral("--stage"), QStringLiteral("unit-test"),
                                              QStringLiteral("--from"),  QStringLiteral("implement"),
                                              QStringLiteral("--to"),    QStringLiteral("lint")};
        QTest::newRow("show") << QStringLiteral(
            "show") << QStringList{QStringLiteral("-s"), QStringLiteral("my-feature"), QStringLiteral("--detailed")};
        QTest::newRow("without -s") << QStringLiteral("show") << QStringList{QStringLiteral("my-feature")};
        QTest::newRow("list") << QStringLiteral("list")
                              << QStringList{QStringLiteral("--priority"), QStringLiteral("P1"),
                                             QStringLiteral("--status"), QStringLiteral("in_progress")};
        QTest::newRow("approve") << QStringLiteral("approve")
                                 << QStringList{QStringLiteral("-s"), QStringLiteral("my-feature"),
                                                QStringLiteral("--strategy"), QStringLiteral("gradual")};
        QTest::newRow("equals") << QStringLiteral("approve")
                                << QStringList{QStringLiteral("--slug=my-feature"), QStringLiteral("--accept-risk=a"),
                                               QStringLiteral("--accept-risk"), QStringLiteral("b")};
        QTest::newRow("help") << QStringLiteral("help") << QStringList{};
    }
    void takesTheSeedsForms()
    {
        QFETCH(QString, command);
        QFETCH(QStringList, words);
        const Command *found = findCommand(command);
        QVERIFY(found);
        const auto arguments = parseArguments(*found, words);
        QVERIFY2(arguments, arguments ? "" : qPrintable(toText(arguments.error())));
        if (words.contains(QStringLiteral("my-feature")))
            QCOMPARE(arguments->value(QStringLiteral("slug")), QStringLiteral("my-feature"));
    }

    void takesCommonOptionsBeforeTheCommandToo()
    {
        const auto split = [](const char *line) { return QString::fromLatin1(line).split(u' '); };
        QCOMPARE(commandFirst(split("--json list -x")), split("list --json -x"));
        QCOMPARE(commandFirst(split("--data d --repo=r --json show -s a")),
                 split("show --data d --repo=r --json -s a"));
        QCOMPARE(commandFirst(split("list --json")), split("list --json"));
        for (const char *line : {"--json", "--data d", "--nonsense list", "--help list", "--version"})
            QCOMPARE(commandFirst(split(line)), split(line));
    }

    void keepsEveryValueOfARepeatedOption()
    {
        const auto arguments = parseArguments(*findCommand(QStringLiteral("approve")),
                                              {QStringLiteral("--accept-risk"), QStringLiteral("coverage"),
                                               QStringLiteral("--accept-risk"), QStringLiteral("lint")});
        QVERIFY(arguments);
        QCOMPARE(arguments->values(QStringLiteral("accept-risk")),
                 (QStringList{QStringLiteral("coverage"), QStringLiteral("lint")}));
    }

    void refusesWhatItDoesNotKnow_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("said");
        QTest::newRow("unknown option") << QStringLiteral("new")
                                        << QStringList{QStringLiteral("--sulg"), QStringLiteral("x")}
                                        << "unknown option \"--sulg\"";
        QTest::newRow("unknown letter") << QStringLiteral("new") << QStringList{QStringLiteral("-x")}
                                        << "unknown option \"-x\"";
        QTest::newRow("no value") << QStringLiteral("new") << QStringList{QStringLiteral("-s")}
                                  << "--slug needs a value";
        QTest::newRow("value for a flag")
            << QStringLiteral("show") << QStringList{QStringLiteral("--detailed=yes")} << "takes no value";
        QTest::newRow("not a choice") << QStringLiteral("list")
                                      << QStringList{QStringLiteral("--priority"), QStringLiteral("P9")}
                                      << "not \"P9\"";
        QTest::newRow("not a number") << QStringLiteral("log")
                                      << QStringList{QStringLiteral("--attempt"), QStringLiteral("x")}
                                      << "--attempt takes a whole number from 0 on, not \"x\"";
        QTest::newRow("less than none") << QStringLiteral("log") << QStringList{QStringLiteral("--attempt=-1")}
                                        << "--attempt takes a whole number from 0 on, not \"-1\"";
        QTest::newRow("twice") << QStringLiteral(
            "show") << QStringList{QStringLiteral("-s"), QStringLiteral("a"), QStringLiteral("-s"), QStringLiteral("b")}
                               << "was given twice";
        QTest::newRow("stray word") << QStringLiteral("list") << QStringList{QStringLiteral("everything")}
                                    << "unexpected \"everything\"";
        QTest::newRow("two jobs") << QStringLiteral("show")
                                  << QStringList{QStringLiteral("one"), QStringLiteral("-s"), QStringLiteral("two")}
                                  << "both \"one\" and \"two\" are named";
        QTest::newRow("a word for new") << QStringLiteral("new") << QStringList{QStringLiteral("one")}
                                        << "unexpected \"one\"";
        QTest::newRow("wrong word") << QStringLiteral("audit") << QStringList{QStringLiteral("forge")}
                                    << "is not one of verify, show";
        QTest::newRow("a second word") << QStringLiteral("audit")
                                       << QStringList{QStringLiteral("verify"), QStringLiteral("now")}
                                       << "unexpected \"now\"";
        QTest::newRow("escape") << QStringLiteral("list") << QStringList{QStringLiteral("\x1b]0;x")} << "\\x1b]0;x";
    }
    void refusesWhatItDoesNotKnow()
    {
        QFETCH(QString, command);
        QFETCH(QStringList, words);
        QFETCH(QString, said);
        const auto arguments = parseArguments(*findCommand(command), words);
        QVERIFY(!arguments);
        QCOMPARE(arguments.error().kind, ErrorKind::Invalid);
        QVERIFY2(arguments.error().said.contains(said), qPrintable(arguments.error().said));
        QVERIFY(arguments.error().hint.contains(QStringLiteral("factory help ") + command));
    }

    void everyCommandHasASummaryAndAFunction()
    {
        for (const auto &command : commandTable()) {
            QVERIFY(!command.summary.isEmpty());
            QVERIFY(command.run);
            QVERIFY(helpText().contains(command.name));
            QVERIFY(helpText(command).contains(command.summary));
        }
    }

    void completionsAreGoodShell_data()
    {
        QTest::addColumn<QString>("shell");
        QTest::newRow("bash") << "bash";
        QTest::newRow("zsh") << "zsh";
        QTest::newRow("fish") << "fish";
    }
    void completionsAreGoodShell()
    {
        QFETCH(QString, shell);
        const auto script = completionScript(shell);
        QVERIFY(script);
        QTemporaryFile file;
        QVERIFY(file.open());
        file.write(script->toUtf8());
        file.close();
        QProcess process;
        process.start(shell, {shell == QStringLiteral("fish") ? QStringLiteral("--no-execute") : QStringLiteral("-n"),
                              file.fileName()});
        QVERIFY2(process.waitForFinished(20'000), "the shell is not installed");
        QCOMPARE(process.readAllStandardError(), QByteArray());
        QCOMPARE(process.exitCode(), 0);
    }

    void bashCompletesCommandsAndChoices_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("wanted");
        QTest::newRow("command") << "factory app" << "approve";
        QTest::newRow("option") << "factory show --det" << "--detailed";
        QTest::newRow("choice") << "factory list --priority P" << "P0 P1 P2 P3";
        QTest::newRow("word") << "factory audit v" << "verify";
    }
    void bashCompletesCommandsAndChoices()
    {
        QFETCH(QString, words);
        QFETCH(QString, wanted);
        const QString script =
            *completionScript(QStringLiteral("bash"))
            + QStringLiteral(
                  "\nCOMP_WORDS=(%1); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _factory; echo \"${COMPREPLY[*]}\"\n")
                  .arg(words);
        QProcess process;
        process.start(QStringLiteral("bash"), {QStringLiteral("-c"), script});
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(QString::fromUtf8(process.readAllStandardOutput()).trimmed(), wanted);
    }

    void fishCompletesCommands()
    {
        QProcess process;
        process.start(QStringLiteral("fish"),
                      {QStringLiteral("-c"),
                       *completionScript(QStringLiteral("fish")) + QStringLiteral("\ncomplete -C 'factory appr'\n")});
        QVERIFY(process.waitForFinished(20'000));
        QVERIFY(process.readAllStandardOutput().startsWith("approve"));
    }

    void manPageIsGoodScdoc()
    {
        QProcess process;
        process.start(QStringLiteral("scdoc"), {});
        QVERIFY(process.waitForStarted());
        process.write(manPage().toUtf8());
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.readAllStandardError(), QByteArray());
        QVERIFY(process.readAllStandardOutput().contains(".SS request-changes"));
    }
};

QTEST_GUILESS_MAIN(CommandTableTest)
#include "commandtabletest.moc"
