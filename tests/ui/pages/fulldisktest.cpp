// SPDX-License-Identifier: Apache-2.0
/// A disk that is full where the console writes: it says so, nothing is half written, and it works once there is room.
#include "app/openfactory/settings.h"
#include "core/base/file.h"
#include "tests/testlib/patience.h"
#include "tests/testlib/smalldisk.h"
#include "tests/ui/consoleworld.h"
#include "ui/dialogs/exportdialog.h"
#include "ui/dialogs/settingsdialog.h"
#include "ui/pages/gatepage.h"
#include "ui/pages/mainwindow.h"
#include "ui/widgets/bannerstack.h"

#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>

using namespace openfactory;
using namespace openfactory::ui;

class FullDiskTest : public QObject {
    Q_OBJECT

public:
    explicit FullDiskTest(const SmallDisk &disk) : m_disk(disk) {}

private:
    template<class W>
    static W *find(QWidget &in, const char *name)
    {
        W *found = in.findChild<W *>(QLatin1String(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    QString made(const char *name) const
    {
        const QString folder = m_disk.path() + u'/' + QLatin1String(name);
        if (!QDir().mkpath(folder))
            qFatal("%s could not be made", name);
        return folder;
    }
    static QStringList filesIn(const QString &folder)
    {
        return QDir(folder).entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }

    const SmallDisk &m_disk;

private Q_SLOTS:
    void initTestCase()
    {
        if (!m_disk.whyNot().isEmpty())
            QSKIP(qPrintable(QStringLiteral("a disk of one's own cannot be made here: %1").arg(m_disk.whyNot())));
        QStandardPaths::setTestModeEnabled(true);
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, made("config"));
        QCoreApplication::setOrganizationName(QStringLiteral("openfactory-test"));
        QCoreApplication::setApplicationName(QStringLiteral("fulldisktest"));
    }
    void init()
    {
        QSettings().clear();
        QSettings().sync();
    }
    void cleanup() { m_disk.makeRoom(); }

    void anExportIsWholeOrAbsent()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        const QString folder = made("exports");
        const QString file = folder + QStringLiteral("/job.tar");
        ExportDialog dialog(world.console, {{job.id(), QStringLiteral("at-gate")}});
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        m_disk.fill();
        dialog.writeInto(file);
        const auto *said = find<QLabel>(dialog, "exportSaid");
        QTRY_VERIFY2(said->text().startsWith(QStringLiteral("Nothing was written")), qPrintable(said->text()));
        QVERIFY2(said->text().contains(QStringLiteral("No space left")), qPrintable(said->text()));
        QVERIFY2(said->text().contains(QStringLiteral("make room")), qPrintable(said->text()));
        QCOMPARE(filesIn(folder), QStringList());
        m_disk.makeRoom();
        dialog.writeInto(file);
        QTRY_VERIFY2(said->text().startsWith(QStringLiteral("Exported")), qPrintable(said->text()));
        QCOMPARE(filesIn(folder), QStringList{QStringLiteral("job.tar")});
        QFile::remove(file);
    }

    void theEnginesSettingsStayAsTheyWere()
    {
        const QString folder = made("data");
        const QByteArray before = "# mine\nworkers: 4\n";
        QVERIFY(writeFileAtomically(settingsPath(folder), before));
        Console console;
        console.dataFolder = folder;
        console.settings = engineSettingsFile(folder, FactorySettings());
        SettingsDialog dialog(console);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.showTab(QStringLiteral("engine"));
        dialog.show();
        QTRY_VERIFY(dialog.findChild<QLineEdit *>(QStringLiteral("setting-workers")));
        auto *workers = find<QLineEdit>(dialog, "setting-workers");
        workers->selectAll();
        QTest::keyClicks(workers, QStringLiteral("6"));
        m_disk.fill();
        find<QPushButton>(dialog, "settingsSave")->click();
        const auto *said = find<QLabel>(dialog, "settingsState");
        QTRY_VERIFY2(said->text().startsWith(QStringLiteral("Nothing was saved")), qPrintable(said->text()));
        QVERIFY2(said->text().contains(QStringLiteral("No space left")), qPrintable(said->text()));
        QVERIFY2(said->text().contains(QStringLiteral("make room")), qPrintable(said->text()));
        QCOMPARE(readSmallFile(settingsPath(folder)).value_or(QByteArray()), before);
        QCOMPARE(filesIn(folder), QStringList{QStringLiteral("openfactory.yaml")});
        QCOMPARE(workers->text(), QStringLiteral("6")); // and can be tried again
        m_disk.makeRoom();
        find<QPushButton>(dialog, "settingsSave")->click();
        QTRY_COMPARE(readSmallFile(settingsPath(folder)).value_or(QByteArray()), QByteArray(before).replace("4", "6"));
    }

    void whatIsTypedCannotBeKeptAndThatIsSaid()
    {
        ConsoleWorld world;
        const Job job = world.atGate();
        MainWindow window(world.console);
        window.restoreLast();
        window.show();
        window.openGate(job.id());
        QTRY_COMPARE(window.gatePage().presenter().kind(), GatePresenter::Kind::Approval);
        auto *comment = find<QPlainTextEdit>(window, "gateComment");
        const QString file = QSettings().fileName();
        const auto onDisk = [&] { return readSmallFile(file).value_or(QByteArray()); };
        comment->setPlainText(QStringLiteral("kept while there was room"));
        QTRY_VERIFY(onDisk().contains("kept while there was room"));
        const auto banner = [&] {
            const auto *shown = window.findChild<KMessageWidget *>(QStringLiteral("banner-unkept"));
            return shown ? shown->text() : QString();
        };
        QVERIFY(banner().isEmpty());
        m_disk.fill();
        comment->selectAll();
        QTest::keyClicks(comment, QStringLiteral("typed on a full disk"));
        QTRY_VERIFY(banner().contains(QStringLiteral("cannot be kept")));
        QVERIFY2(banner().contains(file) && banner().contains(QStringLiteral("make room")), qPrintable(banner()));
        QVERIFY(onDisk().contains("kept while there was room")); // the old file, whole
        m_disk.makeRoom();
        QTRY_VERIFY(!window.banners().ids().contains(QStringLiteral("unkept")));
        QVERIFY(onDisk().contains("typed on a full disk"));
    }
};

int main(int argc, char *argv[])
{
    const SmallDisk disk; // before there is a second thread
    QApplication app(argc, argv);
    FullDiskTest test(disk);
    return QTest::qExec(&test, argc, argv);
}

#include "fulldisktest.moc"
