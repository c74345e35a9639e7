// SPDX-License-Identifier: Apache-2.0
/// openfactory.yaml as it is changed from the console: what stays, what goes, and what is refused.
#include "app/wiring/settingsfile.h"

#include "core/base/file.h"
#include "tests/testlib/expect.h"

#include <QDir>
#include <QTemporaryDir>

using namespace openfactory;

namespace {

const QByteArray kWritten = "# of the night shift\n"
                            "workers: 4   # a small machine\n"
                            "\n"
                            "author:\n"
                            "    # who signs\n"
                            "    name: \"Ada # the first\"\n"
                            "    email: 'ada@localhost' # no mail\n"
                            "sandbox: on\n";

QString key(const char *name)
{
    return QString::fromLatin1(name);
}

} // namespace

class SettingsFileTest : public QObject {
    Q_OBJECT

private:
    static Result<QByteArray> change(const QByteArray &text, const SettingChanges &changes)
    {
        return changeSettings(text, changes, QStringLiteral("openfactory.yaml"));
    }

private Q_SLOTS:
    void changesNothingButTheValue()
    {
        const auto changed = change(kWritten, {{key("workers"), QStringLiteral("6")},
                                               {key("author.name"), QStringLiteral("B \"q\" \\ #é")},
                                               {key("author.co_author"), QStringLiteral("C <c@localhost>")},
                                               {key("lease_ms"), QStringLiteral("20000")}});
        OF_OK(changed);
        QCOMPARE(*changed, QByteArray("# of the night shift\n"
                                      "workers: 6   # a small machine\n"
                                      "\n"
                                      "author:\n"
                                      "    # who signs\n"
                                      "    name: \"B \\\"q\\\" \\\\ #\xc3\xa9\"\n"
                                      "    email: 'ada@localhost' # no mail\n"
                                      "    co_author: \"C <c@localhost>\"\n"
                                      "sandbox: on\n"
                                      "lease_ms: 20000\n"));
        const auto read = readSettingsText(*changed, {});
        OF_OK(read);
        QCOMPARE(read->settings.engine.workers, 6);
        QCOMPARE(read->settings.authorName, QStringLiteral("B \"q\" \\ #é"));
        QCOMPARE(read->settings.engine.leaseTerm, std::chrono::milliseconds(20000));
    }

    void aDefaultThatIsRestoredLeavesTheComments()
    {
        const auto changed = change(
            kWritten, {{key("workers"), std::nullopt}, {key("author.name"), std::nullopt}, {key("sandbox"), {}}});
        OF_OK(changed);
        QCOMPARE(*changed, QByteArray("# of the night shift\n"
                                      "# a small machine\n"
                                      "\n"
                                      "author:\n"
                                      "    # who signs\n"
                                      "    email: 'ada@localhost' # no mail\n"));
        const auto bare = change(*changed, {{key("author.email"), std::nullopt}});
        OF_OK(bare);
        QVERIFY(!bare->contains("author:"));
        QVERIFY(bare->contains("# no mail"));
        OF_OK(readSettingsText(*bare, {}));
        QCOMPARE(*change("", {{key("workers"), std::nullopt}}), QByteArray());
    }

    void writesAFileThatWasNotThere()
    {
        QTemporaryDir folder;
        const QString data = folder.filePath(QStringLiteral("data"));
        OF_OK(changeSettingsFile(data, {{key("workers"), QStringLiteral("3")}}));
        QCOMPARE(*readSmallFile(settingsPath(data)), QByteArray("workers: 3\n"));
        OF_OK(changeSettingsFile(data, {{key("author.email"), QStringLiteral("a@b")}}));
        QCOMPARE(*readSmallFile(settingsPath(data)), QByteArray("workers: 3\nauthor:\n  email: \"a@b\"\n"));
        QCOMPARE(readSettings(data)->engine.workers, 3);
        QCOMPARE(QDir(data).entryList(QDir::Files | QDir::Hidden), QStringList{QStringLiteral("openfactory.yaml")});
    }

