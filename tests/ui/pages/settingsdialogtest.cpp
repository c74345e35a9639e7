// SPDX-License-Identifier: Apache-2.0
/// The settings page on a real openfactory.yaml, by keys: typed, judged, saved, and read by the engine's own reader.
#include "ui/dialogs/settingsdialog.h"

#include "app/openfactory/datafiles.h"
#include "app/openfactory/settings.h"
#include "core/base/file.h"
#include "core/security/secretmasker.h"
#include "core/store/sqlitejobstore.h"
#include "tests/testlib/expect.h"
#include "tests/testlib/modelserver.h"
#include "tests/testlib/patience.h"
#include "ui/dialogs/datapane.h"
#include "ui/dialogs/enginesettings.h"
#include "ui/models/notices.h"
#include "ui/models/words.h"
#include "ui/widgets/keys.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QKeyEvent>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTreeView>

using namespace openfactory;
using namespace openfactory::ui;

class SettingsDialogTest : public QObject {
    Q_OBJECT

private:
    /// The dialog on a data folder, its engine page in front.
    struct World {
        explicit World(const QByteArray &file = {})
        {
            if (!file.isEmpty() && !writeFileAtomically(settingsPath(folder.path()), file))
                qFatal("the settings could not be written");
            console.dataFolder = folder.path();
            const auto running = readSettings(folder.path());
            console.settings = engineSettingsFile(folder.path(), running ? *running : FactorySettings());
            if (!masker.add({{QStringLiteral("MODEL_KEY"), "sk-canary-0123456789", QStringLiteral("test")}}))
                qFatal("the key is not taken");
            console.models = modelsFile(folder.path(), masker, clock);
            console.clock = &clock;
            console.data = dataFiles(folder.path());
            dialog = std::make_unique<SettingsDialog>(console);
            dialog->setAttribute(Qt::WA_DeleteOnClose, false);
            dialog->showTab(QStringLiteral("engine"));
            dialog->show();
        }
        QByteArray file() const { return readSmallFile(settingsPath(folder.path())).value_or(QByteArray()); }
        template<class W>
        W *find(const char *name) const
        {
            W *found = dialog->findChild<W *>(QLatin1String(name));
            if (!found)
                qFatal("there is no %s", name);
            return found;
        }
        QString text(const char *name) const { return find<QLabel>(name)->text(); }
        bool isRead() const { return dialog->findChild<QWidget *>(QStringLiteral("setting-workers")) != nullptr; }
        void type(const char *name, const QString &text) const
        {
            auto *line = find<QLineEdit>(name);
            line->setFocus();
            line->selectAll();
            QTest::keyClicks(line, text);
        }
        QTemporaryDir folder;
        SecretMasker masker;
        SystemClock clock;
        Console console;
        std::unique_ptr<SettingsDialog> dialog;
    };

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("openfactory-test"));
        QCoreApplication::setApplicationName(QStringLiteral("settingsdialogtest"));
    }
    void init() { QSettings().clear(); }

    void everySettingOfTheReaderHasAField()
    {
        World world;
        QTRY_VERIFY(world.isRead());
        for (const SettingRule &rule : settingRules()) {
            const QString id = QStringLiteral("setting-") + rule.key;
            auto *field = world.dialog->findChild<QWidget *>(id);
            QVERIFY2(field, qPrintable(rule.key));
            QVERIFY2(!field->accessibleName().isEmpty() && field->accessibleName() != rule.key, qPrintable(rule.key));
            QVERIFY2(!field->accessibleDescription().isEmpty(), qPrintable(rule.key));
            const QString source = world.text(qPrintable(id + QStringLiteral("-source")));
            QString standard = rule.text(FactorySettings());
            if (rule.form == SettingRule::Form::Switch)
                standard = standard == u"true" ? QStringLiteral("on") : QStringLiteral("off");
            QVERIFY2(source.contains(standard.isEmpty() ? QStringLiteral("none") : standard), qPrintable(source));
            QVERIFY2(source.contains(QStringLiteral("not in the file")), qPrintable(source));
        }
        QVERIFY(!world.find<QPushButton>("settingsSave")->isEnabled());
    }

    void judgesWhatIsTypedAndSavesWhatIsGood()
    {
        World world("# mine\nworkers: 4 # small\n");
        QTRY_VERIFY(world.isRead());
        QVERIFY(world.text("setting-workers-source").contains(QStringLiteral("line 2")));
        world.type("setting-workers", QStringLiteral("650"));
        QVERIFY2(
            world.text("setting-workers-error").contains(QStringLiteral("650 cannot be saved: it is outside 1 to 64")),
            qPrintable(world.text("setting-workers-error")));
        QVERIFY(!world.find<QPushButton>("settingsSave")->isEnabled());
        QVERIFY(world.text("settingsState").contains(QStringLiteral("650")));
        world.type("setting-workers", QStringLiteral("6.5"));
        QVERIFY(world.text("setting-workers-error").contains(QStringLiteral("\"6.5\"")));
        world.type("setting-author.name", QStringLiteral("a<b"));
        QVERIFY(world.text("setting-author.name-error").contains(QStringLiteral("a<b")));
        world.type("setting-author.name", QStringLiteral("Ada"));
        world.type("setting-workers", QStringLiteral("6"));
        QVERIFY(world.text("setting-workers-error").isEmpty());
        QCOMPARE(world.file(), QByteArray("# mine\nworkers: 4 # small\n")); // nothing is written as it is typed
        QTest::keyClick(world.find<QPushButton>("settingsSave"), Qt::Key_Space);
        QTRY_COMPARE(world.file(), QByteArray("# mine\nworkers: 6 # small\nauthor:\n  name: \"Ada\"\n"));
        QCOMPARE(readSettings(world.folder.path())->engine.workers, 6);
        QTRY_VERIFY(world.text("setting-workers-source").contains(QStringLiteral("has 4 until the next start")));
        QVERIFY(world.text("settingsState").contains(QStringLiteral("Saved")));
        QTest::keyClick(world.find<QPushButton>("setting-workers-default"), Qt::Key_Space);
        QCOMPARE(world.find<QLineEdit>("setting-workers")->text(), QStringLiteral("2"));
        QTest::keyClick(world.find<QPushButton>("settingsSave"), Qt::Key_Space);
        QTRY_COMPARE(world.file(), QByteArray("# mine\n# small\nauthor:\n  name: \"Ada\"\n"));
    }

    void asksBeforeTheSandboxGoes()
    {
        World world;
        QTRY_VERIFY(world.isRead());
        world.find<QComboBox>("setting-sandbox")->setCurrentText(QStringLiteral("off"));
        world.find<QPushButton>("settingsSave")->click();
        auto *ask = world.find<QWidget>("askDialog");
        world.find<QPushButton>("askNo")->click();
        QTRY_VERIFY(!ask->isVisible());
        QVERIFY(world.file().isEmpty());
        world.find<QPushButton>("settingsSave")->click();
        QTRY_COMPARE(world.dialog->findChildren<QPushButton *>(QStringLiteral("askYes")).size(), 1);
        world.find<QPushButton>("askYes")->click();
        QTRY_COMPARE(world.file(), QByteArray("sandbox: off\n"));
    }

    void theEnvironmentHasTheLastWord()
    {
        qputenv("OPENFACTORY_AUTHOR_NAME", "From Outside");
        World world("author:\n  name: From File\n");
        QTRY_VERIFY(world.isRead());
        QCOMPARE(world.find<QLineEdit>("setting-author.name")->text(), QStringLiteral("From Outside"));
        QVERIFY(!world.find<QLineEdit>("setting-author.name")->isEnabled());
        QVERIFY(world.text("setting-author.name-source").contains(QStringLiteral("$OPENFACTORY_AUTHOR_NAME")));
        QVERIFY(world.find<QLineEdit>("setting-author.email")->isEnabled());
        qunsetenv("OPENFACTORY_AUTHOR_NAME");
    }

    void aBrokenFileIsNotTouched()
    {
        World world("workers: many\n");
        QTRY_VERIFY(world.text("settingsState").contains(QStringLiteral("cannot be read")));
        QVERIFY(world.text("settingsState").contains(QStringLiteral("1:10")));
        QVERIFY(!world.isRead());
        QVERIFY(!world.find<QPushButton>("settingsSave")->isEnabled());
    }

    void aFailureToWriteIsSaid()
    {
        World world;
        QTRY_VERIFY(world.isRead());
        QVERIFY(QDir(world.folder.path()).mkdir(QStringLiteral("openfactory.yaml"))); // no file can take its place
        world.type("setting-workers", QStringLiteral("3"));
        world.find<QPushButton>("settingsSave")->click();
        QTRY_VERIFY2(world.text("settingsState").startsWith(QStringLiteral("Nothing was saved")),
                     qPrintable(world.text("settingsState")));
        QCOMPARE(world.find<QLineEdit>("setting-workers")->text(), QStringLiteral("3")); // what was typed stays
        QVERIFY(world.find<QPushButton>("settingsSave")->isEnabled());
    }

    void aKeyIsSetWhereNothingElseHasIt()
    {
        Keys &keys = Keys::all();
        keys.restoreAll();
        World world;
        world.dialog->showTab(QStringLiteral("keys"));
        auto *table = world.find<QTreeView>("keysTable");
        auto *field = world.find<QKeySequenceEdit>("keysKey");
        const auto choose = [&](const QString &title) {
            world.find<QLineEdit>("keysSearch")->setText(title);
            QCOMPARE(table->model()->rowCount(), 1);
            table->setCurrentIndex(table->model()->index(0, 0));
        };
        const auto press = [&](Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
            field->setFocus();
            QTest::keyClick(field->focusProxy() ? field->focusProxy() : field, key, modifiers);
        };
        QCOMPARE(table->model()->rowCount(), int(keys.rules().size()));
        QVERIFY(!world.find<QPushButton>("keysAll")->isEnabled());
        choose(QStringLiteral("Next match"));
        press(Qt::Key_F4);
        QTRY_COMPARE(keys.of(QStringLiteral("logNext")), QKeySequence(Qt::Key_F4));
        QCOMPARE(table->model()->index(0, 2).data().toString(), QStringLiteral("F4"));
        QCOMPARE(table->model()->index(0, 3).data().toString(), QStringLiteral("F3"));
        // One that another of the same place has, and one that no view gives away.
        press(Qt::Key_F8);
        QTRY_VERIFY2(world.text("keysNote").contains(QStringLiteral("“Next error”")),
                     qPrintable(world.text("keysNote")));
        QCOMPARE(field->keySequence(), QKeySequence(Qt::Key_F4));
        press(Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY2(world.text("keysNote").contains(QStringLiteral("stays that")), qPrintable(world.text("keysNote")));
        QCOMPARE(keys.of(QStringLiteral("logNext")), QKeySequence(Qt::Key_F4));
        world.find<QPushButton>("keysNone")->click();
        QVERIFY(keys.of(QStringLiteral("logNext")).isEmpty());
        QCOMPARE(withKey(QStringLiteral("Next match"), "logNext"), QStringLiteral("Next match"));
        world.find<QPushButton>("keysStandard")->click();
        QCOMPARE(keys.of(QStringLiteral("logNext")), QKeySequence(Qt::Key_F3));
        QVERIFY(QSettings().value(QStringLiteral("keys/logNext")).isNull());
        // What holds everywhere is told beside what a view does with the same key.
        QAction action(QStringLiteral("&Look…"));
        action.setObjectName(QStringLiteral("actionLook"));
        keys.bind(action, KeyPlace::Window, QKeySequence(Qt::Key_F3));
        QVERIFY(keys.alsoText(QStringLiteral("logNext"), QKeySequence(Qt::Key_F3)).contains(QStringLiteral("Look")));
        keys.set(QStringLiteral("actionLook"), QKeySequence(Qt::CTRL | Qt::Key_J));
        QCOMPARE(action.shortcut(), QKeySequence(Qt::CTRL | Qt::Key_J));
        world.find<QPushButton>("keysAll")->click();
        QTRY_COMPARE(world.dialog->findChildren<QPushButton *>(QStringLiteral("askYes")).size(), 1);
        world.find<QPushButton>("askYes")->click();
        QCOMPARE(action.shortcut(), QKeySequence(Qt::Key_F3));
    }

    void aSignIsFoundHoweverItIsTyped_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<Qt::KeyboardModifiers>("modifiers");
        QTest::addColumn<bool>("found");
        QTest::newRow("plain") << int(Qt::Key_Slash) << Qt::KeyboardModifiers() << true;
        QTest::newRow("by Shift, as on a German keyboard")
            << int(Qt::Key_Slash) << Qt::KeyboardModifiers(Qt::ShiftModifier) << true;
        QTest::newRow("of the number pad") << int(Qt::Key_Slash) << Qt::KeyboardModifiers(Qt::KeypadModifier) << true;
        QTest::newRow("with Ctrl") << int(Qt::Key_Slash) << Qt::KeyboardModifiers(Qt::ControlModifier) << false;
        QTest::newRow("another") << int(Qt::Key_N) << Qt::KeyboardModifiers() << false;
    }
    void aSignIsFoundHoweverItIsTyped()
    {
        QFETCH(int, key);
        QFETCH(Qt::KeyboardModifiers, modifiers);
        QFETCH(bool, found);
        const QKeyEvent event(QEvent::KeyPress, key, modifiers);
        QCOMPARE(isKey(event, "logFilter"), found);
        const QKeyEvent shifted(QEvent::KeyPress, Qt::Key_F3, Qt::ShiftModifier);
        QVERIFY(!isKey(shifted, "logNext") && isKey(shifted, "logPrevious"));
    }

    void noticesAreWantedOneByOne()
    {
        QSettings().setValue(QStringLiteral("notify"), false); // as it was said before there were several
        for (const NoticeKind &kind : noticeKinds())
            QVERIFY2(!isWanted(kind.notice), qPrintable(kind.event));
        QSettings().remove(QStringLiteral("notify"));
        World world;
        QVERIFY(isWanted(Notice::GateOpened) && isWanted(Notice::JobFailed) && !isWanted(Notice::JobDone));
        world.find<QCheckBox>("settingsNotice-jobDone")->click();
        world.find<QCheckBox>("settingsNotice-gateOpened")->click();
        QVERIFY(!isWanted(Notice::GateOpened) && isWanted(Notice::JobFailed) && isWanted(Notice::JobDone));
    }

    void theDataIsMeasuredAndTheStoreCopied()
    {
        World world;
        const QString folder = world.folder.path();
        const auto put = [&](const QString &path, qsizetype size) {
            QVERIFY(QDir().mkpath(QFileInfo(folder + path).path()));
            QVERIFY(writeFileAtomically(folder + path, QByteArray(size, 'x')));
        };
        put(QStringLiteral("/jobs/01J/logs/lint-1-1.log"), 100'000);
        put(QStringLiteral("/jobs/01J/logs/home/x"), 1);
        put(QStringLiteral("/jobs/01J/home/.cache/big"), 300'000);
        put(QStringLiteral("/jobs/01J/SPEC.json"), 5000);
        SystemClock clock;
        OF_OK(openStore(folder, clock, OpenMode::ReadWrite));
        const DataFiles files = dataFiles(folder);
        const auto parts = files.measure({});
        OF_OK(parts);
        const auto part = [&](DataKind kind) {
            const auto found = std::ranges::find(*parts, kind, &DataPart::kind);
            return found == parts->end() ? DataPart() : *found;
        };
        QCOMPARE(part(DataKind::Logs).use.files, 2);
        const auto bytes = [&](DataKind kind) { return part(kind).use.bytes; };
        QVERIFY(bytes(DataKind::Logs) >= 100'000 && bytes(DataKind::Logs) < 140'000);
        QVERIFY(bytes(DataKind::Homes) >= 300'000 && bytes(DataKind::Homes) < 340'000);
        QCOMPARE(part(DataKind::Results).use.files, 1);
        QVERIFY(bytes(DataKind::Store) > 0);
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(files.measure(stop.get_token()).error().kind, ErrorKind::Cancelled);

        DataPane pane(folder, files);
        pane.show();
        auto *table = pane.findChild<QTreeView *>(QStringLiteral("dataTable"));
        QTRY_VERIFY(table->model()->rowCount() >= 4);
        auto *note = pane.findChild<QLabel *>(QStringLiteral("dataNote"));
        const QString copy = folder + QStringLiteral("/copy.db");
        pane.backUpInto(copy);
        QTRY_VERIFY2(note->text().contains(QStringLiteral("was copied to")), qPrintable(note->text()));
        QVERIFY(QFileInfo(copy).size() > 0);
        const QByteArray store = readSmallFile(folder + QStringLiteral("/openfactory.db")).value_or(QByteArray());
        QVERIFY(QFile::link(folder, folder + QStringLiteral("/round")));
        for (const char *bad :
             {"/openfactory.db", "/openfactory.db-wal", "/round/openfactory.db", "/no/such/folder/x.db"}) {
            pane.backUpInto(folder + QLatin1String(bad));
            QTRY_VERIFY2(note->text().startsWith(QStringLiteral("No copy was written")), qPrintable(note->text()));
        }
        QCOMPARE(readSmallFile(folder + QStringLiteral("/openfactory.db")).value_or(QByteArray()), store);
    }

    void idleCachesAreRemovedWhereThatIsWanted()
    {
        std::atomic<int> held = 2;
        std::atomic<int> removals = 0;
        QString stays;
        DataFiles files;
        files.measure = [](const std::stop_token &) { return std::vector<DataPart>(); };
        files.idleCaches = [&](const std::stop_token &) -> Result<IdleCaches> {
            if (held < 0)
                return fail(ErrorKind::Io, QStringLiteral("measure"), QStringLiteral("the disk is gone"));
            return IdleCaches{.jobs = held, .bytes = held * 1024LL * 1024, .left = {}};
        };
        files.removeCaches = [&](const std::stop_token &) -> Result<IdleCaches> {
            ++removals;
            IdleCaches removed{.jobs = held, .bytes = held.exchange(0) * 1024LL * 1024, .left = {}};
            if (!stays.isEmpty())
                removed.left << stays;
            return removed;
        };
        const QTemporaryDir folder;
        DataPane pane(folder.path(), files);
        pane.show();
        auto *button = pane.findChild<QPushButton *>(QStringLiteral("dataCaches"));
        auto *note = pane.findChild<QLabel *>(QStringLiteral("dataNote"));
        const auto answer = [&](const char *which) {
            button->click();
            QTRY_COMPARE(pane.findChildren<QMessageBox *>().size(), 1);
            auto *box = pane.findChild<QMessageBox *>();
            QVERIFY2(box->text().contains(QStringLiteral("2")), qPrintable(box->text()));
            QVERIFY2(box->text().contains(sizeText(2 * 1024 * 1024)), qPrintable(box->text()));
            box->findChild<QPushButton *>(QLatin1String(which))->click();
            QTRY_VERIFY(pane.findChildren<QMessageBox *>().isEmpty());
        };
        answer("askNo");
        QCOMPARE(removals, 0);
        answer("askYes");
        QTRY_VERIFY2(note->text().contains(sizeText(2 * 1024 * 1024)), qPrintable(note->text()));
        QCOMPARE(removals, 1);
        button->click();
        QTRY_VERIFY2(note->text().contains(QStringLiteral("No job that is over")), qPrintable(note->text()));
        held = 2;
        stays = QStringLiteral("/data/jobs/x/home");
        answer("askYes");
        QTRY_VERIFY2(note->text().contains(stays), qPrintable(note->text()));
        held = -1;
        button->click();
        QTRY_VERIFY2(note->text().contains(QStringLiteral("The disk is gone")), qPrintable(note->text()));
    }

    void modelsAreJudgedTriedAndSavedAsTyped()
    {
        ModelServer server;
        World world("workers: 3 # mine\n");
        world.dialog->showTab(QStringLiteral("models"));
        auto *text = world.find<QPlainTextEdit>("modelsText");
        auto *table = world.find<QTreeView>("modelsTable");
        auto *save = world.find<QPushButton>("modelsSave");
        const auto cell = [&](int row, int column) { return table->model()->index(row, column).data().toString(); };
        QTRY_COMPARE(text->toPlainText(), QStringLiteral("workers: 3 # mine\n"));
        QVERIFY(!save->isEnabled() && !world.find<QPushButton>("modelsTry")->isEnabled());
        const QString typed = QStringLiteral(
                                  "workers: 3 # mine\nmodels:\n  local: {url: \"%1\", model: m1, key: MODEL_KEY}\n"
                                  "  other: {url: \"%1\", model: m2, key: GONE}\nmodel: local\n")
                                  .arg(server.url().toString());
        text->setPlainText(QString(typed).replace(QStringLiteral("model: m2"), QStringLiteral("modell: m2")));
        QTRY_VERIFY2(world.text("modelsState").contains(QStringLiteral("Line 4, column ")),
                     qPrintable(world.text("modelsState")));
        world.find<QPushButton>("modelsGoTo")->click();
        QCOMPARE(text->textCursor().blockNumber(), 3);
        QVERIFY(!save->isEnabled());
        text->setPlainText(typed);
        QTRY_COMPARE(table->model()->rowCount(), 2);
        QVERIFY(cell(0, 0).contains(QStringLiteral("default")));
        QCOMPARE(cell(0, 3), QStringLiteral("MODEL_KEY"));
        QVERIFY2(cell(1, 3).contains(QStringLiteral("not there")), qPrintable(cell(1, 3)));
        // What was typed is tried before it is saved; the key goes to the server and to no label.
        server.say("{\"ready\":true}");
        QTRY_VERIFY(world.find<QPushButton>("modelsTry")->isEnabled());
        world.find<QPushButton>("modelsTry")->click();
        QTRY_VERIFY2(world.text("modelsTried").contains(QStringLiteral("local answers as served-model")),
                     qPrintable(world.text("modelsTried")));
        QCOMPARE(server.requests().at(0).header("authorization"), QByteArray("Bearer sk-canary-0123456789"));
        server.answer({.status = 401, .text = "{}"});
        world.find<QPushButton>("modelsTry")->click();
        QTRY_VERIFY2(world.text("modelsTried").contains(QStringLiteral("refuses the key")),
                     qPrintable(world.text("modelsTried")));
        QCOMPARE(world.file(), QByteArray("workers: 3 # mine\n"));
        QVERIFY(save->isEnabled());
        save->click();
        QTRY_VERIFY2(world.text("modelsState").startsWith(QStringLiteral("Saved")),
                     qPrintable(world.text("modelsState")));
        QCOMPARE(world.file(), typed.toUtf8());
        // Somebody else writes the file meanwhile: nothing of theirs is lost.
        QVERIFY(writeFileAtomically(settingsPath(world.folder.path()), "workers: 7\n"));
        text->setPlainText(typed + QStringLiteral("# more\n"));
        QTRY_VERIFY(save->isEnabled());
        save->click();
        QTRY_VERIFY2(world.text("modelsState").contains(QStringLiteral("somebody else")),
                     qPrintable(world.text("modelsState")));
        QCOMPARE(world.file(), QByteArray("workers: 7\n"));
        QVERIFY(world.find<QPushButton>("modelsDiscard")->isEnabled());
        world.dialog->reject(); // asks first
        QVERIFY(world.dialog->isVisible());
        world.find<QPushButton>("modelsDiscard")->click();
        QTRY_COMPARE(text->toPlainText(), QStringLiteral("workers: 7\n"));
    }

    void anExampleIsOneThatTheReaderTakes()
    {
        World world("workers: 3");
        world.dialog->showTab(QStringLiteral("models"));
        auto *example = world.find<QPushButton>("modelsExample");
        QTRY_VERIFY(example->isEnabled());
        example->click();
        QTRY_COMPARE(world.find<QTreeView>("modelsTable")->model()->rowCount(), 1);
        QVERIFY(world.text("modelsState").startsWith(QStringLiteral("Not saved")));
        QTRY_VERIFY(!example->isEnabled());
    }

    void aFaultyFileIsShownToBeMended()
    {
        World world("models: 5\n");
        world.dialog->showTab(QStringLiteral("models"));
        QTRY_VERIFY2(world.text("modelsState").contains(QStringLiteral("Line 1, column ")),
                     qPrintable(world.text("modelsState")));
        QCOMPARE(world.find<QPlainTextEdit>("modelsText")->toPlainText(), QStringLiteral("models: 5\n"));
        QVERIFY(!world.find<QPlainTextEdit>("modelsText")->isReadOnly());
    }

    void findsASettingAndAsksBeforeItForgets()
    {
        World world;
        QTRY_VERIFY(world.isRead());
        QTest::keyClicks(world.find<QLineEdit>("settingsSearch"), QStringLiteral("lease"));
        QTRY_VERIFY(world.find<QWidget>("setting-lease_ms")->isVisible());
        QVERIFY(!world.find<QWidget>("setting-workers")->isVisible());
        world.find<QLineEdit>("settingsSearch")->clear();
        world.find<QCheckBox>("setting-watch_people")->click();
        QTest::keyClick(world.dialog.get(), Qt::Key_Escape);
        QVERIFY(world.dialog->isVisible());
        world.find<QPushButton>("askYes")->click();
        QTRY_VERIFY(!world.dialog->isVisible());
        QVERIFY(world.file().isEmpty());
    }
};

QTEST_MAIN(SettingsDialogTest)
#include "settingsdialogtest.moc"
