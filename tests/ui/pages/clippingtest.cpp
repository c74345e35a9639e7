// SPDX-License-Identifier: Apache-2.0
/// No text of a button, a box or a label is cut in German, and in the pseudo-locale, whose texts are a third longer: on
/// each page, in the smallest window and in the usual one.
#include "app/openfactory/appearance.h"
#include "app/openfactory/datafiles.h"
#include "app/openfactory/settings.h"
#include "tests/testlib/patience.h"
#include "tests/ui/consoleworld.h"
#include "ui/dialogs/newjobdialog.h"
#include "ui/dialogs/settingsdialog.h"
#include "ui/pages/gatepage.h"
#include "ui/pages/jobpage.h"
#include "ui/pages/mainwindow.h"

#include <QAbstractButton>
#include <QDeadlineTimer>
#include <QLabel>
#include <QSettings>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTranslator>

using namespace openfactory;
using namespace openfactory::ui;

namespace {

/// Each visible widget whose text has less room than it takes, with what it lacks.
QStringList cutIn(const QWidget &window)
{
    QStringList cut;
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        if (!widget->isVisible())
            continue;
        int wanted = 0;
        QString text;
        if (const auto *button = qobject_cast<const QAbstractButton *>(widget)) {
            text = button->text();
            wanted = text.isEmpty() ? 0 : button->sizeHint().width();
        } else if (const auto *label = qobject_cast<const QLabel *>(widget);
                   label && !label->wordWrap() && label->pixmap().isNull()) {
            text = label->text();
            wanted = text.isEmpty() ? 0 : label->minimumSizeHint().width();
        }
        if (widget->width() < wanted)
            cut << QStringLiteral("%1 \"%2\": %3 of %4")
                       .arg(widget->objectName(), text.left(60))
                       .arg(widget->width())
                       .arg(wanted);
    }
    return cut;
}

} // namespace

class ClippingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("openfactory-test"));
        QCoreApplication::setApplicationName(QStringLiteral("clippingtest"));
        applyScheme(QStringLiteral("light"));
    }
    void init() { QSettings().clear(); }
    void cleanup()
    {
        qDeleteAll(qApp->findChildren<QTranslator *>());
        QLocale::setDefault(QLocale::c());
    }

    void knowsWhatIsCut()
    {
        QWidget window;
        auto *label = new QLabel(QStringLiteral("a long text that needs room"), &window);
        window.resize(400, 100);
        label->setGeometry(0, 0, 390, 30);
        window.show();
        QVERIFY(cutIn(window).isEmpty());
        label->setGeometry(0, 0, 30, 30);
        QCOMPARE(cutIn(window).size(), 1);
    }

    void nothingIsCut_data()
    {
        QTest::addColumn<QByteArray>("language");
        QTest::addColumn<QSize>("size");
        for (const QByteArray language : {"de", "pseudo"}) {
            for (const QSize size : {QSize(960, 600), QSize(1280, 800)})
                QTest::addRow("%s, %d", language.constData(), size.width()) << language << size;
        }
    }
    void nothingIsCut()
    {
        QFETCH(QByteArray, language);
        QFETCH(QSize, size);
        qputenv("OPENFACTORY_LANGUAGE", language);
        loadLanguage();
        ConsoleWorld world;
        world.console.settings = engineSettingsFile(world.console.dataFolder, FactorySettings());
        world.console.models = modelsFile(world.console.dataFolder, *world.ports.masker, *world.ports.clock);
        world.console.data = dataFiles(world.console.dataFolder);
        const Job waiting = world.atGate();
        const Job stopped = world.blocked();
        MainWindow window(world.console);
        window.resize(size);
        window.show();
        QStringList cut;
        const auto look = [&](const QString &where, const QWidget &in) {
            // What has come just now is laid out with the next turn of the loop, and more may come.
            QStringList found;
            for (const QDeadlineTimer late(5000); !late.hasExpired();) {
                QTest::qWait(20);
                found = cutIn(in);
                if (found.isEmpty())
                    return;
            }
            for (const QString &one : std::as_const(found))
                cut << where + u' ' + one;
        };
        for (const char *page : {"needs", "jobs", "ci", "rollouts", "artifacts", "activity", "doctor", "welcome"}) {
            window.showPage(QLatin1String(page));
            look(QLatin1String(page), window);
        }
        for (const Job &job : {waiting, stopped}) {
            window.openJob(job.id());
            QTRY_VERIFY(window.jobPage().presenter().details()
                        && window.jobPage().presenter().details()->job.id() == job.id());
            for (const char *tab :
                 {"overview", "plan", "timeline", "log", "changes", "tests", "ci", "artifacts", "audit"}) {
                window.jobPage().showTab(QLatin1String(tab));
                look(QLatin1String(tab), window);
            }
        }
        window.openGate(waiting.id());
        QTRY_VERIFY(!window.gatePage().presenter().openRisks().empty());
        look(QStringLiteral("gate"), window);

        auto *form = new NewJobDialog(world.console, &window);
        form->show();
        look(QStringLiteral("new job"), *form);
        delete form;
        auto *settings = new SettingsDialog(world.console, &window);
        settings->show();
        for (const char *tab : {"console", "keys", "engine", "models", "data", "host"}) {
            settings->showTab(QLatin1String(tab));
            QTest::qWait(200);
            look(QLatin1String(tab), *settings);
        }
        delete settings;
        cut.removeDuplicates();
        QVERIFY2(cut.isEmpty(), qPrintable(u'\n' + cut.join(u'\n')));
    }
};

QTEST_MAIN(ClippingTest)
#include "clippingtest.moc"