    void knowsOtherWaysOfWriting()
    {
        // As README.md has it: the author between braces.
        const QByteArray flow = "author: {name: OpenFactory, email: openfactory@localhost}  # us\r\nworkers: 2\r\n";
        const auto set = change(flow, {{key("author.name"), QStringLiteral("X, {y}")}});
        OF_OK(set);
        QCOMPARE(*set, QByteArray("author: {name: \"X, {y}\", email: \"openfactory@localhost\"}  # us\r\n"
                                  "workers: 2\r\n"));
        const auto more = change(*set, {{key("sandbox"), QStringLiteral("off")}});
        OF_OK(more);
        QVERIFY(more->endsWith("workers: 2\r\nsandbox: off\r\n"));
        const auto gone = change(*set, {{key("author.name"), {}}, {key("author.email"), {}}});
        OF_OK(gone);
        QCOMPARE(*gone, QByteArray("# us\r\nworkers: 2\r\n"));
        const auto sign = change("author: {name: \"a # b\", email: c}\n", {{key("author.email"), QStringLiteral("d")}});
        OF_OK(sign);
        QCOMPARE(*sign, QByteArray("author: {name: \"a # b\", email: \"d\"}\n"));
        QCOMPARE(*change("workers: 1", {{key("workers"), QStringLiteral("2")}}), QByteArray("workers: 2"));
    }

    void refusesWhatItWouldSpoil()
    {
        const std::pair<const char *, const char *> odd[]{
            {"{workers: 2}\n", "1"}, {"workers:\n  2\n", "2"}, {"\"workers\": 2\n", "1"}, {"workers: 2\n...\n", ""}};
        for (const auto &[text, line] : odd) {
            const auto changed = change(text, {{key("workers"), QStringLiteral("3")}, {key("lease_ms"), {}}});
            if (changed) { // then it has to be right
                QCOMPARE(readSettingsText(*changed, {})->settings.engine.workers, 3);
                continue;
            }
            QCOMPARE(changed.error().kind, ErrorKind::Unsupported);
            QVERIFY2(changed.error().hint.contains(QStringLiteral("line ") + QLatin1String(line)),
                     qPrintable(toText(changed.error())));
        }
        // What the reader does not take is not touched at all.
        QTemporaryDir folder;
        const QByteArray broken = "workers: 2\nbusypoll: 1\n";
        OF_OK(writeFileAtomically(settingsPath(folder.path()), broken));
        OF_REFUSED(changeSettingsFile(folder.path(), {{key("workers"), QStringLiteral("3")}}), ErrorKind::Invalid,
                   QStringLiteral("busypoll"));
        QCOMPARE(*readSmallFile(settingsPath(folder.path())), broken);
    }

    void judgesAValueAsTheReaderDoes()
    {
        const QStringList values{QStringLiteral("0"),      QStringLiteral("1"),
                                 QStringLiteral("64"),     QStringLiteral("65"),
                                 QStringLiteral("-1"),     QStringLiteral("many"),
                                 QStringLiteral("true"),   QStringLiteral("yes"),
                                 QStringLiteral("on"),     QStringLiteral("off"),
                                 QStringLiteral("refuse"), QStringLiteral("Name <a@b>"),
                                 QStringLiteral("a<b"),    QStringLiteral("99999999999999999999")};
        for (const SettingRule &rule : settingRules()) {
            for (const QString &value : values) {
                const bool below = rule.key.contains(u'.');
                const QString quoted = rule.form == SettingRule::Form::Text ? u'"' + value + u'"' : value;
                const QString text = below ? QStringLiteral("author: {%1: %2}\n").arg(rule.key.section(u'.', 1), quoted)
                                           : QStringLiteral("%1: %2\n").arg(rule.key, quoted);
                const auto typed = rule.check(value);
                const auto read = readSettingsText(text.toUtf8(), {});
                QVERIFY2(typed.has_value() == read.has_value(), qPrintable(text));
                if (!typed && rule.form == SettingRule::Form::Number)
                    QCOMPARE(typed.error().said, read.error().said);
                if (typed)
                    QCOMPARE(rule.text(read->settings), value);
            }
            // The default is good, and is what a file without the key gives.
            OF_OK(rule.check(rule.text(FactorySettings())));
            QCOMPARE(rule.text(readSettingsText({}, {})->settings), rule.text(FactorySettings()));
        }
        OF_REFUSED(change("", {{key("workers"), QStringLiteral("65")}}), ErrorKind::Invalid, QStringLiteral("65"));
        OF_REFUSED(change("", {{key("colour"), QStringLiteral("red")}}), ErrorKind::Invalid, QStringLiteral("colour"));
    }
};

QTEST_GUILESS_MAIN(SettingsFileTest)
#include "settingsfiletest.moc"
